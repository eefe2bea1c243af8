/* Optimizers on quadratics, against torch 1.13 (torch.optim.Adam, SGD; float32) and by hand. */
#include "net/optimizer.h"
#include "tests/unit/net_help.h"

/* `steps` steps on sum of c/2 w^2 from {1, -2, 0.5}; the gradient comes in two parts, as from two slices. */
static void descend(const char *json, float l1, float l2, int steps, float w[3])
{
    const float c[3] = {1, 2, 10}, start[3] = {1, -2, 0.5F};
    float first[3] = {0}, second[3] = {0}, half[3], rest[3];
    SpecUse use = net_use("optimizer", json);
    const Optimizer *o = (const Optimizer *)use.spec;
    memcpy(w, start, sizeof start);
    for (int step = 1; step <= steps; step++) {
        for (int i = 0; i < 3; i++) {
            half[i] = 0.5F * c[i] * w[i];
            rest[i] = 0.5F * c[i] * w[i];
        }
        UpdateView u = {.weights = w,
                        .first = first,
                        .second = second,
                        .gradients = {half, rest},
                        .slices = 2,
                        .count = 3,
                        .scale = 1,
                        .l1 = l1,
                        .l2 = l2};
        o->prepare(use.params, optimizer_rate(&use), step, &u);
        o->update(&u);
    }
    spec_use_done(&use);
}

static const struct {
    const char *optimizer;
    float l1, l2;
    double expected[3];
} cases[] = {
    {"{\"optimizer\":\"adam\",\"learning_rate\":0.1}", 0, 0, {0.701586306, -1.700623393, 0.204871267}},
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0}", 0, 0, {0.729, -1.024, 0}},
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0.9}", 0, 0, {0.485999972, -0.123999998, -0.405000001}},
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0.9,\"nesterov\":true}", 0, 0, {0.3273210227, 0.2167039663, 0}},
    /* by hand: factor 1 - 0.1 (c + 0.1) a step; and w - 0.1 (c w + 0.1 sign w) */
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0}", 0, 0.1F, {0.704969, -0.986078, -5e-7}},
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0}", 0.1F, 0, {0.7019, -0.9996, -0.01}},
};

static void check_reference(void)
{
    TEST("three steps give the reference's weights");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float w[3];
        descend(cases[i].optimizer, cases[i].l1, cases[i].l2, 3, w);
        for (int k = 0; k < 3; k++)
            test_check(fabs((double)w[k] - cases[i].expected[k]) < 2e-6, __FILE__, __LINE__, "case %zu: weight %d is %.9g, expected %.9g",
                       i, k, (double)w[k], cases[i].expected[k]);
    }
}

static void check_quadratic(void)
{
    TEST("every optimizer shrinks a quadratic");
    const Family *family = optimizer_family();
    for (size_t i = 0; i < family->count; i++) {
        float w[3];
        char *json = text_format("{\"optimizer\":\"%s\",\"learning_rate\":0.02}", family->members[i]->name);
        descend(json, 0, 0, 400, w);
        test_check(fabs((double)w[0]) + fabs((double)w[1]) + fabs((double)w[2]) < 0.05, __FILE__, __LINE__, "%s ends at %g %g %g",
                   family->members[i]->name, (double)w[0], (double)w[1], (double)w[2]);
        mem_free(json);
    }
}

static void check_clipping(void)
{
    TEST("max_norm limits the step of the whole gradient");
    Error e = {0};
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
    Model *m = net_model("[]", (Shape){1, 2, 1}, 1, 1);
    TrainerPlan plan = {.batch = 1, .threads = 1, .optimizer = sgd, .max_norm = 0.25};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    float before[3], moved = 0;
    const float x[2] = {3, 4}, value = 100;
    for (size_t i = 0; i < 3; i++)
        before[i] = model_tensor(m, i / 2).data[i % 2];
    Batch b = {.x = x, .values = &value, .rows = 1};
    trainer_step(t, &b, 1, 0, NULL);
    CHECK(trainer_gradient_norm(t) > 100);
    for (size_t i = 0; i < 3; i++) {
        float d = model_tensor(m, i / 2).data[i % 2] - before[i];
        moved += d * d;
    }
    CHECK_NEAR(sqrt((double)moved), 0.25, 1e-5);
    trainer_free(t);
    model_free(m);
    spec_use_done(&sgd);
}

void unit_optimizers(void);
void unit_optimizers(void)
{
    net_register();
    check_reference();
    check_quadratic();
    check_clipping();
}
