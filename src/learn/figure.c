/* One formatter for spreads and intervals. */
#include "learn/figure.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static void add_mean(Text *out, const Figure *f)
{
    if (isnan(f->mean))
        text_add(out, "undefined");
    else
        text_addf(out, f->is_signed ? "%+.*f" : "%.*f", f->decimals, f->mean);
}

void figure_add(Text *out, const Figure *f)
{
    add_mean(out, f);
    if (isfinite(f->sd))
        text_addf(out, " \u00b1%.*f sd", f->decimals, f->sd);
}

void figure_add_over(Text *out, const Figure *f, size_t count, const char *of)
{
    add_mean(out, f);
    if (isfinite(f->sd))
        text_addf(out, " \u00b1%.*f (sd of %zu %s)", f->decimals, f->sd, count, of);
}

void figure_add_interval(Text *out, const Figure *f, double low, double high)
{
    add_mean(out, f);
    if (isfinite(low) && isfinite(high))
        text_addf(out, f->is_signed ? ", 95 %% interval %+.*f to %+.*f" : ", 95 %% interval %.*f to %.*f", f->decimals, low, f->decimals,
                  high);
}

void figure_add_gain(Text *out, double mean, double low, double high, int decimals)
{
    if (!isfinite(mean)) {
        text_add(out, "\u00b7");
        return;
    }
    text_addf(out, "%s%.*f", mean < 0 ? "\u2212" : "+", decimals, fabs(mean));
    if (isfinite(low) && isfinite(high))
        text_addf(out, " \u00b1 %.*f", decimals, (high - low) / 2);
}

void figure_add_name(Text *out, const char *name, size_t cells)
{
    Text clean = {0};
    utf8_sanitize(&clean, name, strlen(name));
    bool fits = utf8_width(text_get(&clean)) <= cells;
    if (!fits) {
        text_cut(&clean, utf8_fit(text_get(&clean), cells - 1));
        text_add(&clean, "\u2026");
    }
    text_add(out, text_get(&clean));
    for (size_t i = utf8_width(text_get(&clean)); i < cells; i++)
        text_add_char(out, ' ');
    text_done(&clean);
}

void figure_add_cells(Text *out, const Figure *f, double low, double high)
{
    Text mean = {0}, interval = {0};
    if (isfinite(f->mean))
        add_mean(&mean, f);
    if (isfinite(low) && isfinite(high))
        text_addf(&interval, "%+.*f to %+.*f", f->decimals, low, f->decimals, high);
    text_addf(out, "  %9s  %-20s", mean.size ? text_get(&mean) : "-", interval.size ? text_get(&interval) : "-");
    text_done(&mean);
    text_done(&interval);
}

int figure_decimals(const Metric *m)
{
    return m ? m->decimals : 4;
}
