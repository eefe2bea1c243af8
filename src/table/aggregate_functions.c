/* The aggregates: one pass in the order of the table over blocks of numbers, or, where an order matters, over the values of each group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "table/aggregate_run.h"

enum { BLOCK = 1024 };

typedef struct Cells { /* numbers of a block of rows; missing and not counted: NAN */
    size_t from, count;
    double x[BLOCK];
} Cells;

static void take_numbers(const Column *c, Cells *b)
{
    if (c->type == COLUMN_REAL)
        memcpy(b->x, c->data.reals + b->from, b->count * sizeof *b->x);
    else if (c->type == COLUMN_BOOL)
        for (size_t i = 0; i < b->count; i++)
            b->x[i] = c->data.flags[b->from + i];
    else
        for (size_t i = 0; i < b->count; i++)
            b->x[i] = (double)c->data.ints[b->from + i];
    for (size_t i = 0; c->missing && i < b->count; i++)
        b->x[i] = column_is_valid(c, b->from + i) ? b->x[i] : NAN;
}

static bool next_cells(const AggregateInput *in, const Column *c, Cells *b)
{
    b->from += b->count;
    b->count = in->groups->rows - b->from < BLOCK ? in->groups->rows - b->from : BLOCK;
    take_numbers(c, b);
    for (size_t i = 0; in->where && i < b->count; i++)
        b->x[i] = in->where[b->from + i] ? b->x[i] : NAN;
    return b->count > 0;
}

bool aggregate_needs_numbers(const AggregateInput *in, const Column *c, Error *e)
{
    if (column_is_numeric(c))
        return true;
    return error_set(e, ERROR_USAGE, "%s needs numbers, but its argument is %s; cast it, or use count, distinct, mode, first or last",
                     in->name, column_type_name(c->type));
}

static Column *new_column(const AggregateInput *in, ColumnType type, Error *e)
{
    Column *c = column_new(type, in->groups->count, e);
    if (c && type == COLUMN_REAL)
        c->decimals = -1;
    return c;
}

/* Groups without a value are missing. Takes c. */
static Column *with_gaps(Column *c, const uint32_t *values, uint32_t least, Error *e)
{
    for (size_t g = 0; c && g < c->rows; g++)
        if (values[g] < least && !column_set_missing(c, g, e)) {
            column_unref(c);
            return NULL;
        }
    return c;
}

static Column *run_count(const AggregateInput *in, Error *e)
{
    Column *out = new_column(in, COLUMN_INT, e);
    for (size_t i = 0; out && i < in->groups->rows; i++)
        out->data.ints[in->groups->of[i]] += aggregate_counts(in, i);
    return out;
}

static Column *sum_whole(const AggregateInput *in, Error *e)
{
    Column *out = new_column(in, COLUMN_INT, e);
    bool is_beyond = false;
    for (size_t i = 0; out && i < in->groups->rows; i++) {
        if (!aggregate_counts(in, i))
            continue;
        int64_t *sum = &out->data.ints[in->groups->of[i]];
        is_beyond |= __builtin_add_overflow(*sum, in->x->type == COLUMN_BOOL ? in->x->data.flags[i] : in->x->data.ints[i], sum);
    }
    if (!is_beyond)
        return out;
    error_set(e, ERROR_FAILED, "sum: a sum is beyond the whole numbers; use sum(x * 1.0)");
    column_unref(out);
    return NULL;
}

/* Sums and numbers of values by group; free both. */
typedef struct Sums {
    double *x;
    uint32_t *n;
} Sums;

static void sums_done(Sums *s)
{
    mem_free(s->x);
    mem_free(s->n);
}

static bool sums_make(const AggregateInput *in, const Column *c, Sums *s, Error *e)
{
    s->x = mem_try_alloc(in->groups->count + 1, sizeof *s->x, e);
    s->n = mem_try_alloc(in->groups->count + 1, sizeof *s->n, e);
    Cells b = {0};
    while (s->x && s->n && next_cells(in, c, &b)) {
        const uint32_t *of = in->groups->of + b.from;
        for (size_t i = 0; i < b.count; i++) {
            if (b.x[i] != b.x[i])
                continue;
            s->x[of[i]] += b.x[i];
            s->n[of[i]]++;
        }
    }
    return s->x && s->n;
}

static Column *run_sum(const AggregateInput *in, Error *e)
{
    Sums s = {0};
    if (!aggregate_needs_numbers(in, in->x, e))
        return NULL;
    if (in->x->type != COLUMN_REAL)
        return sum_whole(in, e);
    Column *out = sums_make(in, in->x, &s, e) ? new_column(in, COLUMN_REAL, e) : NULL;
    if (out)
        memcpy(out->data.reals, s.x, out->rows * sizeof *s.x);
    sums_done(&s);
    return out;
}

static Column *run_mean(const AggregateInput *in, Error *e)
{
    Sums s = {0};
    bool ok = aggregate_needs_numbers(in, in->x, e) && sums_make(in, in->x, &s, e);
    Column *out = ok ? new_column(in, COLUMN_REAL, e) : NULL;
    for (size_t g = 0; out && g < out->rows; g++)
        out->data.reals[g] = s.n[g] ? s.x[g] / s.n[g] : 0;
    out = out ? with_gaps(out, s.n, 1, e) : NULL;
    sums_done(&s);
    return out;
}

/* By the distances from the mean, so that a large mean costs no digits. */
static Column *run_sd(const AggregateInput *in, Error *e)
{
    Sums s = {0};
    bool ok = aggregate_needs_numbers(in, in->x, e) && sums_make(in, in->x, &s, e);
    Column *out = ok ? new_column(in, COLUMN_REAL, e) : NULL;
    Cells b = {0};
    for (size_t g = 0; out && g < out->rows; g++)
        s.x[g] /= s.n[g] ? s.n[g] : 1;
    while (out && next_cells(in, in->x, &b)) {
        const uint32_t *of = in->groups->of + b.from;
        for (size_t i = 0; i < b.count; i++) {
            double d = b.x[i] - s.x[of[i]];
            out->data.reals[of[i]] += d == d ? d * d : 0;
        }
    }
    for (size_t g = 0; out && g < out->rows; g++)
        out->data.reals[g] = s.n[g] > 1 ? sqrt(out->data.reals[g] / (s.n[g] - 1)) : 0;
    out = out ? with_gaps(out, s.n, 2, e) : NULL;
    sums_done(&s);
    return out;
}

/* The cells of chosen rows, one for each group; NO_ROW: missing. Takes rows. */
static const uint32_t NO_ROW = UINT32_MAX;

static Column *pick_rows(const AggregateInput *in, uint32_t *rows, Error *e)
{
    size_t count = in->groups->count, *at = mem_try_alloc(count + 1, sizeof *at, e);
    for (size_t g = 0; at && rows && g < count; g++)
        at[g] = rows[g] == NO_ROW ? 0 : rows[g];
    Column *out = at && rows ? column_select(in->x, at, count, e) : NULL;
    for (size_t g = 0; out && g < count; g++)
        if (rows[g] == NO_ROW && !column_set_missing(out, g, e)) {
            column_unref(out);
            out = NULL;
        }
    mem_free(at);
    mem_free(rows);
    return out;
}

static uint32_t *no_rows(const AggregateInput *in, Error *e)
{
    uint32_t *rows = mem_try_alloc(in->groups->count + 1, sizeof *rows, e);
    if (rows)
        memset(rows, 0xFF, in->groups->count * sizeof *rows);
    return rows;
}

static Column *pick_end(const AggregateInput *in, bool last, Error *e)
{
    uint32_t *rows = no_rows(in, e);
    for (size_t i = 0; rows && i < in->groups->rows; i++) {
        uint32_t *row = &rows[in->groups->of[i]];
        if (aggregate_counts(in, i) && (last || *row == NO_ROW))
            *row = (uint32_t)i;
    }
    return pick_rows(in, rows, e);
}

static Column *run_first(const AggregateInput *in, Error *e)
{
    return pick_end(in, false, e);
}

static Column *run_last(const AggregateInput *in, Error *e)
{
    return pick_end(in, true, e);
}

static bool is_ordered(const AggregateInput *in, Error *e)
{
    if (in->x->type != COLUMN_TEXT && !column_is_wide(in->x))
        return true;
    return error_set(e, ERROR_USAGE, "%s needs numbers or dates, but its argument is %s", in->name, column_type_name(in->x->type));
}

static Column *pick_extreme(const AggregateInput *in, bool largest, Error *e)
{
    uint32_t *rows = is_ordered(in, e) ? no_rows(in, e) : NULL;
    uint64_t *best = rows ? mem_try_alloc(in->groups->count + 1, sizeof *best, e) : NULL;
    for (size_t i = 0; best && i < in->groups->rows; i++) {
        uint32_t g = in->groups->of[i];
        if (!aggregate_counts(in, i))
            continue;
        uint64_t key = column_key(in->x, i);
        if (rows[g] != NO_ROW && (largest ? key <= best[g] : key >= best[g]))
            continue;
        best[g] = key;
        rows[g] = (uint32_t)i;
    }
    if (!best) {
        mem_free(rows);
        return NULL;
    }
    mem_free(best);
    return pick_rows(in, rows, e);
}

static Column *run_min(const AggregateInput *in, Error *e)
{
    return pick_extreme(in, false, e);
}

static Column *run_max(const AggregateInput *in, Error *e)
{
    return pick_extreme(in, true, e);
}

/* What counts, group after group: the numbers, or keys with their rows. */
typedef struct Gathered {
    size_t *starts; /* groups + 1 */
    double *x;
    uint64_t *keys;
    uint32_t *rows;
} Gathered;

static void gathered_done(Gathered *s)
{
    mem_free(s->starts);
    mem_free(s->x);
    mem_free(s->keys);
    mem_free(s->rows);
}

static bool gather(const AggregateInput *in, bool as_numbers, Gathered *s, Error *e)
{
    const Groups *g = in->groups;
    *s = (Gathered){.starts = mem_try_alloc(g->count + 2, sizeof *s->starts, e)};
    for (size_t i = 0; s->starts && i < g->rows; i++)
        s->starts[g->of[i] + 2] += aggregate_counts(in, i);
    for (size_t i = 2; s->starts && i < g->count + 2; i++)
        s->starts[i] += s->starts[i - 1];
    s->x = as_numbers ? mem_try_alloc(g->rows + 1, sizeof *s->x, e) : NULL;
    s->keys = as_numbers ? NULL : mem_try_alloc(g->rows + 1, sizeof *s->keys, e);
    s->rows = as_numbers ? NULL : mem_try_alloc(g->rows + 1, sizeof *s->rows, e);
    if (!s->starts || (as_numbers ? !s->x : !s->keys || !s->rows))
        return false;
    for (size_t i = 0; i < g->rows; i++) {
        if (!aggregate_counts(in, i))
            continue;
        size_t at = s->starts[g->of[i] + 1]++;
        if (as_numbers) {
            s->x[at] = column_real(in->x, i);
            continue;
        }
        s->keys[at] = column_key(in->x, i);
        s->rows[at] = (uint32_t)i;
    }
    return true;
}

/* Linear between neighbors, as numpy.quantile does by default. */
static double quantile_of(const double *sorted, size_t count, double p)
{
    double at = p * (double)(count - 1);
    size_t low = (size_t)at, high = low + 1 < count ? low + 1 : low;
    return sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]);
}

static Column *quantiles(const AggregateInput *in, double p, Error *e)
{
    Gathered s = {0};
    bool ok = aggregate_needs_numbers(in, in->x, e) && gather(in, true, &s, e);
    Column *out = ok ? new_column(in, COLUMN_REAL, e) : NULL;
    for (size_t g = 0; out && ok && g < out->rows; g++) {
        size_t count = s.starts[g + 1] - s.starts[g];
        ok = count ? sort_reals(s.x + s.starts[g], count, e) : column_set_missing(out, g, e);
        if (ok && count)
            out->data.reals[g] = quantile_of(s.x + s.starts[g], count, p);
    }
    gathered_done(&s);
    if (ok)
        return out;
    column_unref(out);
    return NULL;
}

static Column *run_median(const AggregateInput *in, Error *e)
{
    return quantiles(in, 0.5, e);
}

static Column *run_quantile(const AggregateInput *in, Error *e)
{
    return quantiles(in, in->number, e);
}

static bool has_keys(const AggregateInput *in, Error *e)
{
    return !column_is_wide(in->x) || error_set(e, ERROR_USAGE, "%s: arrays are not compared", in->name);
}

static Column *run_distinct(const AggregateInput *in, Error *e)
{
    Gathered s = {0};
    bool ok = has_keys(in, e) && gather(in, false, &s, e);
    Column *out = ok ? new_column(in, COLUMN_INT, e) : NULL;
    for (size_t g = 0; out && ok && g < out->rows; g++) {
        size_t from = s.starts[g], to = s.starts[g + 1];
        ok = sort_keys(s.keys + from, to - from, e);
        for (size_t i = from; ok && i < to; i++)
            out->data.ints[g] += i == from || s.keys[i] != s.keys[i - 1];
    }
    gathered_done(&s);
    if (ok)
        return out;
    column_unref(out);
    return NULL;
}

typedef struct Keyed {
    uint64_t key;
    uint32_t row;
} Keyed;

static int compare_keyed(const void *a, const void *b)
{
    const Keyed *x = a, *y = b;
    int by_key = (x->key > y->key) - (x->key < y->key);
    return by_key ? by_key : (x->row > y->row) - (x->row < y->row);
}

/* Of values that are equally frequent the one that is met first. */
static uint32_t mode_of(Keyed *items, size_t count)
{
    uint32_t best = NO_ROW;
    size_t most = 0;
    qsort(items, count, sizeof *items, compare_keyed);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && items[to].key == items[from].key;)
            to++;
        if (to - from > most || (to - from == most && items[from].row < best)) {
            most = to - from;
            best = items[from].row;
        }
    }
    return best;
}

static Column *run_mode(const AggregateInput *in, Error *e)
{
    Gathered s = {0};
    uint32_t *rows = has_keys(in, e) && gather(in, false, &s, e) ? no_rows(in, e) : NULL;
    Keyed *items = rows ? mem_try_alloc(in->groups->rows + 1, sizeof *items, e) : NULL;
    for (size_t g = 0; items && g < in->groups->count; g++) {
        size_t from = s.starts[g], count = s.starts[g + 1] - from;
        for (size_t i = 0; i < count; i++)
            items[i] = (Keyed){s.keys[from + i], s.rows[from + i]};
        rows[g] = mode_of(items, count);
    }
    gathered_done(&s);
    if (!items) {
        mem_free(rows);
        return NULL;
    }
    mem_free(items);
    return pick_rows(in, rows, e);
}

static Column *run_share(const AggregateInput *in, Error *e)
{
    if (in->x->type == COLUMN_BOOL)
        return run_mean(in, e);
    error_set(e, ERROR_USAGE, "share needs a condition, but its argument is %s; write share(x > 2)", column_type_name(in->x->type));
    return NULL;
}

static const AggregateFunction functions[] = {
    {"count", "count() or count(x)", "rows, or values that are not missing", 0, 1, false, run_count},
    {"distinct", "distinct(x)", "different values", 1, 1, false, run_distinct},
    {"first", "first(x)", "the first value, in the order of the rows", 1, 1, false, run_first},
    {"last", "last(x)", "the last value, in the order of the rows", 1, 1, false, run_last},
    {"max", "max(x)", "the largest; dates too", 1, 1, false, run_max},
    {"mean", "mean(x)", "the mean", 1, 1, false, run_mean},
    {"median", "median(x)", "the value in the middle", 1, 1, false, run_median},
    {"min", "min(x)", "the smallest; dates too", 1, 1, false, run_min},
    {"mode", "mode(x)", "the most frequent value; of several the one met first", 1, 1, false, run_mode},
    {"quantile", "quantile(x, 0.9)", "below it lies this share of the values", 2, 2, true, run_quantile},
    {"sd", "sd(x)", "standard deviation (n - 1); missing for one value", 1, 1, false, run_sd},
    {"share", "share(condition)", "how often the condition is true, 0 to 1", 1, 1, false, run_share},
    {"slope", "slope(y, x)", "change of y for one of x by least squares; a day, when x is a time", 2, 2, false, aggregate_slope},
    {"sum", "sum(x)", "the sum; 0 without a value", 1, 1, false, run_sum},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

const AggregateFunction *aggregate_function(const char *name)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if (text_equal(functions[i].name, name))
            return &functions[i];
    return NULL;
}

const AggregateFunction *aggregate_functions(size_t *count)
{
    *count = FUNCTIONS;
    return functions;
}

const char *aggregate_function_name(const void *unused, size_t i)
{
    (void)unused;
    return i < FUNCTIONS ? functions[i].name : NULL;
}
