/* Bundles: the file gives back the same model, prediction equals evaluation, every input row has an output row, and damage is seen. */
#include "base/io.h"
#include "learn/bundle.h"
#include "tests/unit/learn_help.h"

static Table *table;
static Pipeline *pipeline;
static Prepared *prepared;
static Bundle *bundle;

static void check_round_trip(void)
{
    TEST("saved and loaded: the same hash, classes, features and predictions; the same bytes when saved again");
    Error e = {0};
    char a[HASH_ROOM], b[HASH_ROOM], *path = io_join(test_directory(), "m.safetensors"),
                                     *second = io_join(test_directory(), "n.safetensors");
    CHECK_OK(bundle_save(bundle, path, &e), e);
    Bundle *loaded = bundle_load(path, &e);
    CHECK_OK(loaded != NULL, e);
    CHECK_TEXT(help_hash(loaded, a), help_hash(bundle, b));
    Table *x = bundle_predict(NULL, bundle, &(PredictTask){.rows = table}, &e),
          *y = bundle_predict(NULL, loaded, &(PredictTask){.rows = table}, &e);
    CHECK(x && y && table_equal(x, y));
    CHECK_OK(bundle_save(loaded, second, &e), e);
    char *first_bytes = NULL, *second_bytes = NULL;
    size_t first_size = 0, second_size = 0;
    CHECK(io_read_file(path, 0, &first_bytes, &first_size, &e) && io_read_file(second, 0, &second_bytes, &second_size, &e));
    CHECK(first_size == second_size && memcmp(first_bytes, second_bytes, first_size) == 0);

    TEST("a changed byte is refused");
    first_bytes[first_size - 3] ^= 1;
    mem_free(path);
    path = io_join(test_directory(), "m.safetensors");
    CHECK_OK(io_replace(path, first_bytes, first_size, &e), e);
    Bundle *damaged = bundle_load(path, &e);
    CHECK(damaged == NULL);
    CHECK(strstr(e.message, "changed or damaged") != NULL);
    bundle_unref(damaged);
    mem_free(first_bytes);
    mem_free(second_bytes);
    table_unref(x);
    table_unref(y);
    bundle_unref(loaded);
    mem_free(path);
    mem_free(second);
}

static Table *without(const Table *t, const char *name)
{
    Error e = {0};
    int column = table_find(t, name);
    return table_without(t, &column, 1, &e);
}

static void check_predict(void)
{
    TEST("prediction of raw rows equals evaluation of the prepared part, with or without the target");
    Error e = {0};
    Table *bare = without(table, "left"), *out = bundle_predict(NULL, bundle, &(PredictTask){.rows = bare}, &e);
    CHECK_OK(out != NULL, e);
    CHECK_INT(out ? out->rows : 0, table->rows);
    BundleOutputs o = {0};
    CHECK_OK(bundle_outputs(NULL, bundle, prepared->raw[PART_TEST], NULL, &o, &e), e);
    for (size_t i = 0; out && i < o.data.rows; i++)
        CHECK_NEAR(column_real(table_column(out, "p_Yes"), (size_t)o.data.row_ids[i]), (double)o.outputs[2 * i + 1], 0);
    bundle_outputs_done(&o);
    table_unref(out);

    TEST("columns may come in another order, with extra ones and other number types");
    static const int order[] = {3, 2, 1, 0, 4};
    Table *shuffled = table_pick(table, order, 5, &e), *a = bundle_predict(NULL, bundle, &(PredictTask){.rows = table}, &e);
    Table *b = bundle_predict(NULL, bundle, &(PredictTask){.rows = shuffled}, &e);
    CHECK(a && b && table_equal(a, b));
    table_unref(a);
    table_unref(b);
    table_unref(shuffled);

    TEST("a column that is needed and absent is named");
    Table *less = without(bare, "age"), *none = bundle_predict(NULL, bundle, &(PredictTask){.rows = less}, &e);
    CHECK(none == NULL);
    CHECK(strstr(e.message, "lack columns that the model needs: age") != NULL);
    table_unref(less);
    table_unref(bare);
}

static void check_reasons(void)
{
    TEST("one output row per input row: what cannot be judged is empty and says why");
    Error e = {0};
    Table *three = table_head(table, 3, &e);
    Column *spend = column_copy(table_column(three, "spend"), &e), *age = column_new(COLUMN_TEXT, 3, &e);
    column_set_missing(spend, 1, &e);
    column_set_text(age, 0, "41.5", 4, NULL);
    column_set_text(age, 1, "40", 2, NULL);
    column_set_text(age, 2, "old", 3, NULL);
    Table *holes = table_with(three, "spend", spend, &e), *rows = table_with(holes, "age", age, &e);
    Table *out = bundle_predict(NULL, bundle, &(PredictTask){.rows = rows}, &e);
    CHECK_OK(out != NULL, e);
    CHECK_INT(out->rows, 3);
    const Column *prediction = table_column(out, "prediction"), *reason = table_column(out, "reason");
    CHECK(column_is_valid(prediction, 0) && !column_is_valid(reason, 0));
    CHECK(!column_is_valid(prediction, 1) && !column_is_valid(prediction, 2));
    CHECK_TEXT(column_text(reason, 1, NULL), "spend is missing");
    CHECK_TEXT(column_text(reason, 2, NULL), "age: \"old\" is not real");
    table_unref(three);
    table_unref(holes);
    table_unref(rows);
    table_unref(out);
}

static void check_dropped_rows(void)
{
    const Step *filter = step_find("filter");
    if (!filter)
        return;
    TEST("a row that a step drops keeps its output row, with the step as the reason");
    Error e = {0};
    Pipeline *p = help_source(table);
    p = help_add(p, "filter", "{\"where\":\"spend > 60\"}");
    p = help_add(p, "fill_missing", "{\"columns\":[\"age\"]}");
    p = help_add(p, "one_hot", "{\"columns\":[\"text\"]}");
    Prepared *d = help_prepare(p);
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[],\"epochs\":1}");
    Bundle *b = d ? help_train(d, plan, 1, NULL, false) : NULL;
    Table *out = b ? bundle_predict(NULL, b, &(PredictTask){.rows = table}, &e) : NULL;
    CHECK_OK(out != NULL, e);
    for (size_t i = 0; out && i < table->rows; i++) {
        bool is_kept = column_real(table_column(table, "spend"), i) > 60;
        CHECK_INT(column_is_valid(table_column(out, "prediction"), i), is_kept);
        if (!is_kept)
            CHECK_TEXT(column_text(table_column(out, "reason"), i, NULL), "dropped by filter");
    }
    table_unref(out);
    bundle_unref(b);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(p);
}

static void check_regression(void)
{
    TEST("a number as target: predictions come in its own unit");
    Error e = {0};
    Pipeline *base = help_add(help_source(table), "one_hot", "{\"columns\":[\"plan\",\"left\"]}");
    Pipeline *filled = help_add(base, "fill_missing", "{\"columns\":[\"age\"]}");
    Pipeline *other = pipeline_with_target(filled, "spend", NULL), *p = help_add(other, "standardize", "{\"columns\":[\"numeric\"]}");
    Prepared *d = help_prepare(p);
    TrainPlan *plan =
        help_plan(&train_spec, "{\"net\":[],\"epochs\":30,\"batch\":32,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.01}}");
    Bundle *b = d ? help_train(d, plan, 1, NULL, false) : NULL;
    Table *out = b ? bundle_predict(NULL, b, &(PredictTask){.rows = table}, &e) : NULL;
    CHECK_OK(out != NULL, e);
    double mean = 0;
    for (size_t i = 0; out && i < table->rows; i++)
        mean += column_real(table_column(out, "prediction"), i) / (double)table->rows;
    CHECK_NEAR(mean, 100, 10);
    CHECK(b && value_get_real(value_get(b->facts, "valid"), "rmse", 0) < 40);
    table_unref(out);
    bundle_unref(b);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(p);
    pipeline_unref(filled);
}

void unit_bundle(void)
{
    help_register();
    table = help_table(300, 21);
    pipeline = help_pipeline(table);
    prepared = help_prepare(pipeline);
    TrainPlan *plan =
        help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":4},{\"layer\":\"relu\"}],\"epochs\":3,\"batch\":32}");
    bundle = help_train(prepared, plan, 1, NULL, false);
    check_round_trip();
    check_predict();
    check_reasons();
    check_dropped_rows();
    check_regression();
    bundle_unref(bundle);
    params_free(&train_spec, plan);
    prepared_free(prepared);
    pipeline_unref(pipeline);
    table_unref(table);
}
