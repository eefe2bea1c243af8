/* A learning rate is looked for in the background, with the net and the plan of the document as they were; what was found stays until the
 * document is another one. */
#include "app/app_state.h"
#include "learn/find_rate.h"

static void run_rate(AppJob *j)
{
    FindRatePlan *plan = params_new(&find_rate_spec);
    TrainPlan own = plan->base;
    CallContext c = {.job = &j->job};
    plan->base = j->document->train; /* lent */
    j->ok = find_rate(&c, j->document->pipeline, plan, &j->found, &j->error);
    plan->base = own;
    params_free(&find_rate_spec, plan);
}

static void take_rate(App *a, AppJob *j)
{
    char *text = find_rate_text(j->found);
    value_free(a->found_rate);
    document_unref(a->found_for);
    a->found_rate = j->found;
    a->found_for = document_ref(j->document);
    j->found = NULL;
    app_say(a, false, "%s", text);
    mem_free(text);
}

static const AppJobKind job_rate = {.slot = APP_SLOT_RUN,
                                    .doing = "trying learning rates",
                                    .stopped = "the sweep over learning rates was stopped",
                                    .waits = true,
                                    .drops = true,
                                    .run = run_rate,
                                    .take = take_rate};

bool app_find_rate(App *a, Error *e)
{
    const Document *d = app_document(a);
    if (!app_can_start(a, e))
        return false;
    AppJob *j = app_job_new(&job_rate);
    j->document = document_ref(d);
    app_start_job(a, j);
    return true;
}

const Value *app_found_rate(const App *a)
{
    return a->found_for == app_document(a) ? a->found_rate : NULL;
}

bool app_take_rate(App *a, Error *e)
{
    const Value *found = app_found_rate(a);
    if (!found)
        return error_set(e, ERROR_FAILED, "no learning rate was looked for with this net and plan");
    Document *next = document_edit(app_document(a), "learning rate", "Net L");
    const SpecUse *optimizer = &next->train.optimizer;
    const Field *rate = fields_find(optimizer->spec->params, "learning_rate");
    Value *v = value_real(value_get_real(found, "suggested", 0));
    bool ok = field_set(rate, optimizer->params, v, optimizer->spec->name, e);
    value_free(v);
    if (ok)
        return app_edit(a, next, e);
    document_unref(next);
    return false;
}
