/* Whole files written at once: a temporary beside the target, brought to the disk, renamed over it. */
#include "base/io_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"

enum { LINKS_MOST = 40, NAMES_MOST = 100 };

bool io_sync_directory(const char *of)
{
    char *directory = io_directory(of);
    int fd = io_faulty("open_read") ? -1 : io_open_at(directory, O_RDONLY | O_DIRECTORY, 0);
    mem_free(directory);
    if (fd < 0)
        return false;
    bool ok = !io_faulty("fsync_directory") && fsync(fd) == 0;
    int failure = errno;
    close(fd);
    errno = failure;
    return ok || failure == EINVAL; /* some file systems cannot sync a directory */
}

static void io_drop(const char *temporary)
{
    int failure = errno;
    io_unlink_at(temporary, 0);
    errno = failure;
}

static bool io_fill_temporary(int fd, const void *bytes, size_t size, const char *path, Error *e)
{
    bool ok = io_write_all(fd, bytes, size, path, e);
    if (ok && (io_faulty("fsync") || fsync(fd) != 0))
        ok = error_errno(e, "cannot bring %s to the disk", path);
    int failure = errno;
    bool closed = io_close(fd, path, ok ? e : NULL);
    if (!ok)
        errno = failure;
    return closed && ok;
}

/* A device or a pipe is written to, never replaced. */
static bool io_write_special(const char *path, const void *bytes, size_t size, Error *e)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return error_errno(e, "cannot write %s", path);
    bool ok = io_write_all(fd, bytes, size, path, e);
    return io_close(fd, path, ok ? e : NULL) && ok;
}

/* A name that nobody has. Opened like any new file, so that umask applies to a user's. */
static int io_open_temporary(const char *path, mode_t mode, char **temporary, Error *e)
{
    char *directory = io_directory(path);
    uint64_t mark = (uint64_t)(clock_wall() * 1e6);
    int fd = -1;
    *temporary = NULL;
    for (int i = 0; i < NAMES_MOST && fd < 0; i++) {
        mem_free(*temporary);
        *temporary =
            text_format("%s/.%s.%lx%06llx.tmp", directory, io_base_name(path), proc_self(), (unsigned long long)(mark++ & 0xffffff));
        fd = io_faulty("open") ? -1 : io_open_at(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY, mode);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    int failure = errno;
    mem_free(directory);
    errno = failure;
    if (fd < 0)
        io_refuse(e, "cannot write", path);
    return fd;
}

/* `like`: the file that is replaced keeps its owner and mode; NULL: there is none, or they are ours to choose. On failure errno is
 * that of the failure. */
static bool io_replace_try(const char *path, mode_t mode, const struct stat *like, const Text *content, Error *e)
{
    char *temporary = NULL;
    proc_hold_signals(true); /* no temporary is left behind */
    int fd = io_open_temporary(path, mode, &temporary, e);
    bool ok = fd >= 0;
    if (ok && like && like->st_uid != geteuid() && fchown(fd, like->st_uid, like->st_gid) != 0)
        errno = 0; /* only root can give files away; the content matters more */
    if (ok && like && fchmod(fd, like->st_mode & 07777) != 0)
        ok = error_errno(e, "cannot give %s its mode", path);
    if (fd >= 0) {
        ok = io_fill_temporary(fd, content->bytes, content->size, path, ok ? e : NULL) && ok;
        if (ok && (io_faulty("rename") || !io_rename_at(temporary, path)))
            ok = error_errno(e, "cannot replace %s", path);
        if (!ok)
            io_drop(temporary);
    }
    proc_hold_signals(false);
    if (ok && !io_sync_directory(path))
        ok = error_errno(e, "cannot bring the directory of %s to the disk", path);
    int failure = errno;
    mem_free(temporary);
    errno = failure;
    return ok;
}

static bool io_replace_as(const char *path, mode_t mode, const struct stat *like, const Text *content, Error *e)
{
    bool ok;
    for (;;) {
        ok = io_replace_try(path, mode, like, content, e);
        if (ok || !io_room_comes(path))
            break;
        error_clear(e);
    }
    if (ok)
        io_room_found();
    return ok;
}

static bool io_is_special(const struct stat *is)
{
    return !S_ISREG(is->st_mode) && !S_ISDIR(is->st_mode);
}

bool io_replace(const char *path, const void *bytes, size_t size, Error *e)
{
    struct stat is;
    if (!io_is_closed(path) && stat(path, &is) == 0 && io_is_special(&is))
        return io_write_special(path, bytes, size, e); /* in a directory of ours it is replaced, whatever was put there */
    return io_replace_as(path, 0600, NULL, &(Text){.bytes = (char *)(uintptr_t)bytes, .size = size}, e);
}

bool io_replace_quickly(const char *path, const void *bytes, size_t size, Error *e)
{
    char *temporary = NULL;
    proc_hold_signals(true);
    int fd = io_open_temporary(path, 0600, &temporary, e);
    bool ok = fd >= 0 && io_write_all(fd, bytes, size, path, e);
    ok = fd >= 0 && io_close(fd, path, ok ? e : NULL) && ok;
    if (ok && (io_faulty("rename") || !io_rename_at(temporary, path)))
        ok = error_errno(e, "cannot replace %s", path);
    if (!ok && fd >= 0)
        io_drop(temporary);
    proc_hold_signals(false);
    mem_free(temporary);
    return ok;
}

/* The path behind a chain of links, which may end where no file is yet. The caller owns it. */
static char *io_follow(const char *path)
{
    char *at = mem_strdup(path), to[4096];
    for (int i = 0; i < LINKS_MOST; i++) {
        ssize_t size = readlink(at, to, sizeof to - 1);
        if (size <= 0)
            break;
        to[size] = '\0';
        char *directory = io_directory(at), *next = io_join(directory, to);
        mem_free(directory);
        mem_free(at);
        at = next;
    }
    return at;
}

bool io_save(const char *path, const void *bytes, size_t size, Error *e)
{
    struct stat is;
    bool there = stat(path, &is) == 0;
    if (there && io_is_special(&is))
        return io_write_special(path, bytes, size, e);
    if (there && S_ISREG(is.st_mode) && access(path, W_OK) != 0)
        return error_errno(e, "cannot write %s", path);
    char *real = io_follow(path);
    bool ok = io_replace_as(real, 0666, there ? &is : NULL, &(Text){.bytes = (char *)(uintptr_t)bytes, .size = size}, e);
    mem_free(real);
    return ok;
}

bool io_is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    bool known = (text_equal(a, "-") ? fstat(STDIN_FILENO, &x) : stat(a, &x)) == 0 && stat(b, &y) == 0;
    return known && x.st_dev == y.st_dev && x.st_ino == y.st_ino && S_ISREG(x.st_mode);
}
