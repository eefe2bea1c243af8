/* Side tables: where they come from, and how they are made when they are first asked for. */
#include "steps/side.h"

#include <string.h>

#include "base/io.h"
#include "table/reader.h"

typedef struct Stored { /* a side table as a value */
    char *name, *file, *csv;
    Value *read, *steps;
} Stored;

static const Field stored_rows[] = {
    {TEXT_FIELD(Stored, name), .doc = "under which fresh tables are given", .def = ""},
    {TEXT_FIELD(Stored, file), .doc = "file of the table", .def = ""},
    {TEXT_FIELD(Stored, csv), .doc = "the table itself, as CSV", .def = ""},
    {VALUE_FIELD(Stored, read), .doc = "options of the reader", .def = ""},
    {VALUE_FIELD(Stored, steps), .doc = "that make the table of what is read", .def = ""},
    {0},
};

Side *side_ref(const Side *s)
{
    Side *own = (Side *)(uintptr_t)s;
    __atomic_add_fetch(&own->references, 1, __ATOMIC_RELAXED);
    return own;
}

static void made_free(SideMade *m)
{
    if (!m)
        return;
    table_unref(m->head);
    table_unref(m->rows);
    recipe_unref(m->steps);
    mem_free(m);
}

void side_unref(Side *s)
{
    if (!s || __atomic_sub_fetch(&s->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    mem_free(s->name);
    mem_free(s->file);
    mem_free(s->csv);
    value_free(s->read);
    recipe_unref(s->steps);
    made_free(s->made);
    mem_free(s);
}

/* usage of data/usage.csv.gz */
static char *default_name(const char *file)
{
    char *name = mem_strdup(file ? io_base_name(file) : "");
    if (text_ends(name, ".gz"))
        name[strlen(name) - 3] = 0;
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = 0;
    return name;
}

const Side *side_in(const Field *f, const void *params)
{
    return f->object == &side_kind ? *(void *const *)((const char *)params + f->offset) : NULL;
}

static int depth_of(const Recipe *steps)
{
    int most = 0;
    for (size_t i = 0; i < steps->count; i++)
        for (const Field *f = steps->uses[i].step->spec.params; f && f->name; f++) {
            const Side *inner = side_in(f, steps->uses[i].params);
            most = inner && inner->depth > most ? inner->depth : most;
        }
    return most + 1;
}

static bool check_steps(const Side *s, Error *e)
{
    for (size_t i = 0; i < s->steps->count; i++)
        if (!step_is_structural(s->steps->uses[i].step))
            return error_set(e, ERROR_USAGE, "%s learns from rows; a table beside the rows is made by steps that learn nothing",
                             s->steps->uses[i].step->spec.name);
    return s->depth <= SIDE_DEPTH_MOST ||
           error_set(e, ERROR_USAGE, "tables beside tables nest deeper than %d levels; join them in a table of their own", SIDE_DEPTH_MOST);
}

/* Takes steps and made. */
static Side *side_new(const Side *from, Recipe *steps, SideMade *made, Error *e)
{
    Side *s = MEM_NEW(Side);
    s->references = 1;
    s->name = from->name && *from->name ? mem_strdup(from->name) : default_name(from->file);
    s->file = mem_strdup(from->file);
    s->csv = mem_strdup(from->csv);
    s->read = from->read && from->read->size ? value_copy(from->read) : NULL;
    s->steps = steps;
    s->made = made;
    s->depth = depth_of(steps);
    if (check_steps(s, e))
        return s;
    side_unref(s);
    return NULL;
}

static SideMade *made_new(const Table *head, const Recipe *steps, const Table *rows, Error *e)
{
    SideMade *m = MEM_NEW(SideMade);
    m->head = table_head(head, 0, e);
    m->steps = recipe_ref(steps);
    m->rows = table_ref(rows);
    if (m->head)
        return m;
    made_free(m);
    return NULL;
}

Side *side_of_file(const char *file, const Value *read, const Table *rows, Error *e)
{
    Recipe *none = recipe_new();
    SideMade *made = made_new(rows, none, rows, e);
    Side *s = NULL;
    if (made)
        s = side_new(&(Side){.file = (char *)(uintptr_t)file, .read = (Value *)(uintptr_t)read}, recipe_ref(none), made, e);
    recipe_unref(none);
    return s;
}

Side *side_with_step(const Side *s, const Recipe *fitted, const Table *rows, Error *e)
{
    const SideMade *before = side_make(NULL, s, e);
    Recipe *steps = recipe_concat(s->steps, fitted), *all = before ? recipe_concat(before->steps, fitted) : NULL;
    SideMade *made = all ? made_new(before->head, all, rows, e) : NULL;
    recipe_unref(all);
    if (made)
        return side_new(s, steps, made, e);
    recipe_unref(steps);
    return NULL;
}

/* What is text stays text when it is read again. */
static Value *reading_of(const Table *t)
{
    Value *options = value_map(), *texts = value_list();
    for (size_t i = 0; i < t->columns_count; i++)
        if (t->columns[i]->type == COLUMN_TEXT)
            value_add(texts, value_text(t->names[i]));
    value_set(options, "header", value_text("yes"));
    value_set(options, "text", texts);
    return options;
}

Side *side_of_table(const Table *rows, Error *e)
{
    Text csv = {0};
    Side *s = NULL;
    void *options = params_new(&csv_writer.spec);
    bool ok = csv_writer.write(options, rows, &csv, e);
    if (ok && strlen(text_get(&csv)) != csv.size)
        ok = error_set(e, ERROR_USAGE, "a cell of the table holds a NUL byte; write it to a file and read that");
    if (ok && csv.size > SIDE_BYTES_MOST)
        ok = error_set(e, ERROR_USAGE,
                       "a table that a recipe holds itself has at most 16 MiB; this one would have %zu; write it to a file and read that",
                       csv.size);
    Recipe *none = recipe_new();
    SideMade *made = ok ? made_new(rows, none, rows, e) : NULL;
    Value *read = reading_of(rows);
    if (made)
        s = side_new(&(Side){.csv = (char *)(uintptr_t)text_get(&csv), .read = read}, recipe_ref(none), made, e);
    value_free(read);
    recipe_unref(none);
    params_free(&csv_writer.spec, options);
    text_done(&csv);
    return s;
}

static Table *read_rows(Job *job, const Side *s, Error *e)
{
    if (s->csv)
        return table_read_bytes(job, "csv", (const uint8_t *)s->csv, strlen(s->csv), s->read, e);
    char *path = io_find_data(s->file);
    Table *t = table_read(job, path, s->read, e);
    mem_free(path);
    return t;
}

static SideMade *make(Job *job, const Side *s, Error *e)
{
    Table *raw = read_rows(job, s, e), *rows = NULL;
    Roles none = {0};
    Recipe *fitted = raw ? recipe_fit(job, s->steps, raw, &none, 0, &rows, e) : NULL;
    SideMade *made = fitted ? made_new(raw, fitted, rows, e) : NULL;
    if (raw && !made)
        error_prefix(e, "%s: ", side_title(s));
    table_unref(raw);
    table_unref(rows);
    recipe_unref(fitted);
    return made;
}

const SideMade *side_make(Job *job, const Side *s, Error *e)
{
    SideMade **place = &((Side *)(uintptr_t)s)->made, *there = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    if (there)
        return there;
    SideMade *made = make(job, s, e);
    if (!made || __atomic_compare_exchange_n(place, &there, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return made;
    made_free(made); /* another thread was faster */
    return there;
}

const char *side_title(const Side *s)
{
    return *s->name ? s->name : "the other table";
}

static void set_text(Value *map, const char *key, const char *text)
{
    if (text && *text)
        value_set(map, key, value_text(text));
}

static Value *side_value(const void *object)
{
    const Side *s = object;
    char *name = default_name(s->file);
    Value *map = value_map();
    set_text(map, "name", text_equal(name, s->name) ? NULL : s->name);
    set_text(map, "file", s->file);
    set_text(map, "csv", s->csv);
    if (s->read)
        value_set(map, "read", value_copy(s->read));
    if (s->steps->count)
        value_set(map, "steps", recipe_to_value(s->steps, false));
    mem_free(name);
    if (map->size > 1 || !s->file)
        return map;
    value_free(map);
    return value_text(s->file);
}

static bool check_stored(const Stored *s, Error *e)
{
    bool file = s->file && *s->file, csv = s->csv && *s->csv;
    if (file == csv)
        return error_set(e, ERROR_USAGE, "give one of file and csv");
    if (csv && strlen(s->csv) > SIDE_BYTES_MOST)
        return error_set(e, ERROR_USAGE, "a table that a recipe holds itself has at most 16 MiB; write it to a file");
    return !s->read || s->read->type == VALUE_MAP || (s->read->type == VALUE_LIST && !s->read->size) ||
           error_set(e, ERROR_USAGE, "read must be a table of options of the reader");
}

static Side *stored_side(const Stored *s, Error *e)
{
    Recipe *steps = value_items(s->steps) ? recipe_from_value(s->steps, e) : recipe_new();
    return steps ? side_new(&(Side){.name = s->name, .file = s->file, .csv = s->csv, .read = s->read}, steps, NULL, e) : NULL;
}

static void *side_from_value(const Value *v, Error *e)
{
    Stored stored = {0};
    if (v->type != VALUE_TEXT && v->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "expected a table or a file name, found %s", value_type_name(v->type)), NULL;
    Value *map = v->type == VALUE_TEXT ? value_map() : value_copy(v);
    if (v->type == VALUE_TEXT)
        value_set(map, "file", value_text(v->text));
    bool ok = fields_from_value(stored_rows, &stored, map, "table", e) && check_stored(&stored, e);
    Side *s = ok ? stored_side(&stored, e) : NULL;
    fields_done(stored_rows, &stored);
    value_free(map);
    return s;
}

static void *ref_side(const void *object)
{
    return side_ref(object);
}

static void unref_side(void *object)
{
    side_unref(object);
}

const ObjectKind side_kind = {.name = "table", .ref = ref_side, .unref = unref_side, .to_value = side_value, .from_value = side_from_value};
