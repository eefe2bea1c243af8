/* pca: principal components of standardized columns, in their place. */
#include <float.h>
#include <math.h>

#include "num/eigen.h"
#include "steps/tools.h"

enum { KEEP_VARIANCE, KEEP_COMPONENTS, COLUMNS_MOST = 1000 };

typedef struct Pca {
    TextList columns;
    int keep;
    double variance;
    int64_t components;
    bool whiten;
    char *prefix;
} Pca;

typedef struct Components {
    TextList columns;
    NumberList means, sds, variances;
    Value *axes;
} Components;

static const char *const keeps[] = {"variance", "components", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Pca, columns), .doc = "columns to combine", .def = "numeric", .positional = true},
    {CHOICE_FIELD(Pca, keep), .doc = "what says how many components are kept", .def = "variance", .choices = keeps},
    {REAL_FIELD(Pca, variance), .doc = "share of the variance that they hold together", .def = "0.95", .min = 1e-6, .max = 1,
     .soft_min = 0.5, .soft_max = 0.99, .when = "keep=variance"},
    {INT_FIELD(Pca, components), .doc = "how many", .def = "2", .min = 1, .max = 1000, .soft_min = 1, .soft_max = 50, .scale = SCALE_LOG,
     .when = "keep=components"},
    {FLAG_FIELD(Pca, whiten), .doc = "also bring each component to standard deviation 1", .def = "false"},
    {TEXT_FIELD(Pca, prefix), .doc = "beginning of the new names", .def = "pca"},
    {0},
};

static const Field axis = {.name = "axes", .type = FIELD_NUMBERS, .min = -1.000001, .max = 1.000001, .length_of = "columns"};
static const Field learns[] = {
    {COLUMNS_FIELD(Components, columns), .doc = "columns found", .unique = true},
    {NUMBERS_FIELD(Components, means), .doc = "mean of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Components, sds), .doc = "standard deviation of each; 0: constant", .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Components, variances), .doc = "variance of each component", .max = DBL_MAX},
    {VALUE_FIELD(Components, axes), .doc = "weights of the columns in each component", .element = &axis, .length_of = "variances"},
    {0},
};

static double standardized(const Components *s, size_t i, double x)
{
    return s->sds.items[i] > 0 ? (x - s->means.items[i]) / s->sds.items[i] : 0 * x;
}

static bool read_point(const Column *const *columns, const Components *s, size_t row, double *z)
{
    bool complete = true;
    for (size_t i = 0; i < s->columns.count; i++) {
        z[i] = standardized(s, i, column_real(columns[i], row));
        complete = complete && isfinite(z[i]);
    }
    return complete;
}

/* NULL: one is not there, or no number any more. Free with mem_free. */
static const Column **find_columns(const Table *t, const Components *s, Error *e)
{
    const Column **columns = mem_alloc((s->columns.count + 1) * sizeof *columns);
    for (size_t i = 0; i < s->columns.count; i++) {
        columns[i] = tools_numeric(t, s->columns.items[i], e);
        if (!columns[i]) {
            mem_free(columns);
            return NULL;
        }
    }
    return columns;
}

static bool learn_scales(const StepInput *in, Components *s, Error *e)
{
    for (size_t i = 0; i < s->columns.count; i++) {
        Moments m;
        if (!tools_moments(in, s->columns.items[i], table_column(in->rows, s->columns.items[i]), &m, e))
            return false;
        tools_add_number(&s->means, m.mean);
        tools_add_number(&s->sds, m.sd);
    }
    return true;
}

/* Of complete rows; their number, 0 on failure too. */
static size_t covariance(Job *job, const StepInput *in, const Components *s, double *out, Error *e)
{
    enum { BETWEEN = 4096 };
    size_t n = s->columns.count, complete = 0;
    const Column **columns = find_columns(in->rows, s, e);
    double *z = mem_alloc((n + 1) * sizeof *z);
    for (size_t row = 0; columns && row < in->rows->rows; row++) {
        if (row % BETWEEN == 0 && !job_go_on(job, e)) {
            complete = 0;
            break;
        }
        if (!read_point(columns, s, row, z))
            continue;
        complete++;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k <= i; k++)
                out[i * n + k] += z[i] * z[k];
    }
    for (size_t i = 0; complete && i < n; i++)
        for (size_t k = 0; k <= i; k++)
            out[i * n + k] = out[k * n + i] = out[i * n + k] / (double)complete;
    mem_free(columns);
    mem_free(z);
    return complete;
}

/* Components behind the last that varies are rounding. */
static size_t count_kept(const Pca *p, const double *variances, size_t n, double total)
{
    size_t rank = 0, kept = 0;
    double held = 0;
    while (rank < n && variances[rank] > 1e-10 * total)
        rank++;
    if (p->keep == KEEP_COMPONENTS)
        return (size_t)p->components < rank ? (size_t)p->components : rank;
    while (kept < rank && held < p->variance * total * (1 - 1e-12))
        held += variances[kept++];
    return kept;
}

static void keep_components(const StepInput *in, const double *variances, const double *vectors, Components *s)
{
    const Pca *p = in->params;
    size_t n = s->columns.count;
    double total = 0, held = 0;
    for (size_t i = 0; i < n; i++)
        total += fmax(0, variances[i]);
    size_t kept = count_kept(p, variances, n, total);
    for (size_t k = 0; k < kept; k++) {
        Value *weights = value_list();
        for (size_t i = 0; i < n; i++)
            value_add(weights, value_real(vectors[k * n + i]));
        value_add(s->axes, weights);
        tools_add_number(&s->variances, variances[k]);
        held += variances[k];
    }
    tools_note(in, "%zu components of %zu columns hold %.1f %% of their variance", kept, n, total > 0 ? 100 * held / total : 0);
    if (p->keep == KEEP_COMPONENTS && (int64_t)kept < p->components)
        tools_note(in, "%lld components were asked for, and no more than %zu vary", (long long)p->components, kept);
}

static bool pca_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    Components *s = state;
    s->axes = value_list();
    if (!tools_resolve(in, &((const Pca *)in->params)->columns, true, &s->columns, e) || !learn_scales(in, s, e))
        return false;
    size_t n = s->columns.count;
    if (n > COLUMNS_MOST)
        return error_set(e, ERROR_USAGE, "%zu columns; at most %d are possible: name fewer", n, COLUMNS_MOST);
    double *matrix = mem_try_alloc(n * n + 1, sizeof *matrix, e), *vectors = matrix ? mem_try_alloc(n * n + 1, sizeof *vectors, e) : NULL;
    double *variances = mem_alloc((n + 1) * sizeof *variances);
    size_t complete = vectors ? covariance(job, in, s, matrix, e) : 0;
    bool ok = vectors && job_go_on(job, e);
    if (ok && n > 0 && complete < 2)
        ok = error_set(e, ERROR_FAILED, "%zu rows have a value in each of the %zu columns, and at least 2 are needed; fill_missing first",
                       complete, n);
    if (ok && complete < in->rows->rows)
        tools_note(in, "%zu of %zu rows lack a value in one of the columns: they teach nothing, and their components stay missing",
                   in->rows->rows - complete, in->rows->rows);
    ok = ok && eigen_symmetric(job, matrix, n, variances, vectors, e);
    if (ok)
        keep_components(in, variances, vectors, s);
    mem_free(matrix);
    mem_free(vectors);
    mem_free(variances);
    return ok;
}

static double score_of(const Components *s, size_t k, const double *z, bool whiten)
{
    double sum = 0;
    for (size_t i = 0; i < s->columns.count; i++)
        sum += z[i] * value_number(s->axes->items[k]->items[i]);
    return whiten && s->variances.items[k] > 0 ? sum / sqrt(s->variances.items[k]) : sum;
}

static bool fill_scores(const StepInput *in, const Components *s, Column **scores, Error *e)
{
    const Column **columns = find_columns(in->rows, s, e);
    double *z = mem_alloc((s->columns.count + 1) * sizeof *z);
    bool ok = columns != NULL;
    for (size_t row = 0; ok && row < in->rows->rows; row++) {
        bool complete = read_point(columns, s, row, z);
        for (size_t k = 0; ok && k < s->axes->size; k++) {
            double score = complete ? score_of(s, k, z, ((const Pca *)in->params)->whiten) : (double)NAN;
            scores[k]->data.reals[row] = score;
            ok = isfinite(score) || column_set_missing(scores[k], row, e);
        }
    }
    mem_free(columns);
    mem_free(z);
    return ok;
}

static Table *without_columns(const StepInput *in, const Components *s, Error *e)
{
    int *columns = mem_alloc((s->columns.count + 1) * sizeof *columns);
    bool ok = true;
    for (size_t i = 0; ok && i < s->columns.count; i++)
        ok = (columns[i] = tools_find(in->rows, s->columns.items[i], e)) != TABLE_NONE;
    Table *t = ok ? table_without(in->rows, columns, s->columns.count, e) : NULL;
    mem_free(columns);
    return t;
}

static bool pca_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Components *s = state;
    Column **scores = mem_alloc((s->axes->size + 1) * sizeof *scores);
    bool ok = job_go_on(job, e);
    for (size_t k = 0; ok && k < s->axes->size; k++)
        ok = (scores[k] = column_new(COLUMN_REAL, in->rows->rows, e)) != NULL;
    ok = ok && fill_scores(in, s, scores, e) && (*out = without_columns(in, s, e)) != NULL;
    for (size_t k = 0; ok && k < s->axes->size; k++) {
        char *name = text_format("%s_%zu", ((const Pca *)in->params)->prefix, k + 1);
        ok = tools_add(out, name, column_ref(scores[k]), e);
        mem_free(name);
    }
    for (size_t k = 0; k < s->axes->size; k++)
        column_unref(scores[k]);
    mem_free(scores);
    return ok;
}

static void pca_describe(const void *params_used, const void *state, Text *out)
{
    const Components *s = state;
    tools_list(s ? &s->columns : &((const Pca *)params_used)->columns, out);
    if (s)
        text_addf(out, " -> %zu components", value_items(s->axes));
}

static const Example examples[] = {
    {"{\"keep\": \"components\", \"components\": 1, \"whiten\": true}", "t,a,b\nu,1,10\nv,3,30\n", "t,pca_1\nu,-1\nv,1\n"},
    {"{\"prefix\": \"axis\"}", "a,t\n1,u\n1,v\n3,w\n3,x\n", "t,axis_1\nu,-1\nv,-1\nw,1\nx,1\n"},
    {"{\"columns\": [\"a\", \"b\"]}", "a,b\n1,\n,2\n", "error: 0 rows have a value in each of the 2 columns"},
};

static const char *const notes[] = {
    "Columns are standardized first, so that no unit weighs more than another. The components stand at the end as pca_1, pca_2 ..., the "
    "one "
    "of the largest variance first; the columns themselves go. In each the largest weight is positive.",
    "Learned from training rows that have a value in every column. A row that lacks one has no components: fill_missing before.", NULL};

const Step step_pca = {
    .spec = {.name = "pca",
             .doc = "principal components of standardized columns",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Pca),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Components),
    .effect = STEP_MAP,
    .mixes_columns = true,
    .fit = pca_fit,
    .apply = pca_apply,
    .describe = pca_describe,
};
