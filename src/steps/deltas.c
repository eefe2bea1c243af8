/* deltas: how frames change, as channels of their own. */
#include "steps/frames.h"

typedef struct Deltas {
    TextList columns;
    int64_t reach;
    bool second;
} Deltas;

static const Field params[] = {
    FRAMES_COLUMNS(Deltas),
    {INT_FIELD(Deltas, reach), .doc = "frames to each side that the slope is taken over", .def = "2", .min = 1, .max = 64, .soft_min = 1,
     .soft_max = 8},
    {FLAG_FIELD(Deltas, second), .doc = "the change of the change as well", .def = "false"},
    {0},
};

/* Channel `from` of each place gives channel `to`: the slope of a straight line through 2 reach + 1 frames, the ends repeated. */
static void add_slope(const Frames *f, size_t reach, size_t times, size_t from, size_t to)
{
    double sum = 0;
    size_t width = f->channels * times, line = f->bands * width;
    for (size_t k = 1; k <= reach; k++)
        sum += 2 * (double)k * (double)k;
    for (size_t t = 0; t < f->frames; t++)
        for (size_t b = 0; b < f->bands; b++) {
            double slope = 0;
            for (size_t k = 1; k <= reach; k++) {
                size_t behind = t + k < f->frames ? t + k : f->frames - 1, before = t > k ? t - k : 0;
                const float *at = f->to + b * width + from;
                slope += (double)k * ((double)at[behind * line] - (double)at[before * line]);
            }
            f->to[t * line + b * width + to] = (float)(slope / sum);
        }
}

static void change(const void *params_used, const Frames *f)
{
    const Deltas *p = params_used;
    size_t times = p->second ? 3 : 2, places = f->frames * f->bands;
    for (size_t i = 0; i < places; i++)
        for (size_t c = 0; c < f->channels; c++)
            f->to[i * f->channels * times + c] = f->from[i * f->channels + c];
    for (size_t c = 0; c < f->channels * (times - 1); c++)
        add_slope(f, (size_t)p->reach, times, c, c + f->channels);
}

static bool deltas_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Deltas *p = in->params;
    return frames_change(&(FramesTask){in, &p->columns, p->second ? 3 : 2, change}, out, e);
}

static const Example examples[] = {
    {"{\"reach\": 1}", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n", "frames\n\"[[[1, 1], [2, 1]], [[3, 2], [4, 4]], [[5, 1], [10, 3]]]\"\n"},
    {"{\"reach\": 1}", "frames\n\"[[2], [2]]\"\n", "frames\n\"[[[2, 0]], [[2, 0]]]\"\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not frames"},
    {"{}", "t\na\n", "error: no column holds frames"},
};

static const char *const notes[] = {
    "The slope of a line through the frames around (HTK, librosa mode = \"nearest\"); the first and the last "
    "frame are repeated. Each becomes a channel behind those that are there.",
    NULL};

const Step step_deltas = {
    .spec = {.name = "deltas",
             .doc = "how frames of sounds change, as channels beside them",
             .group = "sound",
             .params = params,
             .params_size = sizeof(Deltas),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = deltas_apply,
};
