/* Trainings that differ in the seed alone, each a run of its own below one call: what a figure owes to chance. */
#include "learn/seeds.h"

#include <math.h>

#include "learn/farm.h"
#include "learn/statistics.h"

typedef struct Seeds {
    CallContext *c;
    const Pipeline *p;
    const TrainPlan *plan;
    Call call;
    Prepared *data;
} Seeds;

static char *seed_directory(const Seeds *s, size_t i)
{
    return text_format("%s/seeds/%02zu", s->call.directory, i + 1);
}

static uint64_t seed_of(const Seeds *s, size_t i)
{
    return call_seed(s->p, s->plan) + i;
}

static bool work(void *self, size_t i, Error *e)
{
    const Seeds *s = self;
    char *directory = seed_directory(s, i);
    Value *result = NULL;
    ChildTask task = {.directory = directory,
                      .kind = "seed",
                      .train = {.data = s->data, .plan = s->plan, .plan_hash = s->call.plan_hash, .threads = 1, .seed = seed_of(s, i)}};
    bool ok = child_train(s->c->job, &task, &result, e);
    value_free(result);
    mem_free(directory);
    return ok;
}

static bool is_done(void *self, size_t i)
{
    char *directory = seed_directory(self, i);
    Value *v = call_read_json(directory, "result.json");
    bool done = text_equal(value_get_text(v, "status", ""), "done");
    value_free(v);
    mem_free(directory);
    return done;
}

static bool ended(void *self, size_t i, const Error *failed, Error *e)
{
    (void)self;
    if (!failed)
        return true;
    *e = *failed;
    return error_prefix(e, "seed %zu: ", i + 1);
}

static double real_of(const Value *each, size_t i, const char *name)
{
    return value_get_real(each->items[i], name, NAN);
}

/* One figure over all seeds; those that lack it leave it undefined. */
static void add_figure(Value *result, const Value *each, const char *name, Value *const spread[3])
{
    size_t n = each->size;
    double *values = mem_alloc((n + 1) * sizeof *values), sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] = real_of(each, i, name);
    double mean = sum / (double)n, sd = sample_sd(values, n), half = n > 1 ? student_t((double)n - 1) * sd / sqrt((double)n) : NAN;
    const Metric *m = metric_find(name) ? metric_find(name) : metric_of_series(name);
    double low = mean - half, high = mean + half;
    if (m && isfinite(half)) { /* a figure has no mean beyond its range */
        low = fmax(low, m->low);
        high = fmin(high, m->high);
    }
    value_set(result, name, value_real(mean));
    value_set(spread[0], name, value_real(sd));
    value_set(spread[1], name, value_real(low));
    value_set(spread[2], name, value_real(high));
    mem_free(values);
}

void seeds_add(Value *result, const Value *each)
{
    Value *spread[3] = {value_map(), value_map(), value_map()};
    const Value *first = each->items[0];
    for (size_t k = 0; k < first->size; k++)
        if (first->items[k]->type == VALUE_REAL)
            add_figure(result, each, first->keys[k], spread);
    value_set(result, "sd", spread[0]);
    value_set(result, "low", spread[1]);
    value_set(result, "high", spread[2]);
    value_set(result, "seeds", value_copy(each));
}

static Value *collect(const Seeds *s, Error *e)
{
    Value *each = value_list();
    for (size_t i = 0; i < (size_t)s->plan->seeds; i++) {
        char *directory = seed_directory(s, i);
        Value *one = call_need_json(directory, "result.json", e);
        mem_free(directory);
        if (!one) {
            value_free(each);
            error_prefix(e, "seed %zu has left no result: ", i + 1);
            return NULL;
        }
        value_remove(one, "callback");
        value_set(one, "seed", value_int((int64_t)seed_of(s, i)));
        value_add(each, one);
    }
    Value *result = value_copy(each->items[0]);
    value_remove(result, "seed");
    seeds_add(result, each);
    value_set(result, "row_counts", rows_report_value(&s->data->rows));
    value_free(each);
    return result;
}

static bool start_event(Seeds *s, Error *e)
{
    Value *v = value_map();
    value_set(v, "step", value_int(0));
    value_set(v, "seeds", value_int(s->plan->seeds));
    value_set(v, "epochs", value_int(s->plan->epochs));
    value_set(v, "rows", value_int((int64_t)s->data->data[PART_TRAIN].rows));
    return run_event(s->call.run, "start", v, true, e);
}

static bool run_seeds(Seeds *s, Value **result, Error *e)
{
    bool stopped = false;
    Farm farm = {.self = s,
                 .piece = "seed",
                 .count = (size_t)s->plan->seeds,
                 .jobs = s->plan->jobs,
                 .run = s->call.run,
                 .is_done = is_done,
                 .work = work,
                 .ended = ended};
    if (!call_prepare(s->c, s->p, &s->data, e) || !start_event(s, e))
        return false;
    bool ok = farm_run(s->c->job, &farm, &stopped, e);
    if (ok && stopped)
        ok = error_set(e, ERROR_CANCELED, "training was stopped; the seeds that are done are kept");
    ok = ok && (*result = collect(s, e)) != NULL;
    if (ok || stopped || e->code != ERROR_CANCELED) {
        Error ignored = {0};
        Value *v = value_map();
        value_set(v, "status", value_text(ok ? "done" : stopped ? "stopped" : "failed"));
        run_event(s->call.run, "end", v, true, &ignored);
    }
    return ok;
}

static bool load_all(const Seeds *s, Bundle **out, Error *e)
{
    for (size_t i = 0; i < (size_t)s->plan->seeds; i++) {
        char *directory = seed_directory(s, i);
        out[i] = call_load_model(directory, e);
        mem_free(directory);
        if (!out[i])
            return false;
    }
    return true;
}

void seeds_free(Bundle **models, size_t count)
{
    for (size_t i = 0; models && i < count; i++)
        bundle_unref(models[i]);
    mem_free(models);
}

bool call_train_seeds(CallContext *c, const Pipeline *p, const TrainPlan *plan, Bundle ***out, Value **result, Error *e)
{
    Seeds s = {.c = c, .p = p, .plan = plan};
    *out = NULL;
    *result = NULL;
    if (!call_begin(c, &s.call, "seeds", plan->name && *plan->name ? plan->name : "train", call_plan(p, &train_spec, plan), e))
        return false;
    bool ok = true;
    if (s.call.stored)
        *result = value_copy(s.call.stored);
    else
        ok = run_seeds(&s, result, e);
    *out = mem_alloc(((size_t)plan->seeds + 1) * sizeof **out);
    ok = ok && load_all(&s, *out, e);
    if (ok && !s.call.stored)
        ok = (!plan->baselines || call_baselines(c, s.data, *out, *result, e)) && call_end(c, &s.call, *result, e);
    if (!ok) {
        seeds_free(*out, (size_t)plan->seeds);
        value_free(*result);
        *out = NULL;
        *result = NULL;
    }
    prepared_free(s.data);
    call_done(&s.call);
    return ok;
}
