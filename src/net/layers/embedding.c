/* embedding: a trained row of a table for each code. Codes are whole numbers from 0, as ordinal makes them; row 0 is of all others: levels
 * that training did not show, and what is no code. As torch.nn.Embedding(levels + 1, width) read at code + 1. */
#include <math.h>
#include <string.h>

#include "net/layer.h"

typedef struct Embedding {
    LayerPlace place;
    int64_t width, levels;
} Embedding;

static const Field fields[] = {
    {INT_FIELD(Embedding, width), .doc = "numbers for each code; 0: half as many as levels, at most 50", .def = "0", .min = 0, .max = 65536,
     .soft_min = 2, .soft_max = 50, .scale = SCALE_LOG, .positional = true},
    {INT_FIELD(Embedding, levels), .doc = "codes are 0 to levels - 1; 0: as the training rows have them", .def = "0", .min = 0,
     .max = 16777216, .soft_min = 2, .soft_max = 1000, .scale = SCALE_LOG},
    LAYER_PLACE(Embedding),
    {.name = NULL},
};

static const char *const notes[] = {
    "Codes lie in arrays, so that a layer can read them by name: :ordinal { columns = \"city\", unknown = \"last\" } and :stack { columns "
    "= "
    "\"city\", into = \"city_code\" } make one of a column; then lb.embedding { from = \"city_code\", id = \"city\" }, and "
    "lb.concat { from = { \"city\", \"numbers\" } } puts it beside the numbers.",
    NULL,
};

static int64_t width_of(const Embedding *d)
{
    int64_t half = (d->levels + 1) / 2;
    return d->width ? d->width : half > 50 ? 50 : half;
}

static void embedding_settle(void *params, const NetPart *part)
{
    Embedding *d = params;
    d->levels = d->levels ? d->levels : part->levels;
}

static bool embedding_shape(const void *params, Shape in, Shape *out, Error *e)
{
    const Embedding *d = params;
    if (in.rank == 3 || (in.rank == 2 && in.channels > 1))
        return error_set(e, ERROR_USAGE, "it reads codes of one kind, but its input has %lld channels; read each by its name",
                         (long long)in.channels);
    if (!d->levels)
        return error_set(e, ERROR_USAGE,
                         "how many levels its codes have is not known: name in from an array of codes, whole numbers from "
                         "0, or give levels");
    *out = in.length == 1 ? shape_vector(width_of(d)) : shape_sequence(in.length, width_of(d));
    return true;
}

static size_t embedding_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    (void)in;
    const Embedding *d = params;
    out[0] = (LayerTensor){.name = "weight", .rank = 2, .dims = {d->levels + 1, width_of(d)}, .is_trained = true};
    return 1;
}

/* So that the numbers of a code have together the size of one number. */
static void embedding_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    (void)in;
    const Embedding *d = params;
    double sd = 1 / sqrt((double)width_of(d));
    for (int64_t i = 0; i < (d->levels + 1) * width_of(d); i++)
        tensors[0][i] = (float)(sd * rng_normal(rng));
}

static int64_t row_of(const Embedding *d, float code)
{
    return code > -0.5F && code < (float)d->levels - 0.5F ? 1 + (int64_t)(code + 0.5F) : 0;
}

static void embedding_forward(const LayerPass *p)
{
    const Embedding *d = p->params;
    size_t codes = p->rows * (size_t)p->in.length, width = (size_t)width_of(d);
    for (size_t i = 0; i < codes; i++)
        memcpy(p->y + i * width, p->tensors[0] + (size_t)row_of(d, p->x[i]) * width, width * sizeof(float));
}

static void embedding_backward(const LayerPass *p)
{
    const Embedding *d = p->params;
    size_t codes = p->rows * (size_t)p->in.length, width = (size_t)width_of(d);
    memset(p->gradients[0], 0, (size_t)(d->levels + 1) * width * sizeof(float));
    for (size_t i = 0; i < codes; i++) {
        float *row = p->gradients[0] + (size_t)row_of(d, p->x[i]) * width;
        for (size_t j = 0; j < width; j++)
            row[j] += p->dy[i * width + j];
    }
    if (p->dx)
        memset(p->dx, 0, codes * sizeof(float));
}

extern const Layer layer_embedding;
const Layer layer_embedding = {
    .spec = {.name = "embedding",
             .doc = "trained numbers for each code of a category",
             .group = "linear",
             .params = fields,
             .params_size = sizeof(Embedding),
             .notes = notes},
    .settle_part = embedding_settle,
    .shape = embedding_shape,
    .tensors = embedding_tensors,
    .init = embedding_init,
    .forward = embedding_forward,
    .backward = embedding_backward,
    .infer = embedding_forward,
};
