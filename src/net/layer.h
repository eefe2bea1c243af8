/* A layer: a Spec with its shapes, its tensors and its passes. A pass works on one slice of a batch (or a block of rows at
 * inference); planes are contiguous, row after row. Layers that need the whole batch (batch_norm) have a statistics pass per slice
 * and a join between the passes. */
#ifndef NET_LAYER_H
#define NET_LAYER_H

#include "net/net.h"
#include "num/kernels.h"

enum { LAYER_TENSORS = 4, WEIGHT_TILES = 8 };

typedef struct LayerTensor { /* what a layer declares */
    const char *name;
    int rank;
    int64_t dims[3];
    bool is_trained;
    bool is_penalized; /* by L1 and L2 */
} LayerTensor;

typedef struct LayerPass {
    const void *params;
    Shape in, out;
    size_t rows;
    float *tensors[LAYER_TENSORS];
    float *gradients[LAYER_TENSORS]; /* of this slice, overwritten */
    const float *x;                  /* rows * in */
    float *y;                        /* rows * out */
    float *dy;                       /* gradient of y; may be changed */
    float *dx;                       /* gradient of x, overwritten; NULL: not needed */
    float *scratch;                  /* of this layer and slice; zeroed once, at the start */
    double *stats, *back_stats;      /* batch statistics: of the slice, or after the join of the batch */
    bool is_training;
    bool is_shared; /* other threads read the gradients of tensors */
    bool is_split;  /* weights_back follows: backward leaves the gradients of tensors alone */
    bool relu;      /* a relu was fused into this layer: y is after it */
    RngKey noise;   /* (seed, layer, epoch) */
    const uint64_t *row_ids;
} LayerPass;

/* Joins the statistics of slices in their order into parts[0]. */
typedef struct LayerJoin {
    const void *params;
    Shape in;
    float *tensors[LAYER_TENSORS];
    float *gradients[LAYER_TENSORS]; /* of slice 0 */
    double *parts[KERNEL_SLICES];
    const double *forward; /* backward_join: the joined forward statistics */
    size_t rows[KERNEL_SLICES];
    int slices;
} LayerJoin;

typedef struct Layer {
    Spec spec;
    bool takes_relu; /* the relu behind it can be fused into it */
    bool (*shape)(const void *params, Shape in, Shape *out, Error *e);
    size_t (*tensors)(const void *params, Shape in, LayerTensor out[LAYER_TENSORS]); /* NULL: none */
    void (*init)(const void *params, Shape in, Rng *rng, float *const tensors[LAYER_TENSORS]);
    int64_t (*macs)(const void *params, Shape in);       /* multiply-adds a row; NULL: none */
    int64_t (*rows_least)(const void *params, Shape in); /* of a training batch; NULL: 1 */
    size_t (*scratch)(const void *params, Shape in);     /* floats; NULL: none */
    size_t (*stats)(const void *params, Shape in);       /* doubles, each way; NULL: no joins */
    void (*forward)(const LayerPass *p);
    void (*backward)(const LayerPass *p);
    /* Large nets: gradients of tensors over the whole batch, tile 0 .. WEIGHT_TILES-1 of them; NULL: only in backward. */
    void (*weights_back)(const LayerPass *p, int tile);
    void (*infer)(const LayerPass *p); /* fixed order over k per output */
    void (*forward_stats)(const LayerPass *p);
    void (*forward_join)(const LayerJoin *j);
    void (*backward_stats)(const LayerPass *p);
    void (*backward_join)(const LayerJoin *j);
} Layer;

static inline int64_t shape_channels(Shape s)
{
    return shape_is_vector(s) ? s.length : s.channels;
} /* what has a bias of its own */
static inline int64_t shape_places(Shape s)
{
    return shape_is_vector(s) ? 1 : s.length;
}
/* For layers that look at neighbors: refuses arrays that lie flat beside other features, which have none. */
bool shape_has_places(Shape in, Error *e);

#define LAYER_ACTIVATIONS "activation" /* the group of layers that act on each number alone */

enum { INIT_HE_NORMAL, INIT_XAVIER, INIT_UNIFORM };
extern const char *const layer_init_choices[];
typedef struct Fan { /* inputs and outputs of a unit, as initializers count them */
    int64_t in, out;
} Fan;
void layer_init_weights(int method, Rng *rng, Fan fan, float *weights, int64_t count);

#endif
