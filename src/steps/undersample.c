/* undersample: of frequent classes only some rows are learned from. */
#include "steps/sampling.h"

#include <math.h>

typedef struct Undersample {
    double ratio;
    char *target;
} Undersample;

static const Field params[] = {
    {REAL_FIELD(Undersample, ratio), .doc = "rows of the smallest class, for each row of any other", .def = "1", .min = 0.001, .max = 1,
     .soft_min = 0.1, .soft_max = 1, .positional = true},
    {TEXT_FIELD(Undersample, target), .names_column = true, .doc = "column of the classes; empty: the pipeline's target", .def = ""},
    {0},
};

/* Marks `most` of the rows of a class, drawn without putting back. */
static bool keep_some(const Sampling *r, size_t class, size_t most, bool *kept, Error *e)
{
    size_t count;
    const uint32_t *own = sampling_rows(r, class, &count);
    uint32_t *drawn = mem_try_alloc(count + 1, sizeof *drawn, e);
    if (!drawn)
        return false;
    for (size_t i = 0; i < count; i++)
        drawn[i] = own[i];
    Rng random = rng_begin(rng_child(r->in->key, class));
    if (count > most)
        rng_shuffle(&random, drawn, count);
    for (size_t i = 0; i < count && i < most; i++)
        kept[drawn[i]] = true;
    mem_free(drawn);
    return true;
}

static bool undersample_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Undersample *p = in->params;
    Sampling r;
    bool ok = sampling_begin(job, in, p->target, &r, e);
    size_t most = ok ? (size_t)ceil((double)r.smallest / p->ratio) : 0, count = 0;
    bool *kept = ok ? mem_try_alloc(in->rows->rows + 1, sizeof *kept, e) : NULL;
    size_t *rows = kept ? mem_try_alloc(in->rows->rows + 1, sizeof *rows, e) : NULL;
    for (size_t c = 0; rows && ok && c < r.classes.count; c++)
        ok = keep_some(&r, c, most, kept, e);
    for (size_t i = 0; rows && ok && i < in->rows->rows; i++)
        if (kept[i])
            rows[count++] = i;
    *out = rows && ok ? table_select(in->rows, rows, count, e) : NULL;
    if (*out && count < in->rows->rows)
        tools_note(in, "%zu of %zu training rows are learned from; the others are of frequent classes", count, in->rows->rows);
    sampling_done(&r);
    mem_free(rows);
    mem_free(kept);
    return *out != NULL;
}

static const Example examples[] = {
    {"{\"ratio\": 0.5}", "x,y\n1,a\n2,b\n3,b\n", "x,y\n1,a\n2,b\n3,b\n"},
    {"{}", "x,y\n1,a\n1,a\n3,b\n", "x,y\n1,a\n3,b\n"},
    {"{\"target\": \"z\"}", "x,y\n1,a\n", "error: \"z\""},
};

static const char *const notes[] = {"Only training rows are left out; parts that are judged stay as they are.", NULL};

const Step step_undersample = {
    .spec = {.name = "undersample",
             .doc = "of frequent classes only some rows are learned from",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Undersample),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = undersample_train,
};
