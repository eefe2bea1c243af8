/* mixup: new training rows between two of one class; of a number to predict between any two, with the target between theirs. H. Zhang
 * and others, "mixup: Beyond Empirical Risk Minimization" (2018); within a class, so that a row keeps one label. */
#include "steps/sampling.h"

#include <math.h>

typedef struct Mixup {
    double share, alpha;
} Mixup;

static const Field params[] = {
    {REAL_FIELD(Mixup, share), .doc = "new rows, for each training row", .def = "0.5", .min = 0.001, .max = 100, .soft_min = 0.1,
     .soft_max = 2, .positional = true},
    {REAL_FIELD(Mixup, alpha), .doc = "of the beta distribution of the part: small stays near one row", .def = "0.4", .min = 0.001,
     .max = 100, .soft_min = 0.1, .soft_max = 2, .scale = SCALE_LOG},
    {0},
};

/* G. Marsaglia and W. Tsang, "A Simple Method for Generating Gamma Variables" (2000). */
static double draw_gamma(Rng *random, double a)
{
    double boost = 1;
    if (a < 1) {
        boost = pow(rng_uniform(random) + 1e-300, 1 / a);
        a += 1;
    }
    double d = a - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(random), v = 1 + c * x, u = rng_uniform(random);
        v = v * v * v;
        if (v > 0 && log(u + 1e-300) < 0.5 * x * x + d - d * v + d * log(v))
            return boost * d * v;
    }
}

static double draw_part(Rng *random, double alpha)
{
    double a = draw_gamma(random, alpha), b = draw_gamma(random, alpha);
    return a + b > 0 ? a / (a + b) : 0.5;
}

/* Classes: a partner of the same one. */
static size_t draw_partner(const Sampling *r, size_t row, Rng *random)
{
    size_t count;
    if (!r->classes.of)
        return rng_below(random, r->in->rows->rows);
    const uint32_t *own = sampling_rows(r, r->classes.of[row], &count);
    return own[rng_below(random, count)];
}

static bool mix_rows(const Sampling *r, const Mixup *p, Table **out, Error *e)
{
    size_t rows = r->in->rows->rows, total = (size_t)ceil(p->share * (double)rows);
    NewRow *add = mem_try_alloc(total + 1, sizeof *add, e);
    Rng random = rng_begin(r->in->key);
    for (size_t i = 0; add && rows && i < total; i++) {
        size_t row = rng_below(&random, rows), other = draw_partner(r, row, &random);
        add[i] = (NewRow){.base = (uint32_t)row, .other = (uint32_t)other, .part = draw_part(&random, p->alpha)};
    }
    bool ok = add && sampling_add(r, add, rows ? total : 0, out, e);
    mem_free(add);
    return ok;
}

static bool has_classes(const StepInput *in)
{
    const Column *c = in->roles && in->roles->target ? table_column(in->rows, in->roles->target) : NULL;
    bool is_number = c && (c->type == COLUMN_REAL || in->roles->target_type == TARGET_VALUES);
    return c && !is_number && !c->missing;
}

static bool mixup_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    Sampling r = {.job = job, .in = in};
    bool ok = (!has_classes(in) || sampling_begin(job, in, "", &r, e)) && mix_rows(&r, in->params, out, e);
    sampling_done(&r);
    return ok;
}

static const Example examples[] = {
    {"{\"share\": 1}", "x,t,y\n1,u,a\n1,u,a\n", "x,t,y\n1,u,a\n1,u,a\n1,u,a\n1,u,a\n"},
    {"{\"share\": 0.5}", "x,y\n2,5\n2,5\n", "x,y\n2,5\n2,5\n2,5\n"},
};

static const char *const notes[] = {
    "Only training rows are added to. Levels are those of one of both rows; a row and its partner are of one class, or with a number to "
    "predict any two.",
    NULL};

const Step step_mixup = {
    .spec = {.name = "mixup",
             .doc = "new training rows between two of a class",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Mixup),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = mixup_train,
};
