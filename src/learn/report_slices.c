/* The card by slice: the rows parted by the values of one column, each part with figures of its own. What the net has never been shown
 * as a feature may part them too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "learn/report_part.h"

enum { RANGES = 5, ENOUGH = 30, CATEGORIES_MOST = REPORT_SLICES - 2, NULL_MOST = 255 };
static const char missing_name[] = "null", others_name[] = "all others";

static void slice_done(ReportSlice *s)
{
    mem_free(s->column);
    text_list_done(&s->names);
    mem_free(s->of);
    *s = (ReportSlice){0};
}

void report_slices_done(Report *r)
{
    for (size_t i = 0; i < r->slices_count; i++)
        slice_done(&r->slices[i]);
    mem_free(r->slices);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* As the column has it; a date is written by a row that holds it. */
static char *shown(const Report *r, const Column *c, double x)
{
    char number[NUMBER_ROOM];
    if (column_is_numeric(c))
        return mem_strdup(c->type == COLUMN_REAL && c->decimals >= 0 ? number_format_fixed(x, c->decimals, number)
                                                                     : number_format_real(x, number));
    Text text = {0};
    size_t i = 0;
    while (i + 1 < r->out.data.rows && column_real(c, r->at[i]) != x)
        i++;
    column_format(c, r->at[i], &text);
    return text_take(&text);
}

static void add_range(const Report *r, const Column *c, double low, double high, TextList *names)
{
    char *from = shown(r, c, low), *to = shown(r, c, high), *name = low < high ? text_format("%s to %s", from, to) : mem_strdup(to);
    text_list_add(names, name);
    mem_free(name);
    mem_free(from);
    mem_free(to);
}

/* Fifths of the values that are there; equal values stay together. */
static bool by_ranges(const Report *r, const Column *c, ReportSlice *s, Error *e)
{
    size_t rows = r->out.data.rows, n = 0;
    double *sorted = mem_try_alloc(rows + 1, sizeof *sorted, e), ends[RANGES], low = 0;
    if (!sorted)
        return false;
    for (size_t i = 0; i < rows; i++)
        if (isfinite(column_real(c, r->at[i])))
            sorted[n++] = column_real(c, r->at[i]);
    qsort(sorted, n, sizeof *sorted, by_value);
    size_t count = 0;
    for (size_t k = 0; n && k < RANGES; k++) {
        double end = sorted[n * (k + 1) / RANGES - (n * (k + 1) / RANGES > 0)];
        if (count && end <= ends[count - 1])
            continue;
        low = sorted[0];
        for (size_t i = 0; count && i < n && low <= ends[count - 1]; i++)
            low = sorted[i];
        ends[count++] = end;
        add_range(r, c, low, end, &s->names);
    }
    for (size_t i = 0; i < rows; i++) {
        double x = column_real(c, r->at[i]);
        uint8_t k = 0;
        while (isfinite(x) && k + 1 < (uint8_t)count && x > ends[k])
            k++;
        s->of[i] = isfinite(x) ? k : NULL_MOST;
    }
    mem_free(sorted);
    return true;
}

typedef struct Level {
    char *name;
    size_t rows;
} Level;

static int by_rows(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows < y->rows ? 1 : -1;
    return strcmp(x->name, y->name);
}

typedef struct Levels {
    Level *items;
    size_t count, room;
} Levels;

static size_t level_of(Levels *l, const char *name)
{
    for (size_t k = 0; k < l->count; k++)
        if (text_equal(l->items[k].name, name))
            return k;
    return SIZE_MAX;
}

/* A column with more values than so many tells nothing by value. */
static bool find_levels(const Report *r, const Column *c, Levels *l)
{
    enum { VALUES_MOST = 64 };
    Text text = {0};
    for (size_t i = 0; i < r->out.data.rows && l->count <= VALUES_MOST; i++) {
        if (!column_is_valid(c, r->at[i]))
            continue;
        text_clear(&text);
        column_format(c, r->at[i], &text);
        size_t k = level_of(l, text_get(&text));
        if (k == SIZE_MAX) {
            MEM_GROW(l->items, l->count, l->room);
            k = l->count++;
            l->items[k] = (Level){mem_strdup(text_get(&text)), 0};
        }
        l->items[k].rows++;
    }
    text_done(&text);
    return l->count <= VALUES_MOST;
}

/* Values by how often they occur; those behind the first few go together. */
static bool by_levels(const Report *r, const Column *c, ReportSlice *s)
{
    Levels l = {0};
    Text text = {0};
    bool few = find_levels(r, c, &l);
    if (l.count)
        qsort(l.items, l.count, sizeof *l.items, by_rows);
    bool whole = l.count <= CATEGORIES_MOST + 1;
    size_t own = whole ? l.count : CATEGORIES_MOST;
    for (size_t k = 0; few && k < own; k++)
        text_list_add(&s->names, l.items[k].name);
    if (few && !whole)
        text_list_add(&s->names, others_name);
    for (size_t i = 0; few && i < r->out.data.rows; i++) {
        text_clear(&text);
        column_format(c, r->at[i], &text);
        size_t k = column_is_valid(c, r->at[i]) ? level_of(&l, text_get(&text)) : NULL_MOST;
        s->of[i] = (uint8_t)(k < own || k == NULL_MOST ? k : own);
    }
    for (size_t k = 0; k < l.count; k++)
        mem_free(l.items[k].name);
    mem_free(l.items);
    text_done(&text);
    return few;
}

static void add_missing(const Report *r, ReportSlice *s)
{
    uint8_t place = (uint8_t)s->names.count;
    bool any = false;
    for (size_t i = 0; i < r->out.data.rows; i++) {
        any = any || s->of[i] == NULL_MOST;
        s->of[i] = s->of[i] == NULL_MOST ? place : s->of[i];
    }
    if (any)
        text_list_add(&s->names, missing_name);
}

static bool part_rows(const Report *r, const Column *c, ReportSlice *s, Error *e)
{
    enum { CODES_MOST = 6 }; /* whole numbers of so few values are names */
    Levels l = {0};
    bool few = c->type != COLUMN_REAL && find_levels(r, c, &l) && (c->type != COLUMN_INT || l.count <= CODES_MOST);
    for (size_t k = 0; k < l.count; k++)
        mem_free(l.items[k].name);
    mem_free(l.items);
    s->of = mem_try_alloc(r->out.data.rows + 1, sizeof *s->of, e);
    if (!s->of || (few ? !by_levels(r, c, s) : !by_ranges(r, c, s, e)))
        return false;
    add_missing(r, s);
    return true;
}

/* The rows of one slice as a part of their own. */
typedef struct Slicing {
    Dataset data;
    float *outputs;
} Slicing;

static void gather(const Report *r, const ReportSlice *s, size_t item, Slicing *to)
{
    const TargetInfo *t = &r->model->target;
    size_t outputs = target_outputs(t), numbers = target_numbers(t), n = 0;
    for (size_t i = 0; i < r->out.data.rows; i++) {
        if (s->of[i] != item)
            continue;
        memcpy(to->outputs + n * outputs, r->out.outputs + i * outputs, outputs * sizeof *to->outputs);
        if (t->is_classes)
            to->data.labels[n] = r->out.data.labels[i];
        else
            memcpy(to->data.values + n * numbers, r->out.data.values + i * numbers, numbers * sizeof *to->data.values);
        n++;
    }
    to->data.rows = n;
}

static bool slicing_init(const Report *r, Slicing *s, Error *e)
{
    const TargetInfo *t = &r->model->target;
    size_t rows = r->out.data.rows + 1;
    *s = (Slicing){.outputs = mem_try_alloc(rows * target_outputs(t), sizeof *s->outputs, e)};
    s->data.labels = t->is_classes ? mem_try_alloc(rows, sizeof *s->data.labels, e) : NULL;
    s->data.values = t->is_classes ? NULL : mem_try_alloc(rows * target_numbers(t), sizeof *s->data.values, e);
    return s->outputs && (s->data.labels || s->data.values);
}

static double mean_loss(const Report *r, const ReportSlice *s, size_t item, size_t rows)
{
    double sum = 0;
    for (size_t i = 0; i < r->out.data.rows; i++)
        sum += s->of[i] == item ? r->losses[i] : 0;
    return rows ? sum / (double)rows : (double)NAN;
}

/* Shares that happened and that were said, of the positive class: where they part, the model is off for these rows. */
static void add_shares(const Report *r, const ReportSlice *s, size_t item, size_t rows, Value *one)
{
    double said = 0, happened = 0;
    for (size_t i = 0; i < r->out.data.rows; i++)
        if (s->of[i] == item) {
            said += report_said(r, i);
            happened += report_happened(r, i);
        }
    value_set(one, "said", value_real(said / (double)rows));
    value_set(one, "happened", value_real(happened / (double)rows));
}

static bool add_item(const Report *r, const ReportSlice *s, size_t item, Slicing *buffer, Error *e)
{
    const TargetInfo *t = &r->model->target;
    gather(r, s, item, buffer);
    Value *one = value_map(), *metrics = metrics_of(t, &buffer->data, buffer->outputs, r->threshold, e);
    value_set(one, "value", value_text(s->names.items[item]));
    value_set(one, "rows", value_int((int64_t)buffer->data.rows));
    value_set(one, "loss", value_real(mean_loss(r, s, item, buffer->data.rows)));
    if (t->is_classes)
        add_shares(r, s, item, buffer->data.rows, one);
    for (size_t i = 0; metrics && i < metric_count(); i++) {
        const char *name = metric_at(i)->spec.name;
        if (!metric_at(i)->is_minor && value_get(metrics, name) && !text_equal(name, METRIC_LOSS))
            value_set(one, name, value_copy(value_get(metrics, name)));
    }
    value_add(s->items, one);
    value_free(metrics);
    return metrics;
}

static double gap_of(const Report *r, const ReportSlice *s)
{
    const char *leading = metric_leading(target_classes(&r->model->target))->spec.name;
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < value_items(s->items); k++) {
        double x = value_get_real(s->items->items[k], leading, NAN);
        if (value_get_int(s->items->items[k], "rows", 0) < ENOUGH || isnan(x))
            continue;
        low = fmin(low, x);
        high = fmax(high, x);
    }
    return high > low ? high - low : (double)NAN;
}

static bool add_slice(Report *r, const char *name, const Column *c, Slicing *buffer, Error *e)
{
    ReportSlice *s = &r->slices[r->slices_count++];
    bool ok = true;
    *s = (ReportSlice){.column = mem_strdup(name)};
    if (!part_rows(r, c, s, e) || s->names.count < 2) {
        slice_done(s);
        r->slices_count--;
        return !e || e->code == ERROR_NONE;
    }
    s->items = value_list();
    for (size_t k = 0; ok && k < s->names.count; k++)
        ok = add_item(r, s, k, buffer, e);
    s->gap = gap_of(r, s);
    return ok;
}

static int by_falling_gap(const void *a, const void *b)
{
    const ReportSlice *x = a, *y = b;
    bool one = !isnan(x->gap), two = !isnan(y->gap);
    if (one != two || !one || x->gap == y->gap)
        return one != two ? (one < two) - (one > two) : strcmp(x->column, y->column);
    return x->gap < y->gap ? 1 : -1;
}

static void put_into_card(Report *r)
{
    Value *list = value_list();
    if (r->slices_count)
        qsort(r->slices, r->slices_count, sizeof *r->slices, by_falling_gap);
    for (size_t i = 0; i < r->slices_count; i++) {
        Value *one = value_map();
        value_set(one, "column", value_text(r->slices[i].column));
        value_set(one, "gap", value_real(r->slices[i].gap));
        value_set(one, "items", r->slices[i].items);
        value_add(list, one);
    }
    value_set(r->card, "slices", list);
}

/* Names that are as many as rows tell nothing; who asks for such a column by name gets no slices of it. */
static bool parts_rows(const Report *r, const Column *c, const char *name)
{
    Levels l = {0};
    bool few = c->type == COLUMN_INT || c->type == COLUMN_REAL || c->type == COLUMN_DATE || c->type == COLUMN_TIME ||
               (c->type != COLUMN_ARRAY && find_levels(r, c, &l));
    for (size_t k = 0; k < l.count; k++)
        mem_free(l.items[k].name);
    mem_free(l.items);
    return few && !text_equal(name, r->model->target.name);
}

bool report_add_slices(Report *r, const TextList *columns, Error *e)
{
    const Table *t = r->judged.rows;
    bool all = !columns || !columns->count, ok = true;
    Slicing buffer;
    for (size_t i = 0; !all && i < columns->count; i++)
        if (!table_column(t, columns->items[i]))
            return error_set(e, ERROR_USAGE, "slices: there is no column %s behind the steps before the split", columns->items[i]);
    r->slices = mem_alloc((t->columns_count + 1) * sizeof *r->slices);
    ok = slicing_init(r, &buffer, e);
    for (size_t i = 0; ok && i < t->columns_count; i++)
        if ((all || text_list_has(columns, t->names[i])) && parts_rows(r, t->columns[i], t->names[i]))
            ok = add_slice(r, t->names[i], t->columns[i], &buffer, e);
    put_into_card(r);
    mem_free(buffer.outputs);
    mem_free(buffer.data.labels);
    mem_free(buffer.data.values);
    return ok;
}
