/* One formatter for spreads and intervals. */
#include "learn/figure.h"

#include <math.h>

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

int figure_decimals(const Metric *m)
{
    return m ? m->decimals : 4;
}
