/* Requests to a running training, taken between steps: stop, abort, pause, resume, checkpoint, set, note. A changed setting is followed
 * by a checkpoint at once, so that a resume knows it. */
#include <math.h>

#include "base/clock.h"
#include "base/proc.h"
#include "learn/loop.h"

static bool checkpoint_now(Loop *l, Error *e)
{
    Value *v = value_map();
    if (!loop_save(l, e)) {
        value_free(v);
        return false;
    }
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_int(l->s.epoch));
    return run_event(l->task->run, "checkpoint", v, true, e);
}

/* One setting, from the next step on, or of what is cut anew from an epoch on. Asked with is_tried nothing is changed; the answer is why it
 * cannot be, for the caller. */
typedef struct Change {
    double value;
    int64_t from; /* the first epoch that begins after it */
    bool is_tried;
} Change;

static char *set_rate(Loop *l, const Change *c)
{
    if (!c->is_tried)
        l->s.base_rate = c->value;
    return NULL;
}

static char *set_patience(Loop *l, const Change *c)
{
    if (!c->is_tried)
        l->s.patience = (int64_t)c->value;
    return NULL;
}

static char *set_dropout(Loop *l, const Change *c)
{
    return model_set_like(l->model, "dropout", c->value, c->is_tried);
}

static char *set_temperature(Loop *l, const Change *c)
{
    if (!l->distill_loss.spec)
        return mem_strdup("only a distillation has a temperature");
    if (!c->is_tried)
        trainer_set_loss(l->trainer, "temperature", c->value);
    return NULL;
}

static char *set_batch(Loop *l, const Change *c)
{
    return loop_rebatch(l, c->from, (int64_t)c->value, c->is_tried);
}

static char *set_epochs(Loop *l, const Change *c)
{
    int64_t epochs = (int64_t)c->value;
    if (epochs < l->s.epoch)
        return text_format("epoch %lld goes on already; s stops the run", (long long)l->s.epoch);
    if (c->is_tried)
        return NULL;
    l->epochs = epochs;
    loop_count_steps(l);
    return NULL;
}

static const struct {
    const char *name;
    char *(*set)(Loop *l, const Change *c);
} setters[] = {{"learning_rate", set_rate},      {"patience", set_patience}, {"dropout", set_dropout},
               {"temperature", set_temperature}, {"batch", set_batch},       {"epochs", set_epochs}};

static char *change_settings(Loop *l, const Value *request, int64_t from, bool is_tried)
{
    for (size_t i = 0; i < sizeof setters / sizeof *setters; i++) {
        const Value *v = value_get(request, setters[i].name);
        Change c = {v && value_is_number(v) ? value_number(v) : (double)NAN, from, is_tried};
        char *why = isfinite(c.value) ? setters[i].set(l, &c) : NULL;
        if (why)
            return why;
    }
    return NULL;
}

char *loop_check_request(void *self, const Value *request)
{
    Loop *l = self;
    if (!text_equal(value_get_text(request, "verb", ""), "set"))
        return NULL;
    return change_settings(l, request, l->s.epoch + 1, true);
}

/* What was written down was possible then; after a resume it still is. */
static void replay(Loop *l, const Value *set)
{
    int64_t done = (int64_t)value_get_real(set, "epoch", (double)(l->s.epoch - 1));
    char *why = change_settings(l, set, done + 2, false);
    mem_free(why);
    if (value_get_flag(set, "stop", false))
        l->end = LOOP_STOPPED;
}

void loop_read_history(Loop *l)
{
    value_free(l->history);
    l->history = l->task->run ? run_control_history(l->task->run->path) : NULL;
    for (size_t i = 0; l->history && i < l->history->size; i++)
        if (value_get_int(l->history->items[i], "step", 0) < l->s.step)
            replay(l, l->history->items[i]);
}

/* What was acknowledged before a kill is done again at its step, whichever checkpoint the resume began from. */
static void apply_history(Loop *l)
{
    for (size_t i = 0; l->history && i < l->history->size; i++)
        if (value_get_int(l->history->items[i], "step", -1) == l->s.step)
            replay(l, l->history->items[i]);
}

static bool apply_set(Loop *l, const Value *request, Error *e)
{
    char *why = change_settings(l, request, l->s.epoch + 1, false);
    mem_free(why); /* it was asked for before the request was taken */
    return loop_save(l, e);
}

static bool apply(Loop *l, const Value *request, bool *paused, Error *e)
{
    const char *verb = value_get_text(request, "verb", "");
    if (value_get(request, "refused"))
        return true;
    if (text_equal(verb, "stop") || text_equal(verb, "abort")) {
        l->end = LOOP_STOPPED;
        l->is_aborted = text_equal(verb, "abort");
        return loop_save(l, e); /* a resume goes on from here, not from the best weights that the model gets */
    }
    if (text_equal(verb, "pause"))
        *paused = true;
    else if (text_equal(verb, "resume"))
        *paused = false;
    else if (text_equal(verb, "checkpoint"))
        return checkpoint_now(l, e);
    else if (text_equal(verb, "set"))
        return apply_set(l, request, e);
    return true;
}

static bool is_interrupted(Loop *l, Error *e)
{
    if (!job_go_on(l->job, e))
        return true;
    if (!proc_signal())
        return false;
    error_set(e, ERROR_CANCELED, "interrupted; it can be resumed");
    return true;
}

bool loop_take_requests(Loop *l, Error *e)
{
    static const double every = 0.05;
    double now = clock_now();
    apply_history(l);
    if (is_interrupted(l, e)) {
        Error ignored = {0};
        loop_save(l, &ignored);
        return false;
    }
    if (!l->task->run || now - l->last_poll < every)
        return true;
    l->last_poll = now;
    l->task->run->place = (double)(l->s.epoch - 1) + (double)l->s.position / (double)l->batches.steps;
    bool paused = false, ok = true, took = false;
    do {
        Value *request = run_take_request(l->task->run);
        took = request != NULL;
        ok = !request || apply(l, request, &paused, e);
        value_free(request);
        ok = ok && !(paused && is_interrupted(l, e));
        if (ok && paused && !took)
            clock_sleep(every);
    } while (ok && (paused || took) && l->end == LOOP_RUNNING);
    double waited = took || paused ? clock_now() - now : 0; /* a pause is no work: neither speed nor time left count it */
    l->epoch_started += waited;
    l->started += waited;
    return ok;
}
