/* L. Breiman et al.: Classification and Regression Trees, 1984. The leaf whose split gains most is split first, as long as there may be
 * more leaves. Gini impurity of 0/1 answers and the variance of a number are the same sum of squares, so one formula serves both. */
#include "steps/bin_tree.h"

#include <math.h>
#include <stdlib.h>

typedef struct Point {
    double x;
    size_t row;
} Point;

typedef struct Leaf {
    size_t from, to; /* of the points */
    size_t split;    /* first point behind the best cut; 0: none */
    double gain;
} Leaf;

typedef struct Growing {
    const BinTree *plan;
    Point *points;
    size_t count, outputs;
    double *answers; /* by point: outputs numbers each */
    double *left, *all;
    Leaf *leaves;
    size_t leaves_count;
} Growing;

static int by_value(const void *a, const void *b)
{
    const Point *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->row > q->row) - (p->row < q->row);
}

/* One class of two says all; of more, each is an answer. Numbers are taken from their mean, so that squares stay small. */
static void read_answers(Growing *g)
{
    const StepTarget *t = g->plan->target;
    for (size_t i = 0; i < g->count; i++)
        for (size_t k = 0; k < g->outputs; k++)
            g->answers[i * g->outputs + k] =
                t->labels ? (size_t)t->labels[g->points[i].row] == k : step_target_number(t, 0, g->points[i].row);
    double mean = 0;
    for (size_t i = 0; !t->labels && i < g->count; i++)
        mean += g->answers[i] / (double)g->count;
    for (size_t i = 0; !t->labels && i < g->count; i++)
        g->answers[i] -= mean;
}

static bool growing_open(const BinTree *plan, Growing *g, Error *e)
{
    const Column *c = plan->column;
    *g = (Growing){.plan = plan, .outputs = plan->target->labels ? plan->target->classes.count : 1};
    g->points = mem_try_alloc(c->rows + 1, sizeof *g->points, e);
    for (size_t i = 0; g->points && i < c->rows; i++)
        if (isfinite(column_real(c, i)) && isfinite(step_target_number(plan->target, 0, i)))
            g->points[g->count++] = (Point){column_real(c, i), i};
    size_t cells = 0;
    if (!g->points || !mem_mul(g->count + 1, g->outputs, &cells))
        return false;
    g->answers = mem_try_alloc(cells, sizeof *g->answers, e);
    g->left = mem_alloc(g->outputs * sizeof *g->left);
    g->all = mem_alloc(g->outputs * sizeof *g->all);
    g->leaves = mem_alloc((plan->leaves + 1) * sizeof *g->leaves);
    if (!g->answers)
        return false;
    qsort(g->points, g->count, sizeof *g->points, by_value);
    read_answers(g);
    return true;
}

static void growing_done(Growing *g)
{
    mem_free(g->points);
    mem_free(g->answers);
    mem_free(g->left);
    mem_free(g->all);
    mem_free(g->leaves);
}

/* How much less the squares within are with a cut in front of `split`; left: sums in front of it. */
static double gain_of(const Growing *g, const Leaf *leaf, size_t split)
{
    double before = (double)(split - leaf->from), behind = (double)(leaf->to - split), gain = 0;
    for (size_t k = 0; k < g->outputs; k++) {
        double right = g->all[k] - g->left[k];
        gain += g->left[k] * g->left[k] / before + right * right / behind - g->all[k] * g->all[k] / (before + behind);
    }
    return gain;
}

static void find_split(Growing *g, Leaf *leaf)
{
    size_t least = g->plan->min_rows;
    for (size_t k = 0; k < g->outputs; k++)
        g->left[k] = g->all[k] = 0;
    for (size_t i = leaf->from; i < leaf->to; i++)
        for (size_t k = 0; k < g->outputs; k++)
            g->all[k] += g->answers[i * g->outputs + k];
    leaf->split = 0;
    leaf->gain = 1e-9;
    for (size_t i = leaf->from + 1; i < leaf->to; i++) {
        for (size_t k = 0; k < g->outputs; k++)
            g->left[k] += g->answers[(i - 1) * g->outputs + k];
        bool possible = g->points[i - 1].x < g->points[i].x && i - leaf->from >= least && leaf->to - i >= least;
        double gain = possible ? gain_of(g, leaf, i) : 0;
        if (gain > leaf->gain * (1 + 1e-12)) {
            leaf->gain = gain;
            leaf->split = i;
        }
    }
}

/* SIZE_MAX: nothing is gained any more. */
static size_t best_leaf(const Growing *g)
{
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < g->leaves_count; i++)
        if (g->leaves[i].split && (best == SIZE_MAX || g->leaves[i].gain > g->leaves[best].gain))
            best = i;
    return best;
}

static int by_place(const void *a, const void *b)
{
    size_t x = ((const Leaf *)a)->from, y = ((const Leaf *)b)->from;
    return (x > y) - (x < y);
}

static double cut_between(double low, double high)
{
    double middle = low / 2 + high / 2;
    return middle > low ? middle : high;
}

bool bin_tree_cuts(const BinTree *plan, NumberList *cuts, Error *e)
{
    Growing g = {0};
    bool ok = growing_open(plan, &g, e);
    if (ok) {
        g.leaves[g.leaves_count++] = (Leaf){.to = g.count};
        find_split(&g, &g.leaves[0]);
    }
    while (ok && g.leaves_count < plan->leaves) {
        size_t at = best_leaf(&g);
        if (at == SIZE_MAX)
            break;
        Leaf *leaf = &g.leaves[at], *right = &g.leaves[g.leaves_count++];
        *right = (Leaf){.from = leaf->split, .to = leaf->to};
        leaf->to = leaf->split;
        find_split(&g, leaf);
        find_split(&g, right);
    }
    if (ok)
        qsort(g.leaves, g.leaves_count, sizeof *g.leaves, by_place);
    for (size_t i = 1; ok && i < g.leaves_count; i++)
        tools_add_number(cuts, cut_between(g.points[g.leaves[i].from - 1].x, g.points[g.leaves[i].from].x));
    growing_done(&g);
    return ok;
}
