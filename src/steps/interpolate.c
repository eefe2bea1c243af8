/* interpolate: a missing number is read off the line between its neighbors in time. */
#include <math.h>

#include "steps/series.h"
#include "steps/unit.h"

typedef struct Interpolate {
    TextList columns, by;
    int64_t limit;
    char *time;
} Interpolate;

static const Field params[] = {
    {COLUMNS_FIELD(Interpolate, columns), .doc = "numbers to fill", .positional = true},
    {INT_FIELD(Interpolate, limit), .doc = "longest gap that is filled, in rows; 0: any", .def = "0", .max = 1e9},
    PAST_FIELDS(Interpolate),
    {0},
};

typedef struct Bridging {
    const Column *from;
    size_t limit;
    double *out; /* by row; what is missing and stays so is NAN */
} Bridging;

static void bridge(const Bridging *b, const Past *p, const uint32_t *rows, size_t gap)
{
    double x = column_real(b->from, rows[0]), y = column_real(b->from, rows[gap]), whole = unit_time_between(p->time, rows[0], rows[gap]);
    for (size_t i = 1; i < gap && (!b->limit || gap - 1 <= b->limit); i++)
        b->out[rows[i]] = x + (y - x) * (unit_time_between(p->time, rows[0], rows[i]) / whole);
}

static void bridge_group(void *self, const Past *p, size_t group)
{
    const Bridging *b = self;
    PastGroup g = past_group(p, group);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < g.count; i++) {
        if (!column_is_valid(b->from, g.rows[i]))
            continue;
        if (last != SIZE_MAX && i - last > 1)
            bridge(b, p, g.rows + last, i - last);
        last = i;
    }
}

static Column *bridged(Job *job, const Past *past, const Column *c, size_t limit, Error *e)
{
    Column *made = column_new(COLUMN_REAL, c->rows, e);
    bool ok = made != NULL;
    for (size_t i = 0; ok && i < c->rows; i++)
        made->data.reals[i] = column_real(c, i);
    ok = ok && past_visit(job, past, bridge_group, &(Bridging){c, limit, made->data.reals}, e);
    for (size_t i = 0; ok && i < c->rows; i++)
        ok = isfinite(made->data.reals[i]) || column_set_missing(made, i, e);
    if (ok)
        return made;
    column_unref(made);
    return NULL;
}

static bool interpolate_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Interpolate *p = in->params;
    TextList names = {0};
    bool ok = series_numbers(in, &p->columns, &names, e);
    Past *past = ok && names.count ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time, .is_quiet = true}, e) : NULL;
    *out = table_ref(in->rows);
    ok = ok && (past || !names.count);
    for (size_t i = 0; ok && i < names.count; i++) {
        const Column *c = table_column(in->rows, names.items[i]);
        ok = tools_put(out, names.items[i], bridged(job, past, c, (size_t)p->limit, e), e);
    }
    past_unref(past);
    text_list_done(&names);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,10\n2,\n5,22\n6,\n", "t,y\n1,10\n2,13\n5,22\n6,\n"},
    {"{\"columns\": [\"y\"], \"limit\": 1, \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,1,1\nb,2,7\na,3,2\na,2,\na,4,\na,5,\na,6,9\n",
     "g,t,y\na,1,1\nb,2,7\na,3,2\na,2,1.5\na,4,\na,5,\na,6,9\n"},
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,a\n", "error: y is text, not a number"},
};

static const char *const notes[] = {"The line goes to the next value, which is later than the cell: so a column that was interpolated is "
                                    "no feature, nor is what is made of "
                                    "it. It mends tables and targets. For features use forward_fill, which looks back only.",
                                    NULL};

const Step step_interpolate = {
    .spec = {.name = "interpolate",
             .doc = "fill missing numbers on the line between their neighbors in time",
             .group = "series",
             .params = params,
             .params_size = sizeof(Interpolate),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_AHEAD,
    .apply = interpolate_apply,
};
