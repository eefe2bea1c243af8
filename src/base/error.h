/* Errors: every function that can fail returns bool and fills an Error, the last argument. No global text, no allocation:
 * an Error is a value that can be copied. A message says what, where and what to do. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum ErrorCode {
    ERROR_NONE,
    ERROR_FAILED,   /* exit 1 */
    ERROR_USAGE,    /* exit 2 */
    ERROR_CHECK,    /* exit 3: a data check failed */
    ERROR_DIVERGED, /* exit 4 */
    ERROR_IO,       /* exit 1 */
    ERROR_MEMORY,   /* exit 1 */
    ERROR_LOST,     /* exit 1: a process was killed, or ended without a word */
    ERROR_CANCELED  /* exit 130 */
} ErrorCode;

typedef struct Error {
    ErrorCode code;
    char message[600];
    char file[256]; /* "" when there is no place */
    long line;      /* 1-based; 0: unknown */
    long column;    /* 1-based; 0: unknown */
} Error;

#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define MUST_USE __attribute__((warn_unused_result)) /* of functions whose failure, passed over, leaves a wrong figure */

/* All setters return false, so that `return error_set(...)` reads well. e may be NULL (the text is then lost). */
bool error_set(Error *e, ErrorCode code, const char *format, ...) PRINTF_LIKE(3, 4);
bool error_set_va(Error *e, ErrorCode code, const char *format, va_list args) PRINTF_LIKE(3, 0);
bool error_at(Error *e, ErrorCode code, const char *file, long line, long column, const char *format, ...) PRINTF_LIKE(6, 7);
/* ERROR_IO with ": strerror(errno)" appended. */
bool error_errno(Error *e, const char *format, ...) PRINTF_LIKE(2, 3);
/* Puts text before the message: "step 3 (log1p): " ... Keeps code and place. */
bool error_prefix(Error *e, const char *format, ...) PRINTF_LIKE(2, 3);
void error_clear(Error *e);
/* "file:line:column: message", only the known parts. Always terminates. */
void error_format(const Error *e, char *out, size_t size);
int error_exit_code(const Error *e);

#endif
