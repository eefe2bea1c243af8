/* The numbers that a net gives for a target: one, or those of an array; how they are scaled, and how much each changes from row to row in
 * time, which is the error of the last value as a forecast. */
#include <math.h>

#include "base/moments.h"
#include "learn/horizon.h"
#include "steps/past.h"

void target_info_outputs(const Column *c, TargetInfo *out)
{
    bool has_names = c->type == COLUMN_ARRAY && c->dictionary && dictionary_count(c->dictionary) == c->width;
    out->outputs_count = c->width;
    out->outputs = mem_alloc(c->width * sizeof *out->outputs);
    for (size_t k = 0; k < c->width; k++) {
        out->outputs[k] = (TargetOutput){.sd = 1, .number = k};
        out->outputs[k].name = has_names                 ? mem_strdup(dictionary_get(c->dictionary, (uint32_t)k, NULL))
                               : c->type != COLUMN_ARRAY ? mem_strdup(out->name)
                                                         : text_format("%s_%zu", out->name, k + 1);
    }
}

double target_number(const Column *c, size_t row, size_t number)
{
    if (c->type != COLUMN_ARRAY)
        return column_real(c, row);
    return column_is_valid(c, row) ? (double)c->data.array[row * c->width + number] : (double)NAN;
}

void target_info_scale(const Column *train, TargetInfo *out)
{
    double *values = mem_alloc((train->rows + 1) * sizeof *values);
    for (size_t k = 0; k < out->outputs_count; k++) {
        for (size_t i = 0; i < train->rows; i++)
            values[i] = target_number(train, i, k);
        Moments m = moments_of(values, train->rows);
        out->outputs[k].mean = m.count ? m.mean : 0;
        out->outputs[k].sd = m.sd_sample > 0 ? m.sd_sample : 1;
    }
    mem_free(values);
}

double target_real(const TargetInfo *t, size_t output, float value)
{
    return (double)value * t->outputs[output].sd + t->outputs[output].mean;
}

static double *unscaled(const TargetInfo *t, size_t output, const float *first, size_t step, size_t rows)
{
    double *out = mem_try_alloc(rows + 1, sizeof *out, NULL);
    for (size_t i = 0; i < rows; i++)
        out[i] = target_real(t, output, first[i * step]);
    return out;
}

double *target_predicted(const TargetInfo *t, size_t output, const float *outputs, size_t rows)
{
    return unscaled(t, output, outputs + output, t->outputs_count, rows);
}

double *target_actual(const TargetInfo *t, size_t output, const float *values, size_t rows)
{
    return unscaled(t, output, values + t->outputs[output].number, target_numbers(t), rows);
}

size_t target_numbers(const TargetInfo *t)
{
    return t->outputs_count ? t->outputs[t->outputs_count - 1].number + 1 : 0;
}

/* Of two that are equally near the middle the first. */
bool target_is_point(const TargetInfo *t, size_t output)
{
    const TargetOutput *o = &t->outputs[output];
    for (size_t k = 0; k < t->outputs_count; k++) {
        double away = fabs(t->outputs[k].quantile - 0.5), own = fabs(o->quantile - 0.5);
        if (t->outputs[k].number == o->number && (away < own || (away == own && k < output)))
            return false;
    }
    return true;
}

void target_info_quantiles(TargetInfo *t, const NumberList *q)
{
    TargetOutput *all = mem_alloc(t->outputs_count * q->count * sizeof *all);
    for (size_t k = 0; k < t->outputs_count * q->count; k++) {
        all[k] = t->outputs[k / q->count];
        all[k].quantile = q->items[k % q->count];
        all[k].name = text_format("%s_q%g", all[k].name, 100 * all[k].quantile);
    }
    for (size_t k = 0; k < t->outputs_count; k++)
        mem_free(t->outputs[k].name);
    mem_free(t->outputs);
    t->outputs = all;
    t->outputs_count *= q->count;
}

void target_info_hold(TargetInfo *t, const Dataset *train)
{
    size_t numbers = target_numbers(t);
    for (size_t k = 0; k < t->outputs_count && train->rows; k++) {
        TargetOutput *o = &t->outputs[k];
        float low = train->values[o->number], high = low;
        for (size_t i = o->number; i < train->rows * numbers; i += numbers) {
            low = fminf(low, train->values[i]);
            high = fmaxf(high, train->values[i]);
        }
        o->is_held = true;
        o->low = target_real(t, k, low);
        o->high = target_real(t, k, high);
    }
}

void target_spread(const TargetInfo *t, const float *numbers, size_t rows, float *values)
{
    size_t count = target_numbers(t);
    for (size_t r = 0; r < rows; r++)
        for (size_t k = 0; k < t->outputs_count; k++)
            values[r * t->outputs_count + k] = numbers[r * count + t->outputs[k].number];
}

static double change_of(const Past *p, const Column *c, size_t output)
{
    double sum = 0;
    size_t count = 0;
    for (size_t group = 0; group < p->order.groups; group++) {
        PastGroup g = past_group(p, group);
        for (size_t i = 1; i < g.count; i++) {
            double change = fabs(target_number(c, g.rows[i], output) - target_number(c, g.rows[i - 1], output));
            sum += isfinite(change) ? change : 0;
            count += isfinite(change) ? 1 : 0;
        }
    }
    return count ? sum / (double)count : 0;
}

/* A change from the row itself to the next one is the series' own. */
static double size_of(const Column *c, size_t output)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < c->rows; i++) {
        double x = fabs(target_number(c, i, output));
        sum += isfinite(x) ? x : 0;
        count += isfinite(x) ? 1 : 0;
    }
    return count ? sum / (double)count : 0;
}

bool target_info_order(Job *job, const Prepared *d, const Roles *roles, TargetInfo *out, Error *e)
{
    const Table *train = d->raw[PART_TRAIN];
    const StepUse *maker = horizon_maker(d->before, out->name);
    if (maker) {
        StepReach reach = maker->step->reach(maker->params, out->name);
        out->horizon = reach.steps;
        out->relative = reach.relative;
    }
    const Column *target = table_column(train, out->name), *time = roles->time ? table_column(train, roles->time) : NULL;
    bool has_series = !roles->key || roles->group || table_column(train, roles->key);
    size_t numbers = target_numbers(out), channels = out->horizon ? numbers / (size_t)out->horizon : numbers;
    if (!target || !time || !has_series)
        return true; /* a step has left out what orders the rows */
    StepInput in = {.rows = train, .roles = roles};
    PastAsk ask = step_use_ask(maker);
    ask.is_quiet = true;
    Past *p = past_get(job, &in, &ask, e);
    for (size_t k = 0; p && k < out->outputs_count; k++)
        out->outputs[k].naive = out->relative ? size_of(target, k % channels) : change_of(p, target, k % channels);
    past_unref(p);
    return p && horizon_find_season(job, d, roles, out, e);
}
