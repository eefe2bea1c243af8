/* cmvn: each band of a sound loses its mean, and its spread: what a microphone or a voice adds to all frames alike goes. */
#include <math.h>

#include "steps/frames.h"

typedef struct Cmvn {
    TextList columns;
    bool variance;
} Cmvn;

static const Field params[] = {
    FRAMES_COLUMNS(Cmvn),
    {FLAG_FIELD(Cmvn, variance), .doc = "divide by the standard deviation as well", .def = "true"},
    {0},
};

static void change(const void *params_used, const Frames *f)
{
    static const double LEAST = 1e-5; /* a band that never changes becomes 0 */
    const Cmvn *p = params_used;
    size_t width = f->bands * f->channels;
    for (size_t k = 0; k < width; k++) {
        double sum = 0, squares = 0;
        for (size_t t = 0; t < f->frames; t++)
            sum += (double)f->from[t * width + k];
        double mean = sum / (double)f->frames;
        for (size_t t = 0; t < f->frames; t++)
            squares += ((double)f->from[t * width + k] - mean) * ((double)f->from[t * width + k] - mean);
        double sd = p->variance ? fmax(sqrt(squares / (double)f->frames), LEAST) : 1;
        for (size_t t = 0; t < f->frames; t++)
            f->to[t * width + k] = (float)(((double)f->from[t * width + k] - mean) / sd);
    }
}

static bool cmvn_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const Cmvn *p = in->params;
    return frames_change(&(FramesTask){in, &p->columns, 1, change}, out, e);
}

static const Example examples[] = {
    {"{\"variance\": false}", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n",
     "frames\n\"[[-2, -3.3333332538604736], [0, -1.3333333730697632], [2, 4.666666507720947]]\"\n"},
    {"{}", "frames\n\"[[1], [3]]\"\n", "frames\n\"[[-1], [1]]\"\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not frames"},
    {"{}", "t\na\n", "error: no column holds frames"},
};

static const char *const notes[] = {"Cepstral mean and variance normalization, of each sound by itself: nothing is learned of other rows.",
                                    NULL};

const Step step_cmvn = {
    .spec = {.name = "cmvn",
             .doc = "bands of each sound get mean 0 and standard deviation 1",
             .group = "sound",
             .params = params,
             .params_size = sizeof(Cmvn),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = cmvn_apply,
};
