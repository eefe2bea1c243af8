/* A layer: a Spec with its shapes, its tensors and its passes. A pass works on one slice of a batch (or a block of rows at
 * inference); planes are contiguous, row after row. Layers that need the whole batch (batch_norm) have a statistics pass per slice
 * and a join between the passes. A block is a layer that is made of others: it has `expand` and nothing else. */
#ifndef NET_LAYER_H
#define NET_LAYER_H

#include "net/net.h"
#include "num/kernels.h"

enum { LAYER_INPUTS = 8, LAYER_TENSORS = 16, LAYER_DIMS = 4, WEIGHT_TILES = 8 };

/* Where a layer stands in the graph. The parameters of every layer begin with one, and its rows end with LAYER_PLACE. */
typedef struct LayerPlace {
    char *id;      /* NULL or "": known by its number only */
    TextList from; /* ids of earlier layers, names of inputs; empty: the layer before */
} LayerPlace;
#define LAYER_PLACE(T) \
    {.name = "id", \
     .type = FIELD_TEXT, \
     .offset = offsetof(T, place.id), \
     .doc = "name by which later layers read it", \
     .def = "", \
     .is_sparse = true}, \
    { \
        .name = "from", .type = FIELD_TEXTS, .offset = offsetof(T, place.from), \
        .doc = "what it reads: ids or inputs; empty: the layer before", .def = "", .is_sparse = true \
    }
typedef struct PlainLayer { /* of layers without settings of their own */
    LayerPlace place;
} PlainLayer;
extern const Field layer_plain_fields[];

typedef struct LayerTensor { /* what a layer declares */
    const char *name;
    int rank;
    int64_t dims[LAYER_DIMS]; /* in memory */
    bool is_trained;
    bool is_penalized; /* by L1 and L2 */
    /* In files dimension d is dimension axes[d] of memory, so that tensors have the shapes that torch gives them; all 0: as in memory. */
    int8_t axes[LAYER_DIMS];
    const char *old_name; /* in model files of formats 1 to 3; NULL: the same */
} LayerTensor;

typedef struct LayerPass {
    const void *params;
    Shape in, out; /* in: of the first input */
    size_t inputs; /* 1 but for layers with `shapes` */
    size_t rows;
    const Shape *ins; /* of all inputs; of layers with `shapes` only, as xs and dxs are */
    const float *const *xs;
    float *const *dxs;
    float *const *tensors;
    float *const *gradients;    /* of this slice, overwritten */
    const float *x;             /* rows * in */
    float *y;                   /* rows * out */
    float *dy;                  /* gradient of y; may be changed */
    float *dx;                  /* gradient of x, overwritten; NULL: not needed */
    float *scratch;             /* of this layer and slice; zeroed once, at the start */
    double *stats, *back_stats; /* batch statistics: of the slice, or after the join of the batch */
    bool is_training;
    bool is_shared;      /* other threads read the gradients of tensors */
    bool is_split;       /* weights_back follows: backward leaves the gradients of tensors alone */
    bool relu;           /* a relu was fused into this layer: y is after it */
    const Pooling *pool; /* and the pooling behind that; NULL: none */
    RngKey noise;        /* (seed, layer, epoch) */
    const uint64_t *row_ids;
} LayerPass;

/* Joins the statistics of slices in their order into parts[0]. */
typedef struct LayerJoin {
    const void *params;
    Shape in;
    float *const *tensors;
    float *const *gradients; /* of slice 0 */
    double *parts[KERNEL_SLICES];
    const double *forward; /* backward_join: the joined forward statistics */
    size_t rows[KERNEL_SLICES];
    int slices;
    double share; /* of this batch in running statistics; 0: as the layer says */
} LayerJoin;

/* Rows of the training part, as a layer reads them. */
typedef struct LayerRows {
    Shape shape;
    const float *x;
    size_t rows;
} LayerRows;

typedef struct LayerWindow {
    int64_t span[2], stride[2];
} LayerWindow;

struct NetBuilder;

typedef struct Layer {
    Spec spec;
    bool takes_relu; /* the relu behind it can be fused into it */
    bool takes_pool; /* and the largest of windows side by side behind that */
    /* Its windows. False: they are no windows of the largest that lie side by side; NULL: it has none. */
    bool (*pooling)(const void *params, Shape in, Pooling *out);
    /* Settings that are found in the table: called before `shape` where the layer reads a part of the input by its name. */
    void (*settle_part)(void *params, const NetPart *part);
    /* Settings that are found in the table: called before `shape` where the layer reads the whole row and its columns are known. */
    void (*settle)(void *params, const NetInput *input);
    bool (*shape)(const void *params, Shape in, Shape *out, Error *e);
    bool (*shapes)(const void *params, const Shape *in, size_t count, Shape *out, Error *e); /* instead: of two inputs or more */
    /* A block: adds its layers, fed with value `in`, by net/build.h; *out is the value that it ends with. */
    bool (*expand)(const void *params, struct NetBuilder *b, size_t in, size_t *out, Error *e);
    bool (*is_alias)(const void *params, Shape in); /* the numbers stay where they are, nothing runs; NULL: never */
    size_t (*tensors)(const void *params, Shape in, LayerTensor out[LAYER_TENSORS]); /* NULL: none */
    void (*init)(const void *params, Shape in, Rng *rng, float *const *tensors);
    /* Fills tensors that are not trained from the training rows, once, before the first step; of layers that read the input, or what
     * layers without tensors make of it. */
    bool (*fit)(const void *params, const LayerRows *rows, float *const *tensors, Error *e);
    int64_t (*macs)(const void *params, Shape in); /* multiply-adds a row; NULL: none */
    /* Of the input's places, along lines and along a line: how many an output reads, and how far the next one begins. NULL: no windows. */
    void (*window)(const void *params, Shape in, LayerWindow *out);
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

/* For layers that look at neighbors: refuses arrays that lie flat beside other features, which have none. */
bool shape_has_places(Shape in, Error *e);
/* Of layers along a length: a vector counts as one channel, an image is refused. */
bool shape_as_sequence(Shape in, Shape *out, Error *e);
/* Of layers over pictures: an array of length x channels counts as one channel, a vector is refused. */
bool shape_as_image(Shape in, Shape *out, Error *e);
bool layer_same_shape(const void *params, Shape in, Shape *out, Error *e);

#define LAYER_ACTIVATIONS "activation" /* the group of layers that act on each number alone */
#define LAYER_NETS "net"               /* the group of layers that are whole nets but for their head */
#define LAYER_RECURRENT "recurrent"    /* the group of layers that run along a length */
#define LAYER_BLOCKS "block"           /* the group of layers that are made of others */

bool layer_check_activation(const SpecUse *use, Error *e);

enum { INIT_HE_NORMAL, INIT_XAVIER, INIT_UNIFORM };
extern const char *const layer_init_choices[];
typedef struct Fan { /* inputs and outputs of a unit, as initializers count them */
    int64_t in, out;
} Fan;
void layer_init_weights(int method, Rng *rng, Fan fan, float *weights, int64_t count);

#endif
