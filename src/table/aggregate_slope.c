/* slope: the line of least squares through the rows of a group. */
#include <math.h>

#include "table/aggregate_run.h"

typedef struct Line {
    double n, x, y, xx, xy; /* count and means; then sums of squared and mixed distances */
} Line;

static bool line_row(const AggregateInput *in, size_t i, double *y, double *x)
{
    *y = aggregate_counts(in, i) ? column_real(in->x, i) : NAN;
    *x = column_real(in->y, i);
    return *y == *y && *x == *x;
}

static void measure_lines(const AggregateInput *in, Line *lines)
{
    double y, x;
    for (size_t i = 0; i < in->groups->rows; i++) {
        Line *l = &lines[in->groups->of[i]];
        if (!line_row(in, i, &y, &x))
            continue;
        l->n++;
        l->x += (x - l->x) / l->n;
        l->y += (y - l->y) / l->n;
    }
    for (size_t i = 0; i < in->groups->rows; i++) {
        Line *l = &lines[in->groups->of[i]];
        if (!line_row(in, i, &y, &x))
            continue;
        l->xx += (x - l->x) * (x - l->x);
        l->xy += (x - l->x) * (y - l->y);
    }
}

/* Least squares, of the first argument over the second. Times count in days, so that a slope can be read. */
Column *aggregate_slope(const AggregateInput *in, Error *e)
{
    const double unit = in->y->type == COLUMN_TIME ? 86400e6 : 1;
    if (!aggregate_needs_numbers(in, in->x, e))
        return NULL;
    if (in->y->type == COLUMN_TEXT || column_is_wide(in->y)) {
        error_set(e, ERROR_USAGE, "slope needs numbers or times to go along, but its second argument is %s", column_type_name(in->y->type));
        return NULL;
    }
    Line *lines = mem_try_alloc(in->groups->count + 1, sizeof *lines, e);
    Column *out = lines ? column_new(COLUMN_REAL, in->groups->count, e) : NULL;
    bool ok = out != NULL;
    if (ok) {
        out->decimals = -1;
        measure_lines(in, lines);
    }
    for (size_t g = 0; ok && g < out->rows; g++) {
        if (lines[g].xx > 0)
            out->data.reals[g] = lines[g].xy / lines[g].xx * unit;
        else
            ok = column_set_missing(out, g, e);
    }
    mem_free(lines);
    if (ok)
        return out;
    column_unref(out);
    return NULL;
}
