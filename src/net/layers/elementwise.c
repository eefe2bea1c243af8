/* Layers that act on each number alone, made from the lines of elementwise.def: each line is compiled for all processors. */
#include "net/layers/elementwise.h"

#include "num/lanes_math.h"

typedef struct Elementwise {
    LayerPlace place;
    double a;
} Elementwise;

/* Constants of selu as its paper has them; 1 / sqrt(2) and 1 / sqrt(2 pi). */
#define SELU 1.05070098735548f
#define SELU_ALPHA 1.67326324235438f
#define ROOT_HALF 0.707106781186548f
#define NORMAL_TOP 0.398942280401433f

/* mish: with e = exp(x) and n = e (e + 2), tanh(log(1 + e)) = n / (n + 2); its slope is 4 e (1 + e) / (n + 2)^2. Above 20, all is 1. */
#define HELPERS(TARGET, VF, ...) \
    LANES_INLINE TARGET VF lanes_sigmoid_##VF(VF x) \
    { \
        return 1.0f / (1.0f + lanes_exp_##VF(-x)); \
    } \
    LANES_INLINE TARGET VF lanes_mish_##VF(VF x) \
    { \
        VF e = lanes_exp_##VF(lanes_pick_##VF(x > 20, 20 - (VF){0}, x)), n = e * (e + 2.0f); \
        return n / (n + 2.0f); \
    } \
    LANES_INLINE TARGET VF lanes_mish_back_##VF(VF x) \
    { \
        VF e = lanes_exp_##VF(lanes_pick_##VF(x > 20, 20 - (VF){0}, x)), n = e * (e + 2.0f), all = n + 2.0f; \
        return n / all + x * (4.0f * e / all) * ((1.0f + e) / all); \
    }
#define lanes_sigmoid(x) LANES_EACH(lanes_sigmoid, x)(x)
#define lanes_mish(x) LANES_EACH(lanes_mish, x)(x)
#define lanes_mish_back(x) LANES_EACH(lanes_mish_back, x)(x)
#define normal_share(x) (0.5f * (1.0f + lanes_erf((x)*ROOT_HALF)))

#define PASSES(TARGET, VF, NAME, Y, DX) \
    static TARGET void NAME##_forward_##VF(const ElementView *v) \
    { \
        const float a = v->a; \
        for (size_t i = 0; i < v->count; i += sizeof(VF) / sizeof(float)) { \
            const VF x = lanes_take_##VF(v->x + i, v->count - i); \
            lanes_put_##VF(v->out + i, Y, v->count - i); \
        } \
        (void)a; \
    } \
    static TARGET void NAME##_back_##VF(const ElementView *v) \
    { \
        const float a = v->a; \
        for (size_t i = 0; i < v->count; i += sizeof(VF) / sizeof(float)) { \
            const VF x = lanes_take_##VF(v->x + i, v->count - i), y = lanes_take_##VF(v->y + i, v->count - i); \
            const VF dy = lanes_take_##VF(v->dy + i, v->count - i); \
            lanes_put_##VF(v->out + i, DX, v->count - i); \
            (void)x; \
            (void)y; \
        } \
        (void)a; \
    }

LANES_ALL(HELPERS, )

static void forward(const LayerPass *p, const ElementRules *rules)
{
    rules->forward[kernels()->level](&(ElementView){
        .x = p->x, .out = p->y, .count = p->rows * (size_t)shape_size(p->in), .a = (float)((const Elementwise *)p->params)->a});
}

static void backward(const LayerPass *p, const ElementRules *rules)
{
    if (p->dx)
        rules->back[kernels()->level](&(ElementView){.x = p->x,
                                                     .y = p->y,
                                                     .dy = p->dy,
                                                     .out = p->dx,
                                                     .count = p->rows * (size_t)shape_size(p->in),
                                                     .a = (float)((const Elementwise *)p->params)->a});
}

#define PLAIN
#define SETTING(NAME, DOC, DEF, LEAST, MOST, LOW, HIGH) \
    {.name = NAME, \
     .type = FIELD_REAL, \
     .offset = offsetof(Elementwise, a), \
     .doc = DOC, \
     .def = DEF, \
     .min = LEAST, \
     .max = MOST, \
     .soft_min = LOW, \
     .soft_max = HIGH, \
     .scale = SCALE_LOG, \
     .positional = true},

#define ELEMENTWISE(NAME, DOC, FIELDS, Y, DX) \
    LANES_ALL(PASSES, NAME, Y, DX) \
    const ElementRules rules_##NAME = {.forward = LANES_LEVELS(NAME##_forward), .back = LANES_LEVELS(NAME##_back)}; \
    static void NAME##_forward(const LayerPass *p) \
    { \
        forward(p, &rules_##NAME); \
    } \
    static void NAME##_backward(const LayerPass *p) \
    { \
        backward(p, &rules_##NAME); \
    } \
    static const Field NAME##_fields[] = {FIELDS LAYER_PLACE(Elementwise), {.name = NULL}}; \
    extern const Layer layer_##NAME; \
    const Layer layer_##NAME = { \
        .spec = {.name = #NAME, .doc = DOC, .group = LAYER_ACTIVATIONS, .params = NAME##_fields, .params_size = sizeof(Elementwise)}, \
        .shape = layer_same_shape, \
        .forward = NAME##_forward, \
        .backward = NAME##_backward, \
        .infer = NAME##_forward};

#include "net/layers/elementwise.def"
