/* What a split did, counted once and shown everywhere. */
#include <stdlib.h>

#include "base/number.h"
#include "steps/split_internal.h"

const char *split_left_name(SplitLeft why)
{
    static const char *const names[] = {"no target", "no time", "gap before validation", "gap before test", "later than the judged rows"};
    return names[why];
}

void split_report_done(SplitReport *r)
{
    mem_free(r->column);
    mem_free(r->order);
    *r = (SplitReport){0};
}

SplitReport split_report_copy(const SplitReport *r)
{
    SplitReport copy = *r;
    copy.column = mem_strdup(r->column);
    copy.order = mem_strdup(r->order);
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
static void count_units(UnitPart *units, size_t count, SplitReport *r)
{
    qsort(units, count, sizeof *units, by_unit_and_part);
    for (size_t i = 0, end; i < count; i = end) {
        size_t parts = 0;
        for (end = i; end < count && units[end].id == units[i].id; end++)
            if (end == i || units[end].part != units[end - 1].part) {
                r->units[units[end].part]++;
                parts++;
            }
        r->distinct++;
        r->shared += parts > 1;
    }
}

bool split_report_fill(const SplitTask *task, const uint8_t *parts, SplitReport *r, Error *e)
{
    const Unit *u = task->unit;
    size_t rows = task->columns->rows, count = 0;
    uint64_t *ids = mem_try_alloc(rows + 1, sizeof *ids, e);
    UnitPart *units = mem_try_alloc(rows + 1, sizeof *units, e);
    bool ok = ids && units && unit_ids(u, task->columns, ids, &r->alone, e);
    for (size_t i = 0; ok && i < rows; i++) {
        if (parts[i] >= PART_COUNT) {
            r->left[parts[i] - PART_COUNT]++;
            continue;
        }
        r->rows[parts[i]]++;
        units[count++] = (UnitPart){ids[i], parts[i]};
    }
    if (ok) {
        count_units(units, count, r);
        r->by = task->plan->by;
        r->unit = u->kind;
        r->gap = u->gap;
        r->gap_unit = u->order ? unit_gap_name(table_column(task->columns, u->order)) : "";
        r->column = mem_strdup(u->column);
        r->order = mem_strdup(u->order);
    }
    mem_free(ids);
    mem_free(units);
    return ok;
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
        note(notes, text_format("%zu of %zu values of the %s %s stand on both sides of a cut in time", r->shared, r->distinct, kind, r->column));
    if (r->alone)
        note(notes, text_format("%zu row%s without %s: each is a unit of its own", r->alone, plural(r->alone), r->column));
}

static void note_left(const SplitReport *r, TextList *notes)
{
    size_t gap = r->left[LEFT_GAP_VALID] + r->left[LEFT_GAP_TEST];
    char number[NUMBER_ROOM];
    if (r->left[LEFT_TIME])
        note(notes, text_format("%zu row%s without a time in %s left out", r->left[LEFT_TIME], plural(r->left[LEFT_TIME]), r->order));
    if (gap)
        note(notes, text_format("%zu row%s within the gap of %s%s%s before a later part left out", gap, plural(gap),
                                number_format_real(r->gap, number), *r->gap_unit ? " " : "", r->gap_unit));
}

void split_report_notes(const SplitReport *r, TextList *notes)
{
    note_unit(r, notes);
    note_left(r, notes);
    for (int p = 0; p < PART_COUNT; p++)
        if (r->empty[p])
            note(notes, text_format("the %s part has no rows: %zu %s%s for its share", part_name((Part)p), r->distinct, unit_kind_name(r->unit),
                                    r->distinct == 1 ? " is too little" : "s are too few"));
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
    value_set(v, "rows", rows);
    value_set(v, "units", units);
    value_set(v, "distinct", value_int((int64_t)r->distinct));
    value_set(v, "shared", value_int((int64_t)r->shared));
    value_set(v, "left_out", left);
    return v;
}
