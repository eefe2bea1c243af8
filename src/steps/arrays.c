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

static bool drop_sources(const ArrayMaking *m, Table **out, Error *e)
{
    int *gone = mem_alloc((m->from_count + 1) * sizeof *gone);
    size_t count = 0;
    for (size_t i = 0; i < m->from_count; i++)
        if (!m->in->roles || !roles_have(m->in->roles, m->in->rows->names[m->from[i]]))
            gone[count++] = m->from[i];
    Table *less = table_without(*out, gone, count, e);
    mem_free(gone);
    table_unref(*out);
    *out = less;
    return less != NULL;
}

static void tell_torn(const ArrayMaking *m, const uint8_t *cells)
{
    size_t count = 0, rows = m->in->rows->rows;
    for (size_t i = 0; i < rows; i++) {
        count += cells[i] == ARRAY_TORN;
        if (cells[i] == ARRAY_TORN)
            tools_remark(m->in, i, "a number that it is made of is missing");
    }
    if (count)
        tools_note(m->in, "%s is missing in %zu of %zu rows, because a number that it is made of is; fill_missing or interpolate before it",
                   m->into, count, rows);
}

bool arrays_put(const ArrayMaking *m, Column *array, const uint8_t *cells, Table **out, Error *e)
{
    bool ok = true;
    tell_torn(m, cells);
    for (size_t i = 0; ok && i < array->rows; i++)
        ok = cells[i] == ARRAY_WHOLE || column_set_missing(array, i, e);
    if (!ok)
        column_unref(array);
    *out = ok ? table_ref(m->in->rows) : NULL;
    return ok && tools_add(out, m->into, array, e) && (m->keep || drop_sources(m, out, e));
}
