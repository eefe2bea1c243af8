/* limbeck stop | pause | go | checkpoint RUN...: one control file for each run, the same that the workbench writes. */
#include "base/io.h"
#include "cli/cli.h"
#include "run/run_dir.h"

/* The run says in its own log when it has taken the request. */
static int post(const CliCall *call, const char *verb, const char *word, Error *e)
{
    if (!call->words->count) {
        error_set(e, ERROR_USAGE, "%s: which run? limbeck runs lists them", word);
        return 2;
    }
    for (size_t i = 0; i < call->words->count; i++) {
        const char *run = call->words->items[i];
        if (!run_request(run, verb, NULL, e))
            return error_exit_code(e);
        char *line = text_format("limbeck: %s was asked to %s; limbeck watch %s shows what it does", run, word, run);
        if (!call->options->quiet)
            io_print_line(2, line);
        mem_free(line);
    }
    return 0;
}

static int run_stop(const CliCall *call, Error *e)
{
    return post(call, "stop", "stop", e);
}

static int run_pause(const CliCall *call, Error *e)
{
    return post(call, "pause", "pause", e);
}

static int run_go(const CliCall *call, Error *e)
{
    return post(call, "resume", "go on", e);
}

static int run_checkpoint(const CliCall *call, Error *e)
{
    return post(call, "checkpoint", "save a checkpoint", e);
}

const Verb verb_stop = {
    .spec = {.name = "stop", .doc = "stop a run; what it has learned is kept, and resume goes on with it", .group = "runs"},
    .usage = "RUN...",
    .run = run_stop,
};

const Verb verb_pause = {
    .spec = {.name = "pause", .doc = "let a run wait between two steps, until it is told to go on", .group = "runs"},
    .usage = "RUN...",
    .run = run_pause,
};

const Verb verb_go = {
    .spec = {.name = "go", .doc = "let a paused run go on", .group = "runs"},
    .usage = "RUN...",
    .run = run_go,
};

const Verb verb_checkpoint = {
    .spec = {.name = "checkpoint", .doc = "let a run save a checkpoint now", .group = "runs"},
    .usage = "RUN...",
    .run = run_checkpoint,
};
