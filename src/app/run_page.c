/* The report as a page and as Markdown: the same parts in the same order. A page needs nothing from elsewhere and runs nothing. */
#include <math.h>
#include <string.h>

#include "app/run_card.h"
#include "app/run_report.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/number.h"
#include "learn/call.h"
#include "net/metrics/metric.h"

enum { PIECES_MOST = 200 };

static const char style[] =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e;background:#fff}\n"
    "h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid #8884}\n"
    "table{border-collapse:collapse}td,th{padding:.15rem .9rem .15rem 0;text-align:left;vertical-align:top;font-weight:normal}\n"
    "th{color:#6b6b70}td.n{text-align:right;font-variant-numeric:tabular-nums}\n"
    "pre{background:#8881;padding:.8rem;overflow-x:auto;font-size:13px}svg{max-width:100%;height:auto;display:block;margin:1rem 0}\n"
    ".good{color:#15803d}.bad{color:#b91c1c}.dim{color:#6b6b70}\n"
    "@media(prefers-color-scheme:dark){body{color:#e7e7ea;background:#17171a}th,.dim{color:#9a9aa2}}\n";

static const char *text_of(const Value *card, const char *name)
{
    return value_get_text(card, name, "");
}

/* "done: valid AUC 0.8421 at epoch 17 of 25; 3,874 weights, 0:14" */
static void add_headline(const RunReport *r, Text *out)
{
    const char *metric = text_of(r->card, "metric");
    const Metric *m = metric_of_series(metric);
    double best = value_get_real(r->card, "best", NAN);
    char number[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM], count[NUMBER_ROOM];
    text_add(out, text_of(r->card, "state"));
    if (isfinite(best))
        text_addf(out, ": %s %s at epoch %lld of %lld", metric_series_title(metric, title), metric_format(m, best, number),
                  (long long)value_get_int(r->card, "best_epoch", 0), (long long)value_get_int(r->card, "epoch", 0));
    if (value_get_int(r->card, "params", 0))
        text_addf(out, "; %s weights", number_format_count(value_get_int(r->card, "params", 0), count));
    text_addf(out, "; %s", number_format_time(value_get_real(r->card, "seconds", 0), number));
}

static char *piece_text(const Value *card, const char *name)
{
    char number[METRIC_TITLE_ROOM];
    const Value *v = value_get(card, name);
    const Metric *m = metric_of_series(text_of(card, "metric"));
    if (v && v->type == VALUE_TEXT)
        return mem_strdup(v->text);
    if (!v || !value_is_number(v))
        return mem_strdup("");
    if (text_equal(name, "best") && m)
        return mem_strdup(metric_format(m, value_number(v), number));
    return mem_strdup(text_equal(name, "seconds") ? number_format_time(value_number(v), number)
                                                  : number_format_real(value_number(v), number));
}

/* A figure of the result on one part; NAN: not known. */
static double figure_of(const RunReport *r, const char *part, const Metric *m)
{
    char *name = text_format("%s.%s", part, m->spec.name);
    double x = value_get_real(r->result, name, NAN);
    mem_free(name);
    return x;
}

static void add_chart(const RunReport *r, const char *metric, Text *out)
{
    static const char *const no_name[] = {NULL};
    Chart c;
    run_chart(&r->training, no_name, 1, metric, &c);
    if (c.count)
        chart_svg_write(&c, out);
    run_chart_done(&c);
}

static void add_pair(Text *out, const char *name, const char *value)
{
    text_add(out, "<tr><th scope=\"row\">");
    chart_escape(out, name);
    text_add(out, "</th><td>");
    chart_escape(out, value);
    text_add(out, "</td></tr>\n");
}

static void add_cell(Text *out, const char *value, bool is_number)
{
    text_add(out, is_number ? "<td class=\"n\">" : "<td>");
    chart_escape(out, value);
    text_add(out, "</td>");
}

static void add_figures(const RunReport *r, Text *out)
{
    static const char *const parts[] = {"train", "valid", "test"};
    char number[METRIC_TITLE_ROOM];
    if (!r->result)
        return;
    text_add(out, "<h2>Figures</h2>\n<table>\n<tr><th>of the best weights</th><th>train</th><th>valid</th><th>test</th></tr>\n");
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        if (!isfinite(figure_of(r, "valid", m)))
            continue;
        text_add(out, "<tr><th scope=\"row\">");
        chart_escape(out, m->title);
        text_add(out, "</th>");
        for (size_t k = 0; k < 3; k++) {
            double x = figure_of(r, parts[k], m);
            add_cell(out, isfinite(x) ? metric_format(m, x, number) : "\u00b7", true);
        }
        text_add(out, "</tr>\n");
    }
    text_add(out, "</table>\n");
}

static void add_pieces(const RunReport *r, Text *out)
{
    static const char *const names[] = {"run", "what", "state", "best", "metric", "net", "seconds", "message"};
    size_t count = r->tail->children_count < PIECES_MOST ? r->tail->children_count : PIECES_MOST;
    if (!count)
        return;
    text_add(out, "<h2>What it consists of</h2>\n<table>\n<tr>");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        text_addf(out, "<th>%s</th>", text_equal(names[k], "seconds") ? "time" : names[k]);
    text_add(out, "</tr>\n");
    for (size_t i = 0; i < count; i++) {
        Value *card = run_card_make(r->tail->children[i]);
        text_add(out, "<tr>");
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            char *text = piece_text(card, names[k]);
            add_cell(out, text, k == 3 || k == 6);
            mem_free(text);
        }
        text_add(out, "</tr>\n");
        value_free(card);
    }
    text_add(out, "</table>\n");
    if (count < r->tail->children_count)
        text_addf(out, "<p>%zu more are not shown.</p>\n", r->tail->children_count - count);
}

static void add_events(const RunReport *r, Text *out)
{
    if (!r->training->notes_count)
        return;
    text_add(out, "<h2>What happened</h2>\n<table>\n");
    for (size_t i = 0; i < r->training->notes_count; i++) {
        char *line = tail_note_line(&r->training->notes[i]), *epoch = text_format("epoch %.4g", r->training->notes[i].epoch);
        add_pair(out, epoch, line);
        mem_free(line);
        mem_free(epoch);
    }
    text_add(out, "</table>\n");
}

static void add_maps(const RunReport *r, Text *out)
{
    text_add(out, "<h2>Settings</h2>\n<table>\n");
    for (size_t i = 0; i < value_entries(r->settings); i++)
        add_pair(out, r->settings->keys[i], r->settings->items[i]->text);
    text_add(out, "</table>\n<h2>From data to model</h2>\n<table>\n");
    for (size_t i = 0; i < value_items(r->lineage); i++)
        add_pair(out, text_of(r->lineage->items[i], "name"), text_of(r->lineage->items[i], "text"));
    text_add(out, "</table>\n");
}

/* Line by line: a sanitized text has no line feeds. */
static void add_script(const RunReport *r, Text *out)
{
    char *script = run_script_text(r->tail->path);
    if (!script)
        return;
    text_add(out, "<h2>Script</h2>\n<pre>");
    for (char *at = script; *at;) {
        size_t size = strcspn(at, "\n");
        bool more = at[size] == '\n';
        at[size] = '\0';
        chart_escape(out, at);
        text_add_char(out, '\n');
        at += size + more;
    }
    text_add(out, "</pre>\n");
    mem_free(script);
}

void run_report_html(const RunReport *r, Text *out)
{
    const char *metric = strchr(text_of(r->card, "metric"), '.'), *state = text_of(r->card, "state"),
               *message = text_of(r->card, "message");
    bool is_bad = text_equal(state, "failed") || text_equal(state, "diverged") || text_equal(state, "lost");
    Text headline = {0};
    add_headline(r, &headline);
    text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    chart_escape(out, text_of(r->card, "run"));
    text_addf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<h1>", style);
    chart_escape(out, text_of(r->card, "name"));
    text_addf(out, "</h1>\n<p class=\"%s\">", is_bad ? "bad" : text_equal(state, "done") ? "good" : "dim");
    chart_escape(out, text_get(&headline));
    text_add(out, "</p>\n<p class=\"dim\">");
    chart_escape(out, message);
    text_add(out, *message ? ". Begun " : "Begun ");
    chart_escape(out, text_of(r->card, "started"));
    text_add(out, "</p>\n");
    if (*text_of(r->card, "notes")) {
        text_add(out, "<p>");
        chart_escape(out, text_of(r->card, "notes"));
        text_add(out, "</p>\n");
    }
    add_chart(r, METRIC_LOSS, out);
    if (metric && !text_equal(metric + 1, METRIC_LOSS))
        add_chart(r, metric + 1, out);
    add_chart(r, "learning_rate", out);
    add_figures(r, out);
    if (r->comparison) {
        text_add(out, "<h2>Comparison</h2>\n<p>");
        chart_escape(out, text_of(r->comparison, "verdict"));
        text_add(out, "</p>\n");
    }
    add_pieces(r, out);
    add_events(r, out);
    add_maps(r, out);
    add_script(r, out);
    text_add(out, "</body>\n</html>\n");
    text_done(&headline);
}

/* A bar ends a cell of a Markdown table, and a line break its row. */
static void add_plain(Text *out, const char *text)
{
    for (; *text; text++)
        if (*text == '|' || *text == '\\')
            text_addf(out, "\\%c", *text);
        else
            text_add_char(out, *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void add_row(Text *out, const char *name, const char *value)
{
    text_add(out, "| ");
    add_plain(out, name);
    text_add(out, " | ");
    add_plain(out, value);
    text_add(out, " |\n");
}

void run_report_markdown(const RunReport *r, Text *out)
{
    char number[METRIC_TITLE_ROOM];
    text_add(out, "# ");
    add_plain(out, text_of(r->card, "name"));
    text_add(out, "\n\n");
    add_headline(r, out);
    text_add(out, ".\n\n");
    add_plain(out, text_of(r->card, "message"));
    text_addf(out, "\n\nBegun %s.\n", text_of(r->card, "started"));
    if (*text_of(r->card, "notes")) {
        text_add_char(out, '\n');
        add_plain(out, text_of(r->card, "notes"));
        text_add_char(out, '\n');
    }
    text_add(out, "\n| of the best weights | train | valid | test |\n|---|---:|---:|---:|\n");
    for (size_t i = 0; r->result && i < metric_count(); i++) {
        static const char *const parts[] = {"train", "valid", "test"};
        if (!isfinite(figure_of(r, "valid", metric_at(i))))
            continue;
        text_addf(out, "| %s |", metric_at(i)->title);
        for (size_t k = 0; k < 3; k++) {
            double x = figure_of(r, parts[k], metric_at(i));
            text_addf(out, " %s |", isfinite(x) ? metric_format(metric_at(i), x, number) : "\u00b7");
        }
        text_add_char(out, '\n');
    }
    if (r->comparison) {
        text_add(out, "\n");
        add_plain(out, text_of(r->comparison, "verdict"));
        text_add(out, "\n");
    }
    text_add(out, "\n| setting | value |\n|---|---|\n");
    for (size_t i = 0; i < value_entries(r->settings); i++)
        add_row(out, r->settings->keys[i], r->settings->items[i]->text);
    text_add(out, "\n| from data to model | |\n|---|---|\n");
    for (size_t i = 0; i < value_items(r->lineage); i++)
        add_row(out, text_of(r->lineage->items[i], "name"), text_of(r->lineage->items[i], "text"));
}
