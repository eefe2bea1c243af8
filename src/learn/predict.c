/* Prediction: raw rows in, one output row per input row out. A row that cannot be judged has empty cells and a reason. */
#include <math.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/bundle.h"

typedef struct Predicting {
    const Bundle *b;
    size_t rows;
    char **reasons;   /* per input row; NULL: fine */
    bool *has;        /* per input row */
    float *outputs;   /* rows * outputs, by input row */
} Predicting;

static void reason_if_none(Predicting *p, size_t row, char *reason)
{
    if (p->reasons[row])
        mem_free(reason);
    else
        p->reasons[row] = reason;
}

/* Rows of `before` that are not in `after` were dropped by this step. */
static bool blame(Predicting *p, const Table *before, const Table *after, const char *step, Error *e)
{
    bool *kept = mem_try_alloc(p->rows + 1, sizeof *kept, e);
    if (!kept)
        return false;
    for (size_t i = 0; i < after->rows; i++)
        if (table_row_id(after, i) < p->rows)
            kept[table_row_id(after, i)] = true;
    for (size_t i = 0; i < before->rows; i++) {
        uint64_t id = table_row_id(before, i);
        if (id < p->rows && !kept[id])
            reason_if_none(p, (size_t)id, text_format("dropped by %s", step));
    }
    mem_free(kept);
    return true;
}

/* Step by step, only to name who dropped what. */
static bool blame_steps(Job *job, Predicting *p, const Recipe *r, const Table *t, Error *e)
{
    Roles roles = {.target = p->b->target.name};
    Table *now = table_ref(t);
    bool ok = true;
    for (size_t i = 0; ok && i < r->count; i++) {
        Recipe *one = recipe_slice(r, i, i + 1);
        Table *next = recipe_apply(job, one, now, &roles, e);
        ok = next && (next->rows == now->rows || blame(p, now, next, r->uses[i].step->spec.name, e));
        recipe_unref(one);
        table_unref(now);
        now = next;
    }
    table_unref(now);
    return ok;
}

static Table *apply_recipe(Job *job, Predicting *p, const Recipe *r, const Table *t, Error *e)
{
    Roles roles = {.target = p->b->target.name};
    Table *after = recipe_apply(job, r, t, &roles, e);
    if (after && after->rows != t->rows && !blame_steps(job, p, r, t, e)) {
        table_unref(after);
        return NULL;
    }
    return after;
}

static const char *first_missing(const Bundle *b, const float *x)
{
    for (size_t k = 0; k < b->features.count; k++)
        if (isnan(x[k]))
            return b->features.items[k];
    return NULL;
}

static bool infer_rows(Predicting *p, const Table *t, Error *e)
{
    const Bundle *b = p->b;
    size_t width = b->features.count, outputs = target_outputs(&b->target), cells;
    if (!mem_mul(t->rows + 1, width, &cells))
        return error_set(e, ERROR_MEMORY, "%zu rows are too many", t->rows);
    float *x = mem_try_aligned(cells, sizeof *x, e), *logits = mem_try_aligned((t->rows + 1) * outputs, sizeof *logits, e);
    bool ok = x && logits && features_fill(t, &b->features, x, e) && model_infer(b->model, NULL, x, t->rows, logits, e);
    if (ok)
        outputs_finish(&b->target, logits, t->rows);
    for (size_t i = 0; ok && i < t->rows; i++) {
        size_t row = (size_t)table_row_id(t, i);
        const char *missing = first_missing(b, x + i * width);
        if (row >= p->rows || p->has[row] || p->reasons[row])
            continue;
        if (missing) {
            p->reasons[row] = text_format("%s is missing", missing);
            continue;
        }
        p->has[row] = true;
        memcpy(p->outputs + row * outputs, logits + i * outputs, outputs * sizeof(float));
    }
    mem_free(x);
    mem_free(logits);
    return ok;
}

static Column *prediction_column(const Predicting *p, Error *e)
{
    const TargetInfo *target = &p->b->target;
    MetricInput in = {.rows = p->rows, .classes = target_classes(target), .positive = target->positive, .threshold = p->b->threshold,
                      .probabilities = p->outputs};
    Column *c = column_new(target->is_classes ? COLUMN_TEXT : COLUMN_REAL, p->rows, e);
    for (size_t i = 0; c && i < p->rows; i++) {
        bool ok = true;
        if (!p->has[i]) {
            ok = column_set_missing(c, i, e);
        } else if (target->is_classes) {
            const char *name = target->classes.items[metric_decide(&in, i)];
            ok = column_set_text(c, i, name, strlen(name));
        } else {
            c->data.reals[i] = (double)p->outputs[i] * target->sd + target->mean;
        }
        if (!ok) {
            column_unref(c);
            return NULL;
        }
    }
    return c;
}

static Column *probability_column(const Predicting *p, size_t class, Error *e)
{
    Column *c = column_new(COLUMN_REAL, p->rows, e);
    for (size_t i = 0; c && i < p->rows; i++) {
        c->data.reals[i] = (double)p->outputs[i * p->b->target.classes.count + class];
        if (!p->has[i] && !column_set_missing(c, i, e)) {
            column_unref(c);
            return NULL;
        }
    }
    if (c)
        c->decimals = -1;
    return c;
}

static Column *reason_column(const Predicting *p, Error *e)
{
    Column *c = column_new(COLUMN_TEXT, p->rows, e);
    for (size_t i = 0; c && i < p->rows; i++) {
        const char *reason = p->reasons[i];
        bool ok = reason && !p->has[i] ? column_set_text(c, i, reason, strlen(reason)) : column_set_missing(c, i, e);
        if (!ok) {
            column_unref(c);
            return NULL;
        }
    }
    return c;
}

static bool add_column(Table *t, const char *name, Column *c, Error *e)
{
    return c && table_add(t, name, c, e);
}

static Table *make_table(const Predicting *p, Error *e)
{
    Table *t = table_new(p->rows);
    bool ok = add_column(t, "prediction", prediction_column(p, e), e);
    for (size_t k = 0; ok && k < p->b->target.classes.count; k++) {
        char *name = text_format("p_%s", p->b->target.classes.items[k]);
        ok = add_column(t, name, probability_column(p, k, e), e);
        mem_free(name);
    }
    if (ok && add_column(t, "reason", reason_column(p, e), e))
        return t;
    table_unref(t);
    return NULL;
}

static bool run(Job *job, Predicting *p, const Table *rows, Error *e)
{
    Table *input = schema_coerce(p->b->input_schema, rows, p->reasons, e);
    Table *before = input ? apply_recipe(job, p, p->b->before, input, e) : NULL;
    Table *after = before ? apply_recipe(job, p, p->b->fitted, before, e) : NULL;
    bool ok = after && infer_rows(p, after, e);
    for (size_t i = 0; ok && i < p->rows; i++)
        if (!p->has[i])
            reason_if_none(p, i, text_format("dropped by a step"));
    table_unref(input);
    table_unref(before);
    table_unref(after);
    return ok;
}

Table *bundle_predict(Job *job, const Bundle *b, const Table *rows, Error *e)
{
    Predicting p = {.b = b, .rows = rows->rows};
    Table *out = NULL;
    p.reasons = mem_try_alloc(p.rows + 1, sizeof *p.reasons, e);
    p.has = mem_try_alloc(p.rows + 1, sizeof *p.has, e);
    p.outputs = mem_try_aligned((p.rows + 1) * target_outputs(&b->target), sizeof(float), e);
    if (p.reasons && p.has && p.outputs && run(job, &p, rows, e))
        out = make_table(&p, e);
    for (size_t i = 0; p.reasons && i < p.rows; i++)
        mem_free(p.reasons[i]);
    mem_free(p.reasons);
    mem_free(p.has);
    mem_free(p.outputs);
    return out;
}
