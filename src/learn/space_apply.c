/* Settings into a plan, and what reads them: a name that nothing reads would be searched in vain. */
#include <string.h>

#include "learn/space.h"
#include "net/stages.h"

void space_mark_read(Space *s, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; s && i < s->count; i++) {
        const char *own = s->items[i].name;
        if (text_starts(own, name) && (own[size] == 0 || own[size] == '.'))
            s->items[i].is_read = true;
    }
}

static bool set_layers(SpecList *net, const Spec *layer, const Field *field, const Value *v, size_t *found, Error *e)
{
    *found = 0;
    for (size_t i = 0; i < net->count; i++) {
        if (net->items[i].spec != layer)
            continue;
        ++*found;
        if (!field_set(field, net->items[i].params, v, layer->name, e))
            return false;
    }
    return true;
}

static size_t count_layers(const SpecList *net, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < net->count; i++)
        count += text_equal(net->items[i].spec->name, name);
    return count;
}

/* A net without dropout gets one behind each relu. */
static bool insert_dropout(SpecList *net, const Value *rate, Error *e)
{
    SpecList with = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < net->count; i++) {
        SpecUse copy, drop;
        spec_use_copy(&copy, &net->items[i]);
        spec_list_add(&with, copy.spec, copy.params);
        if (!text_equal(copy.spec->name, "relu"))
            continue;
        Value *v = value_map();
        value_set(v, "layer", value_text("dropout"));
        value_set(v, "rate", value_copy(rate));
        ok = spec_use_from_value(&drop, "layer", v, "dropout", e);
        value_free(v);
        if (ok)
            spec_list_add(&with, drop.spec, drop.params);
    }
    spec_list_done(ok ? net : &with);
    if (ok)
        *net = with;
    return ok;
}

static bool apply_to_layers(SpecList *net, const char *name, const Value *v, size_t *found, Error *e)
{
    const Spec *layer = NULL;
    const Field *f = space_layer_field(name, &layer);
    *found = 0;
    if (!f)
        return true;
    if (!set_layers(net, layer, f, v, found, e) || *found || !text_equal(layer->name, "dropout") || !value_is_number(v))
        return e->code == ERROR_NONE;
    *found = count_layers(net, "relu");
    return !*found || value_number(v) <= 0 || insert_dropout(net, v, e);
}

/* Of the layers that there are then, also of those that a function has made. */
static bool apply_to_net(TrainPlan *plan, const char *name, const Value *v, Space *s, Error *e)
{
    space_mark_read(s, name);
    if (v->type != VALUE_INT)
        return error_set(e, ERROR_USAGE, "tune: %s takes whole numbers", name);
    return net_setting_apply(&plan->net, name, v->integer, e);
}

static bool apply_one(TrainPlan *plan, const char *name, const Value *v, bool has_own_net, Space *s, Error *e)
{
    size_t found = 0;
    const Field *f = plan->optimizer.spec ? fields_find(plan->optimizer.spec->params, name) : NULL;
    if (f)
        return field_set(f, plan->optimizer.params, v, plan->optimizer.spec->name, e);
    if ((f = space_plan_field(name)) != NULL)
        return field_set(f, plan, v, "tune", e);
    if (net_setting(name))
        return apply_to_net(plan, name, v, s, e);
    if (has_own_net) /* the function that made the layers has read it, or nothing has */
        return true;
    if (!apply_to_layers(&plan->net, name, v, &found, e))
        return false;
    if (found)
        space_mark_read(s, name);
    return true;
}

bool space_apply(TrainPlan *plan, const Value *settings, SpecList *layers, Space *s, Error *e)
{
    if (layers) {
        spec_list_done(&plan->net);
        spec_list_copy(&plan->net, layers);
    }
    const Value *optimizer = value_get(settings, "optimizer");
    if (optimizer && !apply_one(plan, "optimizer", optimizer, false, s, e))
        return false;
    for (size_t i = 0; i < settings->size; i++)
        if (!text_equal(settings->keys[i], "optimizer") && !apply_one(plan, settings->keys[i], settings->items[i], layers != NULL, s, e))
            return false;
    return true;
}

static const char *name_at(const void *self, size_t i)
{
    const TextList *names = self;
    return i < names->count ? names->items[i] : NULL;
}

static void add_names(TextList *names, const Field *rows)
{
    for (const Field *f = rows; f && f->name; f++)
        if (f->type != FIELD_SPECS && f->type != FIELD_FUNCTION)
            text_list_add(names, f->name);
}

/* All that could be read, for the nearest name. */
static void known_names(const TunePlan *plan, const TextList *read, TextList *names)
{
    const Family *optimizers = registry_find_family("optimizer"), *layers = registry_find_family("layer");
    for (size_t i = 0; read && i < read->count; i++)
        text_list_add(names, read->items[i]);
    for (size_t i = 0; optimizers && i < optimizers->count; i++)
        for (const Field *f = optimizers->members[i]->params; f && f->name; f++)
            if (space_optimizer_field(plan, f->name))
                text_list_add(names, f->name);
    add_names(names, train_spec.params);
    add_names(names, net_settings);
    for (size_t i = 0; layers && i < layers->count; i++)
        for (const Field *f = layers->members[i]->params; f && f->name; f++)
            if (f->searched_as)
                text_list_add(names, f->searched_as);
}

static bool refuse(const TunePlan *plan, bool has_function, const TextList *read, const char *name, Error *e)
{
    const Family *optimizers = registry_find_family("optimizer");
    const Spec *layer = NULL;
    for (size_t i = 0; optimizers && i < optimizers->count; i++)
        if (fields_find(optimizers->members[i]->params, name))
            return error_set(e, ERROR_USAGE, "tune: \"%s\" is a setting of %s, which is not the optimizer here; it changes nothing", name,
                             optimizers->members[i]->name);
    if (space_layer_field(name, &layer) && !has_function)
        return error_set(e, ERROR_USAGE, "tune: \"%s\" changes nothing in this net, which has no layer for it; it is for %s layers", name,
                         layer->name);
    TextList names = {0};
    known_names(plan, read, &names);
    const char *near = text_nearest(name, name_at, &names);
    if (near)
        error_set(e, ERROR_USAGE, "tune: nothing reads \"%s\"; did you mean \"%s\"?", name, near);
    else if (has_function)
        error_set(e, ERROR_USAGE, "tune: nothing reads \"%s\": neither the plan nor the function that makes the net", name);
    else
        error_set(e, ERROR_USAGE, "tune: nothing reads \"%s\"; net = function(h) ... end can use it", name);
    text_list_done(&names);
    return false;
}

bool space_check_read(const Space *s, const TunePlan *plan, bool has_function, const TextList *read, Error *e)
{
    for (size_t i = 0; i < s->count; i++)
        if (!s->items[i].is_read && !s->items[i].is_usual)
            return refuse(plan, has_function, read, s->items[i].name, e);
    return true;
}
