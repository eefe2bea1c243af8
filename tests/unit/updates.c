/* What moves the weights beside the optimizer's rule: penalties, rules for single layers, gradients that are cut or wait, averages. */
#include "tests/unit/net_help.h"

enum { ROWS = 64, WIDTH = 6 };

static const char *const net =
    "[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"},{\"layer\":\"dense\",\"width\":8},{\"layer\":\"tanh\"}]";
static const char *const norm_net =
    "[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.2}]";

typedef struct Case {
    Model *m, *before;
    Trainer *t;
    TrainerPlan plan;
    SpecUse optimizer, average;
    SpecList rules;
    float *x;
    int32_t labels[ROWS];
    uint64_t ids[ROWS];
} Case;

/* JSON, or a bare name. */
static SpecUse use_of(const char *family, const char *text)
{
    char *json = *text == '{' ? mem_strdup(text) : text_format("\"%s\"", text);
    SpecUse use = net_use(family, json);
    mem_free(json);
    return use;
}

/* rules, average: or NULL. */
static void begin(Case *c, const char *layers, const char *optimizer, const char *rules, const char *average)
{
    Error e = {0};
    c->optimizer = use_of("optimizer", optimizer);
    if (average)
        c->average = use_of("averaging", average);
    Value *v = rules ? json_parse(rules, strlen(rules), &e) : NULL;
    CHECK_OK(!v || spec_list_from_value(&c->rules, "layer_rule", v, "per_layer", &e), e);
    value_free(v);
    c->plan.optimizer = c->optimizer;
    c->plan.average = c->average;
    c->plan.per_layer = &c->rules;
    c->plan.batch = ROWS;
    c->plan.classes = true;
    c->plan.threads = c->plan.threads ? c->plan.threads : 1;
    c->m = net_model(layers, shape_vector(WIDTH), 2, 5);
    c->before = model_copy(c->m, &e);
    c->x = net_noise(ROWS * WIDTH, 3);
    for (size_t r = 0; r < ROWS; r++) {
        c->labels[r] = c->x[r * WIDTH] + c->x[r * WIDTH + 1] > 0;
        c->ids[r] = 100 + r;
    }
    c->t = trainer_new(c->m, &c->plan, &e);
    CHECK_OK(c->t != NULL, e);
}

static void end(Case *c)
{
    trainer_free(c->t);
    model_free(c->m);
    model_free(c->before);
    spec_use_done(&c->optimizer);
    spec_use_done(&c->average);
    spec_list_done(&c->rules);
    mem_free(c->x);
}

static Batch rows_of(Case *c, size_t from, size_t count)
{
    return (Batch){.x = c->x + from * WIDTH, .labels = c->labels + from, .row_ids = c->ids + from, .rows = count};
}

static void step(Case *c, double rate, int64_t epoch)
{
    Batch b = rows_of(c, 0, ROWS);
    b.is_last = true;
    trainer_step(c->t, &b, rate, epoch, NULL);
}

static int64_t numbers(const ModelTensor *t)
{
    int64_t n = 1;
    for (int i = 0; i < t->rank; i++)
        n *= t->dims[i];
    return n;
}

static ModelTensor tensor(const Model *m, const char *name)
{
    for (size_t i = 0; i < model_tensor_count(m); i++)
        if (text_equal(model_tensor(m, i).name, name))
            return model_tensor(m, i);
    test_check(false, __FILE__, __LINE__, "no tensor %s", name);
    return model_tensor(m, 0);
}

static bool has_moved(const Case *c, const char *name)
{
    ModelTensor now = tensor(c->m, name), then = tensor(c->before, name);
    return memcmp(now.data, then.data, (size_t)numbers(&now) * sizeof(float)) != 0;
}

static int64_t zeros_of(const Case *c, const char *name)
{
    ModelTensor t = tensor(c->m, name);
    int64_t zeros = 0;
    for (int64_t i = 0; i < numbers(&t); i++)
        zeros += t.data[i] == 0;
    return zeros;
}

static void check_zeros(void)
{
    TEST("L1 makes weights exactly 0, with every optimizer, and they are counted; biases stay free");
    static const char *const optimizers[] = {"sgd", "adam", "adamw", "rmsprop", "adagrad"};
    for (size_t i = 0; i < sizeof optimizers / sizeof *optimizers; i++) {
        Case c = {.plan = {.l1 = 0.003}}, free = {0};
        int64_t weights = 0;
        begin(&c, net, optimizers[i], NULL, NULL);
        begin(&free, net, optimizers[i], NULL, NULL);
        for (int s = 0; s < 300; s++) {
            step(&c, 0.01, 1);
            step(&free, 0.01, 1);
        }
        int64_t zeros = model_zeros(c.m, &weights);
        CHECK_INT(weights, 6 * 16 + 16 * 8 + 8 * 2);
        CHECK_INT(zeros, zeros_of(&c, "0.weight") + zeros_of(&c, "2.weight") + zeros_of(&c, "4.weight"));
        test_check(zeros > weights / 6 && zeros < weights, __FILE__, __LINE__, "%s: %d of %d are 0", optimizers[i], (int)zeros,
                   (int)weights);
        CHECK_INT(model_zeros(free.m, NULL), 0);
        end(&c);
        end(&free);
    }
}

static void check_rules(void)
{
    TEST("a frozen layer keeps its bits, another learns from its epoch on, a third has a penalty of its own");
    Case c = {.plan = {.l1 = 0, .l2 = 0.1, .decay = 0.1}};
    begin(&c, net, "adam",
          "[{\"layer_rule\":\"for_layer\",\"layer\":\"0\",\"rate_factor\":0},"
          "{\"layer_rule\":\"for_layer\",\"layer\":\"2\",\"from_epoch\":3},"
          "{\"layer_rule\":\"for_layer\",\"layer\":\"head\",\"l1\":0.1,\"bias_factor\":0}]",
          NULL);
    for (int64_t epoch = 1; epoch <= 2; epoch++)
        step(&c, 0.01, epoch);
    CHECK(!has_moved(&c, "0.weight") && !has_moved(&c, "0.bias") && !has_moved(&c, "2.weight") && !has_moved(&c, "2.bias"));
    CHECK(has_moved(&c, "4.weight") && !has_moved(&c, "4.bias"));
    step(&c, 0, 2);
    double without = trainer_gradient_norm(c.t);
    step(&c, 0, 3);
    CHECK(trainer_gradient_norm(c.t) > without * (1 + 1e-5)); /* what is frozen does not count in it */
    for (int64_t epoch = 3; epoch <= 100; epoch++)
        step(&c, 0.01, epoch);
    CHECK(!has_moved(&c, "0.weight") && !has_moved(&c, "0.bias") && has_moved(&c, "2.weight") && has_moved(&c, "2.bias"));
    CHECK(zeros_of(&c, "4.weight") > 0);
    CHECK_INT(zeros_of(&c, "2.weight") + zeros_of(&c, "0.weight"), 0);
    end(&c);
}

static void check_names(void)
{
    TEST("a rule for an id or a block reaches all that is in it, and nothing else");
    Case c = {0};
    begin(&c,
          "[{\"layer\":\"dense\",\"width\":6,\"id\":\"stem\"},{\"layer\":\"residual\",\"layers\":[{\"layer\":\"dense\",\"width\":6},"
          "{\"layer\":\"relu\"},{\"layer\":\"dense\",\"width\":6}]},{\"layer\":\"dense\",\"width\":6,\"id\":\"stem2\"}]",
          "adam",
          "[{\"layer_rule\":\"for_layer\",\"layer\":\"stem\",\"rate_factor\":0},"
          "{\"layer_rule\":\"for_layer\",\"layer\":\"1\",\"rate_factor\":0}]",
          NULL);
    step(&c, 0.01, 1);
    static const struct {
        const char *name;
        bool moves;
    } cases[] = {{"stem.weight", false}, {"stem.bias", false}, {"1.0.weight", false}, {"1.2.weight", false}, {"stem2.weight", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        test_check(has_moved(&c, cases[i].name) == cases[i].moves, __FILE__, __LINE__, "%s", cases[i].name);
    end(&c);
}

static void check_rate_factor(void)
{
    TEST("a layer of factor 3 goes three times as far");
    Case c = {0}, plain = {0};
    begin(&c, net, "{\"optimizer\":\"sgd\",\"momentum\":0}", "[{\"layer_rule\":\"for_layer\",\"layer\":\"2\",\"rate_factor\":3}]", NULL);
    begin(&plain, net, "{\"optimizer\":\"sgd\",\"momentum\":0}", NULL, NULL);
    step(&c, 0.01, 1);
    step(&plain, 0.01, 1);
    CHECK_NEAR(trainer_gradient_norm(c.t), trainer_gradient_norm(plain.t), 1e-6);
    static const char *const names[] = {"0.weight", "2.weight", "2.bias", "4.weight"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ModelTensor now = tensor(c.m, names[i]), then = tensor(c.before, names[i]), other = tensor(plain.m, names[i]);
        for (int64_t k = 0; k < numbers(&now); k++)
            CHECK_NEAR(now.data[k] - then.data[k], (*names[i] == '2' ? 3 : 1) * (other.data[k] - then.data[k]), 1e-6);
    }
    end(&c);
    end(&plain);
}

static void check_exempt(void)
{
    TEST("decay and the longest weights of a unit are for weights, not for biases and norms");
    Case c = {.plan = {.decay = 0.5}};
    begin(&c, norm_net, "sgd", NULL, NULL);
    Batch b = rows_of(&c, 0, ROWS);
    float none[ROWS] = {0};
    b.weights = none; /* without a loss only the decay moves anything */
    trainer_step(c.t, &b, 0.1, 1, NULL);
    ModelTensor now = tensor(c.m, "0.weight"), then = tensor(c.before, "0.weight");
    CHECK_NEAR(now.data[3], then.data[3] * 0.95F, 1e-7);
    CHECK(!has_moved(&c, "0.bias") && !has_moved(&c, "1.weight") && !has_moved(&c, "1.bias"));
    end(&c);
    Case limited = {.plan = {.unit_norm = 0.3}};
    begin(&limited, norm_net, "sgd", NULL, NULL);
    for (int s = 0; s < 5; s++)
        step(&limited, 0.1, 1);
    ModelTensor w = tensor(limited.m, "0.weight");
    for (int64_t j = 0; j < 16; j++) {
        double squares = 0;
        for (int64_t i = 0; i < WIDTH; i++)
            squares += (double)w.data[i * 16 + j] * (double)w.data[i * 16 + j];
        CHECK(sqrt(squares) < 0.3 + 1e-6 && sqrt(squares) > 0.05);
    }
    CHECK(tensor(limited.m, "1.weight").data[0] > 0.5F);
    end(&limited);
}

static void check_clip(void)
{
    TEST("clip limits each number of the gradient");
    Case c = {.plan = {.clip = 0.001}};
    begin(&c, net, "{\"optimizer\":\"sgd\",\"momentum\":0}", NULL, NULL);
    step(&c, 1, 1);
    int at_limit = 0;
    for (size_t i = 0; i < model_tensor_count(c.m); i++) {
        ModelTensor now = model_tensor(c.m, i), then = model_tensor(c.before, i);
        for (int64_t k = 0; k < numbers(&now); k++) {
            double moved = fabs((double)now.data[k] - (double)then.data[k]);
            CHECK(moved < 0.001 + 1e-6);
            at_limit += moved > 0.001 - 1e-6;
        }
    }
    CHECK(at_limit > 10);
    end(&c);
}

static void check_accumulate(void)
{
    TEST("four batches of 16 that wait for each other make the step of one batch of 64, clipped by the same norm");
    Case parts = {.plan = {.accumulate = 4, .max_norm = 0.05}}, whole = {.plan = {.max_norm = 0.05}};
    begin(&parts, net, "adam", NULL, NULL);
    begin(&whole, net, "adam", NULL, NULL);
    for (int s = 0; s < 3; s++) {
        for (size_t from = 0; from < ROWS; from += 16) {
            Batch b = rows_of(&parts, from, 16);
            trainer_step(parts.t, &b, 0.01, 1, NULL);
            if (s == 0 && from < 48)
                CHECK(!has_moved(&parts, "0.weight"));
        }
        step(&whole, 0.01, 1);
        CHECK_NEAR(trainer_gradient_norm(parts.t), trainer_gradient_norm(whole.t), 1e-6);
    }
    for (size_t i = 0; i < model_tensor_count(parts.m); i++) {
        ModelTensor a = model_tensor(parts.m, i), b = model_tensor(whole.m, i);
        for (int64_t k = 0; k < numbers(&a); k++)
            CHECK_NEAR(a.data[k], b.data[k], 2e-5);
    }
    TEST("the last batch of an epoch waits no longer");
    Batch last = rows_of(&parts, 0, 16);
    last.is_last = true;
    Model *then = parts.before;
    Error e = {0};
    parts.before = model_copy(parts.m, &e);
    trainer_step(parts.t, &last, 0.01, 1, NULL);
    CHECK(has_moved(&parts, "0.weight"));
    model_free(then);
    end(&parts);
    end(&whole);
}

static void check_ema(void)
{
    TEST("ema is what its formula says, from its epoch on, and gives the weights back");
    Case c = {0};
    begin(&c, net, "sgd", NULL, "{\"averaging\":\"ema\",\"memory\":0.6,\"from_epoch\":2}");
    step(&c, 0.1, 1);
    CHECK(!trainer_has_average(c.t));
    ModelTensor w = tensor(c.m, "2.weight");
    double average = 0;
    for (int n = 0; n < 12; n++) {
        step(&c, 0.1, 2);
        double memory = fmin(0.6, (1.0 + n) / (10 + n));
        average = n ? memory * average + (1 - memory) * (double)w.data[5] : (double)w.data[5];
    }
    float own = w.data[5];
    CHECK(trainer_has_average(c.t));
    trainer_use_average(c.t, true);
    CHECK_NEAR(w.data[5], average, 1e-6);
    CHECK(w.data[5] != own);
    trainer_use_average(c.t, false);
    CHECK(w.data[5] == own);
    end(&c);
}

static void check_swa(void)
{
    TEST("swa is the mean over ends of epochs; running statistics are the mean over batches");
    Case c = {0};
    begin(&c, norm_net, "sgd", NULL, "{\"averaging\":\"swa\",\"from_epoch\":3,\"every\":2}");
    ModelTensor w = tensor(c.m, "0.weight"), mean = tensor(c.m, "1.running_mean");
    double sum = 0;
    for (int64_t epoch = 1; epoch <= 8; epoch++) {
        for (size_t from = 0; from < ROWS; from += 32) {
            Batch b = rows_of(&c, from, 32);
            b.is_last = from > 0;
            trainer_step(c.t, &b, 0.1, epoch, NULL);
        }
        sum += epoch == 3 || epoch == 5 || epoch == 7 ? (double)w.data[4] : 0;
    }
    trainer_use_average(c.t, true);
    CHECK_NEAR(w.data[4], sum / 3, 1e-6);
    CHECK(trainer_needs_statistics(c.t));
    double expected = 0;
    for (size_t r = 0; r < ROWS; r++) {
        double y = (double)tensor(c.m, "0.bias").data[4];
        for (size_t i = 0; i < WIDTH; i++)
            y += (double)c.x[r * WIDTH + i] * (double)w.data[i * 16 + 4];
        expected += y / ROWS;
    }
    for (size_t k = 0; k < 4; k++) {
        Batch b = rows_of(&c, 16 * k, 16);
        trainer_statistics(c.t, &b, 1 / (double)(k + 1), 0);
    }
    CHECK_NEAR(mean.data[4], expected, 1e-5);
    end(&c);
}

static void all_at_once(int threads, char hex[HASH_ROOM])
{
    Case c = {.plan = {.l1 = 1e-3,
                       .l2 = 1e-3,
                       .decay = 0.01,
                       .unit_norm = 1,
                       .clip = 0.01,
                       .max_norm = 0.5,
                       .accumulate = 2,
                       .seed = 3,
                       .threads = threads}};
    begin(&c,
          "[{\"layer\":\"dense\",\"width\":600},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},{\"layer\":\"dropout\",\"rate\":0.2},"
          "{\"layer\":\"dense\",\"width\":200}]",
          "rmsprop", "[{\"layer_rule\":\"for_layer\",\"layer\":\"4\",\"rate_factor\":0.5}]", "ema");
    for (int64_t s = 0; s < 4; s++) {
        Batch b = rows_of(&c, 0, s == 3 ? 50 : ROWS);
        trainer_step(c.t, &b, 0.01, s, NULL);
    }
    trainer_use_average(c.t, true);
    weights_hash(c.m, hex);
    end(&c);
}

static void check_threads(void)
{
    TEST("1, 2 and 4 threads give the same bits with all of it");
    char one[HASH_ROOM], more[HASH_ROOM];
    all_at_once(1, one);
    for (int threads = 2; threads <= 4; threads *= 2) {
        all_at_once(threads, more);
        CHECK_TEXT(more, one);
    }
}

static void check_refusals(void)
{
    TEST("a rule for no layer, or two for one, is refused with what there is");
    static const char *const cases[][2] = {
        {"[{\"layer_rule\":\"for_layer\",\"layer\":\"1\"}]",
         "for_layer: no layer \"1\" with weights; there are 0, 2, 4, and head is the last"},
        {"[{\"layer_rule\":\"for_layer\",\"layer\":\"4\"},{\"layer_rule\":\"for_layer\",\"layer\":\"head\"}]",
         "per_layer: two rules for 4.weight; one for each layer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Error e = {0};
        SpecList rules = {0};
        Value *v = json_parse(cases[i][0], strlen(cases[i][0]), &e);
        CHECK_OK(spec_list_from_value(&rules, "layer_rule", v, "per_layer", &e), e);
        Model *m = net_model(net, shape_vector(WIDTH), 2, 5);
        TrainerPlan plan = {.batch = 8, .threads = 1, .classes = true, .per_layer = &rules};
        CHECK(trainer_new(m, &plan, &e) == NULL);
        CHECK_TEXT(e.message, cases[i][1]);
        value_free(v);
        spec_list_done(&rules);
        model_free(m);
    }
}

void unit_updates(void);
void unit_updates(void)
{
    net_register();
    check_zeros();
    check_rules();
    check_names();
    check_rate_factor();
    check_exempt();
    check_clip();
    check_accumulate();
    check_ema();
    check_swa();
    check_threads();
    check_refusals();
}
