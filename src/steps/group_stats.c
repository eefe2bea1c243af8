/* group_stats: what is typical of a level, as a column: the mean fee of a plan beside each row of the plan. */
#include <math.h>

#include "steps/levels.h"
#include "table/aggregate.h"

typedef struct GroupStats {
    TextList columns, stats;
    char *by;
    int64_t min_rows;
} GroupStats;

static const Field params[] = {
    {COLUMNS_FIELD(GroupStats, columns), .doc = "columns of numbers to take the statistics of", .positional = true},
    {TEXT_FIELD(GroupStats, by), .doc = "the column whose levels are the groups", .names_column = true},
    {TEXTS_FIELD(GroupStats, stats), .doc = "functions of group_by, such as mean, sd, median or count", .def = "mean", .unique = true},
    {INT_FIELD(GroupStats, min_rows), .doc = "groups of fewer values get what is true of all rows", .def = "1", .min = 1, .max = 1000000000,
     .soft_min = 1, .soft_max = 50},
    {0},
};

/* The rows by their level, and all of them as one group. */
typedef struct Learning {
    Job *job;
    const StepInput *in;
    Groups by_level, all;
    Column *by; /* as text */
} Learning;

static void learning_done(Learning *l)
{
    groups_done(&l->by_level);
    groups_done(&l->all);
    column_unref(l->by);
}

static bool learning_open(Job *job, const StepInput *in, Learning *l, Error *e)
{
    const GroupStats *p = in->params;
    *l = (Learning){.job = job, .in = in};
    int at = table_get(in->rows, p->by, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "by: ");
    if (!groups_make(job, in->rows, &at, 1, &l->by_level, e) || !groups_make(job, in->rows, NULL, 0, &l->all, e))
        return false;
    l->by = levels_text(in->rows->columns[at], e);
    return l->by != NULL;
}

/* "mean(`fee`)" */
static Aggregate *aggregate_of(const char *stat, const char *column, Error *e)
{
    Text text = {0};
    text_addf(&text, "%s(`", stat);
    for (const char *c = column; *c; c++) {
        text_add_char(&text, *c);
        if (*c == '`')
            text_add_char(&text, *c);
    }
    text_add(&text, "`)");
    Aggregate *a = aggregate_parse(text_get(&text), e);
    text_done(&text);
    return a;
}

static Column *run_stat(const Learning *l, const char *stat, const char *column, const Groups *g, Error *e)
{
    Aggregate *a = aggregate_of(stat, column, e);
    Column *c = a ? aggregate_run(l->job, a, l->in->rows, g, e) : NULL;
    aggregate_free(a);
    return c;
}

/* What one statistic of one column is in each group: groups that are too small, or that it says nothing of, are as all rows are. */
typedef struct Stat {
    const char *name, *column;
    Column *values, *counts;
    double overall, missing; /* missing: of the rows without a level */
    bool counting;           /* a group without rows has 0 of it */
} Stat;

static double value_in(const Learning *l, const Stat *s, size_t group)
{
    const GroupStats *p = l->in->params;
    double x = column_real(s->values, group);
    bool large = s->counting || column_real(s->counts, group) >= (double)p->min_rows;
    return large && isfinite(x) ? x : s->overall;
}

static void add_stat(const Learning *l, Stat *s, LevelMap *map)
{
    const GroupStats *p = l->in->params;
    Value *levels = value_list(), *values = value_list();
    s->missing = s->overall;
    for (size_t g = 0; g < l->by_level.count; g++) {
        size_t size;
        const char *level = column_text(l->by, l->by_level.first[g], &size);
        if (!level) {
            s->missing = value_in(l, s, g);
            continue;
        }
        value_add(levels, value_bytes(level, size));
        value_add(values, value_real(value_in(l, s, g)));
    }
    char *made = text_format("%s_%s_by_%s", s->column, s->name, p->by);
    level_map_add(map, &(LevelEntry){p->by, made, levels, values, s->overall, s->missing});
    mem_free(made);
}

static bool learn(const Learning *l, const char *column, const char *stat, LevelMap *map, Error *e)
{
    Stat s = {.name = stat, .column = column, .counting = text_equal(stat, "count")};
    Column *all = run_stat(l, stat, column, &l->all, e);
    s.values = all ? run_stat(l, stat, column, &l->by_level, e) : NULL;
    s.counts = s.values ? run_stat(l, "count", column, &l->by_level, e) : NULL;
    bool ok = s.counts != NULL;
    if (ok && !column_is_numeric(all))
        ok = error_set(e, ERROR_USAGE, "%s of %s is %s, not a number", stat, column, column_type_name(all->type));
    s.overall = !ok || s.counting ? 0 : all->rows ? column_real(all, 0) : (double)NAN;
    if (ok && isfinite(s.overall))
        add_stat(l, &s, map);
    else if (ok)
        tools_note(l->in, "%s holds too few values for %s: it gives no such column", column, stat);
    column_unref(all);
    column_unref(s.values);
    column_unref(s.counts);
    return ok;
}

static bool group_stats_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const GroupStats *p = in->params;
    TextList names = {0};
    Learning l;
    level_map_open(state);
    bool ok = learning_open(job, in, &l, e) && tools_resolve(in, &p->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        for (size_t k = 0; ok && k < p->stats.count; k++)
            ok = job_go_on(job, e) && learn(&l, names.items[i], p->stats.items[k], state, e);
    learning_done(&l);
    text_list_done(&names);
    return ok;
}

static bool group_stats_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return level_map_apply(job, in, state, (LevelRule){.keeps_column = true}, out, e);
}

static void group_stats_describe(const void *params_used, const void *state, Text *out)
{
    const GroupStats *p = params_used;
    if (state) {
        level_map_describe(NULL, state, out);
        return;
    }
    tools_list(&p->stats, out);
    text_add(out, " of ");
    tools_list(&p->columns, out);
    text_addf(out, " by %s", p->by ? p->by : "?");
}

static const Example examples[] = {
    {"{\"columns\": [\"fee\"], \"by\": \"plan\"}", "plan,fee\na,10\na,20\nb,40\n,6\n",
     "plan,fee,fee_mean_by_plan\na,10,15\na,20,15\nb,40,40\n,6,6\n"},
    {"{\"columns\": [\"fee\"], \"by\": \"plan\", \"stats\": [\"median\", \"count\"], \"min_rows\": 2}",
     "plan,fee\na,1\na,2\na,9\nb,40\nb,\n",
     "plan,fee,fee_median_by_plan,fee_count_by_plan\na,1,2,3\na,2,2,3\na,9,2,3\nb,40,5.5,1\nb,,5.5,1\n"},
    {"{\"columns\": [\"fee\"], \"by\": \"plam\"}", "plan,fee\na,10\n", "error: did you mean \"plan\"?"},
    {"{\"columns\": [\"fee\"], \"by\": \"plan\", \"stats\": [\"avg\"]}", "plan,fee\na,10\n", "error: avg"},
    {"{\"columns\": [\"plan\"], \"by\": \"plan\"}", "plan,fee\na,10\n", "error: not a number"},
};

static const char *const notes[] = {
    "Learned from training rows: a group that training did not show, or one of fewer rows than min_rows, gets what is true of all rows, "
    "and "
    "a count of 0. Rows without a level are a group of their own. sd is that of a sample.",
    "The columns stand at the end as fee_mean_by_plan. With derive, fee / fee_mean_by_plan says how a row differs from its group.", NULL};

const Step step_group_stats = {
    .spec = {.name = "group_stats",
             .doc = "what is typical of a row's group, such as its mean, as a column",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(GroupStats),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = level_map_fields,
    .state_size = sizeof(LevelMap),
    .effect = STEP_MAP,
    .mixes_columns = true,
    .fit = group_stats_fit,
    .apply = group_stats_apply,
    .describe = group_stats_describe,
};
