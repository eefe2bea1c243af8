/* parse_date: dates and times in common orders become dates and times. */
#include <string.h>

#include "steps/writing.h"
#include "table/calendar_read.h"

typedef struct ParseDate {
    TextList columns;
    int order, errors;
} ParseDate;

typedef struct ParsedDate {
    TextList columns, orders, types;
} ParsedDate;

static const char *const order_choices[] = {"auto", "ymd", "dmy", "mdy", "epoch", "epoch_ms", NULL}; /* auto, then calendar_orders */

static const Field params[] = {
    {COLUMNS_FIELD(ParseDate, columns), .doc = "columns that hold dates or times", .positional = true},
    {CHOICE_FIELD(ParseDate, order), .doc = "order of year, month and day, or an epoch; auto: as most cells say", .def = "auto",
     .choices = order_choices},
    {CHOICE_FIELD(ParseDate, errors), .doc = "cells that are no date: missing up to 5 %, missing, or stop", .def = "few",
     .choices = tools_errors},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(ParsedDate, columns), .doc = "columns that are read", .unique = true},
    {TEXTS_FIELD(ParsedDate, orders), .doc = "order of each", .choices = calendar_orders, .length_of = "columns"},
    {TEXTS_FIELD(ParsedDate, types), .doc = "date or time, of each", .choices = column_cell_types, .length_of = "columns"},
    {0},
};

/* Any number could be an epoch: without being told so, only one of our days is taken for it. */
static bool read_way(int way, const char *bytes, size_t size, double *value)
{
    CalendarMoment moment;
    bool ok = calendar_read((CalendarOrder)way, bytes, size, &moment);
    if (ok && (way == ORDER_EPOCH || way == ORDER_EPOCH_MS))
        ok = calendar_is_likely_epoch(&moment);
    if (ok)
        *value = (double)moment.microseconds;
    return ok;
}

static void show(double value, Text *out)
{
    int64_t moment = (int64_t)value;
    if (moment % CALENDAR_DAY_MICROSECONDS == 0)
        calendar_format_date(moment / CALENDAR_DAY_MICROSECONDS, out);
    else
        calendar_format_time(moment, out);
}

static const WritingKind dates = {.what = "date", .parameter = "order", .names = calendar_orders, .read = read_way, .show = show};

static int order_of(const char *name)
{
    int order = 0;
    while (calendar_orders[order] && !text_equal(calendar_orders[order], name))
        order++;
    return order;
}

static bool has_times(const Column *c, int order)
{
    Text room = {0};
    bool any = false;
    for (size_t row = 0; !any && row < c->rows; row++) {
        size_t size;
        CalendarMoment moment;
        const char *text = writing_cell(c, row, &room, &size);
        any = text && calendar_read((CalendarOrder)order, text, size, &moment) && moment.has_time;
    }
    text_done(&room);
    return any;
}

static bool learn_column(const StepInput *in, ParsedDate *s, const char *name, Error *e)
{
    const ParseDate *p = in->params;
    const Column *c = table_column(in->rows, name);
    if (c->type == COLUMN_DATE || c->type == COLUMN_TIME)
        return true;
    if (column_is_wide(c) || c->type == COLUMN_BOOL)
        return error_set(e, ERROR_USAGE, "%s is %s; parse_date reads texts and numbers", name, column_type_name(c->type));
    int order = p->order ? p->order - 1 : writing_find(in, c, name, &dates, e);
    if (order == WRITING_NONE)
        return false;
    text_list_add(&s->columns, name);
    text_list_add(&s->orders, calendar_orders[order]);
    text_list_add(&s->types, column_type_name(has_times(c, order) ? COLUMN_TIME : COLUMN_DATE));
    return true;
}

static bool parse_date_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    TextList names = {0};
    bool ok = tools_resolve(in, &((const ParseDate *)in->params)->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn_column(in, state, names.items[i], e);
    text_list_done(&names);
    return ok;
}

/* A day stays one: a time of day where the column had none loses it, which is said of its row. */
static void put_moment(const StepInput *in, Column *to, size_t row, const CalendarMoment *moment)
{
    int64_t days = moment->microseconds / CALENDAR_DAY_MICROSECONDS;
    days -= moment->microseconds % CALENDAR_DAY_MICROSECONDS < 0;
    to->data.ints[row] = to->type == COLUMN_TIME ? moment->microseconds : days;
    if (to->type == COLUMN_DATE && moment->has_time)
        tools_remark(in, row, "the time of day is left out: the column had none");
}

static Column *read_column(const StepInput *in, size_t i, const ParsedDate *s, const Column *c, Error *e)
{
    const char *name = s->columns.items[i];
    int order = order_of(s->orders.items[i]);
    Text room = {0};
    ToolsLost lost = {
        .in = in, .column = name, .what = "date", .errors = ((const ParseDate *)in->params)->errors, .held = c->rows - c->missing};
    Column *to = column_new(text_equal(s->types.items[i], "time") ? COLUMN_TIME : COLUMN_DATE, c->rows, e);
    bool ok = to != NULL;
    for (size_t row = 0; ok && row < c->rows; row++) {
        size_t size;
        CalendarMoment moment;
        const char *text = writing_cell(c, row, &room, &size);
        if (text && calendar_read((CalendarOrder)order, text, size, &moment))
            put_moment(in, to, row, &moment);
        else
            ok = (!text || tools_lose(&lost, row, text, size, e)) && column_set_missing(to, row, e);
    }
    ok = ok && tools_lost_judge(&lost, e);
    if (ok)
        tools_note(in, "%s is read as %ss with order = \"%s\"%s", name, s->types.items[i], s->orders.items[i],
                   to->type == COLUMN_TIME ? ", in UTC" : "");
    tools_lost_done(&lost);
    text_done(&room);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static bool parse_date_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const ParsedDate *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const char *name = s->columns.items[i];
        if (tools_is_target(in, name) && table_find(in->rows, name) == TABLE_NONE)
            continue;
        int at = job_go_on(job, e) ? tools_find(in->rows, name, e) : TABLE_NONE;
        const Column *c = at == TABLE_NONE ? NULL : in->rows->columns[at];
        Column *to = !c ? NULL : text_equal(column_type_name(c->type), s->types.items[i]) ? column_copy(c, e) : read_column(in, i, s, c, e);
        if (!to || !tools_put(out, name, to, e)) {
            table_unref(*out);
            *out = NULL;
            return false;
        }
    }
    return true;
}

static void parse_date_describe(const void *params_used, const void *state, Text *out)
{
    const ParsedDate *s = state;
    tools_list(s ? &s->columns : &((const ParseDate *)params_used)->columns, out);
    if (s && s->columns.count == 1)
        text_addf(out, "  %s", s->orders.items[0]);
}

static const Example examples[] = {
    {"{\"columns\": [\"d\"]}", "d,x\n31/12/2024,1\n01/02/2024,2\n?,3\n", "d,x\n2024-12-31,1\n2024-02-01,2\n,3\n"},
    {"{\"columns\": [\"d\"]}", "d,x\n\"Mar 5, 2024 2:05 PM\",1\n2 April 2024,2\n", "d,x\n2024-03-05T14:05:00,1\n2024-04-02T00:00:00,2\n"},
    {"{\"columns\": [\"d\"], \"order\": \"epoch\"}", "d,x\n1709214330,1\n,2\n", "d,x\n2024-02-29T13:45:30,1\n,2\n"},
    {"{\"columns\": [\"d\"]}", "d,x\n03/04/2024,1\n",
     "error: d: \"03/04/2024\" (row 1) is 2024-04-03 with order = \"dmy\" and 2024-03-04 with order = \"mdy\", and no other cell decides"},
    {"{\"columns\": [\"d\"]}", "d,x\nsoon,1\n", "error: d: no cell is a date, such as \"soon\""},
};

static const char *const notes[] = {
    "Parts stand between - / . or blanks, or as 20241231; months may be English names, a year of two digits at the end is of 1969 to 2068. "
    "Times may have seconds, AM or PM, and a zone as Z, UTC or +02:00, which is taken out: what is kept is UTC.",
    "A column with a time of day in any cell becomes a time, else a date. The order is decided once for each column, from all rows, and "
    "said; where every cell can be read two ways the step asks. It looks at forms only, so it may run before the split.",
    NULL};

const Step step_parse_date = {
    .spec = {.name = "parse_date",
             .doc = "read dates and times in common orders",
             .group = "repair",
             .params = params,
             .params_size = sizeof(ParseDate),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(ParsedDate),
    .effect = STEP_MAP,
    .fits_form_only = true,
    .fit = parse_date_fit,
    .apply = parse_date_apply,
    .describe = parse_date_describe,
};
