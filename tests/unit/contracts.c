/* What every member of a family promises beyond its declaration, tested over the registry: a new layer, schedule, reader, writer or
 * verb is covered when it is listed. (Steps: registry.c; gradients: gradients.c; optimizers: optimizers.c; samplers: tune.c.) */
#include <math.h>

#include "cli/cli.h"
#include "net/layer.h"
#include "table/reader.h"
#include "tests/unit/net_help.h"

/* A value for each field that has no default, or is found in a table. */
static Value *least_settings(const Spec *s)
{
    Value *v = value_map();
    for (const Field *f = s->params; f && f->name; f++) {
        if (f->def && f->type != FIELD_SPECS && !text_equal(f->name, "levels"))
            continue;
        if (f->type == FIELD_SPECS && text_equal(f->family, "layer")) {
            Error e = {0};
            static const char two[] = "[{\"layer\":\"dense\",\"width\":5},{\"layer\":\"tanh\"}]";
            value_set(v, f->name, json_parse(two, sizeof two - 1, &e));
            continue;
        }
        test_check(f->type == FIELD_INT || f->type == FIELD_REAL, __FILE__, __LINE__,
                   "%s.%s: a required field of a kind this test cannot fill", s->name, f->name);
        value_set(v, f->name, value_int(f->min > 5 ? (int64_t)f->min : 5));
    }
    return v;
}

/* Layers: a model with the layer in front of its head, trained for some steps, so that running statistics are not those of the start. */

enum { LAYER_ROWS = 70, LAYER_OUTPUTS = 3, LAYER_STEPS = 4 };

static Model *layer_model(const Layer *layer, Shape in, Error *e)
{
    static const char bend[] = "{\"layer\":\"tanh\",\"id\":\"bent\"}", both[] = "[\"bent\",\"input\",\"bent\"]";
    Value *layers = value_list(), *one = least_settings(&layer->spec);
    SpecList list = {0};
    NetInput input = net_input(in);
    value_set(one, "layer", value_text(layer->spec.name));
    if (layer->shapes) {
        value_add(layers, json_parse(bend, sizeof bend - 1, e));
        value_set(one, "from", json_parse(both, sizeof both - 1, e));
    }
    value_add(layers, one);
    Model *m = spec_list_from_value(&list, "layer", layers, "net", e) ? model_new(&list, &input, LAYER_OUTPUTS, 3, e) : NULL;
    spec_list_done(&list);
    value_free(layers);
    return m;
}

typedef struct Outputs {
    float forward[LAYER_ROWS * LAYER_OUTPUTS], infer[LAYER_ROWS * LAYER_OUTPUTS], alone[LAYER_ROWS * LAYER_OUTPUTS];
} Outputs;

/* Against infer; alone: bit for bit. */
static void check_same(const Layer *layer, Shape in, const Outputs *o, bool alone)
{
    const float *a = alone ? o->alone : o->forward, *b = o->infer;
    const char *what = alone ? "a row depends on its neighbors" : "infer and forward differ";
    double tolerance = alone ? 0 : 1e-5;
    for (size_t i = 0; i < LAYER_ROWS * LAYER_OUTPUTS; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= tolerance * (1 + fabs((double)b[i])))) {
            test_check(false, __FILE__, __LINE__, "%s on %d x %d: %s: row %zu gives %.9g and %.9g", layer->spec.name, (int)in.length,
                       (int)in.channels, what, i / LAYER_OUTPUTS, (double)a[i], (double)b[i]);
            return;
        }
    CHECK(true);
}

static void check_passes(const Layer *layer, Shape in, Model *m)
{
    Error e = {0};
    float *x = net_noise(LAYER_ROWS * (size_t)shape_size(in), 9);
    Outputs o;
    int32_t labels[LAYER_ROWS];
    uint64_t ids[LAYER_ROWS];
    for (int i = 0; i < LAYER_ROWS; i++) {
        labels[i] = i % LAYER_OUTPUTS;
        ids[i] = (uint64_t)i;
    }
    TrainerPlan plan = {.batch = LAYER_ROWS, .threads = 1, .classes = true, .seed = 1};
    Trainer *t = trainer_new(m, &plan, &e);
    CHECK_OK(t != NULL, e);
    Batch b = {.x = x, .labels = labels, .row_ids = ids, .rows = LAYER_ROWS};
    for (int s = 0; t && s < LAYER_STEPS; s++)
        trainer_step(t, &b, 0.01, 0, NULL);
    CHECK_OK(t && trainer_evaluate(t, x, LAYER_ROWS, o.forward, &e), e);
    CHECK_OK(model_infer(m, NULL, x, LAYER_ROWS, o.infer, &e), e);
    for (size_t i = 0; i < LAYER_ROWS; i++)
        CHECK_OK(model_infer(m, NULL, x + i * (size_t)shape_size(in), 1, o.alone + i * LAYER_OUTPUTS, &e), e);
    check_same(layer, in, &o, false);
    check_same(layer, in, &o, true);
    trainer_free(t);
    mem_free(x);
}

static void check_layers(void)
{
    static const Shape shapes[] = {SHAPE_VECTOR(1),      SHAPE_VECTOR(7),      SHAPE_VECTOR(40),      SHAPE_VECTOR(64),
                                   SHAPE_SEQUENCE(9, 1), SHAPE_SEQUENCE(9, 5), SHAPE_SEQUENCE(16, 3), SHAPE_SEQUENCE(33, 8),
                                   SHAPE_IMAGE(5, 4, 1), SHAPE_IMAGE(8, 9, 3)};
    for (size_t i = 0; i < layer_family()->count; i++) {
        const Layer *layer = (const Layer *)layer_family()->members[i];
        size_t taken = 0;
        for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
            Error e = {0};
            Model *m = layer_model(layer, shapes[k], &e);
            test_check(m || e.message[0], __FILE__, __LINE__, "%s refuses a shape without a word", layer->spec.name);
            if (m)
                check_passes(layer, shapes[k], m);
            taken += m != NULL;
            model_free(m);
        }
        test_check(taken >= 2, __FILE__, __LINE__, "%s takes %zu of the shapes tried, at least 2 are due", layer->spec.name, taken);
    }
}

/* Schedules: between nothing and the base rate, whatever the length of the training; asked twice, they say the same. */

static void check_schedule(const Spec *spec, int64_t total, int64_t per_epoch)
{
    static const double losses[] = {1, 0.5, (double)NAN, 0.7, 0.7, 0.7, (double)INFINITY, 0.7, 0.7, 0.7, 0.7};
    enum { LOSSES = sizeof losses / sizeof *losses };
    char *json = text_format("\"%s\"", spec->name);
    SpecUse use = net_use("schedule", json);
    ScheduleState state = {0};
    for (int64_t step = 0; step <= total; step++) {
        SchedulePlace place = schedule_place(step, total, per_epoch);
        double rate = schedule_rate(&use, &state, 0.1, &place);
        test_check(rate >= 0 && rate <= 0.1 * (1 + 1e-12) && rate == schedule_rate(&use, &state, 0.1, &place), __FILE__, __LINE__,
                   "%s at %lld of %lld: %g", spec->name, (long long)step, (long long)total, rate);
        if (step % per_epoch == per_epoch - 1)
            schedule_epoch(&use, &state, losses[(step / per_epoch) % LOSSES]);
    }
    spec_use_done(&use);
    mem_free(json);
}

static void check_schedules(void)
{
    static const int64_t lengths[][2] = {{1, 1}, {2, 1}, {7, 7}, {100, 10}, {1000, 1}};
    for (size_t i = 0; i < schedule_family()->count; i++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++)
            check_schedule(schedule_family()->members[i], lengths[k][0], lengths[k][1]);
}

/* Readers: what table_read gives every one of them is declared; examples hold; a part of a file never makes more than the whole. */

static Value *reader_options(const Reader *r, const char *args)
{
    Error e = {0};
    Value *options = json_parse(args, strlen(args), &e);
    test_check(options != NULL, __FILE__, __LINE__, "%s: %s: %s", r->spec.name, args, e.message);
    value_set(options, "reader", value_text(r->spec.name));
    return options;
}

static char *as_csv(const Table *t)
{
    Error e = {0};
    Text out = {0};
    void *params = params_new(&csv_writer.spec);
    CHECK_OK(csv_writer.write(params, t, &out, &e), e);
    params_free(&csv_writer.spec, params);
    return text_take(&out);
}

static void check_parts(const Reader *r, const Example *x, const Table *whole)
{
    Value *options = reader_options(r, x->args);
    value_set(options, "partial", value_flag(true));
    for (size_t size = 0; size < strlen(x->input); size++) {
        Error e = {0};
        Table *t = table_read_bytes(NULL, "part", (const uint8_t *)x->input, size, options, &e);
        test_check(t || e.message[0], __FILE__, __LINE__, "%s: fails without a word on %zu bytes", r->spec.name, size);
        test_check(!t || (t->rows <= whole->rows && t->rejects_count <= whole->rejects_count), __FILE__, __LINE__,
                   "%s %s: %zu bytes give %zu rows and %zu rejects, the whole %zu and %zu", r->spec.name, x->args, size, t ? t->rows : 0,
                   t ? t->rejects_count : 0, whole->rows, whole->rejects_count);
        table_unref(t);
    }
    value_free(options);
}

static bool check_reader_example(const Reader *r, const Example *x)
{
    Error e = {0};
    Value *options = reader_options(r, x->args);
    Table *t = table_read_bytes(NULL, "example", (const uint8_t *)x->input, strlen(x->input), options, &e);
    bool fails = text_starts(x->output, "error: ");
    char *text = t ? as_csv(t) : mem_strdup(e.message);
    test_check(fails ? !t && strstr(text, x->output + 7) : t && text_equal(text, x->output), __FILE__, __LINE__,
               "%s %s gives %s, expected %s", r->spec.name, x->args, text, x->output);
    if (t && !fails)
        check_parts(r, x, t);
    mem_free(text);
    table_unref(t);
    value_free(options);
    return !fails;
}

static void check_readers(void)
{
    for (size_t i = 0; i < reader_family()->count; i++) {
        const Reader *r = (const Reader *)reader_family()->members[i];
        static const char *const due[] = {"rows", "partial"};
        size_t good = 0;
        for (size_t k = 0; k < 2; k++)
            test_check(fields_find(r->spec.params, due[k]) != NULL, __FILE__, __LINE__, "%s declares no \"%s\": it cannot read a head",
                       r->spec.name, due[k]);
        for (size_t k = 0; k < r->spec.examples_count; k++)
            good += check_reader_example(r, &r->spec.examples[k]);
        bool is_text = !text_equal(r->spec.group, "sound"); /* no text holds the bytes of a sound: those that work stand in wav.c */
        test_check(good >= 2 || !is_text, __FILE__, __LINE__, "%s has %zu examples that work, at least 2 are due", r->spec.name, good);
        test_check(r->sniff("x", (const uint8_t *)"", 0) < 50 && r->sniff("x",
                                                                          (const uint8_t *)"\x7f"
                                                                                           "ELF",
                                                                          4) <= 50,
                   __FILE__, __LINE__, "%s is sure of what it cannot know", r->spec.name);
    }
}

/* Writers: each ending belongs to one, and what is written under it is read back the same. */

static void check_ending(const Writer *w, const char *ending)
{
    static const char csv[] = "n,x,t,f,d\n1,0.5,a,true,2024-02-29\n-7,1e-9,\"b \"\"q\"\", "
                              "c\",false,1999-12-31\n,,,,\n9007199254740993,3,\xC3\xA9,true,2000-01-01\n";
    Error e = {0};
    char *path = text_format("%s/out.%s", test_directory(), ending);
    Table *t = table_read_bytes(NULL, "x.csv", (const uint8_t *)csv, sizeof csv - 1, NULL, &e);
    bool ok = t && table_write(t, path, NULL, &e);
    Table *back = ok ? table_read(NULL, path, NULL, &e) : NULL;
    test_check(back && table_equal(t, back), __FILE__, __LINE__, "%s: .%s is not read back the same: %s", w->spec.name, ending, e.message);
    for (size_t i = 0; i < writer_family()->count; i++) {
        const Writer *other = (const Writer *)writer_family()->members[i];
        for (const char *const *one = other->endings; other != w && *one; one++)
            test_check(!text_equal(*one, ending), __FILE__, __LINE__, "%s and %s both write .%s", w->spec.name, other->spec.name, ending);
    }
    table_unref(t);
    table_unref(back);
    mem_free(path);
}

static void check_writers(void)
{
    for (size_t i = 0; i < writer_family()->count; i++) {
        const Writer *w = (const Writer *)writer_family()->members[i];
        test_check(w->write && w->endings && w->endings[0], __FILE__, __LINE__, "%s has no ending", w->spec.name);
        for (const char *const *ending = w->endings; ending && *ending; ending++)
            check_ending(w, *ending);
    }
}

static void check_verbs(void)
{
    for (size_t i = 0; i < verb_family()->count; i++) {
        const Verb *v = (const Verb *)verb_family()->members[i];
        test_check(v->run && v->spec.group, __FILE__, __LINE__, "%s has no function or no group", v->spec.name);
    }
}

void unit_contracts(void)
{
    families_register();
    TEST("layers: infer equals forward, and a row is alone");
    check_layers();
    TEST("schedules stay between nothing and the base rate");
    check_schedules();
    TEST("readers: examples, heads and parts");
    check_readers();
    TEST("writers: endings, and the way back");
    check_writers();
    TEST("verbs have what the command line needs");
    check_verbs();
}
