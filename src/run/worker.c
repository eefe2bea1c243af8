/* The detached worker: started, started again, followed. */
#include "run/worker.h"

#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "run/manifest.h"
#include "run/run_dir.h"
#include "run/run_private.h"
#include "run/tail.h"

enum { FOLLOW_CHUNK = 1 << 16, CARD_BYTES = 1 << 20, STANDARD_OUTPUT = 1, STANDARD_ERROR = 2 };

static Value *worker_card(const char *script_path, const TextList *arguments)
{
    Value *card = value_map(), *words = value_list();
    for (size_t i = 0; arguments && i < arguments->count; i++)
        value_add(words, value_text(arguments->items[i]));
    char *here = io_absolute("");
    value_set(card, "arguments", words);
    value_set(card, "directory", value_text(here));
    value_set(card, "script", script_path ? value_text(script_path) : value_null());
    mem_free(here);
    return card;
}

/* A word that was left out would be another command. */
static bool worker_take_card(const Value *card, WorkerCard *out, Error *e)
{
    const Value *words = value_get(card, "arguments"), *script = value_get(card, "script");
    const char *directory = value_get_text(card, "directory", NULL);
    bool ok = words && words->type == VALUE_LIST && directory && script && (script->type == VALUE_TEXT || script->type == VALUE_NULL);
    for (size_t i = 0; ok && i < words->size; i++) {
        ok = words->items[i]->type == VALUE_TEXT;
        if (ok)
            text_list_add(&out->arguments, words->items[i]->text);
    }
    if (!ok)
        return error_set(e, ERROR_FAILED, "it lacks \"arguments\" (a list of texts), \"directory\" or \"script\"; start the script again");
    out->directory = mem_strdup(directory);
    out->script = script->type == VALUE_TEXT ? mem_strdup(script->text) : NULL;
    return true;
}

bool worker_read_card(const char *path, WorkerCard *out, Error *e)
{
    char *file = io_join(path, "args.json"), *bytes = NULL;
    size_t size = 0;
    *out = (WorkerCard){0};
    bool ok = io_read_file(file, CARD_BYTES, &bytes, &size, e);
    Value *card = ok ? json_parse(bytes, size, e) : NULL;
    if (ok && !(ok = card && worker_take_card(card, out, e)))
        error_prefix(e, "%s: ", file);
    value_free(card);
    mem_free(bytes);
    mem_free(file);
    return ok;
}

void worker_card_done(WorkerCard *card)
{
    text_list_done(&card->arguments);
    mem_free(card->directory);
    mem_free(card->script);
}

static bool worker_write(const char *directory, const char *name, const char *text, Error *e)
{
    char *file = io_join(directory, name);
    bool ok = io_replace(file, text, strlen(text), e);
    mem_free(file);
    return ok;
}

/* options: of a run that is resumed; NULL: it begins, and gets our standard input. */
static bool worker_launch(const char *path, const TextList *options, Error *e)
{
    TextList words = {0};
    char *output = io_join(path, "output.log"), *errors = io_join(path, "errors.log"), *full = io_absolute(path);
    text_list_add(&words, "worker");
    text_list_add(&words, full);
    if (options)
        text_list_add(&words, "--resumed");
    for (size_t i = 0; options && i < options->count; i++)
        text_list_add(&words, options->items[i]);
    bool ok = proc_spawn_detached(&words, output, errors, !options, e);
    text_list_done(&words);
    mem_free(full);
    mem_free(output);
    mem_free(errors);
    return ok;
}

static bool worker_fill(const char *made, const WorkerStart *start, Job *job, Error *e)
{
    Value *card = worker_card(start->script_path, start->arguments);
    char *text = json_format(card, JSON_PRETTY);
    bool ok = worker_write(made, "script.lua", start->script_text, e) && job_go_on(job, e) && worker_write(made, "args.json", text, e) &&
              run_prepare(made, "script", start->name, e) && job_go_on(job, e) && manifest_write(made, true, e) && job_go_on(job, e);
    mem_free(text);
    value_free(card);
    return ok;
}

bool worker_start(const WorkerStart *start, Job *job, char **path, Error *e)
{
    Error ignored = {0};
    char *made = job_go_on(job, e) ? run_make_path(start->runs, start->name, e) : NULL;
    if (!made)
        return false;
    io_close_directory(made);
    bool ok = worker_fill(made, start, job, e) && worker_launch(made, NULL, e);
    if (ok) {
        *path = made;
        return true;
    }
    io_remove_tree(made, &ignored); /* nothing has run in it */
    mem_free(made);
    return false;
}

static uint64_t worker_file_size(const char *path, const char *name)
{
    IoInfo info;
    char *file = io_join(path, name);
    io_stat(file, &info);
    mem_free(file);
    return info.size;
}

static bool worker_has_begun(const char *path, uint64_t before)
{
    return worker_file_size(path, "events.jsonl") > before;
}

/* The last line of errors.log behind `from`, when it is an error: the worker ended by itself and says why. new; NULL: it does not. */
static char *worker_last_words(const char *path, uint64_t from)
{
    enum { LAST_WORDS = 4096 };
    static const char name[] = "limbeck: ";
    char last[LAST_WORDS + 1], *file = io_join(path, "errors.log");
    size_t got = 0;
    uint64_t size = worker_file_size(path, "errors.log");
    if (size > from + LAST_WORDS)
        from = size - LAST_WORDS;
    bool ok = size > from && io_read_part(file, from, last, (size_t)(size - from), &got, NULL) && got && last[got - 1] == '\n';
    mem_free(file);
    if (!ok)
        return NULL;
    last[got - 1] = 0;
    const char *line = strrchr(last, '\n');
    line = line ? line + 1 : last;
    return text_starts(line, name) ? mem_strdup(line + strlen(name)) : NULL;
}

static bool worker_is_gone(const char *path)
{
    char *lock = io_join(path, "lock");
    bool held = io_is_locked(lock);
    mem_free(lock);
    return !held;
}

/* Until its "resume" event is there, viewers would still see the end of the old life. */
static bool worker_await(const char *path, uint64_t before, uint64_t errors, Job *job, Error *e)
{
    for (int i = 0; !worker_has_begun(path, before); i++) {
        char *why = worker_last_words(path, errors);
        if (why && worker_is_gone(path) && !worker_has_begun(path, before)) {
            error_set(e, ERROR_FAILED, "%s", why);
            mem_free(why);
            return false;
        }
        mem_free(why);
        if (i == 5000)
            return error_set(e, ERROR_FAILED, "the worker did not begin; see %s/errors.log", path);
        if (!job_go_on(job, e))
            return false;
        clock_sleep(0.002);
    }
    return true;
}

/* A killed writer's lock can outlive it by a moment. */
static bool worker_await_lock(const char *path, Job *job, Error *e)
{
    char *lock = io_join(path, "lock");
    bool ok = true;
    for (int i = 0; ok && io_is_locked(lock); i++) {
        ok = (i < 300 || error_set(e, ERROR_FAILED, "%s is running; limbeck watch %s shows it", path, path)) && job_go_on(job, e);
        if (ok)
            clock_sleep(0.01);
    }
    mem_free(lock);
    return ok;
}

bool worker_resume(const char *path, const TextList *options, Job *job, Error *e)
{
    IoInfo info;
    io_close_directory(path);
    char *script = io_join(path, "script.lua");
    bool ok = run_check_owner(path, e);
    if (ok && !io_stat(script, &info))
        ok = error_set(e, ERROR_FAILED, "%s is not the run of a script: it has no script.lua", path);
    mem_free(script);
    if (!ok || !worker_await_lock(path, job, e))
        return false;
    uint64_t before = worker_file_size(path, "events.jsonl"), errors = worker_file_size(path, "errors.log");
    return job_go_on(job, e) && worker_launch(path, options, e) && worker_await(path, before, errors, job, e);
}

typedef struct Follower {
    const char *path;
    const WorkerTeller *teller; /* NULL: nobody wants to know */
    Tail *tail;
    bool told;  /* that it has begun */
    bool shown; /* a line that is to be taken away before anything else is printed */
    struct {
        char *file;
        uint64_t offset;
        int descriptor;
    } logs[2];      /* what it prints, and what went wrong */
    uint64_t begin; /* of errors.log in this life */
    double looked;  /* when it last looked at the runs below too */
    bool full;      /* one of them waits for room on its disk, and that was said */
    bool asked;     /* a stop was requested */
    int signal;     /* that asked us to end; 0: none did */
} Follower;

static bool worker_relay_log(Follower *f, int log, Error *e)
{
    char *chunk = mem_alloc(FOLLOW_CHUNK + 1);
    size_t got = FOLLOW_CHUNK;
    bool ok = true;
    IoInfo info;
    while (ok && got == FOLLOW_CHUNK && io_stat(f->logs[log].file, &info) && info.size > f->logs[log].offset) {
        if (f->shown)
            io_show_line("");
        f->shown = false;
        ok = io_read_part(f->logs[log].file, f->logs[log].offset, chunk, FOLLOW_CHUNK, &got, e) &&
             (io_print_bytes(f->logs[log].descriptor, chunk, got) || error_set(e, ERROR_CANCELED, "output was closed"));
        f->logs[log].offset += got;
    }
    mem_free(chunk);
    return ok;
}

static bool worker_relay(Follower *f, Error *e)
{
    return worker_relay_log(f, 0, e) && worker_relay_log(f, 1, e);
}

/* The first Ctrl-C asks for a stop, the second leaves. */
static bool worker_take_signal(Follower *f)
{
    int number = proc_signal();
    if (number == 0)
        return false;
    proc_signal_clear();
    f->signal = number;
    if (f->asked || !run_request(f->path, "stop", NULL, NULL))
        return true;
    f->asked = true;
    return false;
}

static void worker_tell_begin(Follower *f)
{
    IoInfo info;
    char *calls = f->teller && !f->told ? io_join(f->path, "calls") : NULL;
    if (calls && io_stat(calls, &info)) {
        f->told = true;
        if (f->teller->begin)
            f->teller->begin(f->teller->self);
    }
    mem_free(calls);
}

static void worker_tell(Follower *f)
{
    if (!f->teller || !f->told)
        return;
    char *line = f->teller->line && !tail_has_ended(f->tail) ? f->teller->line(tail_main(f->tail)) : NULL;
    if (line)
        io_show_line(line);
    f->shown = f->shown || line;
    mem_free(line);
}

static void worker_look(Follower *f, Error *e)
{
    double now = clock_now();
    bool deep = now - f->looked > 0.5;
    worker_tell_begin(f);
    tail_poll(f->tail, deep, e);
    if (!deep)
        return;
    bool full = f->tail->state == RUN_FULL;
    if (full && !f->full)
        io_print(STANDARD_ERROR, "limbeck: disk full, paused: the run goes on when there is room\n");
    f->full = full;
    f->looked = now;
    worker_tell(f);
}

static bool worker_watch(Follower *f, int *exit_code, Error *e)
{
    for (double pause = 0.005;; pause = pause < 0.05 ? pause * 1.3 : 0.05) {
        worker_look(f, e);
        bool ended = tail_has_ended(f->tail);
        if (!worker_relay(f, e)) {
            bool closed = e->code == ERROR_CANCELED; /* whoever read has seen enough; the run goes on */
            if (closed)
                error_clear(e);
            return closed;
        }
        if (ended || worker_take_signal(f))
            break;
        clock_sleep(pause);
    }
    worker_tell_begin(f);
    if (f->shown)
        io_show_line("");
    if (f->signal || proc_signal()) { /* however it ended: whoever waits for us sees that we were asked to */
        *exit_code = 128 + (f->signal ? f->signal : proc_signal());
        return true;
    }
    char *why = f->tail->state == RUN_LOST ? worker_last_words(f->path, f->begin) : NULL; /* relayed: no second message */
    if (f->tail->state == RUN_LOST && !why)
        return error_set(e, ERROR_FAILED, "the worker of %s was killed; limbeck resume %s goes on from its last checkpoint", f->path,
                         f->path);
    mem_free(why);
    *exit_code = (int)value_get_int(f->tail->end, "exit", 1);
    return true;
}

bool worker_follow(const char *path, const WorkerTeller *teller, int *exit_code, Error *e)
{
    return worker_follow_from(path, teller, (WorkerLogs){0}, exit_code, e);
}

WorkerLogs worker_logs(const char *path)
{
    return (WorkerLogs){worker_file_size(path, "output.log"), worker_file_size(path, "errors.log")};
}

bool worker_follow_from(const char *path, const WorkerTeller *teller, WorkerLogs from, int *exit_code, Error *e)
{
    Follower f = {.path = path, .teller = teller, .tail = tail_open(path, e)};
    *exit_code = 0;
    if (!f.tail)
        return false;
    f.logs[0].file = io_join(path, "output.log");
    f.logs[0].offset = from.output;
    f.logs[0].descriptor = STANDARD_OUTPUT;
    f.logs[1].file = io_join(path, "errors.log");
    f.logs[1].offset = f.begin = from.errors;
    f.logs[1].descriptor = STANDARD_ERROR;
    bool ok = worker_watch(&f, exit_code, e);
    mem_free(f.logs[0].file);
    mem_free(f.logs[1].file);
    tail_free(f.tail);
    return ok;
}

static bool worker_is_usual(const char *path, const char *name)
{
    static const char *const usual[] = {"run.json",   "script.lua", "args.json",     "events.jsonl",
                                        "output.log", "lock",       "manifest.json", "control"};
    static const char *const when_empty[] = {"errors.log", "journal.jsonl"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (text_equal(usual[i], name))
            return true;
    for (size_t i = 0; i < sizeof when_empty / sizeof *when_empty; i++)
        if (text_equal(when_empty[i], name))
            return worker_file_size(path, name) == 0;
    return false;
}

bool worker_left_nothing(const char *path)
{
    TextList names = {0};
    Tail *t = tail_open(path, NULL);
    if (t)
        tail_poll(t, false, NULL);
    bool nothing = t && t->state == RUN_DONE && t->notes_count == 0 && io_list(path, &names, NULL);
    for (size_t i = 0; nothing && i < names.count; i++)
        nothing = worker_is_usual(path, names.items[i]);
    text_list_done(&names);
    tail_free(t);
    return nothing;
}
