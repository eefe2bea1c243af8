/* The workbench as the command line opens it: with a terminal, or headless with a replay of keys. */
#include "cli/workbench.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "cli/options.h"
#include "views/workbench.h"

enum { DESCRIBE_SECONDS = 600, SCRIPT_BYTES = 16 << 20 };

/* In a process of its own: a script that a person wrote may do anything but end. */
static char *describe(Job *job, const TextList *options, const char *path, const char *text, Error *e)
{
    TextList words = text_list_copy(options);
    text_list_add(&words, "describe");
    text_list_add(&words, "--");
    text_list_add(&words, path);
    ProcRun run = {.arguments = &words,
                   .input = text,
                   .input_size = strlen(text),
                   .seconds = DESCRIBE_SECONDS,
                   .output_most = SCRIPT_BYTES,
                   .cancel = &job->cancel};
    Text out = {0};
    int status = 0;
    bool ok = proc_run_self(&run, &out, &status, e) || error_prefix(e, "%s: ", path);
    if (ok && status > 128)
        ok = error_set(e, ERROR_FAILED, "%s: building its session was ended by signal %d", path, status - 128);
    else if (ok && status != 0)
        ok = error_set(e, ERROR_FAILED, "%s", text_get(&out));
    text_list_done(&words);
    return ok ? text_take(&out) : (text_done(&out), NULL);
}

/* The same for a command of a module. */
static Value *command(Job *job, const TextList *options, const Value *request, Error *e)
{
    char *input = json_format(request, JSON_COMPACT);
    TextList words = text_list_copy(options);
    text_list_add(&words, "command");
    ProcRun run = {.arguments = &words,
                   .input = input,
                   .input_size = strlen(input),
                   .seconds = DESCRIBE_SECONDS,
                   .output_most = SCRIPT_BYTES,
                   .cancel = &job->cancel};
    Text out = {0};
    int status = 0;
    bool ok = proc_run_self(&run, &out, &status, e);
    if (ok && status > 128)
        ok = error_set(e, ERROR_FAILED, "the command was ended by signal %d", status - 128);
    else if (ok && status != 0)
        ok = error_set(e, ERROR_FAILED, "%s",
                       out.size ? text_get(&out) : "it did not end in its time and was ended; --script-seconds=N allows more");
    Value *answer = ok ? json_parse(text_get(&out), out.size, e) : NULL;
    text_list_done(&words);
    text_done(&out);
    mem_free(input);
    return answer;
}

static const char *verb_name_at(const void *self, size_t i)
{
    const Family *verbs = self;
    return i < verbs->count ? verbs->members[i]->name : NULL;
}

/* A word that is neither a verb nor a file is most often a verb misspelled. */
static bool check_word(const char *word, Error *e)
{
    IoInfo info;
    if (text_equal(word, "-") || io_stat(word, &info))
        return true;
    const char *near = text_nearest(word, verb_name_at, verb_family());
    if (near && !strchr(word, '.') && !strchr(word, '/'))
        return error_set(e, ERROR_USAGE, "no verb or file \"%s\"; did you mean `limbeck %s`?", word, near);
    return error_set(e, ERROR_FAILED, "%s: no such file; give a table, a script or a run directory", word);
}

const AppHost cli_host = {describe, command};

/* Where unsaved work is kept: the user's state folder. A replay keeps none unless the folder is named: it must not find the last one's. */
static char *state_folder(bool headless)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (base && *base == '/')
        return io_join(base, "limbeck");
    return home && *home == '/' && !headless ? io_join(home, ".local/state/limbeck") : NULL;
}

static App *make_app(const CliOptions *o, bool guided, Error *e)
{
    if (!o->width && !isatty(1)) {
        error_set(e, ERROR_USAGE, "no terminal here; use `limbeck run`, `limbeck profile`, or --headless COLSxROWS --keys FILE");
        return NULL;
    }
    char *state = state_folder(o->width > 0);
    AppOptions options = {.runs = "runs",
                          .seed = o->seed >= 0 ? (uint64_t)o->seed : 0,
                          .guided = guided,
                          .headless = o->width > 0,
                          .threads = (int)o->threads};
    options.state = state;
    options.scripts = cli_script_options(o);
    App *app = app_new(&options, &cli_host);
    mem_free(state);
    text_list_done(&options.scripts);
    return app;
}

/* What hangs in the background ends with the process. */
static int finish(App *app, int code, const Error *e)
{
    if (!app_free(app))
        proc_exit(e->code != ERROR_NONE ? cli_report(e) : code);
    return code;
}

static int show(App *app, const CliOptions *o, ViewId first, Error *e)
{
    WorkbenchOptions w = {
        .theme = o->theme, .color = o->color, .graph = o->graph, .width = o->width, .height = o->height, .keys = o->keys, .snap = o->snap};
    return workbench_run(app, &w, first, e);
}

int workbench_open(const CliOptions *o, const char *path, bool guided, Error *e)
{
    App *app = make_app(o, guided, e);
    if (!app)
        return 2;
    int code = 1;
    if (!path || app_open(app, path, e)) {
        unsigned news = app_take_news(app);
        code = show(app, o, guided ? VIEW_START : workbench_view_of(news, VIEW_START), e);
    }
    return finish(app, code, e);
}

/* A script that describes no table can still be run; what it says of itself is only a help. */
int workbench_open_script(const CliOptions *o, const char *path, const TextList *arguments, Error *e)
{
    App *app = make_app(o, false, e);
    if (!app)
        return 2;
    int code = 1;
    if (app_pend_script(app, path, arguments, e)) {
        Error ignored = {0};
        app_open(app, path, &ignored);
        app_take_news(app);
        code = show(app, o, VIEW_TRAIN, e);
    }
    return finish(app, code, e);
}

int cli_workbench(const CliLine *line, Error *e)
{
    const char *path = line->words.count ? line->words.items[0] : NULL;
    if (path && !check_word(path, e))
        return error_exit_code(e);
    if (line->words.count > 1) {
        error_set(e, ERROR_USAGE, "one file at a time; \"%s\" is too much", line->words.items[1]);
        return 2;
    }
    return workbench_open(&line->options, path, line->guided, e);
}
