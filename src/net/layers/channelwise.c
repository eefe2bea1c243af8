/* Layers with one trained weight for each channel, made from the lines of channelwise.def: each line is compiled for all processors. */
#include "net/layer.h"
#include "num/lanes_math.h"

typedef struct Channelwise {
    LayerPlace place;
    double first;
} Channelwise;

static size_t channelwise_tensors(const void *params, Shape in, LayerTensor out[LAYER_TENSORS])
{
    (void)params;
    out[0] = (LayerTensor){.name = "weight", .rank = 1, .dims = {shape_channels(in)}, .is_trained = true};
    return 1;
}

static void channelwise_init(const void *params, Shape in, Rng *rng, float *const *tensors)
{
    (void)rng;
    for (int64_t i = 0; i < shape_channels(in); i++)
        tensors[0][i] = (float)((const Channelwise *)params)->first;
}

static size_t places_of(const LayerPass *p)
{
    return p->rows * (size_t)shape_places(p->in);
}

#define PASSES(TARGET, VF, NAME, Y, DX, DW) \
    static TARGET void NAME##_forward_##VF(const LayerPass *p) \
    { \
        const size_t width = (size_t)shape_channels(p->in), places = places_of(p); \
        for (size_t r = 0; r < places; r++) \
            for (size_t j = 0; j < width; j += sizeof(VF) / sizeof(float)) { \
                const VF x = lanes_take_##VF(p->x + r * width + j, width - j), w = lanes_take_##VF(p->tensors[0] + j, width - j); \
                lanes_put_##VF(p->y + r * width + j, Y, width - j); \
            } \
    } \
    static TARGET void NAME##_back_##VF(const LayerPass *p) \
    { \
        const size_t width = (size_t)shape_channels(p->in), places = places_of(p); \
        for (size_t j = 0; j < width; j += sizeof(VF) / sizeof(float)) { \
            VF sum = {0}; \
            const VF w = lanes_take_##VF(p->tensors[0] + j, width - j); \
            for (size_t r = 0; r < places; r++) { \
                const size_t at = r * width + j; \
                const VF x = lanes_take_##VF(p->x + at, width - j), dy = lanes_take_##VF(p->dy + at, width - j); \
                sum += DW; \
                if (p->dx) \
                    lanes_put_##VF(p->dx + at, DX, width - j); \
            } \
            lanes_put_##VF(p->gradients[0] + j, sum, width - j); \
        } \
    }

#define CHANNELWISE(NAME, DOC, GROUP, FIRST, Y, DX, DW) \
    LANES_ALL(PASSES, NAME, Y, DX, DW) \
    static void NAME##_forward(const LayerPass *p) \
    { \
        static void (*const levels[KERNEL_LEVELS])(const LayerPass *) = LANES_LEVELS(NAME##_forward); \
        levels[kernels()->level](p); \
    } \
    static void NAME##_backward(const LayerPass *p) \
    { \
        static void (*const levels[KERNEL_LEVELS])(const LayerPass *) = LANES_LEVELS(NAME##_back); \
        levels[kernels()->level](p); \
    } \
    static const Field NAME##_fields[] = {{REAL_FIELD(Channelwise, first), .doc = "what each begins with", .def = FIRST, .min = -1e6, \
                                           .max = 1e6, .soft_min = 0, .soft_max = 1, .positional = true}, \
                                          LAYER_PLACE(Channelwise), \
                                          {.name = NULL}}; \
    extern const Layer layer_##NAME; \
    const Layer layer_##NAME = { \
        .spec = {.name = #NAME, .doc = DOC, .group = GROUP, .params = NAME##_fields, .params_size = sizeof(Channelwise)}, \
        .shape = layer_same_shape, \
        .tensors = channelwise_tensors, \
        .init = channelwise_init, \
        .forward = NAME##_forward, \
        .backward = NAME##_backward, \
        .infer = NAME##_forward};

#include "net/layers/channelwise.def"
