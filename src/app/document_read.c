/* A generated script read back into its document. It is checked line by line for the calls and literals that document_script.c writes, and
 * nothing of it runs, but modules that define steps, each alone in its sandbox: whatever the header says, a script that holds anything else
 * was written by hand. */
#include <string.h>

#include "app/document.h"
#include "base/io.h"
#include "base/number.h"
#include "spec/lua_text.h"
#include "spec/module.h"
#include "table/reader.h"

typedef struct Reading {
    LuaText text; /* the line */
    Job *job;
    Document *document; /* NULL: the form is checked, nothing is built */
    Pipeline *pipeline;
    Table *source;
    char *file;
    Value *options; /* of reading */
    Value *left;    /* functions that the writer left out, for the next plan: name -> {"script", "line"} */
    int stage;      /* of the last line */
    Error wrong;    /* a line of the right form that cannot be done */
} Reading;

/* Positions are the numbers that stand without a name. */
static Value *make_preset(const Spec *preset, Value *positions, Value *names, Error *e)
{
    SpecList layers = {0};
    const Field *f = preset->params;
    while (f->name && !(f->positional && f->type == FIELD_NUMBERS))
        f++;
    if (positions->size && f->name)
        value_set(names, f->name, value_copy(positions));
    else if (positions->size)
        error_set(e, ERROR_USAGE, "%s: its options have names", preset->name);
    value_free(positions);
    bool ok = !e->code && net_preset(preset->name, names, &layers, e);
    Value *v = ok ? spec_list_to_value(&layers, "layer", false) : NULL;
    spec_list_done(&layers);
    value_free(names);
    return v;
}

static Value *make(const char *name, Value *positions, Value *names, Error *e)
{
    const Spec *found = NULL, *preset = registry_find("preset", name);
    if (preset)
        return make_preset(preset, positions, names, e);
    for (size_t i = 0; i < registry_families(); i++) {
        const Family *f = registry_family(i);
        const Spec *spec = registry_is_constructed(f) ? family_find(f, name) : NULL;
        if (spec)
            value_set(names, f->name, value_text(name));
        found = spec ? spec : found;
    }
    if (!found)
        error_set(e, ERROR_USAGE, "limbeck has no \"%s\"; `limbeck help` lists all", name);
    else if (positions->size)
        error_set(e, ERROR_USAGE, "%s: its options have names", name);
    value_free(positions);
    return e->code ? (value_free(names), NULL) : names;
}

/* A line of our form: how it begins, and what takes the rest. */
typedef struct Line {
    int stage;
    const char *begin;
    bool (*take)(Reading *r, const struct Line *line);
    const Spec *plan;
    bool is_call, has_item; /* the plan is run; its table has begun */
} Line;

/* Each takes the rest of its line; false: it is not of our form. What is wrong otherwise goes to r->wrong. */
static bool take_nothing(Reading *r, const Line *line)
{
    (void)line;
    (void)r;
    return true;
}

static bool take_source(Reading *r, const Line *line)
{
    (void)line;
    Value *file = lua_text_literal(&r->text);
    bool ok = file && file->type == VALUE_TEXT && strlen(file->text) == file->size;
    if (ok && lua_text_take(&r->text, ",")) {
        r->options = lua_text_literal(&r->text);
        ok = r->options && r->options->type == VALUE_MAP;
    }
    ok = ok && lua_text_take(&r->text, ")");
    r->file = ok ? mem_strdup(file->text) : NULL;
    value_free(file);
    return ok;
}

static void read_source(Reading *r)
{
    if (text_equal(r->file, "-") && io_is_terminal(0)) {
        error_set(&r->wrong, ERROR_FAILED, "its table came through standard input, where nothing comes now; give it as a file");
        return;
    }
    char *path = io_find_data(r->file);
    r->source = table_read(r->job, path, r->options && r->options->size ? r->options : NULL, &r->wrong);
    mem_free(path);
}

static bool take_pipeline(Reading *r, const Line *line)
{
    (void)line;
    Value *map = lua_text_items(&r->text, false);
    void *params = map && r->document ? params_from_value(&pipeline_spec, map, &r->wrong) : NULL;
    if (params)
        read_source(r);
    if (params && r->source)
        r->pipeline = pipeline_begin(r->source, r->file, r->options && r->options->size ? r->options : NULL, params, 1);
    params_free(&pipeline_spec, params);
    value_free(map);
    return map != NULL;
}

static Pipeline *with_split(const Pipeline *p, const Value *map, Error *e)
{
    SplitPlan *plan = params_from_value(&split_spec, map, e);
    Pipeline *next = plan && p->split_at == SIZE_MAX ? pipeline_with_split(p, plan) : NULL;
    if (plan && !next)
        error_set(e, ERROR_USAGE, "split: the pipeline has a split already");
    params_free(&split_spec, plan);
    return next;
}

/* Each step makes a pipeline of its own of all before it: a forged document would never be read to its end. */
enum { STEPS_MOST = 1000 };

static Pipeline *with_step(const Pipeline *p, const char *name, Value *map, Error *e)
{
    if (p->recipe->count >= STEPS_MOST) {
        error_set(e, ERROR_FAILED, "more than %d steps; a document holds no more", STEPS_MOST);
        return NULL;
    }
    const Spec *spec = registry_get("step", name, e);
    bool off = value_get_flag(map, "off", false);
    value_remove(map, "off");
    void *params = spec ? params_from_value(spec, map, e) : NULL;
    if (!params)
        return NULL;
    Pipeline *next = pipeline_with_step(p, (const Step *)(const void *)spec, params);
    params_free(spec, params);
    if (!off)
        return next;
    Recipe *recipe = recipe_switch(next->recipe, next->recipe->count - 1, true);
    Pipeline *switched = pipeline_with_recipe(next, recipe, next->split_at);
    recipe_unref(recipe);
    pipeline_unref(next);
    return switched;
}

static bool take_step(Reading *r, const Line *line)
{
    (void)line;
    char *name = lua_text_name(&r->text);
    Value *map = name && lua_text_take(&r->text, "{") ? lua_text_items(&r->text, true) : NULL;
    bool ok = map != NULL;
    if (ok && r->pipeline) {
        Pipeline *next = text_equal(name, "split") ? with_split(r->pipeline, map, &r->wrong) : with_step(r->pipeline, name, map, &r->wrong);
        if (next && pipeline_check_target(next, &r->wrong)) {
            pipeline_unref(r->pipeline);
            r->pipeline = pipeline_ref(next);
        }
        pipeline_unref(next);
    }
    mem_free(name);
    value_free(map);
    return ok;
}

/* -- left out: on_epoch, a function of churn.lua line 12 */
static void take_left_out(Reading *r)
{
    char *name = lua_text_name(&r->text);
    bool ok = name && lua_text_take(&r->text, ", a function of") && *r->text.at == ' ';
    const char *script = ok ? r->text.at + 1 : "", *line = NULL;
    int64_t n;
    for (const char *at = strstr(script, " line "); at; at = strstr(at + 1, " line "))
        line = at;
    if (line && number_parse_int(line + 6, strlen(line + 6), &n) && n > 0) {
        Value *place = value_map();
        value_set(place, "script", value_bytes(script, (size_t)(line - script)));
        value_set(place, "line", value_int(n));
        value_set(r->left, name, place);
    }
    mem_free(name);
}

static void put_functions(Reading *r, const Spec *spec, void *params)
{
    for (const Field *f = spec->params; f && f->name; f++) {
        const Value *place = f->type == FIELD_FUNCTION ? value_get(r->left, f->name) : NULL;
        if (place)
            field_set(f, params, place, spec->name, &r->wrong);
    }
    value_free(r->left);
    r->left = value_map();
}

static void set_plan(Reading *r, const Line *line, void *plan)
{
    Document *d = r->document;
    put_functions(r, line->plan, plan);
    document_set_plan(d, line->plan, plan);
    d->has_train = d->has_train || (line->is_call && line->plan == &train_spec);
    d->has_tune = d->has_tune || (line->is_call && line->plan == &tune_spec);
    d->has_distill = d->has_distill || (line->is_call && line->plan == &distill_spec);
}

static bool take_plan(Reading *r, const Line *line)
{
    Value *map = lua_text_items(&r->text, !line->has_item);
    void *plan = map && r->document ? plan_from_given(line->plan, map, &r->wrong) : NULL;
    if (plan)
        set_plan(r, line, plan);
    params_free(line->plan, plan);
    value_free(map);
    return map != NULL;
}

static bool take_load(Reading *r, const Line *line)
{
    (void)line;
    Value *path = lua_text_literal(&r->text);
    bool ok = path && path->type == VALUE_TEXT && lua_text_take(&r->text, ")");
    value_free(path);
    return ok;
}

static bool take_module(Reading *r, const Line *line)
{
    (void)line;
    Value *map = lua_text_items(&r->text, true);
    const Value *text = value_get(map, "text");
    const char *name = value_get_text(map, "name", NULL);
    bool ok = name && text && text->type == VALUE_TEXT && map->size == 2;
    if (ok && r->document)
        if (module_load(name, text->text, text->size, &r->wrong))
            document_add_module(r->document, text->text, text->size);
    value_free(map);
    return ok;
}

/* In the order in which the writer writes them; of a stage there is one line, but for modules and steps. */
enum { REQUIRE = 1, MODULE, SOURCE, PIPELINE, STEP, TRAIN, LOAD, PRINT_MODEL, TUNE, PRINT_STUDY, DISTILL, COMPARE };
static const Line lines[] = {
    {REQUIRE, "local lb = require \"limbeck\"", take_nothing, NULL, false, false},
    {MODULE, "lb.define.module {", take_module, NULL, false, false},
    {SOURCE, "local source = lb.read (", take_source, NULL, false, false},
    {PIPELINE, "local p = lb.pipeline { source = source", take_pipeline, NULL, false, false},
    {STEP, "p = p:", take_step, NULL, false, false},
    {TRAIN, "local model = p:train {", take_plan, &train_spec, true, false},
    {TRAIN, "lb.train {", take_plan, &train_spec, false, false},
    {LOAD, "local model = lb.load (", take_load, NULL, false, false},
    {PRINT_MODEL, "print ( model )", take_nothing, NULL, false, false},
    {TUNE, "local study = p:tune {", take_plan, &tune_spec, true, false},
    {TUNE, "lb.tune {", take_plan, &tune_spec, false, false},
    {PRINT_STUDY, "print ( study )", take_nothing, NULL, false, false},
    {DISTILL, "local d = p:distill { teacher = model", take_plan, &distill_spec, true, true},
    {DISTILL, "lb.distill {", take_plan, &distill_spec, false, false},
    {COMPARE, "print ( lb.compare { teacher = model , student = d.student , alone = d.alone , on = \"test\" } )", take_nothing, NULL, false,
     false},
};

/* What a line needs that stands before it. */
static bool may_follow(int before, int stage)
{
    if (stage == PIPELINE)
        return before == SOURCE;
    if (stage == MODULE)
        return before == REQUIRE || before == MODULE;
    if (stage == STEP)
        return before == PIPELINE || before == STEP;
    return before != SOURCE && stage > before;
}

static bool take_line(Reading *r)
{
    if (lua_text_is_end(&r->text))
        return true;
    if (lua_text_take(&r->text, "--")) {
        if (lua_text_take(&r->text, "left out:"))
            take_left_out(r);
        return *r->text.at != '['; /* a comment of many lines hides what follows */
    }
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!may_follow(r->stage, lines[i].stage) || !lua_text_take(&r->text, lines[i].begin))
            continue;
        r->stage = lines[i].stage;
        return lines[i].take(r, &lines[i]) && lua_text_is_end(&r->text);
    }
    return false;
}

/* false: a line is not of our form; *line: which one, also of r->wrong. */
static bool take_lines(Reading *r, const char *script, size_t *line)
{
    bool ok = true;
    const char *at = script + (text_starts(script, "#!") ? strcspn(script, "\n") : 0);
    for (*line = 1; ok && !r->wrong.code; ++*line) {
        size_t size = strcspn(at, "\n");
        char *one = mem_strndup(at, size);
        r->text.at = one;
        ok = take_line(r);
        if (ok && r->document && r->text.unknown.code) /* what it stands for is missing then: that is no second fault */
            r->wrong = r->text.unknown;
        mem_free(one);
        if (!ok || r->wrong.code || !at[size])
            break;
        at += size + 1;
    }
    return ok;
}

static void reading_done(Reading *r)
{
    pipeline_unref(r->pipeline);
    table_unref(r->source);
    mem_free(r->file);
    value_free(r->options);
    value_free(r->left);
}

bool document_is_generated(const char *script)
{
    Reading r = {.text = {.make = make}, .left = value_map()};
    size_t line;
    bool ok = document_has_header(script) && take_lines(&r, script, &line);
    reading_done(&r);
    return ok;
}

Document *document_read(Job *job, const char *path, const char *script, Error *e)
{
    Reading r = {.text = {.make = make}, .job = job, .left = value_map(), .document = document_new()};
    Document *d = r.document;
    size_t line;
    bool ok = document_has_header(script) && take_lines(&r, script, &line);
    if (!ok) {
        error_set(e, ERROR_FAILED, "%s: was not written by the workbench, or was changed by hand", path);
    } else if (r.wrong.code) {
        *e = r.wrong;
        ok = error_prefix(e, "%s:%zu: ", path, line);
    } else if (!r.pipeline) {
        ok = error_set(e, ERROR_FAILED, "%s: builds no pipeline, so there is nothing to open; `limbeck run` runs it", path);
    } else {
        d->pipeline = pipeline_ref(r.pipeline);
        if (d->has_tune && !d->tune.base.net.count)
            spec_list_copy(&d->tune.base.net, &d->train.net);
    }
    reading_done(&r);
    return ok ? d : (document_unref(d), NULL);
}
