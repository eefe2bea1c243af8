/* gru: gated recurrent units (Cho et al. 2014), as torch.nn.GRU has them. Gates: reset, update, new. */
#include "net/layers/recurrent.h"

static const Field fields[] = {RECURRENT_FIELDS};

enum { RESET, UPDATE, NEW };

/* n = tanh(Wx + r (Wh)); h = n + z (h before - n). */
static void gru_step(const CellStep *s)
{
    size_t w = s->width;
    float *r = s->gates, *z = r + w, *n = z + w;
    for (size_t i = 0; i < NEW * w; i++)
        r[i] = s->input[i] + s->hidden[i];
    cell_sigmoid(r, NEW * w);
    for (size_t i = 0; i < w; i++) {
        s->extra[i] = s->hidden[NEW * w + i];
        n[i] = s->input[NEW * w + i] + r[i] * s->extra[i];
    }
    cell_tanh(n, w);
    for (size_t i = 0; i < w; i++)
        s->after[i] = n[i] + z[i] * (s->before[i] - n[i]);
}

static void gru_back(const CellBack *s)
{
    size_t w = s->width;
    const float *r = s->gates, *z = r + w, *n = z + w;
    for (size_t i = 0; i < w; i++) {
        float dz = s->dh[i] * (s->before[i] - n[i]) * z[i] * (1 - z[i]);
        float dn = s->dh[i] * (1 - z[i]) * (1 - n[i] * n[i]);
        float dr = dn * s->extra[i] * r[i] * (1 - r[i]);
        s->d_input[RESET * w + i] = s->d_hidden[RESET * w + i] = dr;
        s->d_input[UPDATE * w + i] = s->d_hidden[UPDATE * w + i] = dz;
        s->d_input[NEW * w + i] = dn;
        s->d_hidden[NEW * w + i] = dn * r[i];
        s->d_before[i] = s->dh[i] * z[i];
    }
}

static const Cell cell = {3, gru_step, gru_back};

static size_t gru_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    return recurrent_tensors(&cell, params, in, out);
}

static void gru_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    recurrent_init(&cell, params, in, rng, tensors);
}

static int64_t gru_macs(const void *params, Shape in)
{
    return recurrent_macs(&cell, params, in);
}

static size_t gru_scratch(const void *params, Shape in)
{
    return recurrent_scratch(&cell, params, in);
}

static void gru_forward(const LayerPass *p)
{
    recurrent_forward(&cell, p, false);
}

static void gru_infer(const LayerPass *p)
{
    recurrent_forward(&cell, p, true);
}

static void gru_backward(const LayerPass *p)
{
    recurrent_backward(&cell, p);
}

extern const Layer layer_gru;
const Layer layer_gru = {
    .spec = {.name = "gru",
             .doc = "a state that a sequence is read into, with two gates",
             .group = LAYER_RECURRENT,
             .params = fields,
             .params_size = sizeof(Recurrent)},
    .shape = recurrent_shape,
    .tensors = gru_tensors,
    .init = gru_init,
    .macs = gru_macs,
    .scratch = gru_scratch,
    .forward = gru_forward,
    .backward = gru_backward,
    .infer = gru_infer,
};
