/* Recipes as Values: what is saved in documents, plans and models. */
#include "spec/module.h"
#include "steps/recipe.h"

/* The text of a module stands where the first of its steps does. */
static Value *module_of_use(const Recipe *r, size_t at)
{
    const Module *own = module_of(&r->uses[at].step->spec);
    bool is_first = true;
    for (size_t i = 0; own && i < at; i++)
        is_first = is_first && module_of(&r->uses[i].step->spec) != own;
    return own ? module_to_value(own, is_first) : NULL;
}

static Value *use_to_value(const Recipe *r, size_t at, bool with_state)
{
    const StepUse *use = &r->uses[at];
    Value *module = module_of_use(r, at);
    Value *map = value_map(), *params = fields_to_value(use->step->spec.params, use->params, false);
    value_set(map, "step", value_text(use->step->spec.name));
    for (size_t i = 0; i < params->size; i++)
        value_set(map, params->keys[i], value_copy(params->items[i]));
    if (use->off)
        value_set(map, "off", value_flag(true));
    if (module)
        value_set(map, "module", module);
    if (with_state && use->state)
        value_set(map, "state", fields_to_value(use->step->learns, use->state, true));
    value_free(params);
    return map;
}

Value *recipe_to_value(const Recipe *r, bool with_state)
{
    Value *list = value_list();
    for (size_t i = 0; i < r->count; i++)
        value_add(list, use_to_value(r, i, with_state));
    return list;
}

static bool read_state(StepUse *use, const Value *state, Error *e)
{
    Spec spec = {.name = use->step->spec.name, .params = use->step->learns, .params_size = use->step->state_size};
    Value *renewed = value_copy(state);
    if (use->step->renew_state && renewed->type == VALUE_MAP)
        use->step->renew_state(use->params, renewed);
    use->state = params_from_value(&spec, renewed, e);
    value_free(renewed);
    return use->state || error_prefix(e, "what it learned: ");
}

/* One that nobody knows may be one whose module was lost. */
static bool refuse_unknown(const char *name, Error *e)
{
    Error plain = {0};
    registry_add(step_family());
    registry_get("step", name, &plain);
    return error_set(e, plain.code, "%s; one that a script defined comes with its module, and none is here", plain.message);
}

static bool use_from_value(StepUse *use, const Value *v, Error *e)
{
    const char *name = v->type == VALUE_TEXT ? v->text : value_get_text(v, "step", NULL);
    if (!name)
        return error_set(e, ERROR_USAGE, "expected a step such as {\"step\": \"drop\", ...}");
    const Value *module = value_get(v, "module");
    if (module && !module_from_value(module, "step", name, e))
        return false;
    use->step = (const Step *)registry_find("step", name);
    if (!use->step)
        use->step = step_find(name);
    if (!use->step)
        return refuse_unknown(name, e);
    Value *params = v->type == VALUE_MAP ? value_copy(v) : value_map();
    value_remove(params, "step");
    value_remove(params, "off");
    value_remove(params, "module");
    value_remove(params, "state");
    use->off = value_get_flag(v, "off", false);
    use->params = params_from_value(&use->step->spec, params, e);
    value_free(params);
    const Value *state = value_get(v, "state");
    return use->params && (!state || read_state(use, state, e));
}

Recipe *recipe_from_value(const Value *v, Error *e)
{
    if (!v || v->type != VALUE_LIST)
        return error_set(e, ERROR_USAGE, "a recipe is a list of steps"), NULL;
    Recipe *r = recipe_new();
    mem_free(r->uses);
    r->uses = mem_alloc((v->size + 1) * sizeof *r->uses);
    for (size_t i = 0; i < v->size; i++) {
        StepUse *use = &r->uses[r->count];
        bool ok = use_from_value(use, v->items[i], e);
        if (use->step)
            r->count++;
        if (ok)
            continue;
        error_prefix(e, "step %zu: ", i + 1);
        recipe_unref(r);
        return NULL;
    }
    return r;
}
