/* Boosted trees by the C library of XGBoost, where it is installed: looked for when first asked, never needed. */
#ifndef NUM_TREES_H
#define NUM_TREES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct TreesTask {
    const float *x; /* rows * width */
    size_t rows, width;
    const int32_t *labels; /* of classes */
    size_t classes;        /* 0: numbers */
    const double *weights; /* of classes, in the loss; NULL: all 1 */
    const float *values;   /* rows * numbers */
    size_t numbers;
    const float *judged; /* judged_rows * width: rows to predict */
    size_t judged_rows;
    int threads;
    uint64_t seed;
} TreesTask;

bool trees_are_there(void);
/* Fits 100 rounds of the library's usual trees and predicts. outputs: judged_rows times classes, as probabilities, or numbers. */
bool trees_run(const TreesTask *t, float *outputs, Error *e);

#endif
