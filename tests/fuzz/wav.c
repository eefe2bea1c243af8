/* WAV: any bytes give a sound or a sentence; a sound has the length that it says, and its cell gives the same one back. */
#include "table/readers/wav.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Error e = {0};
    Sound s, back;
    int16_t *samples;
    bool ok = wav_read(data, size, 1 << 16, &s, &samples, &e);
    fuzz_check(ok, &e);
    if (!ok)
        return 0;
    Column *c = sound_column_new(1, &e);
    if (!c || !sound_put(c, 0, &s, &e) || !sound_get(c, 0, &back) || back.frames != s.frames || back.rate != s.rate ||
        memcmp(back.samples, samples, s.frames * s.channels * sizeof *samples) != 0)
        abort();
    SoundFacts facts;
    sound_facts(&back, &facts);
    if (!(facts.peak >= 0 && facts.peak <= 1 && facts.clipped >= 0 && facts.silence <= 1))
        abort();
    column_unref(c);
    mem_free(samples);
    return 0;
}
