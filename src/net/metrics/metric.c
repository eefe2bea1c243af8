/* The family of metrics and what its members share. */
#include "net/metrics/metric.h"

#define METRIC(name) extern const Metric name##_metric;
#include "net/metrics/metrics.def"
#undef METRIC

static const Metric *const all[] = {
#define METRIC(name) &name##_metric,
#include "net/metrics/metrics.def"
#undef METRIC
};

static const Spec *const members[] = {
#define METRIC(name) &name##_metric.spec,
#include "net/metrics/metrics.def"
#undef METRIC
};

static const Family family = {"metric", "Metrics", "how well a net does on a part", members, sizeof members / sizeof *members};

const Family *metric_family(void)
{
    return &family;
}

const Metric *metric_find(const char *name)
{
    for (size_t i = 0; i < family.count; i++)
        if (text_equal(all[i]->spec.name, name))
            return all[i];
    return NULL;
}

bool metric_fits(const Metric *m, size_t classes)
{
    return classes ? m->for_classes : m->for_values;
}

int metric_decide(const MetricInput *in, size_t row)
{
    const float *p = in->probabilities + row * in->classes;
    if (in->positive >= 0 && in->classes == 2)
        return (double)p[in->positive] >= in->threshold ? in->positive : 1 - in->positive;
    int best = 0;
    for (size_t c = 1; c < in->classes; c++)
        if (p[c] > p[best])
            best = (int)c;
    return best;
}
