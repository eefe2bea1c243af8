/* The rules of the alarms: each on figures that are just over its threshold, and just under it. */
#include "base/io.h"
#include "learn/alarms.h"
#include "run/run_dir.h"
#include "run/tail.h"
#include "tests/unit/learn_help.h"

enum { EPOCHS = 24 };

static AlarmHistory history;
static double train[EPOCHS], valid[EPOCHS], norms[EPOCHS];

static double falls(size_t i)
{
    return 1 / (1 + (double)i);
}

/* A training that goes well. */
static void begin(size_t count)
{
    for (size_t i = 0; i < EPOCHS; i++) {
        train[i] = falls(i);
        valid[i] = falls(i) * 1.1;
        norms[i] = 1 + (double)(i % 3);
    }
    history = (AlarmHistory){train, valid, norms, count};
}

typedef char *Rule(const AlarmHistory *h);

static bool speaks(Rule *rule)
{
    char *text = rule(&history);
    bool does = text != NULL;
    mem_free(text);
    return does;
}

static void check_quiet(void)
{
    static Rule *const rules[] = {alarm_exploding, alarm_vanishing, alarm_gap, alarm_plateau, alarm_leak};
    TEST("a training that goes well raises no alarm, from its first epoch on");
    for (size_t count = 1; count <= EPOCHS; count++)
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
            begin(count);
            CHECK(!speaks(rules[i]));
        }
}

static void check_norms(void)
{
    TEST("a gradient more than ten times the usual one is exploding, below 1e-7 twice it vanishes");
    begin(8);
    norms[7] = 19.9;
    CHECK(!speaks(alarm_exploding));
    norms[7] = 20.1;
    CHECK(speaks(alarm_exploding));
    norms[7] = 1e-8;
    CHECK(!speaks(alarm_vanishing));
    norms[6] = 1e-8;
    CHECK(speaks(alarm_vanishing));
    history.count = 4;
    norms[3] = 1e6;
    CHECK(!speaks(alarm_exploding));
}

static void check_losses(void)
{
    TEST("the gap grows from the fourth epoch on; valid far below train is told; what stands still is a plateau");
    begin(10);
    for (size_t i = 6; i < 10; i++)
        valid[i] = valid[5] * 1.01;
    CHECK(speaks(alarm_gap));
    history.count = 9;
    CHECK(!speaks(alarm_gap));
    history.count = 10;
    train[9] = 2;
    CHECK(!speaks(alarm_gap));
    begin(10);
    for (size_t i = 7; i < 10; i++)
        valid[i] = train[i] * 0.79;
    CHECK(speaks(alarm_leak));
    valid[8] = train[8] * 0.81;
    CHECK(!speaks(alarm_leak));
    begin(20);
    for (size_t i = 10; i < 20; i++)
        train[i] = train[9], valid[i] = valid[9];
    CHECK(speaks(alarm_plateau));
    valid[19] = valid[9] * 0.99;
    CHECK(!speaks(alarm_plateau));
    for (size_t i = 0; i < EPOCHS; i++)
        valid[i] = (double)NAN;
    CHECK(!speaks(alarm_gap) && !speaks(alarm_leak) && speaks(alarm_plateau));
}

static void check_layers(void)
{
    TEST("layers of which more than half is dead are named; so is a first layer whose gradient is lost on the way");
    SurveyLayer layers[2] = {{.name = "0", .kind = "dense", .units = 10, .dead = 5, .gradient_rms = 1.1e-4},
                             {.name = "head", .kind = "dense", .units = 2, .gradient_rms = 1}};
    CHECK(!alarm_dead(layers, 2) && !alarm_faint(layers, 2));
    layers[0].dead = 6;
    layers[0].gradient_rms = 0.9e-4;
    char *dead = alarm_dead(layers, 2), *faint = alarm_faint(layers, 2);
    CHECK_TEXT(dead, "dead units: 6 of 10 of layer 0 (dense) are 0 for every row");
    CHECK_TEXT(faint, "vanishing: the gradient of layer 0 is 9e-05 of that of layer head");
    mem_free(dead);
    mem_free(faint);
    layers[0].gradient_rms = 0;
    CHECK(!alarm_faint(layers, 2));
}

static void check_never(void)
{
    static const char *const names[] = {"a", "b", "c"};
    TEST("a class that one in a hundred validation rows has and none is given is named");
    CHECK(!alarm_never(names, (size_t[]){500, 490, 9}, (size_t[]){600, 399, 0}, 3));
    char *text = alarm_never(names, (size_t[]){500, 480, 20}, (size_t[]){600, 400, 0}, 3);
    CHECK_TEXT(text, "class never predicted: c, which 20 of 1000 validation rows have");
    mem_free(text);
}

static void check_names(void)
{
    TEST("an alarm is known by its name");
    for (AlarmKind kind = 0; kind < ALARM_KINDS; kind++)
        CHECK_INT(alarm_find(alarm_name(kind)), kind);
    CHECK_INT(alarm_find("none"), ALARM_KINDS);
}

/* Weights, gradient and activations by definition, and the same bits with and without a look. */
static void check_survey(void)
{
    TEST("a look into the layers counts every number, and changes nothing");
    Error e = {0};
    help_register();
    Table *table = help_table(300, 5);
    Pipeline *pipeline = help_pipeline(table);
    Prepared *prepared = help_prepare(pipeline);
    char hex[2][HASH_ROOM];
    for (int with = 0; with < 2; with++) {
        char *directory = io_join(test_directory(), with ? "with" : "without");
        char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"}],"
                                 "\"epochs\":4,\"batch\":32,\"histograms\":%d}",
                                 with ? 2 : 0);
        TrainPlan *plan = help_plan(&train_spec, json);
        RunDir *run = run_create(directory, "train", "t", &e);
        Bundle *b = help_train(prepared, plan, 1, run, false);
        help_hash(b, hex[with]);
        run_close(run);
        Tail *t = tail_open(directory, &e);
        tail_poll(t, false, &e);
        CHECK_INT(t->layers->size, with ? 2 : 0);
        const Value *layers = with ? value_get(t->layers->items[1], "layers") : NULL;
        const Value *bins = layers ? value_get(value_get(layers->items[0], "weights"), "bins") : NULL;
        int64_t count = 0;
        for (size_t i = 0; bins && i < bins->size; i++)
            count += bins->items[i]->integer;
        CHECK_INT(count, with ? 8 * (int64_t)prepared->data[PART_TRAIN].width : 0);
        tail_free(t);
        bundle_unref(b);
        params_free(&train_spec, plan);
        mem_free(json);
        mem_free(directory);
    }
    CHECK_TEXT(hex[1], hex[0]);
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}

void unit_alarms(void);
void unit_alarms(void)
{
    check_quiet();
    check_norms();
    check_losses();
    check_layers();
    check_never();
    check_names();
    check_survey();
}
