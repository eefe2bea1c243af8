/* The card for people: the figures first, then what is decided, where the model is weak, and the rows it gets most wrong. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "learn/certificate.h"
#include "learn/figure.h"
#include "learn/horizon.h"
#include "learn/importance.h"
#include "learn/report.h"

enum { SLICES_SHOWN = 3, WORST_SHOWN = 10, CLASSES_SHOWN = 20, NAME = 22, CELL = 10 };

static void add_right(Text *out, const char *text, size_t cells)
{
    for (size_t used = utf8_width(text); used < cells; used++)
        text_add_char(out, ' ');
    text_add(out, text);
}

static void add_number(Text *out, double x, int decimals, size_t cells)
{
    char number[NUMBER_ROOM];
    add_right(out, isfinite(x) ? number_format_fixed(x, decimals, number) : "\u00b7", cells);
}

static void add_count(Text *out, const Value *v, const char *key, size_t cells)
{
    char number[NUMBER_ROOM];
    add_right(out, number_format_count(value_get_int(v, key, 0), number), cells);
}

static void add_metrics(const Value *card, Text *out)
{
    const Value *metrics = value_get(card, "metrics"), *intervals = value_get(card, "intervals");
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        const Value *ends = value_get(intervals, m->spec.name);
        double x = value_get_real(metrics, m->spec.name, NAN), low = NAN, high = NAN;
        if (!value_get(metrics, m->spec.name) || !isfinite(x))
            continue;
        if (value_items(ends) == 2) {
            low = value_number(ends->items[0]);
            high = value_number(ends->items[1]);
        }
        text_add(out, "\n  ");
        figure_add_name(out, m->title, NAME);
        figure_add_interval(out, &(Figure){x, NAN, figure_decimals(m), false}, low, high);
    }
}

static void add_confusion(const Value *card, Text *out)
{
    const Value *at = value_get(card, "at"), *confusion = value_get(at, "confusion"),
                *decision = value_get(value_get(card, "model"), "decision");
    size_t classes = value_entries(confusion);
    if (!classes)
        return;
    if (value_get(card, "positive"))
        text_addf(out, "\n%s from %.4g on", value_get_text(card, "positive", ""), value_get_real(at, "threshold", NAN));
    else
        text_add(out, "\ndecisions");
    if (decision)
        text_addf(out, ", chosen by %s%s%s", value_get_text(decision, "by", "hand"), value_get(decision, "on") ? " on " : "",
                  value_get_text(decision, "on", ""));
    text_addf(out, "; cost of a row %.4g", value_get_real(at, "cost_of_row", NAN));
    if (classes > CLASSES_SHOWN)
        return;
    text_add(out, "\n  ");
    figure_add_name(out, "true, called", NAME);
    for (size_t k = 0; k < classes; k++) {
        text_add(out, "  ");
        figure_add_name(out, confusion->keys[k], CELL);
    }
    text_add(out, "    precision     recall         F1");
    for (size_t i = 0; i < classes; i++) {
        const Value *of_class = value_get(card, "per_class")->items[i];
        text_add(out, "\n  ");
        figure_add_name(out, confusion->keys[i], NAME);
        for (size_t k = 0; k < classes; k++)
            add_count(out, confusion->items[i], confusion->keys[k], CELL + 2);
        text_add(out, "  ");
        add_number(out, value_get_real(of_class, "precision", NAN), 4, CELL + 1);
        add_number(out, value_get_real(of_class, "recall", NAN), 4, CELL + 1);
        add_number(out, value_get_real(of_class, METRIC_F1, NAN), 4, CELL + 1);
    }
}

static void add_residuals(const Value *card, Text *out)
{
    static const char *const names[] = {"mean", "sd", "p05", "median", "p95"};
    const Value *list = value_get(card, "residuals");
    if (value_items(list) != 1)
        return;
    text_add(out, "\nactual minus predicted:");
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        text_addf(out, "%s %s %.4g", k ? "," : "", names[k], value_get_real(list->items[0], names[k], NAN));
}

static void add_slices(const Value *card, Text *out)
{
    const Value *list = value_get(card, "slices");
    const Metric *m = metric_leading(value_items(value_get(card, "classes")));
    for (size_t i = 0; i < value_items(list) && i < SLICES_SHOWN; i++) {
        const Value *one = list->items[i], *items = value_get(one, "items");
        text_add(out, "\n");
        figure_add_name(out, value_get_text(one, "column", ""), NAME + 2);
        add_right(out, "rows", CELL);
        add_right(out, m->title, CELL + 2);
        for (size_t k = 0; k < value_items(items); k++) {
            text_add(out, "\n  ");
            figure_add_name(out, value_get_text(items->items[k], "value", ""), NAME);
            add_count(out, items->items[k], "rows", CELL);
            add_number(out, value_get_real(items->items[k], m->spec.name, NAN), m->decimals, CELL + 2);
        }
    }
    if (value_items(list) > SLICES_SHOWN)
        text_addf(out, "\nand %zu columns with smaller gaps; --json has them all", value_items(list) - SLICES_SHOWN);
}

static void add_value(Text *out, const Value *v, size_t cells)
{
    if (v && v->type == VALUE_TEXT) {
        text_add(out, "  ");
        figure_add_name(out, v->text, cells - 2);
    } else {
        add_number(out, v ? value_number(v) : (double)NAN, 4, cells);
    }
}

static void add_worst(const Value *card, Text *out)
{
    const Value *list = value_get(card, "worst");
    text_add(out, "\nworst rows      row  truth         said                p       loss");
    for (size_t i = 0; i < value_items(list) && i < WORST_SHOWN; i++) {
        const Value *one = list->items[i];
        text_add(out, "\n  ");
        add_count(out, one, "row", 17);
        add_value(out, value_get(one, "truth"), 14);
        add_value(out, value_get(one, "said"), 14);
        add_number(out, value_get_real(one, "p", NAN), 4, CELL);
        add_number(out, value_get_real(one, "loss", NAN), 4, CELL + 1);
    }
}

void report_print(const Value *card, Text *out)
{
    char rows[NUMBER_ROOM];
    long long seen = (long long)value_get_int(card, "seen_rows", 0);
    text_addf(out, "%s of %s, %s rows, net %s", value_get_text(card, "target", ""), value_get_text(card, "on", ""),
              number_format_count(value_get_int(card, "rows", 0), rows), value_get_text(value_get(card, "model"), "net", ""));
    if (seen)
        text_addf(out, "; %lld rows left out: a model was trained on them", seen);
    add_metrics(card, out);
    add_confusion(card, out);
    add_residuals(card, out);
    add_slices(card, out);
    if (value_get(card, "importance"))
        importance_print(value_get(card, "importance"), IMPORTANCE_HEAD, 4, out);
    add_worst(card, out);
    if (value_get(card, "certificate")) {
        text_add_char(out, '\n');
        certificate_line(value_get(card, "certificate"), out);
    }
}
