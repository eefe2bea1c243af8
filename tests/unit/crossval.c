/* Cross-validation: every row of train and valid is held out once, steps are fitted per fold, the test part stays out, one or two
 * processes give the same figures. */
#include "base/io.h"
#include "learn/batch.h"
#include "tests/unit/learn_help.h"

static Value *cross(const Pipeline *p, const char *json, const char *where)
{
    Error e = {0};
    Value *result = NULL;
    char *runs = io_join(test_directory(), where);
    CrossPlan *plan = help_plan(&cross_validate_spec, json);
    CallContext c = {.runs = runs};
    CHECK_OK(call_cross_validate(&c, p, plan, &result, &e), e);
    params_free(&cross_validate_spec, plan);
    mem_free(runs);
    return result;
}

static void check_folds(const Pipeline *p, const Table *t)
{
    TEST("five folds hold each row out once; test rows stay out; AUC is above chance");
    static const char json[] = "{\"net\":[],\"epochs\":15,\"batch\":32,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.02},\"jobs\":%d}";
    char *one = text_format(json, 1), *two = text_format(json, 2);
    Value *a = cross(p, one, "a"), *b = cross(p, two, "b");
    Prepared *d = help_prepare(p);
    CHECK_INT(value_get(a, "folds")->size, 5);
    CHECK_INT(value_get_int(a, "left_out", 0), d->data[PART_TEST].rows);
    CHECK_INT(value_get_int(a, "rows", 0), t->rows - d->data[PART_TEST].rows);
    CHECK(value_get_real(value_get(a, "mean"), "auc", 0) > 0.75);
    CHECK(value_get_real(value_get(a, "pooled"), "auc", 0) > 0.75);
    CHECK(value_get_real(value_get(a, "sd"), "auc", 0) > 0);

    TEST("one and two processes give the same figures");
    CHECK(value_equal(a, b));
    prepared_free(d);
    value_free(a);
    value_free(b);
    mem_free(one);
    mem_free(two);
}

static void check_statistics(const Pipeline *p)
{
    TEST("mean and sd are those of the folds");
    Value *a = cross(p, "{\"net\":[],\"epochs\":2,\"folds\":3,\"jobs\":1,\"early_stop\":{\"metric\":\"valid.loss\",\"patience\":1}}", "s");
    const Value *folds = value_get(a, "folds");
    double sum = 0, spread = 0;
    for (size_t i = 0; i < folds->size; i++)
        sum += value_get_real(folds->items[i], "auc", NAN) / 3;
    for (size_t i = 0; i < folds->size; i++)
        spread += pow(value_get_real(folds->items[i], "auc", NAN) - sum, 2) / 2;
    CHECK_NEAR(value_get_real(value_get(a, "mean"), "auc", NAN), sum, 1e-12);
    CHECK_NEAR(value_get_real(value_get(a, "sd"), "auc", NAN), sqrt(spread), 1e-12);
    value_free(a);
}

static void check_errors(const Pipeline *p)
{
    TEST("a fold that fails names itself, and the cause comes through its process");
    Error e = {0};
    Value *result = NULL;
    CallContext c = {.runs = test_directory()};
    CrossPlan *plan = help_plan(&cross_validate_spec, "{\"net\":[{\"layer\":\"conv1d\",\"filters\":2},{\"layer\":\"dense\",\"width\":4}]}");
    CHECK(!call_cross_validate(&c, p, plan, &result, &e));
    CHECK(strstr(e.message, "fold ") != NULL && strstr(e.message, "flatten") != NULL);
    params_free(&cross_validate_spec, plan);
}

void unit_crossval(void)
{
    help_register();
    Table *t = help_table(300, 31);
    Pipeline *p = help_pipeline(t);
    check_folds(p, t);
    check_statistics(p);
    check_errors(p);
    pipeline_unref(p);
    table_unref(t);
}
