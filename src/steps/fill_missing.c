/* fill_missing: put a value of the training rows, or a constant, where there is none. */
#include <string.h>

#include "base/number.h"
#include "steps/tools.h"

enum { FILL_MEDIAN, FILL_MEAN, FILL_MODE, FILL_CONSTANT };

typedef struct Fill {
    TextList columns;
    int strategy;
    char *value, *by;
    bool indicator;
} Fill;

typedef struct Filled {
    TextList columns, values; /* values as text, read back exactly */
    TextList groups;          /* values of the column `by` */
    Value *group_values;      /* for each column a list by group; null: the group has none, and the value of all rows goes in */
} Filled;

static const char *const strategies[] = {"median", "mean", "mode", "constant", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Fill, columns), .doc = "columns to fill", .def = "all", .positional = true},
    {CHOICE_FIELD(Fill, strategy), .doc = "what to put in; texts and dates take the mode unless constant", .def = "median",
     .choices = strategies},
    {TEXT_FIELD(Fill, value), .doc = "the constant", .when = "strategy=constant"},
    {TEXT_FIELD(Fill, by), .names_column = true, .doc = "column whose groups have values of their own", .def = "",
     .when = "strategy=median|mean|mode"},
    {FLAG_FIELD(Fill, indicator), .doc = "add column NAME_missing that marks the filled cells", .def = "false"},
    {0},
};

static const Field by_group = {.name = "group_values", .type = FIELD_TEXTS, .length_of = "groups", .nullable = true};
static const Field learns[] = {
    {COLUMNS_FIELD(Filled, columns), .doc = "columns found that hold a value", .unique = true},
    {TEXTS_FIELD(Filled, values), .doc = "value for each", .length_of = "columns"},
    {TEXTS_FIELD(Filled, groups), .doc = "groups found, when there are any", .unique = true},
    {VALUE_FIELD(Filled, group_values), .doc = "values by group, for each column", .element = &by_group, .length_of = "columns"},
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
    if (column_is_wide(c))
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

/* The code of each row's group, from 0; UINT32_MAX: none. */
typedef struct Groups {
    Dictionary *names;
    uint32_t *codes;
} Groups;

static bool find_groups(const Column *by, Groups *g, Error *e)
{
    Text text = {0};
    g->names = dictionary_new();
    g->codes = mem_try_alloc(by->rows + 1, sizeof *g->codes, e);
    for (size_t i = 0; g->codes && i < by->rows; i++) {
        text_clear(&text);
        column_format_key(by, i, &text);
        g->codes[i] = column_is_valid(by, i) ? dictionary_add(g->names, text_get(&text), text.size) : UINT32_MAX;
    }
    text_done(&text);
    return g->codes != NULL;
}

static void groups_done(Groups *g)
{
    dictionary_unref(g->names);
    mem_free(g->codes);
}

/* Rows in the order of their groups; starts: where each group begins, and the end. */
static void sort_by_group(const Groups *g, size_t rows, size_t *order, size_t *starts)
{
    uint32_t count = dictionary_count(g->names);
    for (size_t i = 0; i < rows; i++)
        if (g->codes[i] != UINT32_MAX)
            starts[g->codes[i] + 1]++;
    for (uint32_t k = 0; k < count; k++)
        starts[k + 1] += starts[k];
    for (size_t i = 0; i < rows; i++)
        if (g->codes[i] != UINT32_MAX)
            order[starts[g->codes[i]]++] = i;
    for (uint32_t k = count; k > 0; k--)
        starts[k] = starts[k - 1];
    starts[0] = 0;
}

static bool learn_group(const Fill *p, const Column *own, Value *values, Error *e)
{
    Text value = {0};
    bool any = own->missing < own->rows, ok = !any || learn_value(p, own, &value, e);
    value_add(values, any ? value_text(text_get(&value)) : value_null());
    text_done(&value);
    return ok;
}

static bool learn_by_group(const StepInput *in, Filled *s, const Groups *g, Error *e)
{
    const Fill *p = in->params;
    uint32_t count = dictionary_count(g->names);
    size_t *order = mem_alloc((in->rows->rows + 1) * sizeof *order), *starts = mem_alloc(((size_t)count + 2) * sizeof *starts);
    bool ok = true;
    sort_by_group(g, in->rows->rows, order, starts);
    for (uint32_t k = 0; k < count; k++)
        text_list_add(&s->groups, dictionary_get(g->names, k, NULL));
    s->group_values = value_list();
    for (size_t c = 0; c < s->columns.count; c++) {
        Value *values = value_list();
        value_add(s->group_values, values);
        for (uint32_t k = 0; ok && k < count; k++) {
            Column *own = column_select(table_column(in->rows, s->columns.items[c]), order + starts[k], starts[k + 1] - starts[k], e);
            ok = own && learn_group(p, own, values, e);
            column_unref(own);
        }
    }
    mem_free(order);
    mem_free(starts);
    return ok;
}

static bool learn_groups(const StepInput *in, Filled *s, Error *e)
{
    const Fill *p = in->params;
    Groups g = {0};
    int at = table_get(in->rows, p->by, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "by: ");
    enum { GROUPS_MOST = 10000 };
    bool ok = find_groups(in->rows->columns[at], &g, e);
    if (ok && dictionary_count(g.names) > GROUPS_MOST)
        ok = error_set(e, ERROR_USAGE, "by: %u groups in %s are too many; %d are allowed", dictionary_count(g.names), p->by, GROUPS_MOST);
    ok = ok && learn_by_group(in, s, &g, e);
    groups_done(&g);
    return ok;
}

/* A list without groups for each column. */
static Value *no_groups(size_t columns)
{
    Value *v = value_list();
    for (size_t i = 0; i < columns; i++)
        value_add(v, value_list());
    return v;
}

/* Before there were groups. */
static void fill_missing_renew_state(const void *params_used, Value *state)
{
    (void)params_used;
    if (value_get(state, "groups") || value_get(state, "group_values"))
        return;
    value_set(state, "groups", value_list());
    value_set(state, "group_values", no_groups(value_items(value_get(state, "columns"))));
}

static bool fill_missing_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Fill *p = in->params;
    TextList names = {0};
    bool ok = tools_resolve(in, &p->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        if (!text_equal(names.items[i], p->by))
            ok = job_go_on(job, e) && add_learned(in, state, names.items[i], e);
    text_list_done(&names);
    if (ok && p->by)
        return learn_groups(in, state, e);
    ((Filled *)state)->group_values = no_groups(((Filled *)state)->columns.count);
    return ok;
}

/* What goes into the missing cells of one column. */
typedef struct Filling {
    const char *value;      /* of all rows */
    const Value *own;       /* by group; NULL: there are none */
    const uint32_t *groups; /* of the rows */
} Filling;

static const char *value_for(const Filling *f, size_t row)
{
    bool known = f->own && f->groups[row] < f->own->size && f->own->items[f->groups[row]]->type == VALUE_TEXT;
    return known ? f->own->items[f->groups[row]]->text : f->value;
}

static bool is_whole(const char *text)
{
    int64_t whole;
    return number_parse_int(text, strlen(text), &whole);
}

static bool stays_whole(const Filling *f)
{
    bool whole = is_whole(f->value);
    for (size_t k = 0; f->own && whole && k < f->own->size; k++)
        whole = f->own->items[k]->type != VALUE_TEXT || is_whole(f->own->items[k]->text);
    return whole;
}

static double same(double x, double a, double b)
{
    (void)a, (void)b;
    return x;
}

/* A copy to be filled. An integer column stays one when all values that may go in are whole. */
static Column *copy_for(const Column *c, const Filling *f, Error *e)
{
    bool real = c->type == COLUMN_INT && !stays_whole(f);
    Column *to = real ? tools_map(c, same, 0, 0, e) : column_copy(c, e);
    if (to && real)
        to->decimals = c->decimals;
    if (!to || to->type != COLUMN_TEXT || column_own_dictionary(to, e))
        return to;
    column_unref(to);
    return NULL;
}

static Column *fill_column(const Column *c, const Filling *f, Error *e)
{
    Column *to = copy_for(c, f, e);
    for (size_t i = 0; to && i < c->rows; i++) {
        if (column_is_valid(c, i))
            continue;
        const char *value = value_for(f, i);
        if (tools_put_text(to, c->type, i, value, strlen(value))) {
            column_set_valid(to, i);
            continue;
        }
        error_set(e, ERROR_FAILED, "\"%s\" is no %s", value, column_type_name(to->type));
        column_unref(to);
        to = NULL;
    }
    return to;
}

/* The group of each row, as the rows that were learned from have it. */
static bool known_groups(const StepInput *in, const Filled *s, uint32_t **codes, Error *e)
{
    const char *name = ((const Fill *)in->params)->by;
    int at = tools_find(in->rows, name, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "by: ");
    if (value_items(s->group_values) != s->columns.count)
        return error_set(e, ERROR_FAILED, "the groups of the model are damaged: they do not fit the columns");
    const Column *by = in->rows->columns[at];
    Dictionary *names = dictionary_new();
    Text text = {0};
    for (size_t i = 0; i < s->groups.count; i++)
        dictionary_add(names, s->groups.items[i], strlen(s->groups.items[i]));
    *codes = mem_try_alloc(by->rows + 1, sizeof **codes, e);
    for (size_t i = 0; *codes && i < by->rows; i++) {
        text_clear(&text);
        column_format_key(by, i, &text);
        (*codes)[i] = column_is_valid(by, i) ? dictionary_find(names, text_get(&text), text.size) : UINT32_MAX;
    }
    text_done(&text);
    dictionary_unref(names);
    return *codes != NULL;
}

static bool fill_one(const StepInput *in, const Filled *s, size_t i, const uint32_t *groups, Table **out, Error *e)
{
    const char *name = s->columns.items[i];
    int at = tools_find(in->rows, name, e);
    if (at == TABLE_NONE)
        return false;
    const Column *c = in->rows->columns[at];
    Filling f = {s->values.items[i], groups ? s->group_values->items[i] : NULL, groups};
    bool as_is = c->missing == 0 && !groups; /* with groups the column is always made: then it is known to need them */
    bool ok = as_is || tools_put(out, name, fill_column(c, &f, e), e);
    return (ok && (!((const Fill *)in->params)->indicator || tools_add_indicator(out, name, c, e))) || error_prefix(e, "%s: ", name);
}

static bool fill_missing_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Filled *s = state;
    uint32_t *groups = NULL;
    if (((const Fill *)in->params)->by && !known_groups(in, s, &groups, e))
        return false;
    *out = table_ref(in->rows);
    bool ok = true;
    for (size_t i = 0; ok && i < s->columns.count; i++)
        ok = job_go_on(job, e) && fill_one(in, s, i, groups, out, e);
    mem_free(groups);
    if (!ok) {
        table_unref(*out);
        *out = NULL;
    }
    return ok;
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
    {"{\"columns\": [\"x\"], \"by\": \"t\"}", "x,t\n1,a\n3,a\n,a\n10,b\n,b\n,c\n", "x,t\n1,a\n3,a\n2,a\n10,b\n10,b\n3,c\n"},
    {"{\"value\": \"0\"}", "x\n1\n", "error: \"value\" needs strategy=constant"},
};

static const char *const notes[] = {
    "Median, mean and mode come from training rows. Texts, dates and truth values take the mode where a median makes no sense.",
    "With by, each group of that column has a value of its own; rows without a group, of a new one or of one that has no value get that of "
    "all rows.",
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
    .renew_state = fill_missing_renew_state,
    .fit = fill_missing_fit,
    .apply = fill_missing_apply,
    .describe = fill_missing_describe,
};
