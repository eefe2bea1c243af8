/* The optimizer's pass over the weights, in tiles that the threads share out, and the norm of the gradient. */
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

static UpdateSettings settings_of(const Trainer *t, const TensorPlace *tensor)
{
    UpdateSettings s = {0};
    if (tensor->is_penalized) {
        s.l1 = t->plan.l1;
        s.l2 = t->plan.l2;
    }
    return s;
}

/* Of a tensor; tensors of one manner share it. */
static size_t find_manner(Trainer *t, const TensorPlace *tensor)
{
    WeightUpdate *u = &t->update;
    UpdateSettings s = settings_of(t, tensor);
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

/* Neighbors of one manner are cut as one. */
static void cut_tiles(Trainer *t)
{
    WeightUpdate *u = &t->update;
    size_t from = 0, end = 0, manner = 0;
    u->tiles_count = 0;
    for (size_t i = 0; i < t->m->tensor_count; i++) {
        const TensorPlace *tensor = &t->m->tensors[i];
        if (!tensor->shown.is_trained)
            continue;
        size_t own = find_manner(t, tensor);
        if (own != manner || tensor->offset != end) {
            add_tiles(u, from, end - from, manner);
            from = tensor->offset;
        }
        manner = own;
        end = tensor->offset + padded(tensor->count);
    }
    add_tiles(u, from, end - from, manner);
}

bool trainer_update_build(Trainer *t, Error *e)
{
    WeightUpdate *u = &t->update;
    u->optimizer = (const Optimizer *)t->optimizer_use.spec;
    u->params = t->optimizer_use.params;
    for (int i = 0; i < u->optimizer->moments; i++)
        if (!(u->moments[i] = floats(t, padded(t->m->trained), e)))
            return false;
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

static int used_buffers(const Trainer *t)
{
    return t->active < t->buffers ? t->active : t->buffers;
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
    for (int s = 0; s < v.parts; s++)
        v.gradients[s] = t->gradients[s] + tile->offset;
    v.count = tile->count;
    v.l1 = (float)manner->settings.l1;
    v.l2 = (float)manner->settings.l2;
    v.constants = manner->constants;
    u->optimizer->update[kernels()->level](&v);
}

static double squares_of(const Trainer *t, size_t tile)
{
    const float *parts[KERNEL_SLICES];
    int count = used_buffers(t);
    for (int s = 0; s < count; s++)
        parts[s] = t->gradients[s] + t->update.tiles[tile].offset;
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
    return sqrt(squares);
}

void trainer_update(Trainer *t, double learning_rate)
{
    WeightUpdate *u = &t->update;
    u->view = (UpdateView){.parts = used_buffers(t), .scale = 1, .is_shared = t->pool != NULL};
    for (size_t i = 0; i < u->manners_count; i++)
        u->optimizer->prepare(u->params, learning_rate, t->steps, u->manners[i].constants);
    if (t->plan.max_norm > 0) {
        double norm = gradient_norm(t);
        u->view.scale = norm > t->plan.max_norm ? (float)(t->plan.max_norm / norm) : 1;
    }
    trainer_parallel(t, (int)u->tiles_count, update_tile);
}

double trainer_gradient_norm(const Trainer *t)
{
    double squares = 0;
    uint64_t mode = denormals_to_zero();
    for (size_t i = 0; i < t->update.tiles_count; i++)
        squares += squares_of(t, i);
    denormals_restore(mode);
    return sqrt(squares);
}
