/* Requests to a running training, taken between steps: stop, pause, resume, checkpoint, set, note. A changed setting is followed by
 * a checkpoint at once, so that a resume knows it. */
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

static void change_settings(Loop *l, const Value *request)
{
    double rate = value_get_real(request, "learning_rate", 0);
    int64_t patience = value_get_int(request, "patience", 0);
    if (rate > 0)
        l->s.base_rate = rate;
    if (patience > 0)
        l->s.patience = patience;
}

static bool apply_set(Loop *l, const Value *request, Error *e)
{
    change_settings(l, request);
    return loop_save(l, e);
}

/* What was acknowledged before a kill is done again at its step, whichever checkpoint the resume began from. */
static void apply_history(Loop *l)
{
    for (size_t i = 0; l->history && i < l->history->size; i++)
        if (value_get_int(l->history->items[i], "step", -1) == l->s.step)
            change_settings(l, l->history->items[i]);
}

static bool apply(Loop *l, const Value *request, bool *paused, Error *e)
{
    const char *verb = value_get_text(request, "verb", "");
    if (text_equal(verb, "stop")) {
        l->end = LOOP_STOPPED;
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
