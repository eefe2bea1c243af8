/* A terminal with a program on it, driven by steps:  terminal COLSxROWS STEP... -- PROGRAM ARGUMENT...
 *   until:TEXT    waits until TEXT has come, after what the last until found
 *   keys:TEXT     types it
 *   signal:N      sends signal N to the program
 *   do:COMMAND    runs it in a shell
 * Then it waits for the program to end. Exit code: that of the program, 128 + n after signal n; 99 when the terminal was not given back
 * (its modes, its cursor, its screen); 98 when a text never came or the program does not end. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 1 << 22, MOST_SECONDS = 30, CODE_IN_VAIN = 98, CODE_NOT_GIVEN_BACK = 99 };

static struct {
    int master;
    pid_t child;
    char seen[ROOM];
    size_t size, from;
} terminal;

/* Takes what the program has written; false: it writes no more. */
static int take_output(int milliseconds)
{
    struct pollfd wait = {.fd = terminal.master, .events = POLLIN};
    if (poll(&wait, 1, milliseconds) <= 0)
        return 1;
    ssize_t got = terminal.size + 1 < ROOM ? read(terminal.master, terminal.seen + terminal.size, ROOM - terminal.size - 1) : -1;
    if (got <= 0)
        return 0;
    terminal.size += (size_t)got;
    terminal.seen[terminal.size] = 0;
    return 1;
}

static int fail(int code, const char *what, const char *text)
{
    printf("%s %s\n", what, text);
    kill(terminal.child, SIGKILL);
    exit(code);
}

static void await_text(const char *text)
{
    const char *found;
    for (time_t since = time(NULL); !(found = strstr(terminal.seen + terminal.from, text));)
        if (!take_output(100) || time(NULL) - since > MOST_SECONDS)
            fail(CODE_IN_VAIN, "never came:", text);
    terminal.from = (size_t)(found - terminal.seen) + strlen(text);
}

static int await_end(void)
{
    int status;
    for (time_t since = time(NULL); waitpid(terminal.child, &status, WNOHANG) == 0; take_output(20))
        if (time(NULL) - since > MOST_SECONDS)
            fail(CODE_IN_VAIN, "the program", "does not end");
    while (take_output(50) && poll(&(struct pollfd){.fd = terminal.master, .events = POLLIN}, 1, 0) > 0)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const char *last(const char *text)
{
    const char *at = NULL;
    for (const char *next = terminal.seen; (next = strstr(next, text)); next++)
        at = next;
    return at;
}

/* Whatever was turned on was turned off after it. */
static int is_off(const char *on, const char *off)
{
    return !last(on) || (last(off) && last(off) > last(on));
}

static void check_given_back(const struct termios *before)
{
    struct termios now;
    if (tcgetattr(terminal.master, &now) != 0 || now.c_lflag != before->c_lflag || now.c_iflag != before->c_iflag ||
        now.c_oflag != before->c_oflag || memcmp(now.c_cc, before->c_cc, sizeof now.c_cc) != 0)
        fail(CODE_NOT_GIVEN_BACK, "not given back:", "the modes");
    if (!is_off("\033[?1049h", "\033[?1049l"))
        fail(CODE_NOT_GIVEN_BACK, "not given back:", "the screen");
    if (!is_off("\033[?25l", "\033[?25h") && !is_off("\033[?25l", "\033[?12l\033[?25h"))
        fail(CODE_NOT_GIVEN_BACK, "not given back:", "the cursor");
}

static void take_step(const char *step)
{
    if (strncmp(step, "until:", 6) == 0)
        await_text(step + 6);
    else if (strncmp(step, "keys:", 5) == 0 && write(terminal.master, step + 5, strlen(step + 5)) < 0)
        fail(CODE_IN_VAIN, "cannot type", step + 5);
    else if (strncmp(step, "signal:", 7) == 0)
        kill(terminal.child, atoi(step + 7));
    else if (strncmp(step, "do:", 3) == 0 && system(step + 3) != 0)
        fail(CODE_IN_VAIN, "failed:", step + 3);
}

int main(int argc, char **argv)
{
    struct winsize size = {0};
    struct termios before;
    int program = 2;
    if (argc < 3 || sscanf(argv[1], "%hux%hu", &size.ws_col, &size.ws_row) != 2)
        return 2;
    while (program < argc && strcmp(argv[program], "--") != 0)
        program++;
    terminal.child = forkpty(&terminal.master, NULL, NULL, &size);
    if (terminal.child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        setenv("TERM", "xterm", 1);
        execv(argv[program + 1], argv + program + 1);
        _exit(127);
    }
    tcgetattr(terminal.master, &before);
    for (int i = 2; i < program; i++)
        take_step(argv[i]);
    int code = await_end();
    check_given_back(&before);
    return code;
}
