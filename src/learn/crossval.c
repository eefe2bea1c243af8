/* Cross-validation: k folds by hash, every learned step fitted anew in each; the test part of the pipeline's split stays out. Each
 * fold is a run of its own. The held-out rows are looked at once, after the training; early stopping watches an inner part. */
#include <math.h>
#include <string.h>

#include "base/io.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/call.h"
#include "learn/farm.h"

static const char outputs_file[] = "held.bin";

typedef struct Cross {
    CallContext *c;
    const Pipeline *p;
    const CrossPlan *plan;
    Call call;
    Table *rows;     /* structural, without the test part */
    size_t left_out; /* rows of the test part */
    uint8_t *fold;
} Cross;

static char *fold_directory(const Cross *x, size_t i)
{
    return text_format("%s/folds/%02zu", x->call.directory, i + 1);
}

static bool select_rows(Cross *x, const RawParts *raw, const uint8_t *parts, Error *e)
{
    size_t *rows = mem_try_alloc(raw->structural->rows + 1, sizeof *rows, e), count = 0;
    if (!rows)
        return false;
    for (size_t i = 0; i < raw->structural->rows; i++)
        if (parts[i] != PART_TEST)
            rows[count++] = i;
    x->left_out = raw->structural->rows - count;
    x->rows = table_select(raw->structural, rows, count, e);
    mem_free(rows);
    return x->rows != NULL;
}

/* Marks rows by the ids in the test part, which raw_parts has split already. */
static void mark_test(const RawParts *raw, uint8_t *parts)
{
    const Table *test = raw->parts[PART_TEST];
    for (size_t i = 0, k = 0; i < raw->structural->rows; i++) {
        bool is_test = k < test->rows && table_row_id(test, k) == table_row_id(raw->structural, i);
        parts[i] = is_test ? PART_TEST : PART_TRAIN;
        k += is_test;
    }
}

static bool make_folds(Cross *x, Error *e)
{
    RawParts raw;
    Roles roles = pipeline_roles(x->p);
    if (!pipeline_raw_parts(x->c->job, x->p, &raw, e))
        return false;
    uint8_t *parts = mem_try_alloc(raw.structural->rows + 1, 1, e);
    bool ok = parts != NULL;
    if (ok) {
        mark_test(&raw, parts);
        ok = select_rows(x, &raw, parts, e);
    }
    mem_free(parts);
    raw_parts_done(&raw);
    if (ok && x->rows->rows < (size_t)x->plan->folds * 2)
        ok = error_set(e, ERROR_USAGE, "%zu rows are too few for %lld folds", x->rows->rows, (long long)x->plan->folds);
    x->fold = ok ? mem_try_alloc(x->rows->rows + 1, 1, e) : NULL;
    return x->fold && split_folds(x->rows, &roles, (int)x->plan->folds, pipeline_split_seed(x->p), x->fold, e);
}

/* Early stopping needs rows of its own: one in eight of what is not held out. */
static bool assign_parts(const Cross *x, size_t i, uint8_t *parts, Error *e)
{
    enum { INNER = 8 };
    Roles roles = pipeline_roles(x->p);
    if (x->plan->base.early_stop.spec && !split_folds(x->rows, &roles, INNER, pipeline_split_seed(x->p) + 1 + i, parts, e))
        return false;
    for (size_t r = 0; r < x->rows->rows; r++) {
        bool is_inner = x->plan->base.early_stop.spec && parts[r] == 0;
        parts[r] = x->fold[r] == i ? PART_TEST : is_inner ? PART_VALID : PART_TRAIN;
    }
    return true;
}

static bool work(void *self, size_t i, Error *e)
{
    Cross *x = self;
    Prepared *d = NULL;
    Value *result = NULL;
    char *directory = fold_directory(x, i);
    uint8_t *parts = mem_try_alloc(x->rows->rows + 1, 1, e);
    bool ok = parts && assign_parts(x, i, parts, e) && pipeline_prepare_parts(x->c->job, x->p, x->rows, parts, &d, e);
    if (ok) {
        ChildTask task = {.directory = directory, .kind = "fold", .judged = &d->data[PART_TEST], .outputs = outputs_file,
                          .train = {.data = d, .plan = &x->plan->base, .plan_hash = x->call.plan_hash, .threads = 1,
                                    .seed = call_seed(x->p, &x->plan->base)}};
        ok = child_train(x->c->job, &task, &result, e);
    }
    value_free(result);
    prepared_free(d);
    mem_free(parts);
    mem_free(directory);
    return ok;
}

static bool is_done(void *self, size_t i)
{
    char *directory = fold_directory(self, i);
    Value *result = call_read_json(directory, "result.json");
    bool done = value_get(result, "held") && text_equal(value_get_text(result, "status", ""), "done");
    value_free(result);
    mem_free(directory);
    return done;
}

static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    (void)self;
    if (!failed)
        return true;
    *e = *failed;
    return error_prefix(e, "fold %zu: ", i + 1);
}

/* Over the folds that have the figure: one whose held-out rows are of one class has no AUC, and is not asked. */
static size_t statistics_of(const Value *folds, const char *name, double *mean, double *sd)
{
    double sum = 0, spread = 0;
    size_t n = 0;
    for (size_t i = 0; i < folds->size; i++) {
        double x = value_get_real(value_get(folds->items[i], "held"), name, NAN);
        sum += isfinite(x) ? x : 0;
        n += isfinite(x);
    }
    *mean = n ? sum / (double)n : NAN;
    for (size_t i = 0; i < folds->size; i++) {
        double d = value_get_real(value_get(folds->items[i], "held"), name, NAN) - *mean;
        spread += isfinite(d) ? d * d : 0;
    }
    *sd = n > 1 ? sqrt(spread / (double)(n - 1)) : NAN;
    return n;
}

/* "undefined": how many folds lack a figure, for those that some lack. */
static void add_statistics(Value *result, const Value *folds)
{
    Value *mean = value_map(), *sd = value_map(), *undefined = value_map();
    const Value *first = value_get(folds->items[0], "held");
    for (size_t k = 0; k < first->size; k++) {
        double m, s;
        size_t n = statistics_of(folds, first->keys[k], &m, &s);
        value_set(mean, first->keys[k], value_real(m));
        value_set(sd, first->keys[k], value_real(s));
        if (n < folds->size)
            value_set(undefined, first->keys[k], value_int((int64_t)(folds->size - n)));
    }
    value_set(result, "mean", mean);
    value_set(result, "sd", sd);
    value_set(result, "undefined", undefined);
}

/* Said as alarms, in the order of the figures. */
static bool note_undefined(const Cross *x, const Value *result, Error *e)
{
    const Value *undefined = value_get(result, "undefined");
    bool ok = true;
    for (size_t i = 0; ok && undefined && i < undefined->size; i++) {
        long long count = value_get_int(undefined, undefined->keys[i], 0);
        char *note = text_format("%s is undefined in %lld of %lld folds; its mean is over the others", undefined->keys[i], count,
                                 (long long)x->plan->folds);
        ok = call_note(x->c, &x->call, note, e);
        mem_free(note);
    }
    return ok;
}

typedef struct PooledRows {
    Dataset data;
    float *outputs;
} PooledRows;

/* All held-out outputs side by side, fold by fold, with their labels. */
static bool pool_fold(const Cross *x, size_t i, const TargetInfo *target, PooledRows *pool, Error *e)
{
    size_t outputs = target_outputs(target), size, from = pool->data.rows;
    char *directory = fold_directory(x, i), *path = io_join(directory, outputs_file), *bytes = NULL;
    const Column *c = table_column(x->rows, target->name);
    Text text = {0};
    bool ok = io_read_file(path, 0, &bytes, &size, e);
    for (size_t r = 0; ok && r < x->rows->rows; r++) {
        if (x->fold[r] != i)
            continue;
        text_clear(&text);
        column_format(c, r, &text);
        if (target->is_classes)
            pool->data.labels[pool->data.rows] = target_info_class(target, text_get(&text));
        else
            pool->data.values[pool->data.rows] = (float)((column_real(c, r) - target->mean) / target->sd);
        pool->data.rows++;
    }
    ok = ok && (size == (pool->data.rows - from) * outputs * sizeof(float) ||
                error_set(e, ERROR_FAILED, "%s does not hold one output per held-out row", path));
    if (ok)
        memcpy(pool->outputs + from * outputs, bytes, size);
    text_done(&text);
    mem_free(bytes);
    mem_free(path);
    mem_free(directory);
    return ok;
}

/* Figures over all held-out rows together. Regression folds have their own scale, and steps may drop rows: then there are none. */
static bool add_pooled(const Cross *x, Value *result, Error *e)
{
    TargetInfo target;
    TextList notes = {0};
    Roles roles = pipeline_roles(x->p);
    PooledRows pool = {0};
    Error ignored = {0};
    if (!target_info_find(x->rows, &roles, &target, &notes, e))
        return false;
    size_t rows = x->rows->rows + 1;
    pool.data.labels = mem_try_alloc(rows, sizeof *pool.data.labels, e);
    pool.data.values = mem_try_alloc(rows, sizeof *pool.data.values, e);
    pool.outputs = mem_try_alloc(rows * target_outputs(&target), sizeof *pool.outputs, e);
    bool ok = pool.data.labels && pool.data.values && pool.outputs, whole = ok && target.is_classes;
    for (size_t i = 0; whole && i < (size_t)x->plan->folds; i++)
        whole = pool_fold(x, i, &target, &pool, &ignored);
    if (whole && x->plan->base.class_weight)
        whole = target_info_balance(&target, &pool.data, &ignored);
    value_set(result, "pooled", whole ? metrics_of(&target, &pool.data, pool.outputs, 0.5) : value_null());
    dataset_done(&pool.data);
    mem_free(pool.outputs);
    target_info_done(&target);
    text_list_done(&notes);
    return ok;
}

static bool collect(const Cross *x, Value **result, Error *e)
{
    Value *folds = value_list(), *flat = value_list();
    for (size_t i = 0; i < (size_t)x->plan->folds; i++) {
        char *directory = fold_directory(x, i);
        Value *one = call_read_json(directory, "result.json");
        mem_free(directory);
        if (one)
            value_add(folds, one);
    }
    *result = value_map();
    bool ok = folds->size == (size_t)x->plan->folds || error_set(e, ERROR_FAILED, "a fold has left no result; train it again");
    if (ok) {
        for (size_t i = 0; i < folds->size; i++)
            value_add(flat, value_copy(value_get(folds->items[i], "held")));
        add_statistics(*result, folds);
        ok = add_pooled(x, *result, e) && note_undefined(x, *result, e);
    }
    value_set(*result, "folds", flat);
    value_set(*result, "rows", value_int((int64_t)x->rows->rows));
    value_set(*result, "left_out", value_int((int64_t)x->left_out));
    value_free(folds);
    return ok;
}

static bool start_event(Cross *x, Error *e)
{
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "folds", value_int(x->plan->folds));
    value_set(v, "epochs", value_int(x->plan->base.epochs));
    value_set(v, "rows", value_int((int64_t)x->rows->rows));
    value_set(v, "left_out", value_int((int64_t)x->left_out));
    return run_event(x->call.run, "start", v, true, e);
}

static bool end_event(Cross *x, const char *status, Error *e)
{
    Value *v = value_map();
    value_set(v, "status", value_text(status));
    return run_event(x->call.run, "end", v, true, e);
}

static bool run_folds(Cross *x, Value **result, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = x, .count = (size_t)x->plan->folds, .jobs = x->plan->jobs, .run = x->call.run, .is_done = is_done, .work = work,
                 .ended = ended};
    if (!make_folds(x, e) || !start_event(x, e))
        return false;
    Error ignored = {0};
    bool ok = farm_run(x->c->job, &farm, &stopped, e);
    if (ok && stopped)
        ok = error_set(e, ERROR_CANCELED, "cross-validation was stopped");
    ok = ok && collect(x, result, e);
    if (ok || e->code != ERROR_CANCELED || stopped)
        end_event(x, ok ? "done" : stopped ? "stopped" : "failed", &ignored);
    return ok;
}

bool call_cross_validate(CallContext *c, const Pipeline *p, const CrossPlan *plan, Value **result, Error *e)
{
    Cross x = {.c = c, .p = p, .plan = plan};
    *result = NULL;
    if (!call_begin(c, &x.call, "crossval", plan->base.name, call_plan(p, &cross_validate_spec, plan), e))
        return false;
    bool ok = true;
    if (x.call.stored)
        *result = value_copy(x.call.stored);
    else
        ok = run_folds(&x, result, e) && call_end(c, &x.call, *result, e);
    if (!ok) {
        value_free(*result);
        *result = NULL;
    }
    table_unref(x.rows);
    mem_free(x.fold);
    call_done(&x.call);
    return ok;
}
