/* Control: requests are small files renamed into control/. The process that writes a directory takes them; a run takes those of
 * the runs above it in the same process, and copies go to runs below that other processes write. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "run/run_dir.h"
#include "run/run_log.h"
#include "run/run_private.h"

enum { REQUEST_BYTES = 1 << 16, FORWARD_DEPTH = 6 };
static const double LOOK_EVERY = 0.005; /* seconds: listing a directory costs more than a small training step */
static const struct {
    const char *name, *taken; /* taken: how a list of events says it */
} run_verbs[] = {
    {"stop", "stopped by hand"}, {"pause", "paused"}, {"resume", "went on"},        {"checkpoint", "checkpoint asked"},
    {"set", "changed"},          {"note", "note"},    {"abort", "aborted by hand"},
};
static const RunSetting run_settings[] = {
    {"learning_rate", 1e-12, 10, false}, {"patience", 1, 1e6, true},  {"dropout", 0, 0.99, false},
    {"temperature", 0.1, 100, false},    {"batch", 1, 1048576, true}, {"epochs", 1, 100000, true},
};
enum { RUN_VERBS = sizeof run_verbs / sizeof *run_verbs };

const char *run_verb_taken(const char *verb)
{
    for (size_t i = 0; i < RUN_VERBS; i++)
        if (text_equal(verb, run_verbs[i].name))
            return run_verbs[i].taken;
    return verb;
}

const char *run_requester(void)
{
    static char name[80];
    char host[48] = "";
    if (!*name) {
        gethostname(host, sizeof host - 1);
        snprintf(name, sizeof name, "%ld@%s", (long)getpid(), host);
    }
    return name;
}

bool run_path_holds(const char *above, const char *path)
{
    size_t size = strlen(above);
    return text_starts(path, above) && (path[size] == '\0' || path[size] == '/');
}

const RunSetting *run_setting(size_t i)
{
    return i < sizeof run_settings / sizeof *run_settings ? &run_settings[i] : NULL;
}

static bool run_check_set(const Value *arguments, Error *e)
{
    size_t given = 0;
    for (size_t i = 0; i < sizeof run_settings / sizeof *run_settings; i++) {
        const RunSetting *s = &run_settings[i];
        const Value *v = value_get(arguments, s->name);
        double x = v && value_is_number(v) ? value_number(v) : (double)NAN;
        bool is_good = x >= s->least && x <= s->most && (!s->is_whole || x == floor(x));
        if (v && !is_good)
            return error_set(e, ERROR_USAGE, "set: %s is a %snumber from %g to %g", s->name, s->is_whole ? "whole " : "", s->least,
                             s->most);
        given += v != NULL;
    }
    return given > 0 || error_set(e, ERROR_USAGE, "set: give learning_rate, patience, dropout, temperature, batch or epochs");
}

static bool run_check_request(const char *verb, const Value *arguments, Error *e)
{
    bool known = false;
    for (size_t i = 0; i < RUN_VERBS; i++)
        known = known || text_equal(verb, run_verbs[i].name);
    if (!known)
        return error_set(e, ERROR_USAGE, "unknown request \"%s\"; known are stop, abort, pause, resume, checkpoint, set, note", verb);
    if (text_equal(verb, "set") && !run_check_set(arguments, e))
        return false;
    if (text_equal(verb, "note") && !value_get_text(arguments, "text", NULL))
        return error_set(e, ERROR_USAGE, "note: text is missing");
    return true;
}

static bool run_post(const char *path, const char *verb, const Value *arguments, Error *e)
{
    Value *request = arguments && arguments->type == VALUE_MAP ? value_copy(arguments) : value_map();
    value_set(request, "verb", value_text(verb));
    if (!value_get(request, "by"))
        value_set(request, "by", value_text(run_requester()));
    char *control = io_join(path, "control"), *text = json_format(request, JSON_COMPACT), *file = NULL;
    IoInfo info = {0};
    int64_t number = (int64_t)(clock_wall() * 1e6);
    do {
        mem_free(file);
        file = text_format("%s/%017lld-%s.json", control, (long long)number++, verb);
    } while (io_stat(file, &info));
    bool ok = io_make_directory(control, e) && io_replace(file, text, strlen(text), e);
    if (!ok && !arguments) { /* on a full disk an empty file may still find its place, and its name says all */
        error_clear(e);
        ok = io_replace(file, "", 0, e);
    }
    mem_free(file);
    mem_free(text);
    mem_free(control);
    value_free(request);
    return ok;
}

static bool run_has_writer(const char *path)
{
    char *lock = io_join(path, "lock");
    bool locked = io_is_locked(lock);
    mem_free(lock);
    return locked;
}

static bool run_has_begun(const char *path)
{
    IoInfo info;
    char *events = io_join(path, "events.jsonl");
    bool begun = io_stat(events, &info) && info.size > 0;
    mem_free(events);
    return begun;
}

bool run_request(const char *path, const char *verb, const Value *arguments, Error *e)
{
    io_close_directory(path);
    if (!run_is_directory(path))
        return error_set(e, ERROR_FAILED, "%s is not a run directory: it has no run.json", path);
    if (!run_may_write(e) || !run_check_request(verb, arguments, e))
        return false;
    if (!run_has_writer(path) && run_has_begun(path))
        return error_set(e, ERROR_FAILED, "%s is not running: it has ended or was killed; limbeck resume %s goes on with it", path, path);
    return run_post(path, verb, arguments, e);
}

/* The writer of `path` in this process, NULL when another process writes it or none. */
static RunDir *run_find_open(const char *full)
{
    for (RunDir *r = run_first_open(); r; r = r->next)
        if (run_is_ours(r) && text_equal(r->full, full))
            return r;
    return NULL;
}

bool run_is_stopping(const char *path)
{
    bool stopping = false;
    char *full = io_absolute(path);
    for (RunDir *r = run_first_open(); r; r = r->next)
        stopping = stopping || (run_is_ours(r) && r->stopping && run_path_holds(r->full, full));
    mem_free(full);
    return stopping;
}

static void run_forward(const char *path, const Value *request, int depth)
{
    TextList names = {0};
    if (depth == 0 || !io_list(path, &names, NULL))
        return;
    for (size_t i = 0; i < names.count; i++) {
        IoInfo info;
        char *child = io_join(path, names.items[i]);
        bool walk = io_stat(child, &info) && info.is_directory && !info.is_link;
        if (walk && !run_find_open(child) && run_has_writer(child))
            walk = !run_post(child, value_get_text(request, "verb", ""), request, NULL);
        if (walk)
            run_forward(child, request, depth - 1);
        mem_free(child);
    }
    text_list_done(&names);
}

static bool run_acknowledge(RunDir *run, const Value *request)
{
    Value *fields = value_copy(request);
    value_set(fields, "step", value_int(run->step));
    if (run->check)
        value_set(fields, "epoch", value_real(run->place));
    int64_t before = run->step;
    bool ok = run_event(run, "control", fields, true, NULL);
    run->step = before;
    return ok;
}

/* A process that was forked before the stop and opens its run after it is in no list of receivers: it finds this mark. */
static void run_mark_stopping(const RunDir *run)
{
    char *mark = run_file(run, "control/stopping");
    io_replace(mark, "", 0, NULL);
    mem_free(mark);
}

static bool run_was_stopped_above(const RunDir *run)
{
    bool stopped = false;
    for (RunDir *r = run_first_open(); r && !stopped; r = r->next) {
        IoInfo info;
        char *mark = run_file(r, "control/stopping");
        stopped = !run_is_ours(r) && run_path_holds(r->full, run->full) && io_stat(mark, &info);
        mem_free(mark);
    }
    return stopped;
}

/* Nothing is "asked" for ever: what cannot be done is answered with the reason. A study hands changes on to its pieces. */
static void run_judge(const RunDir *by, Value *request)
{
    static const char none[] = "no training goes on at this moment";
    bool is_set = text_equal(value_get_text(request, "verb", ""), "set");
    value_remove(request, "refused");
    char *why = by->check ? by->check(by->check_self, request) : is_set && text_equal(by->kind, "script") ? mem_strdup(none) : NULL;
    if (why)
        value_set(request, "refused", value_text(why));
    mem_free(why);
}

/* Written down in every open run between the place of the request and the run that takes it, then gone from control/. */
static void run_consume(RunDir *at, RunDir *by, Value *request, const char *file)
{
    bool ok = true;
    const char *verb = value_get_text(request, "verb", "");
    bool stop = text_equal(verb, "stop") || text_equal(verb, "abort");
    run_judge(by, request);
    for (RunDir *r = run_first_open(); r; r = r->next) {
        if (!run_is_ours(r) || !run_path_holds(at->full, r->full) || !run_path_holds(r->full, by->full))
            continue;
        ok = run_acknowledge(r, request) && ok;
        r->told = r->told || stop;
    }
    at->stopping = at->stopping || stop;
    if (stop)
        run_mark_stopping(at);
    if (ok)
        io_remove(file, NULL);
    if (!value_get(request, "refused"))
        run_forward(at->full, request, FORWARD_DEPTH);
}

/* 1-stop.json asks for a stop, whether it is empty, {} or says so again. NULL: the name does not end so. The caller owns the verb. */
static char *run_verb_of_name(const char *file)
{
    const char *name = io_base_name(file), *dash = strrchr(name, '-');
    size_t size = dash ? strlen(dash + 1) : 0, ending = strlen(".json");
    return size > ending ? mem_strndup(dash + 1, size - ending) : NULL;
}

static bool run_is_request(const Value *request, const char *verb)
{
    Error ignored = {0};
    return verb && text_equal(value_get_text(request, "verb", NULL), verb) && run_check_request(verb, request, &ignored);
}

static Value *run_read_request(const char *file)
{
    char *bytes = NULL, *verb = run_verb_of_name(file);
    size_t size = 0;
    Error ignored = {0};
    if (!io_read_file(file, REQUEST_BYTES, &bytes, &size, &ignored)) {
        mem_free(verb);
        return NULL;
    }
    bool empty = strspn(bytes, " \t\r\n") == size;
    Value *request = empty ? value_map() : json_parse(bytes, size, &ignored);
    if (request && verb && request->type == VALUE_MAP && !value_get(request, "verb"))
        value_set(request, "verb", value_text(verb));
    bool good = run_is_request(request, verb);
    mem_free(bytes);
    mem_free(verb);
    if (good)
        return request;
    value_free(request);
    return NULL;
}

bool run_stop_waits(const char *path)
{
    TextList names = {0};
    Error ignored = {0};
    bool waits = false;
    char *control = io_join(path, "control");
    io_list(control, &names, &ignored);
    for (size_t i = 0; i < names.count && !waits; i++) {
        bool is_stop = text_ends(names.items[i], "-stop.json") || text_ends(names.items[i], "-abort.json");
        if (names.items[i][0] == '.' || !is_stop)
            continue;
        char *file = io_join(control, names.items[i]);
        Value *request = run_read_request(file);
        waits = request != NULL;
        value_free(request);
        mem_free(file);
    }
    text_list_done(&names);
    mem_free(control);
    return waits;
}

static Value *run_take_at(RunDir *at, RunDir *by)
{
    TextList names = {0};
    Value *request = NULL;
    char *control = run_file(at, "control");
    io_list(control, &names, NULL);
    for (size_t i = 0; !request && i < names.count; i++) {
        if (names.items[i][0] == '.' || !text_ends(names.items[i], ".json"))
            continue;
        char *file = io_join(control, names.items[i]);
        request = run_read_request(file);
        if (request)
            run_consume(at, by, request, file);
        else
            io_remove(file, NULL); /* not a request: nothing to wait for */
        mem_free(file);
    }
    text_list_done(&names);
    mem_free(control);
    return request;
}

static Value *run_tell_stop(RunDir *run)
{
    Value *request = value_map();
    value_set(request, "verb", value_text("stop"));
    run->told = true;
    run_acknowledge(run, request);
    return request;
}

Value *run_take_request(RunDir *run)
{
    if (!run)
        return NULL;
    bool first = !run->asked;
    run->asked = true;
    if (!run->told && (run_is_stopping(run->full) || (first && run_was_stopped_above(run))))
        return run_tell_stop(run);
    double now = clock_now();
    if (now > run->looked && now - run->looked < LOOK_EVERY && run->looked > 0)
        return NULL;
    for (RunDir *r = run_first_open(); r; r = r->next) {
        Value *request = run_is_ours(r) && run_path_holds(r->full, run->full) ? run_take_at(r, run) : NULL;
        if (request) {
            run->looked = 0;
            return request;
        }
    }
    run->looked = now;
    return NULL;
}

/* By step; those of one step in the order in which they were taken. */
static void run_add_by_step(Value *history, Value *line)
{
    value_add(history, line);
    for (size_t i = history->size - 1; i > 0; i--) {
        if (value_get_int(history->items[i - 1], "step", 0) <= value_get_int(history->items[i], "step", 0))
            return;
        Value *later = history->items[i - 1];
        history->items[i - 1] = history->items[i];
        history->items[i] = later;
    }
}

Value *run_control_history(const char *path)
{
    RunLog log;
    Value *history = value_list();
    char *file = io_join(path, "events.jsonl");
    if (run_log_read(file, &log, NULL))
        for (size_t i = 0; i < log.lines->size; i++) {
            const Value *line = log.lines->items[i];
            bool is_set = text_equal(value_get_text(line, "e", ""), "control") && text_equal(value_get_text(line, "verb", ""), "set");
            if (is_set && !value_get(line, "refused"))
                run_add_by_step(history, value_copy(line));
        }
    run_log_done(&log);
    mem_free(file);
    return history;
}
