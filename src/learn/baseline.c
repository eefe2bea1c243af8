/* The plainest forecast: a column taken as it is, such as the last value or that of a day ago. A model of a series is worth its name
 * only where it is better. */
#include <math.h>

#include "learn/parts.h"
#include "net/metrics/metric.h"

/* A column as the prediction of the target, to be measured; false: a cell is missing. */
typedef struct Baseline {
    MetricInput in;
    double *values, *predicted;
} Baseline;

static void baseline_done(Baseline *b)
{
    mem_free(b->values);
    mem_free(b->predicted);
}

static bool baseline_make(const Prepared *d, const Table *t, const char *name, Baseline *out)
{
    Error ignored = {0};
    const Column *forecast = table_column(t, name), *target = table_column(t, d->target.name);
    *out = (Baseline){.values = mem_try_alloc(t->rows + 1, sizeof(double), &ignored),
                      .predicted = mem_try_alloc(t->rows + 1, sizeof(double), &ignored)};
    bool is_whole = out->values && out->predicted && t->rows && forecast && column_is_numeric(forecast);
    for (size_t i = 0; is_whole && i < t->rows; i++) {
        out->values[i] = column_real(target, i);
        out->predicted[i] = column_real(forecast, i);
        is_whole = isfinite(out->values[i]) && isfinite(out->predicted[i]);
    }
    out->in = (MetricInput){.rows = t->rows,
                            .values = out->values,
                            .predicted = out->predicted,
                            .scale = d->target.outputs[0].sd,
                            .naive = d->target.outputs[0].naive};
    return is_whole;
}

/* Chosen on the training rows, so that it is not better on others by choice. */
const char *baseline_column(const Prepared *d)
{
    const Metric *leading = metric_leading(0);
    SpecUse use = metric_usual(leading);
    double best = (double)NAN;
    const char *name = NULL;
    for (size_t i = 0; i < d->features.count; i++) {
        Baseline b;
        Error ignored = {0};
        double figure = (double)NAN;
        if (baseline_make(d, d->raw[PART_TRAIN], d->features.items[i], &b) && !metric_compute(&use, &b.in, &figure, &ignored))
            figure = (double)NAN;
        if (isfinite(figure) && (!name || metric_is_better(leading, figure, best))) {
            best = figure;
            name = d->features.items[i];
        }
        baseline_done(&b);
    }
    return name;
}

/* What says something only with settings says nothing here. */
static void add_figures(const MetricInput *in, Text *out)
{
    const char *between = " ";
    char figure[METRIC_TITLE_ROOM];
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        SpecUse use = metric_usual(m);
        Error ignored = {0};
        double x = (double)NAN;
        bool has_settings = m->spec.params && m->spec.params->name;
        if (!metric_fits(m, 0) || m->is_running || has_settings || !metric_compute(&use, in, &x, &ignored) || !isfinite(x))
            continue;
        text_addf(out, "%s%s %s", between, m->title, metric_format(m, x, figure));
        between = ", ";
    }
}

void baseline_note(const Pipeline *p, Prepared *d)
{
    Roles roles = pipeline_roles(p);
    const char *name = roles.time && d->target.outputs_count == 1 ? baseline_column(d) : NULL;
    Baseline b = {0};
    if (name && baseline_make(d, d->raw[PART_VALID], name, &b)) {
        Text note = {0};
        text_addf(&note, "%s taken as the forecast has on valid", name);
        add_figures(&b.in, &note);
        text_add(&note, ": a model must be better");
        parts_note(&d->notes, text_take(&note));
    }
    baseline_done(&b);
}
