/* The command rows: finding, refusing with a reason, running, and the command line. */
#include "views/commands.h"

#include <string.h>

#include "spec/module.h"
#include "steps/step.h"

#define COMMAND(name) extern const Command command_##name;
#include "views/commands.def"
#undef COMMAND

enum {
#define COMMAND(name) PLACE_##name,
#include "views/commands.def"
#undef COMMAND
    BUILT_IN
};

static const Spec *members[BUILT_IN + MODULE_MEMBERS] = {
#define COMMAND(name) &command_##name.spec,
#include "views/commands.def"
#undef COMMAND
};

static Family family = {"command", "Commands", "what keys, the palette and the command line of the workbench do", members, BUILT_IN};

const Command *command_at(size_t i)
{
    return i < family.count ? (const Command *)members[i] : NULL;
}

const Family *command_family(void)
{
    return &family;
}

bool command_family_add(const Command *c, Error *e)
{
    return family_add(&family, members, sizeof members / sizeof *members, &c->spec, e);
}

/* A key of this view wins over one of all views. */
const Command *command_for_key(const Workbench *w, Key key)
{
    char name[16];
    const Command *everywhere = NULL;
    key_label(key, name);
    for (size_t i = 0; command_at(i); i++) {
        const Command *c = command_at(i);
        if (!c->key || !text_equal(c->key, name) || !(c->views >> w->view & 1))
            continue;
        if (c->views != VIEWS_ALL)
            return c;
        everywhere = c;
    }
    return everywhere;
}

bool command_can_run(const Workbench *w, const Command *c, Text *why)
{
    if (!(c->views >> w->view & 1)) {
        for (int v = 0; v < VIEW_COUNT; v++)
            if (c->views >> v & 1) {
                text_addf(why, "only in %s (%d)", view_get((ViewId)v)->name, v % VIEW_REPORT);
                return false;
            }
    }
    return !c->can_run || c->can_run(w, why);
}

/* What does not fit into the status row is read in a box: the end of a message says what to do. */
void workbench_say_whole(Workbench *w, const char *title, const char *line)
{
    if ((int)utf8_width(line) > w->cells.width - 2)
        popup_message(w, title, line);
}

static void say_error(Workbench *w, const char *title, const Error *e)
{
    char line[1000];
    error_format(e, line, sizeof line);
    app_say(w->app, true, "%s", line);
    workbench_say_whole(w, title, line);
}

static bool command_try(Workbench *w, const Command *c, const char *argument, Error *e)
{
    Text why = {0};
    bool ok = command_can_run(w, c, &why) || error_set(e, ERROR_FAILED, "%s: %s", c->spec.name, text_get(&why));
    const Command *outer = w->running;
    w->running = c;
    ok = ok && c->run(w, argument, e);
    w->running = outer;
    text_done(&why);
    return ok;
}

void command_run(Workbench *w, const Command *c, const char *argument)
{
    Text why = {0};
    Error e = {0};
    if (!command_can_run(w, c, &why))
        app_say(w->app, true, "%s: %s", c->spec.name, text_get(&why));
    else if (!command_try(w, c, argument, &e))
        say_error(w, c->spec.name, &e);
    text_done(&why);
}

static const char *command_name_at(const void *self, size_t i)
{
    (void)self;
    if (command_at(i))
        return command_at(i)->spec.name;
    const Family *steps = step_family();
    return i - family.count < steps->count ? steps->members[i - family.count]->name : NULL;
}

Value *command_options(const Spec *spec, const char *words, Error *e)
{
    void *params = params_new(spec);
    Value *map = NULL;
    bool ok = true;
    while (ok && *(words += strspn(words, " "))) {
        size_t size = strcspn(words, "="), end = strcspn(words, " ");
        char *name = mem_strndup(words, size < end ? size : end), *text = size < end ? mem_strndup(words + size + 1, end - size - 1) : NULL;
        const Field *f = fields_find(spec->params, name);
        if (!f || !text)
            ok = error_set(e, ERROR_USAGE, "%s: write options as name=value; no option \"%s\"", spec->name, name);
        else
            ok = field_set_text(f, params, text, spec->name, e);
        mem_free(name);
        mem_free(text);
        words += end;
    }
    if (ok)
        map = fields_to_value(spec->params, params, false);
    params_free(spec, params);
    return map;
}

static bool run_step_line(Workbench *w, const char *name, const char *rest, Error *e)
{
    const Spec *spec = registry_find("step", name);
    Value *params = command_options(spec, rest, e);
    bool ok = params && app_add_step(w->app, SIZE_MAX, name, params, "command :", e);
    value_free(params);
    return ok;
}

bool command_line_try(Workbench *w, const char *line, Error *e)
{
    line += strspn(line, ": ");
    size_t size = strcspn(line, " ");
    char *name = mem_strndup(line, size);
    const char *rest = line + size + strspn(line + size, " ");
    const Spec *command = registry_find("command", name);
    bool ok = true;
    if (command)
        ok = command_try(w, (const Command *)(const void *)command, *rest ? rest : NULL, e);
    else if (registry_find("step", name))
        ok = run_step_line(w, name, rest, e);
    else if (*name) {
        const char *near = text_nearest(name, command_name_at, NULL);
        ok = error_set(e, ERROR_USAGE, "no command \"%s\"%s%s%s", name, near ? "; did you mean \"" : "; Space Space lists all",
                       near ? near : "", near ? "\"?" : "");
    }
    mem_free(name);
    return ok;
}

void command_line_run(Workbench *w, const char *line)
{
    Error e = {0};
    char *name = mem_strndup(line + strspn(line, ": "), strcspn(line + strspn(line, ": "), " "));
    if (!command_line_try(w, line, &e))
        say_error(w, name, &e);
    mem_free(name);
}
