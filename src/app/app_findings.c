/* Findings of the profile: which are taken, what their repairs would change, and adding them. */
#include <stdint.h>
#include <string.h>

#include "app/app_state.h"

static char *name_of(const Finding *f)
{
    return text_format("%s\t%s", f->column ? f->column : "", f->step ? f->step : "");
}

static const Finding *finding_at(const App *a, size_t finding)
{
    return a->profile && finding < a->profile->findings_count ? &a->profile->findings[finding] : NULL;
}

bool app_finding_is_on(const App *a, size_t finding)
{
    const Finding *f = finding_at(a, finding);
    if (!f || !f->step)
        return false;
    char *name = name_of(f);
    bool on = f->is_optional == text_list_has(&a->switched, name);
    mem_free(name);
    return on;
}

void app_switch_finding(App *a, size_t finding)
{
    const Finding *f = finding_at(a, finding);
    if (!f || !f->step)
        return;
    TextList kept = {0};
    char *name = name_of(f);
    for (size_t i = 0; i < a->switched.count; i++)
        if (!text_equal(a->switched.items[i], name))
            text_list_add(&kept, a->switched.items[i]);
    if (kept.count == a->switched.count)
        text_list_add(&kept, name);
    text_list_done(&a->switched);
    a->switched = kept;
    mem_free(name);
}

static bool need_profile(const App *a, Error *e)
{
    if (!app_document(a))
        return error_set(e, ERROR_FAILED, "no table open; o opens one");
    return a->profile ? true : error_set(e, ERROR_FAILED, "the table is still being profiled; try again in a moment");
}

bool app_repair(App *a, Error *e)
{
    if (!need_profile(a, e))
        return false;
    bool *taken = mem_alloc((a->profile->findings_count + 1) * sizeof *taken);
    for (size_t i = 0; i < a->profile->findings_count; i++)
        taken[i] = app_finding_is_on(a, i);
    Document *next = document_with_repairs(app_document(a), a->profile, taken, true);
    mem_free(taken);
    return app_edit(a, next, e);
}

bool app_repair_finding(App *a, size_t finding, Error *e)
{
    if (!need_profile(a, e) || finding >= a->profile->findings_count)
        return false;
    RepairPreview *p = app_repair_preview(a, finding);
    bool ok = p && !*p->problem;
    if (!ok)
        error_set(e, ERROR_FAILED, "%s", p ? p->problem : "no step repairs this finding");
    app_repair_preview_free(p);
    if (!ok)
        return false;
    bool *taken = mem_alloc((a->profile->findings_count + 1) * sizeof *taken);
    taken[finding] = true;
    Document *next = document_with_repairs(app_document(a), a->profile, taken, false);
    mem_free(taken);
    return app_edit(a, next, e);
}

/* Only the columns that the repair names: a wide table costs no more than a narrow one. */
static Table *columns_of(const App *a, const Finding *f, Error *e)
{
    int at = f->column ? table_find(a->shown, f->column) : TABLE_NONE;
    return at == TABLE_NONE ? table_ref(a->shown) : table_pick(a->shown, &at, 1, e);
}

static char *cell_text(const Column *c, size_t row)
{
    Text text = {0};
    if (!column_is_valid(c, row))
        return NULL;
    column_format(c, row, &text);
    return text_take(&text);
}

static void show_cells(RepairPreview *p, const Table *before, const Table *after)
{
    const Column *old = before->columns[0], *new = table_column(after, before->names[0]);
    bool same_rows = new && before->rows == after->rows;
    for (size_t row = 0; same_rows && row < before->rows && p->shown_count < REPAIR_SHOWN; row++) {
        char *a = cell_text(old, row), *b = cell_text(new, row);
        bool same = text_equal(a, b);
        if (!same)
            p->shown[p->shown_count++] = (RepairCell){table_row_id(before, row), a, b};
        if (same) {
            mem_free(a);
            mem_free(b);
        }
    }
}

static void show_rows(RepairPreview *p, const Table *before, const Table *after)
{
    for (size_t row = 0, kept = 0; row < before->rows && p->shown_count < REPAIR_SHOWN; row++) {
        if (kept < after->rows && table_row_id(after, kept) == table_row_id(before, row))
            kept++;
        else
            p->shown[p->shown_count++] = (RepairCell){table_row_id(before, row), cell_text(before->columns[0], row), NULL};
    }
}

static void compare(RepairPreview *p, const Table *before, const Table *after)
{
    StepEffectReport effect;
    recipe_compare(before, after, &effect);
    p->cells = effect.cells_touched;
    p->rows_gone = before->rows - after->rows;
    p->columns_gone = effect.columns_removed;
    if (p->rows_gone)
        show_rows(p, before, after);
    else if (!p->columns_gone)
        show_cells(p, before, after);
}

RepairPreview *app_repair_preview(App *a, size_t finding)
{
    const Finding *f = finding_at(a, finding);
    const Step *step = f && f->step && a->shown ? step_find(f->step) : NULL;
    if (!step)
        return NULL;
    RepairPreview *p = MEM_NEW(RepairPreview);
    Error e = {0};
    Table *before = columns_of(a, f, &e), *after = NULL;
    void *params = before ? params_from_value(&step->spec, f->params, &e) : NULL;
    Recipe *empty = recipe_new(), *one = params ? recipe_insert(empty, 0, step, params) : NULL;
    Recipe *fitted = one ? recipe_fit(NULL, one, before, &(Roles){0}, app_document(a)->pipeline->seed, &after, &e) : NULL;
    if (fitted) {
        compare(p, before, after);
        p->notes = text_list_copy(&fitted->notes);
    } else {
        error_format(&e, p->problem, sizeof p->problem);
    }
    recipe_unref(fitted);
    recipe_unref(one);
    recipe_unref(empty);
    params_free(&step->spec, params);
    table_unref(after);
    table_unref(before);
    return p;
}

void app_repair_preview_free(RepairPreview *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->shown_count; i++) {
        mem_free(p->shown[i].before);
        mem_free(p->shown[i].after);
    }
    text_list_done(&p->notes);
    mem_free(p);
}
