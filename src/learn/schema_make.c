/* What a model expects of its input: names and types of the source columns. The target is not needed, nor is a column of which nothing
 * comes to the features or decides on rows. */
#include "learn/batch.h"
#include "learn/parts.h"
#include "steps/needs.h"

/* On no rows at all. NULL: that does not work out. */
static Table *pass_all(Job *job, const Pipeline *p, const Prepared *d, Flow *f)
{
    Error ignored = {0};
    Table *empty = table_head(p->source, 0, &ignored);
    Table *before = empty ? flow_forward(job, f, d->before, empty) : NULL;
    Table *after = before ? flow_forward(job, f, d->fitted, before) : NULL;
    table_unref(empty);
    table_unref(before);
    return after;
}

/* Truth values are two at most: absent ones can't all differ. */
static const char *role_of(Need need, const Column *c)
{
    if (need == NEED_NONE)
        return SCHEMA_UNUSED;
    return need == NEED_COMPARED && c->type != COLUMN_BOOL && !column_is_wide(c) ? SCHEMA_COMPARED : NULL;
}

static void set_role(Value *entry, const char *role)
{
    if (role && !value_get(entry, "role"))
        value_set(entry, "role", value_text(role));
}

/* What a target of another name is made of and no feature is. */
static void mark_target(const Pipeline *p, const Prepared *d, const Flow *f, const Table *last, Value *schema)
{
    TextList target = {0};
    text_list_add(&target, p->target);
    Need *of_target = flow_back(f, last, &target, false), *of_features = flow_back(f, last, &d->features, false);
    for (size_t i = 0; i < p->source->columns_count; i++)
        if (of_target[i] && !of_features[i])
            set_role(schema->items[i], "target");
    mem_free(of_target);
    mem_free(of_features);
    text_list_done(&target);
}

/* What a row's past holds of the target is given, so its column is; only the rows to predict have no value in it. */
static bool reads_past_target(const Prepared *d, const Flow *f, const Table *last, size_t target)
{
    bool has_context = false;
    for (size_t i = 0; i < f->count; i++)
        has_context = has_context || step_has_context(f->steps[i].use->step);
    if (!has_context)
        return false;
    Need *of_features = flow_back(f, last, &d->features, false);
    bool reads = of_features[target] != NEED_NONE;
    mem_free(of_features);
    return reads;
}

static void mark_roles(Job *job, const Pipeline *p, const Prepared *d, Value *schema)
{
    Roles roles = pipeline_roles(p);
    Flow f = {.roles = &roles};
    Table *last = pass_all(job, p, d, &f); /* NULL: every column is needed */
    int same = table_find(p->source, p->target);
    if (same != TABLE_NONE && !(last && reads_past_target(d, &f, last, (size_t)same)))
        set_role(schema->items[same], "target");
    if (last) {
        Need *needs = flow_back(&f, last, &d->features, true);
        if (same == TABLE_NONE)
            mark_target(p, d, &f, last, schema);
        for (size_t i = 0; i < p->source->columns_count; i++)
            set_role(schema->items[i], role_of(needs[i], p->source->columns[i]));
        mem_free(needs);
    }
    table_unref(last);
    flow_done(&f);
}

Value *schema_make(Job *job, const Pipeline *p, const Prepared *d)
{
    Value *schema = table_schema(p->source);
    mark_roles(job, p, d, schema);
    return schema;
}

bool features_check_ahead(Job *job, const Pipeline *p, const Prepared *d, Error *e)
{
    Roles roles = pipeline_roles(p);
    Flow f = {.roles = &roles};
    if (!flow_looks_ahead(&f, d->before))
        return true;
    Table *last = pass_all(job, p, d, &f);
    FlowChoice choice = {0};
    const StepUse **later = last ? flow_later(&f, &choice) : NULL;
    bool ok = later || error_set(e, ERROR_FAILED, "the steps do not run on a table of no rows, so nobody knows which columns look ahead");
    if (ok && choice.by)
        ok = error_set(e, ERROR_USAGE,
                       "%s: rows cannot be chosen by %s, which is known only later (%s looks ahead); choose them by the row itself or its "
                       "past",
                       choice.by->step->spec.name, choice.column, choice.maker->step->spec.name);
    for (size_t i = 0; ok && i < last->columns_count; i++)
        if (later[i] && text_list_has(&d->features, last->names[i]))
            ok = error_set(e, ERROR_USAGE, "%s: %s looks ahead; make it the target or drop it", later[i]->step->spec.name, last->names[i]);
    mem_free(later);
    table_unref(last);
    flow_done(&f);
    return ok;
}

/* What the target is made of tells it, unless it is known when predicting, which only the user knows. */
static void note_shared(Job *job, const Pipeline *p, Prepared *d)
{
    Roles roles = pipeline_roles(p);
    Flow f = {.roles = &roles};
    TextList target = {0};
    const StepUse *by = NULL;
    text_list_add(&target, p->target);
    Table *last = pass_all(job, p, d, &f);
    const char *shared = last ? flow_shared_beside(&f, last, &target, &d->features, &by) : NULL;
    if (shared)
        parts_note(&d->notes, text_format("%s: %s is what the target %s is made of, and a feature too; drop it, unless it is known when "
                                          "predicting",
                                          by->step->spec.name, shared, p->target));
    table_unref(last);
    flow_done(&f);
    text_list_done(&target);
}

/* Rows of every part tell a table beside their targets; that may be the past, which only the user knows, so it is no error. */
void features_note_target(Job *job, const Pipeline *p, Prepared *d)
{
    Roles roles = pipeline_roles(p);
    Flow f = {.roles = &roles};
    if (table_find(p->source, p->target) == TABLE_NONE) {
        note_shared(job, p, d);
        return; /* labels are brought by a table of their own */
    }
    Table *last = pass_all(job, p, d, &f);
    const StepUse **makers = last ? flow_target_beside(&f, p->target) : NULL, *told = NULL;
    for (size_t i = 0; makers && i < last->columns_count; i++) {
        if (!makers[i] || makers[i] == told || !text_list_has(&d->features, last->names[i]))
            continue;
        told = makers[i];
        parts_note(&d->notes,
                   text_format("%s: %s is made of %s, the target, in rows of the other table whatever their part; unless they are "
                               "of the past, drop it, or let target_encode learn it of training rows",
                               told->step->spec.name, last->names[i], p->target));
    }
    mem_free(makers);
    table_unref(last);
    flow_done(&f);
}
