/* Where a training is, in one line. */
#include <math.h>

#include "app/run_card.h"
#include "base/number.h"
#include "net/metrics/metric.h"

/* Seconds to go, by what the epochs so far took; pauses are no epochs. NAN: not known. */
static double seconds_left(const Tail *t, int64_t epoch, int64_t epochs)
{
    const TailSeries *s = tail_series(t, "seconds");
    double sum = 0;
    for (size_t i = 0; s && i < s->count; i++)
        sum += s->y[i];
    return s && s->count && epochs >= epoch ? sum / (double)s->count * (double)(epochs - epoch) : (double)NAN;
}

char *run_progress_line(const Tail *t)
{
    int64_t epoch = (int64_t)value_get_real(t->last_epoch, "epoch", 0), epochs = value_get_int(t->start, "epochs", 0), best_epoch = 0;
    const char *series = value_get_text(t->start, "metric", SERIES_VALID_LOSS);
    const TailSeries *s = tail_series(t, series);
    const Metric *m = metric_of_series(series);
    if (!epoch || t->end)
        return NULL;
    char number[METRIC_TITLE_ROOM], title[METRIC_TITLE_ROOM], time[NUMBER_ROOM];
    Text out = {0};
    text_addf(&out, "%s  epoch %lld", *t->name ? t->name : t->kind, (long long)epoch);
    if (epochs)
        text_addf(&out, "/%lld", (long long)epochs);
    if (m && s && s->count)
        text_addf(&out, "  %s %s", metric_series_title(series, title), metric_format(m, s->y[s->count - 1], number));
    double best = run_card_best(t, series, &best_epoch), left = seconds_left(t, epoch, epochs);
    if (m && isfinite(best))
        text_addf(&out, "  best %s at %lld", metric_format(m, best, number), (long long)best_epoch);
    if (t->state == RUN_PAUSED || t->state == RUN_FULL)
        text_addf(&out, "  %s", run_state_name(t->state));
    else if (isfinite(left))
        text_addf(&out, "  %s left", number_format_time(left, time));
    return text_take(&out);
}
