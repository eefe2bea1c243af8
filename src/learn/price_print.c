/* Prices as a table. */
#include <math.h>

#include "learn/figure.h"
#include "learn/importance.h"
#include "learn/price.h"

enum { STEP_CELLS = 36 };

static void add_step(const Value *one, int decimals, Text *out)
{
    char *name = text_format("%s  %s", value_get_text(one, "step", ""), value_get_text(one, "text", ""));
    text_addf(out, "\n%3lld ", (long long)value_get_int(one, "n", 0));
    figure_add_name(out, name, STEP_CELLS);
    figure_add_cells(out, &(Figure){value_get_real(one, "worth", NAN), NAN, decimals, true}, value_get_real(one, "low", NAN),
                     value_get_real(one, "high", NAN));
    text_addf(out, "  %s", value_get_text(one, "verdict", ""));
    mem_free(name);
}

static void add_remarks(const Value *one, Text *out)
{
    const char *by = value_get_text(one, "needed_by", NULL), *why = value_get_text(one, "why", NULL);
    if (by)
        text_addf(out, " by %s", by);
    if (value_get(one, "rows"))
        text_addf(out, "; %lld rows with it, %lld without", (long long)value_get_int(one, "rows", 0),
                  (long long)value_get_int(one, "rows_without", 0));
    if (why)
        text_addf(out, "\n      %s", why);
}

static void add_together(const Value *one, int decimals, Text *out)
{
    if (!one)
        return;
    const Value *numbers = value_get(one, "numbers");
    Text name = {0};
    text_add(&name, "together");
    for (size_t i = 0; i < value_items(numbers); i++)
        text_addf(&name, "%s %lld", i ? "," : "", (long long)numbers->items[i]->integer);
    text_add(out, "\n    ");
    figure_add_name(out, text_get(&name), STEP_CELLS);
    figure_add_cells(out, &(Figure){value_get_real(one, "worth", NAN), NAN, decimals, true}, value_get_real(one, "low", NAN),
                     value_get_real(one, "high", NAN));
    text_addf(out, "  %s", value_get_text(one, "verdict", ""));
    add_remarks(one, out);
    text_done(&name);
}

void price_print(const Value *price, Text *out)
{
    const Metric *m = metric_find(value_get_text(price, "metric", METRIC_LOSS));
    const Value *steps = value_get(price, "steps");
    long long folds = (long long)value_get_int(price, "folds", 0);
    text_addf(out, "%lld-fold %s ", folds, m->title);
    figure_add_over(out, &(Figure){value_get_real(price, "mean", NAN), value_get_real(price, "sd", NAN), m->decimals, false}, (size_t)folds,
                    "folds");
    text_addf(out, " with all steps\n    %-*s  %9s  %-20s  verdict", STEP_CELLS, "step", "worth", "95 % interval");
    for (size_t i = 0; i < value_items(steps); i++) {
        add_step(steps->items[i], m->decimals, out);
        add_remarks(steps->items[i], out);
    }
    add_together(value_get(price, "together"), m->decimals, out);
    if (value_get(price, "features"))
        importance_print(value_get(price, "features"), IMPORTANCE_HEAD, m->decimals, out);
    text_addf(out,
              "\nworth: how much %s %s is with the step, or the feature in place, than without; t over folds, corrected for shared "
              "training rows; margin %.*f",
              m->is_better_high ? "higher" : "lower", m->title, m->decimals, value_get_real(price, "margin", 0));
}
