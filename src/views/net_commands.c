/* Commands of the Net view: edits of the list of layers, and the training plan. */
#include <string.h>

#include "learn/plans.h"
#include "net/layer.h"
#include "net/stages.h"
#include "views/commands.h"
#include "views/net.h"

static bool need_layer(const Workbench *w, Text *why)
{
    if (!need_table(w, why))
        return false;
    if (net_cursor(w).depth)
        return true;
    text_add(why, "input and output follow from the table; j goes to a layer");
    return false;
}

static const SpecList *layers_of(const Workbench *w)
{
    return &app_document(w->app)->train.net;
}

/* A copy of the net with an edit begun: the list that the cursor's layer lies in. */
typedef struct Edit {
    SpecList net, *list;
    LayerAddress at;
    size_t place; /* in the list */
} Edit;

static bool edit_at(const SpecList *net, LayerAddress at, Edit *edit, Error *e)
{
    spec_list_copy(&edit->net, net);
    edit->at = at;
    edit->list = address_list(&edit->net, &at);
    edit->place = address_place(&at);
    if (edit->list && edit->place < edit->list->count)
        return true;
    spec_list_done(&edit->net);
    return error_set(e, ERROR_FAILED, "the net has changed meanwhile: that layer is not there any more");
}

static bool begin_edit(const Workbench *w, Edit *edit, Error *e)
{
    return edit_at(layers_of(w), net_cursor(w), edit, e);
}

/* The cursor goes to edit->at. */
static bool end_edit(Workbench *w, Edit *edit, const char *keys)
{
    bool ok = app_set_net(w->app, &edit->net, keys);
    spec_list_done(&edit->net);
    net_set_cursor(w, edit->at);
    return ok;
}

static bool give_up(Edit *edit)
{
    spec_list_done(&edit->net);
    return false;
}

typedef enum FormDeed { FORM_CHANGE, FORM_BEHIND, FORM_INSIDE, FORM_WRAP } FormDeed;

typedef struct LayerForm {
    const Spec *spec;
    LayerAddress at; /* no depth: the end of the net */
    FormDeed deed;
} LayerForm;

static void put_behind(Edit *edit, SpecUse use)
{
    edit->at.at[edit->at.depth - 1] = ++edit->place;
    layers_insert(edit->list, edit->place, use);
}

static void put_inside(Edit *edit, SpecUse use)
{
    layers_insert(block_layers(&edit->list->items[edit->place]), 0, use);
    if (edit->at.depth < ADDRESS_DEPTH)
        edit->at.at[edit->at.depth++] = 0;
}

/* The layer goes into the block that takes its place. */
static void wrap(Edit *edit, SpecUse block)
{
    SpecUse layer = layers_take(edit->list, edit->place);
    SpecList *inner = block_layers(&block);
    layers_insert(inner, inner->count, layer);
    const char *branch = block_field(block.spec)->lists_as;
    const Spec *empty = branch ? registry_find("layer", branch) : NULL;
    if (empty) /* branches: beside the layer, what comes in */
        spec_list_add(inner, empty, params_new(empty));
    layers_insert(edit->list, edit->place, block);
}

static bool apply_layer(Workbench *w, void *self, const Value *params, Error *e)
{
    static const char *const keys[] = {"Net Enter", "Net a", "Net i", "Net w"};
    const LayerForm *f = self;
    SpecUse use = {f->spec, params_from_value(f->spec, params, e)};
    Edit edit = {0};
    if (!use.params)
        return false;
    if (!f->at.depth) {
        spec_list_copy(&edit.net, layers_of(w));
        edit.at = address_of(edit.net.count);
        layers_insert(&edit.net, edit.net.count, use);
        return end_edit(w, &edit, keys[f->deed]);
    }
    if (!edit_at(layers_of(w), f->at, &edit, e)) {
        spec_use_done(&use);
        return false;
    }
    if (f->deed == FORM_BEHIND) {
        put_behind(&edit, use);
    } else if (f->deed == FORM_INSIDE) {
        put_inside(&edit, use);
    } else if (f->deed == FORM_WRAP) {
        wrap(&edit, use);
    } else {
        spec_use_done(&edit.list->items[edit.place]);
        edit.list->items[edit.place] = use;
    }
    return end_edit(w, &edit, keys[f->deed]);
}

static void open_form(Workbench *w, const Spec *spec, FormDeed deed, const void *params)
{
    LayerForm *f = MEM_NEW(LayerForm);
    *f = (LayerForm){spec, net_cursor(w), deed};
    Value *v = params ? fields_to_value(spec->params, params, false) : NULL;
    char *prefix = text_format("lb.%s", spec->name);
    popup_form(
        w, &(FormUse){
               .spec = spec, .params = v, .remark = params ? "layer" : "new layer", .lua_prefix = prefix, .apply = apply_layer, .self = f});
    mem_free(prefix);
    value_free(v);
}

static void new_behind(Workbench *w, const Spec *spec)
{
    open_form(w, spec, FORM_BEHIND, NULL);
}

static void new_inside(Workbench *w, const Spec *spec)
{
    open_form(w, spec, FORM_INSIDE, NULL);
}

static bool is_asking(const Spec *spec)
{
    for (const Field *f = spec->params; f && f->name; f++)
        if (!f->def)
            return true;
    return false;
}

/* A form only for what has no default. */
static void new_around(Workbench *w, const Spec *spec)
{
    if (is_asking(spec)) {
        open_form(w, spec, FORM_WRAP, NULL);
        return;
    }
    Error e = {0};
    Edit edit = {0};
    SpecUse block = {spec, params_new(spec)};
    if (!begin_edit(w, &edit, &e)) {
        spec_use_done(&block);
        app_say(w->app, true, "%s", e.message);
        return;
    }
    wrap(&edit, block);
    end_edit(w, &edit, "Net w");
}

static bool choose(Workbench *w, const char *argument, void (*picked)(Workbench *w, const Spec *spec), Error *e)
{
    if (!argument) {
        popup_pick(w, "Layers", registry_find_family("layer"), picked);
        return true;
    }
    const Spec *spec = registry_get("layer", argument, e);
    if (spec)
        picked(w, spec);
    return spec != NULL;
}

static bool run_add(Workbench *w, const char *argument, Error *e)
{
    return choose(w, argument, new_behind, e);
}

static bool is_block(const Workbench *w)
{
    LayerAddress at = net_cursor(w);
    const SpecUse *use = address_use(layers_of(w), &at);
    return use && block_layers(use);
}

static bool need_block(const Workbench *w, Text *why)
{
    if (!need_layer(w, why))
        return false;
    if (is_block(w))
        return true;
    text_add(why, "this layer is no block; w wraps it in one");
    return false;
}

static bool run_inside(Workbench *w, const char *argument, Error *e)
{
    return choose(w, argument, new_inside, e);
}

static const Family *blocks(void)
{
    static const Spec *members[16];
    static Family family = {.name = "layer", .title = "Blocks", .doc = "layers that are made of others", .members = members};
    const Family *all = registry_find_family("layer");
    family.count = 0;
    for (size_t i = 0; i < all->count && family.count < sizeof members / sizeof *members; i++)
        if (text_equal(all->members[i]->group, LAYER_BLOCKS))
            members[family.count++] = all->members[i];
    return &family;
}

static bool run_wrap(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    popup_pick(w, "Wrap in a block", blocks(), new_around);
    return true;
}

/* Its layers, where the block was. */
static bool run_unwrap(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Edit edit = {0};
    if (!begin_edit(w, &edit, e))
        return false;
    SpecUse block = layers_take(edit.list, edit.place);
    SpecList *inner = block_layers(&block);
    while (inner->count)
        layers_insert(edit.list, edit.place, layers_take(inner, inner->count - 1));
    spec_use_done(&block);
    return end_edit(w, &edit, "Net u");
}

static bool run_edit(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    LayerAddress at = net_cursor(w);
    const SpecUse *use = address_use(layers_of(w), &at);
    open_form(w, use->spec, FORM_CHANGE, use->params);
    return true;
}

static bool set_number(Workbench *w, Edit *edit, const Field *f, int64_t number, Error *e)
{
    SpecUse *use = &edit->list->items[edit->place];
    Value *next = value_int(number);
    bool ok = field_set(f, use->params, next, use->spec->name, e);
    value_free(next);
    return ok ? end_edit(w, edit, "Net") : give_up(edit);
}

static int64_t number_in(const Field *f, const SpecUse *use)
{
    Value *now = field_get(f, use->params);
    int64_t number = now->type == VALUE_INT ? now->integer : 0;
    value_free(now);
    return number;
}

/* Times two, or half; how often a block is repeated: one more, or one less. */
static bool scale_width(Workbench *w, bool larger, Error *e)
{
    Edit edit = {0};
    if (!begin_edit(w, &edit, e))
        return false;
    const SpecUse *use = &edit.list->items[edit.place];
    const Field *f = layer_setting(use, layer_widths);
    if (!f) {
        error_set(e, ERROR_FAILED, "%s has no width; Enter edits it", use->spec->name);
        return give_up(&edit);
    }
    int64_t now = number_in(f, use);
    bool is_count = text_equal(f->name, "n");
    return set_number(w, &edit, f, is_count ? now + (larger ? 1 : -1) : larger ? now * 2 : now / 2, e);
}

static bool scale_kernel(Workbench *w, int64_t by, Error *e)
{
    Edit edit = {0};
    if (!begin_edit(w, &edit, e))
        return false;
    const SpecUse *use = &edit.list->items[edit.place];
    const Field *f = layer_setting(use, layer_kernels);
    if (f)
        return set_number(w, &edit, f, number_in(f, use) + (text_equal(f->name, "kernel") ? 2 * by : by), e);
    error_set(e, ERROR_FAILED, "%s has no kernel; Enter edits it", use->spec->name);
    return give_up(&edit);
}

/* The stage that the cursor is in. */
static bool begin_stage(const Workbench *w, Edit *edit, Error *e)
{
    if (!begin_edit(w, edit, e))
        return false;
    size_t begin = edit->place;
    while (begin > 0 && !stage_begins(&edit->list->items[begin]))
        begin--;
    if (stage_begins(&edit->list->items[begin]))
        edit->place = begin;
    return true;
}

static bool run_deeper(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Edit edit = {0};
    if (!begin_stage(w, &edit, e))
        return false;
    size_t end = stage_end(edit.list, edit.place);
    stage_repeat(edit.list, edit.place, end);
    edit.at.at[edit.at.depth - 1] = end;
    return end_edit(w, &edit, "Net +");
}

static bool run_flatter(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Edit edit = {0};
    if (!begin_stage(w, &edit, e))
        return false;
    for (size_t end = stage_end(edit.list, edit.place); end > edit.place; end--) {
        SpecUse gone = layers_take(edit.list, edit.place);
        spec_use_done(&gone);
    }
    if (edit.place)
        edit.at.at[edit.at.depth - 1] = edit.place - 1;
    return end_edit(w, &edit, "Net -");
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

static bool run_longer(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return scale_kernel(w, 1, e);
}

static bool run_shorter(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return scale_kernel(w, -1, e);
}

static bool run_drop(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Edit edit = {0};
    if (!begin_edit(w, &edit, e))
        return false;
    SpecUse gone = layers_take(edit.list, edit.place);
    spec_use_done(&gone);
    if (edit.place == edit.list->count && edit.place)
        edit.at.at[edit.at.depth - 1]--;
    return end_edit(w, &edit, "Net d");
}

static bool move_by(Workbench *w, int by, Error *e)
{
    Edit edit = {0};
    if (!begin_edit(w, &edit, e))
        return false;
    size_t to = edit.place + (size_t)by;
    if (to >= edit.list->count) {
        error_set(e, ERROR_FAILED, "the layer is already at the end of its list");
        return give_up(&edit);
    }
    layers_insert(edit.list, to, layers_take(edit.list, edit.place));
    edit.at.at[edit.at.depth - 1] = to;
    return end_edit(w, &edit, by < 0 ? "Net K" : "Net J");
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
NET(longer, "widen the kernel", "]", 0, NULL, run_longer, need_layer);
NET(shorter, "narrow the kernel", "[", 0, NULL, run_shorter, need_layer);
NET(deeper, "the layer and what follows it once more", "+", 4, "deeper", run_deeper, need_layer);
NET(flatter, "take the layer and what follows it out", "-", 0, NULL, run_flatter, need_layer);
NET(inside, "add a layer inside the block", "i", 0, NULL, run_inside, need_block);
NET(wrap, "wrap the layer in a block", "w", 7, "wrap", run_wrap, need_layer);
NET(unwrap, "take the block off its layers", "u", 0, NULL, run_unwrap, need_block);
NET(drop, "take the layer out", "d", 5, "drop", run_drop, need_layer);
NET(plan, "epochs, batch, optimizer, schedule, early stop, L1, L2", "p", 6, "plan", run_plan, need_table);
