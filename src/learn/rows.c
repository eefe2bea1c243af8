/* The account of rows, as a value and in words. */
#include "learn/rows.h"

#include <string.h>

#include "base/number.h"
#include "steps/unready.h"

RowsReport rows_report_copy(const RowsReport *r)
{
    RowsReport copy = *r;
    copy.steps = text_list_copy(&r->steps);
    copy.target = mem_strdup(r->target);
    copy.changes = mem_alloc((r->steps.count + 1) * sizeof *copy.changes);
    if (r->steps.count)
        memcpy(copy.changes, r->changes, r->steps.count * sizeof *copy.changes);
    copy.unready = text_list_copy(&r->unready);
    copy.unready_rows = r->unready.count ? mem_copy(r->unready_rows, r->unready.count * sizeof *copy.unready_rows) : NULL;
    return copy;
}

void rows_report_done(RowsReport *r)
{
    text_list_done(&r->steps);
    text_list_done(&r->unready);
    mem_free(r->unready_rows);
    mem_free(r->changes);
    mem_free(r->target);
    *r = (RowsReport){0};
}

void rows_report_source(RowsReport *r, const Table *source)
{
    r->read = source->rows;
    for (size_t i = 0; i < source->rejects_count; i++)
        r->unread += source->rejects[i].before != REJECT_NO_ROW;
}

void rows_report_change(RowsReport *r, const char *step, size_t before, size_t after)
{
    size_t at = 0;
    if (before == after)
        return;
    while (at < r->steps.count && !text_equal(r->steps.items[at], step))
        at++;
    if (at == r->steps.count) {
        text_list_add(&r->steps, step);
        r->changes = mem_realloc(r->changes, r->steps.count * sizeof *r->changes);
        r->changes[at] = 0;
    }
    r->changes[at] += (int64_t)before - (int64_t)after;
}

bool rows_report_watch(void *self, const StepUse *use, const Table *before, const Table *after, Error *e)
{
    (void)e;
    rows_report_change(self, use->step->spec.name, before->rows, after->rows);
    return true;
}

void rows_report_unready(RowsReport *r, const Unready *u)
{
    text_list_done(&r->unready);
    mem_free(r->unready_rows);
    r->unready = text_list_copy(&u->why);
    r->unready_rows = u->why.count ? mem_copy(u->rows, u->why.count * sizeof *u->rows) : NULL;
}

char *rows_report_droppers(const Recipe *r)
{
    Text names = {0};
    for (size_t i = 0; i < r->count; i++)
        if (!r->uses[i].off && step_use_effect(&r->uses[i]) != STEP_MAP)
            text_addf(&names, "%s%s", names.size ? ", " : "", r->uses[i].step->spec.name);
    return names.size ? text_take(&names) : NULL;
}

static char *left_name(const RowsReport *r, int why)
{
    return why == LEFT_TARGET && r->target ? text_format("without %s", r->target) : mem_strdup(split_left_name((SplitLeft)why));
}

static void set_count(Value *map, char *key, int64_t n)
{
    value_set(map, key, value_int(n));
    mem_free(key);
}

Value *rows_report_value(const RowsReport *r)
{
    Value *v = value_map(), *left = value_map(), *added = value_map(), *used = value_map();
    for (size_t i = 0; i < r->steps.count; i++) {
        if (r->changes[i] > 0)
            set_count(left, text_format("dropped by %s", r->steps.items[i]), r->changes[i]);
        else if (r->changes[i] < 0)
            value_set(added, r->steps.items[i], value_int(-r->changes[i]));
    }
    for (size_t i = 0; i < r->unready.count; i++)
        value_set(left, r->unready.items[i], value_int((int64_t)r->unready_rows[i]));
    for (int i = 0; i < LEFT_COUNT; i++)
        if (r->left[i])
            set_count(left, left_name(r, i), (int64_t)r->left[i]);
    for (int i = 0; i < PART_COUNT; i++)
        value_set(used, part_name((Part)i), value_int((int64_t)r->used[i]));
    value_set(v, "read", value_int((int64_t)r->read));
    value_set(v, "unread", value_int((int64_t)r->unread));
    value_set(v, "left_out", left);
    value_set(v, "added", added);
    value_set(v, "used", used);
    return v;
}

static void add_count(Text *out, int64_t n)
{
    char number[NUMBER_ROOM];
    text_add(out, number_format_count(n, number));
}

/* `between` stands before the first, a comma before the others. */
static void add_counts(const Value *map, const char *between, const char *before_name, Text *out)
{
    for (size_t i = 0; map && map->type == VALUE_MAP && i < map->size; i++) {
        text_add(out, i ? ", " : between);
        add_count(out, value_is_number(map->items[i]) ? (int64_t)value_number(map->items[i]) : 0);
        text_addf(out, " %s%s", before_name, map->keys[i]);
    }
}

void rows_report_print(const Value *rows, Text *out)
{
    int64_t read = value_get_int(rows, "read", 0), unread = value_get_int(rows, "unread", 0);
    add_count(out, read);
    text_add(out, " read");
    if (unread) {
        text_add(out, ", ");
        add_count(out, unread);
        text_add(out, " could not be read");
    }
    add_counts(value_get(rows, "left_out"), "; ", "", out);
    add_counts(value_get(rows, "added"), "; ", "added by ", out);
    add_counts(value_get(rows, "used"), "; used: ", "", out);
}

void rows_report_brief(const Value *rows, Text *out)
{
    const Value *used = value_get(rows, "used");
    int64_t sum = 0;
    for (int i = 0; i < PART_COUNT; i++)
        sum += value_get_int(used, part_name((Part)i), 0);
    add_count(out, sum);
    text_add(out, " of ");
    add_count(out, value_get_int(rows, "read", 0) + value_get_int(rows, "unread", 0));
}

static void note(TextList *notes, char *text)
{
    text_list_add(notes, text);
    mem_free(text);
}

void rows_report_notes(const RowsReport *r, TextList *notes)
{
    char number[NUMBER_ROOM];
    const char *ending = r->left[LEFT_TARGET] == 1 ? " has" : "s have";
    if (r->unread)
        note(notes, text_format("%s row%s could not be read", number_format_count((int64_t)r->unread, number), r->unread == 1 ? "" : "s"));
    for (size_t i = 0; i < r->steps.count; i++)
        if (r->changes[i] > 0)
            note(notes, text_format("%s row%s dropped by %s", number_format_count(r->changes[i], number), r->changes[i] == 1 ? "" : "s",
                                    r->steps.items[i]));
    for (size_t i = 0; i < r->unready.count; i++)
        note(notes, text_format("%s row%s %s: left out", number_format_count((int64_t)r->unready_rows[i], number),
                                r->unready_rows[i] == 1 ? "" : "s", r->unready.items[i]));
    if (r->left[LEFT_TARGET])
        note(notes, text_format("%s row%s no %s: not used for training", number_format_count((int64_t)r->left[LEFT_TARGET], number), ending,
                                r->target));
}
