/* What the passes of a convolution share: the taps of a window, planes with zeros around, scratch, and the call of a kernel for all
 * filters. Only the files of convolution include this. */
#ifndef NUM_CONVOLUTION_PARTS_H
#define NUM_CONVOLUTION_PARTS_H

#include "num/convolution.h"

/* Taps of one axis in the order in which they stand in a plane: tap i is `first + i * step` places from the window's own place and has
 * the weight `kernel + i * kernel_step`. */
typedef struct ConvolutionTaps {
    int64_t first, step, count;
    int64_t kernel, kernel_step;
} ConvolutionTaps;

ConvolutionTaps convolution_taps(const Convolution *c, int axis); /* of x for y */
/* Of dy for the places of dx that are equal to phase modulo the stride: place phase + j * stride of dx is place j of dy. */
ConvolutionTaps convolution_taps_back(const Convolution *c, int axis, int64_t phase);
int64_t convolution_phases(const Convolution *c, int axis);

/* Rows with zeros around them. */
typedef struct Plane {
    int64_t inner[2], before[2], size[2], channels;
    bool is_padded; /* else rows are taken as they are */
} Plane;

int64_t plane_line(const Plane *p); /* floats */
int64_t plane_floats(const Plane *p);
Plane plane_of_x(const Convolution *c);
Plane plane_of_dy(const Convolution *c); /* as far as windows of dX reach beyond it */
void plane_clear(const Plane *p, float *to, int64_t rows);
void plane_fill(const Plane *p, const float *row, float *to); /* the middle; the zeros must be there */

typedef struct ConvolutionScratch {
    int64_t *offsets; /* of windows */
    float *weights;   /* in the order of the kernels, where they do not read them as they are */
    float *planes;
    int64_t block, block_back; /* rows whose planes stand side by side: for dW; for dX */
} ConvolutionScratch;

ConvolutionScratch convolution_scratch_parts(const ConvolutionPass *p);

/* How a kernel is called for all filters of all groups. */
typedef struct Windows {
    const Kernels *kernels;
    bool is_exact, is_deep;
    int64_t groups, group_in, group_out; /* channels of a group in a and in c */
    int64_t b_step;                      /* floats between rows of weights that are read as they are; 0: they are packed */
} Windows;

bool convolution_is_deep(const Convolution *c); /* one filter for each channel */
/* The offsets of a window in planes whose lines have `line` floats and whose places have `place`. */
void windows_view(const Windows *w, ConvView *v, const ConvolutionTaps taps[2], const int64_t line_place[2], int64_t *offsets);
const float *windows_run(const Windows *w, const ConvView *whole); /* gives what stands behind packed weights */

/* Weights in the order in which windows of the forward pass, or of the phases of dX, take them. */
size_t convolution_packed(const Convolution *c); /* floats, of either */
void convolution_pack(const Convolution *c, const Kernels *kernels, const float *weights, float *packed);
void convolution_pack_back(const Convolution *c, const Kernels *kernels, const float *weights, float *packed);

int64_t convolution_in(const Convolution *c); /* floats of a row */
int64_t convolution_out(const Convolution *c);
bool convolution_is_flat(const Convolution *c); /* a window of one place that moves by one: each place is seen alone */

#endif
