/* limbeck bench p11 [FOLDER]: seconds to read a folder of sounds and to make their log-mel frames, and how much faster than they last.
 * Without a folder, 3,000 sounds of half a second at 8 kHz are made. */
#include "base/clock.h"
#include "base/proc.h"
#include "cli/bench.h"
#include "steps/recipe.h"
#include "table/reader.h"
#include "table/sound.h"

enum { SOUNDS = 3000, RATE = 8000, FRAMES = 4000 };

/* Sawtooths of various heights: what is in them does not change the time. */
static Table *made_sounds(Error *e)
{
    Table *t = table_new(SOUNDS);
    Column *c = sound_column_new(SOUNDS, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < SOUNDS; i++) {
        int16_t samples[FRAMES];
        for (size_t k = 0; k < FRAMES; k++)
            samples[k] = (int16_t)((k * (i % 97 + 3) * 31 + i) % 65536 - 32768);
        ok = sound_put(c, i, &(Sound){RATE, 1, FRAMES, (const char *)samples}, e);
    }
    if (!ok)
        column_unref(c);
    if (ok && table_add(t, "sound", c, e))
        return t;
    table_unref(t);
    return NULL;
}

static double seconds_of(const Column *c)
{
    double sum = 0;
    Sound s;
    for (size_t i = 0; i < c->rows; i++)
        sum += sound_get(c, i, &s) ? sound_seconds(&s) : 0;
    return sum;
}

/* Half a second of each: padding is not measured. */
static bool hear(const CliCall *call, const Table *t, double *seconds, Error *e)
{
    Recipe *none = recipe_new(), *r = NULL;
    const Step *pad = step_find("pad_or_cut"), *mel = step_find("log_mel");
    void *a = params_new(&pad->spec), *b = params_new(&mel->spec);
    Recipe *half = recipe_insert(none, 0, pad, a);
    r = recipe_insert(half, 1, mel, b);
    bool ok = field_set_text(fields_find(pad->spec.params, "seconds"), r->uses[0].params, "0.5", "pad_or_cut", e);
    Table *out = NULL, *padded = NULL;
    Recipe *first = recipe_slice(r, 0, 1), *second = recipe_slice(r, 1, 2),
           *fitted = ok ? recipe_fit(call->job, first, t, &(Roles){0}, 1, &padded, e) : NULL;
    double start = clock_now();
    Recipe *heard = fitted ? recipe_fit(call->job, second, padded, &(Roles){0}, 1, &out, e) : NULL;
    *seconds = clock_now() - start;
    ok = heard != NULL;
    Recipe *const all[] = {none, half, r, first, second, fitted, heard};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        recipe_unref(all[i]);
    params_free(&pad->spec, a);
    params_free(&mel->spec, b);
    table_unref(padded);
    table_unref(out);
    return ok;
}

bool bench_sound(const CliCall *call, const char *folder, Error *e)
{
    double start = clock_now(), seconds = 0, best = 0;
    Table *t = folder ? table_read(call->job, folder, NULL, e) : made_sounds(e);
    double load = clock_now() - start;
    const Column *c = t ? table_column(t, "sound") : NULL;
    bool ok = c != NULL;
    for (int i = 0; ok && i < 3; i++) {
        ok = hear(call, t, &seconds, e);
        best = i == 0 || seconds < best ? seconds : best;
    }
    if (ok) {
        BenchFigure figures[] = {{"p11.sounds", (double)c->rows, 0},
                                 {"p11.seconds_of_sound", seconds_of(c), 1},
                                 {"p11.load", load, 3},
                                 {"p11.log_mel", best, 3},
                                 {"p11.heard", 0.5 * (double)c->rows, 1},
                                 {"p11.times_real_time", 0.5 * (double)c->rows / best, 0},
                                 {"p11.rss_mib", (double)proc_peak_memory() / 1048576, 0}};
        bench_print(call, figures, sizeof figures / sizeof *figures);
    }
    table_unref(t);
    return ok;
}
