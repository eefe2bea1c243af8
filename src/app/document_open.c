/* A document for a table nobody has told us about: the target guessed, a split, a small net and a plan that trains in seconds; and
 * the steps that turn what the profile found into something a net can read. */
#include <string.h>

#include "app/document.h"
#include "base/json.h"

enum { CLASS_LIMIT = 20, LEVEL_LIMIT = 64 };

/* Distinct values of a column that could be classes, counted up to the limit; 0: it could not. */
static size_t count_levels(const Column *c)
{
    double seen[CLASS_LIMIT + 1];
    size_t count = 0;
    if (c->type == COLUMN_TEXT && c->dictionary && dictionary_count(c->dictionary) <= CLASS_LIMIT)
        return dictionary_count(c->dictionary);
    if (c->type != COLUMN_BOOL && c->type != COLUMN_INT)
        return 0;
    for (size_t row = 0; row < c->rows && count <= CLASS_LIMIT; row++) {
        if (!column_is_valid(c, row))
            continue;
        double x = column_real(c, row);
        size_t i = 0;
        while (i < count && seen[i] != x)
            i++;
        if (i == count)
            seen[count++] = x;
    }
    return count <= CLASS_LIMIT ? count : 0;
}

static bool same_word(const char *a, const char *b)
{
    while (*a && (*a == *b || (*a >= 'A' && *a <= 'Z' && *a + 32 == *b))) {
        a++;
        b++;
    }
    return !*a && !*b;
}

/* By name first; then a last column with few values; then the only one with two. */
static const char *guess_target(const Table *t)
{
    static const char *const names[] = {"churn", "target", "label", "class", "outcome", "y", "survived", "default", "machine failure", "machine_failure"};
    size_t twos = 0, two = 0;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < t->columns_count; i++)
            if (same_word(t->names[i], names[n]))
                return t->names[i];
    for (size_t i = 0; i < t->columns_count; i++) {
        size_t levels = count_levels(t->columns[i]);
        if (levels >= 2 && i + 1 == t->columns_count)
            return t->names[i];
        twos += levels == 2;
        two = levels == 2 ? i : two;
    }
    return twos == 1 ? t->names[two] : NULL;
}

static void set_plan(Document *d, const Spec *spec, const char *json)
{
    Error ignored = {0};
    Value *map = json_parse(json, strlen(json), &ignored);
    void *params = map ? params_from_value(spec, map, &ignored) : NULL;
    if (params) {
        document_set_plan(d, spec, params);
        params_free(spec, params);
    }
    value_free(map);
}

static void set_net(SpecList *net, const char *json)
{
    Error ignored = {0};
    Value *map = json_parse(json, strlen(json), &ignored);
    spec_list_done(net);
    net_preset("mlp", map, net, &ignored);
    value_free(map);
}

Document *document_from_table(const Table *t, const char *file, const Value *read_options)
{
    Document *d = document_new();
    const char *target = guess_target(t);
    Pipeline *p = pipeline_new(t, file, read_options);
    if (target) {
        Pipeline *with = pipeline_with_target(p, target, NULL);
        pipeline_unref(p);
        p = with;
    }
    DocumentAdvice advice = document_advise(t, p);
    SplitPlan *split = params_new(&split_spec);
    split->by = (int)advice.by;
    d->pipeline = pipeline_with_split(p, split);
    params_free(&split_spec, split);
    pipeline_unref(p);
    char *train = text_format("{\"net\":[],\"epochs\":30,\"batch\":128,\"early_stop\":{\"metric\":\"%s\",\"patience\":8}}", advice.metric);
    char *tune = text_format("{\"metric\":\"%s\"}", advice.metric);
    set_plan(d, &train_spec, train);
    set_plan(d, &tune_spec, tune);
    set_net(&d->train.net, "{\"widths\":[64,32],\"dropout\":0.2}");
    set_net(&d->distill.base.net, "{\"widths\":[8]}");
    document_follow_train(d, NULL);
    mem_free(train);
    mem_free(tune);
    return d;
}

static bool names_column(const Value *params, const char *column)
{
    const Value *columns = params ? value_get(params, "columns") : NULL;
    for (size_t i = 0; columns && columns->type == VALUE_LIST && i < columns->size; i++)
        if (columns->items[i]->type == VALUE_TEXT && text_equal(columns->items[i]->text, column))
            return true;
    return false;
}

static bool has_step(const Recipe *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (text_equal(r->uses[i].step->spec.name, name))
            return true;
    return false;
}

/* The same step with the same parameters is already there. */
static bool has_use(const Recipe *r, const Step *step, const void *params)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->uses[i].step == step && params_equal(&step->spec, r->uses[i].params, params))
            return true;
    return false;
}

typedef struct Repair {
    Recipe *recipe;
    size_t split_at;
    size_t added;
} Repair;

static void insert(Repair *r, size_t at, const Step *step, const void *params)
{
    Recipe *next = recipe_insert(r->recipe, at, step, params);
    recipe_unref(r->recipe);
    r->recipe = next;
    if (r->split_at != SIZE_MAX && at <= r->split_at && step_is_structural(step))
        r->split_at++;
    r->added++;
}

static bool is_encoding(const Step *step)
{
    return text_equal(step->spec.group, "encode") || text_equal(step->spec.group, "scale");
}

/* Structural repairs end the prefix before the split; learned ones come before what encodes. */
static size_t place_of(const Repair *r, const Step *step)
{
    if (r->split_at != SIZE_MAX && step_is_structural(step))
        return r->split_at;
    size_t at = r->recipe->count, least = r->split_at == SIZE_MAX ? 0 : r->split_at;
    while (at > least && is_encoding(r->recipe->uses[at - 1].step))
        at--;
    return at;
}

static void add_repair(Repair *r, const char *name, const Value *wanted)
{
    Error ignored = {0};
    const Step *step = step_find(name);
    void *params = step ? params_from_value(&step->spec, wanted, &ignored) : NULL;
    if (params && !has_use(r->recipe, step, params))
        insert(r, place_of(r, step), step, params);
    if (step)
        params_free(&step->spec, params);
}

static void add_encoding(Repair *r, const char *name, const char *columns)
{
    const Step *step = has_step(r->recipe, name) ? NULL : step_find(name);
    if (!step)
        return;
    Error ignored = {0};
    Value *map = value_map();
    value_set(map, "columns", value_text(columns));
    void *params = params_from_value(&step->spec, map, &ignored);
    if (params)
        insert(r, r->recipe->count, step, params);
    params_free(&step->spec, params);
    value_free(map);
}

static void drop_columns(Repair *r, const Document *d, const Profile *profile)
{
    const Roles roles = pipeline_roles(d->pipeline);
    Value *map = value_map(), *columns = value_list();
    for (size_t i = 0; i < profile->columns_count; i++) {
        const ColumnProfile *c = &profile->columns[i];
        bool wordy = c->type == COLUMN_TEXT && c->distinct > LEVEL_LIMIT, dated = c->type == COLUMN_DATE || c->type == COLUMN_TIME;
        if (!roles_have(&roles, c->name) && (c->is_id || wordy || dated || c->distinct == 0))
            value_add(columns, value_text(c->name));
    }
    bool any = columns->size > 0;
    value_set(map, "columns", columns);
    if (any)
        add_repair(r, "drop", map);
    value_free(map);
}

static bool is_dropped(const Repair *r, const char *column)
{
    for (size_t i = 0; i < r->recipe->count; i++) {
        const StepUse *use = &r->recipe->uses[i];
        if (!text_equal(use->step->spec.name, "drop"))
            continue;
        Value *params = fields_to_value(use->step->spec.params, use->params, true);
        bool found = names_column(params, column);
        value_free(params);
        if (found)
            return true;
    }
    return false;
}

Document *document_with_repairs(const Document *d, const Profile *profile)
{
    Document *next = document_edit(d, "repair and encode", "Profile R");
    if (!d->pipeline)
        return next;
    Repair r = {.recipe = recipe_ref(d->pipeline->recipe), .split_at = d->pipeline->split_at};
    drop_columns(&r, d, profile);
    for (size_t i = 0; i < profile->findings_count; i++) {
        const Finding *f = &profile->findings[i];
        if (f->step && !(f->column && is_dropped(&r, f->column)))
            add_repair(&r, f->step, f->params);
    }
    add_encoding(&r, "one_hot", "text");
    add_encoding(&r, "standardize", "numeric");
    Pipeline *p = pipeline_with_recipe(d->pipeline, r.recipe, r.split_at);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    recipe_unref(r.recipe);
    return next;
}
