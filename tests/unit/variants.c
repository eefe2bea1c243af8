/* Ways to regularize a net: what leaves it and what comes in, and where; and the noise that they are judged with. */
#include <stdlib.h>

#include "learn/noise.h"
#include "learn/variants.h"
#include "net/net.h"
#include "tests/unit/learn_help.h"

#define PLAN(NET, REST) "{\"net\":[" NET "]" REST "}"
#define DENSE "{\"layer\":\"dense\",\"width\":4}"
#define NORM "{\"layer\":\"batch_norm\"}"
#define DROP "{\"layer\":\"dropout\"}"
#define HALF "{\"layer\":\"dropout\",\"rate\":0.5}"

static TrainPlan *plan_of(const char *json)
{
    return help_plan(&train_spec, json);
}

static char *net_text(const TrainPlan *plan)
{
    Value *v = spec_list_to_value(&plan->net, "layer", false);
    char *text = json_format(v, JSON_CANONICAL);
    value_free(v);
    return text;
}

static void check_net(const TrainPlan *plan, const char *net, size_t at)
{
    TrainPlan *wanted = plan_of(net);
    char *is = net_text(plan), *expected = net_text(wanted);
    test_check(text_equal(is, expected), __FILE__, __LINE__, "case %zu\n  is       %s\n  expected %s", at, is, expected);
    mem_free(is);
    mem_free(expected);
    params_free(&train_spec, wanted);
}

static const RegularizePlan strengths = {
    .l1_strength = 0.001, .l2_strength = 0.01, .elastic_l1 = 0.0005, .elastic_l2 = 0.005, .dropout_rate = 0.5};

static void nets(void)
{
    static const struct {
        Variant variant;
        const char *before, *after;
    } cases[] = {
        {VARIANT_NONE, PLAN(DENSE "," NORM ",{\"layer\":\"relu\"}," DROP ",{\"layer\":\"gaussian_noise\"}", ""),
         PLAN(DENSE ",{\"layer\":\"relu\"}", "")},
        {VARIANT_DROPOUT, PLAN(DENSE "," NORM ",{\"layer\":\"relu\"}," DROP "," DENSE ",{\"layer\":\"tanh\"}", ""),
         PLAN(DENSE ",{\"layer\":\"relu\"}," HALF "," DENSE ",{\"layer\":\"tanh\"}," HALF, "")},
        {VARIANT_BATCH_NORM, PLAN(DENSE ",{\"layer\":\"relu\"}," DENSE, ""), PLAN(DENSE "," NORM ",{\"layer\":\"relu\"}," DENSE, "")},
        {VARIANT_ALL, PLAN("{\"layer\":\"conv1d\",\"filters\":2,\"kernel\":3},{\"layer\":\"max_pool\"},{\"layer\":\"relu\"}", ""),
         PLAN("{\"layer\":\"conv1d\",\"filters\":2,\"kernel\":3},{\"layer\":\"max_pool\"}," NORM ",{\"layer\":\"relu\"}," HALF, "")},
        /* in blocks; a layer that others read by its name hands it on, a branch stays one */
        {VARIANT_DROPOUT, PLAN("{\"layer\":\"residual\",\"layers\":[" DENSE ",{\"layer\":\"relu\",\"id\":\"a\"}," DROP "," DENSE "]}", ""),
         PLAN("{\"layer\":\"residual\",\"layers\":[" DENSE ",{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.5,\"id\":\"a\"}," DENSE
              "]}",
              "")},
        {VARIANT_NONE, PLAN(DENSE ",{\"layer\":\"dropout\",\"id\":\"d\",\"from\":[\"input\"]}," DENSE, ""),
         PLAN(DENSE ",{\"layer\":\"sequence\",\"id\":\"d\",\"from\":[\"input\"]}," DENSE, "")},
        {VARIANT_NONE, PLAN("{\"layer\":\"parallel\",\"branches\":[" DENSE "," DROP "]}", ""),
         PLAN("{\"layer\":\"parallel\",\"branches\":[" DENSE ",{\"layer\":\"sequence\"}]}", "")},
        /* of nets that are one layer it is a setting */
        {VARIANT_L1, PLAN("{\"layer\":\"tabular\"}", ""), PLAN("{\"layer\":\"tabular\",\"dropout\":0}", "")},
        {VARIANT_DROPOUT, PLAN("{\"layer\":\"tabular\"}", ""), PLAN("{\"layer\":\"tabular\",\"dropout\":0.5}", "")},
    };
    TEST("layers that regularize leave the net, and those of the variant stand where they belong");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        TrainPlan *plan = plan_of(cases[i].before);
        CHECK_OK(variant_apply(plan, cases[i].variant, &strengths, &e), e);
        check_net(plan, cases[i].after, i);
        CHECK_OK(variant_apply(plan, VARIANT_ALL, &strengths, &e) || cases[i].variant != VARIANT_ALL, e);
        bool again = variant_apply(plan, cases[i].variant, &strengths, &e);
        CHECK(again);
        check_net(plan, cases[i].after, i); /* whatever it was before */
        params_free(&train_spec, plan);
    }
}

static void penalties(void)
{
    static const struct {
        Variant variant;
        double l1, l2;
        const char *text;
    } cases[] = {{VARIANT_NONE, 0, 0, ""},
                 {VARIANT_L1, 0.001, 0, "l1 0.001"},
                 {VARIANT_L2, 0, 0.01, "l2 0.01"},
                 {VARIANT_ELASTIC, 0.0005, 0.005, "l1 0.0005, l2 0.005"},
                 {VARIANT_BATCH_NORM, 0, 0, "batch norm"},
                 {VARIANT_ALL, 0.0005, 0.005, "l1 0.0005, l2 0.005, dropout 0.5, batch norm"}};
    TEST("penalties are those of the variant, and the optimizer's decay is one of them");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        TrainPlan *plan =
            plan_of(PLAN(DENSE ",{\"layer\":\"relu\"}",
                         ",\"l1\":1,\"l2\":2,\"decay\":3,\"unit_norm\":4,\"optimizer\":{\"optimizer\":\"adamw\",\"decay\":5}"));
        CHECK_OK(variant_apply(plan, cases[i].variant, &strengths, &e), e);
        Value *decay = field_get(fields_find(plan->optimizer.spec->params, "decay"), plan->optimizer.params);
        char *text = variant_text(cases[i].variant, &strengths);
        CHECK(plan->l1 == cases[i].l1 && plan->l2 == cases[i].l2 && plan->decay == 0 && plan->unit_norm == 0 && value_number(decay) == 0);
        CHECK_TEXT(text, cases[i].text);
        CHECK_INT(variant_find(variant_names[cases[i].variant]), cases[i].variant);
        value_free(decay);
        mem_free(text);
        params_free(&train_spec, plan);
    }
    CHECK_INT(variant_find("nothing"), VARIANTS);
}

/* Beside arrays the inputs have parts with names. */
static void codes(Prepared *d)
{
    TEST("codes that an embedding reads, wherever it stands, have no noise");
    Error e = {0};
    TrainPlan *plan =
        plan_of(PLAN("{\"layer\":\"parallel\",\"branches\":[{\"layer\":\"embedding\",\"levels\":3,\"from\":[\"codes\"]}," DENSE "]}", ""));
    NetInput *in = &d->data[PART_VALID].input, before = *in;
    in->parts[in->count++] = (NetPart){.name = "codes", .from = 1, .shape = shape_vector(2)};
    Noise n = {.seed = 9, .draws = 4};
    CHECK_OK(noise_begin(&n, d, PART_VALID, &plan->net, &e), e);
    CHECK(n.sd[0] > 0.9F && n.sd[0] < 1.1F && n.sd[1] == 0 && n.sd[2] == 0 && n.sd[3] > 0);
    noise_done(&n);
    *in = before;
    params_free(&train_spec, plan);
}

static double odds(const float *outputs, size_t row)
{
    return log((double)outputs[2 * row + 1] / (double)outputs[2 * row]);
}

/* Log odds of a net without hidden layers are linear: their noise is that of the inputs, times the weights. */
static void check_size(const Noise *n, const Bundle *b)
{
    Error e = {0};
    ModelTensor w = model_tensor(b->model, 0);
    size_t rows = n->rows->rows, count = rows * n->draws;
    float *clean = noise_outputs(n, 0, b, &e), *noisy = noise_outputs(n, 0.01, b, &e), *larger = noise_outputs(n, 0.02, b, &e);
    double expected = 0, sum = 0, most = 0;
    for (size_t k = 0; k < n->rows->width; k++)
        expected += pow((double)(n->sd[k] * (w.data[2 * k + 1] - w.data[2 * k])), 2);
    for (size_t i = 0; i < count; i++) {
        double change = odds(noisy, i) - odds(clean, i % rows);
        sum += change * change;
        most = fmax(most, fabs(odds(larger, i) - odds(clean, i % rows) - 2 * change));
    }
    CHECK_NEAR(sqrt(sum / (double)count) / (0.01 * sqrt(expected)), 1, 0.1); /* 4 standard errors of 720 draws */
    CHECK(most < 1e-4);
    CHECK(memcmp(noisy, noisy + rows * 2, rows * 2 * sizeof *noisy) != 0);
    mem_free(clean);
    mem_free(noisy);
    mem_free(larger);
}

static void noise(void)
{
    TEST("noise has the size of the inputs' spread, and every draw of a row its truth");
    Error e = {0};
    Table *t = help_table(1200, 5);
    Pipeline *p = help_pipeline(t);
    Prepared *d = help_prepare(p);
    TrainPlan *plan = plan_of(PLAN("", ",\"epochs\":2"));
    Bundle *b = help_train(d, plan, 1, NULL, false);
    Noise n = {.seed = 9, .draws = 4};
    Dataset truth = {0};
    CHECK_OK(noise_begin(&n, d, PART_VALID, &plan->net, &e), e);
    check_size(&n, b);
    size_t rows = n.rows->rows;
    CHECK_OK(noise_truth(&n, 0.01, 0, &truth, &e), e);
    CHECK(truth.rows == 4 * rows && !memcmp(truth.labels + rows, n.rows->labels, rows * sizeof *truth.labels));
    mem_free(truth.labels);
    noise_done(&n);
    codes(d);
    bundle_unref(b);
    prepared_free(d);
    pipeline_unref(p);
    table_unref(t);
    params_free(&train_spec, plan);
}

void unit_variants(void);
void unit_variants(void)
{
    help_register();
    nets();
    penalties();
    noise();
}
