/* The exponent is where the profile likelihood is greatest; with its mean and spread the result is standardized. */
#include "steps/power.h"

#include <float.h>
#include <math.h>

#include "base/number.h"
#include "num/minimize.h"

/* Beyond them a column is a step, not a curve. */
static const double lambda_least = -12, lambda_most = 12;

const Field power_params[] = {
    {COLUMNS_FIELD(Power, columns), .doc = "columns to transform", .def = "numeric, array", .positional = true},
    {FLAG_FIELD(Power, standardize), .doc = "also to mean 0 and standard deviation 1", .def = "true"},
    {0},
};

const Field power_learns[] = {
    {COLUMNS_FIELD(Powered, columns), .doc = "columns found; an array once for each channel"},
    {NUMBERS_FIELD(Powered, lambdas), .doc = "exponent of each", .min = -12, .max = 12, .length_of = "columns"},
    {NUMBERS_FIELD(Powered, means), .doc = "mean of each, transformed", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Powered, sds), .doc = "standard deviation of each, transformed; 0: constant", .max = DBL_MAX, .length_of = "columns"},
    {0},
};

typedef struct Likelihood {
    const PowerKind *kind;
    const double *values;
    double *transformed;
    size_t count;
    double log_slopes;
} Likelihood;

static Moments transform_all(const Likelihood *l, double lambda)
{
    for (size_t i = 0; i < l->count; i++)
        l->transformed[i] = l->kind->transform(l->values[i], lambda);
    Moments m = moments_of(l->transformed, l->count);
    if (m.count < l->count)
        m.sd = (double)NAN;
    return m;
}

/* Negative, but for constants. */
static double minus_log_likelihood(const void *self, double lambda)
{
    const Likelihood *l = self;
    return (double)l->count * log(transform_all(l, lambda).sd) - (lambda - 1) * l->log_slopes;
}

static bool learn(const StepInput *in, const PowerKind *kind, size_t i, Powered *s, Error *e)
{
    Likelihood l = {.kind = kind};
    const char *name = s->columns.items[i];
    Column *c = tools_channel(in, &s->columns, i, e);
    double *sorted = c ? tools_sorted(c, &l.count, e) : NULL;
    column_unref(c);
    l.values = sorted;
    l.transformed = sorted ? mem_try_alloc(l.count + 1, sizeof *l.transformed, e) : NULL;
    if (!l.transformed) {
        mem_free(sorted);
        return false;
    }
    bool varies = l.count > 0 && !moments_is_constant(sorted[0], sorted[l.count - 1]);
    for (size_t k = 0; k < l.count; k++)
        l.log_slopes += kind->log_slope(sorted[k]);
    double lambda = varies ? minimize(minus_log_likelihood, &l, lambda_least, lambda_most) : 1;
    Moments m = transform_all(&l, lambda);
    if (!varies)
        tools_note_flat(in, name, l.count > 0);
    tools_add_number(&s->lambdas, lambda);
    tools_add_number(&s->means, l.count ? m.mean : 0);
    tools_add_number(&s->sds, varies ? m.sd : 0);
    mem_free(l.transformed);
    mem_free(sorted);
    return isfinite(m.sd) || !varies || error_set(e, ERROR_FAILED, "%s spans too wide a range for a power; take log1p first", name);
}

bool power_fit(Job *job, const StepInput *in, const PowerKind *kind, Powered *s, Error *e)
{
    bool ok = tools_resolve_channels(in, &((const Power *)in->params)->columns, &s->columns, e);
    for (size_t i = 0; ok && i < s->columns.count; i++)
        ok = job_go_on(job, e) && (!kind->domain || tools_check_domain(in, s->columns.items[i], kind->domain, e)) &&
             learn(in, kind, i, s, e);
    return ok;
}

static double standardize(double x, double mean, double sd)
{
    return sd > 0 ? (x - mean) / sd : 0;
}

typedef struct Bending {
    const PowerKind *kind;
    const Powered *s;
    bool is_scaled;
} Bending;

static double bend(const void *self, size_t entry, double x)
{
    const Bending *b = self;
    if (b->kind->domain && !b->kind->domain->takes(x))
        return (double)NAN;
    double y = b->kind->transform(x, b->s->lambdas.items[entry]);
    return b->is_scaled && isfinite(y) ? standardize(y, b->s->means.items[entry], b->s->sds.items[entry]) : y;
}

bool power_apply(Job *job, const StepInput *in, const PowerKind *kind, const Powered *s, Table **out, Error *e)
{
    Bending b = {kind, s, ((const Power *)in->params)->standardize};
    return tools_bend(job, in, &(ToolsBend){&s->columns, bend, &b, kind->domain}, out, e);
}

void power_describe(const void *params, const void *state, Text *out)
{
    const Powered *s = state;
    char lambda[NUMBER_ROOM];
    tools_list(s ? &s->columns : &((const Power *)params)->columns, out);
    if (s && s->columns.count == 1)
        text_addf(out, "  lambda %s", number_format_fixed(s->lambdas.items[0], 2, lambda));
}
