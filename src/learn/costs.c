/* What decisions cost, as scripts, command lines and files say it. */
#include <string.h>

#include "base/number.h"
#include "learn/batch.h"
#include "learn/threshold.h"

static bool class_of(const TargetInfo *t, const char *name, size_t *out, Error *e)
{
    int found = target_info_class(t, name);
    *out = (size_t)found;
    return found >= 0 || error_set(e, ERROR_USAGE, "costs: %s has no class \"%s\"; its classes begin with \"%s\" and \"%s\"", t->name, name,
                                   t->classes.items[0], t->classes.items[1]);
}

static bool take_row(const TargetInfo *t, const Value *row, double *costs, Error *e)
{
    if (row->type != VALUE_MAP)
        return error_set(e, ERROR_USAGE, "costs: each true class needs a map { decision = cost }, found a %s", value_type_name(row->type));
    for (size_t i = 0; i < row->size; i++) {
        size_t decision;
        if (!class_of(t, row->keys[i], &decision, e))
            return false;
        if (!value_is_number(row->items[i]) || !(value_number(row->items[i]) >= 0 && value_number(row->items[i]) <= 1e15))
            return error_set(e, ERROR_USAGE, "costs: what \"%s\" costs must be a number from 0 to 1e15", row->keys[i]);
        costs[decision] = value_number(row->items[i]);
    }
    return true;
}

double *costs_from_value(const TargetInfo *t, const Value *map, Error *e)
{
    size_t classes = t->classes.count;
    double *costs = mem_alloc((classes * classes + 1) * sizeof *costs);
    bool ok = !map || map->type == VALUE_MAP ||
              error_set(e, ERROR_USAGE, "costs must be a map { truth = { decision = cost } }, found a %s", value_type_name(map->type));
    for (size_t i = 0; i < classes * classes; i++)
        costs[i] = i / classes != i % classes;
    for (size_t i = 0; ok && i < value_entries(map); i++) {
        size_t truth;
        ok = class_of(t, map->keys[i], &truth, e) && take_row(t, map->items[i], costs + truth * classes, e);
    }
    if (ok)
        return costs;
    mem_free(costs);
    return NULL;
}

Value *costs_to_value(const TargetInfo *t, const double *costs)
{
    size_t classes = t->classes.count;
    Value *map = value_map();
    for (size_t truth = 0; truth < classes; truth++) {
        Value *row = value_map();
        for (size_t d = 0; d < classes; d++)
            value_set(row, t->classes.items[d], value_real(costs[truth * classes + d]));
        value_set(map, t->classes.items[truth], row);
    }
    return map;
}

/* Names may hold a colon themselves: the first one that stands between two classes parts them. */
static bool take_cell(const TargetInfo *t, const char *cell, Value *map, Error *e)
{
    const char *equals = strrchr(cell, '=');
    double cost;
    for (const char *colon = strchr(cell, ':'); equals && colon && colon < equals; colon = strchr(colon + 1, ':')) {
        char *truth = mem_strndup(cell, (size_t)(colon - cell)), *said = mem_strndup(colon + 1, (size_t)(equals - colon - 1));
        bool fits =
            target_info_class(t, truth) >= 0 && target_info_class(t, said) >= 0 && number_parse_real(equals + 1, strlen(equals + 1), &cost);
        Value *row = fits ? value_edit(map, truth) : NULL;
        if (fits && !row) {
            value_set(map, truth, value_map());
            row = value_edit(map, truth);
        }
        if (fits)
            value_set(row, said, value_real(cost));
        mem_free(truth);
        mem_free(said);
        if (fits)
            return true;
    }
    return error_set(e, ERROR_USAGE, "a cost is TRUTH:DECISION=NUMBER, for example %s:%s=5; found \"%s\"", t->classes.items[1],
                     t->classes.items[0], cell);
}

Value *costs_from_text(const TargetInfo *t, const char *text, Error *e)
{
    Value *map = value_map();
    bool ok = t->is_classes || error_set(e, ERROR_USAGE, "%s is a number; costs are of classes", t->name);
    for (const char *p = text; ok && *p;) {
        size_t size = strcspn(p, " ");
        char *cell = mem_strndup(p, size);
        ok = !*cell || take_cell(t, cell, map, e);
        mem_free(cell);
        p += size + (p[size] == ' ');
    }
    if (ok)
        return map;
    value_free(map);
    return NULL;
}

void costs_to_text(const TargetInfo *t, const double *costs, Text *out)
{
    size_t classes = t->classes.count;
    char number[NUMBER_ROOM];
    for (size_t i = 0; i < classes * classes; i++)
        if (i / classes != i % classes || costs[i] != 0)
            text_addf(out, "%s%s:%s=%s", out->size ? " " : "", t->classes.items[i / classes], t->classes.items[i % classes],
                      number_format_real(costs[i], number));
}

void bundle_decide(Bundle *b, Decision *d)
{
    mem_free(b->target.costs);
    b->target.costs = d->costs;
    b->threshold = d->threshold;
    value_remove(b->facts, "threshold");
    if (d->facts)
        value_set(b->facts, "threshold", d->facts);
    *d = (Decision){0};
}

Bundle *bundle_with_decision(const Bundle *b, Decision *d)
{
    Bundle *copy = MEM_NEW(Bundle);
    *copy = (Bundle){.references = 1,
                     .lender = bundle_ref(b->lender ? b->lender : b),
                     .model = b->model,
                     .before = recipe_ref(b->before),
                     .fitted = recipe_ref(b->fitted),
                     .stored_before = b->stored_before ? value_copy(b->stored_before) : NULL,
                     .stored_fitted = b->stored_fitted ? value_copy(b->stored_fitted) : NULL,
                     .input_schema = value_copy(b->input_schema),
                     .roles = b->roles ? value_copy(b->roles) : NULL,
                     .target = target_info_copy(&b->target),
                     .features = text_list_copy(&b->features),
                     .format = b->format,
                     .facts = value_copy(b->facts),
                     .path = b->path ? mem_strdup(b->path) : NULL};
    bundle_decide(copy, d);
    return copy;
}
