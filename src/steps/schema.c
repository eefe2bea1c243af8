/* Rows from elsewhere are brought to the columns and types that a model expects, so that a file of three rows means the same as the
 * file the model learned from. */
#include <string.h>

#include "steps/schema.h"
#include "steps/tools.h"

typedef struct Entry {
    char *name, *type, *role;
} Entry;

static const char *const roles[] = {"", "target", SCHEMA_UNUSED, SCHEMA_COMPARED, NULL};

static const Field entry_rows[] = {
    {TEXT_FIELD(Entry, name), .doc = "of the column"},
    {TEXT_FIELD(Entry, type), .doc = "of its cells"},
    {TEXT_FIELD(Entry, role), .doc = "target, unused or compared; none: it is needed", .def = ""},
    {0},
};

static bool is_among(const char *const *words, const char *word)
{
    while (*words && !text_equal(*words, word))
        words++;
    return *words != NULL;
}

static bool check_entry(const Value *entry, TextList *names, Error *e)
{
    Entry x = {0};
    bool ok = fields_from_value(entry_rows, &x, entry, "its schema", e);
    bool unused_array = text_equal(x.type, column_type_name(COLUMN_ARRAY)) && text_equal(x.role, SCHEMA_UNUSED);
    bool is_sound = text_equal(x.type, column_type_name(COLUMN_SOUND));
    if (ok && (!*x.name || (!is_among(column_cell_types, x.type) && !unused_array && !is_sound) || !is_among(roles, x.role ? x.role : "")))
        ok = error_set(e, ERROR_FAILED, "its schema: column \"%s\" of type \"%s\" and role \"%s\" is none that a model takes", x.name,
                       x.type, x.role ? x.role : "");
    if (ok && text_list_has(names, x.name))
        ok = error_set(e, ERROR_FAILED, "its schema: column \"%s\" is there twice", x.name);
    if (ok)
        text_list_add(names, x.name);
    fields_done(entry_rows, &x);
    return ok;
}

bool schema_check(const Value *schema, Error *e)
{
    TextList names = {0};
    bool ok = schema->type == VALUE_LIST ||
              error_set(e, ERROR_FAILED, "its schema is a %s, not a list of columns", value_type_name(schema->type));
    for (size_t i = 0; ok && i < schema->size; i++)
        ok = check_entry(schema->items[i], &names, e);
    text_list_done(&names);
    return ok;
}

static void give_reason(char **reasons, size_t row, const char *name, const char *text, const char *wanted)
{
    if (reasons && !reasons[row])
        reasons[row] = text_format("%s: \"%s\" is not %s", name, text, wanted);
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
        bool is_set = column_is_valid(from, i) && tools_put_text(c, from->type, i, s, text.size);
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

/* An id that is not given is another in each row. */
static Column *all_different(ColumnType type, size_t rows, Error *e)
{
    Column *c = column_new(type, rows, e);
    Text text = {0};
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < rows; i++) {
        text_clear(&text);
        text_addf(&text, "%zu", i);
        if (type == COLUMN_TEXT)
            ok = column_set_text(c, i, text_get(&text), text.size, e);
        else if (type == COLUMN_REAL)
            c->data.reals[i] = (double)i;
        else
            c->data.ints[i] = (int64_t)i;
    }
    text_done(&text);
    if (ok)
        return c;
    column_unref(c);
    return NULL;
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

Column *schema_column(const Column *c, const char *name, ColumnType type, char **reasons, Error *e)
{
    if (is_same_kind(type, c))
        return column_ref((Column *)(uintptr_t)c);
    if (type == COLUMN_SOUND && c->missing < c->rows) {
        error_set(e, ERROR_FAILED, "%s is %s and the model hears sounds; give it a folder, or a list by reader = \"sounds\"", name,
                  column_type_name(c->type));
        return NULL;
    }
    return c->missing == c->rows ? all_missing(type, c->rows, e) : convert(c, type, name, reasons, e);
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
    bool compared = text_equal(value_get_text(entry, "role", ""), SCHEMA_COMPARED);
    if (!c)
        return compared && type != COLUMN_BOOL && !column_type_is_wide(type) ? all_different(type, rows->rows, e)
                                                                             : all_missing(type, rows->rows, e);
    bool is_target = value_get(entry, "role") != NULL;
    return schema_column(c, name, type, is_target ? NULL : reasons, e);
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
