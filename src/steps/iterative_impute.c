/* iterative_impute: a missing number is predicted from the other columns by ridge regression, round-robin: S. van Buuren and
 * K. Groothuis-Oudshoorn, "mice: Multivariate Imputation by Chained Equations in R" (2011), with the prediction itself and no draw. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/cholesky.h"
#include "steps/packed.h"
#include "steps/tools.h"

enum { COLUMNS_MOST = 300 };

typedef struct Iterative {
    TextList columns;
    int64_t sweeps;
    double ridge;
    bool indicator;
} Iterative;

typedef struct Chained {
    TextList columns;
    NumberList means, sds, lows, highs; /* of the training rows; lows and highs bound what is put in */
    NumberList order;                   /* columns in the order in which they are predicted */
    TextList weights;                   /* packed, for each column: one of each, its own 0, and the constant; of standardized values */
} Chained;

static const Field params[] = {
    {COLUMNS_FIELD(Iterative, columns), .doc = "columns to fill, each from all others", .def = "numeric", .positional = true},
    {INT_FIELD(Iterative, sweeps), .doc = "rounds over all columns", .def = "10", .min = 1, .max = 100, .soft_min = 3, .soft_max = 20},
    {REAL_FIELD(Iterative, ridge), .doc = "penalty of the regressions, as a share of the rows", .def = "0.001", .min = 1e-9, .max = 1000,
     .soft_min = 1e-4, .soft_max = 1, .scale = SCALE_LOG},
    {FLAG_FIELD(Iterative, indicator), .doc = "add column NAME_missing that marks the filled cells", .def = "false"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Chained, columns), .doc = "columns that hold a number", .unique = true},
    {NUMBERS_FIELD(Chained, means), .doc = "mean of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Chained, sds), .doc = "standard deviation of each", .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Chained, lows), .doc = "least value of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Chained, highs), .doc = "largest value of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns",
     .not_below = "lows"},
    {NUMBERS_FIELD(Chained, order), .doc = "columns in the order in which they are predicted", .max = COLUMNS_MOST, .length_of = "columns"},
    {TEXTS_FIELD(Chained, weights), .doc = "regression of each: a weight of each column, and the constant", .length_of = "columns"},
    {0},
};

/* Rows of standardized values with a constant 1 at the end; missing ones begin as 0, the mean. */
typedef struct Matrix {
    double *z;
    bool *missing; /* width a row, without the constant */
    size_t rows, width;
    double *gram;    /* z' z */
    double *weights; /* width rows of width + 1 */
} Matrix;

static double *row_of(const Matrix *m, size_t row)
{
    return m->z + row * (m->width + 1);
}

static void matrix_done(Matrix *m)
{
    mem_free(m->z);
    mem_free(m->missing);
    mem_free(m->gram);
    mem_free(m->weights);
}

static bool matrix_init(Matrix *m, const StepInput *in, const Chained *s, Error *e)
{
    *m = (Matrix){.rows = in->rows->rows, .width = s->columns.count};
    m->z = mem_try_alloc(m->rows * (m->width + 1) + 1, sizeof *m->z, e);
    m->missing = m->z ? mem_try_alloc(m->rows * m->width + 1, sizeof *m->missing, e) : NULL;
    m->weights = m->missing ? mem_try_alloc((m->width + 1) * (m->width + 1), sizeof *m->weights, e) : NULL;
    if (!m->weights)
        return false;
    for (size_t c = 0; c < m->width; c++) {
        const Column *from = tools_numeric(in->rows, s->columns.items[c], e);
        if (!from)
            return false;
        for (size_t i = 0; i < m->rows; i++) {
            double x = column_real(from, i);
            m->missing[i * m->width + c] = !isfinite(x);
            row_of(m, i)[c] = isfinite(x) ? (x - s->means.items[c]) / s->sds.items[c] : 0;
        }
    }
    for (size_t i = 0; i < m->rows; i++)
        row_of(m, i)[m->width] = 1;
    return true;
}

static bool learn_columns(Job *job, const StepInput *in, Chained *s, Error *e)
{
    TextList names = {0};
    bool ok = tools_resolve(in, &((const Iterative *)in->params)->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        Moments m;
        double low, high;
        bool any = false;
        const Column *c = table_column(in->rows, names.items[i]);
        ok = job_go_on(job, e) && tools_spread(c, &m, &any, e);
        if (!any) {
            tools_note_flat(in, names.items[i], false);
            continue;
        }
        tools_range(c, &low, &high);
        text_list_add(&s->columns, names.items[i]);
        tools_add_number(&s->means, m.mean);
        tools_add_number(&s->sds, m.sd > 0 ? m.sd : 1);
        tools_add_number(&s->lows, low);
        tools_add_number(&s->highs, high);
    }
    text_list_done(&names);
    if (ok && s->columns.count > COLUMNS_MOST)
        ok =
            error_set(e, ERROR_USAGE, "%zu columns are too many for regressions of each on all others; name %d at most, or take knn_impute",
                      s->columns.count, COLUMNS_MOST);
    return ok;
}

static size_t count_missing(const Matrix *m, size_t c)
{
    size_t count = 0;
    for (size_t i = 0; i < m->rows; i++)
        count += m->missing[i * m->width + c];
    return count;
}

/* The column that misses least comes first; equal ones in their order. */
static void learn_order(const Matrix *m, Chained *s)
{
    size_t counts[COLUMNS_MOST];
    for (size_t c = 0; c < m->width; c++) {
        counts[c] = count_missing(m, c);
        tools_add_number(&s->order, (double)c);
        for (size_t at = c; at > 0 && counts[(size_t)s->order.items[at - 1]] > counts[c]; at--) {
            s->order.items[at] = s->order.items[at - 1];
            s->order.items[at - 1] = (double)c;
        }
    }
}

static void gram_row(Matrix *m, size_t c)
{
    size_t size = m->width + 1;
    double *row = m->gram + c * size;
    memset(row, 0, size * sizeof *row);
    for (size_t i = 0; i < m->rows; i++) {
        const double *z = row_of(m, i);
        if (z[c] != 0)
            for (size_t j = 0; j < size; j++)
                row[j] += z[c] * z[j];
    }
    for (size_t j = 0; j < size; j++)
        m->gram[j * size + c] = row[j];
}

/* Sums of products over the rows that have column c: those over all rows less those over the rest. */
static void gram_of_known(const Matrix *m, size_t c, double *out)
{
    size_t size = m->width + 1;
    memcpy(out, m->gram, size * size * sizeof *out);
    for (size_t i = 0; i < m->rows; i++) {
        const double *z = row_of(m, i);
        if (!m->missing[i * m->width + c])
            continue;
        for (size_t a = 0; a < size; a++)
            for (size_t b = 0; b < size; b++)
                out[a * size + b] -= z[a] * z[b];
    }
}

/* Column c on all others and a constant, which is not penalized. Room: (width + 1) squared, and width + 1. */
static bool regress(const Matrix *m, size_t c, double ridge, double *room, double *weights)
{
    size_t size = m->width + 1, n = 0;
    gram_of_known(m, c, room);
    double rows = room[m->width * size + m->width];
    double *right = mem_alloc(size * sizeof *right);
    for (size_t a = 0; a < size; a++) {
        if (a == c)
            continue;
        right[n] = room[a * size + c];
        for (size_t b = 0, k = 0; b < size; b++)
            if (b != c)
                room[n * (size - 1) + k++] = room[a * size + b] + (a == b && a < m->width ? ridge * rows : 0);
        n++;
    }
    bool ok = cholesky_solve(room, right, n);
    for (size_t a = 0, k = 0; ok && a < size; a++)
        weights[a] = a == c ? 0 : right[k++];
    mem_free(right);
    return ok;
}

static void predict(Matrix *m, const Chained *s, size_t c, const double *weights)
{
    double low = (s->lows.items[c] - s->means.items[c]) / s->sds.items[c], high = (s->highs.items[c] - s->means.items[c]) / s->sds.items[c];
    for (size_t i = 0; i < m->rows; i++) {
        double *z = row_of(m, i), sum = 0;
        if (!m->missing[i * m->width + c])
            continue;
        for (size_t j = 0; j <= m->width; j++)
            sum += weights[j] * z[j];
        z[c] = fmin(fmax(sum, low), high);
    }
}

/* A column is regressed in every sweep when it misses something, and in the last one anyhow: rows to come may miss what these have. */
static void learn_sweep(Matrix *m, const Iterative *p, const Chained *s, bool last, double *room)
{
    for (size_t i = 0; i < m->width; i++) {
        size_t c = (size_t)s->order.items[i];
        bool misses = count_missing(m, c) > 0;
        double *weights = m->weights + c * (m->width + 1);
        if (!misses && !last)
            continue;
        if (!regress(m, c, p->ridge, room, weights))
            memset(weights, 0, (m->width + 1) * sizeof *weights); /* nothing to learn from: the mean stays */
        if (misses) {
            predict(m, s, c, weights);
            gram_row(m, c);
        }
    }
}

static void pack_weights(const Matrix *m, Chained *s)
{
    for (size_t c = 0; c < m->width; c++) {
        Text text = {0};
        for (size_t j = 0; j <= m->width; j++)
            packed_add(&text, m->weights[c * (m->width + 1) + j]);
        text_list_add(&s->weights, text_get(&text));
        text_done(&text);
    }
}

static bool learn_weights(Job *job, const StepInput *in, Chained *s, Error *e)
{
    const Iterative *p = in->params;
    Matrix m = {0};
    size_t size = s->columns.count + 1;
    bool ok = matrix_init(&m, in, s, e);
    double *room = ok ? mem_try_alloc(size * size, sizeof *room, e) : NULL;
    m.gram = room ? mem_try_alloc(size * size, sizeof *m.gram, e) : NULL;
    ok = m.gram != NULL;
    if (ok)
        learn_order(&m, s);
    for (size_t c = 0; ok && c < size; c++)
        gram_row(&m, c);
    for (int64_t sweep = 1; ok && sweep <= p->sweeps; sweep++) {
        ok = job_go_on(job, e);
        if (ok)
            learn_sweep(&m, p, s, sweep == p->sweeps, room);
    }
    if (ok)
        pack_weights(&m, s);
    mem_free(room);
    matrix_done(&m);
    return ok;
}

static bool iterative_impute_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    Chained *s = state;
    return learn_columns(job, in, s, e) && (s->columns.count == 0 || learn_weights(job, in, s, e));
}

static bool read_weights(Matrix *m, const Chained *s, Error *e)
{
    for (size_t i = 0; i < m->width; i++) {
        bool ok = s->order.items[i] < (double)m->width && s->sds.items[i] > 0;
        if (!ok || !packed_read(s->weights.items[i], m->weights + i * (m->width + 1), m->width + 1, false))
            return error_set(e, ERROR_FAILED, "the regressions of the model are damaged: %s", s->columns.items[i]);
    }
    return true;
}

static Column *filled(const Matrix *m, const Chained *s, size_t c, const Column *from, Error *e)
{
    Column *to = column_new(COLUMN_REAL, m->rows, e);
    for (size_t i = 0; to && i < m->rows; i++) {
        bool missing = m->missing[i * m->width + c];
        to->data.reals[i] = missing ? s->means.items[c] + row_of(m, i)[c] * s->sds.items[c] : column_real(from, i);
    }
    if (to)
        to->decimals = from->decimals;
    return to;
}

static bool put_columns(const StepInput *in, const Matrix *m, const Chained *s, Table **out, Error *e)
{
    bool indicator = ((const Iterative *)in->params)->indicator, ok = true;
    *out = table_ref(in->rows);
    for (size_t c = 0; ok && c < m->width; c++) {
        const char *name = s->columns.items[c];
        const Column *from = table_column(in->rows, name);
        ok = tools_put(out, name, filled(m, s, c, from, e), e) && (!indicator || tools_add_indicator(out, name, from, e));
    }
    return ok;
}

static bool iterative_impute_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Chained *s = state;
    const Iterative *p = in->params;
    Matrix m = {0};
    if (s->columns.count == 0)
        return *out = table_ref(in->rows), true;
    bool ok = matrix_init(&m, in, s, e) && read_weights(&m, s, e);
    for (int64_t sweep = 0; ok && sweep < p->sweeps; sweep++) {
        ok = job_go_on(job, e);
        for (size_t i = 0; ok && i < m.width; i++) {
            size_t c = (size_t)s->order.items[i];
            predict(&m, s, c, m.weights + c * (m.width + 1));
        }
    }
    ok = ok && put_columns(in, &m, s, out, e);
    matrix_done(&m);
    return ok;
}

static void iterative_impute_describe(const void *params_used, const void *state, Text *out)
{
    const Iterative *p = params_used;
    const Chained *s = state;
    tools_list(s ? &s->columns : &p->columns, out);
    text_addf(out, " <- each from the others, %lld sweeps", (long long)p->sweeps);
}

static const Example examples[] = {
    {"{\"columns\": [\"a\"]}", "a,t\n1,p\n3,q\n,r\n", "a,t\n1,p\n3,q\n2,r\n"},
    {"{\"columns\": [\"a\"], \"indicator\": true}", "a,t\n1,p\n,q\n", "a,t,a_missing\n1,p,false\n1,q,true\n"},
    {"{\"columns\": [\"t\"]}", "x,t\n1,a\n", "error: t is text, not a number"},
};

static const char *const notes[] = {
    "Missing cells begin as the mean. In each sweep every column, the one that misses least first, is regressed on all others over the "
    "rows "
    "that have it, and its missing cells are predicted anew, within the range that training rows have.",
    "The regressions of the last sweep are kept and swept over training and later rows alike, so a row is filled the same way in both. "
    "scikit-learn's IterativeImputer keeps those of every sweep, takes Bayesian ridge, and may stop early.",
    NULL};

const Step step_iterative_impute = {
    .spec = {.name = "iterative_impute",
             .doc = "fill missing numbers with a prediction from the other columns",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Iterative),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Chained),
    .effect = STEP_MAP,
    .mixes_columns = true,
    .fit = iterative_impute_fit,
    .apply = iterative_impute_apply,
    .describe = iterative_impute_describe,
};
