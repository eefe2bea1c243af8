/* Commands that modules define: run in a process of their own, which knows the session as plain values; what it asks for comes back. */
#include "app/app_state.h"
#include "base/json.h"
#include "spec/module.h"

static void run_command(AppJob *j)
{
    Value *answer = j->host->command(&j->job, &j->scripts, j->options, &j->error);
    if (!answer)
        error_prefix(&j->error, "%s: ", j->name);
    value_free(j->options);
    j->options = answer;
    j->ok = answer != NULL;
}

static void take_answer(App *a, AppJob *j)
{
    value_free(a->answer);
    mem_free(a->answer_of);
    a->answer = j->options;
    a->answer_of = j->name;
    j->options = NULL;
    j->name = NULL;
    app_say(a, false, "%s", "");
    a->news |= APP_NEWS_ANSWERED;
}

static const AppJobKind job_command = {.slot = APP_SLOT_RUN,
                                       .doing = "running a command",
                                       .stopped = "given up: the command did nothing",
                                       .waits = true,
                                       .drops = true,
                                       .run = run_command,
                                       .take = take_answer};

/* What a command is told of the session. */
static Value *about_session(const App *a, const char *view)
{
    const Document *d = app_document(a);
    Value *about = a->profile && a->shown ? profile_to_value(a->profile, a->shown) : value_map();
    value_set(about, "view", value_text(view));
    if (a->file)
        value_set(about, "file", value_text(a->file));
    if (!d || !d->pipeline)
        return about;
    if (d->pipeline->target && *d->pipeline->target)
        value_set(about, "target", value_text(d->pipeline->target));
    value_set(about, "steps", recipe_to_value(d->pipeline->recipe, false));
    value_set(about, "net", spec_list_to_value(&d->train.net, "layer", false));
    return about;
}

bool app_run_command(App *a, const Spec *command, const Value *params, const char *view, Error *e)
{
    if (!a->host || !a->host->command)
        return error_set(e, ERROR_FAILED, "%s: commands of modules do not run here", command->name);
    void *block = params_from_value(command, params, e);
    if (!block)
        return false;
    Value *request = value_map();
    value_set(request, "command", value_text(command->name));
    value_set(request, "module", module_to_value(module_of(command), true));
    value_set(request, "params", fields_to_value(command->params, block, true)); /* with their defaults */
    params_free(command, block);
    value_set(request, "about", about_session(a, view));
    AppJob *j = app_job_new(&job_command);
    j->host = a->host;
    j->options = request;
    j->name = mem_strdup(command->name);
    app_start_job(a, j);
    return true;
}

Value *app_take_answer(App *a, char **command)
{
    Value *answer = a->answer;
    *command = a->answer_of;
    a->answer = NULL;
    a->answer_of = NULL;
    return answer;
}
