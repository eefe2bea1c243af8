/* Presets: short ways to write a list of layers. */
#include "net/layer.h"

typedef struct Mlp {
    NumberList widths;
    double dropout;
    bool batch_norm;
} Mlp;

static const Field mlp_fields[] = {
    {NUMBERS_FIELD(Mlp, widths), .doc = "widths of the hidden layers", .def = "", .positional = true},
    {REAL_FIELD(Mlp, dropout), .doc = "dropout behind each of them", .def = "0", .min = 0, .max = 0.95, .soft_min = 0, .soft_max = 0.5},
    {FLAG_FIELD(Mlp, batch_norm), .doc = "batch_norm before each relu", .def = "false"},
    {.name = NULL},
};

static bool add(SpecList *layers, const char *name, const char *field, Value *v, Error *e)
{
    const Spec *spec = registry_get("layer", name, e);
    Value *settings = value_map();
    if (field)
        value_set(settings, field, v);
    void *params = spec ? params_from_value(spec, settings, e) : NULL;
    value_free(settings);
    if (!params)
        return false;
    spec_list_add(layers, spec, params);
    return true;
}

static bool add_block(SpecList *layers, const Mlp *mlp, double width, Error *e)
{
    if (!add(layers, "dense", "width", value_int((int64_t)width), e))
        return false;
    if (mlp->batch_norm && !add(layers, "batch_norm", NULL, NULL, e))
        return false;
    if (!add(layers, "relu", NULL, NULL, e))
        return false;
    return mlp->dropout > 0 ? add(layers, "dropout", "rate", value_real(mlp->dropout), e) : true;
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
    bool ok = fields_from_value(mlp_fields, &mlp, map, "mlp", e);
    for (size_t i = 0; ok && i < mlp.widths.count; i++)
        ok = add_block(layers, &mlp, mlp.widths.items[i], e);
    if (!ok)
        spec_list_done(layers);
    fields_done(mlp_fields, &mlp);
    value_free(map);
    return ok;
}

char *net_summary(const SpecList *layers, int64_t inputs, int64_t outputs)
{
    Text t = {0};
    text_addf(&t, "%lld", (long long)inputs);
    for (size_t i = 0; i < layers->count; i++)
        for (const Field *f = layers->items[i].spec->params; f && f->name; f++)
            if (f->type == FIELD_INT && (text_equal(f->name, "width") || text_equal(f->name, "filters"))) {
                char *width = field_text(f, layers->items[i].params);
                text_addf(&t, "-%s%s", text_equal(f->name, "filters") ? "c" : "", width);
                mem_free(width);
            }
    text_addf(&t, "-%lld", (long long)outputs);
    return text_take(&t);
}
