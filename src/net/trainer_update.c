/* The optimizer's pass over the weights, in tiles that the threads share out; gradients that wait for those of the next batches; the
 * longest weights of a unit; and the norm of the gradient. */
#include <math.h>
#include <string.h>

#include "net/trainer.h"
#include "num/denormals.h"

enum { TILE_FLOATS = 4096 };

static float *floats(Trainer *t, size_t count, Error *e)
{
    return arena_alloc(&t->arena, count, sizeof(float), e);
}

/* Tensors begin at multiples of UPDATE_ALIGN, and what lies between them is zero and stays so. */
static size_t padded(size_t count)
{
    return (count + UPDATE_ALIGN - 1) / UPDATE_ALIGN * UPDATE_ALIGN;
}

/* Of a tensor; tensors that learn alike share it. */
static size_t find_manner(Trainer *t, size_t tensor)
{
    WeightUpdate *u = &t->update;
    UpdateSettings s = trainer_settings_of(t, tensor);
    for (size_t i = 0; i < u->manners_count; i++)
        if (memcmp(&u->manners[i].settings, &s, sizeof s) == 0)
            return i;
    u->manners[u->manners_count].settings = s;
    return u->manners_count++;
}

static void add_tiles(WeightUpdate *u, size_t offset, size_t count, size_t manner)
{
    for (size_t from = 0; from < count; from += TILE_FLOATS) {
        size_t n = count - from < TILE_FLOATS ? count - from : TILE_FLOATS;
        if (u->tiles)
            u->tiles[u->tiles_count] = (UpdateTile){offset + from, n, manner};
        u->tiles_count++;
    }
}

/* Neighbors that learn alike are cut as one. */
static void cut_tiles(Trainer *t)
{
    WeightUpdate *u = &t->update;
    size_t from = 0, end = 0, manner = 0;
    u->tiles_count = 0;
    for (size_t i = 0; i < t->m->tensor_count; i++) {
        const TensorPlace *tensor = &t->m->tensors[i];
        if (!tensor->shown.is_trained)
            continue;
        size_t own = find_manner(t, i);
        if (own != manner || tensor->offset != end) {
            add_tiles(u, from, end - from, manner);
            from = tensor->offset;
        }
        manner = own;
        end = tensor->offset + padded(tensor->count);
    }
    add_tiles(u, from, end - from, manner);
}

static bool build_tiles(Trainer *t, Error *e)
{
    WeightUpdate *u = &t->update;
    u->manners = arena_alloc(&t->arena, t->m->tensor_count + 1, sizeof *u->manners, e);
    if (!u->manners)
        return false;
    cut_tiles(t);
    u->tiles = arena_alloc(&t->arena, u->tiles_count + 1, sizeof *u->tiles, e);
    u->squares = arena_alloc(&t->arena, u->tiles_count + 1, sizeof *u->squares, e);
    if (u->tiles)
        cut_tiles(t);
    return u->tiles && u->squares;
}

static bool add_units(Trainer *t, const TensorPlace *tensor, size_t manner, Error *e)
{
    size_t width = (size_t)tensor->shown.dims[tensor->shown.rank - 1];
    UpdateUnits *units = &t->update.units[t->update.units_count++];
    *units = (UpdateUnits){.offset = tensor->offset, .rows = tensor->count / width, .width = width, .manner = manner};
    units->squares = arena_alloc(&t->arena, 2 * width, sizeof(double), e);
    units->scales = floats(t, width, e);
    units->zeros = floats(t, width, e);
    return units->squares && units->scales && units->zeros;
}

static bool build_units(Trainer *t, Error *e)
{
    WeightUpdate *u = &t->update;
    u->units = arena_alloc(&t->arena, t->m->tensor_count + 1, sizeof *u->units, e);
    bool ok = u->units != NULL;
    for (size_t i = 0; ok && i < t->m->tensor_count; i++) {
        const TensorPlace *tensor = &t->m->tensors[i];
        size_t manner = tensor->shown.is_trained ? find_manner(t, i) : 0;
        if (tensor->shown.is_trained && u->manners[manner].settings.unit_norm > 0 && tensor->count)
            ok = add_units(t, tensor, manner, e);
    }
    return ok;
}

bool trainer_update_build(Trainer *t, Error *e)
{
    WeightUpdate *u = &t->update;
    u->optimizer = (const Optimizer *)t->optimizer_use.spec;
    u->params = t->optimizer_use.params;
    for (int i = 0; i < u->optimizer->moments; i++)
        if (!(u->moments[i] = floats(t, padded(t->m->trained), e)))
            return false;
    if (t->plan.accumulate > 1 && !(u->held = floats(t, padded(t->m->trained), e)))
        return false;
    return trainer_check_rules(t, e) && build_tiles(t, e) && build_units(t, e) && trainer_average_build(t, e);
}

/* The parts of the gradient from `offset` on: of the slices, and of batches that waited. */
static int gradient_parts(const Trainer *t, size_t offset, bool adds_held, const float *parts[UPDATE_PARTS])
{
    int count = t->active < t->buffers ? t->active : t->buffers;
    for (int s = 0; s < count; s++)
        parts[s] = t->gradients[s] + offset;
    if (adds_held)
        parts[count++] = t->update.held + offset;
    return count;
}

static void hold_tile(void *self, int index)
{
    const Trainer *t = self;
    const UpdateTile *tile = &t->update.tiles[index];
    const float *parts[UPDATE_PARTS];
    int count = gradient_parts(t, tile->offset, t->update.counts.held > 0, parts);
    kernels()->add(parts, count, t->update.held + tile->offset, tile->count);
}

static void update_tile(void *self, int index)
{
    const Trainer *t = self;
    const WeightUpdate *u = &t->update;
    const UpdateTile *tile = &u->tiles[index];
    const UpdateManner *manner = &u->manners[tile->manner];
    UpdateView v = u->view;
    v.weights = t->m->weights + tile->offset;
    for (int i = 0; i < u->optimizer->moments; i++)
        v.moments[i] = u->moments[i] + tile->offset;
    v.parts = gradient_parts(t, tile->offset, u->adds_held, v.gradients);
    v.count = tile->count;
    v.l1 = (float)manner->settings.l1;
    v.l2 = (float)manner->settings.l2;
    v.decay = (float)(manner->rate * manner->settings.decay);
    v.constants = manner->constants;
    u->optimizer->update[kernels()->level](&v);
}

/* Units whose weights are longer than they may be are scaled back (Srivastava et al. 2014). */
static void limit_units(void *self, int index)
{
    const Trainer *t = self;
    const UpdateUnits *units = &t->update.units[index];
    const UpdateManner *manner = &t->update.manners[units->manner];
    float *weights = t->m->weights + units->offset;
    double most = manner->settings.unit_norm;
    bool is_over = false;
    if (!(manner->rate > 0))
        return;
    kernels()->column_squares(weights, units->squares + units->width, units->squares, units->rows, units->width);
    for (size_t i = 0; i < units->width; i++) {
        bool is_long = units->squares[i] > most * most;
        units->scales[i] = is_long ? (float)(most / sqrt(units->squares[i])) : 1;
        is_over = is_over || is_long;
    }
    if (is_over)
        kernels()->affine(weights, units->scales, units->zeros, weights, units->rows, units->width, false);
}

static double squares_of(const Trainer *t, size_t tile)
{
    const float *parts[UPDATE_PARTS];
    int count = gradient_parts(t, t->update.tiles[tile].offset, t->update.adds_held, parts);
    if (t->update.manners[t->update.tiles[tile].manner].is_frozen)
        return 0;
    return count ? kernels()->squares(parts, count, t->update.tiles[tile].count) : 0;
}

static void square_tile(void *self, int index)
{
    const Trainer *t = self;
    t->update.squares[index] = squares_of(t, (size_t)index);
}

/* Shared out, and added in the order of the tiles: what trainer_gradient_norm returns. */
static double gradient_norm(Trainer *t)
{
    double squares = 0;
    trainer_parallel(t, (int)t->update.tiles_count, square_tile);
    for (size_t i = 0; i < t->update.tiles_count; i++)
        squares += t->update.squares[i];
    return sqrt(squares) * (double)t->update.mean;
}

static void prepare(Trainer *t, double learning_rate, int64_t epoch)
{
    WeightUpdate *u = &t->update;
    for (size_t i = 0; i < u->manners_count; i++) {
        UpdateManner *m = &u->manners[i];
        m->is_frozen = (double)epoch < m->settings.from_epoch || !(m->settings.rate_factor > 0);
        m->rate = m->is_frozen ? 0 : learning_rate * m->settings.rate_factor;
        u->optimizer->prepare(u->params, m->rate, u->counts.updates, m->constants);
    }
}

static void update(Trainer *t, double learning_rate, int64_t epoch)
{
    WeightUpdate *u = &t->update;
    u->counts.updates++;
    u->adds_held = u->counts.held > 0;
    u->mean = (float)(1 / (double)(u->counts.held + 1));
    u->counts.held = 0;
    u->view = (UpdateView){.scale = u->mean, .clip = (float)t->plan.clip, .is_shared = t->pool != NULL};
    prepare(t, learning_rate, epoch);
    if (t->plan.max_norm > 0) {
        double norm = gradient_norm(t);
        u->view.scale *= norm > t->plan.max_norm ? (float)(t->plan.max_norm / norm) : 1;
    }
    trainer_parallel(t, (int)u->tiles_count, update_tile);
    if (u->units_count)
        trainer_parallel(t, (int)u->units_count, limit_units);
}

void trainer_update(Trainer *t, double learning_rate, int64_t epoch)
{
    WeightUpdate *u = &t->update;
    if (t->batch->is_last || u->counts.held + 1 >= t->plan.accumulate) {
        update(t, learning_rate, epoch);
        trainer_average(t, epoch, false);
    } else {
        trainer_parallel(t, (int)u->tiles_count, hold_tile);
        u->counts.held++;
    }
    if (t->batch->is_last)
        trainer_average(t, epoch, true);
}

double trainer_gradient_norm(const Trainer *t)
{
    double squares = 0;
    uint64_t mode = denormals_to_zero();
    for (size_t i = 0; i < t->update.tiles_count; i++)
        squares += squares_of(t, i);
    denormals_restore(mode);
    return sqrt(squares) * (double)t->update.mean;
}

int trainer_gradient_parts(const Trainer *t, size_t offset, const float *parts[UPDATE_PARTS])
{
    return gradient_parts(t, offset, t->update.adds_held, parts);
}
