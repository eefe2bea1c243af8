/* Rows of a matrix in another order: what a minibatch is made of. */
#ifndef NUM_ROWS_H
#define NUM_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* to[i] = from[rows[i]], rows of `width` numbers. The memory for the rows to come is asked for ahead. */
void rows_gather(const float *from, size_t width, const uint32_t *rows, size_t count, float *to);

#endif
