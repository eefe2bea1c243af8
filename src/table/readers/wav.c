/* The chunks of a WAV file. Sizes that a header tells are compared with what is there before anything is made of them. */
#include "table/readers/wav.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

enum { FORMAT_PCM = 1, FORMAT_FLOAT = 3, FORMAT_EXTENSIBLE = 0xFFFE, HEAD_SIZE = 12, CHUNK_HEAD = 8, FMT_SIZE = 16, EXTENSIBLE_SIZE = 40 };

typedef struct Chunk {
    const uint8_t *bytes;
    size_t size;
} Chunk;

typedef struct Wav {
    const uint8_t *bytes;
    size_t size;
    Chunk fmt, data;
    unsigned format, channels, bits; /* bits: that a sample takes in the file */
    uint32_t rate;
} Wav;

static unsigned get16(const uint8_t *p)
{
    return p[0] | (unsigned)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
    return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static uint64_t get64(const uint8_t *p)
{
    return get32(p) | (uint64_t)get32(p + 4) << 32;
}

bool wav_is(const uint8_t *bytes, size_t size)
{
    bool is_riff = size >= HEAD_SIZE && (!memcmp(bytes, "RIFF", 4) || !memcmp(bytes, "RIFX", 4) || !memcmp(bytes, "RF64", 4));
    return is_riff && !memcmp(bytes + 8, "WAVE", 4);
}

/* A name of four bytes, a size, the bytes, and one to fill up odd sizes. */
static bool find_chunks(Wav *w, Error *e)
{
    for (size_t at = HEAD_SIZE; w->size - at >= CHUNK_HEAD && !w->data.bytes;) {
        const uint8_t *head = w->bytes + at;
        size_t size = get32(head + 4), left = w->size - at - CHUNK_HEAD;
        bool is_data = !memcmp(head, "data", 4);
        if (size > left)
            return error_set(e, ERROR_FAILED, "is cut off: its chunk \"%.4s\" says %zu bytes, and %zu are there",
                             is_data                    ? "data"
                             : !memcmp(head, "fmt ", 4) ? "fmt "
                                                        : "????",
                             size, left);
        if (is_data)
            w->data = (Chunk){head + CHUNK_HEAD, size};
        else if (!memcmp(head, "fmt ", 4))
            w->fmt = (Chunk){head + CHUNK_HEAD, size};
        size_t step = CHUNK_HEAD + size + (size & 1);
        at += step < w->size - at ? step : w->size - at;
    }
    if (!w->fmt.bytes || w->fmt.size < FMT_SIZE)
        return error_set(e, ERROR_FAILED, "has no \"fmt \" chunk before its data, which says how its samples are written");
    return w->data.bytes || error_set(e, ERROR_FAILED, "has no \"data\" chunk: there is no sound in it");
}

static const char *format_name(unsigned format)
{
    switch (format) {
    case 2: return "Microsoft ADPCM";
    case 6: return "A-law";
    case 7: return "mu-law";
    case 0x11: return "IMA ADPCM";
    case 0x31: return "GSM 6.10";
    case 0x50:
    case 0x55: return "MPEG (MP3)";
    default: return "a packed form";
    }
}

static bool read_format(Wav *w, Error *e)
{
    const uint8_t *f = w->fmt.bytes;
    w->format = get16(f);
    w->channels = get16(f + 2);
    w->rate = get32(f + 4);
    w->bits = get16(f + 14);
    if (w->format == FORMAT_EXTENSIBLE && w->fmt.size >= EXTENSIBLE_SIZE)
        w->format = get16(f + 24);
    bool is_pcm = w->format == FORMAT_PCM && (w->bits == 8 || w->bits == 16 || w->bits == 24 || w->bits == 32);
    bool is_float = w->format == FORMAT_FLOAT && (w->bits == 32 || w->bits == 64);
    if (w->format != FORMAT_PCM && w->format != FORMAT_FLOAT)
        return error_set(e, ERROR_FAILED, "holds %s (format %u), not PCM or float; convert it: sox IN.wav -e signed -b 16 OUT.wav",
                         format_name(w->format), w->format);
    if (!is_pcm && !is_float)
        return error_set(e, ERROR_FAILED, "has samples of %u bits; PCM has 8, 16, 24 or 32, float 32 or 64", w->bits);
    if (!w->channels || w->channels > SOUND_CHANNELS_MOST)
        return error_set(e, ERROR_FAILED, "says it has %u channels; 1 to %d can be read", w->channels, SOUND_CHANNELS_MOST);
    if (!w->rate || w->rate > SOUND_RATE_MOST)
        return error_set(e, ERROR_FAILED, "says it has %u samples a second; 1 to %d can be read", w->rate, SOUND_RATE_MOST);
    if (get16(f + 12) != w->channels * w->bits / 8)
        return error_set(e, ERROR_FAILED, "contradicts itself: %u channels of %u bits are not %u bytes", w->channels, w->bits,
                         get16(f + 12));
    return true;
}

/* In units of a 16-bit sample. */
static double sample_at(const Wav *w, const uint8_t *p)
{
    float narrow;
    double wide;
    uint32_t bits = w->bits == 32 ? get32(p) : 0;
    uint64_t many = w->bits == 64 ? get64(p) : 0;
    switch (w->bits) {
    case 8: return (p[0] - 128) * 256.0;
    case 16: return (int16_t)get16(p);
    case 24: return (int32_t)((uint32_t)get16(p) << 8 | (uint32_t)p[2] << 24) / 65536.0;
    case 32: memcpy(&narrow, &bits, sizeof narrow); return w->format == FORMAT_FLOAT ? (double)narrow * 32768.0 : (int32_t)bits / 65536.0;
    default: memcpy(&wide, &many, sizeof wide); return wide * 32768.0;
    }
}

static bool read_samples(const Wav *w, int16_t *to, size_t count, Error *e)
{
    size_t bytes = w->bits / 8;
    for (size_t i = 0; i < count; i++) {
        double x = sample_at(w, w->data.bytes + i * bytes);
        if (!isfinite(x))
            return error_set(e, ERROR_FAILED, "sample %zu is no finite number", i / w->channels + 1);
        to[i] = sound_round(x);
    }
    return true;
}

bool wav_read(const uint8_t *bytes, size_t size, size_t most, Sound *out, int16_t **samples, Error *e)
{
    Wav w = {.bytes = bytes, .size = size};
    *samples = NULL;
    if (!wav_is(bytes, size))
        return error_set(e, ERROR_FAILED, "is no WAV file: it does not begin with RIFF and WAVE");
    if (memcmp(bytes, "RIFF", 4) != 0)
        return error_set(e, ERROR_FAILED, "is a WAV file of the form %.4s, which is not read; convert it: sox IN.wav OUT.wav",
                         (const char *)bytes);
    if (!find_chunks(&w, e) || !read_format(&w, e))
        return false;
    size_t count = w.data.size / (w.bits / 8), block = w.channels * (w.bits / 8);
    if (!count)
        return error_set(e, ERROR_FAILED, "holds no sample: its sound has length 0");
    if (w.data.size % block)
        return error_set(e, ERROR_FAILED, "ends inside a sample: %zu bytes are not whole samples of %zu", w.data.size, block);
    if (count > most)
        return error_set(e, ERROR_FAILED, "lasts %.0f s; raise max_seconds", (double)count / w.channels / w.rate);
    *samples = mem_try_alloc(count, sizeof **samples, e);
    if (!*samples || !read_samples(&w, *samples, count, e)) {
        mem_free(*samples);
        *samples = NULL;
        return false;
    }
    *out = (Sound){w.rate, w.channels, count / w.channels, (const char *)*samples};
    return true;
}
