/* WAV files made byte by byte: every kind of sample gives the same sound, and each fault is named. */
#include "table/readers/wav.h"

#include <string.h>

#include "base/io.h"
#include "table/readers/sounds.h"
#include "tests/unit/test.h"

enum { PCM = 1, FLOAT = 3, EXTENSIBLE = 0xFFFE };

typedef struct Made { /* what a header says */
    unsigned format, inner, bits, channels;
    uint32_t rate;
    bool is_extensible, has_list;
} Made;

static void put(Text *t, uint64_t x, int bytes)
{
    for (int i = 0; i < bytes; i++)
        text_add_char(t, (char)(x >> (8 * i)));
}

static void put_sample(Text *t, const Made *m, int16_t x)
{
    float narrow = (float)x / 32768.0f;
    double wide = (double)narrow;
    uint32_t bits;
    uint64_t many;
    memcpy(&bits, &narrow, sizeof bits);
    memcpy(&many, &wide, sizeof many);
    if ((m->is_extensible ? m->inner : m->format) == FLOAT)
        put(t, m->bits == 32 ? bits : many, (int)m->bits / 8);
    else if (m->bits == 8)
        put(t, (uint64_t)(x / 256 + 128), 1);
    else
        put(t, (uint64_t)(int64_t)x << (m->bits - 16), (int)m->bits / 8);
}

static void make(Text *t, const Made *m, const int16_t *samples, size_t count)
{
    unsigned block = m->channels * m->bits / 8;
    text_clear(t);
    text_add(t, "RIFF");
    put(t, 0, 4);
    text_add(t, "WAVE");
    if (m->has_list) { /* of an odd size, with a byte to fill it up */
        text_add(t, "LIST");
        put(t, 3, 4);
        text_add_bytes(t, "abc\0", 4);
    }
    text_add(t, "fmt ");
    put(t, m->is_extensible ? 40 : 16, 4);
    put(t, m->is_extensible ? EXTENSIBLE : m->format, 2);
    put(t, m->channels, 2);
    put(t, m->rate, 4);
    put(t, m->rate * block, 4);
    put(t, block, 2);
    put(t, m->bits, 2);
    if (m->is_extensible) {
        put(t, 22, 2);
        put(t, m->bits, 2);
        put(t, 0, 4);
        put(t, m->inner, 2);
        for (int i = 0; i < 14; i++)
            put(t, 0, 1);
    }
    text_add(t, "data");
    put(t, count * m->bits / 8, 4);
    for (size_t i = 0; i < count; i++)
        put_sample(t, m, samples[i]);
}

static bool read(const Text *t, Sound *s, int16_t **samples, Error *e)
{
    *e = (Error){0};
    return wav_read((const uint8_t *)t->bytes, t->size, 1000, s, samples, e);
}

static void check_kinds(void)
{
    static const int16_t samples[] = {0, 256, -256, 32512, -32768, 12800};
    static const Made kinds[] = {
        {.format = PCM, .bits = 8, .channels = 1, .rate = 8000},
        {.format = PCM, .bits = 16, .channels = 2, .rate = 16000, .has_list = true},
        {.format = PCM, .bits = 24, .channels = 3, .rate = 44100},
        {.format = PCM, .bits = 32, .channels = 1, .rate = 48000},
        {.format = FLOAT, .bits = 32, .channels = 2, .rate = 8000},
        {.format = FLOAT, .bits = 64, .channels = 1, .rate = 8000, .has_list = true},
        {.inner = PCM, .bits = 24, .channels = 2, .rate = 96000, .is_extensible = true},
        {.inner = FLOAT, .bits = 32, .channels = 6, .rate = 8000, .is_extensible = true},
    };
    Text t = {0};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        Sound s = {0};
        int16_t *got;
        Error e;
        make(&t, &kinds[k], samples, 6);
        CHECK_OK(read(&t, &s, &got, &e), e);
        CHECK(s.rate == kinds[k].rate && s.channels == kinds[k].channels && s.frames == 6 / kinds[k].channels);
        CHECK(got && memcmp(got, samples, sizeof samples) == 0);
        mem_free(got);
        for (size_t cut = 0; cut < t.size; cut++) { /* of each beginning nothing is read beyond its end, and none is a sound */
            char *part = mem_copy(t.bytes, cut + 1);
            CHECK(!wav_read((const uint8_t *)part, cut, 1000, &s, &got, &e));
            mem_free(part);
        }
    }
    text_done(&t);
}

typedef struct Fault {
    size_t at, bytes;
    uint64_t value;
    const char *said;
} Fault;

static void check_faults(void)
{
    static const int16_t samples[] = {1, 2, 3, 4};
    static const Fault faults[] = {
        {0, 1, 'X', "does not begin with RIFF"},
        {3, 1, 'X', "of the form RIFX"},
        {12, 1, 'x', "no \"fmt \" chunk"},
        {16, 4, 0xFFFFFFF0, "chunk \"fmt \" says"},
        {20, 2, 7, "holds mu-law (format 7)"},
        {22, 2, 0, "says it has 0 channels"},
        {22, 2, 65, "says it has 65 channels"},
        {24, 4, 0, "0 samples a second"},
        {24, 4, 4000000000, "4000000000 samples a second"},
        {32, 2, 3, "contradicts itself"},
        {34, 2, 12, "samples of 12 bits"},
        {36, 1, 'x', "no \"data\" chunk"},
        {40, 4, 9, "is cut off: its chunk \"data\" says 9 bytes, and 8 are there"},
        {40, 4, 7, "ends inside a sample"},
        {40, 4, 0, "holds no sample"},
    };
    Text t = {0};
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
        Sound s;
        int16_t *got;
        Error e;
        make(&t, &(Made){.format = PCM, .bits = 16, .channels = 1, .rate = 8000}, samples, 4);
        for (size_t i = 0; i < faults[k].bytes; i++)
            t.bytes[faults[k].at + i] = (char)(faults[k].value >> (8 * i));
        CHECK(!read(&t, &s, &got, &e) && !got);
        if (!strstr(e.message, faults[k].said))
            CHECK_TEXT(e.message, faults[k].said);
    }
    text_done(&t);
}

static void check_pattern(const char *pattern, const char *file, const char *pieces)
{
    SoundsPattern p;
    TextList found = {0};
    Text all = {0};
    Error e = {0};
    CHECK_OK(sounds_pattern_parse(pattern, &p, &e), e);
    if (sounds_pattern_match(&p, file, &found))
        for (size_t i = 0; i < found.count; i++)
            text_addf(&all, "%s%s", i ? "|" : "", found.items[i]);
    CHECK_TEXT(text_get(&all), pieces);
    text_done(&all);
    text_list_done(&found);
    sounds_pattern_done(&p);
}

static void check_patterns(void)
{
    check_pattern(SOUNDS_PATTERN, "7_theo_12.wav", "7|theo|12");
    check_pattern(SOUNDS_PATTERN, "7_theo.wav", "");
    check_pattern(SOUNDS_PATTERN, "7__1.wav", "");
    check_pattern("{word}/{speaker}_nohash_{take}.wav", "yes/0a7c_nohash_0.wav", "yes|0a7c|0");
    check_pattern("{label}.wav", "a.wav.wav", "a.wav");
    check_pattern("{label}.wav", ".wav", "");
}

static const char *in_place(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", test_directory(), name);
    return path;
}

/* A folder with a good file, one that is cut off, and one in a folder of its own. */
static void check_folder(void)
{
    static const int16_t loud[] = {32767, -32768, 100, 0};
    Text t = {0};
    Error e = {0};
    Sound s;
    make(&t, &(Made){.format = PCM, .bits = 16, .channels = 1, .rate = 8000}, loud, 4);
    CHECK_OK(io_make_directory(in_place("sounds/more"), &e), e);
    CHECK_OK(io_replace(in_place("sounds/no_ann_1.wav"), t.bytes, t.size - 2, &e), e);
    CHECK_OK(io_replace(in_place("sounds/yes_ann_1.wav"), t.bytes, t.size, &e), e);
    CHECK_OK(io_replace(in_place("sounds/more/x_bob_2.wav"), t.bytes, t.size, &e), e);
    Table *folder = table_read(NULL, in_place("sounds"), NULL, &e);
    CHECK_OK(folder != NULL, e);
    CHECK(folder->rows == 2 && folder->rejects_count == 1 && strstr(folder->rejects[0].reason, "no_ann_1.wav is cut off"));
    Column *sounds = table_column(folder, "sound"), *takes = table_column(folder, "take");
    CHECK(takes && takes->type == COLUMN_INT && takes->data.ints[0] == 2);
    CHECK(sounds && sound_get(sounds, 1, &s) && s.frames == 4 && sound_sample(&s, 1) == -32768);
    CHECK(sounds->data.codes[0] == sounds->data.codes[1]); /* equal sounds are one */
    CHECK_NEAR(column_real(table_column(folder, "sound_clipped"), 0), 0.5, 0);
    CHECK_NEAR(column_real(table_column(folder, "sound_peak"), 0), 1, 0);
    CHECK_OK(io_replace(in_place("sounds/list.csv"), "who,path\nann,yes_ann_1.wav\nbob,gone.wav\n", 40, &e), e);
    Value *options = value_map();
    value_set(options, "reader", value_text("sounds"));
    value_set(options, "file", value_text("path"));
    Table *list = table_read(NULL, in_place("sounds/list.csv"), options, &e);
    CHECK_OK(list != NULL, e);
    CHECK(list->rows == 1 && list->rejects_count == 1 && table_find(list, "who") == 0);
    char a[HASH_ROOM], b[HASH_ROOM];
    table_hash(folder, a);
    s = (Sound){8000, 1, 4, (const char *)(int16_t[]){32767, -32768, 101, 0}};
    Column *other = sound_column_new(2, &e);
    CHECK_OK(sound_put(other, 0, &s, &e) && sound_put(other, 1, &s, &e), e);
    CHECK(!column_equal(other, sounds));
    Table *changed = table_with(folder, "sound", other, &e);
    table_hash(changed, b);
    CHECK(!text_equal(a, b));
    table_unref(changed);
    table_unref(folder);
    table_unref(list);
    value_free(options);
    text_done(&t);
}

void unit_wav(void)
{
    TEST("every kind of sample is the same sound, and no beginning of a file is one");
    check_kinds();
    TEST("each fault is named");
    check_faults();
    TEST("names of files by a pattern");
    check_patterns();
    TEST("a folder, and a list");
    check_folder();
}
