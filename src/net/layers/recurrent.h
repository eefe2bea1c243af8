/* Layers that read a sequence place by place and carry a state: what gru and lstm share. A cell says how gates become the next state;
 * products, time, both directions and the way back are here. Tensors are torch's: weight_ih_l0 [gates * width, channels],
 * weight_hh_l0 [gates * width, width], bias_ih_l0 and bias_hh_l0 [gates * width], and the same with _reverse. */
#ifndef NET_LAYERS_RECURRENT_H
#define NET_LAYERS_RECURRENT_H

#include "net/layer.h"

/* One row at one place. All but the weighted inputs have `width` numbers a gate. */
typedef struct CellStep {
    size_t width;
    const float *input, *hidden;  /* W x + b, W h + b: of all gates */
    const float *before, *memory; /* h and c of the place before */
    float *gates;                 /* out: of all gates, after their bends */
    float *extra;                 /* out: `width` numbers that the way back needs */
    float *after, *kept;          /* out: h and c */
} CellStep;

typedef struct CellBack {
    size_t width;
    const float *gates, *extra, *before, *memory;
    const float *dh;           /* gradient of h */
    float *dc;                 /* gradient of c; becomes that of c before */
    float *d_input, *d_hidden; /* out: of W x + b and of W h + b */
    float *d_before;           /* out: of h before, without what goes through W h */
} CellBack;

typedef struct Cell {
    size_t gates;
    void (*forward)(const CellStep *s);
    void (*backward)(const CellBack *s);
} Cell;

typedef struct Recurrent {
    LayerPlace place;
    int64_t width;
    bool bidirectional;
    int output;
} Recurrent;
extern const char *const recurrent_outputs[];
enum { OUTPUT_LAST, OUTPUT_ALL };

#define RECURRENT_FIELDS \
    {INT_FIELD(Recurrent, width), \
     .doc = "numbers of its state", \
     .def = NULL, \
     .min = 1, \
     .max = 65536, \
     .soft_min = 8, \
     .soft_max = 256, \
     .scale = SCALE_LOG, \
     .positional = true}, \
        {FLAG_FIELD(Recurrent, bidirectional), .doc = "a second one reads from the end; both lie side by side", .def = "false"}, \
        {CHOICE_FIELD(Recurrent, output), .doc = "last: its final state; all: its state at each place", .def = "last", \
         .choices = recurrent_outputs}, \
        LAYER_PLACE(Recurrent), \
    { \
        .name = NULL \
    }

void cell_sigmoid(float *x, size_t count); /* in place */
void cell_tanh(float *x, size_t count);

bool recurrent_shape(const void *params, Shape in, Shape *out, Error *e);
size_t recurrent_tensors(const Cell *cell, const void *params, Shape in, LayerTensor out[LAYER_TENSORS]);
void recurrent_init(const Cell *cell, const void *params, Shape in, Rng *rng, float *const *tensors);
int64_t recurrent_macs(const Cell *cell, const void *params, Shape in);
size_t recurrent_scratch(const Cell *cell, const void *params, Shape in);
void recurrent_forward(const Cell *cell, const LayerPass *p, bool exact);
void recurrent_backward(const Cell *cell, const LayerPass *p);

#endif
