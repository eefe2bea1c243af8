/* trim_silence: what is quiet at both ends of a sound goes. */
#include "steps/sounds.h"

#include <math.h>
#include <string.h>

typedef struct TrimSilence {
    TextList columns;
    double below, keep;
} TrimSilence;

static const Field params[] = {
    SOUNDS_COLUMNS(TrimSilence),
    {REAL_FIELD(TrimSilence, below), .doc = "quieter than the loudest piece by this is silence", .unit = "dB", .def = "40", .min = 1,
     .max = 120, .soft_min = 20, .soft_max = 60},
    {REAL_FIELD(TrimSilence, keep), .doc = "kept at each end", .unit = "ms", .def = "20", .min = 0, .max = 10000, .soft_max = 200},
    {0},
};

/* The mean square of samples first .. last-1. */
static double power_of(const SoundWork *w, size_t first, size_t last)
{
    double sum = 0;
    for (size_t i = first * w->channels; i < last * w->channels; i++)
        sum += (double)w->x[i] * (double)w->x[i];
    return sum / (double)((last - first) * w->channels);
}

static size_t end_of(const SoundWork *w, size_t piece)
{
    size_t end = (piece + 1) * (w->rate / 100 + 1);
    return end < w->frames ? end : w->frames;
}

static bool change(const void *params_used, SoundWork *w)
{
    const TrimSilence *p = params_used;
    size_t size = w->rate / 100 + 1, pieces = (w->frames + size - 1) / size, first = 0, last = pieces;
    size_t kept = (size_t)(p->keep * w->rate / 1000);
    double most = 0;
    for (size_t i = 0; i < pieces; i++)
        most = fmax(most, power_of(w, i * size, end_of(w, i)));
    double least = most * pow(10, -p->below / 10);
    while (most > 0 && power_of(w, first * size, end_of(w, first)) < least)
        first++;
    while (most > 0 && power_of(w, (last - 1) * size, end_of(w, last - 1)) < least)
        last--;
    size_t from = first * size > kept ? first * size - kept : 0, to = pieces ? end_of(w, last - 1) + kept : 0;
    to = to < w->frames ? to : w->frames;
    w->is_same = from == 0 && to == w->frames;
    memmove(w->x, w->x + from * w->channels, (to - from) * w->channels * sizeof *w->x);
    w->frames = to - from;
    return true;
}

static bool trim_silence_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const TrimSilence *p = in->params;
    return sounds_change(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{\"keep\": 0}",
     "sound,y\n1000: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 900 900 900 900 900 900 900 900 900 900 900 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
     "0 0 0 0 0 0 0,a\n",
     "sound,y\n0.011 s 1000 Hz,a\n"},
    {"{\"keep\": 5}", "sound,y\n1000: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 900 900 900 900 900 900 900 900 900 900 900,a\n",
     "sound,y\n0.016 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {
    "Pieces of 10 ms are compared with the loudest one of their sound. A sound that is silent all through stays as it is.", NULL};

const Step step_trim_silence = {
    .spec = {.name = "trim_silence",
             .doc = "silence at both ends of sounds goes",
             .group = "sound",
             .params = params,
             .params_size = sizeof(TrimSilence),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = trim_silence_apply,
};
