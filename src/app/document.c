/* Documents: making, copying, comparing. */
#include "app/document.h"

#include <string.h>

static void plan_init(const Spec *spec, void *plan)
{
    void *fresh = params_new(spec);
    memcpy(plan, fresh, spec->params_size);
    mem_free(fresh);
}

static void plan_copy(const Spec *spec, void *to, const void *from)
{
    void *fresh = params_copy(spec, from);
    fields_done(spec->params, to);
    memcpy(to, fresh, spec->params_size);
    mem_free(fresh);
}

Document *document_new(void)
{
    Document *d = MEM_NEW(Document);
    d->references = 1;
    plan_init(&train_spec, &d->train);
    plan_init(&tune_spec, &d->tune);
    plan_init(&distill_spec, &d->distill);
    return d;
}

Document *document_ref(const Document *d)
{
    Document *same = (Document *)(uintptr_t)d;
    __atomic_add_fetch(&same->references, 1, __ATOMIC_RELAXED);
    return same;
}

void document_unref(Document *d)
{
    if (!d || __atomic_sub_fetch(&d->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    pipeline_unref(d->pipeline);
    fields_done(train_spec.params, &d->train);
    fields_done(tune_spec.params, &d->tune);
    fields_done(distill_spec.params, &d->distill);
    text_list_done(&d->modules);
    mem_free(d->change);
    mem_free(d->place);
    mem_free(d);
}

Document *document_edit(const Document *d, const char *change, const char *place)
{
    Document *next = document_new();
    next->pipeline = d->pipeline ? pipeline_ref(d->pipeline) : NULL;
    plan_copy(&train_spec, &next->train, &d->train);
    plan_copy(&tune_spec, &next->tune, &d->tune);
    plan_copy(&distill_spec, &next->distill, &d->distill);
    next->modules = text_list_copy(&d->modules);
    next->has_train = d->has_train;
    next->has_tune = d->has_tune;
    next->has_distill = d->has_distill;
    next->change = mem_strdup(change);
    next->place = mem_strdup(place);
    return next;
}

void document_set_plan(Document *d, const Spec *spec, const void *params)
{
    if (spec == &train_spec)
        plan_copy(spec, &d->train, params);
    else if (spec == &tune_spec)
        plan_copy(spec, &d->tune, params);
    else if (spec == &distill_spec)
        plan_copy(spec, &d->distill, params);
}

static void follow(TrainPlan *base, const TrainPlan *train, bool with_net)
{
    SpecList net = {0};
    TrainPlan *copy = params_copy(&train_spec, train);
    if (!with_net)
        spec_list_copy(&net, &base->net);
    fields_done(train_spec.params, base);
    *base = *copy;
    mem_free(copy);
    if (!with_net) {
        spec_list_done(&base->net);
        base->net = net;
    }
    mem_free(base->name);
    base->name = NULL;
}

/* A plan that has a training plan in it: its rows, and where that begins. */
typedef struct Holder {
    const Spec *spec;
    size_t base;
    bool with_net;
} Holder;

/* What a plan holds of a training: the rows that lie in its base. */
static bool holds(const Holder *h, const Field *of_train)
{
    for (const Field *f = h->spec->params; f && f->name; f++)
        if (f->offset == h->base + of_train->offset && text_equal(f->name, of_train->name))
            return true;
    return false;
}

static bool follows(const Holder *h, const TrainPlan *base, const TrainPlan *train)
{
    Value *a = fields_to_value(train_spec.params, base, true), *b = fields_to_value(train_spec.params, train, true);
    for (const Field *f = train_spec.params; f->name; f++)
        if (!holds(h, f) || text_equal(f->name, "name") || (!h->with_net && text_equal(f->name, "net"))) {
            value_remove(a, f->name);
            value_remove(b, f->name);
        }
    bool same = value_equal(a, b);
    value_free(a);
    value_free(b);
    return same;
}

void document_follow_train(Document *d, const Document *before)
{
    static const Holder tune = {&tune_spec, offsetof(TunePlan, base), true}, distill = {&distill_spec, offsetof(DistillPlan, base), false};
    if (before && params_equal(&train_spec, &before->train, &d->train))
        return;
    if (!before || follows(&tune, &before->tune.base, &before->train))
        follow(&d->tune.base, &d->train, true);
    if (!before || follows(&distill, &before->distill.base, &before->train))
        follow(&d->distill.base, &d->train, false);
}

static bool tables_equal(const Table *a, const Table *b)
{
    return a == b || (a && b && table_equal(a, b));
}

static bool pipelines_equal(const Pipeline *a, const Pipeline *b)
{
    if (!a || !b)
        return a == b;
    Value *left = recipe_to_value(a->recipe, false), *right = recipe_to_value(b->recipe, false);
    bool same = value_equal(left, right) && text_equal(a->file, b->file) && text_equal(a->target, b->target) &&
                text_equal(a->positive, b->positive) && text_equal(a->key, b->key) && a->seed == b->seed && a->split_at == b->split_at &&
                params_equal(&split_spec, &a->split, &b->split) && tables_equal(a->source, b->source);
    same = same && ((!a->read_options && !b->read_options) ||
                    (a->read_options && b->read_options && value_equal(a->read_options, b->read_options)));
    value_free(left);
    value_free(right);
    return same;
}

bool document_equal(const Document *a, const Document *b)
{
    return a->has_train == b->has_train && a->has_tune == b->has_tune && a->has_distill == b->has_distill &&
           params_equal(&train_spec, &a->train, &b->train) && params_equal(&tune_spec, &a->tune, &b->tune) &&
           params_equal(&distill_spec, &a->distill, &b->distill) && pipelines_equal(a->pipeline, b->pipeline);
}
