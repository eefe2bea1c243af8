/* 1-D convolution as matrix products with overlapping rows. */
#include "num/conv.h"

#include <string.h>

void conv_forward(const ConvShape *c, const float *padded, const float *w, float *y, bool exact)
{
    GemmView g = {.a = padded,
                  .a_row = c->stride * c->channels,
                  .a_step = 1,
                  .b = w,
                  .b_step = c->filters,
                  .c = y,
                  .c_row = c->filters,
                  .m = c->places,
                  .n = c->filters,
                  .k = c->kernel * c->channels};
    (exact ? kernels()->gemm_exact : kernels()->gemm)(&g);
}

void conv_weights_back(const ConvShape *c, const float *padded, const float *dy, float *dw, bool add)
{
    GemmView g = {.a = padded,
                  .a_row = 1,
                  .a_step = c->stride * c->channels,
                  .b = dy,
                  .b_step = c->filters,
                  .c = dw,
                  .c_row = c->filters,
                  .m = c->kernel * c->channels,
                  .n = c->filters,
                  .k = c->places,
                  .add = add};
    kernels()->gemm(&g);
}

int64_t conv_spread_places(const ConvShape *c)
{
    return c->left + c->length + c->right + c->kernel - 1;
}

/* Place s of the padded input gets sum over j of dy[(s - j) / stride] w[j]; in spread, dy[o] stands at kernel - 1 + o * stride. */
void conv_input_back(const ConvShape *c, const float *spread, const float *flipped, float *dx)
{
    GemmView g = {.a = spread + c->left * c->filters,
                  .a_row = c->filters,
                  .a_step = 1,
                  .b = flipped,
                  .b_step = c->channels,
                  .c = dx,
                  .c_row = c->channels,
                  .m = c->length,
                  .n = c->channels,
                  .k = c->kernel * c->filters};
    kernels()->gemm(&g);
}

void conv_flip(const ConvShape *c, const float *w, float *flipped)
{
    for (int64_t j = 0; j < c->kernel; j++)
        for (int64_t f = 0; f < c->filters; f++)
            for (int64_t i = 0; i < c->channels; i++)
                flipped[(j * c->filters + f) * c->channels + i] = w[((c->kernel - 1 - j) * c->channels + i) * c->filters + f];
}

void conv_pad(const ConvShape *c, const float *x, float *padded)
{
    memcpy(padded + c->left * c->channels, x, (size_t)(c->length * c->channels) * sizeof(float));
}

void conv_spread(const ConvShape *c, const float *dy, float *spread)
{
    size_t bytes = (size_t)c->filters * sizeof(float);
    float *to = spread + (c->kernel - 1) * c->filters;
    if (c->stride == 1) {
        memcpy(to, dy, (size_t)c->places * bytes);
        return;
    }
    for (int64_t o = 0; o < c->places; o++)
        memcpy(to + o * c->stride * c->filters, dy + o * c->filters, bytes);
}
