/* Commands of the Recipe view: edits of the list of steps. */
#include <stdint.h>
#include <string.h>

#include "tui/list.h"
#include "views/commands.h"
#include "views/recipe.h"

static bool need_step(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    if (recipe_cursor_step(w) != SIZE_MAX)
        return true;
    text_add(why, app_document(w->app)->pipeline->recipe->count ? "the split is always there; Enter changes it"
                                                                : "no steps yet; a adds one, A repairs");
    return false;
}

static bool apply_split(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    SplitPlan *plan = params_from_value(&split_spec, params, e);
    if (!plan)
        return false;
    const Document *d = app_document(w->app);
    Document *next = document_edit(d, "split", "Recipe Enter");
    Pipeline *p = pipeline_copy(d->pipeline);
    fields_done(split_spec.params, &p->split);
    p->split = *plan;
    mem_free(plan);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    return app_edit(w->app, next, e);
}

static bool edit_split(Workbench *w)
{
    Value *params = fields_to_value(split_spec.params, &app_document(w->app)->pipeline->split, false);
    popup_form(w, &(FormUse){.spec = &split_spec, .params = params, .lua_prefix = ":split", .apply = apply_split});
    value_free(params);
    return true;
}

static bool run_edit(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    size_t at = recipe_cursor_step(w);
    if (at == SIZE_MAX)
        return edit_split(w);
    popup_step_edit(w, at, "Recipe Enter");
    return true;
}

static void new_step(Workbench *w, const Spec *spec)
{
    popup_step_new(w, (const Step *)(const void *)spec, NULL, "Recipe a");
}

static bool run_add(Workbench *w, const char *argument, Error *e)
{
    (void)e;
    if (argument)
        command_line_run(w, argument);
    else
        popup_pick(w, "Steps", step_family(), new_step);
    return true;
}

static bool run_switch(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return app_switch_step(w->app, recipe_cursor_step(w), "Recipe x");
}

static bool run_drop(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    return app_remove_step(w->app, recipe_cursor_step(w), "Recipe d");
}

static bool move_by(Workbench *w, int by, Error *e)
{
    size_t at = recipe_cursor_step(w), to = at + (size_t)by;
    if ((by < 0 && at == 0) || to >= app_document(w->app)->pipeline->recipe->count)
        return error_set(e, ERROR_FAILED, "the step is already at the end of the list");
    if (!app_move_step(w->app, at, to, by < 0 ? "Recipe K" : "Recipe J"))
        return false;
    recipe_follow(w, by);
    return true;
}

static bool run_down(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return move_by(w, 1, e);
}

static bool run_up(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return move_by(w, -1, e);
}

#define RECIPE(id, text, k, place, short_word, fn, may) \
    const Command command_recipe_##id = {.spec = {.name = "recipe_" #id, .doc = text, .group = "r recipe"}, \
                                         .key = k, \
                                         .views = IN(VIEW_RECIPE), \
                                         .hint = place, \
                                         .word = short_word, \
                                         .can_run = may, \
                                         .run = fn}

RECIPE(add, "add a step: choose it by name", "a", 1, "add", run_add, need_table);
RECIPE(edit, "change the parameters, with a preview", "<Enter>", 2, "edit", run_edit, need_table);
RECIPE(switch, "switch the step off or on", "x", 3, "on/off", run_switch, need_step);
RECIPE(down, "move the step down", "J", 4, "down", run_down, need_step);
RECIPE(up, "move the step up", "K", 5, "up", run_up, need_step);
RECIPE(drop, "take the step out", "d", 6, "drop", run_drop, need_step);
