/* Commands of the Recipe view: edits of the list of steps. */
#include <stdint.h>
#include <string.h>

#include "base/number.h"
#include "views/commands.h"
#include "views/recipe.h"

/* Exactly one cursor is on the screen, and the keys of the steps act where it is seen. */
static bool need_steps(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    if (w->pane == RECIPE_STEPS)
        return true;
    text_add(why, "the cursor is in the features; Tab goes back to the steps");
    return false;
}

static bool need_step(const Workbench *w, Text *why)
{
    if (!need_steps(w, why))
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

static bool need_on(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    const Recipe *r = app_document(w->app)->pipeline->recipe;
    for (size_t i = 0; i < r->count; i++)
        if (!r->uses[i].off)
            return true;
    text_add(why, "nothing to price: no step is on; a adds one, A repairs");
    return false;
}

static bool need_going_on(const Workbench *w, Text *why)
{
    if (app_is_asking(w->app))
        return true;
    if (app_run(w->app) && tail_is_alive(app_run(w->app)))
        text_add(why, "what is going on is no pricing; 5 shows it, and s stops it there");
    else
        text_add(why, "nothing is being priced or drawn; p prices, c draws the curve of features");
    return false;
}

static bool need_answer(const Workbench *w, Text *why, AppCall question)
{
    Error e = {0};
    if (!need_table(w, why))
        return false;
    bool can = app_check_answer(w->app, question, &e);
    text_add(why, can ? "" : e.message);
    return can;
}

static bool need_price(const Workbench *w, Text *why)
{
    return need_answer(w, why, APP_PRICE);
}

static bool need_curve(const Workbench *w, Text *why)
{
    return need_answer(w, why, APP_SELECT);
}

static bool ask(Workbench *w, AppCall question, const Value *options, Error *e)
{
    w->waits_in = w->view;
    return app_ask(w->app, question, options, e);
}

/* argument: options of price, as folds=10. */
static bool run_price(Workbench *w, const char *argument, Error *e)
{
    Value *options = argument ? command_options(&price_spec, argument, e) : NULL;
    bool ok = (!argument || options) && ask(w, APP_PRICE, options, e);
    value_free(options);
    return ok;
}

static bool run_strike(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_strike(w->app, "Recipe S", e);
}

static bool run_stop(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_control(w->app, "stop", NULL, e);
}

/* What of select_features is asked before it starts; the rest is as the net is trained. */
typedef struct CurveForm {
    int keep_by;
    int64_t folds;
    double margin;
} CurveForm;

static const Field curve_rows[] = {
    {CHOICE_FIELD(CurveForm, keep_by), .doc = "what ranks the features: trained nets, or a measure of the step select", .def = "importance",
     .choices = keep_by_names},
    {INT_FIELD(CurveForm, folds), .doc = "parts, each held out once", .def = "5", .min = 2, .max = 100, .soft_min = 3, .soft_max = 10},
    {REAL_FIELD(CurveForm, margin), .doc = "so much worse than with all still counts as as good", .def = "0.01", .max = 1,
     .soft_min = 0.001, .soft_max = 0.05, .scale = SCALE_LOG},
    {0},
};
static const Spec curve_spec = {.name = "select_features",
                                .doc = "how few features are as good as all",
                                .group = "learning",
                                .params = curve_rows,
                                .params_size = sizeof(CurveForm)};

static bool apply_curve(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    if (!ask(w, APP_SELECT, params, e))
        return false;
    w->pane = RECIPE_FEATURES;
    return true;
}

static bool run_curve(Workbench *w, const char *argument, Error *e)
{
    if (!argument) {
        popup_form(w,
                   &(FormUse){.spec = &curve_spec, .remark = "cross-validated", .lua_prefix = "p:select_features", .apply = apply_curve});
        return true;
    }
    Value *options = command_options(&select_features_spec, argument, e);
    bool ok = options && apply_curve(w, NULL, options, e);
    value_free(options);
    return ok;
}

/* As many as the cursor says where it is in the curve, else as the answer says. argument: a number. */
static bool run_keep(Workbench *w, const char *argument, Error *e)
{
    int64_t k = w->pane == RECIPE_FEATURES ? value_get_int(recipe_cursor_point(w), "keep", 0) : 0;
    if (argument && (!number_parse_int(argument, strlen(argument), &k) || k < 1))
        return error_set(e, ERROR_USAGE, "how many features stay is a whole number from 1, not \"%s\"", argument);
    if (!app_keep_features(w->app, (size_t)k, "Recipe m", e))
        return false;
    w->pane = RECIPE_STEPS;
    return true;
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
RECIPE(edit, "change the parameters, with a preview", "<Enter>", 2, "edit", run_edit, need_steps);
RECIPE(switch, "switch the step off or on", "x", 3, "on/off", run_switch, need_step);
RECIPE(price, "price: what each step is worth, cross-validated; a worker does it", "p", 4, "price", run_price, need_on);
RECIPE(strike, "switch off all steps that buy nothing", "S", 5, "strike", run_strike, need_price);
RECIPE(curve, "how few features do: a cross-validated curve; a worker draws it", "c", 6, "curve", run_curve, need_table);
RECIPE(keep, "keep so many features: a step that leaves the others out", "m", 7, "keep", run_keep, need_curve);
RECIPE(stop, "stop the pricing or the curve; what is known stays", "s", 8, "stop", run_stop, need_going_on);
RECIPE(down, "move the step down", "J", 9, "down", run_down, need_step);
RECIPE(up, "move the step up", "K", 10, "up", run_up, need_step);
RECIPE(drop, "take the step out", "d", 11, "drop", run_drop, need_step);
