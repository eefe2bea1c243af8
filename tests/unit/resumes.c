/* A training that was cut off goes on to the same bits: with every optimizer and schedule there is, and with everything else that
 * keeps something from step to step. */
#include "base/io.h"
#include "tests/unit/learn_help.h"

static Prepared *prepared;

static const char *const mixtures[] = {
    "\"accumulate\":3,\"clip\":0.5,\"max_norm\":0.1",
    "\"average\":\"ema\",\"optimizer\":\"sgd\"",
    "\"average\":{\"averaging\":\"ema\",\"from_epoch\":3},\"accumulate\":2",
    "\"average\":{\"averaging\":\"swa\",\"from_epoch\":2}",
    "\"average\":{\"averaging\":\"swa\",\"from_epoch\":1,\"every\":2},\"early_stop\":{\"patience\":2},\"optimizer\":\"adamw\"",
    "\"batch_epochs\":[2,4],\"batch_rows\":[48,100],\"schedule\":\"cosine\"",
    "\"batch_epochs\":[3],\"batch_rows\":[16],\"schedule\":{\"schedule\":\"step\",\"every\":2,\"warm_up\":1},\"accumulate\":2",
    "\"per_layer\":[{\"layer_rule\":\"for_layer\",\"layer\":\"0\",\"from_epoch\":3,\"l1\":0.01},"
    "{\"layer_rule\":\"for_layer\",\"layer\":\"head\",\"rate_factor\":0}],\"unit_norm\":1,\"decay\":0.1",
    "\"early_stop\":{\"metric\":\"valid.auc\",\"mode\":\"max\",\"warm_up\":2,\"patience\":2}",
};

typedef struct Killer {
    int64_t at;
} Killer;

/* As a killed worker would end: its last checkpoint is some steps old. */
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
    CHECK_TEXT(e.message, "killed");
    run_close(task.run);
}

static void check_plan(const char *settings, int64_t epoch)
{
    static int runs;
    Error e = {0};
    char whole[HASH_ROOM], hex[HASH_ROOM];
    char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
                             "{\"layer\":\"dropout\",\"rate\":0.1}],\"batch\":32,\"epochs\":4,\"checkpoint_every\":%d,%s}",
                             4 + runs % 3, settings);
    char *name = text_format("run-%d", runs++), *directory = io_join(test_directory(), name);
    TrainPlan *plan = help_plan(&train_spec, json);
    Bundle *a = help_train(prepared, plan, 1, NULL, false);
    train_until(directory, plan, epoch);
    RunDir *run = run_reopen(directory, 0, &e);
    CHECK_OK(run != NULL, e);
    Bundle *b = run ? help_train(prepared, plan, 1, run, true) : NULL;
    help_hash(a, whole);
    test_check(text_equal(help_hash(b, hex), whole), __FILE__, __LINE__, "%s: another model behind epoch %d", settings, (int)epoch);
    run_close(run);
    bundle_unref(a);
    bundle_unref(b);
    params_free(&train_spec, plan);
    mem_free(directory);
    mem_free(name);
    mem_free(json);
}

static void check_family(const Family *family)
{
    TEST("a resume ends with the same bits, whatever optimizer, schedule or average");
    for (size_t i = 0; i < family->count; i++) {
        char *settings =
            text_format("\"%s\":\"%s\"", text_equal(family->name, "averaging") ? "average" : family->name, family->members[i]->name);
        check_plan(settings, 2 + (int64_t)i % 2);
        mem_free(settings);
    }
}

static void check_mixtures(void)
{
    TEST("a resume ends with the same bits, whatever is kept from step to step");
    for (size_t i = 0; i < sizeof mixtures / sizeof *mixtures; i++)
        for (int64_t epoch = 1 + (int64_t)i % 2; epoch <= 4; epoch += 2)
            check_plan(mixtures[i], epoch);
}

void unit_resumes(void);
void unit_resumes(void)
{
    help_register();
    Table *table = help_table(220, 11);
    Pipeline *pipeline = help_pipeline(table);
    prepared = help_prepare(pipeline);
    check_family(optimizer_family());
    check_family(schedule_family());
    check_family(averaging_family());
    check_mixtures();
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}
