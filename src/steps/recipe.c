/* Recipes: lists of steps that are edited by making new lists, fitted on training rows and applied to any rows. */
#include "steps/recipe.h"
#include <string.h>

#include "steps/past.h"
#include "steps/recipe_target.h"
#include "steps/unready.h"

/* What a step learned is a row list too; this makes it look like the parameters of a Spec. */
static Spec state_spec(const Step *step)
{
    return (Spec){.name = step->spec.name, .params = step->learns, .params_size = step->state_size};
}

static StepUse use_copy(const StepUse *use)
{
    Spec state = state_spec(use->step);
    return (StepUse){.step = use->step,
                     .params = params_copy(&use->step->spec, use->params),
                     .state = use->state ? params_copy(&state, use->state) : NULL,
                     .off = use->off,
                     .number = use->number};
}

static void use_done(StepUse *use)
{
    Spec state = state_spec(use->step);
    params_free(&use->step->spec, use->params);
    params_free(&state, use->state);
}

static Recipe *recipe_room(size_t count)
{
    Recipe *r = MEM_NEW(Recipe);
    r->references = 1;
    r->uses = mem_alloc((count + 1) * sizeof *r->uses);
    return r;
}

static void append(Recipe *to, const Recipe *from, size_t first, size_t last)
{
    for (size_t i = first; i < last && i < from->count; i++)
        to->uses[to->count++] = use_copy(&from->uses[i]);
}

Recipe *recipe_new(void)
{
    return recipe_room(0);
}

void recipe_add(Recipe *to, const Recipe *from, size_t at)
{
    to->uses = mem_realloc(to->uses, (to->count + 2) * sizeof *to->uses);
    append(to, from, at, at + 1);
}

Recipe *recipe_ref(const Recipe *r)
{
    Recipe *shared = (Recipe *)(uintptr_t)r;
    __atomic_add_fetch(&shared->references, 1, __ATOMIC_RELAXED);
    return shared;
}

void recipe_unref(Recipe *r)
{
    if (!r || __atomic_sub_fetch(&r->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (size_t i = 0; i < r->count; i++)
        use_done(&r->uses[i]);
    text_list_done(&r->notes);
    mem_free(r->uses);
    mem_free(r);
}

Recipe *recipe_insert(const Recipe *r, size_t at, const Step *step, const void *params)
{
    Recipe *n = recipe_room(r->count + 1);
    if (at > r->count)
        at = r->count;
    append(n, r, 0, at);
    n->uses[n->count++] = (StepUse){.step = step, .params = params_copy(&step->spec, params)};
    append(n, r, at, r->count);
    return n;
}

Recipe *recipe_remove(const Recipe *r, size_t at)
{
    Recipe *n = recipe_room(r->count);
    append(n, r, 0, at);
    append(n, r, at + 1, r->count);
    return n;
}

Recipe *recipe_replace(const Recipe *r, size_t at, const void *params)
{
    Recipe *without = recipe_remove(r, at), *n = recipe_insert(without, at, r->uses[at].step, params);
    n->uses[at].off = r->uses[at].off;
    recipe_unref(without);
    return n;
}

Recipe *recipe_move(const Recipe *r, size_t from, size_t to)
{
    Recipe *n = recipe_slice(r, 0, r->count);
    StepUse moved = n->uses[from];
    if (to >= n->count)
        to = n->count - 1;
    if (from < to)
        memmove(&n->uses[from], &n->uses[from + 1], (to - from) * sizeof moved);
    else
        memmove(&n->uses[to + 1], &n->uses[to], (from - to) * sizeof moved);
    n->uses[to] = moved;
    return n;
}

Recipe *recipe_switch(const Recipe *r, size_t at, bool off)
{
    Recipe *n = recipe_slice(r, 0, r->count);
    n->uses[at].off = off;
    return n;
}

Recipe *recipe_slice(const Recipe *r, size_t from, size_t to)
{
    Recipe *n = recipe_room(r->count);
    append(n, r, from, to);
    n->after_split = r->after_split;
    return n;
}

Recipe *recipe_concat(const Recipe *a, const Recipe *b)
{
    Recipe *n = recipe_room(a->count + b->count);
    append(n, a, 0, a->count);
    append(n, b, 0, b->count);
    return n;
}

void recipe_number(Recipe *part, size_t first)
{
    for (size_t i = 0; i < part->count; i++)
        part->uses[i].number = first + i + 1;
}

StepEffect step_use_effect(const StepUse *use)
{
    return use->step->effect_of ? use->step->effect_of(use->params) : use->step->effect;
}

bool step_is_structural(const Step *step)
{
    return (!step->fit || step->fits_side_only || step->fits_form_only) && !step->apply_train && step->effect != STEP_SAMPLES;
}

typedef struct Run {
    Job *job;
    const Roles *roles;
    RngKey key;
    bool training, after_split;
    RowReasons *reasons;
    TextList *notes;  /* NULL: nobody listens */
    Unready *unready; /* NULL: nobody asks */
    PastCache *pasts;
    const Table *source;
    const struct SideTables *sides;
} Run;

/* Under the step's name, and once only: fitting and applying may say the same. */
static void keep_notes(TextList *to, const StepUse *use, const TextList *said)
{
    for (size_t i = 0; to && i < said->count; i++) {
        char *note = text_format("%s: %s", use->step->spec.name, said->items[i]);
        if (!text_list_has(to, note))
            text_list_add(to, note);
        mem_free(note);
    }
}

/* What a step must not see. One that says it uses the target is shown it, of training rows. */
static bool hides_target(const Run *run, const Step *step)
{
    return (run->after_split || !step_is_structural(step)) && !(run->training && step->uses_target);
}

static bool run_apply_as(const Run *run, const StepUse *use, const Table *seen, Table **out, Error *e)
{
    bool (*apply)(Job *, const StepInput *, const void *, Table **, Error *) = use->step->apply;
    TextList said = {0};
    StepInput in = {.step = use->step,
                    .params = use->params,
                    .rows = seen,
                    .roles = run->roles,
                    .key = run->key,
                    .source = run->source,
                    .reasons = run->reasons,
                    .sides = run->sides,
                    .notes = run->notes ? &said : NULL,
                    .unready = run->unready,
                    .pasts = run->pasts};
    if (run->reasons)
        run->reasons->step = use->step->spec.name;
    if (run->unready)
        run->unready->step = use->step->spec.name;
    if (run->training && use->step->apply_train)
        apply = use->step->apply_train;
    bool ok = apply(run->job, &in, use->state, out, e);
    keep_notes(run->notes, use, &said);
    text_list_done(&said);
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}

static Table *run_apply(const Run *run, const StepUse *use, const Table *t, Error *e)
{
    HiddenTarget hidden;
    Table *seen = target_hide(&hidden, t, hides_target(run, use->step) ? run->roles : NULL, e), *out = NULL;
    bool ok = seen && run_apply_as(run, use, seen, &out, e);
    table_unref(seen);
    return ok ? target_show(&hidden, out, e) : NULL;
}

static bool run_fit(const Run *run, StepUse *use, const Table *t, Error *e)
{
    if (!use->step->fit)
        return true;
    HiddenTarget hidden;
    Spec state = state_spec(use->step);
    Table *seen = target_hide(&hidden, t, hides_target(run, use->step) ? run->roles : NULL, e);
    params_free(&state, use->state);
    use->state = mem_alloc(use->step->state_size ? use->step->state_size : 1);
    TextList said = {0};
    StepInput in = {.step = use->step,
                    .params = use->params,
                    .rows = seen,
                    .roles = run->roles,
                    .key = run->key,
                    .source = run->source,
                    .notes = run->notes ? &said : NULL};
    bool ok = seen && use->step->fit(run->job, &in, use->state, e);
    keep_notes(run->notes, use, &said);
    text_list_done(&said);
    table_unref(seen);
    return ok;
}

static bool named(Error *e, size_t i, const StepUse *use)
{
    return error_prefix(e, "step %zu (%s): ", use->number ? use->number : i + 1, use->step->spec.name);
}

Recipe *recipe_fit(Job *job, const Recipe *r, const Table *train, const Roles *roles, uint64_t seed, Table **train_out, Error *e)
{
    Recipe *fitted = recipe_slice(r, 0, r->count);
    Table *now = table_ref(train);
    PastCache pasts = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < fitted->count; i++) {
        StepUse *use = &fitted->uses[i];
        if (use->off)
            continue;
        Run run = {.job = job,
                   .roles = roles,
                   .key = rng_child(rng_key(seed, "step"), i),
                   .training = true,
                   .after_split = r->after_split,
                   .notes = &fitted->notes,
                   .pasts = &pasts,
                   .source = train};
        ok = job_go_on(job, e) && run_fit(&run, use, now, e);
        Table *next = ok ? run_apply(&run, use, now, e) : NULL;
        ok = next != NULL;
        if (!ok)
            named(e, i, use);
        table_unref(now);
        now = next;
    }
    if (ok && train_out)
        *train_out = table_ref(now);
    table_unref(now);
    past_cache_done(&pasts);
    if (!ok)
        recipe_unref(fitted);
    return ok ? fitted : NULL;
}

size_t recipe_each_epoch(const Recipe *r)
{
    size_t i = 0;
    while (i < r->count && (r->uses[i].off || !r->uses[i].step->each_epoch))
        i++;
    return i;
}

Table *recipe_apply_train(Job *job, const RecipeStretch *s, const Table *t, const Roles *roles, Error *e)
{
    Table *now = table_ref(t);
    PastCache pasts = {0};
    for (size_t i = s->first; now && i < s->last; i++) {
        const StepUse *use = &s->fitted->uses[i];
        RngKey key = rng_child(rng_key(s->seed, "step"), i);
        bool is_drawn = use->step->each_epoch;
        if (use->off || (is_drawn && s->epoch == RECIPE_NO_EPOCH))
            continue;
        Run run = {.job = job,
                   .roles = roles,
                   .key = is_drawn ? rng_child(key, (uint64_t)s->epoch) : key,
                   .training = true,
                   .after_split = s->fitted->after_split,
                   .pasts = &pasts,
                   .source = t};
        Table *next = job_go_on(job, e) ? run_apply(&run, use, now, e) : NULL;
        if (!next)
            named(e, i, use);
        table_unref(now);
        now = next;
    }
    past_cache_done(&pasts);
    return now;
}

static Table *apply_one(const Run *run, const StepUse *use, const Table *now, const RecipeWatch *watch, Error *e)
{
    bool ready = !use->step->fit || use->state;
    if (!ready)
        error_set(e, ERROR_FAILED, "it has not been fitted on training rows yet");
    Table *next = ready && job_go_on(run->job, e) ? run_apply(run, use, now, e) : NULL;
    if (next && watch->stepped && !watch->stepped(watch->self, use, now, next, e)) {
        table_unref(next);
        return NULL;
    }
    return next;
}

Table *recipe_apply(Job *job, const Recipe *fitted, const Table *t, const Roles *roles, Error *e)
{
    return recipe_apply_watched(job, fitted, t, roles, &(RecipeWatch){0}, e);
}

Table *recipe_apply_watched(Job *job, const Recipe *fitted, const Table *t, const Roles *roles, const RecipeWatch *watch, Error *e)
{
    Table *now = table_ref(t);
    PastCache pasts = {0};
    for (size_t i = 0; now && i < fitted->count; i++) {
        const StepUse *use = &fitted->uses[i];
        if (use->off)
            continue;
        Run run = {.job = job,
                   .roles = roles,
                   .key = rng_child(rng_key(0, "apply"), i),
                   .after_split = fitted->after_split,
                   .reasons = watch->rows,
                   .notes = watch->notes,
                   .unready = watch->unready,
                   .pasts = &pasts,
                   .sides = watch->sides};
        Table *next = apply_one(&run, use, now, watch, e);
        if (!next)
            named(e, i, use);
        table_unref(now);
        now = next;
    }
    past_cache_done(&pasts);
    return now;
}

static void describe_params(const StepUse *use, Text *out)
{
    const char *between = "";
    for (const Field *f = use->step->spec.params; f && f->name; f++) {
        if (f->type != FIELD_COLUMNS && f->def && field_is_default(f, use->params))
            continue;
        char *text = field_text(f, use->params);
        if (*text)
            text_addf(out, "%s%s%s%s", between, f->type == FIELD_COLUMNS ? "" : f->name, f->type == FIELD_COLUMNS ? "" : " ", text);
        between = *text ? "  " : between;
        mem_free(text);
    }
}

void step_use_describe(const StepUse *use, Text *out)
{
    if (use->step->describe)
        use->step->describe(use->params, use->state, out);
    else
        describe_params(use, out);
}
