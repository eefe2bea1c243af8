/* The CSV reader: decodes, sniffs, then reads all rows once; columns whose kind changed on the way are read again. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "table/readers/csv.h"

enum { PROGRESS_ROWS = 1 << 14, EXCERPT = 60 };

static const char *const headers[] = {"auto", "yes", "no", NULL};
static const char *const raggeds[] = {"reject", "pad", "error", "exact", NULL};

static const Field fields[] = {
    {TEXT_FIELD(CsvParams, delimiter), .doc = "character between fields; empty: sniffed from , ; tab |", .def = ""},
    {TEXT_FIELD(CsvParams, quote), .doc = "character around fields; auto: sniffed; empty: none", .def = "auto"},
    {TEXT_FIELD(CsvParams, comment), .doc = "character that begins a comment line; auto: sniffed; empty: none", .def = "auto"},
    {TEXT_FIELD(CsvParams, decimal), .doc = "decimal point or comma; auto: sniffed", .def = "auto"},
    {TEXT_FIELD(CsvParams, thousands), .doc = "character between groups of thousands; empty: none", .def = ""},
    {CHOICE_FIELD(CsvParams, header), .doc = "whether the first row holds the names", .def = "auto", .choices = headers},
    {TEXTS_FIELD(CsvParams, missing), .doc = "words that mean a missing cell, besides the empty one",
     .def = "NA, N/A, n/a, NaN, nan, NULL, null, None"},
    {FLAG_FIELD(CsvParams, quoted_missing), .doc = "whether these words in quotes are missing too", .def = "true"},
    {TEXTS_FIELD(CsvParams, text), .doc = "columns that stay text whatever they hold", .def = ""},
    {CHOICE_FIELD(CsvParams, ragged), .doc = "rows with another number of fields; exact: none is taken, however many", .def = "reject",
     .choices = raggeds},
    {TEXT_FIELD(CsvParams, encoding), .doc = "utf-8, utf-16le, latin-1, gb18030 ...; empty: sniffed", .def = ""},
    {INT_FIELD(CsvParams, skip), .doc = "lines to pass over at the start; -1: titles are sniffed", .def = "-1", .min = -1, .max = 1e9,
     .soft_max = 10},
    {INT_FIELD(CsvParams, rows), .doc = "stop after so many rows; 0: read all", .def = "0", .min = 0, .max = 4e9, .soft_max = 1e6},
    {FLAG_FIELD(CsvParams, partial), .doc = "the bytes may end inside a row: drop it", .def = "false"},
    {INT_FIELD(CsvParams, max_field), .doc = "largest field", .unit = "bytes", .def = "16777216", .min = 1, .max = 4e9},
    {INT_FIELD(CsvParams, max_lines), .doc = "most lines of a quoted field", .def = "1000", .min = 0, .max = 1e9},
    {INT_FIELD(CsvParams, max_columns), .doc = "most columns", .def = "16384", .min = 1, .max = 1e6},
    {INT_FIELD(CsvParams, max_rows), .doc = "most rows", .def = "1000000000", .min = 1, .max = 4e9},
    {INT_FIELD(CsvParams, max_rejects), .doc = "most rejected rows", .def = "10000", .min = 0, .max = 1e9},
    {INT_FIELD(CsvParams, max_memory), .doc = "most memory for the table", .unit = "MiB", .def = "16384", .min = 1, .max = 1e9},
    {0},
};

typedef struct CsvRead {
    Job *job;
    const CsvParams *p;
    CsvScan scan;
    CsvShape shape;
    CsvWords words;
    CsvColumn *columns;
    char **names;
    size_t columns_count, rows, rejects_room;
    size_t comments;
    size_t renamed; /* columns of a name that an earlier one has */
    char *renaming; /* the first of them */
    size_t unnamed; /* last columns for which the header has no field */
    size_t padded;  /* rows with fewer fields than columns that were taken */
    size_t stopped; /* rows there were when the user asked to stop; 0: never */
    bool first_pass;
    Table *table;
} CsvRead;

static bool reject(CsvRead *r, const char *reason, Error *e)
{
    Table *t = r->table;
    if (!r->first_pass)
        return true;
    uint64_t line = csv_scan_line(&r->scan);
    if (t->rejects_count == (size_t)r->p->max_rejects) {
        return error_at(e, ERROR_FAILED, r->scan.name, (long)line, 0,
                        "more than %zu rows could not be read (%s); check the delimiter, try ragged = \"pad\", or raise max_rejects",
                        t->rejects_count, reason);
    }
    size_t size = (size_t)(r->scan.at - r->scan.record);
    MEM_GROW(t->rejects, t->rejects_count, r->rejects_room);
    Reject *x = &t->rejects[t->rejects_count++];
    *x = (Reject){.line = line, .column = r->scan.count, .before = r->columns ? r->rows : REJECT_NO_ROW, .reason = mem_strdup(reason)};
    while (size && (r->scan.record[size - 1] == '\n' || r->scan.record[size - 1] == '\r'))
        size--;
    x->excerpt = mem_strndup(r->scan.record, size < EXCERPT ? size : EXCERPT);
    return true;
}

static bool reject_row(CsvRead *r, Error *e)
{
    char reason[160];
    const char *fault = csv_fault_text(r->scan.fault);
    if (r->scan.fault)
        snprintf(reason, sizeof reason, "%s", fault);
    else
        snprintf(reason, sizeof reason, "%zu field%s, expected %zu", r->scan.count, r->scan.count == 1 ? "" : "s", r->columns_count);
    if (r->p->ragged != CSV_RAGGED_ERROR)
        return reject(r, reason, e);
    return error_at(e, ERROR_FAILED, r->scan.name, (long)csv_scan_line(&r->scan), 0, "%s%s", reason,
                    r->scan.fault ? "" : "; try ragged = \"pad\" or \"reject\"");
}

static bool is_free(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return false;
    return true;
}

/* What the header says about a column: trimmed, perhaps empty. */
static char *header_text(CsvRead *r, size_t i)
{
    Text raw = {0};
    if (r->shape.row_names && i == 0)
        return mem_strdup("row");
    if (r->shape.row_names)
        i--;
    if (r->shape.header && i < r->scan.count)
        csv_field_unescape(&r->scan.fields[i], r->scan.fields[i].escaped ? r->scan.quote : '\0', &raw);
    while (raw.size && (raw.bytes[raw.size - 1] == ' ' || raw.bytes[raw.size - 1] == '\t'))
        raw.bytes[--raw.size] = 0;
    const char *name = text_get(&raw);
    while (*name == ' ' || *name == '\t')
        name++;
    char *out = mem_strdup(name);
    text_done(&raw);
    return out;
}

/* Never empty, never twice. A name that stands in the header keeps its column: what is made up gives way to it. */
static char *make_name(CsvRead *r, char *const *heads, size_t i)
{
    const char *name = heads[i];
    bool twice = *name && !is_free(r->names, i, name);
    if (*name && !twice)
        return mem_strdup(name);
    char *out = *name ? text_format("%s_2", name) : text_format("column_%zu", i + 1);
    for (size_t n = *name ? 3 : 2; !is_free(r->names, i, out) || !is_free(heads, r->columns_count, out); n++) {
        mem_free(out);
        out = *name ? text_format("%s_%zu", name, n) : text_format("column_%zu_%zu", i + 1, n);
    }
    if (twice && r->renamed++ == 0)
        r->renaming = text_format("\"%s\" of column %zu is called \"%s\"", name, i + 1, out);
    return out;
}

static void make_names(CsvRead *r)
{
    char **heads = mem_alloc((r->columns_count + 1) * sizeof *heads);
    for (size_t i = 0; i < r->columns_count; i++)
        heads[i] = header_text(r, i);
    for (size_t i = 0; i < r->columns_count; i++)
        r->names[i] = make_name(r, heads, i);
    for (size_t i = 0; i < r->columns_count; i++)
        mem_free(heads[i]);
    mem_free(heads);
}

/* The names from the header, or from the number of fields of the first row. */
static bool read_head(CsvRead *r, Error *e)
{
    const CsvShape *shape = &r->shape;
    r->scan.at = shape->header ? shape->header : shape->rows;
    r->scan.comment = shape->header ? '\0' : shape->comment;
    bool some = csv_scan_next(&r->scan, e), lone = r->scan.count > 0 && r->scan.at == r->scan.end;
    if (!some && !lone)
        return false;
    r->columns_count = shape->columns;
    r->columns = mem_alloc(r->columns_count * sizeof *r->columns);
    r->names = mem_alloc(r->columns_count * sizeof *r->names);
    make_names(r);
    r->unnamed = shape->header && r->scan.count + shape->row_names < shape->columns ? shape->columns - r->scan.count - shape->row_names : 0;
    r->scan.comment = shape->comment;
    r->scan.comment_sniffed = shape->comment_sniffed;
    r->scan.columns = shape->columns + shape->trailing;
    return true;
}

/* Rows to expect: from the mean size of the first ones. */
static size_t estimate_rows(CsvRead *r)
{
    CsvScan s = r->scan;
    size_t rows = 0, limit = r->p->rows > 0 ? (size_t)r->p->rows : SIZE_MAX;
    s.fields = NULL;
    s.count = s.room = 0;
    s.at = r->shape.rows;
    while (rows < 1000 && csv_scan_next(&s, NULL))
        rows++;
    size_t bytes = (size_t)(s.at - r->shape.rows), all = (size_t)(s.end - r->shape.rows);
    csv_scan_done(&s);
    size_t guess = bytes ? (size_t)((double)all / (double)bytes * (double)rows * 1.05) + 64 : 64;
    return guess < limit ? guess : limit + 1;
}

static bool prepare(CsvRead *r, Error *e)
{
    size_t rows = estimate_rows(r);
    double bytes = (double)rows * (double)r->columns_count * 8;
    if (bytes > (double)r->p->max_memory * 1048576) {
        return error_at(e, ERROR_MEMORY, r->scan.name, 0, 0, "needs about %.0f MiB, the limit is %lld; raise max_memory or read fewer rows",
                        bytes / 1048576, (long long)r->p->max_memory);
    }
    for (size_t i = 0; i < r->columns_count; i++) {
        CsvColumn *c = &r->columns[i];
        c->room = rows;
        if (!text_list_has(&r->p->text, r->names[i]))
            continue;
        c->type = COLUMN_TEXT;
        if (!csv_column_restart(c, rows, e))
            return false;
    }
    return true;
}

static bool add_row(CsvRead *r, Error *e)
{
    static const CsvField none = {.bytes = "", .size = 0};
    const CsvScan *s = &r->scan;
    for (size_t i = 0; i < r->columns_count; i++) {
        if (r->columns[i].skip)
            continue;
        if (!csv_column_add(&r->columns[i], i < s->count ? &s->fields[i] : &none, &r->words, s->quote, e))
            return false;
    }
    r->rows++;
    return true;
}

static bool report(CsvRead *r, Error *e)
{
    if (r->rows % PROGRESS_ROWS)
        return true;
    job_progress(r->job, (uint64_t)(r->scan.at - r->shape.rows), (uint64_t)(r->scan.end - r->shape.rows));
    if (r->rows > (size_t)r->p->max_rows)
        return error_at(e, ERROR_FAILED, r->scan.name, 0, 0, "more than %lld rows; raise max_rows", (long long)r->p->max_rows);
    if (r->stopped || job_go_on(r->job, NULL))
        return true;
    if (!r->job->keeps || !r->first_pass)
        return job_go_on(r->job, e);
    r->stopped = r->rows;
    return true;
}

static size_t row_limit(const CsvRead *r)
{
    if (r->stopped)
        return r->stopped;
    return r->p->rows > 0 ? (size_t)r->p->rows : SIZE_MAX;
}

/* Whether the record is a row of the table, with the liberties that were sniffed or allowed. */
static bool is_row(CsvRead *r)
{
    const CsvScan *s = &r->scan;
    const CsvShape *shape = &r->shape;
    size_t columns = r->columns_count, count = s->count;
    if (s->fault)
        return false;
    if (count == columns && !shape->trailing)
        return true;
    if (count == columns)
        return s->fields[count - 1].size > 0;
    if (count > columns) {
        bool empty = count == columns + shape->trailing;
        for (size_t i = columns; i < count && empty; i++)
            empty = s->fields[i].size == 0;
        return empty;
    }
    bool pads = r->p->ragged == CSV_RAGGED_PAD || count + shape->missing >= columns;
    r->padded += pads && r->first_pass;
    return pads;
}

static bool read_rows(CsvRead *r, Error *e)
{
    r->rows = 0;
    r->scan.at = r->shape.rows;
    while (r->rows < row_limit(r) && csv_scan_next(&r->scan, e))
        if (!(is_row(r) ? add_row(r, e) && report(r, e) : reject_row(r, e)))
            return false;
    if (r->first_pass)
        r->comments += r->scan.comments;
    return e->code == ERROR_NONE;
}

/* Further passes, for columns whose kind changed; each only widens, so few are needed. */
static bool read_again(CsvRead *r, Error *e)
{
    for (;;) {
        size_t open = 0, rows = r->rows;
        for (size_t i = 0; i < r->columns_count; i++) {
            CsvColumn *c = &r->columns[i];
            c->skip = !c->again;
            open += c->again;
            if (c->again && !csv_column_restart(c, rows + 1, e))
                return false;
        }
        if (open == 0)
            return true;
        r->first_pass = false;
        if (!read_rows(r, e))
            return false;
    }
}

static void note(CsvRead *r, char *text)
{
    text_list_add(&r->table->notes, text);
    mem_free(text);
}

static const char *line_ends(const char *bytes, size_t size)
{
    const char *feed = memchr(bytes, '\n', size);
    if (feed)
        return feed > bytes && feed[-1] == '\r' ? "CRLF" : "LF";
    return memchr(bytes, '\r', size) ? "CR" : "none";
}

/* How the file was read, in one line; it comes first. What is unusual follows in notes of its own. */
static void note_shape(CsvRead *r, const CsvText *text)
{
    const CsvShape *shape = &r->shape;
    char d = shape->delimiter, q = r->scan.quote;
    TextList unusual = r->table->notes;
    r->table->notes = (TextList){0};
    note(r, text_format("encoding %s%s, delimiter %s, quote %s, line ends %s, %s", text->encoding, text->marked ? " by its mark" : "",
                        d == '\t'  ? "tab"
                        : d == ',' ? "comma"
                                   : (char[]){d, 0},
                        q ? (char[]){q, 0} : "none", line_ends(text->bytes, text->size),
                        shape->marked_header ? "names from a comment line"
                        : shape->header      ? "names from the header"
                                             : "no header"));
    for (size_t i = 0; i < unusual.count; i++)
        text_list_add(&r->table->notes, unusual.items[i]);
    text_list_done(&unusual);
    if (!shape->header && r->p->header == CSV_HEADER_AUTO)
        note(r, mem_strdup("the first line looks like data: the columns have no names (header = \"yes\" takes them from it)"));
}

/* The lines above the table, with their beginning. */
static void note_titles(CsvRead *r, const char *bytes)
{
    const char *end = r->shape.header && !r->shape.marked_header ? r->shape.header : r->shape.rows;
    size_t lines = 0, size = 0;
    if (r->shape.passed == 0)
        return;
    for (const char *p = bytes; p < end; p++)
        lines += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
    while (bytes < end && (*bytes == '\n' || *bytes == '\r'))
        bytes++;
    while (bytes + size < end && size < EXCERPT && bytes[size] != '\n' && bytes[size] != '\r')
        size++;
    note(r, text_format("skipped %zu line%s above the table (skip = %zu): %.*s", lines, lines == 1 ? "" : "s", lines, (int)size, bytes));
}

/* Those above the first row; the names may stand in one of them. */
static size_t count_comments(const CsvShape *shape, const char *p)
{
    size_t count = 0;
    for (bool begins = true; shape->comment && p < shape->rows; p++) {
        count += begins && *p == shape->comment;
        begins = *p == '\n' || *p == '\r';
    }
    return count - (count && shape->marked_header);
}

/* How the rows differ from the header. */
static void note_liberties(CsvRead *r)
{
    const CsvShape *shape = &r->shape;
    if (r->comments)
        note(r, text_format("passed over %zu comment line%s (comment = \"%c\")", r->comments, r->comments == 1 ? "" : "s", shape->comment));
    if (shape->trailing)
        note(r, text_format("rows end in %zu delimiter%s more than the header: what is empty there is no column", shape->trailing,
                            shape->trailing == 1 ? "" : "s"));
    if (shape->row_names)
        note(r, text_format("the header has one name less than the rows have fields: the first column holds row names, named \"%s\"",
                            r->names[0]));
    if (r->renamed > 1)
        note(r, text_format("%zu columns have the name of an earlier one: %s, the others likewise", r->renamed, r->renaming));
    else if (r->renamed)
        note(r, text_format("1 column has the name of an earlier one: %s", r->renaming));
    if (r->unnamed)
        note(r, text_format("the header has fewer names than the rows have fields: the last %zu column%s no name", r->unnamed,
                            r->unnamed == 1 ? " has" : "s have"));
    if (r->padded)
        note(r, text_format("%zu row%s fewer fields than the header: their last cells are missing", r->padded,
                            r->padded == 1 ? " has" : "s have"));
    if (r->stopped)
        note(r, text_format("stopped: only the first %zu rows were read", r->rows));
}

static bool finish(CsvRead *r, Error *e)
{
    r->table->rows = r->rows;
    note_liberties(r);
    for (size_t i = 0; i < r->columns_count; i++) {
        Column *c = csv_column_take(&r->columns[i], e);
        if (!c || !table_add(r->table, r->names[i], c, e))
            return false;
    }
    return true;
}

static void read_done(CsvRead *r)
{
    for (size_t i = 0; i < r->columns_count; i++) {
        if (r->columns)
            column_unref(r->columns[i].column);
        if (r->names)
            mem_free(r->names[i]);
    }
    mem_free(r->columns);
    mem_free(r->names);
    mem_free(r->renaming);
    csv_scan_done(&r->scan);
}

static void skip_lines(CsvScan *s, int64_t lines)
{
    for (; lines > 0 && s->at < s->end; lines--) {
        while (s->at < s->end && *s->at != '\n' && *s->at != '\r')
            s->at++;
        if (s->at + 1 < s->end && *s->at == '\r' && s->at[1] == '\n')
            s->at++;
        if (s->at < s->end)
            s->at++;
    }
}

/* A zero byte or two in much text are a slip, and stay in their cells; any other kind of file has many. */
static bool is_binary(const char *bytes, size_t size)
{
    size_t zeros = 0, looked = size < 4096 ? size : 4096;
    for (size_t i = 0; i < looked; i++)
        zeros += bytes[i] == 0;
    return zeros > 1 + looked / 1024 || zeros > looked / 16;
}

static bool read_text(CsvRead *r, const CsvText *text, Error *e)
{
    const CsvParams *p = r->p;
    if (is_binary(text->bytes, text->size))
        return error_at(e, ERROR_FAILED, r->scan.name, 0, 0,
                        "is not text (it holds NUL bytes); if it is UTF-16, say encoding = \"utf-16le\"");
    r->scan.at = r->scan.counted = text->bytes;
    r->scan.end = text->bytes + text->size;
    skip_lines(&r->scan, p->skip);
    const char *begin = r->scan.at;
    if (!csv_sniff(&r->scan, p, &r->shape, e))
        return false;
    if (!r->shape.rows)
        return error_at(e, ERROR_FAILED, r->scan.name, 0, 0, "is empty: no header and no rows");
    r->scan.delimiter = r->shape.delimiter;
    r->scan.quote = r->shape.quote;
    if (!read_head(r, e))
        return e->code != ERROR_NONE ? false : error_at(e, ERROR_FAILED, r->scan.name, 0, 0, "is empty: no header and no rows");
    note_shape(r, text);
    note_titles(r, begin);
    r->comments = count_comments(&r->shape, begin);
    csv_sniff_numbers(&(CsvSource){&r->scan, &r->shape, p, r->names}, &r->words, &r->table->notes);
    r->scan.comments = 0;
    return prepare(r, e) && read_rows(r, e) && read_again(r, e) && finish(r, e);
}

static Table *csv_read(Job *job, const void *params, const char *name, const uint8_t *input, size_t size, Error *e)
{
    const CsvParams *p = params;
    CsvText text = {.name = name, .bytes = (const char *)input, .size = size};
    Error own = {0};
    CsvRead r = {.job = job, .p = p, .first_pass = true, .table = table_new(0)};
    r.scan = (CsvScan){.name = name,
                       .partial = p->partial,
                       .max_field = (size_t)p->max_field,
                       .max_lines = (size_t)p->max_lines,
                       .max_columns = (size_t)p->max_columns};
    bool ok = csv_words_init(&r.words, p, &own) && csv_decode(p, &text, &r.table->notes, &own) && read_text(&r, &text, &own);
    read_done(&r);
    mem_free(text.owned);
    if (ok)
        return r.table;
    table_unref(r.table);
    if (e)
        *e = own;
    return NULL;
}

static const Example examples[] = {
    {"{\"delimiter\": \";\"}", "a;b\n1;2\n", "a,b\n1,2\n"},
    {"{\"ragged\": \"pad\"}", "a,b\n1\n", "a,b\n1,\n"},
    {"{\"ragged\": \"error\"}", "a,b\n1\n", "error: 1 field, expected 2"},
    {0},
};

const Reader csv_reader = {
    .spec = {.name = "csv",
             .doc = "delimited text: commas, semicolons, tabs or bars",
             .group = "text",
             .params = fields,
             .params_size = sizeof(CsvParams),
             .examples = examples,
             .examples_count = 3},
    .sniff = csv_sniff_name,
    .read = csv_read,
};
