/* Commands of the Net view: edits of the list of layers, and the training plan. */
#include <string.h>

#include "learn/plans.h"
#include "views/commands.h"
#include "views/net.h"

static bool need_layer(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    if (net_cursor_layer(w) != SIZE_MAX)
        return true;
    text_add(why, "input and output follow from the table; j goes to a layer");
    return false;
}

static const SpecList *layers_of(const Workbench *w)
{
    return &app_document(w->app)->train.net;
}

/* A copy of the layers with one put in, replaced or left out. */
static void insert_layer(SpecList *list, size_t at, const Spec *spec, void *params)
{
    spec_list_add(list, spec, params);
    for (size_t i = list->count - 1; i > at; i--) {
        SpecUse moved = list->items[i];
        list->items[i] = list->items[i - 1];
        list->items[i - 1] = moved;
    }
}

static bool set_layers(Workbench *w, SpecList *list, const char *place)
{
    bool ok = app_set_net(w->app, list, place);
    spec_list_done(list);
    return ok;
}

typedef struct LayerForm {
    const Spec *spec;
    size_t at;
    bool is_new;
} LayerForm;

static bool apply_layer(Workbench *w, void *self, const Value *params, Error *e)
{
    const LayerForm *f = self;
    void *block = params_from_value(f->spec, params, e);
    SpecList list;
    if (!block)
        return false;
    if (f->at + !f->is_new > layers_of(w)->count) {
        params_free(f->spec, block);
        return error_set(e, ERROR_FAILED, "the net has changed meanwhile: it has no layer %zu any more", f->at + 1);
    }
    spec_list_copy(&list, layers_of(w));
    if (f->is_new) {
        insert_layer(&list, f->at, f->spec, block);
    } else {
        spec_use_done(&list.items[f->at]);
        list.items[f->at] = (SpecUse){f->spec, block};
    }
    return set_layers(w, &list, f->is_new ? "Net a" : "Net Enter");
}

static void open_form(Workbench *w, const Spec *spec, size_t at, const void *params)
{
    LayerForm *f = MEM_NEW(LayerForm);
    *f = (LayerForm){spec, at, params == NULL};
    Value *v = params ? fields_to_value(spec->params, params, false) : NULL;
    char *prefix = text_format("lb.%s", spec->name);
    popup_form(
        w, &(FormUse){
               .spec = spec, .params = v, .remark = params ? "layer" : "new layer", .lua_prefix = prefix, .apply = apply_layer, .self = f});
    mem_free(prefix);
    value_free(v);
}

static size_t place_after_cursor(const Workbench *w)
{
    size_t at = net_cursor_layer(w);
    return at == SIZE_MAX ? layers_of(w)->count : at + 1;
}

static void new_layer(Workbench *w, const Spec *spec)
{
    open_form(w, spec, place_after_cursor(w), NULL);
}

static bool add_answer(Workbench *w, const char *text, Error *e)
{
    const Spec *spec = registry_get("layer", text, e);
    if (spec)
        new_layer(w, spec);
    return spec != NULL;
}

static bool run_add(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return add_answer(w, argument, e);
    popup_pick(w, "Layers", registry_find_family("layer"), new_layer);
    return true;
}

static bool run_edit(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    size_t at = net_cursor_layer(w);
    const SpecUse *use = &layers_of(w)->items[at];
    open_form(w, use->spec, at, use->params);
    return true;
}

static bool scale_width(Workbench *w, bool larger, Error *e)
{
    size_t at = net_cursor_layer(w);
    SpecList list;
    const SpecUse *use = &layers_of(w)->items[at];
    const Field *f = fields_find(use->spec->params, "width");
    f = f ? f : fields_find(use->spec->params, "filters");
    if (!f)
        return error_set(e, ERROR_FAILED, "%s has no width; Enter edits it", use->spec->name);
    spec_list_copy(&list, layers_of(w));
    Value *now = field_get(f, list.items[at].params);
    int64_t width = larger ? now->integer * 2 : now->integer / 2;
    value_free(now);
    Value *next = value_int(width);
    bool ok = field_set(f, list.items[at].params, next, use->spec->name, e);
    value_free(next);
    if (ok)
        return set_layers(w, &list, larger ? "Net right" : "Net left");
    spec_list_done(&list);
    return false;
}

static bool run_wider(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return scale_width(w, true, e);
}

static bool run_thinner(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return scale_width(w, false, e);
}

static bool run_drop(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    SpecList list;
    size_t at = net_cursor_layer(w);
    spec_list_copy(&list, layers_of(w));
    spec_use_done(&list.items[at]);
    memmove(&list.items[at], &list.items[at + 1], (list.count - at - 1) * sizeof *list.items);
    list.count--;
    return set_layers(w, &list, "Net d");
}

static bool move_by(Workbench *w, int by, Error *e)
{
    size_t at = net_cursor_layer(w), to = at + (size_t)by;
    SpecList list;
    if (to >= layers_of(w)->count)
        return error_set(e, ERROR_FAILED, "the layer is already at the end of the list");
    spec_list_copy(&list, layers_of(w));
    SpecUse moved = list.items[at];
    list.items[at] = list.items[to];
    list.items[to] = moved;
    bool ok = set_layers(w, &list, by < 0 ? "Net K" : "Net J");
    net_set_cursor(w, to);
    return ok;
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

static bool apply_plan(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    TrainPlan *plan = params_from_value(&train_spec, params, e);
    if (!plan)
        return false;
    Document *next = document_edit(app_document(w->app), "training plan", "Net p");
    fields_done(train_spec.params, &next->train);
    next->train = *plan;
    mem_free(plan);
    return app_edit(w->app, next, e);
}

static bool run_plan(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    Value *params = fields_to_value(train_spec.params, &app_document(w->app)->train, false);
    popup_form(w,
               &(FormUse){.spec = &train_spec, .params = params, .remark = "training plan", .lua_prefix = "p:train", .apply = apply_plan});
    value_free(params);
    return true;
}

#define NET(id, text, k, place, short_word, fn, may) \
    const Command command_net_##id = {.spec = {.name = "net_" #id, .doc = text, .group = "n net"}, \
                                      .key = k, \
                                      .views = IN(VIEW_NET), \
                                      .hint = place, \
                                      .word = short_word, \
                                      .can_run = may, \
                                      .run = fn}

NET(add, "add a layer after this one", "a", 1, "add", run_add, need_table);
NET(edit, "change the layer", "<Enter>", 2, "edit", run_edit, need_layer);
NET(wider, "double the width", "<Right>", 3, "wider", run_wider, need_layer);
NET(thinner, "halve the width", "<Left>", 0, NULL, run_thinner, need_layer);
NET(down, "move the layer down", "J", 0, NULL, run_down, need_layer);
NET(up, "move the layer up", "K", 0, NULL, run_up, need_layer);
NET(drop, "take the layer out", "d", 5, "drop", run_drop, need_layer);
NET(plan, "epochs, batch, optimizer, schedule, early stop, L1, L2", "p", 6, "plan", run_plan, need_table);
