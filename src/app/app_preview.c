/* What a step would do: fitted and applied on a bounded sample of the rows before it, so that a form answers at once. */
#include <stdint.h>
#include <string.h>

#include "app/app_state.h"

/* Evenly spaced rows, in order. */
static Table *sample_rows(const Table *t, size_t limit, Error *e)
{
    if (t->rows <= limit)
        return table_ref(t);
    size_t *rows = mem_try_alloc(limit, sizeof *rows, e);
    if (!rows)
        return NULL;
    for (size_t i = 0; i < limit; i++)
        rows[i] = (size_t)((double)i * (double)t->rows / (double)limit);
    Table *sample = table_select(t, rows, limit, e);
    mem_free(rows);
    return sample;
}

static Table *rows_before(const Pipeline *p, size_t at, const Roles *roles, Error *e)
{
    Table *sample = sample_rows(p->source, APP_PREVIEW_ROWS, e), *before = NULL;
    Recipe *prefix = sample ? recipe_slice(p->recipe, 0, at) : NULL;
    Recipe *fitted = prefix ? recipe_fit(NULL, prefix, sample, roles, p->seed, &before, e) : NULL;
    table_unref(sample);
    recipe_unref(prefix);
    recipe_unref(fitted);
    return fitted ? before : NULL;
}

bool app_preview(App *a, size_t at, const Step *step, const void *params, AppPreview *out, Error *e)
{
    *out = (AppPreview){0};
    const Document *d = app_document(a);
    if (!d || !d->pipeline || !d->pipeline->source)
        return error_set(e, ERROR_FAILED, "no table open");
    if (at > d->pipeline->recipe->count)
        return error_set(e, ERROR_FAILED, "the recipe has changed meanwhile: it has no step %zu any more", at + 1);
    if (!fields_check_filled(step->spec.params, params, step->spec.name, e))
        return false;
    const Pipeline *p = d->pipeline;
    Roles roles = pipeline_roles(p);
    Recipe *empty = recipe_new(), *one = recipe_insert(empty, 0, step, params), *fitted = NULL;
    bool ok = false;
    out->rows = p->source->rows;
    recipe_number(one, at);
    one->after_split = !step_has_context(step) && (!step_is_structural(step) || at > p->split_at);
    out->before = !one->after_split || recipe_check_target(one, p->target, e) ? rows_before(p, at, &roles, e) : NULL;
    if (!out->before)
        goto done;
    out->sampled = out->before->rows;
    fitted = recipe_fit(NULL, one, out->before, &roles, p->seed, &out->after, e);
    if (!fitted)
        goto done;
    recipe_compare(out->before, out->after, &out->effect);
    if (step->learns && fitted->uses[0].state)
        out->state = fields_to_value(step->learns, fitted->uses[0].state, true);
    out->notes = text_list_copy(&fitted->notes);
    ok = true;
done:
    recipe_unref(empty);
    recipe_unref(one);
    recipe_unref(fitted);
    if (!ok)
        app_preview_done(out);
    return ok;
}

void app_preview_done(AppPreview *p)
{
    table_unref(p->before);
    table_unref(p->after);
    value_free(p->state);
    text_list_done(&p->notes);
    *p = (AppPreview){0};
}
