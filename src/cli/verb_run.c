/* limbeck run SCRIPT: a detached worker runs it, we relay what it prints. */
#include <string.h>

#include "app/run_card.h"
#include "base/io.h"
#include "cli/workbench.h"
#include "run/worker.h"
#include "script/script.h"

typedef struct RunOptions {
    bool ui, detach;
    char *runs;
} RunOptions;

static const Field fields[] = {
    {FLAG_FIELD(RunOptions, ui), .doc = "open the workbench on the script", .def = "false"},
    {FLAG_FIELD(RunOptions, detach), .doc = "print the run directory and leave at once", .def = "false"},
    {TEXT_FIELD(RunOptions, runs), .doc = "directory for new runs", .def = "runs"},
    {0},
};

/* churn.lua gives runs/<time>-churn-... */
static char *run_name(const char *path)
{
    const char *base = text_equal(path, "-") ? "stdin" : io_base_name(path);
    size_t size = strcspn(base, ".");
    return size ? mem_strndup(base, size) : mem_strdup("script");
}

static void add_global(TextList *list, const char *name, int64_t n)
{
    char *word = text_format("--limbeck-%s=%lld", name, (long long)n);
    text_list_add(list, word);
    mem_free(word);
}

/* Global options travel as the first arguments of the script. */
static TextList script_arguments(const CliCall *call)
{
    const CliOptions *o = call->options;
    TextList list = {0};
    if (o->seed >= 0)
        add_global(&list, "seed", o->seed);
    if (o->threads > 0)
        add_global(&list, "threads", o->threads);
    if (o->quiet)
        add_global(&list, "quiet", 1);
    if (o->sandbox)
        add_global(&list, "sandbox", 1);
    if (o->trust)
        add_global(&list, "trust", 1);
    if (o->script_memory > 0)
        add_global(&list, "memory", o->script_memory);
    if (o->script_seconds > 0)
        add_global(&list, "seconds", o->script_seconds);
    for (size_t i = 1; i < call->words->count; i++)
        text_list_add(&list, call->words->items[i]);
    return list;
}

static int run_workbench(const CliCall *call, Error *e)
{
    TextList arguments = script_arguments(call);
    int code = workbench_open_script(call->options, call->words->items[0], &arguments, e);
    text_list_done(&arguments);
    return code;
}

static bool wants_help(const TextList *arguments)
{
    return text_list_has(arguments, "--help");
}

/* In this process, without a run directory: --help needs none. */
static int run_here(const CliCall *call, const char *path, const char *text, Error *e)
{
    TextList words = script_arguments(call);
    ScriptRun run = {.path = path,
                     .text = text,
                     .arguments = &words,
                     .runs = "runs",
                     .seed = UINT64_MAX,
                     .threads = call->job->threads,
                     .give_up = script_give_up};
    int code = 1;
    script_run(&run, &code, e);
    text_list_done(&words);
    return code;
}

/* Where no run can be recorded a script that only reads runs all the same; one that learns will say what it cannot write. */
static int run_unrecorded(const CliCall *call, const char *path, const char *text, Error *e)
{
    char *line = text_format("limbeck: %s: the script runs without a record; --runs=DIR names a place for it", e->message);
    if (!call->options->quiet)
        io_print_line(2, line);
    mem_free(line);
    error_clear(e);
    return run_here(call, path, text, e);
}

typedef struct Told {
    const CliOptions *options;
    const char *directory;
} Told;

/* Only of what is more than a script that prints: nothing else is left to be watched. */
static void say_where(void *self)
{
    const Told *told = self;
    const char *directory = told->directory;
    char *line = text_format("limbeck: %s   ^C stops it; `limbeck watch %s` follows it from any terminal", directory, directory);
    if (!told->options->quiet)
        io_print_line(2, line);
    mem_free(line);
}

static int run_worker(const CliCall *call, const char *path, const char *text, const TextList *arguments, Error *e)
{
    const RunOptions *o = call->params;
    const char *runs = o->runs ? o->runs : "runs";
    if (!o->detach && !io_is_writable(runs, e))
        return run_unrecorded(call, path, text, e);
    char *name = run_name(path), *directory = NULL;
    int code = 1;
    WorkerStart start = {.runs = runs, .name = name, .script_text = text, .script_path = path, .arguments = arguments};
    bool ok = worker_start(&start, NULL, &directory, e);
    if (ok && o->detach) {
        io_print_line(1, directory);
        code = 0;
    } else if (ok) {
        Told told = {call->options, directory};
        WorkerTeller teller = {say_where, call->options->quiet ? NULL : run_progress_line, &told};
        Error ignored = {0};
        if (!worker_follow(directory, &teller, &code, e))
            code = error_exit_code(e);
        else if (worker_left_nothing(directory))
            io_remove_tree(directory, &ignored);
    }
    mem_free(directory);
    mem_free(name);
    return code;
}

static int run_run(const CliCall *call, Error *e)
{
    const RunOptions *o = call->params;
    if (!call->words->count) {
        error_set(e, ERROR_USAGE, "run: which script? limbeck run SCRIPT.lua [--key=value]");
        return 2;
    }
    if (o->ui)
        return run_workbench(call, e);
    const char *path = call->words->items[0];
    char *text = NULL;
    size_t size;
    if (!io_read_file(path, 16 << 20, &text, &size, e))
        return 1;
    TextList arguments = script_arguments(call);
    int code = wants_help(&arguments) ? run_here(call, path, text, e) : run_worker(call, path, text, &arguments, e);
    text_list_done(&arguments);
    mem_free(text);
    return code;
}

const Verb verb_run = {
    .spec = {.name = "run",
             .doc = "run a script; --ui opens the workbench on it",
             .group = "scripts",
             .params = fields,
             .params_size = sizeof(RunOptions)},
    .usage = "[--ui] SCRIPT.lua|- [--key=value...]",
    .passes_options = true,
    .takes_signals = true,
    .run = run_run,
};
