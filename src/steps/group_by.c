/* group_by: one row for each group of rows that agree in some columns, with what is computed of each group. */
#include "steps/group_until.h"
#include "steps/unit.h"

typedef struct GroupBy {
    TextList by;
    Value *make;
    char *as_of;
} GroupBy;

static const Field params[] = {
    {COLUMNS_FIELD(GroupBy, by), .doc = "rows that agree in these columns become one", .positional = true},
    {VALUE_FIELD(GroupBy, make), .doc = "new columns: {total = \"sum(x)\", late = \"count() where h > 22\"}", .def = "",
     .reads = makings_reads},
    {TEXT_FIELD(GroupBy, as_of), .names_column = true, .doc = "column of time: a row for each time too, made of the rows up to it",
     .def = ""},
    {0},
};

static bool check_names(const GroupBy *p, const Table *t, const int *by, size_t count, Error *e)
{
    if (!count)
        return error_set(e, ERROR_USAGE, "by names no column to group by");
    for (size_t i = 0; i < value_entries(p->make); i++)
        if (text_equal(p->make->keys[i], p->as_of))
            return error_set(e, ERROR_USAGE, "%s: it is the time of the rows; name the new one otherwise", p->make->keys[i]);
    for (size_t i = 0; i < value_entries(p->make); i++)
        for (size_t k = 0; k < count; k++)
            if (text_equal(p->make->keys[i], t->names[by[k]]))
                return error_set(e, ERROR_USAGE, "%s: rows are grouped by this column; name the new one otherwise", p->make->keys[i]);
    return true;
}

static Table *group_whole(Job *job, const StepInput *in, const int *by, size_t count, Makings *m, Error *e)
{
    Groups groups = {0};
    m->groups = &groups;
    bool ok = groups_make(job, in->rows, by, count, &groups, e) && makings_run(m, e);
    Table *out = ok ? groups_keys(&groups, in->rows, by, count, e) : NULL;
    if (out)
        tools_merge_groups(in, &groups);
    for (size_t i = 0; out && i < m->count; i++) {
        Column *made = m->items[i].column;
        m->items[i].column = NULL;
        if (made)
            tools_put(&out, m->items[i].name, made, e);
    }
    groups_done(&groups);
    return out;
}

static Table *group_rows(Job *job, const StepInput *in, const int *by, size_t count, Makings *m, Error *e)
{
    const GroupBy *p = in->params;
    GroupUntil until = {.by = by, .by_count = count, .m = m};
    if (!p->as_of || !*p->as_of)
        return group_whole(job, in, by, count, m, e);
    until.time = table_get(in->rows, p->as_of, e);
    if (until.time == TABLE_NONE || !unit_check_order(p->as_of, in->rows->columns[until.time], e)) {
        error_prefix(e, "as_of: ");
        return NULL;
    }
    return group_until(job, in, &until, e);
}

static bool group_by_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const GroupBy *p = in->params;
    int *by = NULL;
    size_t count = 0;
    Makings m = {.job = job, .t = in->rows};
    bool ok = tools_select(in, &p->by, &by, &count, e) && check_names(p, in->rows, by, count, e) && makings_plan(in, p->make, &m, e);
    *out = ok ? group_rows(job, in, by, count, &m, e) : NULL;
    if (*out)
        tools_note(in, "%zu rows became %zu, one for each %s%s", in->rows->rows, (*out)->rows, count == 1 ? (*out)->names[0] : "group",
                   p->as_of && *p->as_of ? " and time" : "");
    makings_done(&m);
    mem_free(by);
    return *out != NULL;
}

static void group_by_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const GroupBy *p = params_used;
    text_add(out, "by ");
    tools_list(&p->by, out);
    makings_describe(p->make, out);
    if (p->as_of && *p->as_of)
        text_addf(out, "  as of %s", p->as_of);
}

static const Example examples[] = {
    {"{\"by\": [\"id\"], \"make\": {\"calls\": \"count()\", \"minutes\": \"sum(ceil(m))\"}}", "id,m\na,1.5\nb,2\na,0.2\n",
     "id,calls,minutes\na,2,3\nb,1,2\n"},
    {"{\"by\": [\"id\"], \"make\": {\"night\": \"sum(m) where h >= 22\", \"top\": \"max(m)\"}}", "id,m,h\na,1,9\na,2,23\nb,3,8\n",
     "id,night,top\na,2,2\nb,0,3\n"},
    {"{\"by\": [\"id\"], \"make\": {\"calls\": \"count()\", \"top\": \"max(m)\"}, \"as_of\": \"day\"}",
     "id,day,m\na,2,5\na,1,3\nb,1,4\na,2,9\na,3,1\n", "id,day,calls,top\na,1,1,3\na,2,3,9\na,3,4,9\nb,1,1,4\n"},
    {"{\"by\": [\"id\"], \"make\": {\"x\": \"total(m)\"}}", "id,m\na,1\n", "error: x: \"total\" is no aggregate"},
    {"{\"by\": [\"id\"], \"make\": {\"x\": \"sum(t)\"}}", "id,t\na,u\n", "error: x: sum needs numbers, but its argument is text"},
};

static const char *const notes[] = {
    "make names new columns and says what they hold: count, sum, mean, median, sd, min, max, mode, first, last, distinct, "
    "quantile(x, 0.9), share(condition) and slope(y, x), of any expression; `where` and a condition behind it choose rows.",
    "as_of = \"day\" makes a row for each day of a group, of its rows up to that day: what was known then. A table made so is joined with "
    "how = \"asof\" and time = \"day\", and no sum holds what came later.",
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
