/* The command rows: finding, refusing with a reason, running, and the command line. */
#include "views/commands.h"

#include <string.h>

#include "base/json.h"
#include "steps/step.h"

#define COMMAND(name) extern const Command command_##name;
#include "views/commands.def"
#undef COMMAND

static const Command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "views/commands.def"
#undef COMMAND
};
enum { COMMANDS = sizeof commands / sizeof *commands };

const Command *command_at(size_t i)
{
    return i < COMMANDS ? commands[i] : NULL;
}

const Family *command_family(void)
{
    static const Spec *members[COMMANDS];
    static const Family family = {"command", "Commands", "what keys, the palette and the command line of the workbench do", members,
                                  COMMANDS};
    for (size_t i = 0; i < COMMANDS; i++)
        members[i] = &commands[i]->spec;
    return &family;
}

/* A key of this view wins over one of all views. */
const Command *command_for_key(const Workbench *w, Key key)
{
    char name[16];
    const Command *everywhere = NULL;
    key_label(key, name);
    for (size_t i = 0; i < COMMANDS; i++) {
        const Command *c = commands[i];
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
                text_addf(why, "only in %s (%d)", view_get((ViewId)v)->name, v);
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

void command_run(Workbench *w, const Command *c, const char *argument)
{
    Text why = {0};
    Error e = {0};
    if (!command_can_run(w, c, &why))
        app_say(w->app, true, "%s: %s", c->spec.name, text_get(&why));
    else if (!c->run(w, argument, &e))
        say_error(w, c->spec.name, &e);
    text_done(&why);
}

static const char *command_name_at(const void *self, size_t i)
{
    (void)self;
    if (i < COMMANDS)
        return commands[i]->spec.name;
    const Family *steps = step_family();
    return i - COMMANDS < steps->count ? steps->members[i - COMMANDS]->name : NULL;
}

static Value *step_options(const Spec *spec, const char *words, Error *e)
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
    Value *params = step_options(spec, rest, e);
    bool ok = params && app_add_step(w->app, SIZE_MAX, name, params, "command :", e);
    value_free(params);
    return ok;
}

void command_line_run(Workbench *w, const char *line)
{
    Error e = {0};
    line += strspn(line, ": ");
    size_t size = strcspn(line, " ");
    char *name = mem_strndup(line, size);
    const char *rest = line + size + strspn(line + size, " ");
    const Spec *command = registry_find("command", name);
    if (command)
        command_run(w, (const Command *)(const void *)command, *rest ? rest : NULL);
    else if (registry_find("step", name))
        run_step_line(w, name, rest, &e);
    else if (*name) {
        const char *near = text_nearest(name, command_name_at, NULL);
        error_set(&e, ERROR_USAGE, "no command \"%s\"%s%s%s", name, near ? "; did you mean \"" : "; Space Space lists all",
                  near ? near : "", near ? "\"?" : "");
    }
    if (e.code != ERROR_NONE)
        say_error(w, name, &e);
    mem_free(name);
}
