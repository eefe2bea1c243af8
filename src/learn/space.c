/* Search spaces: from what a script gave, or from the sensible ranges of the fields themselves. */
#include "learn/space.h"

#include <math.h>


static Dimension *space_add(Space *s, const char *name)
{
    MEM_GROW(s->items, s->count, s->room);
    s->items[s->count] = (Dimension){.name = mem_strdup(name)};
    return &s->items[s->count++];
}

static void range_of_field(Dimension *d, const Field *f)
{
    d->is_int = f->type == FIELD_INT;
    d->is_log = f->scale == SCALE_LOG && f->soft_min > 0;
    d->low = f->soft_min;
    d->high = f->soft_max;
}

static const Field *layer_field(const char *layer, const char *field)
{
    const Spec *spec = registry_find("layer", layer);
    return spec ? fields_find(spec->params, field) : NULL;
}

/* The field behind a name that can be searched; NULL: none. */
static const Field *find_field(const TunePlan *plan, const char *name)
{
    if (text_equal(name, "width"))
        return layer_field("dense", "width");
    if (text_equal(name, "dropout"))
        return layer_field("dropout", "rate");
    const Field *f = plan->base.optimizer.spec ? fields_find(plan->base.optimizer.spec->params, name) : NULL;
    return f ? f : fields_find(train_spec.params, name);
}

static Value *powers_of_two(double low, double high)
{
    Value *list = value_list();
    for (int64_t n = 1; (double)n <= high; n *= 2)
        if ((double)n >= low)
            value_add(list, value_int(n));
    return list;
}

static Value *member_names(const char *family)
{
    Value *list = value_list();
    const Family *f = registry_find_family(family);
    for (size_t i = 0; f && i < f->count; i++)
        value_add(list, value_text(f->members[i]->name));
    return list;
}

static bool add_auto(Space *s, const TunePlan *plan, const char *name, Error *e)
{
    const Field *f = find_field(plan, name);
    if (f && f->type == FIELD_SPEC) {
        space_add(s, name)->choices = member_names(f->family);
        return true;
    }
    if (!f || f->soft_max <= f->soft_min)
        return error_set(e, ERROR_USAGE, "tune: \"%s\" has no range of its own; give it low and high, or a list", name);
    Dimension *d = space_add(s, name);
    if (text_equal(name, "batch"))
        d->choices = powers_of_two(f->soft_min, f->soft_max);
    else
        range_of_field(d, f);
    return true;
}

/* lb.int gives whole numbers, lb.real never does. */
static bool is_int_range(const Value *v, const Field *f)
{
    const char *type = value_get_text(v, "type", NULL);
    if (type)
        return text_equal(type, "int");
    if (f && f->type == FIELD_REAL)
        return false;
    return value_get(v, "low")->type == VALUE_INT && value_get(v, "high")->type == VALUE_INT;
}

static bool add_range(Space *s, const char *name, const Value *v, const Field *f, Error *e)
{
    const Value *low = value_get(v, "low"), *high = value_get(v, "high");
    if (!low || !high || !value_is_number(low) || !value_is_number(high) || value_number(low) > value_number(high))
        return error_set(e, ERROR_USAGE, "tune: %s needs low <= high, a list of values, or \"auto\"", name);
    Dimension *d = space_add(s, name);
    d->is_int = is_int_range(v, f);
    d->is_log = text_equal(value_get_text(v, "scale", "linear"), "log");
    d->low = value_number(low);
    d->high = value_number(high);
    return !d->is_log || d->low > 0 || error_set(e, ERROR_USAGE, "tune: %s: a log scale needs low > 0", name);
}

static bool add_entry(Space *s, const TunePlan *plan, const char *name, const Value *v, Error *e)
{
    if (v->type == VALUE_TEXT && text_equal(v->text, "auto"))
        return add_auto(s, plan, name, e);
    if (v->type == VALUE_LIST && v->size > 0) {
        space_add(s, name)->choices = value_copy(v);
        return true;
    }
    if (v->type == VALUE_MAP)
        return value_get_flag(v, "auto", false) ? add_auto(s, plan, name, e) : add_range(s, name, v, find_field(plan, name), e);
    Value *one = value_list();
    value_add(one, value_copy(v));
    space_add(s, name)->choices = one;
    return true;
}

bool space_make(const TunePlan *plan, bool has_function, Space *out, Error *e)
{
    static const char *const usual[] = {"learning_rate", "batch", "optimizer", "width", "dropout"};
    *out = (Space){0};
    bool ok = true;
    if (plan->space && plan->space->type == VALUE_MAP && plan->space->size > 0)
        for (size_t i = 0; ok && i < plan->space->size; i++)
            ok = add_entry(out, plan, plan->space->keys[i], plan->space->items[i], e);
    else
        for (size_t i = 0; ok && i < sizeof usual / sizeof *usual; i++)
            if (i < 3 || has_function || plan->base.net.count > 0)
                ok = add_auto(out, plan, usual[i], e);
    if (!ok)
        space_done(out);
    return ok;
}

void space_done(Space *s)
{
    for (size_t i = 0; i < s->count; i++) {
        mem_free(s->items[i].name);
        value_free(s->items[i].choices);
    }
    mem_free(s->items);
    *s = (Space){0};
}

Value *space_to_value(const Space *s)
{
    Value *v = value_map();
    for (size_t i = 0; i < s->count; i++) {
        const Dimension *d = &s->items[i];
        Value *one = d->choices ? value_copy(d->choices) : value_map();
        if (!d->choices) {
            value_set(one, "low", value_real(d->low));
            value_set(one, "high", value_real(d->high));
            value_set(one, "scale", value_text(d->is_log ? "log" : "linear"));
            value_set(one, "type", value_text(d->is_int ? "int" : "real"));
        }
        value_set(v, d->name, one);
    }
    return v;
}

/* Reals keep four digits, which is finer than any training can tell. */
Value *dimension_point(const Dimension *d, double part)
{
    if (d->choices) {
        size_t at = (size_t)(part * (double)d->choices->size);
        return value_copy(d->choices->items[at < d->choices->size ? at : d->choices->size - 1]);
    }
    double x = d->is_log ? exp(log(d->low) + part * (log(d->high) - log(d->low))) : d->low + part * (d->high - d->low);
    if (d->is_int)
        return value_int((int64_t)llround(x));
    double unit = x != 0 ? pow(10, floor(log10(fabs(x))) - 3) : 1;
    x = unit < 1 ? round(x / unit) / round(1 / unit) : round(x / unit) * unit;
    return value_real(x < d->low ? d->low : x > d->high ? d->high : x);
}

Value *dimension_draw(const Dimension *d, Rng *rng)
{
    if (d->choices)
        return value_copy(d->choices->items[rng_below(rng, d->choices->size)]);
    if (d->is_int && !d->is_log)
        return value_int((int64_t)d->low + (int64_t)rng_below(rng, (uint64_t)(d->high - d->low) + 1));
    return dimension_point(d, rng_uniform(rng));
}

static bool set_layers(SpecList *net, const char *layer, const char *field, const Value *v, size_t *found, Error *e)
{
    *found = 0;
    for (size_t i = 0; i < net->count; i++) {
        if (!text_equal(net->items[i].spec->name, layer))
            continue;
        ++*found;
        if (!field_set(fields_find(net->items[i].spec->params, field), net->items[i].params, v, layer, e))
            return false;
    }
    return true;
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

static bool apply_dropout(SpecList *net, const Value *rate, Error *e)
{
    size_t found;
    if (!set_layers(net, "dropout", "rate", rate, &found, e))
        return false;
    return found || value_number(rate) <= 0 || insert_dropout(net, rate, e);
}

static bool apply_one(TrainPlan *plan, const char *name, const Value *v, bool has_own_net, Error *e)
{
    size_t found;
    const Field *f = plan->optimizer.spec ? fields_find(plan->optimizer.spec->params, name) : NULL;
    if (f)
        return field_set(f, plan->optimizer.params, v, plan->optimizer.spec->name, e);
    if ((f = fields_find(train_spec.params, name)) != NULL)
        return field_set(f, plan, v, "tune", e);
    if (has_own_net)
        return true; /* the function that made the layers has read it */
    if (text_equal(name, "width"))
        return set_layers(&plan->net, "dense", "width", v, &found, e);
    if (text_equal(name, "dropout") && value_is_number(v))
        return apply_dropout(&plan->net, v, e);
    return error_set(e, ERROR_USAGE, "tune: nothing here is called \"%s\"; net = function(h) ... end can use it", name);
}

bool space_apply(TrainPlan *plan, const Value *settings, SpecList *layers, Error *e)
{
    if (layers) {
        spec_list_done(&plan->net);
        spec_list_copy(&plan->net, layers);
    }
    const Value *optimizer = value_get(settings, "optimizer");
    if (optimizer && !apply_one(plan, "optimizer", optimizer, false, e))
        return false;
    for (size_t i = 0; i < settings->size; i++)
        if (!text_equal(settings->keys[i], "optimizer") && !apply_one(plan, settings->keys[i], settings->items[i], layers != NULL, e))
            return false;
    return true;
}
