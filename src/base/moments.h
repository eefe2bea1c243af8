/* Mean, spread and skew of numbers, exact far from zero too: deviations are taken from the mean before they are squared, and sums
 * carry what rounding took from them. Every mean and standard deviation of a column comes from here. */
#ifndef BASE_MOMENTS_H
#define BASE_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Moments {
    size_t count;         /* of finite values */
    double mean;          /* NAN when there are none */
    double sd, sd_sample; /* divided by n, and by n - 1 (NAN below two values) */
    double skew;          /* NAN when nothing varies */
} Moments;

Moments moments_of(const double *values, size_t count); /* what is not finite is passed over */
/* Do they all mean the same number? Whole numbers are exact; others may differ by rounding: 0.1 + 0.2 and 0.3. */
bool moments_is_constant(double least, double most);

#endif
