/* The state of one training, shared by the files train*.c. LoopState is what a checkpoint holds beside the trainer: plain numbers,
 * saved as they are, so that a resume continues to the same bits. */
#ifndef LEARN_LOOP_H
#define LEARN_LOOP_H

#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/learn.h"
#include "net/loss.h"

typedef struct LoopState {
    int64_t step, epoch, position; /* steps taken; epoch from 1; steps taken in this epoch */
    double loss_sum;               /* of rows in this epoch so far */
    double hard_sum, soft_sum;     /* distillation: what that is a mixture of */
    int64_t rows_seen, hits;
    double base_rate;
    ScheduleState schedule;
    double best;                         /* of the watched metric */
    int64_t best_epoch, worse, patience; /* best_epoch 0: none yet; patience 0: no early stop */
    int64_t saved_best;                  /* epoch of the last "best" checkpoint */
} LoopState;

/* Of a checkpoint, which is a file like any other: its places lie inside the training. steps: of an epoch. */
bool loop_state_is_sound(const LoopState *s, int64_t epochs, int64_t steps);

enum { LOOP_BLOCK = 2048 }; /* rows whose input is given again at a time: whole blocks of every count of slices */

typedef enum LoopEnd { LOOP_RUNNING, LOOP_DONE, LOOP_STOPPED, LOOP_DIVERGED } LoopEnd;

typedef struct LoopBatch {
    int64_t from, rows;
} LoopBatch;

/* What the rules of alarms.h read: a number for each epoch; and which of them have spoken. */
typedef struct LoopHealth {
    double *train, *valid, *norms;
    size_t count, train_room, valid_room, norms_room;
    unsigned told; /* bits of AlarmKind */
} LoopHealth;

typedef struct Loop {
    Job *job;
    const TrainTask *task;
    const TrainPlan *plan;
    const Prepared *data;
    const Dataset *train, *valid;
    TextList also;     /* metrics with settings that are recorded */
    TargetInfo target; /* own: that of data, with the weights of its classes */
    LoopState s;
    LoopHealth health;
    LoopEnd end;
    bool is_aborted;      /* by hand: no model is wanted */
    int64_t epochs;       /* that are to be trained: those of the plan, or as many as were asked for since */
    LoopBatch *rebatched; /* batches that were asked for since, each from an epoch on */
    size_t rebatched_count, rebatched_room;
    BatchPlan batches;                                 /* of this epoch */
    int64_t total_steps, steps_per_epoch, batch_every; /* steps_per_epoch: of the first */
    int64_t most_rows;                                 /* of a batch */
    Model *model;
    Bundle *begun_with; /* whose weights it began with; NULL: drawn from the seed */
    Trainer *trainer;
    SpecUse distill_loss; /* own, when there is a teacher */
    SpecUse input_loss;   /* own, when the target is the input and no loss was named */
    const char *watched;  /* "valid.loss": names the best epoch */
    bool watched_high;
    char *bad;           /* diverged: where numbers stopped being finite; NULL: nowhere */
    TextList notes;      /* on the parts; each is an alarm at the start */
    float *best_weights; /* copy of the trainer's "weights" blob */
    float *weights;      /* that blob */
    size_t weights_size;
    uint32_t *order; /* of this epoch's rows */
    Batch batch;     /* points into the buffers below */
    float *changed;  /* the training rows as this epoch sees them; NULL: as they are */
    float *x, *values, *row_weights, *teacher, *teacher_x;
    int32_t *labels;
    uint64_t *ids;
    TeacherInput teacher_input;
    ModelScratch *teacher_scratch;
    float *valid_teacher, *train_teacher; /* its outputs for whole parts; the latter only when asked for */
    float *outputs;                       /* of the larger of valid and train part */
    double *errors; /* of its rows, and the input given again of some rows at a time; NULL: the net gives something else */
    float *block;
    double rate, started, epoch_started, last_poll, last_checkpoint;
    double before;                 /* seconds that earlier lives of a resumed run had trained */
    double epoch_cpu;              /* clock_cpu when the epoch began */
    bool is_resumed, hook_stopped; /* hook_stopped: on_epoch asked for the end */
    Value *history;                /* resumed: settings that the life before was given, each with its step; else NULL */
} Loop;

bool loop_init(Loop *l, Job *job, const TrainTask *task, Error *e);
void loop_done(Loop *l);
double loop_rate(const Loop *l); /* of the coming step */

bool loop_begin_with(Loop *l, Error *e); /* puts the weights that the plan names into the model (train_start.c) */
/* The averaged weights, where there are any, put in place of those that learn, with running statistics of their own; and back. */
bool loop_use_average(Loop *l, bool is_averaged, Error *e);

bool loop_cut_batches(Loop *l, Error *e); /* train_growth.c */
void loop_batches_of(Loop *l, int64_t epoch);
char *loop_rebatch(Loop *l, int64_t from, int64_t rows, bool is_tried); /* why not, for the caller; tried: nothing is changed */
void loop_count_steps(Loop *l);                                         /* of all epochs, as batches and epochs are now */
void loop_order(Loop *l, int64_t epoch);                                /* rows of the epoch: a function of seed and epoch */
bool loop_gather(Loop *l, int64_t position, Error *e);                  /* a batch of the order */

/* The loss of a part as the training counts it; outputs hold what the net gave for it. Not known: it is the usual one, which is a metric.
 */
typedef struct LossFigures {
    bool is_known, is_mixed; /* mixed: of a distillation, hard and soft apart */
    double loss, hard, soft;
} LossFigures;
bool loop_teacher_init(Loop *l, Error *e);
bool loop_loss(Loop *l, const Dataset *data, LossFigures *out, Error *e);

double loop_elapsed(const Loop *l); /* seconds of training since step 0, over all lives, without pauses */
Value *loop_brief(double x);        /* a figure that is only looked at, in six digits */
bool loop_start_event(Loop *l, Error *e);
bool loop_batch_event(Loop *l, double loss, Error *e);
bool loop_end_epoch(Loop *l, Error *e); /* metrics, best epoch, schedule, events, hook */
char *loop_why(const Loop *l);          /* what ended it, in words; the caller owns it */
bool loop_end_event(Loop *l, Error *e);
bool loop_look(Loop *l, const Value *metrics, Error *e); /* train_health.c: alarms, and the layers when it is time */
void loop_read_health(Loop *l);                          /* resumed: as it was at its step */
void loop_health_done(Loop *l);
bool loop_alarm(Loop *l, const char *text, Error *e);
const char *loop_status(const Loop *l);
bool loop_set_scale(Loop *l, Error *e);                           /* at the end: what error of its input the training rows have */
Value *loop_part_metrics(Loop *l, const Dataset *data, Error *e); /* with the weights as they are */

bool loop_save(Loop *l, Error *e);
bool loop_load(Loop *l, bool *is_found, Error *e);          /* not found: no checkpoint is whole, and the loop stands at step 0 */
Value *loop_callback_state(Loop *l, Error *e);              /* new; null: none is declared */
bool loop_take_requests(Loop *l, Error *e);                 /* between steps; may wait while paused */
char *loop_check_request(void *self, const Value *request); /* RunCheck of a Loop */
void loop_read_history(Loop *l); /* resumed: settings that the lives before were given; those of steps that were taken hold at once */

#endif
