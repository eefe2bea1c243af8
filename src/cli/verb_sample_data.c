/* limbeck sample-data DIR: writes the sample tables and their README. */
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "table/sample_data.h"

enum { DEFAULT_SEED = 7 };

typedef struct SampleParams {
    bool replace;
} SampleParams;

static const Field fields[] = {
    {FLAG_FIELD(SampleParams, replace), .doc = "write over files of these names that hold something else", .def = "false"},
    {0},
};

static bool save(const char *directory, const char *name, const Text *text, bool replaces, Error *e)
{
    char *path = io_join(directory, name), *there = NULL;
    size_t size = 0;
    IoInfo info;
    Error ignored = {0};
    bool is_other = io_stat(path, &info) &&
                    (!io_read_file(path, 0, &there, &size, &ignored) || size != text->size || memcmp(there, text_get(text), size) != 0);
    mem_free(there);
    bool ok = (!is_other || replaces || error_set(e, ERROR_FAILED, "%s exists and is something else; --replace writes over it", path)) &&
              io_save(path, text_get(text), text->size, e);
    mem_free(path);
    return ok;
}

static int run(const CliCall *call, Error *e)
{
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "sample-data needs a directory: limbeck sample-data DIR");
        return 2;
    }
    const char *directory = call->words->items[0];
    bool replaces = ((const SampleParams *)call->params)->replace;
    SampleData data;
    sample_data_make(call->options->seed >= 0 ? (uint64_t)call->options->seed : DEFAULT_SEED, &data);
    bool ok = io_make_directory(directory, e) && save(directory, "churn.csv", &data.churn, replaces, e) &&
              save(directory, "usage.csv", &data.usage, replaces, e) && save(directory, "README.md", &data.readme, replaces, e);
    sample_data_done(&data);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_sample_data = {
    .spec = {.name = "sample_data",
             .doc = "write the sample tables: the same bytes for the same --seed",
             .group = "data",
             .params = fields,
             .params_size = sizeof(SampleParams)},
    .usage = "DIR [--seed N] [--replace]",
    .run = run,
};
