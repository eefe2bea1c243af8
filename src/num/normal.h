/* The normal distribution. */
#ifndef NUM_NORMAL_H
#define NUM_NORMAL_H

/* Below which value a standard normal number lies with probability p, to about 1e-16 relative (M. J. Wichura, Algorithm AS 241,
 * Applied Statistics 37, 1988). p = 0 and 1 give -INFINITY and INFINITY; outside: NAN. */
double normal_quantile(double p);

#endif
