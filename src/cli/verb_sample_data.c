/* limbeck sample-data DIR: writes the sample tables and their README. */
#include "base/io.h"
#include "base/mem.h"
#include "cli/cli.h"
#include "table/sample_data.h"

enum { DEFAULT_SEED = 7 };

static bool save(const char *directory, const char *name, const Text *text, Error *e)
{
    char *path = io_join(directory, name);
    bool ok = io_save(path, text_get(text), text->size, e);
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
    SampleData data;
    sample_data_make(call->options->seed >= 0 ? (uint64_t)call->options->seed : DEFAULT_SEED, &data);
    bool ok = io_make_directory(directory, e) && save(directory, "churn.csv", &data.churn, e) && save(directory, "usage.csv", &data.usage, e) &&
              save(directory, "README.md", &data.readme, e);
    sample_data_done(&data);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_sample_data = {
    .spec = {.name = "sample_data", .doc = "write the sample tables: the same bytes for the same --seed", .group = "data"},
    .usage = "DIR [--seed N]",
    .run = run,
};
