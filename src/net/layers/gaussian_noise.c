/* gaussian_noise: in training, normal noise is added to each number. Which noise is a function of (seed, layer, epoch, row id, unit). */
#include <string.h>

#include "net/layer.h"
#include "num/lanes_math.h"

typedef struct GaussianNoise {
    LayerPlace place;
    double sd;
} GaussianNoise;

static const Field fields[] = {
    {REAL_FIELD(GaussianNoise, sd), .doc = "size of the noise", .def = "0.1", .min = 0, .max = 1000, .soft_min = 0.01, .soft_max = 1,
     .scale = SCALE_LOG, .positional = true},
    LAYER_PLACE(GaussianNoise),
    {.name = NULL},
};

typedef struct NoiseRow {
    const float *x;
    float *y;
    size_t width;
    uint32_t low, high; /* key */
    float sd;
} NoiseRow;

#define PASSES(TARGET, VF, ...) \
    static TARGET void noise_##VF(const NoiseRow *n) \
    { \
        enum { WIDTH = sizeof(VF) / sizeof(float) }; \
        uint32_t count[WIDTH]; \
        VF##_unit unit; \
        for (uint32_t i = 0; i < WIDTH; i++) \
            count[i] = 2 * i; \
        memcpy(&unit, count, sizeof unit); \
        for (size_t j = 0; j < n->width; j += WIDTH, unit += 2 * WIDTH) { \
            const VF noise = lanes_normal(lanes_hash(unit, n->low, n->high), lanes_hash(unit + 1, n->low, n->high)); \
            lanes_put_##VF(n->y + j, lanes_take_##VF(n->x + j, n->width - j) + n->sd * noise, n->width - j); \
        } \
    }
typedef vu4 vf4_unit;
typedef vu8 vf8_unit;
typedef vu16 vf16_unit;
LANES_ALL(PASSES, )

static void noise_copy(const LayerPass *p)
{
    memcpy(p->y, p->x, p->rows * (size_t)shape_size(p->in) * sizeof(float));
}

static void noise_forward(const LayerPass *p)
{
    static void (*const levels[KERNEL_LEVELS])(const NoiseRow *) = LANES_LEVELS(noise);
    NoiseRow n = {.width = (size_t)shape_size(p->in), .sd = (float)((const GaussianNoise *)p->params)->sd};
    if (!p->is_training) {
        noise_copy(p);
        return;
    }
    for (size_t r = 0; r < p->rows; r++) {
        uint32_t key[4];
        rng_block(p->noise, p->row_ids ? p->row_ids[r] : r, key);
        n.low = key[0];
        n.high = key[1];
        n.x = p->x + r * n.width;
        n.y = p->y + r * n.width;
        levels[kernels()->level](&n);
    }
}

static void noise_backward(const LayerPass *p)
{
    if (p->dx)
        memcpy(p->dx, p->dy, p->rows * (size_t)shape_size(p->in) * sizeof(float));
}

extern const Layer layer_gaussian_noise;
const Layer layer_gaussian_noise = {
    .spec = {.name = "gaussian_noise",
             .doc = "normal noise on each number in training",
             .group = "regularization",
             .params = fields,
             .params_size = sizeof(GaussianNoise)},
    .shape = layer_same_shape,
    .forward = noise_forward,
    .backward = noise_backward,
    .infer = noise_copy,
};
