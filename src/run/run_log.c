/* Lines of a log, written and checked. */
#include "run/run_log.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/json.h"

enum { LOG_CHUNK = 1 << 16, CRC_TAIL = 18 }; /* ,"crc":"01234567"} */

void run_log_seal(const Value *fields, Text *out)
{
    size_t begin = out->size;
    json_write(fields, JSON_COMPACT, out);
    out->bytes[--out->size] = '\0'; /* the closing brace comes after the CRC */
    uint32_t crc = crc32c(0, out->bytes + begin, out->size - begin);
    text_addf(out, ",\"crc\":\"%08x\"}\n", crc);
}

bool run_log_is_good(const char *line, size_t size)
{
    char expected[CRC_TAIL + 1];
    if (size < CRC_TAIL + 2)
        return false;
    size_t body = size - CRC_TAIL;
    snprintf(expected, sizeof expected, ",\"crc\":\"%08x\"}", crc32c(0, line, body));
    return memcmp(expected, line + body, CRC_TAIL) == 0;
}

Value *run_log_parse(const char *line, size_t size)
{
    Value *v = run_log_is_good(line, size) ? json_parse(line, size, NULL) : NULL;
    if (v && v->type == VALUE_MAP)
        return v;
    value_free(v);
    return NULL;
}

/* Of a line that is too long only its end is awaited. */
static const char *lines_drop(RunLines *lines, const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));
    lines->overlong = !feed;
    return feed ? feed + 1 : end;
}

static void lines_keep(RunLines *lines, const char *at, size_t size, RunLine *on_line, void *self)
{
    if (lines->size + size > RUN_LINE_MOST) {
        on_line(self, NULL, 0);
        run_lines_done(lines);
        lines->overlong = true;
        return;
    }
    lines->partial = mem_realloc(lines->partial, lines->size + size + 1);
    memcpy(lines->partial + lines->size, at, size);
    lines->size += size;
}

void run_lines_take(RunLines *lines, const char *bytes, size_t size, RunLine *on_line, void *self)
{
    const char *at = bytes, *end = bytes + size, *feed;
    if (lines->overlong)
        at = lines_drop(lines, at, end);
    while (at < end && (feed = memchr(at, '\n', (size_t)(end - at)))) {
        lines_keep(lines, at, (size_t)(feed - at), on_line, self);
        if (!lines->overlong && lines->size > 0) /* an empty line says nothing, and hides nothing */
            on_line(self, lines->partial, lines->size);
        run_lines_done(lines);
        at = feed + 1;
    }
    if (at < end)
        lines_keep(lines, at, (size_t)(end - at), on_line, self);
}

void run_lines_done(RunLines *lines)
{
    mem_free(lines->partial);
    *lines = (RunLines){0};
}

bool run_lines_read(RunLines *lines, const char *path, uint64_t *offset, RunLine *on_line, void *self, Error *e)
{
    char *chunk = mem_alloc(LOG_CHUNK);
    bool read = false;
    for (size_t got = 1; got > 0;) {
        if (lines->overlong)
            *offset = io_next_data(path, *offset);
        if (!io_read_part(path, *offset, chunk, LOG_CHUNK, &got, e))
            break;
        run_lines_take(lines, chunk, got, on_line, self);
        *offset += got;
        read = read || got > 0;
    }
    mem_free(chunk);
    return read;
}

typedef struct LogReader {
    RunLog *out;
    bool last_bad;
} LogReader;

static void log_take(void *self, const char *bytes, size_t size)
{
    LogReader *r = self;
    Value *line = bytes ? run_log_parse(bytes, size) : NULL;
    if (line && r->last_bad && text_equal(value_get_text(line, "e", ""), "resume"))
        r->out->damaged--;
    r->last_bad = !line;
    if (line)
        value_add(r->out->lines, line);
    else
        r->out->damaged++;
}

bool run_log_read(const char *path, RunLog *out, Error *e)
{
    IoInfo info;
    Error failed = {0};
    RunLines lines = {0};
    uint64_t offset = 0;
    LogReader r = {.out = out};
    *out = (RunLog){.lines = value_list()};
    if (!io_stat(path, &info))
        return true;
    run_lines_read(&lines, path, &offset, log_take, &r, &failed);
    out->torn = lines.size > 0 || lines.overlong;
    run_lines_done(&lines);
    if (failed.code != ERROR_NONE && e)
        *e = failed;
    return failed.code == ERROR_NONE;
}

void run_log_done(RunLog *log)
{
    value_free(log->lines);
    log->lines = NULL;
}
