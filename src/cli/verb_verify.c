/* limbeck verify RUN...: one line per directory; exit 1 when anything is damaged. */
#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/proc.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "run/replay.h"
#include "run/run_dir.h"
#include "run/tail.h"
#include "run/verify.h"
#include "run/worker.h"

typedef struct VerifyParams {
    bool replay;
} VerifyParams;

static const Field fields[] = {
    {FLAG_FIELD(VerifyParams, replay), .doc = "run the script again with every change at its step; compare models", .def = "false"},
    {0},
};

/* What a file says is text from outside: made harmless before a terminal sees it. */
static void add_line(Text *all, const Value *card, size_t damaged)
{
    Text line = {0}, *out = &line;
    text_addf(out, "%-8s %s  %s, %s, %lld events, %lld checkpoints", damaged ? "DAMAGED" : "ok", value_get_text(card, "path", ""),
              value_get_text(card, "kind", ""), value_get_text(card, "state", ""), (long long)value_get_int(card, "events", 0),
              (long long)value_get_int(card, "checkpoints", 0));
    if (value_get_flag(card, "torn", false))
        text_add(out, ", an unfinished last line");
    const Value *list = value_get(card, "damage");
    for (size_t i = 0; i < list->size; i++)
        text_addf(out, "; %s", list->items[i]->text);
    utf8_sanitize(all, text_get(out), out->size);
    text_add_char(all, '\n');
    text_done(out);
}

/* Its worker runs alone; here it is waited for. */
static bool wait_for(const char *again, Error *e)
{
    Tail *t = tail_open(again, e);
    if (!t)
        return false;
    do {
        clock_sleep(0.05);
        tail_poll(t, false, NULL);
    } while (!tail_has_ended(t) && !proc_signal());
    bool ok = t->end != NULL;
    if (!ok)
        error_set(e, ERROR_FAILED, "the replay did not come to its end: %s", proc_signal() ? "interrupted" : run_state_name(t->state));
    tail_free(t);
    return ok;
}

static bool replay(const CliCall *call, const char *path, Value **found, Error *e)
{
    char *again = replay_prepare(path, e);
    if (!again)
        return false;
    Error ignored = {0};
    TextList globals = cli_script_options(call->options);
    bool ok = worker_resume(again, &globals, NULL, e) && wait_for(again, e);
    *found = ok ? replay_compare(path, again, e) : NULL;
    if (proc_signal())
        run_request(again, "stop", NULL, &ignored);
    else
        io_remove_tree(again, &ignored);
    text_list_done(&globals);
    mem_free(again);
    return *found != NULL;
}

static size_t add_replay(Text *all, const char *path, const Value *found)
{
    const Value *differ = value_get(found, "differ");
    Text line = {0};
    text_addf(&line, "%-8s %s  replayed from its first step: %lld model%s", differ->size ? "DIFFERS" : "same", path,
              (long long)value_get_int(found, "models", 0), value_get_int(found, "models", 0) == 1 ? "" : "s");
    for (size_t i = 0; i < differ->size; i++)
        text_addf(&line, "; %s is another one", differ->items[i]->text);
    utf8_sanitize(all, text_get(&line), line.size);
    text_add_char(all, '\n');
    text_done(&line);
    return differ->size;
}

static bool replay_all(const CliCall *call, Value *all, Text *out, size_t *damaged, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && i < call->words->count; i++) {
        Value *found = NULL;
        ok = replay(call, call->words->items[i], &found, e);
        if (!ok)
            return false;
        *damaged += add_replay(out, call->words->items[i], found);
        value_set(found, "replay", value_text(call->words->items[i]));
        value_add(all, found);
    }
    return ok;
}

static int verify_run(const CliCall *call, Error *e)
{
    const VerifyParams *p = call->params;
    size_t damaged = 0;
    bool ok = true;
    Value *all = value_list();
    Text out = {0};
    if (call->words->count == 0)
        ok = error_set(e, ERROR_USAGE, "verify: which run? limbeck runs lists them");
    for (size_t i = 0; ok && i < call->words->count; i++) {
        Value *report = NULL;
        ok = verify_tree(call->words->items[i], &report, e);
        for (size_t k = 0; ok && k < report->size; k++) {
            size_t found = value_get(report->items[k], "damage")->size;
            add_line(&out, report->items[k], found);
            damaged += found;
            value_add(all, value_copy(report->items[k]));
        }
        value_free(report);
    }
    ok = ok && (!p->replay || replay_all(call, all, &out, &damaged, e));
    if (ok && call->options->json) {
        text_clear(&out);
        json_write(all, JSON_PRETTY, &out);
        text_add_char(&out, '\n');
    }
    if (ok)
        io_print(1, text_get(&out));
    text_done(&out);
    value_free(all);
    return !ok || damaged > 0 ? 1 : 0;
}

const Verb verb_verify = {
    .spec = {.name = "verify",
             .doc = "check every event, checkpoint and journal of a run",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(VerifyParams)},
    .usage = "RUN... [--replay] [--json]",
    .takes_signals = true,
    .run = verify_run,
};
