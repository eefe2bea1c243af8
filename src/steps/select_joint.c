/* Columns measured together. Numbers are standardized first, and a missing one stands at the mean. */
#include "steps/select_joint.h"

#include <math.h>
#include <stdlib.h>

#include "num/l1.h"

/* Rows as a linear model takes them: those with a target, or some of them. */
typedef struct Frame {
    const JointTask *task;
    size_t *rows, count;
    double *x, *values;
    int32_t *labels;
    L1Task linear;
} Frame;

static void frame_done(Frame *f)
{
    mem_free(f->rows);
    mem_free(f->x);
    mem_free(f->values);
    mem_free(f->labels);
}

static bool has_target(const StepTarget *t, size_t row)
{
    return t->labels ? t->labels[row] >= 0 : isfinite(column_real(t->column, row));
}

/* To mean 0 and mean square 1; what is missing or does not vary becomes 0. */
static void standardize(double *x, size_t count)
{
    Moments m = moments_of(x, count);
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        x[i] = isfinite(x[i]) ? x[i] - m.mean : 0;
        squares += x[i] * x[i];
    }
    double scale = m.sd > 0 && squares > 0 ? sqrt(squares / (double)count) : INFINITY;
    for (size_t i = 0; i < count; i++)
        x[i] /= scale;
}

/* f->rows and count say which. */
static bool frame_fill(Frame *f, Error *e)
{
    const JointTask *task = f->task;
    size_t columns = task->names->count, cells;
    if (!mem_mul(f->count + 1, columns + 1, &cells))
        return error_set(e, ERROR_MEMORY, "%zu rows are too many", f->count);
    f->x = mem_try_alloc(cells, sizeof *f->x, e);
    f->values = f->x ? mem_try_alloc(f->count + 1, sizeof *f->values, e) : NULL;
    f->labels = f->values ? mem_try_alloc(f->count + 1, sizeof *f->labels, e) : NULL;
    for (size_t j = 0; f->labels && j < columns; j++) {
        const Column *c = table_column(task->in->rows, task->names->items[j]);
        for (size_t i = 0; i < f->count; i++)
            f->x[j * f->count + i] = column_real(c, f->rows[i]);
        standardize(f->x + j * f->count, f->count);
    }
    for (size_t i = 0; f->labels && i < f->count; i++)
        if (task->target->labels)
            f->labels[i] = task->target->labels[f->rows[i]];
        else
            f->values[i] = column_real(task->target->column, f->rows[i]);
    if (f->labels && !task->target->labels)
        standardize(f->values, f->count);
    f->linear = (L1Task){.x = f->x,
                         .rows = f->count,
                         .columns = columns,
                         .values = task->target->labels ? NULL : f->values,
                         .labels = f->labels,
                         .classes = task->target->classes.count,
                         .precise = task->keep || task->by == SCORE_STABILITY ? 1e-4 : 1e-6};
    return f->labels != NULL;
}

static bool frame_of_all(const JointTask *task, Frame *f, Error *e)
{
    *f = (Frame){.task = task, .rows = mem_try_alloc(task->in->rows->rows + 1, sizeof *f->rows, e)};
    for (size_t i = 0; f->rows && i < task->in->rows->rows; i++)
        if (has_target(task->target, i))
            f->rows[f->count++] = i;
    return f->rows && frame_fill(f, e);
}

/* Every second row of each class, in random order. */
static bool frame_of_half(const Frame *all, size_t number, Frame *f, Error *e)
{
    const JointTask *task = all->task;
    Rng rng = rng_begin(rng_child(task->in->key, number));
    bool *taken = mem_alloc(task->target->classes.count + 1);
    uint32_t *order = mem_try_alloc(all->count + 1, sizeof *order, e);
    *f = (Frame){.task = task, .rows = order ? mem_try_alloc(all->count + 1, sizeof *f->rows, e) : NULL};
    for (size_t i = 0; f->rows && i < all->count; i++)
        order[i] = (uint32_t)all->rows[i];
    if (f->rows)
        rng_shuffle(&rng, order, all->count);
    for (size_t i = 0; f->rows && i < all->count; i++) {
        bool *one = &taken[task->target->labels ? (size_t)task->target->labels[order[i]] : 0];
        if (*one)
            f->rows[f->count++] = order[i];
        *one = !*one;
    }
    mem_free(order);
    mem_free(taken);
    return f->rows && frame_fill(f, e);
}

/* Down the path to the penalty. */
static bool fit_down(Job *job, L1Model *m, double penalty, Error *e)
{
    static const double STEP = 0.5;
    for (double at = l1_largest(m) * STEP; at > penalty; at *= STEP)
        if (!l1_fit(job, m, at, e))
            return false;
    return l1_fit(job, m, penalty, e);
}

/* For each column the largest of its weights. */
static bool weights_at(Job *job, const Frame *f, double *magnitudes, Error *e)
{
    L1Model *m = l1_new(&f->linear, e);
    bool ok = m && fit_down(job, m, f->task->penalty, e);
    for (size_t j = 0; ok && j < f->linear.columns; j++)
        magnitudes[j] = l1_magnitude(m, j);
    l1_free(m);
    return ok;
}

/* Columns that have got a weight since, the heavier first. */
static size_t take_entered(const L1Model *m, double penalty, size_t columns, size_t place, ColumnScore *scores)
{
    for (;;) {
        size_t heaviest = SIZE_MAX;
        for (size_t j = 0; j < columns; j++)
            if (!scores[j].place && l1_magnitude(m, j) > 0 && (heaviest == SIZE_MAX || l1_magnitude(m, j) > l1_magnitude(m, heaviest)))
                heaviest = j;
        if (heaviest == SIZE_MAX)
            return place;
        scores[heaviest].score = penalty;
        scores[heaviest].place = ++place;
    }
}

/* The order in which columns get a weight as the penalty falls, to a thousandth of where the first does. */
static bool walk_path(Job *job, const Frame *f, ColumnScore *scores, Error *e)
{
    static const double STEP = 0.95;
    enum { STEPS = 135 };
    L1Model *m = l1_new(&f->linear, e);
    double penalty = m ? l1_largest(m) : 0;
    size_t place = 0, columns = f->linear.columns;
    bool ok = m != NULL;
    for (int i = 0; ok && penalty > 0 && i < STEPS && place < f->task->keep && place < columns; i++) {
        penalty *= STEP;
        ok = l1_fit(job, m, penalty, e);
        place = ok ? take_entered(m, penalty, columns, place, scores) : place;
    }
    l1_free(m);
    return ok;
}

static bool score_l1(Job *job, const JointTask *task, ColumnScore *scores, Error *e)
{
    Frame f;
    double *magnitudes = mem_alloc((task->names->count + 1) * sizeof *magnitudes);
    bool ok = frame_of_all(task, &f, e) && (task->keep ? walk_path(job, &f, scores, e) : weights_at(job, &f, magnitudes, e));
    for (size_t j = 0; ok && !task->keep && j < task->names->count; j++)
        scores[j].score = magnitudes[j];
    mem_free(magnitudes);
    frame_done(&f);
    return ok;
}

static bool score_stability(Job *job, const JointTask *task, ColumnScore *scores, Error *e)
{
    Frame all;
    size_t columns = task->names->count;
    double *magnitudes = mem_alloc((columns + 1) * sizeof *magnitudes);
    bool ok = frame_of_all(task, &all, e);
    for (size_t i = 0; ok && i < STABILITY_HALVES; i++) {
        Frame half;
        ok = frame_of_half(&all, i, &half, e) && weights_at(job, &half, magnitudes, e);
        for (size_t j = 0; ok && j < columns; j++)
            scores[j].score += magnitudes[j] > 0 ? 1.0 / STABILITY_HALVES : 0;
        frame_done(&half);
    }
    mem_free(magnitudes);
    frame_done(&all);
    return ok;
}

typedef struct Telling {
    const JointTask *task;
    ScoreCodes *codes; /* of each column */
    double *worths;    /* information on the target */
    double *shared;    /* the sum of what is shared with those chosen */
} Telling;

static bool read_telling(Job *job, Telling *t, Error *e)
{
    const JointTask *task = t->task;
    ScoreCodes target = {0};
    bool ok = score_codes_of_target(task->target, &target, e);
    for (size_t j = 0; ok && j < task->names->count; j++)
        ok = job_go_on(job, e) && score_codes(table_column(task->in->rows, task->names->items[j]), &t->codes[j], e) &&
             score_information(&t->codes[j], &target, &t->worths[j], e);
    score_codes_done(&target);
    return ok;
}

static bool share_with(Job *job, Telling *t, size_t chosen, const ColumnScore *scores, Error *e)
{
    for (size_t j = 0; j < t->task->names->count; j++) {
        double shared = 0;
        if (scores[j].place)
            continue;
        if (!job_go_on(job, e) || !score_information(&t->codes[j], &t->codes[chosen], &shared, e))
            return false;
        t->shared[j] += shared;
    }
    return true;
}

static bool choose_telling(Job *job, Telling *t, ColumnScore *scores, Error *e)
{
    size_t columns = t->task->names->count, wanted = t->task->keep && t->task->keep < columns ? t->task->keep : columns;
    for (size_t place = 1; place <= wanted; place++) {
        size_t best = SIZE_MAX;
        for (size_t j = 0; j < columns; j++) {
            if (scores[j].place)
                continue;
            scores[j].score = t->worths[j] - (place > 1 ? t->shared[j] / (double)(place - 1) : 0);
            if (best == SIZE_MAX || scores[j].score > scores[best].score)
                best = j;
        }
        if (!t->task->keep && !(scores[best].score > 0))
            return true;
        scores[best].place = place;
        if (place < wanted && !share_with(job, t, best, scores, e))
            return false;
    }
    return true;
}

static bool score_mrmr(Job *job, const JointTask *task, ColumnScore *scores, Error *e)
{
    size_t columns = task->names->count + 1;
    Telling t = {task, mem_alloc(columns * sizeof *t.codes), mem_alloc(columns * sizeof *t.worths), mem_alloc(columns * sizeof *t.shared)};
    bool ok = read_telling(job, &t, e) && choose_telling(job, &t, scores, e);
    for (size_t j = 0; j < task->names->count; j++)
        score_codes_done(&t.codes[j]);
    mem_free(t.codes);
    mem_free(t.worths);
    mem_free(t.shared);
    return ok;
}

bool score_jointly(Job *job, const JointTask *task, ColumnScore *scores, Error *e)
{
    for (size_t j = 0; j < task->names->count; j++)
        scores[j] = (ColumnScore){0, (double)NAN, 0};
    if (task->keep && task->keep >= task->names->count) /* all stay, in whatever order */
        return true;
    switch (task->by) {
    case SCORE_L1: return score_l1(job, task, scores, e);
    case SCORE_STABILITY: return score_stability(job, task, scores, e);
    default: return score_mrmr(job, task, scores, e);
    }
}
