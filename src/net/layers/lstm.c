/* lstm: long short-term memory (Hochreiter, Schmidhuber 1997), as torch.nn.LSTM has it. Gates: input, forget, cell, output. */
#include "net/layers/recurrent.h"

static const Field fields[] = {RECURRENT_FIELDS};

/* c = f c before + i g; h = o tanh(c). */
static void lstm_step(const CellStep *s)
{
    size_t w = s->width;
    float *i = s->gates, *f = i + w, *g = f + w, *o = g + w;
    for (size_t k = 0; k < 4 * w; k++)
        i[k] = s->input[k] + s->hidden[k];
    cell_sigmoid(i, 2 * w);
    cell_tanh(g, w);
    cell_sigmoid(o, w);
    for (size_t k = 0; k < w; k++)
        s->extra[k] = s->kept[k] = f[k] * s->memory[k] + i[k] * g[k];
    cell_tanh(s->extra, w);
    for (size_t k = 0; k < w; k++)
        s->after[k] = o[k] * s->extra[k];
}

static void lstm_back(const CellBack *s)
{
    size_t w = s->width;
    const float *i = s->gates, *f = i + w, *g = f + w, *o = g + w;
    for (size_t k = 0; k < w; k++) {
        float bent = s->extra[k], dc = s->dc[k] + s->dh[k] * o[k] * (1 - bent * bent);
        s->d_input[k] = dc * g[k] * i[k] * (1 - i[k]);
        s->d_input[w + k] = dc * s->memory[k] * f[k] * (1 - f[k]);
        s->d_input[2 * w + k] = dc * i[k] * (1 - g[k] * g[k]);
        s->d_input[3 * w + k] = s->dh[k] * bent * o[k] * (1 - o[k]);
        s->dc[k] = dc * f[k];
        s->d_before[k] = 0;
    }
    for (size_t k = 0; k < 4 * w; k++)
        s->d_hidden[k] = s->d_input[k];
}

static const Cell cell = {4, lstm_step, lstm_back};

static size_t lstm_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    return recurrent_tensors(&cell, params, in, out);
}

static void lstm_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    recurrent_init(&cell, params, in, rng, tensors);
}

static int64_t lstm_macs(const void *params, Shape in)
{
    return recurrent_macs(&cell, params, in);
}

static size_t lstm_scratch(const void *params, Shape in)
{
    return recurrent_scratch(&cell, params, in);
}

static void lstm_forward(const LayerPass *p)
{
    recurrent_forward(&cell, p, false);
}

static void lstm_infer(const LayerPass *p)
{
    recurrent_forward(&cell, p, true);
}

static void lstm_backward(const LayerPass *p)
{
    recurrent_backward(&cell, p);
}

extern const Layer layer_lstm;
const Layer layer_lstm = {
    .spec = {.name = "lstm",
             .doc = "a state and a memory that a sequence is read into, with three gates",
             .group = LAYER_RECURRENT,
             .params = fields,
             .params_size = sizeof(Recurrent)},
    .shape = recurrent_shape,
    .tensors = lstm_tensors,
    .init = lstm_init,
    .macs = lstm_macs,
    .scratch = lstm_scratch,
    .forward = lstm_forward,
    .backward = lstm_backward,
    .infer = lstm_infer,
};
