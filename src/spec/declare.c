/* A parameter that is declared by its default, or by a map of what a row of C would say. */
#include "spec/declare.h"

#include <stdalign.h>

#include "base/json.h"
#include "base/utf8.h"
#include "spec/field_types.h"

enum { NAME_MOST = 40, DOC_MOST = 72, ROWS_MOST = 64, CHOICES_MOST = 256 };

typedef struct Kind {
    const char *name;
    FieldType type;
    size_t size;
} Kind;

static const Kind kinds[] = {
    {"columns", FIELD_COLUMNS, sizeof(TextList)}, {"flag", FIELD_FLAG, sizeof(bool)},
    {"int", FIELD_INT, sizeof(int64_t)},          {"real", FIELD_REAL, sizeof(double)},
    {"choice", FIELD_CHOICE, sizeof(int)},        {"text", FIELD_TEXT, sizeof(char *)},
    {"texts", FIELD_TEXTS, sizeof(TextList)},     {"numbers", FIELD_NUMBERS, sizeof(NumberList)},
    {"column", FIELD_TEXT, sizeof(char *)},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

bool declare_is_name(const char *name)
{
    static const char *const taken[] = {"step", "off", "state", "module"};
    size_t size = 0;
    for (; name && name[size]; size++) {
        bool letter = name[size] >= 'a' && name[size] <= 'z', other = (name[size] >= '0' && name[size] <= '9') || name[size] == '_';
        if (!letter && !(other && size))
            return false;
    }
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (text_equal(name, taken[i]))
            return false;
    return size > 0 && size <= NAME_MOST;
}

char *declare_doc(const char *given, const char *none)
{
    Text clean = {0};
    const char *text = given && *given ? given : none;
    size_t size = 0;
    while (text[size])
        size++;
    utf8_sanitize(&clean, text, size);
    char *doc = text_take(&clean);
    doc[utf8_fit(doc, DOC_MOST)] = '\0';
    return doc;
}

static const char *kind_at(const void *self, size_t i)
{
    (void)self;
    return i < KINDS ? kinds[i].name : NULL;
}

static const Kind *kind_named(const char *name, Error *e)
{
    for (size_t i = 0; i < KINDS; i++)
        if (text_equal(kinds[i].name, name))
            return &kinds[i];
    const char *near = text_nearest(name, kind_at, NULL);
    error_set(e, ERROR_USAGE, "no type \"%s\"; %s%s%s", name, near ? "did you mean \"" : "there are ",
              near ? near : "columns, column, flag, int, real, choice, text, texts and numbers", near ? "\"?" : "");
    return NULL;
}

static const Kind *kind_of_default(const Value *v, Error *e)
{
    switch (v->type) {
    case VALUE_FLAG: return kind_named("flag", e);
    case VALUE_INT: return kind_named("int", e);
    case VALUE_REAL: return kind_named("real", e);
    case VALUE_TEXT: return kind_named("text", e);
    default: break;
    }
    error_set(e, ERROR_USAGE, "give a number, a text, true or false as the default, or { type = \"columns\", doc = ..., default = ... }");
    return NULL;
}

static bool set_choices(Field *f, const Value *list, Error *e)
{
    size_t count = list && list->type == VALUE_LIST ? list->size : 0;
    const char **choices = mem_alloc((count + 1) * sizeof *choices);
    f->choices = choices;
    if (!count || count > CHOICES_MOST)
        return error_set(e, ERROR_USAGE, "a choice needs choices = { \"one\", \"other\" }");
    for (size_t i = 0; i < count; i++) {
        const char *text = list->items[i]->type == VALUE_TEXT ? list->items[i]->text : "";
        choices[i] = declare_doc(text, "");
        if (!*text || !text_equal(choices[i], text))
            return error_set(e, ERROR_USAGE, "choice %zu is no text of one short line", i + 1);
    }
    return true;
}

/* The default as text, by way of a struct that holds this field alone. */
static bool set_default(Field *f, const Value *v, Error *e)
{
    max_align_t room[8] = {0};
    if (!v)
        return true;
    bool ok = field_set(f, room, v, "its default", e);
    f->def = ok ? field_text(f, room) : NULL;
    field_release(f, room);
    return ok;
}

static bool check_keys(const Value *v, Error *e)
{
    static const char *const known[] = {"type", "doc", "default", "min", "max", "choices", "unit"};
    for (size_t i = 0; i < value_entries(v); i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            found = found || text_equal(known[k], v->keys[i]);
        if (!found)
            return error_set(e, ERROR_USAGE, "a parameter has no \"%s\"; it has type, doc, unit, default, min, max and choices",
                             v->keys[i]);
    }
    return true;
}

static bool declare_row(Field *f, const char *name, const Value *v, Error *e)
{
    f->name = mem_strdup(name);
    bool is_map = v->type == VALUE_MAP;
    const char *type = value_get_text(v, "type", NULL);
    if (is_map && !check_keys(v, e))
        return false;
    const Value *def = is_map ? value_get(v, "default") : v;
    const Kind *kind = type ? kind_named(type, e) : def ? kind_of_default(def, e) : NULL;
    if (!kind)
        return e->code ? false : error_set(e, ERROR_USAGE, "it has neither a type nor a default");
    f->doc = declare_doc(value_get_text(v, "doc", NULL), name);
    f->type = kind->type;
    f->names_column = text_equal(kind->name, "column");
    f->unit = value_get(v, "unit") ? declare_doc(value_get_text(v, "unit", NULL), "") : NULL;
    f->min = value_get_real(v, "min", 0);
    f->max = value_get_real(v, "max", 0);
    if ((value_get(v, "min") == NULL) != (value_get(v, "max") == NULL) || f->min > f->max)
        return error_set(e, ERROR_USAGE, "a range has min and max, and min is not above max");
    if (kind->type == FIELD_CHOICE && !set_choices(f, value_get(v, "choices"), e))
        return false;
    return set_default(f, def, e);
}

static size_t size_of(FieldType type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].type == type)
            return kinds[i].size;
    return 0;
}

/* Where each lies in the struct, and whether what the rows say holds. */
static bool settle(DeclaredFields *out, Error *e)
{
    const size_t step = alignof(max_align_t);
    for (size_t i = 0; i < out->count; i++) {
        out->rows[i].offset = out->size;
        out->size += (size_of(out->rows[i].type) + step - 1) / step * step;
    }
    void *trial = mem_alloc(out->size);
    bool ok = fields_init(out->rows, trial, e);
    fields_done(out->rows, trial);
    mem_free(trial);
    return ok;
}

static bool add_rows(DeclaredFields *out, const Value *params, bool columns, Error *e)
{
    for (size_t i = 0; i < value_entries(params); i++) {
        const Value *v = params->items[i];
        if (text_equal(value_get_text(v, "type", ""), "columns") != columns)
            continue;
        if (!declare_is_name(params->keys[i]))
            return error_set(e, ERROR_USAGE, "parameter \"%s\": a name is small letters, digits and _, and no word of recipes",
                             params->keys[i]);
        if (!declare_row(&out->rows[out->count++], params->keys[i], v, e))
            return error_prefix(e, "parameter \"%s\": ", params->keys[i]);
    }
    return true;
}

bool declare_fields(const Value *params, DeclaredFields *out, Error *e)
{
    *out = (DeclaredFields){0};
    if (params && params->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "params is a map from names to defaults");
    if (value_entries(params) > ROWS_MOST)
        return error_set(e, ERROR_USAGE, "there are at most %d parameters", ROWS_MOST);
    out->rows = mem_alloc((value_entries(params) + 1) * sizeof *out->rows);
    bool ok = add_rows(out, params, true, e);
    if (ok && out->count)
        out->rows[0].positional = true;
    ok = ok && add_rows(out, params, false, e) && settle(out, e);
    if (!ok)
        declare_done(out);
    return ok;
}

void declare_done(DeclaredFields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        Field *f = &fields->rows[i];
        for (size_t k = 0; f->choices && f->choices[k]; k++)
            mem_free((void *)(uintptr_t)f->choices[k]);
        mem_free((void *)(uintptr_t)f->choices);
        mem_free((void *)(uintptr_t)f->name);
        mem_free((void *)(uintptr_t)f->doc);
        mem_free((void *)(uintptr_t)f->unit);
        mem_free((void *)(uintptr_t)f->def);
    }
    mem_free(fields->rows);
    *fields = (DeclaredFields){0};
}

static char *example_text(const Value *v, const char *key)
{
    const char *text = value_get_text(v, key, NULL);
    return text ? mem_strdup(text) : NULL;
}

bool declare_examples(const Value *list, Spec *spec, Error *e)
{
    if (!list)
        return true;
    Example *examples = mem_alloc((value_items(list) + 1) * sizeof *examples);
    spec->examples = examples;
    for (size_t i = 0; i < value_items(list); i++) {
        const Value *v = list->items[i], *args = value_get(v, "args");
        Value *none = value_map();
        examples[spec->examples_count++] = (Example){
            .args = json_format(args ? args : none, JSON_COMPACT), .input = example_text(v, "input"), .output = example_text(v, "output")};
        value_free(none);
        if (!examples[i].input || !examples[i].output)
            return error_set(e, ERROR_USAGE, "example %zu needs args = { ... }, input = \"rows as CSV\" and output = \"rows as CSV\"",
                             i + 1);
    }
    return true;
}

void declare_examples_done(const Spec *spec)
{
    for (size_t i = 0; i < spec->examples_count; i++) {
        mem_free((void *)(uintptr_t)spec->examples[i].args);
        mem_free((void *)(uintptr_t)spec->examples[i].input);
        mem_free((void *)(uintptr_t)spec->examples[i].output);
    }
    mem_free((void *)(uintptr_t)spec->examples);
}
