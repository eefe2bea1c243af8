/* Forms: the state, moving between fields, changing and setting values. Painting is in form_paint.c. */
#include "tui/form.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "tui/form_field.h"

size_t form_field_count(const Form *f)
{
    size_t n = 0;
    while (f->spec->params && f->spec->params[n].name)
        n++;
    return n;
}

const Field *form_field(const Form *f)
{
    return f->field < form_field_count(f) ? &f->spec->params[f->field] : NULL;
}

static void show_field(Form *f)
{
    const Field *field = form_field(f);
    char *text = field && !field_is_empty(field, f->params) ? field_text(field, f->params) : NULL;
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
    for (size_t i = 0; i < form_field_count(f); i++) {
        const Field *field = &f->spec->params[i];
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
    const Field *field = form_field(f);
    if (!field || !f->typing)
        return true;
    error_clear(&f->error);
    if (!field_set_text(field, f->params, f->input.text, f->spec->name, &f->error))
        return false;
    f->changes++;
    show_field(f);
    return true;
}

static void set_value(Form *f, Value *v)
{
    error_clear(&f->error);
    if (field_set(form_field(f), f->params, v, f->spec->name, &f->error))
        f->changes++;
    value_free(v);
    show_field(f);
}

static void set_choice(Form *f, int move, uint32_t letter)
{
    const Field *field = form_field(f);
    char *now = field_text(field, f->params);
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
    Value *v = field_get(form_field(f), f->params);
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

static void change(Form *f, int move)
{
    const Field *field = form_field(f);
    if (field->type == FIELD_FLAG) {
        toggle(f);
        return;
    }
    if (field->type == FIELD_CHOICE) {
        set_choice(f, move, 0);
        return;
    }
    Value *v = field_get(field, f->params);
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
        if (field_is_enabled(f->spec->params, form_field(f), f->params))
            break;
    }
    show_field(f);
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
    if (input_key(&f->input, key)) {
        f->typing = true;
        error_clear(&f->error);
    }
}

void form_paste(Form *f, const char *text)
{
    const Field *field = form_field(f);
    if (!field || !form_field_is_typed(field))
        return;
    input_paste(&f->input, text);
    f->typing = true;
    error_clear(&f->error);
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
    bool shifts = !form_field_is_typed(field) || (form_field_is_number(field) && !f->typing);
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
