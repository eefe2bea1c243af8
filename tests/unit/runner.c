/* Runs the unit files, each in a child process of its own with a time limit: a crash is one failure, not the end. Arguments
 * choose files by name or prefix. */
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/test.h"

#define UNIT(name) void unit_##name(void);
#include "unit_list.h"
#undef UNIT

enum { TIME_LIMIT = 600, SHOWN = 20 }; /* what hangs is ended: many times what the longest takes under a sanitizer */

typedef struct Unit {
    const char *name;
    void (*run)(void);
} Unit;

static const Unit units[] = {
#define UNIT(name) {#name, unit_##name},
#include "unit_list.h"
};

typedef struct Counts {
    int passed, failed, skipped;
} Counts;

/* The case that runs now, in the child. */
static struct {
    const char *unit;
    char name[200], directory[4096];
    int pipe, failures;
    bool open, skipped;
    Counts counts;
} now;

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_directory(void)
{
    if (now.directory[0]) {
        nftw(now.directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        now.directory[0] = 0;
    }
}

static void close_case(void)
{
    if (!now.open) {
        return;
    }
    if (now.failures > 0) {
        now.counts.failed++;
    } else if (now.skipped) {
        now.counts.skipped++;
    } else {
        now.counts.passed++;
    }
    remove_directory();
    now.open = false;
    if (write(now.pipe, &now.counts, sizeof now.counts) < 0) {
        perror("unit runner: pipe");
    }
}

void test_begin(const char *name)
{
    close_case();
    snprintf(now.name, sizeof now.name, "%s", name);
    now.failures = 0;
    now.skipped = false;
    now.open = true;
}

void test_check(bool ok, const char *file, int line, const char *format, ...)
{
    if (!now.open) {
        test_begin("(before the first TEST)");
    }
    if (ok || ++now.failures > SHOWN) {
        return;
    }
    printf("%s:%d: %s: %s: ", file, line, now.unit, now.name);
    va_list args;
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("%s\n", now.failures == SHOWN ? " (further failures of this case are not shown)" : "");
    fflush(stdout);
}

void test_skip(const char *reason)
{
    now.skipped = true;
    printf("skipped %s: %s: %s\n", now.unit, now.name, reason);
}

const char *test_directory(void)
{
    if (!now.directory[0]) {
        static char root[4000]; /* cases may enter their directories */
        mkdir("build", 0777);
        mkdir("build/tmp", 0777);
        if (!root[0] && !getcwd(root, sizeof root)) {
            perror("getcwd");
            exit(1);
        }
        snprintf(now.directory, sizeof now.directory, "%s/build/tmp/%.30s.XXXXXX", root, now.unit);
        if (!mkdtemp(now.directory)) {
            perror(now.directory);
            exit(1);
        }
    }
    return now.directory;
}

const char *test_data(const char *name)
{
    static char path[4096];
    const char *roots[] = {getenv("LIMBECK_DATA"), "../shared/data", "../../shared/data"};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", roots[i] ? roots[i] : "", name);
        if (roots[i] && access(path, R_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Reads counts until the child is gone or out of time. Returns false when it had to be killed. */
static bool follow(int fd, pid_t child, Counts *counts)
{
    const char *more = getenv("LIMBECK_UNIT_SECONDS"); /* for long simulations */
    double end = seconds() + (more ? atof(more) : TIME_LIMIT);
    for (;;) {
        double left = end - seconds();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, (int)(1000 * left) + 1) == 0) {
            kill(-child, SIGKILL);
            return false;
        }
        Counts fresh;
        ssize_t got = read(fd, &fresh, sizeof fresh);
        if (got <= 0) {
            return true;
        }
        if (got == (ssize_t)sizeof fresh) {
            *counts = fresh;
        }
    }
}

static _Noreturn void run_child(const Unit *unit, int fd)
{
    setpgid(0, 0);
    now.unit = unit->name;
    now.pipe = fd;
    unit->run();
    close_case();
    fflush(stdout);
    exit(0);
}

static Counts run_unit(const Unit *unit)
{
    Counts counts = {0};
    int ends[2], status = 0;
    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        perror("pipe");
        exit(1);
    }
    double start = seconds();
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        exit(1);
    }
    if (child == 0) {
        close(ends[0]);
        run_child(unit, ends[1]);
    }
    setpgid(child, child);
    close(ends[1]);
    bool in_time = follow(ends[0], child, &counts);
    close(ends[0]);
    waitpid(child, &status, 0);
    kill(-child, SIGKILL);
    int cases = counts.passed + counts.failed + counts.skipped;
    if (!in_time) {
        printf("tests/unit/%s.c:1: killed after %d s, behind case %d\n", unit->name, TIME_LIMIT, cases);
    } else if (WIFSIGNALED(status)) {
        printf("tests/unit/%s.c:1: ended by %s behind case %d\n", unit->name, strsignal(WTERMSIG(status)), cases);
    } else if (WEXITSTATUS(status) != 0) {
        printf("tests/unit/%s.c:1: exit code %d behind case %d\n", unit->name, WEXITSTATUS(status), cases);
    } else if (cases == 0) {
        printf("tests/unit/%s.c:1: holds no test case\n", unit->name);
    }
    counts.failed += !in_time || status != 0 || cases == 0;
    printf("%s %s (%d, %.2f s)\n", counts.failed ? "FAILED" : "ok", unit->name, cases, seconds() - start);
    return counts;
}

static bool is_chosen(const Unit *unit, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(unit->name, argv[i], strlen(argv[i])) == 0) {
            return true;
        }
    }
    return argc < 2;
}

/* Tests name files from the repository's root, wherever the program was started. */
static void go_to_root(void)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path - 1);
    path[size > 0 ? size : 0] = 0;
    for (char *slash; access("tests/unit/runner.c", R_OK) != 0 && (slash = strrchr(path, '/')) != NULL;) {
        *slash = 0;
        if (path[0] && chdir(path) != 0) {
            break;
        }
    }
}

int main(int argc, char **argv)
{
    Counts all = {0};
    go_to_root();
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (is_chosen(&units[i], argc, argv)) {
            Counts c = run_unit(&units[i]);
            all.passed += c.passed;
            all.failed += c.failed;
            all.skipped += c.skipped;
        }
    }
    printf("%d passed, %d failed", all.passed, all.failed);
    if (all.skipped) {
        printf(", %d skipped", all.skipped);
    }
    printf("\n");
    return all.failed > 0 || all.passed + all.skipped == 0;
}
