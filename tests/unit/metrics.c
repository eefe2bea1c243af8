/* Metrics against scikit-learn 1.2.1 (accuracy_score, roc_auc_score, f1_score, log_loss, brier_score_loss, mean_squared_error,
 * mean_absolute_error, r2_score) on small samples with ties; ECE by its definition in numpy; AUC of three classes as the mean of each
 * against the rest. Probabilities are float32. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"
#include "net/metrics/metric.h"
#include "tests/unit/test.h"

static double figure_of(const Metric *m, const MetricInput *in)
{
    SpecUse use = metric_usual(m);
    Error e = {0};
    double figure = NAN;
    CHECK(metric_compute(&use, in, &figure, &e));
    return figure;
}

static size_t shares_of(const Metric *m, const MetricInput *in, double *shares)
{
    SpecUse use = metric_usual(m);
    return metric_by_row(&use, in, shares);
}

static double metric_of(const char *name, const MetricInput *in)
{
    SpecUse use = {0};
    Error e = {0};
    double figure = NAN;
    CHECK_OK(metric_use_of_name(&use, name, &e) && metric_compute(&use, in, &figure, &e), e);
    spec_use_done(&use);
    return figure;
}

static void check_names(void)
{
    TEST("metrics are named with their settings");
    static const char *const wrong[][2] = {
        {"f_betta", "no metric \"f_betta\"; did you mean \"f_beta\"?"},
        {"f_beta(beta=2", "f_beta(beta=2: write settings as f_beta(name=value, ...)"},
        {"f_beta(bet=2)", "f_beta: no setting \"bet\"; did you mean \"beta\"?"},
        {"f_beta(beta=200)", "f_beta: \"beta\" is 200, allowed is 0.01 to 100"},
        {"auc(x=1)", "auc: it has no settings"},
        {"f_beta(beta)", "f_beta(beta): write settings as f_beta(name=value, ...)"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        SpecUse use = {0};
        Error e = {0};
        CHECK(!metric_use_of_name(&use, wrong[i][0], &e) && !use.params);
        CHECK_TEXT(e.message, wrong[i][1]);
    }
    char title[METRIC_TITLE_ROOM];
    CHECK(metric_of_series("valid.f_beta(beta=0.5)") == metric_find("f_beta"));
    CHECK_TEXT(metric_series_title("valid.f_beta(beta=0.5)", title), "valid F beta (beta=0.5)");
    CHECK_TEXT(metric_series_title("valid.f_beta", title), "valid F beta");
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
    CHECK_NEAR(metric_of("average_precision", &in), 0.8583333333333333, 1e-12); /* average_precision_score */
    CHECK_NEAR(metric_of("macro_f1", &in), 0.6969696969696968, 1e-12);
    CHECK_NEAR(metric_of("weighted_f1", &in), 0.6969696969696969, 1e-12);
    CHECK_NEAR(metric_of("balanced_accuracy", &in), 0.7, 1e-12);
    CHECK_NEAR(metric_of("mcc", &in), 0.408248290463863, 1e-12);
    CHECK_NEAR(metric_of("f_beta", &in), 0.7692307692307692, 1e-12); /* beta 2 */
    CHECK_NEAR(metric_of("f_beta(beta=0.5)", &in), 0.689655172413793, 1e-12);
    /* half of all are positives; of the highest scores three are, the fourth is none, one of each shares the places five and six */
    CHECK_NEAR(metric_of("lift", &in), 2, 1e-12);
    CHECK_NEAR(metric_of("lift(share=0.3)", &in), 2, 1e-12);
    CHECK_NEAR(metric_of("lift(share=0.35)", &in), 3 / 3.5 / 0.5, 1e-12);
    CHECK_NEAR(metric_of("lift(share=0.5)", &in), (3 + 1 * 0.5) / 5 / 0.5, 1e-12);
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
    CHECK_NEAR(metric_of("average_precision", &in), 0.7611111111111111, 1e-12); /* mean over classes */
    CHECK_NEAR(metric_of("macro_f1", &in), 0.7, 1e-12);
    CHECK_NEAR(metric_of("weighted_f1", &in), 0.7142857142857143, 1e-12);
    CHECK_NEAR(metric_of("balanced_accuracy", &in), 0.7222222222222222, 1e-12);
    CHECK_NEAR(metric_of("mcc", &in), 0.59375, 1e-12);
    CHECK_NEAR(metric_of("top_k", &in), 1, 1e-12);
    CHECK_NEAR(metric_of("top_k(k=1)", &in), 0.7142857142857143, 1e-12);
    CHECK_NEAR(metric_of("f_beta", &in), 0.7077922077922079, 1e-12);
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
    CHECK_NEAR(metric_of("pinball", &in), 0.22, 1e-12); /* mean_pinball_loss, alpha=0.5 */
    CHECK_NEAR(metric_of("pinball(q=0.9)", &in), 0.156, 1e-12);
    CHECK_NEAR(metric_of("mape", &in), 27.142857142857142, 1e-12); /* 100 * mean_absolute_percentage_error */
    TEST("errors of forecasts by their definitions");
    CHECK_NEAR(metric_of("smape", &in), (100 / 5.5 + 200 + 0 + 200.0 / 15 + 40 / 8.2) / 5, 1e-12);
    CHECK(isnan(metric_of("mase", &in)));
    in.naive = 2;
    CHECK_NEAR(metric_of("mase", &in), 0.22, 1e-12);
    static const double with_zero[] = {3, 0, 2, 7, 4.2};
    in.values = with_zero;
    CHECK(isnan(metric_of("mape", &in)) && shares_of(metric_find("mape"), &in, (double[5]){0}) == 0);
    CHECK_NEAR(metric_of("smape", &in), (100 / 5.5 + 0 + 0 + 200.0 / 15 + 40 / 8.2) / 5, 1e-12);
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

/* scikit-learn 1.2.1: f1_score(y, d, average="macro") looks at the classes that occur in y or d. */
static void check_macro(void)
{
    TEST("macro F1 is over the classes that occur in truth or decision");
    static const float p[] = {.7f, .2f, .1f, 0, .2f, .5f, .3f, 0, .4f, .5f, .1f, 0};
    static const int32_t labels[] = {0, 1, 0}, perfect[] = {0, 1, 1};
    MetricInput in = {.rows = 3, .classes = 4, .positive = -1, .threshold = 0.5, .labels = labels, .probabilities = p};
    CHECK_NEAR(metric_of("f1", &in), (2.0 / 3 + 2.0 / 3) / 2, 1e-12); /* classes 2 and 3 neither occur nor are decided */
    in.labels = perfect;
    CHECK_NEAR(metric_of("f1", &in), 1, 1e-12);
    static const int32_t elsewhere[] = {0, 1, 3}; /* 3 occurs and is never decided: it counts as 0 */
    in.labels = elsewhere;
    CHECK_NEAR(metric_of("f1", &in), (1 + 2.0 / 3 + 0) / 3, 1e-12);
    TEST("R squared of a target that is the same everywhere is undefined, rounding or not");
    static const double same[] = {.1, .1, .1}, guess[] = {.1, .2, .1};
    MetricInput flat = {.rows = 3, .values = same, .predicted = guess, .scale = 1};
    CHECK(isnan(metric_of("r2", &flat)));
}

enum { SAMPLE = 60 };

typedef struct Sample { /* outputs of a middling model and of one that knows everything */
    int32_t labels[SAMPLE];
    float middling[3 * SAMPLE], knowing[3 * SAMPLE];
    double values[SAMPLE], near[SAMPLE], exact[SAMPLE];
} Sample;

static void fill_sample(Sample *s, size_t classes)
{
    Rng rng = rng_begin(rng_key(15, "metrics"));
    for (size_t i = 0; i < SAMPLE; i++) {
        s->labels[i] = (int32_t)rng_below(&rng, classes);
        double sum = 0, weights[3];
        for (size_t c = 0; c < classes; c++)
            sum += weights[c] = rng_uniform(&rng) + ((int32_t)c == s->labels[i] ? 0.2 : 0);
        for (size_t c = 0; c < classes; c++) {
            s->middling[i * classes + c] = (float)(weights[c] / sum);
            s->knowing[i * classes + c] = (int32_t)c == s->labels[i];
        }
        s->exact[i] = s->values[i] = rng_normal(&rng) * 3 + 5;
        s->near[i] = s->values[i] + rng_normal(&rng);
    }
}

/* The standard error by leaving one row out at a time. */
static double jackknife(const Metric *m, const MetricInput *in)
{
    double left[SAMPLE], mean = 0, spread = 0, n = (double)in->rows;
    for (size_t out = 0; out < in->rows; out++) {
        int32_t labels[SAMPLE];
        float p[3 * SAMPLE];
        double values[SAMPLE], predicted[SAMPLE];
        size_t k = 0;
        for (size_t i = 0; i < in->rows; i++) {
            if (i == out)
                continue;
            if (in->classes) {
                labels[k] = in->labels[i];
                memcpy(p + k * in->classes, in->probabilities + i * in->classes, in->classes * sizeof *p);
            } else {
                values[k] = in->values[i];
                predicted[k] = in->predicted[i];
            }
            k++;
        }
        MetricInput less = *in;
        less.rows = k;
        less.labels = labels;
        less.probabilities = p;
        less.values = values;
        less.predicted = predicted;
        left[out] = figure_of(m, &less);
        mean += left[out] / n;
    }
    for (size_t i = 0; i < in->rows; i++)
        spread += (left[i] - mean) * (left[i] - mean);
    return sqrt(spread * (n - 1) / n);
}

static void check_by_row(const Metric *m, const MetricInput *in)
{
    double shares[SAMPLE], mean = 0, spread = 0, n = (double)in->rows;
    if (!m->by_row)
        return;
    CHECK(shares_of(m, in, shares) > 1);
    for (size_t i = 0; i < in->rows; i++)
        mean += shares[i] / n;
    for (size_t i = 0; i < in->rows; i++)
        spread += (shares[i] - mean) * (shares[i] - mean);
    CHECK_NEAR(mean, figure_of(m, in), 1e-9);
    double error = sqrt(spread / (n - 1) / n), reference = jackknife(m, in);
    CHECK_NEAR(error / reference, 1, 0.08);
}

/* What any row must keep, also one that is added tomorrow. */
static void check_row(const Metric *m, size_t classes)
{
    Sample s;
    fill_sample(&s, classes ? classes : 2);
    MetricInput in = {.rows = SAMPLE,
                      .classes = classes,
                      .positive = classes == 2 ? 1 : -1,
                      .threshold = 0.5,
                      .labels = s.labels,
                      .probabilities = s.middling,
                      .values = s.values,
                      .predicted = s.near,
                      .scale = 3,
                      .naive = 2};
    double middling = figure_of(m, &in);
    check_by_row(m, &in);
    in.probabilities = s.knowing;
    in.predicted = s.exact;
    double best = figure_of(m, &in);
    CHECK(isfinite(middling) && isfinite(best));
    CHECK(metric_is_better(m, best, middling) && !metric_is_better(m, middling, best));
    CHECK(best >= m->low && best <= m->high && middling >= m->low && middling <= m->high);
    in.rows = 0;
    CHECK(isnan(figure_of(m, &in)));
}

static void check_family(void)
{
    char title[METRIC_TITLE_ROOM];
    for (size_t i = 0; i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        char *name = text_format("metric %s: title, direction, range and rows agree with what it computes", m->spec.name);
        char *series = text_format("valid.%s", m->spec.name), *shown = text_format("valid %s", m->title);
        TEST(name);
        CHECK(m->title && m->title[0] && m->decimals >= 0 && m->decimals <= 8 && m->low < m->high);
        CHECK(m->for_classes || m->for_values);
        CHECK(metric_of_series(series) == m);
        CHECK_TEXT(metric_series_title(series, title), shown);
        if (metric_fits(m, 2))
            check_row(m, 2);
        if (metric_fits(m, 3))
            check_row(m, 3);
        if (m->for_values)
            check_row(m, 0);
        mem_free(name);
        mem_free(series);
        mem_free(shown);
    }
    TEST("what is no metric keeps its name and has no direction");
    CHECK(metric_of_series("valid.nothing") == NULL);
    CHECK_TEXT(metric_series_title("valid.nothing", title), "valid.nothing");
    CHECK(metric_leading(2)->for_classes && metric_leading(5)->for_classes && metric_leading(0)->for_values);
}

typedef struct Within {
    double most;
} Within;

static const Field within_rows[] = {{REAL_FIELD(Within, most), .doc = "an error that is still one", .def = "1", .max = 100}, {0}};

static double within(const MetricInput *in)
{
    const Within *settings = in->params;
    double count = 0;
    if (settings->most > 10)
        error_set(in->error, ERROR_FAILED, "%s has no use for %g", in->spec->name, settings->most);
    for (size_t i = 0; i < in->rows; i++)
        count += fabs(in->predicted[i] - in->values[i]) <= settings->most;
    return count;
}

static void check_settings(void)
{
    TEST("a metric is given its settings, and says why it fails");
    static const Metric metric = {
        .spec = {.name = "within", .doc = "rows near enough", .params = within_rows, .params_size = sizeof(Within)},
        .for_values = true,
        .compute = within};
    static const double values[] = {1, 2, 3}, predicted[] = {1.5, 4, 3};
    MetricInput in = {.rows = 3, .values = values, .predicted = predicted};
    SpecUse own = {&metric.spec, &(Within){.most = 3}}, wrong = {&metric.spec, &(Within){.most = 11}};
    Error e = {0};
    double figure = NAN;
    CHECK_NEAR(figure_of(&metric, &in), 2, 0);
    CHECK(metric_compute(&own, &in, &figure, &e) && figure == 3);
    CHECK(!metric_compute(&wrong, &in, &figure, &e) && e.code == ERROR_FAILED);
    CHECK_TEXT(e.message, "metric within: within has no use for 11");
    CHECK(shares_of(&metric, &in, NULL) == 0);
}

void unit_metrics(void)
{
    check_settings();
    check_names();
    check_macro();
    check_family();
    check_two_classes();
    check_three_classes();
    check_values();
    check_edges();
}
