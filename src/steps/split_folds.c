/* Folds of cross-validation. Each is found anew from the same rows, so that a fold may be trained in a process of its own. */
#include "steps/split_internal.h"

enum { WATCHED = 8 }; /* one in so many of the rows that are not held out */

/* Part of the training rows for early stopping: whole units, dealt as folds are. */
static bool watch_units(const FoldTask *task, uint8_t *parts, Error *e)
{
    RowList rest;
    Units units = {0};
    SplitTask split = task->split;
    split.seed += 1 + (uint64_t)task->fold;
    bool ok = rows_list(split.columns->rows, parts, PART_TRAIN, &rest, e) && units_make(&split, &rest, "watched", &units, e);
    if (ok && units.count < 2)
        ok = error_set(e, ERROR_USAGE, "one %s is left to learn from, and early stopping needs another to watch",
                       unit_kind_name(split.unit->kind));
    if (ok)
        units_deal(&units, units.count < WATCHED ? units.count : WATCHED, parts);
    for (size_t i = 0; ok && i < rest.count; i++)
        parts[rest.rows[i]] = parts[rest.rows[i]] == 0 ? PART_VALID : PART_TRAIN;
    units_done(&units);
    mem_free(rest.rows);
    return ok;
}

static bool fold_units(const FoldTask *task, const RowList *all, uint8_t *parts, Error *e)
{
    Units units;
    if (!units_make(&task->split, all, "folds", &units, e))
        return false;
    bool ok = units.count >= (size_t)task->folds || error_set(e, ERROR_USAGE, "%d folds need as many %ss; there are %zu", task->folds,
                                                              unit_kind_name(task->split.unit->kind), units.count);
    if (ok)
        units_deal(&units, (size_t)task->folds, parts);
    for (size_t i = 0; ok && i < all->count; i++)
        parts[i] = parts[i] == task->fold ? PART_TEST : PART_TRAIN;
    units_done(&units);
    return ok && (!task->watched || watch_units(task, parts, e));
}

/* The latest past is watched. */
static bool watch_times(const FoldTask *task, uint8_t *parts, Error *e)
{
    RowList past;
    Timeline t = {0};
    const Unit *unit = task->split.unit;
    size_t at, kept = 0;
    bool ok =
        rows_list(task->split.columns->rows, parts, PART_TRAIN, &past, e) && timeline_make(task->split.columns, unit->order, &past, &t, e);
    double target = (double)t.count * (WATCHED - 1) / WATCHED;
    ok = ok && timeline_cut(&t, &target, 1, &at, e);
    for (size_t i = 0; ok && i < t.count; i++) {
        bool gap = i < at && timeline_in_gap(&task->split, &t, i, at);
        parts[t.rows[i]] = (uint8_t)(i >= at ? PART_VALID : gap ? PART_COUNT + LEFT_GAP_VALID : PART_TRAIN);
        kept += i < at && !gap;
    }
    if (ok && !kept)
        ok = error_set(e, ERROR_USAGE,
                       "the gap leaves nothing to learn from before the rows that early stopping watches; fewer folds or a "
                       "smaller gap");
    timeline_done(&t);
    mem_free(past.rows);
    return ok;
}

/* Blocks of about equal rows: the first teaches only, and each of the others is judged by what came before it. */
static bool put_blocks(const FoldTask *task, const Timeline *t, uint8_t *parts, Error *e)
{
    size_t blocks = (size_t)task->folds + 1, at[256], past = 0;
    double targets[256];
    for (size_t k = 0; k + 1 < blocks; k++)
        targets[k] = (double)(k + 1) * (double)t->count / (double)blocks;
    if (!timeline_cut(t, targets, blocks - 1, at, e))
        return error_prefix(e, "%d folds in time: ", task->folds);
    at[blocks - 1] = t->count;
    size_t from = at[task->fold], to = at[task->fold + 1];
    for (size_t i = 0; i < t->count; i++) {
        bool gap = i < from && timeline_in_gap(&task->split, t, i, from);
        past += i < from && !gap;
        parts[t->rows[i]] = (uint8_t)(i >= to     ? PART_COUNT + LEFT_LATER
                                      : i >= from ? PART_TEST
                                      : gap       ? PART_COUNT + LEFT_GAP_TEST
                                                  : PART_TRAIN);
    }
    return past > 0 || split_refuse_gap(&task->split, "leaves nothing to learn from in the first fold; fewer folds or a smaller gap", e);
}

static bool fold_times(const FoldTask *task, const RowList *all, uint8_t *parts, Error *e)
{
    Timeline t;
    if (!timeline_make(task->split.columns, task->split.unit->order, all, &t, e))
        return false;
    for (size_t i = 0; i < all->count; i++)
        parts[i] = PART_COUNT + LEFT_TIME;
    bool ok = put_blocks(task, &t, parts, e) && (!task->watched || watch_times(task, parts, e));
    timeline_done(&t);
    return ok;
}

bool split_fold(const FoldTask *task, uint8_t *parts, SplitReport *report, Error *e)
{
    RowList all = {0};
    bool ok = (task->folds >= 2 && task->folds <= 255) || error_set(e, ERROR_USAGE, "%d folds; 2 to 255 are possible", task->folds);
    ok = ok && rows_list(task->split.columns->rows, NULL, 0, &all, e) &&
         (task->split.unit->order ? fold_times(task, &all, parts, e) : fold_units(task, &all, parts, e)) &&
         split_report_fill(&task->split, parts, report, e);
    mem_free(all.rows);
    return ok;
}
