/* Parts of rows. Parts by stratum are exact: units are ranked by their hash within each stratum. Parts at random go by the hash of the
 * unit alone, so that rows that are added never move old ones. Parts in time are cut between distinct times. */
#include "steps/split.h"

#include <math.h>

#include "base/rng.h"
#include "steps/split_internal.h"

static const char *const by_choices[] = {"stratified", "random", "group", "time", NULL};

static const Field params[] = {
    {CHOICE_FIELD(SplitPlan, by), .doc = "how rows are assigned", .def = "stratified", .choices = by_choices},
    {REAL_FIELD(SplitPlan, train), .doc = "share of training rows", .def = "0.7", .min = 0.01, .max = 1, .soft_min = 0.5, .soft_max = 0.9},
    {REAL_FIELD(SplitPlan, valid), .doc = "share of validation rows", .def = "0.15", .min = 0, .max = 0.9, .soft_min = 0.05,
     .soft_max = 0.3},
    {REAL_FIELD(SplitPlan, test), .doc = "share of test rows", .def = "0.15", .min = 0, .max = 0.9, .soft_min = 0.05, .soft_max = 0.3},
    {INT_FIELD(SplitPlan, seed), .doc = "seed of the hash; -1: the pipeline's", .def = "-1", .min = -1, .max = 9007199254740992.0,
     .soft_min = -1, .soft_max = 100},
    {TEXT_FIELD(SplitPlan, column), .names_column = true, .doc = "column of groups or of time", .when = "by=group|time", .def = ""},
    {REAL_FIELD(SplitPlan, gap), .doc = "days, seconds or numbers before a later part that are left out", .when = "by=time", .def = "0",
     .min = 0, .max = 1e15, .soft_min = 0, .soft_max = 30},
    {EXPRESSION_FIELD(SplitPlan, where), .doc = "condition of the rows that train and validate; the test part has all", .def = "",
     .is_sparse = true},
    {0},
};

static const char *const notes[] = {
    "What belongs together is never parted: the rows of a group, else of a key, else a row alone. Cross-validation and early stopping go "
    "by "
    "the same unit.",
    "stratified and group: shares are exact in each class of the target (of units, by the class of most of their rows), by rank of a hash. "
    "Rows that are added may move a border row to another part.",
    "random: by the hash of the unit alone. Rows that are added never move old ones; shares hold approximately.",
    "time: train is first, test last. Equal times stay together, so shares hold as far as times allow. The column is a date, a time or a "
    "number; rows without one are left out. gap counts days of dates, seconds of times. With a key the cut is in time all the same, and a "
    "key may stand on both sides.",
    "where: rows of the training and validation parts that do not fulfill it are left out, before any step learns; what is normal can be "
    "learned so, and told from the rest in the test part.",
    "Key, group and time are no features, unless a step behind the split names them.",
    NULL};

const Spec split_spec = {.name = "split",
                         .doc = "which rows train, which validate, which test",
                         .group = "split",
                         .params = params,
                         .params_size = sizeof(SplitPlan),
                         .notes = notes};

const char *part_name(Part part)
{
    static const char *const names[] = {"train", "valid", "test"};
    return names[part];
}

bool rows_list(size_t rows, const uint8_t *parts, int part, RowList *out, Error *e)
{
    *out = (RowList){.rows = mem_try_alloc(rows + 1, sizeof *out->rows, e)};
    for (size_t i = 0; out->rows && i < rows; i++)
        if (!parts || parts[i] == part)
            out->rows[out->count++] = i;
    return out->rows != NULL;
}

static bool check_plan(const SplitPlan *plan, Error *e)
{
    double sum = plan->train + plan->valid + plan->test;
    if (fabs(sum - 1) > 1e-6)
        return error_set(e, ERROR_USAGE, "train + valid + test is %g, must be 1", sum);
    if ((plan->by == SPLIT_GROUP || plan->by == SPLIT_TIME) && (!plan->column || !*plan->column))
        return error_set(e, ERROR_USAGE, "by = \"%s\" needs column = \"...\"", by_choices[plan->by]);
    return true;
}

static uint8_t part_at(const double shares[PART_COUNT], double u)
{
    double sum = 0;
    int last = PART_TRAIN;
    for (int p = 0; p < PART_COUNT; p++) {
        sum += shares[p];
        if (shares[p] > 0)
            last = p;
        if (shares[p] > 0 && u < sum)
            return (uint8_t)p;
    }
    return (uint8_t)last;
}

static bool assign_random(const SplitTask *task, const double shares[PART_COUNT], uint8_t *parts, Error *e)
{
    RngKey key = rng_key(task->seed, "split");
    uint64_t salt = key.key ^ key.stream, *ids = mem_try_alloc(task->columns->rows + 1, sizeof *ids, e);
    size_t alone;
    bool ok = ids && unit_ids(task->unit, task->columns, ids, &alone, e);
    for (size_t i = 0; ok && i < task->columns->rows; i++)
        parts[i] = part_at(shares, (double)(rng_hash(salt, &ids[i], sizeof ids[i]) >> 11) * 0x1p-53);
    mem_free(ids);
    return ok;
}

static bool assign_strata(const SplitTask *task, const RowList *all, const double shares[PART_COUNT], uint8_t *parts, Error *e)
{
    Units units;
    bool ok = units_make(task, all, "split", &units, e) && units_part(&units, shares, parts, e);
    units_done(&units);
    return ok;
}

typedef struct Span { /* of a timeline: the rows of one part, and the part that follows */
    size_t from, to;
    int part, next;
} Span;

static size_t put_span(const SplitTask *task, const Timeline *t, const Span *span, uint8_t *parts)
{
    int why = span->next == PART_VALID ? LEFT_GAP_VALID : LEFT_GAP_TEST;
    size_t put = 0;
    for (size_t i = span->from; i < span->to; i++) {
        bool gap = span->next < PART_COUNT && timeline_in_gap(task, t, i, span->to);
        parts[t->rows[i]] = (uint8_t)(gap ? PART_COUNT + why : span->part);
        put += !gap;
    }
    return put;
}

static bool put_times(const SplitTask *task, const Timeline *t, const double shares[PART_COUNT], uint8_t *parts, Error *e)
{
    int used[PART_COUNT + 1], count = 0;
    double targets[PART_COUNT] = {0}, sum = 0;
    size_t at[PART_COUNT] = {0};
    for (int p = 0; p < PART_COUNT; p++) {
        if (shares[p] <= 0)
            continue;
        sum += shares[p];
        targets[count] = sum * (double)t->count;
        used[count++] = p;
    }
    used[count] = PART_COUNT;
    if (!timeline_cut(t, targets, (size_t)count - 1, at, e))
        return error_prefix(e, "time: \"%s\": ", task->unit->order);
    at[count - 1] = t->count;
    for (int k = 0; k < count; k++) {
        Span span = {k ? at[k - 1] : 0, at[k], used[k], used[k + 1]};
        if (!put_span(task, t, &span, parts)) {
            char *what = text_format("leaves no row in the %s part; give it a larger share", part_name((Part)used[k]));
            split_refuse_gap(task, what, e);
            mem_free(what);
            return false;
        }
    }
    return true;
}

static bool assign_time(const SplitTask *task, const RowList *all, const double shares[PART_COUNT], uint8_t *parts, Error *e)
{
    Timeline t;
    if (!timeline_make(task->columns, task->unit->order, all, &t, e))
        return false;
    for (size_t i = 0; i < all->count; i++)
        parts[i] = PART_COUNT + LEFT_TIME;
    bool ok = put_times(task, &t, shares, parts, e);
    timeline_done(&t);
    return ok;
}

bool split_assign(const SplitTask *task, uint8_t *parts, SplitReport *report, Error *e)
{
    const SplitPlan *plan = task->plan;
    double sum = plan->train + plan->valid + plan->test;
    const double shares[PART_COUNT] = {plan->train / sum, plan->valid / sum, plan->test / sum};
    RowList all = {0};
    bool ok = check_plan(plan, e) && rows_list(task->columns->rows, NULL, 0, &all, e);
    if (ok && task->unit->order)
        ok = assign_time(task, &all, shares, parts, e);
    else if (ok)
        ok = plan->by == SPLIT_RANDOM ? assign_random(task, shares, parts, e) : assign_strata(task, &all, shares, parts, e);
    for (size_t i = 0; ok && task->learned && i < task->columns->rows; i++)
        if (!task->learned[i] && (parts[i] == PART_TRAIN || parts[i] == PART_VALID))
            parts[i] = PART_COUNT + LEFT_WHERE;
    ok = ok && split_report_fill(task, parts, report, e);
    for (int p = 0; ok && p < PART_COUNT; p++)
        report->empty[p] = shares[p] > 0 && !report->rows[p];
    mem_free(all.rows);
    return ok || error_prefix(e, "split: ");
}

bool split_tables(const Table *t, const uint8_t *parts, Table *out[PART_COUNT], Error *e)
{
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    bool ok = rows != NULL;
    for (int part = 0; part < PART_COUNT; part++) {
        size_t count = 0;
        for (size_t i = 0; ok && i < t->rows; i++)
            if (parts[i] == part)
                rows[count++] = i;
        out[part] = ok ? table_select(t, rows, count, e) : NULL;
        ok = ok && out[part];
    }
    mem_free(rows);
    for (int part = 0; !ok && part < PART_COUNT; part++) {
        table_unref(out[part]);
        out[part] = NULL;
    }
    return ok;
}
