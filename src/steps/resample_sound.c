/* resample_sound: sounds of any rate to one rate. */
#include "steps/sounds.h"

typedef struct ResampleSound {
    TextList columns;
    int64_t rate;
} ResampleSound;

static const Field params[] = {
    SOUNDS_COLUMNS(ResampleSound),
    {INT_FIELD(ResampleSound, rate), .doc = "samples a second", .unit = "Hz", .def = "16000", .min = 1000, .max = 384000, .soft_min = 8000,
     .soft_max = 48000, .scale = SCALE_LOG},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const ResampleSound *p = params_used;
    double step = (double)w->rate / (double)p->rate;
    w->is_same = w->rate == (uint32_t)p->rate;
    if (w->is_same)
        return true;
    if (!sounds_resample(w, step))
        return false;
    w->rate = (uint32_t)p->rate;
    return true;
}

static bool resample_sound_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ResampleSound *p = in->params;
    return sounds_resampled(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{\"rate\": 2000}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 2000 Hz,a\n"},
    {"{\"rate\": 1000}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {
    "A windowed sinc of 16 crossings to each side (Kaiser, beta 9), cut off at 94 % of the lower of both Nyquist frequencies. Sounds that "
    "have the rate stay to the bit.",
    NULL};

const Step step_resample_sound = {
    .spec = {.name = "resample_sound",
             .doc = "sounds of any rate become sounds of one rate",
             .group = "sound",
             .params = params,
             .params_size = sizeof(ResampleSound),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = resample_sound_apply,
};
