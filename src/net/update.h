/* The update of the weights, as part of a trainer: which weights learn in which manner, the moments, and the norm of the gradient. */
#ifndef NET_UPDATE_H
#define NET_UPDATE_H

#include "net/optimizer.h"

typedef struct UpdateSettings { /* no gaps: compared as bytes */
    double l1, l2;
} UpdateSettings;

/* Tensors that learn alike. */
typedef struct UpdateManner {
    UpdateSettings settings;
    _Alignas(16) unsigned char constants[UPDATE_CONSTANTS]; /* of this step */
} UpdateManner;

typedef struct UpdateTile {
    size_t offset, count; /* in floats, multiples of UPDATE_ALIGN */
    size_t manner;
} UpdateTile;

typedef struct WeightUpdate {
    const Optimizer *optimizer;
    const void *params; /* of the optimizer; borrowed */
    float *moments[UPDATE_MOMENTS];
    UpdateManner *manners;
    size_t manners_count;
    UpdateTile *tiles;
    size_t tiles_count;
    double *squares; /* of the gradient, tile by tile */
    UpdateView view; /* what the tiles of a step have in common */
} WeightUpdate;

#endif
