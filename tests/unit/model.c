/* Models: what is built from a list of layers, inference, presets; losses and batch_norm against torch 1.13. */
#include "net/loss.h"
#include "tests/unit/net_help.h"

static void check_building(void)
{
    TEST("shapes, parameters and multiply-adds of a net");
    Model *m = net_model("[{\"layer\":\"conv1d\",\"filters\":8,\"kernel\":5},{\"layer\":\"relu\"},{\"layer\":\"max_pool\"},"
                         "{\"layer\":\"batch_norm\"}]",
                         shape_vector(21), 3, 1);
    CHECK_INT(model_params(m), 5 * 8 + 8 + 2 * 8 + 80 * 3 + 3);
    CHECK_INT(model_macs(m), 21 * 5 * 8 + 80 * 3);
    CHECK_INT(model_bytes(m), 4 * (model_params(m) + 2 * 8));
    CHECK_INT(model_layer_count(m), 7);
    ModelLayerInfo pool = model_layer_info(m, 3), head = model_layer_info(m, 6);
    CHECK_TEXT(pool.layer, "max_pool");
    CHECK_INT(pool.out.length, 10);
    CHECK_INT(pool.out.channels, 8);
    CHECK_TEXT(pool.settings, "2");
    CHECK(head.is_head && head.params == 243);
    char *shape = shape_text(pool.out);
    CHECK_TEXT(shape, "Nx10x8");
    CHECK_TEXT(model_tensor(m, 0).name, "0.weight");
    CHECK_TEXT(model_tensor(m, model_tensor_count(m) - 1).name, "5.bias");
    CHECK(model_is_finite(m));
    model_tensor(m, 1).data[0] = NAN;
    CHECK(!model_is_finite(m));
    mem_free(shape);
    model_layer_info_done(&pool);
    model_layer_info_done(&head);
    model_free(m);
}

static void check_seeds(void)
{
    TEST("weights are a function of the seed; a copy is equal and apart");
    Error e = {0};
    char a[HASH_ROOM], b[HASH_ROOM], c[HASH_ROOM], d[HASH_ROOM];
    Model *one = net_model("[{\"layer\":\"dense\",\"width\":9}]", shape_vector(4), 2, 1);
    Model *same = net_model("[{\"layer\":\"dense\",\"width\":9}]", shape_vector(4), 2, 1);
    Model *other = net_model("[{\"layer\":\"dense\",\"width\":9}]", shape_vector(4), 2, 2);
    Model *copy = model_copy(one, &e);
    weights_hash(one, a);
    weights_hash(same, b);
    weights_hash(other, c);
    weights_hash(copy, d);
    CHECK_TEXT(b, a);
    CHECK_TEXT(d, a);
    CHECK(strcmp(c, a) != 0);
    model_tensor(copy, 0).data[0] += 1;
    weights_hash(one, b);
    CHECK_TEXT(b, a);
    model_free(one);
    model_free(same);
    model_free(other);
    model_free(copy);
}

static void refuse(const char *json, Shape input, const char *message)
{
    Error e = {0};
    SpecList layers = net_layers(json);
    NetInput row = net_input(input);
    CHECK(model_new(&layers, &row, 2, 1, &e) == NULL);
    test_check(strstr(e.message, message) != NULL, __FILE__, __LINE__, "%s: %s", json, e.message);
    spec_list_done(&layers);
}

static void check_refusals(void)
{
    TEST("nets that cannot be are refused with a reason");
    refuse("[{\"layer\":\"conv1d\",\"filters\":2},{\"layer\":\"dense\",\"width\":4}]", shape_vector(9), "put a flatten before it");
    refuse("[{\"layer\":\"conv1d\",\"filters\":2,\"kernel\":10,\"padding\":\"valid\"}]", shape_vector(9), "longer than the input");
    refuse("[{\"layer\":\"max_pool\",\"size\":10}]", shape_vector(9), "nothing is left");
    refuse("[]", shape_vector(0), "at least one input");
    refuse("[]", shape_sequence(INT64_MAX, INT64_MAX), "at least one input");
    refuse("[{\"layer\":\"conv1d\",\"filters\":65536},{\"layer\":\"flatten\"},{\"layer\":\"conv1d\",\"filters\":65536}]",
           shape_vector(4096), "layer 3 (conv1d): a row would have");
    refuse("[{\"layer\":\"conv1d\",\"filters\":65536},{\"layer\":\"conv1d\",\"filters\":65536,\"kernel\":4096}]", shape_vector(4096),
           "weights");
}

/* dense by hand in plain C, in the order that inference promises. */
static void check_exact(void)
{
    TEST("inference has the bits of plain C: sum from zero over k, then the bias");
    Error e = {0};
    float x[31], logits[5];
    Model *m = net_model("[]", shape_vector(31), 5, 3);
    float *noise = net_noise(31, 4);
    memcpy(x, noise, sizeof x);
    CHECK_OK(model_infer(m, NULL, x, 1, logits, &e), e);
    const float *w = model_tensor(m, 0).data, *bias = model_tensor(m, 1).data;
    for (int j = 0; j < 5; j++) {
        volatile float sum = 0;
        for (int k = 0; k < 31; k++) {
            volatile float product = x[k] * w[k * 5 + j];
            sum += product;
        }
        sum += bias[j];
        float plain = sum;
        CHECK(memcmp(&plain, &logits[j], sizeof plain) == 0);
    }
    mem_free(noise);
    model_free(m);
}

static void check_rows(void)
{
    TEST("one row of a convolution net among 1000 and alone: the same bits; near to evaluation");
    enum { ROWS = 1000, IN = 24 };
    Error e = {0};
    Model *m = net_model("[{\"layer\":\"conv1d\",\"filters\":12,\"kernel\":4,\"stride\":2},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
                         "{\"layer\":\"max_pool\"},{\"layer\":\"conv1d\",\"filters\":40},{\"layer\":\"relu\"}]",
                         shape_vector(IN), 3, 3);
    float *x = net_noise(ROWS * IN, 5), *all = mem_alloc(ROWS * 3 * sizeof *all), *evaluated = mem_alloc(ROWS * 3 * sizeof *all), alone[3];
    TrainerPlan plan = {.batch = 32, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(trainer_evaluate(t, x, ROWS, evaluated, &e), e);
    CHECK_OK(model_infer(m, NULL, x, ROWS, all, &e), e);
    int differ = 0;
    double worst = 0;
    for (size_t r = 0; r < ROWS; r += 37) {
        CHECK_OK(model_infer(m, NULL, x + r * IN, 1, alone, &e), e);
        differ += memcmp(alone, all + 3 * r, sizeof alone) != 0;
    }
    for (size_t i = 0; i < ROWS * 3; i++)
        worst = fmax(worst, fabs((double)all[i] - (double)evaluated[i]));
    CHECK_INT(differ, 0);
    CHECK(worst < 1e-5);
    trainer_free(t);
    model_free(m);
    mem_free(x);
    mem_free(all);
    mem_free(evaluated);
}

static void check_preset(void)
{
    TEST("mlp { 128, 64, dropout = 0.3 }");
    Error e = {0};
    SpecList layers;
    const char *json = "{\"widths\":[128,64],\"dropout\":0.3,\"batch_norm\":true}";
    Value *v = json_parse(json, strlen(json), &e);
    CHECK_OK(net_preset("mlp", v, &layers, &e), e);
    CHECK_INT(layers.count, 8);
    CHECK_TEXT(layers.items[3].spec->name, "dropout");
    char *summary = net_summary(&layers, shape_vector(47), 2);
    CHECK_TEXT(summary, "47-128-64-2");
    mem_free(summary);
    spec_list_done(&layers);
    value_set(v, "dropuot", value_real(0.3));
    CHECK(!net_preset("mlp", v, &layers, &e));
    CHECK(strstr(e.message, "dropout") != NULL);
    value_free(v);
}

typedef struct LossCase {
    const char *loss;
    bool weighted;
    double value, gradient[6];
} LossCase;

/* torch.nn.functional in float64: cross_entropy(x, [1, 0]); the same with class weights {1, 3}; 0.7 * 16 * kl_div + 0.3 * cross_entropy. */
static const LossCase losses[] = {
    {"\"cross_entropy\"",
     false,
     2.265126343932687,
     {0.11561194881107452, -0.18573414039411879, 0.07012219158304424, -0.4914260872272398, 0.023306311288986945, 0.4681197759382529}},
    {"\"cross_entropy\"",
     true,
     1.364747564020316,
     {0.17341792321661179, -0.27860121059117815, 0.10518328737456636, -0.2457130436136199, 0.011653155644493473, 0.23405988796912644}},
    {"{\"loss\":\"distillation\",\"temperature\":4,\"alpha\":0.7}",
     false,
     2.3033722521821187,
     {0.15870131915059968, -0.161453938225187, 0.0027526190745871745, -0.43381604842805394, -0.199905892985102, 0.6337219414131561}},
};

static void check_losses(void)
{
    TEST("losses and gradients equal torch's");
    const float x[6] = {1, 2, 0.5F, -1, 0, 3}, teacher[6] = {0, 3, 1, 1, 1, -2}, weights[2] = {3, 1};
    const int32_t labels[2] = {1, 0};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        SpecUse use = net_use("loss", losses[i].loss);
        float gradient[6], scratch[6];
        LossPass p = {.params = use.params,
                      .outputs = x,
                      .rows = 2,
                      .width = 3,
                      .labels = labels,
                      .teacher = teacher,
                      .weights = losses[i].weighted ? weights : NULL,
                      .scale = losses[i].weighted ? 0.25 : 0.5,
                      .gradient = gradient,
                      .scratch = scratch};
        CHECK_NEAR(((const Loss *)use.spec)->pass(&p) * p.scale, losses[i].value, 2e-6);
        for (int k = 0; k < 6; k++)
            CHECK_NEAR(gradient[k], losses[i].gradient[k], 1e-6);
        spec_use_done(&use);
    }
}

static void check_softmax(void)
{
    TEST("softmax of large logits and at a temperature");
    float x[6] = {1000, 1001, 999.5F, -1, 0, 3};
    softmax_rows(x, 1, 3, 1);
    softmax_rows(x + 3, 1, 3, 2);
    CHECK_NEAR(x[0], 0.23122389762214907, 1e-6);
    CHECK_NEAR(x[1], 0.6285317192117624, 1e-6);
    /* exp(-0.5), exp(0), exp(1.5) over their sum */
    CHECK_NEAR(x[3], 0.0996236, 1e-6);
    CHECK_NEAR(x[5], 0.7361247, 1e-6);
}

static void check_batch_norm(void)
{
    TEST("batch_norm's running statistics and evaluation equal torch's BatchNorm1d");
    Error e = {0};
    const float x[6] = {1, 2, 3, -2, 8, 0};
    const int32_t labels[3] = {0, 1, 0};
    Model *m = net_model("[{\"layer\":\"batch_norm\"}]", shape_vector(2), 2, 1);
    TrainerPlan plan = {.batch = 3, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    Batch b = {.x = x, .labels = labels, .rows = 3};
    trainer_step(t, &b, 0, 0, NULL);
    CHECK_TEXT(model_tensor(m, 2).name, "0.running_mean");
    CHECK_NEAR(model_tensor(m, 2).data[0], 0.4, 1e-6);
    CHECK_NEAR(model_tensor(m, 3).data[0], 2.2, 1e-6);
    CHECK_NEAR(model_tensor(m, 3).data[1], 1.3, 1e-6);
    trainer_free(t);
    model_free(m);
}

void unit_model(void);
void unit_model(void)
{
    net_register();
    check_building();
    check_seeds();
    check_refusals();
    check_exact();
    check_rows();
    check_preset();
    check_losses();
    check_softmax();
    check_batch_norm();
}
