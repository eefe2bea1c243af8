/* Columns: typed cells of one kind with a bit per row for "there is a value". */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/sort.h"
#include "table/calendar.h"
#include "table/column_array.h"
#include "table/sound.h"

const char *const column_cell_types[] = {"bool", "int", "real", "text", "date", "time", NULL};

const char *column_type_name(ColumnType type)
{
    return type == COLUMN_ARRAY ? "array" : type == COLUMN_SOUND ? "sound" : column_cell_types[type];
}

bool column_type_parse(const char *name, ColumnType *out)
{
    for (int i = 0; i <= COLUMN_SOUND; i++) {
        if (!text_equal(name, column_type_name((ColumnType)i)))
            continue;
        *out = (ColumnType)i;
        return true;
    }
    return false;
}

static size_t cell_size(const Column *c)
{
    switch (c->type) {
    case COLUMN_BOOL: return sizeof(uint8_t);
    case COLUMN_TEXT:
    case COLUMN_SOUND: return sizeof(uint32_t);
    case COLUMN_ARRAY: return c->width * sizeof(float);
    case COLUMN_REAL: return sizeof(double);
    default: return sizeof(int64_t);
    }
}

static Column *new_column(ColumnType type, size_t rows, size_t width, Error *e)
{
    Column *c = MEM_NEW(Column);
    c->references = 1;
    c->type = type;
    c->rows = rows;
    c->width = width;
    c->decimals = -1;
    c->data.any = mem_try_aligned(rows ? rows : 1, cell_size(c), e);
    if (!c->data.any) {
        mem_free(c);
        return NULL;
    }
    if (type == COLUMN_TEXT || type == COLUMN_SOUND)
        c->dictionary = dictionary_new();
    return c;
}

Column *column_new(ColumnType type, size_t rows, Error *e)
{
    return new_column(type, rows, 1, e);
}

Column *column_new_array(size_t rows, const CellShape *shape, Error *e)
{
    size_t width = cell_shape_width(shape);
    if (!width || shape->rank < 1) {
        error_set(e, ERROR_USAGE, "an array of no number, or of more than %zu, is none that a cell can hold", (size_t)ARRAY_MOST);
        return NULL;
    }
    Column *c = new_column(COLUMN_ARRAY, rows, width, e);
    if (c)
        c->shape = *shape;
    return c;
}

Column *column_ref(Column *c)
{
    __atomic_add_fetch(&c->references, 1, __ATOMIC_RELAXED);
    return c;
}

void column_unref(Column *c)
{
    if (!c || __atomic_sub_fetch(&c->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    dictionary_unref(c->dictionary);
    mem_free(c->valid);
    mem_free(c->data.any);
    mem_free(c);
}

static size_t valid_words(size_t rows)
{
    return (rows + 63) / 64 + (rows == 0);
}

/* An empty column of the same kind: type, width, decimals and dictionary. */
static Column *column_like(const Column *c, size_t rows, Error *e)
{
    Column *out = new_column(c->type, rows, c->width, e);
    if (!out)
        return NULL;
    out->decimals = c->decimals;
    out->shape = c->shape;
    if (c->dictionary) {
        dictionary_unref(out->dictionary);
        out->dictionary = dictionary_ref(c->dictionary);
    }
    return out;
}

static bool make_valid(Column *c, Error *e)
{
    size_t words = valid_words(c->rows);
    if (c->valid)
        return true;
    c->valid = mem_try_alloc(words, sizeof *c->valid, e);
    if (!c->valid)
        return false;
    memset(c->valid, 0xFF, words * sizeof *c->valid);
    return true;
}

Column *column_copy(const Column *c, Error *e)
{
    Column *out = column_like(c, c->rows, e);
    if (!out)
        return NULL;
    memcpy(out->data.any, c->data.any, c->rows * cell_size(c));
    if (!c->valid)
        return out;
    if (!make_valid(out, e)) {
        column_unref(out);
        return NULL;
    }
    memcpy(out->valid, c->valid, valid_words(c->rows) * sizeof *c->valid);
    out->missing = c->missing;
    out->blanks = c->blanks;
    return out;
}

Column *column_widen(Column *c, size_t rows, Error *e)
{
    Column *out = column_like(c, rows, e);
    if (!out || (c->valid && !make_valid(out, e)))
        goto done;
    memcpy(out->data.any, c->data.any, c->rows * cell_size(c));
    for (size_t row = 0; c->valid && row < c->rows; row++)
        if (!column_is_valid(c, row))
            out->valid[row >> 6] &= ~(UINT64_C(1) << (row & 63));
    out->missing = c->missing;
    column_unref(c);
    return out;
done:
    column_unref(out);
    column_unref(c);
    return NULL;
}

bool column_own_dictionary(Column *c, Error *e)
{
    Dictionary *own = dictionary_new();
    for (uint32_t code = 0; code < dictionary_count(c->dictionary); code++) {
        size_t size;
        const char *bytes = dictionary_get(c->dictionary, code, &size);
        if (dictionary_try_add(own, bytes, size, e) == code)
            continue;
        dictionary_unref(own);
        return false;
    }
    dictionary_unref(c->dictionary);
    c->dictionary = own;
    return true;
}

bool column_set_missing(Column *c, size_t row, Error *e)
{
    if (!make_valid(c, e))
        return false;
    if (column_is_valid(c, row))
        c->missing++;
    c->valid[row >> 6] &= ~(UINT64_C(1) << (row & 63));
    memset((char *)c->data.any + row * cell_size(c), 0, cell_size(c));
    return true;
}

void column_set_valid(Column *c, size_t row)
{
    if (column_is_valid(c, row))
        return;
    c->valid[row >> 6] |= UINT64_C(1) << (row & 63);
    if (--c->missing > 0)
        return;
    mem_free(c->valid);
    c->valid = NULL;
}

bool column_set_text(Column *c, size_t row, const char *bytes, size_t size, Error *e)
{
    uint32_t code = dictionary_try_add(c->dictionary, bytes, size, e);
    if (code == UINT32_MAX)
        return false;
    c->data.codes[row] = code;
    column_set_valid(c, row);
    return true;
}

static void select_cells(Column *out, const Column *c, const size_t *rows, size_t count)
{
    size_t size = cell_size(c);
    switch (size) {
    case 1:
        for (size_t i = 0; i < count; i++)
            out->data.flags[i] = c->data.flags[rows[i]];
        break;
    case 4:
        for (size_t i = 0; i < count; i++)
            out->data.codes[i] = c->data.codes[rows[i]];
        break;
    case 8:
        for (size_t i = 0; i < count; i++)
            out->data.ints[i] = c->data.ints[rows[i]];
        break;
    default:
        for (size_t i = 0; i < count; i++)
            memcpy(out->data.array + i * c->width, c->data.array + rows[i] * c->width, size);
    }
}

Column *column_select(const Column *c, const size_t *rows, size_t count, Error *e)
{
    Column *out = column_like(c, count, e);
    if (!out)
        return NULL;
    select_cells(out, c, rows, count);
    if (!c->valid)
        return out;
    for (size_t i = 0; i < count; i++) {
        if (column_is_valid(c, rows[i]))
            continue;
        if (column_set_missing(out, i, e))
            continue;
        column_unref(out);
        return NULL;
    }
    return out;
}

static bool gather_cells(Column *out, const Column *c, const size_t *rows, Error *e)
{
    size_t size = cell_size(c);
    for (size_t i = 0; i < out->rows; i++) {
        bool there = rows[i] != COLUMN_NO_ROW && column_is_valid(c, rows[i]);
        if (!there && !column_set_missing(out, i, e))
            return false;
        if (there && size == sizeof(int64_t))
            out->data.ints[i] = c->data.ints[rows[i]];
        else if (there)
            memcpy((char *)out->data.any + i * size, (const char *)c->data.any + rows[i] * size, size);
    }
    return true;
}

Column *column_gather(const Column *c, const size_t *rows, size_t count, Error *e)
{
    size_t i = 0;
    while (i < count && rows[i] != COLUMN_NO_ROW)
        i++;
    if (i == count)
        return column_select(c, rows, count, e);
    Column *out = column_like(c, count, e);
    if (out && gather_cells(out, c, rows, e))
        return out;
    column_unref(out);
    return NULL;
}

bool column_is_numeric(const Column *c)
{
    return c->type == COLUMN_BOOL || c->type == COLUMN_INT || c->type == COLUMN_REAL;
}

double column_real(const Column *c, size_t row)
{
    if (!column_is_valid(c, row))
        return NAN;
    switch (c->type) {
    case COLUMN_BOOL: return c->data.flags[row];
    case COLUMN_INT:
    case COLUMN_DATE:
    case COLUMN_TIME: return (double)c->data.ints[row];
    case COLUMN_REAL: return c->data.reals[row];
    default: return NAN;
    }
}

const char *column_text(const Column *c, size_t row, size_t *size)
{
    if (c->type != COLUMN_TEXT || !column_is_valid(c, row))
        return NULL;
    return dictionary_get(c->dictionary, c->data.codes[row], size);
}

const char *column_bytes(const Column *c, size_t row, size_t *size)
{
    bool has = (c->type == COLUMN_TEXT || c->type == COLUMN_SOUND) && column_is_valid(c, row);
    return has ? dictionary_get(c->dictionary, c->data.codes[row], size) : NULL;
}

uint64_t column_key(const Column *c, size_t row)
{
    switch (c->type) {
    case COLUMN_BOOL: return c->data.flags[row] != 0;
    case COLUMN_TEXT:
    case COLUMN_SOUND: return c->data.codes[row];
    case COLUMN_REAL: return sort_key_of_real(c->data.reals[row]);
    default: return sort_key_of_int(c->data.ints[row]);
    }
}

void column_format(const Column *c, size_t row, Text *out)
{
    char number[NUMBER_ROOM];
    size_t size;
    const char *text;
    if (!column_is_valid(c, row))
        return;
    switch (c->type) {
    case COLUMN_BOOL: text_add(out, c->data.flags[row] ? "true" : "false"); break;
    case COLUMN_INT: text_addf(out, "%lld", (long long)c->data.ints[row]); break;
    case COLUMN_REAL: text_add(out, number_format_real(c->data.reals[row], number)); break;
    case COLUMN_TEXT:
        text = column_text(c, row, &size);
        text_add_bytes(out, text, size);
        break;
    case COLUMN_DATE: calendar_format_date(c->data.ints[row], out); break;
    case COLUMN_TIME: calendar_format_time(c->data.ints[row], out); break;
    case COLUMN_ARRAY: cell_array_format(c, row, out); break;
    case COLUMN_SOUND: sound_format(c, row, out); break;
    }
}

void column_format_key(const Column *c, size_t row, Text *out)
{
    bool real = c->type == COLUMN_REAL && column_is_valid(c, row);
    if (real && c->data.reals[row] == 0)
        text_add_char(out, '0');
    else if (c->type == COLUMN_SOUND)
        sound_format_key(c, row, out);
    else
        column_format(c, row, out);
}

static bool cells_equal(const Column *a, const Column *b, size_t row)
{
    bool valid = column_is_valid(a, row);
    if (valid != column_is_valid(b, row))
        return false;
    if (!valid)
        return true;
    size_t size = cell_size(a), a_size, b_size;
    if (a->type != COLUMN_TEXT && a->type != COLUMN_SOUND)
        return memcmp((char *)a->data.any + row * size, (char *)b->data.any + row * size, size) == 0;
    const char *x = column_bytes(a, row, &a_size), *y = column_bytes(b, row, &b_size);
    return a_size == b_size && memcmp(x, y, a_size) == 0;
}

bool column_equal(const Column *a, const Column *b)
{
    if (a == b)
        return true;
    if (a->type != b->type || a->rows != b->rows || !cell_shape_equal(&a->shape, &b->shape) || a->missing != b->missing)
        return false;
    for (size_t row = 0; row < a->rows; row++)
        if (!cells_equal(a, b, row))
            return false;
    return true;
}
