/* Rows of a table from elsewhere that a model can be judged on: they can be transformed and have a target that it knows. The others are
 * counted, with the reason. */
#include <string.h>

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

/* Of the types of the schema, with the row ids of t. */
static Table *pick(const Bundle *b, const Table *t, const size_t *rows, size_t count, Error *e)
{
    Table *some = table_select(t, rows, count, e), *coerced = some ? schema_coerce(b->input_schema, some, NULL, e) : NULL;
    if (coerced)
        coerced->row_ids = mem_try_alloc(count + 1, sizeof *coerced->row_ids, e);
    if (coerced && coerced->row_ids) {
        memcpy(coerced->row_ids, some->row_ids, count * sizeof *coerced->row_ids);
    } else {
        table_unref(coerced);
        coerced = NULL;
    }
    table_unref(some);
    return coerced;
}

Table *bundle_judgeable(Job *job, const Bundle *b, const Table *t, const SideTables *given, Value **counts, Error *e)
{
    Predicting p;
    SideTables sides = given ? *given : (SideTables){0};
    sides.labelled = true;
    bool ok = predict_run(job, b, t, &sides, &p, e);
    size_t *rows = ok ? mem_try_alloc(t->rows + 1, sizeof *rows, e) : NULL, count = 0;
    for (size_t i = 0; rows && i < t->rows; i++)
        if (p.has[i] && p.labels[i] == LABEL_KNOWN)
            rows[count++] = i;
    Table *out = rows ? pick(b, t, rows, count, e) : NULL;
    *counts = out ? counts_of(&p) : NULL;
    mem_free(rows);
    predict_done(&p);
    return out;
}
