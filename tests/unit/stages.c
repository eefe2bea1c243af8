/* A net by three numbers: what depth, width and kernel do to nets of several kinds, and where they are refused. */
#include <string.h>

#include "net/address.h"
#include "net/layer.h"
#include "net/stages.h"
#include "tests/unit/net_help.h"

#define CONV(F) "{\"layer\":\"conv1d\",\"filters\":" F "},{\"layer\":\"relu\"},{\"layer\":\"max_pool\"}"
#define FLAT "{\"layer\":\"flatten\"},{\"layer\":\"dense\",\"width\":32},{\"layer\":\"relu\"}"

static const struct {
    const char *layers, *name;
    int64_t was, value;
    const char *wanted; /* NULL: refused */
} settings[] = {
    {"[" CONV("8") "," CONV("16") "," FLAT "]", "net.depth", 2, 3,
     "conv1d8k3 relu max_pool conv1d16k3 relu max_pool conv1d16k3 relu max_pool flatten dense32 relu"},
    {"[" CONV("8") "," CONV("16") "," FLAT "]", "net.depth", 2, 1, "conv1d8k3 relu max_pool flatten dense32 relu"},
    {"[" CONV("8") "," CONV("16") "," FLAT "]", "net.width", 8, 12,
     "conv1d12k3 relu max_pool conv1d24k3 relu max_pool flatten dense48 relu"},
    {"[" CONV("8") "," CONV("16") "," FLAT "]", "net.kernel", 3, 7,
     "conv1d8k7 relu max_pool conv1d16k7 relu max_pool flatten dense32 relu"},
    {"[{\"layer\":\"dense\",\"width\":9},{\"layer\":\"dropout\"},{\"layer\":\"dense\",\"width\":3}]", "net.width", 9, 4,
     "dense4 dropout dense1"},
    {"[{\"layer\":\"dense\",\"width\":64,\"id\":\"a\"},{\"layer\":\"relu\"}]", "net.depth", 1, 2, "dense64#a relu dense64 relu"},
    {"[{\"layer\":\"conv1d\",\"filters\":8},{\"layer\":\"residual\",\"layers\":[" CONV("8") "]},{\"layer\":\"residual\",\"layers\":[" CONV(
         "8") "]},{\"layer\":\"global_pool\"}]",
     "net.depth", 2, 3,
     "conv1d8k3 residual(conv1d8k3 relu max_pool) residual(conv1d8k3 relu max_pool) residual(conv1d8k3 relu max_pool) global_pool"},
    {"[{\"layer\":\"dense\",\"width\":8},{\"layer\":\"times\",\"n\":4,\"layers\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}]}"
     "]",
     "net.depth", 4, 2, "dense8 times2(dense16 relu)"},
    {"[{\"layer\":\"times\",\"n\":4,\"layers\":[{\"layer\":\"dense\",\"width\":16},{\"layer\":\"relu\"}]},{\"layer\":\"gru\",\"width\":8}]",
     "net.width", 16, 32, "times4(dense32 relu) gru16"},
    {"[{\"layer\":\"tabular\",\"width\":64,\"depth\":2}]", "net.depth", 2, 3, "tabular64d3"},
    {"[{\"layer\":\"relu\"}]", "net.depth", 0, 2, NULL},
    {"[{\"layer\":\"relu\"}]", "net.width", 0, 2, NULL},
    {"[{\"layer\":\"dense\",\"width\":16}]", "net.kernel", 0, 2, NULL},
    {"[{\"layer\":\"dense\",\"width\":16}]", "net.depth", 1, 0, NULL},
};

static void add_setting(const SpecUse *use, const char *name, const char *before, Text *out)
{
    Value *layer = spec_use_to_value(use, "layer", true);
    int64_t number = value_get_int(layer, name, 0);
    if (number)
        text_addf(out, "%s%lld", before, (long long)number);
    value_free(layer);
}

static void add_layers(const SpecList *list, Text *out)
{
    for (size_t i = 0; i < list->count; i++) {
        const SpecUse *use = &list->items[i];
        const SpecList *inner = block_layers(use);
        const char *id = ((const LayerPlace *)use->params)->id;
        text_addf(out, "%s%s", i ? " " : "", use->spec->name);
        add_setting(use, "width", "", out);
        add_setting(use, "filters", "", out);
        add_setting(use, "kernel", "k", out);
        add_setting(use, "depth", "d", out);
        if (inner)
            add_setting(use, "n", "", out);
        if (id && *id)
            text_addf(out, "#%s", id);
        if (!inner)
            continue;
        text_add_char(out, '(');
        add_layers(inner, out);
        text_add_char(out, ')');
    }
}

static void check_settings(void)
{
    TEST("depth, width and kernel change the net as a whole");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        Error e = {0};
        SpecList net = net_layers(settings[i].layers);
        Text text = {0};
        CHECK_INT(net_setting_now(&net, settings[i].name), settings[i].was);
        bool ok = net_setting_apply(&net, settings[i].name, settings[i].value, &e);
        CHECK(ok == (settings[i].wanted != NULL));
        CHECK(ok || strstr(e.message, settings[i].name));
        add_layers(&net, &text);
        if (ok)
            CHECK_TEXT(text_get(&text), settings[i].wanted);
        if (ok)
            CHECK_INT(net_setting_now(&net, settings[i].name), settings[i].value);
        text_done(&text);
        spec_list_done(&net);
    }
}

/* By hand, r += (kernel - 1) * dilation * step and step *= stride (Araujo et al. 2019, "Computing receptive fields"). */
static const struct {
    const char *layers;
    Shape in;
    const char *wanted; /* of each line, with input and head */
} fields_seen[] = {
    {"[" CONV("8") "," CONV("16") ",{\"layer\":\"flatten\"}]", SHAPE_SEQUENCE(100, 3), "1 3 3 4 8 8 10 10 100"},
    {"[{\"layer\":\"conv1d\",\"filters\":4,\"kernel\":5,\"dilation\":2},{\"layer\":\"conv1d\",\"filters\":4,\"stride\":2},"
     "{\"layer\":\"conv1d\",\"filters\":4},{\"layer\":\"global_pool\"}]",
     SHAPE_SEQUENCE(100, 3), "1 9 11 15 100 100"},
    {"[{\"layer\":\"residual\",\"layers\":[{\"layer\":\"conv1d\",\"filters\":3},{\"layer\":\"relu\"},{\"layer\":\"conv1d\",\"filters\":3}]}"
     ","
     "{\"layer\":\"gru\",\"width\":4}]",
     SHAPE_SEQUENCE(60, 3), "1 5 3 3 5 5 60 60"},
    {"[{\"layer\":\"conv2d\",\"filters\":4,\"kernel\":3,\"kernel_width\":5},{\"layer\":\"max_pool\"},{\"layer\":\"flatten\"}]",
     SHAPE_IMAGE(28, 28, 1), "1x1 3x5 4x6 4x6 28x28"},
    {"[{\"layer\":\"dense\",\"width\":5},{\"layer\":\"relu\"}]", SHAPE_VECTOR(7), "1 7 7 7"},
    {"[{\"layer\":\"reshape\",\"shape\":[7,1]},{\"layer\":\"conv1d\",\"filters\":5},{\"layer\":\"flatten\"}]", SHAPE_VECTOR(7),
     "1 1 3 3 7"},
    {"[{\"layer\":\"conv1d\",\"filters\":5,\"kernel\":9}]", SHAPE_VECTOR(7), "1 7 7 7"},
};

static void check_reach(void)
{
    TEST("how many places of the input each layer sees");
    for (size_t i = 0; i < sizeof fields_seen / sizeof *fields_seen; i++) {
        Error e = {0};
        Text text = {0};
        SpecList layers = net_layers(fields_seen[i].layers);
        NetInput input = net_input(fields_seen[i].in);
        Model *m = model_new(&layers, &input, 2, 1, &e);
        CHECK_OK(m != NULL, e);
        for (size_t k = 0; m && k < model_layer_count(m); k++) {
            ModelLayerInfo info = model_layer_info(m, k);
            text_add(&text, k ? " " : "");
            if (fields_seen[i].in.rank == 3)
                text_addf(&text, "%lldx", (long long)info.reach[0]);
            text_addf(&text, "%lld", (long long)info.reach[1]);
            model_layer_info_done(&info);
        }
        CHECK_TEXT(text_get(&text), fields_seen[i].wanted);
        model_free(m);
        text_done(&text);
        spec_list_done(&layers);
    }
}

void unit_stages(void)
{
    net_register();
    check_settings();
    check_reach();
}
