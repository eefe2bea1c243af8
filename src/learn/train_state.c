/* Checkpoints of a training: the trainer's blobs, the best weights, and the loop's numbers as they are. Loading all of it makes the
 * next step the same bits as if nothing had happened. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "learn/call.h"
#include "learn/loop.h"

enum { BLOBS_MOST = 16 };

static size_t list_blobs(Loop *l, Blob blobs[BLOBS_MOST])
{
    size_t count = 0;
    for (size_t i = 0; i < trainer_blob_count(l->trainer) && count < BLOBS_MOST - 2; i++) {
        Blob *b = &blobs[count++];
        trainer_blob(l->trainer, i, &b->name, &b->bytes, &b->size);
    }
    blobs[count++] = (Blob){"best", l->best_weights, l->weights_size};
    blobs[count++] = (Blob){"loop", &l->s, sizeof l->s};
    return count;
}

Value *loop_callback_state(Loop *l, Error *e)
{
    const TrainHooks *hooks = l->task->hooks;
    return hooks && hooks->state ? hooks->state(hooks->self, e) : value_null();
}

static Value *make_meta(Loop *l, Error *e)
{
    Value *state = loop_callback_state(l, e);
    if (!state)
        return NULL;
    Value *meta = value_map(), *fingerprint = value_map();
    trainer_fingerprint(fingerprint);
    value_set(meta, "step", value_int(l->s.step));
    value_set(meta, "epoch", value_int(l->s.epoch));
    value_set(meta, "position", value_int(l->s.position));
    value_set(meta, "best_epoch", value_int(l->s.best_epoch));
    value_set(meta, "worse", value_int(l->s.worse));
    value_set(meta, "metric", value_text(l->watched));
    value_set(meta, "best", value_real(l->s.best));
    value_set(meta, "learning_rate", value_real(l->s.base_rate));
    value_set(meta, "elapsed", value_real(loop_elapsed(l)));
    value_set(meta, "plan", value_text(l->task->plan_hash ? l->task->plan_hash : ""));
    value_set(meta, "fingerprint", fingerprint);
    value_set(meta, "callback", state);
    return meta;
}

bool loop_save(Loop *l, Error *e)
{
    if (!l->task->run || !trainer_is_finite(l->trainer)) /* what went wrong is no place to go on from; the next step tells */
        return true;
    Blob blobs[BLOBS_MOST];
    char name[24];
    size_t count = list_blobs(l, blobs);
    Value *meta = make_meta(l, e);
    bool ok = meta != NULL;
    if (ok && l->s.saved_best != l->s.best_epoch) {
        Blob best = {"weights", l->best_weights, l->weights_size};
        l->s.saved_best = l->s.best_epoch;
        ok = run_checkpoint_save(l->task->run, "best", meta, &best, 1, e);
    }
    snprintf(name, sizeof name, "%08lld", (long long)l->s.step);
    ok = ok && run_checkpoint_save(l->task->run, name, meta, blobs, count, e);
    value_free(meta);
    l->last_checkpoint = clock_now();
    return ok;
}

static bool check_meta(Loop *l, const Value *meta, Error *e)
{
    const char *plan = value_get_text(meta, "plan", "");
    if (l->task->plan_hash && *plan && !text_equal(plan, l->task->plan_hash))
        return error_set(e, ERROR_FAILED, "%s: its checkpoint belongs to another plan", l->task->run->path);
    Value *now = value_map();
    trainer_fingerprint(now);
    const Value *then = value_get(meta, "fingerprint");
    bool same = then && value_equal(now, then);
    value_free(now);
    return same || loop_alarm(l, "resumed on another processor or BLAS: not bit-exact from here on", e);
}

static bool restore_callback(Loop *l, const Value *meta, Error *e)
{
    const TrainHooks *hooks = l->task->hooks;
    char *note = call_restore(hooks, value_get(meta, "callback"));
    if (!note)
        return true;
    bool ok = loop_alarm(l, note, e);
    mem_free(note);
    return ok;
}

bool loop_state_is_sound(const LoopState *s, int64_t epochs, int64_t steps)
{
    bool counts = s->step >= 0 && s->rows_seen >= 0 && s->hits >= 0 && s->worse >= 0 && s->patience >= 0;
    bool places = s->epoch >= 1 && s->epoch <= epochs + 1 && s->position >= 0 && s->position <= steps;
    bool best = s->best_epoch >= 0 && s->best_epoch <= s->epoch && s->saved_best >= 0 && s->saved_best <= s->epoch;
    return counts && places && best && isfinite(s->base_rate) && s->base_rate >= 0;
}

/* Which checkpoints could not be read, and where the training goes on instead. */
static bool tell_damaged(Loop *l, const Value *meta, bool is_found, Error *e)
{
    const Value *damaged = value_get(meta, "damaged");
    if (!damaged)
        return true;
    Text text = {0};
    for (size_t i = 0; i < damaged->size; i++)
        text_addf(&text, "%s%s", i ? ", " : damaged->size > 1 ? "checkpoints " : "checkpoint ", damaged->items[i]->text);
    text_add(&text, damaged->size > 1 ? " are damaged: " : " is damaged: ");
    if (is_found)
        text_addf(&text, "the training goes on from the one before, step %lld", (long long)value_get_int(meta, "step", 0));
    else
        text_add(&text, "none is whole, the training begins again at step 0");
    const TrainHooks *hooks = l->task->hooks;
    if (hooks && hooks->on_note)
        hooks->on_note(hooks->self, text_get(&text));
    bool ok = loop_alarm(l, text_get(&text), e);
    text_done(&text);
    return ok;
}

/* What was loaded belongs to this training. */
static bool take_loaded(Loop *l, const Value *meta, Error *e)
{
    if (!tell_damaged(l, meta, true, e) || !check_meta(l, meta, e))
        return false;
    loop_read_history(l);
    loop_batches_of(l, l->s.epoch <= l->epochs ? l->s.epoch : l->epochs);
    if (!loop_state_is_sound(&l->s, l->epochs, l->batches.steps))
        return error_set(e, ERROR_FAILED, "%s: its checkpoint speaks of an epoch or a batch that this training does not have",
                         l->task->run->path);
    return restore_callback(l, meta, e);
}

bool loop_load(Loop *l, bool *is_found, Error *e)
{
    Blob blobs[BLOBS_MOST];
    Value *meta = NULL;
    size_t count = list_blobs(l, blobs);
    bool ok = run_checkpoint_load(l->task->run->path, NULL, &meta, blobs, count, e);
    *is_found = ok;
    if (!ok && meta) { /* none is whole, and nothing was loaded: step 0 is a way on */
        error_clear(e);
        ok = tell_damaged(l, meta, false, e);
    } else if (ok) {
        l->before = value_get_real(meta, "elapsed", 0);
        l->started = clock_now();
        ok = take_loaded(l, meta, e);
    }
    value_free(meta);
    if (!ok || !*is_found)
        return ok;
    trainer_set_steps(l->trainer, l->s.step);
    loop_read_health(l);
    l->is_resumed = true;
    return true;
}
