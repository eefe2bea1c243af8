/* A column that a step made needs what the step made it of; one that it left alone needs itself. */
#include "steps/needs.h"

#include <string.h>

#include "steps/side.h"
#include "table/expr.h"

/* Columns of a table, marked. */
typedef struct Marks {
    const Table *t;
    bool *set;
} Marks;

static void mark(Marks *m, const char *name)
{
    int column = table_find(m->t, name);
    if (column != TABLE_NONE)
        m->set[column] = true;
}

/* Any text of a parameter may be the name of a column. */
static void mark_value(Marks *m, const Value *v)
{
    if (v && v->type == VALUE_TEXT)
        mark(m, v->text);
    for (size_t i = 0; v && (v->type == VALUE_LIST || v->type == VALUE_MAP) && i < v->size; i++) {
        mark_value(m, v->items[i]);
        if (v->type == VALUE_MAP)
            mark(m, v->keys[i]);
    }
}

static void mark_all(Marks *m)
{
    for (size_t i = 0; i < m->t->columns_count; i++)
        m->set[i] = true;
}

static void mark_selected(Marks *m, const TextList *selectors, const Roles *roles)
{
    Error ignored = {0};
    size_t count = 0;
    int *columns = NULL;
    if (!select_columns(m->t, selectors, roles, &columns, &count, &ignored))
        mark_all(m);
    for (size_t i = 0; i < count; i++)
        m->set[columns[i]] = true;
    mem_free(columns);
}

static void mark_expression(Marks *m, const char *text)
{
    Error ignored = {0};
    TextList names = {0};
    Expr *x = text ? expr_parse(text, &ignored) : NULL;
    if (x && expr_columns(x, &names))
        for (size_t i = 0; i < names.count; i++)
            mark(m, names.items[i]);
    expr_free(x);
    text_list_done(&names);
}

static void mark_read(Marks *m, const Field *field, const Value *v)
{
    TextList names = {0};
    if (field->reads)
        field->reads(v, &names);
    for (size_t i = 0; i < names.count; i++)
        mark(m, names.items[i]);
    text_list_done(&names);
}

/* What drops rows may look at ids too. */
static void mark_field(Marks *m, const Passed *s, const Field *field)
{
    const StepUse *use = s->use;
    const void *at = (const char *)use->params + field->offset;
    if (field->of_other)
        return;
    if (field->type == FIELD_COLUMNS) {
        mark_selected(m, at, step_use_effect(use) == STEP_MAP ? s->roles : NULL);
    } else if (field->type == FIELD_EXPRESSION) {
        mark_expression(m, *(char *const *)at);
    } else if (field->type == FIELD_FUNCTION) {
        mark_all(m);
    } else {
        Value *v = field_get(field, use->params);
        mark_value(m, v);
        mark_read(m, field, v);
        value_free(v);
    }
}

/* For the column `made`; NULL: for any. */
static Marks marks_read(const Passed *s, const char *made)
{
    const Step *step = s->use->step;
    Marks read = {.t = s->before, .set = mem_alloc(s->before->columns_count + 1)};
    for (const Field *field = step->only_names ? NULL : step->spec.params; field && field->name; field++)
        if (!made || !step->is_made_of || step->is_made_of(s->use->params, made, field->name))
            mark_field(&read, s, field);
    return read;
}

static bool flow_step(void *self, const StepUse *use, const Table *before, const Table *after, Error *e)
{
    Flow *f = self;
    (void)e;
    MEM_GROW(f->steps, f->count, f->room);
    f->steps[f->count++] = (Passed){use, f->roles, table_ref(before), table_ref(after)};
    return true;
}

void flow_done(Flow *f)
{
    for (size_t i = 0; i < f->count; i++) {
        table_unref(f->steps[i].before);
        table_unref(f->steps[i].after);
    }
    mem_free(f->steps);
}

static bool shares(const Table *t, const Column *c)
{
    for (size_t i = 0; i < t->columns_count; i++)
        if (t->columns[i] == c)
            return true;
    return false;
}

/* Where a column behind the step comes from unchanged: it is shared while its rows stay, and keeps its name when they do not. */
static int origin(const Passed *s, size_t column)
{
    for (size_t i = 0; i < s->before->columns_count; i++)
        if (s->before->columns[i] == s->after->columns[column])
            return (int)i;
    return step_use_effect(s->use) == STEP_MAP ? TABLE_NONE : table_find(s->before, s->after->names[column]);
}

/* Column by column: what a step makes of x is x, x_missing or x=level. */
static bool is_columnwise(const Step *step)
{
    bool has_columns = false;
    if (step->mixes_columns)
        return false;
    for (const Field *f = step->spec.params; f && f->name; f++) {
        if (f->type == FIELD_EXPRESSION || f->type == FIELD_FUNCTION)
            return false;
        has_columns = has_columns || f->type == FIELD_COLUMNS;
    }
    return has_columns && !step->fits_side_only;
}

static bool is_made_of(const char *name, const char *from)
{
    size_t size = strlen(from);
    return text_starts(name, from) && (name[size] == '_' || name[size] == '=');
}

static void ask(Need *to, Need need)
{
    *to = need > *to ? need : *to;
}

/* Columns that a parameter names one by one, such as that of groups, go into all that the step makes. */
static void ask_named(const Passed *s, Need need, Need *before)
{
    for (const Field *f = s->use->step->spec.params; f && f->name; f++) {
        const char *name = f->type == FIELD_TEXT && f->names_column ? *(char *const *)((const char *)s->use->params + f->offset) : NULL;
        int at = name ? table_find(s->before, name) : TABLE_NONE;
        if (at != TABLE_NONE)
            ask(&before[at], need);
    }
}

/* A made column needs what it was made of; where that can't be told by its name, all that the step reads. */
static void trace_read(const Passed *s, const Marks *read, const char *name, Need need, Need *before)
{
    int same = table_find(s->before, name);
    bool columnwise = is_columnwise(s->use->step), found = false;
    if (columnwise)
        ask_named(s, need, before);
    if (columnwise && same != TABLE_NONE && read->set[same]) {
        ask(&before[same], need);
        return;
    }
    for (size_t i = 0; columnwise && i < s->before->columns_count; i++)
        if (read->set[i] && is_made_of(name, s->before->names[i])) {
            ask(&before[i], need);
            found = true;
        }
    for (size_t i = 0; !found && i < s->before->columns_count; i++)
        if (read->set[i])
            ask(&before[i], need);
}

/* all: what the step reads for any column. */
static void trace(const Passed *s, const Marks *all, const char *name, Need need, Need *before)
{
    Marks own = s->use->step->is_made_of ? marks_read(s, name) : (Marks){0};
    trace_read(s, own.set ? &own : all, name, need, before);
    mem_free(own.set);
}

/* Whatever a step makes of other rows, it needs the columns that order them. */
static void ask_context(const Flow *f, const Passed *s, Need *before)
{
    TextList names = {0};
    step_use_context(s->use, f->roles, &names);
    for (size_t i = 0; i < names.count; i++) {
        int column = table_find(s->before, names.items[i]);
        if (column != TABLE_NONE)
            ask(&before[column], NEED_CELLS);
    }
    text_list_done(&names);
}

/* What the step needs of the columns before it, for what is needed behind it. with_rows: to choose rows too; a column that is gone
 * without being named by the step then counts as needed: who knows what for. Otherwise only what cells are made of, and keys of side
 * tables are not. */
static Need *need_before(const Flow *f, const Passed *s, const Need *after, bool with_rows)
{
    const Step *step = s->use->step;
    bool is_map = step_use_effect(s->use) == STEP_MAP;
    Marks read = marks_read(s, NULL);
    Need *before = mem_alloc((s->before->columns_count + 1) * sizeof *before);
    bool orders = with_rows && step->needs != NEEDS_AHEAD;
    for (size_t i = 0; i < s->after->columns_count; i++) {
        int from = after[i] ? origin(s, i) : TABLE_NONE;
        orders = orders || (after[i] && from == TABLE_NONE);
        if (from != TABLE_NONE)
            ask(&before[from], after[i]);
        else if (after[i] && (with_rows || !step->fits_side_only))
            trace(s, &read, s->after->names[i], after[i], before);
    }
    for (size_t i = 0; with_rows && i < s->before->columns_count; i++) {
        bool is_gone = is_map && !step->only_names && !shares(s->after, s->before->columns[i]);
        if (read.set[i] && !is_map)
            ask(&before[i], step->compares_rows ? NEED_COMPARED : NEED_CELLS);
        else if (is_gone && !read.set[i])
            ask(&before[i], NEED_CELLS);
    }
    if (orders)
        ask_context(f, s, before);
    mem_free(read.set);
    return before;
}

Table *flow_forward(Job *job, Flow *f, const Recipe *fitted, const Table *empty)
{
    Error ignored = {0};
    RecipeWatch watch = {.self = f, .stepped = flow_step};
    return recipe_apply_watched(job, fitted, empty, f->roles, &watch, &ignored);
}

static Need *asked_of(const Table *last, const TextList *names)
{
    Need *needs = mem_alloc((last->columns_count + 1) * sizeof *needs);
    for (size_t i = 0; i < last->columns_count; i++)
        needs[i] = text_list_has(names, last->names[i]) ? NEED_CELLS : NEED_NONE;
    return needs;
}

Need *flow_back(const Flow *f, const Table *last, const TextList *names, bool with_rows)
{
    Need *needs = asked_of(last, names);
    for (size_t i = f->count; i > 0; i--) {
        Need *earlier = need_before(f, &f->steps[i - 1], needs, with_rows);
        mem_free(needs);
        needs = earlier;
    }
    return needs;
}

/* For the column `made`; NULL: for any. */
static bool looks_ahead(const Flow *f, const StepUse *use, const char *made)
{
    const Step *step = use->step;
    if (use->off)
        return false;
    return step->needs == NEEDS_AHEAD || (step->needs == NEEDS_GROUP && f->roles->time) ||
           (step->reach && step->reach(use->params, made).steps > 0);
}

/* The table that a step reads beside the rows, and that was made when the step was fitted; NULL: it reads none. */
static const SideMade *side_of(const StepUse *use)
{
    Error ignored = {0};
    const Side *side = NULL;
    for (const Field *f = use->step->spec.params; !side && f && f->name; f++)
        side = side_in(f, use->params);
    return side && !use->off ? side_make(NULL, side, &ignored) : NULL;
}

bool flow_looks_ahead(const Flow *f, const Recipe *r)
{
    static const Roles none = {0};
    Flow beside = {.roles = &none};
    bool any = false;
    for (size_t i = 0; i < r->count; i++) {
        const SideMade *made = side_of(&r->uses[i]);
        any = any || looks_ahead(f, &r->uses[i], NULL) || (made && flow_looks_ahead(&beside, made->steps));
    }
    return any;
}

/* The table that a column behind the step comes from, and its name there; NULL: it comes from the rows themselves. */
static const SideMade *comes_from(const Passed *s, size_t column, const char **there)
{
    const SideMade *made = side_of(s->use);
    char *const *prefix = step_use_param(s->use, "prefix");
    const char *name = s->after->names[column];
    *there = name + (prefix && *prefix && text_starts(name, *prefix) ? strlen(*prefix) : 0);
    return made && (step_use_effect(s->use) == STEP_ADDS_ROWS || table_find(s->before, name) == TABLE_NONE) ? made : NULL;
}

/* The step of the table beside that looked ahead for a column that comes from there; NULL: none did. */
static const StepUse *later_beside(const Passed *s, size_t column)
{
    static const Roles none = {0};
    Flow f = {.roles = &none};
    const char *there;
    const SideMade *made = comes_from(s, column, &there);
    if (!made || !flow_looks_ahead(&f, made->steps))
        return NULL;
    Table *last = flow_forward(NULL, &f, made->steps, made->head);
    const StepUse **later = last ? flow_later(&f, NULL) : NULL;
    int at = last ? table_find(last, there) : TABLE_NONE;
    const StepUse *maker = at != TABLE_NONE ? later[at] : NULL;
    mem_free(later);
    table_unref(last);
    flow_done(&f);
    return maker;
}

/* Who makes a column of what no feature should be made of; NULL: the step does not, and the columns before it decide. */
typedef const StepUse *Maker(const Flow *f, const Passed *s, size_t column, const char *target);

static const StepUse *ahead_maker(const Flow *f, const Passed *s, size_t column, const char *target)
{
    (void)target;
    bool is_made = origin(s, column) == TABLE_NONE;
    return is_made && looks_ahead(f, s->use, s->after->names[column]) ? s->use : later_beside(s, column);
}

static const StepUse *target_maker(const Flow *f, const Passed *s, size_t column, const char *target)
{
    (void)f;
    static const Roles none = {0};
    Flow beside = {.roles = &none};
    const char *there;
    const SideMade *made = comes_from(s, column, &there);
    int same = made ? table_find(made->head, target) : TABLE_NONE;
    if (same == TABLE_NONE)
        return NULL;
    TextList name = {0};
    text_list_add(&name, there);
    Table *last = flow_forward(NULL, &beside, made->steps, made->head);
    Need *needs = last ? flow_back(&beside, last, &name, false) : NULL;
    bool is_made = needs && needs[same] != NEED_NONE;
    mem_free(needs);
    table_unref(last);
    flow_done(&beside);
    text_list_done(&name);
    return is_made ? s->use : NULL;
}

/* The maker of one of the columns that this one is made of; NULL: none has one. */
static const StepUse *earlier_maker(const Passed *s, const Marks *read, size_t column, const StepUse *const *earlier)
{
    Need *needs = mem_alloc((s->before->columns_count + 1) * sizeof *needs);
    const StepUse *maker = NULL;
    trace(s, read, s->after->names[column], NEED_CELLS, needs);
    for (size_t i = 0; i < s->before->columns_count; i++)
        maker = !maker && needs[i] ? earlier[i] : maker;
    mem_free(needs);
    return maker;
}

/* Rows are chosen by a column that has a maker; what only leaves out equal rows asks no column what it holds. */
static void find_choice(const Passed *s, const Marks *read, const StepUse *const *earlier, FlowChoice *out)
{
    bool chooses = step_use_effect(s->use) == STEP_DROPS_ROWS && !s->use->step->compares_rows;
    for (size_t i = 0; chooses && !out->by && i < s->before->columns_count; i++)
        if (read->set[i] && earlier[i] && table_find(s->after, s->before->names[i]) != TABLE_NONE)
            *out = (FlowChoice){.by = s->use, .maker = earlier[i], .column = s->before->names[i]};
}

static const StepUse **makers(const Flow *f, Maker *makes, const char *target, FlowChoice *choice)
{
    if (!f->count)
        return NULL;
    const StepUse **earlier = mem_alloc((f->steps[0].before->columns_count + 1) * sizeof *earlier);
    for (size_t step = 0; step < f->count; step++) {
        const Passed *s = &f->steps[step];
        const StepUse **now = mem_alloc((s->after->columns_count + 1) * sizeof *now);
        Marks read = marks_read(s, NULL);
        for (size_t i = 0; i < s->after->columns_count; i++) {
            int from = origin(s, i);
            const StepUse *own = makes(f, s, i, target);
            now[i] = own ? own : from != TABLE_NONE ? earlier[from] : earlier_maker(s, &read, i, earlier);
        }
        if (choice)
            find_choice(s, &read, earlier, choice);
        mem_free(read.set);
        mem_free(earlier);
        earlier = now;
    }
    return earlier;
}

const StepUse **flow_later(const Flow *f, FlowChoice *choice)
{
    return makers(f, ahead_maker, NULL, choice);
}

const StepUse **flow_target_beside(const Flow *f, const char *target)
{
    return makers(f, target_maker, target, NULL);
}

static const char *shared_by(const Passed *s, const Need *a, const Need *b)
{
    const char *there;
    for (size_t i = 0; i < s->after->columns_count; i++)
        if (a[i] && b[i] && comes_from(s, i, &there))
            return s->after->names[i];
    return NULL;
}

const char *flow_shared_beside(const Flow *f, const Table *last, const TextList *names, const TextList *others, const StepUse **by)
{
    Need *a = asked_of(last, names), *b = asked_of(last, others);
    const char *shared = NULL;
    for (size_t i = f->count; i > 0 && !shared; i--) {
        const Passed *s = &f->steps[i - 1];
        *by = s->use;
        shared = shared_by(s, a, b);
        Need *next_a = need_before(f, s, a, false), *next_b = need_before(f, s, b, false);
        mem_free(a);
        mem_free(b);
        a = next_a;
        b = next_b;
    }
    mem_free(a);
    mem_free(b);
    return shared;
}
