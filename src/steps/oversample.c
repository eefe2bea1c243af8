/* oversample: rows of rare classes stand more than once, so that the net sees the classes as often as it is told. */
#include "steps/sampling.h"

typedef struct Oversample {
    double ratio;
    char *target;
} Oversample;

static const Field params[] = {
    {REAL_FIELD(Oversample, ratio), .doc = "rows of a class, for each row of the largest", .def = "1", .min = 0.001, .max = 1,
     .soft_min = 0.1, .soft_max = 1, .positional = true},
    {TEXT_FIELD(Oversample, target), .names_column = true, .doc = "column of the classes; empty: the pipeline's target", .def = ""},
    {0},
};

static bool draw_rows(const Sampling *r, double ratio, Table **out, Error *e)
{
    size_t total = 0, made = 0;
    for (size_t c = 0; c < r->classes.count; c++)
        total += sampling_lacks(r, c, ratio);
    NewRow *rows = mem_try_alloc(total + 1, sizeof *rows, e);
    for (size_t c = 0; rows && c < r->classes.count; c++) {
        size_t count, lacks = sampling_lacks(r, c, ratio);
        const uint32_t *own = sampling_rows(r, c, &count);
        Rng random = rng_begin(rng_child(r->in->key, c));
        for (size_t i = 0; i < lacks; i++) {
            uint32_t row = own[rng_below(&random, count)];
            rows[made++] = (NewRow){.base = row, .other = row};
        }
    }
    bool ok = rows && sampling_add(r, rows, made, out, e);
    if (ok)
        tools_note(r->in, "%zu rows of rare classes stand once more; %zu rows are learned from", made, (*out)->rows);
    mem_free(rows);
    return ok;
}

static bool oversample_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Oversample *p = in->params;
    Sampling r;
    bool ok = sampling_begin(job, in, p->target, &r, e) && draw_rows(&r, p->ratio, out, e);
    sampling_done(&r);
    return ok;
}

static const Example examples[] = {
    {"{}", "x,y\n1,a\n2,b\n3,b\n", "x,y\n1,a\n2,b\n3,b\n1,a\n"},
    {"{\"target\": \"t\"}", "x,t,y\n1,u,a\n2,v,b\n3,v,b\n", "x,t,y\n1,u,a\n2,v,b\n3,v,b\n1,u,a\n"},
    {"{\"target\": \"x\"}", "x,y\n1.5,a\n", "error: the target \"x\" is a number to predict"},
};

static const char *const notes[] = {"Only training rows are added to, wherever the step stands; parts that are judged stay as they are.",
                                    NULL};

const Step step_oversample = {
    .spec = {.name = "oversample",
             .doc = "rows of rare classes stand more than once in training",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Oversample),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = oversample_train,
};
