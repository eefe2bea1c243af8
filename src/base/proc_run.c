/* A child that is this program again, for work that may not come to an end: it is killed at its deadline, and when we are asked to end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/proc.h"

enum { POLL_MS = 20, CHUNK = 1 << 16 };

extern char **environ;

/* Memory that reads like a file from its begin. -1 on failure. */
static int make_input(const ProcRun *run, Error *e)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    if (fd >= 0 && io_write_all(fd, run->input, run->input_size, "memory", e) && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    error_errno(e, "cannot hand a script over");
    if (fd >= 0)
        close(fd);
    return -1;
}

/* In the child: nothing here allocates, other threads may have held locks. Its death is ours; it has no terminal. */
static void become(char *const *words, int input, int output)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    if (null >= 0 && dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0)
        execve("/proc/self/exe", words, environ);
    _exit(127);
}

static pid_t start(const ProcRun *run, int *output, Error *e)
{
    int ends[2], input = make_input(run, e);
    if (input < 0)
        return -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        error_errno(e, "cannot make a pipe");
        close(input);
        return -1;
    }
    char **words = mem_alloc((run->arguments->count + 2) * sizeof *words);
    words[0] = mem_strdup("limbeck");
    for (size_t i = 0; i < run->arguments->count; i++)
        words[i + 1] = run->arguments->items[i];
    pid_t pid = fork();
    if (pid == 0)
        become(words, input, ends[1]);
    if (pid < 0)
        error_errno(e, "cannot start a process");
    close(input);
    close(ends[1]);
    mem_free(words[0]);
    mem_free(words);
    if (pid < 0)
        close(ends[0]);
    *output = ends[0];
    return pid;
}

/* More of what it prints; false: it has ended, or may not go on, which e says. */
static bool read_more(const ProcRun *run, int fd, double deadline, Text *output, Error *e)
{
    char chunk[CHUNK];
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    if (proc_signal() || (run->cancel && atomic_load(run->cancel)))
        return error_set(e, ERROR_CANCELED, "stopped");
    if (clock_now() > deadline)
        return error_set(e, ERROR_FAILED, "did not end within %.0f seconds and was stopped", run->seconds);
    if (poll(&wait, 1, POLL_MS) <= 0)
        return true;
    ssize_t got = read(fd, chunk, sizeof chunk);
    if (got < 0)
        return errno == EINTR || error_errno(e, "cannot read what a process prints");
    text_add_bytes(output, chunk, (size_t)got);
    if (output->size > run->output_most)
        return error_set(e, ERROR_FAILED, "printed more than %zu bytes and was stopped", run->output_most);
    return got > 0;
}

bool proc_run_self(const ProcRun *run, Text *output, int *status, Error *e)
{
    int fd = -1;
    pid_t pid = start(run, &fd, e);
    double deadline = clock_now() + run->seconds;
    Error stopped = {0};
    if (pid < 0)
        return false;
    while (read_more(run, fd, deadline, output, &stopped))
        continue;
    kill(pid, SIGKILL); /* who has closed its output has ended, or will not */
    close(fd);
    if (!proc_wait(pid, status, e))
        return false;
    if (stopped.code)
        *e = stopped;
    return !stopped.code;
}
