/* The end of an epoch: metrics of the validation part, the best epoch so far, early stopping, schedule, events, the callback. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/proc.h"
#include "learn/loop.h"
#include "learn/reconstruction.h"

double loop_rate(const Loop *l)
{
    if (!l->plan->schedule.spec)
        return l->s.base_rate;
    double done = (double)(l->s.epoch - 1) + (double)l->s.position / (double)l->batches.steps;
    SchedulePlace place = {l->s.step, l->total_steps, l->steps_per_epoch, done};
    return schedule_rate(&l->plan->schedule, &l->s.schedule, l->s.base_rate, &place);
}

const char *loop_status(const Loop *l)
{
    static const char *const names[] = {"running", "done", "stopped", "diverged"};
    return names[l->end];
}

static Value *early_stop_value(const Loop *l)
{
    if (!l->s.patience)
        return value_null();
    Value *v = value_map();
    value_set(v, "metric", value_text(l->watched));
    value_set(v, "patience", value_int(l->s.patience));
    return v;
}

static Value *name_or_null(const SpecUse *use)
{
    return use->spec ? value_text(use->spec->name) : value_null();
}

static bool emit(Loop *l, const char *event, Value *fields, bool sync, Error *e)
{
    if (l->task->run)
        return run_event(l->task->run, event, fields, sync, e);
    value_free(fields);
    return true;
}

double loop_elapsed(const Loop *l)
{
    return l->before + clock_now() - l->started;
}

bool loop_start_event(Loop *l, Error *e)
{
    const TargetInfo *target = &l->data->target;
    Value *v = value_map();
    char *net = net_summary(&l->plan->net, l->train->input.shape, (int64_t)target_outputs(target));
    value_set(v, "step", value_int(0));
    value_set(v, "epochs", value_int(l->plan->epochs));
    value_set(v, "steps_per_epoch", value_int(l->steps_per_epoch));
    value_set(v, "steps", value_int(l->total_steps));
    value_set(v, "rows", value_int((int64_t)l->train->rows));
    value_set(v, "valid_rows", value_int((int64_t)l->valid->rows));
    if (l->data->rows.read)
        value_set(v, "row_counts", rows_report_value(&l->data->rows));
    value_set(v, "features", value_int((int64_t)l->train->width));
    value_set(v, "net", value_text(net));
    value_set(v, "params", value_int(model_params(l->model)));
    value_set(v, "macs", value_int(model_macs(l->model)));
    value_set(v, "batch", value_int(l->plan->batch));
    value_set(v, "optimizer", name_or_null(&l->plan->optimizer));
    value_set(v, "schedule", name_or_null(&l->plan->schedule));
    value_set(v, "learning_rate", value_real(l->s.base_rate));
    value_set(v, "loss", value_text(trainer_loss(l->trainer)->spec->name));
    value_set(v, "seed", value_int((int64_t)l->task->seed));
    value_set(v, "target", value_text(target->name));
    value_set(v, "positive", target->positive >= 0 ? value_text(target->classes.items[target->positive]) : value_null());
    value_set(v, "metric", value_text(l->watched));
    value_set(v, "patience", value_int(l->s.patience));
    value_set(v, "early_stop", early_stop_value(l));
    mem_free(net);
    return emit(l, "start", v, true, e);
}

/* Six digits are enough for what is looked at: a log is long. */
Value *loop_brief(double x)
{
    char digits[32];
    double out = x;
    snprintf(digits, sizeof digits, "%.6g", x);
    return value_real(number_parse_real(digits, strlen(digits), &out) ? out : x);
}

bool loop_batch_event(Loop *l, double loss, Error *e)
{
    if (!l->task->run || l->s.position % l->batch_every != 0 || l->s.position == l->batches.steps)
        return true;
    Value *v = value_map(), *m = value_map();
    value_set(m, SERIES_TRAIN_LOSS, value_real(loss));
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_real((double)l->s.epoch - 1 + (double)l->s.position / (double)l->batches.steps));
    value_set(v, "m", m);
    value_set(v, "lr", value_real(l->rate));
    value_set(v, "grad_norm", loop_brief(trainer_gradient_norm(l->trainer)));
    value_set(v, "elapsed", loop_brief(loop_elapsed(l)));
    return emit(l, "batch", v, false, e);
}

bool loop_alarm(Loop *l, const char *text, Error *e)
{
    Value *v = value_map();
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_int(l->s.epoch));
    value_set(v, "text", value_text(text));
    return emit(l, "alarm", v, true, e);
}

char *loop_why(const Loop *l)
{
    if (l->end == LOOP_DIVERGED)
        return text_format("the loss is not finite: %s", l->bad);
    if (l->end == LOOP_STOPPED)
        return mem_strdup(l->is_aborted     ? "aborted by hand: no model is kept"
                          : l->hook_stopped ? "on_epoch said stop"
                                            : "a stop was asked for");
    if (l->s.patience && l->s.worse >= l->s.patience)
        return text_format("early stop: no better %s since epoch %lld, patience %lld", l->watched, (long long)l->s.best_epoch,
                           (long long)l->s.patience);
    return text_format("all %lld epochs", (long long)l->epochs);
}

bool loop_end_event(Loop *l, Error *e)
{
    char *why = loop_why(l);
    Value *v = value_map();
    int64_t weights, zeros = model_zeros(l->model, &weights);
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "status", value_text(loop_status(l)));
    value_set(v, "epochs", value_int(l->s.epoch - 1));
    value_set(v, "best_epoch", value_int(l->s.best_epoch));
    value_set(v, "why", value_text(why));
    value_set(v, "weights", value_int(weights));
    value_set(v, "zeros", value_int(zeros));
    value_set(v, "seconds", value_real(clock_now() - l->started));
    mem_free(why);
    return emit(l, "end", v, true, e);
}

static bool find_errors(Loop *l, const Dataset *data, Error *e)
{
    size_t width = data->width;
    for (size_t from = 0; from < data->rows; from += LOOP_BLOCK) {
        size_t count = data->rows - from < LOOP_BLOCK ? data->rows - from : LOOP_BLOCK;
        if (!trainer_evaluate(l->trainer, data->x + from * width, count, l->block, e))
            return false;
        reconstruction_errors(l->block, data->x + from * width, width, count, l->errors + from);
    }
    return true;
}

static double scale_of(const Loop *l, const Dataset *data)
{
    return reconstruction_scale(&l->target, data, l->errors, ((const Reconstruction *)trainer_loss(l->trainer)->params)->quantile);
}

bool loop_set_scale(Loop *l, Error *e)
{
    if (!l->target.inputs)
        return true;
    if (!find_errors(l, l->train, e))
        return false;
    l->target.error_scale = scale_of(l, l->train);
    return true;
}

/* While the training goes on each part is judged by a scale of its own. */
static Value *error_metrics(Loop *l, const Dataset *data, Error *e)
{
    TargetInfo target = l->target;
    if (!find_errors(l, data, e))
        return NULL;
    if (target.error_scale == 0)
        target.error_scale = scale_of(l, data);
    reconstruction_finish(&target, l->errors, data->rows, l->outputs);
    return metrics_of(&target, data, l->outputs, 0.5, e);
}

Value *loop_part_metrics(Loop *l, const Dataset *data, Error *e)
{
    if (l->target.inputs)
        return error_metrics(l, data, e);
    if (!trainer_evaluate(l->trainer, data->x, data->rows, l->outputs, e))
        return NULL;
    LossFigures loss;
    if (!loop_loss(l, data, &loss, e))
        return NULL;
    outputs_finish(&l->target, l->outputs, data->rows);
    Value *m = metrics_of(&l->target, data, l->outputs, 0.5, e);
    if (m && loss.is_known) /* what the training makes small, on this part too; the log loss beside it is that of any model */
        value_set(m, METRIC_LOSS, value_real(loss.loss));
    if (m && loss.is_mixed) {
        value_set(m, LOSS_NAME_HARD, value_real(loss.hard));
        value_set(m, LOSS_NAME_SOFT, value_real(loss.soft));
    }
    return m;
}

static Value *epoch_metrics(Loop *l, Error *e)
{
    Value *m = value_map();
    double rows = (double)l->s.rows_seen;
    value_set(m, SERIES_TRAIN_LOSS, value_real(l->s.loss_sum / rows));
    if (l->distill_loss.spec) {
        value_set(m, "train." LOSS_NAME_HARD, value_real(l->s.hard_sum / rows));
        value_set(m, "train." LOSS_NAME_SOFT, value_real(l->s.soft_sum / rows));
    }
    if (l->batch.labels)
        value_set(m, SERIES_TRAIN_ACCURACY, value_real((double)l->s.hits / rows));
    if (!l->valid->rows)
        return m;
    Value *valid = loop_part_metrics(l, l->valid, e);
    for (size_t i = 0; valid && i < valid->size; i++) {
        char *name = text_format("valid.%s", valid->keys[i]);
        value_set(m, name, value_copy(valid->items[i]));
        mem_free(name);
    }
    if (!valid) {
        value_free(m);
        return NULL;
    }
    value_free(valid);
    return m;
}

static void note_best(Loop *l, const Value *m)
{
    const EarlyStop *stop = l->plan->early_stop.spec ? l->plan->early_stop.params : NULL;
    double now = value_get_real(m, l->watched, NAN), delta = stop ? stop->min_delta : 0;
    bool is_watched = !stop || l->s.epoch > stop->warm_up + 1; /* until then each epoch takes the place of the one before */
    bool is_better = !is_watched || (l->watched_high ? now > l->s.best + delta : now < l->s.best - delta);
    if (isfinite(now) && (l->s.best_epoch == 0 || is_better)) {
        l->s.best = now;
        l->s.best_epoch = l->s.epoch;
        l->s.worse = 0;
        memcpy(l->best_weights, l->weights, l->weights_size);
    } else {
        l->s.worse++;
    }
}

/* What the clock and the system say: never the same twice. */
static void add_load(const Loop *l, double seconds, Value *v)
{
    value_set(v, "seconds", loop_brief(seconds));
    value_set(v, "elapsed", loop_brief(loop_elapsed(l)));
    value_set(v, "rate", loop_brief(seconds > 0 ? (double)l->s.rows_seen / seconds : 0));
    value_set(v, "cpu", loop_brief(seconds > 0 ? (clock_cpu() - l->epoch_cpu) / seconds : 0));
    value_set(v, "memory", value_int((int64_t)proc_resident_memory()));
}

static bool epoch_event(Loop *l, const Value *m, Error *e)
{
    double seconds = clock_now() - l->epoch_started;
    Value *v = value_map();
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_int(l->s.epoch));
    value_set(v, "m", value_copy(m));
    value_set(v, "lr", value_real(l->rate));
    value_set(v, "grad_norm", value_real(trainer_gradient_norm(l->trainer)));
    value_set(v, "best_epoch", value_int(l->s.best_epoch));
    value_set(v, "worse", value_int(l->s.worse));
    add_load(l, seconds, v);
    return emit(l, "epoch", v, true, e);
}

static bool call_hook(Loop *l, const Value *m, Error *e)
{
    const TrainHooks *hooks = l->task->hooks;
    if (!hooks || !hooks->on_epoch)
        return true;
    bool stop = false;
    EpochReport report = {.epoch = l->s.epoch, .epochs = l->epochs, .step = l->s.step, .metrics = m, .learning_rate = l->rate};
    if (!hooks->on_epoch(hooks->self, &report, &stop, e))
        return false;
    if (stop)
        l->end = LOOP_STOPPED;
    l->hook_stopped = stop;
    return true;
}

bool loop_end_epoch(Loop *l, Error *e)
{
    Value *m = loop_use_average(l, true, e) ? epoch_metrics(l, e) : NULL;
    if (!m)
        return false;
    note_best(l, m);
    loop_use_average(l, false, e);
    if (l->plan->schedule.spec)
        schedule_epoch(&l->plan->schedule, &l->s.schedule, value_get_real(m, l->valid->rows ? SERIES_VALID_LOSS : SERIES_TRAIN_LOSS, NAN));
    bool ok = epoch_event(l, m, e) && loop_look(l, m, e) && call_hook(l, m, e);
    if (l->end == LOOP_RUNNING && (l->s.epoch >= l->epochs || (l->s.patience && l->s.worse >= l->s.patience)))
        l->end = LOOP_DONE;
    l->s.epoch++;
    l->s.position = 0;
    l->s.loss_sum = l->s.hard_sum = l->s.soft_sum = 0;
    l->s.rows_seen = l->s.hits = 0;
    l->epoch_started = clock_now();
    l->epoch_cpu = clock_cpu();
    value_free(m);
    return ok;
}
