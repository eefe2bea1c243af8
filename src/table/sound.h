/* Sounds: cells of a SOUND column, of any length each, 16 bit in memory. A cell is a code into a dictionary of sounds, so that rows are
 * selected, split and copied without copying a sound, and equal sounds are one. */
#ifndef TABLE_SOUND_H
#define TABLE_SOUND_H

#include "table/table.h"

enum { SOUND_RATE_MOST = 768000, SOUND_CHANNELS_MOST = 64 };

typedef struct Sound {
    uint32_t rate, channels; /* Hz */
    size_t frames;           /* a sample of each channel */
    const char *samples;     /* borrowed; frames * channels of int16_t, not aligned: sound_sample reads them */
} Sound;

/* A SOUND column with no sound in it yet: fill it by sound_put. */
Column *sound_column_new(size_t rows, Error *e);
/* Copies the sound; samples may be anywhere. One longer than a cell can hold is refused. */
bool sound_put(Column *c, size_t row, const Sound *s, Error *e);
bool sound_get(const Column *c, size_t row, Sound *out); /* false: missing */
static inline int16_t sound_sample(const Sound *s, size_t number)
{
    int16_t x;
    __builtin_memcpy(&x, s->samples + number * sizeof x, sizeof x);
    return x;
}
static inline int16_t sound_round(double x) /* x in units of a 16-bit sample; what is beyond them is clipped */
{
    return (int16_t)(x >= 32767 ? 32767 : x <= -32768 ? -32768 : x < 0 ? x - 0.5 : x + 0.5);
}
void sound_floats(const Sound *s, float *out); /* frames * channels, -1 .. 1 */
double sound_seconds(const Sound *s);

typedef struct SoundFacts {
    double peak;    /* the largest sample, full scale is 1 */
    double clipped; /* share of the samples at full scale */
    double silence; /* share of pieces of 10 ms below -50 dB of full scale */
} SoundFacts;
void sound_facts(const Sound *s, SoundFacts *out);

/* For table/column.c. format: 0.448 s 8000 Hz. format_key: the same for equal sounds only. */
void sound_format(const Column *c, size_t row, Text *out);
void sound_format_key(const Column *c, size_t row, Text *out);

#endif
