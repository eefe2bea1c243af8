/* The trainer from the inside. A step is a list of instructions; each runs on all slices in parallel, except joins, which run once
 * between them. */
#ifndef NET_TRAINER_H
#define NET_TRAINER_H

#include "base/thread.h"
#include "net/loss.h"
#include "net/model.h"
#include "net/update.h"

enum { EVALUATE_ROWS = 256 };

typedef enum Action { DO_FORWARD, DO_STATS, DO_JOIN, DO_LOSS, DO_BACK_STATS, DO_BACK_JOIN, DO_BACKWARD, DO_WEIGHTS } Action;

typedef struct Instruction {
    Action action;
    size_t layer;
} Instruction;

typedef struct TrainerLayer {
    float *y;       /* plane of all rows; aliases share it */
    size_t x_layer; /* whose y is this layer's x; SIZE_MAX: the batch */
    float *scratch[KERNEL_SLICES];
    double *stats[KERNEL_SLICES], *back_stats[KERNEL_SLICES];
    float *dy;     /* gradient of y: one of two planes in turn, or its own in a whole trainer */
    size_t dy_row; /* floats between two rows' places in it */
} TrainerLayer;

struct Trainer {
    Model *m;
    SpecUse optimizer_use, loss_use; /* copies */
    const Loss *loss;
    TrainerPlan plan;
    Arena arena;
    Pool *pool; /* NULL: one thread or one slice */
    int slices;
    bool is_whole; /* above 4 MB of weights: their gradient is made over the whole batch, in tiles, after all slices; else per slice */
    int buffers;   /* of gradients: 1 or slices */
    size_t slice_rows, plane_rows;
    TrainerLayer *layers;
    Instruction *program;
    size_t program_size;
    float *planes[2]; /* gradients of activations */
    float *gradients[KERNEL_SLICES];
    WeightUpdate update;
    int64_t steps;
    /* of the current step */
    const Batch *batch;
    int active;         /* slices that have rows */
    size_t first, last; /* instructions that run now */
    bool is_training;
    const float *x;
    size_t rows;
    RngKey *noise; /* of each layer */
    double scale, losses[KERNEL_SLICES], loss_parts[KERNEL_SLICES][LOSS_PARTS];
    size_t hits[KERNEL_SLICES];
    bool counts_hits;
    float *loss_scratch[KERNEL_SLICES];
};

/* trainer_build.c */
bool trainer_build(Trainer *t, Error *e);
/* trainer_pass.c */
void trainer_run(Trainer *t, size_t from, size_t to);
/* The calls task(t, 0) .. task(t, count - 1), on all threads. */
void trainer_parallel(Trainer *t, int count, void (*task)(void *self, int index));
/* trainer_update.c */
bool trainer_update_build(Trainer *t, Error *e);
void trainer_update(Trainer *t, double learning_rate);

#endif
