/* A sound in the dictionary: rate and channels, then its samples. */
#include "table/sound.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"

typedef struct Head {
    uint32_t rate, channels;
} Head;

Column *sound_column_new(size_t rows, Error *e)
{
    static const Head none = {1, 1};
    Column *c = column_new(COLUMN_SOUND, rows, e);
    if (c)
        dictionary_add(c->dictionary, (const char *)&none, sizeof none);
    return c;
}

bool sound_put(Column *c, size_t row, const Sound *s, Error *e)
{
    size_t samples, size;
    bool fits = mem_mul(s->frames, s->channels, &samples) && mem_mul(samples, sizeof(int16_t), &size) && size < UINT32_MAX;
    char *bytes = fits ? mem_try_alloc(sizeof(Head) + size, 1, e) : NULL;
    if (!fits)
        return error_set(e, ERROR_MEMORY, "a sound of %zu samples is longer than a cell can be; cut it first", s->frames);
    if (!bytes)
        return false;
    memcpy(bytes, &(Head){s->rate, s->channels}, sizeof(Head));
    if (size)
        memcpy(bytes + sizeof(Head), s->samples, size);
    bool ok = column_set_text(c, row, bytes, sizeof(Head) + size, e);
    mem_free(bytes);
    return ok;
}

bool sound_get(const Column *c, size_t row, Sound *out)
{
    size_t size;
    Head head;
    const char *bytes = c->type == COLUMN_SOUND ? column_bytes(c, row, &size) : NULL;
    if (!bytes)
        return false;
    memcpy(&head, bytes, sizeof head);
    *out = (Sound){head.rate, head.channels, (size - sizeof head) / sizeof(int16_t) / head.channels, bytes + sizeof head};
    return true;
}

void sound_floats(const Sound *s, float *out)
{
    for (size_t i = 0; i < s->frames * s->channels; i++)
        out[i] = (float)sound_sample(s, i) / 32768.0f;
}

double sound_seconds(const Sound *s)
{
    return (double)s->frames / (double)s->rate;
}

/* Samples first .. last-1 of all channels are quieter than -50 dB. */
static bool is_silent(const Sound *s, size_t first, size_t last)
{
    static const double least = 32768 * 0.0031622776601683795;
    double sum = 0;
    for (size_t i = first; i < last; i++)
        sum += (double)sound_sample(s, i) * sound_sample(s, i);
    return sum < least * least * (double)(last - first);
}

void sound_facts(const Sound *s, SoundFacts *out)
{
    size_t count = s->frames * s->channels, piece = (size_t)(s->rate / 100 + 1) * s->channels, pieces = 0, silent = 0, full = 0;
    int most = 0;
    for (size_t i = 0; i < count; i++) {
        int x = abs((int)sound_sample(s, i));
        most = x > most ? x : most;
        full += x >= 32767;
    }
    for (size_t at = 0; at < count; at += piece, pieces++)
        silent += is_silent(s, at, at + piece < count ? at + piece : count);
    *out = (SoundFacts){.peak = most / 32768.0,
                        .clipped = count ? (double)full / (double)count : 0,
                        .silence = pieces ? (double)silent / (double)pieces : 0};
}

void sound_format(const Column *c, size_t row, Text *out)
{
    Sound s;
    if (!sound_get(c, row, &s))
        return;
    text_addf(out, "%.3f s %u Hz", sound_seconds(&s), s.rate);
    if (s.channels > 1)
        text_addf(out, " %u channels", s.channels);
}

void sound_format_key(const Column *c, size_t row, Text *out)
{
    size_t size;
    const char *bytes = column_bytes(c, row, &size);
    if (!bytes)
        return;
    sound_format(c, row, out);
    text_addf(out, " %016llx", (unsigned long long)rng_hash(0, bytes, size));
}
