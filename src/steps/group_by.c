/* group_by: one row for each group of rows that agree in some columns, with what is computed of each group. */
#include <stdlib.h>
#include <string.h>

#include "steps/tools.h"
#include "table/aggregate.h"
#include "base/thread.h"

typedef struct GroupBy {
    TextList by;
    Value *make;
} GroupBy;

/* Columns that the aggregates of the map read. */
static void reads_columns(const Value *make, TextList *names)
{
    Error ignored = {0};
    for (size_t i = 0; make && make->type == VALUE_MAP && i < make->size; i++) {
        Aggregate *a = make->items[i]->type == VALUE_TEXT ? aggregate_parse(make->items[i]->text, &ignored) : NULL;
        if (a)
            aggregate_columns(a, names);
        aggregate_free(a);
    }
}

static const Field params[] = {
    {COLUMNS_FIELD(GroupBy, by), .doc = "rows that agree in these columns become one", .positional = true},
    {VALUE_FIELD(GroupBy, make), .doc = "new columns: {total = \"sum(x)\", late = \"count() where h > 22\"}", .def = "",
     .reads = reads_columns},
    {0},
};

/* One new column, on its way in a thread of the pool. */
typedef struct Making {
    const char *name;
    Aggregate *aggregate; /* NULL: it makes the target, which these rows do not know */
    Column *column;
    Error error;
} Making;

typedef struct Makings {
    Job *job;
    const Table *t;
    const Groups *groups;
    Making *items;
    size_t count;
} Makings;

static bool fails(const char *name, Error *e)
{
    return error_prefix(e, "%s: ", name);
}

static bool knows(const Table *t, const TextList *names)
{
    bool all = true;
    for (size_t i = 0; i < names->count; i++)
        all = all && table_find(t, names->items[i]) != TABLE_NONE;
    return all;
}

/* A feature made of the target would be unknown when predicting; the target itself is, and is left out there. */
static bool plan_column(const StepInput *in, const char *name, const Value *text, Making *out, Error *e)
{
    const char *target = in->roles ? in->roles->target : NULL;
    *out = (Making){.name = name};
    if (text->type != VALUE_TEXT)
        return error_set(e, ERROR_USAGE, "%s: expected an aggregate such as \"sum(x)\", found a %s", name, value_type_name(text->type));
    out->aggregate = aggregate_parse(text->text, e);
    if (!out->aggregate)
        return fails(name, e);
    TextList names = {0};
    aggregate_columns(out->aggregate, &names);
    bool makes_target = text_equal(name, target), reads = target && text_list_has(&names, target), is_known = knows(in->rows, &names);
    text_list_done(&names);
    if (reads && !makes_target)
        return error_set(e, ERROR_USAGE, "%s: it reads the target \"%s\", which is unknown when predicting", name, target);
    if (makes_target && !is_known) {
        aggregate_free(out->aggregate);
        out->aggregate = NULL;
    }
    return true;
}

static bool check_names(const GroupBy *p, const Table *t, const int *by, size_t count, Error *e)
{
    if (!count)
        return error_set(e, ERROR_USAGE, "by names no column to group by");
    if (p->make && p->make->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "make: expected names with aggregates, {total = \"sum(x)\"}, found a %s",
                         value_type_name(p->make->type));
    for (size_t i = 0; p->make && i < p->make->size; i++)
        for (size_t k = 0; k < count; k++)
            if (text_equal(p->make->keys[i], t->names[by[k]]))
                return error_set(e, ERROR_USAGE, "%s: rows are grouped by this column; name the new one otherwise", p->make->keys[i]);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const Making *)a)->name, ((const Making *)b)->name);
}

static bool plan_columns(const StepInput *in, Makings *m, Error *e)
{
    const GroupBy *p = in->params;
    bool ok = true;
    m->items = mem_alloc(((p->make ? p->make->size : 0) + 1) * sizeof *m->items);
    for (size_t i = 0; ok && p->make && i < p->make->size; i++)
        ok = plan_column(in, p->make->keys[i], p->make->items[i], &m->items[m->count++], e);
    qsort(m->items, m->count, sizeof *m->items, compare_names);
    return ok;
}

static void make_column(void *self, int index)
{
    Makings *m = self;
    Making *x = &m->items[index];
    if (x->aggregate)
        x->column = aggregate_run(m->job, x->aggregate, m->t, m->groups, &x->error);
}

static bool make_columns(Makings *m, Error *e)
{
    enum { SMALL = 20000 };
    Pool *pool = pool_new(m->t->rows < SMALL || !m->job ? 1 : m->job->threads > 0 ? m->job->threads : thread_cores(), e);
    if (!pool)
        return false;
    pool_run(pool, (int)m->count, make_column, m);
    pool_free(pool);
    for (size_t i = 0; i < m->count; i++) {
        Making *x = &m->items[i];
        if (x->aggregate && !x->column) {
            if (e)
                *e = x->error;
            return fails(x->name, e);
        }
    }
    return true;
}

static void makings_done(Makings *m)
{
    for (size_t i = 0; i < m->count; i++) {
        aggregate_free(m->items[i].aggregate);
        column_unref(m->items[i].column);
    }
    mem_free(m->items);
}

static bool group_by_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const GroupBy *p = in->params;
    int *by = NULL;
    size_t count = 0;
    Groups groups = {0};
    Makings m = {.job = job, .t = in->rows, .groups = &groups};
    bool ok = tools_select(in, &p->by, &by, &count, e) && check_names(p, in->rows, by, count, e) && plan_columns(in, &m, e) &&
              groups_make(job, in->rows, by, count, &groups, e) && make_columns(&m, e);
    *out = ok ? groups_keys(&groups, in->rows, by, count, e) : NULL;
    for (size_t i = 0; *out && i < m.count; i++) {
        Column *made = m.items[i].column;
        m.items[i].column = NULL;
        if (made)
            tools_put(out, m.items[i].name, made, e);
    }
    if (*out)
        tools_note(in, "%zu rows became %zu, one for each %s", in->rows->rows, groups.count, count == 1 ? (*out)->names[0] : "group");
    makings_done(&m);
    groups_done(&groups);
    mem_free(by);
    return *out != NULL;
}

static void group_by_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const GroupBy *p = params_used;
    text_add(out, "by ");
    tools_list(&p->by, out);
    for (size_t i = 0; p->make && p->make->type == VALUE_MAP && i < p->make->size; i++)
        text_addf(out, "%s%s = %s", i ? ", " : ": ", p->make->keys[i],
                  p->make->items[i]->type == VALUE_TEXT ? p->make->items[i]->text : "?");
}

static const Example examples[] = {
    {"{\"by\": [\"id\"], \"make\": {\"calls\": \"count()\", \"minutes\": \"sum(ceil(m))\"}}", "id,m\na,1.5\nb,2\na,0.2\n",
     "id,calls,minutes\na,2,3\nb,1,2\n"},
    {"{\"by\": [\"id\"], \"make\": {\"night\": \"sum(m) where h >= 22\", \"top\": \"max(m)\"}}", "id,m,h\na,1,9\na,2,23\nb,3,8\n",
     "id,night,top\na,2,2\nb,0,3\n"},
    {"{\"by\": [\"id\"], \"make\": {\"x\": \"total(m)\"}}", "id,m\na,1\n", "error: x: \"total\" is no aggregate"},
    {"{\"by\": [\"id\"], \"make\": {\"x\": \"sum(t)\"}}", "id,t\na,u\n", "error: x: sum needs numbers, but its argument is text"},
};

static const char *const notes[] = {
    "make names new columns and says what they hold: count, sum, mean, median, sd, min, max, mode, first, last, distinct, "
    "quantile(x, 0.9), share(condition) and slope(y, x), of any expression; `where` and a condition behind it choose rows.",
    "Missing values are passed over. Groups stand in the order of their first rows, and new columns in that of their names. Rows "
    "without a key are a group of their own.",
    NULL};

const Step step_group_by = {
    .spec = {.name = "group_by",
             .doc = "one row for each group, with sums, means, shares ...",
             .group = "expand",
             .params = params,
             .params_size = sizeof(GroupBy),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_DROPS_ROWS,
    .apply = group_by_apply,
    .describe = group_by_describe,
};
