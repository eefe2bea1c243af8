/* Presets: nets made from a few settings, of the size that their papers say, and on the shapes that they are for. */
#include <string.h>

#include "app/document.h"
#include "base/io.h"
#include "cli/cli.h"
#include "tests/unit/net_help.h"

/* Of res8 (12 words) the paper says 110K, of tc_resnet8 66K; here norms have a scale and a shift. ds_cnn: a count by hand. */
static const struct {
    const char *preset, *arguments;
    Shape in;
    int64_t outputs, params;
    const char *layers; /* names, joined */
} made[] = {
    {"mlp", "[64,32]", SHAPE_VECTOR(10), 2, 64 * 11 + 32 * 65 + 2 * 33, "dense relu dense relu"},
    {"mlp", "{\"widths\":[8],\"norm\":\"layer_norm\",\"activation\":\"gelu\",\"dropout\":0.1}", SHAPE_VECTOR(3), 1, 8 * 4 + 16 + 9,
     "dense layer_norm gelu dropout"},
    {"mlp", "{\"widths\":[8],\"batch_norm\":true}", SHAPE_VECTOR(3), 1, 8 * 4 + 16 + 9, "dense batch_norm relu"},
    {"cnn1d", "{}", SHAPE_SEQUENCE(12, 3), 2, 16 * 10 + 16 * 49 + 2 * (3 * 16 + 1), "conv1d relu max_pool conv1d relu max_pool flatten"},
    {"cnn1d", "{\"filters\":4,\"depth\":3,\"growth\":2,\"pool\":1,\"end\":\"average\",\"norm\":\"batch_norm\"}", SHAPE_VECTOR(12), 2,
     4 * 4 + 8 * 13 + 16 * 25 + 2 * (4 + 8 + 16) + 2 * 17,
     "conv1d batch_norm relu conv1d batch_norm relu conv1d batch_norm relu global_pool"},
    {"cnn2d", "{\"filters\":3,\"end\":\"max\",\"dropout\":0.2}", SHAPE_IMAGE(8, 8, 1), 2, 30 + 84 + 8,
     "conv2d relu max_pool dropout conv2d relu max_pool dropout global_pool"},
    {"rnn", "[8,4]", SHAPE_SEQUENCE(6, 3), 2, 3 * 8 * (3 + 8 + 2) + 3 * 4 * (8 + 4 + 2) + 10, "gru gru"},
    {"rnn", "{\"widths\":[4],\"kind\":\"lstm\",\"bidirectional\":true,\"dropout\":0.5}", SHAPE_SEQUENCE(6, 3), 2,
     2 * 4 * 4 * (3 + 4 + 2) + 18, "lstm dropout"},
    {"res8", "{}", SHAPE_SEQUENCE(101, 40), 12, 110847, "conv2d relu average_pool residual times batch_norm global_pool"},
    {"ds_cnn", "{}", SHAPE_SEQUENCE(49, 10), 12, 40 * 64 + 128 + 4 * (9 * 64 + 128 + 64 * 64 + 128) + 65 * 12,
     "conv2d batch_norm relu times global_pool"},
    {"tc_resnet8", "{}", SHAPE_SEQUENCE(98, 40), 12, 65148, "conv1d residual relu residual relu residual relu global_pool dropout"},
    {"autoencoder", "{\"widths\":[6],\"code\":2}", SHAPE_VECTOR(9), 9, 60 + 14 + 18 + 63, "dense relu dense dense relu"},
};

static void check_made(void)
{
    TEST("presets make the layers that they say");
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        Error e = {0};
        SpecList layers = {0};
        Text names = {0};
        NetInput input = net_input(made[i].in);
        Value *arguments = json_parse(made[i].arguments, strlen(made[i].arguments), &e);
        CHECK_OK(net_preset(made[i].preset, arguments, &layers, &e), e);
        for (size_t k = 0; k < layers.count; k++)
            text_addf(&names, "%s%s", k ? " " : "", layers.items[k].spec->name);
        CHECK_TEXT(text_get(&names), made[i].layers);
        Model *m = model_new(&layers, &input, made[i].outputs, 1, &e);
        CHECK_OK(m != NULL, e);
        CHECK_INT(m ? model_params(m) : 0, made[i].params);
        model_free(m);
        text_done(&names);
        spec_list_done(&layers);
        value_free(arguments);
    }
}

static void check_wrong(void)
{
    TEST("settings that do not fit are refused");
    static const struct {
        const char *preset, *arguments, *message;
    } wrong[] = {
        {"mpl", "{}", "no preset \"mpl\"; did you mean \"mlp\"?"},
        {"mlp", "{\"activation\":\"dropout\"}", NULL},
        {"mlp", "{\"widths\":[4],\"activation\":\"dropout\"}", "mlp: activation \"dropout\" is no activation; there are \"relu\""},
        {"mlp", "{\"widths\":[4],\"batch_norm\":true,\"norm\":\"layer_norm\"}", "are two norms; give one"},
        {"cnn1d", "{\"filter\":4}", "did you mean \"filters\"?"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Error e = {0};
        SpecList layers = {0};
        Value *arguments = json_parse(wrong[i].arguments, strlen(wrong[i].arguments), &e);
        bool ok = net_preset(wrong[i].preset, arguments, &layers, &e);
        test_check(wrong[i].message ? !ok && strstr(e.message, wrong[i].message) : ok, __FILE__, __LINE__, "%s %s: %s", wrong[i].preset,
                   wrong[i].arguments, ok ? "is made" : e.message);
        spec_list_done(&layers);
        value_free(arguments);
    }
}

static Document *document_of(const char *net, Error *e)
{
    char *path = text_format("%s/rows.csv", test_directory());
    CHECK_OK(io_replace(path, "a,y\n1,2\n", 8, e), *e);
    char *script =
        text_format("-- limbeck document v1\nlocal lb = require \"limbeck\"\nlocal source = lb.read(\"%s\")\nlocal p = lb.pipeline "
                    "{ source = source, target = \"y\", seed = 0 }\nlocal model = p:train { net = %s }\n",
                    path, net);
    Document *d = document_read(NULL, "g.lua", script, e);
    mem_free(script);
    mem_free(path);
    return d;
}

static void check_round_trip(const char *call)
{
    Error e = {0};
    Text once = {0}, twice = {0};
    Document *d = document_of(call, &e);
    test_check(d != NULL, __FILE__, __LINE__, "%s: %s", call, e.message);
    if (!d)
        return;
    document_to_script(d, &once);
    CHECK(document_is_generated(text_get(&once)));
    Document *again = document_read(NULL, "g.lua", text_get(&once), &e);
    test_check(again != NULL, __FILE__, __LINE__, "%s: %s\n%s", call, e.message, text_get(&once));
    if (again) {
        document_to_script(again, &twice);
        Value *a = spec_list_to_value(&d->train.net, "layer", true), *b = spec_list_to_value(&again->train.net, "layer", true);
        CHECK(d->train.net.count > 0 && value_equal(a, b));
        CHECK_TEXT(text_get(&twice), text_get(&once));
        value_free(a);
        value_free(b);
    }
    document_unref(d);
    document_unref(again);
    text_done(&once);
    text_done(&twice);
}

/* Of a net that names settings of its training those that are set to other ones stay. */
static void check_plan(void)
{
    Error e = {0};
    Text out = {0};
    Document *d = document_of("{ lb.tabular {} }, epochs = 40, early_stop = \"\"", &e);
    CHECK_OK(d != NULL, e);
    document_to_script(d, &out);
    Document *again = document_read(NULL, "g.lua", text_get(&out), &e);
    CHECK_OK(again != NULL, e);
    CHECK(again->train.epochs == 40 && !again->train.early_stop.spec && again->train.hold_range);
    CHECK_TEXT(again->train.optimizer.spec->name, "adamw");
    document_unref(d);
    document_unref(again);
    text_done(&out);
}

static void check_documents(void)
{
    TEST("every preset goes from a generated script into a document and back");
    static const char *const more[] = {"lb.mlp { 8, 4, norm = \"layer_norm\", activation = lb.leaky_relu { slope = 0.2 }, dropout = 0.25 }",
                                       "lb.autoencoder { 12, code = 3, norm = \"batch_norm\" }", "lb.rnn { 8, 4, kind = \"lstm\" }"};
    for (size_t i = 0; i < preset_family()->count; i++) {
        const char *name = preset_family()->members[i]->name;
        char *call = text_format("lb.%s %s", name, text_equal(name, "mlp") ? "{ 8 }" : "{}");
        check_round_trip(call);
        mem_free(call);
    }
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        check_round_trip(more[i]);
    check_plan();
}

void unit_presets(void);
void unit_presets(void)
{
    families_register();
    check_documents();
    check_made();
    check_wrong();
}
