/* rolling: figures of the last rows of the same series. */
#include <math.h>

#include "base/number.h"
#include "steps/rolling.h"
#include "steps/series.h"

typedef struct Rolling {
    TextList columns, functions, by;
    int64_t length, least;
    double p;
    bool present;
    char *time;
} Rolling;

static const Field params[] = {
    {COLUMNS_FIELD(Rolling, columns), .doc = "numbers to look at", .positional = true},
    {INT_FIELD(Rolling, length), .doc = "rows of the window", .min = 1, .max = 1e9, .soft_min = 2, .soft_max = 1000},
    {TEXTS_FIELD(Rolling, functions), .doc = "what is made of the window, for each a column", .def = "mean", .choices = rolling_functions,
     .unique = true},
    {REAL_FIELD(Rolling, p), .doc = "which quantile", .def = "0.9", .max = 1},
    {FLAG_FIELD(Rolling, present), .doc = "the window ends with the row itself, else with the one before it", .def = "true"},
    {INT_FIELD(Rolling, least), .doc = "values that a window must hold; 0: as many as its rows", .def = "0", .max = 1e9},
    PAST_FIELDS(Rolling),
    {0},
};

static int64_t least_of(const Rolling *p)
{
    return p->least > 0 && p->least < p->length ? p->least : p->length;
}

/* y_mean24, y_q0.9_24; of a window without its row y_mean24before. */
static char *name_of(const Rolling *p, const char *column, const char *function)
{
    char digits[NUMBER_ROOM];
    const char *end = p->present ? "" : "before";
    if (!text_equal(function, "quantile"))
        return text_format("%s_%s%lld%s", column, function, (long long)p->length, end);
    return text_format("%s_q%s_%lld%s", column, number_format_real(p->p, digits), (long long)p->length, end);
}

static void roll(const void *how, const double *x, double *out, size_t count, double *room)
{
    const RollingWindow *w = how;
    rolling_run(w, x, out, count, room);
    for (size_t i = count; !w->has_present && i > 0; i--)
        out[i - 1] = i > 1 ? out[i - 2] : (double)NAN;
}

typedef struct Making {
    Job *job;
    const StepInput *in;
    const Past *past;
    RollingWindow window;
} Making;

static bool add_columns(Making *m, const Column *c, const char *column, Table **out, Error *e)
{
    const Rolling *p = m->in->params;
    for (size_t i = 0; i < p->functions.count; i++) {
        m->window.function = rolling_function(p->functions.items[i]);
        PastMap map = {.work = roll, .how = &m->window, .rooms = ROLLING_ROOMS};
        Column *made = past_map(m->job, m->past, c, &map, e);
        char *name = name_of(p, column, p->functions.items[i]);
        bool ok = made && tools_add(out, name, made, e);
        mem_free(name);
        if (!ok)
            return false;
    }
    char *what = text_format("rolling %lld of %s", (long long)p->length, column);
    past_mark_short(m->in, m->past, (size_t)(least_of(p) - p->present), what);
    mem_free(what);
    return true;
}

static bool rolling_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Rolling *p = in->params;
    TextList names = {0};
    bool ok = p->functions.count || error_set(e, ERROR_USAGE, "functions: none is given");
    ok = ok && series_numbers(in, &p->columns, &names, e);
    Past *past = ok && names.count ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    Making m = {job, in, past, {.length = (size_t)p->length, .least = (size_t)least_of(p), .p = p->p, .has_present = p->present}};
    *out = table_ref(in->rows);
    ok = ok && (past || !names.count);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = (!p->present || series_check_present(in, names.items[i], "present = false looks at earlier rows only", e)) &&
             add_columns(&m, table_column(in->rows, names.items[i]), names.items[i], out, e);
    past_unref(past);
    text_list_done(&names);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"length\": 2, \"time\": \"t\"}", "t,y\n1,1\n3,6\n2,2\n", "t,y,y_mean2\n1,1,\n3,6,4\n2,2,1.5\n"},
    {"{\"columns\": [\"y\"], \"length\": 2, \"functions\": [\"sum\", \"max\"], \"least\": 1, \"time\": \"t\", \"by\": [\"g\"]}",
     "g,t,y\na,1,1\nb,1,9\na,2,\na,3,4\n", "g,t,y,y_sum2,y_max2\na,1,1,1,1\nb,1,9,9,9\na,2,,1,1\na,3,4,4,4\n"},
    {"{\"columns\": [\"y\"], \"length\": 3, \"functions\": [\"median\", \"sd\", \"quantile\"], \"present\": false, \"time\": \"t\", "
     "\"by\": [\"g\"]}",
     "g,t,y\na,1,1\na,2,2\na,3,6\na,4,0\n",
     "g,t,y,y_median3before,y_sd3before,y_q0.9_3before\na,1,1,,,\na,2,2,,,\na,3,6,,,\na,4,0,2,2.6457513110645907,5.2\n"},
    {"{\"columns\": [\"t\"], \"length\": 2, \"functions\": [\"mode\"], \"time\": \"t\"}", "t\n1\n", "error: mode"},
};

static const char *const notes[] = {
    "sd divides by one less than the values, so it needs two. A missing cell is passed over; with fewer values than least the result is "
    "missing. A row with fewer rows before it than least asks for is not learned from and gets no prediction.",
    "A target of the row itself is not known when it is predicted: make features of it with present = false.", NULL};

const Step step_rolling = {
    .spec = {.name = "rolling",
             .doc = "mean, spread, least, greatest ... of the last rows of a series",
             .group = "series",
             .params = params,
             .params_size = sizeof(Rolling),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = rolling_apply,
};
