/* Units and times of rows. A unit is known by the hash of its text, so that it is the same in any table and any order of rows. */
#include "steps/unit.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/rng.h"
#include "table/calendar.h"

const char *unit_kind_name(UnitKind kind)
{
    static const char *const names[] = {"row", "key", "group"};
    return names[kind];
}

/* A column under another name that the source does not have: the column was renamed, and under that name it would be a feature. */
static bool check_renamed(const char *what, const char *name, const Column *found, const Table *rows, const Table *source, Error *e)
{
    for (size_t i = 0; i < rows->columns_count; i++)
        if (table_find(source, rows->names[i]) == TABLE_NONE && column_equal(found, rows->columns[i]))
            return error_set(e, ERROR_USAGE, "%s: \"%s\" is called \"%s\" when the rows are split; name it so", what, name, rows->names[i]);
    return true;
}

static Column *from_source(const char *name, const Table *rows, const Table *source, Error *e)
{
    size_t *at = mem_try_alloc(rows->rows + 1, sizeof *at, e);
    bool ok = at && query_match(source, rows, at, e);
    for (size_t i = 0; ok && i < rows->rows; i++)
        if (at[i] == SIZE_MAX)
            ok = error_set(e, ERROR_FAILED, "column \"%s\" is left out before the split, and row %zu is none of the source", name, i + 1);
    Column *found = ok ? column_select(table_column(source, name), at, rows->rows, e) : NULL;
    mem_free(at);
    return found;
}

static bool add_column(Table **t, const char *what, const char *name, const Table *rows, const Table *source, Error *e)
{
    Column *found = table_column(rows, name);
    if (!name || table_find(*t, name) != TABLE_NONE)
        return true;
    if (found) {
        found = column_ref(found);
    } else if (source && table_find(source, name) != TABLE_NONE) {
        found = from_source(name, rows, source, e);
        if (found && !check_renamed(what, name, found, rows, source, e)) {
            column_unref(found);
            return false;
        }
    } else {
        table_get(rows, name, e);
        return error_prefix(e, "%s: ", what);
    }
    Table *with = found ? table_with(*t, name, found, e) : NULL;
    table_unref(*t);
    *t = with;
    return with != NULL;
}

/* The type that most of the texts can be read as; TEXT: none of ours. */
static ColumnType readable_type(const Column *c)
{
    size_t dates = 0, times = 0, numbers = 0, count = dictionary_count(c->dictionary);
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        int64_t whole;
        double real;
        const char *text = dictionary_get(c->dictionary, i, &size);
        dates += calendar_parse_date(text, size, &whole);
        times += calendar_parse_time(text, size, &whole);
        numbers += number_parse_real(text, size, &real);
    }
    if (dates + times + numbers < count / 2 + 1)
        return COLUMN_TEXT;
    if (numbers >= dates && numbers >= times)
        return COLUMN_REAL;
    return dates > times ? COLUMN_DATE : COLUMN_TIME;
}

bool unit_check_order(const char *name, const Column *c, Error *e)
{
    if (c->type == COLUMN_DATE || c->type == COLUMN_TIME || c->type == COLUMN_INT || c->type == COLUMN_REAL)
        return true;
    if (c->type != COLUMN_TEXT)
        return error_set(e, ERROR_USAGE, "time: \"%s\" is %s; an order is a date, a time or a number", name, column_type_name(c->type));
    ColumnType type = readable_type(c);
    if (type != COLUMN_TEXT)
        return error_set(e, ERROR_USAGE, "time: \"%s\" is text; put cast { columns = { \"%s\" }, to = \"%s\" } before the split", name,
                         name, column_type_name(type));
    return error_set(
        e, ERROR_USAGE,
        "time: \"%s\" is text such as \"%s\"; cast { columns = { \"%s\" }, to = \"time\" } reads 2024-02-29T13:45, and derive makes "
        "a number of other forms",
        name, dictionary_count(c->dictionary) ? dictionary_get(c->dictionary, 0, NULL) : "", name);
}

Table *unit_columns(const Unit *u, const Table *rows, const Table *source, Error *e)
{
    Table *t = table_pick(rows, NULL, 0, e);
    bool ok = t && add_column(&t, unit_kind_name(u->kind), u->column, rows, source, e) &&
              add_column(&t, "time", u->order, rows, source, e) && add_column(&t, unit_kind_name(UNIT_KEY), u->key, rows, source, e) &&
              (!u->order || unit_check_order(u->order, table_column(t, u->order), e));
    if (ok)
        return t;
    table_unref(t);
    return NULL;
}

static uint64_t hash_cell(const Column *c, size_t row, Text *room)
{
    text_clear(room);
    column_format_key(c, row, room);
    return rng_hash(0, text_get(room), room->size);
}

bool unit_ids(const Unit *u, const Table *columns, uint64_t *ids, size_t *alone, Error *e)
{
    const Column *c = u->column ? table_column(columns, u->column) : NULL;
    uint32_t texts = c && c->type == COLUMN_TEXT ? dictionary_count(c->dictionary) : 0;
    uint64_t *known = mem_try_alloc((size_t)texts + 1, sizeof *known, e); /* of the texts, so that each is hashed once */
    if (!known)
        return false;
    for (uint32_t i = 0; i < texts; i++) {
        size_t size;
        const char *text = dictionary_get(c->dictionary, i, &size);
        known[i] = rng_hash(0, text, size);
    }
    Text room = {0};
    *alone = 0;
    for (size_t i = 0; i < columns->rows; i++) {
        uint64_t row = table_row_id(columns, i);
        bool named = c && column_is_valid(c, i);
        *alone += c && !named;
        ids[i] = !named ? rng_hash(1, &row, sizeof row) : texts ? known[c->data.codes[i]] : hash_cell(c, i, &room);
    }
    text_done(&room);
    mem_free(known);
    return true;
}

bool unit_has_time(const Column *order, size_t row)
{
    return column_is_valid(order, row) && (order->type != COLUMN_REAL || isfinite(order->data.reals[row]));
}

double unit_time_between(const Column *order, size_t from, size_t to)
{
    if (order->type == COLUMN_REAL)
        return order->data.reals[to] - order->data.reals[from];
    int64_t a = order->data.ints[from], b = order->data.ints[to], between;
    double distance = __builtin_sub_overflow(b, a, &between) ? (double)b - (double)a : (double)between;
    return order->type == COLUMN_TIME ? distance / 1e6 : distance;
}

const char *unit_gap_name(const Column *order)
{
    return order->type == COLUMN_DATE ? "days" : order->type == COLUMN_TIME ? "seconds" : "";
}
