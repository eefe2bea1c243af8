/* What a model expects of its input: names and types of the source columns. The target is not needed, nor is a column that the
 * recipe leaves out before any step reads it. */
#include "learn/batch.h"
#include "table/expr.h"

/* Whether the prefix still makes the target when a column of the source is gone; judged on no rows at all. */
static bool makes_target_without(Job *job, const Pipeline *p, const Recipe *before, int column)
{
    Error ignored = {0};
    Roles roles = pipeline_roles(p);
    Table *empty = table_head(p->source, 0, &ignored);
    Table *less = empty ? table_without(empty, &column, 1, &ignored) : NULL;
    Table *after = less ? recipe_apply(job, before, less, &roles, &ignored) : NULL;
    bool makes = !after || table_find(after, p->target) != TABLE_NONE;
    table_unref(empty);
    table_unref(less);
    table_unref(after);
    return makes;
}

static int target_source(Job *job, const Pipeline *p, const Recipe *before)
{
    if (!p->target)
        return TABLE_NONE;
    int same = table_find(p->source, p->target);
    if (same != TABLE_NONE)
        return same;
    for (size_t i = 0; i < p->source->columns_count; i++)
        if (!makes_target_without(job, p, before, (int)i))
            return (int)i;
    return TABLE_NONE;
}

/* Source columns on their way through the steps. */
typedef struct Flow {
    const Roles *roles;
    size_t count;
    char **names; /* by source column: what it is called now; NULL: gone */
    bool *needed;
} Flow;

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

/* What drops rows may look at ids too. */
static void mark_field(Marks *m, const Flow *f, const StepUse *use, const Field *field)
{
    const void *at = (const char *)use->params + field->offset;
    if (field->type == FIELD_COLUMNS) {
        mark_selected(m, at, use->step->effect == STEP_MAP ? f->roles : NULL);
    } else if (field->type == FIELD_EXPRESSION) {
        mark_expression(m, *(char *const *)at);
    } else if (field->type == FIELD_FUNCTION) {
        mark_all(m);
    } else {
        Value *v = field_get(field, use->params);
        mark_value(m, v);
        value_free(v);
    }
}

/* Where a column went: it is shared while its rows stay, and keeps its name when they do not. */
static int follow(const Step *step, const Table *before, int column, const Table *after)
{
    if ((size_t)column < after->columns_count && after->columns[column] == before->columns[column])
        return column;
    for (size_t i = 0; i < after->columns_count; i++)
        if (after->columns[i] == before->columns[column])
            return (int)i;
    return step->effect == STEP_MAP ? TABLE_NONE : table_find(after, before->names[column]);
}

/* A column that is gone behind a step that reads cells counts as read: who knows what for. */
static bool flow_step(void *self, const StepUse *use, const Table *before, const Table *after, Error *e)
{
    Flow *f = self;
    Marks read = {.t = before, .set = mem_alloc(before->columns_count + 1)};
    (void)e;
    for (const Field *field = use->step->only_names ? NULL : use->step->spec.params; field && field->name; field++)
        mark_field(&read, f, use, field);
    for (size_t i = 0; i < f->count; i++) {
        int column = f->names[i] ? table_find(before, f->names[i]) : TABLE_NONE;
        if (column == TABLE_NONE)
            continue;
        int next = follow(use->step, before, column, after);
        if (!use->step->only_names)
            f->needed[i] = f->needed[i] || next == TABLE_NONE || read.set[column];
        mem_free(f->names[i]);
        f->names[i] = next == TABLE_NONE ? NULL : mem_strdup(after->names[next]);
    }
    mem_free(read.set);
    return true;
}

/* On no rows at all. When that does not work out, every column is needed. */
static bool flow_run(Job *job, const Pipeline *p, const Prepared *d, Flow *f)
{
    Error ignored = {0};
    RecipeWatch watch = {.self = f, .stepped = flow_step};
    Table *empty = table_head(p->source, 0, &ignored);
    Table *before = empty ? recipe_apply_watched(job, d->before, empty, f->roles, &watch, &ignored) : NULL;
    Table *after = before ? recipe_apply_watched(job, d->fitted, before, f->roles, &watch, &ignored) : NULL;
    bool ok = after != NULL;
    table_unref(empty);
    table_unref(before);
    table_unref(after);
    return ok;
}

static void mark_unused(Job *job, const Pipeline *p, const Prepared *d, Value *schema)
{
    Roles roles = pipeline_roles(p);
    Flow f = {.roles = &roles, .count = p->source->columns_count};
    f.names = mem_alloc((f.count + 1) * sizeof *f.names);
    f.needed = mem_alloc(f.count + 1);
    for (size_t i = 0; i < f.count; i++)
        f.names[i] = mem_strdup(p->source->names[i]);
    bool known = flow_run(job, p, d, &f);
    for (size_t i = 0; i < f.count; i++) {
        bool is_feature = f.names[i] && text_list_has(&d->features, f.names[i]);
        if (known && !f.needed[i] && !is_feature && !value_get(schema->items[i], "role"))
            value_set(schema->items[i], "role", value_text("unused"));
        mem_free(f.names[i]);
    }
    mem_free(f.names);
    mem_free(f.needed);
}

Value *schema_make(Job *job, const Pipeline *p, const Prepared *d)
{
    Value *schema = table_schema(p->source);
    int target = target_source(job, p, d->before);
    if (target != TABLE_NONE)
        value_set(schema->items[target], "role", value_text("target"));
    mark_unused(job, p, d, schema);
    return schema;
}
