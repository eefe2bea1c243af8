/* Optimizers on quadratics, against torch 1.13 (torch.optim.Adam, SGD; float32) and by hand. */
#include "net/optimizer.h"
#include "tests/unit/net_help.h"

enum { ROOM = UPDATE_ALIGN };

/* `steps` steps on sum of c/2 w^2 from {1, -2, 0.5}; the gradient comes in two parts, as from two slices. */
static void descend(const char *json, float l1, float l2, int steps, float w[3])
{
    static const float c[3] = {1, 2, 10};
    _Alignas(64) float weights[ROOM] = {1, -2, 0.5F}, half[ROOM] = {0}, rest[ROOM] = {0}, moments[UPDATE_MOMENTS][ROOM] = {{0}};
    _Alignas(16) unsigned char constants[UPDATE_CONSTANTS];
    SpecUse use = net_use("optimizer", json);
    const Optimizer *o = (const Optimizer *)use.spec;
    UpdateView u = {.weights = weights,
                    .moments = {moments[0], moments[1], moments[2]},
                    .gradients = {half, rest},
                    .parts = 2,
                    .count = ROOM,
                    .scale = 1,
                    .l1 = l1,
                    .l2 = l2,
                    .constants = constants};
    for (int step = 1; step <= steps; step++) {
        for (int i = 0; i < 3; i++)
            half[i] = rest[i] = 0.5F * c[i] * weights[i];
        o->prepare(use.params, optimizer_rate(&use), step, constants);
        o->update[kernels()->level](&u);
    }
    memcpy(w, weights, 3 * sizeof *w);
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
    /* by hand: factor 1 - 0.1 (c + 0.1) a step; and w - 0.1 c w, then 0.01 towards 0, where the third arrives in its first step */
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0}", 0, 0.1F, {0.704969, -0.986078, -5e-7}},
    {"{\"optimizer\":\"sgd\",\"learning_rate\":0.1,\"momentum\":0}", 0.1F, 0, {0.7019, -0.9996, 0}},
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

enum { TORCH_WEIGHTS = 4, TORCH_STEPS = 100, TORCH_EVERY = 10 };

static const struct Trajectory {
    const char *optimizer;
    float l2;
    float weights[TORCH_STEPS / TORCH_EVERY][TORCH_WEIGHTS];
} trajectories[] = {
#include "tests/unit/optimizers_reference.h"
};

/* The gradient of optimizers_reference.py. */
static void noisy_gradient(uint32_t *state, const float *w, float *g)
{
    static const float curves[TORCH_WEIGHTS] = {0.5F, 1, 2, 4};
    for (int i = 0; i < TORCH_WEIGHTS; i++) {
        *state = *state * 1664525U + 1013904223U;
        g[i] = curves[i] * w[i] + (float)((double)(*state >> 8) / 16777216 - 0.5);
    }
}

static double follow(const struct Trajectory *c)
{
    _Alignas(64) float w[ROOM] = {1, -2, 0.5F, 3}, g[ROOM] = {0}, moments[UPDATE_MOMENTS][ROOM] = {{0}};
    _Alignas(16) unsigned char constants[UPDATE_CONSTANTS];
    SpecUse use = net_use("optimizer", c->optimizer);
    const Optimizer *o = (const Optimizer *)use.spec;
    UpdateView u = {.weights = w,
                    .moments = {moments[0], moments[1], moments[2]},
                    .gradients = {g},
                    .parts = 1,
                    .count = ROOM,
                    .scale = 1,
                    .l2 = c->l2,
                    .decay = (float)(optimizer_rate(&use) * optimizer_decay(&use)),
                    .constants = constants};
    uint32_t state = 1;
    double worst = 0;
    for (int step = 1; step <= TORCH_STEPS; step++) {
        noisy_gradient(&state, w, g);
        o->prepare(use.params, optimizer_rate(&use), step, constants);
        o->update[kernels()->level](&u);
        for (int i = 0; step % TORCH_EVERY == 0 && i < TORCH_WEIGHTS; i++)
            worst = fmax(worst, fabs((double)w[i] - (double)c->weights[step / TORCH_EVERY - 1][i]));
    }
    spec_use_done(&use);
    return worst;
}

static void check_trajectories(void)
{
    TEST("a hundred steps go where PyTorch's go, to 1e-5; every optimizer has such a way");
    const Family *family = optimizer_family();
    for (size_t k = 0; k < family->count; k++) {
        int seen = 0;
        char *name = text_format("\"optimizer\":\"%s\"", family->members[k]->name);
        for (size_t i = 0; i < sizeof trajectories / sizeof *trajectories; i++) {
            if (!strstr(trajectories[i].optimizer, name))
                continue;
            double worst = follow(&trajectories[i]);
            test_check(worst < 1e-5, __FILE__, __LINE__, "%s is off by %g", trajectories[i].optimizer, worst);
            seen++;
        }
        test_check(seen > 0, __FILE__, __LINE__, "%s has no way to compare with", family->members[k]->name);
        mem_free(name);
    }
}

static void check_quadratic(void)
{
    TEST("every optimizer shrinks a quadratic");
    const Family *family = optimizer_family();
    for (size_t i = 0; i < family->count; i++) {
        float w[3];
        char *json = text_format("{\"optimizer\":\"%s\",\"learning_rate\":%g}", family->members[i]->name,
                                 strcmp(family->members[i]->name, "adagrad") ? 0.02 : 0.3); /* its steps shrink by themselves */
        descend(json, 0, 0, 400, w);
        test_check(fabs((double)w[0]) + fabs((double)w[1]) + fabs((double)w[2]) < 0.05, __FILE__, __LINE__, "%s ends at %g %g %g",
                   family->members[i]->name, (double)w[0], (double)w[1], (double)w[2]);
        mem_free(json);
    }
}

/* Three updates of everything that an update can do at once. */
static void update_all(const Optimizer *o, int level, bool is_shared, float out[4][8 * ROOM])
{
    enum { COUNT = 8 * ROOM };
    static _Alignas(64) float w[COUNT], moments[UPDATE_MOMENTS][COUNT], g[3][COUNT];
    _Alignas(16) unsigned char constants[UPDATE_CONSTANTS];
    void *params = params_new(&o->spec);
    float *noise = net_noise(4 * COUNT, 7);
    memset(moments, 0, sizeof moments);
    memcpy(w, noise, sizeof w);
    memcpy(g, noise + COUNT, sizeof g);
    UpdateView u = {.weights = w,
                    .moments = {moments[0], moments[1], moments[2]},
                    .gradients = {g[0], g[1], g[2]},
                    .parts = 3,
                    .count = COUNT,
                    .is_shared = is_shared,
                    .scale = 0.5F,
                    .constants = constants};
    for (int step = 1; step <= 3; step++) {
        u.clip = step == 2 ? 1.5F : 0;
        u.l2 = step == 2 ? 0.1F : 0;
        u.decay = step == 2 ? 0.01F : 0;
        u.l1 = step == 3 ? 0.2F : 0;
        o->prepare(params, 0.05, step, constants);
        o->update[level](&u);
    }
    memcpy(out[0], w, sizeof w);
    memcpy(out[1], moments, sizeof moments);
    mem_free(noise);
    params_free(&o->spec, params);
}

static void check_levels(void)
{
    TEST("an update has the same bits on every processor, whether others read the weights or not");
    static const char *const names[KERNEL_LEVELS] = {"portable", "avx2", "avx512"};
    const Family *family = optimizer_family();
    for (size_t i = 0; i < family->count; i++) {
        const Optimizer *o = (const Optimizer *)family->members[i];
        static float plain[4][8 * ROOM], other[4][8 * ROOM];
        update_all(o, KERNEL_PORTABLE, false, plain);
        for (int level = 0; level < KERNEL_LEVELS; level++)
            for (int shared = 0; kernels_find(names[level]) && shared < 2; shared++) {
                update_all(o, level, shared, other);
                test_check(!memcmp(plain, other, sizeof plain), __FILE__, __LINE__, "%s on %s differs", o->spec.name, names[level]);
            }
    }
}

static void check_clipping(void)
{
    TEST("max_norm limits the step of the whole gradient");
    Error e = {0};
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
    Model *m = net_model("[]", shape_vector(2), 1, 1);
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
    check_trajectories();
    check_quadratic();
    check_levels();
    check_clipping();
}
