/* Files: opening, whole reads, checked writes, and the one atomic replace. */
#include "base/io_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/proc.h"

enum { IO_CHUNK = 1 << 16 };

bool io_faulty(const char *call)
{
    return fault_io(call) == FAULT_FAIL;
}

bool io_stat(const char *path, IoInfo *out)
{
    struct stat s;
    memset(out, 0, sizeof *out);
    if (!io_stat_at(path, &s))
        return false;
    struct stat name;
    out->is_link = lstat(path, &name) == 0 && S_ISLNK(name.st_mode);
    out->exists = true;
    out->is_directory = S_ISDIR(s.st_mode);
    out->is_regular = S_ISREG(s.st_mode);
    out->size = (uint64_t)s.st_size;
    out->inode = (uint64_t)s.st_ino;
    out->device = (uint64_t)s.st_dev;
    out->modified = (double)s.st_mtim.tv_sec + (double)s.st_mtim.tv_nsec * 1e-9;
    return true;
}

static bool io_check_regular(int fd, const char *path, struct stat *s, Error *e)
{
    if (fstat(fd, s) != 0)
        return error_errno(e, "cannot look at %s", path);
    if (S_ISDIR(s->st_mode))
        return error_set(e, ERROR_IO, "%s is a directory; name a file in it", path);
    if (!S_ISREG(s->st_mode))
        return error_set(e, ERROR_IO, "%s is not a regular file; read it through standard input with \"-\"", path);
    return true;
}

int io_open_read(const char *path, Error *e)
{
    struct stat s;
    int fd = io_faulty("open_read") ? -1 : io_open_at(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0) {
        io_refuse(e, "cannot open", path);
        return -1;
    }
    if (io_check_regular(fd, path, &s, e))
        return fd;
    close(fd);
    return -1;
}

FILE *io_open_terminal(bool for_output, Error *e)
{
    FILE *stream = io_faulty("open") ? NULL : fopen("/dev/tty", for_output ? "we" : "re");
    if (!stream)
        error_errno(e, "cannot open the terminal");
    return stream;
}

static int io_open_new(const char *path, int flags, Error *e)
{
    struct stat s;
    int fd;
    do
        fd = io_faulty("open") ? -1 : io_open_at(path, O_WRONLY | O_CREAT | O_NOCTTY | flags, 0600);
    while (fd < 0 && io_room_comes(path));
    if (fd < 0)
        io_refuse(e, "cannot write", path);
    if (fd < 0 || !io_is_closed(path) || io_check_regular(fd, path, &s, e))
        return fd;
    close(fd);
    return -1;
}

int io_open_append(const char *path, Error *e)
{
    return io_open_new(path, O_APPEND, e);
}

int io_open_write(const char *path, Error *e)
{
    return io_open_new(path, O_TRUNC, e);
}

static ssize_t io_read_some(int fd, void *bytes, size_t size)
{
    ssize_t got;
    if (io_faulty("read"))
        return -1;
    do
        got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR && !proc_signal());
    return got;
}

/* Reads to the end; `room` is the first guess of the size. */
static bool io_read_rest(int fd, uint64_t limit, size_t room, Text *out, Error *e)
{
    for (;;) {
        if (out->room - out->size < 2) {
            size_t wanted = out->room == 0 ? room : 2 * out->room;
            char *bytes = mem_try_realloc(out->bytes, wanted, 1, e);
            if (!bytes)
                return false;
            out->bytes = bytes;
            out->room = wanted;
        }
        ssize_t got = io_read_some(fd, out->bytes + out->size, out->room - out->size - 1);
        if (got < 0 && errno == EINTR)
            return error_set(e, ERROR_CANCELED, "interrupted");
        if (got < 0)
            return error_errno(e, "cannot read");
        if (got == 0)
            return true;
        out->size += (size_t)got;
        if (limit > 0 && out->size > limit)
            return error_set(e, ERROR_IO, "is larger than the limit of %llu bytes", (unsigned long long)limit);
    }
}

static bool io_read_all(int fd, uint64_t limit, size_t room, Text *out, Error *e)
{
    if (!io_read_rest(fd, limit, room, out, e)) {
        mem_free(out->bytes);
        return false;
    }
    out->bytes[out->size] = '\0';
    return true;
}

bool io_read_stream(int fd, uint64_t limit, char **bytes, size_t *size, Error *e)
{
    Text text = {0};
    if (!io_read_all(fd, limit, IO_CHUNK, &text, e))
        return error_prefix(e, "standard input: ");
    *bytes = text.bytes;
    *size = text.size;
    return true;
}

static bool input_is_keys;

void io_leave_input_to_keys(void)
{
    input_is_keys = true;
}

bool io_read_file(const char *path, uint64_t limit, char **bytes, size_t *size, Error *e)
{
    struct stat s;
    Text text = {0};
    if (text_equal(path, "-") && input_is_keys)
        return error_set(e, ERROR_FAILED, "standard input is the keyboard here; give the name of a file");
    if (text_equal(path, "-"))
        return io_read_stream(STDIN_FILENO, limit, bytes, size, e);
    int fd = io_open_read(path, e);
    if (fd < 0)
        return false;
    bool ok = io_check_regular(fd, path, &s, e);
    if (ok && limit > 0 && (uint64_t)s.st_size > limit)
        ok =
            error_set(e, ERROR_IO, "%s: %lld bytes are more than the limit of %llu", path, (long long)s.st_size, (unsigned long long)limit);
    else if (ok && !io_read_all(fd, limit, (size_t)s.st_size + 2, &text, e))
        ok = error_prefix(e, "%s: ", path);
    close(fd);
    if (!ok)
        return false;
    *bytes = text.bytes;
    *size = text.size;
    return true;
}

bool io_read_part(const char *path, uint64_t offset, void *bytes, size_t size, size_t *got, Error *e)
{
    int fd = io_open_read(path, e);
    *got = 0;
    if (fd < 0)
        return false;
    bool ok = true;
    while (ok && *got < size) {
        ssize_t n = io_faulty("pread") ? -1 : pread(fd, (char *)bytes + *got, size - *got, (off_t)(offset + *got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            ok = error_errno(e, "cannot read %s", path);
        if (n <= 0)
            break;
        *got += (size_t)n;
    }
    close(fd);
    return ok;
}

uint64_t io_next_data(const char *path, uint64_t offset)
{
    IoInfo info;
    int fd = io_open_at(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    off_t next = fd >= 0 ? lseek(fd, (off_t)offset, SEEK_DATA) : -1;
    bool is_hole = next < 0 && errno == ENXIO;
    if (fd >= 0)
        close(fd);
    if (is_hole && io_stat(path, &info) && info.size > offset)
        return info.size;
    return next > (off_t)offset ? (uint64_t)next : offset;
}

static ssize_t io_write_some(int fd, const void *bytes, size_t size)
{
    FaultAction fault = fault_io("write");
    if (fault == FAULT_FAIL)
        return -1;
    return write(fd, bytes, fault == FAULT_SHORT ? size / 2 : size);
}

bool io_write_all(int fd, const void *bytes, size_t size, const char *path, Error *e)
{
    const char *p = bytes;
    while (size > 0) {
        ssize_t n = io_write_some(fd, p, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(e, "cannot write %s", path);
        p += n;
        size -= (size_t)n;
    }
    return true;
}

bool io_append(int fd, const void *bytes, size_t size, const char *path, size_t *written, Error *e)
{
    *written = 0;
    while (*written < size) {
        ssize_t n = io_write_some(fd, (const char *)bytes + *written, size - *written);
        if (n < 0 && (errno == EINTR || io_room_comes(path)))
            continue;
        if (n < 0)
            return error_errno(e, "cannot write %s", path);
        *written += (size_t)n;
    }
    io_room_found();
    return true;
}

/* What a failed sync has dropped cannot be asked for again through the same file. */
static bool io_append_anew(int *fd, const char *path, Error *e)
{
    error_clear(e);
    if (!io_copy_file(path, path, e))
        return false;
    close(*fd);
    *fd = io_open_append(path, e);
    return *fd >= 0;
}

bool io_sync(int *fd, const char *path, Error *e)
{
    if (!io_faulty("fdatasync") && fdatasync(*fd) == 0)
        return true;
    bool again = io_room_comes(path);
    error_errno(e, "cannot bring %s to the disk", path);
    return again && io_append_anew(fd, path, e);
}

bool io_close(int fd, const char *path, Error *e)
{
    if (fd < 0)
        return true;
    bool faulty = io_faulty("close");
    int failure = faulty ? errno : 0;
    if (close(fd) != 0 && errno != EINTR)
        failure = errno;
    errno = failure;
    return failure == 0 || error_errno(e, "cannot close %s", path);
}

bool io_is_terminal(int fd)
{
    return isatty(fd) == 1;
}

bool io_is_data(int fd)
{
    struct stat s;
    return fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode));
}
