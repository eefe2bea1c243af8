/* The update of the weights, as part of a trainer: which weights learn in which manner, gradients that wait, moments, the norm of the
 * gradient, and the running average of the weights. */
#ifndef NET_UPDATE_H
#define NET_UPDATE_H

#include "net/optimizer.h"

/* How weights are averaged over time: the share of the weights as they are in the average, now; 0: none. */
typedef struct AveragePlace {
    int64_t epoch, updates, averaged; /* updates so far, and how often weights went into the average */
    bool is_epoch_end;
} AveragePlace;
typedef struct Averaging {
    Spec spec;
    double (*share)(const void *params, const AveragePlace *place);
    bool needs_statistics; /* weights far from those that the running statistics were made with */
} Averaging;

/* What is other for one layer; below 0: as the plan says. */
typedef struct LayerRule { /* family "layer_rule", member "for_layer" */
    char *layer;           /* its number or id, as the names of its tensors begin, or "head" */
    double rate_factor, bias_factor;
    int64_t from_epoch;
    double l1, l2, decay, unit_norm;
} LayerRule;

/* How a tensor learns. Without gaps: compared as bytes. */
typedef struct UpdateSettings {
    double rate_factor, from_epoch, l1, l2, decay, unit_norm;
} UpdateSettings;

/* Tensors that learn alike. */
typedef struct UpdateManner {
    UpdateSettings settings;
    double rate;    /* of this update */
    bool is_frozen; /* in this update: its gradient does not count in the norm */
    _Alignas(16) unsigned char constants[UPDATE_CONSTANTS];
} UpdateManner;

typedef struct UpdateTile {
    size_t offset, count; /* in floats, multiples of UPDATE_ALIGN */
    size_t manner;
} UpdateTile;

/* A tensor whose units have a longest weight: units are the last dimension. */
typedef struct UpdateUnits {
    size_t offset, rows, width, manner;
    double *squares;       /* width of them, and as many zeros */
    float *scales, *zeros; /* width of each */
} UpdateUnits;

typedef struct UpdateCounts { /* part of a checkpoint */
    int64_t updates;          /* of the weights */
    int64_t held;             /* batches whose gradients wait */
    int64_t averaged;
} UpdateCounts;

typedef struct WeightUpdate {
    const Optimizer *optimizer;
    const void *params;         /* of the optimizer; borrowed */
    const Averaging *averaging; /* NULL: none */
    const void *averaging_params;
    float *moments[UPDATE_MOMENTS];
    float *held;      /* sum of gradients that wait; NULL: each batch moves the weights */
    float *average;   /* of all tensors; NULL: none */
    bool is_averaged; /* the weights of the model are the average now, and `average` holds those that learn */
    UpdateManner *manners;
    size_t manners_count;
    UpdateTile *tiles;
    size_t tiles_count;
    UpdateUnits *units;
    size_t units_count;
    double *squares; /* of the gradient, tile by tile */
    UpdateCounts counts;
    UpdateView view; /* what the tiles of a step have in common */
    bool adds_held;  /* the gradient of the last update had waiting ones in it */
    float mean;      /* 1 / batches of the last update */
    float share;     /* in the average */
} WeightUpdate;

struct Trainer;
bool trainer_average_build(struct Trainer *t, Error *e);
void trainer_average(struct Trainer *t, int64_t epoch, bool is_epoch_end); /* takes the weights into the average, when it is time */

#endif
