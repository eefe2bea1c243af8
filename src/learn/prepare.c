/* Preparing a pipeline: structural prefix, split, learned steps fitted on training rows, tensors. No leak by construction: what
 * learns runs after the split wherever the user put it. */
#include "learn/duplicates.h"
#include "learn/epochs.h"
#include "learn/horizon.h"
#include "learn/parts.h"
#include "learn/seen.h"
#include "table/row_digest.h"

static Value *roles_value(const Pipeline *p)
{
    Roles roles = pipeline_roles(p);
    const char *const names[] = {"key", "group", "time"}, *const columns[] = {roles.key, roles.group, roles.time};
    Value *v = value_map();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (columns[i])
            value_set(v, names[i], value_text(columns[i]));
    return v;
}

/* What the target is was decided on all rows: steps that learn from it are not to decide again on fewer. */
static Roles decided_roles(const Pipeline *p, const TargetInfo *target)
{
    Roles roles = pipeline_roles(p);
    roles.target_type = target->is_classes ? TARGET_CLASSES : TARGET_VALUES;
    roles.positive = target->positive >= 0 ? target->classes.items[target->positive] : NULL;
    return roles;
}

static bool fit_and_apply(Job *job, const Pipeline *p, const Recipe *after, Prepared *d, Error *e)
{
    Roles roles = decided_roles(p, &d->target);
    d->fitted = recipe_fit(job, after, d->raw[PART_TRAIN], &roles, p->seed, &d->parts[PART_TRAIN], e);
    if (!d->fitted)
        return false;
    for (size_t i = 0; i < d->fitted->notes.count; i++)
        text_list_add(&d->notes, d->fitted->notes.items[i]);
    if (!epochs_prepare(job, p, &roles, d, e))
        return false;
    for (int part = PART_VALID; part < PART_COUNT; part++) {
        d->parts[part] = recipe_apply(job, d->fitted, d->raw[part], &roles, e);
        if (!d->parts[part])
            return error_prefix(e, "%s part: ", part_name((Part)part));
    }
    return true;
}

/* A date that was only read, by calendar say, is still no feature. */
static bool stays_date(const Table *rows, const char *column)
{
    const Column *c = column ? table_column(rows, column) : NULL;
    return c && (c->type == COLUMN_DATE || c->type == COLUMN_TIME);
}

static const char *role_unless_named(const Recipe *r, const Table *rows, const char *column)
{
    if (stays_date(rows, column))
        return column;
    for (size_t i = 0; column && i < r->count; i++)
        if (!r->uses[i].off && step_use_effect(&r->uses[i]) == STEP_MAP && step_use_selects(&r->uses[i], column))
            return NULL;
    return column;
}

/* Columns of the unit and of time are no features, unless a step after the split takes them by name. */
static Roles feature_roles(const Pipeline *p, const Recipe *after, const Table *rows)
{
    Roles roles = pipeline_roles(p);
    roles.key = role_unless_named(after, rows, roles.key);
    roles.group = role_unless_named(after, rows, roles.group);
    roles.time = role_unless_named(after, rows, roles.time);
    return roles;
}

static bool note_flat(Prepared *d, Error *e)
{
    FeaturePlan plan;
    bool ok = features_plan(d->parts[PART_TRAIN], &d->features, &plan, e);
    d->flat = ok ? features_flat_text(&plan, &d->features) : NULL;
    if (d->flat)
        text_list_add(&d->notes, d->flat);
    features_plan_done(&plan);
    return ok;
}

/* The step that took from a column what a net can have of it: the order of rows, hours, weekdays. */
static const StepUse *reader_of(const Recipe *r, const Roles *roles, const char *column)
{
    const StepUse *reader = NULL;
    for (size_t i = 0; i < r->count && !reader; i++) {
        TextList context = {0};
        step_use_context(&r->uses[i], roles, &context);
        bool reads = step_use_names(&r->uses[i], column) || text_list_has(&context, column);
        reader = !r->uses[i].off && reads && !r->uses[i].step->only_names ? &r->uses[i] : NULL;
        text_list_done(&context);
    }
    return reader;
}

/* Dates that a step has read are no features, and need not be dropped by hand. Without a role nobody else says it. */
static void find_spent(const Pipeline *p, Prepared *d, const Roles *roles, TextList *spent)
{
    const Table *t = d->parts[PART_TRAIN];
    Roles all = pipeline_roles(p);
    for (size_t i = 0; i < t->columns_count; i++) {
        const char *name = t->names[i];
        const StepUse *reader = stays_date(t, name) && !roles_have(roles, name) ? reader_of(d->before, &all, name) : NULL;
        if (!reader && stays_date(t, name) && !roles_have(roles, name))
            reader = reader_of(d->fitted, &all, name);
        if (!reader)
            continue;
        text_list_add(spent, name);
        parts_note(&d->notes, text_format("%s holds dates, which %s has read: no feature", name, reader->step->spec.name));
    }
}

static bool find_features(Job *job, const Pipeline *p, Prepared *d, Error *e)
{
    Roles roles = feature_roles(p, d->fitted, d->parts[PART_TRAIN]);
    TextList spent = {0};
    find_spent(p, d, &roles, &spent);
    bool ok = features_find(d->parts[PART_TRAIN], &roles, &spent, &d->features, e) && features_check_ahead(job, p, d, e);
    text_list_done(&spent);
    return ok;
}

static bool make_datasets(Job *job, const Pipeline *p, Prepared *d, Error *e)
{
    Roles all = pipeline_roles(p);
    if (!find_features(job, p, d, e))
        return false;
    features_note_target(job, p, d);
    if (!d->target.is_classes)
        target_info_scale(table_column(d->raw[PART_TRAIN], d->target.name), &d->target);
    if (!d->target.is_classes && !target_info_order(job, d, &all, &d->target, e))
        return false;
    for (int part = 0; part < PART_COUNT; part++)
        if (!dataset_make(d->parts[part], &d->features, &d->target, &d->data[part], e))
            return error_prefix(e, "%s part: ", part_name((Part)part));
    return note_flat(d, e);
}

/* A row that is in two parts tells a model its own answer. */
static bool note_duplicates(const Pipeline *p, Prepared *d, Error *e)
{
    size_t twins[PART_COUNT];
    if (!duplicates_across_parts(p, d->raw, twins, e))
        return false;
    for (int i = PART_VALID; i < PART_COUNT; i++)
        if (twins[i])
            parts_note(&d->notes,
                       text_format("%zu of %zu rows of %s equal a training row; drop_duplicates before the split keeps one of each",
                                   twins[i], d->raw[i]->rows, part_name((Part)i)));
    return true;
}

/* What the steps behind the split did to the parts, and what is left. */
static void count_rows(const Recipe *after, const SplitReport *split, Prepared *d)
{
    char *steps = rows_report_droppers(after), *droppers = text_format("%s%s", steps ? steps : "a step", ROWS_BEHIND_SPLIT);
    for (int i = 0; i < LEFT_COUNT; i++)
        d->rows.left[i] = split->left[i];
    for (int i = 0; i < PART_COUNT; i++) {
        rows_report_change(&d->rows, droppers, d->raw[i]->rows, d->parts[i]->rows);
        d->rows.used[i] = d->data[i].rows;
    }
    mem_free(droppers);
    mem_free(steps);
    rows_report_notes(&d->rows, &d->notes);
}

/* A model is fed with rows as files hold them. */
static bool check_raw_rows(const Value *schema, Error *e)
{
    for (size_t i = 0; i < schema->size; i++) {
        const Value *entry = schema->items[i];
        if (text_equal(value_get_text(entry, "type", ""), column_type_name(COLUMN_ARRAY)) &&
            !text_equal(value_get_text(entry, "role", ""), SCHEMA_UNUSED))
            return error_set(e, ERROR_USAGE,
                             "%s holds arrays before the first step; make them by a step of the pipeline, so that the model "
                             "can make them of raw rows",
                             value_get_text(entry, "name", ""));
    }
    return true;
}

bool pipeline_prepare_from(Job *job, const Pipeline *p, RawParts *raw, Prepared **out, Error *e)
{
    Prepared *d = MEM_NEW(Prepared);
    d->references = 1;
    *out = NULL;
    d->before = recipe_ref(raw->before);
    for (int i = 0; i < PART_COUNT; i++)
        d->raw[i] = table_ref(raw->parts[i]);
    d->target = target_info_copy(&raw->target);
    d->notes = text_list_copy(&raw->notes);
    d->split = split_report_copy(&raw->split);
    d->rows = rows_report_copy(&raw->rows);
    d->structural = table_ref(raw->structural);
    d->roles = roles_value(p);
    bool ok = true;
    if (!d->raw[PART_TRAIN]->rows)
        ok = error_set(e, ERROR_FAILED, "the split leaves no row in the training part; give it a larger share, or more rows");
    d->trained = ok ? row_set_make(p->source, d->raw[PART_TRAIN], seen_unit(p), e) : NULL;
    ok = d->trained && note_duplicates(p, d, e) && fit_and_apply(job, p, raw->after, d, e) && make_datasets(job, p, d, e);
    if (ok) {
        d->input_schema = schema_make(job, p, d);
        ok = check_raw_rows(d->input_schema, e);
    }
    if (ok) {
        count_rows(raw->after, &raw->split, d);
        baseline_note(p, d);
        horizon_note(job, p, d);
    }
    raw_parts_done(raw);
    if (ok)
        *out = d;
    else
        prepared_free(d);
    return ok;
}

bool pipeline_prepare(Job *job, const Pipeline *p, Prepared **out, Error *e)
{
    RawParts raw;
    *out = NULL;
    return pipeline_raw_parts(job, p, &raw, e) && pipeline_prepare_from(job, p, &raw, out, e);
}

Prepared *prepared_ref(const Prepared *d)
{
    Prepared *own = (Prepared *)(uintptr_t)d;
    __atomic_add_fetch(&own->references, 1, __ATOMIC_RELAXED);
    return own;
}

void prepared_free(Prepared *d)
{
    if (!d || __atomic_sub_fetch(&d->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    recipe_unref(d->before);
    recipe_unref(d->fitted);
    table_unref(d->structural);
    table_unref(d->each_epoch);
    for (int i = 0; i < PART_COUNT; i++) {
        table_unref(d->raw[i]);
        table_unref(d->parts[i]);
        dataset_done(&d->data[i]);
    }
    target_info_done(&d->target);
    split_report_done(&d->split);
    rows_report_done(&d->rows);
    text_list_done(&d->features);
    mem_free(d->flat);
    text_list_done(&d->notes);
    value_free(d->input_schema);
    value_free(d->roles);
    row_set_free(d->trained);
    mem_free(d);
}

/* The steps fitted on the training rows of a table that may not have a target yet. */
static Recipe *view_fit(Job *job, const Pipeline *p, const StepOrder *order, const Table *t, Error *e)
{
    Roles roles = pipeline_roles(p);
    TargetInfo target = {0};
    TextList notes = {0};
    SplitReport report = {0};
    Error ignored = {0};
    bool has_target = target_info_find(t, &roles, &target, &notes, &ignored);
    SplitRows rows = {t, order->before, has_target ? &target : NULL, NULL};
    Table *parts[PART_COUNT] = {0};
    uint8_t *part = mem_try_alloc(t->rows + 1, 1, e);
    bool ok = part && split_rows(p, &rows, part, &report, e) && split_tables(t, part, parts, e);
    if (has_target)
        roles = decided_roles(p, &target);
    Recipe *fitted = ok ? recipe_fit(job, order->after, parts[PART_TRAIN], &roles, p->seed, NULL, e) : NULL;
    for (int i = 0; i < PART_COUNT; i++)
        table_unref(parts[i]);
    mem_free(part);
    text_list_done(&notes);
    split_report_done(&report);
    if (has_target)
        target_info_done(&target);
    return fitted;
}

Table *pipeline_view(Job *job, const Pipeline *p, size_t steps, Error *e)
{
    StepOrder order;
    RowsReport rows = {0};
    Roles roles = pipeline_roles(p);
    Table *t = NULL, *used = NULL, *shown = NULL;
    Recipe *fitted = NULL;
    order_make(p, steps, &order);
    if (recipe_check_target(order.after, p->target, e))
        t = structural_rows(job, p, &order.before, &rows, e);
    if (!t)
        goto done;
    if (!order.after->count) {
        shown = table_ref(t);
        goto done;
    }
    used = rows_with_target(p, t, &rows, e);
    fitted = used ? view_fit(job, p, &order, used, e) : NULL;
    shown = fitted ? recipe_apply(job, fitted, t, &roles, e) : NULL;
done:
    recipe_unref(fitted);
    table_unref(used);
    table_unref(t);
    rows_report_done(&rows);
    order_done(&order);
    return shown;
}

static bool mark_rows(const Table *train, const Table *view, uint8_t *mask, Error *e)
{
    uint64_t *ids = mem_try_alloc(train->rows + 1, sizeof *ids, e);
    for (size_t i = 0; ids && i < train->rows; i++)
        ids[i] = table_row_id(train, i);
    size_t count = ids ? row_digests_sort(ids, train->rows) : 0;
    for (size_t i = 0; ids && i < view->rows; i++)
        mask[i] = row_digests_has(ids, count, table_row_id(view, i));
    mem_free(ids);
    return ids != NULL;
}

bool pipeline_view_training(Job *job, const Pipeline *p, const Table *view, uint8_t **mask, Error *e)
{
    RawParts raw;
    *mask = NULL;
    if (p->split_at == SIZE_MAX || !p->target)
        return true;
    if (!pipeline_raw_parts(job, p, &raw, e))
        return false;
    *mask = mem_try_alloc(view->rows + 1, 1, e);
    bool ok = *mask && mark_rows(raw.parts[PART_TRAIN], view, *mask, e);
    raw_parts_done(&raw);
    return ok;
}
