/* Convolution of rows of height x width x channels, channels last; a series has height 1. No windows are copied: with zeros around a row
 * kept in scratch, a line of a window is contiguous, so that forward, dX and dW are matrix products whose rows overlap. One filter
 * for each channel (groups = channels = filters) has kernels of its own. All functions run on the calling thread and touch only what
 * they are given. The bits of a row do not depend on the rows beside it. */
#ifndef NUM_CONVOLUTION_H
#define NUM_CONVOLUTION_H

#include "num/kernels.h"

/* Pairs are height, width. */
typedef struct Convolution {
    int64_t size[2], channels;   /* of the input */
    int64_t filters, groups;     /* groups divides channels and filters */
    int64_t kernel[2];           /* places a filter sees */
    int64_t stride[2];           /* between two outputs */
    int64_t dilation[2];         /* between two places that a filter sees */
    int64_t before[2], after[2]; /* zeros above and left, below and right */
} Convolution;

int64_t convolution_places(const Convolution *c, int axis); /* of the output; 0 or less: the window is longer than the input */
int64_t convolution_weights(const Convolution *c);          /* filters * channels / groups * kernel */
int64_t convolution_macs(const Convolution *c);             /* multiply-adds a row */

/* Weights are [kernel height][kernel width][channels / groups][filters]: PyTorch's with the filters last. */
/* One pass over some rows, contiguous. Pointers to floats are aligned as floats are, scratch as int64_t is. */
typedef struct ConvolutionPass {
    const Convolution *conv;
    const Kernels *kernels; /* NULL: those of this processor */
    int64_t rows;
    const float *x;    /* rows * input */
    float *y;          /* rows * output */
    const float *bias; /* filters, or NULL */
    bool relu;         /* behind the bias */
    const float *weights;
    float *dy;      /* gradient of y; where relu, it becomes zero where y <= 0 */
    float *dx;      /* gradient of x, or NULL: not needed */
    float *dw, *db; /* over these rows, overwritten; NULL: not needed */
    float *scratch; /* convolution_scratch() floats; content does not matter */
} ConvolutionPass;

size_t convolution_scratch(const Convolution *c);
void convolution_forward(const ConvolutionPass *p);
void convolution_backward(const ConvolutionPass *p);
/* As forward, with each operation rounded: 0 + x[0] w[0] + x[1] w[1] ... (zeros of padding included) by line, column and channel of the
 * window, then + bias, then relu. */
void convolution_infer(const ConvolutionPass *p);

#endif
