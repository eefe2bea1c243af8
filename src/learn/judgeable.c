/* Rows of a table from elsewhere that a model can be judged on: they can be transformed and have a target that it knows. The others are
 * counted, with the reason. */
#include "learn/batch.h"
#include "learn/predict.h"

static void add_to(Value *map, const char *key, size_t n)
{
    if (n)
        value_set(map, key, value_int(value_get_int(map, key, 0) + (int64_t)n));
}

/* Rows that a step drops are told by step; what could not be transformed together, with the first reason. */
static Value *left_out(const Predicting *p)
{
    Value *map = value_map();
    char *without = text_format("without %s", p->b->target.name), *failed = NULL;
    size_t failures = 0;
    for (size_t i = 0; i < p->rows; i++) {
        const char *fault = p->labels[i] != LABEL_NONE ? p->said.faults[i] : NULL;
        if (fault && text_starts(fault, "dropped by"))
            add_to(map, fault, 1);
        else if (fault && failures++ == 0)
            failed = text_format("that could not be transformed (row %zu: %s)", i + 1, fault);
    }
    if (failed)
        add_to(map, failed, failures);
    add_to(map, without, p->unlabelled);
    add_to(map, "of a class that the model does not know", p->strange);
    mem_free(failed);
    mem_free(without);
    return map;
}

static Value *counts_of(const Predicting *p)
{
    RowsReport r = {0};
    rows_report_source(&r, p->input);
    Value *v = rows_report_value(&r);
    value_set(v, "left_out", left_out(p));
    value_remove(v, "used");
    rows_report_done(&r);
    return v;
}

static Table *pick(const Predicting *p, const size_t *rows, size_t count, Error *e)
{
    Table *some = table_select(p->before, rows, count, e);
    for (size_t i = 0; some && i < count; i++)
        some->row_ids[i] = table_row_id(p->input, (size_t)table_row_id(p->before, rows[i]));
    return some;
}

Table *bundle_judgeable(Job *job, const Bundle *b, const Table *t, const SideTables *given, Value **counts, Error *e)
{
    Predicting p;
    PredictTask task = {.rows = t, .sides = given, .labelled = true};
    size_t *rows = predict_run(job, b, &task, &p, e) ? mem_try_alloc(p.before->rows + 1, sizeof *rows, e) : NULL;
    size_t count = 0;
    for (size_t i = 0; rows && i < p.before->rows; i++) {
        uint64_t id = table_row_id(p.before, i);
        if (id < p.rows && p.has[id] && p.labels[id] == LABEL_KNOWN)
            rows[count++] = i;
    }
    Table *out = rows ? pick(&p, rows, count, e) : NULL;
    *counts = out ? counts_of(&p) : NULL;
    mem_free(rows);
    predict_done(&p);
    return out;
}
