/* RFC 4180 records with the usual liberties: LF, CRLF or CR ends a record, quotes may hold anything, a quote inside an unquoted
 * field is a character like any other. */
#include "base/mem.h"
#include "table/readers/csv.h"

#include <string.h>

uint64_t csv_scan_line(CsvScan *s)
{
    for (; s->counted < s->record; s->counted++)
        s->lines += *s->counted == '\n' || (*s->counted == '\r' && (s->counted + 1 == s->end || s->counted[1] != '\n'));
    return s->lines + 1;
}

void csv_scan_done(CsvScan *s)
{
    mem_free(s->fields);
    s->fields = NULL;
}

static bool fail_at(CsvScan *s, Error *e, const char *what)
{
    return error_at(e, ERROR_FAILED, s->name, (long)csv_scan_line(s), 0, "%s", what);
}

/* Moves past a quoted field; false: it never ends. */
static bool scan_quoted(CsvScan *s, CsvField *f)
{
    const char *p = s->at + 1;
    f->bytes = p;
    f->quoted = true;
    for (;;) {
        p = memchr(p, s->quote, (size_t)(s->end - p));
        if (!p) return false;
        if (p + 1 == s->end || p[1] != s->quote) break;
        f->escaped = true;
        p += 2;
    }
    const char *close = p++;
    while (p < s->end && *p != s->delimiter && *p != '\n' && *p != '\r') p++;
    if (p != close + 1) f->escaped = true;
    f->size = (size_t)((f->escaped ? p : close) - f->bytes);
    s->at = p;
    return true;
}

static void scan_plain(CsvScan *s, CsvField *f)
{
    const char *p = s->at, *end = s->end;
    char delimiter = s->delimiter;
    while (p < end && *p != delimiter && *p != '\n' && *p != '\r') p++;
    f->bytes = s->at;
    f->size = (size_t)(p - s->at);
    s->at = p;
}

static bool add_field(CsvScan *s, Error *e)
{
    if (s->count == s->max_columns) {
        return error_at(e, ERROR_FAILED, s->name, (long)csv_scan_line(s), 0,
                        "more than %zu fields in a row; check the delimiter or raise max_columns", s->max_columns);
    }
    MEM_GROW(s->fields, s->count, s->room);
    CsvField *f = &s->fields[s->count++];
    *f = (CsvField){0};
    if (s->at < s->end && s->quote && *s->at == s->quote) {
        if (scan_quoted(s, f)) goto sized;
        s->at = s->end;
        if (s->partial) return false;
        return fail_at(s, e, "a quote opened in this row is never closed; repair it, or read without quotes: quote = \"\"");
    }
    scan_plain(s, f);
sized:
    if (f->size <= s->max_field) return true;
    return error_at(e, ERROR_FAILED, s->name, (long)csv_scan_line(s), 0,
                    "a field of %zu bytes, the limit is %zu; check the quotes or raise max_field", f->size, s->max_field);
}

static void skip_line_ends(CsvScan *s)
{
    while (s->at < s->end && (*s->at == '\n' || *s->at == '\r')) s->at++;
}

bool csv_scan_next(CsvScan *s, Error *e)
{
    s->count = 0;
    skip_line_ends(s);
    s->record = s->at;
    if (s->at == s->end) return false;
    for (;;) {
        if (!add_field(s, e)) return false;
        if (s->at == s->end) return !s->partial;
        if (*s->at++ != s->delimiter) break;
    }
    if (s->at[-1] == '\r' && s->at < s->end && *s->at == '\n') s->at++;
    return true;
}

void csv_field_unescape(const CsvField *f, char quote, Text *out)
{
    bool inside = true;
    text_clear(out);
    for (size_t i = 0; i < f->size; i++) {
        if (!inside || f->bytes[i] != quote) text_add_char(out, f->bytes[i]);
        else if (i + 1 < f->size && f->bytes[i + 1] == quote) text_add_char(out, f->bytes[i++]);
        else inside = false;
    }
}
