/* change_speed: training sounds are faster or slower, and higher or lower with it, otherwise in each epoch. */
#include "steps/sounds.h"

#include "steps/sampling.h"

typedef struct ChangeSpeed {
    TextList columns;
    double most;
} ChangeSpeed;

static const Field params[] = {
    SOUNDS_COLUMNS(ChangeSpeed),
    {REAL_FIELD(ChangeSpeed, most), .doc = "faster or slower by this share at most", .def = "0.1", .min = 0, .max = 0.9, .soft_min = 0.02,
     .soft_max = 0.25},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const ChangeSpeed *p = params_used;
    Rng random = rng_begin(w->key);
    double step = 1 + p->most * (2 * rng_uniform(&random) - 1);
    return sounds_resample(w, step);
}

static bool change_speed_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ChangeSpeed *p = in->params;
    return sounds_resampled(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{\"most\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"most\": 0, \"columns\": [\"sound\"]}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {
    "Only rows that are learned from are changed, anew in each epoch by seed, epoch and row; elsewhere sounds stay as they are.",
    "As of a tape: pitch and length change together. pad_or_cut stands behind it.", NULL};

const Step step_change_speed = {
    .spec = {.name = "change_speed",
             .doc = "training sounds are faster or slower, anew each epoch",
             .group = "expand",
             .params = params,
             .params_size = sizeof(ChangeSpeed),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_SAMPLES,
    .each_epoch = true,
    .apply = sampling_apply,
    .apply_train = change_speed_train,
};
