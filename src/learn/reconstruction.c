/* The two outputs of a row whose error is s are t / (s + t) and s / (s + t), t the scale: their ratio gives s back at any size. */
#include "learn/reconstruction.h"

#include "table/expr.h"
#include "table/row_digest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

bool reconstruction_begin(TargetInfo *t, const SpecUse *loss, const Dataset *train, Error *e)
{
    bool takes_input = loss && ((const Loss *)loss->spec)->takes_input;
    if (takes_input && (target_classes(t) != 2 || t->positive < 0))
        return error_set(e, ERROR_USAGE,
                         "loss %s tells a positive class from a normal one, and target %s has no two classes; derive a yes or no of it, or "
                         "take target = \"input\"",
                         loss->spec->name, t->name);
    if (t->is_input && !takes_input)
        return error_set(e, ERROR_USAGE, "target = \"input\" is learned by the loss reconstruction; leave loss out");
    t->inputs = takes_input ? train->width : 0;
    return true;
}

void reconstruction_errors(const float *outputs, const float *x, size_t width, size_t rows, double *errors)
{
    for (size_t r = 0; r < rows; r++) {
        double sum = 0;
        for (size_t i = r * width; i < (r + 1) * width; i++) {
            double d = (double)outputs[i] - (double)x[i];
            sum += d * d;
        }
        errors[r] = sum / (double)width;
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double reconstruction_scale(const TargetInfo *t, const Dataset *data, const double *errors, double share)
{
    double *kept = mem_alloc((data->rows + 1) * sizeof *kept), scale = 1;
    size_t count = 0;
    for (size_t i = 0; i < data->rows; i++)
        if (data->labels[i] != t->positive && isfinite(errors[i]))
            kept[count++] = errors[i];
    qsort(kept, count, sizeof *kept, by_size);
    if (count)
        scale = kept[(size_t)ceil(share * (double)count) - 1];
    mem_free(kept);
    return fmax(scale, (double)FLT_MIN);
}

void reconstruction_finish(const TargetInfo *t, const double *errors, size_t rows, float *outputs)
{
    size_t positive = (size_t)t->positive;
    for (size_t r = 0; r < rows; r++) {
        outputs[2 * r + positive] = (float)(errors[r] / (errors[r] + t->error_scale));
        outputs[2 * r + 1 - positive] = (float)(t->error_scale / (errors[r] + t->error_scale));
    }
}

double reconstruction_error(const TargetInfo *t, const float *outputs)
{
    return t->error_scale * (double)outputs[t->positive] / (double)outputs[1 - t->positive];
}

double reconstruction_loss(const TargetInfo *t, const Dataset *data, const float *outputs)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < data->rows; i++)
        if (data->labels[i] != t->positive) {
            sum += reconstruction_error(t, outputs + 2 * i);
            count++;
        }
    return count ? sum / (double)count : (double)NAN;
}

bool reconstruction_label(const TargetInfo *t, const Table *rows, const char *condition, Dataset *data, Error *e)
{
    size_t *marked = NULL, count = 0;
    if (!t->is_input)
        return error_set(e, ERROR_USAGE, "anomaly: target %s tells the classes of this model; leave anomaly out", t->name);
    if (!expr_filter(condition, rows, &marked, &count, e))
        return error_prefix(e, "anomaly: ");
    uint64_t *ids = mem_try_alloc(count + 1, sizeof *ids, e);
    for (size_t i = 0; ids && i < count; i++)
        ids[i] = table_row_id(rows, marked[i]);
    count = ids ? row_digests_sort(ids, count) : 0;
    for (size_t i = 0; ids && i < data->rows; i++)
        data->labels[i] = row_digests_has(ids, count, data->row_ids[i]) ? t->positive : 1 - t->positive;
    bool ok = ids != NULL;
    mem_free(marked);
    mem_free(ids);
    return ok;
}
