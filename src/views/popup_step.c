/* The form of a step, new or in the recipe: what it would do to real rows stands below its fields, Enter puts it into the document. */
#include <stdint.h>

#include "base/number.h"
#include "steps/step.h"
#include "views/workbench.h"

typedef struct StepForm {
    const Step *step;
    size_t at; /* of the step that is edited; SIZE_MAX: a new one */
    const char *place;
} StepForm;

static void add_count(Text *out, size_t count, const char *words)
{
    char number[NUMBER_ROOM];
    text_addf(out, "%s %s", number_format_count((int64_t)count, number), words);
}

/* How much the step touches, on the rows that reach it. */
static bool preview(Workbench *w, void *self, const void *params, Text *lines, Error *e)
{
    const StepForm *f = self;
    AppPreview p;
    char of[NUMBER_ROOM];
    size_t at = f->at == SIZE_MAX ? app_step_place(w->app, f->step, params) : f->at;
    if (!app_preview(w->app, at, f->step, params, &p, e))
        return false;
    add_count(lines, p.effect.cells_touched, "cells touched in ");
    add_count(lines, p.sampled, "rows");
    if (p.sampled < p.rows)
        text_addf(lines, " sampled of %s", number_format_count((int64_t)p.rows, of));
    text_add_char(lines, '\n');
    if (p.effect.rows_after != p.effect.rows_before)
        text_addf(lines, "rows %zu \u2192 %zu\n", p.effect.rows_before, p.effect.rows_after);
    if (p.effect.columns_added || p.effect.columns_removed)
        text_addf(lines, "columns: %zu new, %zu gone\n", p.effect.columns_added, p.effect.columns_removed);
    if (p.effect.made_missing)
        add_count(lines, p.effect.made_missing, "cells become null\n");
    for (size_t i = 0; i < p.notes.count; i++)
        text_addf(lines, "%s\n", p.notes.items[i]);
    app_preview_done(&p);
    return true;
}

static bool apply(Workbench *w, void *self, const Value *params, Error *e)
{
    const StepForm *f = self;
    return f->at == SIZE_MAX ? app_add_step(w->app, SIZE_MAX, f->step->spec.name, params, f->place, e)
                             : app_replace_step(w->app, f->at, params, f->place, e);
}

static void open_form(Workbench *w, const StepForm *form, const Value *params, const char *remark)
{
    StepForm *f = mem_copy(form, sizeof *form);
    popup_form(w, &(FormUse){.spec = &f->step->spec, .params = params, .remark = remark, .preview = preview, .apply = apply, .self = f});
}

void popup_step_new(Workbench *w, const Step *step, const Value *params, const char *place)
{
    open_form(w, &(StepForm){step, SIZE_MAX, place}, params, "new step");
}

void popup_step_edit(Workbench *w, size_t at, const char *place)
{
    const Recipe *r = app_document(w->app)->pipeline->recipe;
    const StepUse *use = &r->uses[at];
    Value *params = fields_to_value(use->step->spec.params, use->params, false);
    char *remark = text_format("step %zu of %zu", at + 1, r->count);
    open_form(w, &(StepForm){use->step, at, place}, params, remark);
    mem_free(remark);
    value_free(params);
}
