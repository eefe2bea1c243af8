/* limbeck check-gradients: backward passes against finite differences. */
#include "base/io.h"
#include "base/json.h"
#include "cli/cli.h"
#include "net/net.h"
#include "spec/module.h"

enum { ROOM = 256 };

static Value *as_value(const GradientCheck *found, size_t count)
{
    Value *list = value_list();
    for (size_t i = 0; i < count; i++) {
        Value *v = value_map();
        value_set(v, "family", value_text(found[i].family));
        value_set(v, "name", value_text(found[i].name));
        value_set(v, "worst", value_real(found[i].worst));
        value_set(v, "passed", value_flag(found[i].passed));
        value_add(list, v);
    }
    return list;
}

/* Modules whose losses are checked with the others. */
static bool load_modules(const TextList *files, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < files->count; i++) {
        char *text = NULL;
        size_t size;
        ok = io_read_file(files->items[i], MODULE_BYTES, &text, &size, e) && module_load(io_base_name(files->items[i]), text, size, e);
        mem_free(text);
    }
    return ok;
}

static int check_gradients_run(const CliCall *call, Error *e)
{
    if (!load_modules(call->words, e))
        return error_exit_code(e);
    GradientCheck found[ROOM];
    size_t count = gradient_check_all(found, ROOM), failed = 0;
    Text out = {0};
    for (size_t i = 0; i < count; i++) {
        failed += !found[i].passed;
        if (!call->options->json)
            text_addf(&out, "%-20s %.1e%s\n", found[i].name, found[i].worst, found[i].passed ? "" : "  FAILED");
    }
    if (call->options->json) {
        Value *v = as_value(found, count);
        json_write(v, JSON_PRETTY, &out);
        value_free(v);
    }
    io_print(1, text_get(&out));
    text_done(&out);
    if (failed)
        error_set(e, ERROR_FAILED, "%zu of %zu gradient checks failed", failed, count);
    return failed ? 1 : 0;
}

const Verb verb_check_gradients = {
    .spec = {.name = "check_gradients", .doc = "compare gradients of layers and losses with differences", .group = "examine"},
    .usage = "[MODULE.lua]... [--json]",
    .run = check_gradients_run,
};
