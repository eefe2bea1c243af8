/* Metrics against scikit-learn 1.2.1 (accuracy_score, roc_auc_score, f1_score, log_loss, brier_score_loss, mean_squared_error,
 * mean_absolute_error, r2_score) on small samples with ties; ECE by its definition in numpy; AUC of three classes as the mean of each against the rest. Probabilities are float32. */
#include "net/metrics/metric.h"
#include "tests/unit/test.h"

static double metric_of(const char *name, const MetricInput *in)
{
    return metric_find(name)->compute(in);
}

static const float two[] = {.1f, .8f, .35f, .35f, .9f, .6f, .5f, .05f, .5f, .7f};
static const int32_t two_labels[] = {0, 1, 1, 0, 1, 0, 1, 0, 0, 1};

static void check_two_classes(void)
{
    TEST("two classes: figures agree with scikit-learn, ties shared");
    float p[20];
    for (int i = 0; i < 10; i++) {
        p[2 * i] = 1 - two[i];
        p[2 * i + 1] = two[i];
    }
    MetricInput in = {.rows = 10, .classes = 2, .positive = 1, .threshold = 0.5, .labels = two_labels, .probabilities = p};
    CHECK_NEAR(metric_of("accuracy", &in), 0.7, 1e-12);
    CHECK_NEAR(metric_of("auc", &in), 0.84, 1e-12);
    CHECK_NEAR(metric_of("f1", &in), 0.7272727272727272, 1e-12);
    CHECK_NEAR(metric_of("log_loss", &in), 0.46250230530655695, 1e-7);
    CHECK_NEAR(metric_of("loss", &in), 0.46250230530655695, 1e-7);
    CHECK_NEAR(metric_of("brier", &in), 0.1557500039711596, 1e-7);
    CHECK_NEAR(metric_of("ece", &in), 0.1650000061839819, 1e-6);
    in.threshold = 0.3;
    CHECK_NEAR(metric_of("accuracy", &in), 0.7, 1e-12);
    CHECK_NEAR(metric_of("f1", &in), 10.0 / 13.0, 1e-12);
}

static void check_three_classes(void)
{
    TEST("three classes: macro AUC and F1 as in scikit-learn");
    static const float p[] = {.7f, .2f, .1f, .2f, .5f, .3f, .1f, .3f, .6f, .4f, .5f, .1f, .3f, .4f, .3f, .5f, .2f, .3f, .1f, .1f, .8f};
    static const int32_t labels[] = {0, 1, 2, 0, 1, 2, 2};
    MetricInput in = {.rows = 7, .classes = 3, .positive = -1, .threshold = 0.5, .labels = labels, .probabilities = p};
    CHECK_NEAR(metric_of("accuracy", &in), 0.7142857142857143, 1e-12);
    CHECK_NEAR(metric_of("auc", &in), 0.8888888888888888, 1e-12);
    CHECK_NEAR(metric_of("f1", &in), 0.7, 1e-12);
    CHECK_NEAR(metric_of("log_loss", &in), 0.6886207960379126, 1e-6);
    CHECK_NEAR(metric_of("brier", &in), 0.3971428575260299, 1e-6);
}

static void check_values(void)
{
    TEST("regression figures agree with scikit-learn");
    static const double values[] = {3, -.5, 2, 7, 4.2}, predicted[] = {2.5, 0, 2, 8, 4};
    MetricInput in = {.rows = 5, .values = values, .predicted = predicted, .scale = 2};
    CHECK_NEAR(metric_of("rmse", &in), 0.5549774770204643, 1e-12);
    CHECK_NEAR(metric_of("mae", &in), 0.44, 1e-12);
    CHECK_NEAR(metric_of("r2", &in), 0.9496600418410042, 1e-12);
    CHECK_NEAR(metric_of("loss", &in), 0.308 / 4, 1e-12);
}

static void check_edges(void)
{
    TEST("a part without rows or with one class has no figure");
    static const int32_t ones[] = {1, 1};
    static const float p[] = {.2f, .8f, .4f, .6f};
    MetricInput in = {.rows = 2, .classes = 2, .positive = 1, .threshold = 0.5, .labels = ones, .probabilities = p};
    CHECK(isnan(metric_of("auc", &in)));
    CHECK_NEAR(metric_of("accuracy", &in), 1, 0);
    in.rows = 0;
    CHECK(isnan(metric_of("accuracy", &in)));
    CHECK(isnan(metric_of("log_loss", &in)));

    TEST("AUC with counted rows equals AUC of the repeated rows");
    static const double scores[] = {1, 2, 2, 3, 4}, repeated[] = {1, 2, 2, 2, 3, 3};
    static const uint8_t y[] = {0, 1, 0, 0, 1}, y_repeated[] = {0, 1, 1, 0, 0, 0};
    static const uint32_t counts[] = {1, 2, 1, 2, 0};
    CHECK_NEAR(metric_auc(scores, y, counts, 5), metric_auc(repeated, y_repeated, NULL, 6), 0);
    CHECK(isnan(metric_auc((const double[]){NAN, 1}, y, NULL, 2)));
}

void unit_metrics(void)
{
    check_two_classes();
    check_three_classes();
    check_values();
    check_edges();
}
