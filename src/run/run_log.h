/* Lines of a log: JSON maps that end with their own CRC32C. Shared by events, journal and all who read them. */
#ifndef RUN_RUN_LOG_H
#define RUN_RUN_LOG_H

#include "base/value.h"

/* {"e":...,"crc":"8 hex"} and a line feed; the CRC is of the line up to `,"crc"`. */
void run_log_seal(const Value *fields, Text *out);
Value *run_log_parse(const char *line, size_t size); /* without its line feed; NULL: damaged */

typedef struct RunLog {
    Value *lines;   /* list of maps; whole and good ones only */
    size_t damaged; /* whole lines with a bad CRC; a torn line that a resume closed is none */
    bool torn;      /* the last line has no end */
} RunLog;
bool run_log_read(const char *path, RunLog *out, Error *e); /* an absent file is an empty log */
void run_log_done(RunLog *log);

#endif
