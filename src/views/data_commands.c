/* Commands of the Data view. Those that change data add a step to the document; those that look only move about. */
#include <string.h>

#include "base/number.h"
#include "steps/step.h"
#include "views/commands.h"
#include "views/data.h"

static DataState *state_of(Workbench *w)
{
    return VIEW_STATE(DataState, w, VIEW_DATA);
}

static const char *column_name(const Workbench *w)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    return app_table(w->app)->names[s->column];
}

static Value *for_column(const Workbench *w)
{
    Value *params = value_map(), *columns = value_list();
    value_add(columns, value_text(column_name(w)));
    value_set(params, "columns", columns);
    return params;
}

static bool add_step(Workbench *w, const char *step, Value *params, const char *place, Error *e)
{
    bool ok = app_add_step(w->app, SIZE_MAX, step, params, place, e);
    value_free(params);
    return ok;
}

static bool open_form(Workbench *w, const char *step, Value *params, const char *place)
{
    popup_step_new(w, step_find(step), params, place);
    value_free(params);
    return true;
}

static bool sort_by(Workbench *w, bool descending, Error *e)
{
    int column = state_of(w)->column;
    if (!data_arrange(w, column, descending, e))
        return false;
    data_move_to(w, 0, column);
    return true;
}

static bool run_sort_up(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return sort_by(w, false, e);
}

static bool run_sort_down(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return sort_by(w, true, e);
}

static bool run_next_note(Workbench *w, int direction, Error *e)
{
    DataState *s = state_of(w);
    const Table *t = app_table(w->app);
    const Column *c = t->columns[s->column];
    size_t row = s->row;
    size_t rows = data_rows(w);
    for (size_t i = 1; c->missing && i < rows; i++) {
        row = direction > 0 ? (row + 1) % rows : (row + rows - 1) % rows;
        if (!column_is_valid(c, data_row(s, row))) {
            data_move_to(w, row, s->column);
            return true;
        }
    }
    return error_set(e, ERROR_FAILED, "%s: no null cell; l goes to the next column", t->names[s->column]);
}

static bool run_next_null(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return run_next_note(w, 1, e);
}

static bool run_previous_null(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return run_next_note(w, -1, e);
}

static bool run_fill(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    Value *params = for_column(w);
    const DataState *s = state_of(w);
    if (!column_is_numeric(app_table(w->app)->columns[s->column]))
        value_set(params, "strategy", value_text("mode"));
    return open_form(w, "fill_missing", params, "Data f");
}

static bool run_derive(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return open_form(w, "derive", NULL, "Data =");
}

static bool run_filter(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return open_form(w, "filter", NULL, "Data &");
}

static bool rename_answer(Workbench *w, const char *text, Error *e)
{
    Value *params = value_map(), *names = value_map();
    value_set(names, column_name(w), value_text(text));
    value_set(params, "columns", names);
    return add_step(w, "rename", params, "Data ^", e);
}

static bool run_rename(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return rename_answer(w, argument, e);
    popup_ask(w, "New name", column_name(w), rename_answer);
    return true;
}

static bool cast_to(Workbench *w, const char *type, const char *place, Error *e)
{
    Value *params = for_column(w);
    value_set(params, "to", value_text(type));
    return add_step(w, "cast", params, place, e);
}

static bool run_cast_text(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return cast_to(w, "text", "Data ~", e);
}

static bool run_cast_int(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return cast_to(w, "int", "Data #", e);
}

static bool run_cast_real(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return cast_to(w, "real", "Data %", e);
}

static bool run_cast_date(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return cast_to(w, "date", "Data @", e);
}

static bool run_drop(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return add_step(w, "drop", for_column(w), "Data -", e);
}

static bool run_pin(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    DataState *s = state_of(w);
    s->pinned = s->pinned == s->column ? -1 : s->column;
    app_say(w->app, false, s->pinned < 0 ? "no column is kept at the left" : "%s stays at the left   ! lets it go", column_name(w));
    return true;
}

static bool run_target(Workbench *w, const char *argument, Error *e)
{
    return app_set_target(w->app, argument ? argument : column_name(w), "Data T", e);
}

static bool run_side(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    state_of(w)->side_off = !state_of(w)->side_off;
    app_say(w->app, false,
            state_of(w)->side_off    ? "side pane off"
            : workbench_is_narrow(w) ? "side pane on, from 100 columns on"
                                     : "side pane on");
    return true;
}

static bool run_describe(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    workbench_show(w, VIEW_PROFILE);
    return true;
}

static bool run_frequency(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    const ColumnProfile *p = data_profile(w, state_of(w)->column);
    if (!p)
        return error_set(e, ERROR_FAILED, "still profiling; in a moment");
    Text out = {0};
    char number[NUMBER_ROOM];
    for (size_t i = 0; i < p->top_count; i++)
        text_addf(&out, "%s\t%s   %.1f %%\n", number_format_count((int64_t)p->top[i].count, number), p->top[i].value,
                  100 * profile_share(p, p->top[i].count));
    text_addf(&out, "\n%s distinct values", number_format_count((int64_t)p->distinct, number));
    popup_message(w, p->name, text_get(&out));
    text_done(&out);
    return true;
}

/* One row, name by name. */
static bool run_record(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    const DataState *s = state_of(w);
    popup_record(w, app_table(w->app), data_row(s, s->row));
    return true;
}

/* From the cursor's row or from the next one, once round the table in the order that is shown. */
static bool search_from(Workbench *w, bool here, bool backward, Error *e)
{
    DataState *s = state_of(w);
    const Table *t = app_table(w->app);
    int column = s->column;
    if (!w->search || !*w->search)
        return error_set(e, ERROR_FAILED, "nothing searched yet; / searches");
    size_t next = backward ? (s->row ? s->row : data_rows(w)) - 1 : s->row + 1, was = s->row;
    QueryWalk walk = {.order = s->order, .count = s->order ? s->count : 0, .from = here ? s->row : next, .backward = backward};
    size_t row = s->only && !data_rows(w) ? SIZE_MAX : query_search(t, w->search, walk, &column);
    if (row == SIZE_MAX)
        return error_set(e, ERROR_FAILED, "\"%s\" is not in %s", w->search, s->only ? "these rows; Esc shows all" : "the table");
    data_move_to(w, row, column);
    if (!here && row == was)
        app_say(w->app, false, "\"%s\" is only in this row", w->search);
    else if (backward ? row > was : row < was)
        app_say(w->app, false, "\"%s\": past the %s, on from the %s", w->search, backward ? "first row" : "last row",
                backward ? "end" : "top");
    return true;
}

static bool search_answer(Workbench *w, const char *text, Error *e)
{
    char *kept = mem_strdup(text);
    mem_free(w->search);
    w->search = kept;
    return search_from(w, true, false, e);
}

static bool run_search(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return search_answer(w, argument, e);
    popup_ask(w, "Search in all cells", w->search ? w->search : "", search_answer);
    return true;
}

static bool run_search_next(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return search_from(w, false, false, e);
}

static bool run_search_back(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return search_from(w, false, true, e);
}

static bool column_answer(Workbench *w, const char *text, Error *e)
{
    DataState *s = state_of(w);
    int column = query_column(app_table(w->app), text, s->column, e);
    if (column != TABLE_NONE)
        data_move_to(w, s->row, column);
    return column != TABLE_NONE;
}

static bool run_column(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return column_answer(w, argument, e);
    popup_ask(w, "Go to the column: its name, or a regular expression", "", column_answer);
    return true;
}

static bool need_rows(const Workbench *w, Text *why)
{
    const Table *t = app_table(w->app);
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    if (t && t->columns_count && !(s->only && t->rows && !data_rows(w)))
        return true;
    if (t && s->only) {
        text_add(why, "the steps have dropped these rows; Esc shows all");
        return false;
    }
    text_add(why, "no table open; o opens one");
    return false;
}

#define DATA(id, text, k, place, short_word, fn, may) \
    const Command command_data_##id = {.spec = {.name = "data_" #id, .doc = text, .group = "d data"}, \
                                       .key = k, \
                                       .views = IN(VIEW_DATA), \
                                       .hint = place, \
                                       .word = short_word, \
                                       .can_run = may, \
                                       .run = fn}

DATA(frequency, "how often each value occurs", "F", 1, "frequency", run_frequency, need_rows);
DATA(describe, "figures of all columns", "I", 2, "describe", run_describe, need_rows);
DATA(sort_up, "sort by this column, smallest first", "[", 0, NULL, run_sort_up, need_rows);
DATA(sort_down, "sort by this column, largest first", "]", 3, "sort", run_sort_down, need_rows);
DATA(filter, "keep the rows where an expression holds", "&", 4, "filter", run_filter, need_table);
DATA(derive, "a new column from an expression", "=", 5, "derive", run_derive, need_table);
DATA(fill, "fill nulls of this column", "f", 6, "fill", run_fill, need_table);
DATA(rename, "rename this column", "^", 0, NULL, run_rename, need_table);
DATA(cast_text, "read this column as text", "~", 0, NULL, run_cast_text, need_table);
DATA(cast_int, "read this column as integers", "#", 0, NULL, run_cast_int, need_table);
DATA(cast_real, "read this column as numbers", "%", 0, NULL, run_cast_real, need_table);
DATA(cast_date, "read this column as dates", "@", 0, NULL, run_cast_date, need_table);
DATA(drop, "leave this column out", "-", 7, "drop", run_drop, need_table);
DATA(pin, "keep this column at the left", "!", 0, NULL, run_pin, need_rows);
DATA(target, "what is predicted; again: class or value", "T", 8, "target", run_target, need_table);
DATA(next_null, "next null cell of this column", "}", 0, NULL, run_next_null, need_rows);
DATA(previous_null, "previous null cell of this column", "{", 0, NULL, run_previous_null, need_rows);
DATA(record, "one row, name by name", "v", 0, NULL, run_record, need_rows);
DATA(side, "side pane on and off", "i", 0, NULL, run_side, need_rows);
DATA(column, "go to a column by its name or a part of it", "c", 0, NULL, run_column, need_rows);
DATA(search, "search a text in all cells", "/", 9, "search", run_search, need_rows);
DATA(search_next, "next match", "n", 0, NULL, run_search_next, need_rows);
DATA(search_back, "previous match", "N", 0, NULL, run_search_back, need_rows);
