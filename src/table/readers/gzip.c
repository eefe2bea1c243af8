/* Unpacks gzip (also several members in a row) with limits against bombs. The one file that knows zlib. */
#include "table/readers/gzip.h"

#include <limits.h>
#include <zlib.h>

#include "base/mem.h"

enum { FREE_SIZE = 1 << 20, FIRST_ROOM = 1 << 16 };

bool gzip_is(const uint8_t *bytes, size_t size)
{
    return size >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

static bool check_limit(const char *name, uint64_t packed, uint64_t unpacked, GzipLimit limit, Error *e)
{
    if (unpacked > limit.size)
        return error_at(e, ERROR_FAILED, name, 0, 0, "unpacks to more than %llu bytes; raise max_unpacked", (unsigned long long)limit.size);
    if (unpacked > FREE_SIZE && unpacked / (packed + 1) > limit.ratio)
        return error_at(e, ERROR_FAILED, name, 0, 0, "unpacks to more than %llu times its size; raise max_ratio",
                        (unsigned long long)limit.ratio);
    return true;
}

static void *zlib_alloc(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    Error ignored = {0}; /* zlib says it with its own code */
    return mem_try_alloc(count, size, &ignored);
}

static void zlib_free(void *unused, void *block)
{
    (void)unused;
    mem_free(block);
}

static bool make_room(char **out, size_t used, size_t *room, Error *e)
{
    if (used + 1 < *room)
        return true;
    size_t wider = *room ? 2 * *room : FIRST_ROOM;
    char *block = mem_try_realloc(*out, wider, 1, e);
    if (!block)
        return false;
    *out = block;
    *room = wider;
    return true;
}

/* One call of inflate; *end: all members are unpacked. */
static bool unpack_some(z_stream *z, bool partial, bool *end, const char *name, Error *e)
{
    int rc = inflate(z, Z_NO_FLUSH);
    if (rc == Z_STREAM_END) {
        *end = z->avail_in == 0 || !gzip_is(z->next_in, z->avail_in);
        return *end || inflateReset(z) == Z_OK || error_at(e, ERROR_FAILED, name, 0, 0, "gzip data is damaged");
    }
    if (rc == Z_OK && (z->avail_in > 0 || z->avail_out == 0))
        return true;
    *end = true;
    if (partial && (rc == Z_OK || rc == Z_BUF_ERROR))
        return true;
    bool cut = rc == Z_OK || rc == Z_BUF_ERROR;
    return error_at(e, ERROR_FAILED, name, 0, 0, cut ? "gzip data ends too early; the file is cut off" : "gzip data is damaged");
}

bool gzip_unpack(const char *name, const uint8_t *bytes, size_t size, GzipLimit limit, char **out, size_t *out_size, Error *e)
{
    z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};
    size_t room = 0, used = 0, fed = 0;
    bool end = false, ok = inflateInit2(&z, 15 + 16) == Z_OK;
    *out = NULL;
    while (ok && !end) {
        if (z.avail_in == 0 && fed < size) {
            z.next_in = (uint8_t *)bytes + fed;
            z.avail_in = size - fed < (1u << 30) ? (unsigned)(size - fed) : 1u << 30;
            fed += z.avail_in;
        }
        if (!(ok = make_room(out, used, &room, e)))
            break;
        unsigned step = room - used - 1 < (1u << 30) ? (unsigned)(room - used - 1) : 1u << 30;
        z.next_out = (uint8_t *)*out + used;
        z.avail_out = step;
        ok = unpack_some(&z, limit.partial, &end, name, e);
        used += step - z.avail_out;
        if (limit.partial && used >= limit.size)
            end = true;
        if (ok && !limit.partial)
            ok = check_limit(name, fed, used, limit, e);
    }
    inflateEnd(&z);
    if (ok)
        (*out)[used] = 0;
    else
        mem_free(*out);
    *out_size = used;
    return ok;
}

bool gzip_pack(const char *bytes, size_t size, char **out, size_t *out_size, Error *e)
{
    enum { GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };
    z_stream z = {.zalloc = zlib_alloc, .zfree = zlib_free};
    if (size > UINT_MAX)
        return error_set(e, ERROR_FAILED, "%zu bytes are more than one gzip member takes; write without .gz", size);
    if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return error_set(e, ERROR_MEMORY, "out of memory for gzip");
    size_t room = deflateBound(&z, (uLong)size);
    *out = mem_try_alloc(room, 1, e);
    if (*out) {
        z.next_in = (Bytef *)(uintptr_t)bytes;
        z.avail_in = (uInt)size;
        z.next_out = (Bytef *)*out;
        z.avail_out = (uInt)room;
        deflate(&z, Z_FINISH);
        *out_size = z.total_out;
    }
    deflateEnd(&z);
    return *out != NULL;
}
