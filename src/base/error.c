/* Error values: setting, prefixing and the one text form that people see. */
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void place_clear(Error *e)
{
    e->file[0] = 0;
    e->line = 0;
    e->column = 0;
}

/* Copies what fits and never cuts a UTF-8 sequence in two. */
static void copy_cut(char *out, size_t room, const char *text)
{
    size_t size = strlen(text);
    if (size >= room) {
        size = room - 1;
        while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80) {
            size--;
        }
    }
    memmove(out, text, size);
    out[size] = 0;
}

bool error_set_va(Error *e, ErrorCode code, const char *format, va_list args)
{
    if (!e) {
        return false;
    }
    char message[2 * sizeof e->message]; /* an argument may be e->message itself */
    vsnprintf(message, sizeof message, format, args);
    place_clear(e);
    e->code = code;
    copy_cut(e->message, sizeof e->message, message);
    return false;
}

bool error_set(Error *e, ErrorCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_set_va(e, code, format, args);
    va_end(args);
    return false;
}

bool error_at(Error *e, ErrorCode code, const char *file, long line, long column, const char *format, ...)
{
    if (!e) {
        return false;
    }
    char name[sizeof e->file];
    copy_cut(name, sizeof name, file ? file : "");
    va_list args;
    va_start(args, format);
    error_set_va(e, code, format, args);
    va_end(args);
    memcpy(e->file, name, sizeof name);
    e->line = line;
    e->column = column;
    return false;
}

bool error_errno(Error *e, const char *format, ...)
{
    int cause = errno;
    if (!e) {
        return false;
    }
    char text[sizeof e->message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char why[128];
    const char *reason = strerror_r(cause, why, sizeof why);
    errno = cause;
    return error_set(e, cause == ENOMEM ? ERROR_MEMORY : ERROR_IO, "%s: %s", text, reason);
}

bool error_prefix(Error *e, const char *format, ...)
{
    if (!e) {
        return false;
    }
    char text[2 * sizeof e->message], prefix[sizeof text];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    copy_cut(text, sizeof e->message, prefix);
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "%s", e->message);
    copy_cut(e->message, sizeof e->message, text);
    return false;
}

void error_clear(Error *e)
{
    if (e) {
        memset(e, 0, sizeof *e);
    }
}

void error_format(const Error *e, char *out, size_t size)
{
    char place[sizeof e->file + 64] = "";
    if (e->file[0] && e->line > 0 && e->column > 0) {
        snprintf(place, sizeof place, "%s:%ld:%ld: ", e->file, e->line, e->column);
    } else if (e->file[0] && e->line > 0) {
        snprintf(place, sizeof place, "%s:%ld: ", e->file, e->line);
    } else if (e->file[0]) {
        snprintf(place, sizeof place, "%s: ", e->file);
    } else if (e->line > 0 && e->column > 0) {
        snprintf(place, sizeof place, "line %ld, column %ld: ", e->line, e->column);
    } else if (e->line > 0) {
        snprintf(place, sizeof place, "line %ld: ", e->line);
    }
    if (size > 0) {
        char text[sizeof place + sizeof e->message];
        snprintf(text, sizeof text, "%s%s", place, e->message);
        copy_cut(out, size, text);
    }
}

int error_exit_code(const Error *e)
{
    switch (e->code) {
    case ERROR_NONE: return 0;
    case ERROR_USAGE: return 2;
    case ERROR_CHECK: return 3;
    case ERROR_DIVERGED: return 4;
    case ERROR_CANCELED: return 130;
    case ERROR_FAILED:
    case ERROR_IO:
    case ERROR_MEMORY:
    case ERROR_LOST: break;
    }
    return 1;
}
