/* What a split did, counted once and shown everywhere. */
#include <stdlib.h>

#include "base/number.h"
#include "steps/reach.h"
#include "steps/split_internal.h"

const char *split_left_name(SplitLeft why)
{
    static const char *const names[] = {
        "no target", "no time", "gap before validation", "gap before test", "later than the judged rows", "not to be learned from"};
    return names[why];
}

void split_report_done(SplitReport *r)
{
    mem_free(r->column);
    mem_free(r->order);
    mem_free(r->key);
    mem_free(r->reach);
    *r = (SplitReport){0};
}

SplitReport split_report_copy(const SplitReport *r)
{
    SplitReport copy = *r;
    copy.column = mem_strdup(r->column);
    copy.order = mem_strdup(r->order);
    copy.key = mem_strdup(r->key);
    copy.reach = mem_strdup(r->reach);
    return copy;
}

typedef struct UnitPart {
    uint64_t id;
    uint8_t part;
} UnitPart;

static int by_unit_and_part(const void *a, const void *b)
{
    const UnitPart *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->part > y->part) - (x->part < y->part);
}

/* Distinct units of each part, and those that are in more than one. */
typedef struct UnitCounts {
    size_t in[PART_COUNT], distinct, shared;
} UnitCounts;

static UnitCounts count_parts(UnitPart *units, size_t count)
{
    UnitCounts n = {0};
    qsort(units, count, sizeof *units, by_unit_and_part);
    for (size_t i = 0, end; i < count; i = end) {
        size_t parts = 0;
        for (end = i; end < count && units[end].id == units[i].id; end++)
            if (end == i || units[end].part != units[end - 1].part) {
                n.in[units[end].part]++;
                parts++;
            }
        n.distinct++;
        n.shared += parts > 1;
    }
    return n;
}

static bool count_units(const Unit *u, const SplitTask *task, const uint8_t *parts, UnitCounts *n, size_t *alone, Error *e)
{
    size_t rows = task->columns->rows, count = 0;
    uint64_t *ids = mem_try_alloc(rows + 1, sizeof *ids, e);
    UnitPart *units = mem_try_alloc(rows + 1, sizeof *units, e);
    bool ok = ids && units && unit_ids(u, task->columns, ids, alone, e);
    for (size_t i = 0; ok && i < rows; i++)
        if (parts[i] < PART_COUNT)
            units[count++] = (UnitPart){ids[i], parts[i]};
    if (ok)
        *n = count_parts(units, count);
    mem_free(ids);
    mem_free(units);
    return ok;
}

/* A key whose rows are in several groups may stand in two parts. */
static bool count_keys(const SplitTask *task, const uint8_t *parts, SplitReport *r, Error *e)
{
    Unit key = {.kind = UNIT_KEY, .column = task->unit->key};
    UnitCounts n = {0};
    size_t alone;
    if (!key.column)
        return true;
    if (!count_units(&key, task, parts, &n, &alone, e))
        return false;
    r->key = mem_strdup(key.column);
    r->keys = n.distinct - (alone < n.distinct ? alone : n.distinct);
    r->keys_shared = n.shared;
    return true;
}

bool split_report_fill(const SplitTask *task, const uint8_t *parts, SplitReport *r, Error *e)
{
    const Unit *u = task->unit;
    UnitCounts n = {0};
    if (!count_units(u, task, parts, &n, &r->alone, e) || !count_keys(task, parts, r, e))
        return false;
    for (size_t i = 0; i < task->columns->rows; i++)
        if (parts[i] < PART_COUNT)
            r->rows[parts[i]]++;
        else
            r->left[parts[i] - PART_COUNT]++;
    for (int p = 0; p < PART_COUNT; p++)
        r->units[p] = n.in[p];
    r->distinct = n.distinct;
    r->shared = n.shared;
    r->by = task->plan->by;
    r->unit = u->kind;
    r->gap = u->gap;
    r->gap_unit = u->order ? unit_gap_name(table_column(task->columns, u->order)) : "";
    r->reach = u->order && task->reach ? mem_strdup(task->reach->text) : NULL;
    r->column = mem_strdup(u->column);
    r->order = mem_strdup(u->order);
    return true;
}

static void note(TextList *notes, char *line)
{
    text_list_add(notes, line);
    mem_free(line);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void note_unit(const SplitReport *r, TextList *notes)
{
    const char *kind = unit_kind_name(r->unit);
    if (r->order)
        note(notes, text_format("parts are cut in time by %s: train first, test last", r->order));
    if (r->unit == UNIT_ROW)
        return;
    if (!r->order)
        note(notes, text_format("parts go by %s %s: %zu / %zu / %zu %ss, none is in two parts", kind, r->column, r->units[PART_TRAIN],
                                r->units[PART_VALID], r->units[PART_TEST], kind));
    else if (r->shared)
        note(notes,
             text_format("%zu of %zu values of the %s %s stand on both sides of a cut in time", r->shared, r->distinct, kind, r->column));
    if (r->keys_shared)
        note(notes,
             text_format(
                 "%zu of %zu values of the key %s stand in two parts: their rows are in several groups of %s, and groups are what is "
                 "never parted",
                 r->keys_shared, r->keys, r->key, r->column));
    if (r->alone)
        note(notes, text_format("%zu row%s without %s: each is a unit of its own", r->alone, plural(r->alone), r->column));
}

static void note_left(const SplitReport *r, TextList *notes)
{
    size_t gap = r->left[LEFT_GAP_VALID] + r->left[LEFT_GAP_TEST];
    char number[NUMBER_ROOM];
    if (r->left[LEFT_TIME])
        note(notes, text_format("%zu row%s without a time in %s left out", r->left[LEFT_TIME], plural(r->left[LEFT_TIME]), r->order));
    if (gap && r->reach)
        note(notes,
             text_format("%zu row%s before a later part left out: targets reach %s, and none may lie in it", gap, plural(gap), r->reach));
    else if (gap)
        note(notes, text_format("%zu row%s within the gap of %s%s%s before a later part left out", gap, plural(gap),
                                number_format_real(r->gap, number), *r->gap_unit ? " " : "", r->gap_unit));
}

void split_report_notes(const SplitReport *r, TextList *notes)
{
    note_unit(r, notes);
    note_left(r, notes);
    for (int p = 0; p < PART_COUNT; p++)
        if (r->empty[p])
            note(notes, text_format("the %s part has no rows: %zu %s%s for its share", part_name((Part)p), r->distinct,
                                    unit_kind_name(r->unit), r->distinct == 1 ? " is too little" : "s are too few"));
}

static Value *text_or_null(const char *text)
{
    return text ? value_text(text) : value_null();
}

Value *split_report_value(const SplitReport *r)
{
    Value *v = value_map(), *rows = value_map(), *units = value_map(), *left = value_map();
    for (int p = 0; p < PART_COUNT; p++) {
        value_set(rows, part_name((Part)p), value_int((int64_t)r->rows[p]));
        value_set(units, part_name((Part)p), value_int((int64_t)r->units[p]));
    }
    for (int why = 0; why < LEFT_COUNT; why++)
        if (r->left[why])
            value_set(left, split_left_name((SplitLeft)why), value_int((int64_t)r->left[why]));
    value_set(v, "unit", value_text(unit_kind_name(r->unit)));
    value_set(v, "column", text_or_null(r->column));
    value_set(v, "order", text_or_null(r->order));
    value_set(v, "gap", value_real(r->gap));
    value_set(v, "reach", text_or_null(r->reach));
    value_set(v, "rows", rows);
    value_set(v, "units", units);
    value_set(v, "distinct", value_int((int64_t)r->distinct));
    value_set(v, "shared", value_int((int64_t)r->shared));
    if (r->key)
        value_set(v, "keys_shared", value_int((int64_t)r->keys_shared));
    value_set(v, "left_out", left);
    return v;
}
