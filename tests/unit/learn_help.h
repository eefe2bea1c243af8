/* A small table made by a seeded generator, and a pipeline over it, for the tests of learning. */
#ifndef TESTS_UNIT_LEARN_HELP_H
#define TESTS_UNIT_LEARN_HELP_H

#include "base/json.h"
#include "base/rng.h"
#include "learn/learn.h"
#include "tests/unit/test.h"

static inline void help_register(void)
{
    registry_add(step_family());
    registry_add(layer_family());
    registry_add(loss_family());
    registry_add(metric_family());
    registry_add(optimizer_family());
    registry_add(schedule_family());
    registry_add(preset_family());
    registry_add(averaging_family());
    registry_add(layer_rule_family());
    registry_add(stopping_family());
    registry_add(sampler_family());
    registry_add(plan_family());
}

/* id, age (some missing), spend, plan (text), left (Yes or No; depends on age, spend and plan). */
static inline Table *help_table(size_t rows, uint64_t seed)
{
    static const char *const plans[] = {"basic", "plus", "pro"};
    Rng rng = rng_begin(rng_key(seed, "test table"));
    Error e = {0};
    Table *t = table_new(rows);
    Column *id = column_new(COLUMN_INT, rows, &e), *age = column_new(COLUMN_REAL, rows, &e), *spend = column_new(COLUMN_REAL, rows, &e);
    Column *plan = column_new(COLUMN_TEXT, rows, &e), *left = column_new(COLUMN_TEXT, rows, &e);
    for (size_t i = 0; i < rows; i++) {
        size_t kind = (size_t)rng_below(&rng, 3);
        double a = rng_normal(&rng), s = rng_normal(&rng), logit = 1.5 * a - 1.2 * s + (kind == 2 ? 1.0 : -0.5) - 0.6;
        bool leaves = rng_uniform(&rng) < 1 / (1 + exp(-logit));
        id->data.ints[i] = (int64_t)i;
        age->data.reals[i] = 40 + 10 * a;
        spend->data.reals[i] = 100 + 30 * s;
        if (rng_below(&rng, 20) == 0)
            column_set_missing(age, i, &e);
        column_set_text(plan, i, plans[kind], strlen(plans[kind]), NULL);
        column_set_text(left, i, leaves ? "Yes" : "No", leaves ? 3 : 2, NULL);
    }
    table_add(t, "id", id, &e);
    table_add(t, "age", age, &e);
    table_add(t, "spend", spend, &e);
    table_add(t, "plan", plan, &e);
    table_add(t, "left", left, &e);
    return t;
}

static inline Pipeline *help_add(Pipeline *p, const char *step, const char *json)
{
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    const Step *s = step_find(step);
    void *params = v && s ? params_from_value(&s->spec, v, &e) : NULL;
    CHECK_OK(params != NULL, e);
    Pipeline *next = params ? pipeline_with_step(p, s, params) : pipeline_ref(p);
    if (params)
        params_free(&s->spec, params);
    value_free(v);
    pipeline_unref(p);
    return next;
}

static inline Pipeline *help_source(const Table *t)
{
    Pipeline *p = pipeline_new(t, "test.csv", NULL), *q = pipeline_with_target(p, "left", NULL);
    pipeline_unref(p);
    q->seed = 7;
    return help_add(q, "drop", "{\"columns\":[\"id\"]}");
}

static inline Pipeline *help_pipeline(const Table *t)
{
    Pipeline *p = help_source(t);
    p = help_add(p, "fill_missing", "{\"columns\":[\"age\"]}");
    p = help_add(p, "one_hot", "{\"columns\":[\"text\"]}");
    return help_add(p, "standardize", "{\"columns\":[\"numeric\"]}");
}

/* Parameters of a plan from JSON. */
static inline void *help_plan(const Spec *spec, const char *json)
{
    Error e = {0};
    Value *v = json_parse(json, strlen(json), &e);
    void *plan = v ? params_from_value(spec, v, &e) : NULL;
    CHECK_OK(plan != NULL, e);
    value_free(v);
    return plan;
}

static inline Prepared *help_prepare(const Pipeline *p)
{
    Error e = {0};
    Prepared *d = NULL;
    CHECK_OK(pipeline_prepare(NULL, p, &d, &e), e);
    return d;
}

/* Trains in memory, or in a run when directory is given; the model hash, "" on failure. */
static inline Bundle *help_train(const Prepared *d, const TrainPlan *plan, int threads, RunDir *run, bool resume)
{
    Error e = {0};
    Bundle *b = NULL;
    Value *result = NULL;
    TrainTask task = {.data = d, .plan = plan, .plan_hash = "plan", .seed = 3, .threads = threads, .run = run, .resume = resume};
    CHECK_OK(train_run(NULL, &task, &b, &result, &e), e);
    value_free(result);
    return b;
}

static inline const char *help_hash(const Bundle *b, char hex[HASH_ROOM])
{
    hex[0] = 0;
    if (b)
        bundle_hash(b, hex);
    return hex;
}

#endif
