/* Modules and the steps they define: kept for the life of the process, since recipes point to them. */
#include "steps/defined.h"

#include <string.h>

#include "base/thread.h"
#include "spec/declare.h"
#include "steps/tools.h"

enum { MODULES_MOST = 256, PENDING_MOST = 32 };

static const ModuleHost *host;
static Mutex *lock; /* over the lists below */
static StepModule *modules[MODULES_MOST];
static size_t modules_count;
static DefinedStep *pending[PENDING_MOST]; /* of the module that is being loaded */
static size_t pending_count;

/* What fit found. `makes`: [{"name", "type"}], as apply made them of the training rows. */
typedef struct DefinedState {
    TextList columns;
    Value *params, *learned, *makes;
} DefinedState;

static const Field learns[] = {
    {COLUMNS_FIELD(DefinedState, columns), .doc = "columns that it is given", .unique = true},
    {VALUE_FIELD(DefinedState, params), .doc = "its parameters, with the columns that they select", .def = ""},
    {VALUE_FIELD(DefinedState, learned), .doc = "what its fit returned", .def = ""},
    {VALUE_FIELD(DefinedState, makes), .doc = "name and type of each column that it makes", .def = ""},
    {0},
};

void defined_set_host(const ModuleHost *given)
{
    host = given;
    if (!lock)
        lock = mutex_new();
}

const DefinedStep *defined_step(const Step *step)
{
    return step && step->learns == learns ? (const DefinedStep *)step : NULL;
}

/* Columns that a parameter selects, as names; all of them together in `columns`. */
static bool resolve(const StepInput *in, DefinedState *s, Error *e)
{
    s->params = value_map();
    for (const Field *f = in->step->spec.params; f && f->name; f++) {
        TextList names = {0};
        if (f->type != FIELD_COLUMNS) {
            value_set(s->params, f->name, field_get(f, in->params));
            continue;
        }
        bool ok = tools_resolve(in, (const TextList *)(const void *)((const char *)in->params + f->offset), false, &names, e);
        for (size_t i = 0; ok && i < names.count; i++)
            if (!text_list_has(&s->columns, names.items[i]))
                text_list_add(&s->columns, names.items[i]);
        value_set(s->params, f->name, value_texts(&names));
        text_list_done(&names);
        if (!ok)
            return false;
    }
    return true;
}

/* The columns that it is given. */
static Table *given_columns(const StepInput *in, const DefinedState *s, Error *e)
{
    Table *t = table_new(in->rows->rows);
    for (size_t i = 0; i < s->columns.count; i++) {
        int at = tools_find(in->rows, s->columns.items[i], e);
        if (at != TABLE_NONE && table_add(t, s->columns.items[i], column_ref(in->rows->columns[at]), e))
            continue;
        table_unref(t);
        return NULL;
    }
    return t;
}

static DefinedCall call_of(Job *job, const StepInput *in, const DefinedState *s, const Table *given)
{
    return (DefinedCall){.job = job, .step = defined_step(in->step), .columns = given, .params = s->params, .learned = s->learned};
}

/* A step changes what it was given and makes new columns; others are not its to change, and the target is nobody's. */
static bool check_made(const StepInput *in, const DefinedState *s, const Table *made, Error *e)
{
    for (size_t i = 0; i < made->columns_count; i++) {
        const char *name = made->names[i];
        if (tools_is_target(in, name))
            return error_set(e, ERROR_FAILED, "it returns a column \"%s\", which is the target", name);
        if (table_find(in->rows, name) != TABLE_NONE && !text_list_has(&s->columns, name))
            return error_set(e, ERROR_FAILED, "it returns a column \"%s\", which is there and which it was not given", name);
    }
    return made->columns_count > 0 || error_set(e, ERROR_FAILED, "it returns no column");
}

/* What a row becomes depends on that row and on what was learned: fewer rows give the same. */
static bool check_rows_alone(const DefinedCall *call, const Table *made, Error *e)
{
    enum { TRIED_MOST = 64 };
    size_t rows = made->rows / 2 < TRIED_MOST ? made->rows / 2 : TRIED_MOST;
    if (rows == 0)
        return true;
    DefinedCall fewer = *call;
    Table *few = table_head(call->columns, rows, e), *again = NULL, *head = table_head(made, rows, e);
    fewer.columns = few;
    bool ok = few && head && host->apply(&fewer, &again, e);
    for (size_t i = 0; ok && i < head->columns_count; i++) {
        const Column *c = table_column(again, head->names[i]);
        bool is_empty = c && c->missing == c->rows && head->columns[i]->missing == head->rows;
        if (!c || (!is_empty && !column_equal(c, head->columns[i])))
            ok = error_set(e, ERROR_FAILED,
                           "what apply makes of a row in \"%s\" changes when other rows are left out; what it needs to know of all rows "
                           "belongs into what fit returns",
                           head->names[i]);
    }
    table_unref(few);
    table_unref(again);
    table_unref(head);
    return ok;
}

static void keep_made(DefinedState *s, const Table *made)
{
    s->makes = value_list();
    for (size_t i = 0; i < made->columns_count; i++) {
        Value *entry = value_map();
        value_set(entry, "name", value_text(made->names[i]));
        value_set(entry, "type", value_text(column_type_name(made->columns[i]->type)));
        value_add(s->makes, entry);
    }
}

static bool defined_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    DefinedState *s = state;
    Table *given = resolve(in, s, e) ? given_columns(in, s, e) : NULL, *made = NULL;
    DefinedCall call = call_of(job, in, s, given);
    bool ok = given && host->fit(&call, &s->learned, e);
    call.learned = s->learned;
    ok = ok && host->apply(&call, &made, e) && check_made(in, s, made, e) && check_rows_alone(&call, made, e);
    if (ok)
        keep_made(s, made);
    table_unref(given);
    table_unref(made);
    return ok;
}

/* The i-th column it makes, of the type it had when the step was fitted. NULL on failure. */
static Column *made_column(const DefinedState *s, size_t i, const Table *made, Error *e)
{
    const char *name = value_get_text(s->makes->items[i], "name", ""), *word = value_get_text(s->makes->items[i], "type", "");
    ColumnType type;
    const Column *c = table_column(made, name);
    if (!column_type_parse(word, &type) || type == COLUMN_ARRAY)
        return error_set(e, ERROR_FAILED, "the model says that it makes \"%s\" of type \"%s\", which is none", name, word), NULL;
    if (c ? c->type == type : made->rows == 0)
        return c ? column_ref((Column *)(uintptr_t)c) : column_new(type, 0, e);
    if (!c || c->missing < c->rows)
        return error_set(e, ERROR_FAILED, "it made \"%s\" of type %s when it was fitted and makes %s now", name, word,
                         c ? column_type_name(c->type) : "no such column"),
               NULL;
    Column *none = column_new(type, c->rows, e);
    for (size_t row = 0; none && row < c->rows; row++)
        if (!column_set_missing(none, row, e)) {
            column_unref(none);
            return NULL;
        }
    return none;
}

static bool defined_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const DefinedState *s = state;
    Table *given = given_columns(in, s, e), *made = NULL;
    DefinedCall call = call_of(job, in, s, given);
    bool ok = given != NULL;
    if (ok && in->rows->rows == 0)
        made = table_new(0);
    else
        ok = ok && host->apply(&call, &made, e) && check_made(in, s, made, e);
    if (ok && in->rows->rows && made->columns_count != value_items(s->makes))
        ok = error_set(e, ERROR_FAILED, "it made %zu columns when it was fitted and makes %zu now", value_items(s->makes),
                       made->columns_count);
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < value_items(s->makes); i++)
        ok = tools_put(out, value_get_text(s->makes->items[i], "name", ""), made_column(s, i, made, e), e);
    table_unref(given);
    table_unref(made);
    return ok;
}

static void step_free(DefinedStep *d)
{
    DeclaredFields fields = {.rows = (Field *)(uintptr_t)d->step.spec.params};
    while (fields.rows && fields.rows[fields.count].name)
        fields.count++;
    declare_done(&fields);
    mem_free((void *)(uintptr_t)d->step.spec.name);
    mem_free((void *)(uintptr_t)d->step.spec.doc);
    mem_free((void *)(uintptr_t)d->step.spec.notes[0]);
    mem_free((void *)(uintptr_t)d->step.spec.notes);
    mem_free(d);
}

static DefinedStep *step_new(const StepModule *module, const Value *declared, const DeclaredFields *fields)
{
    DefinedStep *d = MEM_NEW(DefinedStep);
    const char **notes = mem_alloc(2 * sizeof *notes);
    char *from = text_format("defined in %s", module->name);
    notes[0] = text_format("Defined in %s, whose text travels with recipes and models.", module->name);
    *d = (DefinedStep){
        .module = module,
        .step = {.spec = {.name = mem_strdup(value_get_text(declared, "name", "")),
                          .doc = declare_doc(value_get_text(declared, "doc", NULL), from),
                          .group = "defined",
                          .params = fields->rows,
                          .params_size = fields->size,
                          .notes = notes},
                 .learns = learns,
                 .state_size = sizeof(DefinedState),
                 .effect = STEP_MAP,
                 .mixes_columns = true,
                 .fit = defined_fit,
                 .apply = defined_apply},
    };
    mem_free(from);
    return d;
}

/* A step has one text for all recipes of the process. */
static bool check_free(const char *name, Error *e)
{
    const Family *family = NULL;
    const Spec *other = registry_find_any(name, &family);
    if (!other)
        other = family_find(step_family(), name);
    for (size_t i = 0; i < pending_count; i++)
        if (text_equal(pending[i]->step.spec.name, name))
            return error_set(e, ERROR_USAGE, "step \"%s\" is defined twice in this module", name);
    if (!other)
        return true;
    const DefinedStep *d = family && !text_equal(family->name, "step") ? NULL : defined_step((const Step *)(const void *)other);
    if (!d)
        return error_set(e, ERROR_USAGE, "\"%s\" is a name of limbeck's own; give the step another", name);
    return error_set(e, ERROR_USAGE, "step \"%s\" is defined already, by another text of %s; give one of them another name, or begin anew",
                     name, d->module->name);
}

bool defined_declare(const StepModule *module, const Value *declared, Error *e)
{
    const char *name = value_get_text(declared, "name", NULL);
    DeclaredFields fields;
    if (!declare_is_name(name))
        return error_set(e, ERROR_USAGE, "a step needs a name of small letters, digits and _, found \"%s\"", name ? name : "");
    if (pending_count == PENDING_MOST)
        return error_set(e, ERROR_USAGE, "a module defines at most %d steps", PENDING_MOST);
    if (!check_free(name, e))
        return false;
    if (!declare_fields(value_get(declared, "params"), &fields, e))
        return error_prefix(e, "step \"%s\": ", name);
    pending[pending_count++] = step_new(module, declared, &fields);
    return true;
}

static void module_free(StepModule *m)
{
    mem_free(m->name);
    mem_free(m->text);
    mem_free(m);
}

static bool commit(StepModule *m, Error *e)
{
    if (!pending_count)
        return error_set(e, ERROR_USAGE, "it defines no step; lb.define.step { name = ..., apply = ... } does");
    bool ok = modules_count < MODULES_MOST || error_set(e, ERROR_FAILED, "%d modules are loaded, and that is the most", MODULES_MOST);
    for (size_t i = 0; ok && i < pending_count; i++) {
        ok = step_family_add(&pending[i]->step, e);
        if (ok)
            pending[i] = NULL;
    }
    if (ok || !pending[0])
        modules[modules_count++] = m;
    return ok;
}

static bool load_new(StepModule *m, Error *e)
{
    bool ok = host->load(m, e) && commit(m, e);
    bool kept = modules_count && modules[modules_count - 1] == m;
    for (size_t i = 0; i < pending_count; i++)
        if (pending[i])
            step_free(pending[i]);
    pending_count = 0;
    if (!ok)
        error_prefix(e, "module %s: ", m->name);
    if (!kept)
        module_free(m);
    return ok;
}

static bool is_loaded(const char *hash)
{
    for (size_t i = 0; i < modules_count; i++)
        if (text_equal(modules[i]->hash, hash))
            return true;
    return false;
}

bool defined_load(const char *name, const char *text, size_t size, Error *e)
{
    if (!host)
        return error_set(e, ERROR_FAILED, "steps defined in Lua are not taken here");
    if (size > MODULE_BYTES || strlen(text) != size)
        return error_set(e, ERROR_USAGE, "module %s: a module that defines steps is a text of at most %d KiB", name, MODULE_BYTES >> 10);
    StepModule *m = MEM_NEW(StepModule);
    *m = (StepModule){.name = declare_doc(name, "module.lua"), .text = mem_strndup(text, size), .size = size};
    sha256_hex(text, size, m->hash);
    mutex_lock(lock);
    bool known = is_loaded(m->hash), ok = known || load_new(m, e);
    mutex_unlock(lock);
    if (known)
        module_free(m);
    return ok;
}

Value *defined_module_value(const DefinedStep *step, bool with_text)
{
    Value *v = value_map();
    value_set(v, "name", value_text(step->module->name));
    value_set(v, "sha256", value_text(step->module->hash));
    if (with_text)
        value_set(v, "text", value_bytes(step->module->text, step->module->size));
    return v;
}

bool defined_module_read(const Value *v, const char *step, Error *e)
{
    const Value *text = value_get(v, "text");
    const char *name = value_get_text(v, "name", "module.lua"), *hash = value_get_text(v, "sha256", "");
    char is[HASH_ROOM] = "";
    if (text && text->type == VALUE_TEXT) {
        sha256_hex(text->text, text->size, is);
        if (!text_equal(is, hash))
            return error_set(e, ERROR_FAILED, "module %s: its text is not the one that its sha256 names", name);
        if (!defined_load(name, text->text, text->size, e))
            return false;
    }
    const DefinedStep *d = defined_step(step_find(step));
    if (d && text_equal(d->module->hash, hash))
        return true;
    return error_set(e, ERROR_FAILED, "step \"%s\" comes from module %s, whose text is not here", step, name);
}
