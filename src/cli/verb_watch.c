/* limbeck watch RUN...: the log's event lines (--json), one line per epoch, or the workbench when there is a terminal. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "base/proc.h"
#include "base/utf8.h"
#include "cli/options.h"
#include "base/json.h"
#include "learn/curve.h"
#include "net/metrics/metric.h"
#include "run/run_dir.h"
#include "run/tail.h"

static const double LOST_PATIENCE = 3; /* seconds that a killed run has to come back before its watcher leaves */

typedef struct WatchParams {
    bool plain, card;
} WatchParams;

static const Field fields[] = {
    {FLAG_FIELD(WatchParams, plain), .doc = "one line per epoch, also when there is a terminal", .def = "false"},
    {FLAG_FIELD(WatchParams, card), .doc = "the curve card of the training that goes on, or was last, as JSON", .def = "false"},
    {0},
};

typedef struct WatchLine { /* of one poll; runs below are read one after the other, so lines are put in order of time */
    char time[32];
    size_t number;
    char *text;
} WatchLine;

typedef struct Watch {
    bool json, closed;
    const char *path; /* of the run being polled */
    const Tail *from; /* whose lines come in */
    WatchLine *lines;
    size_t count, room;
} Watch;

/* The order inside one log stays, even when the wall clock was set back. */
static void add_line(Watch *w, const Tail *from, const Value *event, Text *text)
{
    MEM_GROW(w->lines, w->count, w->room);
    WatchLine *line = &w->lines[w->count];
    const char *time = value_get_text(event, "t", "");
    if (from == w->from && w->count > 0 && strcmp(time, w->lines[w->count - 1].time) < 0)
        time = w->lines[w->count - 1].time;
    *line = (WatchLine){.number = w->count, .text = text_take(text)};
    size_t size = strlen(time) < sizeof line->time - 1 ? strlen(time) : sizeof line->time - 1;
    memmove(line->time, time, size);
    w->from = from;
    w->count++;
}

static int compare_lines(const void *a, const void *b)
{
    const WatchLine *x = a, *y = b;
    int order = strcmp(x->time, y->time);
    return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

static void print_lines(Watch *w)
{
    if (w->count > 0)
        qsort(w->lines, w->count, sizeof *w->lines, compare_lines);
    for (size_t i = 0; i < w->count; i++) {
        w->closed = w->closed || !io_print(1, w->lines[i].text);
        mem_free(w->lines[i].text);
    }
    w->count = 0;
    w->from = NULL;
}

static void add_number(Text *out, const char *name, const Value *v)
{
    if (v && value_is_number(v))
        text_addf(out, "  %s %.4g", name, value_number(v));
    else if (v && v->type == VALUE_TEXT)
        text_addf(out, "  %s %s", name, v->text);
}

/* One line has room for what decides and for what both parts know. */
static void add_metric(Text *out, const Value *recorded, const Metric *m)
{
    static const char *const parts[] = {"train", "valid"};
    bool leads = m->leads_two || m->leads_many || m->leads_values;
    for (size_t i = 0; i < 2 && (leads || m->is_running); i++) {
        char *name = text_format("%s.%s", parts[i], m->spec.name);
        add_number(out, name, value_get(recorded, name));
        mem_free(name);
    }
}

static void add_epoch(Text *out, const Tail *from, const Value *event)
{
    const Value *m = value_get(event, "m");
    text_addf(out, "epoch %lld", (long long)value_get_int(event, "epoch", 0));
    int64_t epochs = value_get_int(from->start, "epochs", 0);
    if (epochs > 0)
        text_addf(out, "/%lld", (long long)epochs);
    for (size_t i = 0; i < metric_count(); i++)
        add_metric(out, m, metric_at(i));
    add_number(out, "lr", value_get(event, "lr"));
}

static void add_end(Text *out, const Value *event)
{
    text_add(out, value_get_text(event, "status", "ended"));
    int64_t epochs = value_get_int(event, "epochs", 0), best = value_get_int(event, "best_epoch", 0);
    char room[NUMBER_ROOM];
    if (epochs > 0)
        text_addf(out, " after %lld epochs", (long long)epochs);
    if (best > 0)
        text_addf(out, ", best epoch %lld", (long long)best);
    if (*value_get_text(event, "why", ""))
        text_addf(out, ": %s", value_get_text(event, "why", ""));
    double seconds = value_get_real(event, "seconds", -1);
    if (seconds >= 0)
        text_addf(out, "  %s", number_format_time(seconds, room));
    if (value_get_text(event, "message", NULL))
        text_addf(out, "  %s", value_get_text(event, "message", ""));
}

static void add_trial(Text *out, const Value *event)
{
    text_addf(out, "trial %lld %s", (long long)value_get_int(event, "n", 0), value_get_text(event, "status", ""));
    add_number(out, "metric", value_get(event, "metric"));
}

static bool add_event(Text *out, const Tail *from, const Value *event)
{
    const char *name = value_get_text(event, "e", "");
    if (text_equal(name, "batch") || text_equal(name, "layers"))
        return false;
    if (text_equal(name, "epoch"))
        add_epoch(out, from, event);
    else if (text_equal(name, "end"))
        add_end(out, event);
    else if (text_equal(name, "trial"))
        add_trial(out, event);
    else if (text_equal(name, "control"))
        text_add(out, run_verb_taken(value_get_text(event, "verb", "")));
    else if (text_equal(name, "resume"))
        text_addf(out, "resumed from step %lld", (long long)value_get_int(event, "step", 0));
    else
        text_addf(out, "%s %s", name, value_get_text(event, "text", ""));
    return true;
}

/* Plain lines begin with the run's place below what is watched. */
static void on_line(void *self, const Tail *from, const char *line, size_t size, const Value *event)
{
    Watch *w = self;
    Text text = {0}, out = {0};
    if (w->json) {
        text_add_bytes(&out, line, size);
    } else if (add_event(&text, from, event)) {
        size_t skip = strlen(w->path);
        const char *place = strlen(from->path) > skip ? from->path + skip + 1 : "";
        utf8_sanitize(&out, place, strlen(place));
        text_add(&out, place[0] ? "  " : "");
        utf8_sanitize(&out, text_get(&text), text.size);
    }
    if (out.size > 0) {
        text_add_char(&out, '\n');
        add_line(w, from, event, &out);
    }
    text_done(&out);
    text_done(&text);
}

typedef struct Watched {
    Tail *tail;
    double lost_since; /* 0: not lost */
    bool seen_alive, full, over;
} Watched;

/* A full disk has no room for an event of its own. */
static void print_full(Watch *w, Watched *run)
{
    bool full = run->tail->state == RUN_FULL;
    if (full && !run->full && !w->json)
        w->closed = !io_print(1, "disk full, paused: the run goes on when there is room\n") || w->closed;
    run->full = full;
}

static void poll_one(Watch *w, Watched *run, Error *e)
{
    Error ignored = {0};
    w->path = run->tail->path;
    tail_poll_lines(run->tail, true, on_line, w, &ignored);
    print_lines(w);
    print_full(w, run);
    RunState state = run->tail->state;
    run->seen_alive = run->seen_alive || tail_is_alive(run->tail);
    if (state != RUN_LOST) {
        run->lost_since = 0;
        run->over = tail_has_ended(run->tail);
        return;
    }
    double now = clock_now();
    if (run->lost_since <= 0)
        run->lost_since = now;
    run->over = !run->seen_alive || now - run->lost_since > LOST_PATIENCE;
    if (run->over)
        error_set(e, ERROR_FAILED, "the worker of %s was killed; limbeck resume %s goes on from its last checkpoint", run->tail->path,
                  run->tail->path);
}

static bool poll_all(Watch *w, Watched *runs, size_t count, Error *e)
{
    bool going = false;
    for (size_t i = 0; i < count; i++) {
        if (!runs[i].over)
            poll_one(w, &runs[i], e);
        going = going || !runs[i].over;
    }
    return going && !w->closed && !proc_signal();
}

static int code_of(const Watched *runs, size_t count)
{
    static const int codes[] = {[RUN_DIVERGED] = 4, [RUN_FAILED] = 1, [RUN_LOST] = 1};
    int code = proc_signal() ? 128 + proc_signal() : 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = codes[runs[i].tail->state];
    return code;
}

static int watch_lines(const CliCall *call, Error *e)
{
    size_t count = call->words->count;
    Watched *runs = mem_alloc(count * sizeof *runs);
    Watch w = {.json = call->options->json};
    bool ok = true;
    int code = 1;
    for (size_t i = 0; ok && i < count; i++) {
        runs[i].tail = tail_open(call->words->items[i], e);
        ok = runs[i].tail != NULL;
    }
    while (ok && poll_all(&w, runs, count, e))
        clock_sleep(0.05);
    if (ok)
        code = code_of(runs, count);
    for (size_t i = 0; i < count; i++)
        tail_free(runs[i].tail);
    mem_free(w.lines);
    mem_free(runs);
    return code;
}

/* As it is now, without waiting for more. */
static int watch_card(const CliCall *call, Error *e)
{
    Text out = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < call->words->count; i++) {
        Tail *t = tail_open(call->words->items[i], e);
        ok = t != NULL;
        if (!ok)
            break;
        tail_poll(t, true, NULL);
        Curve c;
        curve_init(&c, tail_main(t));
        Value *v = curve_value(&c);
        json_write(v, JSON_PRETTY, &out);
        text_add_char(&out, '\n');
        value_free(v);
        curve_done(&c);
        tail_free(t);
    }
    ok = ok && io_print(1, text_get(&out));
    text_done(&out);
    return ok ? 0 : 1;
}

static int watch_workbench(const CliCall *call, Error *e)
{
    CliLine line = {.options = *call->options};
    text_list_add(&line.words, call->words->items[0]);
    int code = cli_workbench(&line, e);
    text_list_done(&line.words);
    return code;
}

static int watch_run(const CliCall *call, Error *e)
{
    const WatchParams *p = call->params;
    if (call->words->count == 0) {
        error_set(e, ERROR_USAGE, "watch: which run? limbeck runs lists them");
        return 2;
    }
    if (p->card)
        return watch_card(call, e);
    bool lines = call->options->json || p->plain || (call->options->width == 0 && !io_is_terminal(1));
    return lines || call->words->count > 1 ? watch_lines(call, e) : watch_workbench(call, e);
}

const Verb verb_watch = {
    .spec =
        {.name = "watch", .doc = "follow runs from any terminal", .group = "runs", .params = fields, .params_size = sizeof(WatchParams)},
    .usage = "RUN... [--json] [--plain] [--card]",
    .takes_signals = true,
    .run = watch_run,
};
