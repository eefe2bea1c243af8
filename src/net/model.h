/* The model from the inside, for the files of this room: layers with their shapes, and all tensors in one block: the trained ones
 * first, each begun at a multiple of 16 floats, then running statistics. */
#ifndef NET_MODEL_H
#define NET_MODEL_H

#include "net/layer.h"

typedef struct ModelLayer {
    const Layer *layer;
    const void *params;
    Shape in, out;
    size_t tensor_from, tensor_count;
    bool is_head;
    bool is_alias; /* leaves the numbers where they are: flatten, or a relu that its layer took over */
    bool relu;     /* took over the relu behind it */
} ModelLayer;

typedef struct TensorPlace {
    ModelTensor shown;
    char name[32];
    size_t offset, count; /* in floats */
    bool is_penalized;
} TensorPlace;

struct Model {
    SpecList layers;
    SpecUse flatten, head;
    Shape input;
    int64_t outputs;
    ModelLayer *items;
    size_t count;
    TensorPlace *tensors;
    size_t tensor_count;
    float *weights;
    size_t trained, total; /* floats, with padding */
};

/* The parts of a pass that the model knows; rows, planes and scratch are the caller's. */
LayerPass model_pass(const Model *m, size_t layer);
bool model_check_batch(const Model *m, int64_t batch, Error *e); /* every layer can learn from so many rows */
size_t model_widest(const Model *m);                             /* floats of the largest plane of a row */
size_t model_layer_scratch(const ModelLayer *l);

#endif
