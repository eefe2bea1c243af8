/* Forms: the state, moving between fields, changing and setting values. Painting is in form_paint.c. */
#include "tui/form.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "spec/registry.h"
#include "tui/form_field.h"

static const Spec *member_of(const Field *field, const void *data, void **params)
{
    const SpecUse *use = (const void *)((const char *)data + field->offset);
    if (field->type != FIELD_SPEC || !use->spec || !use->spec->params)
        return NULL;
    *params = use->params;
    return use->spec;
}

/* The rows of one list of fields, `index` counted down; a member's own parameters follow its field. */
static bool row_below(const FormRow *of, size_t *index, FormRow *out)
{
    for (const Field *field = of->fields; field && field->name; field++) {
        *out = *of;
        out->field = field;
        if ((*index)-- == 0)
            return true;
        FormRow inner = {.depth = of->depth + 1};
        const Spec *member = member_of(field, of->data, &inner.data);
        if (!member)
            continue;
        inner.fields = member->params;
        inner.what = member->name;
        if (row_below(&inner, index, out))
            return true;
    }
    return false;
}

bool form_row(const Form *f, size_t index, FormRow *out)
{
    return row_below(&(FormRow){.fields = f->spec->params, .data = f->params, .what = f->spec->name}, &index, out);
}

size_t form_field_count(const Form *f)
{
    FormRow row;
    size_t n = 0;
    while (form_row(f, n, &row))
        n++;
    return n;
}

static FormRow current(const Form *f)
{
    FormRow row;
    return form_row(f, f->field, &row) ? row : (FormRow){0};
}

const Field *form_field(const Form *f)
{
    return current(f).field;
}

static void show_field(Form *f)
{
    FormRow row = current(f);
    const Field *field = row.field;
    char *text = field && !field_is_empty(field, row.data) ? field_text(field, row.data) : NULL;
    input_set(&f->input, text ? text : "");
    mem_free(text);
    if (field && form_field_is_typed(field))
        input_select(&f->input);
    f->typing = false;
}

bool form_init(Form *f, const Spec *spec, const Value *params, Error *e)
{
    *f = (Form){.spec = spec};
    input_init(&f->input, "");
    f->params = params_new(spec);
    bool ok = true;
    for (size_t i = 0; ok && params && i < params->size; i++) {
        const Field *field = fields_find(spec->params, params->keys[i]);
        if (!field)
            ok = error_set(e, ERROR_USAGE, "%s has no parameter \"%s\"", spec->name, params->keys[i]);
        else
            ok = field_set(field, f->params, params->items[i], spec->name, e);
    }
    show_field(f);
    if (!ok)
        form_done(f);
    return ok;
}

void form_done(Form *f)
{
    if (f->spec)
        params_free(f->spec, f->params);
    input_done(&f->input);
    *f = (Form){0};
}

Value *form_value(const Form *f)
{
    Value *v = fields_to_value(f->spec->params, f->params, false);
    for (const Field *field = f->spec->params; field && field->name; field++) {
        if (field_is_empty(field, f->params) || !field_is_enabled(f->spec->params, field, f->params))
            value_remove(v, field->name);
    }
    return v;
}

bool form_field_is_typed(const Field *field)
{
    return field->type != FIELD_FLAG && field->type != FIELD_CHOICE;
}

bool form_field_is_number(const Field *field)
{
    return field->type == FIELD_INT || field->type == FIELD_REAL;
}

static bool commit(Form *f)
{
    FormRow row = current(f);
    if (!row.field || !f->typing)
        return true;
    error_clear(&f->error);
    if (!field_set_text(row.field, row.data, f->input.text, row.what, &f->error))
        return false;
    f->changes++;
    show_field(f);
    return true;
}

static void set_value(Form *f, Value *v)
{
    FormRow row = current(f);
    error_clear(&f->error);
    if (field_set(row.field, row.data, v, row.what, &f->error))
        f->changes++;
    value_free(v);
    show_field(f);
}

static void set_choice(Form *f, int move, uint32_t letter)
{
    FormRow row = current(f);
    const Field *field = row.field;
    char *now = field_text(field, row.data);
    int count = 0, at = 0;
    while (field->choices && field->choices[count]) {
        if (text_equal(field->choices[count], now))
            at = count;
        count++;
    }
    mem_free(now);
    if (!count)
        return;
    int to = (at + move + count) % count;
    for (int i = 1; letter && i <= count; i++) {
        to = (at + i) % count;
        if ((uint32_t)(unsigned char)field->choices[to][0] == letter)
            break;
        to = at;
    }
    set_value(f, value_text(field->choices[to]));
}

static void toggle(Form *f)
{
    FormRow row = current(f);
    Value *v = field_get(row.field, row.data);
    bool on = v && v->type == VALUE_FLAG && v->flag;
    value_free(v);
    set_value(f, value_flag(!on));
}

bool form_field_span(const Field *field, double *low, double *high)
{
    bool soft = field->soft_min != 0 || field->soft_max != 0, hard = field->min != 0 || field->max != 0;
    *low = soft ? field->soft_min : field->min;
    *high = soft ? field->soft_max : field->max;
    return (soft || hard) && isfinite(*low) && isfinite(*high) && *high > *low;
}

/* 1, 2 or 5 times a power of ten, about a twentieth of the span. */
static double nice_step(const Field *field, double now)
{
    double low, high, span = form_field_span(field, &low, &high) ? high - low : fabs(now) > 0 ? 2 * fabs(now) : 20;
    double power = pow(10, floor(log10(span / 20))), share = span / 20 / power;
    double step = power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10);
    return field->type == FIELD_INT && step < 1 ? 1 : step;
}

/* On a log scale integers double and halve, numbers go 1, 2, 5, 10. */
static double next_log(const Field *field, double now, int move)
{
    if (field->type == FIELD_INT)
        return move > 0 ? fmax(1, now * 2) : floor(now / 2);
    static const double places[] = {1, 2, 5, 10, 20};
    if (!(now > 0))
        return move > 0 ? (field->soft_min > 0 ? field->soft_min : 1e-6) : now;
    double power = pow(10, floor(log10(now) + 1e-9)), lead = now / power;
    if (move > 0) {
        for (int i = 0; i < 5; i++) {
            if (places[i] > lead * 1.0001)
                return places[i] * power;
        }
    }
    for (int i = 2; i >= 0; i--) {
        if (places[i] < lead * 0.9999)
            return places[i] * power;
    }
    return 0.5 * power;
}

static double next_number(const Field *field, double now, int move)
{
    double next;
    if (field->scale == SCALE_LOG) {
        next = next_log(field, now, move);
    } else {
        double step = nice_step(field, now), places = now / step;
        next = (move > 0 ? floor(places + 1e-9) + 1 : ceil(places - 1e-9) - 1) * step;
    }
    bool hard = field->min != 0 || field->max != 0;
    if (hard)
        next = next < field->min ? field->min : next > field->max ? field->max : next;
    char text[NUMBER_ROOM]; /* 0.3, not 0.30000000000000004 */
    double clean;
    snprintf(text, sizeof text, "%.12g", next);
    return number_parse_real(text, strlen(text), &clean) ? clean : next;
}

/* The next member of the family, and none where that is allowed. */
static void set_member(Form *f, int move)
{
    FormRow row = current(f);
    const Family *family = registry_find_family(row.field->family);
    const SpecUse *use = (const void *)((const char *)row.data + row.field->offset);
    bool may_be_none = row.field->def && !*row.field->def;
    int count = family ? (int)family->count + may_be_none : 0, at = 0;
    if (!count)
        return;
    for (int i = 0; i < (int)family->count; i++)
        if (family->members[i] == use->spec)
            at = i + may_be_none;
    int to = (at + move + count) % count - may_be_none;
    error_clear(&f->error);
    if (field_set_text(row.field, row.data, to < 0 ? "" : family->members[to]->name, row.what, &f->error))
        f->changes++;
    show_field(f);
}

static void change(Form *f, int move)
{
    FormRow row = current(f);
    const Field *field = row.field;
    if (field->type == FIELD_SPEC) {
        set_member(f, move);
        return;
    }
    if (field->type == FIELD_FLAG) {
        toggle(f);
        return;
    }
    if (field->type == FIELD_CHOICE) {
        set_choice(f, move, 0);
        return;
    }
    Value *v = field_get(field, row.data);
    double now = v && value_is_number(v) ? value_number(v) : 0;
    value_free(v);
    double next = next_number(field, now, move);
    set_value(f, field->type == FIELD_INT ? value_int((int64_t)next) : value_real(next));
}

/* To the next field that can be set; a bad value keeps the field. */
static void go(Form *f, int move)
{
    size_t count = form_field_count(f);
    if (!commit(f) || !count)
        return;
    for (size_t i = 0; i < count; i++) {
        f->field = (f->field + (move > 0 ? 1 : count - 1)) % count;
        FormRow row = current(f);
        if (field_is_enabled(row.fields, row.field, row.data))
            break;
    }
    show_field(f);
}

/* What is typed holds at once where it can be read, so that previews follow each key; the input keeps it as typed. */
static void try_typed(Form *f)
{
    FormRow row = current(f);
    f->typing = true;
    error_clear(&f->error);
    if (field_set_text(row.field, row.data, f->input.text, row.what, &f->error))
        f->changes++;
}

static void type(Form *f, Key key)
{
    const Field *field = form_field(f);
    if (!form_field_is_typed(field)) {
        if (key_is(key, ' '))
            change(f, 1);
        else if (key.code == KEYS_CHAR && field->type == FIELD_CHOICE)
            set_choice(f, 0, key.glyph);
        else if (key_is(key, 'y') || key_is(key, 'n'))
            set_value(f, value_flag(key.glyph == 'y'));
        return;
    }
    if (input_key(&f->input, key))
        try_typed(f);
}

void form_paste(Form *f, const char *text)
{
    const Field *field = form_field(f);
    if (!field || !form_field_is_typed(field))
        return;
    input_paste(&f->input, text);
    try_typed(f);
}

static bool is_about(Key key)
{
    return key.code == KEYS_FUNCTION && key.glyph == 1;
}

FormAnswer form_key(Form *f, Key key)
{
    const Field *field = form_field(f);
    if (key.code == KEYS_ESCAPE || (key.code == KEYS_CONTROL && key.glyph == 'c'))
        return FORM_CANCEL;
    if (is_about(key))
        return FORM_ABOUT;
    if (key.code == KEYS_ENTER)
        return commit(f) ? FORM_APPLY : FORM_STAY;
    if (!field)
        return FORM_STAY;
    bool shifts = !form_field_is_typed(field) || ((form_field_is_number(field) || field->type == FIELD_SPEC) && !f->typing);
    if (key.code == KEYS_TAB || key.code == KEYS_DOWN)
        go(f, 1);
    else if (key.code == KEYS_BACKTAB || key.code == KEYS_UP)
        go(f, -1);
    else if (shifts && (key.code == KEYS_LEFT || key.code == KEYS_RIGHT))
        change(f, key.code == KEYS_LEFT ? -1 : 1);
    else
        type(f, key);
    return FORM_STAY;
}
