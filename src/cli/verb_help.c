/* limbeck help [NAME]: the index, or one declaration. */
#include "base/io.h"
#include "base/json.h"
#include "cli/cli.h"
#include "spec/faces.h"
#include "table/expr.h"

static const char *any_name_at(const void *self, size_t i)
{
    (void)self;
    for (size_t f = 0; f < registry_families(); f++) {
        const Family *family = registry_family(f);
        if (i < family->count)
            return family->members[i]->name;
        i -= family->count;
    }
    return NULL;
}

static bool help_one(const char *name, bool json, Text *out, Error *e)
{
    size_t found = 0;
    if (!json && text_equal(name, "expressions"))
        return expr_help(out), true;
    if (!json)
        found += expr_help_one(name, out);
    for (size_t i = 0; i < registry_families(); i++) {
        const Family *family = registry_family(i);
        const Spec *spec = registry_find(family->name, name);
        if (!spec)
            continue;
        if (found++)
            text_add_char(out, '\n');
        if (json) {
            Value *v = face_json(family, spec);
            json_write(v, JSON_PRETTY, out);
            value_free(v);
        } else {
            face_help(family, spec, out);
        }
    }
    if (found)
        return true;
    const char *near = text_nearest(name, any_name_at, NULL);
    return error_set(e, ERROR_USAGE, "nothing is called \"%s\"%s%s%s", name, near ? "; did you mean \"" : "; `limbeck help` lists all",
                     near ? near : "", near ? "\"?" : "");
}

static int help_run(const CliCall *call, Error *e)
{
    Text out = {0};
    bool ok = true;
    if (!call->words->count)
        face_help_index(&out);
    for (size_t i = 0; ok && i < call->words->count; i++)
        ok = help_one(call->words->items[i], call->options->json, &out, e);
    if (ok)
        io_print(1, text_get(&out));
    text_done(&out);
    return ok ? 0 : 2;
}

const Verb verb_help = {
    .spec = {.name = "help", .doc = "explain a step, layer, verb, expressions or any declared thing", .group = "learn"},
    .usage = "[NAME...] [--json]",
    .run = help_run,
};
