/* Coordinate descent on quadratic models of the loss, with warm starts: J. Friedman, T. Hastie, R. Tibshirani, "Regularization paths for
 * generalized linear models via coordinate descent" (2010); with more than two classes one output after the other. A step that does not
 * lower what is minimized is halved, so that it ends. */
#include "num/l1.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

static const double PRECISE = 1e-7; /* of a weight; columns have spread 1 */
static const double LEAST = 1e-5;   /* of a new weight: less is what rounding gives to a column that says the same as one before */
static const double FLAT = 1e-5;    /* curvature of the loss in a row: less is taken for as much */
enum { ROUNDS = 1000, SWEEPS = 10000, HALVINGS = 30 };

struct L1Model {
    const L1Task *task;
    size_t outputs;
    double *weights;             /* [output][column] */
    double *intercepts;          /* [output] */
    double *linear;              /* [output][row]: what the weights make of the rows */
    double *rest, *curves, *way; /* [row]: what an output lacks, how fast that changes, where a step leads */
    double *slopes;              /* [column], then of the intercept: of the loss, before the step */
    double *step;                /* [used], then of the intercept */
    size_t *used, used_count;    /* columns that have a weight, or would get one */
    double *products, *column;   /* [used + 1][used + 1], mean and by curve; room for one */
    size_t room;
    char *twins;    /* [column]: whether it says the same as one before: see is_twin */
    double **plain; /* [column] of mean products with all columns, which numbers need always; NULL: not needed yet */
};

L1Model *l1_new(const L1Task *task, Error *e)
{
    L1Model *m = MEM_NEW(L1Model);
    size_t columns = task->columns + 1, rows = task->rows + 1;
    m->task = task;
    m->outputs = task->values || task->classes <= 2 ? 1 : task->classes;
    m->intercepts = mem_alloc(m->outputs * sizeof *m->intercepts);
    m->slopes = mem_alloc(columns * sizeof *m->slopes);
    m->step = mem_alloc(columns * sizeof *m->step);
    m->used = mem_alloc(columns * sizeof *m->used);
    m->plain = mem_alloc(columns * sizeof *m->plain);
    m->twins = mem_alloc(columns);
    m->weights = mem_try_alloc(columns * m->outputs, sizeof *m->weights, e);
    m->linear = m->weights ? mem_try_alloc(rows * m->outputs, sizeof *m->linear, e) : NULL;
    m->rest = m->linear ? mem_try_alloc(rows, sizeof *m->rest, e) : NULL;
    m->curves = m->rest ? mem_try_alloc(rows, sizeof *m->curves, e) : NULL;
    m->way = m->curves ? mem_try_alloc(rows, sizeof *m->way, e) : NULL;
    m->column = m->way ? mem_try_alloc(rows, sizeof *m->column, e) : NULL;
    if (m->column)
        return m;
    l1_free(m);
    return NULL;
}

void l1_free(L1Model *m)
{
    if (!m)
        return;
    for (size_t j = 0; j < m->task->columns; j++)
        mem_free(m->plain[j]);
    double *const parts[] = {m->weights, m->intercepts, m->linear, m->rest, m->curves, m->way, m->slopes, m->step, m->products, m->column};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        mem_free(parts[i]);
    mem_free(m->plain);
    mem_free(m->twins);
    mem_free(m->used);
    mem_free(m);
}

static const double *column_of(const L1Model *m, size_t j)
{
    return m->task->x + j * m->task->rows;
}

static double mean_product(const double *a, const double *b, size_t rows)
{
    double sums[4] = {0};
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
        for (size_t k = 0; k < 4; k++)
            sums[k] += a[i + k] * b[i + k];
    for (; i < rows; i++)
        sums[0] += a[i] * b[i];
    return (sums[0] + sums[1] + sums[2] + sums[3]) / (double)rows;
}

static double mean_of(const double *a, size_t rows)
{
    double sum = 0;
    for (size_t i = 0; i < rows; i++)
        sum += a[i];
    return sum / (double)rows;
}

/* log of the sum of exp over the outputs of a row. */
static double log_sum(const L1Model *m, size_t row)
{
    size_t rows = m->task->rows;
    double top = -INFINITY, sum = 0;
    for (size_t k = 0; k < m->outputs; k++)
        top = fmax(top, m->linear[k * rows + row]);
    for (size_t k = 0; k < m->outputs; k++)
        sum += exp(m->linear[k * rows + row] - top);
    return top + log(sum);
}

static void find_rest(L1Model *m, size_t output)
{
    const L1Task *t = m->task;
    const double *linear = m->linear + output * t->rows;
    for (size_t i = 0; i < t->rows; i++) {
        if (t->values) {
            m->rest[i] = t->values[i] - linear[i];
            m->curves[i] = 1;
            continue;
        }
        double share = m->outputs == 1 ? 1 / (1 + exp(-linear[i])) : exp(linear[i] - log_sum(m, i));
        m->rest[i] = (double)(t->labels[i] == (int32_t)(m->outputs == 1 ? 1 : output)) - share;
        m->curves[i] = fmax(share * (1 - share), FLAT);
    }
}

static void find_slopes(L1Model *m)
{
    size_t columns = m->task->columns;
    for (size_t j = 0; j < columns; j++)
        m->slopes[j] = mean_product(column_of(m, j), m->rest, m->task->rows);
    m->slopes[columns] = mean_of(m->rest, m->task->rows);
}

static double loss_of(const L1Model *m)
{
    const L1Task *t = m->task;
    double sum = 0;
    for (size_t i = 0; i < t->rows; i++) {
        double z = m->linear[i];
        sum += m->outputs == 1 ? log1p(exp(-fabs(z))) + fmax(z, 0) - (t->labels[i] == 1 ? z : 0)
                               : log_sum(m, i) - m->linear[(size_t)t->labels[i] * t->rows + i];
    }
    return sum / (double)t->rows;
}

static double size_of(const double *weights, size_t columns)
{
    double sum = 0;
    for (size_t j = 0; j < columns; j++)
        sum += fabs(weights[j]);
    return sum;
}

/* A column that is one before it, or its mirror, never gets a weight: shared between them it would say that both are needed. */
static bool is_twin(L1Model *m, size_t j)
{
    enum { UNKNOWN, OWN, TWIN };
    static const double SAME = 1 - 1e-9;
    if (m->twins[j] == UNKNOWN) {
        m->twins[j] = OWN;
        for (size_t b = 0; b < j && m->twins[j] == OWN; b++)
            if (fabs(mean_product(column_of(m, j), column_of(m, b), m->task->rows)) > SAME)
                m->twins[j] = TWIN;
    }
    return m->twins[j] == TWIN;
}

/* Of numbers the products never change. */
static bool need_plain(Job *job, L1Model *m, size_t j, Error *e)
{
    const L1Task *t = m->task;
    if (!job_go_on(job, e))
        return false;
    if (!m->plain[j]) {
        m->plain[j] = mem_try_alloc(t->columns + 1, sizeof **m->plain, e);
        for (size_t k = 0; m->plain[j] && k < t->columns; k++)
            m->plain[j][k] = mean_product(column_of(m, j), column_of(m, k), t->rows);
    }
    return m->plain[j] != NULL;
}

static bool find_used(Job *job, L1Model *m, const double *weights, double penalty, Error *e)
{
    m->used_count = 0;
    for (size_t j = 0; j < m->task->columns; j++) {
        if (weights[j] == 0 && (fabs(m->slopes[j]) <= penalty || is_twin(m, j)))
            continue;
        m->used[m->used_count++] = j;
        if (m->task->values && !need_plain(job, m, j, e))
            return false;
    }
    size_t side = m->used_count + 1, cells;
    if (!mem_mul(side, side, &cells))
        return error_set(e, ERROR_MEMORY, "%zu columns are too many", m->used_count);
    if (cells > m->room) {
        mem_free(m->products);
        m->products = mem_try_alloc(cells, sizeof *m->products, e);
        m->room = m->products ? cells : 0;
    }
    return m->products != NULL;
}

/* The products of the used columns and of the intercept, which is a column of ones. */
static bool find_products(Job *job, L1Model *m, Error *e)
{
    size_t rows = m->task->rows, side = m->used_count + 1;
    for (size_t a = 0; a < side; a++) {
        const double *x = a < m->used_count ? column_of(m, m->used[a]) : NULL;
        if (!job_go_on(job, e))
            return false;
        for (size_t i = 0; !m->task->values && i < rows; i++)
            m->column[i] = m->curves[i] * (x ? x[i] : 1);
        for (size_t b = 0; b <= a; b++) {
            double product = m->task->values ? (x ? m->plain[m->used[a]][m->used[b]] : a == b)
                             : b == a && !x  ? mean_of(m->column, rows)
                                             : mean_product(m->column, column_of(m, m->used[b]), rows);
            m->products[a * side + b] = m->products[b * side + a] = product;
        }
    }
    return true;
}

static double shrink(double x, double by)
{
    return x > by ? x - by : x < -by ? x + by : 0;
}

/* The least of the quadratic model; m->step comes out. */
static void descend(L1Model *m, const double *weights, double penalty)
{
    size_t side = m->used_count + 1;
    double moved = INFINITY;
    memset(m->step, 0, side * sizeof *m->step);
    for (int sweep = 0; sweep < SWEEPS && moved > PRECISE / 10; sweep++) {
        moved = 0;
        for (size_t a = 0; a < side; a++) {
            bool is_column = a < m->used_count;
            double slope = m->slopes[is_column ? m->used[a] : m->task->columns], own = m->products[a * side + a];
            double before = is_column ? weights[m->used[a]] : 0, now = before + m->step[a];
            for (size_t b = 0; b < side; b++)
                slope -= m->products[a * side + b] * m->step[b];
            double next = own > 0 ? shrink(slope + own * now, is_column ? penalty : 0) / own : 0;
            /* One that has a weight may pass below the least: else it would come and go. */
            next = is_column && now == 0 && fabs(next) < LEAST ? 0 : next;
            moved = fmax(moved, fabs(next - now));
            m->step[a] = is_column && next == 0 ? -before : m->step[a] + next - now;
        }
    }
}

/* By part of the step less what was taken of it before. */
static void shift(L1Model *m, size_t output, double part, double taken)
{
    const L1Task *t = m->task;
    double *weights = m->weights + output * t->columns, *linear = m->linear + output * t->rows;
    for (size_t a = 0; a < m->used_count; a++) {
        double *w = &weights[m->used[a]], before = *w - taken * m->step[a];
        *w = part == 1 && m->step[a] == -before ? 0 : before + part * m->step[a];
    }
    m->intercepts[output] += (part - taken) * m->step[m->used_count];
    for (size_t i = 0; i < t->rows; i++)
        linear[i] += (part - taken) * m->way[i];
}

static void find_way(L1Model *m)
{
    const L1Task *t = m->task;
    for (size_t i = 0; i < t->rows; i++)
        m->way[i] = m->step[m->used_count];
    for (size_t a = 0; a < m->used_count; a++) {
        const double *x = column_of(m, m->used[a]);
        for (size_t i = 0; m->step[a] != 0 && i < t->rows; i++)
            m->way[i] += m->step[a] * x[i];
    }
}

/* As much of the step as goes down; returns the share. */
static double take_step(L1Model *m, size_t output, double penalty)
{
    const double *weights = m->weights + output * m->task->columns;
    find_way(m);
    if (m->task->values) {
        shift(m, output, 1, 0);
        return 1;
    }
    double before = loss_of(m) + penalty * size_of(weights, m->task->columns), part = 1, taken = 0;
    for (int i = 0; i < HALVINGS; i++, part /= 2) {
        shift(m, output, part, taken);
        taken = part;
        if (loss_of(m) + penalty * size_of(weights, m->task->columns) <= before + 1e-13 * fabs(before))
            return part;
    }
    shift(m, output, 0, taken);
    return 0;
}

/* *moved: the largest change of any weight of the output. */
static bool round_of(Job *job, L1Model *m, size_t output, double penalty, double *moved, Error *e)
{
    const double *weights = m->weights + output * m->task->columns;
    find_rest(m, output);
    find_slopes(m);
    if (!job_go_on(job, e) || !find_used(job, m, weights, penalty, e) || !find_products(job, m, e))
        return false;
    descend(m, weights, penalty);
    double part = take_step(m, output, penalty);
    for (size_t a = 0; a <= m->used_count; a++)
        *moved = fmax(*moved, fabs(part * m->step[a]));
    return true;
}

bool l1_fit(Job *job, L1Model *m, double penalty, Error *e)
{
    double moved = INFINITY, precise = m->task->precise > 0 ? m->task->precise : PRECISE;
    for (int round = 0; round < ROUNDS && moved > precise; round++) {
        moved = 0;
        for (size_t k = 0; k < m->outputs; k++)
            if (!round_of(job, m, k, penalty, &moved, e))
                return false;
    }
    return true;
}

/* Without weights the intercepts say how frequent the classes are. */
static void start_again(L1Model *m)
{
    const L1Task *t = m->task;
    memset(m->weights, 0, m->outputs * t->columns * sizeof *m->weights);
    for (size_t k = 0; k < m->outputs; k++) {
        double count = 0;
        for (size_t i = 0; i < t->rows; i++)
            count += t->values ? t->values[i] : t->labels[i] == (int32_t)(m->outputs == 1 ? 1 : k);
        double share = fmin(1 - 1e-9, fmax(1e-9, count / (double)t->rows));
        m->intercepts[k] = t->values ? count / (double)t->rows : m->outputs == 1 ? log(share / (1 - share)) : log(share);
        for (size_t i = 0; i < t->rows; i++)
            m->linear[k * t->rows + i] = m->intercepts[k];
    }
}

double l1_largest(L1Model *m)
{
    double largest = 0;
    start_again(m);
    for (size_t k = 0; k < m->outputs; k++) {
        find_rest(m, k);
        find_slopes(m);
        for (size_t j = 0; j < m->task->columns; j++)
            largest = fmax(largest, fabs(m->slopes[j]));
    }
    return largest;
}

size_t l1_outputs(const L1Model *m)
{
    return m->outputs;
}

double l1_weight(const L1Model *m, size_t output, size_t column)
{
    return m->weights[output * m->task->columns + column];
}

double l1_magnitude(const L1Model *m, size_t column)
{
    double largest = 0;
    for (size_t k = 0; k < m->outputs; k++)
        largest = fmax(largest, fabs(l1_weight(m, k, column)));
    return largest;
}
