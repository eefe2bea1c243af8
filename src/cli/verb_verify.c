/* limbeck verify RUN...: one line per directory; exit 1 when anything is damaged. */
#include "base/io.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "run/verify.h"

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

static int verify_run(const CliCall *call, Error *e)
{
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
    .spec = {.name = "verify", .doc = "check every event, checkpoint and journal of a run", .group = "runs"},
    .usage = "RUN... [--json]",
    .run = verify_run,
};
