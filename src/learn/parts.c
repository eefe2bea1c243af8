/* The parts of a pipeline: where its steps run, the structural table, and which of its rows are in which part. */
#include "learn/parts.h"

#include "steps/reach.h"
#include "steps/side.h"
#include "steps/unready.h"
#include "table/expr.h"
#include "table/row_digest.h"

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

/* A step that looks at other rows runs before the split, where it sees its whole past; so it cannot wait for a step behind the split. */
static void check_waiting(const Pipeline *p, size_t place, size_t at, StepOrder *out)
{
    const StepUse *use = &p->recipe->uses[at];
    Roles roles = pipeline_roles(p);
    for (size_t i = 0; i < at && !out->refused; i++) {
        const StepUse *other = &p->recipe->uses[i];
        bool is_behind = i >= place || !step_is_structural(other->step);
        if (is_behind && step_use_waits_for(use, other, &roles))
            out->refused = text_format("%s looks at other rows, so it runs before the split, and %s, which runs behind it, changes what %s "
                                       "reads; put %s first",
                                       use->step->spec.name, other->step->spec.name, use->step->spec.name, use->step->spec.name);
    }
}

void order_make(const Pipeline *p, size_t steps, StepOrder *out)
{
    size_t place = split_place(p);
    *out = (StepOrder){.before = recipe_new(), .after = recipe_new()};
    for (size_t i = 0; i < p->recipe->count && i < steps; i++) {
        const StepUse *use = &p->recipe->uses[i];
        bool has_context = step_has_context(use->step), is_before = has_context || (i < place && step_is_structural(use->step));
        Recipe *part = is_before ? out->before : out->after;
        recipe_add(part, p->recipe, i);
        part->uses[part->count - 1].number = i + 1;
        if (has_context && !use->off)
            check_waiting(p, place, i, out);
        if (i < place && !is_before && !use->off)
            text_list_add(&out->moved, use->step->spec.name);
        if (i >= place && is_before && !use->off && p->split_at != SIZE_MAX)
            text_list_add(&out->earlier, use->step->spec.name);
    }
    out->after->after_split = true;
}

void order_done(StepOrder *order)
{
    recipe_unref(order->before);
    recipe_unref(order->after);
    text_list_done(&order->moved);
    text_list_done(&order->earlier);
    mem_free(order->refused);
}

bool order_check(const StepOrder *order, const char *target, Error *e)
{
    if (order->refused)
        return error_set(e, ERROR_USAGE, "%s", order->refused);
    return recipe_check_target(order->after, target, e);
}

bool pipeline_check_target(const Pipeline *p, Error *e)
{
    StepOrder order;
    order_make(p, p->recipe->count, &order);
    bool ok = order_check(&order, p->target, e);
    order_done(&order);
    return ok;
}

void parts_note(TextList *notes, char *note)
{
    text_list_add(notes, note);
    mem_free(note);
}

uint64_t pipeline_split_seed(const Pipeline *p)
{
    return p->split.seed >= 0 ? (uint64_t)p->split.seed : p->seed;
}

/* Rows without a target teach nothing and cannot be judged. */
Table *rows_with_target(const Pipeline *p, const Table *t, RowsReport *report, Error *e)
{
    const Column *c = p->target ? table_column(t, p->target) : NULL;
    if (!c || !c->missing)
        return table_ref(t);
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e), count = 0;
    if (!rows)
        return NULL;
    for (size_t i = 0; i < t->rows; i++)
        if (column_is_valid(c, i))
            rows[count++] = i;
    report->left[LEFT_TARGET] = t->rows - count;
    Table *kept = table_select(t, rows, count, e);
    mem_free(rows);
    return kept;
}

/* Steps of the prefix learn nothing of rows; one that carries a side table reads it here. */
static bool read_sides(Job *job, const Pipeline *p, Recipe **before, Error *e)
{
    Roles roles = pipeline_roles(p);
    bool has_side = false;
    for (size_t i = 0; i < (*before)->count; i++)
        has_side = has_side || (*before)->uses[i].step->fit;
    Recipe *fitted = has_side ? recipe_fit(job, *before, p->source, &roles, p->seed, NULL, e) : NULL;
    if (!fitted)
        return !has_side;
    recipe_unref(*before);
    *before = fitted;
    return true;
}

Table *structural_rows(Job *job, const Pipeline *p, Recipe **before, RowsReport *rows, Error *e)
{
    if (!p->source) {
        error_set(e, ERROR_USAGE, "the pipeline has no table yet; give it a source");
        return NULL;
    }
    Roles roles = pipeline_roles(p);
    Unready unready = {0};
    RecipeWatch watch = {.self = rows, .stepped = rows_report_watch, .unready = &unready};
    rows_report_source(rows, p->source);
    rows->target = mem_strdup(p->target);
    if (!read_sides(job, p, before, e))
        return NULL;
    watch.notes = &(*before)->notes;
    Table *applied = recipe_apply_watched(job, *before, p->source, &roles, &watch, e);
    Table *kept = applied ? unready_leave_out(&unready, applied, e) : NULL;
    rows_report_unready(rows, &unready);
    table_unref(applied);
    unready_done(&unready);
    return kept;
}

Table *structural_table(Job *job, const Pipeline *p, Recipe **before, RowsReport *rows, Error *e)
{
    Table *applied = structural_rows(job, p, before, rows, e);
    Table *kept = applied ? rows_with_target(p, applied, rows, e) : NULL;
    table_unref(applied);
    return kept;
}

static void note_order(const Pipeline *p, const StepOrder *order, TextList *notes)
{
    for (size_t i = 0; i < order->moved.count; i++)
        parts_note(notes, text_format("%s learns from rows, so it runs after the split", order->moved.items[i]));
    for (size_t i = 0; i < order->earlier.count; i++)
        parts_note(notes, text_format("%s looks at other rows, so it runs before the split", order->earlier.items[i]));
    if (p->split_at == SIZE_MAX)
        parts_note(notes, text_format("no split was given: %.0f/%.0f/%.0f %% stratified", 100 * p->split.train, 100 * p->split.valid,
                                      100 * p->split.test));
}

/* *learned, for the caller: the rows that the split may learn from; NULL: all. */
static bool find_learned(const Pipeline *p, const Table *t, uint8_t **learned, Error *e)
{
    size_t *rows = NULL, count = 0;
    *learned = NULL;
    if (!p->split.where || !*p->split.where)
        return true;
    *learned = mem_try_alloc(t->rows + 1, 1, e);
    bool ok = *learned && (expr_filter(p->split.where, t, &rows, &count, e) || error_prefix(e, "split: where: "));
    for (size_t i = 0; ok && i < count; i++)
        (*learned)[rows[i]] = 1;
    mem_free(rows);
    return ok;
}

bool split_rows(const Pipeline *p, const SplitRows *rows, uint8_t *parts, SplitReport *report, Error *e)
{
    Unit unit = pipeline_unit(p);
    Roles roles = pipeline_roles(p);
    Table *columns = unit_columns(&unit, rows->table, p->source, e);
    TargetReach reach = {0};
    uint8_t *learned = NULL;
    bool is_classes = rows->target && rows->target->is_classes;
    SplitTask task = {&p->split, &unit, columns, is_classes ? table_column(rows->table, rows->target->name) : NULL, pipeline_split_seed(p),
                      &reach,    NULL};
    bool ok = find_learned(p, rows->table, &learned, e);
    task.learned = learned;
    if (!columns)
        error_prefix(e, "split: ");
    ok = ok && columns && reach_find(NULL, rows->before, rows->table, &roles, &reach, e) && split_assign(&task, parts, report, e);
    if (ok && reach.unknown && unit.order && unit.gap <= 0 && rows->notes)
        parts_note(rows->notes,
                   text_format("%s looks ahead, and nobody knows how far, so the last targets of a part may lie in the next one; split { "
                               "gap = ... } of the horizon keeps them apart",
                               reach.unknown));
    reach_done(&reach);
    mem_free(learned);
    table_unref(columns);
    return ok;
}

/* Parts that go by the answer would teach one answer and ask for another. */
static bool check_unit(const Pipeline *p, Error *e)
{
    Unit unit = pipeline_unit(p);
    const char *named[] = {unit.column, unit.order, unit.key}, *what[] = {unit_kind_name(unit.kind), "time", unit_kind_name(UNIT_KEY)};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (p->target && named[i] && text_equal(named[i], p->target))
            return error_set(e, ERROR_USAGE,
                             "%s: \"%s\" is the target; rows cannot be parted by what is to be predicted: name another column", what[i],
                             p->target);
    return true;
}

static bool assign_parts(const Pipeline *p, RawParts *out, Error *e)
{
    out->part = mem_try_alloc(out->structural->rows + 1, 1, e);
    SplitRows rows = {out->structural, out->before, &out->target, &out->notes};
    if (!out->part || !split_rows(p, &rows, out->part, &out->split, e) || !split_tables(out->structural, out->part, out->parts, e))
        return false;
    split_report_notes(&out->split, &out->notes);
    return true;
}

/* Rows of the source that were made of other rows of it, before there was a split. */
static void note_made_rows(const Pipeline *p, TextList *notes)
{
    const Table *t = p->source;
    uint64_t *ids = t && t->row_ids ? mem_copy(t->row_ids, t->rows * sizeof *ids) : NULL;
    size_t made = ids ? t->rows - row_digests_sort(ids, t->rows) : 0;
    mem_free(ids);
    if (made)
        parts_note(notes,
                   text_format("%zu of the %zu rows of the table were made of other rows of it before the split (by smote, oversample, "
                               "jitter, melt ...): figures of valid and test are too good; put such a step into the pipeline",
                               made, t->rows));
}

static bool check_any_left(const RawParts *parts, Error *e)
{
    if (parts->structural->rows)
        return true;
    Text account = {0};
    Value *rows = rows_report_value(&parts->rows);
    value_remove(rows, "used");
    rows_report_print(rows, &account);
    value_free(rows);
    error_set(e, ERROR_FAILED, "no row is left for the split: %s; loosen the step that left them out, or give more rows",
              text_get(&account));
    text_done(&account);
    return false;
}

bool pipeline_raw_parts(Job *job, const Pipeline *p, RawParts *out, Error *e)
{
    *out = (RawParts){.target.positive = -1};
    StepOrder order;
    Roles roles = pipeline_roles(p);
    order_make(p, p->recipe->count, &order);
    note_order(p, &order, &out->notes);
    note_made_rows(p, &out->notes);
    bool ok = check_unit(p, e) && order_check(&order, p->target, e) && side_check_names(p->recipe, e);
    out->structural = ok ? structural_table(job, p, &order.before, &out->rows, e) : NULL;
    out->split.left[LEFT_TARGET] = out->rows.left[LEFT_TARGET];
    for (size_t i = 0; i < order.before->notes.count; i++)
        text_list_add(&out->notes, order.before->notes.items[i]);
    out->before = recipe_ref(order.before);
    out->after = recipe_ref(order.after);
    order_done(&order);
    if (out->structural && check_any_left(out, e) && target_info_find(out->structural, &roles, &out->target, &out->notes, e) &&
        assign_parts(p, out, e))
        return true;
    raw_parts_done(out);
    return false;
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
    rows_report_done(&r->rows);
    text_list_done(&r->notes);
    mem_free(r->part);
    *r = (RawParts){0};
}
