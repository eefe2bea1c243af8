/* parse_number: numbers as people write them, 1.234,50 or 12 %, become numbers. */
#include <string.h>

#include "base/number.h"
#include "steps/writing.h"
#include "table/number_read.h"

enum { PERCENT_NUMBER, PERCENT_FRACTION };

typedef struct ParseNumber {
    TextList columns;
    int decimal, percent, errors;
} ParseNumber;

typedef struct ParsedNumber {
    TextList columns, decimals;
} ParsedNumber;

static const char *const decimal_choices[] = {"auto", "point", "comma", NULL}; /* auto, then number_ways */
static const char *const percent_choices[] = {"number", "fraction", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(ParseNumber, columns), .doc = "text columns that hold numbers", .positional = true},
    {CHOICE_FIELD(ParseNumber, decimal), .doc = "decimal sign; auto: what reads most cells, for each column", .def = "auto",
     .choices = decimal_choices},
    {CHOICE_FIELD(ParseNumber, percent), .doc = "12 % is the number 12, or the fraction 0.12", .def = "number", .choices = percent_choices},
    {CHOICE_FIELD(ParseNumber, errors), .doc = "cells that are no number: missing up to 5 %, missing, or stop", .def = "few",
     .choices = tools_errors},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(ParsedNumber, columns), .doc = "columns that are read", .unique = true},
    {TEXTS_FIELD(ParsedNumber, decimals), .doc = "decimal sign of each", .choices = number_ways, .length_of = "columns"},
    {0},
};

static bool read_way(int way, const char *bytes, size_t size, double *value)
{
    NumberForm form;
    bool ok = number_read((NumberWay)way, bytes, size, &form);
    return *value = form.value, ok;
}

static void show(double value, Text *out)
{
    char number[NUMBER_ROOM];
    text_add(out, number_format_real(value, number));
}

static const WritingKind numbers = {.what = "number", .parameter = "decimal", .names = number_ways, .read = read_way, .show = show};

static bool learn_column(const StepInput *in, ParsedNumber *s, const char *name, Error *e)
{
    const ParseNumber *p = in->params;
    const Column *c = table_column(in->rows, name);
    if (column_is_numeric(c))
        return true;
    if (c->type != COLUMN_TEXT)
        return error_set(e, ERROR_USAGE, "%s is %s; parse_number reads texts", name, column_type_name(c->type));
    int way = p->decimal ? p->decimal - 1 : writing_find(in, c, name, &numbers, e);
    if (way == WRITING_NONE)
        return false;
    text_list_add(&s->columns, name);
    text_list_add(&s->decimals, number_ways[way]);
    return true;
}

static bool parse_number_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    TextList names = {0};
    bool ok = tools_resolve(in, &((const ParseNumber *)in->params)->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn_column(in, state, names.items[i], e);
    text_list_done(&names);
    return ok;
}

/* What is worth saying of a column besides its numbers. */
typedef struct Seen {
    size_t percents, plain;
    char currency[4], other[4];
} Seen;

static void see(Seen *seen, const NumberForm *form)
{
    seen->percents += form->percent;
    seen->plain += !form->percent;
    if (!form->currency[0])
        return;
    if (!seen->currency[0])
        memcpy(seen->currency, form->currency, sizeof seen->currency);
    else if (!text_equal(seen->currency, form->currency))
        memcpy(seen->other, form->currency, sizeof seen->other);
}

static void say(const StepInput *in, const char *name, int way, const Seen *seen)
{
    const ParseNumber *p = in->params;
    tools_note(in, "%s is read with decimal = \"%s\"", name, number_ways[way]);
    if (seen->percents)
        tools_note(in, "%s: %zu cells are percents and %zu are not; 12 %% is read as %s", name, seen->percents, seen->plain,
                   p->percent == PERCENT_FRACTION ? "0.12" : "12, percent = \"fraction\" makes it 0.12");
    if (seen->other[0])
        tools_note(in, "%s holds more than one currency, %s and %s: the numbers do not compare", name, seen->currency, seen->other);
}

static Column *read_column(const StepInput *in, const char *name, const Column *c, int way, Error *e)
{
    const ParseNumber *p = in->params;
    Text room = {0};
    Seen seen = {0};
    ToolsLost lost = {.in = in, .column = name, .what = "number", .errors = p->errors, .held = c->rows - c->missing};
    Column *to = column_new(COLUMN_REAL, c->rows, e);
    bool ok = to != NULL;
    for (size_t row = 0; ok && row < c->rows; row++) {
        size_t size;
        NumberForm form;
        const char *text = writing_cell(c, row, &room, &size);
        bool read = text && number_read((NumberWay)way, text, size, &form);
        if (read) {
            see(&seen, &form);
            to->data.reals[row] = form.percent && p->percent == PERCENT_FRACTION ? form.share : form.value;
        } else {
            ok = (!text || tools_lose(&lost, row, text, size, e)) && column_set_missing(to, row, e);
        }
    }
    ok = ok && tools_lost_judge(&lost, e);
    if (ok)
        say(in, name, way, &seen);
    tools_lost_done(&lost);
    text_done(&room);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static double same(double x, double a, double b)
{
    (void)a, (void)b;
    return x;
}

static bool parse_number_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const ParsedNumber *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const char *name = s->columns.items[i];
        if (tools_is_target(in, name) && table_find(in->rows, name) == TABLE_NONE)
            continue;
        int at = job_go_on(job, e) ? tools_find(in->rows, name, e) : TABLE_NONE;
        const Column *c = at == TABLE_NONE ? NULL : in->rows->columns[at];
        int way = text_equal(s->decimals.items[i], number_ways[NUMBER_COMMA]) ? NUMBER_COMMA : NUMBER_POINT;
        Column *to = !c ? NULL : column_is_numeric(c) ? tools_map(c, same, 0, 0, e) : read_column(in, name, c, way, e);
        if (!to || !tools_put(out, name, to, e)) {
            table_unref(*out);
            *out = NULL;
            return false;
        }
    }
    return true;
}

static void parse_number_describe(const void *params_used, const void *state, Text *out)
{
    const ParsedNumber *s = state;
    tools_list(s ? &s->columns : &((const ParseNumber *)params_used)->columns, out);
    if (s && s->columns.count == 1)
        text_addf(out, "  decimal %s", s->decimals.items[0]);
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,y\n\"1,234.50\",1\n$12,2\n(7),3\n12k,4\n", "x,y\n1234.5,1\n12,2\n-7,3\n12000,4\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n\"1.234,50\",1\n\"3,5\",2\n?,3\n", "x,y\n1234.5,1\n3.5,2\n,3\n"},
    {"{\"columns\": [\"x\"], \"percent\": \"fraction\"}", "x,y\n12 %,1\n7.5%,2\n", "x,y\n0.12,1\n0.075,2\n"},
    {"{\"columns\": [\"x\"]}", "x,y\n\"1,234\",1\n\"2,500\",2\n",
     "error: x: \"1,234\" (row 1) is 1234 with decimal = \"point\" and 1.234 with decimal = \"comma\", and no other cell decides"},
    {"{\"columns\": [\"x\"]}", "x,y\n1 m,1\n2 m,2\n", "error: x: no cell is a number, such as \"1 m\""},
};

static const char *const notes[] = {
    "Thousands are parted by the sign that is not the decimal one, by blanks or by apostrophes. Brackets and a minus behind are negative; "
    "k, M and B count thousands, millions and billions; currencies are taken off.",
    "The decimal sign is decided once for each column, from all rows, and said; where every cell can be read both ways the step asks. It "
    "looks at signs only, so it may run before the split.",
    NULL};

const Step step_parse_number = {
    .spec = {.name = "parse_number",
             .doc = "read numbers as people write them: 1,234.50, 12 %, (3)",
             .group = "repair",
             .params = params,
             .params_size = sizeof(ParseNumber),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(ParsedNumber),
    .effect = STEP_MAP,
    .fits_form_only = true,
    .fit = parse_number_fit,
    .apply = parse_number_apply,
    .describe = parse_number_describe,
};
