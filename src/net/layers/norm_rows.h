/* Rows to mean 0 and sd 1, each by itself and in groups of neighbors, then weight and bias of each number: what layer_norm and
 * group_norm share. Sums run in 16 fixed lanes. */
#ifndef NET_LAYERS_NORM_ROWS_H
#define NET_LAYERS_NORM_ROWS_H

#include <stddef.h>

typedef struct NormRows {
    size_t rows, groups, width;     /* of a group; a row has groups * width numbers */
    float eps;                      /* added to the variance */
    const float *x, *weight, *bias; /* weight and bias: of a row */
    float *y;                       /* forward */
    const float *dy;
    float *dx, *dw, *db; /* back, overwritten; dx may be NULL */
} NormRows;

void norm_rows_forward(const NormRows *n);
void norm_rows_back(const NormRows *n);

#endif
