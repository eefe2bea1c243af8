/* Search spaces: from what a script gave, or from what the rows themselves say is searched when nothing is given. */
#include "learn/space.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "net/stages.h"

static Dimension *space_add(Space *s, const char *name)
{
    MEM_GROW(s->items, s->count, s->room);
    s->items[s->count] = (Dimension){.name = mem_strdup(name)};
    return &s->items[s->count++];
}

static const char *searched_name(const Field *f)
{
    return f->searched_as ? f->searched_as : f->name;
}

const Field *space_plan_field(const char *name)
{
    const Field *f = fields_find(train_spec.params, name);
    return f && f->type != FIELD_SPECS && f->type != FIELD_FUNCTION ? f : NULL;
}

const Field *space_layer_field(const char *name, const Spec **layer)
{
    const Family *family = registry_find_family("layer");
    for (size_t i = 0; family && i < family->count; i++)
        for (const Field *f = family->members[i]->params; f && f->name; f++)
            if (text_equal(f->searched_as, name)) {
                if (layer)
                    *layer = family->members[i];
                return f;
            }
    return NULL;
}

/* Lists in a row are written as JSON; "range" is the sensible range. */
static Value *searched_list(const Field *f)
{
    Error ignored = {0};
    return f->search && f->search[0] == '[' ? json_parse(f->search, strlen(f->search), &ignored) : NULL;
}

static bool is_auto(const Value *v)
{
    return !v || (v->type == VALUE_TEXT && text_equal(v->text, "auto")) || (v->type == VALUE_MAP && value_get_flag(v, "auto", false));
}

static const Field *field_of_optimizer(const Value *v, const char *name)
{
    const char *optimizer = v->type == VALUE_TEXT ? v->text : value_get_text(v, "optimizer", "");
    const Spec *spec = registry_find("optimizer", optimizer);
    return spec ? fields_find(spec->params, name) : NULL;
}

const Field *space_optimizer_field(const TunePlan *plan, const char *name)
{
    bool searches_all = !plan->space || plan->space->type != VALUE_MAP || !plan->space->size;
    const Value *given = searches_all ? NULL : value_get(plan->space, "optimizer");
    if (!searches_all && !given)
        return plan->base.optimizer.spec ? fields_find(plan->base.optimizer.spec->params, name) : NULL;
    Value *list = is_auto(given) ? searched_list(fields_find(train_spec.params, "optimizer")) : value_copy(given);
    const Field *f = list->type == VALUE_LIST ? NULL : field_of_optimizer(list, name);
    for (size_t i = 0; !f && list->type == VALUE_LIST && i < list->size; i++)
        f = field_of_optimizer(list->items[i], name);
    value_free(list);
    return f;
}

static const Field *find_field(const TunePlan *plan, const char *name)
{
    const Field *f = space_optimizer_field(plan, name);
    f = f ? f : space_plan_field(name);
    f = f ? f : net_setting(name);
    return f ? f : space_layer_field(name, NULL);
}

static void add_choices(Space *s, const char *name, const Value *list)
{
    Value *own = value_list();
    for (size_t i = 0; i < list->size; i++) {
        bool again = false;
        for (size_t k = 0; !again && k < own->size; k++)
            again = value_equal(own->items[k], list->items[i]);
        if (!again)
            value_add(own, value_copy(list->items[i]));
    }
    space_add(s, name)->choices = own;
}

static bool add_auto(Space *s, const TunePlan *plan, const char *name, Error *e)
{
    const Field *f = find_field(plan, name);
    Value *list = f ? searched_list(f) : NULL;
    if (list) {
        add_choices(s, name, list);
        value_free(list);
        return true;
    }
    if (!f || f->soft_max <= f->soft_min)
        return error_set(e, ERROR_USAGE, "tune: \"%s\" has no range of its own; give it low and high, or a list", name);
    Dimension *d = space_add(s, name);
    d->is_int = f->type == FIELD_INT;
    d->is_log = f->scale == SCALE_LOG && f->soft_min > 0;
    d->low = f->soft_min;
    d->high = f->soft_max;
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
    if (!low || !high || !value_is_number(low) || !value_is_number(high) || !(value_number(low) <= value_number(high)))
        return error_set(e, ERROR_USAGE, "tune: %s needs low <= high, a list of values, or \"auto\"", name);
    Dimension *d = space_add(s, name);
    d->is_int = is_int_range(v, f);
    d->is_log = text_equal(value_get_text(v, "scale", "linear"), "log");
    d->low = d->is_int ? ceil(value_number(low)) : value_number(low);
    d->high = d->is_int ? floor(value_number(high)) : value_number(high);
    if (d->low > d->high)
        return error_set(e, ERROR_USAGE, "tune: %s: there is no whole number from %g to %g", name, value_number(low), value_number(high));
    return !d->is_log || d->low > 0 || error_set(e, ERROR_USAGE, "tune: %s: a log scale needs low > 0", name);
}

static bool add_entry(Space *s, const TunePlan *plan, const char *name, const Value *v, Error *e)
{
    if (is_auto(v))
        return add_auto(s, plan, name, e);
    if (v->type == VALUE_LIST && v->size > 0) {
        add_choices(s, name, v);
        return true;
    }
    const Field *f = find_field(plan, name);
    if ((v->type == VALUE_LIST || v->type == VALUE_MAP) && !v->size)
        return error_set(e, ERROR_USAGE, "tune: %s: the list is empty; give it values", name);
    if (v->type == VALUE_MAP && !(f && f->type == FIELD_SPEC && value_get(v, f->family)))
        return add_range(s, name, v, f, e);
    Value *one = value_list();
    value_add(one, value_copy(v));
    add_choices(s, name, one);
    value_free(one);
    return true;
}

static bool add_usual_rows(Space *s, const TunePlan *plan, const Field *rows, bool of_layers, Error *e)
{
    for (const Field *f = rows; f && f->name; f++) {
        if (!f->search || (of_layers && !f->searched_as))
            continue;
        if (!add_auto(s, plan, searched_name(f), e))
            return false;
        s->items[s->count - 1].is_usual = true;
    }
    return true;
}

static bool add_usual(Space *s, const TunePlan *plan, bool has_function, Error *e)
{
    const Spec *optimizer = plan->base.optimizer.spec;
    const Family *layers = registry_find_family("layer");
    if (!add_usual_rows(s, plan, optimizer ? optimizer->params : NULL, false, e) || !add_usual_rows(s, plan, train_spec.params, false, e))
        return false;
    for (size_t i = 0; layers && (has_function || plan->base.net.count) && i < layers->count; i++)
        if (!add_usual_rows(s, plan, layers->members[i]->params, true, e))
            return false;
    return true;
}

bool space_make(const TunePlan *plan, bool has_function, Space *out, Error *e)
{
    *out = (Space){0};
    bool ok = true;
    if (plan->space && plan->space->type == VALUE_MAP && plan->space->size > 0)
        for (size_t i = 0; ok && i < plan->space->size; i++)
            ok = add_entry(out, plan, plan->space->keys[i], plan->space->items[i], e);
    else
        ok = add_usual(out, plan, has_function, e);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].is_read = space_optimizer_field(plan, out->items[i].name) || space_plan_field(out->items[i].name);
    if (!ok)
        space_done(out);
    return ok;
}

static void dimension_done(Dimension *d)
{
    mem_free(d->name);
    value_free(d->choices);
}

void space_done(Space *s)
{
    for (size_t i = 0; i < s->count; i++)
        dimension_done(&s->items[i]);
    mem_free(s->items);
    *s = (Space){0};
}

void space_drop_unread(Space *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->items[i].is_usual && !s->items[i].is_read)
            dimension_done(&s->items[i]);
        else
            s->items[kept++] = s->items[i];
    }
    s->count = kept;
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
