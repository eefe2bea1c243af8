/* Columns under construction: each cell is tried as the kind its column has so far; where it does not fit, the column falls to
 * a wider kind and is read again from the start. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/calendar.h"
#include "table/readers/csv.h"

#define EXACT_INT (INT64_C(1) << 53)

bool csv_words_init(CsvWords *w, const CsvParams *p, Error *e)
{
    bool given = p->decimal && *p->decimal && strcmp(p->decimal, "auto") != 0;
    memset(w, 0, sizeof *w);
    w->list = &p->missing;
    w->quoted = p->quoted_missing;
    w->decimal = given ? p->decimal[0] : '.';
    w->thousands = p->thousands ? p->thousands[0] : '\0';
    for (size_t i = 0; i < p->missing.count; i++) {
        size_t size = strlen(p->missing.items[i]);
        w->leads[(unsigned char)p->missing.items[i][0]] = true;
        if (size > w->longest)
            w->longest = size;
    }
    if (given && strcmp(p->decimal, ".") != 0 && strcmp(p->decimal, ",") != 0)
        return error_set(e, ERROR_USAGE, "decimal is \"%s\"; it is \".\", \",\" or auto", p->decimal);
    if (w->thousands && p->thousands[1])
        return error_set(e, ERROR_USAGE, "thousands is \"%s\"; it must be one character", p->thousands);
    if (w->thousands && w->thousands == w->decimal)
        return error_set(e, ERROR_USAGE, "decimal and thousands are both \"%c\"; say decimal = \"%c\" too", w->decimal,
                         w->decimal == '.' ? ',' : '.');
    return true;
}

static bool is_missing_word(const CsvWords *w, const char *bytes, size_t size)
{
    if (size > w->longest || !w->leads[(unsigned char)*bytes])
        return false;
    for (size_t i = 0; i < w->list->count; i++)
        if (strlen(w->list->items[i]) == size && memcmp(w->list->items[i], bytes, size) == 0)
            return true;
    return false;
}

static void trim(const char **bytes, size_t *size)
{
    while (*size && (**bytes == ' ' || **bytes == '\t'))
        ++*bytes, --*size;
    while (*size && ((*bytes)[*size - 1] == ' ' || (*bytes)[*size - 1] == '\t'))
        --*size;
}

static bool parse_bool(const char *s, size_t size, uint8_t *out)
{
    *out = size == 4;
    if (size == 4)
        return memcmp(s, "true", 4) == 0 || memcmp(s, "True", 4) == 0 || memcmp(s, "TRUE", 4) == 0;
    return size == 5 && (memcmp(s, "false", 5) == 0 || memcmp(s, "False", 5) == 0 || memcmp(s, "FALSE", 5) == 0);
}

/* 007 is a name, not a number. */
static bool has_leading_zero(const char *s, size_t size)
{
    size_t sign = size > 0 && (*s == '-' || *s == '+');
    return size > sign + 1 && s[sign] == '0' && s[sign + 1] >= '0' && s[sign + 1] <= '9';
}

static bool parse_int(const char *s, size_t size, int64_t *out)
{
    return !has_leading_zero(s, size) && number_parse_int(s, size, out) && (*out != 0 || *s != '-');
}

static size_t digits_behind_point(const char *s, size_t size)
{
    const char *point = memchr(s, '.', size);
    return point ? (size_t)(s + size - point - 1) : 0;
}

/* Integers that a double cannot hold keep the column text. */
static bool parse_real(const char *s, size_t size, double *out)
{
    int64_t whole;
    if (has_leading_zero(s, size) || !number_parse_real(s, size, out))
        return false;
    if (*out<(double)EXACT_INT && * out> - (double)EXACT_INT)
        return true;
    bool digits_only = true;
    for (size_t i = 0; i < size; i++)
        digits_only &= (s[i] >= '0' && s[i] <= '9') || s[i] == '-' || s[i] == '+';
    return !digits_only || (number_parse_int(s, size, &whole) && (int64_t)*out == whole && llabs(whole) <= EXACT_INT);
}

bool csv_guess(const char *s, size_t size, ColumnType *type)
{
    uint8_t flag;
    int64_t integer;
    double real;
    trim(&s, &size);
    if (size == 0)
        return false;
    if (parse_int(s, size, &integer))
        *type = COLUMN_INT;
    else if (parse_real(s, size, &real))
        *type = COLUMN_REAL;
    else if (parse_bool(s, size, &flag))
        *type = COLUMN_BOOL;
    else if (calendar_parse_date(s, size, &integer))
        *type = COLUMN_DATE;
    else if (calendar_parse_time(s, size, &integer))
        *type = COLUMN_TIME;
    else
        return false;
    return true;
}

/* As the column's present kind; false: the cell is none of it. */
static bool parse_cell(CsvColumn *c, const char *s, size_t size)
{
    Column *column = c->column;
    size_t row = c->rows;
    switch (c->type) {
    case COLUMN_BOOL: return parse_bool(s, size, &column->data.flags[row]);
    case COLUMN_INT: return parse_int(s, size, &column->data.ints[row]);
    case COLUMN_DATE: return calendar_parse_date(s, size, &column->data.ints[row]);
    case COLUMN_TIME: return calendar_parse_time(s, size, &column->data.ints[row]);
    case COLUMN_REAL: {
        if (!parse_real(s, size, &column->data.reals[row]))
            return false;
        int behind = (int)digits_behind_point(s, size);
        if (behind > c->decimals)
            c->decimals = behind;
        return true;
    }
    default: return false;
    }
}

static bool add_missing(CsvColumn *c, Error *e)
{
    if (c->column && !column_set_missing(c->column, c->rows, e))
        return false;
    c->rows++;
    return true;
}

static bool add_text(CsvColumn *c, const CsvField *f, char quote, Error *e)
{
    bool ok;
    if (f->escaped) {
        Text out = {0};
        csv_field_unescape(f, quote, &out);
        ok = column_set_text(c->column, c->rows, text_get(&out), out.size, e);
        text_done(&out);
    } else {
        ok = column_set_text(c->column, c->rows, f->bytes, f->size, e);
    }
    c->rows++;
    return ok || error_set(e, ERROR_MEMORY, "not enough memory for the distinct texts of a column");
}

/* A column of the decided kind whose first cells are missing. */
static bool begin(CsvColumn *c, ColumnType type, Error *e)
{
    c->type = type;
    c->decided = true;
    c->column = column_new(type, c->room, e);
    if (!c->column)
        return false;
    for (size_t row = 0; row < c->rows; row++)
        if (!column_set_missing(c->column, row, e))
            return false;
    return true;
}

static bool grow(CsvColumn *c, Error *e)
{
    size_t room = c->room + c->room / 2 + 64;
    if (!c->column) {
        c->room = room;
        return true;
    }
    c->column = column_widen(c->column, room, e);
    c->room = room;
    return c->column != NULL;
}

/* The cell does not fit: int may become real, all else text. The rest of this pass only looks for the final kind. */
static bool fall(CsvColumn *c, const char *s, size_t size)
{
    double real;
    bool to_real = c->type == COLUMN_INT && parse_real(s, size, &real);
    c->type = to_real ? COLUMN_REAL : COLUMN_TEXT;
    c->again = true;
    c->rows++;
    return true;
}

static bool look_again(CsvColumn *c, const char *s, size_t size)
{
    double real;
    if (c->type == COLUMN_REAL && size && !parse_real(s, size, &real))
        c->type = COLUMN_TEXT;
    c->rows++;
    return true;
}

/* Whether a cell is made of what numbers are made of. */
static bool is_numeral(const CsvWords *w, const char *s, size_t size)
{
    bool digit = false;
    for (size_t i = 0; i < size; i++) {
        bool is = s[i] >= '0' && s[i] <= '9';
        digit |= is;
        if (!is && s[i] != '.' && s[i] != ',' && s[i] != '+' && s[i] != '-' && s[i] != 'e' && s[i] != 'E' && s[i] != w->thousands)
            return false;
    }
    return digit;
}

/* The numbers of this file as the parsers know them; what is none becomes a word that they refuse. */
static void reword(const CsvWords *w, const char **s, size_t *size, char out[CSV_NUMBER_ROOM])
{
    ColumnType type;
    size_t used;
    if ((w->decimal == '.' && !w->thousands) || !is_numeral(w, *s, *size))
        return;
    if (csv_plain_number(w, *s, *size, out, &used)) {
        *s = out;
        *size = used;
    } else if (csv_guess(*s, *size, &type) && (type == COLUMN_INT || type == COLUMN_REAL)) {
        *s = "?";
        *size = 1;
    }
}

bool csv_column_add(CsvColumn *c, const CsvField *f, const CsvWords *words, char quote, Error *e)
{
    const char *s = f->bytes;
    size_t size = f->size;
    if (c->rows == c->room && !grow(c, e))
        return false;
    bool text = c->decided && c->type == COLUMN_TEXT;
    bool may_miss = !f->quoted || words->quoted || (c->decided && !text);
    if (may_miss && (size == 0 || is_missing_word(words, s, size)))
        return c->again ? look_again(c, s, 0) : add_missing(c, e);
    if (text && !c->again)
        return add_text(c, f, quote, e);
    trim(&s, &size);
    char number[CSV_NUMBER_ROOM];
    reword(words, &s, &size, number);
    if (c->again)
        return look_again(c, s, size);
    if (size == 0) {
        c->blanks++;
        return add_missing(c, e);
    }
    ColumnType type;
    if (!c->decided && !csv_guess(s, size, &type)) {
        if (c->blanks)
            return fall(c, s, size) && (c->decided = true);
        return begin(c, COLUMN_TEXT, e) && add_text(c, f, quote, e);
    }
    if (!c->decided && !begin(c, type, e))
        return false;
    if (!parse_cell(c, s, size))
        return fall(c, s, size);
    c->rows++;
    return true;
}

bool csv_column_restart(CsvColumn *c, size_t room, Error *e)
{
    column_unref(c->column);
    *c = (CsvColumn){.room = room, .type = c->type, .decided = true, .decimals = 0};
    c->column = column_new(c->type, room, e);
    return c->column != NULL;
}

Column *csv_column_take(CsvColumn *c, Error *e)
{
    if (!c->decided && !begin(c, COLUMN_TEXT, e))
        return NULL;
    Column *column = c->column;
    c->column = NULL;
    column->rows = c->rows;
    column->blanks = c->type == COLUMN_TEXT ? 0 : c->blanks;
    if (column->type == COLUMN_REAL)
        column->decimals = c->decimals;
    return column;
}
