/* 1-D convolution, channels last, without copying windows: with zero padding kept in the buffer, a k-tap window over C channels is
 * k*C contiguous floats, so forward, dW and dX are matrix products whose rows overlap. */
#ifndef NUM_CONV_H
#define NUM_CONV_H

#include "num/kernels.h"

typedef struct ConvShape {
    int64_t length, channels; /* of the input, without padding */
    int64_t kernel, filters, stride;
    int64_t left, right; /* zeros before and behind */
    int64_t places;      /* outputs along the length */
} ConvShape;

/* One row. padded: (left + length + right) * channels; w: [kernel][channels][filters]; y: places * filters. */
void conv_forward(const ConvShape *c, const float *padded, const float *w, float *y, bool exact);
/* dw += over one row (add) or = (not add). */
void conv_weights_back(const ConvShape *c, const float *padded, const float *dy, float *dw, bool add);
/* spread: dy with stride-1 zeros between its places and kernel-1 zeros before and behind: conv_spread_places() * filters; flipped: w with
 * taps reversed, filters and channels swapped: [kernel][filters][channels]. */
void conv_input_back(const ConvShape *c, const float *spread, const float *flipped, float *dx);
int64_t conv_spread_places(const ConvShape *c);
void conv_flip(const ConvShape *c, const float *w, float *flipped);
void conv_pad(const ConvShape *c, const float *x, float *padded); /* fills the middle; the zeros must be there */
void conv_spread(const ConvShape *c, const float *dy, float *spread);

#endif
