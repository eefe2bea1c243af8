/* How likely a test statistic as large as this one is by chance. */
#ifndef NUM_TAILS_H
#define NUM_TAILS_H

/* P(X >= x) of a chi-squared distribution, and of an F distribution, to about 1e-12 relative. Degrees of freedom are above 0; x below 0
 * gives 1, INFINITY 0. */
double chi2_tail(double x, double df);
double f_tail(double x, double df_between, double df_within);

#endif
