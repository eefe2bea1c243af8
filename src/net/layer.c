/* What several layers share: shapes that they take, and weights as they are drawn. */
#include "net/layer.h"

#include <math.h>

const char *const layer_init_choices[] = {"he_normal", "xavier", "uniform", NULL};

bool shape_has_places(Shape in, Error *e)
{
    return in.rank != 0 ||
           error_set(e, ERROR_USAGE,
                     "it reads places and channels, but in its input, Nx%lld, arrays lie flat beside other features; read one "
                     "array with from = \"its column\", drop the others, or use dense layers",
                     (long long)in.length);
}

bool shape_as_sequence(Shape in, Shape *out, Error *e)
{
    if (in.rank > 2)
        return error_set(e, ERROR_USAGE, "it reads length x channels, but its input is an image, %lldx%lldx%lld; use its 2-D form",
                         (long long)in.height, (long long)in.length, (long long)in.channels);
    *out = shape_is_vector(in) ? shape_sequence(in.length, 1) : in;
    return shape_has_places(in, e);
}

bool shape_as_image(Shape in, Shape *out, Error *e)
{
    if (in.rank < 2) {
        char *text = shape_text(in);
        error_set(e, ERROR_USAGE, "it reads height x width x channels, but its input is %s; use its 1-D form, or a reshape before it",
                  text);
        mem_free(text);
        return false;
    }
    *out = in.rank == 2 ? shape_image(in.length, in.channels, 1) : in;
    return true;
}

bool layer_same_shape(const void *params, Shape in, Shape *out, Error *e)
{
    (void)params;
    (void)e;
    *out = in;
    return true;
}

bool layer_check_activation(const SpecUse *use, Error *e)
{
    Text names = {0};
    const Family *family = layer_family();
    if (use->spec && text_equal(use->spec->group, LAYER_ACTIVATIONS))
        return true;
    for (size_t i = 0; i < family->count; i++)
        if (text_equal(family->members[i]->group, LAYER_ACTIVATIONS))
            text_addf(&names, "%s\"%s\"", names.size ? ", " : "", family->members[i]->name);
    error_set(e, ERROR_USAGE, "activation \"%s\" is no activation; there are %s", use->spec ? use->spec->name : "", text_get(&names));
    text_done(&names);
    return false;
}

const Field layer_plain_fields[] = {
    LAYER_PLACE(PlainLayer),
    {.name = NULL},
};

/* he_normal: sd sqrt(2 / fan_in) (He et al. 2015). xavier: +- sqrt(6 / (fan_in + fan_out)) (Glorot, Bengio 2010). uniform:
 * +- 1 / sqrt(fan_in), biases too, as torch.nn.Linear does; the usual one: tests/bench/init.lua compares them over data sets. */
void layer_init_weights(int method, Rng *rng, Fan fan, float *weights, int64_t count)
{
    double sd = sqrt(2.0 / (double)fan.in);
    double range = method == INIT_XAVIER ? sqrt(6.0 / (double)(fan.in + fan.out)) : 1 / sqrt((double)fan.in);
    for (int64_t i = 0; i < count; i++)
        weights[i] = (float)(method == INIT_HE_NORMAL ? sd * rng_normal(rng) : range * (2 * rng_uniform(rng) - 1));
}
