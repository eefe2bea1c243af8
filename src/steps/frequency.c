/* frequency: how often a level is among the training rows, in its place. */
#include "steps/levels.h"

enum { OUTPUT_SHARE, OUTPUT_COUNT, MISSING_LEVEL = 0, MISSING_KEEP };

typedef struct Frequency {
    TextList columns;
    int output, missing;
} Frequency;

static const char *const outputs[] = {"share", "count", NULL};
static const char *const missings[] = {"level", "keep", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Frequency, columns), .doc = "columns to encode", .def = "text", .positional = true},
    {CHOICE_FIELD(Frequency, output), .doc = "share of the training rows, or their number", .def = "share", .choices = outputs},
    {CHOICE_FIELD(Frequency, missing), .doc = "missing cells: a level as others are, or as they are", .def = "level", .choices = missings},
    {0},
};

static bool learn(const StepInput *in, const char *name, LevelMap *map, Error *e)
{
    const Frequency *p = in->params;
    Column *text = levels_text(table_column(in->rows, name), e);
    if (!text)
        return false;
    size_t count, rows = text->rows - (p->missing == MISSING_KEEP ? text->missing : 0);
    double unit = p->output == OUTPUT_COUNT || rows == 0 ? 1 : (double)rows;
    Level *levels = levels_count(text, &count);
    Value *values = value_list();
    for (size_t i = 0; i < count; i++)
        value_add(values, value_real((double)levels[i].rows / unit));
    if (count > 1 && levels[0].rows == levels[count - 1].rows)
        tools_note(in, "%s: each of its %zu levels is in %zu rows, so all become the same number", name, count, levels[0].rows);
    level_map_add(map, &(LevelEntry){name, name, levels_list(levels, count), values, 0, (double)text->missing / unit});
    mem_free(levels);
    column_unref(text);
    return true;
}

static bool frequency_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    TextList names = {0};
    level_map_open(state);
    bool ok = tools_resolve(in, &((const Frequency *)in->params)->columns, false, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn(in, names.items[i], state, e);
    text_list_done(&names);
    return ok;
}

static bool frequency_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Frequency *p = in->params;
    LevelRule rule = {.whole = p->output == OUTPUT_COUNT, .missing_stays = p->missing == MISSING_KEEP};
    return level_map_apply(job, in, state, rule, out, e);
}

static void frequency_describe(const void *params_used, const void *state, Text *out)
{
    level_map_describe(&((const Frequency *)params_used)->columns, state, out);
}

static const Example examples[] = {
    {"{}", "x,plan\n1,b\n2,a\n3,b\n4,\n", "x,plan\n1,0.5\n2,0.25\n3,0.5\n4,0.25\n"},
    {"{\"columns\": [\"plan\"], \"output\": \"count\"}", "x,plan\n1,b\n2,a\n3,b\n", "x,plan\n1,2\n2,1\n3,2\n"},
    {"{\"missing\": \"keep\"}", "plan,x\nb,1\na,2\n,3\n", "plan,x\n0.5,1\n0.5,2\n,3\n"},
    {"{\"columns\": [\"plam\"]}", "plan\na\n", "error: did you mean \"plan\"?"},
};

static const char *const notes[] = {"A level that training did not show becomes 0. Levels that are equally frequent become the same "
                                    "number, and that is said where it is true "
                                    "of all.",
                                    NULL};

const Step step_frequency = {
    .spec = {.name = "frequency",
             .doc = "how often a level is among the training rows, in its place",
             .group = "encode",
             .params = params,
             .params_size = sizeof(Frequency),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = level_map_fields,
    .state_size = sizeof(LevelMap),
    .effect = STEP_MAP,
    .fit = frequency_fit,
    .apply = frequency_apply,
    .describe = frequency_describe,
};
