/* The least value of a function of one number, without derivatives. */
#ifndef NUM_MINIMIZE_H
#define NUM_MINIMIZE_H

typedef double MinimizeFunction(const void *self, double x);

/* Where f is least between low and high, to about 1e-9 of the place, when it has one minimum there (R. P. Brent, Algorithms for
 * Minimization Without Derivatives, 1973, chapter 5). Values that are not finite count as too large. */
double minimize(MinimizeFunction *f, const void *self, double low, double high);

#endif
