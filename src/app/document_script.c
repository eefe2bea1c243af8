/* A document as a generated script: straight-line Lua, one call a line, only what differs from the defaults. */
#include <string.h>

#include "app/document.h"
#include "base/number.h"
#include "spec/faces.h"
#include "spec/module.h"

static const char header[] = "-- limbeck document v1";

static void write_fields(const Field *fields, const void *data, Text *out);

static void write_use(const SpecUse *use, const char *family, Text *out)
{
    const Family *members = registry_find_family(family);
    if (!members || members->count > 1)
        text_addf(out, "lb.%s ", use->spec->name);
    write_fields(use->spec->params, use->params, out);
}

static bool preset_makes(const Value *arguments, const SpecList *net)
{
    SpecList made = {0};
    Error ignored = {0};
    bool same = false;
    if (net_preset("mlp", arguments, &made, &ignored)) {
        Value *a = spec_list_to_value(net, "layer", true), *b = spec_list_to_value(&made, "layer", true);
        same = value_equal(a, b);
        value_free(a);
        value_free(b);
    }
    spec_list_done(&made);
    return same;
}

/* What a layer says about the preset that may have made it; the last of a kind counts, preset_makes judges. */
static void add_argument(const SpecUse *use, Value *arguments, Value *widths)
{
    Value *layer = spec_use_to_value(use, "layer", true);
    const char *name = use->spec->name;
    if (text_equal(name, "dense")) {
        value_add(widths, value_int(value_get_int(layer, "width", 0)));
        value_set(arguments, "init", value_copy(value_get(layer, "init")));
    } else if (text_equal(name, "dropout")) {
        value_set(arguments, "dropout", value_real(value_get_real(layer, "rate", 0)));
    } else if (text_equal(name, "batch_norm")) {
        value_set(arguments, "batch_norm", value_flag(true));
    } else if (text_equal(name, "layer_norm") || text_equal(name, "group_norm")) {
        value_set(arguments, "norm", value_text(name));
    } else {
        value_set(arguments, "activation", spec_use_to_value(use, "layer", false));
    }
    value_free(layer);
}

/* The arguments by which the preset would make these layers, without those that change nothing; NULL: it cannot. */
static Value *mlp_arguments(const SpecList *net)
{
    static const char *const usual[] = {"init", "activation"};
    Value *arguments = value_map(), *widths = value_list();
    for (size_t i = 0; i < net->count; i++)
        add_argument(&net->items[i], arguments, widths);
    value_set(arguments, "widths", widths);
    if (!widths->size || !preset_makes(arguments, net)) {
        value_free(arguments);
        return NULL;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        Value *fewer = value_copy(arguments);
        value_remove(fewer, usual[i]);
        bool same = preset_makes(fewer, net);
        value_free(same ? arguments : fewer);
        arguments = same ? fewer : arguments;
    }
    return arguments;
}

static void write_mlp(const Value *arguments, Text *out)
{
    const Value *widths = value_get(arguments, "widths");
    text_add(out, "lb.mlp { ");
    for (size_t i = 0; i < widths->size; i++)
        text_addf(out, "%s%lld", i ? ", " : "", (long long)widths->items[i]->integer);
    for (size_t i = 0; i < arguments->size; i++) {
        if (text_equal(arguments->keys[i], "widths"))
            continue;
        text_addf(out, ", %s = ", arguments->keys[i]);
        face_lua_value(arguments->items[i], out);
    }
    text_add(out, " }");
}

static void write_list(const SpecList *list, const char *family, Text *out)
{
    Value *mlp = text_equal(family, "layer") ? mlp_arguments(list) : NULL;
    if (mlp) {
        write_mlp(mlp, out);
        value_free(mlp);
        return;
    }
    text_add(out, "{");
    for (size_t i = 0; i < list->count; i++) {
        text_add(out, i ? ", " : " ");
        write_use(&list->items[i], family, out);
    }
    text_add(out, list->count ? " }" : "}");
}

static void write_numbers(const NumberList *list, Text *out)
{
    char number[NUMBER_ROOM];
    text_add(out, "{");
    for (size_t i = 0; i < list->count; i++)
        text_addf(out, "%s%s", i ? ", " : " ", number_format_real(list->items[i], number));
    text_add(out, list->count ? " }" : "}");
}

static void write_field(const Field *f, const void *data, Text *out)
{
    char number[NUMBER_ROOM];
    const void *slot = (const char *)data + f->offset;
    text_addf(out, "%s = ", f->name);
    if (f->type == FIELD_SPEC && ((const SpecUse *)slot)->spec) {
        write_use(slot, f->family, out);
    } else if (f->type == FIELD_SPECS) {
        write_list(slot, f->family, out);
    } else if (f->type == FIELD_REAL && *(const double *)slot - *(const double *)slot == 0) {
        text_add(out, number_format_real(*(const double *)slot, number));
    } else if (f->type == FIELD_NUMBERS) {
        write_numbers(slot, out);
    } else if (f->type == FIELD_SPEC) {
        text_add(out, "\"\"");
    } else {
        Value *v = field_get(f, data);
        face_lua_value(v, out);
        value_free(v);
    }
}

/* A function lives in the script that made it; a generated script leaves it out. */
static bool is_written(const Field *fields, const Field *f, const void *data)
{
    return f->type != FIELD_FUNCTION && field_is_enabled(fields, f, data);
}

/* given: its keys are what is written; NULL: what differs from the defaults. */
static void write_given(const Field *fields, const void *data, const Value *given, size_t count, Text *out)
{
    for (const Field *f = fields; f && f->name; f++)
        if (is_written(fields, f, data) && (given ? value_get(given, f->name) != NULL : !field_is_default(f, data))) {
            text_add(out, count++ ? ", " : " ");
            write_field(f, data, out);
        }
    text_add(out, count ? " }" : "}");
}

static void write_items(const Field *fields, const void *data, size_t count, Text *out)
{
    write_given(fields, data, NULL, count, out);
}

static void write_fields(const Field *fields, const void *data, Text *out)
{
    text_add_char(out, '{');
    write_items(fields, data, 0, out);
}

static void write_text_item(const char *name, const char *text, Text *out)
{
    if (!text)
        return;
    Value *v = value_text(text);
    text_addf(out, ", %s = ", name);
    face_lua_value(v, out);
    value_free(v);
}

static void write_source(const Pipeline *p, Text *out)
{
    Value *file = value_text(p->file ? p->file : "-");
    text_add(out, "local source = lb.read(");
    face_lua_value(file, out);
    if (p->read_options && p->read_options->size) {
        text_add(out, ", ");
        face_lua_value(p->read_options, out);
    }
    text_add(out, ")\nlocal p = lb.pipeline { source = source");
    write_text_item("target", p->target, out);
    write_text_item("target_type", p->target_type == TARGET_AUTO ? NULL : target_type_choices[p->target_type], out);
    write_text_item("positive", p->positive, out);
    write_text_item("key", p->key, out);
    text_addf(out, ", seed = %lld }\n", (long long)p->seed);
    value_free(file);
}

static void write_split(const Pipeline *p, Text *out)
{
    text_add(out, "p = p:split ");
    write_fields(split_spec.params, &p->split, out);
    text_add_char(out, '\n');
}

static void write_step(const StepUse *use, Text *out)
{
    text_addf(out, "p = p:%s {", use->step->spec.name);
    if (use->off)
        text_add(out, " off = true");
    write_items(use->step->spec.params, use->params, use->off, out);
    text_add_char(out, '\n');
}

static void write_pipeline(const Pipeline *p, Text *out)
{
    write_source(p, out);
    for (size_t i = 0; i < p->recipe->count; i++) {
        if (p->split_at == i)
            write_split(p, out);
        write_step(&p->recipe->uses[i], out);
    }
    if (p->split_at != SIZE_MAX && p->split_at >= p->recipe->count)
        write_split(p, out);
}

static void write_missing_functions(const Field *fields, const void *data, Text *out)
{
    for (const Field *f = fields; f && f->name; f++) {
        const FunctionUse *use = (const void *)((const char *)data + f->offset);
        if (f->type == FIELD_FUNCTION && use->line)
            text_addf(out, "-- left out: %s, a function of %s line %lld\n", f->name, use->script ? use->script : "a script",
                      (long long)use->line);
    }
}

/* A plan that is not run is written as a value, so that it is not lost. */
static void write_plan(const Spec *spec, const void *plan, bool is_called, const char *call, Text *out)
{
    Value *changed = plan_to_given(spec, plan, false);
    write_missing_functions(spec->params, plan, out);
    if (is_called || changed->size) {
        text_add(out, is_called ? call : "lb.");
        text_addf(out, "%s ", spec->name);
        text_add_char(out, '{');
        bool has_teacher = is_called && spec == &distill_spec;
        if (has_teacher)
            text_add(out, " teacher = model");
        write_given(spec->params, plan, changed, has_teacher, out);
        text_add_char(out, '\n');
    }
    value_free(changed);
}

static void write_teacher(const char *path, Text *out)
{
    Value *v = value_text(path);
    text_add(out, "local model = lb.load(");
    face_lua_value(v, out);
    text_add(out, ")\n");
    value_free(v);
}

static void write_modules(const Document *d, Text *out)
{
    TextList hashes = document_modules(d);
    for (size_t i = 0; i < hashes.count; i++) {
        const Module *m = module_find(hashes.items[i]);
        Value *v = value_map();
        value_set(v, "name", value_text(m->name));
        value_set(v, "text", value_bytes(m->text, m->size));
        text_add(out, "lb.define.module ");
        face_lua_value(v, out);
        text_add_char(out, '\n');
        value_free(v);
    }
    text_list_done(&hashes);
}

static void write_rows(const Document *d, Text *out)
{
    text_addf(out, "#!/usr/bin/env -S limbeck run\n%s\nlocal lb = require \"limbeck\"\n", header);
    write_modules(d, out);
    if (d->pipeline)
        write_pipeline(d->pipeline, out);
}

static void write_head(const Document *d, bool trains, Text *out)
{
    write_rows(d, out);
    write_plan(&train_spec, &d->train, trains, "local model = p:", out);
}

char *document_training(const Document *d)
{
    Text out = {0};
    write_head(d, d->pipeline != NULL, &out);
    return text_take(&out);
}

void document_to_ask(const Document *d, const Spec *spec, const void *params, Text *out)
{
    write_head(d, false, out);
    write_plan(spec, params, true, "local answer = p:", out);
    text_add(out, "print(answer)\n");
}

void document_to_contest(const Document *a, const Document *b, Text *out)
{
    write_rows(a, out);
    write_plan(&train_spec, &a->train, true, "local a = p:", out);
    write_plan(&train_spec, &b->train, true, "local b = p:", out);
    text_add(out, "print(lb.compare { models = { A = a, B = b }, on = \"valid\", against = \"B\" })\n");
}

void document_to_run(const Document *d, const char *teacher, Text *out)
{
    bool trains = d->pipeline && d->has_train && !teacher;
    write_head(d, trains, out);
    if (teacher)
        write_teacher(teacher, out);
    if (trains || teacher)
        text_add(out, "print(model)\n");
    write_plan(&tune_spec, &d->tune, d->pipeline && d->has_tune, "local study = p:", out);
    if (d->pipeline && d->has_tune)
        text_add(out, "print(study)\n");
    bool distills = d->pipeline && d->has_distill && (d->has_train || teacher);
    write_plan(&distill_spec, &d->distill, distills, "local d = p:", out);
    if (distills)
        text_add(out, "print(lb.compare { teacher = model, student = d.student, alone = d.alone, on = \"test\" })\n");
}

void document_to_script(const Document *d, Text *out)
{
    document_to_run(d, NULL, out);
}

bool document_has_header(const char *script)
{
    const char *second = strchr(script, '\n');
    bool first = text_starts(script, header);
    return first || (text_starts(script, "#!") && second && text_starts(second + 1, header));
}
