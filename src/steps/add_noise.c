/* add_noise: training sounds get noise, otherwise in each epoch. */
#include "steps/sounds.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "steps/sampling.h"
#include "table/reader.h"

enum { NOISE_WHITE, NOISE_PINK, NOISE_FILES };
static const char *const noises[] = {"white", "pink", "files", NULL};

typedef struct AddNoise {
    TextList columns;
    int noise;
    char *folder;
    double share, low, high;
} AddNoise;

static const Field params[] = {
    SOUNDS_COLUMNS(AddNoise),
    {CHOICE_FIELD(AddNoise, noise), .doc = "what is added", .def = "white", .choices = noises},
    {TEXT_FIELD(AddNoise, folder), .doc = "of WAV files that are the noise", .when = "noise=files"},
    {REAL_FIELD(AddNoise, share), .doc = "of the rows that get some", .def = "0.8", .min = 0, .max = 1},
    {REAL_FIELD(AddNoise, low), .doc = "least signal to noise", .unit = "dB", .def = "5", .min = -40, .max = 100, .soft_min = -5,
     .soft_max = 20},
    {REAL_FIELD(AddNoise, high), .doc = "most signal to noise", .unit = "dB", .def = "30", .min = -40, .max = 100, .soft_min = 20,
     .soft_max = 50},
    {0},
};

/* Even over its range: white as well, and eight numbers come of one draw. */
static void make_white(RngKey key, float *x, size_t count)
{
    uint32_t words[4];
    for (size_t i = 0; i < count; i++) {
        if (i % 8 == 0)
            rng_block(key, i / 8, words);
        x[i] = (float)(words[i % 8 / 2] >> 16 * (i % 2) & 0xFFFF) - 32767.5f;
    }
}

/* Paul Kellet's economy filter: white noise to pink, within 0.5 dB. */
static void make_pink(float *x, size_t count)
{
    double a = 0, b = 0, c = 0;
    for (size_t i = 0; i < count; i++) {
        double white = (double)x[i];
        a = 0.99765 * a + white * 0.0990460;
        b = 0.96300 * b + white * 0.2965164;
        c = 0.57000 * c + white * 1.0526913;
        x[i] = (float)(a + b + c + white * 0.1848);
    }
}

/* A place in one of the files, round and round. */
static void take_file(const Column *files, Rng *random, float *x, size_t count)
{
    Sound s;
    size_t row = (size_t)rng_below(random, files->rows);
    if (!sound_get(files, row, &s) || !s.frames)
        return;
    size_t at = (size_t)rng_below(random, s.frames);
    for (size_t i = 0; i < count; i++)
        x[i] = (float)sound_sample(&s, (at + i) % s.frames * s.channels) / 32768.0f;
}

static double power_of(const float *x, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)x[i] * (double)x[i];
    return count ? sum / (double)count : 0;
}

static bool change(const void *params_used, SoundWork *w)
{
    const AddNoise *p = params_used;
    Rng random = rng_begin(w->key);
    w->is_same = rng_uniform(&random) >= p->share;
    double ratio = p->low + (p->high - p->low) * rng_uniform(&random);
    float *noise = w->is_same ? NULL : mem_try_alloc(w->frames + 1, sizeof *noise, &w->e);
    if (!noise)
        return w->is_same;
    if (p->noise != NOISE_FILES)
        make_white(rng_child(w->key, 1), noise, w->frames);
    if (p->noise == NOISE_PINK)
        make_pink(noise, w->frames);
    if (p->noise == NOISE_FILES)
        take_file(w->by, &random, noise, w->frames);
    double has = power_of(noise, w->frames), wanted = power_of(w->x, w->frames * w->channels) * pow(10, -ratio / 10);
    float factor = has > 0 ? (float)sqrt(wanted / has) : 0;
    for (size_t i = 0; i < w->frames * w->channels; i++)
        w->x[i] += factor * noise[i / w->channels];
    mem_free(noise);
    return true;
}

static Table *read_files(Job *job, const AddNoise *p, Error *e)
{
    if (p->folder && *p->folder)
        return table_read(job, p->folder, NULL, e);
    error_set(e, ERROR_USAGE, "noise = \"files\": of which folder? name it: folder = \"...\"");
    return NULL;
}

static bool add_noise_train(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const AddNoise *p = in->params;
    Table *files = p->noise == NOISE_FILES ? read_files(job, p, e) : NULL;
    const Column *sounds = files ? table_column(files, "sound") : NULL;
    bool ok = p->noise != NOISE_FILES || sounds || (files && error_set(e, ERROR_FAILED, "%s holds no sounds", p->folder));
    ok = ok && sounds_change(&(SoundsTask){job, in, &p->columns, change, sounds}, out, e);
    table_unref(files);
    return ok;
}

static const Example examples[] = {
    {"{\"share\": 0}", "sound,y\n1000: 1 2 3 4,a\n1000: 5 6 7 8 9 10,b\n", "sound,y\n0.004 s 1000 Hz,a\n0.006 s 1000 Hz,b\n"},
    {"{\"noise\": \"pink\"}", "sound,y\n1000: 1 2 3 4,a\n", "sound,y\n0.004 s 1000 Hz,a\n"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not sounds"},
    {"{}", "t\na\n", "error: no column holds sounds"},
    {"{\"noise\": \"pink\", \"folder\": \"x\"}", "t\na\n", "error: folder"},
};

static const char *const notes[] = {
    "Only rows that are learned from are changed, anew in each epoch by seed, epoch and row; elsewhere sounds stay as they are.",
    "The noise is so loud that its power is that of the whole sound less a number of dB between low and high. Files are noise as they are, "
    "from any place on, at the rate they have.",
    NULL};

const Step step_add_noise = {
    .spec = {.name = "add_noise",
             .doc = "training sounds get noise, anew each epoch",
             .group = "expand",
             .params = params,
             .params_size = sizeof(AddNoise),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_SAMPLES,
    .each_epoch = true,
    .apply = sampling_apply,
    .apply_train = add_noise_train,
};
