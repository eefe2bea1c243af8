/* The series is read back from the target itself: the first output of each row is the value of the next one. */
#include "learn/horizon.h"

#include <math.h>
#include <stdlib.h>

#include "learn/figure.h"
#include "learn/learn.h"
#include "learn/parts.h"
#include "net/metrics/metric.h"
#include "steps/past.h"

enum { SEASON_MOST = 1024, SEASON_ROWS = 20000, SHOWN = 48, NAME_CELLS = 24 };

static const double CLEARLY = 0.98; /* a longer season must be so much better than a shorter one */

const StepUse *horizon_maker(const Recipe *before, const char *target)
{
    const StepUse *maker = NULL;
    for (size_t i = 0; i < before->count; i++) {
        const StepUse *use = &before->uses[i];
        char *const *into = step_use_param(use, "targets_into");
        if (!use->off && use->step->reach && into && text_equal(*into, target) && use->step->reach(use->params, target).steps)
            maker = use;
    }
    return maker;
}

/* One channel of a series in time, by place: the value of the row itself, relative to the first of its stretch where the target is. */
typedef struct Levels {
    const TargetInfo *target;
    const Column *c;
    PastGroup g;
    size_t channel, channels;
    double *level; /* NAN: not known */
    size_t *from;  /* the first place of the stretch without a gap that the place is in */
} Levels;

static double next_of(const Levels *l, size_t place, size_t ahead)
{
    return target_number(l->c, l->g.rows[place], (ahead - 1) * l->channels + l->channel);
}

/* What a row says of the row two later is what the next row says of the row next to it. */
static bool goes_on(const Levels *l, size_t place)
{
    if (l->target->horizon < 2)
        return true;
    double said = next_of(l, place - 1, 2) - (l->target->relative ? next_of(l, place - 1, 1) : 0), is = next_of(l, place, 1);
    return fabs(said - is) <= 1e-4 * (fabs(is) + l->target->outputs[l->channel].sd);
}

static void read_levels(Levels *l)
{
    bool relative = l->target->relative;
    for (size_t i = 0; i < l->g.count; i++) {
        bool joins = i > 0 && goes_on(l, i);
        l->from[i] = joins ? l->from[i - 1] : i;
        l->level[i] = joins ? (relative ? l->level[i - 1] : 0) + next_of(l, i - 1, 1) : relative ? 0 : (double)NAN;
    }
}

/* By the value that stands `season` rows before the wanted one; season 0: by the row's own. */
static double forecast(const Levels *l, size_t place, size_t ahead, size_t season)
{
    size_t wanted = place + ahead, back = season ? wanted - season : place;
    if ((season && season > wanted) || back < l->from[place])
        return (double)NAN;
    return l->target->relative ? l->level[back] - l->level[place] : l->level[back];
}

static bool levels_make(const Table *t, const TargetInfo *target, size_t channel, Levels *out, Error *e)
{
    size_t horizon = (size_t)target->horizon;
    *out = (Levels){.target = target, .c = table_column(t, target->name), .channel = channel, .channels = target_numbers(target) / horizon};
    out->level = mem_try_alloc(t->rows + 1, sizeof *out->level, e);
    out->from = mem_try_alloc(t->rows + 1, sizeof *out->from, e);
    return out->level && out->from;
}

static void levels_done(Levels *l)
{
    mem_free(l->level);
    mem_free(l->from);
}

static Past *order_of(Job *job, const Table *t, const Recipe *before, const TargetInfo *target, const Roles *roles)
{
    Error ignored = {0}; /* a step has left out what orders the rows: then they have no past */
    PastAsk ask = step_use_ask(horizon_maker(before, target->name));
    StepInput in = {.rows = t, .roles = roles};
    ask.is_quiet = true;
    return target->horizon && table_column(t, target->name) ? past_get(job, &in, &ask, &ignored) : NULL;
}

/* Mean distance of values that stand so far apart. */
static double apart(const Levels *l, size_t lag, double *weight)
{
    double sum = 0;
    size_t count = 0, first = l->g.count > SEASON_ROWS ? l->g.count - SEASON_ROWS : 0;
    for (size_t i = first + lag; i < l->g.count; i++)
        if (i - lag >= l->from[i] && isfinite(l->level[i - lag])) {
            sum += fabs(l->level[i] - l->level[i - lag]);
            count++;
        }
    *weight = (double)count;
    return sum;
}

bool horizon_find_season(Job *job, const Prepared *d, const Roles *roles, TargetInfo *out, Error *e)
{
    const Table *train = d->raw[PART_TRAIN];
    Past *p = order_of(job, train, d->before, out, roles);
    Levels l = {0};
    bool ok = !p || levels_make(train, out, 0, &l, e);
    size_t longest = 0, least = out->horizon > 1 ? (size_t)out->horizon : 2;
    for (size_t g = 0; p && ok && g < p->order.groups; g++)
        if (past_group(p, g).count > past_group(p, longest).count)
            longest = g;
    out->season = 0;
    if (p && ok && p->order.groups) {
        double best = INFINITY, weight;
        l.g = past_group(p, longest);
        read_levels(&l);
        for (size_t lag = least; lag <= least + SEASON_MOST && lag <= l.g.count / 3; lag++) {
            double x = apart(&l, lag, &weight) / weight;
            if (isfinite(x) && x < CLEARLY * best) {
                best = x;
                out->season = (int64_t)lag;
            }
        }
    }
    levels_done(&l);
    past_unref(p);
    return ok;
}

typedef struct RowId {
    uint64_t id;
    size_t row;
} RowId;

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const RowId *)a)->id, y = ((const RowId *)b)->id;
    return (x > y) - (x < y);
}

/* Forecasts of judged rows: by the row's own value, and by that of a season before; outputs * rows each. */
typedef struct Plain {
    double *last, *seasonal;
} Plain;

static void put_group(const HorizonTask *t, const Levels *l, const RowId *ids, Plain *out)
{
    for (size_t i = 0; i < l->g.count; i++) {
        RowId key = {table_row_id(t->history, l->g.rows[i]), 0};
        const RowId *found = bsearch(&key, ids, t->data->rows, sizeof *ids, by_id);
        for (size_t ahead = 1; found && ahead <= (size_t)t->target->horizon; ahead++) {
            size_t at = ((ahead - 1) * l->channels + l->channel) * t->data->rows + found->row;
            out->last[at] = forecast(l, i, ahead, 0);
            out->seasonal[at] = t->target->season ? forecast(l, i, ahead, (size_t)t->target->season) : (double)NAN;
        }
    }
}

static bool plain_fill(const HorizonTask *t, const Past *p, Plain *out, Error *e)
{
    size_t channels = target_numbers(t->target) / (size_t)t->target->horizon;
    RowId *ids = mem_try_alloc(t->data->rows + 1, sizeof *ids, e);
    bool ok = ids != NULL;
    for (size_t i = 0; ok && i < t->data->rows; i++)
        ids[i] = (RowId){t->data->row_ids[i], i};
    if (ok)
        qsort(ids, t->data->rows, sizeof *ids, by_id);
    for (size_t channel = 0; ok && channel < channels; channel++) {
        Levels l;
        ok = levels_make(t->history, t->target, channel, &l, e);
        for (size_t g = 0; ok && g < p->order.groups; g++) {
            l.g = past_group(p, g);
            read_levels(&l);
            put_group(t, &l, ids, out);
        }
        levels_done(&l);
    }
    mem_free(ids);
    return ok;
}

static bool plain_make(Job *job, const HorizonTask *t, Plain *out, Error *e)
{
    size_t cells = (t->data->rows + 1) * t->target->outputs_count;
    Past *p = order_of(job, t->history, t->before, t->target, t->roles);
    *out = (Plain){0};
    if (!p)
        return true;
    out->last = mem_try_alloc(cells, sizeof *out->last, e);
    out->seasonal = mem_try_alloc(cells, sizeof *out->seasonal, e);
    bool ok = out->last && out->seasonal;
    for (size_t i = 0; ok && i < cells; i++)
        out->last[i] = out->seasonal[i] = (double)NAN;
    ok = ok && plain_fill(t, p, out, e);
    past_unref(p);
    return ok;
}

typedef struct PlainForecast {
    const char *name;
    const double *predicted; /* outputs * rows; NULL: it has no forecast */
} PlainForecast;

/* Figures of a forecast on the rows that it has one for. Nothing on none. */
static bool set_plain(const HorizonTask *t, Value *one, const PlainForecast *b, size_t output, Error *e)
{
    const double *predicted = b->predicted;
    const TargetOutput *o = &t->target->outputs[output];
    size_t rows = 0;
    double *values = target_actual(t->target, output, t->data->values, t->data->rows);
    double *kept = mem_alloc((t->data->rows + 1) * sizeof *kept);
    for (size_t i = 0; predicted && i < t->data->rows; i++)
        if (isfinite(predicted[o->number * t->data->rows + i])) {
            values[rows] = values[i];
            kept[rows++] = predicted[o->number * t->data->rows + i];
        }
    MetricInput in = {.rows = rows, .positive = -1, .values = values, .predicted = kept, .scale = o->sd, .naive = o->naive};
    Value *map = rows ? metrics_compute(&in, e) : NULL;
    if (map)
        value_set(one, b->name, map);
    mem_free(values);
    mem_free(kept);
    return map || !rows;
}

static const Metric *plain_metric(void)
{
    size_t i = 0;
    while (!metric_at(i)->is_by_output)
        i++;
    return metric_at(i);
}

/* Of the first row ahead and the last: false where it has no forecast. */
static bool add_span(const HorizonTask *t, const PlainForecast *b, Text *out)
{
    const Metric *m = plain_metric();
    size_t outputs[] = {0, t->target->outputs_count - 1};
    Value *both = value_map();
    Error ignored = {0};
    char figure[METRIC_TITLE_ROOM];
    bool ok = b->predicted != NULL;
    for (size_t i = 0; ok && i < 2; i++) {
        ok = set_plain(t, both, b, outputs[i], &ignored) && value_get(both, b->name);
        double x = ok ? value_get_real(value_get(both, b->name), m->spec.name, (double)NAN) : (double)NAN;
        ok = ok && isfinite(x);
        if (ok)
            text_addf(out, i ? ", %s" : " %s", metric_format(m, x, figure));
        value_remove(both, b->name);
    }
    value_free(both);
    return ok;
}

void horizon_note(Job *job, const Pipeline *p, Prepared *d)
{
    Roles roles = pipeline_roles(p);
    HorizonTask t = {&d->target, &d->data[PART_VALID], NULL, d->structural, d->before, &roles};
    Plain plain = {0};
    Error ignored = {0};
    Text last = {0}, seasonal = {0}, note = {0};
    bool told = roles.time && t.target->horizon && t.data->rows && plain_make(job, &t, &plain, &ignored) &&
                add_span(&t, &(PlainForecast){"last", plain.last}, &last);
    if (told && add_span(&t, &(PlainForecast){"seasonal", plain.seasonal}, &seasonal))
        text_addf(&note, "; the value %lld rows before%s", (long long)t.target->season, text_get(&seasonal));
    if (told)
        parts_note(&d->notes, text_format("1 and %lld rows ahead the row's own value taken as the forecast has on valid %s%s%s: a model "
                                          "must be better",
                                          (long long)t.target->horizon, plain_metric()->title, text_get(&last), text_get(&note)));
    text_done(&last);
    text_done(&seasonal);
    text_done(&note);
    mem_free(plain.last);
    mem_free(plain.seasonal);
}

static const char *key_of(const TargetInfo *target)
{
    return target->horizon ? "by_horizon" : "by_output";
}

/* Of a quantile: the share of the rows whose value lies below it. */
static void add_quantile(const HorizonTask *t, size_t k, Value *one)
{
    size_t below = 0, numbers = target_numbers(t->target);
    const TargetOutput *o = &t->target->outputs[k];
    for (size_t i = 0; i < t->data->rows; i++)
        below += t->data->values[i * numbers + o->number] < t->outputs[i * t->target->outputs_count + k];
    value_set(one, "quantile", value_real(o->quantile));
    value_set(one, "below", value_real(t->data->rows ? (double)below / (double)t->data->rows : (double)NAN));
}

static Value *output_figures(const HorizonTask *t, size_t k, const Plain *plain, Error *e)
{
    size_t channels = t->target->horizon ? target_numbers(t->target) / (size_t)t->target->horizon : 1;
    Value *one = metrics_of_output(t->target, k, t->data, t->outputs, e);
    if (!one)
        return NULL;
    value_set(one, "output", value_text(t->target->outputs[k].name));
    if (t->target->outputs[k].quantile > 0)
        add_quantile(t, k, one);
    if (t->target->horizon)
        value_set(one, "ahead", value_int((int64_t)(t->target->outputs[k].number / channels + 1)));
    const PlainForecast b[] = {{"last", plain->last}, {"seasonal", plain->seasonal}};
    for (size_t i = 0; one && i < sizeof b / sizeof *b; i++)
        if (!set_plain(t, one, &b[i], k, e)) {
            value_free(one);
            one = NULL;
        }
    return one;
}

static Value *horizon_figures(Job *job, const HorizonTask *t, Error *e)
{
    Plain plain;
    Value *list = plain_make(job, t, &plain, e) ? value_list() : NULL;
    for (size_t k = 0; list && k < t->target->outputs_count; k++) {
        Value *one = output_figures(t, k, &plain, e);
        if (one) {
            value_add(list, one);
            continue;
        }
        value_free(list);
        list = NULL;
    }
    mem_free(plain.last);
    mem_free(plain.seasonal);
    return list;
}

bool horizon_add(Job *job, const HorizonTask *t, Value *metrics, Error *e)
{
    Value *figures = t->target->outputs_count > 1 ? horizon_figures(job, t, e) : NULL;
    if (figures)
        value_set(metrics, key_of(t->target), figures);
    if (figures && t->target->season)
        value_set(metrics, "season", value_int(t->target->season));
    return figures || t->target->outputs_count < 2;
}

static void add_cell(const Value *figures, const Metric *m, Text *out)
{
    char number[METRIC_TITLE_ROOM];
    double x = figures ? value_get_real(figures, m->spec.name, (double)NAN) : (double)NAN;
    text_addf(out, "  %10s", isfinite(x) ? metric_format(m, x, number) : "-");
}

/* figures NULL: the head. */
static void add_line(const TargetInfo *target, const Value *figures, Text *out)
{
    const Metric *first = plain_metric();
    text_add(out, "\n    ");
    figure_add_name(out, figures ? value_get_text(figures, "output", "") : target->horizon ? "by horizon" : "by output", NAME_CELLS);
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        if (!m->is_by_output)
            continue;
        if (figures)
            add_cell(figures, m, out);
        else
            text_addf(out, "  %10s", m->title);
    }
    if (target->outputs[0].quantile > 0 && !figures)
        text_addf(out, "  %10s", "below");
    if (target->outputs[0].quantile > 0 && figures)
        text_addf(out, "  %8.1f %%", 100 * value_get_real(figures, "below", (double)NAN));
    if (figures && target->horizon)
        add_cell(value_get(figures, "last"), first, out);
    if (figures && target->season)
        add_cell(value_get(figures, "seasonal"), first, out);
    if (!figures && target->horizon)
        text_addf(out, "    last %s", first->title);
    if (!figures && target->season)
        text_addf(out, "  %s of the value %lld rows before", first->title, (long long)target->season);
}

void horizon_print(const TargetInfo *target, const Value *metrics, Text *out)
{
    const Value *list = value_get(metrics, key_of(target));
    if (!list)
        return;
    add_line(target, NULL, out);
    for (size_t i = 0; i < value_items(list) && i < SHOWN; i++)
        add_line(target, list->items[i], out);
    if (value_items(list) > SHOWN)
        text_addf(out, "\n    and %zu more", value_items(list) - SHOWN);
}
