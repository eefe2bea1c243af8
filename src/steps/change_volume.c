/* change_volume: training sounds are louder or quieter, otherwise in each epoch. */
#include "steps/sounds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "steps/sampling.h"

typedef struct ChangeVolume {
    TextList columns;
    double most;
} ChangeVolume;

static const Field params[] = {
    SOUNDS_COLUMNS(ChangeVolume),
    {REAL_FIELD(ChangeVolume, most), .doc = "louder or quieter by so much at most", .unit = "dB", .def = "6", .min = 0, .max = 60,
     .soft_min = 1, .soft_max = 12},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const ChangeVolume *p = params_used;
    Rng random = rng_begin(w->key);
    float factor = (float)pow(10, p->most * (2 * rng_uniform(&random) - 1) / 20);
    for (size_t i = 0; i < w->frames * w->channels; i++)
        w->x[i] *= factor;
    return true;
}

static bool change_volume_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ChangeVolume *p = in->params;
    return sounds_change(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{\"most\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"most\": 0, \"columns\": [\"sound\"]}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {
    "Only rows that are learned from are changed, anew in each epoch by seed, epoch and row; elsewhere sounds stay as they are.",
    "What goes beyond full scale is clipped, as a recorder would.", NULL};

const Step step_change_volume = {
    .spec = {.name = "change_volume",
             .doc = "training sounds are louder or quieter, anew each epoch",
             .group = "expand",
             .params = params,
             .params_size = sizeof(ChangeVolume),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_SAMPLES,
    .each_epoch = true,
    .apply = sampling_apply,
    .apply_train = change_volume_train,
};
