/* limbeck worker DIR (hidden): becomes the one writer of a script run, runs its script with a journal, writes its end. */
#include "app/run_index.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/proc.h"
#include "base/spool.h"
#include "cli/cli.h"
#include "run/run_dir.h"
#include "run/worker.h"
#include "script/script.h"

enum { SCRIPT_BYTES = 16 << 20 };

typedef struct WorkerParams {
    bool resumed;
} WorkerParams;

static const Field worker_fields[] = {
    {FLAG_FIELD(WorkerParams, resumed), .doc = "the run was there before", .def = "false"},
    {0},
};

typedef struct Work {
    const CliOptions *options;
    const char *path;
    RunDir *run;
    Journal *journal;
    WorkerCard card;
    char *script;
    uint64_t seed;
    int threads;
    double started;
    bool is_resumed;
    char *folder; /* where the user stands who resumes it */
} Work;

static bool read_card(Work *w, Error *e)
{
    size_t size = 0;
    io_close_directory(w->path); /* a script is run by what its links bring, too */
    if (!worker_read_card(w->path, &w->card, e))
        return false;
    char *file = io_join(w->path, "script.lua");
    bool ok = io_read_file(file, SCRIPT_BYTES, &w->script, &size, e) && io_enter_directory(w->card.directory, e);
    mem_free(file);
    return ok;
}

/* Standard input of the first life is recorded, and every later one reads the record. */
static bool open_input(const Work *w, bool begun, Error *e)
{
    bool whole = true;
    char *file = io_join(w->path, "input/stdin");
    bool ok = begun ? spool_replay(file, &whole, e) : spool_begin(file, e);
    if (ok && !whole)
        io_print(2, "note: the run was killed before its standard input had ended; what it had read is read again, then the input ends\n");
    mem_free(file);
    return ok;
}

static bool open_run(Work *w, Error *e)
{
    bool begun = false;
    w->run = run_open_writer(w->path, &begun, e);
    if (!w->run)
        return false;
    if (!begun) {
        Value *fields = value_map();
        value_set(fields, "step", value_int(0));
        value_set(fields, "script", value_text(w->card.script ? w->card.script : "script.lua"));
        if (!run_event(w->run, "start", fields, true, e))
            return false;
    }
    if (!open_input(w, begun, e))
        return false;
    w->journal = journal_open(w->path, e);
    return w->journal != NULL;
}

/* Orders that came after the last call are acknowledged too. */
static void take_requests(RunDir *run)
{
    Value *request;
    run->looked = 0;
    while ((request = run_take_request(run)))
        value_free(request);
}

static const char *status_of(const Work *w, int code, const Error *e)
{
    if (run_is_stopping(w->path) || e->code == ERROR_CANCELED)
        return "stopped";
    if (e->code == ERROR_DIVERGED || code == 4)
        return "diverged";
    return code == 0 ? "done" : "failed";
}

static void write_end(const Work *w, int code, const Error *e)
{
    Value *fields = value_map();
    value_set(fields, "step", value_int(0));
    value_set(fields, "status", value_text(status_of(w, code, e)));
    value_set(fields, "exit", value_int(code));
    value_set(fields, "seconds", value_real(clock_now() - w->started));
    if (e->code != ERROR_NONE)
        value_set(fields, "message", value_text(e->message));
    run_seal(w->run);
    run_event(w->run, "end", fields, true, NULL);
}

static int exit_code_of(const Error *e)
{
    return e->code == ERROR_CANCELED && proc_signal() ? 128 + proc_signal() : error_exit_code(e);
}

/* Whoever lists the runs next need not read this one. */
static void index_run(const Work *w)
{
    Error ignored = {0};
    char *runs = io_directory(w->path);
    RunIndex *index = run_index_open(runs, true);
    value_free(run_index_cards(index, &ignored));
    run_index_close(index);
    mem_free(runs);
}

/* The script does not let go: its end is written for it, and the process ends under it. */
static void give_up(void *self, const Error *why)
{
    const Work *w = self;
    Error e = {0};
    if (why)
        e = *why;
    else
        error_set(&e, ERROR_CANCELED, "the script was stopped; it did not end by itself");
    if (!run_is_directory(w->path)) /* removed: there is nobody to tell, and nowhere */
        proc_exit(exit_code_of(&e));
    take_requests(w->run);
    io_print_error(&e);
    write_end(w, exit_code_of(&e), &e);
    proc_exit(exit_code_of(&e));
}

/* The user trusts a script that is started; one that a run directory holds, as far as the command line says. */
static ScriptTrust trust_of(const Work *w)
{
    if (w->options->sandbox)
        return TRUST_SANDBOXED;
    return w->options->trust ? TRUST_ALL : w->is_resumed ? TRUST_RESUMED : TRUST_NAMED;
}

static int work(Work *w, Error *e)
{
    int code = 1;
    ScriptRun run = {.path = w->card.script ? w->card.script : "script.lua",
                     .text = w->script,
                     .arguments = &w->card.arguments,
                     .journal = w->journal,
                     .runs = "runs",
                     .seed = w->seed,
                     .threads = w->threads,
                     .trust = trust_of(w),
                     .memory = w->options->script_memory,
                     .seconds = w->options->script_seconds,
                     .folder = w->is_resumed ? w->folder : NULL,
                     .give_up = give_up,
                     .self = w};
    if (!script_run(&run, &code, e))
        code = exit_code_of(e);
    take_requests(w->run);
    if (e->code != ERROR_NONE)
        io_print_error(e); /* into errors.log, before the end event: followers stop reading there */
    write_end(w, code, e);
    error_clear(e);
    return code;
}

static int worker_run(const CliCall *call, Error *e)
{
    if (call->words->count != 1) {
        error_set(e, ERROR_USAGE, "worker: which run directory?");
        return 2;
    }
    const WorkerParams *p = call->params;
    char *path = io_absolute(call->words->items[0]);
    Work w = {.path = path,
              .options = call->options,
              .is_resumed = p->resumed,
              .folder = io_absolute(""),
              .seed = call->options->seed >= 0 ? (uint64_t)call->options->seed : UINT64_MAX,
              .threads = call->job->threads,
              .started = clock_now()};
    int code = 1;
    run_wait_when_full();
    if (read_card(&w, e) && open_run(&w, e))
        code = work(&w, e);
    bool ended = w.run != NULL;
    journal_free(w.journal);
    run_close(w.run);
    if (ended)
        index_run(&w);
    worker_card_done(&w.card);
    mem_free(w.script);
    mem_free(w.folder);
    mem_free(path);
    return code;
}

const Verb verb_worker = {
    .spec = {.name = "worker",
             .doc = "run the script of a run directory as its writer",
             .group = "hidden",
             .params = worker_fields,
             .params_size = sizeof(WorkerParams)},
    .usage = "DIR [--resumed]",
    .prints_log = true,
    .takes_signals = true,
    .run = worker_run,
};
