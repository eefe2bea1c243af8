/* quantile_transform: replace numbers by their rank among the training rows, spread evenly or as a normal distribution. */
#include <float.h>
#include <math.h>

#include "num/normal.h"
#include "steps/tools.h"

enum { TO_UNIFORM, TO_NORMAL };
enum { AT_LIMITS, IN_MIDDLE };

typedef struct QuantileTransform {
    TextList columns;
    int output;
    int64_t quantiles;
    int ends;
} QuantileTransform;

typedef struct Ranked {
    TextList columns;
    Value *quantiles;
} Ranked;

static const char *const outputs[] = {"uniform", "normal", NULL};
static const char *const ends[] = {"limits", "middle", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(QuantileTransform, columns), .doc = "columns to transform", .def = "numeric", .positional = true},
    {CHOICE_FIELD(QuantileTransform, output), .doc = "0 to 1 evenly, or as a standard normal distribution", .def = "uniform",
     .choices = outputs},
    {INT_FIELD(QuantileTransform, quantiles), .doc = "most quantiles that are learned of a column", .def = "1000", .min = 2, .max = 100000,
     .soft_min = 10, .soft_max = 1000, .scale = SCALE_LOG},
    {CHOICE_FIELD(QuantileTransform, ends), .doc = "of many equal smallest or largest: 0 or 1, or the middle of their ranks",
     .def = "limits", .choices = ends, .is_sparse = true},
    {0},
};

static const Field quantile_list = {.name = "quantiles", .type = FIELD_NUMBERS, .min = -DBL_MAX, .max = DBL_MAX};
static const Field learns[] = {
    {COLUMNS_FIELD(Ranked, columns), .doc = "columns found that hold a value", .unique = true},
    {VALUE_FIELD(Ranked, quantiles), .doc = "quantiles of each, evenly spaced from the smallest to the largest value",
     .element = &quantile_list, .length_of = "columns"},
    {0},
};

static bool learn(const StepInput *in, const char *name, Ranked *s, Error *e)
{
    const QuantileTransform *p = in->params;
    size_t count;
    double *sorted = tools_sorted(table_column(in->rows, name), &count, e);
    if (!sorted)
        return false;
    if (count == 0 || moments_is_constant(sorted[0], sorted[count - 1]))
        tools_note_flat(in, name, count > 0);
    size_t most = (size_t)p->quantiles < count ? (size_t)p->quantiles : count;
    Value *list = value_list();
    for (size_t i = 0; i < most; i++)
        value_add(list, value_real(tools_quantile(sorted, count, most > 1 ? (double)i / (double)(most - 1) : 0)));
    mem_free(sorted);
    if (most == 0) {
        value_free(list);
        return true;
    }
    text_list_add(&s->columns, name);
    value_add(s->quantiles, list);
    return true;
}

static bool quantile_transform_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    Ranked *s = state;
    TextList names = {0};
    s->quantiles = value_list();
    bool ok = tools_resolve(in, &((const QuantileTransform *)in->params)->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++)
        ok = job_go_on(job, e) && learn(in, names.items[i], s, e);
    text_list_done(&names);
    return ok;
}

typedef struct Quantiles {
    double *items;
    size_t count;
    bool normal, middle; /* as the settings ask */
} Quantiles;

static bool quantiles_open(const Value *list, Quantiles *out, Error *e)
{
    out->count = list->size;
    out->items = mem_try_alloc(list->size + 1, sizeof *out->items, e);
    for (size_t i = 0; out->items && i < list->size; i++)
        out->items[i] = value_number(list->items[i]);
    return out->items != NULL;
}

/* How many are below x; with equal ones: or the same. */
static size_t count_below(const Quantiles *q, double x, bool equal)
{
    size_t low = 0, high = q->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        bool below = q->items[middle] < x || (equal && q->items[middle] == x);
        if (below)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where many quantiles are the same, the middle of their ranks; between two, in proportion. */
static double rank_of(const Quantiles *q, double x)
{
    size_t below = count_below(q, x, false), not_above = count_below(q, x, true), last = q->count - 1;
    if (q->count < 2 || moments_is_constant(q->items[0], q->items[last]))
        return 0;
    if (not_above == 0 || (x == q->items[0] && !q->middle))
        return 0;
    if (below > last || (x == q->items[last] && !q->middle))
        return 1;
    if (not_above > below)
        return ((double)below + (double)(not_above - 1)) / 2 / (double)last;
    double low = q->items[below - 1], high = q->items[below];
    return ((double)(below - 1) + (x - low) / (high - low)) / (double)last;
}

/* The ends of the ranks are no ends of a normal distribution: they go where the most extreme ten-millionth begins. */
static double normal_of(double rank)
{
    const double edge = 1e-7;
    return normal_quantile(fmin(1 - edge, fmax(edge, rank)));
}

static Column *transform(const Column *c, const Quantiles *q, Error *e)
{
    Column *to = column_new(COLUMN_REAL, c->rows, e);
    bool flat = q->count < 2 || moments_is_constant(q->items[0], q->items[q->count - 1]), ok = to != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        double x = column_is_valid(c, i) ? column_real(c, i) : (double)NAN;
        if (isnan(x))
            ok = column_set_missing(to, i, e);
        else
            to->data.reals[i] = flat ? 0 : q->normal ? normal_of(rank_of(q, x)) : rank_of(q, x);
    }
    if (ok)
        return to;
    column_unref(to);
    return NULL;
}

static bool quantile_transform_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Ranked *s = state;
    const QuantileTransform *p = in->params;
    *out = table_ref(in->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        Quantiles q = {.normal = p->output == TO_NORMAL, .middle = p->ends == IN_MIDDLE};
        const Column *c = job_go_on(job, e) ? tools_numeric(in->rows, s->columns.items[i], e) : NULL;
        Column *ranked = c && quantiles_open(s->quantiles->items[i], &q, e) ? transform(c, &q, e) : NULL;
        mem_free(q.items);
        if (!tools_put(out, s->columns.items[i], ranked, e))
            return false;
    }
    return true;
}

static const Example examples[] = {
    {"{}", "x,t\n1,a\n2,b\n100,c\n,d\n", "x,t\n0,a\n0.5,b\n1,c\n,d\n"},
    {"{\"columns\": [\"x\"]}", "x\n5\n5\n5\n9\n1\n", "x\n0.5\n0.5\n0.5\n1\n0\n"},
    {"{\"columns\": [\"x\"], \"output\": \"normal\", \"quantiles\": 3}", "x,y\n2,1\n2,2\n", "x,y\n0,1\n0,2\n"},
    {"{\"columns\": [\"x\"], \"ends\": \"middle\"}", "x\n0\n0\n0\n1\n2\n", "x\n0.25\n0.25\n0.25\n0.75\n1\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: not a number"},
};

static const char *const notes[] = {
    "Between two quantiles ranks go in proportion; equal values get the middle of their ranks; later values beyond the training range get "
    "0 "
    "or 1, or about -5.2 or 5.2 of a normal distribution.",
    "Outliers lose their distance: what is far away and what is just beyond become neighbors. Missing stays missing.", NULL};

const Step step_quantile_transform = {
    .spec = {.name = "quantile_transform",
             .doc = "replace numbers by their rank, spread evenly or as a normal",
             .group = "scale",
             .params = params,
             .params_size = sizeof(QuantileTransform),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Ranked),
    .effect = STEP_MAP,
    .fit = quantile_transform_fit,
    .apply = quantile_transform_apply,
};
