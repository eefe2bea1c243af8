/* join: columns of another table, found by a key. The other table is read when fitting and travels with the recipe, so a model
 * needs no second file. */
#include <string.h>

#include "steps/tools.h"
#include "table/reader.h"

typedef struct Join {
    char *file, *csv, *by;
    TextList columns;
    Value *read;
} Join;

typedef struct Joined {
    TextList names, types, keys;
    Value *cells; /* for each column a list of texts and nulls */
} Joined;

static const Field params[] = {
    {TEXT_FIELD(Join, file), .doc = "file of the other table", .def = ""},
    {TEXT_FIELD(Join, csv), .doc = "the other table itself, as CSV", .def = ""},
    {TEXT_FIELD(Join, by), .names_column = true, .doc = "key column, of this name in both tables"},
    {COLUMNS_FIELD(Join, columns), .doc = "columns to take from the other table", .def = "all"},
    {VALUE_FIELD(Join, read), .doc = "options of the reader", .def = ""},
    {0},
};

static const Field cell_list = {.name = "cells", .type = FIELD_TEXTS, .length_of = "keys", .nullable = true};
static const Field learns[] = {
    {TEXTS_FIELD(Joined, names), .doc = "columns taken", .unique = true},
    {TEXTS_FIELD(Joined, types), .doc = "type of each", .choices = column_cell_types, .length_of = "names"},
    {TEXTS_FIELD(Joined, keys), .doc = "key of each row of the other table", .unique = true},
    {VALUE_FIELD(Joined, cells), .doc = "cells, column by column", .element = &cell_list, .length_of = "names"},
    {0},
};

enum { CELLS_BYTES_MOST = 16 << 20 }; /* what a model may carry */

static Table *read_file(Job *job, const Join *p, Error *e)
{
    bool file = p->file && *p->file, csv = p->csv && *p->csv;
    if (file == csv)
        return error_set(e, ERROR_USAGE, "give one of file and csv"), NULL;
    if (file)
        return table_read(job, p->file, p->read, e);
    return table_read_bytes(job, "csv", (const uint8_t *)p->csv, strlen(p->csv), p->read, e);
}

/* Rows without a key can't be found. */
static Table *read_side(Job *job, const StepInput *in, Error *e)
{
    const Join *p = in->params;
    Table *all = read_file(job, p, e), *keyed;
    const Column *key = all ? table_column(all, p->by) : NULL;
    if (!key || !key->missing)
        return all;
    size_t *rows = mem_try_alloc(all->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < all->rows; i++)
        if (column_is_valid(key, i))
            rows[count++] = i;
    tools_note(in, "%zu rows of the other table have no %s and are left out", all->rows - count, p->by);
    keyed = rows ? table_select(all, rows, count, e) : NULL;
    mem_free(rows);
    table_unref(all);
    return keyed;
}

static bool take_keys(const Join *p, const Table *side, TextList *keys, Error *e)
{
    int at = table_get(side, p->by, e);
    if (at == TABLE_NONE)
        return error_prefix(e, "the other table: ");
    Dictionary *seen = dictionary_new();
    Text text = {0}, first = {0};
    size_t twice = 0, first_row = 0;
    for (size_t i = 0; i < side->rows; i++) {
        text_clear(&text);
        column_format_key(side->columns[at], i, &text);
        uint32_t known = dictionary_count(seen);
        if (dictionary_add(seen, text_get(&text), text.size) != known && twice++ == 0) {
            text_add(&first, text_get(&text));
            first_row = i + 1;
        }
        text_list_add(keys, text_get(&text));
    }
    if (twice)
        error_set(e, ERROR_FAILED,
                  "the other table holds %s = \"%s\" twice (row %zu); %zu of its rows repeat a key; aggregate it to one row per key first",
                  p->by, text_get(&first), first_row, twice);
    text_done(&text);
    text_done(&first);
    dictionary_unref(seen);
    return twice == 0;
}

static Value *take_cells(const Column *c, size_t *bytes)
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

static bool take_columns(const StepInput *in, const Table *side, Joined *s, Error *e)
{
    const Join *p = in->params;
    Roles roles = {.key = p->by};
    size_t count, bytes = 0;
    int *columns;
    if (!select_columns(side, &p->columns, &roles, &columns, &count, e))
        return error_prefix(e, "the other table: ");
    s->cells = value_list();
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        const char *name = side->names[columns[i]];
        if (table_find(in->rows, name) != TABLE_NONE)
            ok = error_set(e, ERROR_USAGE, "both tables have a column \"%s\"; choose others with columns", name);
        text_list_add(&s->names, name);
        text_list_add(&s->types, column_type_name(side->columns[columns[i]]->type));
        value_add(s->cells, take_cells(side->columns[columns[i]], &bytes));
        if (ok && bytes > CELLS_BYTES_MOST)
            ok = error_set(e, ERROR_FAILED, "the other table is larger than the 16 MiB a model may carry; choose fewer columns");
    }
    mem_free(columns);
    return ok;
}

/* For each row the row of the other table; one behind its end where there is none. */
static size_t *match_rows(const Column *key, const TextList *keys, Error *e)
{
    size_t *match = mem_try_alloc(key->rows + 1, sizeof *match, e);
    Dictionary *known = dictionary_new();
    Text text = {0};
    for (size_t i = 0; i < keys->count; i++)
        dictionary_add(known, keys->items[i], strlen(keys->items[i]));
    for (size_t i = 0; match && i < key->rows; i++) {
        text_clear(&text);
        column_format_key(key, i, &text);
        uint32_t code = column_is_valid(key, i) ? dictionary_find(known, text_get(&text), text.size) : UINT32_MAX;
        match[i] = code == UINT32_MAX ? keys->count : code;
    }
    text_done(&text);
    dictionary_unref(known);
    return match;
}

static bool are_alike(ColumnType a, ColumnType b)
{
    bool numbers = (a == COLUMN_INT || a == COLUMN_REAL) && (b == COLUMN_INT || b == COLUMN_REAL);
    return a == b || numbers;
}

/* Whoever joins wants to know how many rows found something. */
static bool note_coverage(const StepInput *in, const Column *side_key, const TextList *keys, Error *e)
{
    const Join *p = in->params;
    const Column *key = table_column(in->rows, p->by);
    size_t *match = match_rows(key, keys, e), matched = 0, used = 0;
    if (!match)
        return false;
    bool *is_used = mem_alloc((keys->count + 1) * sizeof *is_used);
    for (size_t i = 0; i < key->rows; i++) {
        if (match[i] >= keys->count)
            continue;
        matched++;
        used += !is_used[match[i]];
        is_used[match[i]] = true;
    }
    size_t none = key->missing, unmatched = key->rows - matched - none;
    tools_note(in, "%zu of %zu rows found their %s; %zu did not, %zu have none; %zu of %zu keys of the other table are used", matched,
               key->rows, p->by, unmatched, none, used, keys->count);
    if (!are_alike(key->type, side_key->type))
        tools_note(in, "%s is %s here and %s in the other table: only equal texts are found; cast one of them", p->by,
                   column_type_name(key->type), column_type_name(side_key->type));
    else if (matched == 0 && key->rows > 0)
        tools_note(in, "no row found its %s: every new cell is missing", p->by);
    mem_free(is_used);
    mem_free(match);
    return true;
}

static bool join_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    const Join *p = in->params;
    Joined *s = state;
    if (table_get(in->rows, p->by, e) == TABLE_NONE)
        return false;
    Table *side = read_side(job, in, e);
    bool ok = side && take_keys(p, side, &s->keys, e) && take_columns(in, side, s, e) &&
              note_coverage(in, table_column(side, p->by), &s->keys, e);
    table_unref(side);
    return ok;
}

static Column *side_column(const char *type_name, const Value *cells, Error *e)
{
    ColumnType type = COLUMN_TEXT;
    column_type_parse(type_name, &type);
    Column *c = column_new(type, cells->size + 1, e);
    bool ok = c && column_set_missing(c, cells->size, e);
    for (size_t i = 0; ok && i < cells->size; i++) {
        const Value *cell = cells->items[i];
        if (cell->type != VALUE_TEXT || !tools_put_text(c, type, i, cell->text, cell->size))
            ok = column_set_missing(c, i, e);
    }
    if (!ok)
        column_unref(c);
    return ok ? c : NULL;
}

/* The model may know how to go on without the side row; who reads the prediction should know that it was missing. */
static void remark_unmatched(const StepInput *in, int key, const size_t *match, size_t known)
{
    const char *name = in->rows->names[key];
    Text cell = {0};
    for (size_t i = 0; in->reasons && i < in->rows->rows; i++) {
        if (match[i] < known)
            continue;
        text_clear(&cell);
        column_format(in->rows->columns[key], i, &cell);
        bool given = column_is_valid(in->rows->columns[key], i);
        char *what = given ? text_format("%s: \"%s\" is unknown to the other table", name, text_get(&cell))
                           : text_format("%s is missing, so the other table was not asked", name);
        tools_remark(in, i, what);
        mem_free(what);
    }
    text_done(&cell);
}

/* Rows to predict have no target yet: a table that brings nothing else is not missed. */
static bool brings_target_only(const StepInput *in, const Joined *s)
{
    return in->roles && in->roles->target && s->names.count == 1 && text_equal(s->names.items[0], in->roles->target);
}

static bool join_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Join *p = in->params;
    const Joined *s = state;
    int at = tools_find(in->rows, p->by, e);
    size_t *match = at == TABLE_NONE ? NULL : match_rows(in->rows->columns[at], &s->keys, e);
    bool ok = match != NULL;
    if (ok && !brings_target_only(in, s))
        remark_unmatched(in, at, match, s->keys.count);
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < s->names.count; i++) {
        Column *side = job_go_on(job, e) ? side_column(s->types.items[i], s->cells->items[i], e) : NULL;
        ok = side && tools_put(out, s->names.items[i], column_select(side, match, in->rows->rows, e), e);
        column_unref(side);
    }
    mem_free(match);
    return ok;
}

static void join_describe(const void *params_used, const void *state, Text *out)
{
    const Join *p = params_used;
    const Joined *s = state;
    text_addf(out, "%s by %s", p->file && *p->file ? p->file : "a small table", p->by);
    if (s) {
        text_add(out, ": ");
        tools_list(&s->names, out);
    }
}

static const Example examples[] = {
    {"{\"by\": \"plan\", \"csv\": \"plan,price\\na,10\\nb,20\\n\"}", "x,plan\n1,b\n2,a\n3,c\n", "x,plan,price\n1,b,20\n2,a,10\n3,c,\n"},
    {"{\"by\": \"id\", \"csv\": \"id,t,u\\n2,x,9\\n\", \"columns\": [\"t\"]}", "id\n1\n2\n", "id,t\n1,\n2,x\n"},
    {"{\"by\": \"id\", \"csv\": \"id,t\\n2,x\\n2,y\\n\"}", "id\n1\n2\n", "error: holds id = \"2\" twice (row 2)"},
    {"{\"by\": \"id\"}", "id\n1\n", "error: give one of file and csv"},
};

static const char *const notes[] = {
    "Every row stays; where the other table has no such key the new cells are missing. Keys of the other table must be unique.",
    "The other table is kept in the model. It may hold the target: then join before the split.", NULL};

const Step step_join = {
    .spec = {.name = "join",
             .doc = "columns of another table, found by a key",
             .group = "engineer",
             .params = params,
             .params_size = sizeof(Join),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Joined),
    .effect = STEP_MAP,
    .fits_side_only = true,
    .fit = join_fit,
    .apply = join_apply,
    .describe = join_describe,
};
