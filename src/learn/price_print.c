/* Prices as a table. */
#include <math.h>

#include "base/utf8.h"
#include "learn/figure.h"
#include "learn/price.h"

enum { STEP_CELLS = 36 };

/* What the step does, in the cells there are. */
static void add_step(const Value *one, Text *out)
{
    Text raw = {0}, clean = {0};
    text_addf(&raw, "%s  %s", value_get_text(one, "step", ""), value_get_text(one, "text", ""));
    utf8_sanitize(&clean, text_get(&raw), raw.size);
    bool fits = utf8_width(text_get(&clean)) <= STEP_CELLS;
    if (!fits)
        text_cut(&clean, utf8_fit(text_get(&clean), STEP_CELLS - 1));
    text_addf(out, "\n%3lld %s%s", (long long)value_get_int(one, "n", 0), text_get(&clean), fits ? "" : "\u2026");
    for (size_t i = utf8_width(text_get(&clean)) + !fits; i < STEP_CELLS; i++)
        text_add_char(out, ' ');
    text_done(&raw);
    text_done(&clean);
}

static void add_worth(const Value *one, int decimals, Text *out)
{
    double low = value_get_real(one, "low", NAN), high = value_get_real(one, "high", NAN);
    char *interval = isfinite(low) && isfinite(high) ? text_format("%+.*f to %+.*f", decimals, low, decimals, high) : mem_strdup("-");
    char *worth = value_get(one, "without") ? text_format("%+.*f", decimals, value_get_real(one, "worth", NAN)) : mem_strdup("-");
    text_addf(out, "  %9s  %-20s  %s", worth, interval, value_get_text(one, "verdict", ""));
    mem_free(interval);
    mem_free(worth);
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
        add_step(steps->items[i], out);
        add_worth(steps->items[i], m->decimals, out);
        add_remarks(steps->items[i], out);
    }
    text_addf(out, "\nworth: how much %s %s is with the step than without; t over folds, corrected for shared training rows; margin %.*f",
              m->is_better_high ? "higher" : "lower", m->title, m->decimals, value_get_real(price, "margin", 0));
}
