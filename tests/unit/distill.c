/* Distillation and comparison: a student at alpha 0 is the student alone, cached and live teachers give the same bits, verdicts say
 * what the intervals say; intervals agree with references. */
#include "base/io.h"
#include "learn/statistics.h"
#include "tests/unit/learn_help.h"

static Table *table;
static Pipeline *pipeline;
static Bundle *teacher;

static Distilled *distill(const char *more, const char *where)
{
    Error e = {0};
    Distilled *d = NULL;
    char *runs = io_join(test_directory(), where), *json = text_format("{\"student\":[{\"layer\":\"dense\",\"width\":3},{\"layer\":\"relu\"}],"
                                                                       "\"epochs\":4,\"batch\":32%s}", more);
    DistillPlan *plan = help_plan(&distill_spec, json);
    CallContext c = {.runs = runs};
    CHECK_OK(call_distill(&c, pipeline, plan, teacher, &d, &e), e);
    params_free(&distill_spec, plan);
    mem_free(json);
    mem_free(runs);
    return d;
}

static void check_control(void)
{
    TEST("the control differs from the student only by the teacher: at alpha 0 they end with the same weights");
    char a[HASH_ROOM], b[HASH_ROOM], c[HASH_ROOM];
    Distilled *none = distill(",\"alpha\":0,\"seeds\":1,\"jobs\":1", "none");
    weights_hash(none->students[0]->model, a);
    weights_hash(none->alone[0]->model, b);
    CHECK_TEXT(a, b);

    TEST("cached and live teacher give the same student; other seeds give other ones; the control never changes");
    Distilled *cached = distill(",\"seeds\":2", "cached"), *live = distill(",\"seeds\":2,\"logits\":\"live\"", "live");
    CHECK_TEXT(help_hash(cached->students[0], a), help_hash(live->students[0], b));
    CHECK(strcmp(help_hash(cached->students[1], c), a) != 0);
    CHECK_TEXT(help_hash(cached->alone[0], a), help_hash(none->alone[0], b));
    CHECK(strcmp(help_hash(cached->students[0], c), a) != 0);
    distilled_free(none);
    distilled_free(cached);
    distilled_free(live);
}

static void check_compare(void)
{
    TEST("a comparison holds figures of all three, paired gains, and a verdict that fits its interval");
    Error e = {0};
    Distilled *d = distill(",\"seeds\":3", "compared");
    CompareTask task = {.pipeline = pipeline, .teacher = teacher, .students = d->students, .alone = d->alone, .seeds = 3, .part = PART_VALID};
    Value *v = compare_bundles(NULL, &task, &e);
    CHECK_OK(v != NULL, e);
    const Value *gain = value_get(value_get(v, "gain"), "auc");
    CHECK_INT(value_get_int(v, "test_consulted", -1), 0);
    CHECK_NEAR(value_get_real(value_get(v, "teacher"), "agreement", 0), 1, 0);
    CHECK_NEAR(value_get_real(gain, "mean", 9),
               value_get_real(value_get(v, "student"), "auc", 0) - value_get_real(value_get(v, "alone"), "auc", 0), 1e-12);
    CHECK(value_get_int(value_get(v, "teacher"), "params", 0) > value_get_int(value_get(v, "student"), "params", 0));
    bool holds_zero = value_get_real(gain, "low", 0) <= 0 && value_get_real(gain, "high", 0) >= 0;
    CHECK_INT(value_get_flag(v, "no_gain", false), holds_zero);
    CHECK_INT(strstr(value_get_text(v, "verdict", ""), "No gain") != NULL, holds_zero);
    CHECK_NEAR(value_get_real(value_get(v, "teacher"), "auc", 0), value_get_real(value_get(teacher->facts, "valid"), "auc", 1), 1e-4);
    Text out = {0};
    compare_print(v, &out);
    CHECK(strstr(text_get(&out), "student alone") != NULL && strstr(text_get(&out), "agreement with teacher") != NULL);
    text_done(&out);
    value_free(v);

    TEST("looking at the test part is counted; the training part is refused");
    task = (CompareTask){.pipeline = pipeline, .teacher = teacher, .part = PART_TEST};
    v = compare_bundles(NULL, &task, &e);
    CHECK_OK(v != NULL, e);
    CHECK_INT(value_get_int(v, "test_consulted", 0), 1);
    value_free(v);
    task.part = PART_TRAIN;
    CHECK(compare_bundles(NULL, &task, &e) == NULL);
    CHECK(strstr(e.message, "trained on") != NULL);
    distilled_free(d);
}

static void check_verdicts(void)
{
    static const struct {
        double low, high;
        bool no_gain;
        const char *words;
    } cases[] = {{-0.004, 0.001, true, "No gain"}, {0.002, 0.006, false, "The teacher helped"}, {-0.006, -0.002, false, "did harm"}};
    for (size_t i = 0; i < 3; i++) {
        TEST("verdicts");
        Value *v = value_map(), *gain = value_map(), *auc = value_map();
        value_set(auc, "mean", value_real((cases[i].low + cases[i].high) / 2));
        value_set(auc, "low", value_real(cases[i].low));
        value_set(auc, "high", value_real(cases[i].high));
        value_set(auc, "wins", value_int(2));
        value_set(gain, "auc", auc);
        value_set(v, "gain", gain);
        value_set(v, "metric", value_text("auc"));
        value_set(v, "on", value_text("test"));
        value_set(v, "seeds", value_int(5));
        value_set(v, "no_gain", value_flag(cases[i].no_gain));
        char *verdict = compare_verdict(v);
        CHECK(strstr(verdict, cases[i].words) != NULL);
        CHECK(strstr(verdict, "in 2 of 5 seeds") != NULL);
        mem_free(verdict);
        value_free(v);
    }
}

static void check_statistics(void)
{
    TEST("Student t interval as scipy.stats.t.interval(0.95, 4, mean, sem)");
    static const double values[] = {0.01, -0.02, 0.03, 0.005, 0.015};
    Interval v = interval_of(values, 5);
    CHECK_NEAR(v.mean, 0.008, 1e-12);
    CHECK_NEAR(v.low, -0.014641225, 2e-6);
    CHECK_NEAR(v.high, 0.030641225, 2e-6);
    CHECK(isnan(interval_of(values, 1).low));

    TEST("McNemar as scipy.stats.binomtest(9, 24).pvalue");
    CHECK_NEAR(mcnemar_p(9, 15), 0.3074562550, 1e-9);
    CHECK_NEAR(mcnemar_p(0, 0), 1, 0);

    TEST("the bootstrap interval of a mean is near mean +- 1.96 standard errors, and the same each time");
    double sample[400];
    Rng rng = rng_begin(rng_key(5, "sample"));
    for (size_t i = 0; i < 400; i++)
        sample[i] = rng_normal(&rng) + 0.3;
    Error e = {0};
    Interval normal = interval_of(sample, 400), a, b;
    CHECK(bootstrap_mean(sample, 400, 1, &a, &e) && bootstrap_mean(sample, 400, 1, &b, &e));
    CHECK_NEAR(a.low, normal.low, 0.02);
    CHECK_NEAR(a.high, normal.high, 0.02);
    CHECK_NEAR(a.low, b.low, 0);
}

void unit_distill(void)
{
    help_register();
    table = help_table(300, 51);
    pipeline = help_pipeline(table);
    Prepared *d = help_prepare(pipeline);
    TrainPlan *plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}],\"epochs\":5,\"batch\":32}");
    teacher = help_train(d, plan, 1, NULL, false);
    check_control();
    check_compare();
    check_verdicts();
    check_statistics();
    bundle_unref(teacher);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(pipeline);
    table_unref(table);
}
