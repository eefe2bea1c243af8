/* The sounds reader: WAV files become rows, with their sounds and what is to be known of them. A file that cannot be read is a reject. */
#include "table/readers/sounds.h"

#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/number.h"
#include "table/readers/wav.h"

#define SOUND "sound"

static const Field fields[] = {
    {TEXT_FIELD(SoundsParams, pattern), .doc = "of their names, each {name} a column; empty: the usual, where all fit", .def = ""},
    {TEXT_FIELD(SoundsParams, file), .doc = "column of a list that names the files", .def = "file"},
    {INT_FIELD(SoundsParams, rows), .doc = "stop after so many files; 0: read all", .def = "0", .min = 0, .max = 4e9, .soft_max = 1e6},
    {FLAG_FIELD(SoundsParams, partial), .doc = "the bytes may end inside a row: drop it", .def = "false"},
    {INT_FIELD(SoundsParams, max_rows), .doc = "most files", .def = "10000000", .min = 1, .max = 4e9},
    {REAL_FIELD(SoundsParams, max_seconds), .doc = "longest sound", .unit = "s", .def = "3600", .min = 0.001, .max = 1e6},
    {INT_FIELD(SoundsParams, max_rejects), .doc = "most rejected files", .def = "10000", .min = 0, .max = 1e9},
    {INT_FIELD(SoundsParams, max_memory), .doc = "most memory for the sounds", .unit = "MiB", .def = "16384", .min = 1, .max = 1e9},
    {0},
};

enum { FACT_RATE, FACT_CHANNELS, FACT_SECONDS, FACT_PEAK, FACT_CLIPPED, FACT_SILENCE, FACTS };
static const char *const fact_names[FACTS] = {SOUND "_rate", SOUND "_channels", SOUND "_seconds",
                                              SOUND "_peak", SOUND "_clipped",  SOUND "_silence"};

typedef struct SoundsRead {
    Job *job;
    const SoundsParams *p;
    const char *name;   /* of the folder, list or file, for messages */
    const char *folder; /* where the names of files begin */
    const Table *list;
    const Column *files;
    bool is_bare; /* the list holds nothing but the files */
    Column *sounds, *facts[FACTS];
    SoundsPattern pattern;
    TextList *pieces; /* by row */
    size_t *kept, kept_count;
    uint64_t bytes;
    Table *out;
    size_t rejects_room;
} SoundsRead;

static bool reject(SoundsRead *r, size_t row, const char *why, Error *e)
{
    Table *t = r->out;
    const char *file = column_text(r->files, row, NULL);
    if (t->rejects_count == (size_t)r->p->max_rejects)
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "more than %zu files could not be read (%s %s); raise max_rejects",
                        t->rejects_count, file ? file : "an empty name", why);
    MEM_GROW(t->rejects, t->rejects_count, r->rejects_room);
    t->rejects[t->rejects_count++] = (Reject){.line = row + 1,
                                              .before = r->kept_count,
                                              .reason = text_format("%s %s", file ? file : "an empty name", why),
                                              .excerpt = mem_strdup(file ? file : "")};
    return true;
}

static void put_facts(SoundsRead *r, size_t row, const Sound *s)
{
    SoundFacts f;
    sound_facts(s, &f);
    r->facts[FACT_RATE]->data.ints[row] = s->rate;
    r->facts[FACT_CHANNELS]->data.ints[row] = s->channels;
    r->facts[FACT_SECONDS]->data.reals[row] = sound_seconds(s);
    r->facts[FACT_PEAK]->data.reals[row] = f.peak;
    r->facts[FACT_CLIPPED]->data.reals[row] = f.clipped;
    r->facts[FACT_SILENCE]->data.reals[row] = f.silence;
}

static size_t most_samples(const SoundsRead *r, const uint8_t *bytes, size_t size)
{
    double rate = size > 28 ? (double)(bytes[24] | (uint32_t)bytes[25] << 8 | (uint32_t)bytes[26] << 16) : 0;
    double channels = size > 24 ? (double)bytes[22] : 0;
    return (size_t)(r->p->max_seconds * rate * channels) + 1;
}

/* false: not read; e->code tells whether the whole reading ends. */
static bool take_wav(SoundsRead *r, size_t row, const uint8_t *bytes, size_t size, Error *why)
{
    Sound s;
    int16_t *samples;
    if (!wav_read(bytes, size, most_samples(r, bytes, size), &s, &samples, why))
        return false;
    r->bytes += s.frames * s.channels * sizeof *samples;
    bool ok = r->bytes <= (uint64_t)r->p->max_memory << 20
                  ? sound_put(r->sounds, row, &s, why)
                  : error_set(why, ERROR_MEMORY, "the sounds take more than %lld MiB; raise max_memory or read fewer",
                              (long long)r->p->max_memory);
    if (ok)
        put_facts(r, row, &s);
    mem_free(samples);
    return ok;
}

static bool read_file(SoundsRead *r, size_t row, const char *file, Error *why)
{
    enum { HEADER = 1 << 20 };
    char *path = io_join(r->folder, file), *bytes = NULL;
    size_t size = 0;
    bool ok = (!r->job || !r->job->may_read || r->job->may_read(r->job->asker, path, why)) &&
              io_read_file(path, ((uint64_t)r->p->max_memory << 20) + HEADER, &bytes, &size, why) &&
              take_wav(r, row, (const uint8_t *)bytes, size, why);
    mem_free(bytes);
    mem_free(path);
    return ok;
}

static bool take_row(SoundsRead *r, size_t row, Error *e)
{
    const char *file = column_text(r->files, row, NULL);
    Error why = {0};
    if (!file || !*file)
        return reject(r, row, "names no file", e);
    if (r->pattern.names.count && !sounds_pattern_match(&r->pattern, file, &r->pieces[row])) {
        char *reason = text_format("does not fit pattern = \"%s\"", r->p->pattern);
        bool ok = reject(r, row, reason, e);
        mem_free(reason);
        return ok;
    }
    if (read_file(r, row, file, &why)) {
        r->kept[r->kept_count++] = row;
        return true;
    }
    if (why.code == ERROR_MEMORY)
        return *e = why, false;
    return reject(r, row, why.message, e);
}

/* Where no pattern is given: the usual one, if every file of a bare list fits it. */
static bool find_pattern(SoundsRead *r, Error *e)
{
    bool is_given = r->p->pattern && *r->p->pattern, fits = r->is_bare && r->list->rows;
    if (is_given)
        return sounds_pattern_parse(r->p->pattern, &r->pattern, e);
    if (!fits || !sounds_pattern_parse(SOUNDS_PATTERN, &r->pattern, e))
        return !fits;
    for (size_t i = 0; fits && i < r->list->rows; i++) {
        TextList pieces = {0};
        const char *file = column_text(r->files, i, NULL);
        fits = file && sounds_pattern_match(&r->pattern, file, &pieces);
        text_list_done(&pieces);
    }
    if (fits)
        text_list_add(&r->out->notes, "names are " SOUNDS_PATTERN);
    else
        sounds_pattern_done(&r->pattern), r->pattern = (SoundsPattern){0};
    return true;
}

/* Whole numbers where all pieces are such. */
static Column *piece_column(const SoundsRead *r, size_t piece, Error *e)
{
    bool are_whole = true;
    int64_t n;
    for (size_t i = 0; are_whole && i < r->kept_count; i++) {
        const char *s = r->pieces[r->kept[i]].items[piece];
        are_whole = number_parse_int(s, strlen(s), &n);
    }
    Column *c = column_new(are_whole ? COLUMN_INT : COLUMN_TEXT, r->kept_count, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < r->kept_count; i++) {
        const char *s = r->pieces[r->kept[i]].items[piece];
        if (are_whole)
            number_parse_int(s, strlen(s), &c->data.ints[i]);
        else
            ok = column_set_text(c, i, s, strlen(s), e);
    }
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

static bool add_column(Table *t, const char *name, Column *c, Error *e)
{
    return c && table_add(t, name, c, e);
}

static bool add_columns(SoundsRead *r, Error *e)
{
    Table *t = r->out;
    bool ok = true;
    t->rows = r->kept_count;
    for (size_t i = 0; ok && i < r->list->columns_count; i++)
        ok = add_column(t, r->list->names[i], column_select(r->list->columns[i], r->kept, r->kept_count, e), e);
    for (size_t i = 0; ok && i < r->pattern.names.count; i++)
        ok = add_column(t, r->pattern.names.items[i], piece_column(r, i, e), e);
    ok = ok && add_column(t, SOUND, column_select(r->sounds, r->kept, r->kept_count, e), e);
    for (int i = 0; ok && i < FACTS; i++)
        ok = add_column(t, fact_names[i], column_select(r->facts[i], r->kept, r->kept_count, e), e);
    return ok;
}

static void note_rates(const SoundsRead *r)
{
    const Column *rates = r->facts[FACT_RATE];
    int64_t least = INT64_MAX, most = 0;
    for (size_t i = 0; i < r->kept_count; i++) {
        int64_t rate = rates->data.ints[r->kept[i]];
        least = rate < least ? rate : least;
        most = rate > most ? rate : most;
    }
    char *note = least == most ? text_format("%zu sounds of %lld Hz", r->kept_count, (long long)most)
                               : text_format("%zu sounds of %lld to %lld Hz: resample makes them one", r->kept_count, (long long)least,
                                             (long long)most);
    text_list_add(&r->out->notes, note);
    mem_free(note);
}

static bool prepare(SoundsRead *r, Error *e)
{
    size_t rows = r->list->rows;
    r->pieces = mem_try_alloc(rows + 1, sizeof *r->pieces, e);
    r->kept = r->pieces ? mem_try_alloc(rows + 1, sizeof *r->kept, e) : NULL;
    r->sounds = r->kept ? sound_column_new(rows, e) : NULL;
    bool ok = r->sounds != NULL;
    for (int i = 0; ok && i < FACTS; i++) {
        r->facts[i] = column_new(i < FACT_SECONDS ? COLUMN_INT : COLUMN_REAL, rows, e);
        ok = r->facts[i] != NULL;
    }
    return ok && find_pattern(r, e);
}

static bool read_all(SoundsRead *r, Error *e)
{
    size_t rows = r->list->rows, some = r->p->rows > 0 && (size_t)r->p->rows < rows ? (size_t)r->p->rows : rows;
    if (rows > (size_t)r->p->max_rows)
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "more than %lld files; raise max_rows", (long long)r->p->max_rows);
    if (!prepare(r, e))
        return false;
    for (size_t i = 0; i < some; i++) {
        if (!job_go_on(r->job, e) || !take_row(r, i, e))
            return false;
        job_progress(r->job, i + 1, some);
    }
    if (!r->kept_count)
        return error_at(e, ERROR_FAILED, r->name, 0, 0, "none of its %zu sounds could be read; the first: %s", some,
                        r->out->rejects_count ? r->out->rejects[0].reason : "there is none");
    note_rates(r);
    return add_columns(r, e);
}

static void done(SoundsRead *r)
{
    for (size_t i = 0; r->pieces && i < r->list->rows; i++)
        text_list_done(&r->pieces[i]);
    mem_free(r->pieces);
    mem_free(r->kept);
    column_unref(r->sounds);
    for (int i = 0; i < FACTS; i++)
        column_unref(r->facts[i]);
    sounds_pattern_done(&r->pattern);
}

static Table *load(SoundsRead *r, Error *e)
{
    const char *file = r->p->file && *r->p->file ? r->p->file : "file";
    int at = table_get(r->list, file, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "%s: name the column of the files by file = : ", r->name), NULL;
    r->files = r->list->columns[at];
    r->is_bare = r->list->columns_count == 1;
    if (r->files->type != COLUMN_TEXT)
        return error_set(e, ERROR_USAGE, "%s: %s is %s, not names of files", r->name, file, column_type_name(r->files->type)), NULL;
    r->out = table_new(0);
    for (size_t i = 0; i < r->list->notes.count; i++)
        text_list_add(&r->out->notes, r->list->notes.items[i]);
    bool ok = read_all(r, e);
    done(r);
    if (ok)
        return r->out;
    table_unref(r->out);
    return NULL;
}

static bool is_wav_name(const char *name)
{
    return text_ends(name, ".wav") || text_ends(name, ".WAV") || text_ends(name, ".Wav");
}

/* Of the folder and those in it: a folder for each label is usual. */
static bool list_folder(const char *path, const char *inner, TextList *files, Error *e)
{
    TextList names = {0};
    char *here = inner ? io_join(path, inner) : mem_strdup(path);
    bool ok = io_list(here, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        IoInfo info;
        char *name = inner ? io_join(inner, names.items[i]) : mem_strdup(names.items[i]), *full = io_join(path, name);
        if (is_wav_name(name))
            text_list_add(files, name);
        else if (!inner && io_stat(full, &info) && info.is_directory && !info.is_link)
            ok = list_folder(path, name, files, e);
        mem_free(full);
        mem_free(name);
    }
    text_list_done(&names);
    mem_free(here);
    return ok;
}

static Table *list_table(const TextList *files, const char *name, Error *e)
{
    Table *t = table_new(files->count);
    Column *c = column_new(COLUMN_TEXT, files->count, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < files->count; i++)
        ok = column_set_text(c, i, files->items[i], strlen(files->items[i]), e);
    if (!ok)
        column_unref(c);
    if (ok && table_add(t, name, c, e))
        return t;
    table_unref(t);
    return NULL;
}

static const char *file_column(const SoundsParams *p)
{
    return p->file && *p->file ? p->file : "file";
}

static Table *load_files(SoundsRead *r, const TextList *files, Error *e)
{
    Table *list = list_table(files, file_column(r->p), e), *t = NULL;
    r->list = list;
    if (list)
        t = load(r, e);
    table_unref(list);
    return t;
}

Table *sounds_read_folder(Job *job, const void *params, const char *path, Error *e)
{
    SoundsRead r = {.job = job, .p = params, .name = path, .folder = path};
    TextList files = {0};
    Table *t = NULL;
    if (list_folder(path, NULL, &files, e)) {
        if (files.count)
            t = load_files(&r, &files, e);
        else
            error_at(e, ERROR_FAILED, path, 0, 0,
                     "a directory that holds no WAV file: name a folder with .wav files in it or in its folders");
    }
    text_list_done(&files);
    return t;
}

/* Lines that are nothing but names. */
static bool list_lines(const uint8_t *bytes, size_t size, TextList *files)
{
    const char *at = (const char *)bytes, *end = at + size;
    while (at < end) {
        const char *line = memchr(at, '\n', (size_t)(end - at)), *stop = line ? line : end;
        size_t length = (size_t)(stop - at);
        length -= length && at[length - 1] == '\r';
        char *name = mem_strndup(at, length);
        if (*name)
            text_list_add(files, name);
        bool is_name = is_wav_name(name) || !*name;
        mem_free(name);
        if (!is_name)
            return false;
        at = line ? line + 1 : end;
    }
    return files->count > 0;
}

static Table *read_list(SoundsRead *r, const uint8_t *bytes, size_t size, Error *e)
{
    TextList files = {0};
    Table *t = NULL, *list = NULL;
    if (list_lines(bytes, size, &files)) {
        t = load_files(r, &files, e);
    } else {
        Value *options = value_map();
        value_set(options, "reader", value_text(csv_reader.spec.name));
        list = table_read_bytes(r->job, r->name, bytes, size, options, e);
        value_free(options);
        r->list = list;
        if (list)
            t = load(r, e);
    }
    table_unref(list);
    text_list_done(&files);
    return t;
}

static Table *sounds_read(Job *job, const void *params, const char *name, const uint8_t *bytes, size_t size, Error *e)
{
    char *folder = io_directory(name);
    SoundsRead r = {.job = job, .p = params, .name = name, .folder = folder};
    TextList one = {0};
    Table *t = NULL;
    if (wav_is(bytes, size)) {
        text_list_add(&one, io_base_name(name));
        t = load_files(&r, &one, e);
    } else {
        t = read_list(&r, bytes, size, e);
    }
    text_list_done(&one);
    mem_free(folder);
    return t;
}

static int sniff(const char *name, const uint8_t *bytes, size_t size)
{
    (void)name;
    return wav_is(bytes, size) ? 100 : 0;
}

static const Example examples[] = {
    {"{}", "gone.wav\n", "error: none of its 1 sounds could be read; the first: gone.wav"},
    {"{\"file\": \"path\"}", "name,label\na.wav,1\n", "error: no column \"path\""},
    {"{\"pattern\": \"{label}{take}\"}", "a.wav\n", "error: something must stand between two columns"},
    {0},
};

const Reader sounds_reader = {
    .spec = {.name = "sounds",
             .doc = "WAV files: a folder of them, a list of their names, or one",
             .group = "sound",
             .params = fields,
             .params_size = sizeof(SoundsParams),
             .examples = examples,
             .examples_count = 3},
    .sniff = sniff,
    .read = sounds_read,
};
