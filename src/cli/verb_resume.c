/* limbeck resume RUN: the script runs again in a new worker; finished calls return what they stored, the open one goes on. */
#include "app/run_card.h"
#include "base/io.h"
#include "cli/cli.h"
#include "run/run_dir.h"
#include "run/tail.h"
#include "run/worker.h"

typedef struct ResumeParams {
    bool detach;
} ResumeParams;

static const Field fields[] = {
    {FLAG_FIELD(ResumeParams, detach), .doc = "leave at once; the run goes on alone", .def = "false"},
    {0},
};

/* A call, trial or seed belongs to the script run above it. */
static char *find_script_run(const char *path, Error *e)
{
    char *script = run_file_above(path, "script.lua"), *run = script ? io_directory(script) : NULL;
    mem_free(script);
    if (run && run_is_directory(run))
        return run;
    error_set(e, ERROR_FAILED, "%s is not a run, nor part of one: no script.lua is in it or above it", path);
    mem_free(run);
    return NULL;
}

static bool check_state(const char *path, bool *is_done, Error *e)
{
    Tail *t = tail_open(path, e);
    if (!t)
        return false;
    tail_poll(t, false, e);
    *is_done = t->state == RUN_DONE;
    bool running = tail_is_alive(t);
    tail_free(t);
    return !running || error_set(e, ERROR_FAILED, "%s is running; limbeck watch %s shows it", path, path);
}

static int go_on(const char *path, const CliOptions *options, bool detach, Error *e)
{
    WorkerLogs before = worker_logs(path);
    int code = 1;
    TextList globals = cli_script_options(options);
    bool begun = worker_resume(path, &globals, NULL, e);
    text_list_done(&globals);
    if (!begun)
        return 1;
    if (detach)
        return 0;
    WorkerTeller teller = {.line = options->quiet ? NULL : run_progress_line};
    return worker_follow_from(path, &teller, before, &code, e) ? code : 1;
}

static int resume_run(const CliCall *call, Error *e)
{
    const ResumeParams *p = call->params;
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "resume: which run? limbeck runs lists them");
        return 2;
    }
    bool is_done = false;
    int code = 1;
    char *path = find_script_run(call->words->items[0], e);
    if (path && check_state(path, &is_done, e)) {
        if (is_done && !call->options->quiet)
            io_print(2, "limbeck: this run has ended and is done; nothing is left to resume\n");
        code = is_done ? 0 : go_on(path, call->options, p->detach, e);
    }
    mem_free(path);
    return code;
}

const Verb verb_resume = {
    .spec = {.name = "resume",
             .doc = "go on with a run that was killed or stopped",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(ResumeParams)},
    .usage = "RUN [--detach]",
    .takes_signals = true,
    .run = resume_run,
};
