/* The answer as a table. Rows of the file that could not be read stand where they stood in the file. */
#include <string.h>

#include "learn/batch.h"
#include "learn/predict.h"
#include "learn/reconstruction.h"

typedef struct Answer { /* to one row of the file */
    size_t row;         /* of the input table; unread: SIZE_MAX */
    const char *unread;
} Answer;

typedef struct Answers {
    const Predicting *p;
    Answer *items;
    size_t count;
} Answers;

static bool answers_make(Answers *a, Error *e)
{
    const Table *t = a->p->input;
    size_t next = 0;
    a->items = mem_try_alloc(a->p->rows + t->rejects_count + 1, sizeof *a->items, e);
    for (size_t row = 0; a->items && row <= a->p->rows; row++) {
        for (; next < t->rejects_count && (t->rejects[next].before <= row || t->rejects[next].before == REJECT_NO_ROW); next++)
            if (t->rejects[next].before != REJECT_NO_ROW)
                a->items[a->count++] = (Answer){SIZE_MAX, t->rejects[next].reason};
        if (row < a->p->rows && (!a->p->newest || a->p->newest[row]))
            a->items[a->count++] = (Answer){row, NULL};
    }
    return a->items != NULL;
}

static bool has(const Answers *a, size_t i)
{
    return !a->items[i].unread && a->p->has[a->items[i].row];
}

static bool set_class(const Answers *a, Column *c, size_t i, const MetricInput *in, Error *e)
{
    const char *name = a->p->b->target.classes.items[metric_decide(in, a->items[i].row)];
    return column_set_text(c, i, name, strlen(name), e);
}

static Column *class_column(const Answers *a, Error *e)
{
    const TargetInfo *target = &a->p->b->target;
    MetricInput in = {.rows = a->p->rows,
                      .classes = target_classes(target),
                      .positive = target->positive,
                      .threshold = a->p->b->threshold,
                      .costs = target->costs,
                      .probabilities = a->p->outputs};
    Column *c = column_new(COLUMN_TEXT, a->count, e);
    for (size_t i = 0; c && i < a->count; i++) {
        if (has(a, i) ? set_class(a, c, i, &in, e) : column_set_missing(c, i, e))
            continue;
        column_unref(c);
        return NULL;
    }
    return c;
}

/* An output as it is: the probability of a class, a number in the unit of the target, or the error of the input given again. */
static Column *output_column(const Answers *a, size_t output, Error *e)
{
    const TargetInfo *target = &a->p->b->target;
    Column *c = column_new(COLUMN_REAL, a->count, e);
    for (size_t i = 0; c && i < a->count; i++) {
        if (has(a, i)) {
            const float *row = a->p->outputs + a->items[i].row * target_outputs(target);
            c->data.reals[i] = target->inputs       ? reconstruction_error(target, row)
                               : target->is_classes ? (double)row[output]
                                                    : target_real(target, output, row[output]);
        } else if (!column_set_missing(c, i, e)) {
            column_unref(c);
            return NULL;
        }
    }
    return c;
}

static const char *reason_of(const Answers *a, size_t i)
{
    const Answer *one = &a->items[i];
    if (one->unread)
        return one->unread;
    return has(a, i) ? a->p->said.remarks[one->row] : a->p->said.faults[one->row];
}

static Column *reason_column(const Answers *a, Error *e)
{
    Column *c = column_new(COLUMN_TEXT, a->count, e);
    for (size_t i = 0; c && i < a->count; i++) {
        const char *reason = reason_of(a, i);
        if (reason ? column_set_text(c, i, reason, strlen(reason), e) : column_set_missing(c, i, e))
            continue;
        column_unref(c);
        return NULL;
    }
    return c;
}

static bool add_column(Table *t, const char *name, Column *c, Error *e)
{
    return c && table_add(t, name, c, e);
}

/* The series and the time of each answer, where not all rows are answered. */
static bool add_places(const Answers *a, Table *t, Error *e)
{
    const Table *places = a->p->newest ? a->p->places : NULL;
    size_t *rows = places ? mem_try_alloc(a->count + 1, sizeof *rows, e) : NULL;
    bool ok = rows || !places;
    for (size_t i = 0; rows && i < a->count; i++)
        rows[i] = a->items[i].unread ? places->rows - 1 : a->items[i].row;
    for (size_t k = 0; ok && places && k < places->columns_count; k++)
        ok = add_column(t, places->names[k], column_select(places->columns[k], rows, a->count, e), e);
    mem_free(rows);
    return ok;
}

/* prediction and p_<class>, or score; a number: prediction; the numbers of an array and quantiles: by their names. */
static bool add_answers(const Answers *a, Table *t, Error *e)
{
    const TargetInfo *target = &a->p->b->target;
    bool ok = !target->is_classes || add_column(t, "prediction", class_column(a, e), e), is_one = target->outputs_count == 1;
    if (ok && target->inputs)
        return add_column(t, "score", output_column(a, 0, e), e);
    for (size_t k = 0; ok && !is_one && k < target->outputs_count && target_numbers(target) == 1; k++)
        ok = !target_is_point(target, k) || table_find(t, "prediction") != TABLE_NONE ||
             add_column(t, "prediction", output_column(a, k, e), e);
    for (size_t k = 0; ok && k < target_outputs(target); k++) {
        char *name = target->is_classes ? text_format("p_%s", target->classes.items[k])
                                        : mem_strdup(is_one ? "prediction" : target->outputs[k].name);
        ok = add_column(t, name, output_column(a, k, e), e);
        mem_free(name);
    }
    return ok;
}

Table *predict_table(const Predicting *p, Error *e)
{
    Answers a = {.p = p};
    if (!answers_make(&a, e))
        return NULL;
    Table *t = table_new(a.count);
    bool ok = add_places(&a, t, e) && add_answers(&a, t, e) && add_column(t, "reason", reason_column(&a, e), e);
    mem_free(a.items);
    if (ok)
        return t;
    table_unref(t);
    return NULL;
}
