/* A declaration as data: for `limbeck help NAME --json` and other programs. */
#include <string.h>

#include "spec/faces.h"

static void set_text(Value *map, const char *key, const char *text)
{
    if (text)
        value_set(map, key, value_text(text));
}

static void set_span(Value *map, const char *key, double low, double high)
{
    if (low == 0 && high == 0)
        return;
    Value *span = value_list();
    value_add(span, value_real(low));
    value_add(span, value_real(high));
    value_set(map, key, span);
}

static Value *field_json(const Field *f)
{
    Value *map = value_map();
    value_set(map, "name", value_text(f->name));
    value_set(map, "type", value_text(face_type(f)));
    set_text(map, "doc", f->doc);
    set_text(map, "unit", f->unit);
    value_set(map, "required", value_flag(!f->def));
    set_text(map, "default", f->def);
    set_span(map, "range", f->min, f->max);
    set_span(map, "sensible", f->soft_min, f->soft_max);
    if (f->scale == SCALE_LOG)
        value_set(map, "scale", value_text("log"));
    set_text(map, "search", f->search);
    set_text(map, "searched_as", f->searched_as);
    set_text(map, "when", f->when);
    if (f->choices) {
        Value *list = value_list();
        for (int i = 0; f->choices[i]; i++)
            value_add(list, value_text(f->choices[i]));
        value_set(map, "choices", list);
    }
    return map;
}

Value *face_json(const Family *family, const Spec *spec)
{
    Value *map = value_map(), *params = value_list();
    value_set(map, "family", value_text(family->name));
    value_set(map, "name", value_text(spec->name));
    value_set(map, "doc", value_text(spec->doc));
    set_text(map, "group", spec->group);
    for (const Field *f = spec->params; f && f->name; f++)
        value_add(params, field_json(f));
    value_set(map, "params", params);
    return map;
}
