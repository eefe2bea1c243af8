/* Tables: names and shared columns of one length. Every edit makes a new table. */
#include "table/table.h"

#include <string.h>

#include "base/mem.h"

Table *table_new(size_t rows)
{
    Table *t = MEM_NEW(Table);
    t->references = 1;
    t->rows = rows;
    return t;
}

Table *table_ref(const Table *t)
{
    Table *shared = (Table *)t;
    __atomic_add_fetch(&shared->references, 1, __ATOMIC_RELAXED);
    return shared;
}

void table_unref(Table *t)
{
    if (!t || __atomic_sub_fetch(&t->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (size_t i = 0; i < t->columns_count; i++) {
        mem_free(t->names[i]);
        column_unref(t->columns[i]);
    }
    for (size_t i = 0; i < t->rejects_count; i++) {
        mem_free(t->rejects[i].reason);
        mem_free(t->rejects[i].excerpt);
    }
    text_list_done(&t->notes);
    mem_free(t->names);
    mem_free(t->columns);
    mem_free(t->row_ids);
    mem_free(t->rejects);
    mem_free(t->hash);
    mem_free(t);
}

/* Appends without looking for the same name; takes column. */
static void append(Table *t, const char *name, Column *column)
{
    if (t->columns_count == t->columns_room) {
        t->columns_room = t->columns_room ? 2 * t->columns_room : 8;
        t->names = mem_realloc(t->names, t->columns_room * sizeof *t->names);
        t->columns = mem_realloc(t->columns, t->columns_room * sizeof *t->columns);
    }
    t->names[t->columns_count] = mem_strdup(name);
    t->columns[t->columns_count++] = column;
}

static bool fits(const Table *t, const char *name, const Column *column, Error *e)
{
    if (column->rows == t->rows)
        return true;
    return error_set(e, ERROR_FAILED, "column \"%s\" has %zu rows, its table %zu", name, column->rows, t->rows);
}

static bool name_is_free(const Table *t, const char *name, Error *e)
{
    if (table_find(t, name) == TABLE_NONE)
        return true;
    return error_set(e, ERROR_FAILED, "there is already a column \"%s\"; choose another name", name);
}

bool table_add(Table *t, const char *name, Column *column, Error *e)
{
    if (!fits(t, name, column, e) || !name_is_free(t, name, e)) {
        column_unref(column);
        return false;
    }
    append(t, name, column);
    mem_free(t->hash);
    t->hash = NULL;
    return true;
}

int table_find(const Table *t, const char *name)
{
    for (size_t i = 0; i < t->columns_count; i++)
        if (text_equal(t->names[i], name))
            return (int)i;
    return TABLE_NONE;
}

static const char *name_at(const void *self, size_t i)
{
    const Table *t = self;
    return i < t->columns_count ? t->names[i] : NULL;
}

int table_get(const Table *t, const char *name, Error *e)
{
    int column = table_find(t, name);
    if (column != TABLE_NONE)
        return column;
    const char *near = text_nearest(name, name_at, t);
    if (near)
        error_set(e, ERROR_FAILED, "no column \"%s\"; did you mean \"%s\"?", name, near);
    else
        error_set(e, ERROR_FAILED, "no column \"%s\"; the table has %zu columns", name, t->columns_count);
    return TABLE_NONE;
}

Column *table_column(const Table *t, const char *name)
{
    int column = table_find(t, name);
    return column == TABLE_NONE ? NULL : t->columns[column];
}

static void copy_rejects(Table *out, const Table *t)
{
    out->notes = text_list_copy(&t->notes);
    if (t->rejects_count == 0)
        return;
    out->rejects = mem_alloc(t->rejects_count * sizeof *out->rejects);
    out->rejects_count = t->rejects_count;
    for (size_t i = 0; i < t->rejects_count; i++) {
        out->rejects[i] = t->rejects[i];
        out->rejects[i].reason = mem_strdup(t->rejects[i].reason);
        out->rejects[i].excerpt = mem_strdup(t->rejects[i].excerpt);
    }
}

/* A table of the same rows, ids and rejects, without columns. */
static Table *same_rows(const Table *t, Error *e)
{
    Table *out = table_new(t->rows);
    copy_rejects(out, t);
    if (!t->row_ids)
        return out;
    out->row_ids = mem_try_alloc(t->rows ? t->rows : 1, sizeof *t->row_ids, e);
    if (!out->row_ids) {
        table_unref(out);
        return NULL;
    }
    memcpy(out->row_ids, t->row_ids, t->rows * sizeof *t->row_ids);
    return out;
}

Table *table_with(const Table *t, const char *name, Column *column, Error *e)
{
    Table *out = fits(t, name, column, e) ? same_rows(t, e) : NULL;
    if (!out) {
        column_unref(column);
        return NULL;
    }
    int at = table_find(t, name);
    for (size_t i = 0; i < t->columns_count; i++)
        append(out, t->names[i], (int)i == at ? column : column_ref(t->columns[i]));
    if (at == TABLE_NONE)
        append(out, name, column);
    return out;
}

/* Of many columns one after the other only the first copies the table. */
Table *table_put(Table *t, const char *name, Column *column, Error *e)
{
    if (__atomic_load_n(&t->references, __ATOMIC_ACQUIRE) > 1 || column->rows != t->rows) {
        Table *out = table_with(t, name, column, e);
        table_unref(t);
        return out;
    }
    int at = table_find(t, name);
    if (at == TABLE_NONE) {
        append(t, name, column);
        return t;
    }
    column_unref(t->columns[at]);
    t->columns[at] = column;
    return t;
}

Table *table_take_notes(Table *t, const TextList *notes, Error *e)
{
    Table *out = notes->count ? same_rows(t, e) : table_ref(t);
    for (size_t i = 0; out && notes->count && i < t->columns_count; i++)
        append(out, t->names[i], column_ref(t->columns[i]));
    for (size_t i = 0; out && i < notes->count; i++)
        text_list_add(&out->notes, notes->items[i]);
    table_unref(t);
    return out;
}

Table *table_without(const Table *t, const int *columns, size_t count, Error *e)
{
    Table *out = same_rows(t, e);
    if (!out)
        return NULL;
    bool *drop = mem_alloc(t->columns_count + 1);
    for (size_t i = 0; i < count; i++)
        drop[columns[i]] = true;
    for (size_t i = 0; i < t->columns_count; i++)
        if (!drop[i])
            append(out, t->names[i], column_ref(t->columns[i]));
    mem_free(drop);
    return out;
}

Table *table_pick(const Table *t, const int *columns, size_t count, Error *e)
{
    Table *out = same_rows(t, e);
    for (size_t i = 0; out && i < count; i++) {
        if (table_add(out, t->names[columns[i]], column_ref(t->columns[columns[i]]), e))
            continue;
        table_unref(out);
        return NULL;
    }
    return out;
}

Table *table_rename(const Table *t, int column, const char *name, Error *e)
{
    if (!text_equal(t->names[column], name) && !name_is_free(t, name, e))
        return NULL;
    Table *out = same_rows(t, e);
    if (!out)
        return NULL;
    for (size_t i = 0; i < t->columns_count; i++)
        append(out, (int)i == column ? name : t->names[i], column_ref(t->columns[i]));
    return out;
}

Table *table_select(const Table *t, const size_t *rows, size_t count, Error *e)
{
    Table *out = table_new(count);
    out->row_ids = mem_try_alloc(count ? count : 1, sizeof *out->row_ids, e);
    if (!out->row_ids)
        goto failed;
    for (size_t i = 0; i < count; i++)
        out->row_ids[i] = table_row_id(t, rows[i]);
    for (size_t i = 0; i < t->columns_count; i++) {
        Column *c = column_select(t->columns[i], rows, count, e);
        if (!c)
            goto failed;
        append(out, t->names[i], c);
    }
    return out;
failed:
    table_unref(out);
    return NULL;
}

Table *table_head(const Table *t, size_t rows, Error *e)
{
    if (rows >= t->rows)
        return table_ref(t);
    size_t *list = mem_try_alloc(rows ? rows : 1, sizeof *list, e);
    if (!list)
        return NULL;
    for (size_t i = 0; i < rows; i++)
        list[i] = i;
    Table *out = table_select(t, list, rows, e);
    mem_free(list);
    return out;
}

uint64_t table_row_id(const Table *t, size_t row)
{
    return t->row_ids ? t->row_ids[row] : row;
}

bool table_equal(const Table *a, const Table *b)
{
    if (a->rows != b->rows || a->columns_count != b->columns_count)
        return false;
    for (size_t i = 0; i < a->columns_count; i++)
        if (!text_equal(a->names[i], b->names[i]) || !column_equal(a->columns[i], b->columns[i]))
            return false;
    return true;
}

Value *table_schema(const Table *t)
{
    Value *list = value_list();
    for (size_t i = 0; i < t->columns_count; i++) {
        Value *row = value_map();
        value_set(row, "name", value_text(t->names[i]));
        value_set(row, "type", value_text(column_type_name(t->columns[i]->type)));
        value_add(list, row);
    }
    return list;
}

/* Reasons in order of first appearance, each with its count and first line. */
char *table_rejects_summary(const Table *t)
{
    Text out = {0};
    enum { REASONS = 8 };
    size_t counts[REASONS] = {0}, firsts[REASONS], kinds = 0, other = 0;
    for (size_t i = 0; i < t->rejects_count; i++) {
        size_t k = 0;
        while (k < kinds && !text_equal(t->rejects[firsts[k]].reason, t->rejects[i].reason))
            k++;
        if (k == REASONS)
            other++;
        else if (k == kinds)
            firsts[kinds++] = i;
        if (k < REASONS)
            counts[k]++;
    }
    text_addf(&out, "%zu row%s could not be read", t->rejects_count, t->rejects_count == 1 ? "" : "s");
    for (size_t k = 0; k < kinds; k++)
        text_addf(&out, "%s %zu %s line %llu: %s", k ? ";" : ":", counts[k], counts[k] == 1 ? "in" : "from",
                  (unsigned long long)t->rejects[firsts[k]].line, t->rejects[firsts[k]].reason);
    if (other)
        text_addf(&out, "; %zu for other reasons", other);
    return text_take(&out);
}
