/* What a trainer needs before its first step: slices, planes, gradient buffers and the program. */
#include "net/trainer.h"

enum { WHOLE_BYTES = 4 << 20, TALL_ROWS = 128, LEAST_ROWS = 8 };

/* Two slices where a step is worth two hand-overs between threads (a tenth of a millisecond), and two more for each layer that joins
 * statistics; each further slice costs the addition of its gradients. A function of net and batch only: the bits of a run depend on
 * it. */
static int slice_count(const Model *m, int64_t batch)
{
    double flop = 6.0 * (double)model_macs(m) * (double)batch, least = 12e6;
    for (size_t i = 0; i < m->count; i++)
        least += m->items[i].layer->stats ? 12e6 : 0;
    int n = flop >= least && batch >= 2 * LEAST_ROWS ? 2 : 1;
    while (n < KERNEL_SLICES && flop / n >= 80e6)
        n *= 2;
    while (n > batch)
        n /= 2;
    return n;
}

/* As many rows as a fast cache holds of the widest plane. A function of the net only: a row's bits depend on how many share a product. */
static size_t evaluate_rows(const Model *m)
{
    enum { MOST = 256, LEAST = 8, FLOATS = 1 << 18 };
    size_t rows = MOST;
    for (size_t i = 0; i < m->count; i++)
        while (rows > LEAST && rows * (size_t)shape_size(m->items[i].out) > FLOATS)
            rows /= 2;
    return rows;
}

/* Large nets keep slices tall, for the sake of the products, and one gradient buffer, for the sake of memory. */
static bool wants_whole(const Model *m)
{
    if (m->trained * sizeof(float) <= WHOLE_BYTES)
        return false;
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i].tensor_count && !m->items[i].layer->weights_back && !m->items[i].layer->backward_join)
            return false;
    return true;
}

static float *floats(Trainer *t, size_t count, Error *e)
{
    return arena_alloc(&t->arena, count, sizeof(float), e);
}

static bool build_stats(Trainer *t, size_t i, Error *e)
{
    const ModelLayer *l = &t->m->items[i];
    size_t count = l->layer->stats ? l->layer->stats(l->params, l->in) : 0;
    for (int s = 0; count && s < t->slices; s++) {
        t->layers[i].stats[s] = arena_alloc(&t->arena, count, sizeof(double), e);
        t->layers[i].back_stats[s] = arena_alloc(&t->arena, count, sizeof(double), e);
        if (!t->layers[i].stats[s] || !t->layers[i].back_stats[s])
            return false;
    }
    return true;
}

static bool build_scratch(Trainer *t, size_t i, Error *e)
{
    size_t count = model_layer_scratch(&t->m->items[i]);
    for (int s = 0; count && s < t->slices; s++)
        if (!(t->layers[i].scratch[s] = floats(t, count, e)))
            return false;
    return true;
}

static bool build_gradients(Trainer *t, size_t i, Error *e)
{
    const ModelLayer *l = &t->m->items[i];
    for (int s = 0; s < t->slices; s++) {
        float **gradients = arena_alloc(&t->arena, l->tensor_count + 1, sizeof *gradients, e);
        t->layers[i].gradients[s] = gradients;
        for (size_t k = 0; gradients && k < l->tensor_count; k++) {
            const TensorPlace *place = &t->m->tensors[l->tensor_from + k];
            gradients[k] = place->shown.is_trained && s < t->buffers ? t->gradients[s] + place->offset : NULL;
        }
        if (!gradients)
            return false;
    }
    return true;
}

static bool build_layers(Trainer *t, Error *e)
{
    const Model *m = t->m;
    for (size_t i = 0; i < m->count; i++)
        if (!m->items[i].is_alias && (!build_scratch(t, i, e) || !build_stats(t, i, e) || !build_gradients(t, i, e)))
            return false;
    return true;
}

static bool build_buffers(Trainer *t, Error *e)
{
    for (int s = 0; s < t->buffers; s++)
        if (!(t->gradients[s] = floats(t, t->m->trained, e)))
            return false;
    for (int s = 0; s < t->slices; s++)
        if (!(t->loss_scratch[s] = floats(t, 2 * (size_t)t->m->outputs, e)))
            return false;
    return true;
}

static void instruct(Trainer *t, Action action, size_t layer)
{
    t->program[t->program_size++] = (Instruction){action, layer};
}

static bool runs_back(const Trainer *t, size_t i)
{
    return !t->m->items[i].is_alias && t->layers[i].dy.row;
}

/* After trainer_plan_gradients, which says what runs back. */
static bool build_program(Trainer *t, Error *e)
{
    const Model *m = t->m;
    t->program = arena_alloc(&t->arena, 7 * m->count + 1, sizeof *t->program, e);
    if (!t->program)
        return false;
    for (size_t i = 0; i < m->count; i++) {
        if (m->items[i].is_alias)
            continue;
        if (m->items[i].layer->stats) {
            instruct(t, DO_STATS, i);
            instruct(t, DO_JOIN, i);
        }
        instruct(t, DO_FORWARD, i);
    }
    instruct(t, DO_LOSS, m->count - 1);
    for (size_t i = m->count; i-- > 0;) {
        if (!runs_back(t, i))
            continue;
        if (m->items[i].layer->stats) {
            instruct(t, DO_BACK_STATS, i);
            instruct(t, DO_BACK_JOIN, i);
        }
        instruct(t, DO_BACKWARD, i);
    }
    for (size_t i = m->count; t->is_whole && i-- > 0;)
        if (runs_back(t, i) && m->items[i].layer->weights_back)
            instruct(t, DO_WEIGHTS, i);
    return true;
}

bool trainer_build(Trainer *t, Error *e)
{
    t->slices = slice_count(t->m, t->plan.batch);
    t->is_whole = t->slices > 1 && wants_whole(t->m);
    while (t->is_whole && t->slices > 2 && t->plan.batch / t->slices < TALL_ROWS)
        t->slices /= 2;
    t->buffers = t->is_whole ? 1 : t->slices;
    t->slice_rows = ((size_t)t->plan.batch + (size_t)t->slices - 1) / (size_t)t->slices;
    t->evaluate_rows = evaluate_rows(t->m);
    t->plane_rows = (size_t)t->slices * t->evaluate_rows;
    if ((size_t)t->plan.batch > t->plane_rows)
        t->plane_rows = (size_t)t->plan.batch;
    int threads = t->plan.threads < KERNEL_SLICES ? t->plan.threads : KERNEL_SLICES;
    if (t->slices > 1 && threads > 1 && !(t->pool = pool_new(threads, e)))
        return false;
    t->layers = arena_alloc(&t->arena, t->m->count, sizeof *t->layers, e);
    t->noise = arena_alloc(&t->arena, t->m->count, sizeof *t->noise, e);
    if (!t->layers || !t->noise)
        return false;
    trainer_plan_gradients(t);
    return trainer_loss_build(t, e) && build_program(t, e) && trainer_build_planes(t, e) && build_buffers(t, e) &&
           trainer_members_build(t, e) && build_layers(t, e) && trainer_update_build(t, e);
}
