/* Cross-validation: k folds by the unit of the pipeline, every learned step fitted anew in each; the test part of its split stays out.
 * In time, folds go forward: each learns from the past of the rows it is judged on. Each fold is a run of its own. The held-out rows
 * are looked at once, after the training; early stopping watches an inner part. */
#include <math.h>
#include <string.h>

#include "base/io.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/call.h"
#include "learn/duplicates.h"
#include "learn/farm.h"
#include "learn/importance.h"
#include "learn/keep.h"
#include "learn/parts.h"
#include "learn/statistics.h"
#include "steps/reach.h"

static const char outputs_file[] = "held.bin", fold_kind[] = "fold";

typedef struct Cross {
    CallContext *c;
    const Pipeline *p;
    const CrossPlan *plan;
    Call call;
    RawParts raw;   /* of the pipeline's own split */
    Table *rows;    /* structural, without what belongs to the test part */
    Table *columns; /* of the unit, row by row */
    TargetInfo target;
    TextList notes;
    uint8_t *fold; /* of each row: where it is judged; NOT_JUDGED: nowhere */
    size_t twins;  /* rows that are held out and equal one that their fold learns from */
    size_t held;   /* rows that the folds hold out */
    size_t judged; /* those that come through the steps behind the split */
} Cross;

enum { NOT_JUDGED = 255 };

static char *fold_directory(const Cross *x, size_t i)
{
    return text_format("%s/folds/%02zu", x->call.directory, i + 1);
}

/* All rows but those of the test part, those within the gap before it, and those that cannot be put in order. */
static bool select_rows(Cross *x, Error *e)
{
    size_t *rows = mem_try_alloc(x->raw.structural->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < x->raw.structural->rows; i++) {
        int part = x->raw.part[i];
        if (part == PART_TRAIN || part == PART_VALID || part == PART_COUNT + LEFT_GAP_VALID)
            rows[count++] = i;
    }
    x->rows = rows ? table_select(x->raw.structural, rows, count, e) : NULL;
    mem_free(rows);
    return x->rows != NULL;
}

static bool fold_parts(const Cross *x, size_t i, uint8_t *parts, SplitReport *report, Error *e)
{
    Unit unit = pipeline_unit(x->p);
    Roles roles = pipeline_roles(x->p);
    TargetReach reach = {0};
    FoldTask task = {.split = {&x->p->split, &unit, x->columns, x->target.is_classes ? table_column(x->rows, x->target.name) : NULL,
                               pipeline_split_seed(x->p), &reach, NULL},
                     .folds = (int)x->plan->folds,
                     .fold = (int)i,
                     .watched = x->plan->base.early_stop.spec || (x->plan->keep && x->plan->keep_by < KEEP_BY_STEP)};
    bool ok = reach_find(x->c->job, x->raw.before, x->rows, &roles, &reach, e) && split_fold(&task, parts, report, e);
    reach_done(&reach);
    return ok;
}

/* Held-out rows that the fold's own training rows tell the answer of. */
static bool count_twins(Cross *x, const uint8_t *parts, Error *e)
{
    Table *tables[PART_COUNT] = {0};
    size_t twins[PART_COUNT] = {0};
    bool ok = split_tables(x->rows, parts, tables, e) && duplicates_across_parts(x->p, tables, twins, e);
    x->twins += ok ? twins[PART_TEST] : 0;
    for (int i = 0; i < PART_COUNT; i++)
        table_unref(tables[i]);
    return ok;
}

/* Where each row is judged; what cannot be folded is refused before anything is trained. */
static bool mark_folds(Cross *x, Error *e)
{
    uint8_t *parts = mem_try_alloc(x->rows->rows + 1, 1, e);
    x->fold = mem_try_alloc(x->rows->rows + 1, 1, e);
    bool ok = parts && x->fold;
    for (size_t r = 0; ok && r < x->rows->rows; r++)
        x->fold[r] = NOT_JUDGED;
    for (size_t i = 0; ok && i < (size_t)x->plan->folds; i++) {
        SplitReport report = {0};
        ok = fold_parts(x, i, parts, &report, e) && count_twins(x, parts, e);
        for (size_t r = 0; ok && r < x->rows->rows; r++)
            if (parts[r] == PART_TEST)
                x->fold[r] = (uint8_t)i;
        x->held += report.rows[PART_TEST];
        split_report_done(&report);
    }
    mem_free(parts);
    return ok;
}

static bool find_target(Cross *x, const Roles *roles, Error *e)
{
    return target_info_find(x->rows, roles, &x->target, &x->notes, e) || error_prefix(e, "outside of the test part: ");
}

static bool make_folds(Cross *x, Error *e)
{
    Roles roles = pipeline_roles(x->p);
    Unit unit = pipeline_unit(x->p);
    if (!pipeline_raw_parts(x->c->job, x->p, &x->raw, e) || !select_rows(x, e) || !find_target(x, &roles, e))
        return false;
    if (x->rows->rows < (size_t)x->plan->folds * 2)
        return error_set(e, ERROR_USAGE, "%zu rows are too few for %lld folds", x->rows->rows, (long long)x->plan->folds);
    x->columns = unit_columns(&unit, x->rows, x->p->source, e);
    return x->columns && mark_folds(x, e);
}

static void cross_done(Cross *x)
{
    raw_parts_done(&x->raw);
    table_unref(x->rows);
    table_unref(x->columns);
    target_info_done(&x->target);
    text_list_done(&x->notes);
    mem_free(x->fold);
    call_done(&x->call);
}

static bool prepare_fold(const Cross *x, size_t i, Prepared **out, Error *e)
{
    RawParts raw = {.before = recipe_ref(x->raw.before),
                    .after = recipe_ref(x->raw.after),
                    .structural = table_ref(x->rows),
                    .target = target_info_copy(&x->target)};
    raw.part = mem_try_alloc(x->rows->rows + 1, 1, e);
    *out = NULL;
    if (raw.part && fold_parts(x, i, raw.part, &raw.split, e) && split_tables(x->rows, raw.part, raw.parts, e))
        return pipeline_prepare_from(x->c->job, x->p, &raw, out, e);
    raw_parts_done(&raw);
    return false;
}

/* The run is there before it is trained, so that a stop reaches the choice of features too. */
static bool choose_features(const Cross *x, Prepared *d, const char *directory, TrainTask *train, Error *e)
{
    if (!x->plan->keep || x->plan->keep_by >= KEEP_BY_STEP)
        return true;
    KeepTask keep = {train, x->plan->keep_by, (size_t)x->plan->keep, directory};
    train->run = child_open(directory, fold_kind, &train->resume, e);
    if (train->run && prepared_keep_best(x->c->job, x->p, d, &keep, NULL, e))
        return true;
    run_close(train->run);
    return false;
}

static bool work(void *self, size_t i, Error *e)
{
    Cross *x = self;
    Prepared *d = NULL;
    Value *result = NULL;
    char *directory = fold_directory(x, i);
    bool ok = prepare_fold(x, i, &d, e);
    TrainTask train = {
        .data = d, .plan = &x->plan->base, .plan_hash = x->call.plan_hash, .threads = 1, .seed = call_seed(x->p, &x->plan->base)};
    ok = ok && choose_features(x, d, directory, &train, e);
    if (ok) {
        ChildTask task = {.directory = directory,
                          .kind = fold_kind,
                          .judged = &d->data[PART_TEST],
                          .shuffled = x->plan->importance ? d->parts[PART_TEST] : NULL,
                          .outputs = outputs_file,
                          .train = train};
        ok = child_train(x->c->job, &task, &result, e);
    }
    value_free(result);
    prepared_free(d);
    mem_free(directory);
    return ok;
}

/* Without its held-out outputs as they were, a fold is judged again: its checkpoint has the weights. */
static bool outputs_are_there(const char *directory, const Value *result)
{
    char hash[HASH_ROOM], *path = io_join(directory, outputs_file), *bytes = NULL;
    size_t size;
    Error ignored = {0};
    bool there = io_read_file(path, 0, &bytes, &size, &ignored);
    if (there) {
        sha256_hex(bytes, size, hash);
        there = text_equal(value_get_text(result, "outputs_hash", hash), hash);
    }
    mem_free(bytes);
    mem_free(path);
    return there;
}

static bool is_done(void *self, size_t i)
{
    char *directory = fold_directory(self, i);
    Value *result = call_read_json(directory, "result.json");
    bool done =
        value_get(result, "held") && text_equal(value_get_text(result, "status", ""), "done") && outputs_are_there(directory, result);
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
    for (size_t k = 0; k < value_entries(first); k++) {
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
    for (size_t i = 0; ok && i < value_entries(undefined); i++) {
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
static bool pool_fold(const Cross *x, size_t i, const TargetInfo *target, PooledRows *pool, bool *fits, Error *e)
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
        column_format_key(c, r, &text);
        pool->data.labels[pool->data.rows++] = target_info_class(target, text_get(&text));
    }
    *fits = ok && size == (pool->data.rows - from) * outputs * sizeof(float);
    if (*fits)
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
    TargetInfo target = target_info_copy(&x->target);
    PooledRows pool = {0};
    Error ignored = {0};
    size_t rows = x->rows->rows + 1;
    pool.data.labels = mem_try_alloc(rows, sizeof *pool.data.labels, e);
    pool.outputs = mem_try_alloc(rows * target_outputs(&target), sizeof *pool.outputs, e);
    bool ok = pool.data.labels && pool.outputs, whole = ok && target.is_classes && !target.is_input;
    for (size_t i = 0; ok && whole && i < (size_t)x->plan->folds; i++)
        ok = pool_fold(x, i, &target, &pool, &whole, e);
    if (whole && x->plan->base.class_weights)
        whole = target_info_weigh(&target, x->plan->base.class_weights, &ignored);
    else if (whole && x->plan->base.class_weight)
        whole = target_info_balance(&target, &pool.data, &ignored);
    value_set(result, "metric", value_text(target.is_input ? METRIC_LOSS : metric_leading(target_classes(&target))->spec.name));
    whole = ok && whole;
    Value *pooled = whole ? metrics_of(&target, &pool.data, pool.outputs, 0.5, e) : value_null();
    ok = ok && pooled;
    if (pooled)
        value_set(result, "pooled", pooled);
    dataset_done(&pool.data);
    mem_free(pool.outputs);
    target_info_done(&target);
    return ok;
}

static void add_left(Value *left, const char *why, size_t rows)
{
    if (rows)
        value_set(left, why, value_int((int64_t)rows));
}

/* The unit, the rows that folds use and judge, and those that they do not, by reason. */
static void add_rows(const Cross *x, Value *v)
{
    Unit unit = pipeline_unit(x->p);
    const SplitReport *r = &x->raw.split;
    Value *left = value_map();
    add_left(left, "could not be read", x->raw.rows.unread);
    for (size_t i = 0; i < x->raw.rows.steps.count; i++)
        if (x->raw.rows.changes[i] > 0) {
            char *why = text_format("dropped by %s", x->raw.rows.steps.items[i]);
            add_left(left, why, (size_t)x->raw.rows.changes[i]);
            mem_free(why);
        }
    add_left(left, "test part", r->rows[PART_TEST]);
    for (int why = 0; why < LEFT_COUNT; why++)
        if (why != LEFT_GAP_VALID)
            add_left(left, split_left_name((SplitLeft)why), r->left[why]);
    add_left(left, "first block, never judged", x->rows->rows - x->held);
    add_left(left, "dropped" ROWS_BEHIND_SPLIT, x->held - x->judged);
    value_set(v, "unit", value_text(unit_kind_name(unit.kind)));
    value_set(v, "column", unit.column ? value_text(unit.column) : value_null());
    value_set(v, "order", unit.order ? value_text(unit.order) : value_null());
    value_set(v, "gap", value_real(unit.gap));
    value_set(v, "rows", value_int((int64_t)x->rows->rows));
    value_set(v, "judged", value_int((int64_t)x->judged));
    value_set(v, "duplicates", value_int((int64_t)x->twins));
    value_set(v, "left_out", value_int((int64_t)(x->raw.structural->rows + r->left[LEFT_TARGET] - x->rows->rows)));
    value_set(v, "left", left);
    Value *counts = rows_report_value(&x->raw.rows);
    value_remove(counts, "used");
    value_set(v, "row_counts", counts);
}

static bool collect(Cross *x, Value **result, Error *e)
{
    Value *folds = value_list(), *flat = value_list();
    x->judged = 0;
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
        for (size_t i = 0; i < folds->size; i++) {
            value_add(flat, value_copy(value_get(folds->items[i], "held")));
            x->judged += (size_t)value_get_int(folds->items[i], "held_rows", 0);
        }
        add_statistics(*result, folds);
        if (x->plan->importance)
            value_set(*result, "importance", importance_over(folds, folds_ratio(folds->size, pipeline_unit(x->p).order != NULL)));
        ok = add_pooled(x, *result, e) && note_undefined(x, *result, e);
    }
    value_set(*result, "folds", flat);
    add_rows(x, *result);
    value_free(folds);
    return ok;
}

static bool start_event(Cross *x, Error *e)
{
    x->judged = x->held;
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "folds", value_int(x->plan->folds));
    value_set(v, "epochs", value_int(x->plan->base.epochs));
    add_rows(x, v);
    return run_event(x->call.run, "start", v, true, e);
}

static bool end_event(Cross *x, const char *status, Error *e)
{
    Value *v = value_map();
    value_set(v, "status", value_text(status));
    return run_event(x->call.run, "end", v, true, e);
}

static void note_rows(Cross *x)
{
    rows_report_notes(&x->raw.rows, &x->raw.notes);
    if (x->twins)
        parts_note(&x->raw.notes,
                   text_format("%zu of %zu held-out rows equal a training row of their fold; drop_duplicates before the split keeps "
                               "one of each",
                               x->twins, x->held));
}

static bool run_folds(Cross *x, Value **result, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = x,
                 .piece = "fold",
                 .count = (size_t)x->plan->folds,
                 .jobs = x->plan->jobs,
                 .run = x->call.run,
                 .is_done = is_done,
                 .work = work,
                 .ended = ended};
    if (!make_folds(x, e) || !start_event(x, e))
        return false;
    note_rows(x);
    call_say(x->c, &x->raw.notes);
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
    Pipeline *keeping = keep_pipeline(p, plan, e);
    bool ok = keeping != NULL;
    x.p = keeping;
    if (ok && x.call.stored)
        *result = value_copy(x.call.stored);
    else
        ok = ok && run_folds(&x, result, e) && call_end(c, &x.call, *result, e);
    if (!ok) {
        value_free(*result);
        *result = NULL;
    }
    cross_done(&x);
    pipeline_unref(keeping);
    return ok;
}
