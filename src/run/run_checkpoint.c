/* Checkpoints: magic, byte order, version, JSON header, blobs, SHA-256 of all before it. Replaced atomically; the last two and
 * "best" are kept. */
#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/json.h"
#include "run/run_dir.h"

enum { CHECKPOINT_VERSION = 1, CHECKPOINT_KEPT = 2, HEAD_SIZE = 24, HASH_SIZE = 64 };
static const char checkpoint_magic[8] = {'L', 'I', 'M', 'B', 'C', 'K', 'P', 'T'};
static const uint32_t checkpoint_order = 0x01020304u;
static const char checkpoint_ending[] = ".checkpoint";

static char *checkpoint_file(const char *path, const char *name)
{
    return text_format("%s/checkpoints/%s%s", path, name, checkpoint_ending);
}

static char *checkpoint_header(const Value *meta, const Blob *blobs, size_t count)
{
    Value *header = value_map(), *list = value_list();
    for (size_t i = 0; i < count; i++) {
        Value *blob = value_map();
        value_set(blob, "name", value_text(blobs[i].name));
        value_set(blob, "size", value_int((int64_t)blobs[i].size));
        value_add(list, blob);
    }
    value_set(header, "meta", meta ? value_copy(meta) : value_map());
    value_set(header, "blobs", list);
    char *text = json_format(header, JSON_COMPACT);
    value_free(header);
    return text;
}

static uint8_t *checkpoint_build(const char *header, const Blob *blobs, size_t count, size_t *size, Error *e)
{
    uint32_t version = CHECKPOINT_VERSION;
    uint64_t length = strlen(header);
    char hex[HASH_ROOM];
    size_t total = HEAD_SIZE + length + HASH_SIZE;
    for (size_t i = 0; i < count; i++)
        if (!mem_add(total, blobs[i].size, &total)) {
            error_set(e, ERROR_MEMORY, "the checkpoint is too large");
            return NULL;
        }
    uint8_t *bytes = mem_try_alloc(total, 1, e);
    if (!bytes)
        return NULL;
    memcpy(bytes, checkpoint_magic, 8);
    memcpy(bytes + 8, &checkpoint_order, 4);
    memcpy(bytes + 12, &version, 4);
    memcpy(bytes + 16, &length, 8);
    memcpy(bytes + HEAD_SIZE, header, length);
    size_t at = HEAD_SIZE + length;
    for (size_t i = 0; i < count; i++) {
        if (blobs[i].size > 0)
            memcpy(bytes + at, blobs[i].bytes, blobs[i].size);
        at += blobs[i].size;
    }
    sha256_hex(bytes, at, hex);
    memcpy(bytes + at, hex, HASH_SIZE);
    *size = total;
    return bytes;
}

/* Names of numbered checkpoints, oldest first. */
static TextList checkpoint_numbers(const char *path)
{
    TextList names = {0}, numbers = {0};
    char *directory = io_join(path, "checkpoints");
    IoInfo info;
    if (io_stat(directory, &info))
        io_list(directory, &names, NULL);
    for (size_t i = 0; i < names.count; i++) {
        if (names.items[i][0] < '0' || names.items[i][0] > '9' || !text_ends(names.items[i], checkpoint_ending))
            continue;
        names.items[i][strlen(names.items[i]) - strlen(checkpoint_ending)] = '\0';
        text_list_add(&numbers, names.items[i]);
    }
    text_list_done(&names);
    mem_free(directory);
    return numbers;
}

/* Called when the new one is on the disk. Newer names than it are damaged leftovers of an older generation. */
static void checkpoint_drop_old(const char *path, const char *newest)
{
    TextList numbers = checkpoint_numbers(path);
    size_t place = 0;
    while (place < numbers.count && !text_equal(numbers.items[place], newest))
        place++;
    for (size_t i = 0; i < numbers.count; i++) {
        char *file = checkpoint_file(path, numbers.items[i]);
        if (i > place || i + CHECKPOINT_KEPT <= place)
            io_remove(file, NULL);
        mem_free(file);
    }
    text_list_done(&numbers);
}

bool run_checkpoint_save(RunDir *run, const char *name, const Value *meta, const Blob *blobs, size_t count, Error *e)
{
    if (!run)
        return true;
    size_t size = 0;
    char *header = checkpoint_header(meta, blobs, count), *file = checkpoint_file(run->path, name),
         *directory = run_file(run, "checkpoints");
    uint8_t *bytes = checkpoint_build(header, blobs, count, &size, e);
    /* a directory made with its parents would bring a removed run back */
    bool ok = bytes && (run_is_directory(run->path) || error_set(e, ERROR_FAILED, "%s: the run was removed", run->path)) &&
              io_make_directory(directory, e) && io_replace(file, bytes, size, e);
    if (ok && name[0] >= '0' && name[0] <= '9')
        checkpoint_drop_old(run->path, name);
    mem_free(bytes);
    mem_free(directory);
    mem_free(file);
    mem_free(header);
    return ok;
}

typedef struct Checkpoint {
    char *bytes;
    size_t size, blobs_at;
    Value *header;
} Checkpoint;

static void checkpoint_done(Checkpoint *c)
{
    value_free(c->header);
    mem_free(c->bytes);
}

static bool checkpoint_check_head(const Checkpoint *c, uint64_t *length, Error *e)
{
    uint32_t order, version;
    if (c->size < HEAD_SIZE + HASH_SIZE || memcmp(c->bytes, checkpoint_magic, 8) != 0)
        return error_set(e, ERROR_FAILED, "is not a checkpoint or was cut");
    memcpy(&order, c->bytes + 8, 4);
    memcpy(&version, c->bytes + 12, 4);
    memcpy(length, c->bytes + 16, 8);
    if (order != checkpoint_order)
        return error_set(e, ERROR_FAILED, "was written by a machine of another byte order");
    if (version != CHECKPOINT_VERSION)
        return error_set(e, ERROR_FAILED, "has format %u, this limbeck knows %u", version, CHECKPOINT_VERSION);
    return *length <= c->size - HEAD_SIZE - HASH_SIZE || error_set(e, ERROR_FAILED, "is damaged: its header is longer than the file");
}

static bool checkpoint_check_sizes(const Checkpoint *c, Error *e)
{
    const Value *blobs = value_get(c->header, "blobs");
    size_t at = c->blobs_at, end = c->size - HASH_SIZE;
    for (size_t i = 0; i < value_items(blobs); i++) {
        int64_t size = value_get_int(blobs->items[i], "size", -1);
        if (size < 0 || (uint64_t)size > end - at)
            return error_set(e, ERROR_FAILED, "is damaged: its sizes do not fit");
        at += (size_t)size;
    }
    return (blobs && blobs->type == VALUE_LIST && at == end) || error_set(e, ERROR_FAILED, "is damaged: its sizes do not fit");
}

/* Looked at before the whole is read: what is no checkpoint can be of any size. */
static bool checkpoint_has_magic(const char *file, Error *e)
{
    char head[sizeof checkpoint_magic] = "";
    size_t got = 0;
    if (!io_read_part(file, 0, head, sizeof head, &got, e))
        return false;
    return (got == sizeof head && memcmp(head, checkpoint_magic, sizeof head) == 0) ||
           error_set(e, ERROR_FAILED, "%s is not a checkpoint or was cut", file);
}

static bool checkpoint_open(const char *file, Checkpoint *c, Error *e)
{
    uint64_t length = 0;
    char hex[HASH_ROOM];
    *c = (Checkpoint){0};
    if (!checkpoint_has_magic(file, e) || !io_read_file(file, 0, &c->bytes, &c->size, e))
        return false;
    bool ok = checkpoint_check_head(c, &length, e);
    if (ok) {
        sha256_hex(c->bytes, c->size - HASH_SIZE, hex);
        ok = memcmp(hex, c->bytes + c->size - HASH_SIZE, HASH_SIZE) == 0 || error_set(e, ERROR_FAILED, "is damaged: its hash differs");
    }
    if (ok) {
        c->blobs_at = HEAD_SIZE + (size_t)length;
        c->header = json_parse(c->bytes + HEAD_SIZE, (size_t)length, e);
        ok = c->header && checkpoint_check_sizes(c, e);
    }
    if (ok)
        return true;
    checkpoint_done(c);
    *c = (Checkpoint){0};
    return error_prefix(e, "%s ", file);
}

bool run_checkpoint_verify(const char *file, Error *e)
{
    Checkpoint c;
    if (!checkpoint_open(file, &c, e))
        return false;
    checkpoint_done(&c);
    return true;
}

static const char *checkpoint_find(const Checkpoint *c, const char *name, size_t *size)
{
    const Value *blobs = value_get(c->header, "blobs");
    size_t at = c->blobs_at;
    for (size_t i = 0; i < value_items(blobs); i++) {
        *size = (size_t)value_get_int(blobs->items[i], "size", 0);
        if (text_equal(value_get_text(blobs->items[i], "name", ""), name))
            return c->bytes + at;
        at += *size;
    }
    return NULL;
}

static bool checkpoint_read(const Checkpoint *c, const char *file, Blob *blobs, size_t count, Error *e)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = 0;
        const char *from = checkpoint_find(c, blobs[i].name, &size);
        if (!from)
            return error_set(e, ERROR_FAILED, "%s has no part \"%s\"", file, blobs[i].name);
        if (size != blobs[i].size)
            return error_set(e, ERROR_FAILED, "%s: part \"%s\" has %zu bytes, expected %zu", file, blobs[i].name, size, blobs[i].size);
        if (size > 0)
            memcpy(blobs[i].bytes, from, size);
    }
    return true;
}

/* The newest whole one; names of newer damaged ones go to `damaged`. */
static bool checkpoint_open_newest(const char *path, Checkpoint *c, char **file, Value *damaged, Error *e)
{
    TextList numbers = checkpoint_numbers(path);
    bool ok = false;
    for (size_t i = numbers.count; !ok && i > 0; i--) {
        mem_free(*file);
        *file = checkpoint_file(path, numbers.items[i - 1]);
        error_clear(e);
        ok = checkpoint_open(*file, c, e);
        if (!ok)
            value_add(damaged, value_text(numbers.items[i - 1]));
    }
    if (numbers.count == 0)
        error_set(e, ERROR_FAILED, "%s has no checkpoint", path);
    text_list_done(&numbers);
    return ok;
}

bool run_checkpoint_load(const char *path, const char *name, Value **meta, Blob *blobs, size_t count, Error *e)
{
    Checkpoint c = {0};
    char *file = name ? checkpoint_file(path, name) : NULL;
    Value *damaged = value_list();
    bool ok = name ? checkpoint_open(file, &c, e) : checkpoint_open_newest(path, &c, &file, damaged, e);
    ok = ok && checkpoint_read(&c, file, blobs, count, e);
    if (meta && (ok || (damaged->size > 0 && !c.header))) {
        const Value *stored = ok ? value_get(c.header, "meta") : NULL;
        *meta = stored ? value_copy(stored) : value_map();
        if (damaged->size > 0)
            value_set(*meta, "damaged", value_copy(damaged));
    }
    if (ok)
        error_clear(e);
    checkpoint_done(&c);
    value_free(damaged);
    mem_free(file);
    return ok;
}

bool run_checkpoint_exists(const char *path)
{
    TextList numbers = checkpoint_numbers(path);
    bool found = numbers.count > 0;
    text_list_done(&numbers);
    return found;
}
