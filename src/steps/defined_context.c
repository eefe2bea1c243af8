/* Steps of modules that look at other rows: run group by group, rows in order of time, and held to what they said they see. */
#include <math.h>

#include "steps/defined.h"
#include "steps/series.h"

/* One run of such a step: its columns in the order of the past, and what is made of them. */
typedef struct Context {
    Job *job;
    const StepInput *in;
    const DefinedStep *step;
    TextList given;
    Value *params;
    Past *past;
    Table *ordered; /* the columns given, rows group after group, those without a place in time left out */
    size_t *rows;   /* of each row of `ordered` that of the input */
    size_t *starts; /* groups + 1 */
    size_t groups;
    Table **made; /* of each group */
} Context;

static bool is_role(const char *name)
{
    return text_equal(name, "by") || text_equal(name, "time");
}

static bool give_columns(Context *c, const Field *f, Error *e)
{
    const TextList *selectors = (const TextList *)(const void *)((const char *)c->in->params + f->offset);
    TextList names = {0};
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(c->in, selectors, &columns, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        const char *name = c->in->rows->names[columns[i]];
        text_list_add(&names, name);
        if (is_role(f->name))
            continue;
        ok = series_check_present(c->in, name, "make a lag of it, and give that", e);
        if (ok && !text_list_has(&c->given, name))
            text_list_add(&c->given, name);
    }
    value_set(c->params, f->name, value_texts(&names));
    text_list_done(&names);
    mem_free(columns);
    return ok;
}

static bool resolve(Context *c, Error *e)
{
    c->params = value_map();
    for (const Field *f = c->in->step->spec.params; f->name; f++) {
        bool selects = f->type == FIELD_COLUMNS;
        if (!selects)
            value_set(c->params, f->name, field_get(f, c->in->params));
        if (selects ? !give_columns(c, f, e) : !is_role(f->name) && !defined_give_named(c->in, f, &c->given, e))
            return false;
    }
    return true;
}

static bool find_past(Context *c, Error *e)
{
    const Field *fields = c->in->step->spec.params, *by = fields_find(fields, "by"), *time = fields_find(fields, "time");
    PastAsk ask = {.by = (const TextList *)(const void *)((const char *)c->in->params + by->offset),
                   .time = *(char *const *)(const void *)((const char *)c->in->params + time->offset),
                   .any_order = c->in->step->needs == NEEDS_GROUP};
    c->past = past_get(c->job, c->in, &ask, e);
    return c->past != NULL;
}

static bool order_rows(Context *c, Error *e)
{
    size_t groups = c->past->order.groups, count = 0;
    c->rows = mem_try_alloc(c->in->rows->rows + 1, sizeof *c->rows, e);
    c->starts = mem_try_alloc(groups + 2, sizeof *c->starts, e);
    if (!c->rows || !c->starts)
        return false;
    for (size_t g = 0; g < groups; g++) {
        PastGroup group = past_group(c->past, g);
        c->starts[c->groups] = count;
        for (size_t i = 0; i < group.count; i++)
            c->rows[count++] = group.rows[i];
        c->groups += group.count > 0;
    }
    c->groups += c->groups == 0; /* no rows at all: it still says what it makes */
    c->starts[0] = 0;
    c->starts[c->groups] = count;
    Table *given = defined_given(c->in, &c->given, e);
    c->ordered = given ? table_select(given, c->rows, count, e) : NULL;
    c->made = mem_alloc((c->groups + 1) * sizeof(Table *));
    table_unref(given);
    return c->ordered != NULL;
}

static DefinedCall call_of(const Context *c)
{
    return (DefinedCall){
        .job = c->job, .step = c->step, .columns = c->ordered, .params = c->params, .starts = c->starts, .groups = c->groups};
}

static bool is_empty(const Column *c)
{
    return c->missing == c->rows;
}

/* A mean of the same numbers in another order differs in its last digit. */
static bool is_near(double x, double y)
{
    return fabs(x - y) <= 1e-9 * (1 + fabs(x) + fabs(y)) || (isnan(x) && isnan(y));
}

static bool cells_agree(const Column *a, size_t i, const Column *b, size_t k)
{
    if (column_is_valid(a, i) != column_is_valid(b, k))
        return false;
    if (a->type != b->type || !column_is_valid(a, i))
        return a->type == b->type || !column_is_valid(a, i);
    if (column_is_numeric(a))
        return is_near(column_real(a, i), column_real(b, k));
    Text x = {0}, y = {0};
    column_format(a, i, &x);
    column_format(b, k, &y);
    bool same = text_equal(text_get(&x), text_get(&y));
    text_done(&x);
    text_done(&y);
    return same;
}

/* What it makes of some rows of a group alone: from `first` on it must be what it was. */
typedef struct Trial {
    size_t group, count, first;
    size_t (*row)(const struct Trial *t, size_t i); /* of the group, from 0 */
    size_t size;                                    /* rows of the group */
    const char *why;                                /* they differ */
} Trial;

static size_t row_forward(const Trial *t, size_t i)
{
    (void)t;
    return i;
}

static size_t row_at_end(const Trial *t, size_t i)
{
    return t->size - t->count + i;
}

static size_t row_turned(const Trial *t, size_t i)
{
    return t->size - 1 - i;
}

static bool check_same(const Trial *t, const Table *was, const Table *is, Error *e)
{
    for (size_t k = 0; k < was->columns_count; k++) {
        const Column *own = table_column(is, was->names[k]);
        for (size_t i = t->first; i < t->count; i++)
            if (!own || !cells_agree(was->columns[k], t->row(t, i), own, i))
                return error_set(e, ERROR_FAILED, "what apply makes of a row in \"%s\" changes when %s", was->names[k], t->why);
    }
    return true;
}

static bool try_rows(const Context *c, const Trial *t, Error *e)
{
    size_t *rows = mem_try_alloc(t->count + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < t->count; i++)
        rows[i] = c->starts[t->group] + t->row(t, i);
    Table *picked = rows ? table_select(c->ordered, rows, t->count, e) : NULL, *again = NULL;
    DefinedCall call = call_of(c);
    call.columns = picked;
    bool ok = picked && defined_apply_one(&call, &again, e) && check_same(t, c->made[t->group], again, e);
    table_unref(picked);
    table_unref(again);
    mem_free(rows);
    return ok;
}

/* The largest of those that are tried whole; where all are larger the smallest. */
static size_t group_to_try(const Context *c, size_t most)
{
    size_t best = 0, rows = c->starts[1] - c->starts[0];
    for (size_t g = 1; g < c->groups; g++) {
        size_t own = c->starts[g + 1] - c->starts[g];
        bool fits = own <= most, fitted = rows <= most;
        if (fits == fitted ? (fits ? own > rows : own < rows) : fits) {
            rows = own;
            best = g;
        }
    }
    return best;
}

static bool check_past(const Context *c, size_t group, Error *e)
{
    enum { TRIED_MOST = 64 };
    size_t size = c->starts[group + 1] - c->starts[group], window = (size_t)c->step->window;
    Trial head = {.group = group,
                  .size = size,
                  .count = size / 2 < TRIED_MOST ? size / 2 : TRIED_MOST,
                  .row = row_forward,
                  .why = "later rows are left out; a step that needs the past sees no row behind its own"};
    Trial tail = {.group = group,
                  .size = size,
                  .count = window,
                  .first = window - 1,
                  .row = row_at_end,
                  .why = "rows before its window are left out; window = N says how many rows it sees"};
    return (!head.count || try_rows(c, &head, e)) && (!window || window >= size || try_rows(c, &tail, e));
}

static bool check_group(const Context *c, size_t group, Error *e)
{
    size_t size = c->starts[group + 1] - c->starts[group];
    Trial all = {.group = group,
                 .size = size,
                 .count = size,
                 .row = row_turned,
                 .why = "the rows of its group stand in another order, or other groups are left out"};
    return size < 2 || try_rows(c, &all, e);
}

/* The groups agree on names and types; a column without a value has the type of the others. */
static bool type_of_made(const Context *c, const char *name, ColumnType *type, Error *e)
{
    bool any = false;
    *type = COLUMN_REAL;
    for (size_t g = 0; g < c->groups; g++) {
        const Column *one = table_column(c->made[g], name);
        if (!one)
            return error_set(e, ERROR_FAILED, "it makes \"%s\" for some groups and not for others", name);
        if (is_empty(one))
            continue;
        if (any && one->type != *type)
            return error_set(e, ERROR_FAILED, "it makes \"%s\" of type %s for some groups and %s for others", name, column_type_name(*type),
                             column_type_name(one->type));
        *type = one->type;
        any = true;
    }
    return true;
}

static Column *gather(const Context *c, const char *name, Error *e)
{
    ColumnType type;
    Column *out = type_of_made(c, name, &type, e) ? column_new(type, c->in->rows->rows, e) : NULL;
    bool ok = out != NULL;
    for (size_t row = 0; ok && row < out->rows; row++)
        ok = column_set_missing(out, row, e);
    for (size_t g = 0; ok && g < c->groups; g++) {
        const Column *one = table_column(c->made[g], name);
        for (size_t i = 0; ok && i < one->rows; i++) {
            size_t row = c->rows[c->starts[g] + i];
            if (!column_is_valid(one, i))
                continue;
            column_set_valid(out, row);
            ok = tools_copy_cell(out, row, one, i, e);
        }
    }
    if (ok)
        return out;
    column_unref(out);
    return NULL;
}

static bool put_made(const Context *c, Table **out, Error *e)
{
    const Table *first = c->made[0];
    for (size_t g = 1; g < c->groups; g++)
        if (c->made[g]->columns_count != first->columns_count)
            return error_set(e, ERROR_FAILED, "it makes %zu columns for some groups and %zu for others", first->columns_count,
                             c->made[g]->columns_count);
    *out = table_ref(c->in->rows);
    for (size_t k = 0; k < first->columns_count; k++)
        if (!tools_put(out, first->names[k], gather(c, first->names[k], e), e))
            return false;
    return true;
}

static bool check_sight(const Context *c, Error *e)
{
    enum { TRIED_MOST = 4096 };
    bool is_past = c->in->step->needs == NEEDS_PAST;
    bool (*check)(const Context *, size_t, Error *) = is_past ? check_past : check_group;
    size_t large = group_to_try(c, is_past ? SIZE_MAX : TRIED_MOST), last = c->groups - 1;
    /* a function that remembers what it was given before shows that behind other groups */
    return check(c, large, e) && (large == last || check(c, last, e));
}

static void mark_short(const Context *c)
{
    if (c->step->window > 1)
        past_mark_short(c->in, c->past, (size_t)c->step->window - 1, c->step->step.spec.name);
}

static void context_done(Context *c)
{
    for (size_t g = 0; c->made && g < c->groups; g++)
        table_unref(c->made[g]);
    mem_free(c->made);
    table_unref(c->ordered);
    past_unref(c->past);
    mem_free(c->rows);
    mem_free(c->starts);
    value_free(c->params);
    text_list_done(&c->given);
}

bool defined_apply_context(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    Context c = {.job = job, .in = in, .step = defined_step(in->step)};
    bool ok = resolve(&c, e) && find_past(&c, e) && order_rows(&c, e);
    DefinedCall call = ok ? call_of(&c) : (DefinedCall){0};
    ok = ok && defined_apply_groups(&call, c.made, e);
    for (size_t g = 0; ok && g < c.groups; g++)
        ok = defined_check_made(in, &c.given, c.made[g], e);
    ok = ok && (!in->notes || check_sight(&c, e)) && put_made(&c, out, e);
    if (ok)
        mark_short(&c);
    context_done(&c);
    return ok;
}
