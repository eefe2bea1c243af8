/* pre_emphasis: high frequencies are raised. */
#include "steps/sounds.h"

typedef struct PreEmphasis {
    TextList columns;
    double factor;
} PreEmphasis;

static const Field params[] = {
    SOUNDS_COLUMNS(PreEmphasis),
    {REAL_FIELD(PreEmphasis, factor), .doc = "share of the sample before that is taken off", .def = "0.97", .min = 0, .max = 1,
     .soft_min = 0.9, .soft_max = 0.99},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const PreEmphasis *p = params_used;
    for (size_t i = w->frames * w->channels; i-- > w->channels;)
        w->x[i] -= (float)p->factor * w->x[i - w->channels];
    return true;
}

static bool pre_emphasis_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const PreEmphasis *p = in->params;
    return sounds_change(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 1000 Hz,a\n"},
    {"{\"factor\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {"The first sample stays. What goes beyond 16 bit is clipped.", NULL};

const Step step_pre_emphasis = {
    .spec = {.name = "pre_emphasis",
             .doc = "high frequencies of sounds are raised: x[t] - factor x[t-1]",
             .group = "sound",
             .params = params,
             .params_size = sizeof(PreEmphasis),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = pre_emphasis_apply,
};
