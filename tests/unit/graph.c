/* Nets as graphs: ids, from, blocks, several inputs; names and orders of tensors as torch has them; old models. */
#include <math.h>

#include "base/io.h"
#include "net/address.h"
#include "net/gradient.h"
#include "net/model.h"
#include "tests/unit/net_help.h"

/* torch 1.13: Sequential(Conv1d(2, 3, 3, padding=1), BatchNorm1d(3), ReLU(), MaxPool1d(2), Flatten(), Linear(9, 4), Tanh(), Linear(4, 2)),
 * in eval(), its state_dict filled in order by sin(0.7 i + 0.3) (running_var: abs + 0.5), on rows cos(0.9 k) and cos(0.4 k + 1) of
 * length 6 x channels 2. */
static const char *const sequential =
    "[{\"layer\":\"conv1d\",\"filters\":3},{\"layer\":\"batch_norm\"},{\"layer\":\"relu\"},"
    "{\"layer\":\"max_pool\"},{\"layer\":\"flatten\"},{\"layer\":\"dense\",\"width\":4},{\"layer\":\"tanh\"}]";
static const struct {
    const char *name, *shape;
    size_t count;
} of_torch[] = {
    {"0.weight", "[3,2,3]", 18}, {"0.bias", "[3]", 3},      {"1.weight", "[3]", 3}, {"1.bias", "[3]", 3},     {"1.running_mean", "[3]", 3},
    {"1.running_var", "[3]", 3}, {"5.weight", "[4,9]", 36}, {"5.bias", "[4]", 4},   {"7.weight", "[2,4]", 8}, {"7.bias", "[2]", 2},
};
static const float torch_says[] = {-1.1210984F, 2.2913394F, -1.18538594F, 2.37114739F};

static void write_as_torch(const char *path)
{
    Text out = {0}, header = {0};
    size_t at = 0, numbers = 0;
    Error e = {0};
    text_add_char(&header, '{');
    for (size_t i = 0; i < sizeof of_torch / sizeof *of_torch; i++, at = numbers * 4) {
        numbers += of_torch[i].count;
        text_addf(&header, "%s\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}", i ? "," : "", of_torch[i].name,
                  of_torch[i].shape, at, numbers * 4);
    }
    text_add_char(&header, '}');
    uint64_t size = header.size;
    text_add_bytes(&out, &size, sizeof size);
    text_add(&out, text_get(&header));
    numbers = 0;
    for (size_t i = 0; i < sizeof of_torch / sizeof *of_torch; i++)
        for (size_t k = 0; k < of_torch[i].count; k++) {
            double v = sin(0.7 * (double)numbers++ + 0.3);
            float x = (float)(strstr(of_torch[i].name, "running_var") ? fabs(v) + 0.5 : v);
            text_add_bytes(&out, &x, sizeof x);
        }
    CHECK_OK(io_replace(path, out.bytes, out.size, &e), e);
    text_done(&header);
    text_done(&out);
}

static void check_torch(void)
{
    TEST("a state_dict of torch's Sequential is read without a rename, and says the same");
    Error e = {0};
    char *path = io_join(test_directory(), "torch.safetensors");
    Model *m = net_model(sequential, shape_sequence(6, 2), 2, 1);
    float x[24], y[4];
    for (int k = 0; k < 12; k++) {
        x[k] = (float)cos(0.9 * k);
        x[12 + k] = (float)cos(0.4 * k + 1);
    }
    write_as_torch(path);
    CHECK_OK(weights_load(path, m, &e), e);
    CHECK_OK(model_infer(m, NULL, x, 2, y, &e), e);
    for (int i = 0; i < 4; i++)
        CHECK_NEAR(y[i], torch_says[i], 1e-5);
    char a[HASH_ROOM], b[HASH_ROOM];
    weights_hash(m, a);
    CHECK_OK(weights_save(path, m, NULL, true, &e), e);
    Model *again = net_model(sequential, shape_sequence(6, 2), 2, 1);
    CHECK_OK(weights_load(path, again, &e), e);
    weights_hash(again, b);
    CHECK_TEXT(b, a);
    CHECK(memcmp(again->weights, m->weights, m->total * sizeof *m->weights) == 0);
    model_free(m);
    model_free(again);
    mem_free(path);
}

static const struct {
    const char *net;
    const char *tensors; /* names in order, joined by spaces */
} named[] = {
    {"[{\"layer\":\"dense\",\"width\":4,\"id\":\"stem\"},{\"layer\":\"relu\"}]", "stem.weight stem.bias 2.weight 2.bias"},
    {"[{\"layer\":\"residual\",\"layers\":[{\"layer\":\"dense\",\"width\":4},{\"layer\":\"relu\"}]}]",
     "0.0.weight 0.0.bias 0.shortcut.weight 1.weight 1.bias"},
    {"[{\"layer\":\"times\",\"n\":2,\"layers\":[{\"layer\":\"dense\",\"width\":4,\"bias\":false}]}]",
     "0.0.0.weight 0.1.0.weight 1.weight 1.bias"},
    {"[{\"layer\":\"parallel\",\"id\":\"both\",\"branches\":[{\"layer\":\"dense\",\"width\":4,\"bias\":false},"
     "{\"layer\":\"sequence\",\"layers\":[{\"layer\":\"tanh\"},{\"layer\":\"dense\",\"width\":2,\"bias\":false}]}]}]",
     "both.0.0.weight both.1.0.1.weight 1.weight 1.bias"},
};

static void check_names(void)
{
    TEST("tensors are named by the path of their layer");
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        Text names = {0};
        Model *m = net_model(named[i].net, shape_vector(3), 2, 1);
        for (size_t k = 0; k < model_tensor_count(m); k++)
            text_addf(&names, "%s%s", k ? " " : "", model_tensor(m, k).name);
        CHECK_TEXT(text_get(&names), named[i].tensors);
        text_done(&names);
        model_free(m);
    }
}

/* Paths that split, join, skip and read a value twice; pictures; strides that need a projection. */
static const struct {
    const char *net;
    Shape in;
} graphs[] = {
    {"[{\"layer\":\"dense\",\"width\":5,\"id\":\"a\"},{\"layer\":\"tanh\",\"id\":\"b\"},{\"layer\":\"add\",\"from\":[\"a\",\"b\",\"b\"]}]",
     SHAPE_VECTOR(4)},
    {"[{\"layer\":\"dense\",\"width\":4,\"id\":\"a\"},{\"layer\":\"tanh\",\"id\":\"b\"},{\"layer\":\"multiply\",\"id\":\"m\",\"from\":["
     "\"b\",\"input\",\"a\"]},"
     "{\"layer\":\"concat\",\"id\":\"c\",\"from\":[\"m\",\"a\",\"b\"]},{\"layer\":\"dense\",\"width\":6,\"from\":\"c\"}]",
     SHAPE_VECTOR(4)},
    {"[{\"layer\":\"conv1d\",\"filters\":4},{\"layer\":\"residual\",\"norm\":true,\"layers\":[{\"layer\":\"conv1d\",\"filters\":6,"
     "\"stride\":2},"
     "{\"layer\":\"batch_norm\"},{\"layer\":\"tanh\"}]}]",
     SHAPE_SEQUENCE(7, 2)},
    {"[{\"layer\":\"times\",\"n\":3,\"layers\":[{\"layer\":\"residual\",\"layers\":[{\"layer\":\"dense\",\"width\":4},{\"layer\":\"tanh\"}]"
     "}]}]",
     SHAPE_VECTOR(4)},
    {"[{\"layer\":\"parallel\",\"join\":\"multiply\",\"branches\":[{\"layer\":\"sequence\"},{\"layer\":\"dense\",\"width\":3,\"each_"
     "place\":true},{\"layer\":"
     "\"tanh\"}]}]",
     SHAPE_SEQUENCE(5, 3)},
    {"[{\"layer\":\"dense\",\"width\":4,\"each_place\":true},{\"layer\":\"flatten\"},{\"layer\":\"dense\",\"width\":3},{\"layer\":\"tanh\"}"
     "]",
     SHAPE_IMAGE(3, 4, 2)},
};

static void check_gradients(void)
{
    TEST("gradients along every path");
    for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) {
        Error e = {0};
        double worst = INFINITY;
        SpecList layers = net_layers(graphs[i].net);
        CHECK_OK(gradient_check_net(&layers, graphs[i].in, &worst, &e), e);
        test_check(worst < 1e-4, __FILE__, __LINE__, "%s: %g", graphs[i].net, worst);
        spec_list_done(&layers);
    }
}

static const struct {
    const char *net, *message;
} wrong[] = {
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"},{\"layer\":\"relu\",\"from\":\"b\"}]",
     "layer 2 (relu): from: nothing before it is called \"b\""},
    {"[{\"layer\":\"relu\",\"from\":\"a\"},{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"}]",
     "nothing before it is called \"a\"; there is input"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"},{\"layer\":\"relu\",\"id\":\"a\"}]", "id \"a\" is taken"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"2a\"}]", "a letter first"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"input\"}]", "not input"},
    {"[{\"layer\":\"add\"}]", "joins two values or more"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"},{\"layer\":\"add\",\"from\":[\"a\",\"input\"]}]",
     "layer 2 (add): its first value is Nx3, but value 2 is Nx9; they must be alike"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"},{\"layer\":\"relu\",\"from\":[\"a\",\"input\"]}]",
     "it reads one value, but its from names 2"},
    {"[{\"layer\":\"dense\",\"width\":3,\"id\":\"a\"},{\"layer\":\"relu\",\"from\":\"input\"}]", "layer 1 (dense): nothing reads it"},
    {"[{\"layer\":\"parallel\",\"branches\":[{\"layer\":\"relu\"}]}]", "1 branch; give 2 to 8"},
    {"[{\"layer\":\"times\",\"n\":2,\"layers\":[{\"layer\":\"max_pool\",\"size\":4}]}]",
     "layer 1, 0.1.0 (max_pool): nothing is left of its input, Nx2x1"},
    {"[{\"layer\":\"conv2d\",\"filters\":2}]", "layer 1 (conv2d): it reads height x width x channels, but its input is Nx9"},
    {"[{\"layer\":\"conv1d\",\"filters\":4,\"groups\":2}]", "groups = 2 must divide its 1 input channels and its 4 filters"},
    {"[{\"layer\":\"conv1d\",\"filters\":4,\"kernel\":4,\"dilation\":3,\"padding\":\"valid\"}]", "kernel 10 is longer than the input (9)"},
    {"[{\"layer\":\"average_pool\",\"size\":3,\"zeros\":2}]", "zeros = 2 is more than half of a window of 3"},
    {"[{\"layer\":\"embedding\"}]", "layer 1 (embedding): how many levels its codes have is not known"},
    {"[{\"layer\":\"group_norm\",\"groups\":2}]", "groups = 2 does not divide the 9 channels of its input"},
    {"[{\"layer\":\"residual\",\"layers\":[{\"layer\":\"conv1d\",\"filters\":2}]}]", "its layers make Nx9x2 of Nx9; no projection"},
};

static void check_refusals(void)
{
    TEST("graphs that cannot be are refused by layer, with both shapes");
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

static void check_parts(void)
{
    TEST("layers read parts of the input by name; inference and training agree on several inputs");
    enum { ROWS = 30 };
    static const char net[] =
        "[{\"layer\":\"conv1d\",\"filters\":3,\"from\":\"window\"},{\"layer\":\"flatten\",\"id\":\"seen\"},"
        "{\"layer\":\"dense\",\"width\":4,\"from\":\"numbers\",\"id\":\"told\"},{\"layer\":\"concat\",\"from\":[\"seen\",\"told\"]}]";
    Error e = {0};
    NetInput input = {.shape = shape_flat(10), .parts = {{"numbers", 0, SHAPE_VECTOR(2)}, {"window", 2, SHAPE_SEQUENCE(4, 2)}}, .count = 2};
    SpecList layers = net_layers(net);
    Model *m = model_new(&layers, &input, 2, 4, &e);
    CHECK_OK(m != NULL, e);
    CHECK_INT(m ? model_params(m) : 0, 3 * 2 * 3 + 3 + 2 * 4 + 4 + 2 * (12 + 4) + 2);
    float *x = net_noise(ROWS * 10, 5), trained[ROWS * 2], infers[ROWS * 2], before[2], after[2];
    TrainerPlan plan = {.batch = ROWS, .threads = 2, .classes = true};
    Trainer *t = m ? trainer_new(m, &plan, &e) : NULL;
    CHECK_OK(t && trainer_evaluate(t, x, ROWS, trained, &e) && model_infer(m, NULL, x, ROWS, infers, &e), e);
    for (int i = 0; i < ROWS * 2; i++)
        CHECK_NEAR(trained[i], infers[i], 1e-5);
    CHECK_OK(model_infer(m, NULL, x, 1, before, &e), e);
    x[9] += 1;
    CHECK_OK(model_infer(m, NULL, x, 1, after, &e), e);
    CHECK(before[0] != after[0]);
    trainer_free(t);
    model_free(m);
    spec_list_done(&layers);
    mem_free(x);
}

static void check_lines(void)
{
    TEST("lines of a net: a block with its layers below it, and sums of both");
    Model *m = net_model(named[1].net, shape_vector(3), 2, 1);
    static const struct {
        const char *layer;
        int depth;
        int64_t params;
    } lines[] = {{"input", 0, 0}, {"residual", 0, 28}, {"dense", 1, 16}, {"relu", 1, 0}, {"dense", 1, 12}, {"add", 1, 0}, {"dense", 0, 10}};
    CHECK_INT(model_layer_count(m), sizeof lines / sizeof *lines);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ModelLayerInfo info = model_layer_info(m, i);
        CHECK_TEXT(info.layer, lines[i].layer);
        CHECK_INT(info.depth, lines[i].depth);
        CHECK_INT(info.params, lines[i].params);
        CHECK_INT(info.item == 0, i == 1);
        model_layer_info_done(&info);
    }
    model_free(m);
}

static void check_planes(void)
{
    TEST("values that never live together share a plane");
    PlaneUse uses[] = {{.row = 8, .born = 0, .dies = 1},
                       {.row = 4, .born = 1, .dies = 2},
                       {.row = 6, .born = 2, .dies = 3},
                       {.row = 9, .born = 3, .dies = 3, .is_alone = true},
                       {.row = 2, .born = 4, .dies = 5}};
    size_t rows[5];
    CHECK_INT(planes_assign(uses, 5, rows), 3);
    CHECK_INT(uses[0].plane, uses[2].plane);
    CHECK(uses[1].plane != uses[0].plane && uses[3].plane != uses[0].plane && uses[3].plane != uses[1].plane);
    CHECK_INT(uses[4].plane, uses[1].plane);
    CHECK_INT(rows[uses[0].plane] + rows[uses[1].plane] + rows[uses[3].plane], 8 + 4 + 9);
}

static void check_addresses(void)
{
    TEST("layers are found in blocks by address, moved and taken out");
    SpecList layers = net_layers("[{\"layer\":\"relu\"},{\"layer\":\"times\",\"n\":2,\"layers\":[{\"layer\":\"residual\",\"layers\":["
                                 "{\"layer\":\"dense\",\"width\":3},{\"layer\":\"tanh\"}]}]}]");
    LayerAddress found, dense = {.at = {1, 0, 0}, .depth = 3}, gone = {.at = {1, 1}, .depth = 2};
    const SpecUse *use = address_use(&layers, &dense);
    CHECK(use && text_equal(use->spec->name, "dense"));
    CHECK(use && address_find(&layers, use->params, &found) && address_equal(&found, &dense));
    CHECK(!address_find(&layers, &layers, &found) && found.depth == 0);
    CHECK(!address_use(&layers, &gone) && !address_use(&layers, &(LayerAddress){0}));
    SpecList *list = address_list(&layers, &dense);
    layers_insert(list, 1, layers_take(list, 0));
    CHECK(list->count == 2 && text_equal(list->items[1].spec->name, "dense"));
    CHECK(list == block_layers(address_use(&layers, &(LayerAddress){.at = {1, 0}, .depth = 2})) && !block_layers(&layers.items[0]));
    spec_list_done(&layers);
}

void unit_graph(void);
void unit_graph(void)
{
    net_register();
    check_torch();
    check_names();
    check_gradients();
    check_refusals();
    check_parts();
    check_lines();
    check_planes();
    check_addresses();
}
