/* ewm: a mean of all past rows of a series whose weights fade with age. */
#include <math.h>

#include "base/number.h"
#include "steps/series.h"

typedef struct Ewm {
    TextList columns, by;
    double span, alpha;
    bool present;
    int64_t least;
    char *time;
} Ewm;

static const Field params[] = {
    {COLUMNS_FIELD(Ewm, columns), .doc = "numbers to look at", .positional = true},
    {REAL_FIELD(Ewm, span), .doc = "about so many rows count; 0: alpha is given", .def = "0", .max = 1e9, .soft_min = 2, .soft_max = 1000},
    {REAL_FIELD(Ewm, alpha), .doc = "weight of the newest value, 2 / (span + 1); 0: span is given", .def = "0", .max = 1},
    {FLAG_FIELD(Ewm, present), .doc = "the row itself counts, else the last is the one before it", .def = "true"},
    {INT_FIELD(Ewm, least), .doc = "rows of past that are needed; 0: as many as the span", .def = "0", .max = 1e9},
    PAST_FIELDS(Ewm),
    {0},
};

typedef struct Fading {
    double keep; /* of the weight, from row to row */
    bool has_present;
} Fading;

/* As a weighted mean, so that the first rows are no special case: weights are 1, keep, keep^2 ... by age in rows, missing ones included. */
static void fade(const void *how, const double *x, double *out, size_t count, double *room)
{
    (void)room;
    const Fading *f = how;
    double mean = (double)NAN, weight = 0;
    for (size_t i = 0; i < count; i++) {
        if (!f->has_present)
            out[i] = mean;
        weight *= f->keep;
        if (!isnan(x[i])) {
            mean = weight > 0 ? mean + (x[i] - mean) / (weight + 1) : x[i];
            weight += 1;
        }
        if (f->has_present)
            out[i] = mean;
    }
}

static bool check(const Ewm *p, Error *e)
{
    if ((p->span > 0) == (p->alpha > 0))
        return error_set(e, ERROR_USAGE, "give span or alpha, one of them");
    return p->alpha > 0 || p->span >= 1 || error_set(e, ERROR_USAGE, "span is %g; it counts rows, so 1 at least", p->span);
}

static bool add_mean(Job *job, const StepInput *in, const Past *past, const char *column, Table **out, Error *e)
{
    const Ewm *p = in->params;
    double alpha = p->alpha > 0 ? p->alpha : 2 / (p->span + 1), span = p->alpha > 0 ? 2 / p->alpha - 1 : p->span;
    size_t least = p->least > 0 ? (size_t)p->least : (size_t)ceil(span < 1e9 ? span : 1e9);
    Fading fading = {1 - alpha, p->present};
    char digits[NUMBER_ROOM];
    const char *size = number_format_real(p->alpha > 0 ? p->alpha : p->span, digits);
    char *name = text_format("%s_ewm%s%s", column, size, p->present ? "" : "before"), *what = text_format("ewm %s of %s", size, column);
    Column *made = past_map(job, past, table_column(in->rows, column), &(PastMap){.work = fade, .how = &fading}, e);
    bool ok = made && tools_add(out, name, made, e);
    if (ok)
        past_mark_short(in, past, least - p->present, what);
    mem_free(name);
    mem_free(what);
    return ok;
}

static bool ewm_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Ewm *p = in->params;
    TextList names = {0};
    bool ok = check(p, e) && series_numbers(in, &p->columns, &names, e);
    Past *past = ok && names.count ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    *out = table_ref(in->rows);
    ok = ok && (past || !names.count);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = (!p->present || series_check_present(in, names.items[i], "present = false looks at earlier rows only", e)) &&
             add_mean(job, in, past, names.items[i], out, e);
    past_unref(past);
    text_list_done(&names);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"alpha\": 0.5, \"time\": \"t\"}", "t,y\n1,1\n2,4\n3,7\n",
     "t,y,y_ewm0.5\n1,1,1\n2,4,3\n3,7,5.285714285714286\n"},
    {"{\"columns\": [\"y\"], \"span\": 3, \"present\": false, \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,3,7\nb,1,5\na,1,1\na,2,4\n",
     "g,t,y,y_ewm3before\na,3,7,3\nb,1,5,\na,1,1,\na,2,4,1\n"},
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,1\n", "error: give span or alpha"},
};

static const char *const notes[] = {
    "The mean of all values so far, each weighted (1 - alpha) ^ age, ages in rows; the weights are divided by their sum. The further the "
    "past "
    "goes back, the more exact it is: rows with less past than least are not learned from and get no prediction.",
    "Give rows to predict some spans of past: what is older counts for little.", NULL};

const Step step_ewm = {
    .spec = {.name = "ewm",
             .doc = "mean of the past rows of a series, fading with age",
             .group = "series",
             .params = params,
             .params_size = sizeof(Ewm),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = ewm_apply,
};
