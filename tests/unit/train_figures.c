/* What the recorded figures of a training mean: one loss on both parts, whatever the batch. */
#include "base/io.h"
#include "learn/batch.h"
#include "tests/unit/learn_help.h"

static Table *table;
static Prepared *prepared;

/* Recorded at the only epoch, and those of the model. */
typedef struct Recorded {
    double train, valid;
    Bundle *bundle;
} Recorded;

static bool record(void *self, const EpochReport *report, bool *stop, Error *e)
{
    Recorded *r = self;
    (void)stop;
    (void)e;
    r->train = value_get_real(report->metrics, "train.loss", NAN);
    r->valid = value_get_real(report->metrics, "valid.loss", NAN);
    return true;
}

static Recorded train_still(const char *batch, const char *weight)
{
    Error e = {0};
    Recorded r = {0};
    Value *result = NULL;
    char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}],\"epochs\":1,\"batch\":%s,"
                             "\"optimizer\":{\"optimizer\":\"sgd\",\"learning_rate\":0},\"class_weight\":\"%s\"}",
                             batch, weight);
    TrainPlan *plan = help_plan(&train_spec, json);
    TrainHooks hooks = {.self = &r, .on_epoch = record};
    TrainTask task = {.data = prepared, .plan = plan, .seed = 3, .threads = 1, .hooks = &hooks};
    CHECK_OK(train_run(NULL, &task, &r.bundle, &result, &e), e);
    value_free(result);
    params_free(&train_spec, plan);
    mem_free(json);
    return r;
}

/* sum(w l) / n with w = n / (k n_c) of the training part, by the definition. */
static double loss_by_hand(const Bundle *b, Part part, bool weighted)
{
    Error e = {0};
    const Dataset *d = &prepared->data[part], *train = &prepared->data[PART_TRAIN];
    float *p = mem_alloc(d->rows * 2 * sizeof *p);
    CHECK_OK(model_infer(b->model, NULL, d->x, d->rows, p, &e), e);
    softmax_rows(p, d->rows, 2, 1);
    double count[2] = {0}, sum = 0;
    for (size_t i = 0; i < train->rows; i++)
        count[train->labels[i]]++;
    for (size_t i = 0; i < d->rows; i++)
        sum -= (weighted ? (double)train->rows / (2 * count[d->labels[i]]) : 1) * log((double)p[i * 2 + (size_t)d->labels[i]]);
    mem_free(p);
    return sum / (double)d->rows;
}

static void check_losses(const char *weight, bool weighted)
{
    static const char *const batches[] = {"1", "8", "33", "1000"};
    TEST("train and valid curves are one loss, the same at every batch size, and so are the model's figures");
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        Recorded r = train_still(batches[i], weight);
        const Value *train = value_get(r.bundle->facts, "train"), *valid = value_get(r.bundle->facts, "valid");
        CHECK(fabs(r.train - loss_by_hand(r.bundle, PART_TRAIN, weighted)) < 1e-6);
        CHECK(fabs(r.valid - loss_by_hand(r.bundle, PART_VALID, weighted)) < 1e-6);
        CHECK(fabs(value_get_real(train, "loss", 0) - r.train) < 1e-6);
        CHECK(fabs(value_get_real(valid, "loss", 0) - r.valid) < 1e-6);
        CHECK(fabs(value_get_real(valid, "log_loss", 0) - loss_by_hand(r.bundle, PART_VALID, false)) < 1e-6);
        bundle_unref(r.bundle);
    }
}

static void check_saved(void)
{
    TEST("a model keeps the weights of its classes: its loss on a part is the same after saving and loading");
    Error e = {0};
    Recorded r = train_still("32", "balanced");
    char *path = io_join(test_directory(), "weighted.safetensors");
    CHECK_OK(bundle_save(r.bundle, path, &e), e);
    Bundle *loaded = bundle_load(path, &e);
    CHECK_OK(loaded != NULL, e);
    for (size_t c = 0; loaded && c < 2; c++)
        CHECK(loaded->target.class_weights[c] == r.bundle->target.class_weights[c]);
    bundle_unref(loaded);
    bundle_unref(r.bundle);
    mem_free(path);
}

static void check_balance(void)
{
    TEST("balanced weights add up to the number of rows; a class without a row weighs 1");
    static int32_t labels[] = {0, 0, 0, 0, 0, 0, 2, 2};
    Error e = {0};
    TargetInfo t = {.is_classes = true};
    text_list_add(&t.classes, "a");
    text_list_add(&t.classes, "b");
    text_list_add(&t.classes, "c");
    CHECK_OK(target_info_balance(&t, &(Dataset){.rows = 8, .labels = labels}, &e), e);
    CHECK(t.class_weights[0] == 8.0 / (2 * 6) && t.class_weights[1] == 1 && t.class_weights[2] == 8.0 / (2 * 2));
    target_info_done(&t);
}

static void check_given_weights(void)
{
    TEST("weights of classes are those given, the others weigh 1; no class of that name and no weight above 0 are refused");
    Error e = {0};
    TargetInfo t = {.is_classes = true, .name = mem_strdup("y")};
    Value *given = value_map(), *wrong = value_map(), *none = value_map();
    text_list_add(&t.classes, "a");
    text_list_add(&t.classes, "b");
    value_set(given, "b", value_real(2.5));
    value_set(wrong, "c", value_int(1));
    value_set(none, "a", value_int(0));
    CHECK_OK(target_info_weigh(&t, given, &e), e);
    CHECK(t.class_weights[0] == 1 && t.class_weights[1] == 2.5);
    CHECK(!target_info_weigh(&t, wrong, &e) && strstr(e.message, "\"c\" is no class of y"));
    CHECK(!target_info_weigh(&t, none, &e) && strstr(e.message, "no number above 0"));
    value_free(given);
    value_free(wrong);
    value_free(none);
    target_info_done(&t);
}

/* The validation part gets what `chosen` says of the training rows; nothing else changes. */
static Prepared *with_valid(const Pipeline *pipeline, bool (*chosen)(size_t row, bool is_yes))
{
    Error e = {0};
    Prepared *d = NULL;
    RawParts raw;
    CHECK_OK(pipeline_raw_parts(NULL, pipeline, &raw, &e), e);
    const Column *left = table_column(raw.structural, "left");
    for (size_t i = 0; i < raw.structural->rows; i++) {
        Text text = {0};
        column_format(left, i, &text);
        raw.part[i] = chosen(i, text_equal(text_get(&text), "Yes")) ? PART_VALID : PART_TRAIN;
        text_done(&text);
    }
    for (int i = 0; i < PART_COUNT; i++)
        table_unref(raw.parts[i]);
    CHECK_OK(split_tables(raw.structural, raw.part, raw.parts, &e) && pipeline_prepare_from(NULL, pipeline, &raw, &d, &e), e);
    return d;
}

static bool some_without(size_t row, bool is_yes)
{
    return !is_yes && row % 3 == 0;
}
static bool some_mixed(size_t row, bool is_yes)
{
    (void)is_yes;
    return row % 3 == 0;
}
static bool one_row(size_t row, bool is_yes)
{
    return !is_yes && row < 2;
}
static bool none(size_t row, bool is_yes)
{
    return !is_yes && row > 1000;
}
static bool all_without(size_t row, bool is_yes)
{
    return !is_yes || row > 1000;
}

static void hear(void *self, const char *text)
{
    text_list_add(self, text);
}

static const struct {
    bool (*chosen)(size_t row, bool is_yes);
    const char *stop;
    const char *notes[3];
} parts[] = {
    {some_mixed, "valid.auc", {NULL}},
    {some_without,
     "valid.loss",
     {"all rows of the validation part have left \"No\": valid.auc, valid.average_precision, valid.lift are undefined"}},
    {some_without,
     "valid.auc",
     {"all rows of the validation part have left \"No\": valid.auc, valid.average_precision, valid.lift are undefined",
      "valid.auc is undefined in the validation part: valid.loss is watched instead"}},
    {all_without,
     "valid.auc",
     {"all rows of the training part have left \"Yes\": train.auc is undefined",
      "all rows of the validation part have left \"No\": valid.auc, valid.average_precision, valid.lift are undefined",
      "valid.auc is undefined in the validation part: valid.loss is watched instead"}},
    {one_row,
     "valid.loss",
     {"the only row of the validation part has left \"No\": valid.auc, valid.average_precision, valid.lift are undefined",
      "the validation part has 1 row: its figures say little"}},
    {none, NULL, {"the validation part has no rows: nothing but the training rows themselves says how good an epoch is"}},
};

/* A rate of 0 makes no epoch better than the first: `patience` ends it, by a figure that exists. */
static void check_notes(const Pipeline *pipeline)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        TEST("what the parts cannot show is said at the start, and an undefined metric stops nothing");
        Error e = {0};
        TextList heard = {0};
        Bundle *b = NULL;
        Value *result = NULL;
        Prepared *d = with_valid(pipeline, parts[i].chosen);
        char *stop = parts[i].stop ? text_format(",\"early_stop\":{\"metric\":\"%s\",\"patience\":2}", parts[i].stop) : mem_strdup("");
        char *json = text_format("{\"net\":[{\"layer\":\"dense\",\"width\":4}],\"epochs\":12,"
                                 "\"optimizer\":{\"optimizer\":\"sgd\",\"learning_rate\":1e-6}%s}",
                                 stop);
        TrainPlan *plan = help_plan(&train_spec, json);
        TrainHooks hooks = {.self = &heard, .on_note = hear};
        TrainTask task = {.data = d, .plan = plan, .seed = 3, .threads = 1, .hooks = &hooks};
        CHECK_OK(train_run(NULL, &task, &b, &result, &e), e);
        size_t count = 0;
        for (; count < 3 && parts[i].notes[count]; count++)
            CHECK_TEXT(count < heard.count ? heard.items[count] : "", parts[i].notes[count]);
        CHECK_INT(heard.count, count);
        CHECK_INT(value_get(result, "notes")->size, count);
        CHECK(value_get_int(result, "best_epoch", 0) > 0);
        value_free(result);
        bundle_unref(b);
        prepared_free(d);
        params_free(&train_spec, plan);
        text_list_done(&heard);
        mem_free(stop);
        mem_free(json);
    }
}

static void check_constant(void)
{
    TEST("of values, a part that holds one value only has no r2");
    static float same[] = {0.5F, 0.5F, 0.5F}, other[] = {0.5F, 0.5F, 0.6F};
    TargetOutput output = {.sd = 1};
    TargetInfo t = {.outputs = &output, .outputs_count = 1, .positive = -1};
    CHECK(!metric_is_defined("r2", &t, &(Dataset){.rows = 3, .values = same}));
    CHECK(metric_is_defined("r2", &t, &(Dataset){.rows = 3, .values = other}));
    CHECK(metric_is_defined("rmse", &t, &(Dataset){.rows = 3, .values = same}));
}

void unit_train_figures(void);
void unit_train_figures(void)
{
    help_register();
    table = help_table(400, 5);
    Pipeline *pipeline = help_pipeline(table);
    prepared = help_prepare(pipeline);
    check_losses("none", false);
    check_losses("balanced", true);
    check_saved();
    check_balance();
    check_given_weights();
    check_notes(pipeline);
    check_constant();
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}
