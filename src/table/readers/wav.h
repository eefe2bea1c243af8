/* WAV files from spans of bytes: PCM of 8, 16, 24 and 32 bits and float of 32 and 64, any number of channels, plain and extensible
 * headers, any chunks between. What is not as its header says is refused by name: nothing is guessed. */
#ifndef TABLE_READERS_WAV_H
#define TABLE_READERS_WAV_H

#include "table/sound.h"

bool wav_is(const uint8_t *bytes, size_t size); /* it begins as a WAV file of any byte order does */

/* out->samples: 16 bit, rounded from what is wider, interleaved; the caller frees *samples. most: largest number of samples. */
bool wav_read(const uint8_t *bytes, size_t size, size_t most, Sound *out, int16_t **samples, Error *e);

#endif
