/* What a training is told and what it takes from its net: a layer that is a whole net names settings (Spec.plan), which count where the
 * plan does not give them. Only what users write is read so; plans that are kept hold all of their settings. */
#include "base/json.h"
#include "learn/plans.h"
#include "spec/field_types.h"

static const Field *net_row(const Field *fields)
{
    while (fields->name && !(fields->type == FIELD_SPECS && text_equal(fields->family, "layer")))
        fields++;
    return fields->name ? fields : NULL;
}

Value *plan_of_net(const SpecList *net)
{
    Error ignored = {0};
    for (size_t i = 0; i < net->count; i++) {
        const char *plan = net->items[i].spec->plan;
        if (plan)
            return json_parse(plan, strlen(plan), &ignored);
    }
    return value_map();
}

static Value *plan_of_given_net(const Value *net)
{
    Error ignored = {0};
    SpecList list = {0};
    if (!net || !spec_list_from_value(&list, "layer", net, "net", &ignored))
        return value_map(); /* who reads the plan says what is wrong */
    Value *plan = plan_of_net(&list);
    spec_list_done(&list);
    return plan;
}

void *plan_from_given(const Spec *spec, const Value *given, Error *e)
{
    const Field *net = net_row(spec->params);
    Value *own = plan_of_given_net(net ? value_get(given, net->name) : NULL), *all = given ? value_copy(given) : value_map();
    for (size_t i = 0; i < own->size && all->type == VALUE_MAP; i++) {
        const Value *there = value_get(all, own->keys[i]);
        if (fields_find(spec->params, own->keys[i]) && (!there || there->type == VALUE_NULL))
            value_set(all, own->keys[i], value_copy(own->items[i]));
    }
    void *plan = params_from_value(spec, all, e);
    value_free(own);
    value_free(all);
    return plan;
}

/* What is none is written as such: null would mean that it is not given. */
static Value *written(const Field *f, const void *plan)
{
    Value *v = field_get(f, plan);
    if (v->type != VALUE_NULL)
        return v;
    value_free(v);
    return value_text("");
}

Value *plan_to_given(const Spec *spec, const void *plan, bool all)
{
    Value *v = fields_to_value(spec->params, plan, all);
    const Field *net = net_row(spec->params);
    Value *own = net ? plan_of_net((const void *)((const char *)plan + net->offset)) : value_map();
    for (const Field *f = spec->params; f->name; f++) {
        Value *now = value_get(own, f->name) ? written(f, plan) : NULL;
        bool is_same = now && value_equal(now, value_get(own, f->name)); /* then it comes by itself */
        if (now && !(is_same && !value_get(v, f->name)))
            value_set(v, f->name, now);
        else
            value_free(now);
    }
    value_free(own);
    return v;
}
