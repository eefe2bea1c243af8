/* The net for tables as a document has it: the net, the plan that it is trained by, and numbers as a normal distribution before
 * anything is encoded. */
#include <string.h>

#include "app/document.h"
#include "net/layer.h"

bool document_is_tabular(const Document *d)
{
    for (size_t i = 0; i < d->train.net.count; i++)
        if (text_equal(d->train.net.items[i].spec->group, LAYER_NETS))
            return true;
    return false;
}

/* Taken out; *columns: those that it was asked for, NULL: the usual ones. */
static bool take_standardize(Recipe **r, Value **columns)
{
    for (size_t i = 0; i < (*r)->count; i++) {
        const StepUse *use = &(*r)->uses[i];
        if (!text_equal(use->step->spec.name, "standardize") || use->off)
            continue;
        Value *params = fields_to_value(use->step->spec.params, use->params, false);
        Recipe *next = recipe_remove(*r, i);
        *columns = value_get(params, "columns") ? value_copy(value_get(params, "columns")) : NULL;
        value_free(params);
        recipe_unref(*r);
        *r = next;
        return true;
    }
    return false;
}

static size_t first_encoding(const Recipe *r)
{
    size_t i = 0;
    while (i < r->count && !text_equal(r->uses[i].step->spec.group, "encode"))
        i++;
    return i;
}

Recipe *document_recipe_for_tabular(const Recipe *before)
{
    Error ignored = {0};
    const Step *step = step_find("quantile_transform");
    Recipe *r = recipe_ref((Recipe *)(uintptr_t)before), *next = NULL;
    Value *columns = NULL, *settings = value_map();
    bool had = take_standardize(&r, &columns);
    if (columns)
        value_set(settings, "columns", columns);
    value_set(settings, "output", value_text("normal"));
    value_set(settings, "ends", value_text("middle"));
    void *params = had ? params_from_value(&step->spec, settings, &ignored) : NULL;
    if (params)
        next = recipe_insert(r, first_encoding(r), step, params);
    params_free(&step->spec, params);
    value_free(settings);
    if (!next)
        return r;
    recipe_unref(r);
    return next;
}

static void set_plan(Document *d)
{
    Error ignored = {0};
    SpecList net = {0};
    const Spec *spec = registry_find("layer", "tabular");
    spec_list_add(&net, spec, params_new(spec));
    Value *plan = fields_to_value(train_spec.params, &d->train, false), *own = plan_of_net(&net);
    value_set(plan, "net", spec_list_to_value(&net, "layer", false));
    for (size_t i = 0; i < own->size; i++)
        value_set(plan, own->keys[i], value_copy(own->items[i]));
    void *params = params_from_value(&train_spec, plan, &ignored);
    if (params)
        document_set_plan(d, &train_spec, params);
    params_free(&train_spec, params);
    value_free(plan);
    value_free(own);
    spec_list_done(&net);
}

Document *document_with_tabular(const Document *d, const char *place)
{
    Document *next = document_edit(d, "the net for tables", place);
    set_plan(next);
    if (!d->pipeline)
        return next;
    Recipe *r = document_recipe_for_tabular(d->pipeline->recipe);
    Pipeline *p = pipeline_with_recipe(d->pipeline, r, d->pipeline->split_at);
    recipe_unref(r);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    return next;
}
