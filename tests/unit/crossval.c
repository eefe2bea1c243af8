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
    static const char json[] =
        "{\"net\":[],\"epochs\":15,\"batch\":32,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.02},\"jobs\":%d}";
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

/* sites * 10 rows; the label is a coin of the site, and the features only tell which site a row is from. */
static Table *sites_table(size_t sites, uint64_t seed)
{
    Rng rng = rng_begin(rng_key(seed, "sites"));
    Error e = {0};
    Table *t = table_new(sites * 10);
    Column *site = column_new(COLUMN_TEXT, t->rows, &e), *a = column_new(COLUMN_REAL, t->rows, &e),
           *b = column_new(COLUMN_REAL, t->rows, &e);
    Column *y = column_new(COLUMN_TEXT, t->rows, &e);
    for (size_t s = 0; s < sites; s++) {
        char *name = text_format("site %zu", s);
        double u = rng_normal(&rng), v = rng_normal(&rng);
        bool yes = rng_below(&rng, 2);
        for (size_t i = s * 10; i < s * 10 + 10; i++) {
            column_set_text(site, i, name, strlen(name), NULL);
            a->data.reals[i] = u + 0.001 * rng_normal(&rng);
            b->data.reals[i] = v + 0.001 * rng_normal(&rng);
            column_set_text(y, i, yes ? "yes" : "no", yes ? 3 : 2, NULL);
        }
        mem_free(name);
    }
    table_add(t, "site", site, &e);
    table_add(t, "a", a, &e);
    table_add(t, "b", b, &e);
    table_add(t, "y", y, &e);
    return t;
}

static Pipeline *split_pipeline(const Table *t, const char *key, const char *json, uint64_t seed)
{
    SplitPlan *plan = help_plan(&split_spec, json);
    Pipeline *p = pipeline_new(t, "test.csv", NULL), *q = pipeline_with_target(p, "y", NULL), *split = pipeline_with_split(q, plan);
    split->key = mem_strdup(key);
    split->seed = seed;
    params_free(&split_spec, plan);
    pipeline_unref(p);
    pipeline_unref(q);
    return split;
}

static double cross_figure(const Pipeline *p, const char *json, const char *of, const char *metric)
{
    static int number;
    char *where = text_format("cross%d", number++);
    Value *v = cross(p, json, where);
    double figure = value_get_real(value_get(v, of), metric, NAN);
    value_free(v);
    mem_free(where);
    return figure;
}

static void check_groups(void)
{
    TEST("labels that are a coin of the site: folds by group or key are at chance, also with early stopping; by row they look perfect");
    static const char plain[] = "{\"net\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}],\"epochs\":15,\"batch\":32,\"jobs\":2,"
                                "\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.02}}";
    static const char stops[] =
        "{\"net\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}],\"epochs\":15,\"batch\":32,\"jobs\":2,"
        "\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.02},\"early_stop\":{\"metric\":\"valid.auc\",\"patience\":5}}";
    enum { TABLES = 5 };
    double by_group = 0, by_key = 0;
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        Table *t = sites_table(60, seed);
        Pipeline *group = split_pipeline(t, NULL, "{\"by\":\"group\",\"column\":\"site\"}", seed),
                 *key = split_pipeline(t, "site", "{}", seed);
        by_group += cross_figure(group, plain, "pooled", "auc") / TABLES;
        by_key += cross_figure(key, stops, "pooled", "auc") / TABLES;
        pipeline_unref(group);
        pipeline_unref(key);
        table_unref(t);
    }
    CHECK_NEAR(by_group, 0.5, 0.12);
    CHECK_NEAR(by_key, 0.5, 0.12);
}

/* x goes with the time; y is a random walk, which the time explains where it lies between known times only. */
static Table *walk_table(size_t rows, uint64_t seed)
{
    Rng rng = rng_begin(rng_key(seed, "walk"));
    Error e = {0};
    Table *t = table_new(rows);
    Column *day = column_new(COLUMN_DATE, rows, &e), *x = column_new(COLUMN_REAL, rows, &e), *y = column_new(COLUMN_REAL, rows, &e);
    double walk = 0;
    for (size_t i = 0; i < rows; i++) {
        walk += rng_normal(&rng);
        day->data.ints[i] = 19000 + (int64_t)i;
        x->data.reals[i] = (double)i / (double)rows - 0.5;
        y->data.reals[i] = walk;
    }
    table_add(t, "day", day, &e);
    table_add(t, "x", x, &e);
    table_add(t, "y", y, &e);
    return t;
}

static void check_time(void)
{
    TEST("a random walk: folds in time do not see the future, so their R2 is no better than chance; by row it looks explained");
    static const char plan[] =
        "{\"net\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"},{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}],"
        "\"epochs\":40,\"batch\":32,\"jobs\":2,\"folds\":4,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":0.01}}";
    double by_time = 0, by_row = 0;
    for (uint64_t seed = 0; seed < 3; seed++) {
        Table *t = walk_table(400, seed), *loose = table_without(t, &(int){0}, 1, &(Error){0});
        Pipeline *p = split_pipeline(t, NULL, "{\"by\":\"time\",\"column\":\"day\",\"gap\":3}", seed),
                 *q = split_pipeline(loose, NULL, "{}", seed);
        by_time += cross_figure(p, plan, "mean", "r2") / 3;
        by_row += cross_figure(q, plan, "mean", "r2") / 3;
        pipeline_unref(p);
        pipeline_unref(q);
        table_unref(t);
        table_unref(loose);
    }
    CHECK(by_time < 0);
    CHECK(by_row > 0.5);

    TEST("the result says what folds go by, and accounts for every row");
    Table *t = walk_table(400, 9);
    Pipeline *p = split_pipeline(t, NULL, "{\"by\":\"time\",\"column\":\"day\",\"gap\":3}", 1);
    Value *v =
        cross(p, "{\"net\":[],\"epochs\":1,\"folds\":4,\"jobs\":1,\"early_stop\":{\"metric\":\"valid.loss\",\"patience\":1}}", "account");
    const Value *left = value_get(v, "left");
    CHECK_TEXT(value_get_text(v, "unit", ""), "row");
    CHECK_TEXT(value_get_text(v, "order", ""), "day");
    CHECK_INT(value_get_int(left, "test part", 0), 60);
    CHECK_INT(value_get_int(left, "gap before test", 0), 3);
    CHECK_INT(value_get_int(v, "rows", 0), 337);
    CHECK_INT(value_get_int(left, "first block, never judged", 0), 67);
    CHECK_INT(value_get_int(v, "judged", 0), 270);
    CHECK_INT(value_get_int(v, "left_out", 0), 63);
    CHECK_INT(value_get(v, "folds")->size, 4);
    value_free(v);
    pipeline_unref(p);
    table_unref(t);
}

static void check_refusals(void)
{
    TEST("folds that cannot be made are refused before anything is trained");
    Table *t = sites_table(5, 1);
    Pipeline *p = split_pipeline(t, NULL, "{\"by\":\"group\",\"column\":\"site\"}", 1);
    Error e = {0};
    Value *result = NULL;
    char *runs = io_join(test_directory(), "refused"), *folds = io_join(runs, "folds");
    CallContext c = {.runs = runs};
    CrossPlan *plan = help_plan(&cross_validate_spec, "{\"net\":[]}");
    CHECK(!call_cross_validate(&c, p, plan, &result, &e));
    CHECK_TEXT(e.message, "5 folds need as many groups; there are 4");
    CHECK(!io_stat(folds, &(IoInfo){0}));
    params_free(&cross_validate_spec, plan);
    mem_free(folds);
    mem_free(runs);
    pipeline_unref(p);
    table_unref(t);
}

void unit_crossval(void)
{
    help_register();
    check_groups();
    check_time();
    check_refusals();
    Table *t = help_table(300, 31);
    Pipeline *p = help_pipeline(t);
    check_folds(p, t);
    check_statistics(p);
    check_errors(p);
    pipeline_unref(p);
    table_unref(t);
}
