/* Steps that look at other rows: which columns order those, and what they must not stand behind. */
#include <string.h>

#include "steps/recipe.h"
#include "steps/recipe_target.h"
#include "table/expr.h"

bool step_has_context(const Step *step)
{
    return step->needs != NEEDS_ROW;
}

static void add_once(TextList *names, const char *name)
{
    if (name && *name && !text_list_has(names, name))
        text_list_add(names, name);
}

const void *step_use_param(const StepUse *use, const char *name)
{
    const Field *f = fields_find(use->step->spec.params, name);
    return f ? (const char *)use->params + f->offset : NULL;
}

void step_use_context(const StepUse *use, const Roles *roles, TextList *names)
{
    if (!step_has_context(use->step))
        return;
    const TextList *by = step_use_param(use, "by");
    char *const *time = step_use_param(use, "time");
    for (size_t i = 0; by && i < by->count; i++)
        add_once(names, by->items[i]);
    if (roles && by && !by->count)
        add_once(names, roles->group ? roles->group : roles->key);
    if (time)
        add_once(names, *time && **time ? *time : roles ? roles->time : NULL);
}

PastAsk step_use_ask(const StepUse *use)
{
    char *const *time = use ? step_use_param(use, "time") : NULL;
    return (PastAsk){.by = use ? step_use_param(use, "by") : NULL, .time = time ? *time : NULL};
}

/* The columns that a step reads by name; *any: it selects others than by name. */
static void columns_of(const StepUse *use, TextList *names, bool *any)
{
    for (const Field *f = use->step->spec.params; f && f->name; f++) {
        const void *slot = (const char *)use->params + f->offset;
        Error ignored = {0};
        Expr *x = f->type == FIELD_EXPRESSION && *(char *const *)slot ? expr_parse(*(char *const *)slot, &ignored) : NULL;
        const TextList *list = f->type == FIELD_COLUMNS ? slot : NULL;
        if (x)
            expr_columns(x, names);
        expr_free(x);
        for (size_t i = 0; list && i < list->count; i++) {
            bool is_name = select_is_name(list->items[i]);
            *any = *any || (!is_name && list->items[i][0] != '!');
            if (is_name)
                add_once(names, list->items[i]);
        }
    }
}

/* What a step is given by name to be changed or made; an expression is only read. */
static bool changes(const StepUse *use, const char *column)
{
    for (const Field *f = use->step->spec.params; f && f->name; f++)
        if (f->type != FIELD_EXPRESSION && step_field_names(f, use->params, column))
            return true;
    return false;
}

static bool all_have_roles(const TextList *names, const Roles *roles)
{
    for (size_t i = 0; i < names->count; i++)
        if (!roles_have(roles, names->items[i]))
            return false;
    return true;
}

bool step_use_waits_for(const StepUse *use, const StepUse *before, const Roles *roles)
{
    TextList reads = {0}, given = {0};
    bool reads_any = false, changes_any = false, waits = false;
    if (before->off || step_has_context(before->step))
        return false;
    step_use_context(use, roles, &reads);
    columns_of(use, &reads, &reads_any);
    columns_of(before, &given, &changes_any);
    for (size_t i = 0; !waits && i < reads.count; i++)
        waits = changes(before, reads.items[i]);
    waits = waits || (changes_any && (reads_any || !all_have_roles(&reads, roles))) || (reads_any && given.count);
    text_list_done(&reads);
    text_list_done(&given);
    return waits;
}
