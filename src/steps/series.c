/* Shifted columns: the row that stands so many rows or so much time before or behind another one of its series. */
#include "steps/series.h"

#include <math.h>

#include "base/number.h"
#include "steps/unready.h"
#include "table/calendar.h"

const char *const series_units[] = {"rows", "seconds", "minutes", "hours", "days", "weeks", NULL};

bool series_unit_size(int unit, const Past *p, int64_t *size, Error *e)
{
    static const int64_t seconds[] = {0, 1, 60, 3600, 86400, 604800};
    bool is_date = p->time->type == COLUMN_DATE;
    if (p->time->type != COLUMN_TIME && !(is_date && unit >= SERIES_DAYS))
        return error_set(e, ERROR_USAGE, "unit = \"%s\": the order is %s, which counts %s", series_units[unit],
                         column_type_name(p->time->type), is_date ? "days and weeks" : "no time; leave unit out");
    *size = is_date ? seconds[unit] / 86400 : seconds[unit] * 1000000;
    return true;
}

const char *const series_grids[] = {"plain", "seconds", "minutes", "hours", "days", "weeks", NULL};

bool series_grid(int64_t every, int unit, const Past *p, int64_t *distance, Error *e)
{
    int64_t size = 1;
    if (unit == SERIES_ROWS && p->time->type == COLUMN_TIME)
        return error_set(e, ERROR_USAGE, "the order is a time; say what \"every\" counts: unit = \"hours\" and the like");
    if (unit != SERIES_ROWS && !series_unit_size(unit, p, &size, e))
        return false;
    return !__builtin_mul_overflow(every, size, distance) || error_set(e, ERROR_USAGE, "every: more than can be counted");
}

char *series_name(const char *column, const char *word, double number, int unit)
{
    char digits[NUMBER_ROOM];
    return text_format("%s_%s%s%s", column, word, number_format_real(number, digits), unit == SERIES_ROWS ? "" : series_units[unit]);
}

typedef struct Shifting {
    const SeriesShift *shift;
    int64_t distance; /* rows, or time in units of the column */
    size_t *rows;
} Shifting;

static void shift_by_rows(void *self, const Past *p, size_t group)
{
    const Shifting *s = self;
    PastGroup g = past_group(p, group);
    size_t far = (size_t)s->distance;
    for (size_t i = 0; i < g.count; i++) {
        bool is_there = s->shift->is_ahead ? far < g.count - i : far <= i;
        s->rows[g.rows[i]] = !is_there ? SIZE_MAX : g.rows[s->shift->is_ahead ? i + far : i - far];
    }
}

/* Both are in order of time, so the wanted row only moves on. */
static void shift_by_time(void *self, const Past *p, size_t group)
{
    const Shifting *s = self;
    PastGroup g = past_group(p, group);
    const int64_t *times = p->time->data.ints;
    size_t at = 0;
    for (size_t i = 0; i < g.count; i++) {
        int64_t wanted;
        bool fits = s->shift->is_ahead ? !__builtin_add_overflow(times[g.rows[i]], s->distance, &wanted)
                                       : !__builtin_sub_overflow(times[g.rows[i]], s->distance, &wanted);
        while (fits && at < g.count && times[g.rows[at]] < wanted)
            at++;
        s->rows[g.rows[i]] = fits && at < g.count && times[g.rows[at]] == wanted ? g.rows[at] : SIZE_MAX;
    }
}

static bool find_distance(const Past *p, const SeriesShift *shift, int64_t steps, int64_t *distance, Error *e)
{
    int64_t size = 1;
    if (shift->unit != SERIES_ROWS && !series_unit_size(shift->unit, p, &size, e))
        return false;
    if (!__builtin_mul_overflow(steps, shift->period, distance) && !__builtin_mul_overflow(*distance, size, distance))
        return true;
    return error_set(e, ERROR_USAGE, "%lld steps are more than can be counted", (long long)steps);
}

bool series_rows(Job *job, const Past *p, const SeriesShift *shift, int64_t steps, size_t *rows, Error *e)
{
    Shifting s = {.shift = shift, .rows = rows};
    if (!find_distance(p, shift, steps, &s.distance, e))
        return false;
    for (size_t i = 0; i < p->order.rows; i++)
        rows[i] = SIZE_MAX;
    return past_visit(job, p, shift->unit == SERIES_ROWS ? shift_by_rows : shift_by_time, &s, e);
}

void series_mark_short(const StepInput *in, const Past *p, const SeriesShift *shift, int64_t steps, const char *what)
{
    int64_t distance, size = 1;
    if (shift->unit == SERIES_ROWS) {
        past_mark_short(in, p, (size_t)(steps * shift->period), what);
        return;
    }
    if (!find_distance(p, shift, steps, &distance, NULL) || !series_unit_size(shift->unit, p, &size, NULL))
        return;
    for (size_t group = 0; (in->reasons || in->unready) && group < p->order.groups; group++) {
        PastGroup g = past_group(p, group);
        for (size_t i = 0; i < g.count; i++) {
            double past = (double)p->time->data.ints[g.rows[i]] - (double)p->time->data.ints[g.rows[0]];
            if (past >= (double)distance)
                break;
            tools_unready(in, g.rows[i], "%s: %.3g %s of past, %lld needed", what, past / (double)size, series_units[shift->unit],
                          (long long)(distance / size));
        }
    }
}

Column *series_pick(const Column *c, const size_t *rows, Error *e)
{
    size_t *at = mem_try_alloc(c->rows + 1, sizeof *at, e);
    for (size_t i = 0; at && i < c->rows; i++)
        at[i] = rows[i] == SIZE_MAX ? i : rows[i];
    Column *made = at ? column_select(c, at, c->rows, e) : NULL;
    bool ok = made != NULL;
    for (size_t i = 0; ok && i < c->rows; i++)
        ok = rows[i] != SIZE_MAX || column_set_missing(made, i, e);
    mem_free(at);
    if (ok)
        return made;
    column_unref(made);
    return NULL;
}

typedef struct ShiftTask {
    Job *job;
    const StepInput *in;
    const SeriesShift *shift;
    const Past *past;
    const int *columns;
    size_t columns_count;
} ShiftTask;

static bool shift_columns(const ShiftTask *t, int64_t steps, const size_t *rows, Table **out, Error *e)
{
    const SeriesShift *s = t->shift;
    int64_t whole = steps * s->period;
    for (size_t i = 0; i < t->columns_count; i++) {
        const Table *from = t->in->rows;
        const char *column = from->names[t->columns[i]];
        char *name = s->into ? mem_strdup(s->into) : series_name(column, s->word, (double)whole, s->unit);
        char *what = text_format("%s %lld%s%s of %s", s->word, (long long)whole, s->unit == SERIES_ROWS ? "" : " ",
                                 s->unit == SERIES_ROWS ? "" : series_units[s->unit], column);
        if (!s->is_ahead)
            series_mark_short(t->in, t->past, s, steps, what);
        bool ok = job_go_on(t->job, e) && tools_add(out, name, series_pick(from->columns[t->columns[i]], rows, e), e);
        mem_free(name);
        mem_free(what);
        if (!ok)
            return false;
    }
    return true;
}

bool series_check_present(const StepInput *in, const char *column, const char *instead, Error *e)
{
    return !tools_is_target(in, column) ||
           error_set(e, ERROR_USAGE, "%s is the target, which is not known of the row itself when it is predicted; %s", column, instead);
}

bool series_numbers(const StepInput *in, const TextList *selectors, TextList *names, Error *e)
{
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(in, selectors, &columns, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        const Column *c = in->rows->columns[columns[i]];
        text_list_add(names, in->rows->names[columns[i]]);
        ok = column_is_numeric(c) || c->missing == c->rows ||
             error_set(e, ERROR_USAGE, "%s is %s, not a number", in->rows->names[columns[i]], column_type_name(c->type));
    }
    mem_free(columns);
    return ok;
}

bool series_check_steps(const NumberList *steps, Error *e)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i] != floor(steps->items[i]))
            return error_set(e, ERROR_USAGE, "steps: %g is no whole number", steps->items[i]);
    return steps->count || error_set(e, ERROR_USAGE, "steps: none is given");
}

static bool check_shift(const ShiftTask *t, Error *e)
{
    const SeriesShift *s = t->shift;
    if (s->into && (s->steps->count != 1 || t->columns_count > 1))
        return error_set(e, ERROR_USAGE, "\"into\" names one column, and %zu are made", s->steps->count * t->columns_count);
    return series_check_steps(s->steps, e);
}

static bool shift_all(const ShiftTask *t, Table **out, Error *e)
{
    size_t *rows = mem_try_alloc(t->in->rows->rows + 1, sizeof *rows, e);
    bool ok = rows && check_shift(t, e);
    for (size_t i = 0; ok && i < t->shift->steps->count; i++) {
        int64_t steps = (int64_t)t->shift->steps->items[i];
        ok = series_rows(t->job, t->past, t->shift, steps, rows, e) && shift_columns(t, steps, rows, out, e);
    }
    mem_free(rows);
    return ok;
}

bool series_shift(Job *job, const StepInput *in, const PastAsk *ask, const SeriesShift *shift, Table **out, Error *e)
{
    ShiftTask t = {.job = job, .in = in, .shift = shift};
    int *columns = NULL;
    *out = table_ref(in->rows);
    bool ok = tools_select(in, shift->columns, &columns, &t.columns_count, e);
    Past *past = ok && t.columns_count ? past_get(job, in, ask, e) : NULL;
    t.columns = columns;
    t.past = past;
    ok = ok && (!t.columns_count || (past && shift_all(&t, out, e)));
    past_unref(past);
    mem_free(columns);
    return ok;
}
