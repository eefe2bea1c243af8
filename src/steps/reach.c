/* The row at the end of the horizon, by the steps that look ahead. */
#include "steps/reach.h"

#include <string.h>

#include "steps/series.h"
#include "steps/unit.h"

typedef struct Reaching {
    const StepReach *reach;
    double distance; /* in units of the column of time; 0: rows are counted */
    size_t *rows;
} Reaching;

/* Where the horizon of a row ends; both move on in time. */
static size_t end_of(const Reaching *r, const Past *p, PastGroup g, size_t i, size_t from)
{
    size_t last = g.count - 1, at = from > i ? from : i;
    if (r->distance <= 0)
        return r->reach->steps < (int64_t)(last - i) ? i + (size_t)r->reach->steps : last;
    const int64_t *times = p->time->data.ints;
    while (at < last && (double)times[g.rows[at]] - (double)times[g.rows[i]] < r->distance)
        at++;
    return at;
}

static void reach_group(void *self, const Past *p, size_t group)
{
    const Reaching *r = self;
    PastGroup g = past_group(p, group);
    for (size_t i = 0, at = 0; i < g.count; i++) {
        at = end_of(r, p, g, i, at);
        size_t own = g.rows[i], end = g.rows[at];
        bool is_later = unit_time_between(p->time, r->rows[own], end) > 0;
        r->rows[own] = is_later ? end : r->rows[own];
    }
}

static void describe(const StepReach *reach, Text *out)
{
    if (out->size)
        text_add(out, ", ");
    if (reach->steps == INT64_MAX)
        text_add(out, "to the end of their series");
    else
        text_addf(out, "%lld %.*s ahead", (long long)reach->steps, (int)strlen(series_units[reach->unit]) - (reach->steps == 1),
                  series_units[reach->unit]);
}

static bool reach_step(Job *job, const Past *p, const StepReach *reach, size_t *rows, Error *e)
{
    int64_t size = 0;
    bool ok = reach->unit == SERIES_ROWS || series_unit_size(reach->unit, p, &size, e);
    Reaching r = {.reach = reach, .distance = (double)reach->steps * (double)size, .rows = rows};
    return ok && past_visit(job, p, reach_group, &r, e);
}

static bool begin(const Table *rows, TargetReach *out, Error *e)
{
    if (out->rows)
        return true;
    out->rows = mem_try_alloc(rows->rows + 1, sizeof *out->rows, e);
    for (size_t k = 0; out->rows && k < rows->rows; k++)
        out->rows[k] = k;
    return out->rows != NULL;
}

/* The order of the rows for a step that looks ahead so far; NULL: a later step has left out what orders them. */
static Past *order_for(Job *job, const StepUse *use, const StepInput *in)
{
    Error ignored = {0};
    PastAsk ask = step_use_ask(use);
    ask.is_quiet = true;
    return past_get(job, in, &ask, &ignored);
}

bool reach_find(Job *job, const Recipe *before, const Table *rows, const Roles *roles, TargetReach *out, Error *e)
{
    StepInput in = {.rows = rows, .roles = roles};
    Text text = {0};
    bool ok = true;
    *out = (TargetReach){0};
    for (size_t i = 0; ok && i < before->count; i++) {
        const StepUse *use = &before->uses[i];
        StepReach reach = !use->off && use->step->reach ? use->step->reach(use->params, NULL) : (StepReach){0};
        bool is_ahead = !use->off && (reach.steps || use->step->needs == NEEDS_AHEAD);
        Past *p = reach.steps ? order_for(job, use, &in) : NULL;
        if (p)
            describe(&reach, &text);
        else if (is_ahead && !out->unknown)
            out->unknown = mem_strdup(use->step->spec.name);
        ok = !p || (begin(rows, out, e) && reach_step(job, p, &reach, out->rows, e));
        past_unref(p);
    }
    out->text = text.size ? text_take(&text) : NULL;
    return ok;
}

void reach_done(TargetReach *r)
{
    mem_free(r->rows);
    mem_free(r->text);
    mem_free(r->unknown);
    *r = (TargetReach){0};
}
