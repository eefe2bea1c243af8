/* Training: steps, epochs, and what is left of it: a bundle and a result. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "learn/epochs.h"
#include "learn/loop.h"
#include "learn/seen.h"
#include "learn/threshold.h"
#include "spec/module.h"

static bool diverged(Loop *l, Error *e)
{
    mem_free(l->bad);
    l->bad = trainer_find_bad(l->trainer, &l->batch, l->s.epoch);
    char *text = text_format("the loss is not finite at step %lld, epoch %lld: %s", (long long)l->s.step, (long long)l->s.epoch, l->bad);
    l->end = LOOP_DIVERGED;
    bool ok = loop_alarm(l, text, e);
    mem_free(text);
    return ok;
}

static bool take_step(Loop *l, Error *e)
{
    size_t hits = 0;
    if (!loop_gather(l, l->s.position, e))
        return false;
    l->rate = loop_rate(l);
    double loss = trainer_step(l->trainer, &l->batch, l->rate, l->s.epoch, &hits);
    if (trainer_failed(l->trainer, e))
        return false;
    l->s.step++;
    l->s.position++;
    if (l->task->run)
        l->task->run->step = l->s.step;
    l->s.loss_sum += loss * (double)l->batch.rows;
    double parts[LOSS_PARTS];
    trainer_loss_parts(l->trainer, parts);
    l->s.hard_sum += parts[LOSS_HARD] * (double)l->batch.rows;
    l->s.soft_sum += parts[LOSS_SOFT] * (double)l->batch.rows;
    l->s.rows_seen += (int64_t)l->batch.rows;
    l->s.hits += (int64_t)hits;
    if (!isfinite(loss))
        return diverged(l, e);
    return loop_batch_event(l, loss, e);
}

/* Automatic checkpoints leave no event: when they happen depends on the clock. */
static bool checkpoint_if_due(Loop *l, bool is_epoch_end, Error *e)
{
    int64_t every = l->plan->checkpoint_every;
    bool is_due = every ? l->s.step % every == 0 : is_epoch_end && clock_now() - l->last_checkpoint >= 1;
    if (is_due && !trainer_is_finite(l->trainer))
        return diverged(l, e);
    return !is_due || loop_save(l, e);
}

static bool run_epoch(Loop *l, Error *e)
{
    loop_batches_of(l, l->s.epoch);
    loop_order(l, l->s.epoch);
    if (l->changed && !epochs_fill(l->job, l->data, l->s.epoch, l->changed, e))
        return false;
    while (l->s.position < l->batches.steps) {
        if (!loop_take_requests(l, e) || (l->end == LOOP_RUNNING && !take_step(l, e)))
            return false;
        if (l->end != LOOP_RUNNING)
            return true;
        bool is_last = l->s.position == l->batches.steps;
        if (!is_last && !checkpoint_if_due(l, false, e))
            return false;
        job_progress(l->job, (uint64_t)l->s.step, (uint64_t)l->total_steps);
    }
    if (!model_is_finite(l->model))
        return diverged(l, e);
    return loop_end_epoch(l, e) && checkpoint_if_due(l, true, e);
}

static bool say_notes(Loop *l, Error *e)
{
    const TrainHooks *hooks = l->task->hooks;
    for (size_t i = 0; i < l->notes.count; i++) {
        if (hooks && hooks->on_note)
            hooks->on_note(hooks->self, l->notes.items[i]);
        if (!loop_alarm(l, l->notes.items[i], e))
            return false;
    }
    return true;
}

static bool begin(Loop *l, Error *e)
{
    bool is_found = false;
    if (l->task->run) {
        l->task->run->check = loop_check_request;
        l->task->run->check_self = l;
    }
    if (l->task->resume)
        loop_read_history(l);
    if (l->task->resume && l->task->run && run_checkpoint_exists(l->task->run->path) && !loop_load(l, &is_found, e))
        return false;
    return is_found || (loop_start_event(l, e) && say_notes(l, e));
}

/* restore_best rules every end but a divergence. Without early_stop all epochs end with the last weights, and a stop with the best. */
static bool keep_best(Loop *l, Error *e)
{
    const EarlyStop *stop = l->plan->early_stop.spec ? l->plan->early_stop.params : NULL;
    bool wanted = l->end == LOOP_DIVERGED || (stop ? stop->restore_best : l->end != LOOP_DONE);
    if (!wanted || l->s.best_epoch == 0)
        return loop_use_average(l, true, e);
    memcpy(l->weights, l->best_weights, l->weights_size);
    return true;
}

static Value *hash_value(const Table *t)
{
    char hex[HASH_ROOM];
    table_hash(t, hex);
    return value_text(hex);
}

/* The modules whose metrics are among the figures: the model is judged by them where the modules are not installed. */
static Value *modules_of(const Value *metrics)
{
    Value *list = value_list();
    TextList named = {0};
    for (size_t i = 0; i < metrics->size; i++) {
        const Metric *metric = metric_find(metrics->keys[i]);
        const Module *m = metric ? module_of(&metric->spec) : NULL;
        if (!m || text_list_has(&named, m->hash))
            continue;
        text_list_add(&named, m->hash);
        value_add(list, module_to_value(m, true));
    }
    text_list_done(&named);
    return list;
}

static Value *make_facts(Loop *l, Error *e)
{
    Value *facts = value_map(), *train = loop_part_metrics(l, l->train, e), *valid = loop_part_metrics(l, l->valid, e);
    if (!train || !valid) {
        value_free(train);
        value_free(valid);
        value_free(facts);
        return NULL;
    }
    /* outputs hold the validation part now */
    value_set(facts, "threshold_f1", value_real(threshold_best_f1(&l->data->target, l->valid, l->outputs)));
    value_set(facts, "train", train);
    value_set(facts, "valid", valid);
    Value *modules = modules_of(valid);
    if (modules->size)
        value_set(facts, "modules", value_copy(modules));
    value_free(modules);
    value_set(facts, "seed", value_int((int64_t)l->task->seed));
    value_set(facts, "plan", value_text(l->task->plan_hash ? l->task->plan_hash : ""));
    value_set(facts, "data", hash_value(l->data->structural));
    value_set(facts, "train_rows", hash_value(l->data->raw[PART_TRAIN]));
    value_set(facts, "trained_on", seen_facts(l->data->trained, (const Bundle *[]){l->task->teacher, l->begun_with}, 2));
    value_set(facts, "epochs", value_int(l->s.epoch - 1));
    value_set(facts, "best_epoch", value_int(l->s.best_epoch));
    Value *fingerprint = value_map();
    trainer_fingerprint(fingerprint);
    value_set(facts, "fingerprint", fingerprint);
    return facts;
}

static void add_part(Value *result, const char *part, const Value *metrics)
{
    for (size_t i = 0; i < metrics->size; i++) {
        char *name = text_format("%s.%s", part, metrics->keys[i]);
        value_set(result, name, value_copy(metrics->items[i]));
        mem_free(name);
    }
}

static Value *make_result(Loop *l, const Bundle *b)
{
    Value *r = value_map();
    char hash[HASH_ROOM];
    bundle_hash(b, hash);
    char *why = loop_why(l);
    value_set(r, "status", value_text(loop_status(l)));
    value_set(r, "why", value_text(why));
    mem_free(why);
    value_set(r, "epochs", value_int(l->s.epoch - 1));
    value_set(r, "best_epoch", value_int(l->s.best_epoch));
    add_part(r, "train", value_get(b->facts, "train"));
    if (l->valid->rows)
        add_part(r, "valid", value_get(b->facts, "valid"));
    value_set(r, "threshold_f1", value_copy(value_get(b->facts, "threshold_f1")));
    value_set(r, "params", value_int(model_params(b->model)));
    value_set(r, "macs", value_int(model_macs(b->model)));
    value_set(r, "zeros", value_int(model_zeros(b->model, NULL)));
    value_set(r, "data_hash", hash_value(l->data->structural));
    value_set(r, "model_hash", value_text(hash));
    value_set(r, "seconds", value_real(clock_now() - l->started));
    value_set(r, "notes", value_texts(&l->notes));
    return r;
}

/* By what the model will say of those rows, to the last bit: a training evaluates in another order of sums. */
static bool choose_threshold(Loop *l, Bundle *b, const ThresholdPlan *plan, float *outputs, Error *e)
{
    const Dataset *valid = l->valid;
    TargetInfo target = l->target;
    Decision d;
    if (!bundle_infer(b, NULL, valid->x, valid->rows, outputs, e) ||
        !threshold_choose(plan, &(ThresholdRows){&b->target, valid, outputs, part_name(PART_VALID)}, &d, e))
        return false;
    bundle_decide(b, &d);
    target.costs = b->target.costs;
    Value *figures = metrics_of(&target, valid, outputs, b->threshold, e);
    if (figures)
        value_set(b->facts, "valid", figures);
    return figures;
}

static bool take_threshold(Loop *l, Bundle *b, Error *e)
{
    if (!l->plan->threshold)
        return true;
    ThresholdPlan *plan = threshold_plan_from_value(l->plan->threshold, e);
    float *outputs = plan ? mem_try_aligned((l->valid->rows + 1) * target_outputs(&b->target), sizeof *outputs, e) : NULL;
    bool ok = outputs && choose_threshold(l, b, plan, outputs, e);
    mem_free(outputs);
    params_free(&threshold_spec, plan);
    return ok;
}

static bool save_model(Loop *l, Bundle *b, Error *e)
{
    if (!l->task->run)
        return true;
    char *path = run_file(l->task->run, "model.safetensors");
    bool ok = row_set_save(l->data->trained, l->task->run->path, e) && bundle_keep(b, path, e);
    if (ok) {
        mem_free(b->path);
        b->path = mem_strdup(path);
    }
    mem_free(path);
    return ok;
}

static bool finish(Loop *l, Bundle **out, Value **result, Error *e)
{
    if (l->is_aborted)
        return loop_end_event(l, e) && error_set(e, ERROR_CANCELED, "aborted by hand at step %lld: no model is kept", (long long)l->s.step);
    if (!keep_best(l, e))
        return false;
    if (l->end == LOOP_DIVERGED && l->s.best_epoch == 0) {
        loop_end_event(l, e);
        return error_set(e, ERROR_DIVERGED,
                         "training diverged in its first epoch, at step %lld: %s; try a lower learning_rate or max_norm = 1",
                         (long long)l->s.step, l->bad);
    }
    model_clear_denormals(l->model);
    Value *facts = loop_set_scale(l, e) ? make_facts(l, e) : NULL;
    Model *model = facts ? model_copy(l->model, e) : NULL;
    if (!model) {
        value_free(facts);
        return false;
    }
    Bundle *b = bundle_make(l->data, model, facts);
    target_info_done(&b->target);
    b->target = target_info_copy(&l->target);
    bool ok = take_threshold(l, b, e) && save_model(l, b, e) && loop_end_event(l, e);
    Value *state = ok ? loop_callback_state(l, e) : NULL;
    ok = state != NULL;
    if (ok) {
        *result = make_result(l, b);
        value_set(*result, "callback", state);
    }
    if (ok && l->end == LOOP_DIVERGED)
        ok = error_set(e, ERROR_DIVERGED,
                       "training diverged at epoch %lld, step %lld: %s; the weights of epoch %lld were kept; try a lower learning_rate",
                       (long long)l->s.epoch, (long long)l->s.step, l->bad, (long long)l->s.best_epoch);
    if (ok)
        *out = b;
    else
        bundle_unref(b);
    return ok;
}

bool train_run(Job *job, const TrainTask *task, Bundle **out, Value **result, Error *e)
{
    Loop l;
    *out = NULL;
    *result = NULL;
    bool ok = loop_init(&l, job, task, e) && begin(&l, e);
    if (ok && l.is_resumed && (l.s.epoch > l.epochs || (l.s.patience && l.s.worse >= l.s.patience)))
        l.end = LOOP_DONE;
    while (ok && l.end == LOOP_RUNNING)
        ok = run_epoch(&l, e);
    ok = ok && finish(&l, out, result, e);
    loop_done(&l);
    return ok;
}
