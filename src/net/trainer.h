/* The trainer from the inside. A step is a list of instructions; each runs on all slices in parallel, except joins, which run once
 * between them. */
#ifndef NET_TRAINER_H
#define NET_TRAINER_H

#include "base/thread.h"
#include "net/loss.h"
#include "net/model.h"
#include "net/update.h"

typedef enum Action { DO_FORWARD, DO_STATS, DO_JOIN, DO_LOSS, DO_BACK_STATS, DO_BACK_JOIN, DO_BACKWARD, DO_WEIGHTS } Action;

typedef struct Instruction {
    Action action;
    size_t layer;
} Instruction;

/* Rows of the batch that run on one thread. */
typedef struct Slice {
    int index;
    size_t from, rows;
} Slice;

/* A value or its gradient: rows of one slice are contiguous; slices begin `row` floats a row apart, since planes are shared by values
 * of several widths, and slices do not wait for each other. */
typedef struct TrainerPlane {
    float *floats; /* NULL: none */
    size_t row;
} TrainerPlane;

typedef struct TrainerLayer {
    size_t x[LAYER_INPUTS];           /* values behind aliases: whose planes hold what it reads; 0: the batch */
    TrainerPlane y;                   /* of all rows; aliases have none */
    TrainerPlane dy;                  /* gradient of y; NULL: nothing is learned up to here */
    TrainerPlane dx[LAYER_INPUTS];    /* where the gradients of what it reads go; NULL: not needed */
    bool is_added[LAYER_INPUTS];      /* another layer has written that gradient: dx is apart, and is added to it */
    bool is_written;                  /* while planning: some layer writes dy */
    float **gradients[KERNEL_SLICES]; /* of its tensors; NULL: none, or not trained */
    float *scratch[KERNEL_SLICES];
    double *stats[KERNEL_SLICES], *back_stats[KERNEL_SLICES];
} TrainerLayer;

struct Trainer {
    Model *m;
    SpecUse optimizer_use, loss_use, average_use; /* copies */
    const Loss *loss;
    void *loss_state;                      /* what its open made */
    float *whole_outputs, *whole_gradient; /* of a loss that runs over the whole batch: batch * outputs */
    Error failed;                          /* why the loss of a step failed; ERROR_NONE */
    TrainerPlan plan;
    Arena arena;
    Pool *pool; /* NULL: one thread or one slice */
    int slices;
    bool is_whole; /* above 4 MB of weights: their gradient is made over the whole batch, in tiles, after all slices; else per slice */
    int buffers;   /* of gradients: 1 or slices */
    size_t slice_rows, plane_rows;
    size_t evaluate_rows; /* of a slice where nothing is learned */
    TrainerLayer *layers;
    Instruction *program;
    size_t program_size;
    float *gradients[KERNEL_SLICES];
    WeightUpdate update;
    int64_t steps;
    /* of the current step */
    const Batch *batch;
    Batch told;         /* what the loss is told: each row as often as the net has members */
    int active;         /* slices that have rows */
    size_t first, last; /* instructions that run now */
    bool is_training;
    double statistics_share; /* LayerJoin.share */
    const float *x;
    size_t rows;
    RngKey *noise;        /* of each layer */
    int32_t *told_labels; /* of nets with members: what `told` points to */
    float *told_values, *told_weights, *told_teacher;
    double scale, losses[KERNEL_SLICES], loss_parts[KERNEL_SLICES][LOSS_PARTS];
    size_t hits[KERNEL_SLICES];
    bool counts_hits;
    float *loss_scratch[KERNEL_SLICES];
};

/* trainer_planes.c: which gradients are needed, and who writes them (marked by rows of planes that are not there yet); then planes for
 * values and gradients by their life times in the program. */
void trainer_plan_gradients(Trainer *t);
bool trainer_build_planes(Trainer *t, Error *e);
/* trainer_build.c */
bool trainer_build(Trainer *t, Error *e);
/* trainer.c: what a step begins with. */
void trainer_begin(Trainer *t, const Batch *batch, int64_t epoch);
/* trainer_loss.c */
bool trainer_loss_build(Trainer *t, Error *e);
void trainer_loss_done(Trainer *t);
void trainer_loss_whole(Trainer *t, size_t layer); /* instead of slice by slice */
/* trainer_members.c */
bool trainer_members_build(Trainer *t, Error *e);
void trainer_tell(Trainer *t, const Batch *batch);
/* trainer_pass.c */
LossPass trainer_loss_pass(Trainer *t, const Slice *s);                      /* without outputs and gradient */
size_t trainer_count_hits(const Trainer *t, const Slice *s, float *outputs); /* outputs of members are mixed in place */
void trainer_run(Trainer *t, size_t from, size_t to);
/* The calls task(t, 0) .. task(t, count - 1), on all threads. */
void trainer_parallel(Trainer *t, int count, void (*task)(void *self, int index));
/* trainer_update.c: with the gradient of the batch that has run; or it waits for the next one */
bool trainer_update_build(Trainer *t, Error *e);
void trainer_update(Trainer *t, double learning_rate, int64_t epoch);
/* trainer_rules.c */
bool trainer_check_rules(const Trainer *t, Error *e);
/* The parts that add up to the gradient of the last update from `offset` on, before the mean is taken. */
int trainer_gradient_parts(const Trainer *t, size_t offset, const float *parts[UPDATE_PARTS]);
UpdateSettings trainer_settings_of(const Trainer *t, size_t tensor);

#endif
