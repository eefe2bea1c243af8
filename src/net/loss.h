/* A loss: a Spec with its value and gradient. A loss with a teacher input is how a student is distilled. */
#ifndef NET_LOSS_H
#define NET_LOSS_H

#include "net/net.h"

typedef struct LossPass {
    const void *params;
    const float *outputs; /* rows * width */
    size_t rows, width;
    const int32_t *labels;
    int positive; /* of two classes; -1: none */
    const float *values, *weights, *teacher;
    double scale;    /* of the gradient: 1 / rows of the batch, whatever their weights: a row counts the same in every batch */
    float *gradient; /* rows * width, overwritten */
    float *scratch;  /* 2 * width floats */
    void *state;     /* of losses that have one: what their open made */
    Error *error;    /* where a loss that can fail says why; what it returns is then passed over */
    double *parts;   /* [LOSS_PARTS], added to: what the sum is a mixture of, before it is mixed; of losses with a teacher */
} LossPass;

typedef struct Loss {
    Spec spec;
    bool takes_classes; /* labels; else values */
    bool takes_teacher;
    bool takes_input; /* the values are the input itself */
    bool is_serial;   /* runs once over the whole batch, on the thread that trains */
    size_t classes;   /* that it is for; 0: any number */
    /* What its settings ask of a net's outputs and the positive class; NULL: nothing. */
    bool (*check)(const void *params, size_t width, int positive, Error *e);
    /* Of a number it learns these quantiles, each by an output of its own, one behind the other; NULL: one output. */
    const NumberList *(*quantiles)(const void *params);
    /* A state of one trainer and thread, for all its passes; NULL: none is needed. open: NULL on failure. */
    void *(*open)(const SpecUse *use, Error *e);
    void (*close)(void *state);
    double (*pass)(const LossPass *p); /* sum over rows of weight * loss */
} Loss;

/* The settings of the loss that takes its input; what is decided by the errors is not the loss's affair. */
typedef struct Reconstruction {
    double quantile;
} Reconstruction;

bool loss_family_add(const Loss *loss, Error *e); /* one that lives as long as the process; by one thread at a time */
/* exp(x / temperature) / sum in p; returns log of the sum plus the largest, so that log p = x / temperature - result. */
double loss_softmax(const float *x, float *p, size_t width, double temperature);
static inline double loss_weight(const LossPass *p, size_t row)
{
    return p->weights ? (double)p->weights[row] : 1;
}

#endif
