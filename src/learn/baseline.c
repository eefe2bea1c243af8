/* The plainest forecast: a column taken as it is, such as the last value or that of a day ago. A model of a series is worth its name
 * only below its error. */
#include <math.h>

#include "learn/parts.h"
#include "net/metrics/metric.h"

static double error_of(const Column *forecast, const Column *target, double *percent)
{
    double sum = 0, share = 0;
    for (size_t i = 0; i < target->rows; i++) {
        double error = fabs(column_real(forecast, i) - column_real(target, i));
        sum += error;
        share += error / fabs(column_real(target, i));
    }
    *percent = 100 * share / (double)target->rows;
    return sum / (double)target->rows;
}

/* Chosen on the training rows, so that it is no better on the others by choice. */
static const char *best_column(const Prepared *d)
{
    const Table *train = d->raw[PART_TRAIN];
    const Column *target = table_column(train, d->target.name);
    double best = (double)INFINITY, percent;
    const char *name = NULL;
    for (size_t i = 0; i < d->features.count; i++) {
        const Column *c = table_column(train, d->features.items[i]);
        double error = c && column_is_numeric(c) ? error_of(c, target, &percent) : (double)NAN;
        if (error < best) {
            best = error;
            name = d->features.items[i];
        }
    }
    return name;
}

void baseline_note(const Pipeline *p, Prepared *d)
{
    Roles roles = pipeline_roles(p);
    const Table *valid = d->raw[PART_VALID];
    const char *name = roles.time && !d->target.is_classes && valid->rows ? best_column(d) : NULL;
    double percent = (double)NAN;
    double error = name ? error_of(table_column(valid, name), table_column(valid, d->target.name), &percent) : (double)NAN;
    char shown[METRIC_TITLE_ROOM];
    if (!isfinite(error))
        return;
    char *share = isfinite(percent) ? text_format(", MAPE %.2f", percent) : mem_strdup("");
    parts_note(&d->notes, text_format("%s taken as the forecast has MAE %s%s on valid: a model must be below", name,
                                      metric_format(metric_find("mae"), error, shown), share));
    mem_free(share);
}
