/* The curve card out of a tail. */
#include "learn/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/loss.h"

double curve_last(const TailSeries *s)
{
    return s && s->count ? s->y[s->count - 1] : (double)NAN;
}

double curve_best(const TailSeries *s, bool high, int64_t *epoch)
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

double curve_best_of(const Tail *t, const char *name, int64_t *epoch)
{
    const Metric *m = metric_of_series(name);
    return m && t ? curve_best(tail_series(t, name), m->is_better_high, epoch) : (double)NAN;
}

double curve_setting(const Tail *run, const char *name, double planned)
{
    for (size_t i = run->notes_count; i-- > 0;) {
        double set;
        if (tail_note_is_set(&run->notes[i], name, &set) && isfinite(set))
            return set;
    }
    return planned;
}

static int64_t changed(const Tail *run, const char *name, int64_t planned)
{
    return (int64_t)curve_setting(run, name, (double)planned);
}

double curve_end_epoch(const Tail *run)
{
    double epochs = (double)changed(run, "epochs", value_get_int(run->start, "epochs", 0)),
           gone = (double)value_get_int(run->last_epoch, "epoch", 0);
    double x = epochs > gone ? epochs : gone;
    if (run->end && gone * 2 < x)
        x = gone;
    while (!run->end && x >= 8 * gone && x > 40)
        x = ceil(x / 2);
    return x > 1 ? x : 2;
}

const TailSeries *curve_series(const Curve *c, const char *name)
{
    return tail_series(c->run, name);
}

const CurveFigure *curve_figure(const Curve *c, const char *name)
{
    for (size_t i = 0; i < c->figures_count; i++)
        if (text_equal(c->figures[i].series->name, name))
            return &c->figures[i];
    return NULL;
}

/* Six epochs at least: the first ones of any training jump. */
static void find_overfit(Curve *c)
{
    enum { LEAST = 6 };
    static const double above = 1.002; /* of the lowest: less is noise */
    const TailSeries *valid = curve_series(c, SERIES_VALID_LOSS), *train = curve_series(c, SERIES_TRAIN_LOSS);
    double lowest = curve_best(valid, false, &c->lowest_epoch), last = curve_last(valid);
    c->gap = last - curve_last(train);
    if (!valid || !train || valid->count < LEAST || train->count < LEAST || !isfinite(lowest))
        return;
    size_t since = c->epoch > c->lowest_epoch ? (size_t)(c->epoch - c->lowest_epoch) : 0, most = train->count - 1;
    double then = train->y[most - (since < most ? since : most)];
    c->overfits = since >= CURVE_RISES && last > lowest * above && curve_last(train) < then;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* From epoch to epoch, with what callbacks and evaluation take; the median of the newest ones, whatever the first had to wait for. */
static double epoch_time(const TailSeries *s)
{
    double newest[CURVE_TIMES];
    size_t count = s ? s->count < CURVE_TIMES ? s->count : CURVE_TIMES : 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = s->count - 1 - i;
        newest[i] = s->seconds[at] - (at ? s->seconds[at - 1] : 0);
    }
    if (!count)
        return (double)NAN;
    qsort(newest, count, sizeof *newest, by_size);
    return newest[count / 2];
}

static void find_time(Curve *c)
{
    const Tail *t = c->run;
    c->seconds = t->end ? value_get_real(t->end, "elapsed", value_get_real(t->end, "seconds", t->trained)) : t->trained;
    c->epoch_seconds = epoch_time(curve_series(c, "seconds"));
    double rest = (double)(c->epochs - c->epoch) - c->epoch_share;
    c->left = !t->end && isfinite(c->epoch_seconds) && c->epochs ? c->epoch_seconds * (rest > 0 ? rest : 0) : -1;
    c->rate = curve_last(curve_series(c, "rate"));
    c->cpu = curve_last(curve_series(c, "cpu"));
    c->memory = curve_last(curve_series(c, "memory"));
}

static void find_progress(Curve *c)
{
    const Tail *t = c->run;
    int64_t planned = value_get_int(t->start, "epochs", 0), per_epoch = value_get_int(t->start, "steps_per_epoch", 0);
    c->epochs = changed(t, "epochs", planned);
    c->steps = c->epochs == planned ? value_get_int(t->start, "steps", planned * per_epoch) : c->epochs * per_epoch;
    c->epoch = value_get_int(t->last_epoch, "epoch", 0);
    c->step = t->step;
    double place = t->place > (double)c->epoch ? t->place : (double)c->epoch;
    c->epoch_share = place - (double)c->epoch < 1 ? place - (double)c->epoch : 0;
    c->share = c->epochs ? fmin(1, place / (double)c->epochs) : 0;
}

static void find_best(Curve *c)
{
    const Value *start = c->run->start, *stop = value_get(start, "early_stop");
    c->watched = value_get_text(start, "metric", SERIES_VALID_LOSS);
    const Metric *m = metric_of_series(c->watched);
    c->watched_high = m && m->is_better_high;
    bool stops = stop && stop->type != VALUE_NULL;
    c->patience = changed(c->run, "patience", stops ? value_get_int(start, "patience", 0) : 0);
    c->now = curve_last(curve_series(c, c->watched));
    c->best = curve_best_of(c->run, c->watched, &c->best_epoch);
    c->waited = c->epoch - c->best_epoch;
    int64_t at = c->best_epoch + c->patience;
    c->stops_at = c->patience && !c->run->end && (!c->epochs || at < c->epochs) ? at : 0;
}

static void add_figure(Curve *c, const TailSeries *s)
{
    if (!s->count || text_starts(s->name, "batch.") || curve_figure(c, s->name))
        return;
    CurveFigure *f = &c->figures[c->figures_count++];
    *f = (CurveFigure){.series = s, .metric = metric_of_series(s->name), .now = curve_last(s), .best = (double)NAN};
    if (f->metric)
        f->best = curve_best(s, f->metric->is_better_high, &f->best_epoch);
}

/* In the order of the registry; what has settings or belongs to a module that is not here comes behind it. */
static void add_part(Curve *c, const char *part)
{
    for (size_t i = 0; i < metric_count(); i++) {
        char *name = text_format("%s%s", part, metric_at(i)->spec.name);
        const TailSeries *s = curve_series(c, name);
        if (s)
            add_figure(c, s);
        mem_free(name);
    }
    for (size_t i = 0; i < c->run->series_count; i++)
        if (text_starts(c->run->series[i].name, part))
            add_figure(c, &c->run->series[i]);
}

static void find_figures(Curve *c)
{
    c->figures = mem_alloc((c->run->series_count + 1) * sizeof *c->figures);
    add_part(c, "valid.");
    add_part(c, "train.");
    for (size_t i = 0; i < c->run->series_count; i++)
        add_figure(c, &c->run->series[i]);
}

static CurveMarkKind kind_of(const TailNote *n)
{
    static const struct {
        const char *event, *verb;
        CurveMarkKind kind;
    } kinds[] = {
        {"alarm", "", CURVE_ALARM}, {"resume", "", CURVE_RESUME}, {"control", "set", CURVE_CHANGE}, {"control", "note", CURVE_NOTE}};
    bool is_refused = value_get(n->fields, "refused") != NULL;
    for (size_t i = 0; !is_refused && i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal(n->event, kinds[i].event) && (!*kinds[i].verb || text_equal(n->verb, kinds[i].verb)))
            return kinds[i].kind;
    return CURVE_OTHER;
}

const char *curve_mark_name(CurveMarkKind kind)
{
    static const char *const names[] = {"best", "change", "resume", "note", "alarm", "other"};
    return names[kind];
}

/* Where a step lies: an event between two points stands at the fraction of the epoch that its step is. */
static void place_mark(const Curve *c, CurveMark *m)
{
    const TailSeries *s = curve_series(c, SERIES_TRAIN_LOSS);
    size_t after = 0;
    m->seconds = (double)NAN;
    while (s && after < s->count && s->steps[after] < m->step)
        after++;
    if (!s || after == s->count) {
        m->seconds = s && s->count ? s->seconds[s->count - 1] : (double)NAN;
        return;
    }
    double x = after ? s->x[after - 1] : 0, seconds = after ? s->seconds[after - 1] : 0;
    double step = after ? (double)s->steps[after - 1] : 0, span = (double)s->steps[after] - step;
    double part = span > 0 ? ((double)m->step - step) / span : 0;
    m->epoch = x + (s->x[after] - x) * part;
    m->seconds = seconds + (s->seconds[after] - seconds) * part;
}

static int by_step(const void *a, const void *b)
{
    const CurveMark *x = a, *y = b;
    if (x->step != y->step)
        return x->step < y->step ? -1 : 1;
    return x->note < y->note ? -1 : x->note > y->note;
}

static void add_best_mark(Curve *c)
{
    const TailSeries *s = curve_series(c, c->watched);
    for (size_t i = 0; s && i < s->count; i++)
        if ((int64_t)s->x[i] == c->best_epoch) {
            c->marks[c->marks_count++] = (CurveMark){CURVE_BEST, s->x[i], s->seconds[i], s->steps[i], NULL};
            return;
        }
}

static void find_marks(Curve *c)
{
    c->marks = mem_alloc((c->run->notes_count + 1) * sizeof *c->marks);
    for (size_t i = 0; i < c->run->notes_count; i++) {
        const TailNote *n = &c->run->notes[i];
        CurveMark *m = &c->marks[c->marks_count++];
        *m = (CurveMark){kind_of(n), n->epoch, (double)NAN, n->step, n};
        place_mark(c, m);
    }
    if (c->best_epoch)
        add_best_mark(c);
    qsort(c->marks, c->marks_count, sizeof *c->marks, by_step);
}

void curve_init(Curve *c, const Tail *run)
{
    *c = (Curve){.run = run};
    find_progress(c);
    find_best(c);
    find_overfit(c);
    find_time(c);
    c->learning_rate = curve_last(curve_series(c, "learning_rate"));
    c->gradient_norm = curve_last(curve_series(c, "gradient_norm"));
    find_figures(c);
    find_marks(c);
}

void curve_done(Curve *c)
{
    mem_free(c->figures);
    mem_free(c->marks);
    *c = (Curve){0};
}

const char *curve_axis_name(CurveAxis axis)
{
    static const char *const names[CURVE_AXES] = {"epoch", "step", "seconds"};
    return names[axis];
}

void curve_axis_values(const TailSeries *s, CurveAxis axis, double *out)
{
    for (size_t i = 0; i < s->count; i++)
        out[i] = axis == CURVE_BY_EPOCH ? s->x[i] : axis == CURVE_BY_STEP ? (double)s->steps[i] : s->seconds[i];
}

/* Steps and seconds of the epochs that are shown, as far as they are known. */
double curve_axis_end(const Curve *c, CurveAxis axis)
{
    double epochs = curve_end_epoch(c->run);
    if (axis == CURVE_BY_EPOCH)
        return epochs;
    bool is_planned = c->epochs && !c->run->end;
    double per_epoch = c->epoch ? (double)value_get_int(c->run->last_epoch, "step", 0) / (double)c->epoch : 0;
    if (axis == CURVE_BY_STEP)
        return fmax(1, is_planned ? per_epoch * epochs : (double)c->step);
    double rest = is_planned && c->epoch_seconds > 0 ? c->epoch_seconds * (epochs - (double)c->epoch) : 0;
    return fmax(1e-3, c->run->trained + fmax(0, rest));
}

double curve_mark_at(const CurveMark *m, CurveAxis axis)
{
    return axis == CURVE_BY_EPOCH ? m->epoch : axis == CURVE_BY_STEP ? (double)m->step : m->seconds;
}

size_t curve_near(const TailSeries *s, double epoch)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->x[middle] < epoch)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == s->count || (low > 0 && epoch - s->x[low - 1] < s->x[low] - epoch))
        return low ? low - 1 : 0;
    return low;
}
