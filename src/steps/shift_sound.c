/* shift_sound: training sounds begin a little earlier or later, otherwise in each epoch. */
#include "steps/sounds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "steps/sampling.h"

typedef struct ShiftSound {
    TextList columns;
    double most;
} ShiftSound;

static const Field params[] = {
    SOUNDS_COLUMNS(ShiftSound),
    {REAL_FIELD(ShiftSound, most), .doc = "earlier or later by so much at most", .unit = "ms", .def = "100", .min = 0, .max = 60000,
     .soft_min = 10, .soft_max = 200},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const ShiftSound *p = params_used;
    Rng random = rng_begin(w->key);
    double frames = p->most * w->rate / 1000 * (2 * rng_uniform(&random) - 1);
    size_t by = (size_t)fmin(fabs(floor(frames + 0.5)), (double)w->frames), kept = (w->frames - by) * w->channels, moved = by * w->channels;
    if (frames > 0) {
        memmove(w->x + moved, w->x, kept * sizeof *w->x);
        memset(w->x, 0, moved * sizeof *w->x);
    } else {
        memmove(w->x, w->x + moved, kept * sizeof *w->x);
        memset(w->x + kept, 0, moved * sizeof *w->x);
    }
    return true;
}

static bool shift_sound_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ShiftSound *p = in->params;
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
    "What is pushed out at one end is lost, silence comes in at the other: stand behind pad_or_cut.", NULL};

const Step step_shift_sound = {
    .spec = {.name = "shift_sound",
             .doc = "training sounds begin earlier or later, anew each epoch",
             .group = "expand",
             .params = params,
             .params_size = sizeof(ShiftSound),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_SAMPLES,
    .each_epoch = true,
    .apply = sampling_apply,
    .apply_train = shift_sound_train,
};
