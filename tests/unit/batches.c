/* How an epoch is cut into batches, what a weight of a row means in each, and numbers too small to matter. */
#include <float.h>

#include "num/denormals.h"
#include "tests/unit/net_help.h"

enum { ROWS = 24, WIDTH = 6 };

static const char *const normed = "[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"}]";
static const char *const plain = "[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"relu\"}]";
static const char *const conv = "[{\"layer\":\"conv1d\",\"filters\":4},{\"layer\":\"batch_norm\"}]";
static const char *const pooled = "[{\"layer\":\"conv1d\",\"filters\":4},{\"layer\":\"max_pool\",\"size\":6},{\"layer\":\"batch_norm\"}]";

static const struct {
    const char *net;
    Shape in;
    int64_t rows, batch, steps, most, last; /* steps 0: refused */
    const char *message;
} cuts[] = {
    {plain, SHAPE_VECTOR(WIDTH), 100, 32, 4, 32, 4, NULL},
    {plain, SHAPE_VECTOR(WIDTH), 97, 32, 4, 32, 1, NULL},
    {plain, SHAPE_VECTOR(WIDTH), 1, 1, 1, 1, 1, NULL},
    {plain, SHAPE_VECTOR(WIDTH), 400, 4096, 1, 400, 400, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 100, 32, 4, 32, 4, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 97, 32, 3, 33, 33, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 3, 2, 1, 3, 3, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 5, 2, 2, 3, 3, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 2, 64, 1, 2, 2, NULL},
    {normed, SHAPE_VECTOR(WIDTH), 9, 1, 0, 0, 0,
     "batch is 1, but batch_norm needs at least 2 rows in a batch; set batch = 2 or more, or take batch_norm out"},
    {normed, SHAPE_VECTOR(WIDTH), 1, 8, 0, 0, 0,
     "the training part has 1 row, but batch_norm needs at least 2; give it more rows, or take batch_norm out"},
    {conv, SHAPE_SEQUENCE(WIDTH, 2), 9, 1, 9, 1, 1, NULL},
    {conv, SHAPE_SEQUENCE(WIDTH, 2), 1, 8, 1, 1, 1, NULL},
    {pooled, SHAPE_SEQUENCE(WIDTH, 2), 9, 1, 0, 0, 0,
     "batch is 1, but batch_norm needs at least 2 rows in a batch; set batch = 2 or more, or take batch_norm out"},
};

static void check_cuts(void)
{
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        TEST("the rows of an epoch are cut so that each batch is enough for its net");
        Error e = {0};
        BatchPlan p;
        Model *m = net_model(cuts[i].net, cuts[i].in, 2, 1);
        bool ok = batch_plan_make(&p, m, cuts[i].rows, cuts[i].batch, &e);
        CHECK_INT(ok, cuts[i].steps > 0);
        if (ok) {
            CHECK_INT(p.steps, cuts[i].steps);
            CHECK_INT(p.most, cuts[i].most);
            CHECK_INT(batch_plan_from(&p, 0), 0);
            CHECK_INT(batch_plan_from(&p, p.steps) - batch_plan_from(&p, p.steps - 1), cuts[i].last);
            CHECK_INT(batch_plan_from(&p, p.steps), cuts[i].rows);
        } else {
            CHECK_TEXT(e.message, cuts[i].message);
        }
        model_free(m);
    }
}

static void check_one_row(void)
{
    TEST("a trainer for batches of one row refuses batch_norm, unless a row has several places");
    static const struct {
        const char *net;
        Shape in;
        bool fits;
    } nets[] = {{normed, SHAPE_VECTOR(WIDTH), false},
                {plain, SHAPE_VECTOR(WIDTH), true},
                {conv, SHAPE_SEQUENCE(WIDTH, 2), true},
                {pooled, SHAPE_SEQUENCE(WIDTH, 2), false}};
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        Error e = {0};
        Model *m = net_model(nets[i].net, nets[i].in, 2, 1);
        TrainerPlan plan = {.batch = 1, .threads = 1, .classes = true};
        Trainer *t = trainer_new(m, &plan, &e);
        CHECK_INT(t != NULL, nets[i].fits);
        trainer_free(t);
        model_free(m);
    }
}

/* The mean loss of an epoch of which nothing is learned. */
static double epoch_loss(const float *x, const int32_t *labels, const float *weights, int64_t batch)
{
    Error e = {0};
    BatchPlan cut;
    Model *m = net_model(plain, shape_vector(WIDTH), 2, 5);
    CHECK_OK(batch_plan_make(&cut, m, ROWS, batch, &e), e);
    TrainerPlan plan = {.batch = cut.most, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    double sum = 0;
    for (int64_t s = 0; s < cut.steps; s++) {
        size_t from = (size_t)batch_plan_from(&cut, s), rows = (size_t)batch_plan_from(&cut, s + 1) - from;
        Batch b = {.x = x + from * WIDTH, .labels = labels + from, .weights = weights ? weights + from : NULL, .rows = rows};
        sum += trainer_step(t, &b, 0, 0, NULL) * (double)rows;
    }
    trainer_free(t);
    model_free(m);
    return sum / ROWS;
}

static void check_weights(void)
{
    TEST("the loss is sum(w l) / n: a weight means the same in batches of 1, 8 and 1000 rows");
    static const int64_t batches[] = {1, 7, 8, 1000};
    float *x = net_noise(ROWS * WIDTH, 3), weights[ROWS], twice[ROWS];
    int32_t labels[ROWS];
    for (int i = 0; i < ROWS; i++) {
        labels[i] = i % 5 == 0;
        weights[i] = labels[i] ? 2.4F : 0.63F;
        twice[i] = 2 * weights[i];
    }
    double whole = epoch_loss(x, labels, weights, ROWS), bare = epoch_loss(x, labels, NULL, ROWS);
    CHECK(fabs(whole - bare) > 1e-3);
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        CHECK(fabs(epoch_loss(x, labels, weights, batches[i]) - whole) < 1e-6);
        CHECK(fabs(epoch_loss(x, labels, twice, batches[i]) - 2 * whole) < 1e-6);
        CHECK(fabs(epoch_loss(x, labels, NULL, batches[i]) - bare) < 1e-6);
    }
    mem_free(x);
}

static size_t count_denormals(const float *x, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        found += fpclassify(x[i]) == FP_SUBNORMAL;
    return found;
}

/* Without a gradient a velocity halves each step: after 130 of them it would be denormal. */
static void check_moments(int threads)
{
    Error e = {0};
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0.5}");
    Model *m = net_model("[{\"layer\":\"dense\",\"width\":400},{\"layer\":\"dense\",\"width\":400}]", shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = ROWS * 20, .threads = threads, .classes = true, .optimizer = sgd};
    Trainer *t = trainer_new(m, &plan, &e);
    float *x = net_noise(ROWS * 20 * WIDTH, 3), *none = mem_alloc(ROWS * 20 * sizeof *none);
    int32_t labels[ROWS * 20] = {0};
    Batch b = {.x = x, .labels = labels, .rows = ROWS * 20};
    volatile float tiny = FLT_MIN;
    for (int s = 0; s < 130; s++) {
        trainer_step(t, &b, 0, 0, NULL);
        b.weights = none;
        b.rows = s ? 1 : ROWS * 20;
    }
    for (size_t i = 0; i < trainer_blob_count(t); i++) {
        const char *name;
        void *bytes;
        size_t size;
        trainer_blob(t, i, &name, &bytes, &size);
        CHECK_INT(text_equal(name, "update") ? 0 : count_denormals(bytes, size / sizeof(float)), 0); /* "update" is counts */
    }
    CHECK(tiny / 4 > 0);
    trainer_free(t);
    model_free(m);
    spec_use_done(&sgd);
    mem_free(none);
    mem_free(x);
}

static void check_denormals(void)
{
    TEST("training leaves no denormal number behind, on any thread, and the caller's arithmetic as it was");
    volatile float tiny = FLT_MIN;
    uint64_t mode = denormals_to_zero();
    bool has_mode = !(tiny / 4 > 0);
    denormals_restore(mode);
    CHECK(tiny / 4 > 0);
    for (int threads = 1; has_mode && threads <= 2; threads++)
        check_moments(threads);

    TEST("weights that leave the house have no denormal numbers");
    Model *m = net_model(plain, shape_vector(WIDTH), 2, 5);
    ModelTensor w = model_tensor(m, 0);
    float kept = w.data[2];
    w.data[0] = FLT_MIN / 8;
    w.data[1] = -FLT_MIN / 8;
    model_clear_denormals(m);
    CHECK(w.data[0] == 0 && w.data[1] == 0 && signbit(w.data[1]));
    CHECK(w.data[2] == kept);
    model_free(m);
}

void unit_batches(void);
void unit_batches(void)
{
    net_register();
    check_cuts();
    check_one_row();
    check_weights();
    check_denormals();
}
