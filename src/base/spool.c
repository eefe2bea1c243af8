/* A pipe takes the place of standard input; a thread fills it, and the file before it. */
#include "base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "base/thread.h"

enum { SPOOL_CHUNK = 1 << 16 };

typedef struct Spool {
    char *file, *part;
    int from, to, copy;
} Spool;

static ssize_t spool_read(int fd, char *bytes)
{
    ssize_t got;
    do
        got = read(fd, bytes, SPOOL_CHUNK);
    while (got < 0 && errno == EINTR);
    return got;
}

/* A full disk ends the input for the script too: it must not see what a resume could not. */
static void spool_run(void *self)
{
    Spool *s = self;
    char *bytes = mem_alloc(SPOOL_CHUNK);
    ssize_t got;
    bool ok = true;
    while (ok && (got = spool_read(s->from, bytes)) > 0)
        ok = io_write_all(s->copy, bytes, (size_t)got, s->part, NULL) && io_write_all(s->to, bytes, (size_t)got, "input", NULL);
    if (ok)
        io_rename(s->part, s->file, NULL);
    io_close(s->to, "input", NULL);
    io_close(s->copy, s->part, NULL);
    mem_free(bytes);
    mem_free(s->part);
    mem_free(s->file);
    mem_free(s);
}

static bool spool_connect(Spool *s, Error *e)
{
    int ends[2];
    s->copy = io_open_write(s->part, e);
    if (s->copy < 0)
        return false;
    s->from = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (s->from < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(e, "cannot record standard input");
    s->to = ends[1];
    bool ok = dup2(ends[0], STDIN_FILENO) == STDIN_FILENO || error_errno(e, "cannot record standard input");
    close(ends[0]);
    return ok;
}

bool spool_begin(const char *file, Error *e)
{
    if (!io_is_data(STDIN_FILENO))
        return true;
    char *directory = io_directory(file);
    Spool *s = MEM_NEW(Spool);
    s->file = mem_strdup(file);
    s->part = text_format("%s.part", file);
    bool ok = io_make_directory(directory, e) && spool_connect(s, e) && thread_start(spool_run, s, e) != NULL;
    mem_free(directory);
    return ok;
}

bool spool_replay(const char *file, bool *whole, Error *e)
{
    IoInfo info;
    *whole = true;
    char *part = text_format("%s.part", file);
    const char *found = io_stat(file, &info) ? file : io_stat(part, &info) ? part : NULL;
    bool ok = true;
    if (found) {
        int fd = io_open_read(found, e);
        ok = fd >= 0 && (dup2(fd, STDIN_FILENO) == STDIN_FILENO || error_errno(e, "cannot read %s", found));
        io_close(fd, found, NULL);
        *whole = found == file;
    }
    mem_free(part);
    return ok;
}
