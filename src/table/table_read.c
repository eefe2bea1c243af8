/* Files to tables: finds the reader, opens gzip, and reads only the first part for a first look. */
#include <string.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/proc.h"
#include "table/reader.h"
#include "table/readers/gzip.h"
#include "table/readers/magic.h"
#include "table/readers/sounds.h"

enum { HEAD_BYTES = 256 << 10, HEAD_ROOM = 4 << 20 };
static const int64_t default_unpacked = INT64_C(1) << 30, default_ratio = 200;

#define READER(name) extern const Reader name##_reader;
#include "table/readers/readers.def"
#undef READER

const Family *reader_family(void)
{
    static const Spec *const members[] = {
#define READER(name) &name##_reader.spec,
#include "table/readers/readers.def"
#undef READER
    };
    static const Family family = {"reader", "Readers", "how files become tables", members, sizeof members / sizeof *members};
    return &family;
}

static const Reader *pick_reader(const char *name, const uint8_t *bytes, size_t size, const Value *options, Error *e)
{
    const Family *family = reader_family();
    const char *wanted = value_get_text(options, "reader", NULL);
    const Reader *best = wanted ? (const Reader *)family_find(family, wanted) : NULL;
    if (wanted && !best)
        error_set(e, ERROR_USAGE, "no reader \"%s\"; `limbeck help reader` lists them", wanted);
    if (!wanted && !magic_check(name, bytes, size, e))
        return NULL;
    int best_score = 0;
    for (size_t i = 0; !wanted && i < family->count; i++) {
        const Reader *r = (const Reader *)family->members[i];
        int score = r->sniff(name, bytes, size);
        if (score > best_score)
            best = r, best_score = score;
    }
    if (!wanted && !best)
        error_at(e, ERROR_FAILED, name, 0, 0, "no reader knows this kind of file; try reader = \"csv\"");
    return best;
}

/* The reader's own options: without those that are for the file around it, and with those for any reader that it has. */
static Value *inner_options(const Reader *reader, const Value *options, bool partial)
{
    Value *inner = options && options->type == VALUE_MAP ? value_copy(options) : value_map();
    const Value *some = value_get(options, TABLE_READ_WHERE_KNOWN);
    value_remove(inner, TABLE_READ_WHERE_KNOWN);
    for (size_t i = 0; some && i < some->size; i++)
        if (fields_find(reader->spec.params, some->keys[i]))
            value_set(inner, some->keys[i], value_copy(some->items[i]));
    value_remove(inner, "reader");
    value_remove(inner, "max_unpacked");
    value_remove(inner, "max_ratio");
    if (partial)
        value_set(inner, "partial", value_flag(true));
    return inner;
}

static void note_rejects(Table *t)
{
    char *note = t->rejects_count ? table_rejects_summary(t) : NULL;
    if (note)
        text_list_add(&t->notes, note);
    mem_free(note);
}

typedef struct Span {
    const char *name;
    const uint8_t *bytes;
    size_t size;
    bool partial;
} Span;

static Table *read_span(Job *job, Span s, const Value *options, Error *e)
{
    const Reader *reader = pick_reader(s.name, s.bytes, s.size, options, e);
    if (!reader)
        return NULL;
    Value *inner = inner_options(reader, options, s.partial);
    void *params = params_from_value(&reader->spec, inner, e);
    Table *t = params ? reader->read(job, params, s.name, s.bytes, s.size, e) : NULL;
    params_free(&reader->spec, params);
    value_free(inner);
    if (t)
        note_rejects(t);
    return t;
}

static GzipLimit limit_of(const Value *options)
{
    return (GzipLimit){.size = (uint64_t)value_get_int(options, "max_unpacked", default_unpacked),
                       .ratio = (uint64_t)value_get_int(options, "max_ratio", default_ratio)};
}

Table *table_read_bytes(Job *job, const char *name, const uint8_t *bytes, size_t size, const Value *options, Error *e)
{
    char *unpacked = NULL;
    if (gzip_is(bytes, size)) {
        if (!gzip_unpack(name, bytes, size, limit_of(options), &unpacked, &size, e))
            return NULL;
        bytes = (const uint8_t *)unpacked;
    }
    Table *t = read_span(job, (Span){name, bytes, size, false}, options, e);
    mem_free(unpacked);
    return t;
}

/* Nothing that begins like this is a table, however large it pretends to be. */
static bool check_begin(const char *path, Error *e)
{
    static const char zeros[4096];
    char head[sizeof zeros];
    size_t got = 0;
    IoInfo info;
    if (!io_stat(path, &info) || !info.is_regular || !io_read_part(path, 0, head, sizeof head, &got, e))
        return e->code == ERROR_NONE;
    return got < sizeof head || memcmp(head, zeros, sizeof head) != 0 ||
           error_at(e, ERROR_FAILED, path, 0, 0, "is not text: it begins with %zu NUL bytes", sizeof head);
}

/* The bytes of a file are held whole: no more of them than max_memory, and than this machine has. */
static bool read_bytes(const char *path, const Value *options, char **bytes, size_t *size, Error *e)
{
    uint64_t limit = (uint64_t)value_get_int(options, "max_memory", 16384) << 20, memory = proc_memory();
    Error failed = {0};
    if (memory && limit > memory)
        limit = memory;
    if (!check_begin(path, e))
        return false;
    if (io_read_file(path, limit, bytes, size, &failed))
        return true;
    *e = failed;
    IoInfo info;
    bool is_long = io_stat(path, &info) ? info.size > limit : failed.code == ERROR_IO && strstr(failed.message, "limit of");
    return is_long ? error_set(e, ERROR_MEMORY, "%s holds more than %llu MiB; raise max_memory or give it in parts",
                               text_equal(path, "-") ? "standard input" : path, (unsigned long long)(limit >> 20))
                   : false;
}

/* A folder is read as the sounds in it. */
static Table *read_folder(Job *job, const char *path, const Value *options, Error *e)
{
    const char *wanted = value_get_text(options, "reader", sounds_reader.spec.name);
    if (!text_equal(wanted, sounds_reader.spec.name)) {
        error_set(e, ERROR_USAGE, "%s is a folder, which only reader = \"%s\" reads, not \"%s\"", path, sounds_reader.spec.name, wanted);
        return NULL;
    }
    Value *inner = inner_options(&sounds_reader, options, false);
    void *params = params_from_value(&sounds_reader.spec, inner, e);
    Table *t = params ? sounds_read_folder(job, params, path, e) : NULL;
    params_free(&sounds_reader.spec, params);
    value_free(inner);
    if (t)
        note_rejects(t);
    return t;
}

static bool is_folder(const char *path)
{
    IoInfo info;
    return !text_equal(path, "-") && io_stat(path, &info) && info.is_directory;
}

Table *table_read(Job *job, const char *path, const Value *options, Error *e)
{
    char *bytes = NULL;
    size_t size = 0;
    bool open = !job || !job->may_read || job->may_read(job->asker, path, e);
    if (open && is_folder(path))
        return read_folder(job, path, options, e);
    if (!open || !read_bytes(path, options, &bytes, &size, e))
        return NULL;
    const char *name = text_equal(path, "-") ? "standard input" : path;
    Table *t = table_read_bytes(job, name, (const uint8_t *)bytes, size, options, e);
    mem_free(bytes);
    return t;
}

/* The first part of a file, unpacked. */
typedef struct Head {
    Span span;
    char *bytes, *unpacked;
} Head;

static bool head_open(Head *h, const char *path, const Value *options, size_t size, Error *e)
{
    size_t got = 0;
    h->bytes = mem_alloc(HEAD_BYTES);
    if (!io_read_part(path, 0, h->bytes, HEAD_BYTES, &got, e))
        return false;
    h->span = (Span){path, (const uint8_t *)h->bytes, got, size > got};
    if (!gzip_is(h->span.bytes, got))
        return true;
    GzipLimit limit = limit_of(options);
    limit.partial = h->span.partial;
    if (h->span.partial)
        limit.size = HEAD_ROOM;
    if (!gzip_unpack(path, h->span.bytes, got, limit, &h->unpacked, &h->span.size, e))
        return false;
    h->span.bytes = (const uint8_t *)h->unpacked;
    return true;
}

static void head_close(Head *h)
{
    mem_free(h->unpacked);
    mem_free(h->bytes);
}

const Spec *table_find_reader(const char *path, const Value *options, Error *e)
{
    IoInfo info;
    Head h = {0};
    const Reader *reader = NULL;
    if (is_folder(path))
        return &sounds_reader.spec;
    if (!io_stat(path, &info) || !info.is_regular)
        error_set(e, ERROR_FAILED, "%s: is no file that can be read again", path);
    else if (head_open(&h, path, options, info.size, e))
        reader = pick_reader(path, h.span.bytes, h.span.size, options, e);
    head_close(&h);
    return reader ? &reader->spec : NULL;
}

Table *table_read_head(const char *path, const Value *options, bool *complete, Error *e)
{
    IoInfo info;
    Head h = {0};
    *complete = true;
    if (!io_stat(path, &info) || !info.is_regular)
        return table_read(NULL, path, options, e);
    Table *t = NULL;
    if (head_open(&h, path, options, info.size, e)) {
        *complete = !h.span.partial;
        t = read_span(NULL, h.span, options, e);
    }
    head_close(&h);
    return t;
}
