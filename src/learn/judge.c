/* One model on one part: its metrics, how far it agrees with the teacher, its size and its speed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/compare.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double time_batch(const Bundle *b, const Dataset *rows, float *logits)
{
    Error ignored = {0};
    ModelScratch *scratch = model_scratch(b->model, &ignored);
    double begin = clock_now(), seconds;
    size_t done = 0;
    do {
        if (!scratch || !model_infer(b->model, scratch, rows->x, rows->rows, logits, &ignored))
            break;
        done += rows->rows;
        seconds = clock_now() - begin;
    } while (seconds < 0.02);
    model_scratch_free(scratch);
    seconds = clock_now() - begin;
    return done && seconds > 0 ? (double)done / seconds : NAN;
}

/* One row: 10,000 calls after 1,000 that warm up. */
void judge_latency(const Bundle *b, const Dataset *rows, Value *figures)
{
    enum { WARM = 1000, CALLS = 10000 };
    Error ignored = {0};
    size_t outputs = target_net_outputs(&b->target);
    double *times = mem_alloc(CALLS * sizeof *times);
    float *logits = mem_try_aligned((rows->rows + 1) * outputs, sizeof *logits, &ignored);
    ModelScratch *scratch = model_scratch(b->model, &ignored);
    bool ok = logits && scratch && rows->rows;
    for (size_t i = 0; ok && i < WARM + CALLS; i++) {
        double begin = clock_now();
        ok = model_infer(b->model, scratch, rows->x + (i % rows->rows) * rows->width, 1, logits, &ignored);
        if (i >= WARM)
            times[i - WARM] = clock_now() - begin;
    }
    qsort(times, CALLS, sizeof *times, by_value);
    value_set(figures, "p50", value_real(ok ? times[CALLS / 2] : NAN));
    value_set(figures, "p99", value_real(ok ? times[CALLS / 100 * 99] : NAN));
    value_set(figures, "rows_per_second", value_real(ok ? time_batch(b, rows, logits) : NAN));
    model_scratch_free(scratch);
    mem_free(logits);
    mem_free(times);
}

static size_t top_of(const float *p, size_t count)
{
    size_t top = 0;
    for (size_t c = 1; c < count; c++)
        if (p[c] > p[top])
            top = c;
    return top;
}

static void add_agreement(const Judging *j, const float *outputs, Value *figures)
{
    size_t same = 0, both = 0;
    double divergence = 0;
    for (size_t i = 0; i < j->truth.rows; i++) {
        const float *p = outputs + i * j->outputs, *t = j->teacher + i * j->outputs;
        if (isnan(p[0]) || isnan(t[0]))
            continue;
        both++;
        same += top_of(p, j->outputs) == top_of(t, j->outputs);
        for (size_t c = 0; c < j->outputs; c++)
            if (t[c] > 0)
                divergence += (double)t[c] * log((double)t[c] / fmax((double)p[c], 1e-15));
    }
    value_set(figures, "agreement", value_real(both ? (double)same / (double)both : NAN));
    value_set(figures, "kl", value_real(both ? divergence / (double)both : NAN));
}

/* Outputs by row of the part; ids of the part are those of its rows. */
static void spread(const Judging *j, const BundleOutputs *o, float *outputs)
{
    size_t k = 0;
    for (size_t i = 0; i < j->truth.rows * j->outputs; i++)
        outputs[i] = NAN;
    for (size_t i = 0; i < j->truth.rows && k < o->data.rows; i++)
        if (o->data.row_ids[k] == j->truth.row_ids[i]) {
            memcpy(outputs + i * j->outputs, o->outputs + k * j->outputs, j->outputs * sizeof(float));
            k++;
        }
}

bool judge_model(const Judging *j, const Bundle *b, Judged *out, Error *e)
{
    BundleOutputs o;
    *out = (Judged){0};
    if (target_outputs(&b->target) != j->outputs)
        return error_set(e, ERROR_USAGE, "a model has other classes than this pipeline");
    if (!bundle_outputs(j->job, b, j->rows, NULL, &o, e))
        return false;
    out->threshold = b->threshold;
    out->costs = b->target.costs;
    out->outputs = mem_try_alloc((j->truth.rows + 1) * j->outputs, sizeof *out->outputs, e);
    if (out->outputs) {
        spread(j, &o, out->outputs);
        TargetInfo plain = b->target; /* losses of models side by side are not weighted: each may have weights of its own */
        plain.class_weights = NULL;
        out->figures = metrics_of(&plain, &o.data, o.outputs, b->threshold, e);
    }
    if (out->figures && j->teacher && b->target.is_classes)
        add_agreement(j, out->outputs, out->figures);
    if (out->figures) {
        value_set(out->figures, "rows", value_int((int64_t)o.data.rows));
        value_set(out->figures, "params", value_int(model_params(b->model)));
        value_set(out->figures, "bytes", value_int(model_bytes(b->model)));
        value_set(out->figures, "macs", value_int(model_macs(b->model)));
    }
    bundle_outputs_done(&o);
    return out->figures != NULL;
}

void judged_done(Judged *j)
{
    mem_free(j->outputs);
    value_free(j->figures);
    *j = (Judged){0};
}
