/* Preparing a pipeline: structural prefix, split, learned steps fitted on training rows, tensors. No leak by construction: what
 * learns runs after the split wherever the user put it. */
#include "learn/batch.h"
#include "learn/duplicates.h"
#include "learn/seen.h"

typedef struct Plan { /* of the recipe, by where its steps run */
    Recipe *before, *after;
    TextList moved;
} Plan;

/* Without a split of its own the pipeline is split where the first step learns. */
static size_t split_place(const Pipeline *p)
{
    if (p->split_at != SIZE_MAX)
        return p->split_at < p->recipe->count ? p->split_at : p->recipe->count;
    size_t i = 0;
    while (i < p->recipe->count && step_is_structural(p->recipe->uses[i].step))
        i++;
    return i;
}

static void recipe_append(Recipe **to, const Recipe *from, size_t i)
{
    Recipe *one = recipe_slice(from, i, i + 1), *joined = recipe_concat(*to, one);
    recipe_unref(one);
    recipe_unref(*to);
    *to = joined;
}

/* The first `steps` steps, ordered as they run. */
static void plan_make(const Pipeline *p, size_t steps, Plan *out)
{
    size_t place = split_place(p);
    *out = (Plan){.before = recipe_new(), .after = recipe_new()};
    for (size_t i = 0; i < p->recipe->count && i < steps; i++) {
        const StepUse *use = &p->recipe->uses[i];
        bool is_before = i < place && step_is_structural(use->step);
        recipe_append(is_before ? &out->before : &out->after, p->recipe, i);
        if (i < place && !is_before && !use->off)
            text_list_add(&out->moved, use->step->spec.name);
    }
}

static void plan_done(Plan *plan)
{
    recipe_unref(plan->before);
    recipe_unref(plan->after);
    text_list_done(&plan->moved);
}

static void add_note(TextList *notes, char *note)
{
    text_list_add(notes, note);
    mem_free(note);
}

uint64_t pipeline_split_seed(const Pipeline *p)
{
    return p->split.seed >= 0 ? (uint64_t)p->split.seed : p->seed;
}

/* Rows without a target teach nothing and cannot be judged. */
static Table *with_target_only(const Table *t, const char *target, size_t *left, TextList *notes, Error *e)
{
    const Column *c = table_column(t, target);
    if (!c || !c->missing)
        return table_ref(t);
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e), count = 0;
    if (!rows)
        return NULL;
    for (size_t i = 0; i < t->rows; i++)
        if (column_is_valid(c, i))
            rows[count++] = i;
    *left = t->rows - count;
    add_note(notes, text_format("%zu row%s without %s left out", t->rows - count, t->rows - count == 1 ? "" : "s", target));
    Table *kept = table_select(t, rows, count, e);
    mem_free(rows);
    return kept;
}

static Table *structural_table(Job *job, const Pipeline *p, const Recipe *before, size_t *left, TextList *notes, Error *e)
{
    if (!p->source) {
        error_set(e, ERROR_USAGE, "the pipeline has no table yet; give it a source");
        return NULL;
    }
    Roles roles = pipeline_roles(p);
    Table *applied = recipe_apply(job, before, p->source, &roles, e);
    if (!applied || !p->target)
        return applied;
    Table *kept = with_target_only(applied, p->target, left, notes, e);
    table_unref(applied);
    return kept;
}

Table *pipeline_structural(Job *job, const Pipeline *p, Error *e)
{
    Plan plan;
    TextList notes = {0};
    size_t left;
    plan_make(p, p->recipe->count, &plan);
    Table *t = structural_table(job, p, plan.before, &left, &notes, e);
    text_list_done(&notes);
    plan_done(&plan);
    return t;
}

static void note_plan(const Pipeline *p, const Plan *plan, TextList *notes)
{
    for (size_t i = 0; i < plan->moved.count; i++)
        add_note(notes, text_format("%s learns from rows, so it runs after the split", plan->moved.items[i]));
    if (p->split_at == SIZE_MAX)
        add_note(notes, text_format("no split was given: %.0f/%.0f/%.0f %% stratified", 100 * p->split.train, 100 * p->split.valid,
                                    100 * p->split.test));
}

/* Stratified needs classes; a number is split at random. */
static SplitPlan effective_split(const Pipeline *p, const TargetInfo *target)
{
    SplitPlan plan = p->split;
    if (plan.by == SPLIT_STRATIFIED && (!target || !target->is_classes))
        plan.by = SPLIT_RANDOM;
    return plan;
}

bool pipeline_raw_parts(Job *job, const Pipeline *p, RawParts *out, Error *e)
{
    *out = (RawParts){.target.positive = -1};
    Plan plan;
    plan_make(p, p->recipe->count, &plan);
    Roles roles = pipeline_roles(p);
    uint8_t *parts = NULL;
    bool ok = false;
    note_plan(p, &plan, &out->notes);
    out->before = recipe_ref(plan.before);
    out->after = recipe_ref(plan.after);
    out->structural = structural_table(job, p, plan.before, &out->split.left[LEFT_TARGET], &out->notes, e);
    if (!out->structural || !target_info_find(out->structural, &roles, &out->target, &out->notes, e))
        goto done;
    parts = mem_try_alloc(out->structural->rows + 1, 1, e);
    SplitPlan split = effective_split(p, &out->target);
    ok = parts && split_assign(&split, out->structural, &roles, pipeline_split_seed(p), parts, e) &&
         split_tables(out->structural, parts, out->parts, e);
    Unit unit = pipeline_unit(p);
    out->split.by = split.by;
    out->split.unit = unit.kind;
    out->split.column = mem_strdup(unit.column);
    out->split.order = mem_strdup(unit.order);
    for (int i = 0; ok && i < PART_COUNT; i++)
        out->split.rows[i] = out->split.units[i] = out->parts[i]->rows;
done:
    mem_free(parts);
    plan_done(&plan);
    if (!ok)
        raw_parts_done(out);
    return ok;
}

void raw_parts_done(RawParts *r)
{
    recipe_unref(r->before);
    recipe_unref(r->after);
    table_unref(r->structural);
    for (int i = 0; i < PART_COUNT; i++)
        table_unref(r->parts[i]);
    target_info_done(&r->target);
    split_report_done(&r->split);
    text_list_done(&r->notes);
    *r = (RawParts){0};
}

static bool fit_and_apply(Job *job, const Pipeline *p, const Recipe *after, Prepared *d, Error *e)
{
    Roles roles = pipeline_roles(p);
    d->fitted = recipe_fit(job, after, d->raw[PART_TRAIN], &roles, p->seed, &d->parts[PART_TRAIN], e);
    if (!d->fitted)
        return false;
    for (int part = PART_VALID; part < PART_COUNT; part++) {
        d->parts[part] = recipe_apply(job, d->fitted, d->raw[part], &roles, e);
        if (!d->parts[part])
            return error_prefix(e, "%s part: ", part_name((Part)part));
    }
    return true;
}

static bool make_datasets(const Pipeline *p, Prepared *d, Error *e)
{
    Roles roles = pipeline_roles(p);
    if (!features_find(d->parts[PART_TRAIN], &roles, &d->features, e))
        return false;
    if (!d->target.is_classes)
        target_info_scale(table_column(d->raw[PART_TRAIN], d->target.name), &d->target);
    for (int part = 0; part < PART_COUNT; part++)
        if (!dataset_make(d->parts[part], &d->features, &d->target, &d->data[part], e))
            return error_prefix(e, "%s part: ", part_name((Part)part));
    return true;
}

/* A row that is in two parts tells a model its own answer. */
static bool note_duplicates(const Pipeline *p, Prepared *d, Error *e)
{
    Unit unit = pipeline_unit(p);
    size_t twins[PART_COUNT];
    if (!duplicates_across_parts(d->raw, &unit, twins, e))
        return false;
    for (int i = PART_VALID; i < PART_COUNT; i++)
        if (twins[i])
            add_note(&d->notes, text_format("%zu of %zu rows of %s equal a training row; drop_duplicates before the split keeps one of each",
                                            twins[i], d->raw[i]->rows, part_name((Part)i)));
    return true;
}

/* Takes the contents of raw. */
static bool prepare_from(Job *job, const Pipeline *p, RawParts *raw, Prepared **out, Error *e)
{
    Prepared *d = MEM_NEW(Prepared);
    d->before = recipe_ref(raw->before);
    for (int i = 0; i < PART_COUNT; i++)
        d->raw[i] = table_ref(raw->parts[i]);
    d->target = target_info_copy(&raw->target);
    d->notes = text_list_copy(&raw->notes);
    d->split = split_report_copy(&raw->split);
    table_hash(raw->structural, d->data_hash);
    table_hash(d->raw[PART_TRAIN], d->train_hash);
    bool ok = true;
    if (!d->raw[PART_TRAIN]->rows)
        ok = error_set(e, ERROR_FAILED, "the training part has no rows");
    d->trained = ok ? row_set_make(p->source, d->raw[PART_TRAIN], seen_unit(p), e) : NULL;
    ok = d->trained && note_duplicates(p, d, e) && fit_and_apply(job, p, raw->after, d, e) && make_datasets(p, d, e);
    if (ok)
        d->input_schema = schema_make(job, p, d);
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
    return pipeline_raw_parts(job, p, &raw, e) && prepare_from(job, p, &raw, out, e);
}

bool pipeline_prepare_parts(Job *job, const Pipeline *p, const Table *structural, const uint8_t *parts, Prepared **out, Error *e)
{
    RawParts raw = {.structural = table_ref(structural)};
    Roles roles = pipeline_roles(p);
    Plan plan;
    *out = NULL;
    plan_make(p, p->recipe->count, &plan);
    raw.before = recipe_ref(plan.before);
    raw.after = recipe_ref(plan.after);
    plan_done(&plan);
    if (target_info_find(structural, &roles, &raw.target, &raw.notes, e) && split_tables(structural, parts, raw.parts, e))
        return prepare_from(job, p, &raw, out, e);
    raw_parts_done(&raw);
    return false;
}

void prepared_free(Prepared *d)
{
    if (!d)
        return;
    recipe_unref(d->before);
    recipe_unref(d->fitted);
    for (int i = 0; i < PART_COUNT; i++) {
        table_unref(d->raw[i]);
        table_unref(d->parts[i]);
        dataset_done(&d->data[i]);
    }
    target_info_done(&d->target);
    split_report_done(&d->split);
    text_list_done(&d->features);
    text_list_done(&d->notes);
    value_free(d->input_schema);
    row_set_free(d->trained);
    mem_free(d);
}

/* Training rows of a table that may not have a target yet. */
static Table *view_training_rows(const Pipeline *p, const Table *t, Error *e)
{
    Roles roles = pipeline_roles(p);
    TargetInfo target = {0};
    TextList notes = {0};
    Error ignored = {0};
    bool has_target = target_info_find(t, &roles, &target, &notes, &ignored);
    SplitPlan split = effective_split(p, has_target ? &target : NULL);
    Table *parts[PART_COUNT] = {0};
    uint8_t *part = mem_try_alloc(t->rows + 1, 1, e);
    bool ok = part && split_assign(&split, t, &roles, pipeline_split_seed(p), part, e) && split_tables(t, part, parts, e);
    for (int i = PART_VALID; i < PART_COUNT; i++)
        table_unref(parts[i]);
    mem_free(part);
    text_list_done(&notes);
    if (has_target)
        target_info_done(&target);
    return ok ? parts[PART_TRAIN] : NULL;
}

Table *pipeline_view(Job *job, const Pipeline *p, size_t steps, Error *e)
{
    Plan plan;
    TextList notes = {0};
    size_t left;
    Roles roles = pipeline_roles(p);
    Table *t, *train = NULL, *shown = NULL;
    Recipe *fitted = NULL;
    plan_make(p, steps, &plan);
    t = structural_table(job, p, plan.before, &left, &notes, e);
    if (!t)
        goto done;
    if (!plan.after->count) {
        shown = table_ref(t);
        goto done;
    }
    train = view_training_rows(p, t, e);
    fitted = train ? recipe_fit(job, plan.after, train, &roles, p->seed, NULL, e) : NULL;
    shown = fitted ? recipe_apply(job, fitted, t, &roles, e) : NULL;
done:
    recipe_unref(fitted);
    table_unref(train);
    table_unref(t);
    text_list_done(&notes);
    plan_done(&plan);
    return shown;
}
