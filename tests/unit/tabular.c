/* The net for tables: its embedding against torch, the same bits whatever the threads, across a resume and through a file. */
#include <math.h>

#include "base/io.h"
#include "learn/bundle.h"
#include "net/model.h"
#include "tests/unit/learn_help.h"
#include "tests/unit/net_help.h"

/* torch 1.13: 7 rows of cos(0.9 r), r % 2, sin(1.7 r), r // 4; the second is a flag.
 *   w0, b0, W, hw, hb = fill(3, 3), fill(3, 3), fill(3, 4, 3), fill(2, 10), fill(2)     # in order by sin(0.7 i + 0.3)
 *   edges: sorted values at places (6 b + 2) // 4, b = 0 .. 4; the last number has two values and no bins
 *   code(x)[b] = ((x - e[b]) / (e[b + 1] - e[b])).clamp(0, 1), the first without lower, the last without upper limit
 *   o = cat([x * w0 + b0 + code(x) @ W of each number, flag]) @ hw.T + hb, on the rows of probe
 *   loss = cross_entropy(o of the 7 rows, labels r % 3 % 2); each p -= 0.5 * p.grad */
static const float probe[] = {-1.5F, 1, 0.3F, 2, 0.2F, 0, 1.5F, 0.5F};
static const float edges[] = {-0.9040721655F, -0.2272020876F, -0.2107958049F, 0.6346928477F, 1};
static const float before[] = {5.653257847F, 3.522870064F, 11.734553337F, 8.527789116F};
static const float after[] = {4.482997417F, 4.776362896F, 10.009546280F, 10.682369232F};
static const double loss = 0.7674867510795593;

static double fill(const ModelTensor *t, double from, bool turned)
{
    int64_t rows = t->rank > 1 ? t->dims[0] : 1, columns = t->rank > 1 ? t->dims[1] : t->dims[0], inner = t->rank > 2 ? t->dims[2] : 1;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns * inner; j++)
            t->data[i * columns * inner + j] = (float)sin(0.7 * (from + (double)(turned ? j * rows + i : i * columns * inner + j)) + 0.3);
    return from + (double)(rows * columns * inner);
}

static void check_torch(void)
{
    TEST("piecewise_linear finds its edges, learns and says what torch does");
    enum { ROWS = 7 };
    Error e = {0};
    NetInput input = net_input(shape_vector(4));
    SpecList layers = net_layers("[{\"layer\":\"piecewise_linear\",\"width\":3,\"bins\":4}]");
    input.knows_flags = true;
    input.flags[0] = 1 << 1;
    Model *m = model_new(&layers, &input, 2, 1, &e);
    CHECK_OK(m != NULL, e);
    float x[ROWS * 4], says[4];
    int32_t labels[ROWS];
    double from = 0;
    for (int r = 0; r < ROWS; r++) {
        const float row[] = {(float)cos(0.9 * r), (float)(r % 2), (float)sin(1.7 * r), (float)(r / 4)};
        memcpy(x + r * 4, row, sizeof row);
        labels[r] = r % 3 % 2;
    }
    for (size_t i = 0; i < model_tensor_count(m); i++) {
        ModelTensor t = model_tensor(m, i);
        if (t.is_trained)
            from = fill(&t, from, text_equal(t.name, "1.weight"));
    }
    CHECK_OK(model_fit(m, x, ROWS, &e) && model_infer(m, NULL, probe, 2, says, &e), e);
    for (size_t i = 0; i < model_tensor_count(m); i++) {
        ModelTensor t = model_tensor(m, i);
        for (size_t k = 0; k < 5 && text_equal(t.name, "0.edges"); k++)
            CHECK_NEAR(t.data[k], edges[k], 1e-6);
        if (text_equal(t.name, "0.counts"))
            CHECK(t.data[0] == 4 && t.data[1] == 4 && t.data[2] == 0);
    }
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(says[i], before[i], 2e-5);
    SpecUse sgd = net_use("optimizer", "{\"optimizer\":\"sgd\",\"momentum\":0}");
    TrainerPlan plan = {.batch = ROWS, .threads = 1, .classes = true, .optimizer = sgd};
    Trainer *t = trainer_new(m, &plan, &e);
    Batch b = {.x = x, .labels = labels, .rows = ROWS};
    CHECK_NEAR(trainer_step(t, &b, 0.5, 0, NULL), loss, 1e-5);
    CHECK_OK(trainer_evaluate(t, probe, 2, says, &e), e);
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(says[i], after[i], 2e-5);
    trainer_free(t);
    model_free(m);
    spec_list_done(&layers);
    spec_use_done(&sgd);
}

static void check_refusals(void)
{
    TEST("what learns from the training rows stands before what is trained; its flags lie in its input");
    Error e = {0};
    float x[4] = {0};
    Model *m = net_model("[{\"layer\":\"dense\",\"width\":3},{\"layer\":\"piecewise_linear\"}]", shape_vector(2), 2, 1);
    CHECK(!model_fit(m, x, 2, &e));
    CHECK_TEXT(e.message, "layer 1 (piecewise_linear): it learns from the training rows, so that nothing that is trained may come before "
                          "it; dense does");
    model_free(m);
    m = net_model("[{\"layer\":\"reshape\",\"shape\":[2],\"partial\":true,\"first\":2},{\"layer\":\"piecewise_linear\"}]", shape_vector(4),
                  2, 1);
    error_clear(&e);
    CHECK_OK(model_fit(m, x, 1, &e), e);
    model_free(m);
    NetInput input = net_input(shape_vector(2));
    SpecList layers = net_layers("[{\"layer\":\"tabular\",\"flags\":[2]}]");
    m = model_new(&layers, &input, 2, 1, &e);
    CHECK(!m && strstr(e.message, "(piecewise_linear): its flags must be places of its input in ascending order, below 2"));
    spec_list_done(&layers);
}

static Model *tabular_model(const char *settings, Error *e)
{
    NetInput input = net_input(shape_vector(4));
    SpecList layers = net_layers(settings);
    input.knows_flags = true;
    input.flags[0] = 1 << 0 | 1 << 3;
    Model *m = model_new(&layers, &input, 2, 1, e);
    spec_list_done(&layers);
    return m;
}

/* Of the first member: two numbers of three places each, then two flags. */
static void check_embeddings(void)
{
    TEST("numbers are embedded by bends, by waves or not; a number begins with one factor, each flag with its own");
    static const struct {
        const char *settings, *first;
        int inputs, group;
    } nets[] = {
        {"[{\"layer\":\"tabular\",\"embedding\":3}]", "0.embedding.linear0.weight", 8, 3},
        {"[{\"layer\":\"tabular\",\"embedding\":3,\"embed_by\":\"periodic\"}]", "0.embedding.periodic.weight", 8, 3},
        {"[{\"layer\":\"tabular\",\"embed_by\":\"none\"}]", "0.members.weight", 4, 1},
    };
    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++) {
        Error e = {0};
        Model *m = tabular_model(nets[i].settings, &e);
        CHECK_OK(m != NULL, e);
        CHECK_TEXT(model_tensor(m, 0).name, nets[i].first);
        for (size_t k = 0; k < model_tensor_count(m); k++) {
            ModelTensor t = model_tensor(m, k);
            if (!text_equal(t.name, "0.members.weight"))
                continue;
            CHECK_INT(t.dims[1], nets[i].inputs);
            for (int j = 1; j < nets[i].inputs; j++)
                CHECK((t.data[j] == t.data[j - 1]) == (j < 2 * nets[i].group && j % nets[i].group > 0));
        }
        model_free(m);
    }
    Error e = {0};
    Value *v = json_parse("{\"bins\":8,\"embed_by\":\"periodic\"}", 32, &e);
    CHECK(!params_from_value(registry_find("layer", "tabular"), v, &e));
    CHECK_TEXT(e.message, "tabular: \"bins\" needs embed_by=piecewise_linear");
    value_free(v);
}

/* given: of a plan; what becomes of its epochs, its optimizer and its patience. */
static const struct {
    const Spec *spec;
    const char *given, *optimizer;
    int epochs, patience;
    bool is_held;
} plans[] = {
    {&train_spec, "{\"net\":[{\"layer\":\"tabular\"}]}", "adamw", 200, 16, true},
    {&train_spec, "{\"net\":[\"tabular\"]}", "adamw", 200, 16, true},
    {&train_spec, "{\"net\":[{\"layer\":\"dense\",\"width\":3}]}", "adam", 40, 0, false},
    {&train_spec, "{\"net\":[\"tabular\"],\"epochs\":40,\"optimizer\":\"sgd\",\"hold_range\":false}", "sgd", 40, 16, false},
    {&train_spec, "{\"net\":[\"tabular\"],\"early_stop\":\"\",\"optimizer\":null}", "adamw", 200, 0, true},
    {&cross_validate_spec, "{\"net\":[\"tabular\"]}", "adamw", 200, 16, true},
    {&distill_spec, "{\"student\":[\"tabular\"],\"epochs\":7}", "adamw", 7, 16, true},
};

static void check_plans(void)
{
    TEST("a training takes from its net what is not given, and what is written is read as the same");
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        Error e = {0};
        const Spec *spec = plans[i].spec;
        Value *given = json_parse(plans[i].given, strlen(plans[i].given), &e);
        TrainPlan *t = plan_from_given(spec, given, &e);
        CHECK_OK(t != NULL, e);
        CHECK_TEXT(t->optimizer.spec->name, plans[i].optimizer);
        CHECK_INT(t->epochs, plans[i].epochs);
        CHECK_INT(t->early_stop.spec ? ((const EarlyStop *)t->early_stop.params)->patience : 0, plans[i].patience);
        CHECK(t->hold_range == plans[i].is_held);
        for (int all = 0; all < 2; all++) {
            Value *written = plan_to_given(spec, t, all);
            void *again = plan_from_given(spec, written, &e);
            test_check(again && params_equal(spec, again, t), __FILE__, __LINE__, "plan %zu is read as another one: %s", i, e.message);
            params_free(spec, again);
            value_free(written);
        }
        params_free(spec, t);
        value_free(given);
    }
}

static Prepared *prepared;
static TrainPlan *plan;

static const char *hash_of_run(RunDir *run, int threads, bool resume, char hex[HASH_ROOM])
{
    Bundle *b = help_train(prepared, plan, threads, run, resume);
    help_hash(b, hex);
    bundle_unref(b);
    return hex;
}

static bool stop_at_third(void *self, const EpochReport *report, bool *stop, Error *e)
{
    (void)self;
    (void)stop;
    return report->epoch < 3 || error_set(e, ERROR_FAILED, "killed");
}

static void check_resume(const char *whole)
{
    TEST("a resume ends with the same bits: edges are those of the first life");
    Error e = {0};
    char hex[HASH_ROOM], *directory = io_join(test_directory(), "killed");
    TrainHooks hooks = {.on_epoch = stop_at_third};
    Bundle *b = NULL;
    Value *result = NULL;
    TrainTask task = {.data = prepared, .plan = plan, .plan_hash = "plan", .seed = 3, .threads = 1, .hooks = &hooks};
    task.run = run_create(directory, "train", "t", &e);
    CHECK(!train_run(NULL, &task, &b, &result, &e));
    run_close(task.run);
    RunDir *run = run_reopen(directory, 0, &e);
    CHECK_OK(run != NULL, e);
    CHECK_TEXT(hash_of_run(run, 2, true, hex), whole);
    run_close(run);
    mem_free(directory);
}

static void check_file(Bundle *b, const Table *table)
{
    TEST("through a file: the same hash, flags and predictions");
    Error e = {0};
    char first[HASH_ROOM], second[HASH_ROOM], *path = io_join(test_directory(), "m.safetensors");
    CHECK_OK(bundle_save(b, path, &e), e);
    Bundle *loaded = bundle_load(path, &e);
    CHECK_OK(loaded != NULL, e);
    CHECK_TEXT(help_hash(loaded, first), help_hash(b, second));
    Value *net = spec_list_to_value(model_layers(loaded->model), "layer", false);
    const Value *flags = value_get(net->items[0], "flags");
    CHECK_INT(flags ? flags->size : 0, 3);
    Table *x = bundle_predict(NULL, b, &(PredictTask){.rows = table}, &e);
    Table *y = bundle_predict(NULL, loaded, &(PredictTask){.rows = table}, &e);
    CHECK(x && y && table_equal(x, y));
    value_free(net);
    table_unref(x);
    table_unref(y);
    bundle_unref(loaded);
    mem_free(path);
}

static void check_training(void)
{
    Table *table = help_table(400, 5);
    Pipeline *p = help_add(help_source(table), "fill_missing", "{\"columns\":[\"age\"]}");
    p = help_add(p, "quantile_transform", "{\"columns\":[\"numeric\"],\"output\":\"normal\"}");
    p = help_add(p, "one_hot", "{\"columns\":[\"text\"]}");
    prepared = help_prepare(p);
    plan = help_plan(&train_spec, "{\"net\":[{\"layer\":\"tabular\",\"width\":24,\"members\":4,\"bins\":6,\"embedding\":4}],\"batch\":64,"
                                  "\"epochs\":6,\"checkpoint_every\":2}");
    char whole[HASH_ROOM], hex[HASH_ROOM];
    hash_of_run(NULL, 1, false, whole);
    TEST("1 to 4 threads make the same model, and it learns");
    for (int threads = 2; threads <= 4; threads++)
        CHECK_TEXT(hash_of_run(NULL, threads, false, hex), whole);
    Bundle *b = help_train(prepared, plan, 1, NULL, false);
    CHECK(b && value_get_real(value_get(b->facts, "valid"), "auc", 0) > 0.75);
    check_resume(whole);
    check_file(b, table);
    bundle_unref(b);
    params_free(&train_spec, plan);
    prepared_free(prepared);
    pipeline_unref(p);
    table_unref(table);
}

void unit_tabular(void);
void unit_tabular(void)
{
    help_register();
    check_torch();
    check_refusals();
    check_embeddings();
    check_plans();
    check_training();
}
