/* spec_augment: bands of frequency and stretches of time of training frames are blotted out, otherwise in each epoch (Park et al. 2019). */
#include <string.h>

#include "steps/frames.h"
#include "steps/sampling.h"

typedef struct SpecAugment {
    TextList columns;
    int64_t bands, frames, band_masks, frame_masks;
} SpecAugment;

static const Field params[] = {
    FRAMES_COLUMNS(SpecAugment),
    {INT_FIELD(SpecAugment, bands), .doc = "widest mask over bands", .def = "6", .min = 0, .max = 512, .soft_max = 20},
    {INT_FIELD(SpecAugment, frames), .doc = "widest mask over frames", .def = "8", .min = 0, .max = 65536, .soft_max = 40},
    {INT_FIELD(SpecAugment, band_masks), .doc = "masks over bands", .def = "2", .min = 0, .max = 64, .soft_max = 4},
    {INT_FIELD(SpecAugment, frame_masks), .doc = "masks over frames", .def = "2", .min = 0, .max = 64, .soft_max = 4},
    {0},
};

typedef struct Mask {
    size_t from, count;
} Mask;

static Mask draw(Rng *random, int64_t widest, size_t all)
{
    size_t most = (size_t)widest < all ? (size_t)widest : all, count = (size_t)rng_below(random, most + 1);
    return (Mask){(size_t)rng_below(random, all - count + 1), count};
}

static void change(const void *params_used, const Frames *f)
{
    const SpecAugment *p = params_used;
    size_t line = f->bands * f->channels, size = f->frames * line;
    Rng random = rng_begin(f->key);
    double sum = 0;
    memcpy(f->to, f->from, size * sizeof *f->to);
    for (size_t i = 0; i < size; i++)
        sum += (double)f->from[i];
    float mean = (float)(sum / (double)size);
    for (int64_t k = 0; k < p->band_masks; k++) {
        Mask m = draw(&random, p->bands, f->bands);
        for (size_t t = 0; t < f->frames; t++)
            for (size_t i = m.from * f->channels; i < (m.from + m.count) * f->channels; i++)
                f->to[t * line + i] = mean;
    }
    for (int64_t k = 0; k < p->frame_masks; k++) {
        Mask m = draw(&random, p->frames, f->frames);
        for (size_t i = m.from * line; i < (m.from + m.count) * line; i++)
            f->to[i] = mean;
    }
}

static bool spec_augment_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state;
    const SpecAugment *p = in->params;
    return frames_change(&(FramesTask){in, &p->columns, 1, change}, out, e);
}

static const Example examples[] = {
    {"{\"band_masks\": 0, \"frame_masks\": 0}", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n"},
    {"{\"bands\": 0, \"frames\": 0}", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n", "frames\n\"[[1, 2], [3, 4], [5, 10]]\"\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not frames"},
    {"{}", "t\na\n", "error: no column holds frames"},
};

static const char *const notes[] = {
    "Only rows that are learned from are changed, anew in each epoch by seed, epoch and row. What is blotted out becomes the mean of the "
    "sound. The frames are made once, where nothing before them is drawn.",
    NULL};

const Step step_spec_augment = {
    .spec = {.name = "spec_augment",
             .doc = "masks over bands and frames of training sounds, anew each epoch",
             .group = "expand",
             .params = params,
             .params_size = sizeof(SpecAugment),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_SAMPLES,
    .each_epoch = true,
    .apply = sampling_apply,
    .apply_train = spec_augment_train,
};
