/* Noise by the counter: nothing of it is stored. */
#include "learn/noise.h"

#include <math.h>
#include <string.h>

#include "learn/batch.h"
#include "net/address.h"
#include "net/layer.h"

enum { NOISE_BLOCK = 256 };

static void spread_of(const Dataset *train, float *sd)
{
    for (size_t k = 0; k < train->width; k++) {
        double sum = 0, squares = 0, n = (double)train->rows, first = train->rows ? (double)train->x[k] : 0;
        for (size_t r = 0; r < train->rows; r++) {
            double x = (double)train->x[r * train->width + k] - first;
            sum += x;
            squares += x * x;
        }
        double variance = train->rows ? squares / n - (sum / n) * (sum / n) : 0;
        sd[k] = variance > 0 ? (float)sqrt(variance) : 0;
    }
}

static void spare_part(Noise *n, const char *name)
{
    const NetInput *in = &n->rows->input;
    for (size_t i = 0; i < in->count; i++)
        for (int64_t k = 0; text_equal(in->parts[i].name, name) && k < shape_size(in->parts[i].shape); k++)
            n->sd[in->parts[i].from + k] = 0;
}

/* Half a code is none. */
static void spare_codes(Noise *n, const SpecList *net)
{
    for (size_t i = 0; i < net->count; i++) {
        const LayerPlace *place = net->items[i].params;
        if (block_layers(&net->items[i]))
            spare_codes(n, block_layers(&net->items[i]));
        for (size_t k = 0; text_equal(net->items[i].spec->name, "embedding") && k < place->from.count; k++)
            spare_part(n, place->from.items[k]);
    }
}

bool noise_begin(Noise *n, const Prepared *d, Part part, const SpecList *net, Error *e)
{
    n->rows = &d->data[part];
    n->sd = mem_try_alloc(n->rows->width + 1, sizeof *n->sd, e);
    if (!n->sd)
        return false;
    spread_of(&d->data[PART_TRAIN], n->sd);
    spare_codes(n, net);
    return true;
}

void noise_done(Noise *n)
{
    mem_free(n->sd);
    n->sd = NULL;
}

static size_t rows_at(const Noise *n, double level)
{
    return n->rows->rows * (level > 0 ? n->draws : 1);
}

static void fill(const Noise *n, double level, size_t from, size_t count, float *x)
{
    size_t width = n->rows->width;
    RngKey key = rng_key(n->seed, "noise");
    for (size_t i = 0; i < count; i++) {
        size_t row = (from + i) % n->rows->rows, draw = (from + i) / n->rows->rows;
        Rng r = rng_begin(rng_child(rng_child(key, draw), n->rows->row_ids[row]));
        memcpy(x + i * width, n->rows->x + row * width, width * sizeof *x);
        for (size_t k = 0; level > 0 && k < width; k++)
            x[i * width + k] += (float)(level * (double)n->sd[k] * rng_normal(&r));
    }
}

float *noise_outputs(const Noise *n, double level, const Bundle *b, Error *e)
{
    size_t rows = rows_at(n, level), outputs = target_outputs(&b->target);
    float *x = mem_try_aligned(NOISE_BLOCK * n->rows->width + 1, sizeof *x, e);
    float *out = x ? mem_try_aligned((rows + 1) * outputs, sizeof *out, e) : NULL;
    ModelScratch *scratch = out ? model_scratch(b->model, e) : NULL;
    bool ok = scratch != NULL;
    for (size_t from = 0; ok && from < rows; from += NOISE_BLOCK) {
        size_t count = rows - from < NOISE_BLOCK ? rows - from : NOISE_BLOCK;
        fill(n, level, from, count, x);
        ok = bundle_infer(b, scratch, x, count, out + from * outputs, e);
    }
    model_scratch_free(scratch);
    mem_free(x);
    if (!ok) {
        mem_free(out);
        out = NULL;
    }
    return out;
}

bool noise_truth(const Noise *n, double level, size_t numbers, Dataset *truth, Error *e)
{
    const Dataset *d = n->rows;
    size_t count = rows_at(n, level);
    *truth = (Dataset){.rows = count};
    truth->labels = d->labels ? mem_try_aligned(count + 1, sizeof *truth->labels, e) : NULL;
    truth->values = d->values ? mem_try_aligned((count + 1) * numbers, sizeof *truth->values, e) : NULL;
    if ((d->labels && !truth->labels) || (d->values && !truth->values))
        return false;
    for (size_t i = 0; d->labels && i < count; i++)
        truth->labels[i] = d->labels[i % d->rows];
    for (size_t i = 0; d->values && i < count * numbers; i++)
        truth->values[i] = d->values[i % (d->rows * numbers)];
    return true;
}
