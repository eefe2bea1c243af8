/* Tuning: trials drawn from a space, each a run of its own in one of a few worker processes, the best one named. */
#include "base/io.h"
#include "base/thread.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/call.h"
#include "learn/farm.h"
#include "learn/front.h"
#include "learn/seeds.h"
#include "learn/trials.h"
#include "learn/tune/sampler.h"

#include <math.h>

typedef struct Study {
    CallContext *c;
    const Pipeline *p;
    const TunePlan *plan;
    Call call;
    Prepared *data;
    Space space;
    Trials trials;
    const char *metric;
    bool is_high;
    char *note;     /* own; why another metric is used; NULL: the one asked for */
    size_t lost;    /* number of the first trial whose process was killed each time; 0: none */
    char *lost_why; /* own */
} Study;

static char *trial_directory(const Study *s, size_t i)
{
    return text_format("%s/trials/%04zu", s->call.directory, i + 1);
}

/* The first seed lies in the trial's own directory, the others beside it. */
static char *seed_directory(const Study *s, size_t i, int64_t seed)
{
    return seed ? text_format("%s/trials/%04zu-%lld", s->call.directory, i + 1, (long long)seed + 1) : trial_directory(s, i);
}

static bool choose_metric(Study *s, Error *e)
{
    const Field *field = fields_find(tune_spec.params, "metric");
    const char *name = s->plan->metric && *s->plan->metric ? s->plan->metric : field->def;
    size_t classes = target_classes(&s->data->target);
    if (!classes && text_equal(name, field->def)) /* the default is for classes */
        name = SERIES_VALID_LOSS;
    const Metric *m = text_starts(name, "valid.") ? metric_of_series(name) : NULL;
    if (!m || !metric_fits(m, classes)) {
        Text known = {0};
        metric_series_list(classes, false, &known);
        error_set(e, ERROR_USAGE, "tune: no metric \"%s\" here; there are %s", name, text_get(&known));
        text_done(&known);
        return false;
    }
    if (!s->data->data[PART_VALID].rows)
        return error_set(e, ERROR_USAGE, "tune compares trials on the validation part, which has no rows; give split a valid share");
    SpecUse use = {0};
    if (!metric_use_of_name(&use, name + 6, e))
        return error_prefix(e, "tune: ");
    spec_use_done(&use);
    if (!metric_is_defined(name + 6, &s->data->target, &s->data->data[PART_VALID])) {
        s->note = text_format("%s is undefined in the validation part: trials are compared by valid.loss instead", name);
        name = SERIES_VALID_LOSS;
        m = metric_find("loss");
    }
    s->metric = name;
    s->is_high = m->is_better_high;
    return true;
}

static bool make_trials(Study *s, Error *e)
{
    bool has_function = s->c->make_net && s->plan->net_function.reference;
    if (!has_function && !s->plan->base.net.count)
        return error_set(e, ERROR_USAGE, "tune needs a net: layers whose width and dropout are searched, or net = function(h) ... end");
    TrialsTask task = {.c = s->c, .plan = s->plan, .seed = call_seed(s->p, &s->plan->base)};
    return space_make(s->plan, has_function, &s->space, e) && trials_make(&task, &s->space, &s->trials, e);
}

static Value *seed_result(const Study *s, size_t i, int64_t seed, Error *e)
{
    char *directory = seed_directory(s, i, seed);
    Value *v = call_need_json(directory, "result.json", e);
    mem_free(directory);
    return v;
}

/* Of several seeds their means, once all are there; a failure stands in the place of the first. */
static Value *need_result(const Study *s, size_t i, Error *e)
{
    Value *first = seed_result(s, i, 0, e), *each = value_list(), *one = first;
    bool is_one = !first || s->plan->seeds == 1 || value_get(first, "error");
    for (int64_t k = 0; !is_one && k < s->plan->seeds && one; k++) {
        one = k ? seed_result(s, i, k, e) : value_copy(first);
        if (one && text_equal(value_get_text(one, "status", ""), "stopped"))
            value_set(first, "status", value_text("stopped"));
        if (one)
            value_add(each, one);
    }
    if (!is_one && one) {
        seeds_add(first, each);
    } else if (!is_one) {
        value_free(first);
        first = NULL;
    }
    value_free(each);
    return first;
}

static Value *trial_result(const Study *s, size_t i)
{
    Error absent = {0};
    return need_result(s, i, &absent);
}

/* What a trial is: the same for its events and for the result of the study. */
static void add_trial(const Study *s, size_t i, const Value *result, Value *v)
{
    const Value *metric = value_get(result, s->metric), *sd = value_get(value_get(result, "sd"), s->metric);
    value_set(v, "settings", value_copy(s->trials.items[i].settings));
    value_set(v, "metric", metric ? value_copy(metric) : value_null());
    if (sd)
        value_set(v, "sd", value_copy(sd));
    value_set(v, "epoch", value_int(value_get_int(result, "best_epoch", 0)));
    value_set(v, "params", value_int(value_get_int(result, "params", 0)));
    value_set(v, "macs", value_int(value_get_int(result, "macs", 0)));
    if (value_get(result, "error"))
        value_set(v, "error", value_text(value_get_text(result, "error", "")));
}

static bool trial_event(Study *s, size_t i, const char *status, const Value *result, Error *e)
{
    Value *v = value_map();
    value_set(v, "n", value_int((int64_t)i + 1));
    value_set(v, "status", value_text(status));
    add_trial(s, i, result, v);
    value_set(v, "epochs", value_int(value_get_int(result, "epochs", s->trials.items[i].plan->epochs)));
    value_set(v, "plan", plan_to_given(&train_spec, s->trials.items[i].plan, false));
    return run_event(s->call.run, "trial", v, true, e);
}

static bool train_seed(Study *s, size_t i, int64_t seed, Error *e)
{
    char *directory = seed_directory(s, i, seed);
    Value *result = call_read_json(directory, "result.json");
    bool ok = result != NULL; /* by an earlier life */
    value_free(result);
    result = NULL;
    ChildTask task = {.directory = directory,
                      .kind = "trial",
                      .train = {.data = s->data,
                                .plan = s->trials.items[i].plan,
                                .plan_hash = s->call.plan_hash,
                                .figure = s->metric,
                                .threads = 1,
                                .seed = call_seed(s->p, s->trials.items[i].plan) + (uint64_t)seed}};
    ok = ok || child_train(s->c->job, &task, &result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

static bool work(void *self, size_t i, Error *e)
{
    Study *s = self;
    if (s->trials.items[i].failure.code != ERROR_NONE) {
        *e = s->trials.items[i].failure;
        e->code = e->code == ERROR_IO ? ERROR_FAILED : e->code; /* of the net, not of what a trial stores */
        return false;
    }
    bool ok = true;
    for (int64_t k = 0; ok && k < s->plan->seeds; k++)
        ok = train_seed(s, i, k, e);
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
    for (int64_t k = 0; k < s->plan->seeds; k++) {
        char *directory = seed_directory(s, i, k), *file = io_join(directory, "result.json");
        Value *one = call_read_json(directory, "result.json");
        if (text_equal(value_get_text(one, "status", ""), "stopped"))
            io_remove(file, NULL);
        value_free(one);
        mem_free(file);
        mem_free(directory);
    }
}

/* What a failed trial leaves, so that a resume does not try it again. */
static bool write_failure(const Study *s, size_t i, const char *status, const Error *failed, Error *e)
{
    char *directory = trial_directory(s, i);
    Value *result = value_map();
    value_set(result, "status", value_text(status));
    value_set(result, "error", value_text(failed->message));
    bool ok = io_make_directory(directory, e) && call_write_json(directory, "result.json", result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

/* Not measured, so no result: the study goes on with the others, and a resume runs this one again. */
static bool lose(Study *s, size_t i, const Error *failed, Error *e)
{
    Value *why = value_map();
    value_set(why, "error", value_text(failed->message));
    if (!s->lost) {
        s->lost = i + 1;
        s->lost_why = mem_strdup(failed->message);
    }
    bool ok = trial_event(s, i, "lost", why, e);
    value_free(why);
    return ok;
}

/* A trial that diverges or fails is a result too; the study goes on. */
static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    Study *s = self;
    if (failed && failed->code == ERROR_CANCELED) {
        *e = *failed;
        return false;
    }
    if (failed && (failed->code == ERROR_LOST || failed->code == ERROR_IO))
        return lose(s, i, failed, e);
    if (failed && !write_failure(s, i, failed->code == ERROR_DIVERGED ? "diverged" : "failed", failed, e))
        return false;
    Value *result = need_result(s, i, e);
    bool ok = result && trial_event(s, i, value_get_text(result, "status", "done"), result, e);
    forget_cut_short(s, i, result);
    value_free(result);
    return ok;
}

static Value *trial_row(const Study *s, size_t i, const Value *result)
{
    Value *row = value_map();
    value_set(row, "n", value_int((int64_t)i + 1));
    value_set(row, "status", value_text(value_get_text(result, "status", "done")));
    add_trial(s, i, result, row);
    value_set(row, "model_hash", value_text(value_get_text(result, "model_hash", "")));
    return row;
}

/* Why nothing came out: the first reason that a trial left. */
static bool no_result(const Value *trials, Error *e)
{
    for (size_t i = 0; i < trials->size; i++) {
        const char *said = value_get_text(trials->items[i], "error", NULL);
        bool diverged = text_equal(value_get_text(trials->items[i], "status", ""), "diverged");
        if (said)
            return error_set(e, diverged ? ERROR_DIVERGED : ERROR_FAILED, "tune: %s%zu trial%s failed; trial %lld said: %s",
                             trials->size > 1 ? "all " : "the only ", trials->size, trials->size > 1 ? "s" : "",
                             (long long)value_get_int(trials->items[i], "n", 0), said);
    }
    return error_set(e, ERROR_FAILED, "tune: none of %zu trials has a finite score", trials->size);
}

typedef struct Tally {
    size_t best, done, failed; /* best SIZE_MAX: none */
    double best_value;
} Tally;

/* Ties go to the first trial. */
static void count_trial(const Study *s, size_t i, const Value *result, Tally *t)
{
    double x = value_get_real(result, s->metric, NAN);
    bool is_bad = value_get(result, "error") != NULL || text_equal(value_get_text(result, "status", ""), "diverged");
    t->failed += is_bad;
    t->done += !is_bad;
    if (!isfinite(x) || (t->best != SIZE_MAX && !(s->is_high ? x > t->best_value : x < t->best_value)))
        return;
    t->best = i;
    t->best_value = x;
}

static void set_best(const Study *s, const Tally *t, Value *result)
{
    value_set(result, "best", value_int((int64_t)t->best + 1));
    value_set(result, "best_metric", value_real(t->best_value));
    value_set(result, "best_settings", value_copy(s->trials.items[t->best].settings));
    value_set(result, "best_plan", plan_to_given(&train_spec, s->trials.items[t->best].plan, true));
}

/* Numbers of the trials that nothing matches with fewer parameters. */
static Value *front_of(const Study *s, const Value *rows)
{
    FrontPoint *points = mem_alloc((rows->size + 1) * sizeof *points);
    Value *front = value_list();
    for (size_t i = 0; i < rows->size; i++) {
        double params = value_get_real(rows->items[i], "params", 0);
        points[i] = (FrontPoint){value_get_real(rows->items[i], "metric", NAN), params > 0 ? params : NAN};
    }
    for (size_t i = 0; i < rows->size; i++)
        if (front_has(points, rows->size, i, s->is_high))
            value_add(front, value_int(value_get_int(rows->items[i], "n", 0)));
    mem_free(points);
    return front;
}

/* Of a stopped study some trials have none; of a whole one each must be there to be read. */
static bool collect_rows(const Study *s, bool stopped, Value *rows, Tally *tally, Error *e)
{
    for (size_t i = 0; i < s->trials.count; i++) {
        Error missing = {0};
        Value *one = need_result(s, i, &missing);
        if (!one && !stopped) {
            *e = missing;
            return error_prefix(e, "tune: trial %zu has left no result: ", i + 1);
        }
        if (one) {
            value_add(rows, trial_row(s, i, one));
            count_trial(s, i, one, tally);
        }
        value_free(one);
    }
    return true;
}

static bool collect(Study *s, bool stopped, Bundle **out, Value **result, Error *e)
{
    Value *rows = value_list();
    Tally tally = {.best = SIZE_MAX};
    if (!collect_rows(s, stopped, rows, &tally, e)) {
        value_free(rows);
        return false;
    }
    *result = value_map();
    value_set(*result, "trials", rows);
    value_set(*result, "front", front_of(s, rows));
    value_set(*result, "metric", value_text(s->metric));
    value_set(*result, "space", space_to_value(&s->space));
    value_set(*result, "row_counts", rows_report_value(&s->data->rows));
    value_set(*result, "done", value_int((int64_t)tally.done));
    value_set(*result, "failed", value_int((int64_t)tally.failed));
    value_set(*result, "asked", value_int(s->plan->trials));
    value_set(*result, "repeated", value_int((int64_t)s->trials.repeated));
    if (s->trials.exhausted)
        value_set(*result, "exhausted", value_int((int64_t)s->trials.exhausted));
    if (tally.best == SIZE_MAX)
        return no_result(rows, e);
    set_best(s, &tally, *result);
    char *directory = trial_directory(s, tally.best);
    *out = call_load_model(directory, e);
    mem_free(directory);
    return *out && call_save_model(*out, s->call.directory, e);
}

static bool start_event(Study *s, Error *e)
{
    Value *v = value_map(), *study = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "trials", value_int((int64_t)s->trials.count));
    value_set(v, "jobs", value_int(s->plan->jobs ? s->plan->jobs : thread_cores()));
    value_set(v, "sampler", value_text(sampler_of(&s->plan->sampler)->spec.name));
    value_set(v, "metric", value_text(s->metric));
    value_set(v, "epochs", value_int(s->plan->base.epochs));
    if (s->plan->seeds > 1)
        value_set(v, "seeds", value_int(s->plan->seeds));
    value_set(v, "space", space_to_value(&s->space));
    value_set(v, "row_counts", rows_report_value(&s->data->rows));
    value_set(v, "asked", value_int(s->plan->trials));
    if (s->trials.exhausted)
        value_set(v, "exhausted", value_int((int64_t)s->trials.exhausted));
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

/* A life that was killed may have had no time to say what its trials found. */
static bool tell_done_before(Study *s, Error *e)
{
    bool ok = true;
    for (size_t i = 0; ok && s->call.resumes && i < s->trials.count; i++) {
        Value *result = trial_result(s, i);
        ok = !result || trial_event(s, i, value_get_text(result, "status", "done"), result, e);
        value_free(result);
    }
    return ok;
}

static bool say_lost(const Study *s, Error *e)
{
    return error_set(
        e, ERROR_LOST,
        "tune: trial %zu was run %d times and is lost: %s; what the others found is kept, and a resume of the run runs it again", s->lost,
        FARM_TRIES, s->lost_why);
}

static bool run_study(Study *s, Bundle **out, Value **result, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = s,
                 .piece = "trial",
                 .jobs = s->plan->jobs,
                 .run = s->call.run,
                 .is_done = is_done,
                 .work = work,
                 .started = started,
                 .ended = ended};
    if (!call_prepare(s->c, s->p, &s->data, e) || !choose_metric(s, e) || !make_trials(s, e) || !start_event(s, e) ||
        !call_note(s->c, &s->call, s->note, e))
        return false;
    farm.count = s->trials.count;
    bool ok = tell_done_before(s, e) && farm_run(s->c->job, &farm, &stopped, e);
    if (ok && stopped) { /* the best so far is kept, if there is one */
        Error none_yet = {0};
        collect(s, true, out, result, &none_yet);
        value_set(*result, "status", value_text("stopped"));
    } else if (ok) {
        ok = s->lost ? say_lost(s, e) : collect(s, false, out, result, e);
    }
    if (ok || e->code != ERROR_CANCELED)
        end_event(s, !ok ? "failed" : stopped ? "stopped" : "done", *result);
    return ok;
}

static void study_done(Study *s)
{
    trials_done(&s->trials);
    space_done(&s->space);
    mem_free(s->note);
    mem_free(s->lost_why);
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
