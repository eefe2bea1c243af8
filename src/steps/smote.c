/* smote: new rows of rare classes between a row and one of its nearest of the same class. N. Chawla and others, "SMOTE: Synthetic
 * Minority Over-sampling Technique" (2002); H. Han and others, "Borderline-SMOTE" (2005); H. He and others, "ADASYN" (2008). */
#include "steps/nearest.h"
#include "steps/sampling.h"

#include <math.h>

enum { KIND_REGULAR, KIND_BORDERLINE, KIND_ADASYN };

typedef struct Smote {
    double ratio;
    int64_t k;
    int kind;
    char *target;
} Smote;

static const char *const kinds[] = {"regular", "borderline", "adasyn", NULL};

static const Field params[] = {
    {REAL_FIELD(Smote, ratio), .doc = "rows of a class, for each row of the largest", .def = "1", .min = 0.001, .max = 1, .soft_min = 0.1,
     .soft_max = 1, .positional = true},
    {INT_FIELD(Smote, k), .doc = "nearest rows of the class to go towards", .def = "5", .min = 1, .max = NEAREST_MOST, .soft_min = 3,
     .soft_max = 15},
    {CHOICE_FIELD(Smote, kind), .doc = "start anywhere, only near other classes, or the more the nearer they are", .def = "regular",
     .choices = kinds},
    {TEXT_FIELD(Smote, target), .names_column = true, .doc = "column of the classes; empty: the pipeline's target", .def = ""},
    {0},
};

/* One class on its way to more rows. */
typedef struct Growing {
    const Sampling *r;
    const Smote *p;
    size_t class, lacks, count;
    const uint32_t *rows; /* of the class */
    double *weights;      /* how often each is a start; NULL: alike */
    Neighbors near;       /* of the class, for each */
} Growing;

/* How many of the nearest rows of all classes are of others. */
static bool count_strangers(Growing *g, Error *e)
{
    const Sampling *r = g->r;
    Neighbors all;
    NearTask task = {g->rows, r->order.row, g->count, r->order.rows, (size_t)g->p->k};
    if (!sampling_near(r, &task, &all, e))
        return false;
    g->weights = mem_try_alloc(g->count + 1, sizeof *g->weights, e);
    for (size_t i = 0; g->weights && i < g->count; i++)
        for (size_t k = 0; k < all.k; k++) {
            uint32_t row = all.rows[i * all.k + k];
            g->weights[i] += row != SAMPLING_NO_ROW && r->classes.of[row] != g->class;
        }
    neighbors_done(&all);
    return g->weights != NULL;
}

/* Borderline: half or more of the neighbors are strangers, but not all: such a row is noise. Without any such row all may start. */
static void weigh_starts(Growing *g)
{
    double k = (double)g->p->k, sum = 0;
    for (size_t i = 0; i < g->count; i++) {
        double strangers = g->weights[i];
        if (g->p->kind == KIND_BORDERLINE)
            g->weights[i] = strangers >= k / 2 && strangers < k ? 1 : 0;
        sum += g->weights[i];
    }
    if (sum > 0)
        return;
    tools_note(g->r->in, "no row of a rare class lies near another class; every one may be a start");
    mem_free(g->weights);
    g->weights = NULL;
}

/* A start in proportion to the weights: the place of a random number among their sums. */
static size_t draw_start(const Growing *g, const double *sums, Rng *random)
{
    if (!sums)
        return rng_below(random, g->count);
    double wanted = rng_uniform(random) * sums[g->count - 1];
    size_t low = 0, high = g->count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (sums[middle] > wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static NewRow make_row(const Growing *g, size_t start, Rng *random)
{
    const uint32_t *near = g->near.rows + start * g->near.k;
    size_t known = 0;
    while (known < g->near.k && near[known] != SAMPLING_NO_ROW)
        known++;
    uint64_t which = rng_below(random, known ? known : 1);
    double part = rng_uniform(random);
    uint32_t base = g->rows[start];
    return (NewRow){base, known ? near[which] : base, part, known ? near : NULL, known};
}

static bool grow(Growing *g, NewRow *to, Error *e)
{
    double *sums = NULL;
    NearTask task = {g->rows, g->rows, g->count, g->count, (size_t)g->p->k};
    if (!sampling_near(g->r, &task, &g->near, e) || (g->p->kind != KIND_REGULAR && !count_strangers(g, e)))
        return false;
    if (g->weights)
        weigh_starts(g);
    if (g->weights && !(sums = mem_try_alloc(g->count + 1, sizeof *sums, e)))
        return false;
    for (size_t i = 0; sums && i < g->count; i++)
        sums[i] = (i ? sums[i - 1] : 0) + g->weights[i];
    Rng random = rng_begin(rng_child(g->r->in->key, g->class));
    for (size_t i = 0; i < g->lacks; i++)
        to[i] = make_row(g, draw_start(g, sums, &random), &random);
    mem_free(sums);
    return true;
}

static void say_gaps(const Sampling *r)
{
    size_t gaps = 0;
    for (size_t i = 0; i < r->in->rows->columns_count; i++)
        gaps += r->in->rows->columns[i]->missing > 0;
    if (gaps)
        tools_note(r->in,
                   "%zu column%s missing cells: neighbors are found by what both rows have, and where one of both lacks a number the "
                   "new row has its base's",
                   gaps, gaps == 1 ? " has" : "s have");
}

static bool grow_all(const Sampling *r, const Smote *p, Table **out, Error *e)
{
    size_t total = 0, made = 0;
    bool ok = true;
    for (size_t c = 0; c < r->classes.count; c++)
        total += sampling_lacks(r, c, p->ratio);
    NewRow *rows = mem_try_alloc(total + 1, sizeof *rows, e);
    Growing *all = rows ? mem_try_alloc(r->classes.count + 1, sizeof *all, e) : NULL;
    for (size_t c = 0; all && ok && c < r->classes.count; c++) {
        Growing *g = &all[c];
        *g = (Growing){.r = r, .p = p, .class = c, .lacks = sampling_lacks(r, c, p->ratio)};
        g->rows = sampling_rows(r, c, &g->count);
        ok = !g->lacks || grow(g, rows + made, e);
        made += g->lacks;
    }
    ok = all && ok && sampling_add(r, rows, made, out, e);
    if (ok && made) {
        say_gaps(r);
        tools_note(r->in, "%zu rows of rare classes are made; %zu rows are learned from", made, (*out)->rows);
    }
    for (size_t c = 0; all && c < r->classes.count; c++) {
        neighbors_done(&all[c].near);
        mem_free(all[c].weights);
    }
    mem_free(all);
    mem_free(rows);
    return ok;
}

static bool smote_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Smote *p = in->params;
    Sampling r;
    bool ok = sampling_begin(job, in, p->target, &r, e) && grow_all(&r, p, out, e);
    sampling_done(&r);
    return ok;
}

static const Example examples[] = {
    {"{}", "x,t,y\n4,u,a\n4,u,a\n1,v,b\n2,v,b\n3,v,b\n", "x,t,y\n4,u,a\n4,u,a\n1,v,b\n2,v,b\n3,v,b\n4,u,a\n"},
    {"{\"ratio\": 0.5, \"kind\": \"borderline\", \"k\": 1}", "x,y\n4,a\n1,b\n2,b\n3,b\n", "x,y\n4,a\n1,b\n2,b\n3,b\n4,a\n"},
    {"{\"k\": 0}", "x,y\n1,a\n", "error: k"},
};

static const char *const notes[] = {
    "Only training rows are added to, wherever the step stands: made before the split, such rows would stand near their models in the "
    "parts "
    "that judge, and every figure would be too good.",
    "Numbers lie between both rows, whole numbers are rounded; levels are the most frequent among the nearest (SMOTE-NC), so put it before "
    "one_hot.",
    "The kind borderline starts only from rows near other classes, adasyn the more often the more strangers are near.", NULL};

const Step step_smote = {
    .spec = {.name = "smote",
             .doc = "new training rows of rare classes, between near ones",
             .group = "expand",
             .params = params,
             .params_size = sizeof(Smote),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .effect = STEP_SAMPLES,
    .uses_target = true,
    .apply = sampling_apply,
    .apply_train = smote_train,
};
