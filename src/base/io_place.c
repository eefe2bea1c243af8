/* Where a path leads. Below a closed directory it leads nowhere else: no part of it may be a link, so that a run directory that came
 * from somewhere cannot make us read, overwrite or remove what lies outside it. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io_private.h"
#include "base/rng.h"

/* Closed directories by their names: never removed, found without a lock by any thread. */
typedef struct Closed {
    struct Closed *next;
    size_t size;
    char path[];
} Closed;

enum { BUCKETS = 256 };
static _Atomic(Closed *) closed[BUCKETS];

static _Atomic(Closed *) *bucket_of(const char *path, size_t size)
{
    return &closed[rng_hash(0, path, size) % BUCKETS];
}

static bool is_closed(const char *path, size_t size)
{
    for (const Closed *c = atomic_load(bucket_of(path, size)); c; c = c->next)
        if (c->size == size && memcmp(c->path, path, size) == 0)
            return true;
    return false;
}

static void close_name(const char *path)
{
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    if (!size || is_closed(path, size))
        return;
    Closed *c = mem_alloc(sizeof *c + size + 1);
    c->size = size;
    memcpy(c->path, path, size);
    _Atomic(Closed *) *bucket = bucket_of(path, size);
    c->next = atomic_load(bucket);
    while (!atomic_compare_exchange_weak(bucket, &c->next, c))
        continue;
}

void io_close_directory(const char *path)
{
    if (io_is_closed(path))
        return;
    char *full = io_absolute(path);
    close_name(path);
    close_name(full);
    mem_free(full);
}

/* What of the path lies below a closed directory, the topmost one; NULL: none of it. */
static const char *below_closed(const char *path)
{
    for (const char *slash = strchr(path + (path[0] == '/'), '/'); slash; slash = strchr(slash + 1, '/'))
        if (slash[1] && is_closed(path, (size_t)(slash - path)))
            return slash + 1 + strspn(slash + 1, "/");
    return NULL;
}

bool io_is_closed(const char *path)
{
    const char *rest = below_closed(path);
    return rest && *rest;
}

static bool is_link(int directory, const char *name)
{
    struct stat s;
    return fstatat(directory, name, &s, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(s.st_mode);
}

/* From `at` one directory down; takes at. */
static int step_down(int at, const char *name, size_t size)
{
    char part[256];
    int next = -1;
    if (size >= sizeof part) {
        errno = ENAMETOOLONG;
    } else {
        memcpy(part, name, size);
        part[size] = '\0';
        next = text_equal(part, "..") ? -1 : openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0 && (text_equal(part, "..") || is_link(at, part)))
            errno = ELOOP;
    }
    int failure = errno;
    close(at);
    errno = failure;
    return next;
}

bool io_enter(const char *path, IoPlace *out)
{
    const char *rest = below_closed(path);
    *out = (IoPlace){.directory = AT_FDCWD, .name = path};
    if (!rest || !*rest)
        return true;
    char *root = mem_strndup(path, (size_t)(rest - path));
    out->directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    mem_free(root);
    size_t size = strcspn(rest, "/");
    for (const char *next = rest + size; out->directory >= 0 && *(next += strspn(next, "/")); next = rest + size) {
        out->directory = step_down(out->directory, rest, size);
        rest = next;
        size = strcspn(rest, "/");
    }
    out->is_closed = true;
    if (out->directory >= 0 && size >= sizeof out->last) {
        io_leave(out);
        out->directory = -1;
        errno = ENAMETOOLONG;
    }
    if (out->directory < 0)
        return false;
    memcpy(out->last, rest, size); /* without a slash at its end, which would follow a link */
    out->last[size] = '\0';
    out->name = out->last;
    return true;
}

void io_leave(const IoPlace *place)
{
    int failure = errno;
    if (place->directory >= 0)
        close(place->directory);
    errno = failure;
}

int io_open_at(const char *path, int flags, mode_t mode)
{
    IoPlace place;
    if (!io_enter(path, &place))
        return -1;
    int fd = openat(place.directory, place.name, flags | O_CLOEXEC | (place.is_closed ? O_NOFOLLOW | O_NONBLOCK : 0), mode);
    if (fd < 0 && place.is_closed && is_link(place.directory, place.name))
        errno = ELOOP;
    io_leave(&place);
    return fd;
}

bool io_stat_at(const char *path, struct stat *out)
{
    IoPlace place;
    bool ok = io_enter(path, &place) && fstatat(place.directory, place.name, out, place.is_closed ? AT_SYMLINK_NOFOLLOW : 0) == 0;
    io_leave(&place);
    return ok;
}

bool io_rename_at(const char *from, const char *to)
{
    IoPlace a, b = {.directory = -1};
    bool ok = io_enter(from, &a) && io_enter(to, &b) && renameat(a.directory, a.name, b.directory, b.name) == 0;
    io_leave(&a);
    io_leave(&b);
    return ok;
}

bool io_unlink_at(const char *path, int flags)
{
    IoPlace place;
    bool ok = io_enter(path, &place) && unlinkat(place.directory, place.name, flags) == 0;
    io_leave(&place);
    return ok;
}

bool io_make_at(const char *path)
{
    IoPlace place;
    bool ok = io_enter(path, &place) && mkdirat(place.directory, place.name, 0700) == 0;
    if (!ok && errno == EEXIST && place.is_closed && is_link(place.directory, place.name))
        errno = ELOOP;
    io_leave(&place);
    return ok;
}

bool io_check_owner(const char *path, Error *e)
{
    struct stat s;
    if (!io_stat_at(path, &s) || s.st_uid == geteuid() || s.st_uid == 0)
        return true;
    return error_set(e, ERROR_FAILED,
                     "%s belongs to another user (number %lu), who could change what is in it at any time; use a directory of "
                     "your own",
                     path, (unsigned long)s.st_uid);
}

bool io_refuse(Error *e, const char *what, const char *path)
{
    if (errno == ELOOP && io_is_closed(path))
        return error_set(e, ERROR_IO, "%s %s: there is a link in it, and links inside a run directory are not followed", what, path);
    return error_errno(e, "%s %s", what, path);
}
