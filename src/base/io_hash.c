/* Hashes of files, or of how they begin, read in pieces. */
#include <unistd.h>

#include "base/hash.h"
#include "base/io_private.h"

enum { PIECE = 1 << 16 };

bool io_hash_file(const char *path, char hex[65], uint64_t *size, Error *e)
{
    return io_hash_beginning(path, UINT64_MAX, hex, size, e);
}

bool io_hash_beginning(const char *path, uint64_t limit, char hex[65], uint64_t *size, Error *e)
{
    Sha256 h;
    ssize_t got = 1;
    int fd = io_open_read(path, e);
    if (fd < 0)
        return false;
    char *piece = mem_alloc(PIECE);
    sha256_begin(&h);
    *size = 0;
    while (got > 0 && *size < limit) {
        size_t wanted = limit - *size < PIECE ? (size_t)(limit - *size) : PIECE;
        got = io_faulty("read") ? -1 : read(fd, piece, wanted);
        if (got <= 0)
            break;
        sha256_add(&h, piece, (size_t)got);
        *size += (uint64_t)got;
    }
    sha256_end(&h, hex);
    bool ok = got >= 0 || error_errno(e, "cannot read %s", path);
    mem_free(piece);
    close(fd);
    return ok;
}
