/* Average precision: the mean of the precision at each found positive, rows by falling score, equal scores as one (Zhu 2004); no line is
 * drawn between points. More than two classes: the plain mean of one class against the rest. */
#include <math.h>

#include "net/metrics/ranked.h"

/* Of rows by falling score. */
static double of_ranked(const Ranked *items, size_t rows, size_t positives)
{
    double sum = 0, found = 0;
    for (size_t i = 0; i < rows;) {
        double before = found;
        float score = items[i].score;
        for (; i < rows && items[i].score == score; i++)
            found += items[i].is_positive;
        sum += (found - before) * found / (double)i;
    }
    return sum / (double)positives;
}

static double compute(const MetricInput *in)
{
    double sum = 0;
    size_t defined = 0;
    for (size_t c = 0; c < in->classes; c++) {
        if (in->classes == 2 && (int)c != (in->positive >= 0 ? in->positive : 1))
            continue;
        size_t positives;
        Ranked *items = ranked_by_class(in, c, &positives);
        if (items && positives) {
            sum += of_ranked(items, in->rows, positives);
            defined++;
        }
        mem_free(items);
    }
    return defined ? sum / (double)defined : (double)NAN;
}

const Metric average_precision_metric = {
    .spec = {.name = "average_precision", .doc = "mean precision over the positives found, by score", .group = "classes"},
    .title = "average precision",
    .for_classes = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 4,
    .low = 0,
    .high = 1,
    .compute = compute,
};
