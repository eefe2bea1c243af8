/* Denormal numbers (below 1.2e-38) make products up to a hundred times slower, and moments of an optimizer decay into them. While a
 * thread trains they count as zero, in what it reads and in what it writes; it gives back the mode that it found, so that readers,
 * inference and metrics are plain IEEE arithmetic, as in plain C. */
#ifndef NUM_DENORMALS_H
#define NUM_DENORMALS_H

#include <stddef.h>
#include <stdint.h>

uint64_t denormals_to_zero(void);             /* of the calling thread, from here on; returns the mode before */
void denormals_restore(uint64_t mode);        /* that mode */
void denormals_clear(float *x, size_t count); /* those in memory become zero of the same sign */

#endif
