/* Opening what a model file and its tables are. */
#include "cli/model_input.h"

#include <string.h>

#include "base/io.h"
#include "table/reader.h"

Bundle *cli_open_model(const char *path, Error *e)
{
    IoInfo info;
    if (!io_stat(path, &info) || !info.is_directory)
        return bundle_load(path, e);
    io_close_directory(path);
    char *inside = io_join(path, "model.safetensors");
    Bundle *b = bundle_load(inside, e);
    mem_free(inside);
    return b;
}

static bool add_table(Job *job, const SideNeeds *needs, const char *given, SideTables *to, Error *e)
{
    const char *equals = strchr(given, '='), *file = equals ? equals + 1 : given;
    char *name = mem_strndup(given, equals ? (size_t)(equals - given) : 0);
    bool ok = *name && *file;
    if (!ok)
        error_set(e, ERROR_USAGE, "--table needs NAME=FILE, for example usage=usage.csv; found \"%s\"", given);
    Value *options = side_read_options(needs, name);
    Table *t = ok ? table_read(job, file, options, e) : NULL;
    ok = t && side_tables_add(to, name, t, e);
    value_free(options);
    mem_free(name);
    return ok;
}

bool cli_read_tables(Job *job, const Bundle *b, const TextList *given, SideTables *out, Error *e)
{
    SideNeeds needs = {0};
    bundle_side_needs(b, &needs);
    bool ok = true;
    for (size_t i = 0; ok && i < given->count; i++)
        ok = add_table(job, &needs, given->items[i], out, e);
    ok = ok && side_tables_check(out, &needs, e);
    side_needs_done(&needs);
    return ok;
}
