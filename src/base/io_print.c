/* What reaches stdout and stderr, all of it: every verb, message and print of a script ends here. Names, cells and messages come from
 * outside, and a terminal obeys what it is sent; so text goes out inert, and data go raw only into files and pipes. */
#include "base/io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

static Error print_failure; /* the first one, for the exit code */
static bool print_closed;

static bool print_raw(int fd, const char *bytes, size_t size)
{
    Error e = {0};
    bool ok = io_write_all(fd, bytes, size, "standard output", &e);
    if (ok || fd != STDOUT_FILENO)
        return ok;
    if (errno == EPIPE)
        print_closed = true;
    else if (print_failure.code == ERROR_NONE)
        print_failure = e;
    return false;
}

static bool print_inert(int fd, const char *bytes, size_t size)
{
    Text out = {0};
    utf8_sanitize_lines(&out, bytes, size);
    bool ok = print_raw(fd, text_get(&out), out.size);
    int failure = errno;
    text_done(&out);
    errno = failure;
    return ok;
}

bool io_print(int fd, const char *text)
{
    return print_inert(fd, text, strlen(text));
}

bool io_print_line(int fd, const char *text)
{
    Text line = {0};
    utf8_sanitize(&line, text, strlen(text));
    text_add_char(&line, '\n');
    bool ok = print_raw(fd, text_get(&line), line.size);
    int failure = errno;
    text_done(&line);
    errno = failure;
    return ok;
}

void io_show_line(const char *text)
{
    static const char back[] = "\r\x1b[K";
    struct winsize size = {0};
    const char *terminal = getenv("TERM");
    if (!io_is_terminal(STDERR_FILENO) || !terminal || text_equal(terminal, "dumb"))
        return;
    Text clean = {0}, line = {0};
    utf8_sanitize(&clean, text, strlen(text));
    size_t columns = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1U : 79;
    text_add(&line, back);
    text_add_bytes(&line, text_get(&clean), utf8_fit(text_get(&clean), columns));
    print_raw(STDERR_FILENO, text_get(&line), line.size);
    text_done(&line);
    text_done(&clean);
}

/* Where the levels of a script begin, the only part of a message that is more than one line; its end when there are none. */
static const char *find_levels(const char *message)
{
    static const char heading[] = "\nstack traceback:\n";
    const char *found = message + strlen(message);
    for (const char *at = message; (at = strstr(at, heading)); at++)
        found = at;
    return found;
}

void io_print_error(const Error *e)
{
    char text[1000];
    error_format(e, text, sizeof text);
    const char *levels = find_levels(text);
    char *said = text_format("limbeck: %.*s", (int)(levels - text), text);
    io_print_line(STDERR_FILENO, said);
    mem_free(said);
    if (*levels)
        io_print_line(STDERR_FILENO, "stack traceback:");
    for (const char *p = *levels ? strchr(levels + 1, '\n') + 1 : levels; *p;) {
        p += strspn(p, "\t ");
        size_t size = strcspn(p, "\n");
        char *level = text_format("    %.*s", (int)size, p);
        io_print_line(STDERR_FILENO, level);
        mem_free(level);
        p += size + (p[size] == '\n');
    }
}

/* Bytes at the end that may be the beginning of a character: data come in pieces that are cut anywhere. */
static size_t begun_character(const char *bytes, size_t size)
{
    for (size_t back = 1; back <= 3 && back <= size; back++) {
        unsigned char c = (unsigned char)bytes[size - back];
        size_t due = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        if (due > 1 || c < 0x80)
            return due > back ? back : 0;
    }
    return 0;
}

static bool print_pieces(int fd, const char *bytes, size_t size)
{
    static struct {
        char bytes[4];
        size_t size;
    } kept[STDERR_FILENO + 1];
    size_t at = fd >= 0 && fd <= STDERR_FILENO ? (size_t)fd : 0;
    Text whole = {0};
    text_add_bytes(&whole, kept[at].bytes, kept[at].size);
    text_add_bytes(&whole, bytes, size);
    kept[at].size = begun_character(text_get(&whole), whole.size);
    memcpy(kept[at].bytes, text_get(&whole) + whole.size - kept[at].size, kept[at].size);
    bool ok = print_inert(fd, text_get(&whole), whole.size - kept[at].size);
    int failure = errno;
    text_done(&whole);
    errno = failure;
    return ok;
}

bool io_print_bytes(int fd, const char *bytes, size_t size)
{
    return io_is_terminal(fd) ? print_pieces(fd, bytes, size) : print_raw(fd, bytes, size);
}

bool io_print_closed(void)
{
    return print_closed;
}

bool io_print_failed(Error *e)
{
    if (print_failure.code != ERROR_NONE)
        *e = print_failure;
    return print_failure.code != ERROR_NONE;
}
