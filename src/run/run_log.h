/* Lines of a log: JSON maps that end with their own CRC32C. Shared by events, journal and all who read them. */
#ifndef RUN_RUN_LOG_H
#define RUN_RUN_LOG_H

#include <stdint.h>

#include "base/value.h"

/* {"e":...,"crc":"8 hex"} and a line feed; the CRC is of the line up to `,"crc"`. */
void run_log_seal(const Value *fields, Text *out);
bool run_log_is_good(const char *line, size_t size); /* its CRC is that of the line */
Value *run_log_parse(const char *line, size_t size); /* without its line feed; NULL: damaged */

/* Bytes of a log, cut into lines as they come. A line longer than RUN_LINE_MOST is not kept: it is handed on as NULL, once, as damage. */
enum { RUN_LINE_MOST = 16 << 20 };
typedef struct RunLines {
    char *partial; /* an unfinished last line is left for later */
    size_t size;
    bool overlong; /* the line goes on, and was handed on */
} RunLines;
typedef void RunLine(void *self, const char *line, size_t size); /* without its line feed */
void run_lines_take(RunLines *lines, const char *bytes, size_t size, RunLine *on_line, void *self);
void run_lines_done(RunLines *lines);
/* Reads on from *offset to the end, a part at a time; what a sparse file only pretends to hold is passed over. true: something was read. */
bool run_lines_read(RunLines *lines, const char *path, uint64_t *offset, RunLine *on_line, void *self, Error *e);

typedef struct RunLog {
    Value *lines;   /* list of maps; whole and good ones only */
    size_t damaged; /* whole lines with a bad CRC; a torn line that a resume closed is none */
    bool torn;      /* the last line has no end */
} RunLog;
bool run_log_read(const char *path, RunLog *out, Error *e); /* an absent file is an empty log */
void run_log_done(RunLog *log);

#endif
