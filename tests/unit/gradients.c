/* Backward passes against finite differences of forward passes, and fused passes against plain ones. */
#include "net/gradient.h"
#include "num/kernels.h"
#include "tests/unit/net_help.h"

static void check_all(void)
{
    TEST("every layer and loss passes the check");
    GradientCheck found[64];
    size_t count = gradient_check_all(found, 64);
    CHECK_INT(count, layer_family()->count + loss_family()->count);
    for (size_t i = 0; i < count; i++)
        test_check(found[i].passed && found[i].worst < 1e-4, __FILE__, __LINE__, "%s %s: %g", found[i].family, found[i].name,
                   found[i].worst);
}

static const struct {
    const char *layer, *settings;
    Shape in;
} variants[] = {
    {"dense", "{\"width\":16}", SHAPE_VECTOR(40)},
    {"dense", "{\"width\":33,\"bias\":false}", SHAPE_VECTOR(7)},
    {"dense", "{\"width\":5,\"bias\":false}", SHAPE_VECTOR(1)},
    {"conv1d", "{\"filters\":17,\"kernel\":4}", SHAPE_SEQUENCE(9, 5)},
    {"conv1d", "{\"filters\":3,\"kernel\":5,\"stride\":2}", SHAPE_SEQUENCE(11, 2)},
    {"conv1d", "{\"filters\":3,\"kernel\":2,\"stride\":3}", SHAPE_SEQUENCE(10, 2)},
    {"conv1d", "{\"filters\":40,\"kernel\":3,\"padding\":\"valid\",\"bias\":false}", SHAPE_SEQUENCE(8, 3)},
    {"conv1d", "{\"filters\":2,\"kernel\":3,\"stride\":2,\"padding\":\"valid\"}", SHAPE_VECTOR(12)},
    {"conv1d", "{\"filters\":2,\"kernel\":7}", SHAPE_SEQUENCE(4, 3)},
    {"max_pool", "{\"size\":3}", SHAPE_SEQUENCE(11, 4)},
    {"conv1d", "{\"filters\":4,\"kernel\":3,\"dilation\":2,\"groups\":2,\"padding\":\"fixed\",\"zeros\":4}", SHAPE_SEQUENCE(6, 4)},
    {"conv2d", "{\"filters\":5,\"kernel\":3,\"kernel_width\":2,\"stride\":2,\"stride_width\":1}", SHAPE_IMAGE(5, 4, 3)},
    {"conv2d", "{\"filters\":6,\"groups\":3,\"dilation\":2,\"bias\":false}", SHAPE_IMAGE(4, 5, 3)},
    {"conv2d", "{\"filters\":19,\"groups\":19,\"padding\":\"valid\"}", SHAPE_IMAGE(3, 4, 19)},
    {"conv2d", "{\"filters\":2}", SHAPE_SEQUENCE(5, 4)},
    {"max_pool", "{\"size\":3,\"stride\":1,\"zeros\":1}", SHAPE_IMAGE(4, 4, 2)},
    {"average_pool", "{\"size\":3,\"stride\":2,\"zeros\":1}", SHAPE_SEQUENCE(9, 3)},
    {"dropout", "{\"rate\":0.5}", SHAPE_VECTOR(37)},
    {"batch_norm", "{\"eps\":0.1}", SHAPE_VECTOR(21)},
    {"layer_norm", "{}", SHAPE_VECTOR(37)},
    {"layer_norm", "{}", SHAPE_SEQUENCE(3, 16)},
    {"group_norm", "{\"groups\":2}", SHAPE_VECTOR(38)},
    {"group_norm", "{\"groups\":3}", SHAPE_SEQUENCE(4, 6)},
    {"group_norm", "{\"groups\":2}", SHAPE_IMAGE(2, 3, 6)},
    {"prelu", "{}", SHAPE_SEQUENCE(4, 19)},
    {"scale", "{\"first\":0.1}", SHAPE_VECTOR(33)},
    {"periodic", "{\"width\":2,\"frequencies\":1,\"flags\":[0,2]}", SHAPE_VECTOR(4)},
    {"periodic", "{\"width\":5,\"frequencies\":3,\"form\":\"plr\",\"flags\":[3]}", SHAPE_VECTOR(4)},
};

static void check_variants(void)
{
    TEST("strides, paddings and odd sizes");
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        Error e = {0};
        double worst = 1;
        Value *settings = json_parse(variants[i].settings, strlen(variants[i].settings), &e);
        const Layer *layer = (const Layer *)registry_find("layer", variants[i].layer);
        CHECK_OK(gradient_check_layer(layer, settings, variants[i].in, &worst, &e), e);
        test_check(worst < 1e-4, __FILE__, __LINE__, "%s %s of %d numbers: %g", variants[i].layer, variants[i].settings,
                   (int)shape_size(variants[i].in), worst);
        value_free(settings);
    }
}

static void check_losses(void)
{
    TEST("distillation at its corners");
    static const char *const settings[] = {"{\"alpha\":0}", "{\"alpha\":1,\"temperature\":1}", "{\"alpha\":0.3,\"temperature\":10}"};
    for (int i = 0; i < 3; i++) {
        Error e = {0};
        double worst = 1;
        Value *v = json_parse(settings[i], strlen(settings[i]), &e);
        CHECK_OK(gradient_check_loss((const Loss *)registry_find("loss", "distillation"), v, &worst, &e), e);
        CHECK(worst < 1e-4);
        value_free(v);
    }
}

/* A check that cannot fail is worthless: a layer with a wrong backward pass must be found. */
static void broken_backward(const LayerPass *p)
{
    ((const Layer *)registry_find("layer", "dense"))->backward(p);
    p->gradients[0][3] += 0.1F;
}

static void check_broken(void)
{
    TEST("a wrong gradient is found");
    Error e = {0};
    double worst = 0;
    Layer broken = *(const Layer *)registry_find("layer", "dense");
    broken.backward = broken_backward;
    Value *settings = value_map();
    value_set(settings, "width", value_int(4));
    CHECK_OK(gradient_check_layer(&broken, settings, shape_vector(5), &worst, &e), e);
    CHECK(worst > 1e-3);
    value_free(settings);
}

/* Some steps on noise, from a head that is not zero. */
static Model *trained(const char *json, Shape in)
{
    enum { ROWS = 40 };
    Error e = {0};
    Model *m = net_model(json, in, 3, 1);
    size_t last = model_tensor_count(m);
    Rng r = rng_begin(rng_key(8, "test"));
    for (size_t i = last - 2; i < last; i++) {
        ModelTensor t = model_tensor(m, i);
        for (int64_t k = 0; k < t.dims[0] * (t.rank > 1 ? t.dims[1] : 1); k++)
            t.data[k] = (float)rng_normal(&r);
    }
    TrainerPlan plan = {.batch = ROWS, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    float *x = net_noise(ROWS * (size_t)shape_size(in), 2);
    int32_t labels[ROWS];
    for (int i = 0; i < ROWS; i++)
        labels[i] = i % 3;
    Batch b = {.x = x, .labels = labels, .rows = ROWS};
    for (int s = 0; s < 4; s++)
        trainer_step(t, &b, 0.01, 0, NULL);
    trainer_free(t);
    mem_free(x);
    return m;
}

/* A dropout of rate 0 keeps the relu apart from the layer before it. */
static void fused_hash(const char *before, bool fused, Shape in, char hex[HASH_ROOM])
{
    char *json = text_format("[%s%s,{\"layer\":\"relu\"}]", before, fused ? "" : ",{\"layer\":\"dropout\",\"rate\":0}");
    Model *m = trained(json, in);
    Sha256 h;
    sha256_begin(&h);
    for (size_t i = 0; i < model_tensor_count(m); i++) {
        ModelTensor tensor = model_tensor(m, i);
        sha256_add(&h, tensor.data, (size_t)tensor.dims[0] * sizeof(float));
    }
    sha256_end(&h, hex);
    model_free(m);
    mem_free(json);
}

static void check_fused(void)
{
    TEST("a fused relu gives the same bits as one that stands alone");
    static const struct {
        const char *before;
        Shape in;
    } cases[] = {
        {"{\"layer\":\"dense\",\"width\":37}", SHAPE_VECTOR(10)},
        {"{\"layer\":\"dense\",\"width\":20,\"bias\":false}", SHAPE_VECTOR(10)},
        {"{\"layer\":\"dense\",\"width\":6}", SHAPE_VECTOR(10)},
        {"{\"layer\":\"conv1d\",\"filters\":9}", SHAPE_SEQUENCE(8, 3)},
        {"{\"layer\":\"conv2d\",\"filters\":9}", SHAPE_IMAGE(4, 5, 3)},
        {"{\"layer\":\"conv2d\",\"filters\":6,\"groups\":6,\"bias\":false}", SHAPE_IMAGE(4, 5, 6)},
        {"{\"layer\":\"dense\",\"width\":24},{\"layer\":\"batch_norm\"}", SHAPE_VECTOR(10)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char fused[HASH_ROOM], plain[HASH_ROOM];
        fused_hash(cases[i].before, true, cases[i].in, fused);
        fused_hash(cases[i].before, false, cases[i].in, plain);
        CHECK_TEXT(fused, plain);
    }
}

/* The largest difference between the numbers of two models of the same tensors. */
static double models_apart(const Model *a, const Model *b)
{
    double worst = 0;
    CHECK_INT(model_tensor_count(a), model_tensor_count(b));
    for (size_t i = 0; i < a->tensor_count; i++)
        for (size_t k = 0; k < a->tensors[i].count; k++)
            worst = fmax(worst, fabs((double)a->tensors[i].shown.data[k] - (double)b->tensors[i].shown.data[k]));
    return worst;
}

/* Sums over the batch run in another order, so bits differ. No bias before the norm: its gradient is nothing but rounding. */
static void check_pooled(void)
{
    TEST("batch norm, relu and pooling in one learn what they learn apart, and predict the same bits");
    static const struct {
        const char *between, *pool;
        Shape in;
    } cases[] = {
        {",{\"layer\":\"relu\"}", "{\"layer\":\"max_pool\"}", {3, 7, 9, 2}},
        {",{\"layer\":\"relu\"}", "{\"layer\":\"max_pool\",\"size\":3}", {2, 1, 17, 1}},
        {"", "{\"layer\":\"max_pool\",\"size\":3,\"size_width\":1}", {3, 7, 9, 2}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Shape in = cases[i].in;
        const char *conv = in.rank == 3 ? "conv2d" : "conv1d";
        char *before = text_format("{\"layer\":\"%s\",\"filters\":5,\"bias\":false},{\"layer\":\"batch_norm\"}%s", conv, cases[i].between);
        char *fused = text_format("[%s,%s]", before, cases[i].pool);
        char *apart = text_format("[%s,{\"layer\":\"dropout\",\"rate\":0},%s]", before, cases[i].pool);
        Model *a = trained(fused, in), *b = trained(apart, in);
        CHECK(a->items[1].pools && !b->items[1].pools);
        CHECK(shape_equal(model_value_shape(a, 2), model_value_shape(b, 2))); /* shown as it is without the pooling */
        CHECK_NEAR(models_apart(a, b), 0, 1e-5);
        float *x = net_noise(4 * (size_t)shape_size(in), 3), one[12], other[12];
        for (size_t k = 0; k < a->tensor_count; k++)
            memcpy(b->tensors[k].shown.data, a->tensors[k].shown.data, a->tensors[k].count * sizeof(float));
        Error e = {0};
        CHECK_OK(model_infer(a, NULL, x, 4, one, &e) && model_infer(b, NULL, x, 4, other, &e), e);
        CHECK(memcmp(one, other, sizeof one) == 0);
        mem_free(x);
        model_free(a);
        model_free(b);
        mem_free(before);
        mem_free(fused);
        mem_free(apart);
    }
}

void unit_gradients(void);
void unit_gradients(void)
{
    net_register();
    check_all();
    check_variants();
    check_losses();
    check_broken();
    check_fused();
    check_pooled();
}
