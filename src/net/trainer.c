/* The trainer as others see it: made from a model and a plan, one optimizer step at a time. */
#include "net/trainer.h"

#include <math.h>
#include <string.h>

#include "num/gemm.h"

extern const Loss loss_cross_entropy, loss_mean_squared_error;
extern const Optimizer optimizer_adam;

static void choose(Trainer *t)
{
    const Spec *loss = t->plan.classes ? &loss_cross_entropy.spec : &loss_mean_squared_error.spec;
    if (t->plan.loss.spec)
        spec_use_copy(&t->loss_use, &t->plan.loss);
    else
        t->loss_use = (SpecUse){loss, params_new(loss)};
    if (t->plan.optimizer.spec)
        spec_use_copy(&t->optimizer_use, &t->plan.optimizer);
    else
        t->optimizer_use = (SpecUse){&optimizer_adam.spec, params_new(&optimizer_adam.spec)};
    if (t->plan.average.spec)
        spec_use_copy(&t->average_use, &t->plan.average);
    t->loss = (const Loss *)t->loss_use.spec;
}

static bool check(const Trainer *t, Error *e)
{
    if (!model_check_batch(t->m, t->plan.batch, e))
        return false;
    if (t->loss->takes_classes != t->plan.classes)
        return error_set(e, ERROR_USAGE, "loss %s is for %s, but the target has %s", t->loss->spec.name,
                         t->loss->takes_classes ? "classes" : "numbers", t->plan.classes ? "classes" : "numbers");
    if (t->loss->classes && (int64_t)t->loss->classes != t->m->outputs)
        return error_set(e, ERROR_USAGE, "loss %s is for %zu classes, but the target has %lld; use cross_entropy", t->loss->spec.name,
                         t->loss->classes, (long long)t->m->outputs);
    return !t->loss->check || t->loss->check(t->loss_use.params, (size_t)t->m->outputs, t->plan.positive, e);
}

Trainer *trainer_new(Model *m, const TrainerPlan *plan, Error *e)
{
    Trainer *t = MEM_NEW(Trainer);
    t->m = m;
    t->plan = *plan;
    model_say_values(m, !plan->classes);
    choose(t);
    if (check(t, e) && trainer_build(t, e))
        return t;
    trainer_free(t);
    return NULL;
}

void trainer_free(Trainer *t)
{
    if (!t)
        return;
    if (t->pool)
        pool_free(t->pool);
    trainer_loss_done(t);
    arena_done(&t->arena);
    spec_use_done(&t->loss_use);
    spec_use_done(&t->optimizer_use);
    spec_use_done(&t->average_use);
    mem_free(t);
}

void trainer_begin(Trainer *t, const Batch *batch, int64_t epoch)
{
    RngKey key = rng_key(t->plan.seed, "dropout");
    for (size_t i = 0; i < t->m->count; i++)
        t->noise[i] = rng_child(rng_child(key, i), (uint64_t)epoch);
    t->batch = batch;
    t->x = batch->x;
    t->rows = batch->rows;
    t->scale = 1 / (double)(batch->rows * (size_t)model_members(t->m));
    t->is_training = true;
    trainer_tell(t, batch);
}

double trainer_step(Trainer *t, const Batch *batch, double learning_rate, int64_t epoch, size_t *hits)
{
    trainer_begin(t, batch, epoch);
    t->counts_hits = hits && batch->labels;
    trainer_run(t, 0, t->program_size);
    if (t->failed.code)
        return (double)NAN;
    t->steps++;
    double loss = 0;
    size_t hit = 0;
    for (int s = 0; s < t->active; s++) {
        loss += t->losses[s];
        hit += t->hits[s];
    }
    if (isfinite(loss))
        trainer_update(t, learning_rate, epoch);
    if (hits)
        *hits = t->counts_hits ? hit : 0;
    return loss * t->scale;
}

bool trainer_failed(const Trainer *t, Error *e)
{
    if (t->failed.code)
        *e = t->failed;
    return t->failed.code;
}

const SpecUse *trainer_loss(const Trainer *t)
{
    return &t->loss_use;
}

void trainer_loss_parts(const Trainer *t, double parts[LOSS_PARTS])
{
    for (int k = 0; k < LOSS_PARTS; k++) {
        parts[k] = 0;
        for (int s = 0; s < t->active; s++)
            parts[k] += t->loss_parts[s][k];
        parts[k] *= t->scale;
    }
}

/* As many blocks as there are slices, one on each. */
static void evaluate_blocks(Trainer *t, const float *x, size_t rows, float *logits)
{
    t->batch = NULL;
    t->is_training = false;
    t->x = x;
    t->rows = rows;
    for (size_t i = 0; t->program[i].action != DO_LOSS; i++)
        if (t->program[i].action == DO_FORWARD)
            trainer_run(t, i, i + 1);
    float *values = t->layers[t->m->count - 1].y.floats;
    if (t->m->members)
        model_mix(t->m, values, rows, logits);
    else
        memcpy(logits, values, rows * (size_t)t->m->outputs * sizeof(float));
}

bool trainer_evaluate(Trainer *t, const float *x, size_t rows, float *logits, Error *e)
{
    size_t width = (size_t)shape_size(t->m->input.shape), outputs = (size_t)t->m->outputs;
    size_t kept = t->slice_rows, most = (size_t)t->slices * t->evaluate_rows;
    int active = t->active; /* of the last step: its gradient can still be asked for */
    (void)e;
    t->slice_rows = t->evaluate_rows;
    for (size_t from = 0; from < rows; from += most) {
        size_t count = rows - from < most ? rows - from : most;
        evaluate_blocks(t, x + from * width, count, logits + from * outputs);
    }
    t->slice_rows = kept;
    t->active = active;
    return true;
}

void trainer_statistics(Trainer *t, const Batch *batch, double share, int64_t epoch)
{
    size_t loss = 0;
    trainer_begin(t, batch, epoch);
    t->statistics_share = share;
    while (t->program[loss].action != DO_LOSS)
        loss++;
    trainer_run(t, 0, loss);
    t->statistics_share = 0;
}

typedef struct TrainerBlob {
    const char *name;
    void *bytes;
    size_t size;
} TrainerBlob;

enum { TRAINER_BLOBS = UPDATE_MOMENTS + 4 };

static size_t list_blobs(const Trainer *t, TrainerBlob blobs[TRAINER_BLOBS])
{
    static const char *const moments[UPDATE_MOMENTS] = {"first_moment", "second_moment", "third_moment"};
    const WeightUpdate *u = &t->update;
    size_t count = 0, trained = t->m->trained * sizeof(float), total = t->m->total * sizeof(float);
    blobs[count++] = (TrainerBlob){"weights", t->m->weights, total};
    for (int i = 0; i < u->optimizer->moments; i++)
        blobs[count++] = (TrainerBlob){moments[i], u->moments[i], trained};
    if (u->held)
        blobs[count++] = (TrainerBlob){"held_gradient", u->held, trained};
    if (u->average)
        blobs[count++] = (TrainerBlob){"average", u->average, total};
    blobs[count++] = (TrainerBlob){"update", (void *)&u->counts, sizeof u->counts};
    return count;
}

size_t trainer_blob_count(const Trainer *t)
{
    TrainerBlob blobs[TRAINER_BLOBS];
    return list_blobs(t, blobs);
}

void trainer_blob(const Trainer *t, size_t i, const char **name, void **bytes, size_t *size)
{
    TrainerBlob blobs[TRAINER_BLOBS];
    list_blobs(t, blobs);
    *name = blobs[i].name;
    *bytes = blobs[i].bytes;
    *size = blobs[i].size;
}

int64_t trainer_steps(const Trainer *t)
{
    return t->steps;
}

void trainer_set_steps(Trainer *t, int64_t steps)
{
    t->steps = steps;
}

void trainer_fingerprint(Value *map)
{
    value_set(map, "blas", value_text(gemm_kernel_name()));
    value_set(map, "blas_config", value_text(gemm_config()));
    value_set(map, "cpu", value_text(kernels()->name));
    value_set(map, "version", value_text(LIMBECK_VERSION));
}
