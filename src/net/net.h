/* Nets: layers as a graph, the model made of it (weights in one arena), and the trainer that steps it. float32, row-major, channels
 * last. No allocation inside trainer_step. */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/rng.h"
#include "spec/params.h"
#include "spec/registry.h"

/* Of one row, channels last. rank 1: features (in `length`); rank 2: length x channels; rank 3: height x width (in `length`) x channels;
 * rank 0: a vector in which arrays lie flat beside other features, so that neighbors in it mean nothing. Unused sizes are 1. */
typedef struct Shape {
    int rank;
    int64_t height, length, channels;
} Shape;

/* As initializers, for tables; everything else calls the functions. */
#define SHAPE_VECTOR(features) \
    { \
        1, 1, (features), 1 \
    }
#define SHAPE_SEQUENCE(length, channels) \
    { \
        2, 1, (length), (channels) \
    }
#define SHAPE_IMAGE(height, width, channels) \
    { \
        3, (height), (width), (channels) \
    }

static inline Shape shape_vector(int64_t features)
{
    return (Shape)SHAPE_VECTOR(features);
}
static inline Shape shape_sequence(int64_t length, int64_t channels)
{
    return (Shape)SHAPE_SEQUENCE(length, channels);
}
static inline Shape shape_image(int64_t height, int64_t width, int64_t channels)
{
    return (Shape)SHAPE_IMAGE(height, width, channels);
}
static inline Shape shape_flat(int64_t numbers)
{
    return (Shape){0, 1, numbers, 1};
}
static inline bool shape_is_vector(Shape s)
{
    return s.rank < 2;
}
static inline int64_t shape_size(Shape s)
{
    return s.height * s.length * s.channels;
}
static inline int64_t shape_channels(Shape s) /* what has a bias of its own: features, or channels */
{
    return shape_is_vector(s) ? s.length : s.channels;
}
static inline int64_t shape_places(Shape s)
{
    return shape_is_vector(s) ? 1 : s.height * s.length;
}
static inline Shape shape_with_channels(Shape s, int64_t channels) /* the same places */
{
    if (shape_is_vector(s))
        return shape_vector(channels);
    s.channels = channels;
    return s;
}
static inline bool shape_equal(Shape a, Shape b)
{
    return a.rank == b.rank && a.height == b.height && a.length == b.length && a.channels == b.channels;
}
bool shape_is_size(Shape s);    /* every size above 0, and their product one that a row can have */
Value *shape_to_value(Shape s); /* [47], [128, 32], [28, 28, 1] */
bool shape_from_value(Shape *s, const Value *v, Error *e);
char *shape_text(Shape s); /* "Nx47", "Nx128x32", "Nx28x28x1"; the caller owns it */

/* The families of this room. Their own structs are in net/layer.h, net/loss.h, net/optimizer.h, net/schedule.h. */
const Family *layer_family(void);      /* dense conv2d relu batch_norm dropout max_pool flatten ... */
const Family *loss_family(void);       /* cross_entropy mean_squared_error huber quantile ... */
const Family *optimizer_family(void);  /* sgd rmsprop adagrad adam adamw lion */
const Family *averaging_family(void);  /* ema swa */
const Family *layer_rule_family(void); /* for_layer */
const Family *schedule_family(void);   /* constant step cosine plateau multi_step exponential warm_restarts one_cycle flat_cosine coslog4 */
const Family *preset_family(void);     /* mlp cnn1d res8 ...: lists of layers */

/* What a net is fed with: a row of numbers of one shape, and names for its parts, by which layers can be fed with a part alone. */
enum { NET_PARTS = 16, NET_NAME = 64, NET_FLAGS = 4096 };
typedef struct NetPart {
    char name[NET_NAME]; /* "numbers", or the name of an array column */
    int64_t from;        /* number of the row with which it begins */
    Shape shape;
    int64_t levels; /* in the rows it was planned for: whole numbers below it; 0: other numbers, or not known. Not in files */
} NetPart;
typedef struct NetInput {
    Shape shape; /* of the whole row: what "input" is */
    NetPart parts[NET_PARTS];
    size_t count;
    bool knows_flags;               /* known of a table; model files keep what layers made of it */
    uint64_t flags[NET_FLAGS / 64]; /* a bit for each number of the row that is true or false; none beyond the first NET_FLAGS */
} NetInput;
static inline bool net_input_is_flag(const NetInput *in, int64_t i)
{
    return i < NET_FLAGS && (in->flags[i / 64] >> (i % 64) & 1);
}
static inline NetInput net_input(Shape s)
{
    return (NetInput){.shape = s};
}
void net_input_flags(const NetInput *in, NumberList *places); /* those of its flags, in place of what was there */
bool net_input_equal(const NetInput *a, const NetInput *b);

/* lb.mlp { 128, 64, dropout = 0.3 } as layers: dense, relu, dropout ... of one of the family of presets (net/preset.h). */
bool net_preset(const char *name, const Value *arguments, SpecList *layers, Error *e);
char *net_summary(const SpecList *layers, Shape input, int64_t outputs); /* "47-128-64-2", "48x1-c16-2" */

/* A net is a list of layers. Each reads the value of the one before it, or those that its `from` names: ids of earlier layers, parts of
 * the input, or "input". Blocks (residual, parallel, times, sequence) stand for several layers. The last layer's value is what the head
 * reads; every other one has to be read by something.
 * Tensors in memory, row-major: dense weight [inputs, width], bias [width]; conv weight [kernel ..., channels / groups, filters], bias
 * [filters]; batch_norm weight, bias, running_mean, running_var [channels]. In files they have the names and shapes of torch: the path of
 * the layer ("0.weight", "3.1.bias", "stem.weight"), dense weight [width, inputs], conv weight [filters, channels / groups, kernel ...];
 * flatten puts channels before places, as it does there. Inference in float, each operation rounded: a dense or conv output is 0 + x[0]
 * w[0] + x[1] w[1] ... in the order of the weights' rows in memory (zeros of padding included), then + bias, then relu; batch_norm is x *
 * scale + shift with scale = weight / sqrt(running_var + eps), shift = bias - running_mean * scale, both computed in double and rounded
 * once. */
typedef struct Model Model;
typedef struct ModelTensor {
    const char *name; /* "2.weight": layer number and part */
    int rank;
    int64_t dims[4]; /* in memory; in files as torch has them */
    float *data;     /* inside the model */
    bool is_trained; /* false: running statistics */
} ModelTensor;
typedef struct ModelLayerInfo { /* a line of what is shown of a net */
    const char *layer;          /* spec name; "input" for line 0 */
    char *settings;             /* "128  he_normal"; owned by the caller through model_layer_info_done */
    const char *path;           /* "3.0"; of its tensors' names */
    const void *own;            /* its parameters: of model_layers, or added; NULL: the input */
    Shape out;
    int64_t params, macs; /* of a block: of all its layers */
    int64_t numbers;      /* kept of a row while training: of itself, or of all its layers */
    int64_t reach[2];     /* places of the input that a number of it sees, along lines and along a line */
    size_t item;          /* of the list of layers; SIZE_MAX: the input, a layer of a block, or added */
    int depth;            /* in blocks */
    bool is_head;         /* added by limbeck: the last dense */
    bool is_block;
} ModelLayerInfo;

/* The head (dense of `outputs`) is added after the last layer, with a flatten where needed. Weights are drawn from seed. */
Model *model_new(const SpecList *layers, const NetInput *input, int64_t outputs, uint64_t seed, Error *e);
/* As files of formats 1 to 3 have it: other names and orders of tensors, flatten in place; weights are zero until they are loaded. */
Model *model_new_old(const SpecList *layers, Shape input, int64_t outputs, Error *e);
/* What layers find in the training rows before the first step: edges of bins. x: rows * input. */
bool model_fit(Model *m, const float *x, size_t rows, Error *e);
void model_say_values(Model *m, bool is_values); /* its outputs are no classes; nets with members mix them otherwise */
void model_free(Model *m);                       /* accepts NULL */
Model *model_copy(const Model *m, Error *e);
const SpecList *model_layers(const Model *m); /* without the head */
Shape model_input(const Model *m);            /* of the whole row */
const NetInput *model_net_input(const Model *m);
int64_t model_outputs(const Model *m);
int64_t model_members(const Model *m); /* 1: it is one net */
int64_t model_params(const Model *m);  /* trained numbers */
int64_t model_macs(const Model *m);    /* multiply-adds a row */
int64_t model_bytes(const Model *m);   /* of all tensors */
size_t model_tensor_count(const Model *m);
ModelTensor model_tensor(const Model *m, size_t i);
size_t model_layer_count(const Model *m);                        /* lines: with input, layers of blocks and head */
char *model_settings_text(const Spec *spec, const void *params); /* as in ModelLayerInfo; the caller owns it */
ModelLayerInfo model_layer_info(const Model *m, size_t i);
bool model_has_windows(const Model *m); /* layers that see a part of the places */
void model_layer_info_done(ModelLayerInfo *info);
bool model_tensor_is_of(const Model *m, size_t tensor, const char *layer);             /* a layer's number or id, or "head" */
bool model_check_layer(const Model *m, const char *layer, const char *what, Error *e); /* there is such a one, and it has weights */
int64_t model_zeros(const Model *m, int64_t *weights); /* penalized weights that are exactly 0; *weights: of how many */
double model_norm(const Model *m);                     /* length of all penalized weights together */
bool model_is_finite(const Model *m);
void model_clear_denormals(Model *m); /* training counted them as zero; what leaves it has none */

/* How the rows of an epoch are cut into batches. What is left for the last one joins the batch before when it has fewer rows than
 * the net can learn from (batch_norm: two). A function of net, rows and batch: a position is a number of batches. */
typedef struct BatchPlan {
    int64_t rows, batch;
    int64_t steps; /* batches in an epoch */
    int64_t most;  /* rows of the largest of them */
} BatchPlan;
bool batch_plan_make(BatchPlan *plan, const Model *m, int64_t rows, int64_t batch, Error *e);
int64_t batch_plan_from(const BatchPlan *plan, int64_t step); /* the first row of a batch; step `steps`: the end */

/* Inference with our own kernel, a fixed order over k per output: a row's result never depends on its neighbors. logits: rows * outputs.
 * scratch may be NULL (allocated inside) or made once by model_scratch for latency. */
typedef struct ModelScratch ModelScratch;
ModelScratch *model_scratch(const Model *m, Error *e);
void model_scratch_free(ModelScratch *s);
bool model_infer(const Model *m, ModelScratch *scratch, const float *x, size_t rows, float *logits, Error *e);
void softmax_rows(float *logits, size_t rows, size_t classes, double temperature); /* in place */

/* Sets a number of all layers that a search knows by this name, from the next pass on; tried: only asks. Why not, for the caller; NULL: it
 * is set. */
char *model_set_like(Model *m, const char *name, double value, bool is_tried);

/* safetensors: tensors by name, __metadata__ values are texts. Hostile headers are refused before any allocation. */
bool weights_save(const char *path, const Model *m, const Value *metadata, bool is_ours, Error *e); /* is_ours: inside a run directory */
bool weights_read_metadata(const char *path, Value **metadata, Error *e);
bool weights_load(const char *path, Model *m, Error *e); /* names, shapes and types must agree */
void weights_hash(const Model *m, char hex[HASH_ROOM]);  /* sorted by name: name, dtype, shape, bytes */

/* The trainer. A minibatch is cut into at most 8 slices whose size depends on net and batch only; results do not depend on threads. */
typedef struct TrainerPlan {
    SpecUse optimizer, loss; /* borrowed; loss.spec NULL: cross_entropy when outputs are classes */
    int64_t batch;           /* rows of the largest batch */
    int threads;
    /* Penalties on dense and conv weights; not biases, not batch norm. decay: share of a weight, times the rate, taken away beside the
     * gradient. unit_norm: longest weights of a unit; 0: any. */
    double l1, l2, decay, unit_norm;
    double max_norm;           /* of the whole gradient; 0: off */
    double clip;               /* of each number of it; 0: off */
    int64_t accumulate;        /* batches whose mean gradient makes one update; 0: 1 */
    SpecUse average;           /* borrowed; spec NULL: none */
    const SpecList *per_layer; /* borrowed; NULL: no rules for single layers */
    uint64_t seed;             /* dropout */
    bool classes;              /* cross-entropy with labels; else values */
    int positive;              /* of two classes; -1: none */
} TrainerPlan;

typedef struct Batch {
    const float *x;          /* rows * input */
    const int32_t *labels;   /* classes */
    const float *values;     /* regression: rows * outputs */
    const float *weights;    /* per row; NULL: 1; the loss of a batch is sum(w l) / rows */
    const float *teacher;    /* teacher logits, rows * outputs; NULL unless the loss has a teacher input */
    const uint64_t *row_ids; /* keys of dropout */
    size_t rows;             /* at most the plan's batch */
    bool is_last;            /* of its epoch: gradients wait no longer */
} Batch;

enum { LOSS_HARD, LOSS_SOFT, LOSS_PARTS }; /* of a distillation: against the labels, against the teacher */

typedef struct Trainer Trainer;
Trainer *trainer_new(Model *m, const TrainerPlan *plan, Error *e); /* borrows m */
void trainer_free(Trainer *t);
/* One optimizer step; returns the mean loss of the batch (without penalties). *hits: rows whose largest output is the label. */
double trainer_step(Trainer *t, const Batch *batch, double learning_rate, int64_t epoch, size_t *hits);
/* Where the loss of a batch stopped being finite, in words: "the output of layer 2 (dense) is not finite"; for the caller. A step whose
 * loss is not finite changes no weight. */
char *trainer_find_bad(Trainer *t, const Batch *batch, int64_t epoch);
bool trainer_is_finite(const Trainer *t); /* weights, statistics and moments */
/* A loss that a module defines can fail: then the step has changed nothing, e says why, and no further one can be taken. */
bool trainer_failed(const Trainer *t, Error *e);
/* What the mean loss of the last step was a mixture of, before it was mixed; 0 for losses without a teacher. */
void trainer_loss_parts(const Trainer *t, double parts[LOSS_PARTS]);
bool trainer_set_loss(Trainer *t, const char *name, double value); /* a number of its loss, from the next step on; false: it has none */
const SpecUse *trainer_loss(const Trainer *t);                     /* that of the plan, or the usual one */
void *trainer_loss_state(const Trainer *t);     /* of a loss that has one, for passes over rows whose outputs are known */
double trainer_gradient_norm(const Trainer *t); /* of the last update */
/* The average of the weights: is_averaged puts it where the weights are, for evaluating and saving, and false puts those back. Does
 * nothing while there is none. */
bool trainer_has_average(const Trainer *t);
void trainer_use_average(Trainer *t, bool is_averaged);
bool trainer_needs_statistics(const Trainer *t); /* before averaged weights are evaluated */
/* Running statistics made anew: each batch of an epoch forward, with share 1, 1/2, 1/3 ... */
void trainer_statistics(Trainer *t, const Batch *batch, double share, int64_t epoch);
/* Forward in evaluation mode by training kernels, in fixed 256-row blocks in table order: recorded metrics. */
bool trainer_evaluate(Trainer *t, const float *x, size_t rows, float *logits, Error *e);
/* All that a resume needs beside plan and data: weights, optimizer state, running statistics, as named blobs inside the trainer. */
size_t trainer_blob_count(const Trainer *t);
void trainer_blob(const Trainer *t, size_t i, const char **name, void **bytes, size_t *size);
int64_t trainer_steps(const Trainer *t); /* taken so far; part of a checkpoint */
void trainer_set_steps(Trainer *t, int64_t steps);
void trainer_fingerprint(Value *map); /* BLAS kernel name, config, CPU path, program version: "blas", "cpu", "version" */

/* Schedules: the rate of a step. */
typedef struct ScheduleState { /* begins as {0} */
    double factor, best;       /* plateau */
    int64_t wait, cooldown;
} ScheduleState;
typedef struct SchedulePlace {
    int64_t step, total_steps, steps_per_epoch; /* step counts from 0; steps of the first epoch, where they differ */
    double epoch;                               /* epochs done: 2.5 in the middle of the third */
} SchedulePlace;
SchedulePlace schedule_place(int64_t step, int64_t total_steps, int64_t steps_per_epoch); /* epochs of one length */
double schedule_rate(const SpecUse *schedule, const ScheduleState *state, double base_rate, const SchedulePlace *place);
void schedule_epoch(const SpecUse *schedule, ScheduleState *state, double valid_loss); /* after each epoch */
/* The rates of `points` steps from the first to the last, as they are known before the run: a plateau's does not fall. */
typedef struct ScheduleSpan {
    int64_t epochs, steps_per_epoch;
    size_t points;
} ScheduleSpan;
int64_t schedule_curve_step(size_t point, size_t points, int64_t last);
void schedule_curve(const SpecUse *schedule, double base_rate, const ScheduleSpan *span, double *rates);
double optimizer_decay(const SpecUse *optimizer); /* its decay; 0: it has none */
double optimizer_rate(const SpecUse *optimizer);  /* its learning_rate */

/* Finite-difference checks of every layer and loss, for `limbeck check-gradients` and tests: worst relative error of each. */
typedef struct GradientCheck {
    const char *family, *name;
    double worst;
    bool passed;
} GradientCheck;
size_t gradient_check_all(GradientCheck *out, size_t room);

#endif
