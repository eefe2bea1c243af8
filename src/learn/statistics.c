/* Intervals of paired differences. Rows and seeds are crossed: the same rows judge every seed, so neither the spread over seeds nor
 * that over rows alone says how far the mean may be off. */
#include "learn/statistics.h"

#include <math.h>

#include "base/mem.h"

double student_t(double freedom)
{
    /* 0.975 quantiles of 1 to 30 degrees of freedom, from scipy.stats.t.ppf */
    static const double table[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                                   2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                                   2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
    if (!(freedom >= 1))
        return NAN;
    if (freedom >= 28)
        return 1.959964 + 2.47 / freedom;
    /* between whole numbers log t is near to a parabola in 1 / freedom */
    double sum = 0;
    size_t low = (size_t)freedom;
    for (size_t i = low; i < low + 3; i++) {
        double part = log(table[i - 1]);
        for (size_t k = low; k < low + 3; k++)
            part *= k == i ? 1 : (1 / freedom - 1 / (double)k) / (1 / (double)i - 1 / (double)k);
        sum += part;
    }
    return exp(sum);
}

double sample_sd(const double *values, size_t count)
{
    double mean = 0, spread = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        mean += values[i] / n;
    for (size_t i = 0; i < count; i++)
        spread += (values[i] - mean) * (values[i] - mean);
    return count < 2 ? NAN : sqrt(spread / (n - 1));
}

double folds_ratio(size_t folds, bool is_forward)
{
    double sum = 0;
    for (size_t i = 1; i <= folds; i++)
        sum += is_forward ? 1 / (double)i : 1 / ((double)folds - 1);
    return sum / (double)folds;
}

void folds_interval(const double *differences, size_t folds, double ratio, Interval *out)
{
    double n = (double)folds;
    *out = (Interval){NAN, sample_sd(differences, folds), NAN, NAN};
    for (size_t i = 0; i < folds; i++)
        out->mean = (i ? out->mean : 0) + differences[i] / n;
    if (folds < 2)
        return;
    double half = student_t(n - 1) * out->sd * sqrt(1 / n + ratio);
    out->low = out->mean - half;
    out->high = out->mean + half;
}

double mcnemar_p(size_t only_a, size_t only_b)
{
    size_t n = only_a + only_b, least = only_a < only_b ? only_a : only_b;
    double p = 0;
    for (size_t k = 0; k <= least; k++)
        p += exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) - (double)n * log(2));
    return 2 * p < 1 ? 2 * p : 1;
}

typedef struct Parts {        /* of the variance of the mean */
    double rows, rest, seeds; /* over rows (interaction included), of the interaction alone, over seeds (interaction included) */
    double differing;         /* rows that carry the spread over rows, as a count */
} Parts;

static void means_of(const PairedFigures *in, double *of_rows, double *of_seeds, double *mean)
{
    *mean = 0;
    for (size_t r = 0; r < in->rows; r++)
        for (size_t s = 0; s < in->seeds; s++) {
            double x = in->shares[r * in->seeds + s];
            of_rows[r] += x / (double)in->seeds;
            of_seeds[s] += x / (double)in->rows;
        }
    for (size_t s = 0; s < in->seeds; s++)
        *mean += of_seeds[s] / (double)in->seeds;
}

static Parts parts_of(const PairedFigures *in, const double *of_rows, const double *of_seeds, double mean)
{
    double n = (double)in->rows, k = (double)in->seeds, rows = 0, fourth = 0, rest = 0, sd = sample_sd(of_seeds, in->seeds);
    for (size_t r = 0; r < in->rows; r++) {
        double square = (of_rows[r] - mean) * (of_rows[r] - mean);
        rows += square;
        fourth += square * square;
        for (size_t s = 0; s < in->seeds; s++) {
            double x = in->shares[r * in->seeds + s] - of_rows[r] - of_seeds[s] + mean;
            rest += x * x;
        }
    }
    bool many = in->seeds > 1;
    return (Parts){.rows = rows / (n - 1) / n,
                   .rest = many ? rest / ((n - 1) * (k - 1)) / (n * k) : 0,
                   .seeds = many ? sd * sd / k : 0,
                   .differing = fourth > 0 ? rows * rows / fourth : 0};
}

/* Where few rows differ the spread that was seen says little: one more differing row than was seen is taken, as Agresti and Min (2005)
 * do for proportions; where none differs, one of the largest size there can be. */
static double rows_variance(const PairedFigures *in, const Parts *p)
{
    if (p->differing > 0)
        return p->rows * (p->differing + 1) / p->differing;
    double once = isfinite(in->widest) ? in->widest / ((double)in->independent + 2) : 0;
    return once * once;
}

/* The spread over seeds holds that of the interaction once more; what is left is the seeds' own. Less than nothing left is luck on that
 * side, and is taken off so that the whole stays unbiased. */
static void fill(const PairedFigures *in, const Parts *p, double mean, Interval *out)
{
    double rows = rows_variance(in, p), excess = fmax(p->seeds - p->rest, 0), freedom_rows = (double)in->independent - 1;
    rows = fmax(rows + fmin(p->seeds - p->rest, 0), rows / 2);
    double all = rows + excess, spread = rows * rows / freedom_rows, half = 0;
    if (in->seeds > 1)
        spread += p->seeds * p->seeds / ((double)in->seeds - 1);
    if (all > 0)
        half = student_t(fmax(all * all / spread, 1)) * sqrt(all);
    if (in->seeds > 1 && all > 0) {
        /* with few seeds Satterthwaite is a little short and a t of its own for each part a little long: the middle */
        double t_rows = student_t(freedom_rows), t_seeds = student_t((double)in->seeds - 1);
        half = (half + sqrt(t_rows * t_rows * rows + t_seeds * t_seeds * excess)) / 2;
    }
    out->mean = mean;
    out->low = mean - half;
    out->high = mean + half;
}

bool paired_interval(const PairedFigures *in, Interval *out, Error *e)
{
    *out = (Interval){NAN, NAN, NAN, NAN};
    double *of_rows = mem_try_alloc(in->rows + 1, sizeof *of_rows, e), *of_seeds = mem_try_alloc(in->seeds + 1, sizeof *of_seeds, e);
    if (of_rows && of_seeds && in->seeds) {
        means_of(in, of_rows, of_seeds, &out->mean);
        out->sd = sample_sd(of_seeds, in->seeds);
        if (in->independent > 1) {
            Parts p = parts_of(in, of_rows, of_seeds, out->mean);
            fill(in, &p, out->mean, out);
        }
    }
    bool ok = of_rows && of_seeds;
    mem_free(of_rows);
    mem_free(of_seeds);
    return ok;
}
