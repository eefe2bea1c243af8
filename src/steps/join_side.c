/* What a join knows of the other table: its columns and steps, and, where it was asked to keep them or an older version did, its rows. */
#include <string.h>

#include "steps/join.h"
#include "steps/needs.h"
#include "steps/schema.h"

typedef struct StoredSide {
    Value *schema, *steps, *rows;
} StoredSide;

static const Field stored_rows[] = {
    {VALUE_FIELD(StoredSide, schema), .doc = "columns as read that are needed"},
    {VALUE_FIELD(StoredSide, steps), .doc = "that make the table of them, fitted", .def = ""},
    {VALUE_FIELD(StoredSide, rows), .doc = "that the model holds", .def = ""},
    {0},
};

typedef struct StoredTable {
    TextList names, types;
    Value *cells; /* for each column a list of texts and nulls */
} StoredTable;

static const Field cell_list = {.name = "cells", .type = FIELD_TEXTS, .nullable = true};
static const Field table_rows[] = {
    {TEXTS_FIELD(StoredTable, names), .doc = "of the columns", .unique = true},
    {TEXTS_FIELD(StoredTable, types), .doc = "type of each", .choices = column_cell_types, .length_of = "names"},
    {VALUE_FIELD(StoredTable, cells), .doc = "cells, column by column", .element = &cell_list, .length_of = "names"},
    {0},
};

static JoinedSide *joined_side_new(void)
{
    JoinedSide *s = MEM_NEW(JoinedSide);
    s->references = 1;
    return s;
}

static void *ref_side(const void *object)
{
    JoinedSide *s = (JoinedSide *)(uintptr_t)object;
    __atomic_add_fetch(&s->references, 1, __ATOMIC_RELAXED);
    return s;
}

static void unref_side(void *object)
{
    JoinedSide *s = object;
    if (!s || __atomic_sub_fetch(&s->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    value_free(s->schema);
    recipe_unref(s->steps);
    table_unref(s->rows);
    mem_free(s);
}

static Value *cells_value(const Column *c, size_t *bytes)
{
    Value *list = value_list();
    Text text = {0};
    for (size_t i = 0; i < c->rows; i++) {
        text_clear(&text);
        column_format(c, i, &text);
        *bytes += text.size + 4;
        value_add(list, column_is_valid(c, i) ? value_bytes(text_get(&text), text.size) : value_null());
    }
    text_done(&text);
    return list;
}

static Value *table_value(const Table *t, size_t *bytes)
{
    Value *map = value_map(), *names = value_list(), *types = value_list(), *cells = value_list();
    for (size_t i = 0; i < t->columns_count; i++) {
        value_add(names, value_text(t->names[i]));
        value_add(types, value_text(column_type_name(t->columns[i]->type)));
        value_add(cells, cells_value(t->columns[i], bytes));
    }
    value_set(map, "names", names);
    value_set(map, "types", types);
    value_set(map, "cells", cells);
    return map;
}

static Value *side_value(const void *object)
{
    const JoinedSide *s = object;
    size_t bytes = 0;
    Value *map = value_map();
    value_set(map, "schema", value_copy(s->schema));
    if (s->steps)
        value_set(map, "steps", recipe_to_value(s->steps, true));
    if (s->rows && s->is_kept)
        value_set(map, "rows", table_value(s->rows, &bytes));
    return map;
}

static Column *stored_column(const char *type_name, const Value *cells, Error *e)
{
    ColumnType type = COLUMN_TEXT;
    column_type_parse(type_name, &type);
    Column *c = column_new(type, cells->size, e);
    bool ok = c != NULL;
    for (size_t i = 0; ok && i < cells->size; i++) {
        const Value *cell = cells->items[i];
        if (cell->type != VALUE_TEXT || !tools_put_text(c, type, i, cell->text, cell->size))
            ok = column_set_missing(c, i, e);
    }
    if (ok)
        return c;
    column_unref(c);
    return NULL;
}

static Table *stored_table(const StoredTable *s, Error *e)
{
    size_t rows = s->names.count ? s->cells->items[0]->size : 0;
    Table *t = table_new(rows);
    bool ok = true;
    for (size_t i = 0; ok && i < s->names.count; i++) {
        const Value *cells = s->cells->items[i];
        if (cells->size != rows)
            ok = error_set(e, ERROR_FAILED, "\"cells\": %s has %zu cells, the first column %zu", s->names.items[i], cells->size, rows);
        Column *c = ok ? stored_column(s->types.items[i], cells, e) : NULL;
        ok = c && table_add(t, s->names.items[i], c, e);
    }
    if (ok)
        return t;
    table_unref(t);
    return NULL;
}

static Table *table_from_value(const Value *v, Error *e)
{
    StoredTable stored = {0};
    bool ok = fields_from_value(table_rows, &stored, v, "its rows", e);
    Table *t = ok ? stored_table(&stored, e) : NULL;
    fields_done(table_rows, &stored);
    return t;
}

static bool take_stored(const StoredSide *stored, JoinedSide *s, Error *e)
{
    if (!stored->schema || !schema_check(stored->schema, e))
        return false;
    s->schema = value_copy(stored->schema);
    s->is_kept = stored->rows != NULL;
    if (stored->rows && !(s->rows = table_from_value(stored->rows, e)))
        return false;
    if (stored->steps && !(s->steps = recipe_from_value(stored->steps, e)))
        return error_prefix(e, "its steps: ");
    for (size_t i = 0; s->steps && i < s->steps->count; i++)
        if (!step_is_structural(s->steps->uses[i].step))
            return error_set(e, ERROR_FAILED, "its steps: %s learns from rows", s->steps->uses[i].step->spec.name);
    return true;
}

static void *side_from_value(const Value *v, Error *e)
{
    StoredSide stored = {0};
    JoinedSide *s = joined_side_new();
    bool ok = fields_from_value(stored_rows, &stored, v, "side", e) && take_stored(&stored, s, e);
    fields_done(stored_rows, &stored);
    if (ok)
        return s;
    unref_side(s);
    return NULL;
}

const ObjectKind joined_side_kind = {
    .name = "joined table", .ref = ref_side, .unref = unref_side, .to_value = side_value, .from_value = side_from_value};

static void add_wanted(const JoinKeys *keys, const TextList *taken, const char *target, TextList *out)
{
    for (size_t i = 0; i < keys->there.count; i++)
        text_list_add(out, keys->there.items[i]);
    if (keys->time_there)
        text_list_add(out, keys->time_there);
    for (size_t i = 0; i < taken->count; i++)
        if (!join_keys_has(keys, taken->items[i]) && !(target && text_equal(target, taken->items[i])))
            text_list_add(out, taken->items[i]);
}

static Value *schema_entry(const Table *head, size_t column, const char *role)
{
    Value *entry = value_map();
    value_set(entry, "name", value_text(head->names[column]));
    value_set(entry, "type", value_text(column_type_name(head->columns[column]->type)));
    if (role)
        value_set(entry, "role", value_text(role));
    return entry;
}

/* What comes to the target alone may be absent from a fresh table, and so may what a step only leaves out: it is in the schema so that the
 * step finds what it names. */
static Value *needed_schema(Job *job, const SideMade *made, const TextList *all, const TextList *inputs)
{
    Roles none = {0};
    Flow f = {.roles = &none};
    Table *last = flow_forward(job, &f, made->steps, made->head);
    Need *any = last ? flow_back(&f, last, all, true) : NULL, *input = last ? flow_back(&f, last, inputs, true) : NULL;
    Value *schema = value_list();
    for (size_t i = 0; i < made->head->columns_count; i++) {
        bool is_compared = input && input[i] == NEED_COMPARED && made->head->columns[i]->type != COLUMN_BOOL;
        bool is_used = !any || any[i];
        const char *role = !is_used ? SCHEMA_UNUSED : input && !input[i] ? "target" : is_compared ? SCHEMA_COMPARED : NULL;
        if (is_used || made->steps->count)
            value_add(schema, schema_entry(made->head, i, role));
    }
    mem_free(any);
    mem_free(input);
    table_unref(last);
    flow_done(&f);
    return schema;
}

static Table *pick_rows(const Table *t, const TextList *names, Error *e)
{
    int *columns = mem_alloc((names->count + 1) * sizeof *columns);
    bool ok = true;
    for (size_t i = 0; ok && i < names->count; i++)
        ok = (columns[i] = table_get(t, names->items[i], e)) != TABLE_NONE;
    Table *picked = ok ? table_pick(t, columns, names->count, e) : NULL;
    mem_free(columns);
    return picked;
}

static bool check_kept(const StepInput *in, const Table *rows, Error *e)
{
    const Join *p = in->params;
    size_t bytes = 0;
    if (!p->keep)
        return true;
    value_free(table_value(rows, &bytes));
    if (bytes > SIDE_BYTES_MOST)
        return error_set(e, ERROR_USAGE,
                         "%s is larger than the 16 MiB a model may carry; choose fewer columns, or leave keep out and give it with --table",
                         side_title(p->table));
    tools_note(in, "the model holds the %zu rows of %s", rows->rows, side_title(p->table));
    return true;
}

JoinedSide *joined_side_make(Job *job, const StepInput *in, const JoinKeys *keys, const TextList *taken, Error *e)
{
    const Join *p = in->params;
    const SideMade *made = side_make(job, p->table, e);
    if (!made)
        return NULL;
    TextList all = {0}, inputs = {0};
    const char *target = in->roles ? in->roles->target : NULL;
    add_wanted(keys, taken, NULL, &all);
    add_wanted(keys, taken, target && text_starts(target, p->prefix ? p->prefix : "") ? target + strlen(p->prefix ? p->prefix : "") : NULL,
               &inputs);
    JoinedSide *s = joined_side_new();
    s->is_kept = p->keep;
    s->schema = needed_schema(job, made, &all, &inputs);
    s->steps = made->steps->count ? recipe_ref(made->steps) : NULL;
    s->rows = pick_rows(made->rows, &all, e);
    text_list_done(&all);
    text_list_done(&inputs);
    if (s->rows && check_kept(in, s->rows, e))
        return s;
    unref_side(s);
    return NULL;
}

static void add_first(Value *list, Value *first)
{
    value_add(list, first);
    for (size_t i = list->size - 1; i > 0; i--)
        list->items[i] = list->items[i - 1];
    list->items[0] = first;
}

static Value *renewed_schema(const Value *names, const Value *types)
{
    Value *schema = value_list();
    for (size_t i = 0; i < value_items(names) && i < value_items(types); i++) {
        Value *entry = value_map();
        value_set(entry, "name", value_copy(names->items[i]));
        value_set(entry, "type", value_copy(types->items[i]));
        value_add(schema, entry);
    }
    return schema;
}

/* {"names","types","keys","cells"}: the rows were always kept, and the keys as texts. */
void joined_side_renew(const Join *p, Value *state)
{
    const char *key = p->on && p->on->type == VALUE_TEXT ? p->on->text : NULL;
    const Value *keys = value_get(state, "keys"), *cells = value_get(state, "cells");
    if (!key || !keys || !cells || cells->type != VALUE_LIST)
        return;
    Value *rows = value_map(), *side = value_map();
    const char *const lists[] = {"names", "types", "cells"};
    Value *firsts[] = {value_text(key), value_text(column_type_name(COLUMN_TEXT)), value_copy(keys)};
    for (int i = 0; i < 3; i++) {
        const Value *list = value_get(state, lists[i]);
        Value *longer = list && list->type == VALUE_LIST ? value_copy(list) : value_list();
        add_first(longer, firsts[i]);
        value_set(rows, lists[i], longer);
    }
    value_set(side, "schema", renewed_schema(value_get(rows, "names"), value_get(rows, "types")));
    value_set(side, "rows", rows);
    value_remove(state, "keys");
    value_remove(state, "cells");
    value_set(state, "side", side);
}

void join_sides(const void *params_used, const void *state, SideNeeds *out)
{
    const Join *p = params_used;
    const Side *side = p->table;
    const JoinedSide *learned = state ? ((const Joined *)state)->side : NULL;
    if (!side || !learned)
        return;
    side_needs_add(out, (SideNeed){side->name, learned->schema, learned->is_kept || side->csv});
    if (learned->steps)
        side_needs_of(learned->steps, out);
}
