/* Rules on names: calls that have one home, names that curses owns. */
#include <stdio.h>
#include <string.h>

#include "lint.h"

typedef struct Ban {
    const char *names; /* functions, each between blanks */
    const char *homes; /* beginnings of paths that may call them, each between blanks; "" nobody */
    const char *advice;
} Ban;

static const Ban bans[] = {
    {" malloc calloc realloc free aligned_alloc posix_memalign strdup strndup asprintf vasprintf reallocarray getline getdelim ",
     "src/base/mem.c", "allocate through base/mem"},
    {" open openat creat fdopen freopen opendir readdir scandir nftw rename renameat unlink unlinkat remove mkdir mkdirat rmdir stat lstat "
     "fstat "
     "fstatat fsync fdatasync flock lockf truncate ftruncate mkstemp mkdtemp tmpfile access readlink realpath symlink link chmod ",
     "src/base/io src/base/proc", "files belong to base/io"},
    {" fopen ", "src/base/io src/tui/screen_curses.c", "files belong to base/io; curses alone wants a FILE for its terminal"},
    {" time clock gettimeofday clock_gettime localtime localtime_r gmtime gmtime_r strftime nanosleep usleep sleep ",
     "src/base/clock.c src/base/thread.c", "time belongs to base/clock"},
    {" fork vfork execv execve execvp execl execlp waitpid wait setsid kill sigaction signal setenv putenv unsetenv daemon ",
     "src/base/proc src/base/fault.c src/tui/screen_curses.c src/tui/terminal.c", "processes and signals belong to base/proc"},
    {" system popen mmap gets strcpy strcat stpcpy sprintf vsprintf strtok strtok_r atoi atol atoll atof strtod strtof strtold strtol "
     "strtoul strtoll "
     "strtoull scanf sscanf fscanf vsscanf alloca rand srand random drand48 setjmp longjmp localeconv tmpnam mktemp mvprintw printw ",
     "", "unsafe, bound to a locale or without limits; see base/text, base/number, base/rng"},
    {" strtod_l newlocale ", "src/base/number.c", "numbers are read by base/number"},
    {" printf fprintf vprintf vfprintf puts fputs putchar fputc putc perror exit ", "src/cli/ src/main.c",
     "nothing below cli prints or exits"},
    {" _exit abort ", "src/base/mem.c src/base/proc src/base/fault.c src/cli/ src/main.c src/tui/screen_curses.c", "return an error"},
    {" pthread_create pthread_mutex_lock pthread_cond_wait pthread_mutex_init ", "src/base/thread.c", "threads belong to base/thread"},
    {" setlocale ", "src/tui/screen_curses.c src/cli/ src/main.c", "the locale is set in one place"},
};

static bool is_home(const Source *s, const char *homes)
{
    for (const char *p = homes; *p;) {
        size_t size = strcspn(p, " ");
        if (strncmp(s->path, p, size) == 0) {
            return true;
        }
        p += size + (p[size] == ' ');
    }
    return false;
}

static bool is_letter(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* w->screen->read(...) and family.free are members, not calls of the library. */
static bool is_member(const char *code, size_t at)
{
    while (at > 0 && code[at - 1] == ' ') {
        at--;
    }
    return at > 0 && (code[at - 1] == '.' || (code[at - 1] == '>' && at > 1 && code[at - 2] == '-'));
}

/* (*read)(...) in a declaration of a pointer leaves "read)" behind; only a name with "(" behind it is a call. */
static void check_call(const Source *s, size_t at, const char *word)
{
    for (size_t i = 0; i < sizeof bans / sizeof bans[0]; i++) {
        if (strstr(bans[i].names, word) && !is_home(s, bans[i].homes)) {
            lint_report(s, at, "banned", "%.*s(): %s", (int)strlen(word) - 2, word + 1, bans[i].advice);
        }
    }
}

static void check_calls(const Source *s)
{
    static const char curses[] = " box filter move clear echo timeout refresh ";
    int depth = 0;
    for (size_t i = 0; i < s->size; i++) {
        depth += (s->code[i] == '{') - (s->code[i] == '}');
        if (!is_letter(s->code[i]) || (i > 0 && is_letter(s->code[i - 1]))) {
            continue;
        }
        size_t n = 0;
        while (is_letter(s->code[i + n])) {
            n++;
        }
        char word[64];
        if (s->code[i + n + strspn(s->code + i + n, " ")] != '(' || n > 60 || is_member(s->code, i)) {
            continue;
        }
        snprintf(word, sizeof word, " %.*s ", (int)n, s->code + i);
        check_call(s, i, word);
        if (depth == 0 && strstr(curses, word)) {
            lint_report(s, i, "name", "%.*s() belongs to curses; choose another name", (int)n, s->code + i);
        }
    }
}

void rules_names(const Source *s)
{
    if (is_under(s, "src/")) {
        check_calls(s);
    }
}
