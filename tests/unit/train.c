/* Training: it learns, the same seed gives the same bits on any number of threads, a resume continues to the same bits, early
 * stopping restores the best epoch, and what diverges says so. */
#include <stddef.h>

#include "learn/loop.h"
#include "base/io.h"
#include "run/tail.h"
#include "tests/unit/learn_help.h"

static Table *table;
static Pipeline *pipeline;
static Prepared *prepared;

static TrainPlan *plan_with(const char *more)
{
    char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.1}],"
                             "\"batch\":32%s%s%s}",
                             strstr(more, "\"epochs\"") ? "" : ",\"epochs\":6",
                             strstr(more, "\"optimizer\"") ? "" : ",\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.01}", more);
    TrainPlan *plan = help_plan(&train_spec, json);
    mem_free(json);
    return plan;
}

static void plan_free(TrainPlan *plan)
{
    params_free(&train_spec, plan);
}

static void check_learns(void)
{
    TEST("it learns: validation AUC well above chance, and the facts say so");
    TrainPlan *plan = plan_with(",\"epochs\":20");
    Bundle *b = help_train(prepared, plan, 1, NULL, false);
    CHECK(value_get_real(value_get(b->facts, "valid"), "auc", 0) > 0.75);
    CHECK(value_get_real(value_get(b->facts, "train"), "auc", 0) > 0.85);
    CHECK(value_get_real(value_get(b->facts, "train"), "loss", 9) < 0.55);
    bundle_unref(b);
    plan_free(plan);
}

static void check_deterministic(void)
{
    TEST("the same seed gives the same model on 1 and 2 threads");
    char one[HASH_ROOM], two[HASH_ROOM];
    TrainPlan *plan = plan_with("");
    Bundle *a = help_train(prepared, plan, 1, NULL, false), *b = help_train(prepared, plan, 2, NULL, false);
    CHECK_TEXT(help_hash(a, one), help_hash(b, two));
    bundle_unref(a);
    bundle_unref(b);
    plan_free(plan);
}

/* A hook that fails at an epoch, as a killed worker would end. */
typedef struct Killer {
    int64_t at;
} Killer;

static bool kill_at(void *self, const EpochReport *report, bool *stop, Error *e)
{
    (void)stop;
    return report->epoch < ((Killer *)self)->at || error_set(e, ERROR_FAILED, "killed");
}

static void train_until(const char *directory, const TrainPlan *plan, int64_t epoch)
{
    Error e = {0};
    Killer killer = {epoch};
    TrainHooks hooks = {.self = &killer, .on_epoch = kill_at};
    Bundle *b = NULL;
    Value *result = NULL;
    TrainTask task = {.data = prepared, .plan = plan, .plan_hash = "plan", .seed = 3, .threads = 1, .hooks = &hooks};
    task.run = run_create(directory, "train", "t", &e);
    CHECK(!train_run(NULL, &task, &b, &result, &e));
    run_close(task.run);
}

static void check_resume(const TrainPlan *plan, const char *whole, int64_t epoch)
{
    char name[32], hex[HASH_ROOM];
    snprintf(name, sizeof name, "killed-%d", (int)epoch);
    Error e = {0};
    char *directory = io_join(test_directory(), name);
    train_until(directory, plan, epoch);
    RunDir *run = run_reopen(directory, 0, &e);
    CHECK_OK(run != NULL, e);
    Bundle *b = run ? help_train(prepared, plan, 1, run, true) : NULL;
    CHECK_TEXT(help_hash(b, hex), whole);
    bundle_unref(b);
    run_close(run);
    mem_free(directory);
}

static void check_resumes(void)
{
    static const char *const plans[] = {",\"checkpoint_every\":5", ",\"checkpoint_every\":7,\"schedule\":{\"schedule\":\"plateau\"}",
                                        ",\"checkpoint_every\":1,\"early_stop\":{\"metric\":\"valid.auc\",\"patience\":2}"};
    for (size_t i = 0; i < 3; i++) {
        TEST("a resume at any checkpoint ends with the same bits");
        char whole[HASH_ROOM];
        TrainPlan *plan = plan_with(plans[i]);
        Bundle *b = help_train(prepared, plan, 1, NULL, false);
        help_hash(b, whole);
        for (int64_t epoch = 1; epoch <= 3; epoch++)
            check_resume(plan, whole, epoch);
        bundle_unref(b);
        plan_free(plan);
    }
}

static void check_events(void)
{
    TEST("a run holds start, epochs with metrics, end and the model");
    Error e = {0};
    char *directory = io_join(test_directory(), "events");
    TrainPlan *plan = plan_with("");
    RunDir *run = run_create(directory, "train", "t", &e);
    Bundle *b = help_train(prepared, plan, 1, run, false), *loaded;
    run_close(run);
    Tail *tail = tail_open(directory, &e);
    CHECK_OK(tail != NULL, e);
    tail_poll(tail, false, &e);
    CHECK_INT(value_get_int(tail->start, "epochs", 0), 6);
    CHECK_TEXT(value_get_text(tail->start, "net", ""), "5-8-2");
    CHECK_TEXT(value_get_text(tail->end, "status", ""), "done");
    CHECK_INT(tail->state, RUN_DONE);
    const TailSeries *auc = tail_series(tail, "valid.auc");
    CHECK(auc && auc->count == 6);
    char first[HASH_ROOM], second[HASH_ROOM], *path = io_join(directory, "model.safetensors");
    loaded = bundle_load(path, &e);
    CHECK_OK(loaded != NULL, e);
    CHECK_TEXT(help_hash(loaded, first), help_hash(b, second));
    bundle_unref(loaded);
    bundle_unref(b);
    tail_free(tail);
    plan_free(plan);
    mem_free(path);
    mem_free(directory);
}

/* Events as a viewer reads them: points beyond a resume are those of the newest life; without what a clock says. */
static Value *folded_events(const char *directory)
{
    static const char *const dropped[] = {"t", "seconds", "elapsed", "rate", "cpu", "memory", "crc", "g"};
    Error e = {0};
    char *path = io_join(directory, "events.jsonl"), *bytes = NULL, *rest = NULL;
    size_t size;
    Value *kept = value_list();
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    for (char *line = strtok_r(bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        Value *v = json_parse(line, strlen(line), &e);
        const char *event = value_get_text(v, "e", "");
        int64_t step = value_get_int(v, "step", 0);
        if (strcmp(event, "resume") == 0) {
            while (kept->size && value_get_int(kept->items[kept->size - 1], "step", 0) > step)
                value_free(kept->items[--kept->size]);
            value_free(v);
            continue;
        }
        for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
            value_remove(v, dropped[i]);
        value_add(kept, v);
    }
    mem_free(bytes);
    mem_free(path);
    return kept;
}

static void check_same_events(void)
{
    TEST("the events of a resumed run are those of an uninterrupted one, apart from what a clock says");
    Error e = {0};
    char *whole = io_join(test_directory(), "whole"), *killed = io_join(test_directory(), "killed");
    TrainPlan *plan = plan_with(",\"checkpoint_every\":7");
    RunDir *run = run_create(whole, "train", "t", &e);
    Bundle *a = help_train(prepared, plan, 1, run, false);
    run_close(run);
    train_until(killed, plan, 3);
    Value *meta = NULL;
    CHECK_OK(run_checkpoint_load(killed, NULL, &meta, NULL, 0, &e), e);
    run = run_reopen(killed, value_get_int(meta, "step", 0), &e);
    Bundle *b = help_train(prepared, plan, 1, run, true);
    run_close(run);
    Value *x = folded_events(whole), *y = folded_events(killed);
    CHECK_INT(x->size, y->size);
    CHECK(value_equal(x, y));
    value_free(x);
    value_free(y);
    value_free(meta);
    bundle_unref(a);
    bundle_unref(b);
    plan_free(plan);
    mem_free(whole);
    mem_free(killed);
}

typedef struct Counter {
    uint64_t last, per_epoch;
} Counter;

static bool count_calls(void *self, const EpochReport *report, bool *stop, Error *e)
{
    Counter *c = self;
    (void)stop;
    (void)e;
    if (report->epoch > 1)
        c->per_epoch = mem_calls() - c->last;
    c->last = mem_calls();
    return true;
}

static uint64_t calls_per_epoch(const char *batch)
{
    Error e = {0};
    Counter counter = {0};
    TrainHooks hooks = {.self = &counter, .on_epoch = count_calls};
    char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}],\"epochs\":3,\"batch\":%s}", batch);
    TrainPlan *plan = help_plan(&train_spec, json);
    Bundle *b = NULL;
    Value *result = NULL;
    TrainTask task = {.data = prepared, .plan = plan, .seed = 3, .threads = 2, .hooks = &hooks};
    CHECK_OK(train_run(NULL, &task, &b, &result, &e), e);
    value_free(result);
    bundle_unref(b);
    plan_free(plan);
    mem_free(json);
    return counter.per_epoch;
}

static void check_no_allocation(void)
{
    TEST("steps allocate nothing: an epoch of many steps makes as many allocations as one of few");
    uint64_t many = calls_per_epoch("4"), few = calls_per_epoch("200");
    CHECK(few > 0);
    CHECK_INT(many, few);
}

static void check_early_stop(void)
{
    TEST("early stopping ends after `patience` worse epochs and restores the best weights");
    TrainPlan *plan = plan_with(",\"epochs\":200,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.1},"
                                "\"early_stop\":{\"metric\":\"valid.loss\",\"patience\":3}");
    Bundle *b = help_train(prepared, plan, 1, NULL, false);
    int64_t epochs = value_get_int(b->facts, "epochs", 0), best = value_get_int(b->facts, "best_epoch", 0);
    CHECK_INT(epochs, best + 3);
    bundle_unref(b);
    plan->epochs = best;
    Bundle *short_one = help_train(prepared, plan, 1, NULL, false), *again = NULL;
    plan->epochs = 200;
    again = help_train(prepared, plan, 1, NULL, false);
    char x[HASH_ROOM], y[HASH_ROOM];
    CHECK_TEXT(help_hash(again, x), help_hash(short_one, y));
    bundle_unref(short_one);
    bundle_unref(again);
    plan_free(plan);
}

static void check_diverged(void)
{
    TEST("a loss that is not finite ends the run with its own code");
    Error e = {0};
    TrainPlan *plan = plan_with(",\"optimizer\":{\"optimizer\":\"sgd\",\"learning_rate\":10},\"l2\":10");
    Bundle *b = NULL;
    Value *result = NULL;
    TrainTask task = {.data = prepared, .plan = plan, .seed = 3, .threads = 1};
    CHECK(!train_run(NULL, &task, &b, &result, &e));
    CHECK_INT(e.code, ERROR_DIVERGED);
    CHECK(strstr(e.message, "learning_rate") != NULL && strstr(e.message, "at step ") && strstr(e.message, " of layer "));
    value_free(result);
    plan_free(plan);

    TEST("what is not finite reaches no checkpoint");
    char *directory = io_join(test_directory(), "diverged");
    RunDir *run = run_create(directory, "train", "t", &e);
    plan = plan_with(",\"optimizer\":{\"optimizer\":\"sgd\",\"learning_rate\":10},\"l2\":10,\"checkpoint_every\":1");
    task.plan = plan;
    task.run = run;
    CHECK(!train_run(NULL, &task, &b, &result, &e));
    Model *m = model_new(&plan->net, &prepared->data[PART_TRAIN].input, 2, 1, &e);
    Trainer *t = trainer_new(m, &(TrainerPlan){.optimizer = plan->optimizer, .batch = 8, .threads = 1, .classes = true}, &e);
    Blob weights = {0};
    trainer_blob(t, 0, &weights.name, &weights.bytes, &weights.size);
    Value *meta = NULL;
    Error lost = {0};
    CHECK_OK(run_checkpoint_load(directory, NULL, &meta, &weights, 1, &lost), lost);
    CHECK(value_get_int(meta, "step", 0) > 0 && model_is_finite(m));
    value_free(meta);
    trainer_free(t);
    model_free(m);
    run_close(run);
    mem_free(directory);
    task.run = NULL;
    plan_free(plan);

    TEST("an unknown metric is refused with those that exist");
    plan = plan_with(",\"early_stop\":{\"metric\":\"valid.acu\"}");
    task.plan = plan;
    CHECK(!train_run(NULL, &task, &b, &result, &e));
    CHECK(strstr(e.message, "valid.auc") != NULL);
    plan_free(plan);
}

static void check_control(void)
{
    TEST("a stop request between steps keeps the best weights and ends as stopped");
    Error e = {0};
    char *directory = io_join(test_directory(), "control");
    TrainPlan *plan = plan_with(",\"epochs\":100000");
    RunDir *run = run_create(directory, "train", "t", &e);
    Value *nothing = value_map();
    CHECK_OK(run_request(directory, "stop", nothing, &e), e);
    value_free(nothing);
    Bundle *b = help_train(prepared, plan, 1, run, false);
    CHECK(b && value_get_int(b->facts, "epochs", 0) < 100000);
    run_close(run);
    bundle_unref(b);
    plan_free(plan);
    mem_free(directory);
}

/* Stops like a callback that returns "stop". */
static bool stop_at(void *self, const EpochReport *report, bool *stop, Error *e)
{
    (void)e;
    *stop = report->epoch >= ((Killer *)self)->at;
    return true;
}

static void stopped_hash(const char *more, int64_t epochs, bool stops, char hex[HASH_ROOM])
{
    Error e = {0};
    Killer killer = {stops ? epochs : INT64_MAX};
    TrainHooks hooks = {.self = &killer, .on_epoch = stop_at};
    Bundle *b = NULL;
    Value *result = NULL;
    TrainPlan *plan = plan_with(more);
    plan->epochs = stops ? epochs + 30 : epochs;
    TrainTask task = {.data = prepared, .plan = plan, .seed = 3, .threads = 1, .hooks = &hooks};
    CHECK_OK(train_run(NULL, &task, &b, &result, &e), e);
    CHECK_TEXT(value_get_text(result, "status", ""), stops ? "stopped" : "done");
    CHECK_INT(value_get_int(result, "epochs", 0), epochs);
    help_hash(b, hex);
    value_free(result);
    bundle_unref(b);
    plan_free(plan);
}

/* The rate is so high that the best epoch is an early one. */
static void check_stop_restores(void)
{
    static const char fast[] = ",\"epochs\":9,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.1}";
    static const struct {
        const char *stop;
        bool restores;
    } cases[] = {{"", true},
                 {",\"early_stop\":{\"patience\":50}", true},
                 {",\"early_stop\":{\"patience\":50,\"restore_best\":false}", false},
                 {",\"early_stop\":{\"patience\":50,\"restore_best\":true}", true}};
    enum { LAST = 12 };
    char last[HASH_ROOM], hex[HASH_ROOM];
    stopped_hash(fast, LAST, false, last);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST("a callback that stops the training obeys restore_best");
        char *more = text_format("%s%s", fast, cases[i].stop);
        stopped_hash(more, LAST, true, hex);
        CHECK_INT(strcmp(hex, last) != 0, cases[i].restores);
        mem_free(more);
    }
}

static void check_forged_state(void)
{
    TEST("a checkpoint whose numbers lie outside the training is refused");
    const LoopState good = {.step = 30,
                            .epoch = 3,
                            .position = 10,
                            .rows_seen = 320,
                            .hits = 100,
                            .base_rate = 0.01,
                            .best_epoch = 2,
                            .worse = 1,
                            .patience = 5,
                            .saved_best = 2};
    CHECK(loop_state_is_sound(&good, 3, 10) && loop_state_is_sound(&good, 9, 12));
    CHECK(!loop_state_is_sound(&good, 1, 10) && !loop_state_is_sound(&good, 3, 9));
    int64_t places[] = {offsetof(LoopState, step),      offsetof(LoopState, epoch),    offsetof(LoopState, position),
                        offsetof(LoopState, rows_seen), offsetof(LoopState, hits),     offsetof(LoopState, best_epoch),
                        offsetof(LoopState, worse),     offsetof(LoopState, patience), offsetof(LoopState, saved_best)};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        LoopState bad = good;
        int64_t below = i == 1 ? 0 : -1;
        memcpy((char *)&bad + places[i], &below, sizeof below);
        test_check(!loop_state_is_sound(&bad, 3, 10), __FILE__, __LINE__, "field %zu below its range", i);
    }
    LoopState bad = good;
    bad.base_rate = (double)NAN;
    CHECK(!loop_state_is_sound(&bad, 3, 10));
    bad = good, bad.epoch = INT64_MAX;
    CHECK(!loop_state_is_sound(&bad, 3, 10));
    bad = good, bad.best_epoch = 4;
    CHECK(!loop_state_is_sound(&bad, 3, 10));
}

void unit_train(void)
{
    check_forged_state();
    help_register();
    table = help_table(500, 11);
    pipeline = help_pipeline(table);
    prepared = help_prepare(pipeline);
    check_learns();
    check_deterministic();
    check_resumes();
    check_events();
    check_same_events();
    check_no_allocation();
    check_early_stop();
    check_diverged();
    check_control();
    check_stop_restores();
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}
