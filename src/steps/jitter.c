/* jitter: copies of the training rows with a little noise on their numbers, so that a net learns to bear it. */
#include "steps/sampling.h"

#include <math.h>

typedef struct Jitter {
    TextList columns;
    double sd;
    int64_t copies;
} Jitter;

static const Field params[] = {
    {COLUMNS_FIELD(Jitter, columns), .doc = "columns that get noise", .def = "numeric", .positional = true},
    {REAL_FIELD(Jitter, sd), .doc = "of the noise, in standard deviations of the column", .def = "0.1", .min = 0, .max = 10,
     .soft_min = 0.01, .soft_max = 1, .scale = SCALE_LOG},
    {INT_FIELD(Jitter, copies), .doc = "noisy rows for each row", .def = "1", .min = 1, .max = 100, .soft_min = 1, .soft_max = 5},
    {0},
};

static double spread_of(const Column *c, size_t rows, double *room)
{
    for (size_t i = 0; i < rows; i++)
        room[i] = column_real(c, i);
    Moments m = moments_of(room, rows);
    return m.count > 1 ? m.sd : 0;
}

static void add_noise(Column *c, size_t from, double sd, Rng *random)
{
    for (size_t i = from; i < c->rows; i++) {
        double noise = sd * rng_normal(random);
        if (!column_is_valid(c, i))
            continue;
        if (c->type == COLUMN_REAL)
            c->data.reals[i] += noise;
        else
            c->data.ints[i] += (int64_t)llround(noise);
    }
}

static bool jitter_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Jitter *p = in->params;
    Sampling r = {.job = job, .in = in};
    int *columns = NULL;
    size_t count = 0, rows = in->rows->rows;
    double *room = mem_try_alloc(rows + 1, sizeof *room, e);
    bool ok = room && tools_select(in, &p->columns, &columns, &count, e) && sampling_copies(&r, p->copies, out, e);
    for (size_t i = 0; ok && i < count; i++) {
        Column *c = (*out)->columns[columns[i]];
        Rng random = rng_begin(rng_child(in->key, (uint64_t)i));
        if (c->type == COLUMN_INT || c->type == COLUMN_REAL)
            add_noise(c, rows, p->sd * spread_of(c, rows, room), &random);
        else
            ok = error_set(e, ERROR_USAGE, "%s is %s, not a number to put noise on", (*out)->names[columns[i]], column_type_name(c->type));
    }
    mem_free(columns);
    mem_free(room);
    return ok;
}

static const Example examples[] = {
    {"{\"sd\": 0}", "x,y\n1,u\n2,v\n", "x,y\n1,u\n2,v\n1,u\n2,v\n"},
    {"{\"columns\": [\"x\"], \"sd\": 0, \"copies\": 2}", "x,y\n1,u\n", "x,y\n1,u\n1,u\n1,u\n"},
    {"{\"columns\": [\"t\"]}", "x,t,y\n1,u,a\n", "error: t is text"},
};

static const char *const notes[] = {"Only training rows are added to. Whole numbers stay whole, and the target stays as it is.", NULL};

const Step step_jitter = {
    .spec = {.name = "jitter",
             .doc = "noisy copies of the training rows",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Jitter),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = jitter_train,
};
