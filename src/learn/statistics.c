/* Intervals. Resamples are rows drawn with replacement by counts; AUC is recomputed from ranks that were sorted once. */
#include "learn/statistics.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

enum { RESAMPLES = 2000 };

double student_t(size_t freedom)
{
    /* 0.975 quantiles of 1 to 30 degrees of freedom, from scipy.stats.t.ppf */
    static const double table[] = {12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                                   2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                                   2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
    if (freedom == 0)
        return NAN;
    return freedom <= 30 ? table[freedom - 1] : 1.959964 + 2.4 / (double)freedom;
}

Interval interval_of(const double *values, size_t count)
{
    Interval r = {NAN, NAN, NAN, NAN};
    double sum = 0, spread = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    if (count)
        r.mean = sum / n;
    for (size_t i = 0; i < count; i++)
        spread += (values[i] - r.mean) * (values[i] - r.mean);
    if (count < 2)
        return r;
    r.sd = sqrt(spread / (n - 1));
    double half = student_t(count - 1) * r.sd / sqrt(n);
    r.low = r.mean - half;
    r.high = r.mean + half;
    return r;
}

double mcnemar_p(size_t only_a, size_t only_b)
{
    size_t n = only_a + only_b, least = only_a < only_b ? only_a : only_b;
    double p = 0;
    for (size_t k = 0; k <= least; k++)
        p += exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) - (double)n * log(2));
    return 2 * p < 1 ? 2 * p : 1;
}

typedef struct Ranked {
    double score;
    size_t row;
} Ranked;

static int by_score(const void *a, const void *b)
{
    double x = ((const Ranked *)a)->score, y = ((const Ranked *)b)->score;
    return (x > y) - (x < y);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double auc_ranked(const Ranked *ranks, const uint8_t *positive, const uint32_t *counts, size_t rows)
{
    double pairs2 = 0, below = 0, positives = 0;
    for (size_t i = 0; i < rows;) {
        double p = 0, n = 0, score = ranks[i].score;
        for (; i < rows && ranks[i].score == score; i++) {
            double w = counts ? (double)counts[ranks[i].row] : 1;
            p += positive[ranks[i].row] ? w : 0;
            n += positive[ranks[i].row] ? 0 : w;
        }
        pairs2 += p * (2 * below + n);
        below += n;
        positives += p;
    }
    return positives * below > 0 ? pairs2 / (2 * positives * below) : NAN;
}

static void draw_counts(uint64_t seed, size_t sample, uint32_t *counts, size_t rows)
{
    Rng rng = rng_begin(rng_child(rng_key(seed, "bootstrap"), sample));
    for (size_t i = 0; i < rows; i++)
        counts[i] = 0;
    for (size_t i = 0; i < rows; i++)
        counts[rng_below(&rng, rows)]++;
}

static double auc_difference(const AucSample *in, Ranked *const *ranks, const uint32_t *counts)
{
    double sum = 0, first = auc_ranked(ranks[0], in->positive, counts, in->rows);
    for (size_t m = 1; m < in->models; m++)
        sum += auc_ranked(ranks[m], in->positive, counts, in->rows);
    return sum / (double)(in->models - 1) - first;
}

static void percentiles(double *samples, Interval *out)
{
    size_t count = 0;
    for (size_t i = 0; i < RESAMPLES; i++)
        if (!isnan(samples[i]))
            samples[count++] = samples[i];
    qsort(samples, count, sizeof *samples, by_value);
    out->low = count ? samples[(size_t)(0.025 * (double)(count - 1))] : NAN;
    out->high = count ? samples[(size_t)ceil(0.975 * (double)(count - 1))] : NAN;
}

bool bootstrap_auc(const AucSample *in, Interval *out, Error *e)
{
    *out = (Interval){NAN, NAN, NAN, NAN};
    Ranked **ranks = mem_alloc(in->models * sizeof *ranks);
    double *samples = mem_alloc(RESAMPLES * sizeof *samples);
    uint32_t *counts = mem_try_alloc(in->rows + 1, sizeof *counts, e);
    bool ok = counts != NULL;
    for (size_t m = 0; ok && m < in->models; m++) {
        ranks[m] = mem_try_alloc(in->rows + 1, sizeof **ranks, e);
        ok = ranks[m] != NULL;
        for (size_t i = 0; ok && i < in->rows; i++)
            ranks[m][i] = (Ranked){in->scores[m][i], i};
        if (ok)
            qsort(ranks[m], in->rows, sizeof **ranks, by_score);
    }
    if (ok) {
        out->mean = auc_difference(in, ranks, NULL);
        for (size_t s = 0; s < RESAMPLES; s++) {
            draw_counts(in->seed, s, counts, in->rows);
            samples[s] = auc_difference(in, ranks, counts);
        }
        percentiles(samples, out);
    }
    for (size_t m = 0; m < in->models; m++)
        mem_free(ranks[m]);
    mem_free(ranks);
    mem_free(samples);
    mem_free(counts);
    return ok;
}

bool bootstrap_mean(const double *values, size_t rows, uint64_t seed, Interval *out, Error *e)
{
    *out = (Interval){NAN, NAN, NAN, NAN};
    double *samples = mem_alloc(RESAMPLES * sizeof *samples), n = (double)rows;
    uint32_t *counts = mem_try_alloc(rows + 1, sizeof *counts, e);
    if (counts && rows) {
        out->mean = 0;
        for (size_t i = 0; i < rows; i++)
            out->mean += values[i] / n;
        for (size_t s = 0; s < RESAMPLES; s++) {
            draw_counts(seed, s, counts, rows);
            for (size_t i = 0; i < rows; i++)
                samples[s] += (double)counts[i] * values[i] / n;
        }
        percentiles(samples, out);
    }
    bool ok = counts != NULL;
    mem_free(samples);
    mem_free(counts);
    return ok;
}
