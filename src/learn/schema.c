/* What a model expects of its input: names and types of the source columns. Rows from elsewhere are brought to these types, so
 * that a file of three rows means the same as the file the model learned from. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "learn/batch.h"

/* Whether the prefix still makes the target when a column of the source is gone; judged on no rows at all. */
static bool makes_target_without(Job *job, const Pipeline *p, const Recipe *before, int column)
{
    Error ignored = {0};
    Roles roles = pipeline_roles(p);
    Table *empty = table_head(p->source, 0, &ignored);
    Table *less = empty ? table_without(empty, &column, 1, &ignored) : NULL;
    Table *after = less ? recipe_apply(job, before, less, &roles, &ignored) : NULL;
    bool makes = !after || table_find(after, p->target) != TABLE_NONE;
    table_unref(empty);
    table_unref(less);
    table_unref(after);
    return makes;
}

static int target_source(Job *job, const Pipeline *p, const Recipe *before)
{
    if (!p->target)
        return TABLE_NONE;
    int same = table_find(p->source, p->target);
    if (same != TABLE_NONE)
        return same;
    for (size_t i = 0; i < p->source->columns_count; i++)
        if (!makes_target_without(job, p, before, (int)i))
            return (int)i;
    return TABLE_NONE;
}

Value *schema_make(Job *job, const Pipeline *p, const Recipe *before)
{
    Value *schema = table_schema(p->source);
    int target = target_source(job, p, before);
    if (target != TABLE_NONE)
        value_set(schema->items[target], "role", value_text("target"));
    return schema;
}

static void give_reason(char **reasons, size_t row, const char *name, const char *text, const char *wanted)
{
    if (reasons && !reasons[row])
        reasons[row] = text_format("%s: \"%s\" is not %s", name, text, wanted);
}

static bool parse_flag(const char *s, uint8_t *out)
{
    static const char *const words[] = {"false", "true", "0", "1", "no", "yes", "False", "True", "No", "Yes"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_equal(s, words[i])) {
            *out = i & 1;
            return true;
        }
    return false;
}

static bool set_cell(Column *c, size_t row, const char *s, size_t size)
{
    double x;
    switch (c->type) {
    case COLUMN_TEXT: return column_set_text(c, row, s, size);
    case COLUMN_BOOL: return parse_flag(s, &c->data.flags[row]);
    case COLUMN_REAL: return number_parse_real(s, size, &c->data.reals[row]);
    case COLUMN_INT:
        if (number_parse_int(s, size, &c->data.ints[row]))
            return true;
        if (!number_parse_real(s, size, &x) || x != floor(x) || fabs(x) > 9e15)
            return false;
        c->data.ints[row] = (int64_t)x;
        return true;
    default: return false;
    }
}

/* Through the text of each cell, as a file would hold it. */
static Column *convert(const Column *from, ColumnType type, const char *name, char **reasons, Error *e)
{
    Column *c = column_new(type, from->rows, e);
    Text text = {0};
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < from->rows; i++) {
        text_clear(&text);
        if (column_is_valid(from, i))
            column_format(from, i, &text);
        const char *s = text_get(&text);
        bool is_set = column_is_valid(from, i) && set_cell(c, i, s, text.size);
        if (is_set)
            continue;
        if (s[strspn(s, " \t")])
            give_reason(reasons, i, name, s, column_type_name(type));
        ok = column_set_missing(c, i, e);
    }
    text_done(&text);
    if (!ok) {
        column_unref(c);
        return NULL;
    }
    return c;
}

static Column *all_missing(ColumnType type, size_t rows, Error *e)
{
    Column *c = column_new(type, rows, e);
    for (size_t i = 0; c && i < rows; i++)
        if (!column_set_missing(c, i, e)) {
            column_unref(c);
            return NULL;
        }
    return c;
}

/* A number in a whole-number column is no mistake; a model reads both. */
static bool is_same_kind(ColumnType wanted, const Column *c)
{
    return c->type == wanted || (wanted == COLUMN_INT && c->type == COLUMN_REAL);
}

static bool name_absent(const Value *schema, const Table *rows, Error *e)
{
    Text absent = {0};
    for (size_t i = 0; i < schema->size; i++) {
        const char *name = value_get_text(schema->items[i], "name", "");
        if (table_find(rows, name) == TABLE_NONE && !value_get(schema->items[i], "role"))
            text_addf(&absent, "%s%s", absent.size ? ", " : "", name);
    }
    bool ok = !absent.size || error_set(e, ERROR_FAILED, "the rows lack columns that the model needs: %s", text_get(&absent));
    text_done(&absent);
    return ok;
}

static Column *coerce_column(const Value *entry, const Table *rows, char **reasons, Error *e)
{
    const char *name = value_get_text(entry, "name", "");
    ColumnType type;
    if (!column_type_parse(value_get_text(entry, "type", ""), &type)) {
        error_set(e, ERROR_FAILED, "column %s has no known type in the model", name);
        return NULL;
    }
    Column *c = table_column(rows, name);
    if (!c)
        return all_missing(type, rows->rows, e);
    if (is_same_kind(type, c))
        return column_ref(c);
    if (c->missing == c->rows)
        return all_missing(type, rows->rows, e);
    bool is_target = value_get(entry, "role") != NULL;
    return convert(c, type, name, is_target ? NULL : reasons, e);
}

Table *schema_coerce(const Value *schema, const Table *rows, char **reasons, Error *e)
{
    if (!name_absent(schema, rows, e))
        return NULL;
    Table *t = table_new(rows->rows);
    for (size_t i = 0; i < schema->size; i++) {
        Column *c = coerce_column(schema->items[i], rows, reasons, e);
        if (!c || !table_add(t, value_get_text(schema->items[i], "name", ""), c, e)) {
            table_unref(t);
            return NULL;
        }
    }
    return t;
}
