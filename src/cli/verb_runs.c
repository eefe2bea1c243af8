/* limbeck runs [DIR | RUN]: what ran, newest first, or what a run consists of. Everything here is read from the cards of the runs. */
#include <stdio.h>
#include <string.h>

#include "app/run_card.h"
#include "app/run_index.h"
#include "app/run_lineage.h"
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "net/metrics/metric.h"
#include "run/run_dir.h"
#include "table/reader.h"

typedef struct RunsParams {
    char *filter, *sort, *uses, *output;
    bool descending, all;
} RunsParams;

static const Field fields[] = {
    {TEXT_FIELD(RunsParams, filter), .doc = "only runs for which this is true: \"best > 0.8 and net == '19-8-1'\"", .def = ""},
    {TEXT_FIELD(RunsParams, sort), .doc = "by this figure, instead of newest first", .def = ""},
    {FLAG_FIELD(RunsParams, descending), .doc = "the highest first", .def = "false"},
    {TEXT_FIELD(RunsParams, uses), .doc = "only runs of this table, model or script", .def = ""},
    {FLAG_FIELD(RunsParams, all), .doc = "archived ones too", .def = "false"},
    {TEXT_FIELD(RunsParams, output), .doc = "write all figures to a file: .csv, .json, .jsonl or .md", .def = ""},
    {0},
};

static bool is_given(const char *text)
{
    return text && *text;
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
    add_cell(out, value_get_text(card, "what", ""), 9);
    add_cell(out, epochs, 9);
    add_metric(out, card, SERIES_VALID_LOSS, 10);
    add_metric(out, card, leading_of(card, leading), 15);
    add_cell(out, number_format_time(value_get_real(card, "seconds", 0), room), 7);
    add_cell(out, value_get_text(card, "net", ""), 24);
    add_cell(out, value_get_text(card, "tags", ""), 16);
    add_cell(out, value_get_text(card, "uses", ""), 80);
    while (out->size > 0 && out->bytes[out->size - 1] == ' ')
        text_cut(out, out->size - 1);
    text_add_char(out, '\n');
    mem_free(epochs);
}

static void print_table(const Value *cards)
{
    static const struct {
        const char *title;
        size_t cells;
    } columns[] = {{"run", 36},        {"state", 8}, {"what", 9}, {"epoch", 9}, {"valid loss", 10},
                   {"best valid", 15}, {"time", 7},  {"net", 24}, {"tags", 4}};
    Text out = {0};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        add_cell(&out, columns[i].title, columns[i].cells);
    text_cut(&out, out.size - 2);
    text_add_char(&out, '\n');
    for (size_t i = 0; i < cards->size; i++)
        add_row(&out, cards->items[i]);
    io_print(1, text_get(&out));
    text_done(&out);
}

/* Of a run its pieces, of any other directory the runs in it. */
static Value *list_cards(const char *directory, Error *e)
{
    if (run_is_directory(directory))
        return run_cards_below(directory, e);
    RunIndex *index = run_index_open(directory, true);
    Value *cards = run_index_cards(index, e);
    run_index_close(index);
    return cards;
}

static Value *without_archived(const Value *cards)
{
    Value *kept = value_list();
    for (size_t i = 0; i < cards->size; i++)
        if (!value_get_flag(cards->items[i], "archived", false))
            value_add(kept, value_copy(cards->items[i]));
    return kept;
}

/* Takes the list, and gives the next one in its place. */
static bool replace(Value **cards, Value *next)
{
    value_free(*cards);
    *cards = next;
    return next != NULL;
}

static bool choose_cards(const CliCall *call, Value **cards, Error *e)
{
    const RunsParams *p = call->params;
    return (p->all || replace(cards, without_archived(*cards))) &&
           (!is_given(p->uses) || replace(cards, run_cards_uses(call->job, *cards, p->uses, e))) &&
           (!is_given(p->filter) || replace(cards, run_cards_filter(*cards, p->filter, e))) &&
           (!is_given(p->sort) || replace(cards, run_cards_sort(*cards, p->sort, p->descending, e)));
}

static bool write_cards(const char *path, const Value *cards, Error *e)
{
    Table *t = run_cards_table(cards, e);
    bool ok = t && table_write(t, path, NULL, e);
    table_unref(t);
    return ok;
}

static bool show_cards(const CliCall *call, const Value *cards, Error *e)
{
    const RunsParams *p = call->params;
    if (is_given(p->output))
        return write_cards(p->output, cards, e);
    if (!call->options->json) {
        print_table(cards);
        return true;
    }
    char *text = json_format(cards, JSON_PRETTY);
    io_print(1, text);
    io_print(1, "\n");
    mem_free(text);
    return true;
}

static int runs_run(const CliCall *call, Error *e)
{
    const char *directory = call->words->count > 0 ? call->words->items[0] : "runs";
    IoInfo info;
    bool there = io_stat(directory, &info);
    if (call->words->count == 0 && !there) {
        io_print(call->options->json ? 1 : 2, call->options->json ? "[]\n" : "limbeck: no runs yet: there is no directory runs/ here\n");
        return 0;
    }
    if (!there) {
        error_set(e, ERROR_IO, "%s: there is no such directory", directory);
        return 1;
    }
    Value *cards = list_cards(directory, e);
    bool ok = cards && choose_cards(call, &cards, e) && show_cards(call, cards, e);
    value_free(cards);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_runs = {
    .spec =
        {.name = "runs", .doc = "list runs, or the pieces of one", .group = "runs", .params = fields, .params_size = sizeof(RunsParams)},
    .usage = "[DIR|RUN] [--filter=EXPRESSION] [--sort=FIGURE] [--uses=FILE] [--output=FILE] [--json]",
    .run = runs_run,
};
