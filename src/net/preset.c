/* Presets by name, and what those that make layers share. */
#include "net/preset.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"

#define PRESET(name) extern const Preset preset_##name;
#include "net/presets.def"
#undef PRESET

static const Spec *const presets[] = {
#define PRESET(name) &preset_##name.spec,
#include "net/presets.def"
#undef PRESET
};

const Family *preset_family(void)
{
    static const Family family = {.name = "preset",
                                  .title = "Nets",
                                  .doc = "Lists of layers made from a few settings",
                                  .members = presets,
                                  .count = sizeof presets / sizeof *presets};
    return &family;
}

const char *const preset_norms[] = {"none", "batch_norm", "layer_norm", "group_norm", NULL};

bool preset_add(SpecList *layers, Error *e, const char *format, ...)
{
    va_list arguments;
    Text json = {0};
    va_start(arguments, format);
    text_add_va(&json, format, arguments);
    va_end(arguments);
    SpecList more = {0};
    Value *v = json_parse(text_get(&json), json.size, e);
    bool ok = v && spec_list_from_value(&more, "layer", v, "net", e);
    for (size_t i = 0; ok && i < more.count; i++)
        spec_list_add(layers, more.items[i].spec, params_copy(more.items[i].spec, more.items[i].params));
    spec_list_done(&more);
    value_free(v);
    text_done(&json);
    return ok;
}

bool preset_add_norm(SpecList *layers, int norm, Error *e)
{
    return norm == PRESET_NORM_NONE || preset_add(layers, e, "[{\"layer\":\"%s\"}]", preset_norms[norm]);
}

bool preset_add_dropout(SpecList *layers, double rate, Error *e)
{
    if (rate <= 0)
        return true;
    Value *v = value_map();
    const Spec *spec = registry_get("layer", "dropout", e);
    value_set(v, "rate", value_real(rate));
    void *params = spec ? params_from_value(spec, v, e) : NULL;
    value_free(v);
    if (params)
        spec_list_add(layers, spec, params);
    return params != NULL;
}

bool preset_add_activation(SpecList *layers, const SpecUse *activation, const char *preset, Error *e)
{
    if (!layer_check_activation(activation, e))
        return error_prefix(e, "%s: ", preset);
    spec_list_add(layers, activation->spec, params_copy(activation->spec, activation->params));
    return true;
}

/* { 128, 64 } alone is the numbers that stand without a name. */
static Value *as_map(const Spec *spec, const Value *arguments)
{
    if (arguments && arguments->type == VALUE_MAP)
        return value_copy(arguments);
    Value *map = value_map();
    for (const Field *f = spec->params; arguments && arguments->type == VALUE_LIST && f->name; f++)
        if (f->positional && f->type == FIELD_NUMBERS)
            value_set(map, f->name, value_copy(arguments));
    return map;
}

bool net_preset(const char *name, const Value *arguments, SpecList *layers, Error *e)
{
    const Preset *preset = (const Preset *)family_find(preset_family(), name);
    *layers = (SpecList){0};
    if (!preset)
        return registry_get("preset", name, e) != NULL;
    Value *map = as_map(&preset->spec, arguments);
    void *params = params_from_value(&preset->spec, map, e);
    bool ok = params && preset->make(params, layers, e);
    if (!ok)
        spec_list_done(layers);
    params_free(&preset->spec, params);
    value_free(map);
    return ok;
}
