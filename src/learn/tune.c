/* Tuning: trials drawn from a space, each a run of its own in one of a few worker processes, the best one named. */
#include "base/io.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/call.h"
#include "learn/farm.h"
#include "learn/tune/sampler.h"

#include <math.h>

typedef struct Trial {
    Value *settings;
    TrainPlan *plan;
} Trial;

typedef struct Study {
    CallContext *c;
    const Pipeline *p;
    const TunePlan *plan;
    Call call;
    Prepared *data;
    Space space;
    Trial *trials;
    size_t count;
    const char *metric;
    bool is_high;
    char *note;         /* own; why another metric is used; NULL: the one asked for */
    Error first_failure;
} Study;

static char *trial_directory(const Study *s, size_t i)
{
    return text_format("%s/trials/%04zu", s->call.directory, i + 1);
}

static bool choose_metric(Study *s, Error *e)
{
    const char *name = s->plan->metric && *s->plan->metric ? s->plan->metric : "valid.auc";
    size_t classes = target_classes(&s->data->target);
    if (!classes && text_equal(name, "valid.auc"))
        name = "valid.loss";
    const Metric *m = text_starts(name, "valid.") ? metric_find(name + 6) : NULL;
    if (!m || !metric_fits(m, classes))
        return error_set(e, ERROR_USAGE, "tune: no metric \"%s\" here; there are %s", name,
                         classes ? "valid.auc, valid.loss, valid.accuracy, valid.f1" : "valid.loss, valid.rmse, valid.mae, valid.r2");
    if (!s->data->data[PART_VALID].rows)
        return error_set(e, ERROR_USAGE, "tune compares trials on the validation part, which has no rows; give split a valid share");
    if (!metric_is_defined(m->spec.name, &s->data->target, &s->data->data[PART_VALID])) {
        s->note = text_format("%s is undefined in the validation part: trials are compared by valid.loss instead", name);
        name = "valid.loss";
        m = metric_find("loss");
    }
    s->metric = name;
    s->is_high = m->is_better_high;
    return true;
}

static bool make_trial(Study *s, size_t i, Error *e)
{
    Trial *t = &s->trials[i];
    SpecList layers = {0};
    bool has_function = s->c->make_net && s->plan->net_function.reference;
    t->settings = sampler_of(&s->plan->sampler)->draw(s->plan->sampler.params, &s->space, call_seed(s->p, &s->plan->base), i);
    t->plan = params_copy(&train_spec, &s->plan->base);
    bool ok = (!has_function || s->c->make_net(s->c->self, t->settings, &layers, e)) &&
              space_apply(t->plan, t->settings, has_function ? &layers : NULL, e);
    spec_list_done(&layers);
    return ok || error_prefix(e, "trial %zu: ", i + 1);
}

static bool make_trials(Study *s, Error *e)
{
    bool has_function = s->c->make_net && s->plan->net_function.reference;
    if (!has_function && !s->plan->base.net.count)
        return error_set(e, ERROR_USAGE, "tune needs a net: layers whose width and dropout are searched, or net = function(h) ... end");
    if (!space_make(s->plan, has_function, &s->space, e))
        return false;
    const Sampler *sampler = sampler_of(&s->plan->sampler);
    size_t trials = (size_t)s->plan->trials;
    s->count = sampler->count ? sampler->count(s->plan->sampler.params, &s->space, trials) : trials;
    s->trials = mem_try_alloc(s->count, sizeof *s->trials, e);
    bool ok = s->trials != NULL;
    for (size_t i = 0; ok && i < s->count; i++)
        ok = make_trial(s, i, e);
    return ok;
}

static bool trial_event(Study *s, size_t i, const char *status, const Value *result, Error *e)
{
    Value *v = value_map();
    value_set(v, "n", value_int((int64_t)i + 1));
    value_set(v, "status", value_text(status));
    value_set(v, "settings", value_copy(s->trials[i].settings));
    value_set(v, "metric", result && value_get(result, s->metric) ? value_copy(value_get(result, s->metric)) : value_null());
    value_set(v, "epoch", value_int(value_get_int(result, "best_epoch", 0)));
    value_set(v, "epochs", value_int(value_get_int(result, "epochs", s->trials[i].plan->epochs)));
    value_set(v, "params", value_int(value_get_int(result, "params", 0)));
    value_set(v, "plan", fields_to_value(train_spec.params, s->trials[i].plan, false));
    return run_event(s->call.run, "trial", v, true, e);
}

static Value *trial_result(const Study *s, size_t i)
{
    char *directory = trial_directory(s, i);
    Value *v = call_read_json(directory, "result.json");
    mem_free(directory);
    return v;
}

static bool work(void *self, size_t i, Error *e)
{
    Study *s = self;
    char *directory = trial_directory(s, i);
    Value *result = NULL;
    ChildTask task = {.directory = directory, .kind = "trial",
                      .train = {.data = s->data, .plan = s->trials[i].plan, .plan_hash = s->call.plan_hash, .threads = 1,
                                .seed = call_seed(s->p, &s->plan->base)}};
    bool ok = child_train(s->c->job, &task, &result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

static bool is_done(void *self, size_t i)
{
    Value *result = trial_result(self, i);
    value_free(result);
    return result != NULL;
}

static bool started(void *self, size_t i, Error *e)
{
    return trial_event(self, i, "running", NULL, e);
}

/* A trial that the stop of its study cut short is no result: a resume goes on with it. One that was stopped alone stays as it is. */
static void forget_cut_short(const Study *s, size_t i, const Value *result)
{
    if (!text_equal(value_get_text(result, "status", ""), "stopped") || !run_is_stopping(s->call.directory))
        return;
    char *directory = trial_directory(s, i), *file = io_join(directory, "result.json");
    io_remove(file, NULL);
    mem_free(file);
    mem_free(directory);
}

/* A trial that diverges or fails is a result too; the study goes on. It leaves a result, so that a resume does not try it again. */
static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    Study *s = self;
    if (failed && failed->code == ERROR_CANCELED) {
        *e = *failed;
        return false;
    }
    Value *result = trial_result(s, i);
    const char *status = failed ? failed->code == ERROR_DIVERGED ? "diverged" : "failed" : value_get_text(result, "status", "done");
    if (failed) {
        char *directory = trial_directory(s, i);
        value_free(result);
        result = value_map();
        value_set(result, "status", value_text(status));
        value_set(result, "error", value_text(failed->message));
        if (s->first_failure.code == ERROR_NONE)
            s->first_failure = *failed;
        call_write_json(directory, "result.json", result, e);
        mem_free(directory);
    }
    bool ok = trial_event(s, i, status, result, e);
    forget_cut_short(s, i, result);
    value_free(result);
    return ok;
}

static Value *trial_row(const Study *s, size_t i, const Value *result)
{
    Value *row = value_map();
    value_set(row, "n", value_int((int64_t)i + 1));
    value_set(row, "status", value_text(value_get_text(result, "status", "done")));
    value_set(row, "metric", value_get(result, s->metric) ? value_copy(value_get(result, s->metric)) : value_null());
    value_set(row, "settings", value_copy(s->trials[i].settings));
    value_set(row, "epoch", value_int(value_get_int(result, "best_epoch", 0)));
    value_set(row, "params", value_int(value_get_int(result, "params", 0)));
    value_set(row, "model_hash", value_text(value_get_text(result, "model_hash", "")));
    return row;
}

/* Ties go to the first trial. */
static bool collect(Study *s, Bundle **out, Value **result, Error *e)
{
    Value *rows = value_list();
    size_t best = SIZE_MAX;
    double best_value = 0;
    for (size_t i = 0; i < s->count; i++) {
        Value *one = trial_result(s, i);
        double x = value_get_real(one, s->metric, NAN);
        if (one)
            value_add(rows, trial_row(s, i, one));
        if (one && isfinite(x) && (best == SIZE_MAX || (s->is_high ? x > best_value : x < best_value))) {
            best = i;
            best_value = x;
        }
        value_free(one);
    }
    *result = value_map();
    value_set(*result, "trials", rows);
    value_set(*result, "metric", value_text(s->metric));
    value_set(*result, "space", space_to_value(&s->space));
    if (best == SIZE_MAX)
        return error_set(e, s->first_failure.code ? s->first_failure.code : ERROR_FAILED, "tune: no trial has a result; the first said: %s",
                         s->first_failure.code ? s->first_failure.message : "nothing");
    value_set(*result, "best", value_int((int64_t)best + 1));
    value_set(*result, "best_metric", value_real(best_value));
    value_set(*result, "best_settings", value_copy(s->trials[best].settings));
    value_set(*result, "best_plan", fields_to_value(train_spec.params, s->trials[best].plan, true));
    char *directory = trial_directory(s, best);
    *out = call_load_model(directory, e);
    mem_free(directory);
    return *out && call_save_model(*out, s->call.directory, e);
}

static bool start_event(Study *s, Error *e)
{
    Value *v = value_map(), *study = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "trials", value_int((int64_t)s->count));
    value_set(v, "jobs", value_int(s->plan->jobs));
    value_set(v, "sampler", value_text(sampler_of(&s->plan->sampler)->spec.name));
    value_set(v, "metric", value_text(s->metric));
    value_set(v, "epochs", value_int(s->plan->base.epochs));
    value_set(v, "space", space_to_value(&s->space));
    for (size_t i = 0; i < v->size; i++)
        value_set(study, v->keys[i], value_copy(v->items[i]));
    bool ok = call_write_json(s->call.directory, "study.json", study, e) && run_event(s->call.run, "start", v, true, e);
    value_free(study);
    return ok;
}

static bool end_event(Study *s, const char *status, const Value *result)
{
    Error ignored = {0};
    Value *v = value_map();
    value_set(v, "status", value_text(status));
    value_set(v, "best", value_int(value_get_int(result, "best", 0)));
    return run_event(s->call.run, "end", v, true, &ignored);
}

static bool run_study(Study *s, Bundle **out, Value **result, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = s, .jobs = s->plan->jobs, .run = s->call.run, .is_done = is_done, .work = work, .started = started, .ended = ended};
    if (!pipeline_prepare(s->c->job, s->p, &s->data, e) || !choose_metric(s, e) || !make_trials(s, e) || !start_event(s, e) ||
        !call_note(s->c, &s->call, s->note, e))
        return false;
    farm.count = s->count;
    bool ok = farm_run(s->c->job, &farm, &stopped, e);
    if (ok && stopped) { /* the best so far is kept, if there is one */
        Error none_yet = {0};
        collect(s, out, result, &none_yet);
        value_set(*result, "status", value_text("stopped"));
    } else if (ok) {
        ok = collect(s, out, result, e);
    }
    if (ok || e->code != ERROR_CANCELED)
        end_event(s, !ok ? "failed" : stopped ? "stopped" : "done", *result);
    return ok;
}

static void study_done(Study *s)
{
    for (size_t i = 0; s->trials && i < s->count; i++) {
        value_free(s->trials[i].settings);
        params_free(&train_spec, s->trials[i].plan);
    }
    mem_free(s->trials);
    space_done(&s->space);
    mem_free(s->note);
    prepared_free(s->data);
    call_done(&s->call);
}

bool call_tune(CallContext *c, const Pipeline *p, const TunePlan *plan, Bundle **out, Value **result, Error *e)
{
    Study s = {.c = c, .p = p, .plan = plan};
    *out = NULL;
    *result = NULL;
    if (!call_begin(c, &s.call, "tune", plan->base.name, call_plan(p, &tune_spec, plan), e))
        return false;
    bool ok;
    if (s.call.stored) {
        *result = value_copy(s.call.stored);
        *out = call_load_model(s.call.directory, e);
        ok = *out != NULL;
    } else {
        ok = run_study(&s, out, result, e) && call_end(c, &s.call, *result, e);
    }
    if (!ok) {
        bundle_unref(*out);
        value_free(*result);
        *out = NULL;
        *result = NULL;
    }
    study_done(&s);
    return ok;
}
