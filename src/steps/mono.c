/* mono: the mean of the channels. */
#include "steps/sounds.h"

typedef struct Mono {
    TextList columns;
} Mono;

static const Field params[] = {
    SOUNDS_COLUMNS(Mono),
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    (void)params_used;
    w->is_same = w->channels == 1;
    for (size_t i = 0; !w->is_same && i < w->frames; i++) {
        float sum = 0;
        for (size_t c = 0; c < w->channels; c++)
            sum += w->x[i * w->channels + c];
        w->x[i] = sum / (float)w->channels;
    }
    w->channels = 1;
    return true;
}

static bool mono_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Mono *p = in->params;
    return sounds_change(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"columns\": [\"sound\"]}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {"Sounds of one channel stay as they are.", NULL};

const Step step_mono = {
    .spec = {.name = "mono",
             .doc = "sounds of several channels become one channel",
             .group = "sound",
             .params = params,
             .params_size = sizeof(Mono),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = mono_apply,
};
