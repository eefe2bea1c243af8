/* An optimizer: a Spec that fills in the constants of one fused pass over the weights. */
#ifndef NET_OPTIMIZER_H
#define NET_OPTIMIZER_H

#include "net/net.h"
#include "num/kernels.h"

typedef struct Optimizer {
    Spec spec;
    int moments; /* buffers as large as the weights: 0..2 */
    /* step counts from 1 */
    void (*prepare)(const void *params, double learning_rate, int64_t step, UpdateView *u);
    void (*update)(const UpdateView *u);
} Optimizer;

#endif
