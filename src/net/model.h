/* The model from the inside, for the files of this room: layers in the order in which they run, with their shapes, and all tensors in
 * one block: the trained ones first, each begun at a multiple of 16 floats, then running statistics. */
#ifndef NET_MODEL_H
#define NET_MODEL_H

#include "net/layer.h"

enum { MODEL_NAME = 96 };

typedef struct ModelLayer {
    const Layer *layer;
    const void *params;
    Shape in, out;
    size_t from[LAYER_INPUTS]; /* values: 0 is the input of the net, i + 1 what layer i makes */
    size_t inputs;
    Shape *ins; /* of layers with `shapes`: all of them; else NULL */
    size_t tensor_from, tensor_count;
    float **places; /* of its tensors */
    bool is_head;
    bool is_alias; /* leaves the numbers where they are: flatten of a vector, or a relu that its layer took over */
    bool relu;     /* took over the relu behind it */
    bool pools;    /* took over the pooling behind that: out is after it, alone before it */
    Pooling pool;
    Shape alone;
    char path[MODEL_NAME];
} ModelLayer;

/* What is shown of a net: its input, its layers, and below a block the layers that it is made of. */
typedef struct ModelLine {
    const Spec *spec; /* NULL: the input */
    const void *params;
    char path[MODEL_NAME];
    size_t first, last; /* layers: first .. last - 1 */
    size_t value;       /* what it makes */
    size_t item;        /* of the list of layers, or SIZE_MAX: added */
    int depth;
} ModelLine;

typedef struct TensorPlace {
    ModelTensor shown;
    char name[MODEL_NAME + 32];
    size_t offset, count; /* in floats */
    bool is_penalized;
    int8_t axes[LAYER_DIMS]; /* from dimensions of the file to those of memory */
    size_t layer;
} TensorPlace;

struct Model {
    SpecList layers; /* as they were given */
    SpecList made;   /* what was added: parameters of heads, projections, parts of the input */
    NetInput input;
    int64_t outputs;
    int64_t members; /* nets in one, whose outputs are mixed; 0: it is one */
    bool is_values;  /* the outputs are no classes */
    bool is_old;     /* of a file of formats 1 to 3: names, orders and flatten are as they were */
    ModelLayer *items;
    size_t count;
    ModelLine *lines;
    size_t line_count;
    TensorPlace *tensors;
    size_t tensor_count;
    float **pointers; /* to tensors, layer after layer */
    float *weights;
    size_t trained, total; /* floats, with padding */
};

/* model_build.c: layers and lines with their shapes; no tensors yet. */
bool model_build(Model *m, Error *e);
/* The parts of a pass that the model knows; rows, planes and scratch are the caller's. */
LayerPass model_pass(const Model *m, size_t layer);
Shape model_value_shape(const Model *m, size_t value);
size_t model_value_root(const Model *m, size_t value); /* behind aliases: whose plane holds it */
/* Places of the input that a number of a value sees, along lines and along a line; at most all of them. */
void model_reach(const Model *m, size_t value, int64_t reach[2]);
bool model_check_batch(const Model *m, int64_t batch, Error *e); /* every layer can learn from so many rows */
size_t model_layer_scratch(const ModelLayer *l);
/* What a net with members says, from what they say (net/members.c): of classes, the log of the mean of their probabilities; of values,
 * their mean. values: rows * members * outputs, overwritten; outputs: rows * outputs, may begin where values do. */
void model_mix(const Model *m, float *values, size_t rows, float *outputs);

/* Planes by life time (net/planes.c): uses that are never alive together share one. */
typedef struct PlaneUse {
    size_t row;        /* floats of a row */
    size_t born, dies; /* first and last moment, both included */
    bool is_alone;     /* shares with none */
    size_t plane;      /* out: which */
} PlaneUse;
/* rows: room for count; the floats of a row of each plane. Returns how many there are. */
size_t planes_assign(PlaneUse *uses, size_t count, size_t *rows);

#endif
