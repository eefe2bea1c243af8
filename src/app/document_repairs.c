/* The steps that turn what a profile found into something a net can read. Findings that ask for the same share one step, so a wide
 * table gets a short recipe; nothing is dropped or merged that no finding shows. */
#include <string.h>

#include "app/document.h"

bool document_encodes(const Step *step)
{
    return text_equal(step->spec.group, "encode") || (text_equal(step->spec.group, "scale") && step->fit);
}

/* A step that is asked for, with all columns that ask for it. */
typedef struct Group {
    const Step *step;
    Value *params;  /* without columns */
    Value *columns; /* a list; NULL: the step takes none */
} Group;

typedef struct Repairs {
    const Document *d;
    Group *groups;
    size_t count, room;
    Recipe *recipe;
    size_t split_at;
    TextList dropped;
} Repairs;

/* As the step reads it, so that what is given and what is the default look the same. */
static Value *without_columns(const Step *step, const Value *params)
{
    Error ignored = {0};
    Value *given = params ? value_copy(params) : value_map(), *rest;
    if (value_get(given, "columns"))
        value_set(given, "columns", value_list());
    void *block = params_from_value(&step->spec, given, &ignored);
    rest = block ? fields_to_value(step->spec.params, block, false) : value_copy(given);
    params_free(&step->spec, block);
    value_free(given);
    value_remove(rest, "columns");
    return rest;
}

static Group *group_for(Repairs *r, const Step *step, const Value *params)
{
    Value *rest = without_columns(step, params);
    bool columns = params && value_get(params, "columns");
    for (size_t i = 0; i < r->count; i++) {
        Group *g = &r->groups[i];
        if (g->step == step && columns && g->columns && value_equal(g->params, rest)) {
            value_free(rest);
            return g;
        }
    }
    MEM_GROW(r->groups, r->count, r->room);
    r->groups[r->count++] = (Group){step, rest, columns ? value_list() : NULL};
    return &r->groups[r->count - 1];
}

static bool lists(const Value *columns, const char *name)
{
    for (size_t i = 0; columns && columns->type == VALUE_LIST && i < columns->size; i++)
        if (columns->items[i]->type == VALUE_TEXT && text_equal(columns->items[i]->text, name))
            return true;
    return false;
}

/* The same step with the same parameters already has this column, or all that the step looks at. */
static bool is_there(const Recipe *r, const Group *g, const char *column)
{
    bool found = false;
    for (size_t i = 0; !found && i < r->count; i++) {
        const StepUse *use = &r->uses[i];
        if (use->step != g->step || use->off)
            continue;
        Value *params = fields_to_value(use->step->spec.params, use->params, true), *rest = without_columns(use->step, params);
        const Value *columns = value_get(params, "columns");
        found = value_equal(rest, g->params) && (!g->columns || lists(columns, column) || lists(columns, "all"));
        value_free(params);
        value_free(rest);
    }
    return found;
}

static void ask(Repairs *r, const char *name, const Value *params, const char *column)
{
    const Step *step = step_find(name);
    if (!step)
        return;
    Group *g = group_for(r, step, params);
    if (g->columns && !is_there(r->recipe, g, column) && !lists(g->columns, column))
        value_add(g->columns, value_text(column));
}

/* What made cells missing is followed by what fills them, when a net shall read the table. */
static void ask_to_fill(Repairs *r, const Finding *f, const Profile *profile)
{
    bool makes = text_equal(f->step, "make_missing"), casts = text_equal(f->step, "cast"), parses = text_equal(f->step, "parse_number");
    bool number = parses || (casts && !text_equal(value_get_text(f->params, "to", ""), "text"));
    if (!f->column || text_equal(f->column, r->d->pipeline->target) || (!makes && !casts && !parses))
        return;
    for (size_t i = 0; i < profile->columns_count; i++)
        if (text_equal(profile->columns[i].name, f->column))
            number = number || profile->columns[i].is_numeric;
    Value *params = value_map();
    value_set(params, "columns", value_list());
    value_set(params, "strategy", value_text(number ? "median" : "mode"));
    ask(r, "fill_missing", params, f->column);
    value_free(params);
}

static void insert(Repairs *r, size_t at, const Step *step, const Value *params)
{
    Error ignored = {0};
    void *block = params_from_value(&step->spec, params, &ignored);
    if (!block)
        return;
    Recipe *next = recipe_insert(r->recipe, at, step, block);
    params_free(&step->spec, block);
    recipe_unref(r->recipe);
    r->recipe = next;
    if (r->split_at != SIZE_MAX && at <= r->split_at && step_is_structural(step))
        r->split_at++;
}

/* Structural repairs end the prefix before the split; what learns, and log1p behind it, comes before what encodes. */
static size_t place_of(const Repairs *r, const Step *step)
{
    bool early = step_is_structural(step) && !text_equal(step->spec.group, "scale");
    if (r->split_at != SIZE_MAX && early)
        return r->split_at;
    size_t at = r->recipe->count, least = r->split_at == SIZE_MAX ? 0 : r->split_at;
    while (at > least && document_encodes(r->recipe->uses[at - 1].step))
        at--;
    return at;
}

static void add_group(Repairs *r, const Group *g)
{
    if (g->columns ? g->columns->size == 0 : is_there(r->recipe, g, NULL))
        return;
    Value *params = value_copy(g->params);
    if (g->columns)
        value_set(params, "columns", value_copy(g->columns));
    insert(r, place_of(r, g->step), g->step, params);
    value_free(params);
}

/* With what it takes by default. */
static void add_encoding(Repairs *r, const char *name)
{
    const Step *step = step_find(name);
    for (size_t i = 0; i < r->recipe->count; i++)
        if (r->recipe->uses[i].step == step)
            return;
    Value *params = value_map();
    insert(r, r->recipe->count, step, params);
    value_free(params);
}

/* The unit, the target and the time of a pipeline are no features and stay. */
static bool must_stay(const Document *d, const Finding *f)
{
    Roles roles = pipeline_roles(d->pipeline);
    return f->column && text_equal(f->step, "drop") && roles_have(&roles, f->column);
}

/* Columns that go need no other repair. */
static void ask_for_all(Repairs *r, const Profile *profile, const bool *taken, bool encode)
{
    for (size_t i = 0; i < profile->findings_count; i++) {
        const Finding *f = &profile->findings[i];
        if (!taken[i] || !f->step || !text_equal(f->step, "drop") || must_stay(r->d, f))
            continue;
        ask(r, f->step, f->params, f->column);
        text_list_add(&r->dropped, f->column);
    }
    for (size_t i = 0; i < profile->findings_count; i++) {
        const Finding *f = &profile->findings[i];
        if (!taken[i] || !f->step || text_equal(f->step, "drop") || (f->column && text_list_has(&r->dropped, f->column)))
            continue;
        ask(r, f->step, f->params, f->column);
        if (encode)
            ask_to_fill(r, f, profile);
    }
}

/* Rows are compared before anything makes them more alike than the finding saw; values that are none before spellings. */
static int rank_of(const Group *g)
{
    static const char *const order[] = {"drop_duplicates", "drop",           "make_missing", "cast",          "parse_number",
                                        "parse_date",      "normalize_text", "fill_missing", "clip_outliers", "log1p"};
    int i = 0;
    while (i < (int)(sizeof order / sizeof *order) && !text_equal(order[i], g->step->spec.name))
        i++;
    return i;
}

Document *document_with_repairs(const Document *d, const Profile *profile, const bool *taken, bool encode)
{
    Document *next = document_edit(d, encode ? "repair and encode" : "repair", "Profile A");
    if (!d->pipeline)
        return next;
    Repairs r = {.d = d, .recipe = recipe_ref(d->pipeline->recipe), .split_at = d->pipeline->split_at};
    ask_for_all(&r, profile, taken, encode);
    for (int rank = 0, found = 0; found < (int)r.count; rank++)
        for (size_t i = 0; i < r.count; i++) {
            if (rank_of(&r.groups[i]) != rank)
                continue;
            add_group(&r, &r.groups[i]);
            found++;
        }
    for (size_t i = 0; i < r.count; i++) {
        value_free(r.groups[i].params);
        value_free(r.groups[i].columns);
    }
    if (encode) {
        add_encoding(&r, "one_hot");
        add_encoding(&r, "standardize");
    }
    if (encode && document_is_tabular(d)) {
        Recipe *own = document_recipe_for_tabular(r.recipe);
        recipe_unref(r.recipe);
        r.recipe = own;
    }
    Pipeline *p = pipeline_with_recipe(d->pipeline, r.recipe, r.split_at);
    pipeline_unref(next->pipeline);
    next->pipeline = p;
    recipe_unref(r.recipe);
    text_list_done(&r.dropped);
    mem_free(r.groups);
    return next;
}

void document_mark_repaired(const Document *d, Profile *profile)
{
    for (size_t i = 0; d->pipeline && i < profile->findings_count; i++) {
        Finding *f = &profile->findings[i];
        const Step *step = f->step ? step_find(f->step) : NULL;
        if (!step)
            continue;
        Group g = {step, without_columns(step, f->params), f->column ? value_list() : NULL};
        bool there = is_there(d->pipeline->recipe, &g, f->column), stays = must_stay(d, f);
        if (there || stays) {
            char *text = stays ? text_format("%s (it has a role and is no feature)", f->text)
                               : text_format("%s (%s is in the recipe)", f->text, f->step);
            mem_free(f->text);
            mem_free(f->step);
            f->text = text;
            f->step = NULL;
        }
        value_free(g.params);
        value_free(g.columns);
    }
}
