/* Lines of a log, written and checked. */
#include "run/run_log.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/json.h"

enum { CRC_TAIL = 18 }; /* ,"crc":"01234567"} */

void run_log_seal(const Value *fields, Text *out)
{
    size_t begin = out->size;
    json_write(fields, JSON_COMPACT, out);
    out->bytes[--out->size] = '\0'; /* the closing brace comes after the CRC */
    uint32_t crc = crc32c(0, out->bytes + begin, out->size - begin);
    text_addf(out, ",\"crc\":\"%08x\"}\n", crc);
}

Value *run_log_parse(const char *line, size_t size)
{
    char expected[CRC_TAIL + 1];
    if (size < CRC_TAIL + 2)
        return NULL;
    size_t body = size - CRC_TAIL;
    snprintf(expected, sizeof expected, ",\"crc\":\"%08x\"}", crc32c(0, line, body));
    if (memcmp(expected, line + body, CRC_TAIL) != 0)
        return NULL;
    Value *v = json_parse(line, size, NULL);
    if (v && v->type == VALUE_MAP)
        return v;
    value_free(v);
    return NULL;
}

bool run_log_read(const char *path, RunLog *out, Error *e)
{
    IoInfo info;
    char *bytes = NULL;
    size_t size = 0;
    bool last_bad = false;
    *out = (RunLog){.lines = value_list()};
    if (!io_stat(path, &info))
        return true;
    if (!io_read_file(path, 0, &bytes, &size, e))
        return false;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        if (!end) {
            out->torn = true;
            break;
        }
        if (end == bytes + at) { /* an empty line says nothing, and hides nothing */
            at++;
            continue;
        }
        Value *line = run_log_parse(bytes + at, (size_t)(end - bytes) - at);
        if (line && last_bad && text_equal(value_get_text(line, "e", ""), "resume"))
            out->damaged--;
        last_bad = !line;
        if (line)
            value_add(out->lines, line);
        else
            out->damaged++;
        at = (size_t)(end - bytes) + 1;
    }
    mem_free(bytes);
    return true;
}

void run_log_done(RunLog *log)
{
    value_free(log->lines);
    log->lines = NULL;
}
