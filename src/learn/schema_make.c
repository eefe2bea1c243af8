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

static bool value_mentions(const Value *v, const char *name)
{
    bool is_list = v && v->type == VALUE_LIST, is_map = v && v->type == VALUE_MAP, found = v && v->type == VALUE_TEXT && text_equal(v->text, name);
    for (size_t i = 0; !found && (is_list || is_map) && i < v->size; i++)
        found = value_mentions(v->items[i], name) || (is_map && text_equal(v->keys[i], name));
    return found;
}

static bool selects(const Flow *f, const StepUse *use, const Table *t, const TextList *selectors, int column)
{
    Error ignored = {0};
    size_t count = 0;
    int *columns = NULL;
    const Roles *roles = use->step->effect == STEP_MAP ? f->roles : NULL; /* what drops rows may look at ids too */
    bool found = !select_columns(t, selectors, roles, &columns, &count, &ignored);
    for (size_t i = 0; !found && i < count; i++)
        found = columns[i] == column;
    mem_free(columns);
    return found;
}

static bool expression_reads(const char *text, const char *name)
{
    Error ignored = {0};
    TextList names = {0};
    Expr *x = text ? expr_parse(text, &ignored) : NULL;
    bool reads = x && expr_columns(x, &names) && text_list_has(&names, name);
    expr_free(x);
    text_list_done(&names);
    return reads;
}

static bool field_reads(const Flow *f, const StepUse *use, const Field *field, const Table *t, int column)
{
    const void *at = (const char *)use->params + field->offset;
    if (field->type == FIELD_COLUMNS)
        return selects(f, use, t, at, column);
    if (field->type == FIELD_EXPRESSION)
        return expression_reads(*(char *const *)at, t->names[column]);
    if (field->type == FIELD_FUNCTION)
        return true;
    Value *v = field_get(field, use->params);
    bool mentions = value_mentions(v, t->names[column]);
    value_free(v);
    return mentions;
}

static bool step_reads(const Flow *f, const StepUse *use, const Table *t, int column)
{
    for (const Field *field = use->step->spec.params; field && field->name; field++)
        if (field_reads(f, use, field, t, column))
            return true;
    return false;
}

/* Where a column went: it is shared while its rows stay, and keeps its name when they do not. */
static int follow(const Step *step, const Table *before, int column, const Table *after)
{
    for (size_t i = 0; i < after->columns_count; i++)
        if (after->columns[i] == before->columns[column])
            return (int)i;
    return step->effect == STEP_MAP ? TABLE_NONE : table_find(after, before->names[column]);
}

/* A column that is gone behind a step that reads cells counts as read: who knows what for. */
static bool flow_step(void *self, const StepUse *use, const Table *before, const Table *after, Error *e)
{
    Flow *f = self;
    (void)e;
    for (size_t i = 0; i < f->count; i++) {
        int column = f->names[i] ? table_find(before, f->names[i]) : TABLE_NONE;
        if (column == TABLE_NONE)
            continue;
        int next = follow(use->step, before, column, after);
        if (!use->step->only_names)
            f->needed[i] = f->needed[i] || next == TABLE_NONE || step_reads(f, use, before, column);
        mem_free(f->names[i]);
        f->names[i] = next == TABLE_NONE ? NULL : mem_strdup(after->names[next]);
    }
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
