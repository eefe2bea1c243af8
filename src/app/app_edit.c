/* Edits of the document. Each makes a snapshot and asks for a new view. */
#include "app/app.h"

#include <stdint.h>
#include <string.h>

#include "app/app_state.h"

static bool need_document(const App *a, Error *e)
{
    return app_document(a) ? true : error_set(e, ERROR_FAILED, "no table open; o opens one");
}

void app_changed(App *a)
{
    app_request_view(a);
    app_work_keep(a);
}

bool app_edit(App *a, Document *next, Error *e)
{
    if (!need_document(a, e) || !app_may_edit(a, e)) {
        document_unref(next);
        return false;
    }
    document_follow_train(next, app_document(a));
    history_push(&a->history, next);
    app_changed(a);
    app_say(a, false, "%s   U undoes it", next->change ? next->change : "changed");
    return true;
}

bool app_put_recipe(App *a, const RecipeEdit *edit, Error *e)
{
    const Document *d = app_document(a);
    Pipeline *p = pipeline_with_recipe(d->pipeline, edit->recipe, edit->split_at);
    recipe_unref(edit->recipe);
    if (!pipeline_check_target(p, e)) {
        pipeline_unref(p);
        return false;
    }
    Document *next = document_edit(d, edit->change, edit->place);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    return app_edit(a, next, e);
}

/* An edit that is refused says why in the status line. */
static bool push_or_say(App *a, const RecipeEdit *edit)
{
    Error e = {0};
    bool ok = app_put_recipe(a, edit, &e);
    if (!ok)
        app_say_error(a, &e);
    return ok;
}

/* What stands before the split sees the target and is in time for the order of rows; what comes after is in time for neither. */
static bool belongs_before(const Pipeline *p, const Step *step, const void *params)
{
    const StepUse use = {.step = step, .params = (void *)(uintptr_t)params};
    Roles roles = pipeline_roles(p);
    const char *const named[] = {roles.target, roles.key, roles.group, roles.time};
    if (p->split_at == SIZE_MAX || !step_is_structural(step))
        return false;
    bool any = (params ? step_use_effect(&use) : step->effect) == STEP_DROPS_ROWS || step_has_context(step);
    for (size_t i = 0; params && i < sizeof named / sizeof *named; i++)
        any = any || (named[i] && step_use_names(&use, named[i]));
    return any;
}

/* Structural steps that drop rows or name the target or the unit go to the end of the prefix before the split, all others to the end;
 * encoders stay last among themselves. */
static size_t right_place(const Pipeline *p, const Step *step, const void *params)
{
    if (belongs_before(p, step, params))
        return p->split_at;
    size_t at = p->recipe->count, least = p->split_at == SIZE_MAX ? 0 : p->split_at;
    while (!document_encodes(step) && at > least && document_encodes(p->recipe->uses[at - 1].step))
        at--;
    return at;
}

size_t app_step_place(const App *a, const Step *step, const void *params)
{
    return app_document(a) ? right_place(app_document(a)->pipeline, step, params) : 0;
}

static char *change_text(const char *step, const Value *params)
{
    const Value *columns = params ? value_get(params, "columns") : NULL;
    if (columns && columns->type == VALUE_LIST && columns->size == 1)
        return text_format("%s %s", step, columns->items[0]->text);
    return mem_strdup(step);
}

/* A dry run on a few rows, so that a step that cannot work is refused before it is in the document. */
static bool try_step(App *a, size_t at, const Step *step, const void *params, Error *e)
{
    AppPreview preview;
    if (!app_preview(a, at, step, params, &preview, e))
        return false;
    app_preview_done(&preview);
    return true;
}

bool app_add_step(App *a, size_t at, const char *name, const Value *params, const char *place, Error *e)
{
    if (!need_document(a, e) || !registry_get("step", name, e))
        return false;
    const Step *step = step_find(name);
    const Pipeline *p = app_document(a)->pipeline;
    void *block = params_from_value(&step->spec, params, e);
    if (!block)
        return false;
    if (at == SIZE_MAX)
        at = right_place(p, step, block);
    if (!try_step(a, at, step, block, e)) {
        params_free(&step->spec, block);
        return false;
    }
    bool before = at <= p->split_at && belongs_before(p, step, block);
    char *change = change_text(name, params);
    Recipe *recipe = recipe_insert(p->recipe, at, step, block);
    params_free(&step->spec, block);
    size_t split = p->split_at == SIZE_MAX ? SIZE_MAX : p->split_at + (before || at < p->split_at);
    bool ok = app_put_recipe(a, &(RecipeEdit){recipe, split, change, place}, e);
    mem_free(change);
    return ok;
}

bool app_replace_step(App *a, size_t at, const Value *params, const char *place, Error *e)
{
    const Pipeline *p = app_document(a)->pipeline;
    if (at >= p->recipe->count)
        return error_set(e, ERROR_FAILED, "the recipe has changed meanwhile: it has no step %zu any more", at + 1);
    const Step *step = p->recipe->uses[at].step;
    void *block = params_from_value(&step->spec, params, e);
    if (!block)
        return false;
    bool ok = try_step(a, at, step, block, e);
    if (ok) {
        char *change = text_format("edit %s", step->spec.name);
        ok = app_put_recipe(a, &(RecipeEdit){recipe_replace(p->recipe, at, block), p->split_at, change, place}, e);
        mem_free(change);
    }
    params_free(&step->spec, block);
    return ok;
}

bool app_remove_step(App *a, size_t at, const char *place)
{
    const Pipeline *p = app_document(a)->pipeline;
    char *change = text_format("drop step %zu, %s", at + 1, p->recipe->uses[at].step->spec.name);
    size_t split = p->split_at != SIZE_MAX && at < p->split_at ? p->split_at - 1 : p->split_at;
    bool ok = push_or_say(a, &(RecipeEdit){recipe_remove(p->recipe, at), split, change, place});
    mem_free(change);
    return ok;
}

bool app_move_step(App *a, size_t from, size_t to, const char *place)
{
    const Pipeline *p = app_document(a)->pipeline;
    if (from >= p->recipe->count || to >= p->recipe->count)
        return false;
    char *change = text_format("move %s to %zu", p->recipe->uses[from].step->spec.name, to + 1);
    bool ok = push_or_say(a, &(RecipeEdit){recipe_move(p->recipe, from, to), p->split_at, change, place});
    mem_free(change);
    return ok;
}

bool app_switch_step(App *a, size_t at, const char *place)
{
    const Pipeline *p = app_document(a)->pipeline;
    bool off = !p->recipe->uses[at].off;
    char *change = text_format("%s off: %s", p->recipe->uses[at].step->spec.name, off ? "yes" : "no");
    bool ok = push_or_say(a, &(RecipeEdit){recipe_switch(p->recipe, at, off), p->split_at, change, place});
    mem_free(change);
    return ok;
}

/* The column that is the target already: what of its numbers is predicted. */
static Pipeline *next_target_type(const Pipeline *p)
{
    Pipeline *next = pipeline_copy(p);
    next->target_type = target_type_choices[p->target_type + 1] ? p->target_type + 1 : TARGET_AUTO;
    return next;
}

bool app_set_target(App *a, const char *target, const char *place, Error *e)
{
    if (!need_document(a, e))
        return false;
    const Document *d = app_document(a);
    const Table *t = a->shown && table_find(a->shown, target) != TABLE_NONE ? a->shown : d->pipeline->source; /* a step may have made it */
    int index = table_get(t, target, e);
    if (index == TABLE_NONE)
        return false;
    const Column *c = t->columns[index];
    bool again = text_equal(target, d->pipeline->target) && (c->type == COLUMN_INT || c->type == COLUMN_REAL);
    Pipeline *p = again ? next_target_type(d->pipeline) : pipeline_with_target(d->pipeline, target, NULL);
    char *change = again ? text_format("target %s as %s", target, target_type_choices[p->target_type]) : text_format("target %s", target);
    Document *next = document_with_target(d, t, p, change, place);
    mem_free(change);
    return app_edit(a, next, e);
}

bool app_set_net(App *a, const SpecList *layers, const char *place)
{
    Error e = {0};
    Document *next = document_edit(app_document(a), "net", place);
    spec_list_done(&next->train.net);
    spec_list_copy(&next->train.net, layers);
    bool ok = app_edit(a, next, &e);
    if (!ok)
        app_say_error(a, &e);
    return ok;
}

static bool step_history(App *a, bool (*go)(History *), const char *none, const char *said)
{
    Error e = {0};
    if (!app_may_edit(a, &e)) {
        app_say_error(a, &e);
        return false;
    }
    if (!a->has_document || !go(&a->history)) {
        app_say(a, false, "%s", none);
        return false;
    }
    app_changed(a);
    app_say(a, false, "%s", said);
    return true;
}

bool app_undo(App *a)
{
    return step_history(a, history_undo, "nothing to undo", "undone   R does it again");
}

bool app_redo(App *a)
{
    return step_history(a, history_redo, "nothing to redo", "done again   U undoes it");
}

char *app_script(const App *a)
{
    Text out = {0};
    if (app_document(a))
        document_to_script(app_document(a), &out);
    return text_take(&out);
}
