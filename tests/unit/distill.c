/* Distillation and comparison: a student at alpha 0 is the student alone, cached and live teachers give the same bits, verdicts say
 * what the intervals say; intervals agree with references. */
#include "base/io.h"
#include "learn/statistics.h"
#include "run/tail.h"
#include "tests/unit/learn_help.h"

static Table *table;
static Pipeline *pipeline;
static Bundle *teacher;

static Distilled *distill(const char *more, const char *where)
{
    Error e = {0};
    Distilled *d = NULL;
    char *runs = io_join(test_directory(), where),
         *json = text_format("{\"student\":[{\"layer\":\"dense\",\"width\":3},{\"layer\":\"relu\"}],"
                             "\"epochs\":4,\"batch\":32%s}",
                             more);
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

/* What the first student of the only run there recorded. */
static Tail *student_tail(const char *where)
{
    Error e = {0};
    char *runs = io_join(test_directory(), where);
    Tail **found = NULL;
    size_t count = 0;
    CHECK_OK(run_list(runs, &found, &count, &e), e);
    CHECK_INT(count, 1);
    char *path = text_format("%s/seeds/01/student", found[0]->path);
    Tail *t = tail_open(path, &e);
    CHECK_OK(t != NULL, e);
    tail_poll(t, false, &e);
    for (size_t i = 0; i < count; i++)
        tail_free(found[i]);
    mem_free(found);
    mem_free(path);
    mem_free(runs);
    return t;
}

/* Of each epoch event of a student: train and valid count the same mixture, its parts recorded apart. */
static void check_mixture(const char *where, double alpha)
{
    Tail *t = student_tail(where);
    static const char *const parts[] = {"train", "valid"};
    for (size_t p = 0; p < 2; p++) {
        char *names[3] = {text_format("%s.loss", parts[p]), text_format("%s.hard", parts[p]), text_format("%s.soft", parts[p])};
        const TailSeries *loss = tail_series(t, names[0]), *hard = tail_series(t, names[1]), *soft = tail_series(t, names[2]);
        CHECK(loss && hard && soft && loss->count == 4 && hard->count == 4 && soft->count == 4);
        for (size_t i = 0; loss && hard && soft && i < loss->count; i++) {
            CHECK_NEAR(loss->y[i], alpha * soft->y[i] + (1 - alpha) * hard->y[i], 1e-9);
            CHECK(soft->y[i] > 0);
        }
        for (size_t k = 0; k < 3; k++)
            mem_free(names[k]);
    }
    const TailSeries *hard = tail_series(t, "valid.hard"), *plain = tail_series(t, "valid.log_loss");
    for (size_t i = 0; i < plain->count; i++)
        CHECK_NEAR(hard->y[i], plain->y[i], 1e-6);
    tail_free(t);
}

static void check_losses(void)
{
    TEST("the curves of train and valid are the same mixture, hard and soft parts apart");
    distilled_free(distill(",\"alpha\":0.6,\"seeds\":1,\"jobs\":1", "mixed"));
    check_mixture("mixed", 0.6);
    distilled_free(distill(",\"alpha\":0.2,\"seeds\":1,\"jobs\":1,\"logits\":\"live\",\"class_weight\":\"none\"", "mixed_live"));
    check_mixture("mixed_live", 0.2);

    TEST("with weights that stand still, the loss of an epoch is that of evaluating the training part");
    Distilled *d = distill(",\"seeds\":1,\"jobs\":1,\"optimizer\":{\"optimizer\":\"adam\",\"learning_rate\":1e-9}", "still");
    Value *result = value_get(d->result, "seeds")->items[0];
    const Value *student = value_get(result, "student");
    Tail *t = student_tail("still");
    const TailSeries *loss = tail_series(t, "train.loss"), *soft = tail_series(t, "train.soft");
    CHECK_NEAR(loss->y[loss->count - 1], value_get_real(student, "train.loss", 0), 1e-5);
    CHECK_NEAR(soft->y[soft->count - 1], value_get_real(student, "train.soft", 0), 1e-5);
    tail_free(t);
    CHECK_NEAR(value_get_real(student, "train.loss", 0),
               0.7 * value_get_real(student, "train.soft", 0) + 0.3 * value_get_real(student, "train.hard", 0), 1e-9);
    distilled_free(d);
}

static void check_compare(void)
{
    TEST("a comparison holds figures of all three, paired gains, and a verdict that fits its interval");
    Error e = {0};
    Distilled *d = distill(",\"seeds\":3", "compared");
    CompareTask task = {.pipeline = pipeline,
                        .teacher = teacher,
                        .students = d->students,
                        .alone = d->alone,
                        .seeds = 3,
                        .part = PART_VALID,
                        .margin = 0.01};
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
    CHECK_INT(strstr(value_get_text(v, "verdict", ""), "an't tell") != NULL,
              text_equal(value_get_text(gain, "conclusion", ""), "unknown") ||
                  text_equal(value_get_text(value_get(v, "against_teacher"), "conclusion", ""), "unknown"));
    CHECK_NEAR(value_get_real(gain, "margin", 0), 0.01, 1e-12);
    CHECK_TEXT(value_get_text(value_get(v, "against_teacher"), "metric", ""), "auc");
    CHECK_NEAR(value_get_real(value_get(v, "teacher"), "auc", 0), value_get_real(value_get(teacher->facts, "valid"), "auc", 1), 1e-4);
    Text out = {0};
    compare_print(v, &out);
    CHECK(strstr(text_get(&out), "student alone") != NULL && strstr(text_get(&out), "agrees with teacher") != NULL);
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

/* A comparison as compare_bundles leaves it: intervals of the leading metric, concluded. */
typedef struct Case {
    const char *metric;
    double gain_low, gain_high, low, high, alone_low, alone_high, margin; /* low, high: student minus teacher */
    const char *gain, *student, *alone;                                   /* conclusions */
    const char *words[3], *never;
} Case;

static Value *interval(const Case *c, double low, double high, const char *conclusion)
{
    Value *v = value_map();
    value_set(v, "metric", value_text(c->metric));
    value_set(v, "mean", value_real((low + high) / 2));
    value_set(v, "low", value_real(low));
    value_set(v, "high", value_real(high));
    value_set(v, "margin", value_real(c->margin));
    value_set(v, "conclusion", value_text(conclusion));
    value_set(v, "wins", value_int(2));
    return v;
}

static char *verdict_of(const Case *c)
{
    Value *v = value_map(), *gain = value_map();
    value_set(gain, c->metric, interval(c, c->gain_low, c->gain_high, c->gain));
    value_set(v, "gain", gain);
    value_set(v, "against_teacher", interval(c, c->low, c->high, c->student));
    value_set(v, "alone_against_teacher", interval(c, c->alone_low, c->alone_high, c->alone));
    value_set(v, "metric", value_text(c->metric));
    value_set(v, "on", value_text("test"));
    value_set(v, "rows", value_int(150));
    value_set(v, "seeds", value_int(5));
    char *verdict = compare_verdict(v);
    value_free(v);
    return verdict;
}

static void check_verdicts(void)
{
    /* clang-format off */
    static const Case cases[] = {
        {"auc", -0.004, 0.001, -0.006, 0.002, -0.005, 0.003, 0.01, "as good", "as good", "as good",
         {"No gain above the margin 0.0100", "as good as the teacher", "ship that one"}, "an't tell"},
        {"auc", 0.002, 0.006, -0.006, 0.002, -0.03, 0.003, 0.01, "better", "as good", "unknown", {"The teacher helped", "Ship the student", ""}, "an't tell"},
        {"auc", -0.006, -0.002, -0.03, -0.02, -0.02, -0.01, 0.01, "as good", "worse", "worse", {"did harm", "worse than the teacher", "trained alone is the better"}, "No gain"},
        {"auc", -0.05, 0.06, -0.08, 0.05, -0.08, 0.05, 0.01, "unknown", "unknown", "unknown",
         {"Can't tell with 150 rows and 5 seeds whether the teacher helped", "can't tell with 150 rows and 5 seeds whether it is as good", ""}, "ship"},
        {"auc", -0.05, 0.06, -0.03, -0.02, -0.08, 0.05, 0.01, "unknown", "worse", "unknown", {"Can't tell", "worse than the teacher", ""}, "No gain"},
        {"rmse", -0.4, -0.1, -0.2, -0.1, -0.2, 0.1, 0.05, "better", "better", "unknown", {"The teacher helped", "better than the teacher", "Ship"}, "harm"},
        {"rmse", 0.1, 0.4, 0.1, 0.2, -0.2, 0.1, 0.05, "worse", "worse", "unknown", {"did harm", "worse than the teacher", "RMSE"}, "helped"},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST("verdicts say what the intervals bear out, for metrics of either direction");
        char *verdict = verdict_of(&cases[i]);
        for (size_t k = 0; k < 3; k++)
            CHECK(strstr(verdict, cases[i].words[k]) != NULL);
        CHECK(strstr(verdict, cases[i].never) == NULL);
        CHECK(strstr(verdict, "in 2 of 5 seeds") != NULL);
        mem_free(verdict);
    }
}

static const double table_of_figures[6][3] = {{1, 2, 3}, {2, 2, 5}, {0, 1, 1}, {4, 3, 6}, {2, 1, 2}, {3, 3, 7}};

static void check_statistics(void)
{
    TEST("Student t as scipy.stats.t.ppf(0.975, f), between whole numbers too");
    CHECK_NEAR(student_t(1), 12.7062047364, 1e-3);
    CHECK_NEAR(student_t(1.5), 6.0166631044, 0.03);
    CHECK_NEAR(student_t(2.5), 3.5746548420, 0.003);
    CHECK_NEAR(student_t(4.7), 2.6207260754, 0.001);
    CHECK_NEAR(student_t(28.5), 2.0467, 1e-3);
    CHECK_NEAR(student_t(60), 2.0002978220, 1e-3);
    CHECK(isnan(student_t(0)));

    TEST("t over folds by hand: mean 0.02, sd 0.01, t(2) 4.302653, times sqrt(1/3 + 1/2)");
    Interval of_folds;
    folds_interval((const double[]){0.01, 0.02, 0.03}, 3, 0.5, &of_folds);
    CHECK_NEAR(of_folds.mean, 0.02, 1e-12);
    CHECK_NEAR(of_folds.high - of_folds.mean, 0.0392777, 1e-6);
    CHECK_NEAR(of_folds.mean - of_folds.low, 0.0392777, 1e-6);
    folds_interval((const double[]){0.3}, 1, 0.5, &of_folds);
    CHECK(of_folds.mean == 0.3 && isnan(of_folds.low) && isnan(of_folds.high));

    TEST("McNemar as scipy.stats.binomtest(9, 24).pvalue");
    CHECK_NEAR(mcnemar_p(9, 15), 0.3074562550, 1e-9);
    CHECK_NEAR(mcnemar_p(0, 0), 1, 0);

    TEST("one seed and no row that differs: not a point, but what so few rows can hide");
    Error e = {0};
    Interval v;
    double none[400] = {0};
    PairedFigures f = {.rows = 20, .seeds = 1, .shares = none, .independent = 20, .widest = 1};
    CHECK(paired_interval(&f, &v, &e));
    CHECK_NEAR(v.high, student_t(19) / 22, 1e-9);
    f.rows = f.independent = 400;
    CHECK(paired_interval(&f, &v, &e));
    CHECK(v.high > 0 && v.high < 0.006);

    TEST("rows by seeds: the mean is that of all, and no interval is made where no rows vary independently");
    f = (PairedFigures){.rows = 6, .seeds = 3, .shares = table_of_figures[0], .independent = 6, .widest = (double)INFINITY};
    CHECK(paired_interval(&f, &v, &e));
    CHECK_NEAR(v.mean, 48.0 / 18, 1e-12);
    CHECK_NEAR(v.sd, 1.1547005384, 1e-9);
    CHECK(v.low < v.mean && v.mean < v.high);
    f.independent = 0;
    CHECK(paired_interval(&f, &v, &e));
    CHECK(isnan(v.low) && isnan(v.high));
}

void unit_distill(void)
{
    help_register();
    table = help_table(300, 51);
    pipeline = help_pipeline(table);
    Prepared *d = help_prepare(pipeline);
    TrainPlan *plan =
        help_plan(&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}],\"epochs\":5,\"batch\":32}");
    teacher = help_train(d, plan, 1, NULL, false);
    check_control();
    check_losses();
    check_compare();
    check_verdicts();
    check_statistics();
    bundle_unref(teacher);
    params_free(&train_spec, plan);
    prepared_free(d);
    pipeline_unref(pipeline);
    table_unref(table);
}
