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

/* Of y and its gradient. */
static bool build_planes(Trainer *t, size_t i, float *shared, Error *e)
{
    size_t row = (size_t)shape_size(t->m->items[i].out), cells;
    TrainerLayer *l = &t->layers[i];
    if (!mem_mul(t->plane_rows, row, &cells))
        return error_set(e, ERROR_MEMORY, "batch of %zu rows is too large for this net", t->plane_rows);
    l->y = floats(t, cells, e);
    l->dy = t->is_whole ? floats(t, cells, e) : shared;
    l->dy_row = t->is_whole ? row : model_widest(t->m);
    return l->y && l->dy;
}

static bool build_layers(Trainer *t, Error *e)
{
    Model *m = t->m;
    size_t before = SIZE_MAX;
    t->layers = arena_alloc(&t->arena, m->count, sizeof *t->layers, e);
    t->noise = arena_alloc(&t->arena, m->count, sizeof *t->noise, e);
    if (!t->layers || !t->noise)
        return false;
    int plane = 0;
    for (size_t i = 0; i < m->count; i++) {
        if (m->items[i].is_alias)
            continue;
        TrainerLayer *l = &t->layers[i];
        l->x_layer = before;
        if (!build_planes(t, i, t->planes[plane], e) || !build_scratch(t, i, e) || !build_stats(t, i, e))
            return false;
        before = i;
        plane = !plane;
    }
    return true;
}

static bool build_shared_planes(Trainer *t, Error *e)
{
    size_t cells;
    if (t->is_whole)
        return true;
    if (!mem_mul(t->plane_rows, model_widest(t->m), &cells))
        return error_set(e, ERROR_MEMORY, "batch of %zu rows is too large for this net", t->plane_rows);
    for (int i = 0; i < 2; i++)
        if (!(t->planes[i] = floats(t, cells, e)))
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
        if (m->items[i].is_alias)
            continue;
        if (m->items[i].layer->stats) {
            instruct(t, DO_BACK_STATS, i);
            instruct(t, DO_BACK_JOIN, i);
        }
        instruct(t, DO_BACKWARD, i);
    }
    for (size_t i = m->count; t->is_whole && i-- > 0;)
        if (m->items[i].layer->weights_back)
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
    t->plane_rows = (size_t)t->slices * EVALUATE_ROWS;
    if ((size_t)t->plan.batch > t->plane_rows)
        t->plane_rows = (size_t)t->plan.batch;
    int threads = t->plan.threads < KERNEL_SLICES ? t->plan.threads : KERNEL_SLICES;
    if (t->slices > 1 && threads > 1 && !(t->pool = pool_new(threads, e)))
        return false;
    return build_shared_planes(t, e) && build_layers(t, e) && build_buffers(t, e) && build_program(t, e) && trainer_update_build(t, e);
}
