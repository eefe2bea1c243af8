/* one_hot: a 0/1 column for every level of a text column. */
#include "steps/levels.h"

enum { MISSING_ZERO, MISSING_LEVEL, UNKNOWN_ZERO = 0, UNKNOWN_OTHER };

typedef struct OneHot {
    TextList columns;
    int64_t max_levels;
    bool drop_first;
    int unknown, missing;
} OneHot;

typedef struct OneHotState {
    TextList columns;
    Value *levels; /* a list of texts for each column */
} OneHotState;

static const char *const unknown_choices[] = {"zero", "other", NULL};
static const char *const missing_choices[] = {"zero", "level", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(OneHot, columns), .doc = "columns to encode", .def = "text", .positional = true},
    {INT_FIELD(OneHot, max_levels), .doc = "most levels of a column; rarer ones count as unknown", .def = "50", .min = 1, .max = 10000,
     .soft_min = 5, .soft_max = 100, .scale = SCALE_LOG},
    {FLAG_FIELD(OneHot, drop_first), .doc = "leave out the first level, which the others imply", .def = "false"},
    {CHOICE_FIELD(OneHot, unknown), .doc = "levels not seen in training: all zero, or a column of their own", .def = "zero",
     .choices = unknown_choices},
    {CHOICE_FIELD(OneHot, missing), .doc = "missing cells: all zero, or a column of their own", .def = "zero", .choices = missing_choices},
    {0},
};

static const Field level_list = {.name = "levels", .type = FIELD_TEXTS, .unique = true};
static const Field learns[] = {
    {COLUMNS_FIELD(OneHotState, columns), .doc = "columns found", .unique = true},
    {VALUE_FIELD(OneHotState, levels), .doc = "levels of each, in order", .element = &level_list, .length_of = "columns"},
    {0},
};

/* A column that is false in every training row teaches nothing, and rows beyond the most frequent levels lose theirs. */
static void note_levels(const StepInput *in, const char *name, const Column *c, const Value *levels)
{
    const OneHot *p = in->params;
    size_t held = 0, used = 0;
    size_t *rows = mem_alloc(((size_t)dictionary_count(c->dictionary) + 1) * sizeof *rows);
    for (size_t i = 0; i < c->rows; i++)
        if (column_is_valid(c, i))
            used += rows[c->data.codes[i]]++ == 0;
    for (size_t k = 0; k < levels->size; k++)
        held += rows[dictionary_find(c->dictionary, levels->items[k]->text, levels->items[k]->size)];
    mem_free(rows);
    size_t known = c->rows - c->missing;
    if (known == 0)
        tools_note(in, "%s holds no value in these rows: it gives no column", name);
    else if (used > levels->size)
        tools_note(in, "%s: %zu of its %zu levels are beyond max_levels and count as unknown (%.1f %% of rows)", name, used - levels->size,
                   used, 100.0 * (double)(known - held) / (double)c->rows);
    else if (p->unknown == UNKNOWN_OTHER)
        tools_note(in, "%s: no training row has an unknown level, so %s=(other) is false in all of them and a net learns nothing from it",
                   name, name);
    if (p->missing == MISSING_LEVEL && c->missing == 0)
        tools_note(in, "%s: no training row is missing, so %s=(missing) is false in all of them and a net learns nothing from it", name,
                   name);
}

/* The most frequent levels, at most `most`, sorted by text. */
static Value *find_levels(const Column *c, size_t most)
{
    size_t count;
    Level *levels = levels_count(c, &count);
    if (count > most)
        count = most;
    levels_sort(levels, count, false);
    Value *list = levels_list(levels, count);
    mem_free(levels);
    return list;
}

static bool one_hot_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const OneHot *p = in->params;
    OneHotState *s = state;
    if (!tools_resolve(in, &p->columns, false, &s->columns, e))
        return false;
    s->levels = value_list();
    for (size_t i = 0; i < s->columns.count; i++) {
        Column *c = job_go_on(job, e) ? levels_text(table_column(in->rows, s->columns.items[i]), e) : NULL;
        if (!c)
            return false;
        value_add(s->levels, find_levels(c, (size_t)p->max_levels));
        note_levels(in, s->columns.items[i], c, s->levels->items[i]);
        column_unref(c);
    }
    return true;
}

typedef struct Encoding {
    Table *out;
    const char *column;
    const int32_t *rows;
} Encoding;

static bool add_indicator(Encoding *x, const char *level, int32_t code, Error *e)
{
    char *name = text_format("%s=%s", x->column, level);
    Column *c = column_new(COLUMN_BOOL, x->out->rows, e);
    for (size_t i = 0; c && i < x->out->rows; i++)
        c->data.flags[i] = x->rows[i] == code;
    bool ok = tools_add(&x->out, name, c, e);
    mem_free(name);
    return ok;
}

static bool add_indicators(Encoding *x, const OneHot *p, const Value *levels, Error *e)
{
    for (size_t k = p->drop_first ? 1 : 0; k < levels->size; k++)
        if (!add_indicator(x, levels->items[k]->text, (int32_t)k, e))
            return false;
    if (p->unknown == UNKNOWN_OTHER && !add_indicator(x, "(other)", LEVEL_UNKNOWN, e))
        return false;
    return p->missing != MISSING_LEVEL || add_indicator(x, "(missing)", LEVEL_MISSING, e);
}

static bool encode_column(const StepInput *in, const char *name, const Value *levels, Table **out, Error *e)
{
    int at = tools_find(*out, name, e);
    Column *text = at == TABLE_NONE ? NULL : levels_text((*out)->columns[at], e);
    int32_t *rows = text ? levels_rows(text, levels, e) : NULL;
    Table *without = rows ? table_without(*out, &at, 1, e) : NULL;
    table_unref(*out);
    Encoding x = {without, name, rows};
    bool ok = without && add_indicators(&x, in->params, levels, e);
    *out = x.out;
    mem_free(rows);
    column_unref(text);
    return ok;
}

static bool one_hot_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const OneHotState *s = state;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++)
        if (!job_go_on(job, e) || !encode_column(in, s->columns.items[i], s->levels->items[i], out, e))
            return false;
    return true;
}

static void one_hot_describe(const void *params_used, const void *state, Text *out)
{
    const OneHotState *s = state;
    if (!s) {
        tools_list(&((const OneHot *)params_used)->columns, out);
        return;
    }
    size_t levels = 0;
    for (size_t i = 0; i < s->levels->size; i++)
        levels += s->levels->items[i]->size;
    text_addf(out, "%zu columns, %zu levels", s->columns.count, levels);
}

static const Example examples[] = {
    {"{}", "x,plan\n1,b\n2,a\n3,b\n", "x,plan=a,plan=b\n1,false,true\n2,true,false\n3,false,true\n"},
    {"{\"columns\": [\"plan\"], \"drop_first\": true}", "x,plan\n1,b\n2,a\n", "x,plan=b\n1,true\n2,false\n"},
    {"{\"missing\": \"level\"}", "x,plan\n1,b\n2,\n", "x,plan=b,plan=(missing)\n1,true,false\n2,false,true\n"},
    {"{\"max_levels\": 1, \"unknown\": \"other\"}", "plan\nb\nb\na\n", "plan=b,plan=(other)\ntrue,false\ntrue,false\nfalse,true\n"},
    {"{\"max_levels\": 0}", "plan\nb\n", "error: allowed is 1 to 10000"},
};

static const char *const notes[] = {
    "Levels are those of the training rows, sorted by text; the new columns are named column=level and stand at the end.",
    "A level that training did not show sets no column, or column=(other) with unknown = \"other\".", NULL};

const Step step_one_hot = {
    .spec = {.name = "one_hot",
             .doc = "a true/false column for every level of a text column",
             .group = "encode",
             .params = params,
             .params_size = sizeof(OneHot),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(OneHotState),
    .effect = STEP_MAP,
    .fit = one_hot_fit,
    .apply = one_hot_apply,
    .describe = one_hot_describe,
};
