/* Tables given beside rows from elsewhere, and which of them a recipe needs. */
#include "steps/schema.h"
#include "steps/side.h"

#include <string.h>

#include "table/reader.h"

bool side_tables_add(SideTables *given, const char *name, Table *table, Error *e)
{
    if (text_list_has(&given->names, name)) {
        table_unref(table);
        return error_set(e, ERROR_USAGE, "the table %s is given twice", name);
    }
    text_list_add(&given->names, name);
    given->tables = mem_realloc(given->tables, given->names.count * sizeof *given->tables);
    given->tables[given->names.count - 1] = table;
    return true;
}

const Table *side_tables_find(const SideTables *given, const char *name)
{
    for (size_t i = 0; given && *name && i < given->names.count; i++)
        if (text_equal(given->names.items[i], name))
            return given->tables[i];
    return NULL;
}

void side_tables_done(SideTables *given)
{
    for (size_t i = 0; i < given->names.count; i++)
        table_unref(given->tables[i]);
    text_list_done(&given->names);
    mem_free(given->tables);
    *given = (SideTables){0};
}

void side_needs_add(SideNeeds *to, SideNeed need)
{
    MEM_GROW(to->items, to->count, to->room);
    to->items[to->count++] = need;
}

void side_needs_of(const Recipe *fitted, SideNeeds *to)
{
    for (size_t i = 0; i < fitted->count; i++) {
        const StepUse *use = &fitted->uses[i];
        if (!use->off && use->step->sides)
            use->step->sides(use->params, use->state, to);
    }
}

void side_needs_done(SideNeeds *needs)
{
    mem_free(needs->items);
    *needs = (SideNeeds){0};
}

Value *side_read_options(const SideNeeds *needs, const char *name)
{
    Value *options = value_map(), *known = value_map(), *texts = value_list();
    for (size_t i = 0; i < needs->count; i++) {
        const Value *schema = text_equal(needs->items[i].name, name) ? needs->items[i].schema : NULL;
        for (size_t k = 0; k < value_items(schema); k++)
            if (text_equal(value_get_text(schema->items[k], "type", ""), column_type_name(COLUMN_TEXT)))
                value_add(texts, value_text(value_get_text(schema->items[k], "name", "")));
    }
    value_set(known, "text", texts);
    value_set(options, TABLE_READ_WHERE_KNOWN, known);
    return options;
}

char *side_need_text(const SideNeed *need)
{
    enum { SHOWN = 6 };
    Text out = {0};
    TextList names = {0};
    for (size_t i = 0; i < value_items(need->schema); i++)
        if (!text_equal(value_get_text(need->schema->items[i], "role", ""), SCHEMA_UNUSED))
            text_list_add(&names, value_get_text(need->schema->items[i], "name", ""));
    size_t count = names.count, shown = count <= SHOWN ? count : SHOWN - 1;
    text_addf(&out, "%s (", need->name);
    for (size_t i = 0; i < shown; i++)
        text_addf(&out, "%s%s", i ? ", " : "", names.items[i]);
    if (shown < count)
        text_addf(&out, " and %zu more", count - shown);
    text_add_char(&out, ')');
    text_list_done(&names);
    return text_take(&out);
}

char *side_needs_text(const SideNeeds *needs)
{
    Text out = {0};
    for (size_t i = 0; i < needs->count; i++) {
        char *one = needs->items[i].is_kept ? NULL : side_need_text(&needs->items[i]);
        text_addf(&out, "%s%s", one && out.size ? ", " : "", one ? one : "");
        mem_free(one);
    }
    return out.size ? text_take(&out) : NULL;
}

static bool is_needed(const SideNeeds *needs, const char *name)
{
    for (size_t i = 0; i < needs->count; i++)
        if (text_equal(needs->items[i].name, name))
            return true;
    return false;
}

static void list_needs(const SideNeeds *needs, Text *out)
{
    TextList names = {0};
    for (size_t i = 0; i < needs->count; i++)
        if (*needs->items[i].name && !text_list_has(&names, needs->items[i].name))
            text_list_add(&names, needs->items[i].name);
    for (size_t i = 0; i < names.count; i++)
        text_addf(out, "%s%s", i ? ", " : "", names.items[i]);
    text_list_done(&names);
}

bool side_tables_check(const SideTables *given, const SideNeeds *needs, Error *e)
{
    for (size_t i = 0; given && i < given->names.count; i++) {
        if (is_needed(needs, given->names.items[i]))
            continue;
        Text names = {0};
        list_needs(needs, &names);
        error_set(e, ERROR_USAGE, names.size ? "the model reads no table %s; it reads %s" : "the model reads no table %s, nor any other",
                  given->names.items[i], text_get(&names));
        text_done(&names);
        return false;
    }
    return true;
}

typedef struct Named {
    const Side **items;
    size_t count, room;
} Named;

static bool same_source(const Side *a, const Side *b)
{
    bool same_options = a->read && b->read ? value_equal(a->read, b->read) : !a->read && !b->read;
    return text_equal(a->file, b->file) && text_equal(a->csv, b->csv) && same_options;
}

static bool add_named(Named *to, const Side *s, Error *e)
{
    for (size_t i = 0; *s->name && i < to->count; i++)
        if (text_equal(to->items[i]->name, s->name) && !same_source(to->items[i], s))
            return error_set(e, ERROR_USAGE,
                             "two tables are called %s, and come from different files or are read differently; name one: table = { file = "
                             "..., name = \"...\" }",
                             s->name);
    MEM_GROW(to->items, to->count, to->room);
    to->items[to->count++] = s;
    return true;
}

static bool collect(const Recipe *r, Named *to, Error *e)
{
    for (size_t i = 0; i < r->count; i++)
        for (const Field *f = r->uses[i].off ? NULL : r->uses[i].step->spec.params; f && f->name; f++) {
            const Side *s = side_in(f, r->uses[i].params);
            if (s && (!add_named(to, s, e) || !collect(s->steps, to, e)))
                return false;
        }
    return true;
}

bool side_check_names(const Recipe *r, Error *e)
{
    Named named = {0};
    bool ok = collect(r, &named, e);
    mem_free(named.items);
    return ok;
}

static Value *digest(const Side *s)
{
    Error unread = {0}; /* who runs the recipe will be told */
    const SideMade *made = side_make(NULL, s, &unread);
    char hex[HASH_ROOM] = "";
    Value *v = value_map();
    if (made)
        table_hash(made->rows, hex);
    value_set(v, "name", value_text(s->name));
    value_set(v, "rows", value_text(hex));
    return v;
}

Value *side_digests(const Recipe *r)
{
    Value *list = value_list();
    for (size_t i = 0; i < r->count; i++)
        for (const Field *f = r->uses[i].off ? NULL : r->uses[i].step->spec.params; f && f->name; f++) {
            const Side *s = side_in(f, r->uses[i].params);
            if (s)
                value_add(list, digest(s));
        }
    if (list->size)
        return list;
    value_free(list);
    return NULL;
}

static Side *unread(const Side *s)
{
    Error impossible = {0};
    Value *v = side_kind.to_value(s);
    Side *fresh = side_kind.from_value(v, &impossible);
    value_free(v);
    return fresh ? fresh : side_ref(s);
}

Recipe *side_forget(const Recipe *r)
{
    Recipe *fresh = recipe_slice(r, 0, r->count);
    bool any = false;
    for (size_t i = 0; i < fresh->count; i++)
        for (const Field *f = fresh->uses[i].step->spec.params; f && f->name; f++) {
            Side *s = (Side *)(uintptr_t)side_in(f, fresh->uses[i].params);
            if (!s)
                continue;
            *(void **)((char *)fresh->uses[i].params + f->offset) = unread(s);
            side_unref(s);
            any = true;
        }
    if (any)
        return fresh;
    recipe_unref(fresh);
    return NULL;
}
