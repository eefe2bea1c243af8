/* Commands that modules define: how one comes to be, runs in a process of its own, and has done what it asks for. A command asks for lines
 * of the command line and for steps; nothing else of the session is its to change. */
#include <string.h>

#include "spec/module.h"
#include "views/commands.h"

/* Parameters by a form where none are typed. */
static bool apply_form(Workbench *w, void *self, const Value *params, Error *e)
{
    const Spec *const *spec = self;
    return app_run_command(w->app, *spec, params, view_get(w->view)->name, e);
}

static bool run_defined(Workbench *w, const char *argument, Error *e)
{
    const Spec *spec = &w->running->spec;
    if (!argument && spec->params && spec->params->name) {
        char *prefix = text_format(":%s", spec->name);
        popup_form(w, &(FormUse){.spec = spec, .lua_prefix = prefix, .apply = apply_form, .self = mem_copy(&spec, sizeof spec)});
        mem_free(prefix);
        return true;
    }
    Value *params = command_options(spec, argument ? argument : "", e);
    bool ok = params && app_run_command(w->app, spec, params, view_get(w->view)->name, e);
    value_free(params);
    return ok;
}

static const Command *with_key(const char *key)
{
    for (size_t i = 0; command_at(i); i++)
        if (text_equal(command_at(i)->key, key))
            return command_at(i);
    return NULL;
}

static bool check_key(const char *key, Error *e)
{
    Key parsed;
    char label[16];
    if (!key)
        return true;
    if (!key_parse(key, &parsed) || !text_equal(key_label(parsed, label), key))
        return error_set(e, ERROR_USAGE, "keys = \"%s\" is no key; write \"K\", \"<C-k>\" or \"<F7>\"", key);
    const Command *other = with_key(key);
    return !other || error_set(e, ERROR_USAGE, "the key %s is that of %s; choose another", key, other->spec.name);
}

static Spec *command_make(const Spec *own, const Value *declared, Error *e)
{
    const char *key = value_get_text(declared, "keys", NULL);
    if (!check_key(key, e))
        return NULL;
    Command *c = MEM_NEW(Command);
    *c = (Command){.spec = *own, .key = key ? mem_strdup(key) : NULL, .views = VIEWS_ALL, .run = run_defined};
    c->spec.group = "";
    return &c->spec;
}

static void command_free(Spec *member)
{
    mem_free((void *)(uintptr_t)((Command *)member)->key);
    mem_free(member);
}

static bool command_add(Spec *member, Error *e)
{
    return command_family_add((const Command *)member, e);
}

void commands_open(void)
{
    static ModuleFamily family = {.make = command_make, .free = command_free, .add = command_add};
    family.family = command_family();
    module_take(&family);
}

static bool add_step(Workbench *w, const Value *asked, const char *command, Error *e)
{
    const char *step = value_get_text(asked, "step", NULL);
    if (!step || !registry_get("step", step, e))
        return step ? false : error_set(e, ERROR_USAGE, "it asks for something that is neither a text nor { step = \"...\", ... }");
    Value *params = value_copy(asked);
    value_remove(params, "step");
    const Command *c = (const Command *)(const void *)registry_find("command", command);
    bool ok = app_add_step(w->app, SIZE_MAX, step, params, c->spec.name, e);
    value_free(params);
    return ok;
}

/* One that a module defines would come back here for ever. */
static bool check_line(const char *line, Error *e)
{
    char *name = mem_strndup(line, strcspn(line, " "));
    const Spec *spec = registry_find("command", name);
    bool ok = !spec || !module_of(spec) || error_set(e, ERROR_USAGE, "it asks for %s, which a module defines too", name);
    mem_free(name);
    return ok;
}

static bool do_asked(Workbench *w, const Value *asked, const char *command, Error *e)
{
    if (asked->type == VALUE_TEXT)
        return check_line(asked->text, e) && command_line_try(w, asked->text, e);
    return add_step(w, asked, command, e);
}

/* A text is said; a list is done; { say = ..., run = list } is both. */
static bool do_answer(Workbench *w, const Value *answer, const char *command, Error *e)
{
    const Value *list = answer->type == VALUE_LIST ? answer : value_get(answer, "run");
    for (size_t i = 0; i < value_items(list); i++)
        if (!do_asked(w, list->items[i], command, e))
            return error_prefix(e, "%s, line %zu of what it asks for: ", command, i + 1);
    return true;
}

void commands_take_answer(Workbench *w)
{
    char *command = NULL;
    Value *answer = app_take_answer(w->app, &command);
    Error e = {0};
    char line[1000];
    const char *said = answer && answer->type == VALUE_TEXT ? answer->text : value_get_text(answer, "say", NULL);
    bool ok = !answer || do_answer(w, answer, command, &e);
    if (!ok)
        error_format(&e, line, sizeof line);
    if (!ok || said) {
        app_say(w->app, !ok, "%s", ok ? said : line);
        workbench_say_whole(w, command, ok ? said : line);
    }
    value_free(answer);
    mem_free(command);
}
