/* The plans as rows. Tuning, distilling and cross-validating train too, so their rows begin with those of train, at another
 * offset: options stay flat in a script. */
#include "learn/plans.h"

#include "learn/find_rate.h"
#include "steps/split.h"

static const char *const class_weights[] = {"none", "balanced", NULL};
const char *const baseline_choices[] = {"none", "auto", NULL};
static const char *const part_names[] = {"train", "valid", "test", NULL};
static const char *const stop_modes[] = {"auto", "min", "max", NULL};
static const char *const logit_sources[] = {"cached", "live", NULL};
const char *const keep_by_names[] = {"importance", "rfe", "variance", "mutual_information", "chi2", "f", "l1", "stability", "mrmr", NULL};
const char *const variant_names[] = {"none", "l1", "l2", "elastic", "dropout", "batch_norm", "all", NULL};

/* PATH is empty or `base.`: where the TrainPlan lies in T. NET names the row of the layers, NET_DEF is NULL when they are required. */
#define TRAIN_ROW(T, PATH, member, ctype, kind) \
    .name = #member, .type = kind, .offset = offsetof(T, PATH member) + FIELD_CHECK(ctype, T, PATH member)
/* clang-format off */
#define TRAIN_ROWS(T, PATH, NET, NET_DOC, NET_DEF)                                                                         \
    {.name = NET, .type = FIELD_SPECS, .offset = offsetof(T, PATH net) + FIELD_CHECK(SpecList, T, PATH net),               \
     .doc = NET_DOC, .family = "layer", .def = NET_DEF},                                                                   \
    {TRAIN_ROW(T, PATH, epochs, int64_t, FIELD_INT), .doc = "passes over the training rows", .def = "40", .min = 1,        \
     .max = 100000, .soft_min = 5, .soft_max = 200, .scale = SCALE_LOG},                                                   \
    {TRAIN_ROW(T, PATH, batch, int64_t, FIELD_INT), .doc = "rows in one step", .unit = "rows", .def = "256", .min = 1,     \
     .max = 1048576, .soft_min = 32, .soft_max = 512, .scale = SCALE_LOG, .search = "[32, 64, 128, 256, 512]"},            \
    {TRAIN_ROW(T, PATH, optimizer, SpecUse, FIELD_SPEC), .doc = "how gradients move the weights", .family = "optimizer",   \
     .def = "adam", .search = "[\"adam\", \"sgd\"]"},                                                                    \
    {TRAIN_ROW(T, PATH, schedule, SpecUse, FIELD_SPEC), .doc = "how the learning rate changes", .family = "schedule",      \
     .def = "constant"},                                                                                                   \
    {TRAIN_ROW(T, PATH, loss, SpecUse, FIELD_SPEC), .doc = "what is minimized; by the target when not given",              \
     .family = "loss", .def = ""},                                                                                         \
    {TRAIN_ROW(T, PATH, early_stop, SpecUse, FIELD_SPEC), .doc = "ends when a metric no longer gets better",               \
     .family = "stopping", .def = ""},                                                                                     \
    {TRAIN_ROW(T, PATH, l1, double, FIELD_REAL), .doc = "penalty on the size of weights", .def = "0", .min = 0, .max = 10, \
     .soft_min = 1e-6, .soft_max = 1e-2, .scale = SCALE_LOG},                                                              \
    {TRAIN_ROW(T, PATH, l2, double, FIELD_REAL), .doc = "penalty on the square of weights", .def = "0", .min = 0,          \
     .max = 10, .soft_min = 1e-6, .soft_max = 1e-2, .scale = SCALE_LOG},                                                   \
    {TRAIN_ROW(T, PATH, decay, double, FIELD_REAL), .doc = "share of a weight, times the rate, taken away each step",      \
     .def = "0", .min = 0, .max = 100, .soft_min = 1e-5, .soft_max = 0.1, .scale = SCALE_LOG, .is_sparse = true},          \
    {TRAIN_ROW(T, PATH, unit_norm, double, FIELD_REAL), .doc = "longest weights of a unit; 0: any", .def = "0",            \
     .min = 0, .max = 1e6, .soft_min = 0.5, .soft_max = 10, .scale = SCALE_LOG, .is_sparse = true},                        \
    {TRAIN_ROW(T, PATH, per_layer, SpecList, FIELD_SPECS), .doc = "other rates and penalties for single layers",           \
     .family = "layer_rule", .def = "", .is_sparse = true},                                                                \
    {TRAIN_ROW(T, PATH, max_norm, double, FIELD_REAL), .doc = "longest gradient; 0: any", .def = "0", .min = 0,            \
     .max = 1e6, .soft_min = 0.1, .soft_max = 10, .scale = SCALE_LOG},                                                     \
    {TRAIN_ROW(T, PATH, clip, double, FIELD_REAL), .doc = "largest number of a gradient; 0: any", .def = "0",              \
     .min = 0, .max = 1e6, .soft_min = 0.1, .soft_max = 10, .scale = SCALE_LOG, .is_sparse = true},                        \
    {TRAIN_ROW(T, PATH, accumulate, int64_t, FIELD_INT), .doc = "batches whose mean gradient makes one update",            \
     .unit = "batches", .def = "1", .min = 1, .max = 100000, .soft_min = 1, .soft_max = 16, .is_sparse = true},            \
    {TRAIN_ROW(T, PATH, batch_epochs, NumberList, FIELD_NUMBERS), .doc = "epochs from which batches have other rows",      \
     .def = "", .min = 1, .max = 100000, .is_sparse = true},                                                               \
    {TRAIN_ROW(T, PATH, batch_rows, NumberList, FIELD_NUMBERS), .doc = "rows in one step from each of those epochs on",    \
     .def = "", .min = 1, .max = 1048576, .length_of = "batch_epochs", .is_sparse = true},                                 \
    {TRAIN_ROW(T, PATH, average, SpecUse, FIELD_SPEC), .doc = "weights averaged over time are evaluated and kept",         \
     .family = "averaging", .def = "", .is_sparse = true},                                                                 \
    {TRAIN_ROW(T, PATH, start, char *, FIELD_TEXT), .doc = "model file whose weights it begins with", .def = "",           \
     .is_sparse = true},                                                                                                   \
    {TRAIN_ROW(T, PATH, start_layers, TextList, FIELD_TEXTS),                                                              \
     .doc = "layers of start, by number or id; empty: all, and the head", .def = "", .unique = true,                       \
     .is_sparse = true},                                                                                                   \
    {TRAIN_ROW(T, PATH, class_weight, int, FIELD_CHOICE), .doc = "balanced: rare classes weigh more in the loss",          \
     .def = "none", .choices = class_weights},                                                                             \
    {TRAIN_ROW(T, PATH, class_weights, Value *, FIELD_VALUE), .doc = "weights of classes in the loss: { Yes = 3 }",        \
     .def = "", .when = "class_weight=none"},                                                                              \
    {TRAIN_ROW(T, PATH, hold_range, bool, FIELD_FLAG),                                                                     \
     .doc = "numbers: no prediction outside the range of the training targets", .def = "false", .is_sparse = true},        \
    {TRAIN_ROW(T, PATH, seed, int64_t, FIELD_INT), .doc = "of weights, order and dropout; -1: the pipeline's",             \
     .def = "-1", .min = -1, .max = 9007199254740992.0},                                                                   \
    {TRAIN_ROW(T, PATH, checkpoint_every, int64_t, FIELD_INT), .doc = "steps between checkpoints; 0: at epochs' ends",     \
     .unit = "steps", .def = "0", .min = 0, .max = 1e9},                                                                   \
    {TRAIN_ROW(T, PATH, histograms, int64_t, FIELD_INT), .doc = "epochs between looks into the layers; 0: none",           \
     .unit = "epochs", .def = "5", .min = 0, .max = 100000, .soft_min = 1, .soft_max = 50, .is_sparse = true},             \
    {TRAIN_ROW(T, PATH, on_epoch, FunctionUse, FIELD_FUNCTION), .doc = "called after each epoch; \"stop\" ends it",        \
     .def = ""},                                                                                                           \
    {TRAIN_ROW(T, PATH, name, char *, FIELD_TEXT), .doc = "of the run directory", .def = ""}
/* clang-format on */

static const Field train_fields[] = {
    TRAIN_ROWS(TrainPlan, , "net", "layers without the head", NULL),
    {INT_FIELD(TrainPlan, seeds), .doc = "trainings that differ in the seed alone; their mean is told", .def = "1", .min = 1, .max = 100,
     .soft_min = 3, .soft_max = 10, .is_sparse = true},
    {VALUE_FIELD(TrainPlan, threshold), .doc = "of the positive class: 0.3, or { costs = { Yes = { No = 5 } } }", .def = "",
     .is_sparse = true},
    {CHOICE_FIELD(TrainPlan, baselines), .doc = "auto: simple models beside the net, on the same rows", .def = "none",
     .choices = baseline_choices, .is_sparse = true},
    {INT_FIELD(TrainPlan, jobs), .doc = "of several seeds: worker processes; 0: all cores", .def = "2", .min = 0, .max = 64, .soft_min = 1,
     .soft_max = 8, .is_sparse = true},
    {0},
};

static const char *const train_notes[] = {
    "l1 moves each weight towards 0 after its step, by l1 times what a gradient of 1 would have moved it, and not across 0: weights become "
    "exactly 0, and the result counts them as zeros. l2 times the weight is added to the gradient; with both the penalty is elastic. decay "
    "takes a share of each weight away beside the gradient, in addition to the optimizer's own. unit_norm scales the weights into a unit "
    "back when they are longer. Biases and norms have no penalty.",
    "clip limits each number of a gradient, max_norm the length of all of it together. Gradients of accumulate batches are averaged, at "
    "the end of an epoch those that are left.",
    "per_layer = { lb.for_layer { \"0\", rate_factor = 0, from_epoch = 5 }, lb.for_layer { \"head\", l1 = 0 } }: other rates and penalties "
    "for single layers, which are named as their tensors are.",
    "average: what validation, early stopping and the model file see are the averaged weights; the others go on learning.",
    "hold_range: of a target of numbers each prediction that lies beyond the smallest or the largest value of the training rows is that "
    "value, in figures and predictions alike.",
    "What is not given is taken from a layer that is a whole net, as lb.tabular is: its help says what that is.",
    "start takes tensors of equal names from a model file. Where shapes differ it is refused, with both; start_layers then names the "
    "layers "
    "to take. The rows that the file's model learned from count as seen by the new one.",
    "seeds = n trains n times with the seeds that follow each other: figures are their means, with their sd and the 95 % interval of the "
    "mean over new seeds; eval and compare go on so. The first of them is saved and predicts.",
    "threshold = { costs = { Yes = { No = 5 } } } chooses, when the net is trained, the threshold that costs least on the validation rows, "
    "where a Yes that is called No costs 5; what is not named costs 1, and a right decision nothing. by = \"f1\" takes the best F1, by = "
    "\"balanced\" the widest gap between the shares of both classes that are called. Of more than two classes each row then gets the "
    "class "
    "of the least expected cost. A number is the threshold itself. It goes with the model; the figures of valid are those at it.",
    "baselines = \"auto\" judges simple models beside the net on the validation part (eval: on the judged rows), learned from the same "
    "training rows, classes weighed as for the net: the commonest class or the mean; in time the best column taken as the forecast; a net "
    "without hidden layers, trained "
    "until it gets no better; and, where XGBoost's library is installed, its usual boosted trees. Where one is better than the net the "
    "summary says so, with the interval of the difference.",
    NULL};

const Spec train_spec = {
    .name = "train",
    .doc = "trains a net on the training part, watched on the validation part",
    .group = "learning",
    .notes = train_notes,
    .params = train_fields,
    .params_size = sizeof(TrainPlan),
};

static const Field tune_fields[] = {
    TRAIN_ROWS(TunePlan, base., "net", "layers without the head; widths are searched", ""),
    {VALUE_FIELD(TunePlan, space), .doc = "what is searched; all that is known when absent", .def = ""},
    {SPEC_FIELD(TunePlan, sampler), .doc = "how settings are drawn", .def = "random", .family = "sampler"},
    {INT_FIELD(TunePlan, trials), .doc = "different trainings; of a grid all of its points", .def = "12", .min = 1, .max = 100000,
     .soft_min = 6, .soft_max = 100, .scale = SCALE_LOG},
    {INT_FIELD(TunePlan, jobs), .doc = "worker processes; 0: all cores", .def = "2", .min = 0, .max = 64, .soft_min = 1, .soft_max = 8},
    {TEXT_FIELD(TunePlan, metric), .doc = "what makes a trial the best", .def = "valid.auc"},
    {INT_FIELD(TunePlan, seeds), .doc = "trainings of each trial that differ in the seed; their mean decides", .def = "1", .min = 1,
     .max = 100, .soft_min = 1, .soft_max = 5, .is_sparse = true},
    {FUNCTION_FIELD(TunePlan, net_function), .doc = "makes the layers from the settings", .def = ""},
    {0},
};

static const char *const tune_notes[] = {
    "No two trials are the same: of a space with fewer settings than trials each is trained once, and the study says that it is exhausted. "
    "A "
    "grid is tried whole, or refused when trials would cut it.",
    "A trial whose net cannot be made, or that diverges, is a failed trial; the others go on and the best of them is named. A name in the "
    "space "
    "that nothing reads is refused with the nearest one. Whole numbers are drawn evenly, both ends included; on a log scale each number "
    "has the "
    "share of its half steps down and up.",
    "net.depth, net.width and net.kernel in a space change the net as a whole: how many stages of one kind it has (a stage is a layer with "
    "a width and what follows it; the last one is repeated, or the last ones go), the width of its first layer, with the others in "
    "proportion, and the kernels of all its layers. space = { [\"net.depth\"] = { 2, 4 }, [\"net.width\"] = { 16, 32 } }, sampler = "
    "\"grid\" "
    "is a sweep.",
    "seeds = n trains each trial n times; its figures are means, sd says how they vary, and the model that is kept is of the first seed.",
    "Without a space a study searches what the rows of the optimizer, the plan and the layers name for that, as far as the net reads it.",
    NULL};

const Spec tune_spec = {
    .name = "tune",
    .doc = "trains many nets with other settings and names the best",
    .group = "learning",
    .params = tune_fields,
    .params_size = sizeof(TunePlan),
    .notes = tune_notes,
};

/* A difference below it does not matter to the user; where a metric has no top it is a share of the figure. */
#define MARGIN_ROW(T) \
    { \
        REAL_FIELD(T, margin), .doc = "a metric's difference that still counts as as good", .def = "0.01", .min = 0, .max = 1, \
                               .soft_min = 0.001, .soft_max = 0.05, .scale = SCALE_LOG \
    }

static const Field distill_fields[] = {
    TRAIN_ROWS(DistillPlan, base., "student", "layers of the student, without the head", NULL),
    {REAL_FIELD(DistillPlan, temperature), .doc = "softens the teacher's probabilities", .def = "4", .min = 0.1, .max = 100, .soft_min = 1,
     .soft_max = 8, .scale = SCALE_LOG},
    {REAL_FIELD(DistillPlan, alpha), .doc = "weight of the teacher against the labels", .def = "0.7", .min = 0, .max = 1, .soft_min = 0.1,
     .soft_max = 0.9},
    {INT_FIELD(DistillPlan, seeds), .doc = "students, each with one trained alone", .def = "5", .min = 1, .max = 100, .soft_min = 3,
     .soft_max = 10},
    {INT_FIELD(DistillPlan, jobs), .doc = "worker processes; 0: all cores", .def = "2", .min = 0, .max = 64, .soft_min = 1, .soft_max = 8},
    {CHOICE_FIELD(DistillPlan, logits), .doc = "teacher's outputs: kept, or computed again", .def = "cached", .choices = logit_sources},
    MARGIN_ROW(DistillPlan),
    {0},
};

const Spec distill_spec = {
    .name = "distill",
    .doc = "teaches a small net by a large one, with the small one alone beside",
    .group = "learning",
    .params = distill_fields,
    .params_size = sizeof(DistillPlan),
};

static const Field compare_fields[] = {
    {CHOICE_FIELD(ComparePlan, on), .doc = "the part whose rows judge", .def = "test", .choices = part_names},
    MARGIN_ROW(ComparePlan),
    {TEXT_FIELD(ComparePlan, against), .doc = "of models by name: what the others are measured by; the best", .def = ""},
    {0},
};

static const char *const compare_notes[] = {
    "models = { mlp = m, linear = l, ... } compares any number of models, each of one seed or several, on the rows that all of them know "
    "and none was trained on; on may be a table too. Otherwise student is a model, and teacher and alone stand beside it.",
    NULL};

const Spec compare_spec = {
    .name = "compare",
    .doc = "teacher, students and students alone on the same rows, with intervals",
    .group = "learning",
    .notes = compare_notes,
    .params = compare_fields,
    .params_size = sizeof(ComparePlan),
};

/* clang-format off */
#define FOLD_ROWS(T, PATH)                                                                                                 \
    {TRAIN_ROW(T, PATH, folds, int64_t, FIELD_INT), .doc = "parts, each held out once", .def = "5", .min = 2, .max = 100,  \
     .soft_min = 3, .soft_max = 10},                                                                                       \
    {TRAIN_ROW(T, PATH, jobs, int64_t, FIELD_INT), .doc = "worker processes; 0: all cores", .def = "2", .min = 0,          \
     .max = 64, .soft_min = 1, .soft_max = 8},                                                                             \
    {TRAIN_ROW(T, PATH, importance, bool, FIELD_FLAG), .doc = "what is lost when a feature is shuffled in held-out rows",  \
     .def = "false"},                                                                                                      \
    {TRAIN_ROW(T, PATH, keep, int64_t, FIELD_INT), .doc = "features kept, the best in an inner part of each fold; 0: all", \
     .def = "0", .min = 0, .max = 1000000, .soft_max = 50},                                                                \
    {TRAIN_ROW(T, PATH, keep_by, int, FIELD_CHOICE), .doc = "what ranks them: trained nets, or a measure of the step select", \
     .def = "importance", .choices = keep_by_names}
/* clang-format on */

static const Field cross_fields[] = {
    TRAIN_ROWS(CrossPlan, base., "net", "layers without the head", NULL),
    FOLD_ROWS(CrossPlan, ),
    {0},
};

static const char *const cross_notes[] = {
    "Folds use the rows of the training and validation parts; the test part stays out. They go by the unit of the pipeline: rows of a "
    "group or "
    "key are held out together, stratified by the class of most of their rows.",
    "After split { by = \"time\" } folds go forward: each learns from the past only, with the gap of the split, and is judged on the block "
    "that "
    "follows. The first block is never judged.",
    "importance: each feature's cells are shuffled three times among the held-out rows of a fold; what the metric loses on average is what "
    "the feature is worth to the net, with an interval over folds. Of features that say the same each seems worth little.",
    "Early stopping watches one in eight of the rows that a fold learns from, by whole units; in time the latest of them.", NULL};

const Spec cross_validate_spec = {
    .name = "cross_validate",
    .doc = "trains once per fold, all learned steps fitted anew, and averages",
    .group = "learning",
    .params = cross_fields,
    .params_size = sizeof(CrossPlan),
    .notes = cross_notes,
};

static const Field price_fields[] = {
    TRAIN_ROWS(PricePlan, cross.base., "net", "layers without the head; small and quick when not given", "dense width=16, relu"),
    FOLD_ROWS(PricePlan, cross.),
    {REAL_FIELD(PricePlan, margin), .doc = "a step that moves the metric by less does nothing", .def = "0.01", .min = 0, .max = 1,
     .soft_min = 0.001, .soft_max = 0.05, .scale = SCALE_LOG},
    {0},
};

static const char *const price_notes[] = {
    "Every step that is on is switched off alone, and the rest is cross-validated on the same folds with the same seeds, net and plan. Its "
    "worth is how much better the metric that decides comparisons is with it than without it.",
    "The 95 % interval is Student's t over the differences by fold, widened because folds learn from rows in common (Nadeau and Bengio "
    "2003). Within the margin on both sides the step does nothing; above 0 it helps, below 0 it harms; otherwise the folds cannot tell, "
    "and "
    "more of them, more epochs or more rows may. Where a metric has no top the margin is a share of the figure.",
    "A step is needed where the rest does not work without it. Steps that share a signal may each do nothing and do something "
    "together: where two or more do nothing or harm, the last line prices all of them as one. A step that changes the target has no price, "
    "since its figures are in another unit.",
    NULL};

const Spec price_spec = {
    .name = "price",
    .doc = "what each step is worth: cross-validated with and without it",
    .group = "learning",
    .params = price_fields,
    .params_size = sizeof(PricePlan),
    .notes = price_notes,
};

static const Field select_fields[] = {
    TRAIN_ROWS(SelectPlan, cross.base., "net", "layers without the head; small and quick when not given", "dense width=16, relu"),
    FOLD_ROWS(SelectPlan, cross.),
    {REAL_FIELD(SelectPlan, margin), .doc = "so much worse than with all features still counts as as good", .def = "0.01", .min = 0,
     .max = 1, .soft_min = 0.001, .soft_max = 0.05, .scale = SCALE_LOG},
    {0},
};

static const char *const select_notes[] = {
    "keep = 0 draws the curve: cross-validated with the best 1, 2, 4 ... features and with all of them, and takes the fewest whose 95 % "
    "interval against all (as price has it) stays within the margin. Features are ranked anew in each fold, on rows that it learns from: "
    "held-out rows have no say in the choice.",
    "importance: a net ranks them by what a shuffle of each costs it on an inner part of those rows, and another is trained on the best. "
    "rfe: recursive elimination (Guyon 2002): the quarter that costs least goes, a new net is trained and ranks those that are left, until "
    "so many are left; of features that say the same one is found. The other ways need no net: they are the measures of the step select, "
    "at the end of the pipeline.",
    "Which features stay is then decided in the same way by the training part, and for the nets on the validation part. The result's "
    "pipeline has at its end a drop of the others, or the step select, which chooses anew from the rows that it is fitted on. The test "
    "part is not looked at.",
    NULL};

const Spec select_features_spec = {
    .name = "select_features",
    .doc = "how few features are as good as all, and which they are",
    .group = "learning",
    .params = select_fields,
    .params_size = sizeof(SelectPlan),
    .notes = select_notes,
};

static const Field regularize_fields[] = {
    TRAIN_ROWS(RegularizePlan, base., "net", "layers without the head; those that regularize are left out", NULL),
    {TEXTS_FIELD(RegularizePlan, variants), .doc = "which are tried beside none; empty: all", .def = "", .choices = variant_names,
     .unique = true},
    {REAL_FIELD(RegularizePlan, l1_strength), .doc = "l1 of the variant l1", .def = "0.001", .min = 0, .max = 10, .soft_min = 1e-5,
     .soft_max = 1e-2, .scale = SCALE_LOG},
    {REAL_FIELD(RegularizePlan, l2_strength), .doc = "l2 of the variant l2", .def = "0.01", .min = 0, .max = 10, .soft_min = 1e-5,
     .soft_max = 1e-1, .scale = SCALE_LOG},
    {REAL_FIELD(RegularizePlan, elastic_l1), .doc = "l1 of the variants elastic and all", .def = "0.0005", .min = 0, .max = 10,
     .soft_min = 1e-5, .soft_max = 1e-2, .scale = SCALE_LOG},
    {REAL_FIELD(RegularizePlan, elastic_l2), .doc = "l2 of the variants elastic and all", .def = "0.005", .min = 0, .max = 10,
     .soft_min = 1e-5, .soft_max = 1e-1, .scale = SCALE_LOG},
    {REAL_FIELD(RegularizePlan, dropout_rate), .doc = "share dropped behind each hidden layer, of dropout and all", .def = "0.3", .min = 0,
     .max = 0.95, .soft_min = 0.05, .soft_max = 0.6},
    {NUMBERS_FIELD(RegularizePlan, noise), .doc = "noise added to the inputs, in sd of each input", .def = "0.25, 0.5, 1, 2", .min = 1e-6,
     .max = 1000},
    {INT_FIELD(RegularizePlan, draws), .doc = "of the noise for each row", .def = "5", .min = 1, .max = 1000, .soft_min = 1,
     .soft_max = 20},
    {INT_FIELD(RegularizePlan, seeds), .doc = "trainings of each variant", .def = "5", .min = 1, .max = 100, .soft_min = 3, .soft_max = 10},
    {INT_FIELD(RegularizePlan, jobs), .doc = "worker processes; 0: all cores", .def = "2", .min = 0, .max = 64, .soft_min = 1,
     .soft_max = 8},
    MARGIN_ROW(RegularizePlan),
    {0},
};

static const char *const regularize_notes[] = {
    "Every variant trains the same net with the same seeds, split and epochs. none is the net without layers that regularize (dropout, "
    "noise, norms) and with l1, l2, decay and unit_norm 0, the optimizer's decay too; l1, l2 and elastic add a penalty to it, dropout a "
    "layer behind each hidden one, batch_norm one before each activation behind a dense or conv layer, and all everything.",
    "The validation part judges: as it is, and with normal noise added to every input, draws times for each row, the same for every net. "
    "Its size is in standard deviations of that input over the training rows, so steps may scale it or not; codes that an embedding reads "
    "stay as they are. The test part is not looked at.",
    "Differences to none are paired by row and seed, with a 95 % interval over both (as compare has it). The verdict names the variants "
    "whose interval lies above 0, on clean rows and on those with the noise nearest to 1 sd. norm is the length of the penalized weights, "
    "zeros how many of them are exactly 0.",
    NULL};

const Spec regularize_spec = {
    .name = "regularize",
    .doc = "ways to regularize beside none: clean, and against noise in the inputs",
    .group = "learning",
    .params = regularize_fields,
    .params_size = sizeof(RegularizePlan),
    .notes = regularize_notes,
};

static const Field find_fields[] = {
    TRAIN_ROWS(FindRatePlan, base., "net", "layers without the head", NULL),
    {REAL_FIELD(FindRatePlan, from), .doc = "rate of the first step", .def = "1e-6", .min = 1e-12, .max = 10, .soft_min = 1e-7,
     .soft_max = 1e-4, .scale = SCALE_LOG},
    {REAL_FIELD(FindRatePlan, to), .doc = "rate of the last step", .def = "1", .min = 1e-12, .max = 1000, .soft_min = 0.1, .soft_max = 10,
     .scale = SCALE_LOG},
    {INT_FIELD(FindRatePlan, steps), .doc = "steps, each with a higher rate", .unit = "steps", .def = "100", .min = 3, .max = 5000,
     .soft_min = 50, .soft_max = 500},
    {REAL_FIELD(FindRatePlan, smoothing), .doc = "share of the past in the smoothed loss", .def = "0.9", .min = 0, .max = 0.999,
     .soft_min = 0.8, .soft_max = 0.98},
    {REAL_FIELD(FindRatePlan, limit), .doc = "ends when the loss is so many times its lowest", .def = "4", .min = 1, .max = 1e6,
     .soft_min = 2, .soft_max = 10},
    {0},
};

static const char *const find_notes[] = {
    "Each step has a rate a little above the one before, on the batches of the training part. suggested lies half way down the longest "
    "fall of the smoothed loss; the rate where the loss was lowest is already too high to train with. The sweep has weights of its own, "
    "and a training that follows is the same with it and without it.",
    NULL};

const Spec find_rate_spec = {
    .name = "find_rate",
    .doc = "raises the learning rate from step to step, and suggests one",
    .group = "learning",
    .params = find_fields,
    .params_size = sizeof(FindRatePlan),
    .notes = find_notes,
};

static const Field stop_fields[] = {
    {TEXT_FIELD(EarlyStop, metric), .doc = "what is watched: valid.loss, valid.auc ...", .def = "valid.loss"},
    {INT_FIELD(EarlyStop, patience), .doc = "epochs without a better value", .unit = "epochs", .def = "10", .min = 1, .max = 100000,
     .soft_min = 3, .soft_max = 30},
    {REAL_FIELD(EarlyStop, min_delta), .doc = "a smaller change is none", .def = "0", .min = 0, .max = 1e6, .soft_min = 1e-5,
     .soft_max = 1e-2, .scale = SCALE_LOG},
    {CHOICE_FIELD(EarlyStop, mode), .doc = "which way is better; auto: as the metric says", .def = "auto", .choices = stop_modes,
     .is_sparse = true},
    {INT_FIELD(EarlyStop, warm_up), .doc = "first epochs that are not watched", .unit = "epochs", .def = "0", .min = 0, .max = 100000,
     .soft_min = 0, .soft_max = 20, .is_sparse = true},
    {FLAG_FIELD(EarlyStop, restore_best), .doc = "ends with the weights of the best epoch", .def = "true"},
    {0},
};

static const char *const stop_notes[] = {
    "restore_best holds for every way to end early: patience, a stop request, on_epoch returning \"stop\". Without early_stop a training "
    "that is stopped keeps the weights of its best epoch, and one that ran all its epochs those of the last.",
    "A metric that the watched part cannot have (auc where one class occurs) is replaced by valid.loss, with an alarm.",
    NULL,
};

static const Spec early_stop_spec = {
    .name = "early_stop",
    .doc = "ends training when a metric no longer gets better",
    .group = "learning",
    .notes = stop_notes,
    .params = stop_fields,
    .params_size = sizeof(EarlyStop),
};

static const Spec *const plans[] = {&split_spec, &train_spec,           &tune_spec,       &distill_spec,  &cross_validate_spec,
                                    &price_spec, &select_features_spec, &regularize_spec, &find_rate_spec};
static const Spec *const stoppings[] = {&early_stop_spec};
static const Family plan = {"plan", "Plans", "what a pipeline can be asked to do", plans, sizeof plans / sizeof *plans};
static const Family stopping = {"stopping", "Stopping", "when training ends before its last epoch", stoppings, 1};

const Family *plan_family(void)
{
    return &plan;
}

const Family *stopping_family(void)
{
    return &stopping;
}
