/* make_missing: cells that only say that there is no value, "?" or -999, become missing. */
#include <string.h>

#include "base/number.h"
#include "steps/tools.h"
#include "table/letters.h"
#include "table/spelling.h"

typedef struct MakeMissing {
    TextList columns, values;
} MakeMissing;

static const Field params[] = {
    {COLUMNS_FIELD(MakeMissing, columns), .doc = "columns to look at", .def = "text", .positional = true},
    {TEXTS_FIELD(MakeMissing, values), .doc = "what stands for no value; none given: ?, N/A, null and the like", .def = ""},
    {0},
};

/* As text between blanks; numbers by what they are, so -999 is -999.0. */
static bool is_listed(const TextList *values, const char *text, size_t size)
{
    double x, y;
    text = letters_trim(text, &size);
    if (values->count == 0)
        return spelling_is_missing(text, size);
    bool number = number_parse_real(text, size, &x);
    for (size_t i = 0; i < values->count; i++) {
        const char *value = values->items[i];
        size_t length = strlen(value);
        if ((length == size && memcmp(value, text, size) == 0) || (number && number_parse_real(value, length, &y) && x == y))
            return true;
    }
    return false;
}

static void blank(const void *how, const char *bytes, size_t size, Text *out)
{
    if (!is_listed(how, bytes, size))
        text_add_bytes(out, bytes, size);
}

static Column *blank_cells(const Column *c, const TextList *values, size_t *found, Error *e)
{
    Column *to = column_copy(c, e);
    Text text = {0};
    bool ok = to != NULL;
    *found = 0;
    for (size_t i = 0; ok && i < c->rows; i++) {
        text_clear(&text);
        column_format_key(c, i, &text);
        if (!column_is_valid(c, i) || !is_listed(values, text_get(&text), text.size))
            continue;
        ok = column_set_missing(to, i, e);
        ++*found;
    }
    text_done(&text);
    if (!ok)
        column_unref(to);
    return ok ? to : NULL;
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    const MakeMissing *p = in->params;
    const Column *c = in->rows->columns[column];
    size_t found = 0;
    Column *to = c->type == COLUMN_TEXT ? tools_map_text(c, blank, &p->values, true, e) : blank_cells(c, &p->values, &found, e);
    if (!to)
        return false;
    if (to->missing == c->missing)
        tools_note(in, "%s holds none of these values", in->rows->names[column]);
    *out = to;
    return true;
}

static bool make_missing_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    return tools_each(job, in, &((const MakeMissing *)in->params)->columns, change, out, e);
}

static void make_missing_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const MakeMissing *p = params_used;
    tools_list(&p->columns, out);
    if (p->values.count) {
        text_add(out, "  ");
        tools_list(&p->values, out);
    }
}

static const Example examples[] = {
    {"{}", "x,work\n1, ?\n2,Private\n3,N/A\n", "x,work\n1,\n2,Private\n3,\n"},
    {"{\"columns\": [\"x\"], \"values\": [\"-999\", \"9999\"]}", "x,y\n-999,1\n5,2\n9999,3\n", "x,y\n,1\n5,2\n,3\n"},
    {"{\"columns\": [\"z\"]}", "x\n1\n", "error: no column \"z\""},
};

static const char *const notes[] = {
    "Texts are compared without the blanks around them, numbers by value. fill_missing then puts something in.", NULL};

const Step step_make_missing = {
    .spec = {.name = "make_missing",
             .doc = "cells that only say there is no value become missing",
             .group = "repair",
             .params = params,
             .params_size = sizeof(MakeMissing),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = make_missing_apply,
    .describe = make_missing_describe,
};
