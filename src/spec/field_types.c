/* Values into fields and back, type by type, with the checks a declaration promises. */
#include "spec/field_types.h"

#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "base/number.h"
#include "spec/params.h"

static bool wrong_type(const Field *f, const Value *v, const char *what, Error *e)
{
    return error_set(e, ERROR_USAGE, "%s: \"%s\" must be %s, found a %s", what, f->name, field_type_name(f->type),
                     v->type == VALUE_OBJECT ? v->kind->name : value_type_name(v->type));
}

/* What is no map may be a slip in its JSON, which is told. */
static bool set_value(const Field *f, void *slot, const Value *v, const char *what, Error *e)
{
    Error slip = {0};
    if (f->is_map && v->type != VALUE_MAP && (v->type != VALUE_LIST || v->size)) {
        value_free(v->type == VALUE_TEXT ? json_parse(v->text, v->size, &slip) : NULL);
        return error_set(e, ERROR_USAGE, "%s: \"%s\" must be JSON like {\"name\": \"value\"}%s%s", what, f->name, slip.code ? ": " : "",
                         slip.message);
    }
    value_free(*(Value **)slot);
    *(Value **)slot = value_copy(v);
    return true;
}

static bool check_range(const Field *f, double x, const char *what, Error *e)
{
    bool ranged = f->min != 0 || f->max != 0;
    if (x != x)
        return error_set(e, ERROR_USAGE, "%s: \"%s\" is not a number", what, f->name);
    if (!ranged || (x >= f->min && x <= f->max))
        return true;
    char is[NUMBER_ROOM], low[NUMBER_ROOM], high[NUMBER_ROOM];
    return error_set(e, ERROR_USAGE, "%s: \"%s\" is %s, allowed is %s to %s", what, f->name, number_format_real(x, is),
                     number_format_real(f->min, low), number_format_real(f->max, high));
}

static const char *choice_at(const void *self, size_t i)
{
    const char *const *choices = self;
    for (size_t k = 0; choices[k]; k++)
        if (k == i)
            return choices[k];
    return NULL;
}

bool field_refuse_choice(const Field *f, const char *text, const char *what, ErrorCode code, Error *e)
{
    const char *near = text_nearest(text, choice_at, f->choices);
    if (near)
        return error_set(e, code, "%s: %s has no choice \"%s\"; did you mean \"%s\"?", what, f->name, text, near);
    Text all = {0};
    for (int i = 0; f->choices[i]; i++)
        text_addf(&all, "%s%s", i ? ", " : "", f->choices[i]);
    error_set(e, code, "%s: %s has no choice \"%s\"; one of %s", what, f->name, text, text_get(&all));
    text_done(&all);
    return false;
}

static bool set_choice(const Field *f, int *slot, const char *text, const char *what, Error *e)
{
    for (int i = 0; f->choices[i]; i++)
        if (text_equal(f->choices[i], text)) {
            *slot = i;
            return true;
        }
    return field_refuse_choice(f, text, what, ERROR_USAGE, e);
}

static bool set_int(const Field *f, int64_t *slot, const Value *v, const char *what, Error *e)
{
    int64_t n = 0;
    if (v->type == VALUE_REAL && v->real >= -9e15 && v->real <= 9e15 && (double)(int64_t)v->real == v->real)
        n = (int64_t)v->real;
    else if (!value_as_int(v, &n))
        return wrong_type(f, v, what, e);
    if (!check_range(f, (double)n, what, e))
        return false;
    *slot = n;
    return true;
}

static bool set_real(const Field *f, double *slot, const Value *v, const char *what, Error *e)
{
    double x = v->real;
    if (v->type == VALUE_TEXT && text_equal(v->text, "nan"))
        x = (double)NAN;
    else if (v->type == VALUE_TEXT && text_equal(v->text, "inf"))
        x = (double)INFINITY;
    else if (v->type == VALUE_TEXT && text_equal(v->text, "-inf"))
        x = -(double)INFINITY;
    else if (!value_is_number(v))
        return wrong_type(f, v, what, e);
    else
        x = value_number(v);
    bool ranged = f->min != 0 || f->max != 0;
    if (ranged && !check_range(f, x, what, e))
        return false;
    *slot = x;
    return true;
}

/* An empty table of Lua is an empty map. */
static bool is_empty_map(const Value *v)
{
    return v->type == VALUE_MAP && v->size == 0;
}

static bool set_texts(const Field *f, TextList *slot, const Value *v, const char *what, Error *e)
{
    TextList list = {0};
    if (v->type == VALUE_TEXT) {
        text_list_add(&list, v->text);
    } else if (v->type == VALUE_LIST || is_empty_map(v)) {
        for (size_t i = 0; i < v->size; i++) {
            if (v->items[i]->type != VALUE_TEXT) {
                text_list_done(&list);
                return error_set(e, ERROR_USAGE, "%s: \"%s\" must be a list of texts, item %zu is a %s", what, f->name, i + 1,
                                 value_type_name(v->items[i]->type));
            }
            text_list_add(&list, v->items[i]->text);
        }
    } else {
        return wrong_type(f, v, what, e);
    }
    text_list_done(slot);
    *slot = list;
    return true;
}

static bool set_numbers(const Field *f, NumberList *slot, const Value *v, const char *what, Error *e)
{
    size_t count = v->type == VALUE_LIST || is_empty_map(v) ? v->size : 1;
    double *items = mem_alloc((count ? count : 1) * sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const Value *item = v->type == VALUE_LIST ? v->items[i] : v;
        if (!set_real(f, &items[i], item, what, e)) {
            mem_free(items);
            return false;
        }
    }
    mem_free(slot->items);
    *slot = (NumberList){items, count};
    return true;
}

static bool set_function(const Field *f, FunctionUse *slot, const Value *v, const char *what, Error *e)
{
    if (v->type != VALUE_MAP || !value_get(v, "line"))
        return wrong_type(f, v, what, e);
    mem_free(slot->script);
    *slot = (FunctionUse){mem_strdup(value_get_text(v, "script", "")), value_get_int(v, "line", 0), value_get_int(v, "reference", 0),
                          value_get_int(v, "state_reference", 0)};
    return true;
}

static bool set_text(const Field *f, char **slot, const Value *v, const char *what, Error *e)
{
    char number[NUMBER_ROOM];
    if (v->type == VALUE_INT)
        snprintf(number, sizeof number, "%lld", (long long)v->integer);
    else if (v->type == VALUE_REAL)
        number_format_real(v->real, number);
    else if (v->type != VALUE_TEXT)
        return wrong_type(f, v, what, e);
    char *copy = mem_strdup(v->type == VALUE_TEXT ? v->text : number);
    mem_free(*slot);
    *slot = copy;
    return true;
}

static bool set_spec(const Field *f, SpecUse *slot, const Value *v, const char *what, Error *e)
{
    SpecUse use = {0};
    if (!spec_use_from_value(&use, f->family, v, what, e))
        return false;
    spec_use_done(slot);
    *slot = use;
    return true;
}

static bool set_specs(const Field *f, SpecList *slot, const Value *v, const char *what, Error *e)
{
    SpecList list = {0};
    if (!spec_list_from_value(&list, f->family, v, what, e))
        return false;
    spec_list_done(slot);
    *slot = list;
    return true;
}

static bool set_object(const Field *f, void **slot, const Value *v, const char *what, Error *e)
{
    if (v->type == VALUE_OBJECT && v->kind != f->object)
        return wrong_type(f, v, what, e);
    void *object = v->type == VALUE_OBJECT ? f->object->ref(v->object) : f->object->from_value(v, e);
    if (!object)
        return error_prefix(e, "%s: \"%s\": ", what, f->name);
    if (*slot)
        f->object->unref(*slot);
    *slot = object;
    return true;
}

bool field_set(const Field *f, void *data, const Value *v, const char *what, Error *e)
{
    void *slot = field_at(f, data);
    switch (f->type) {
    case FIELD_FLAG:
        if (v->type != VALUE_FLAG)
            return wrong_type(f, v, what, e);
        *(bool *)slot = v->flag;
        return true;
    case FIELD_INT: return set_int(f, slot, v, what, e);
    case FIELD_REAL: return set_real(f, slot, v, what, e);
    case FIELD_CHOICE: { /* true and false say yes and no, where those are choices */
        const char *word = v->type == VALUE_TEXT ? v->text : v->type == VALUE_FLAG ? (v->flag ? "yes" : "no") : NULL;
        return word ? set_choice(f, slot, word, what, e) : wrong_type(f, v, what, e);
    }
    case FIELD_TEXT:
    case FIELD_EXPRESSION: return set_text(f, slot, v, what, e);
    case FIELD_COLUMNS:
    case FIELD_TEXTS: return set_texts(f, slot, v, what, e);
    case FIELD_NUMBERS: return set_numbers(f, slot, v, what, e);
    case FIELD_SPEC: return set_spec(f, slot, v, what, e);
    case FIELD_SPECS: return set_specs(f, slot, v, what, e);
    case FIELD_VALUE: return set_value(f, slot, v, what, e);
    case FIELD_FUNCTION: return set_function(f, slot, v, what, e);
    case FIELD_OBJECT: return set_object(f, slot, v, what, e);
    }
    return false;
}

static void release_object(const Field *f, void **slot)
{
    if (*slot)
        f->object->unref(*slot);
    *slot = NULL;
}

void field_release(const Field *f, void *data)
{
    void *slot = field_at(f, data);
    switch (f->type) {
    case FIELD_FLAG:
    case FIELD_INT:
    case FIELD_REAL:
    case FIELD_CHOICE: return;
    case FIELD_TEXT:
    case FIELD_EXPRESSION: mem_free(*(char **)slot), *(char **)slot = NULL; return;
    case FIELD_COLUMNS:
    case FIELD_TEXTS: text_list_done(slot); return;
    case FIELD_NUMBERS: mem_free(((NumberList *)slot)->items), *(NumberList *)slot = (NumberList){0}; return;
    case FIELD_SPEC: spec_use_done(slot); return;
    case FIELD_SPECS: spec_list_done(slot); return;
    case FIELD_VALUE: value_free(*(Value **)slot), *(Value **)slot = NULL; return;
    case FIELD_FUNCTION: mem_free(((FunctionUse *)slot)->script), *(FunctionUse *)slot = (FunctionUse){0}; return;
    case FIELD_OBJECT: release_object(f, slot); return;
    }
}

static Value *numbers_value(const NumberList *list)
{
    Value *v = value_list();
    for (size_t i = 0; i < list->count; i++)
        value_add(v, value_real(list->items[i]));
    return v;
}

static Value *function_value(const FunctionUse *use)
{
    if (!use->script && !use->line)
        return value_null();
    Value *v = value_map();
    value_set(v, "script", value_text(use->script ? use->script : ""));
    value_set(v, "line", value_int(use->line));
    if (use->reference)
        value_set(v, "reference", value_int(use->reference));
    if (use->state)
        value_set(v, "state_reference", value_int(use->state));
    return v;
}

static Value *object_value(const Field *f, const void *object)
{
    return object ? value_object(f->object, f->object->ref(object)) : value_null();
}

Value *field_get(const Field *f, const void *data)
{
    const void *slot = field_in(f, data);
    switch (f->type) {
    case FIELD_FLAG: return value_flag(*(const bool *)slot);
    case FIELD_INT: return value_int(*(const int64_t *)slot);
    case FIELD_REAL: return value_real(*(const double *)slot);
    case FIELD_CHOICE: return value_text(f->choices[*(const int *)slot]);
    case FIELD_TEXT:
    case FIELD_EXPRESSION: return *(char *const *)slot ? value_text(*(char *const *)slot) : value_null();
    case FIELD_COLUMNS:
    case FIELD_TEXTS: return value_texts(slot);
    case FIELD_NUMBERS: return numbers_value(slot);
    case FIELD_SPEC: return spec_use_to_value(slot, f->family, false);
    case FIELD_SPECS: return spec_list_to_value(slot, f->family, false);
    case FIELD_VALUE: return *(Value *const *)slot ? value_copy(*(Value *const *)slot) : value_null();
    case FIELD_FUNCTION: return function_value(slot);
    case FIELD_OBJECT: return object_value(f, *(void *const *)slot);
    }
    return value_null();
}

const char *field_type_name(FieldType type)
{
    static const char *const names[] = {
        [FIELD_FLAG] = "true or false",
        [FIELD_INT] = "an integer",
        [FIELD_REAL] = "a number",
        [FIELD_CHOICE] = "one of its choices",
        [FIELD_TEXT] = "a text",
        [FIELD_COLUMNS] = "columns",
        [FIELD_EXPRESSION] = "an expression",
        [FIELD_NUMBERS] = "a list of numbers",
        [FIELD_TEXTS] = "a list of texts",
        [FIELD_SPEC] = "a declared thing",
        [FIELD_SPECS] = "a list of declared things",
        [FIELD_VALUE] = "a value",
        [FIELD_FUNCTION] = "a function",
        [FIELD_OBJECT] = "a table",
    };
    return names[type];
}
