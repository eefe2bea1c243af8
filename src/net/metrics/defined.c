/* How a metric of a module comes to be. */
#include "net/metrics/defined.h"

#include <math.h>

#include "spec/module.h"

static double (*host_compute)(const MetricInput *in);

static bool add_word(const char *word, unsigned *takes, Error *e)
{
    static const char *const words[] = {"classes", "positive", "values"};
    for (unsigned i = 0; i < 3; i++)
        if (text_equal(words[i], word)) {
            *takes |= 1U << i;
            return true;
        }
    return error_set(e, ERROR_USAGE,
                     "takes is \"values\", \"positive\" (two classes: 1 or 0, and probabilities of the positive one), "
                     "\"classes\" (any number: numbers of classes, and a list of vectors), or a list of these");
}

static bool read_takes(const Value *v, unsigned *takes, Error *e)
{
    *takes = v ? 0 : TAKES_POSITIVE | TAKES_VALUES;
    if (!v)
        return true;
    if (v->type == VALUE_TEXT)
        return add_word(v->text, takes, e);
    for (size_t i = 0; i < value_items(v); i++)
        if (!add_word(v->items[i]->type == VALUE_TEXT ? v->items[i]->text : "", takes, e))
            return false;
    return *takes || add_word("", takes, e);
}

static Spec *metric_make(const Spec *own, const Value *declared, Error *e)
{
    const char *better = value_get_text(declared, "better", "");
    unsigned takes;
    if (!text_equal(better, "higher") && !text_equal(better, "lower")) {
        error_set(e, ERROR_USAGE, "better = \"higher\" or \"lower\" says which of two figures is the better one");
        return NULL;
    }
    if (!read_takes(value_get(declared, "takes"), &takes, e))
        return NULL;
    DefinedMetric *d = MEM_NEW(DefinedMetric);
    *d = (DefinedMetric){.metric = {.spec = *own,
                                    .title = declare_doc(value_get_text(declared, "title", NULL), own->name),
                                    .for_classes = takes & (TAKES_CLASSES | TAKES_POSITIVE),
                                    .for_values = takes & TAKES_VALUES,
                                    .only_two = !(takes & TAKES_CLASSES),
                                    .is_better_high = text_equal(better, "higher"),
                                    .decimals = 4,
                                    .low = -(double)INFINITY,
                                    .high = (double)INFINITY,
                                    .compute = host_compute},
                         .takes = takes};
    return &d->metric.spec;
}

static void metric_free(Spec *member)
{
    mem_free((void *)(uintptr_t)((Metric *)member)->title);
    mem_free(member);
}

static bool metric_add(Spec *member, Error *e)
{
    return metric_family_add((const Metric *)member, e);
}

void defined_metrics_open(double (*compute)(const MetricInput *in))
{
    static ModuleFamily family = {.make = metric_make, .free = metric_free, .add = metric_add};
    family.family = metric_family();
    host_compute = compute;
    module_take(&family);
}
