/* ordinal: a whole number for every level, in an order. */
#include "steps/levels.h"

enum { ORDER_NAME, ORDER_FREQUENCY, ORDER_GIVEN, UNKNOWN_MISSING = 0, UNKNOWN_LAST, MISSING_KEEP = 0, MISSING_FIRST };

typedef struct Ordinal {
    TextList columns, levels;
    int order, unknown, missing;
} Ordinal;

static const char *const orders[] = {"name", "frequency", "given", NULL};
static const char *const unknowns[] = {"missing", "last", NULL};
static const char *const missings[] = {"keep", "first", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Ordinal, columns), .doc = "columns to encode", .def = "text", .positional = true},
    {CHOICE_FIELD(Ordinal, order), .doc = "what goes first: names, the most frequent level, or as given", .def = "name", .choices = orders},
    {TEXTS_FIELD(Ordinal, levels), .doc = "levels from the lowest to the highest", .when = "order=given", .unique = true},
    {CHOICE_FIELD(Ordinal, unknown), .doc = "a level not seen in training: missing, or a number behind the last", .def = "missing",
     .choices = unknowns},
    {CHOICE_FIELD(Ordinal, missing), .doc = "missing cells: as they are, or -1, before the first", .def = "keep", .choices = missings},
    {0},
};

static void note_strangers(const StepInput *in, const char *name, const Column *text, const Value *levels)
{
    size_t count, strangers = 0, rows = 0;
    Level *found = levels_count(text, &count);
    TextList known = {0};
    Text list = {0};
    for (size_t i = 0; i < levels->size; i++)
        text_list_add(&known, levels->items[i]->text);
    for (size_t i = 0; i < count; i++)
        if (!text_list_has(&known, found[i].text)) {
            text_addf(&list, "%s\"%s\"", strangers++ ? ", " : "", found[i].text);
            rows += found[i].rows;
        }
    if (strangers)
        tools_note(in, "%s: %s in %zu rows: not in the order given, so unknown", name, text_get(&list), rows);
    text_list_done(&known);
    text_done(&list);
    mem_free(found);
}

static Value *ordered_levels(const StepInput *in, const char *name, const Column *c, const Column *text)
{
    const Ordinal *p = in->params;
    if (p->order == ORDER_GIVEN) {
        Value *given = value_texts(&p->levels);
        note_strangers(in, name, text, given);
        return given;
    }
    size_t count;
    Level *levels = levels_count(text, &count);
    if (p->order == ORDER_NAME)
        levels_sort(levels, count, c->type == COLUMN_INT || c->type == COLUMN_REAL);
    Value *list = levels_list(levels, count);
    mem_free(levels);
    return list;
}

static bool learn(const StepInput *in, const char *name, LevelMap *map, Error *e)
{
    Column *c = table_column(in->rows, name), *text = levels_text(c, e);
    if (!text)
        return false;
    Value *levels = ordered_levels(in, name, c, text), *codes = value_list();
    column_unref(text);
    for (size_t i = 0; i < levels->size; i++)
        value_add(codes, value_int((int64_t)i));
    level_map_add(map, &(LevelEntry){name, name, levels, codes, (double)levels->size, -1});
    return true;
}

static bool ordinal_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    TextList names = {0};
    level_map_open(state);
    bool ok = tools_resolve(in, &((const Ordinal *)in->params)->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn(in, names.items[i], state, e);
    text_list_done(&names);
    return ok;
}

static bool ordinal_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Ordinal *p = in->params;
    LevelRule rule = {.whole = true, .unknown_missing = p->unknown == UNKNOWN_MISSING, .missing_stays = p->missing == MISSING_KEEP};
    return level_map_apply(job, in, state, rule, out, e);
}

static void ordinal_describe(const void *params_used, const void *state, Text *out)
{
    level_map_describe(&((const Ordinal *)params_used)->columns, state, out);
}

static const Example examples[] = {
    {"{\"order\": \"given\", \"levels\": [\"low\", \"mid\", \"high\"]}", "x,risk\n1,high\n2,low\n3,mid\n4,\n",
     "x,risk\n1,2\n2,0\n3,1\n4,\n"},
    {"{}", "x,plan\n1,b\n2,a\n3,c\n", "x,plan\n1,1\n2,0\n3,2\n"},
    {"{\"order\": \"frequency\", \"missing\": \"first\"}", "plan,x\nb,1\na,2\nb,3\n,4\n", "plan,x\n0,1\n1,2\n0,3\n-1,4\n"},
    {"{\"levels\": [\"a\"]}", "plan\na\n", "error: \"levels\" needs order=given"},
};

static const char *const notes[] = {
    "Levels are those of the training rows, numbered from 0. Numbers say more than they know unless the levels have an order: without one "
    "use one_hot.",
    "Columns of numbers go by value, texts and dates by their bytes. A level that training did not show becomes missing, or with unknown = "
    "\"last\" the number behind the last.",
    NULL};

const Step step_ordinal = {
    .spec = {.name = "ordinal",
             .doc = "a whole number for every level, in an order",
             .group = "encode",
             .params = params,
             .params_size = sizeof(Ordinal),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = level_map_fields,
    .state_size = sizeof(LevelMap),
    .effect = STEP_MAP,
    .fit = ordinal_fit,
    .apply = ordinal_apply,
    .describe = ordinal_describe,
};
