/* The sound front end against numpy, in one piece and in many; resampling against sines; what changes anew in each epoch. */
#include "audio/front_end.h"
#include "audio/resample.h"
#include "base/mem.h"
#include "num/fft.h"
#include "steps/recipe.h"
#include "table/sound.h"
#include "tests/unit/audio_reference.h"
#include "tests/unit/test.h"

enum { RATE = 8000, COUNT = 1000 };

static float *make_signal(void)
{
    float *x = mem_alloc(COUNT * sizeof *x);
    for (int i = 0; i < COUNT; i++) {
        double t = (double)i / RATE;
        double v = 0.4 * sin(2 * M_PI * 440 * t) + 0.2 * sin(2 * M_PI * (900 + 4000 * t) * t) + 0.01 * cos(2 * M_PI * 3300 * t);
        x[i] = (float)(rint(v * 32768) / 32768);
    }
    return x;
}

static const FrontPlan htk = {.rate = RATE, .frame = 32, .hop = 16, .bands = 20, .low = 20, .floor = 1e-6};
static const FrontPlan slaney = {.rate = RATE,
                                 .frame = 25,
                                 .hop = 10,
                                 .fft = 512,
                                 .bands = 24,
                                 .low = 50,
                                 .high = 3800,
                                 .floor = 1e-6,
                                 .scale = MEL_SLANEY,
                                 .window = WINDOW_HAMMING,
                                 .is_normalized = true};
static const FrontPlan mfcc = {.rate = RATE, .frame = 32, .hop = 16, .bands = 20, .low = 20, .floor = 1e-6, .cepstra = 13};

static void check_plan(const FrontPlan *plan, const double *expected, size_t numbers)
{
    Error e = {0};
    float *x = make_signal(), far = 0, apart = 0;
    FrontEnd *f = front_end_new(plan, &e);
    CHECK_OK(f != NULL, e);
    size_t frames = front_end_frames(f, COUNT), width = front_end_width(f), pieced = 0;
    CHECK_INT(frames * width, numbers);
    float *whole = mem_alloc(numbers * sizeof *whole), *parts = mem_alloc(numbers * sizeof *parts);
    FrontStream *s = front_stream_new(f, &e);
    CHECK_INT(front_stream_push(s, x, COUNT, whole), frames);
    front_stream_reset(s);
    for (size_t at = 0, piece = 1; at < COUNT; at += piece, piece = piece * 5 % 37 + 1) /* sample by sample, and in larger pieces */
        pieced += front_stream_push(s, x + at, at + piece < COUNT ? piece : COUNT - at, parts + pieced * width);
    CHECK_INT(pieced, frames);
    for (size_t i = 0; i < numbers; i++) {
        far = fmaxf(far, fabsf(whole[i] - (float)expected[i]));
        apart = fmaxf(apart, fabsf(whole[i] - parts[i]));
    }
    CHECK_NEAR((double)far, 0, 1e-3);
    CHECK_NEAR((double)apart, 0, 1e-5);
    front_stream_free(s);
    front_end_free(f);
    mem_free(whole);
    mem_free(parts);
    mem_free(x);
}

static void check_refusals(void)
{
    static const struct {
        FrontPlan plan;
        const char *said;
    } bad[] = {
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 20, .high = 5000, .floor = 1e-6}, "holds 4000 at most"},
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 20, .low = 4000, .floor = 1e-6}, "not below their end"},
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 200, .floor = 1e-6}, "holds no line of the spectrum"},
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 10, .fft = 128, .floor = 1e-6}, "shorter than the frame"},
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 10, .fft = 300, .floor = 1e-6}, "a power of two"},
        {{.rate = RATE, .frame = 0.1, .hop = 16, .bands = 10, .floor = 1e-6}, "take longer ones"},
        {{.rate = RATE, .frame = 32, .hop = 16, .bands = 10, .cepstra = 11, .floor = 1e-6}, "11 cepstra cannot be made of 10 bands"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error e = {0};
        CHECK(!front_end_new(&bad[i].plan, &e));
        test_check(strstr(e.message, bad[i].said) != NULL, __FILE__, __LINE__, "%s is not said: %s", bad[i].said, e.message);
    }
}

/* Of every length against the plain sum. */
static void check_transform(void)
{
    Error e = {0};
    for (size_t length = 4; length <= 64; length *= 2) {
        Fft *f = fft_new(length, &e);
        float x[64], room[64], power[33];
        for (size_t i = 0; i < length; i++)
            x[i] = (float)((i * i * 7 + 3 * i) % 11) - 5;
        fft_power(f, x, room, power);
        for (size_t k = 0; k <= length / 2; k++) {
            double re = 0, im = 0;
            for (size_t i = 0; i < length; i++) {
                re += (double)x[i] * cos(2 * M_PI * (double)(k * i) / (double)length);
                im -= (double)x[i] * sin(2 * M_PI * (double)(k * i) / (double)length);
            }
            CHECK_NEAR((double)power[k], re * re + im * im, 1e-5 * (1 + re * re + im * im));
        }
        fft_free(f);
    }
}

/* A tone below both Nyquist frequencies stays that tone; one above the new one goes. */
static void check_resampling(void)
{
    static const struct {
        double from, to, tone;
        bool stays;
    } cases[] = {{8000, 16000, 440, true}, {16000, 8000, 1000, true}, {44100, 16000, 3000, true}, {16000, 8000, 6000, false}};
    Error e = {0};
    ResampleKernel *kernel = resample_kernel_new(&e);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t frames = (size_t)cases[c].from / 10, out = resample_frames(frames, cases[c].from / cases[c].to);
        float *x = mem_alloc(frames * sizeof *x), *y = mem_alloc(out * sizeof *y);
        double far = 0;
        for (size_t i = 0; i < frames; i++)
            x[i] = (float)sin(2 * M_PI * cases[c].tone * (double)i / cases[c].from);
        resample_run(&(ResampleTask){kernel, x, frames, 1, cases[c].from / cases[c].to}, y);
        CHECK_INT(out, (size_t)cases[c].to / 10);
        for (size_t i = out / 4; i < 3 * out / 4; i++)
            far = fmax(far, fabs((double)y[i] - (cases[c].stays ? sin(2 * M_PI * cases[c].tone * (double)i / cases[c].to) : 0)));
        CHECK_NEAR(far, 0, 1e-3);
        mem_free(x);
        mem_free(y);
    }
    mem_free(kernel);
}

static Table *sounds_table(size_t rows)
{
    Error e = {0};
    Table *t = table_new(rows);
    Column *c = sound_column_new(rows, &e);
    float *x = make_signal();
    for (size_t i = 0; i < rows; i++) {
        int16_t samples[COUNT];
        for (size_t k = 0; k < COUNT; k++)
            samples[k] = sound_round((double)x[k] * 32768 / (double)(i + 1));
        CHECK_OK(sound_put(c, i, &(Sound){RATE, 1, COUNT, (const char *)samples}, &e), e);
    }
    mem_free(x);
    CHECK_OK(table_add(t, "sound", c, &e), e);
    return t;
}

static Recipe *recipe_of(const char *const *steps, size_t count)
{
    Recipe *r = recipe_new();
    for (size_t i = 0; i < count; i++) {
        const Step *step = step_find(steps[i]);
        void *params = params_new(&step->spec);
        Recipe *more = recipe_insert(r, i, step, params);
        params_free(&step->spec, params);
        recipe_unref(r);
        r = more;
    }
    return r;
}

static void hash_epoch(const Recipe *fitted, const Table *t, int64_t epoch, int threads, char hex[HASH_ROOM])
{
    Error e = {0};
    Job job = {.threads = threads};
    Table *out = recipe_apply_train(&job, &(RecipeStretch){fitted, 0, fitted->count, 7, epoch}, t, &(Roles){0}, &e);
    CHECK_OK(out != NULL, e);
    table_hash(out, hex);
    table_unref(out);
}

/* A function of seed, epoch and row: not of threads, nor of what came before; without an epoch nothing is drawn. */
static void check_epochs(void)
{
    static const char *const steps[] = {"change_speed", "change_volume", "pad_or_cut",  "shift_sound",
                                        "add_noise",    "log_mel",       "spec_augment"};
    Error e = {0};
    Table *t = sounds_table(40), *train = NULL;
    Recipe *r = recipe_of(steps, sizeof steps / sizeof *steps), *fitted = recipe_fit(NULL, r, t, &(Roles){0}, 7, &train, &e);
    CHECK_OK(fitted != NULL, e);
    CHECK_INT(recipe_each_epoch(fitted), 0);
    char first[HASH_ROOM], again[HASH_ROOM], other[HASH_ROOM], none[HASH_ROOM], plain[HASH_ROOM];
    hash_epoch(fitted, t, 1, 1, first);
    hash_epoch(fitted, t, 2, 2, other);
    hash_epoch(fitted, t, 1, 2, again);
    CHECK_TEXT(again, first);
    CHECK(!text_equal(first, other));
    hash_epoch(fitted, t, RECIPE_NO_EPOCH, 2, none);
    Table *applied = recipe_apply(NULL, fitted, t, &(Roles){0}, &e);
    CHECK_OK(applied != NULL, e);
    table_hash(applied, plain);
    CHECK_TEXT(none, plain);
    size_t rows[] = {7, 3};
    Table *some = table_select(t, rows, 2, &e),
          *one = recipe_apply_train(NULL, &(RecipeStretch){fitted, 0, fitted->count, 7, 1}, some, &(Roles){0}, &e);
    Table *all = recipe_apply_train(NULL, &(RecipeStretch){fitted, 0, fitted->count, 7, 1}, t, &(Roles){0}, &e);
    const Column *a = table_column(one, "log_mel"), *b = table_column(all, "log_mel");
    CHECK(memcmp(a->data.array, b->data.array + 7 * b->width, a->width * sizeof(float)) ==
          0); /* a row draws by its id, wherever it stands */
    table_unref(some);
    table_unref(one);
    table_unref(all);
    table_unref(applied);
    table_unref(train);
    table_unref(t);
    recipe_unref(fitted);
    recipe_unref(r);
}

static void check_deltas(void)
{
    static const char *const steps[] = {"log_mel", "deltas"};
    Error e = {0};
    Table *t = sounds_table(1), *out = NULL;
    Recipe *r = recipe_of(steps, 2);
    CHECK_OK(field_set_text(fields_find(r->uses[0].step->spec.params, "bands"), r->uses[0].params, "20", "log_mel", &e), e);
    Recipe *fitted = recipe_fit(NULL, r, t, &(Roles){0}, 7, &out, &e);
    CHECK_OK(fitted != NULL, e);
    const Column *c = table_column(out, "log_mel");
    CHECK(c && c->shape.rank == 3 && c->shape.dims[2] == 2);
    float far = 0;
    for (size_t i = 0; c && i < sizeof reference_deltas / sizeof *reference_deltas; i++) {
        far = fmaxf(far, fabsf(c->data.array[2 * i] - (float)reference_htk[i]));
        far = fmaxf(far, fabsf(c->data.array[2 * i + 1] - (float)reference_deltas[i]));
    }
    CHECK_NEAR((double)far, 0, 1e-3);
    table_unref(out);
    table_unref(t);
    recipe_unref(fitted);
    recipe_unref(r);
}

void unit_audio(void)
{
    TEST("power spectra are those of the plain sum");
    check_transform();
    TEST("log-mel and mfcc are numpy's, in one piece and in many");
    check_plan(&htk, reference_htk, sizeof reference_htk / sizeof *reference_htk);
    check_plan(&slaney, reference_slaney, sizeof reference_slaney / sizeof *reference_slaney);
    check_plan(&mfcc, reference_mfcc, sizeof reference_mfcc / sizeof *reference_mfcc);
    TEST("a front end that cannot be is refused by name");
    check_refusals();
    TEST("tones at another rate");
    check_resampling();
    TEST("deltas are numpy's");
    check_deltas();
    TEST("epochs are functions of seed, epoch and row");
    check_epochs();
}
