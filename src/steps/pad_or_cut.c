/* pad_or_cut: all sounds get one length. */
#include "steps/sounds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { AT_START, AT_CENTER, AT_END };
static const char *const places[] = {"start", "center", "end", NULL};

typedef struct PadOrCut {
    TextList columns;
    double seconds;
    int at;
} PadOrCut;

static const Field params[] = {
    SOUNDS_COLUMNS(PadOrCut),
    {REAL_FIELD(PadOrCut, seconds), .doc = "length of all", .unit = "s", .def = "1", .min = 0.001, .max = 3600, .soft_min = 0.5,
     .soft_max = 10, .scale = SCALE_LOG},
    {CHOICE_FIELD(PadOrCut, at), .doc = "where the sound lies in it, and what of a longer one stays", .def = "center", .choices = places},
    {0},
};

static bool change(const void *params_used, SoundWork *w)
{
    const PadOrCut *p = params_used;
    size_t frames = (size_t)llround(p->seconds * w->rate), channels = w->channels;
    size_t more = frames > w->frames ? frames - w->frames : w->frames - frames;
    size_t before = p->at == AT_START ? 0 : p->at == AT_CENTER ? more / 2 : more;
    w->is_same = more == 0;
    if (w->is_same)
        return true;
    float *y = mem_try_alloc(frames * channels + 1, sizeof *y, &w->e);
    if (!y)
        return false;
    if (frames > w->frames)
        memcpy(y + before * channels, w->x, w->frames * channels * sizeof *y);
    else
        memcpy(y, w->x + before * channels, frames * channels * sizeof *y);
    mem_free(w->x);
    w->x = y;
    w->frames = frames;
    return true;
}

static bool pad_or_cut_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const PadOrCut *p = in->params;
    return sounds_change(&(SoundsTask){.job = job, .in = in, .columns = &p->columns, .change = change}, out, e);
}

static const Example examples[] = {
    {"{\"seconds\": 0.005}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.005 s 1000 Hz,a\n0.005 s 1000 Hz,b\n"},
    {"{\"seconds\": 0.01, \"at\": \"start\"}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.010 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
};

static const char *const notes[] = {
    "Nets take sounds of one length. Silence is added, and longer sounds are cut, at the end (start), at both ends (center) or at the "
    "beginning (end).",
    NULL};

const Step step_pad_or_cut = {
    .spec = {.name = "pad_or_cut",
             .doc = "sounds get one length: shorter ones silence, longer ones are cut",
             .group = "sound",
             .params = params,
             .params_size = sizeof(PadOrCut),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = pad_or_cut_apply,
};
