/* Help text from a declaration. */
#include <string.h>

#include "base/json.h"
#include "base/number.h"
#include "spec/faces.h"
#include "spec/params.h"

const char *face_type(const Field *field)
{
    static const char *const words[] = {
        [FIELD_FLAG] = "flag",         [FIELD_INT] = "integer",     [FIELD_REAL] = "number",           [FIELD_CHOICE] = "choice",
        [FIELD_TEXT] = "text",         [FIELD_COLUMNS] = "columns", [FIELD_EXPRESSION] = "expression", [FIELD_NUMBERS] = "numbers",
        [FIELD_TEXTS] = "texts",       [FIELD_SPEC] = "spec",       [FIELD_SPECS] = "specs",           [FIELD_VALUE] = "value",
        [FIELD_FUNCTION] = "function", [FIELD_OBJECT] = "table",
    };
    return field->family ? field->family : words[field->type];
}

static void add_span(double low, double high, Text *out)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    text_addf(out, "%s to %s", number_format_real(low, a), number_format_real(high, b));
}

void face_range(const Field *field, Text *out)
{
    for (int i = 0; field->choices && field->choices[i]; i++)
        text_addf(out, "%s%s", i ? " " : "", field->choices[i]);
    if (field->min != 0 || field->max != 0)
        add_span(field->min, field->max, out);
    if (field->soft_min != 0 || field->soft_max != 0) {
        text_add(out, out->size ? ", sensible " : "sensible ");
        add_span(field->soft_min, field->soft_max, out);
    }
    if (field->scale == SCALE_LOG)
        text_add(out, ", log");
}

static void help_field(const Field *f, Text *out)
{
    text_addf(out, "  %-16s %-11s ", f->name, face_type(f));
    if (!f->def)
        text_add(out, "required");
    else
        text_addf(out, "default %s", *f->def ? f->def : "none");
    if (f->unit)
        text_addf(out, " %s", f->unit);
    text_add(out, "\n");
    if (f->doc)
        text_addf(out, "                   %s\n", f->doc);
    Text range = {0};
    face_range(f, &range);
    if (range.size)
        text_addf(out, "                   %s\n", text_get(&range));
    if (f->search)
        text_addf(out, "                   searched by default as %s: %s\n", f->searched_as ? f->searched_as : f->name,
                  text_equal(f->search, "range") ? "the sensible range" : f->search);
    if (f->when)
        text_addf(out, "                   only with %s\n", f->when);
    text_done(&range);
}

static void indent_lines(const char *text, Text *out)
{
    while (text && *text) {
        size_t size = strcspn(text, "\n");
        text_add(out, "    ");
        text_add_bytes(out, text, size);
        text_add_char(out, '\n');
        text += size + (text[size] == '\n');
    }
}

/* Whether a column of this name is in the first line. */
static bool heads_column(const char *csv, const char *name)
{
    size_t end = strcspn(csv, "\n");
    for (size_t at = 0, size; at < end; at += size + 1) {
        size = strcspn(csv + at, ",\n");
        if (size == strlen(name) && memcmp(csv + at, name, size) == 0)
            return true;
    }
    return false;
}

static void help_example(const Spec *spec, const Example *x, Text *out)
{
    Error ignored = {0};
    Value *args = x->args ? json_parse(x->args, strlen(x->args), &ignored) : NULL;
    text_addf(out, "\n  :%s ", spec->name);
    if (args)
        face_lua_value(args, out);
    else
        text_add(out, "{}");
    text_add_char(out, '\n');
    value_free(args);
    if (!x->input)
        return;
    if (spec->examples_target && heads_column(x->input, spec->examples_target))
        text_addf(out, "  with the target %s\n", spec->examples_target);
    indent_lines(x->input, out);
    text_add(out, "  gives\n");
    indent_lines(x->output, out);
}

static void help_plan(const Spec *spec, Text *out)
{
    if (!spec->plan)
        return;
    text_add(out, "\nWhat is not given of its training is\n  ");
    face_plan(spec, out);
    text_add_char(out, '\n');
}

void face_help(const Family *family, const Spec *spec, Text *out)
{
    text_addf(out, "%s (%s)\n  %s\n", spec->name, family->name, spec->doc);
    if (spec->params && spec->params->name)
        text_add(out, "\nParameters\n");
    for (const Field *f = spec->params; f && f->name; f++)
        help_field(f, out);
    for (size_t i = 0; spec->notes && spec->notes[i]; i++)
        text_addf(out, "\n%s\n", spec->notes[i]);
    help_plan(spec, out);
    if (spec->examples_count)
        text_add(out, "\nExamples\n");
    for (size_t i = 0; i < spec->examples_count; i++)
        help_example(spec, &spec->examples[i], out);
}

void face_help_index(Text *out)
{
    for (size_t i = 0; i < registry_families(); i++) {
        const Family *family = registry_family(i);
        text_addf(out, "%s%s: %s\n", i ? "\n" : "", family->title, family->doc);
        for (size_t k = 0; k < family->count; k++)
            text_addf(out, "  %-18s %s\n", family->members[k]->name, family->members[k]->doc);
    }
}
