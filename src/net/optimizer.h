/* An optimizer: a Spec, the constants of a step, the moments it keeps, and its rule for one weight (net/update_rule.h). A new one is
 * one file here and one line in optimizers.def. */
#ifndef NET_OPTIMIZER_H
#define NET_OPTIMIZER_H

#include "net/net.h"
#include "num/kernels.h"

enum { UPDATE_MOMENTS = 3, UPDATE_CONSTANTS = 64, UPDATE_ALIGN = 16, UPDATE_PARTS = KERNEL_SLICES + 1 };

/* One pass over `count` weights, a multiple of UPDATE_ALIGN; all pointers are to lines of 64 bytes. The gradient is the sum of the
 * parts, in their order, times scale, no number of it further from 0 than clip. */
typedef struct UpdateView {
    float *weights, *moments[UPDATE_MOMENTS];
    const float *gradients[UPDATE_PARTS];
    int parts;
    size_t count;
    bool is_shared;        /* other threads read the weights */
    float scale, clip;     /* clip 0: none */
    float l2;              /* times the weight, is added to the gradient */
    float decay;           /* share of the weight that is taken away, beside the gradient */
    float l1;              /* moves a weight towards 0, and not across it, by l1 times what a gradient of 1 would move it */
    const void *constants; /* the optimizer's own */
} UpdateView;

typedef struct Optimizer {
    Spec spec;
    int moments; /* buffers as large as the weights */
    /* Fills the constants, at most UPDATE_CONSTANTS bytes; step counts from 1. */
    void (*prepare)(const void *params, double learning_rate, int64_t step, void *constants);
    void (*update[KERNEL_LEVELS])(const UpdateView *u);
} Optimizer;

/* A field `decay` of an optimizer is a share of the weights, as net.h says it of the plan's. */
#define OPTIMIZER_DECAY_DOC "share of a weight, times the rate, taken away each step"

/* Whether anything but the sum of gradients, scaled, moves the weights. */
static inline bool update_is_plain(const UpdateView *u)
{
    return !(u->clip > 0 || u->l2 > 0 || u->decay > 0 || u->l1 > 0);
}

#endif
