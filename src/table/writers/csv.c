/* The CSV writer: quotes only where they are needed, so that the reader finds the same cells again. */
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/reader.h"

typedef struct CsvWriteParams {
    char *delimiter;
    bool header, spreadsheet_safe;
} CsvWriteParams;

static const Field fields[] = {
    {TEXT_FIELD(CsvWriteParams, delimiter), .doc = "character between fields", .def = ","},
    {FLAG_FIELD(CsvWriteParams, header), .doc = "whether the first row holds the names", .def = "true"},
    {FLAG_FIELD(CsvWriteParams, spreadsheet_safe), .doc = "a ' before texts that a spreadsheet would run as a formula", .def = "false"},
    {0},
};

typedef struct Form {
    char delimiter;
    bool safe;
} Form;

static bool needs_quotes(const char *bytes, size_t size, char delimiter)
{
    if (size == 0 || bytes[0] == ' ' || bytes[size - 1] == ' ')
        return true;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] == delimiter || bytes[i] == '"' || bytes[i] == '\n' || bytes[i] == '\r')
            return true;
    return false;
}

/* Words that a reader would take for a missing cell. */
static bool looks_missing(const char *bytes, size_t size)
{
    static const char *const words[] = {"NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], bytes, size) == 0)
            return true;
    return false;
}

/* A text that a spreadsheet would take for a formula. -5 as a text does no harm; it stays a number there. */
static bool is_formula(const char *bytes, size_t size)
{
    double number;
    return size > 0 && strchr("=+-@\t\r", bytes[0]) && bytes[0] && !number_parse_real(bytes, size, &number);
}

static void write_text(const char *bytes, size_t size, const Form *form, Text *out)
{
    char delimiter = form->delimiter;
    if (form->safe && is_formula(bytes, size)) {
        Text marked = {0};
        text_add_char(&marked, '\'');
        text_add_bytes(&marked, bytes, size);
        write_text(marked.bytes, marked.size, &(Form){.delimiter = delimiter}, out);
        text_done(&marked);
        return;
    }
    if (!needs_quotes(bytes, size, delimiter) && !looks_missing(bytes, size)) {
        text_add_bytes(out, bytes, size);
        return;
    }
    text_add_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '"')
            text_add_char(out, '"');
        text_add_char(out, bytes[i]);
    }
    text_add_char(out, '"');
}

/* Lists of numbers, as JSON has them. */
static void write_array(const Column *c, size_t row, const Form *form, Text *out)
{
    Text list = {0};
    column_format(c, row, &list);
    write_text(list.bytes, list.size, form, out);
    text_done(&list);
}

static void write_row(const Table *t, size_t row, const Form *form, Text *out)
{
    for (size_t i = 0; i < t->columns_count; i++) {
        size_t size;
        const Column *c = t->columns[i];
        const char *text = column_text(c, row, &size);
        if (i)
            text_add_char(out, form->delimiter);
        if (text)
            write_text(text, size, form, out);
        else if (c->type == COLUMN_ARRAY && column_is_valid(c, row))
            write_array(c, row, form, out);
        else if (t->columns_count == 1 && !column_is_valid(t->columns[i], row))
            text_add(out, "\"\"");
        else
            column_format(t->columns[i], row, out);
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
    Form form = {delimiter, p->spreadsheet_safe};
    for (size_t i = 0; p->header && i < t->columns_count; i++) {
        if (i)
            text_add_char(out, delimiter);
        write_text(t->names[i], strlen(t->names[i]), &form, out);
    }
    if (p->header)
        text_add_char(out, '\n');
    for (size_t row = 0; row < t->rows; row++)
        write_row(t, row, &form, out);
    return true;
}

size_t csv_count_formulas(const Table *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->columns_count; i++) {
        const Column *c = t->columns[i];
        count += is_formula(t->names[i], strlen(t->names[i]));
        for (size_t row = 0; c->type == COLUMN_TEXT && row < t->rows; row++) {
            size_t size;
            const char *text = column_text(c, row, &size);
            count += text && is_formula(text, size);
        }
    }
    return count;
}

static const char *const endings[] = {"csv", "tsv", "tab", "txt", NULL};

const Writer csv_writer = {
    .spec = {.name = "csv",
             .doc = "delimited text, quoted only where needed",
             .group = "text",
             .params = fields,
             .params_size = sizeof(CsvWriteParams)},
    .endings = endings,
    .write = csv_write,
};
