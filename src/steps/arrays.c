/* Arrays take the place of the columns they are made of, so that a net is fed with them alone. */
#include "steps/arrays.h"

#include <math.h>

bool arrays_find(ArrayMaking *m, Error *e)
{
    const Table *t = m->in->rows;
    m->from = NULL;
    if (!tools_select(m->in, m->columns, &m->from, &m->from_count, e))
        return false;
    for (size_t i = 0; i < m->from_count; i++) {
        const Column *c = t->columns[m->from[i]];
        if (!column_is_numeric(c) && c->missing < c->rows)
            return error_set(e, ERROR_USAGE, "%s is %s, not a number; arrays are made of numbers", t->names[m->from[i]],
                             column_type_name(c->type));
    }
    if (!m->from_count)
        return error_set(e, ERROR_USAGE, "no column is there to make \"%s\" of; name columns = { ... }", m->into);
    return !*m->into ? error_set(e, ERROR_USAGE, "\"into\" is empty; name the column to make") : true;
}

float arrays_number(const Column *c, size_t row)
{
    float x = (float)column_real(c, row);
    return isfinite(x) ? x : NAN;
}

bool arrays_drop_sources(const ArrayMaking *m, Table **t, Error *e)
{
    int *gone = mem_alloc((m->from_count + 1) * sizeof *gone);
    size_t count = 0;
    for (size_t i = 0; i < m->from_count; i++) {
        const char *name = m->in->rows->names[m->from[i]];
        int at = table_find(*t, name);
        if (at != TABLE_NONE && (!m->in->roles || !roles_have(m->in->roles, name)))
            gone[count++] = at;
    }
    Table *less = table_without(*t, gone, count, e);
    mem_free(gone);
    table_unref(*t);
    *t = less;
    return less != NULL;
}

static void tell_torn(const ArrayMaking *m, const uint8_t *cells)
{
    size_t count = 0, rows = m->in->rows->rows;
    for (size_t i = 0; i < rows; i++) {
        count += cells[i] == ARRAY_TORN;
        if (cells[i] == ARRAY_TORN && !m->is_ahead)
            tools_remark(m->in, i, "a number that it is made of is missing");
    }
    if (count)
        tools_note(m->in, "%s is missing in %zu of %zu rows, because a number that it is made of is; fill_missing or interpolate before it",
                   m->into, count, rows);
}

bool arrays_put(const ArrayMaking *m, Column *array, const uint8_t *cells, Table **t, Error *e)
{
    bool ok = true;
    tell_torn(m, cells);
    for (size_t i = 0; ok && i < array->rows; i++)
        ok = cells[i] == ARRAY_WHOLE || column_set_missing(array, i, e);
    if (ok)
        return tools_add(t, m->into, array, e);
    column_unref(array);
    table_unref(*t);
    *t = NULL;
    return false;
}
