/* Presets: short ways to write a list of layers. */
#include <string.h>

#include "net/address.h"
#include "net/layer.h"

typedef struct Mlp {
    NumberList widths;
    double dropout;
    bool batch_norm;
    SpecUse activation;
    int init;
} Mlp;

static const Field mlp_fields[] = {
    {NUMBERS_FIELD(Mlp, widths), .doc = "widths of the hidden layers", .def = "", .positional = true},
    {REAL_FIELD(Mlp, dropout), .doc = "dropout behind each of them", .def = "0", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5},
    {FLAG_FIELD(Mlp, batch_norm), .doc = "batch_norm before each activation", .def = "false"},
    {SPEC_FIELD(Mlp, activation), .doc = "behind each of them", .def = "relu", .family = "layer"},
    {CHOICE_FIELD(Mlp, init), .doc = "how weights are drawn", .def = "uniform", .choices = layer_init_choices},
    {.name = NULL},
};

/* Takes settings. */
static bool add(SpecList *layers, const char *name, Value *settings, Error *e)
{
    const Spec *spec = registry_get("layer", name, e);
    void *params = spec ? params_from_value(spec, settings, e) : NULL;
    value_free(settings);
    if (!params)
        return false;
    spec_list_add(layers, spec, params);
    return true;
}

static Value *setting(const char *name, Value *v)
{
    Value *settings = value_map();
    value_set(settings, name, v);
    return settings;
}

static bool add_block(SpecList *layers, const Mlp *mlp, double width, Error *e)
{
    Value *dense = setting("width", value_int((int64_t)width));
    value_set(dense, "init", value_text(layer_init_choices[mlp->init]));
    if (!add(layers, "dense", dense, e))
        return false;
    if (mlp->batch_norm && !add(layers, "batch_norm", value_map(), e))
        return false;
    spec_list_add(layers, mlp->activation.spec, params_copy(mlp->activation.spec, mlp->activation.params));
    return mlp->dropout > 0 ? add(layers, "dropout", setting("rate", value_real(mlp->dropout)), e) : true;
}

static bool check_activation(const Mlp *mlp, Error *e)
{
    Text names = {0};
    const Family *family = layer_family();
    if (mlp->activation.spec && text_equal(mlp->activation.spec->group, LAYER_ACTIVATIONS))
        return true;
    for (size_t i = 0; i < family->count; i++)
        if (text_equal(family->members[i]->group, LAYER_ACTIVATIONS))
            text_addf(&names, "%s\"%s\"", names.size ? ", " : "", family->members[i]->name);
    error_set(e, ERROR_USAGE, "mlp: activation \"%s\" is no activation; there are %s",
              mlp->activation.spec ? mlp->activation.spec->name : "", text_get(&names));
    text_done(&names);
    return false;
}

/* { 128, 64 } alone is the widths. */
static Value *as_map(const Value *arguments)
{
    if (arguments && arguments->type == VALUE_MAP)
        return value_copy(arguments);
    Value *map = value_map();
    if (arguments && arguments->type == VALUE_LIST)
        value_set(map, "widths", value_copy(arguments));
    return map;
}

bool net_preset(const char *name, const Value *arguments, SpecList *layers, Error *e)
{
    *layers = (SpecList){0};
    if (!text_equal(name, "mlp"))
        return error_set(e, ERROR_USAGE, "no net \"%s\"; there is \"mlp\"", name);
    Mlp mlp = {0};
    Value *map = as_map(arguments);
    bool ok = fields_from_value(mlp_fields, &mlp, map, "mlp", e) && check_activation(&mlp, e);
    for (size_t i = 0; ok && i < mlp.widths.count; i++)
        ok = add_block(layers, &mlp, mlp.widths.items[i], e);
    if (!ok)
        spec_list_done(layers);
    fields_done(mlp_fields, &mlp);
    value_free(map);
    return ok;
}

static void add_width(const SpecUse *use, Text *t)
{
    for (const Field *f = use->spec->params; f && f->name; f++)
        if (f->type == FIELD_INT && (text_equal(f->name, "width") || text_equal(f->name, "filters"))) {
            char *width = field_text(f, use->params);
            text_addf(t, "-%s%s", text_equal(f->name, "filters") ? "c" : "", width);
            mem_free(width);
        }
}

static void summarize(const SpecList *layers, Text *t);

/* Without the line in front. */
static void add_inner(const SpecList *layers, Text *t)
{
    Text own = {0};
    summarize(layers, &own);
    text_add(t, own.size ? text_get(&own) + 1 : "");
    text_done(&own);
}

/* "-2x(32)", "-(8|)": what a block is made of; branches side by side. */
static void add_block_summary(const SpecUse *use, Text *t)
{
    const Field *f = block_field(use->spec), *n = fields_find(use->spec->params, "n");
    const SpecList *inner = block_layers(use);
    char *times = n ? field_text(n, use->params) : NULL;
    text_addf(t, "-%s%s(", times ? times : "", times ? "x" : "");
    for (size_t i = 0; f->lists_as && i < inner->count; i++) {
        const SpecUse *branch = &inner->items[i];
        text_add(t, i ? "|" : "");
        if (text_equal(branch->spec->name, f->lists_as))
            add_inner(block_layers(branch), t);
        else
            add_inner(&(SpecList){&inner->items[i], 1}, t);
    }
    if (!f->lists_as)
        add_inner(inner, t);
    text_add_char(t, ')');
    mem_free(times);
}

static void summarize(const SpecList *layers, Text *t)
{
    for (size_t i = 0; i < layers->count; i++)
        if (((const Layer *)layers->items[i].spec)->expand)
            add_block_summary(&layers->items[i], t);
        else
            add_width(&layers->items[i], t);
}

char *net_summary(const SpecList *layers, Shape input, int64_t outputs)
{
    Text t = {0};
    char *shape = shape_text(input);
    text_add(&t, shape + strlen("Nx"));
    mem_free(shape);
    summarize(layers, &t);
    text_addf(&t, "-%lld", (long long)outputs);
    return text_take(&t);
}
