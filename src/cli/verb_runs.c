/* limbeck runs [DIR]: what ran, newest first. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "net/metrics/metric.h"
#include "run/tail.h"

static double best_of(const Tail *t, const Metric *m, const char *series)
{
    const TailSeries *s = tail_series(t, series);
    double best = NAN;
    for (size_t i = 0; s && i < s->count; i++)
        if (isnan(best) || metric_is_better(m, s->y[i], best))
            best = s->y[i];
    return best;
}

/* The best of each metric of the validation part. */
static void add_best(Value *card, const Tail *t)
{
    for (size_t i = 0; i < metric_count(); i++) {
        char *series = text_format("valid.%s", metric_at(i)->spec.name);
        double best = best_of(t, metric_at(i), series);
        if (!isnan(best))
            value_set(card, series, value_real(best));
        mem_free(series);
    }
}

static Value *card_of(const Tail *run)
{
    const Tail *t = tail_main(run);
    char stamp[24];
    Value *card = value_map();
    clock_stamp(run->started, stamp);
    value_set(card, "path", value_text(run->path));
    value_set(card, "name", value_text(run->name));
    value_set(card, "kind", value_text(run->kind));
    value_set(card, "state", value_text(run_state_name(run->state)));
    value_set(card, "started", run->started > 0 ? value_text(stamp) : value_null());
    value_set(card, "seconds", value_real(run->updated - run->started));
    value_set(card, "epoch", value_int((int64_t)value_get_real(t->last_epoch, "epoch", 0)));
    value_set(card, "epochs", value_int(value_get_int(t->start, "epochs", 0)));
    value_set(card, "net", value_text(value_get_text(t->start, "net", "")));
    value_set(card, "metric", value_text(value_get_text(t->start, "metric", SERIES_VALID_LOSS)));
    add_best(card, t);
    return card;
}

static void add_cell(Text *out, const char *text, size_t cells)
{
    Text clean = {0};
    utf8_sanitize(&clean, text, strlen(text));
    size_t fit = utf8_fit(text_get(&clean), cells);
    size_t before = out->size;
    text_add_bytes(out, text_get(&clean), fit);
    size_t width = fit > 0 ? utf8_width(out->bytes + before) : 0;
    for (size_t i = width; i < cells + 2; i++)
        text_add_char(out, ' ');
    text_done(&clean);
}

static void add_metric(Text *out, const Value *card, const char *name, size_t cells)
{
    char room[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM];
    const Value *v = value_get(card, name);
    const Metric *m = metric_of_series(name);
    bool is_named = cells > 10;
    char *text = !v ? mem_strdup("-")
                    : text_format("%s%s%s", is_named ? metric_series_title(m->spec.name, title) : "", is_named ? " " : "",
                                  metric_format(m, value_number(v), room));
    add_cell(out, text, cells);
    mem_free(text);
}

/* The metric that decides for a target like this run's: the first one that leads somewhere and was recorded. */
static const char *leading_of(const Value *card, char out[METRIC_TITLE_ROOM])
{
    const size_t classes[] = {2, 3, 0};
    for (size_t i = 0; i < 3; i++) {
        snprintf(out, METRIC_TITLE_ROOM, "valid.%s", metric_leading(classes[i])->spec.name);
        if (value_get(card, out))
            break;
    }
    return out;
}

static void add_row(Text *out, const Value *card)
{
    char room[NUMBER_ROOM], leading[METRIC_TITLE_ROOM];
    char *epochs = text_format("%lld/%lld", (long long)value_get_int(card, "epoch", 0), (long long)value_get_int(card, "epochs", 0));
    add_cell(out, io_base_name(value_get_text(card, "path", "")), 36);
    add_cell(out, value_get_text(card, "state", ""), 8);
    add_cell(out, epochs, 9);
    add_metric(out, card, SERIES_VALID_LOSS, 10);
    add_metric(out, card, leading_of(card, leading), 15);
    add_cell(out, number_format_time(value_get_real(card, "seconds", 0), room), 7);
    add_cell(out, value_get_text(card, "net", ""), 24);
    while (out->size > 0 && out->bytes[out->size - 1] == ' ')
        out->bytes[--out->size] = '\0';
    text_add_char(out, '\n');
    mem_free(epochs);
}

static void print_table(const Value *cards)
{
    static const struct {
        const char *title;
        size_t cells;
    } columns[] = {{"run", 36}, {"state", 8}, {"epoch", 9}, {"valid loss", 10}, {"best valid", 15}, {"time", 7}, {"net", 3}};
    Text out = {0};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        add_cell(&out, columns[i].title, columns[i].cells);
    out.size -= 2;
    out.bytes[out.size] = '\0';
    text_add_char(&out, '\n');
    for (size_t i = 0; i < cards->size; i++)
        add_row(&out, cards->items[i]);
    io_print(1, text_get(&out));
    text_done(&out);
}

static int runs_run(const CliCall *call, Error *e)
{
    const char *directory = call->words->count > 0 ? call->words->items[0] : "runs";
    Tail **runs = NULL;
    size_t count = 0;
    IoInfo info;
    if (call->words->count == 0 && !io_stat(directory, &info)) {
        io_print(call->options->json ? 1 : 2, call->options->json ? "[]\n" : "limbeck: no runs yet: there is no directory runs/ here\n");
        return 0;
    }
    if (!run_list(directory, &runs, &count, e))
        return 1;
    Value *cards = value_list();
    for (size_t i = 0; i < count; i++)
        value_add(cards, card_of(runs[i]));
    run_list_free(runs, count);
    if (call->options->json) {
        char *text = json_format(cards, JSON_PRETTY);
        io_print(1, text);
        io_print(1, "\n");
        mem_free(text);
    } else {
        print_table(cards);
    }
    value_free(cards);
    return 0;
}

const Verb verb_runs = {
    .spec = {.name = "runs", .doc = "list runs, newest first", .group = "runs"},
    .usage = "[DIR] [--json]",
    .run = runs_run,
};
