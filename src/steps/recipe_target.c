/* Steps and the target: what a step after the split may name, and how the target is kept from it. */
#include "steps/recipe_target.h"

#include <string.h>

#include "steps/recipe.h"
#include "table/expr.h"

Table *target_hide(HiddenTarget *h, const Table *t, const Roles *roles, Error *e)
{
    *h = (HiddenTarget){t, roles && roles->target ? table_find(t, roles->target) : TABLE_NONE};
    return h->at == TABLE_NONE ? table_ref(t) : table_without(t, &h->at, 1, e);
}

/* Behind the nearest column that stood before the target and is still there. */
static size_t target_place(const Table *changed, const Table *t, int at)
{
    while (--at >= 0) {
        int still = table_find(changed, t->names[at]);
        if (still != TABLE_NONE)
            return (size_t)still + 1;
    }
    return 0;
}

static bool same_rows(const Table *a, const Table *b)
{
    if (a->rows != b->rows)
        return false;
    for (size_t i = 0; i < a->rows && (a->row_ids || b->row_ids); i++)
        if (table_row_id(a, i) != table_row_id(b, i))
            return false;
    return true;
}

static Column *target_column(const HiddenTarget *h, const Table *changed, Error *e)
{
    Column *target = h->from->columns[h->at];
    if (same_rows(changed, h->from))
        return column_ref(target);
    size_t *rows = mem_try_alloc(changed->rows + 1, sizeof *rows, e);
    bool ok = rows && query_match(h->from, changed, rows, e);
    for (size_t i = 0; ok && i < changed->rows; i++)
        if (rows[i] == SIZE_MAX)
            ok = error_set(e, ERROR_FAILED, "it makes rows of its own, which have no target");
    Column *c = ok ? column_select(target, rows, changed->rows, e) : NULL;
    mem_free(rows);
    return c;
}

Table *target_show(const HiddenTarget *h, Table *changed, Error *e)
{
    if (h->at == TABLE_NONE || !changed)
        return changed;
    const char *name = h->from->names[h->at];
    size_t place = target_place(changed, h->from, h->at);
    Column *target = NULL;
    if (table_find(changed, name) != TABLE_NONE)
        error_set(e, ERROR_USAGE, "it makes a column \"%s\", which is the target", name);
    else
        target = target_column(h, changed, e);
    Table *wide = target ? table_with(changed, name, target, e) : NULL;
    size_t count = wide ? wide->columns_count : 0;
    int *order = mem_alloc((count + 1) * sizeof *order);
    for (size_t i = 0, from = 0; i < count; i++)
        order[i] = (int)(i == place ? count - 1 : from++);
    Table *shown = wide ? table_pick(wide, order, count, e) : NULL;
    mem_free(order);
    table_unref(wide);
    table_unref(changed);
    return shown;
}

static bool expression_reads(const char *text, const char *column)
{
    Error ignored = {0};
    TextList names = {0};
    Expr *x = text ? expr_parse(text, &ignored) : NULL;
    bool reads = x && expr_columns(x, &names) && text_list_has(&names, column);
    expr_free(x);
    text_list_done(&names);
    return reads;
}

/* A name, a list of them, or a map between them. */
static bool holds_name(const Value *v, const char *column)
{
    if (v && v->type == VALUE_TEXT)
        return text_equal(v->text, column);
    for (size_t i = 0; i < value_items(v); i++)
        if ((v->type == VALUE_MAP && text_equal(v->keys[i], column)) || holds_name(v->items[i], column))
            return true;
    return false;
}

static bool value_names(const Field *f, const Value *v, const char *column)
{
    TextList read = {0};
    if (f->reads)
        f->reads(v, &read);
    bool names = text_list_has(&read, column) || (f->names_column && holds_name(v, column));
    text_list_done(&read);
    return names;
}

bool step_field_names(const Field *f, const void *params, const char *column)
{
    const void *slot = (const char *)params + f->offset;
    if (f->of_other)
        return false;
    switch (f->type) {
    case FIELD_COLUMNS: return text_list_has(slot, column);
    case FIELD_EXPRESSION: return expression_reads(*(char *const *)slot, column);
    case FIELD_TEXT: return f->names_column && text_equal(*(char *const *)slot, column);
    case FIELD_VALUE: return value_names(f, *(Value *const *)slot, column);
    default: return false;
    }
}

bool step_use_names(const StepUse *use, const char *column)
{
    for (const Field *f = use->step->spec.params; f && f->name; f++)
        if (step_field_names(f, use->params, column))
            return true;
    return false;
}

bool step_use_selects(const StepUse *use, const char *column)
{
    for (const Field *f = use->step->spec.params; f && f->name; f++)
        if (f->type == FIELD_COLUMNS && step_field_names(f, use->params, column))
            return true;
    return false;
}

bool recipe_check_target(const Recipe *after, const char *target, Error *e)
{
    for (size_t i = 0; target && i < after->count; i++) {
        const StepUse *use = &after->uses[i];
        if (use->off || use->step->uses_target || !step_use_names(use, target))
            continue;
        const char *mend =
            step_is_structural(use->step) ? "put it before the split" : "it learns from rows, so it runs there; leave the target out of it";
        return error_set(e, ERROR_USAGE, "%s: no step after the split may read or change the target \"%s\"; %s", use->step->spec.name,
                         target, mend);
    }
    return true;
}
