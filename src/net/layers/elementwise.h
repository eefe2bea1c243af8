/* Layers that act on each number alone: their rules for all processors. */
#ifndef NET_LAYERS_ELEMENTWISE_H
#define NET_LAYERS_ELEMENTWISE_H

#include "net/layer.h"

typedef struct ElementView {
    const float *x, *y, *dy; /* forward: x alone */
    float *out;              /* y; back: dx */
    size_t count;
    float a; /* the layer's setting */
} ElementView;

typedef void ElementRule(const ElementView *v);
typedef struct ElementRules { /* for each KernelLevel */
    ElementRule *forward[KERNEL_LEVELS], *back[KERNEL_LEVELS];
} ElementRules;

#define ELEMENTWISE(NAME, ...) extern const ElementRules rules_##NAME;
#include "net/layers/elementwise.def"
#undef ELEMENTWISE

#endif
