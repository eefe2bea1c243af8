/* Directories, names, locks and paths. */
#include "base/io_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IO_TREE_DEPTH = 64, MARK_BYTE = 1 };

bool io_create_directory(const char *path, Error *e)
{
    bool made;
    do
        made = !io_faulty("mkdir") && io_make_at(path);
    while (!made && io_room_comes(path));
    if (made)
        return io_sync_directory(path) || error_errno(e, "cannot bring the directory of %s to the disk", path);
    int failure = errno;
    io_refuse(e, "cannot make the directory", path);
    errno = failure;
    return false;
}

bool io_make_directory(const char *path, Error *e)
{
    IoInfo info;
    if (io_stat(path, &info) && info.is_directory)
        return true;
    char *parent = io_directory(path);
    bool ok = text_equal(parent, path) || io_make_directory(parent, e);
    mem_free(parent);
    if (!ok || io_create_directory(path, e))
        return ok;
    if (errno != EEXIST || !io_stat(path, &info) || !info.is_directory)
        return false;
    error_clear(e); /* another process was faster */
    return true;
}

bool io_is_writable(const char *directory, Error *e)
{
    if (access(directory, W_OK | X_OK) == 0)
        return true;
    if (errno != ENOENT)
        return error_errno(e, "cannot write in %s", directory);
    char *parent = io_directory(directory);
    bool ok = text_equal(parent, directory) || io_is_writable(parent, e);
    mem_free(parent);
    return ok;
}

bool io_rename(const char *from, const char *to, Error *e)
{
    if (io_faulty("rename") || !io_rename_at(from, to))
        return error_errno(e, "cannot rename %s to %s", from, to);
    return io_sync_directory(to) || error_errno(e, "cannot bring the directory of %s to the disk", to);
}

bool io_remove(const char *path, Error *e)
{
    if ((!io_faulty("unlink") && io_unlink_at(path, 0)) || errno == ENOENT)
        return true;
    return error_errno(e, "cannot remove %s", path);
}

static int io_compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool io_list(const char *path, TextList *names, Error *e)
{
    int fd = io_faulty("opendir") ? -1 : io_open_at(path, O_RDONLY | O_DIRECTORY, 0);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        io_refuse(e, "cannot list", path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory))
        if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, ".."))
            text_list_add(names, entry->d_name);
    closedir(directory);
    if (names->count > 0)
        qsort(names->items, names->count, sizeof *names->items, io_compare_names);
    return true;
}

static bool io_remove_below(const char *path, int depth, Error *e);

static bool io_remove_any(const char *path, int depth, Error *e)
{
    struct stat s;
    if (io_is_closed(path) ? !io_stat_at(path, &s) : lstat(path, &s) != 0)
        return errno == ENOENT || error_errno(e, "cannot look at %s", path);
    if (!S_ISDIR(s.st_mode))
        return io_remove(path, e);
    if (depth == 0)
        return error_set(e, ERROR_IO, "%s is nested too deeply to be removed", path);
    return io_remove_below(path, depth, e);
}

static bool io_remove_below(const char *path, int depth, Error *e)
{
    TextList names = {0};
    bool ok = io_list(path, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        char *child = io_join(path, names.items[i]);
        ok = io_remove_any(child, depth - 1, e);
        mem_free(child);
    }
    text_list_done(&names);
    if (ok && (io_faulty("rmdir") || !io_unlink_at(path, AT_REMOVEDIR)))
        ok = error_errno(e, "cannot remove %s", path);
    return ok;
}

bool io_remove_tree(const char *path, Error *e)
{
    return io_remove_any(path, IO_TREE_DEPTH, e);
}

bool io_copy_file(const char *from, const char *to, Error *e)
{
    char *bytes = NULL;
    size_t size = 0;
    if (!io_read_file(from, 0, &bytes, &size, e))
        return false;
    bool ok = io_replace(to, bytes, size, e);
    mem_free(bytes);
    return ok;
}

int io_lock(const char *path, bool wait, Error *e)
{
    int fd = io_faulty("open") ? -1 : io_open_at(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (fd < 0) {
        io_refuse(e, "cannot open the lock", path);
        return -1;
    }
    int result;
    do
        result = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
    while (result != 0 && errno == EINTR);
    if (result == 0)
        return fd;
    if (errno == EWOULDBLOCK)
        error_set(e, ERROR_FAILED, "%s is held by another process", path);
    else
        error_errno(e, "cannot lock %s", path);
    close(fd);
    return -1;
}

/* A lock of a byte behind it, in the manner of fcntl: it does not meet the whole one. */
static struct flock io_mark_place(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET, .l_start = MARK_BYTE, .l_len = 1};
}

void io_mark_lock(int lock, bool on)
{
    struct flock place = io_mark_place(on ? F_WRLCK : F_UNLCK);
    if (lock >= 0)
        (void)fcntl(lock, F_OFD_SETLK, &place);
}

bool io_is_marked(const char *path)
{
    int fd = io_open_at(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    struct flock place = io_mark_place(F_WRLCK);
    bool known = fd >= 0 && fcntl(fd, F_OFD_GETLK, &place) == 0;
    if (fd >= 0)
        close(fd);
    return known && place.l_type != F_UNLCK && place.l_start == MARK_BYTE; /* some file systems turn the whole lock into one of these */
}

bool io_is_locked(const char *path)
{
    int fd = io_open_at(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    if (fd < 0)
        return false;
    bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    close(fd);
    return locked;
}

char *io_join(const char *directory, const char *name)
{
    if (name[0] == '/' || directory[0] == '\0')
        return mem_strdup(name);
    return text_format(text_ends(directory, "/") ? "%s%s" : "%s/%s", directory, name);
}

const char *io_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *io_directory(const char *path)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/') /* "runs/x/" lies in "runs" */
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    while (end > 1 && path[end - 1] == '/')
        end--;
    return end == 0 ? mem_strdup(".") : mem_strndup(path, end);
}

char *io_absolute(const char *path)
{
    char here[4096];
    if (path[0] == '/' || !getcwd(here, sizeof here))
        return mem_strdup(path);
    return io_join(here, path);
}

char *io_real_path(const char *path)
{
    char found[PATH_MAX];
    return realpath(path, found) ? mem_strdup(found) : io_absolute(path);
}

char *io_resolve(const char *path)
{
    char found[PATH_MAX];
    struct stat is;
    if (realpath(path, found))
        return mem_strdup(found);
    char *folder = io_directory(path);
    const char *name = io_base_name(path);
    bool leads = lstat(path, &is) != 0 && *name && !text_equal(folder, path) && !text_equal(name, "..") && !text_equal(name, ".");
    char *above = leads ? io_resolve(folder) : NULL, *whole = above ? io_join(above, name) : NULL;
    mem_free(above);
    mem_free(folder);
    return whole;
}

char *io_self_path(void)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    return size <= 0 ? mem_strdup("limbeck") : mem_strndup(path, (size_t)size);
}

bool io_enter_directory(const char *path, Error *e)
{
    return chdir(path) == 0 || error_errno(e, "cannot enter %s", path);
}

char *io_find_data(const char *file)
{
    IoInfo info;
    char *shared = text_starts(file, "sample_data/") && !io_stat(file, &info) ? io_find_shared(file) : NULL;
    return shared ? shared : mem_strdup(file);
}

char *io_find_shared(const char *name)
{
    IoInfo info;
    char *self = io_self_path();
    char *directory = io_directory(self);
    char *found = NULL;
    char *tries[] = {text_format("%s/%s", directory, name), text_format("%s/../%s", directory, name),
                     text_format("%s/../../%s", directory, name), text_format("%s/../share/limbeck/%s", directory, name),
                     text_format("%s/share/limbeck/%s", LIMBECK_PREFIX, name)};
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        if (!found && io_stat(tries[i], &info))
            found = mem_strdup(tries[i]);
        mem_free(tries[i]);
    }
    mem_free(directory);
    mem_free(self);
    return found;
}
