/* Small tables from small CSV texts and back, for tests of rooms above the readers. Plain cells, or quoted ones without quotes in them. */
#ifndef TESTS_UNIT_CSV_HELP_H
#define TESTS_UNIT_CSV_HELP_H

#include "base/number.h"
#include "table/calendar.h"
#include "table/table.h"
#include "tests/unit/test.h"

static inline size_t csv_cell_size(const char *cell)
{
    size_t n = 0;
    for (bool quoted = false; cell[n] && (quoted || (cell[n] != ',' && cell[n] != '\n')); n++)
        quoted ^= cell[n] == '"';
    return n;
}

static inline const char *csv_cell(const char *line, size_t column, size_t *size)
{
    for (; column > 0; column--)
        line += csv_cell_size(line) + 1;
    *size = csv_cell_size(line);
    if (*size < 2 || line[0] != '"')
        return line;
    *size -= 2;
    return line + 1;
}

static inline size_t csv_lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static inline const char *csv_line(const char *text, size_t line)
{
    for (; line > 0; line--)
        text = strchr(text, '\n') + 1;
    return text;
}

static inline bool csv_fits(ColumnType type, const char *cell, size_t size)
{
    int64_t whole;
    double real;
    if (type == COLUMN_BOOL)
        return (size == 4 && memcmp(cell, "true", 4) == 0) || (size == 5 && memcmp(cell, "false", 5) == 0);
    if (type == COLUMN_INT)
        return number_parse_int(cell, size, &whole);
    if (type == COLUMN_REAL)
        return number_parse_real(cell, size, &real);
    if (type == COLUMN_TIME)
        return calendar_parse_time(cell, size, &whole);
    return true;
}

static inline ColumnType csv_type(const char *text, size_t rows, size_t column)
{
    static const ColumnType order[] = {COLUMN_BOOL, COLUMN_INT, COLUMN_REAL, COLUMN_TIME};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        size_t fits = 0, seen = 0;
        for (size_t i = 1; i <= rows; i++) {
            size_t size;
            const char *cell = csv_cell(csv_line(text, i), column, &size);
            seen += size > 0;
            fits += size > 0 && csv_fits(order[k], cell, size);
        }
        if (seen > 0 && fits == seen)
            return order[k];
    }
    return COLUMN_TEXT;
}

static inline Column *csv_column(const char *text, size_t rows, size_t column)
{
    Error e = {0};
    ColumnType type = csv_type(text, rows, column);
    Column *c = column_new(type, rows, &e);
    for (size_t i = 0; i < rows; i++) {
        size_t size;
        const char *cell = csv_cell(csv_line(text, i + 1), column, &size);
        if (size == 0)
            column_set_missing(c, i, &e);
        else if (type == COLUMN_BOOL)
            c->data.flags[i] = cell[0] == 't';
        else if (type == COLUMN_INT)
            number_parse_int(cell, size, &c->data.ints[i]);
        else if (type == COLUMN_REAL)
            number_parse_real(cell, size, &c->data.reals[i]);
        else if (type == COLUMN_TIME)
            calendar_parse_time(cell, size, &c->data.ints[i]);
        else
            column_set_text(c, i, cell, size, NULL);
    }
    return c;
}

static inline Table *csv_table(const char *text)
{
    Error e = {0};
    size_t rows = csv_lines(text) - 1, columns = 1;
    for (const char *p = text; *p != '\n'; p++)
        columns += *p == ',';
    Table *t = table_new(rows);
    for (size_t k = 0; k < columns; k++) {
        size_t size;
        const char *cell = csv_cell(text, k, &size);
        char *name = mem_strndup(cell, size);
        CHECK_OK(table_add(t, name, csv_column(text, rows, k), &e), e);
        mem_free(name);
    }
    return t;
}

static inline char *csv_text(const Table *t)
{
    Text out = {0};
    for (size_t k = 0; k < t->columns_count; k++)
        text_addf(&out, "%s%s", k ? "," : "", t->names[k]);
    text_add_char(&out, '\n');
    for (size_t i = 0; i < t->rows; i++) {
        for (size_t k = 0; k < t->columns_count; k++) {
            Text cell = {0};
            column_format(t->columns[k], i, &cell);
            const char *quote = strchr(text_get(&cell), ',') ? "\"" : ""; /* arrays */
            text_addf(&out, "%s%s%s%s", k ? "," : "", quote, text_get(&cell), quote);
            text_done(&cell);
        }
        if (t->columns_count == 1 && !column_is_valid(t->columns[0], i))
            text_add(&out, "\"\"");
        text_add_char(&out, '\n');
    }
    return text_take(&out);
}

#endif
