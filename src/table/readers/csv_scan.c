/* RFC 4180 records with the usual liberties: LF, CRLF or CR ends a record, quotes may hold anything, a quote inside an unquoted
 * field is a character like any other. A stray quote costs its own line, never the lines behind it. */
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

static const char *end_of_line(const char *p, const char *end)
{
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    return p;
}

static const char *next_line(const char *p, const char *end)
{
    p = end_of_line(p, end);
    if (p < end && *p == '\r' && p + 1 < end && p[1] == '\n')
        p++;
    return p < end ? p + 1 : end;
}

static bool fail_at_field(CsvScan *s, size_t size, Error *e)
{
    return error_at(e, ERROR_FAILED, s->name, (long)csv_scan_line(s), 0,
                    "a field of %zu bytes, the limit is %zu; check the quotes or raise max_field", size, s->max_field);
}

static bool has_too_many_lines(const CsvScan *s, const CsvField *f)
{
    const char *p = f->bytes, *end = f->bytes + f->size;
    for (size_t lines = 0; lines < s->max_lines && p < end; lines++)
        p = next_line(p, end);
    return p < end;
}

/* The quote that closes the field which opened at s->at; NULL: there is none. */
static const char *find_close(const CsvScan *s, CsvField *f)
{
    const char *p = f->bytes;
    for (;;) {
        p = memchr(p, s->quote, (size_t)(s->end - p));
        if (!p || p + 1 == s->end || p[1] != s->quote)
            return p;
        f->escaped = true;
        p += 2;
    }
}

/* Moves past a quoted field. What is wrong with it, or CSV_FINE; s->at then stays. */
static CsvFault scan_quoted(CsvScan *s, const char *at, CsvField *f)
{
    *f = (CsvField){.bytes = at + 1, .quoted = true};
    const char *close = find_close(s, f);
    if (!close)
        return CSV_UNCLOSED;
    const char *p = close + 1;
    while (p < s->end && (*p == ' ' || *p == '\t') && *p != s->delimiter)
        p++;
    if (p < s->end && *p != s->delimiter && *p != '\n' && *p != '\r')
        return CSV_TEXT_BEHIND;
    f->size = (size_t)(close - f->bytes);
    bool spans = end_of_line(f->bytes, close) < close;
    if (spans && f->size > s->max_lines && has_too_many_lines(s, f))
        return CSV_TOO_MANY_LINES;
    s->spans |= spans;
    s->at = p;
    return CSV_FINE;
}

static void scan_plain(CsvScan *s, CsvField *f)
{
    const char *p = s->at, *end = s->end;
    char delimiter = s->delimiter;
    unsigned char highest =
        (unsigned char)delimiter > '\r' ? (unsigned char)delimiter : '\r'; /* most bytes are above all that end a field */
    while (p < end && ((unsigned char)*p > highest || (*p != delimiter && *p != '\n' && *p != '\r')))
        p++;
    *f = (CsvField){.bytes = s->at, .size = (size_t)(p - s->at)};
    s->at = p;
}

/* Blanks before a quote belong to nobody, as long as the quotes make sense on this line. */
static bool scan_late_quote(CsvScan *s, CsvField *f)
{
    const char *p = s->at;
    bool spans = s->spans;
    while (p < s->end && *p == ' ')
        p++;
    if (p == s->end || *p != s->quote || scan_quoted(s, p, f) != CSV_FINE)
        return false;
    if (end_of_line(f->bytes, f->bytes + f->size) == f->bytes + f->size)
        return true;
    s->at = p - 1;
    s->spans = spans;
    return false;
}

static bool add_field(CsvScan *s, Error *e)
{
    if (s->count == s->max_columns) {
        return error_at(e, ERROR_FAILED, s->name, (long)csv_scan_line(s), 0,
                        "more than %zu fields in a row; check the delimiter or raise max_columns", s->max_columns);
    }
    MEM_GROW(s->fields, s->count, s->room);
    CsvField *f = &s->fields[s->count++];
    const char *begin = s->at;
    if (begin < s->end && s->quote && *begin == s->quote) {
        s->fault = scan_quoted(s, begin, f);
        return s->fault || f->size <= s->max_field || fail_at_field(s, f->size, e);
    }
    if (begin < s->end && s->quote && *begin == ' ' && scan_late_quote(s, f))
        return f->size <= s->max_field || fail_at_field(s, f->size, e);
    s->at = begin;
    scan_plain(s, f);
    return f->size <= s->max_field || fail_at_field(s, f->size, e);
}

size_t csv_plain_fields(const char *p, const char *end, char delimiter)
{
    size_t count = 1;
    for (end = end_of_line(p, end); p < end; p++)
        count += *p == delimiter;
    return count;
}

static bool is_comment(const CsvScan *s)
{
    if (!s->comment || *s->at != s->comment)
        return false;
    return !s->comment_sniffed || s->columns < 2 || csv_plain_fields(s->at, s->end, s->delimiter) != s->columns;
}

/* Blank lines and comments. */
static void skip_between(CsvScan *s)
{
    while (s->at < s->end && (*s->at == '\n' || *s->at == '\r' || is_comment(s))) {
        if (*s->at != '\n' && *s->at != '\r') {
            s->comments++;
            s->at = end_of_line(s->at, s->end);
        } else {
            s->at++;
        }
    }
}

/* The line where the bad quote stands is read with quotes as text, and the next record begins behind it. */
static bool recover(CsvScan *s, const char *opened, Error *e)
{
    CsvFault fault = s->fault;
    const char *line_end = end_of_line(opened, s->end);
    bool one_line = end_of_line(s->record, s->end) == line_end;
    if (fault == CSV_UNCLOSED && s->partial) {
        s->at = s->end;
        return false;
    }
    if (one_line) {
        char quote = s->quote;
        s->at = s->record;
        s->count = 0;
        s->quote = 0;
        bool ok = add_field(s, e);
        while (ok && s->at < line_end) {
            s->at++;
            ok = add_field(s, e);
        }
        s->quote = quote;
        if (!ok)
            return false;
    }
    s->fault = fault;
    s->at = next_line(line_end, s->end);
    return true;
}

/* Whether a record over several lines is rather several rows that a stray quote holds together. Two lines of two fields may be text. */
static bool looks_swallowed(const CsvScan *s)
{
    ColumnType type;
    const char *end = s->at, *p = s->record;
    bool typed = true, later = true;
    size_t lines = 0;
    for (; p < end; p = next_line(p, end), lines++) {
        const char *first = p + (*p == s->quote), *stop = first;
        bool whole = csv_plain_fields(p, end, s->delimiter) == s->columns;
        if (!whole && p > s->record)
            later = false;
        while (stop < end && *stop != s->delimiter && *stop != s->quote && *stop != '\n' && *stop != '\r')
            stop++;
        typed = typed && whole && csv_guess(first, (size_t)(stop - first), &type);
    }
    return s->count == s->columns ? typed && (lines > 2 || s->columns > 2) : later;
}

bool csv_scan_next(CsvScan *s, Error *e)
{
    s->count = 0;
    s->fault = CSV_FINE;
    s->spans = false;
    skip_between(s);
    s->record = s->at;
    if (s->at == s->end)
        return false;
    for (;;) {
        const char *field = s->at;
        if (!add_field(s, e))
            return false;
        if (s->fault)
            return recover(s, field, e);
        if (s->at == s->end && s->partial)
            return false;
        if (s->at == s->end || *s->at++ != s->delimiter)
            break;
    }
    if (s->at < s->end && s->at[-1] == '\r' && *s->at == '\n')
        s->at++;
    if (!s->spans || s->columns < 2 || !looks_swallowed(s))
        return true;
    s->fault = CSV_SWALLOWED;
    s->at = next_line(s->record, s->end);
    return true;
}

void csv_field_unescape(const CsvField *f, char quote, Text *out)
{
    text_clear(out);
    for (size_t i = 0; i < f->size; i++) {
        text_add_char(out, f->bytes[i]);
        if (f->bytes[i] == quote && i + 1 < f->size && f->bytes[i + 1] == quote)
            i++;
    }
}

const char *csv_fault_text(CsvFault fault)
{
    static const char *const texts[] = {
        [CSV_FINE] = "",
        [CSV_UNCLOSED] = "a quote opens here and is never closed; repair it, or read without quotes: quote = \"\"",
        [CSV_TEXT_BEHIND] = "text behind a closing quote; double the quotes inside, or read without quotes: quote = \"\"",
        [CSV_TOO_MANY_LINES] = "a quoted field of too many lines; close the quote, or raise max_lines",
        [CSV_SWALLOWED] = "a quote opens here and holds rows together; close it, or read without quotes: quote = \"\"",
    };
    return texts[fault];
}
