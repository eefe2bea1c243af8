/* recode: other values for the values of a column. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "steps/tools.h"

enum { OTHER_KEEP, OTHER_MISSING, OTHER_CONSTANT, OTHER_FAIL };

typedef struct Recode {
    TextList columns;
    Value *map;
    int other;
    char *value;
} Recode;

static const char *const other_choices[] = {"keep", "missing", "constant", "fail", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Recode, columns), .doc = "columns to recode", .positional = true},
    {VALUE_FIELD(Recode, map), .doc = "new values by old one: {\"old\": \"new\"}"},
    {CHOICE_FIELD(Recode, other), .doc = "values that the map does not have", .def = "keep", .choices = other_choices},
    {TEXT_FIELD(Recode, value), .doc = "what they become", .when = "other=constant"},
    {0},
};

/* New values of one column: as texts, read back in the type that all of them have. */
typedef struct Recoding {
    const StepInput *in;
    const Recode *p;
    int column;
    const Column *from;
    Column *to;
    Dictionary *keys;
    double *numbers; /* of the keys; NAN: none */
    TextList texts;  /* new ones, by key; "" for null */
    bool *used;
} Recoding;

#define KEY_NONE UINT32_MAX

static void value_as_text(const Value *v, Text *out)
{
    char number[NUMBER_ROOM];
    switch (v->type) {
    case VALUE_FLAG: text_add(out, v->flag ? "true" : "false"); break;
    case VALUE_INT: text_addf(out, "%lld", (long long)v->integer); break;
    case VALUE_REAL: text_add(out, number_format_real(v->real, number)); break;
    case VALUE_TEXT: text_add_bytes(out, v->text, v->size); break;
    default: break;
    }
}

static bool check_map(const Value *map, Error *e)
{
    if (!map || map->type != VALUE_MAP || map->size == 0)
        return error_set(e, ERROR_USAGE, "map must be a table of old = \"new\"");
    for (size_t i = 0; i < map->size; i++)
        if (map->items[i]->type == VALUE_LIST || map->items[i]->type == VALUE_MAP)
            return error_set(e, ERROR_USAGE, "map: the new value of \"%s\" must be a text, a number, true, false or null", map->keys[i]);
    return true;
}

static ColumnType type_of_text(const char *text)
{
    double real;
    int64_t whole;
    size_t size = strlen(text);
    if (number_parse_int(text, size, &whole))
        return COLUMN_INT;
    return number_parse_real(text, size, &real) ? COLUMN_REAL : COLUMN_TEXT;
}

static ColumnType type_of(const Value *v)
{
    switch (v->type) {
    case VALUE_FLAG: return COLUMN_BOOL;
    case VALUE_INT: return COLUMN_INT;
    case VALUE_REAL: return COLUMN_REAL;
    default: return COLUMN_TEXT;
    }
}

static ColumnType common(ColumnType a, ColumnType b)
{
    bool numbers = (a == COLUMN_INT || a == COLUMN_REAL) && (b == COLUMN_INT || b == COLUMN_REAL);
    return a == b ? a : numbers ? COLUMN_REAL : COLUMN_TEXT;
}

/* A text among the new values stands for a date or a flag where the column keeps such values. */
static bool all_fit(const Value *map, ColumnType type)
{
    int64_t whole;
    for (size_t i = 0; i < map->size; i++) {
        const Value *v = map->items[i];
        bool fits =
            v->type == VALUE_NULL || type_of(v) == type || (v->type == VALUE_TEXT && tools_parse_whole(type, v->text, v->size, &whole));
        if (!fits)
            return false;
    }
    return true;
}

/* What the parameters and the type of the column say: never the cells, so that rows to be predicted get the same type. */
static ColumnType new_type(const Recode *p, ColumnType from)
{
    bool known = false;
    ColumnType type = COLUMN_TEXT;
    if (p->other == OTHER_KEEP && from != COLUMN_INT && from != COLUMN_REAL && all_fit(p->map, from))
        return from;
    for (size_t i = 0; i < p->map->size; i++) {
        const Value *v = p->map->items[i];
        if (v->type == VALUE_NULL)
            continue;
        type = known ? common(type, type_of(v)) : type_of(v);
        known = true;
    }
    if (p->other == OTHER_KEEP)
        return known ? common(type, from) : from;
    return p->other == OTHER_CONSTANT ? known ? common(type, type_of_text(p->value)) : type_of_text(p->value) : type;
}

static void take_map(Recoding *r)
{
    const Value *map = r->p->map;
    Text text = {0};
    r->keys = dictionary_new();
    r->numbers = mem_alloc(map->size * sizeof *r->numbers);
    r->used = mem_alloc(map->size * sizeof *r->used);
    for (size_t i = 0; i < map->size; i++) {
        dictionary_add(r->keys, map->keys[i], strlen(map->keys[i]));
        if (!number_parse_real(map->keys[i], strlen(map->keys[i]), &r->numbers[i]))
            r->numbers[i] = (double)NAN;
        text_clear(&text);
        value_as_text(map->items[i], &text);
        text_list_add(&r->texts, text_get(&text));
    }
    text_done(&text);
}

/* As text; numbers also by what they are, so 1 is 1.0. */
static uint32_t find_key(const Recoding *r, size_t row, const Text *cell)
{
    uint32_t key = dictionary_find(r->keys, text_get(cell), cell->size);
    if (key != KEY_NONE || !column_is_numeric(r->from) || r->from->type == COLUMN_BOOL)
        return key;
    double x = column_real(r->from, row);
    for (uint32_t i = 0; i < r->p->map->size; i++)
        if (r->numbers[i] == x)
            return i;
    return KEY_NONE;
}

static bool put(Recoding *r, size_t row, const char *text, size_t size, Error *e)
{
    return tools_put_text(r->to, r->from->type, row, text, size) || column_set_missing(r->to, row, e);
}

static bool refuse(const Recoding *r, size_t row, const Text *cell, Error *e)
{
    char *what = text_format("\"%s\" is not in the map", text_get(cell));
    ToolsFault fault = {
        .column = r->in->rows->names[r->column], .row = row, .what = what, .advice = "add it, or say other = \"keep\" or \"missing\""};
    bool ok = tools_fault(r->in, &fault, e);
    mem_free(what);
    return ok && column_set_missing(r->to, row, e);
}

static bool recode_cell(Recoding *r, size_t row, Text *cell, Error *e)
{
    if (!column_is_valid(r->from, row))
        return column_set_missing(r->to, row, e);
    text_clear(cell);
    column_format_key(r->from, row, cell);
    uint32_t key = find_key(r, row, cell);
    if (key != KEY_NONE) {
        r->used[key] = true;
        bool null = r->p->map->items[key]->type == VALUE_NULL;
        return null ? column_set_missing(r->to, row, e) : put(r, row, r->texts.items[key], strlen(r->texts.items[key]), e);
    }
    switch (r->p->other) {
    case OTHER_KEEP: return put(r, row, text_get(cell), cell->size, e);
    case OTHER_MISSING: return column_set_missing(r->to, row, e);
    case OTHER_CONSTANT: return put(r, row, r->p->value, strlen(r->p->value), e);
    default: return refuse(r, row, cell, e);
    }
}

/* A value that no row holds is often one that was mistyped. */
static void note_unused(const Recoding *r)
{
    for (size_t i = 0; i < r->p->map->size; i++)
        if (!r->used[i])
            tools_note(r->in, "%s: no row holds \"%s\"", r->in->rows->names[r->column], r->p->map->keys[i]);
}

static bool change(const StepInput *in, int column, Column **out, Error *e)
{
    const Recode *p = in->params;
    Recoding r = {.in = in, .p = p, .column = column, .from = in->rows->columns[column]};
    if (column_is_wide(r.from))
        return error_set(e, ERROR_USAGE, "%s: an array has no values to recode", in->rows->names[column]);
    Text cell = {0};
    r.to = column_new(new_type(p, r.from->type), r.from->rows, e);
    bool ok = r.to != NULL;
    take_map(&r);
    for (size_t i = 0; ok && i < r.from->rows; i++)
        ok = recode_cell(&r, i, &cell, e);
    if (ok)
        note_unused(&r);
    text_done(&cell);
    text_list_done(&r.texts);
    dictionary_unref(r.keys);
    mem_free(r.numbers);
    mem_free(r.used);
    if (ok)
        *out = r.to;
    else
        column_unref(r.to);
    return ok;
}

static bool recode_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Recode *p = in->params;
    if (!check_map(p->map, e))
        return false;
    if (p->other == OTHER_CONSTANT && !p->value)
        return error_set(e, ERROR_USAGE, "other = \"constant\" needs value = \"...\"");
    return tools_each(job, in, &p->columns, change, out, e);
}

static void recode_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Recode *p = params_used;
    Text to = {0};
    tools_list(&p->columns, out);
    for (size_t i = 0; p->map && p->map->type == VALUE_MAP && i < p->map->size; i++) {
        text_clear(&to);
        value_as_text(p->map->items[i], &to);
        text_addf(out, "%s%s -> %s", i ? ", " : "  ", p->map->keys[i], p->map->items[i]->type == VALUE_NULL ? "missing" : text_get(&to));
    }
    text_done(&to);
}

static const Example examples[] = {
    {"{\"columns\": [\"s\"], \"map\": {\"f\": \"female\", \"m\": \"male\"}}", "x,s\n1,f\n2,m\n3,x\n", "x,s\n1,female\n2,male\n3,x\n"},
    {"{\"columns\": [\"s\"], \"map\": {\"low\": 1, \"high\": 2}, \"other\": \"missing\"}", "x,s\n1,low\n2,high\n3,?\n",
     "x,s\n1,1\n2,2\n3,\n"},
    {"{\"columns\": [\"x\"], \"map\": {\"9\": null, \"1\": 10}}", "x,y\n1,1\n2,2\n9,3\n", "x,y\n10,1\n2,2\n,3\n"},
    {"{\"columns\": [\"s\"], \"map\": {\"a\": \"A\"}, \"other\": \"constant\", \"value\": \"rest\"}", "s\na\nb\nc\n", "s\nA\nrest\nrest\n"},
    {"{\"columns\": [\"s\"], \"map\": {\"a\": \"A\"}, \"other\": \"fail\"}", "s\na\nb\n", "error: s: row 2: \"b\" is not in the map"},
};

static const char *const notes[] = {
    "Texts are compared as they are, numbers by value. Missing cells stay missing; null makes a value missing.",
    "When all new values are numbers, or all are true and false, the column becomes that type; values that are kept must fit it.", NULL};

const Step step_recode = {
    .spec = {.name = "recode",
             .doc = "other values for the values of a column",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Recode),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = recode_apply,
    .describe = recode_describe,
};
