/* A look into a net while it learns: how weights, the gradient of the last step and activations are spread, layer by layer, and which
 * units say nothing. Changes nothing: the next step is the same bits. */
#ifndef NET_SURVEY_H
#define NET_SURVEY_H

#include "net/net.h"

enum { SURVEY_BINS = 16, SURVEY_NAME = 40 };

/* What is not finite is counted apart. Bins of equal width from least to greatest; all zero without numbers. */
typedef struct SurveyHistogram {
    size_t count, not_finite;
    double least, greatest, mean, sd;
    size_t bins[SURVEY_BINS];
} SurveyHistogram;

typedef struct SurveyLayer {
    char name[SURVEY_NAME];                          /* "2" or "head": as its tensors begin */
    const char *kind;                                /* "dense" */
    SurveyHistogram weights, gradients, activations; /* weights and gradients without biases and norms, where there are others */
    double gradient_rms;
    size_t units, dead; /* numbers of a row, and those that are exactly 0 in all rows */
} SurveyLayer;

/* Of the first rows of x, at most as many as one block of evaluation; the layers that learn, in order. Returns how many there are; fills at
 * most `most`. The gradient is that of the last step. */
size_t trainer_survey(Trainer *t, const float *x, size_t rows, SurveyLayer *out, size_t most);

#endif
