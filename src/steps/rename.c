/* rename: give columns other names. */
#include "steps/tools.h"

typedef struct Rename {
    Value *columns;
} Rename;

static const Field params[] = {
    {VALUE_FIELD(Rename, columns), .names_column = true, .doc = "new names by old name: {\"old\": \"new\"}"},
    {0},
};

/* When predicting, the target may be absent under either name. */
static bool may_be_absent(const StepInput *in, const char *from, const char *to)
{
    return tools_is_target(in, from) || tools_is_target(in, to);
}

static bool rename_one(Table **t, const char *from, const char *to, Error *e)
{
    int at = table_get(*t, from, e);
    if (at != TABLE_NONE && !text_equal(from, to) && table_find(*t, to) != TABLE_NONE)
        return error_set(e, ERROR_USAGE, "there is a column \"%s\" already; drop or rename it first", to);
    Table *next = at == TABLE_NONE ? NULL : table_rename(*t, at, to, e);
    if (!next)
        return false;
    table_unref(*t);
    *t = next;
    return true;
}

/* All at once, so that names may be exchanged: first to names nobody has, then to the new ones. */
static bool rename_pass(const StepInput *in, Table **t, const Value *map, bool second, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < map->size; i++) {
        const char *from = map->keys[i], *to = map->items[i]->text;
        if (table_find(in->rows, from) == TABLE_NONE && may_be_absent(in, from, to))
            continue;
        char *between = text_format("\x01%zu", i);
        ok = rename_one(t, second ? between : from, second ? to : between, e);
        mem_free(between);
    }
    return ok;
}

static bool rename_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Value *map = ((const Rename *)in->params)->columns;
    if (!map || map->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "columns must be a table of old = \"new\"");
    *out = table_ref(in->rows);
    for (size_t i = 0; i < map->size; i++)
        if (map->items[i]->type != VALUE_TEXT || !map->items[i]->size)
            return error_set(e, ERROR_USAGE, "the new name of \"%s\" must be a text", map->keys[i]);
    return rename_pass(in, out, map, false, e) && rename_pass(in, out, map, true, e);
}

static void rename_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Value *map = ((const Rename *)params_used)->columns;
    for (size_t i = 0; map && map->type == VALUE_MAP && i < map->size; i++)
        text_addf(out, "%s%s -> %s", i ? ", " : "", map->keys[i], map->items[i]->type == VALUE_TEXT ? map->items[i]->text : "?");
}

static const Example examples[] = {
    {"{\"columns\": {\"a\": \"first\"}}", "a,b\n1,2\n", "first,b\n1,2\n"},
    {"{\"columns\": {\"a\": \"b\", \"b\": \"a\"}}", "a,b\n1,2\n", "b,a\n1,2\n"},
    {"{\"columns\": {\"a\": \"b\"}}", "a,b\n1,2\n", "error: there is a column \"b\" already"},
};

const Step step_rename = {
    .spec = {.name = "rename",
             .doc = "give columns other names",
             .group = "columns",
             .params = params,
             .params_size = sizeof(Rename),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .only_names = true,
    .apply = rename_apply,
    .describe = rename_describe,
};
