/* Running instructions on slices. */
#include "net/trainer.h"
#include "num/denormals.h"

static Slice slice_of(const Trainer *t, int index)
{
    size_t from = (size_t)index * t->slice_rows, left = t->rows - from;
    return (Slice){index, from, left < t->slice_rows ? left : t->slice_rows};
}

/* What a pass points to of its inputs. */
typedef struct Inputs {
    const float *xs[LAYER_INPUTS];
    float *dxs[LAYER_INPUTS];
} Inputs;

static float *rows_of(const TrainerPlane *plane, const Slice *s)
{
    return plane->floats ? plane->floats + s->from * plane->row : NULL;
}

static void find_inputs(const Trainer *t, size_t i, const Slice *s, Inputs *in)
{
    const TrainerLayer *l = &t->layers[i];
    for (size_t k = 0; k < t->m->items[i].inputs; k++) {
        in->xs[k] = l->x[k] ? rows_of(&t->layers[l->x[k] - 1].y, s) : t->x + s->from * (size_t)shape_size(t->m->input.shape);
        in->dxs[k] = rows_of(&l->dx[k], s);
    }
}

static LayerPass pass_of(const Trainer *t, size_t i, const Slice *s, Inputs *in)
{
    const TrainerLayer *l = &t->layers[i];
    LayerPass p = model_pass(t->m, i);
    find_inputs(t, i, s, in);
    p.gradients = l->gradients[s->index];
    p.rows = s->rows;
    p.x = in->xs[0];
    p.dx = in->dxs[0];
    p.xs = in->xs;
    p.dxs = in->dxs;
    p.y = rows_of(&l->y, s);
    p.dy = rows_of(&l->dy, s);
    p.is_split = t->is_whole;
    p.is_shared = t->pool != NULL;
    p.scratch = l->scratch[s->index];
    p.is_training = t->is_training;
    p.noise = t->noise[i];
    p.row_ids = t->batch && t->batch->row_ids ? t->batch->row_ids + s->from : NULL;
    return p;
}

/* Gradients of values that other layers read too. */
static void add_gradients(const Trainer *t, size_t i, const Slice *s, const Inputs *in)
{
    const TrainerLayer *l = &t->layers[i];
    for (size_t k = 0; k < t->m->items[i].inputs; k++) {
        if (!l->is_added[k])
            continue;
        const TrainerLayer *read = &t->layers[l->x[k] - 1];
        float *sum = rows_of(&read->dy, s);
        size_t count = s->rows * (size_t)shape_size(t->m->items[l->x[k] - 1].out);
        for (size_t n = 0; n < count; n++)
            sum[n] += in->dxs[k][n];
    }
}

/* Rows whose largest output is the label. Members are mixed for it: the loss has read what they say. */
size_t trainer_count_hits(const Trainer *t, const Slice *s, float *outputs)
{
    size_t hits = 0, width = (size_t)t->m->outputs;
    if (t->m->members)
        model_mix(t->m, outputs, s->rows, outputs);
    for (size_t r = 0; r < s->rows; r++) {
        const float *x = outputs + r * width;
        size_t best = 0;
        for (size_t j = 1; j < width; j++)
            if (x[j] > x[best])
                best = j;
        hits += best == (size_t)t->batch->labels[s->from + r];
    }
    return hits;
}

LossPass trainer_loss_pass(Trainer *t, const Slice *s)
{
    const Batch *b = &t->told;
    size_t width = (size_t)t->m->outputs, members = (size_t)model_members(t->m), from = s->from * members;
    return (LossPass){
        .params = t->loss_use.params,
        .rows = s->rows * members,
        .width = width,
        .labels = b->labels ? b->labels + from : NULL,
        .positive = t->plan.positive,
        .values = b->values ? b->values + from * width : NULL,
        .weights = b->weights ? b->weights + from : NULL,
        .teacher = b->teacher ? b->teacher + from * width : NULL,
        .scale = t->scale,
        .scratch = t->loss_scratch[s->index],
        .parts = t->loss_parts[s->index],
        .state = t->loss_state,
        .error = &t->failed,
    };
}

static void run_loss(Trainer *t, size_t layer, const Slice *s)
{
    Inputs in;
    LayerPass p = pass_of(t, layer, s, &in);
    LossPass loss = trainer_loss_pass(t, s);
    loss.outputs = p.y;
    loss.gradient = p.dy;
    loss.parts[LOSS_HARD] = loss.parts[LOSS_SOFT] = 0;
    t->losses[s->index] = t->loss->pass(&loss);
    if (t->counts_hits)
        t->hits[s->index] = trainer_count_hits(t, s, p.y);
}

static void run_slice(void *self, int index)
{
    Trainer *t = self;
    Slice s = slice_of(t, index);
    for (size_t i = t->first; i < t->last; i++) {
        size_t layer = t->program[i].layer;
        Action action = t->program[i].action;
        const Layer *l = t->m->items[layer].layer;
        const TrainerLayer *tl = &t->layers[layer];
        if (action == DO_LOSS) {
            run_loss(t, layer, &s);
            continue;
        }
        Inputs in;
        LayerPass p = pass_of(t, layer, &s, &in);
        bool own = action == DO_STATS, own_back = action == DO_BACK_STATS;
        p.stats = tl->stats[own ? index : 0];
        p.back_stats = tl->back_stats[own_back ? index : 0];
        if (action == DO_FORWARD) {
            l->forward(&p);
        } else if (action == DO_BACKWARD) {
            l->backward(&p);
            add_gradients(t, layer, &s, &in);
        } else if (own) {
            l->forward_stats(&p);
        } else {
            l->backward_stats(&p);
        }
    }
}

/* Of the batch: once, after all slices. */
static void run_join(void *self, int index)
{
    Trainer *t = self;
    (void)index;
    const Instruction *i = &t->program[t->first];
    if (i->action == DO_LOSS) {
        trainer_loss_whole(t, i->layer);
        return;
    }
    Slice all = slice_of(t, 0);
    Inputs in;
    LayerPass p = pass_of(t, i->layer, &all, &in);
    const TrainerLayer *tl = &t->layers[i->layer];
    const Layer *l = t->m->items[i->layer].layer;
    LayerJoin j = {.params = p.params,
                   .in = p.in,
                   .tensors = p.tensors,
                   .gradients = p.gradients,
                   .slices = t->active,
                   .forward = tl->stats[0],
                   .share = t->statistics_share};
    for (int s = 0; s < t->active; s++) {
        j.parts[s] = i->action == DO_JOIN ? tl->stats[s] : tl->back_stats[s];
        j.rows[s] = slice_of(t, s).rows;
    }
    (i->action == DO_JOIN ? l->forward_join : l->backward_join)(&j);
    for (int s = 1; i->action == DO_BACK_JOIN && s < t->active && s < t->buffers; s++)
        for (size_t k = 0; k < t->m->items[i->layer].tensor_count; k++) {
            const TensorPlace *place = &t->m->tensors[t->m->items[i->layer].tensor_from + k];
            for (size_t c = 0; place->shown.is_trained && c < place->count; c++)
                t->gradients[s][place->offset + c] = 0;
        }
}

static void run_weights(void *self, int index)
{
    Trainer *t = self;
    size_t layer = t->program[t->first + (size_t)(index / WEIGHT_TILES)].layer;
    Inputs in;
    LayerPass p = pass_of(t, layer, &(Slice){.rows = t->rows}, &in);
    t->m->items[layer].layer->weights_back(&p, index % WEIGHT_TILES);
}

typedef struct Parallel {
    Trainer *trainer;
    void (*task)(void *self, int index);
} Parallel;

/* On whichever thread: the mode is each thread's own. */
static void run_flushed(void *self, int index)
{
    const Parallel *p = self;
    uint64_t mode = denormals_to_zero();
    p->task(p->trainer, index);
    denormals_restore(mode);
}

void trainer_parallel(Trainer *t, int count, void (*task)(void *self, int index))
{
    Parallel p = {t, task};
    if (t->pool && count > 1)
        pool_run(t->pool, count, run_flushed, &p);
    else
        for (int i = 0; i < count; i++)
            run_flushed(&p, i);
}

typedef enum Way { SLICED, TILED, JOINED } Way;

static Way way_of(const Trainer *t, const Instruction *i)
{
    if (i->action == DO_LOSS && t->loss->is_serial)
        return JOINED;
    if (i->action == DO_WEIGHTS)
        return TILED;
    return i->action == DO_JOIN || i->action == DO_BACK_JOIN ? JOINED : SLICED;
}

/* Instructions of one way run together, joins alone. */
void trainer_run(Trainer *t, size_t from, size_t to)
{
    t->active = (int)((t->rows + t->slice_rows - 1) / t->slice_rows);
    while (from < to) {
        Way way = way_of(t, &t->program[from]);
        t->first = from++;
        while (from < to && way != JOINED && way_of(t, &t->program[from]) == way)
            from++;
        t->last = from;
        if (way == SLICED)
            trainer_parallel(t, t->active, run_slice);
        else if (way == TILED)
            trainer_parallel(t, (int)(t->last - t->first) * WEIGHT_TILES, run_weights);
        else
            trainer_parallel(t, 1, run_join);
    }
}
