/* Nets of members: what they learn and say together, against torch; the same bits whatever the threads; what is refused. */
#include <math.h>

#include "net/model.h"
#include "tests/unit/net_help.h"

/* torch 1.13:
 *   r, w, b, hw, hb = fill(3, 4), fill(5, 4), fill(5), fill(3, 2, 5), fill(3, 2)     # in order by sin(0.7 i + 0.3)
 *   x = [cos(0.9 k)], 3 rows of 4
 *   o = einsum('nkw,kow->nko', relu((x[:, None] * r) @ w.T + b), hw) + hb
 *   classes: labels 0 1 1; cross_entropy(o.flatten(0, 1), labels.repeat_interleave(3)); says softmax(o, -1).mean(1).log()
 *   values: sin(k), 3 rows of 2; ((o - values[:, None]) ** 2).mean(); says o.mean(1)
 *   each p -= 0.5 * p.grad */
static const struct {
    bool classes;
    double loss;
    float before[6], after[6];
} of_torch[] = {
    {true,
     0.861819326877594,
     {-1.00739968F, -0.45439371F, -0.79518932F, -0.60056019F, -0.76664478F, -0.62468356F},
     {-1.03241897F, -0.44028085F, -0.95702261F, -0.48456454F, -0.88829660F, -0.52993357F}},
    {false,
     1.2072230577468872,
     {-0.64090371F, -0.08006952F, -0.57937920F, -0.24052851F, -0.51596683F, -0.26806524F},
     {-0.61680490F, 0.07412548F, -0.30726436F, -0.32320818F, -0.30429336F, -0.34779561F}},
};
static const char *const small = "[{\"layer\":\"members\",\"count\":3},{\"layer\":\"dense\",\"width\":5,\"each_place\":true},"
                                 "{\"layer\":\"relu\"}]";
static const char *const large = "[{\"layer\":\"members\",\"count\":8,\"group\":5},{\"layer\":\"dense\",\"width\":96,\"each_place\":true},"
                                 "{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.1},{\"layer\":\"dense\",\"width\":64,"
                                 "\"each_place\":true},{\"layer\":\"relu\"}]";

/* As torch lays a tensor out: the last two dimensions are turned. */
static double fill(const ModelTensor *t, double from, bool turned)
{
    int64_t rows = t->rank > 1 ? t->dims[t->rank - 2] : 1, columns = t->dims[t->rank - 1], blocks = t->rank > 2 ? t->dims[0] : 1;
    for (int64_t k = 0; k < blocks; k++)
        for (int64_t i = 0; i < rows; i++)
            for (int64_t j = 0; j < columns; j++) {
                int64_t at = turned ? j * rows + i : i * columns + j;
                t->data[(k * rows + i) * columns + j] = (float)sin(0.7 * (from + (double)(k * rows * columns + at)) + 0.3);
            }
    return from + (double)(blocks * rows * columns);
}

static void check_torch(void)
{
    TEST("members learn and say what torch does");
    for (int c = 0; c < 2; c++) {
        Error e = {0};
        Model *m = net_model(small, shape_vector(4), 2, 1);
        double from = 0;
        for (size_t i = 0; i < model_tensor_count(m); i++) {
            ModelTensor t = model_tensor(m, i);
            from = fill(&t, from, i == 1 || i == 3);
        }
        float x[12], values[6], says[6];
        int32_t labels[3] = {0, 1, 1};
        for (int k = 0; k < 12; k++)
            x[k] = (float)cos(0.9 * k);
        for (int k = 0; k < 6; k++)
            values[k] = (float)sin(k);
        SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
        TrainerPlan plan = {.batch = 3, .threads = 1, .classes = of_torch[c].classes, .optimizer = sgd};
        Trainer *t = trainer_new(m, &plan, &e);
        CHECK_OK(t && model_infer(m, NULL, x, 3, says, &e), e);
        for (int i = 0; i < 6; i++)
            CHECK_NEAR(says[i], of_torch[c].before[i], 1e-5);
        Batch b = {.x = x, .labels = plan.classes ? labels : NULL, .values = plan.classes ? NULL : values, .rows = 3};
        size_t hits = 9;
        CHECK_NEAR(trainer_step(t, &b, 0.5, 0, &hits), of_torch[c].loss, 1e-5);
        CHECK_INT(hits, plan.classes ? 2 : 0);
        CHECK_OK(trainer_evaluate(t, x, 3, says, &e), e);
        for (int i = 0; i < 6; i++)
            CHECK_NEAR(says[i], of_torch[c].after[i], 1e-5);
        trainer_free(t);
        model_free(m);
        spec_use_done(&sgd);
    }
}

enum { ROWS = 300, INPUTS = 20, STEPS = 4 };

static Model *trained(int threads, const float *x, float *says)
{
    Error e = {0};
    int32_t labels[ROWS];
    uint64_t ids[ROWS];
    float weights[ROWS];
    for (int i = 0; i < ROWS; i++) {
        labels[i] = i % 3;
        ids[i] = (uint64_t)i;
        weights[i] = 1 + (float)(i % 2);
    }
    Model *m = net_model(large, shape_vector(INPUTS), 3, 7);
    TrainerPlan plan = {.batch = ROWS, .threads = threads, .classes = true, .seed = 2};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    Batch b = {.x = x, .labels = labels, .weights = weights, .row_ids = ids, .rows = ROWS};
    for (int s = 0; s < STEPS; s++)
        trainer_step(t, &b, 0.01, 0, NULL);
    CHECK_OK(trainer_evaluate(t, x, ROWS, says, &e), e);
    trainer_free(t);
    return m;
}

static void check_threads(void)
{
    TEST("1 to 4 threads make the same bits; inference says what evaluation says");
    float *x = net_noise(ROWS * INPUTS, 3), first[ROWS * 3], says[ROWS * 3], infers[ROWS * 3];
    char expected[HASH_ROOM], hash[HASH_ROOM];
    for (int threads = 1; threads <= 4; threads++) {
        Error e = {0};
        Model *m = trained(threads, x, threads == 1 ? first : says);
        weights_hash(m, threads == 1 ? expected : hash);
        CHECK_OK(model_infer(m, NULL, x, ROWS, infers, &e), e);
        double worst = 0;
        for (int i = 0; i < ROWS * 3; i++)
            worst = fmax(worst, fabs((double)infers[i] - (double)first[i]));
        CHECK(worst < 1e-5);
        if (threads > 1) {
            CHECK_TEXT(hash, expected);
            CHECK(memcmp(first, says, sizeof says) == 0);
        }
        model_free(m);
    }
    mem_free(x);
}

static void check_group(void)
{
    TEST("neighbors of a group begin with the same factor");
    Model *m = net_model(large, shape_vector(INPUTS), 3, 7);
    ModelTensor t = model_tensor(m, 0);
    CHECK_TEXT(t.name, "0.weight");
    CHECK(t.data[0] == t.data[4] && t.data[4] != t.data[5] && t.data[5] == t.data[9] && t.data[INPUTS] != t.data[0]);
    CHECK_INT(model_members(m), 8);
    CHECK_INT(model_outputs(m), 3);
    model_free(m);
}

static const struct {
    const char *net, *message;
} wrong[] = {
    {"[{\"layer\":\"members\"},{\"layer\":\"flatten\"}]",
     "a net with 16 members must keep them as places up to its end, Nx16x..., but its last value is Nx144"},
    {"[{\"layer\":\"members\"},{\"layer\":\"max_pool\"}]", "but its last value is Nx8x9"},
    {"[{\"layer\":\"members\"},{\"layer\":\"members\"}]", "layer 2 (members): members reads a vector, but its input is Nx16x9"},
    {"[{\"layer\":\"members\"},{\"layer\":\"members\",\"count\":4,\"from\":\"input\"}]", "makes 4 members, an earlier layer 16"},
};

static void check_refusals(void)
{
    TEST("members that do not reach the end are refused");
    NetInput input = net_input(shape_vector(9));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Error e = {0};
        SpecList layers = net_layers(wrong[i].net);
        Model *m = model_new(&layers, &input, 2, 1, &e);
        test_check(!m && strstr(e.message, wrong[i].message), __FILE__, __LINE__, "%s: %s", wrong[i].net, m ? "is built" : e.message);
        model_free(m);
        spec_list_done(&layers);
    }
}

void unit_members(void);
void unit_members(void)
{
    net_register();
    check_torch();
    check_threads();
    check_group();
    check_refusals();
}
