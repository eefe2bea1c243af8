/* AUC: the chance that a positive row scores above a negative one, ties counting half; exact, by ranks (Mann-Whitney). More than
 * two classes: the plain mean of one class against the rest (as roc_auc_score with multi_class="ovr"). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "net/metrics/metric.h"

typedef struct Scored {
    double score;
    uint64_t positives, negatives;
} Scored;

static int by_score(const void *a, const void *b)
{
    double x = ((const Scored *)a)->score, y = ((const Scored *)b)->score;
    return (x > y) - (x < y);
}

/* Twice the number of won pairs plus once the tied ones: whole numbers, so the order of equal scores cannot matter. */
static double auc_sorted(const Scored *items, size_t count)
{
    double pairs2 = 0, negatives_below = 0, positives = 0;
    for (size_t i = 0; i < count;) {
        double p = 0, n = 0;
        size_t j = i;
        for (; j < count && items[j].score == items[i].score; j++) {
            p += (double)items[j].positives;
            n += (double)items[j].negatives;
        }
        pairs2 += p * (2 * negatives_below + n);
        negatives_below += n;
        positives += p;
        i = j;
    }
    double all = positives * negatives_below;
    return all > 0 ? pairs2 / (2 * all) : NAN;
}

double metric_auc(const double *scores, const uint8_t *positive, const uint32_t *weights, size_t rows)
{
    Scored *items = mem_try_alloc(rows + 1, sizeof *items, NULL);
    size_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        uint64_t w = weights ? weights[i] : 1;
        if (!isfinite(scores[i]))
            goto undefined;
        if (w)
            items[count++] = (Scored){scores[i], positive[i] ? w : 0, positive[i] ? 0 : w};
    }
    qsort(items, count, sizeof *items, by_score);
    double auc = auc_sorted(items, count);
    mem_free(items);
    return auc;
undefined:
    mem_free(items);
    return NAN;
}

/* A float as a double has 29 bits to spare: the lowest says whether the row is a positive, and a sort of numbers is enough. */
static double with_label(float score, bool is_positive)
{
    double x = (double)score + 0.0;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits |= is_positive;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double auc_of_labelled(const double *sorted, size_t count)
{
    double pairs2 = 0, negatives_below = 0, positives = 0;
    for (size_t i = 0; i < count;) {
        uint64_t score = bits_of(sorted[i]) >> 1;
        size_t from = i;
        double p = 0;
        for (; i < count && bits_of(sorted[i]) >> 1 == score; i++)
            p += (double)(bits_of(sorted[i]) & 1);
        double n = (double)(i - from) - p;
        pairs2 += p * (2 * negatives_below + n);
        negatives_below += n;
        positives += p;
    }
    double all = positives * negatives_below;
    return all > 0 ? pairs2 / (2 * all) : NAN;
}

static double one_against_rest(const MetricInput *in, size_t class, double *scores)
{
    for (size_t i = 0; i < in->rows; i++) {
        float score = in->probabilities[i * in->classes + class];
        if (!isfinite(score))
            return NAN;
        scores[i] = with_label(score, in->labels[i] == (int32_t) class);
    }
    sort_reals(scores, in->rows, NULL);
    return auc_of_labelled(scores, in->rows);
}

static double compute(const MetricInput *in)
{
    double *scores = mem_try_alloc(in->rows + 1, sizeof *scores, NULL), sum = 0;
    size_t defined = 0;
    for (size_t c = 0; c < in->classes; c++) {
        if (in->classes == 2 && (int)c != (in->positive >= 0 ? in->positive : 1))
            continue;
        double auc = one_against_rest(in, c, scores);
        sum += isnan(auc) ? 0 : auc;
        defined += isnan(auc) ? 0 : 1;
    }
    mem_free(scores);
    return defined ? sum / (double)defined : NAN;
}

typedef struct Placed {
    double score;
    size_t row;
    bool is_positive;
} Placed;

static int by_placed(const void *a, const void *b)
{
    double x = ((const Placed *)a)->score, y = ((const Placed *)b)->score;
    return (x > y) - (x < y);
}

/* placements[row]: the share of the other kind's rows that this row beats, ties counting half; sorts items. */
static void place(Placed *items, size_t rows, const double kinds[2], double *placements)
{
    double below[2] = {0, 0};
    qsort(items, rows, sizeof *items, by_placed);
    for (size_t i = 0, j; i < rows; i = j) {
        double tied[2] = {0, 0};
        for (j = i; j < rows && items[j].score == items[i].score; j++)
            tied[items[j].is_positive]++;
        for (size_t k = i; k < j; k++)
            placements[items[k].row] =
                items[k].is_positive ? (below[0] + tied[0] / 2) / kinds[0] : (kinds[1] - below[1] - tied[1] / 2) / kinds[1];
        below[0] += tied[0];
        below[1] += tied[1];
    }
}

/* Adds one class against the rest; returns the rows of the smaller kind, 0 with less than two of either. */
static size_t add_class(const MetricInput *in, size_t class, Placed *items, double *placements, double *shares)
{
    double kinds[2] = {0, 0}, auc = 0, n = (double)in->rows;
    for (size_t i = 0; i < in->rows; i++) {
        items[i] = (Placed){(double)in->probabilities[i * in->classes + class], i, in->labels[i] == (int32_t) class};
        kinds[items[i].is_positive]++;
        if (!isfinite(items[i].score))
            return 0;
    }
    if (kinds[0] < 2 || kinds[1] < 2)
        return 0;
    place(items, in->rows, kinds, placements);
    for (size_t i = 0; i < in->rows; i++)
        auc += in->labels[i] == (int32_t) class ? placements[i] / kinds[1] : 0;
    /* each kind has its own mean, so the variance of each divides by its rows less one */
    for (size_t i = 0; i < in->rows; i++) {
        double kind = kinds[in->labels[i] == (int32_t) class];
        shares[i] += auc + n / kind * sqrt(kind / (kind - 1) * (n - 1) / n) * (placements[i] - auc);
    }
    return (size_t)(kinds[0] < kinds[1] ? kinds[0] : kinds[1]);
}

static size_t by_row(const MetricInput *in, double *shares)
{
    Placed *items = mem_try_alloc(in->rows + 1, sizeof *items, NULL);
    double *placements = mem_try_alloc(in->rows + 1, sizeof *placements, NULL);
    size_t least = 0, classes = 0;
    for (size_t i = 0; i < in->rows; i++)
        shares[i] = 0;
    for (size_t c = 0; c < in->classes; c++) {
        if (in->classes == 2 && (int)c != (in->positive >= 0 ? in->positive : 1))
            continue;
        size_t rows = add_class(in, c, items, placements, shares);
        classes += rows > 0;
        least = rows && (!least || rows < least) ? rows : least;
    }
    for (size_t i = 0; i < in->rows; i++)
        shares[i] /= classes ? (double)classes : 1;
    mem_free(items);
    mem_free(placements);
    return least;
}

const Metric auc_metric = {
    .spec = {.name = "auc", .doc = "chance that a positive row scores above a negative one", .group = "classes"},
    .title = "AUC",
    .for_classes = true,
    .is_better_high = true,
    .leads_two = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
    .by_row = by_row,
};
