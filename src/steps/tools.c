/* Helpers of steps. Everything here reads training rows or applies what was learned; nothing keeps state. */
#include "steps/tools.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "base/sort.h"
#include "table/calendar.h"
#include "table/group.h"

bool tools_resolve(const StepInput *in, const TextList *selectors, bool numeric, TextList *names, Error *e)
{
    int *columns;
    size_t count;
    bool ok = true;
    if (!select_columns(in->rows, selectors, in->roles, &columns, &count, e))
        return false;
    for (size_t i = 0; ok && i < count; i++) {
        const char *name = in->rows->names[columns[i]];
        const Column *c = in->rows->columns[columns[i]];
        bool is_array = c->type == COLUMN_ARRAY && !numeric;
        if (numeric && !column_is_numeric(c))
            ok = error_set(e, ERROR_USAGE, "%s is %s, not a number; use columns = \"numeric\", or cast it first", name,
                           column_type_name(c->type));
        else if (is_array && text_list_has(selectors, name))
            ok = error_set(e, ERROR_USAGE, "%s holds arrays, and this step takes single values", name);
        if (!is_array)
            text_list_add(names, name);
    }
    mem_free(columns);
    return ok;
}

int tools_find(const Table *t, const char *name, Error *e)
{
    int at = table_find(t, name);
    if (at == TABLE_NONE)
        error_set(e, ERROR_FAILED, "column \"%s\" was there when the step was fitted and is missing now", name);
    return at;
}

bool tools_put(Table **t, const char *name, Column *column, Error *e)
{
    if (!column)
        table_unref(*t);
    *t = column ? table_put(*t, name, column, e) : NULL;
    return *t != NULL;
}

bool tools_add(Table **t, const char *name, Column *column, Error *e)
{
    if (column && table_find(*t, name) != TABLE_NONE) {
        column_unref(column);
        table_unref(*t);
        *t = NULL;
        return error_set(e, ERROR_FAILED, "there is a column \"%s\" already; rename it first", name);
    }
    return tools_put(t, name, column, e);
}

void tools_add_number(NumberList *list, double x)
{
    list->items = mem_realloc(list->items, (list->count + 1) * sizeof *list->items);
    list->items[list->count++] = x;
}

static void add_reason(const StepInput *in, char **reasons, size_t row, char *text)
{
    uint64_t id = table_row_id(in->rows, row);
    if (id < in->reasons->rows && !reasons[id])
        reasons[id] = text_format("%s: %s", in->reasons->step, text);
    mem_free(text);
}

bool tools_fault(const StepInput *in, const ToolsFault *f, Error *e)
{
    if (!in->reasons)
        return error_set(e, ERROR_FAILED, "%s: row %llu: %s; %s", f->column, (unsigned long long)table_row_id(in->rows, f->row) + 1,
                         f->what, f->advice);
    add_reason(in, in->reasons->faults, f->row, text_format("%s: %s", f->column, f->what));
    return true;
}

bool tools_fault_row(const StepInput *in, size_t row, const char *what, Error *e)
{
    if (!in->reasons)
        return error_set(e, ERROR_FAILED, "row %llu: %s", (unsigned long long)table_row_id(in->rows, row) + 1, what);
    add_reason(in, in->reasons->faults, row, mem_strdup(what));
    return true;
}

void tools_remark(const StepInput *in, size_t row, const char *what)
{
    if (in->reasons)
        add_reason(in, in->reasons->remarks, row, mem_strdup(what));
}

static void move_text(char **texts, uint64_t row, uint64_t into)
{
    if (texts[row] && !texts[into])
        texts[into] = text_format("%s (row %llu)", texts[row], (unsigned long long)row + 1);
    mem_free(texts[row]);
    texts[row] = NULL;
}

void tools_merge_said(const StepInput *in, uint64_t row, uint64_t into)
{
    const RowReasons *r = in->reasons;
    if (!r || row == into || row >= r->rows || into >= r->rows)
        return;
    move_text(r->faults, row, into);
    move_text(r->remarks, row, into);
}

void tools_merge_groups(const StepInput *in, const Groups *g)
{
    for (size_t i = 0; in->reasons && i < g->rows; i++)
        tools_merge_said(in, table_row_id(in->rows, i), table_row_id(in->rows, g->first[g->of[i]]));
}

bool tools_is_target(const StepInput *in, const char *name)
{
    return in->roles && in->roles->target && text_equal(in->roles->target, name);
}

void tools_note(const StepInput *in, const char *format, ...)
{
    if (!in->notes)
        return;
    Text note = {0};
    va_list args;
    va_start(args, format);
    text_add_va(&note, format, args);
    va_end(args);
    text_list_add(in->notes, text_get(&note));
    text_done(&note);
}

void tools_list(const TextList *names, Text *out)
{
    enum { SHOWN = 3 };
    size_t shown = names->count <= SHOWN + 1 ? names->count : SHOWN;
    for (size_t i = 0; i < shown; i++)
        text_addf(out, "%s%s", i ? ", " : "", names->items[i]);
    if (shown < names->count)
        text_addf(out, " and %zu more", names->count - shown);
}

bool tools_parse_whole(ColumnType type, const char *bytes, size_t size, int64_t *out)
{
    static const char *const words[2][5] = {{"false", "no", "n", "0", "f"}, {"true", "yes", "y", "1", "t"}};
    switch (type) {
    case COLUMN_INT: return number_parse_int(bytes, size, out);
    case COLUMN_DATE: return calendar_parse_date(bytes, size, out);
    case COLUMN_TIME: return calendar_parse_time(bytes, size, out);
    case COLUMN_BOOL:
        for (int is = 0; is < 2; is++)
            for (size_t k = 0; k < 5; k++)
                if (strlen(words[is][k]) == size && strncasecmp(words[is][k], bytes, size) == 0)
                    return *out = is, true;
        return false;
    default: return false;
    }
}

bool tools_select(const StepInput *in, const TextList *selectors, int **columns, size_t *count, Error *e)
{
    TextList present = {0};
    for (size_t i = 0; i < selectors->count; i++)
        if (!tools_is_target(in, selectors->items[i]) || table_find(in->rows, selectors->items[i]) != TABLE_NONE)
            text_list_add(&present, selectors->items[i]);
    bool ok = select_columns(in->rows, &present, in->roles, columns, count, e);
    text_list_done(&present);
    return ok;
}

Column *tools_map_text(const Column *c, ToolsTextMap *change, const void *how, bool blank_missing, Error *e)
{
    uint32_t count = dictionary_count(c->dictionary);
    uint32_t *codes = mem_alloc(((size_t)count + 1) * sizeof *codes);
    Column *to = column_new(COLUMN_TEXT, c->rows, e);
    Text text = {0};
    bool ok = to != NULL;
    for (uint32_t i = 0; ok && i < count; i++) {
        size_t size;
        const char *bytes = dictionary_get(c->dictionary, i, &size);
        text_clear(&text);
        change(how, bytes, size, &text);
        codes[i] = text.size == 0 && blank_missing ? UINT32_MAX : dictionary_add(to->dictionary, text_get(&text), text.size);
    }
    for (size_t i = 0; ok && i < c->rows; i++) {
        uint32_t code = column_is_valid(c, i) ? codes[c->data.codes[i]] : UINT32_MAX;
        if (code == UINT32_MAX)
            ok = column_set_missing(to, i, e);
        else
            to->data.codes[i] = code;
    }
    text_done(&text);
    mem_free(codes);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

enum { DATE_SIZE = 10 };

bool tools_put_text(Column *to, ColumnType from, size_t row, const char *text, size_t size)
{
    double x;
    if (to->type == COLUMN_TEXT)
        return column_set_text(to, row, text, size, NULL);
    if (to->type == COLUMN_REAL)
        return number_parse_real(text, size, &to->data.reals[row]);
    if (to->type == COLUMN_DATE && from == COLUMN_TIME && size > DATE_SIZE)
        size = DATE_SIZE;
    int64_t whole;
    bool fits = tools_parse_whole(to->type, text, size, &whole);
    if (!fits && to->type == COLUMN_INT && number_parse_real(text, size, &x) && x == floor(x) && fabs(x) < 9e15)
        whole = (int64_t)x, fits = true;
    if (fits && to->type == COLUMN_BOOL)
        to->data.flags[row] = (uint8_t)whole;
    else if (fits)
        to->data.ints[row] = whole;
    return fits;
}

bool tools_each(Job *job, const StepInput *in, const TextList *selectors, ToolsChange *change, Table **out, Error *e)
{
    int *columns;
    size_t count;
    bool ok = tools_select(in, selectors, &columns, &count, e);
    if (!ok)
        return false;
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < count; i++) {
        Column *changed = NULL;
        ok = job_go_on(job, e) && change(in, columns[i], &changed, e);
        if (changed)
            ok = tools_put(out, in->rows->names[columns[i]], changed, e);
    }
    if (!ok) {
        table_unref(*out);
        *out = NULL;
    }
    mem_free(columns);
    return ok;
}

bool tools_copy_cell(Column *to, size_t at, const Column *from, size_t row, Error *e)
{
    size_t size;
    if (!column_is_valid(from, row))
        return column_set_missing(to, at, e);
    if (to->type == COLUMN_TEXT) {
        const char *text = column_text(from, row, &size);
        return column_set_text(to, at, text, size, e);
    }
    if (to->type == COLUMN_BOOL)
        to->data.flags[at] = from->data.flags[row];
    else if (to->type == COLUMN_REAL)
        to->data.reals[at] = column_real(from, row);
    else
        to->data.ints[at] = from->data.ints[row];
    return true;
}
