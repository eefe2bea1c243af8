/* Settings that are changed while a training goes on: each is an event at its step, and every way to that step again ends with the same
 * bits. */
#include "base/clock.h"
#include "base/io.h"
#include "run/run_dir.h"
#include "run/tail.h"
#include "tests/unit/learn_help.h"

static Prepared *prepared;

/* Asks at the end of one epoch, and is killed at the end of another. */
typedef struct Asker {
    const char *directory, *arguments;
    int64_t asks_at, killed_at;
} Asker;

static bool on_epoch(void *self, const EpochReport *report, bool *stop, Error *e)
{
    const Asker *a = self;
    (void)stop;
    if (report->epoch == a->asks_at) {
        Value *arguments = json_parse(a->arguments, strlen(a->arguments), e);
        bool ok = arguments && run_request(a->directory, "set", arguments, e);
        value_free(arguments);
        clock_sleep(0.06); /* requests are looked for twenty times a second */
        if (!ok)
            return false;
    }
    return report->epoch != a->killed_at || error_set(e, ERROR_FAILED, "killed");
}

static TrainPlan *make_plan(void)
{
    return help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.2}],"
                                  "\"epochs\":6,\"batch\":64,\"checkpoint_every\":7,\"schedule\":\"cosine\"}");
}

static Bundle *run_it(RunDir *run, Asker *asker, bool resume)
{
    Error e = {0};
    Bundle *b = NULL;
    Value *result = NULL;
    TrainPlan *plan = make_plan();
    TrainHooks hooks = {.self = asker, .on_epoch = on_epoch};
    TrainTask task = {
        .data = prepared, .plan = plan, .plan_hash = "plan", .seed = 3, .threads = 1, .hooks = &hooks, .run = run, .resume = resume};
    bool ok = train_run(NULL, &task, &b, &result, &e);
    CHECK_OK(ok || asker->killed_at, e);
    value_free(result);
    params_free(&train_spec, plan);
    return b;
}

static void hash_of(Bundle *b, char hex[HASH_ROOM])
{
    hex[0] = 0;
    if (b)
        weights_hash(b->model, hex);
    bundle_unref(b);
}

static char *place(const char *name)
{
    return io_join(test_directory(), name);
}

static RunDir *open_new(const char *path)
{
    Error e = {0};
    RunDir *run = run_create(path, "train", "t", &e);
    CHECK_OK(run != NULL, e);
    return run;
}

/* The one change that the log holds; NULL: none. For the caller. */
static Value *change_of(const char *path)
{
    Error e = {0};
    Tail *t = tail_open(path, &e);
    Value *found = NULL;
    CHECK_OK(t && tail_poll(t, false, &e), e);
    for (size_t i = 0; t && i < t->notes_count; i++)
        if (text_equal(t->notes[i].verb, "set"))
            found = value_copy(t->notes[i].fields);
    tail_free(t);
    return found;
}

static void train_whole(const char *arguments, char hex[HASH_ROOM], Value **change)
{
    char *path = place("whole");
    Asker asker = {.directory = path, .arguments = arguments, .asks_at = arguments ? 3 : 0};
    RunDir *run = open_new(path);
    hash_of(run_it(run, &asker, false), hex);
    run_close(run);
    *change = change_of(path);
    mem_free(path);
}

static void train_killed(const char *arguments, char hex[HASH_ROOM])
{
    Error e = {0};
    char *path = place("killed");
    Asker asker = {.directory = path, .arguments = arguments, .asks_at = 3, .killed_at = 5};
    RunDir *run = open_new(path);
    CHECK(!run_it(run, &asker, false));
    run_close(run);
    run = run_reopen(path, 0, &e);
    CHECK_OK(run != NULL, e);
    asker = (Asker){0};
    hash_of(run_it(run, &asker, true), hex);
    run_close(run);
    mem_free(path);
}

/* From step 0, with nothing but what was written down of the change. */
static void train_replayed(const Value *change, char hex[HASH_ROOM])
{
    Error e = {0};
    char *path = place("replayed");
    Asker asker = {0};
    RunDir *run = open_new(path);
    Value *fields = value_copy(change);
    static const char *const own[] = {"e", "g", "t", "crc"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        value_remove(fields, own[i]);
    CHECK_OK(run_event(run, "control", fields, false, &e), e);
    hash_of(run_it(run, &asker, true), hex);
    run_close(run);
    mem_free(path);
}

static void check_replays(void)
{
    static const char *const changes[] = {"{\"learning_rate\":0.02}", "{\"dropout\":0.6}",
                                          "{\"batch\":16}",           "{\"epochs\":9}",
                                          "{\"epochs\":5}",           "{\"batch\":32,\"dropout\":0,\"learning_rate\":0.004}"};
    char plain[HASH_ROOM], whole[HASH_ROOM], killed[HASH_ROOM], replayed[HASH_ROOM];
    Value *change;
    TEST("a training without changes");
    train_whole(NULL, plain, &change);
    CHECK(!change);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        TEST("a change holds from its step on, and a resume or a replay of it ends with the same bits");
        train_whole(changes[i], whole, &change);
        CHECK(change && !value_get(change, "refused") && value_get_int(change, "step", 0) > 0);
        CHECK(strcmp(whole, plain) != 0);
        train_killed(changes[i], killed);
        CHECK_TEXT(killed, whole);
        if (change)
            train_replayed(change, replayed);
        CHECK_TEXT(replayed, whole);
        value_free(change);
    }
}

static void check_refusals(void)
{
    static const char *const changes[][2] = {
        {"{\"temperature\":2}", "only a distillation has a temperature"},
        {"{\"batch\":100000}", "batch 100000: this training has memory for 210 rows"},
        {"{\"epochs\":2}", "epoch 4 goes on already; s stops the run"},
        {"{\"dropout\":0.1,\"temperature\":2}", "only a distillation has a temperature"},
    };
    char plain[HASH_ROOM], whole[HASH_ROOM];
    Value *change;
    TEST("a training without changes");
    train_whole(NULL, plain, &change);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        TEST("what cannot be changed is answered with the reason, and changes nothing");
        train_whole(changes[i][0], whole, &change);
        const char *why = change ? value_get_text(change, "refused", "") : "";
        CHECK(strncmp(why, changes[i][1], i == 1 ? 40 : strlen(changes[i][1])) == 0);
        CHECK_TEXT(whole, plain);
        value_free(change);
    }
}

void unit_train_changes(void);
void unit_train_changes(void)
{
    help_register();
    Table *table = help_table(300, 5);
    Pipeline *pipeline = help_pipeline(table);
    prepared = help_prepare(pipeline);
    check_replays();
    check_refusals();
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}
