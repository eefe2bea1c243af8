/* rename: give columns other names. */
#include "steps/tools.h"

typedef struct Rename {
    Value *columns;
} Rename;

static const Field params[] = {
    {VALUE_FIELD(Rename, columns), .doc = "new names by old name: {\"old\": \"new\"}"},
    {0},
};

/* When predicting, the target may be absent under either name. */
static bool may_be_absent(const StepInput *in, const char *from, const char *to)
{
    return tools_is_target(in, from) || tools_is_target(in, to);
}

static bool rename_one(const StepInput *in, Table **t, const char *from, const char *to, Error *e)
{
    int at = table_find(*t, from);
    if (at == TABLE_NONE && may_be_absent(in, from, to))
        return true;
    if (at == TABLE_NONE)
        return table_get(*t, from, e) != TABLE_NONE;
    if (!text_equal(from, to) && table_find(*t, to) != TABLE_NONE)
        return error_set(e, ERROR_USAGE, "there is a column \"%s\" already; drop or rename it first", to);
    Table *next = table_rename(*t, at, to, e);
    table_unref(*t);
    *t = next;
    return next != NULL;
}

static bool rename_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Value *map = ((const Rename *)in->params)->columns;
    if (!map || map->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "columns must be a table of old = \"new\"");
    *out = table_ref(in->rows);
    for (size_t i = 0; i < map->size; i++) {
        const Value *to = map->items[i];
        if (to->type != VALUE_TEXT || !to->size)
            return error_set(e, ERROR_USAGE, "the new name of \"%s\" must be a text", map->keys[i]);
        if (!rename_one(in, out, map->keys[i], to->text, e))
            return false;
    }
    return true;
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
    {"{\"columns\": {\"b\": \"c\", \"a\": \"b\"}}", "a,b\n1,2\n", "b,c\n1,2\n"},
    {"{\"columns\": {\"a\": \"b\"}}", "a,b\n1,2\n", "error: there is a column \"b\" already"},
};

const Step step_rename = {
    .spec = {.name = "rename", .doc = "give columns other names", .group = "columns", .params = params, .params_size = sizeof(Rename),
             .examples = examples, .examples_count = sizeof examples / sizeof *examples},
    .effect = STEP_MAP,
    .apply = rename_apply,
    .describe = rename_describe,
};
