#include "base/io.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc.h"
#include "tests/unit/test.h"

static char *place(const char *name)
{
    return io_join(test_directory(), name);
}

static void check_paths(void)
{
    static const char *const cases[][4] = {/* path, directory, base name */
                                           {"a", ".", "a"}, {"a/b", "a", "b"},       {"/a", "/", "a"},  {"/a/b/c", "/a/b", "c"},
                                           {"a/", ".", ""}, {"runs/x/", "runs", ""}, {"a//b", "a", "b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *directory = io_directory(cases[i][0]);
        CHECK_TEXT(directory, cases[i][1]);
        CHECK_TEXT(io_base_name(cases[i][0]), cases[i][2]);
        mem_free(directory);
    }
    char *joined = io_join("runs", "/tmp/x");
    CHECK_TEXT(joined, "/tmp/x");
    mem_free(joined);
    joined = io_join("runs/", "x");
    CHECK_TEXT(joined, "runs/x");
    mem_free(joined);
}

static void check_replace(void)
{
    Error e = {0};
    char *path = place("file"), *bytes = NULL;
    size_t size = 0;
    struct stat s;
    TextList names = {0};
    CHECK_OK(io_replace(path, "one", 3, &e), e);
    CHECK_OK(io_replace(path, "tw\0o", 4, &e), e);
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    CHECK_INT(size, 4);
    CHECK(memcmp(bytes, "tw\0o", 5) == 0);
    CHECK(stat(path, &s) == 0 && (s.st_mode & 0777) == 0600);
    io_list(test_directory(), &names, &e);
    CHECK_INT(names.count, 1); /* no temporary is left */
    CHECK(!io_read_file(path, 3, &bytes, &size, &e));
    CHECK(strstr(e.message, "limit") != NULL);
    text_list_done(&names);
    mem_free(bytes);
    mem_free(path);
}

static void check_refusals(void)
{
    Error e = {0};
    char *bytes = NULL, *path = place("no/such/file");
    size_t size;
    CHECK(!io_read_file(test_directory(), 0, &bytes, &size, &e));
    CHECK(strstr(e.message, "is a directory") != NULL);
    CHECK(!io_read_file("/dev/zero", 0, &bytes, &size, &e));
    CHECK(strstr(e.message, "not a regular file") != NULL);
    CHECK(!io_read_file(path, 0, &bytes, &size, &e));
    CHECK(strstr(e.message, path) && strstr(e.message, "No such file"));
    CHECK(!io_replace(path, "x", 1, &e));
    CHECK_INT(e.code, ERROR_IO);
    mem_free(path);
    path = place("pipe");
    CHECK(mkfifo(path, 0600) == 0);
    CHECK(!io_read_file(path, 0, &bytes, &size, &e)); /* and does not wait for a writer */
    mem_free(path);
}

static void check_append(void)
{
    Error e = {0};
    size_t written;
    char *path = place("log"), *bytes = NULL, part[8];
    size_t size = 0;
    for (int i = 0; i < 2; i++) {
        int fd = io_open_append(path, &e);
        CHECK_OK(io_append(fd, "line\n", 5, path, &written, &e) && io_sync(&fd, path, &e) && io_close(fd, path, &e), e);
    }
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    CHECK_TEXT(bytes, "line\nline\n");
    CHECK_OK(io_read_part(path, 8, part, 8, &size, &e), e);
    CHECK_INT(size, 2);
    CHECK(memcmp(part, "e\n", 2) == 0);
    int full = io_open_append("/dev/full", &e);
    IoInfo device;
    CHECK(!io_replace("/dev/full", "x", 1, &e)); /* written to, not replaced */
    CHECK(io_stat("/dev/full", &device) && !device.is_regular);
    CHECK(io_replace("/dev/null", "x", 1, &e));
    CHECK(io_stat("/dev/null", &device) && !device.is_regular);
    CHECK(!io_append(full, "x", 1, "/dev/full", &written, &e));
    CHECK(strstr(e.message, "No space left") != NULL);
    io_close(full, "/dev/full", NULL);
    mem_free(bytes);
    mem_free(path);
}

static void check_tree(void)
{
    Error e = {0};
    char *deep = place("a/b/c"), *file = place("a/b/c/f"), *top = place("a"), *link = place("a/link"), *kept = place("kept"),
         *copy = place("copy");
    IoInfo info;
    CHECK_OK(io_make_directory(deep, &e) && io_make_directory(deep, &e), e);
    CHECK(!io_create_directory(deep, &e));
    CHECK_OK(io_replace(file, "x", 1, &e) && io_replace(kept, "k", 1, &e), e);
    CHECK(symlink(test_directory(), link) == 0);
    CHECK_OK(io_remove_tree(top, &e) && io_remove_tree(top, &e), e);
    CHECK(!io_stat(top, &info));
    CHECK(io_stat(kept, &info) && info.is_regular && info.size == 1);
    CHECK_OK(io_copy_file(kept, copy, &e), e);
    CHECK_OK(io_rename(copy, kept, &e) && io_remove(kept, &e) && io_remove(kept, &e), e);
    char *all[] = {deep, file, top, link, kept, copy};
    for (size_t i = 0; i < 6; i++)
        mem_free(all[i]);
}

static void check_lock(void)
{
    Error e = {0};
    char *path = place("lock");
    CHECK(!io_is_locked(path));
    int fd = io_lock(path, false, &e);
    CHECK(fd >= 0 && io_is_locked(path));
    CHECK(io_lock(path, false, &e) < 0);
    CHECK_INT(e.code, ERROR_FAILED);
    CHECK_OK(io_close(fd, path, &e), e);
    CHECK(!io_is_locked(path));
    pid_t pid = proc_fork(&e);
    if (pid == 0) {
        fd = io_lock(path, false, NULL);
        for (;;)
            pause();
    }
    while (!io_is_locked(path) && kill(pid, 0) == 0)
        usleep(1000);
    int status = 0;
    kill(pid, SIGKILL);
    CHECK_OK(proc_wait(pid, &status, &e), e);
    CHECK_INT(status, 128 + SIGKILL);
    CHECK(!io_is_locked(path)); /* the kernel freed it */
    mem_free(path);
}

static bool has_link_error(const Error *e)
{
    return strstr(e->message, "links inside a run directory are not followed") || strstr(e->message, "not a regular file");
}

/* In: a link to an outside directory, and one to an outside file; both below a directory that is closed. */
static void check_closed(void)
{
    Error e = {0};
    IoInfo info;
    char *run = place("run"), *outside = place("outside"), *bytes = NULL;
    char *file = io_join(outside, "f"), *way = io_join(run, "way"), *through = io_join(way, "f"), *direct = io_join(run, "direct");
    char *absolute = io_absolute(file), *there = io_absolute(outside), *fresh = io_join(way, "new"), *deep = io_join(way, "a/b");
    size_t size = 0;
    CHECK_OK(io_make_directory(run, &e) && io_make_directory(outside, &e) && io_replace(file, "x", 1, &e), e);
    CHECK(symlink(there, way) == 0 && symlink(absolute, direct) == 0);
    CHECK(io_stat(through, &info) && io_stat(direct, &info) && info.is_regular); /* open as yet */
    CHECK(!io_is_closed(direct));
    io_close_directory(run);
    CHECK(io_is_closed(direct) && io_is_closed(through) && !io_is_closed(run) && !io_is_closed(file));
    CHECK(io_stat(direct, &info) && !info.is_regular && !io_stat(through, &info));
    const char *const paths[] = {through, direct, fresh, deep};
    for (size_t i = 0; i < 4; i++) {
        error_clear(&e);
        test_check(!io_read_file(paths[i], 0, &bytes, &size, &e) && has_link_error(&e), __FILE__, __LINE__, "%s is read: %s", paths[i],
                   e.message);
        error_clear(&e);
        test_check(io_open_append(paths[i], &e) < 0 && has_link_error(&e), __FILE__, __LINE__, "%s is appended to: %s", paths[i],
                   e.message);
        error_clear(&e);
        test_check(io_lock(paths[i], false, &e) < 0, __FILE__, __LINE__, "%s is locked", paths[i]);
    }
    error_clear(&e);
    CHECK(!io_replace(through, "y", 1, &e) && has_link_error(&e));
    CHECK(!io_replace_quickly(fresh, "y", 1, &e) && !io_create_directory(deep, &e) && !io_make_directory(deep, &e));
    CHECK(!io_rename(through, fresh, &e) && !io_remove(through, &e));
    TextList names = {0};
    CHECK(!io_list(way, &names, &e));
    CHECK_OK(io_replace(direct, "new", 3, &e), e); /* the link is replaced, not what it leads to */
    CHECK_OK(io_remove_tree(run, &e), e);
    CHECK_OK(io_read_file(file, 0, &bytes, &size, &e), e);
    CHECK(size == 1 && bytes[0] == 'x');
    CHECK_OK(io_list(outside, &names, &e), e);
    CHECK_INT(names.count, 1);
    text_list_done(&names);
    mem_free(bytes);
    char *const all[] = {run, outside, file, way, through, direct, absolute, there, fresh, deep};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        mem_free(all[i]);
}

void unit_io(void)
{
    TEST("below a closed directory no link is followed, whatever is done");
    check_closed();
    TEST("paths are cut and joined");
    check_paths();
    TEST("replace is whole, private, and leaves no temporary");
    check_replace();
    TEST("directories, devices, pipes and missing files are refused with their cause");
    check_refusals();
    TEST("appending adds whole lines; a full disk is an error");
    check_append();
    TEST("trees are made, removed without following links, copied and renamed");
    check_tree();
    TEST("a lock is held by one and freed with its process");
    check_lock();
}
