/* Processes: children, the detached worker, and signals as flags. */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/number.h"

extern char **environ;

static volatile sig_atomic_t proc_caught;

static void proc_on_signal(int number)
{
    proc_caught = number;
}

static void proc_handle(int number, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static void proc_end_now(int number)
{
    _exit(128 + number);
}

void proc_end_on_signals(void)
{
    proc_handle(SIGINT, proc_end_now);
    proc_handle(SIGTERM, proc_end_now);
}

/* A thread in which they wait anyway goes on so. */
void proc_hold_signals(bool hold)
{
    static _Thread_local sigset_t before;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    if (hold)
        pthread_sigmask(SIG_BLOCK, &set, &before);
    else
        pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void proc_catch_signals(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
            break;
    proc_handle(SIGINT, proc_on_signal);
    proc_handle(SIGTERM, proc_on_signal);
    proc_handle(SIGPIPE, SIG_IGN);
    proc_handle(SIGXFSZ, SIG_IGN);
}

int proc_signal(void)
{
    return proc_caught;
}

void proc_signal_clear(void)
{
    proc_caught = 0;
}

void proc_exit(int code)
{
    _exit(code);
}

long proc_self(void)
{
    return (long)getpid();
}

uint64_t proc_memory(void)
{
    struct rlimit limit;
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    uint64_t machine = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
    bool is_limited = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return is_limited && (!machine || limit.rlim_cur < machine) ? limit.rlim_cur : machine;
}

uint64_t proc_resident_memory(void)
{
    char text[128];
    int64_t pages = 0;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *second = strchr(text, ' ');
    if (!second || !number_parse_int(second + 1, strcspn(second + 1, " "), &pages))
        return 0;
    return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

uint64_t proc_peak_memory(void)
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) == 0 ? (uint64_t)used.ru_maxrss * 1024 : 0;
}

pid_t proc_fork(Error *e)
{
    pid_t parent = getpid();
    fflush(NULL); /* buffered output must not be written twice */
    pid_t pid = fork();
    if (pid < 0)
        error_errno(e, "cannot start a process");
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* the parent died before it could be watched */
        _exit(1);
    return 0;
}

bool proc_child_start(bool (*work)(void *self, Error *e), void *self, ProcChild *child, Error *e)
{
    int ends[2];
    if (pipe(ends) != 0)
        return error_errno(e, "cannot make a pipe");
    pid_t pid = proc_fork(e);
    if (pid == 0) {
        Error failed = {0};
        close(ends[0]);
        bool ok = work(self, &failed);
        if (!ok)
            io_write_all(ends[1], &failed, sizeof failed, "pipe", NULL);
        _exit(ok ? 0 : 1);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return false;
    }
    *child = (ProcChild){pid, ends[0]};
    return true;
}

void proc_child_kill(const ProcChild *child)
{
    if (child->pid > 0)
        kill(child->pid, SIGKILL);
}

static bool proc_say_lost(int status, Error *e)
{
    if (status == 128 + SIGKILL)
        return error_set(e, ERROR_LOST, "its process was killed (signal 9), perhaps for want of memory");
    if (status > 128)
        return error_set(e, ERROR_LOST, "its process was ended by signal %d (%s)", status - 128, strsignal(status - 128));
    return error_set(e, ERROR_LOST, "its process ended with status %d", status);
}

bool proc_child_end(ProcChild *child, int status, Error *e)
{
    Error failed = {0};
    ssize_t got = status ? read(child->pipe, &failed, sizeof failed) : 0;
    close(child->pipe);
    *child = (ProcChild){0};
    if (!status)
        return true;
    if (got != (ssize_t)sizeof failed)
        return proc_say_lost(status, e);
    if (e)
        *e = failed;
    return false;
}

static int proc_exit_code(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool proc_wait(pid_t pid, int *status, Error *e)
{
    int raw = 0;
    pid_t got;
    do
        got = waitpid(pid, &raw, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_errno(e, "cannot wait for process %ld", (long)pid);
    *status = proc_exit_code(raw);
    return true;
}

pid_t proc_wait_any(int *status)
{
    int raw = 0;
    pid_t got;
    do
        got = waitpid(-1, &raw, WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        *status = proc_exit_code(raw);
    return got;
}

/* As it is here; what would change results in silence is ours to say. */
static char **proc_environment(void)
{
    size_t count = 0, used = 0;
    while (environ[count])
        count++;
    char **kept = mem_alloc((count + 2) * sizeof *kept);
    kept[used++] = mem_strdup("OPENBLAS_NUM_THREADS=1");
    for (size_t i = 0; i < count; i++)
        if (!text_starts(environ[i], "OPENBLAS_NUM_THREADS=") && !text_starts(environ[i], "LD_PRELOAD="))
            kept[used++] = mem_strdup(environ[i]);
    return kept;
}

static void proc_free_list(char **list)
{
    for (size_t i = 0; list[i]; i++)
        mem_free(list[i]);
    mem_free(list);
}

typedef struct ProcStart {
    char *program, **words, **environment;
    int output, errors;
    bool passes_input;
    int report; /* report: a pipe that exec closes; errno is sent when it fails */
} ProcStart;

static void proc_become(const ProcStart *start)
{
    sigset_t none;
    sigemptyset(&none);
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0 && (start->passes_input || dup2(null, STDIN_FILENO) >= 0) && dup2(start->output, STDOUT_FILENO) >= 0 &&
        dup2(start->errors, STDERR_FILENO) >= 0) {
        if (null > STDERR_FILENO)
            close(null);
        proc_handle(SIGHUP, SIG_IGN);
        proc_handle(SIGINT, SIG_DFL);
        proc_handle(SIGTERM, SIG_DFL);
        pthread_sigmask(SIG_SETMASK, &none, NULL); /* a background thread, where they wait, may have started it */
        execve(start->program, start->words, start->environment);
    }
    int failure = errno;
    ssize_t sent = write(start->report, &failure, sizeof failure);
    _exit(sent > 0 ? 127 : 126);
}

/* In the child of the first fork: a session of its own, and a second fork so that it never gets a terminal again. */
static void proc_detach(const ProcStart *start)
{
    setsid();
    pid_t pid = fork();
    if (pid == 0)
        proc_become(start);
    int failure = errno;
    ssize_t sent = pid < 0 ? write(start->report, &failure, sizeof failure) : 0;
    _exit(sent == 0 ? 0 : 1);
}

static bool proc_launch(ProcStart *start, Error *e)
{
    int ends[2], failure = 0, status;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(e, "cannot start a worker");
    start->report = ends[1];
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        proc_detach(start);
    close(ends[1]);
    bool ok = pid > 0 || error_errno(e, "cannot start a worker");
    if (ok && (!proc_wait(pid, &status, e) || read(ends[0], &failure, sizeof failure) > 0)) {
        errno = failure;
        ok = error_errno(e, "cannot start %s", start->program);
    }
    close(ends[0]);
    return ok;
}

bool proc_spawn_detached(const TextList *arguments, const char *output, const char *errors, bool passes_input, Error *e)
{
    ProcStart start = {.output = io_open_append(output, e), .passes_input = passes_input && !io_is_terminal(STDIN_FILENO)};
    if (start.output < 0)
        return false;
    start.errors = io_open_append(errors, e);
    if (start.errors < 0) {
        close(start.output);
        return false;
    }
    start.program = mem_strdup("/proc/self/exe"); /* good even when the file was replaced meanwhile */
    start.environment = proc_environment();
    start.words = mem_alloc((arguments->count + 2) * sizeof *start.words);
    start.words[0] = mem_strdup("limbeck");
    for (size_t i = 0; i < arguments->count; i++)
        start.words[i + 1] = mem_strdup(arguments->items[i]);
    bool ok = proc_launch(&start, e);
    proc_free_list(start.words);
    proc_free_list(start.environment);
    mem_free(start.program);
    close(start.output);
    close(start.errors);
    return ok;
}

void proc_reexec_with_single_blas(char **argv)
{
    const char *now = getenv("OPENBLAS_NUM_THREADS");
    if (text_equal(now, "1"))
        return;
    if (setenv("OPENBLAS_NUM_THREADS", "1", 1) == 0)
        execv("/proc/self/exe", argv);
}
