/* woe: weight of evidence, the log of how much more often a level comes with the positive class than with the other. */
#include <math.h>

#include "steps/target_levels.h"

static const Field params[] = {
    {COLUMNS_FIELD(TargetLevels, columns), .doc = "columns to encode", .def = "text", .positional = true},
    {REAL_FIELD(TargetLevels, smoothing), .doc = "rows added to each class of a level", .def = "1", .min = 1e-6, .max = 1e9,
     .soft_min = 0.1, .soft_max = 10, .scale = SCALE_LOG},
    {INT_FIELD(TargetLevels, folds), .doc = "folds by which training rows are encoded", .def = "5", .min = 2, .max = 100, .soft_min = 3,
     .soft_max = 10},
    {CHOICE_FIELD(TargetLevels, missing), .doc = "missing cells: a level as others are, or as they are", .def = "level",
     .choices = target_levels_missing},
    {0},
};

static double weight(TargetSum level, TargetSum all, double smoothing)
{
    if (level.rows == 0)
        return 0;
    double positive = (level.sum + smoothing) / (all.sum + 2 * smoothing);
    double negative = (level.rows - level.sum + smoothing) / (all.rows - all.sum + 2 * smoothing);
    return log(positive / negative);
}

static bool woe_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    StepTarget target;
    bool ok = step_target_read(in, &target, e);
    if (ok && target.classes.count != 2)
        ok = error_set(e, ERROR_USAGE, "woe needs a target of two classes, and %s %s; use target_encode", target.name,
                       target.labels ? "has more" : "is a number");
    step_target_done(&target);
    return ok && target_levels_fit(job, in, weight, state, e);
}

static bool woe_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return target_levels_apply(job, in, state, out, e);
}

static bool woe_apply_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return target_levels_apply_train(job, in, weight, state, out, e);
}

static const Example examples[] = {
    {"{\"folds\": 2}", "x,plan,y\n1,a,no\n2,b,yes\n3,c,no\n4,d,yes\n", "x,plan,y\n1,0,no\n2,0,yes\n3,0,no\n4,0,yes\n"},
    {"{\"missing\": \"keep\"}", "plan,y\n,no\n,yes\n,yes\n,no\n", "plan,y\n,no\n,yes\n,yes\n,no\n"},
    {"{}", "plan,y\na,1.5\nb,2.5\na,3.5\n", "error: woe needs a target of two classes, and y is a number; use target_encode"},
};

static const char *const notes[] = {
    "log((p + s) / (P + 2 s)) - log((n + s) / (N + 2 s)), with p positive and n negative rows of the level, P and N of all, and s the "
    "smoothing. A level that training did not show gets 0: no evidence.",
    "A training row is encoded by the other folds, so that its own answer is not among its features. Rows of one key or group are in one "
    "fold.",
    NULL};

const Step step_woe = {
    .spec = {.name = "woe",
             .doc = "weight of evidence of a level for the positive class, cross-fitted",
             .group = "encode",
             .params = params,
             .params_size = sizeof(TargetLevels),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .examples_target = "y",
             .notes = notes},
    .learns = level_map_fields,
    .state_size = sizeof(LevelMap),
    .effect = STEP_MAP,
    .uses_target = true,
    .fit = woe_fit,
    .apply = woe_apply,
    .apply_train = woe_apply_train,
    .describe = target_levels_describe,
};
