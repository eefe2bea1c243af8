/* A comparison of runs in words and columns. */
#include "app/run_compare.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "learn/figure.h"
#include "net/metrics/metric.h"

enum { LABEL = 18, CELLS = 18 };

static void add_cell(Text *out, const char *raw)
{
    Text text = {0};
    utf8_sanitize(&text, raw, strlen(raw));
    text_cut(&text, utf8_fit(text_get(&text), CELLS));
    text_addf(out, "  %*s%s", (int)(CELLS - utf8_width(text_get(&text))), "", text_get(&text));
    text_done(&text);
}

static void add_row(Text *out, const char *name, const Value *cells)
{
    figure_add_name(out, name, LABEL);
    for (size_t i = 0; i < cells->size; i++)
        add_cell(out, cells->items[i]->type == VALUE_TEXT ? cells->items[i]->text : "-");
    text_add_char(out, '\n');
}

static void add_best(Text *out, const Value *runs)
{
    char number[METRIC_TITLE_ROOM];
    figure_add_name(out, "best", LABEL);
    for (size_t i = 0; i < runs->size; i++) {
        const Metric *m = metric_of_series(value_get_text(runs->items[i], "metric", ""));
        double best = value_get_real(runs->items[i], "best", NAN);
        char *text = m && isfinite(best) ? text_format("%s %s", m->title, metric_format(m, best, number)) : mem_strdup("-");
        add_cell(out, text);
        mem_free(text);
    }
    text_add_char(out, '\n');
}

void run_compare_print_one(const Value *c, size_t i, Text *out)
{
    const Value *a = value_get(c, "against")->items[i];
    const char *why = value_get_text(a, "why_not", NULL);
    const Metric *m = metric_find(value_get_text(a, "metric", ""));
    if (why) {
        utf8_sanitize(out, why, strlen(why));
        return;
    }
    Figure f = {value_get_real(a, "mean", NAN), NAN, figure_decimals(m), true};
    text_addf(out, "%s ", m ? m->title : "");
    figure_add_interval(out, &f, value_get_real(a, "low", NAN), value_get_real(a, "high", NAN));
    text_addf(out, ": %s (%lld rows)", value_get_text(a, "conclusion", ""), (long long)value_get_int(a, "rows", 0));
}

static void add_against(Text *out, const Value *c)
{
    const Value *runs = value_get(c, "runs");
    text_addf(out, "\nagainst %s, paired on the same rows of %s\n", value_get_text(runs->items[0], "run", ""), value_get_text(c, "on", ""));
    for (size_t i = 1; i < runs->size; i++) {
        figure_add_name(out, value_get_text(runs->items[i], "run", ""), LABEL);
        text_add(out, "  ");
        run_compare_print_one(c, i, out);
        text_add_char(out, '\n');
    }
}

void run_compare_print(const Value *c, Text *out)
{
    const Value *runs = value_get(c, "runs"), *differences = value_get(c, "differences");
    Value *names = value_list(), *states = value_list();
    for (size_t i = 0; i < runs->size; i++) {
        value_add(names, value_text(value_get_text(runs->items[i], "run", "")));
        value_add(states, value_text(value_get_text(runs->items[i], "state", "")));
    }
    add_row(out, "", names);
    add_row(out, "state", states);
    add_best(out, runs);
    for (size_t i = 0; i < value_entries(differences); i++)
        add_row(out, differences->keys[i], differences->items[i]);
    if (!value_entries(differences))
        text_add(out, "the same script and settings\n");
    const char *script = value_get_text(c, "script", "");
    if (runs->size == 2 && *script)
        text_addf(out, "\nscript, from the first to the second\n%s\n", script);
    add_against(out, c);
    value_free(names);
    value_free(states);
}
