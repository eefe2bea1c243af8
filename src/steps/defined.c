/* Steps of modules that look at each row alone, and how every defined step comes to be. */
#include "steps/defined.h"

#include <string.h>

#include "steps/past.h"
#include "steps/tools.h"

static const StepHost *host;

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

const DefinedStep *defined_step(const Step *step)
{
    return step && module_of(&step->spec) ? (const DefinedStep *)step : NULL;
}

bool defined_apply_one(const DefinedCall *call, Table **made, Error *e)
{
    DefinedCall one = *call;
    one.starts = NULL;
    one.groups = 1;
    return host->apply(&one, made, e);
}

bool defined_apply_groups(const DefinedCall *call, Table **made, Error *e)
{
    return host->apply(call, made, e);
}

/* Columns that a parameter selects, as names; all of them together in `columns`. */
bool defined_give_named(const StepInput *in, const Field *f, TextList *given, Error *e)
{
    const char *name =
        f->type == FIELD_TEXT && f->names_column ? *(char *const *)(const void *)((const char *)in->params + f->offset) : NULL;
    if (!name || !*name)
        return true;
    if (tools_is_target(in, name))
        return error_set(e, ERROR_USAGE, "%s: \"%s\" is the target, which no step is given", f->name, name);
    if (table_get(in->rows, name, e) == TABLE_NONE)
        return error_prefix(e, "%s: ", f->name);
    if (!text_list_has(given, name))
        text_list_add(given, name);
    return true;
}

static bool resolve(const StepInput *in, DefinedState *s, Error *e)
{
    s->params = value_map();
    for (const Field *f = in->step->spec.params; f && f->name; f++) {
        TextList names = {0};
        if (f->type != FIELD_COLUMNS) {
            value_set(s->params, f->name, field_get(f, in->params));
            if (!defined_give_named(in, f, &s->columns, e))
                return false;
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

Table *defined_given(const StepInput *in, const TextList *names, Error *e)
{
    Table *t = table_new(in->rows->rows);
    for (size_t i = 0; i < names->count; i++) {
        int at = tools_find(in->rows, names->items[i], e);
        if (at != TABLE_NONE && table_add(t, names->items[i], column_ref(in->rows->columns[at]), e))
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

bool defined_check_made(const StepInput *in, const TextList *given, const Table *made, Error *e)
{
    for (size_t i = 0; i < made->columns_count; i++) {
        const char *name = made->names[i];
        if (tools_is_target(in, name))
            return error_set(e, ERROR_FAILED, "it returns a column \"%s\", which is the target", name);
        if (table_find(in->rows, name) != TABLE_NONE && !text_list_has(given, name))
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
    bool ok = few && head && defined_apply_one(&fewer, &again, e);
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
    Table *given = resolve(in, s, e) ? defined_given(in, &s->columns, e) : NULL, *made = NULL;
    DefinedCall call = call_of(job, in, s, given);
    bool ok = given && host->fit(&call, &s->learned, e);
    call.learned = s->learned;
    ok = ok && defined_apply_one(&call, &made, e) && defined_check_made(in, &s->columns, made, e) && check_rows_alone(&call, made, e);
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
    if (!column_type_parse(word, &type) || column_type_is_wide(type))
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
    Table *given = defined_given(in, &s->columns, e), *made = NULL;
    DefinedCall call = call_of(job, in, s, given);
    bool ok = given != NULL;
    if (ok && in->rows->rows == 0)
        made = table_new(0);
    else
        ok = ok && defined_apply_one(&call, &made, e) && defined_check_made(in, &s->columns, made, e);
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

static const struct {
    const char *word;
    StepNeeds needs;
} needs_words[] = {{"row", NEEDS_ROW}, {"past", NEEDS_PAST}, {"window", NEEDS_PAST}, {"group", NEEDS_GROUP}};
enum { NEEDS_WORDS = sizeof needs_words / sizeof *needs_words };

static size_t needs_at(const char *word)
{
    size_t i = 0;
    while (i < NEEDS_WORDS && !text_equal(needs_words[i].word, word))
        i++;
    return i;
}

static StepNeeds needs_of(const Value *declared)
{
    size_t at = needs_at(value_get_text(declared, "needs", "row"));
    return at < NEEDS_WORDS ? needs_words[at].needs : NEEDS_ROW;
}

static Value *declared_row(const char *type, const char *doc, Value *def)
{
    Value *v = value_map();
    value_set(v, "type", value_text(type));
    value_set(v, "doc", value_text(doc));
    if (def)
        value_set(v, "default", def);
    return v;
}

/* What looks at other rows has the parameters that such steps have, and every step has columns. */
static void complete(const Value *declared, Value *params)
{
    bool any = false;
    for (size_t i = 0; i < value_entries(params); i++)
        any = any || text_equal(value_get_text(params->items[i], "type", ""), "columns");
    if (!any)
        value_set(params, "columns", declared_row("columns", "columns that it is given", NULL));
    if (needs_of(declared) == NEEDS_ROW)
        return;
    value_set(params, "by", declared_row("columns", "columns that tell series apart; none: the group, else the key", value_list()));
    value_set(params, "time", declared_row("column", "column that orders the rows; none: that of the split", value_text("")));
}

static bool check_needs(const Value *declared, Error *e)
{
    const Value *needs = value_get(declared, "needs"), *window = value_get(declared, "window");
    bool is_window = needs && text_equal(value_get_text(declared, "needs", ""), "window");
    if (needs && needs_at(value_get_text(declared, "needs", "")) == NEEDS_WORDS)
        return error_set(e, ERROR_USAGE, "needs is \"row\", \"past\", \"group\" or \"window\"");
    if (is_window != (window != NULL) || (window && (window->type != VALUE_INT || window->integer < 1)))
        return error_set(e, ERROR_USAGE, "needs = \"window\" goes with window = N, the rows up to its own that it sees");
    if (needs_of(declared) != NEEDS_ROW && value_get_flag(declared, "has_fit", false))
        return error_set(e, ERROR_USAGE, "a step that looks at other rows learns nothing; leave fit out");
    return true;
}

static Spec *step_make(const Spec *own, const Value *declared, Error *e)
{
    if (!check_needs(declared, e))
        return NULL;
    DefinedStep *d = MEM_NEW(DefinedStep);
    bool is_row = needs_of(declared) == NEEDS_ROW;
    *d = (DefinedStep){.step = {.spec = *own,
                                .learns = is_row ? learns : NULL,
                                .state_size = is_row ? sizeof(DefinedState) : 0,
                                .effect = STEP_MAP,
                                .needs = needs_of(declared),
                                .mixes_columns = true,
                                .fit = is_row ? defined_fit : NULL,
                                .apply = is_row ? defined_apply : defined_apply_context},
                       .window = value_get_int(declared, "window", 0)};
    return &d->step.spec;
}

static void step_free(Spec *member)
{
    mem_free(member);
}

static bool step_add(Spec *member, Error *e)
{
    return step_family_add((const Step *)member, e);
}

void defined_steps_open(const StepHost *given)
{
    static ModuleFamily family = {.make = step_make, .free = step_free, .add = step_add, .complete = complete};
    family.family = step_family();
    host = given;
    module_take(&family);
}
