/* fill_missing: put a value of the training rows, or a constant, where there is none. */
#include <string.h>

#include "base/number.h"
#include "steps/tools.h"

enum { FILL_MEDIAN, FILL_MEAN, FILL_MODE, FILL_CONSTANT };

typedef struct Fill {
    TextList columns;
    int strategy;
    char *value;
    bool indicator;
} Fill;

typedef struct Filled {
    TextList columns, values; /* values as text, read back exactly */
} Filled;

static const char *const strategies[] = {"median", "mean", "mode", "constant", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Fill, columns), .doc = "columns to fill", .def = "all", .positional = true},
    {CHOICE_FIELD(Fill, strategy), .doc = "what to put in; texts and dates take the mode unless constant", .def = "median",
     .choices = strategies},
    {TEXT_FIELD(Fill, value), .doc = "the constant", .when = "strategy=constant"},
    {FLAG_FIELD(Fill, indicator), .doc = "add column NAME_missing that marks the filled cells", .def = "false"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Filled, columns), .doc = "columns found that hold a value", .unique = true},
    {TEXTS_FIELD(Filled, values), .doc = "value for each", .length_of = "columns"},
    {0},
};

/* The most frequent value; the first in the table among equals. */
static bool mode_value(const Column *c, Text *out, Error *e)
{
    Dictionary *d = dictionary_new();
    size_t *counts = mem_try_alloc(c->rows + 1, sizeof *counts, e);
    uint32_t best = 0;
    for (size_t i = 0; counts && i < c->rows; i++) {
        if (!column_is_valid(c, i))
            continue;
        text_clear(out);
        column_format_key(c, i, out);
        counts[dictionary_add(d, text_get(out), out->size)]++;
    }
    text_clear(out);
    for (uint32_t i = 1; counts && i < dictionary_count(d); i++)
        if (counts[i] > counts[best])
            best = i;
    if (counts && dictionary_count(d) > 0)
        text_add(out, dictionary_get(d, best, NULL));
    mem_free(counts);
    dictionary_unref(d);
    return counts != NULL;
}

static double middle(const double *sorted, size_t count, int strategy)
{
    if (strategy == FILL_MEDIAN)
        return tools_quantile(sorted, count, 0.5);
    return moments_of(sorted, count).mean;
}

static bool middle_value(const Column *c, int strategy, Text *out, Error *e)
{
    size_t count;
    char number[NUMBER_ROOM];
    double *sorted = tools_sorted(c, &count, e);
    if (sorted && count > 0)
        text_add(out, number_format_real(middle(sorted, count, strategy), number));
    mem_free(sorted);
    return sorted != NULL;
}

static bool learn_value(const Fill *p, const Column *c, Text *out, Error *e)
{
    if (p->strategy == FILL_CONSTANT) {
        text_add(out, p->value ? p->value : "");
        return true;
    }
    bool number = c->type == COLUMN_INT || c->type == COLUMN_REAL;
    return p->strategy == FILL_MODE || !number ? mode_value(c, out, e) : middle_value(c, p->strategy, out, e);
}

static bool is_of_type(const char *value, ColumnType type)
{
    double real;
    int64_t whole;
    if (type == COLUMN_INT || type == COLUMN_REAL)
        return number_parse_real(value, strlen(value), &real);
    return type == COLUMN_TEXT || tools_parse_whole(type, value, strlen(value), &whole);
}

/* A constant goes only where it fits: a column that was named is refused, of another is said that it stays as it is. */
static bool constant_fits(const StepInput *in, const char *name, const Column *c, Error *e)
{
    const Fill *p = in->params;
    const char *value = p->value ? p->value : "";
    bool fits = is_of_type(value, c->type);
    if (!fits && text_list_has(&p->columns, name))
        error_set(e, ERROR_USAGE, "%s is %s and cannot be filled with \"%s\"", name, column_type_name(c->type), value);
    else if (!fits && c->missing)
        tools_note(in, "%s is %s, so \"%s\" does not fit: its missing cells stay missing", name, column_type_name(c->type), value);
    return fits;
}

static bool add_learned(const StepInput *in, Filled *s, const char *name, Error *e)
{
    const Fill *p = in->params;
    const Column *c = table_column(in->rows, name);
    if (c->type == COLUMN_ARRAY)
        return true;
    if (p->strategy != FILL_CONSTANT && c->missing == c->rows) {
        tools_note(in, "%s holds no value in these rows, so there is no %s to fill it with: it stays missing; drop it", name,
                   strategies[p->strategy]);
        return true;
    }
    if (p->strategy == FILL_CONSTANT && !constant_fits(in, name, c, e))
        return !text_list_has(&p->columns, name);
    Text value = {0};
    bool ok = learn_value(p, c, &value, e);
    text_list_add(&s->columns, name);
    text_list_add(&s->values, text_get(&value));
    text_done(&value);
    return ok;
}

static bool fill_missing_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Fill *p = in->params;
    TextList names = {0};
    bool ok = tools_resolve(in, &p->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && add_learned(in, state, names.items[i], e);
    text_list_done(&names);
    return ok;
}

static Column *fill_text(const Column *c, const char *value, Error *e)
{
    Column *to = column_new(COLUMN_TEXT, c->rows, e);
    Text text = {0};
    bool ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        text_clear(&text);
        column_format(c, i, &text);
        const char *bytes = column_is_valid(c, i) ? text_get(&text) : value;
        ok = column_set_text(to, i, bytes, column_is_valid(c, i) ? text.size : strlen(value), e);
    }
    text_done(&text);
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

/* An integer column stays one when the value is whole. */
static Column *fill_number(const Column *c, const char *value, Error *e)
{
    int64_t whole = 0;
    double real = 0;
    bool is_whole = c->type != COLUMN_REAL && number_parse_int(value, strlen(value), &whole);
    if (!is_whole && !number_parse_real(value, strlen(value), &real))
        return error_set(e, ERROR_FAILED, "\"%s\" is no number", value), NULL;
    Column *to = column_new(is_whole ? COLUMN_INT : COLUMN_REAL, c->rows, e);
    for (size_t i = 0; to && i < c->rows; i++) {
        bool known = column_is_valid(c, i);
        if (is_whole)
            to->data.ints[i] = !known ? whole : c->type == COLUMN_BOOL ? c->data.flags[i] : c->data.ints[i];
        else
            to->data.reals[i] = known ? column_real(c, i) : real;
    }
    if (to)
        to->decimals = c->decimals;
    return to;
}

/* Flags and dates: the value stands in one of the training rows, so its text decides among the two, or parses as a date. */
static Column *fill_other(const Column *c, const char *value, Error *e)
{
    int64_t ready = 0;
    bool known = tools_parse_whole(c->type, value, strlen(value), &ready);
    if (!known)
        return error_set(e, ERROR_FAILED, "\"%s\" is no %s", value, column_type_name(c->type)), NULL;
    Column *to = column_new(c->type, c->rows, e);
    for (size_t i = 0; to && i < c->rows; i++) {
        if (c->type == COLUMN_BOOL)
            to->data.flags[i] = column_is_valid(c, i) ? c->data.flags[i] : (uint8_t)ready;
        else
            to->data.ints[i] = column_is_valid(c, i) ? c->data.ints[i] : ready;
    }
    return to;
}

static Column *fill_column(const Column *c, const char *value, Error *e)
{
    if (c->type == COLUMN_TEXT)
        return fill_text(c, value, e);
    if (c->type == COLUMN_INT || c->type == COLUMN_REAL)
        return fill_number(c, value, e);
    return fill_other(c, value, e);
}

static bool add_indicator(Table **t, const char *name, const Column *c, Error *e)
{
    char *marked = text_format("%s_missing", name);
    Column *flags = column_new(COLUMN_BOOL, c->rows, e);
    for (size_t i = 0; flags && i < c->rows; i++)
        flags->data.flags[i] = !column_is_valid(c, i);
    bool ok = tools_add(t, marked, flags, e);
    mem_free(marked);
    return ok;
}

static bool fill_missing_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Fill *p = in->params;
    const Filled *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        const char *name = s->columns.items[i], *value = s->values.items[i];
        int at = job_go_on(job, e) ? tools_find(in->rows, name, e) : TABLE_NONE;
        const Column *c = at == TABLE_NONE ? NULL : in->rows->columns[at];
        bool needed = c && c->missing > 0;
        bool ok = c && (!needed || tools_put(out, name, fill_column(c, value, e), e)) && (!p->indicator || add_indicator(out, name, c, e));
        if (!ok)
            return table_unref(*out), *out = NULL, c ? error_prefix(e, "%s: ", name) : false;
    }
    return true;
}

static void fill_missing_describe(const void *params_used, const void *state, Text *out)
{
    const Fill *p = params_used;
    const Filled *s = state;
    if (s && s->columns.count == 1)
        text_addf(out, "%s <- %s %s", s->columns.items[0], strategies[p->strategy], s->values.items[0]);
    else {
        tools_list(s ? &s->columns : &p->columns, out);
        text_addf(out, " <- %s%s%s", strategies[p->strategy], p->value ? " " : "", p->value ? p->value : "");
    }
}

static const Example examples[] = {
    {"{\"columns\": [\"x\"]}", "x,t\n1,a\n,b\n3,c\n", "x,t\n1,a\n2,b\n3,c\n"},
    {"{\"columns\": [\"x\"], \"strategy\": \"mean\", \"indicator\": true}", "x\n1\n2\n\"\"\n", "x,x_missing\n1,false\n2,false\n1.5,true\n"},
    {"{\"columns\": [\"t\"], \"strategy\": \"constant\", \"value\": \"none\"}", "x,t\n1,a\n2,\n", "x,t\n1,a\n2,none\n"},
    {"{\"columns\": [\"x\"], \"strategy\": \"constant\", \"value\": \"none\"}", "x\n1\n2\n", "error: cannot be filled with"},
    {"{\"columns\": [\"t\"]}", "x,t\n1,\n2,\n", "x,t\n1,\n2,\n"},
    {"{\"value\": \"0\"}", "x\n1\n", "error: \"value\" needs strategy=constant"},
};

static const char *const notes[] = {
    "Median, mean and mode come from training rows. Texts, dates and truth values take the mode where a median makes no sense.",
    "An integer column stays one when the value is whole. A column without any value has no median or mode: it stays missing, and that is "
    "said.",
    NULL};

const Step step_fill_missing = {
    .spec = {.name = "fill_missing",
             .doc = "put a typical value, or a constant, where there is none",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Fill),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Filled),
    .effect = STEP_MAP,
    .fit = fill_missing_fit,
    .apply = fill_missing_apply,
    .describe = fill_missing_describe,
};
