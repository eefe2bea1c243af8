/* group_stats: what is typical of a level, as a column: the mean fee of a plan beside each row of the plan. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "steps/levels.h"

typedef struct GroupStats {
    TextList columns, stats;
    char *by;
    int64_t min_rows;
} GroupStats;

static const char *const stat_names[] = {"mean", "sd", "median", "min", "max", "count", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(GroupStats, columns), .doc = "columns of numbers to take the statistics of", .positional = true},
    {TEXT_FIELD(GroupStats, by), .doc = "the column whose levels are the groups", .names_column = true},
    {TEXTS_FIELD(GroupStats, stats), .doc = "mean, sd, median, min, max or count", .def = "mean", .choices = stat_names, .unique = true},
    {INT_FIELD(GroupStats, min_rows), .doc = "smaller groups get what is true of all rows", .def = "1", .min = 1, .max = 1000000000,
     .soft_min = 1, .soft_max = 50},
    {0},
};

static double sample_sd(const double *sorted, size_t count)
{
    return moments_of(sorted, count).sd_sample;
}

static double mean(const double *sorted, size_t count)
{
    return moments_of(sorted, count).mean;
}

static double median(const double *sorted, size_t count)
{
    return tools_quantile(sorted, count, 0.5);
}

static double least(const double *sorted, size_t count)
{
    return count ? sorted[0] : (double)NAN;
}

static double most(const double *sorted, size_t count)
{
    return count ? sorted[count - 1] : (double)NAN;
}

static double rows_of(const double *sorted, size_t count)
{
    (void)sorted;
    return (double)count;
}

typedef double Statistic(const double *sorted, size_t count); /* NAN: too few values */

static Statistic *statistic_of(const char *name)
{
    static Statistic *const statistics[] = {mean, sample_sd, median, least, most, rows_of};
    size_t i = 0;
    while (stat_names[i + 1] && !text_equal(stat_names[i], name))
        i++;
    return statistics[i];
}

/* The values of each level side by side and in order: those of level k are values[starts[k]] .. values[starts[k + 1]]. The last level is
 * that of missing cells. */
typedef struct Groups {
    double *values, *all;
    size_t *starts, levels, count;
} Groups;

static void groups_done(Groups *g)
{
    mem_free(g->values);
    mem_free(g->all);
    mem_free(g->starts);
}

static size_t level_at(const int32_t *rows, size_t row, const Groups *g)
{
    return rows[row] >= 0 ? (size_t)rows[row] : g->levels;
}

static bool groups_make(const Column *c, const int32_t *rows, size_t levels, Groups *g, Error *e)
{
    *g = (Groups){.levels = levels};
    g->values = mem_try_alloc(c->rows + 1, sizeof *g->values, e);
    g->starts = g->values ? mem_try_alloc(levels + 3, sizeof *g->starts, e) : NULL;
    g->all = g->starts ? tools_sorted(c, &g->count, e) : NULL;
    if (!g->all)
        return false;
    for (size_t i = 0; i < c->rows; i++)
        g->starts[level_at(rows, i, g) + 2] += isfinite(column_real(c, i)) ? 1 : 0;
    for (size_t k = 2; k < levels + 3; k++)
        g->starts[k] += g->starts[k - 1];
    for (size_t i = 0; i < c->rows; i++)
        if (isfinite(column_real(c, i)))
            g->values[g->starts[level_at(rows, i, g) + 1]++] = column_real(c, i);
    for (size_t k = 0; k <= levels; k++)
        if (!sort_reals(g->values + g->starts[k], g->starts[k + 1] - g->starts[k], e))
            return false;
    return true;
}

static double of_group(const GroupStats *p, const Groups *g, size_t level, Statistic *f, double overall)
{
    size_t count = g->starts[level + 1] - g->starts[level];
    double x = count >= (size_t)p->min_rows ? f(g->values + g->starts[level], count) : (double)NAN;
    return isfinite(x) ? x : overall;
}

static void learn(const StepInput *in, const char *column, const Groups *g, const Value *levels, LevelMap *map)
{
    const GroupStats *p = in->params;
    for (size_t i = 0; i < p->stats.count; i++) {
        Statistic *f = statistic_of(p->stats.items[i]);
        double overall = f(g->all, g->count);
        if (f == rows_of)
            overall = 0;
        if (!isfinite(overall)) {
            tools_note(in, "%s holds too few values for %s: it gives no such column", column, p->stats.items[i]);
            continue;
        }
        Value *values = value_list();
        for (size_t k = 0; k < levels->size; k++)
            value_add(values, value_real(f == rows_of ? f(NULL, g->starts[k + 1] - g->starts[k]) : of_group(p, g, k, f, overall)));
        char *name = text_format("%s_%s_by_%s", column, p->stats.items[i], p->by);
        double missing = f == rows_of ? f(NULL, g->starts[g->levels + 1] - g->starts[g->levels]) : of_group(p, g, g->levels, f, overall);
        level_map_add(map, &(LevelEntry){p->by, name, value_copy(levels), values, overall, missing});
        mem_free(name);
    }
}

static bool learn_column(const StepInput *in, const char *name, const int32_t *rows, const Value *levels, LevelMap *map, Error *e)
{
    Groups g;
    bool ok = groups_make(table_column(in->rows, name), rows, levels->size, &g, e);
    if (ok)
        learn(in, name, &g, levels, map);
    groups_done(&g);
    return ok;
}

static bool group_stats_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const GroupStats *p = in->params;
    TextList names = {0};
    level_map_open(state);
    int at = table_get(in->rows, p->by, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "by: ");
    Column *text = levels_text(in->rows->columns[at], e);
    size_t count;
    Level *found = text ? levels_count(text, &count) : NULL;
    Value *levels = found ? levels_list(found, count) : NULL;
    int32_t *rows = levels ? levels_rows(text, levels, e) : NULL;
    bool ok = rows && tools_resolve(in, &p->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn_column(in, names.items[i], rows, levels, state, e);
    mem_free(rows);
    value_free(levels);
    mem_free(found);
    column_unref(text);
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
    {"{\"columns\": [\"plan\"], \"by\": \"plan\"}", "plan,fee\na,10\n", "error: not a number"},
};

static const char *const notes[] = {
    "Learned from training rows: a group that training did not show, or one of fewer rows than min_rows, gets what is true of all rows, "
    "and "
    "a count of 0. Rows without a level are a group of their own. sd is that of a sample.",
    "The columns stand at the end as fee_mean_by_plan. With derive, fee / fee_mean_by_plan says how a row differs from its group.", NULL};

const Step step_group_stats = {
    .spec = {.name = "group_stats",
             .doc = "statistics of a column's group: mean, sd, median, min, max, count",
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
