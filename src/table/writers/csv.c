/* The CSV writer: quotes only where they are needed, so that the reader finds the same cells again. */
#include <string.h>

#include "base/mem.h"
#include "table/reader.h"

typedef struct CsvWriteParams {
    char *delimiter;
    bool header;
} CsvWriteParams;

static const Field fields[] = {
    {TEXT_FIELD(CsvWriteParams, delimiter), .doc = "character between fields", .def = ","},
    {FLAG_FIELD(CsvWriteParams, header), .doc = "whether the first row holds the names", .def = "true"},
    {0},
};

static bool needs_quotes(const char *bytes, size_t size, char delimiter)
{
    if (size == 0 || bytes[0] == ' ' || bytes[size - 1] == ' ') return true;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == delimiter || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r') return true;
    return false;
}

/* Words that a reader would take for a missing cell. */
static bool looks_missing(const char *bytes, size_t size)
{
    static const char *const words[] = {"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], bytes, size) == 0) return true;
    return false;
}

static void write_text(const char *bytes, size_t size, char delimiter, Text *out)
{
    if (!needs_quotes(bytes, size, delimiter) && !looks_missing(bytes, size)) {
        text_add_bytes(out, bytes, size);
        return;
    }
    text_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '"') text_add_char(out, '"');
        text_add_char(out, bytes[i]);
    }
    text_add_char(out, '"');
}

static void write_row(const Table *t, size_t row, char delimiter, Text *out)
{
    for (size_t i = 0; i < t->columns_count; i++) {
        size_t size;
        const char *text = column_text(t->columns[i], row, &size);
        if (i) text_add_char(out, delimiter);
        if (text) write_text(text, size, delimiter, out);
        else if (t->columns_count == 1 && !column_is_valid(t->columns[i], row)) text_add(out, "\"\"");
        else column_format(t->columns[i], row, out);
    }
    text_add_char(out, '\n');
}

static bool csv_write(const void *params, const Table *t, Text *out, Error *e)
{
    const CsvWriteParams *p = params;
    const char *given = p->delimiter ? p->delimiter : ",";
    char delimiter = strcmp(given, "\\t") == 0 ? '\t' : given[0];
    if (delimiter == 0 || (given[1] && delimiter != '\t'))
        return error_set(e, ERROR_USAGE, "delimiter is \"%s\"; it must be one character", given);
    for (size_t i = 0; p->header && i < t->columns_count; i++) {
        if (i) text_add_char(out, delimiter);
        write_text(t->names[i], strlen(t->names[i]), delimiter, out);
    }
    if (p->header) text_add_char(out, '\n');
    for (size_t row = 0; row < t->rows; row++) write_row(t, row, delimiter, out);
    return true;
}

static const char *const endings[] = {"csv", "tsv", "tab", "txt", NULL};

const Writer csv_writer = {
    .spec = {.name = "csv", .doc = "delimited text, quoted only where needed", .group = "text", .params = fields,
             .params_size = sizeof(CsvWriteParams)},
    .endings = endings,
    .write = csv_write,
};
