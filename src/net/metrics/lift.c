/* Lift: how many times as often the positive class occurs among the rows with the highest scores as among all. A row that is only
 * partly among them counts in part, and so do equal scores. */
#include <math.h>

#include "net/metrics/ranked.h"

typedef struct Lift {
    double share;
} Lift;

static const Field params[] = {
    {REAL_FIELD(Lift, share), .doc = "share of the rows that is looked at", .def = "0.1", .min = 0.0001, .max = 1}, {0}};

static double of_ranked(const Ranked *items, size_t rows, size_t positives, double share)
{
    double wanted = share * (double)rows, left = wanted, found = 0;
    for (size_t i = 0; i < rows && left > 0;) {
        size_t from = i;
        double positive = 0;
        for (; i < rows && items[i].score == items[from].score; i++)
            positive += items[i].is_positive;
        double count = (double)(i - from), taken = count < left ? count : left;
        found += positive * taken / count;
        left -= taken;
    }
    return found / wanted / ((double)positives / (double)rows);
}

static double compute(const MetricInput *in)
{
    size_t positives;
    Ranked *items = ranked_by_class(in, (size_t)(in->positive >= 0 ? in->positive : 1), &positives);
    double lift = items && positives ? of_ranked(items, in->rows, positives, ((const Lift *)in->params)->share) : (double)NAN;
    mem_free(items);
    return lift;
}

const Metric lift_metric = {
    .spec = {.name = "lift",
             .doc = "positives among the highest scores against those among all",
             .group = "classes",
             .params = params,
             .params_size = sizeof(Lift)},
    .title = "lift",
    .for_classes = true,
    .only_two = true,
    .is_better_high = true,
    .is_minor = true,
    .decimals = 2,
    .low = 0,
    .high = (double)INFINITY,
    .compute = compute,
};
