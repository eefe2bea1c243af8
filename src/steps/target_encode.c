/* target_encode: the mean of the target among the training rows of a level, in its place. */
#include "steps/target_levels.h"

static const Field params[] = {
    {COLUMNS_FIELD(TargetLevels, columns), .doc = "columns to encode", .def = "text", .positional = true},
    {REAL_FIELD(TargetLevels, smoothing), .doc = "weight of the overall mean, in rows", .def = "10", .max = 1e9, .soft_min = 1,
     .soft_max = 100, .scale = SCALE_LOG},
    {INT_FIELD(TargetLevels, folds), .doc = "folds by which training rows are encoded", .def = "5", .min = 2, .max = 100, .soft_min = 3,
     .soft_max = 10},
    {CHOICE_FIELD(TargetLevels, missing), .doc = "missing cells: a level as others are, or as they are", .def = "level",
     .choices = target_levels_missing},
    {0},
};

/* D. Micci-Barreca: A preprocessing scheme for high-cardinality categorical attributes, SIGKDD Explorations 3, 2001. */
static double smoothed_mean(TargetSum level, TargetSum all, double smoothing)
{
    double overall = all.rows > 0 ? all.sum / all.rows : 0;
    return level.rows > 0 ? (level.sum + smoothing * overall) / (level.rows + smoothing) : overall;
}

static bool target_encode_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    return target_levels_fit(job, in, smoothed_mean, state, e);
}

static bool target_encode_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return target_levels_apply(job, in, state, out, e);
}

static bool target_encode_apply_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    return target_levels_apply_train(job, in, smoothed_mean, state, out, e);
}

static const Example examples[] = {
    {"{\"smoothing\": 0, \"folds\": 2}", "x,plan,y\n1,a,yes\n2,b,no\n3,a,yes\n4,b,no\n", "x,plan,y\n1,1,yes\n2,0,no\n3,1,yes\n4,0,no\n"},
    {"{\"columns\": [\"plan\"], \"missing\": \"keep\", \"smoothing\": 0, \"folds\": 2}", "plan,y\na,u\nb,v\n,w\na,u\nb,v\n,w\n",
     "y,plan_v,plan_w\nu,0,0\nv,1,0\nw,,\nu,0,0\nv,1,0\nw,,\n"},
    {"{\"columns\": [\"y\"]}", "plan,y\na,1\nb,2\n", "error: y is the target; no feature is made of it"},
};

static const char *const notes[] = {
    "(sum + smoothing * overall mean) / (rows + smoothing) of the level. Of two classes it is the share of the positive one; more classes "
    "give a column NAME_CLASS for each but the first. A level that training did not show gets the overall mean.",
    "A training row is encoded by the other folds, so that its own answer is not among its features: nothing can be learned from a column "
    "that says nothing. Rows of one key or group are in one fold.",
    NULL};

const Step step_target_encode = {
    .spec = {.name = "target_encode",
             .doc = "the mean target of a level in its place, cross-fitted",
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
    .fit = target_encode_fit,
    .apply = target_encode_apply,
    .apply_train = target_encode_apply_train,
    .describe = target_levels_describe,
};
