/* Incomplete gamma and beta functions by series and by Lentz's continued fraction (W. H. Press et al., Numerical Recipes, section 6.2 and
 * 6.4). */
#include "num/tails.h"

#include <float.h>
#include <math.h>

enum { TERMS_MOST = 100000 };

/* lgamma writes to a global; this one is safe in threads. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double away_from_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* Lower incomplete gamma, for x < a + 1. */
static double gamma_series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (int i = 1; i < TERMS_MOST && fabs(term) > fabs(sum) * DBL_EPSILON / 4; i++) {
        term *= x / (a + i);
        sum += term;
    }
    return sum * exp(a * log(x) - x - log_gamma(a));
}

/* Upper incomplete gamma, for x >= a + 1. */
static double gamma_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / away_from_zero(b), h = d;
    for (int i = 1; i < TERMS_MOST; i++) {
        double an = -i * (i - a);
        b += 2;
        d = 1 / away_from_zero(an * d + b);
        c = away_from_zero(b + an / c);
        h *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return h * exp(a * log(x) - x - log_gamma(a));
}

double chi2_tail(double x, double df)
{
    double a = df / 2, half = x / 2;
    if (!(x > 0))
        return isnan(x) ? x : 1;
    if (isinf(x))
        return 0;
    return half < a + 1 ? 1 - gamma_series(a, half) : gamma_fraction(a, half);
}

static double beta_fraction(double a, double b, double x)
{
    double c = 1, d = 1 / away_from_zero(1 - (a + b) * x / (a + 1)), h = d;
    for (int i = 1; i < TERMS_MOST; i++) {
        double even = i * (b - i) * x / ((a + 2 * i - 1) * (a + 2 * i)), odd = -(a + i) * (a + b + i) * x / ((a + 2 * i) * (a + 2 * i + 1));
        d = 1 / away_from_zero(1 + even * d);
        c = away_from_zero(1 + even / c);
        h *= d * c;
        d = 1 / away_from_zero(1 + odd * d);
        c = away_from_zero(1 + odd / c);
        h *= d * c;
        if (fabs(d * c - 1) < DBL_EPSILON)
            break;
    }
    return h;
}

/* Regularized incomplete beta; rest: 1 - x, given because it may be tiny. */
static double beta_part(double a, double b, double x, double rest)
{
    if (!(x > 0) || !(rest > 0))
        return x > 0;
    double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(rest));
    return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, rest) / b;
}

double f_tail(double x, double df_between, double df_within)
{
    if (!(x > 0))
        return isnan(x) ? x : 1;
    if (isinf(x))
        return 0;
    double total = df_within + df_between * x;
    return beta_part(df_within / 2, df_between / 2, df_within / total, df_between * x / total);
}
