/* One layer, run by itself. */
#ifndef TESTS_UNIT_LAYER_HELP_H
#define TESTS_UNIT_LAYER_HELP_H

#include "net/layer.h"
#include "tests/unit/net_help.h"

typedef struct Bench {
    const Layer *layer;
    void *params;
    LayerPass pass;
    LayerTensor declared[LAYER_TENSORS];
    size_t count, sizes[LAYER_TENSORS];
    float *tensors[LAYER_TENSORS], *gradients[LAYER_TENSORS];
    float *x, *y, *dy, *dx, *scratch;
    double *stats[2]; /* there, and back */
} Bench;

static inline float *bench_floats(size_t count)
{
    return mem_alloc((count + 1) * sizeof(float));
}

static inline void bench_tensors(Bench *b)
{
    b->count = b->layer->tensors ? b->layer->tensors(b->params, b->pass.in, b->declared) : 0;
    for (size_t i = 0; i < b->count; i++) {
        b->sizes[i] = 1;
        for (int d = 0; d < b->declared[i].rank; d++)
            b->sizes[i] *= (size_t)b->declared[i].dims[d];
        b->tensors[i] = bench_floats(b->sizes[i]);
        b->gradients[i] = bench_floats(b->sizes[i]);
    }
}

static inline bool bench_make(Bench *b, const char *layer, const char *settings, Shape in, size_t rows)
{
    Error e = {0};
    Value *v = json_parse(settings, strlen(settings), &e);
    *b = (Bench){.layer = (const Layer *)registry_find("layer", layer)};
    b->params = b->layer ? params_from_value(&b->layer->spec, v, &e) : NULL;
    b->pass = (LayerPass){.params = b->params, .in = in, .inputs = 1, .rows = rows, .is_training = true};
    bool ok = b->params && b->layer->shape(b->params, in, &b->pass.out, &e);
    test_check(ok, __FILE__, __LINE__, "%s %s: %s", layer, settings, e.message);
    value_free(v);
    if (!ok)
        return false;
    bench_tensors(b);
    size_t x = rows * (size_t)shape_size(in), y = rows * (size_t)shape_size(b->pass.out);
    b->pass.x = b->x = bench_floats(x);
    b->pass.dx = b->dx = bench_floats(x);
    b->pass.y = b->y = bench_floats(y);
    b->pass.dy = b->dy = bench_floats(y);
    b->pass.scratch = b->scratch = bench_floats(b->layer->scratch ? b->layer->scratch(b->params, in) : 0);
    size_t stats = b->layer->stats ? b->layer->stats(b->params, in) : 0;
    for (int way = 0; way < 2; way++)
        b->stats[way] = mem_alloc((stats + 1) * sizeof *b->stats[way]);
    b->pass.stats = b->stats[0];
    b->pass.back_stats = b->stats[1];
    b->pass.tensors = b->tensors;
    b->pass.gradients = b->gradients;
    return true;
}

/* Forward and backward over all rows as one slice. */
static inline void bench_run(Bench *b)
{
    LayerJoin j = {.params = b->params, .in = b->pass.in, .tensors = b->tensors, .gradients = b->gradients, .slices = 1};
    j.rows[0] = b->pass.rows;
    j.parts[0] = b->stats[0];
    if (b->layer->stats) {
        b->layer->forward_stats(&b->pass);
        b->layer->forward_join(&j);
    }
    b->layer->forward(&b->pass);
    j.forward = b->stats[0];
    j.parts[0] = b->stats[1];
    if (b->layer->stats) {
        b->layer->backward_stats(&b->pass);
        b->layer->backward_join(&j);
    }
    b->layer->backward(&b->pass);
}

static inline void bench_done(Bench *b)
{
    for (size_t i = 0; i < b->count; i++) {
        mem_free(b->tensors[i]);
        mem_free(b->gradients[i]);
    }
    mem_free(b->x);
    mem_free(b->y);
    mem_free(b->dy);
    mem_free(b->dx);
    mem_free(b->scratch);
    mem_free(b->stats[0]);
    mem_free(b->stats[1]);
    if (b->layer)
        params_free(&b->layer->spec, b->params);
}

#endif
