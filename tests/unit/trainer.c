/* The trainer: it learns, it does not depend on threads, it allocates nothing, it resumes. */
#include <stdlib.h>

#include "tests/unit/net_help.h"

enum { ROWS = 512, WIDTH = 12 };

typedef struct Data {
    float *x;
    int32_t labels[ROWS];
    uint64_t ids[ROWS];
} Data;

static Data data_new(void)
{
    Data d = {.x = net_noise(ROWS * WIDTH, 3)};
    for (size_t r = 0; r < ROWS; r++) {
        const float *x = d.x + r * WIDTH;
        d.labels[r] = x[0] * x[1] + x[2] > 0;
        d.ids[r] = 1000 + 7 * r;
    }
    return d;
}

static Batch batch_of(const Data *d, size_t from, size_t rows)
{
    return (Batch){.x = d->x + from * WIDTH, .labels = d->labels + from, .row_ids = d->ids + from, .rows = rows};
}

static const char *const deep = "[{\"layer\":\"dense\",\"width\":64},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
                                "{\"layer\":\"dropout\",\"rate\":0.1},{\"layer\":\"dense\",\"width\":40},{\"layer\":\"relu\"}]";

static void check_learning(void)
{
    TEST("a small net learns a product of inputs");
    Error e = {0};
    Data d = data_new();
    Model *m = net_model("[{\"layer\":\"dense\",\"width\":32},{\"layer\":\"relu\"}]", shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = 64, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    double first = 0, last = 0;
    size_t hits = 0, sum = 0;
    for (int64_t epoch = 0; epoch < 40; epoch++) {
        sum = 0;
        last = 0;
        for (size_t from = 0; from < ROWS; from += 64) {
            Batch b = batch_of(&d, from, 64);
            last += trainer_step(t, &b, 0.005, epoch, &hits) / 8;
            sum += hits;
        }
        first = epoch ? first : last;
    }
    CHECK(last < 0.25 * first);
    CHECK(sum > ROWS * 95 / 100);
    CHECK_INT(trainer_steps(t), 320);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
}

/* Enough work for eight slices, a ragged last one, and batch statistics across slices; or a batch as small as two slices can be. */
static double train_hash(int64_t batch, int64_t last, int threads, char hex[HASH_ROOM])
{
    Error e = {0};
    Data d = data_new();
    Model *m = net_model("[{\"layer\":\"dense\",\"width\":400},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},{\"layer\":\"dropout\"},"
                         "{\"layer\":\"dense\",\"width\":300},{\"layer\":\"relu\"}]",
                         shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = batch, .threads = threads, .classes = true, .l1 = 1e-5, .l2 = 1e-4, .max_norm = 0.5, .seed = 9};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    for (int64_t step = 0; step < 3; step++) {
        Batch b = batch_of(&d, 0, (size_t)(step == 2 ? last : batch));
        trainer_step(t, &b, 0.01, step, NULL);
    }
    double norm = trainer_gradient_norm(t);
    weights_hash(m, hex);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
    return norm;
}

static void check_threads(void)
{
    TEST("1, 2, 3 and 4 threads give the same bits, and the same norm of the gradient");
    static const int64_t batches[][2] = {{500, 409}, {32, 19}, {33, 3}};
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
        char one[HASH_ROOM], more[HASH_ROOM];
        double norm = train_hash(batches[i][0], batches[i][1], 1, one);
        for (int threads = 2; threads <= 4; threads++) {
            CHECK(norm == train_hash(batches[i][0], batches[i][1], threads, more));
            CHECK_TEXT(more, one);
        }
    }
}

/* Above 4 MB of weights their gradient is made in tiles over the whole batch. */
static const char *const large =
    "[{\"layer\":\"dense\",\"width\":1030,\"init\":\"he_normal\"},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
    "{\"layer\":\"dense\",\"width\":1020,\"init\":\"he_normal\"},{\"layer\":\"relu\"}]";

static void large_hash(int threads, char hex[HASH_ROOM])
{
    Error e = {0};
    Data d = data_new();
    Model *m = net_model(large, shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = 24, .threads = threads, .classes = true, .max_norm = 1};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    for (int64_t step = 0; step < 2; step++) {
        Batch b = batch_of(&d, 0, step ? 17 : 24);
        trainer_step(t, &b, 0.01, step, NULL);
    }
    weights_hash(m, hex);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
}

static double loss_with(Trainer *t, const Batch *b, float *weight, float change)
{
    float kept = *weight;
    *weight += change;
    double loss = trainer_step(t, b, 0, 0, NULL);
    *weight = kept;
    return loss;
}

/* After one step of rate 1: takes it back and returns the largest gradient, and where it is. */
static double largest_gradient(ModelTensor now, ModelTensor then, int64_t *at)
{
    int64_t count = now.dims[0] * (now.rank > 1 ? now.dims[1] : 1);
    double best = 0;
    for (int64_t k = 0; k < count; k++) {
        double gradient = (double)then.data[k] - (double)now.data[k];
        if (fabs(gradient) > fabs(best)) {
            best = gradient;
            *at = k;
        }
        now.data[k] = then.data[k];
    }
    return best;
}

static void check_large(void)
{
    TEST("large nets: tiles of gradients are right and do not depend on threads");
    Error e = {0};
    char one[HASH_ROOM], three[HASH_ROOM];
    large_hash(1, one);
    large_hash(3, three);
    CHECK_TEXT(three, one);
    Data d = data_new();
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
    Model *m = net_model(large, shape_vector(WIDTH), 2, 5), *before = model_copy(m, &e);
    TrainerPlan plan = {.batch = 24, .threads = 1, .classes = true, .optimizer = sgd};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    Batch b = batch_of(&d, 0, 24);
    int64_t places[16] = {0};
    double gradients[16] = {0};
    trainer_step(t, &b, 1, 0, NULL);
    for (size_t i = 0; i < model_tensor_count(m); i++)
        gradients[i] = largest_gradient(model_tensor(m, i), model_tensor(before, i), &places[i]);
    for (size_t i = 0; i < model_tensor_count(m); i++) {
        ModelTensor tensor = model_tensor(m, i);
        /* The bias before a batch_norm has no gradient but rounding. */
        if (!tensor.is_trained || text_equal(tensor.name, "0.bias"))
            continue;
        float *weight = tensor.data + places[i], h = 0.02F;
        double slope = (loss_with(t, &b, weight, h) - loss_with(t, &b, weight, -h)) / (2 * (double)h);
        test_check(fabs(slope - gradients[i]) < 0.03 * fabs(gradients[i]), __FILE__, __LINE__, "%s: gradient %g, slope %g", tensor.name,
                   gradients[i], slope);
    }
    trainer_free(t);
    model_free(m);
    model_free(before);
    spec_use_done(&sgd);
    mem_free(d.x);
}

static void check_allocations(void)
{
    TEST("a step allocates nothing");
    Error e = {0};
    Data d = data_new();
    Model *m = net_model(deep, shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = 128, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    Batch b = batch_of(&d, 0, 128);
    trainer_step(t, &b, 0.001, 0, NULL);
    uint64_t before = mem_calls();
    for (int i = 0; i < 5; i++)
        trainer_step(t, &b, 0.001, 0, NULL);
    CHECK_INT(mem_calls() - before, 0);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
}

static void check_resume(void)
{
    TEST("blobs and the step count are all that a resume needs");
    Error e = {0};
    Data d = data_new();
    char whole[HASH_ROOM], resumed[HASH_ROOM];
    TrainerPlan plan = {.batch = 64, .threads = 1, .classes = true, .seed = 4};
    Model *m = net_model(deep, shape_vector(WIDTH), 2, 5), *other = net_model(deep, shape_vector(WIDTH), 2, 6);
    Trainer *t = trainer_new(m, &plan, &e), *u = trainer_new(other, &plan, &e);
    CHECK(t && u);
    for (size_t s = 0; s < 3; s++) {
        Batch b = batch_of(&d, 64 * s, 64);
        trainer_step(t, &b, 0.01, 0, NULL);
    }
    CHECK_INT(trainer_blob_count(t), 4);
    for (size_t i = 0; i < trainer_blob_count(t); i++) {
        const char *name, *name2;
        void *from, *to;
        size_t size, size2;
        trainer_blob(t, i, &name, &from, &size);
        trainer_blob(u, i, &name2, &to, &size2);
        CHECK_INT(size, size2);
        memcpy(to, from, size);
    }
    trainer_set_steps(u, trainer_steps(t));
    for (size_t s = 3; s < 6; s++) {
        Batch b = batch_of(&d, 64 * s, 64);
        trainer_step(t, &b, 0.01, 0, NULL);
        trainer_step(u, &b, 0.01, 0, NULL);
    }
    weights_hash(m, whole);
    weights_hash(other, resumed);
    CHECK_TEXT(resumed, whole);
    trainer_free(t);
    trainer_free(u);
    model_free(m);
    model_free(other);
    mem_free(d.x);
}

static void check_infer(void)
{
    TEST("a row's inference does not depend on its neighbors and equals evaluation");
    Error e = {0};
    Data d = data_new();
    float together[ROWS * 2], alone[2], evaluated[ROWS * 2];
    Model *m = net_model(deep, shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = 64, .threads = 1, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    for (size_t s = 0; s < 8; s++) {
        Batch b = batch_of(&d, 64 * s, 64);
        trainer_step(t, &b, 0.01, 0, NULL);
    }
    CHECK_OK(model_infer(m, NULL, d.x, ROWS, together, &e), e);
    CHECK_OK(trainer_evaluate(t, d.x, ROWS, evaluated, &e), e);
    int differ = 0;
    double worst = 0;
    ModelScratch *scratch = model_scratch(m, &e);
    for (size_t r = 0; r < ROWS; r++) {
        CHECK_OK(model_infer(m, scratch, d.x + r * WIDTH, 1, alone, &e), e);
        differ += memcmp(alone, together + 2 * r, sizeof alone) != 0;
        for (size_t j = 0; j < 2; j++)
            worst = fmax(worst, fabs((double)evaluated[2 * r + j] - (double)together[2 * r + j]));
    }
    CHECK_INT(differ, 0);
    CHECK(worst < 1e-5);
    model_scratch_free(scratch);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
}

static void evaluated(const char *net, int threads, int64_t batch, float *logits)
{
    Error e = {0};
    Data d = data_new();
    Model *m = net_model(net, shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = batch, .threads = threads, .classes = true};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t && trainer_evaluate(t, d.x, ROWS - 9, logits, &e), e);
    trainer_free(t);
    model_free(m);
    mem_free(d.x);
}

static void check_evaluation(void)
{
    TEST("evaluation goes in blocks of 256 rows, whatever batch and threads are");
    float one[ROWS * 2] = {0}, two[ROWS * 2] = {0};
    evaluated(large, 1, 4, one);
    evaluated(large, 2, 500, two);
    CHECK(memcmp(one, two, sizeof one) == 0);
    CHECK(one[2 * (ROWS - 10)] != 0);
}

static void check_refusals(void)
{
    TEST("a loss of the other kind is refused");
    Error e = {0};
    SpecUse loss = net_use("loss", "\"mean_squared_error\"");
    Model *m = net_model("[]", shape_vector(WIDTH), 2, 5);
    TrainerPlan plan = {.batch = 8, .threads = 1, .classes = true, .loss = loss};
    CHECK(trainer_new(m, &plan, &e) == NULL);
    CHECK_TEXT(e.message, "loss mean_squared_error is for numbers, but the target has classes");
    spec_use_done(&loss);
    model_free(m);
}

void unit_trainer(void);
void unit_trainer(void)
{
    net_register();
    check_learning();
    check_threads();
    check_large();
    check_allocations();
    check_resume();
    check_infer();
    check_evaluation();
    check_refusals();
}
