/* A command of the Net view: a net made from a few settings, instead of the layers that are there. */
#include "views/commands.h"
#include "views/net.h"

static bool apply_preset(Workbench *w, void *self, const Value *params, Error *e)
{
    const Spec *const *preset = self;
    SpecList list;
    bool ok = net_preset((*preset)->name, params, &list, e) && app_set_net(w->app, &list, "Net n");
    spec_list_done(&list);
    return ok;
}

static void new_net(Workbench *w, const Spec *preset)
{
    const Spec **held = MEM_NEW(const Spec *);
    *held = preset;
    char *prefix = text_format("lb.%s", preset->name);
    popup_form(w, &(FormUse){.spec = preset, .remark = "instead of the layers", .lua_prefix = prefix, .apply = apply_preset, .self = held});
    mem_free(prefix);
}

static bool run_preset(Workbench *w, const char *argument, Error *e)
{
    const Spec *preset = argument ? registry_get("preset", argument, e) : NULL;
    if (preset)
        new_net(w, preset);
    else if (!argument)
        popup_pick(w, "Nets", registry_find_family("preset"), new_net);
    return preset || !argument;
}

extern const Command command_net_preset;
const Command command_net_preset = {
    .spec = {.name = "net_preset", .doc = "a net made from a few settings, instead of these layers", .group = "n net"},
    .key = "n",
    .views = IN(VIEW_NET),
    .can_run = need_table,
    .run = run_preset,
};
