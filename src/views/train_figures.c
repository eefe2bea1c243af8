/* What a training says of itself, out of its series: progress, best, patience, alarms. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "views/train.h"

/* The best of what was recorded under this name; a series that is no metric has no best. */
double series_best_of(const Tail *t, const char *name, int64_t *epoch)
{
    const Metric *m = metric_of_series(name);
    return m && t ? series_best(tail_series(t, name), m->is_better_high, epoch) : (double)NAN;
}

double series_last(const TailSeries *s)
{
    return s && s->count ? s->y[s->count - 1] : (double)NAN;
}

double series_best(const TailSeries *s, bool high, int64_t *epoch)
{
    double best = (double)NAN;
    for (size_t i = 0; s && i < s->count; i++)
        if (isfinite(s->y[i]) && (!isfinite(best) || (high ? s->y[i] > best : s->y[i] < best))) {
            best = s->y[i];
            if (epoch)
                *epoch = (int64_t)s->x[i];
        }
    return best;
}

double run_last_epoch(const Tail *run)
{
    double epochs = (double)value_get_int(run->start, "epochs", 0), gone = (double)value_get_int(run->last_epoch, "epoch", 0);
    double x = epochs > gone ? epochs : gone;
    if (run->end && gone * 2 < x)
        x = gone;
    while (!run->end && x >= 8 * gone && x > 40)
        x = ceil(x / 2);
    return x > 1 ? x : 2;
}

static void find_overfit(TrainFigures *f)
{
    const TailSeries *valid = tail_series(f->run, SERIES_VALID_LOSS), *train = tail_series(f->run, SERIES_TRAIN_LOSS);
    double lowest = series_best(valid, false, &f->lowest_epoch), last = series_last(valid);
    if (!valid || !train || valid->count < 6 || train->count < 6 || !isfinite(lowest))
        return;
    int64_t since = f->epoch - f->lowest_epoch;
    double train_then = train->y[train->count - 1 - (size_t)(since < (int64_t)train->count - 1 ? since : (int64_t)train->count - 1)];
    f->overfits = since >= 4 && last > lowest * 1.002 && series_last(train) < train_then;
}

static void find_time(const Workbench *w, TrainFigures *f)
{
    const TailSeries *seconds = tail_series(f->run, "seconds");
    double sum = 0;
    for (size_t i = 0; seconds && i < seconds->count; i++)
        sum += seconds->y[i];
    f->seconds = f->run->end ? value_get_real(f->run->end, "seconds", sum) : sum;
    f->left = seconds && seconds->count && !f->run->end ? sum / (double)seconds->count * (double)(f->epochs - f->epoch) : -1;
    f->rate = series_last(tail_series(f->run, "rate"));
    if (app_is_headless(w->app)) /* replays show no clock */
        f->seconds = 0, f->left = -1, f->rate = (double)NAN;
}

bool train_figures(const Workbench *w, TrainFigures *f)
{
    *f = (TrainFigures){0};
    if (!app_run(w->app))
        return false;
    f->run = tail_main(app_run(w->app));
    if (!f->run)
        f->run = app_run(w->app);
    const Value *start = f->run->start;
    f->epochs = value_get_int(start, "epochs", 0);
    f->steps = value_get_int(start, "steps", f->epochs * value_get_int(start, "steps_per_epoch", 0));
    const Value *stop = value_get(start, "early_stop");
    f->patience = stop && stop->type != VALUE_NULL ? value_get_int(start, "patience", 0) : 0;
    f->epoch = value_get_int(f->run->last_epoch, "epoch", 0);
    f->step = value_get_int(f->run->last_epoch, "step", 0);
    f->watched = value_get_text(start, "metric", SERIES_VALID_LOSS);
    const TailSeries *s = tail_series(f->run, f->watched);
    f->now = series_last(s);
    f->best = series_best_of(f->run, f->watched, &f->best_epoch);
    f->waited = f->epoch - f->best_epoch;
    f->share = f->epochs ? (double)f->epoch / (double)f->epochs : 0;
    find_time(w, f);
    find_overfit(f);
    return true;
}
