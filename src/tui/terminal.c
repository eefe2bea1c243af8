/* Signal handlers that give the terminal back in one write, and the news that it is gone. */
#include "tui/terminal.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/mem.h"

enum { RESTORE_ROOM = 256 };

/* What a signal handler needs. */
static struct {
    volatile sig_atomic_t is_open, hung_up;
    int input, output;
    struct termios saved;
    char restore[RESTORE_ROOM];
    size_t size;
} terminal;

/* Whatever ends a process unless it is caught, SIGINT, SIGTERM and SIGHUP apart, which the loop answers, and SIGPIPE, which is ignored. */
static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS,  SIGFPE,    SIGILL,  SIGQUIT, SIGUSR1, SIGUSR2,  SIGALRM,
                              SIGXCPU, SIGSYS,  SIGTRAP, SIGVTALRM, SIGPROF, SIGPOLL, SIGPWR,  SIGSTKFLT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

static void give_back(void)
{
    if (!terminal.is_open)
        return;
    terminal.is_open = 0;
    ssize_t n = write(terminal.output, terminal.restore, terminal.size);
    (void)n;
    tcsetattr(terminal.input, TCSANOW, &terminal.saved);
}

static void on_crash(int number)
{
    give_back();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_hang_up(int number)
{
    (void)number;
    terminal.hung_up = 1;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {0};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

bool terminal_remember(int input)
{
    terminal.size = 0;
    return tcgetattr(input, &terminal.saved) == 0;
}

void terminal_add_restore(const char *bytes)
{
    while (*bytes && terminal.size < RESTORE_ROOM) {
        if (bytes[0] == '$' && bytes[1] == '<' && strchr(bytes, '>'))
            bytes = strchr(bytes, '>') + 1;
        else
            terminal.restore[terminal.size++] = *bytes++;
    }
}

void terminal_guard(int input, int output)
{
    terminal.input = input;
    terminal.output = output;
    terminal.hung_up = 0;
    terminal.is_open = 1;
    for (int i = 0; i < CRASHES; i++)
        handle(crashes[i], on_crash);
    handle(SIGHUP, on_hang_up);
    mem_set_abort_hook(give_back);
}

void terminal_release(void)
{
    terminal.is_open = 0;
    mem_set_abort_hook(NULL);
    for (int i = 0; i < CRASHES; i++)
        signal(crashes[i], SIG_DFL);
    signal(SIGHUP, SIG_DFL);
}

void terminal_lend(bool lent)
{
    terminal.is_open = !lent;
}

bool terminal_hung_up(void)
{
    return terminal.hung_up;
}
