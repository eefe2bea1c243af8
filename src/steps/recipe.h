/* A recipe: an ordered list of steps with parameters, and, once fitted, what each learned. Shared, never changed after it is
 * built: edits make new recipes that share the rest. */
#ifndef STEPS_RECIPE_H
#define STEPS_RECIPE_H

#include "steps/step.h"

typedef struct StepUse {
    const Step *step;
    void *params;
    void *state; /* NULL: not fitted, or it learns nothing */
    bool off;    /* switched off in the recipe view */
} StepUse;

typedef struct Recipe {
    int references;
    StepUse *uses;
    size_t count;
    bool after_split; /* its steps never see the target, whatever they do */
    TextList notes;   /* what its steps said about those rows; not saved */
} Recipe;

Recipe *recipe_new(void);
Recipe *recipe_ref(const Recipe *r);
void recipe_unref(Recipe *r); /* accepts NULL */
/* Edits: a new recipe. at = count appends. params is copied. */
Recipe *recipe_insert(const Recipe *r, size_t at, const Step *step, const void *params);
Recipe *recipe_remove(const Recipe *r, size_t at);
Recipe *recipe_replace(const Recipe *r, size_t at, const void *params);
Recipe *recipe_move(const Recipe *r, size_t from, size_t to);
Recipe *recipe_switch(const Recipe *r, size_t at, bool off);
Recipe *recipe_slice(const Recipe *r, size_t from, size_t to); /* steps from .. to-1, with their states */
Recipe *recipe_concat(const Recipe *a, const Recipe *b);

StepEffect step_use_effect(const StepUse *use);
bool step_is_structural(const Step *step); /* learns nothing of rows and needs no random numbers: may run before the split */
bool step_use_names(const StepUse *use, const char *column);   /* a parameter names it: a column, an expression's, not an exclusion */
bool step_use_selects(const StepUse *use, const char *column); /* by name in a list of columns */
/* Steps that run after the split must not name the target: refused, by step. */
bool recipe_check_target(const Recipe *after, const char *target, Error *e);
/* Fits each step on the training rows as transformed so far. *train_out (may be NULL): the training rows after all steps. */
Recipe *recipe_fit(Job *job, const Recipe *r, const Table *train, const Roles *roles, uint64_t seed, Table **train_out, Error *e);
/* Applies a fitted recipe (or one that learns nothing). Errors name the step: "step 3 (log1p): ...". */
Table *recipe_apply(Job *job, const Recipe *fitted, const Table *t, const Roles *roles, Error *e);
/* The same with an eye on single rows: what steps say of them goes to `rows`, and stepped (may be NULL) sees each step's work. With
 * `notes` the rows are those the recipe is designed on: steps say what they do to them, and refuse what ruins them. */
typedef struct RecipeWatch {
    void *self;
    const struct SideTables *sides; /* as in a StepInput */
    RowReasons *rows;
    TextList *notes;
    bool (*stepped)(void *self, const StepUse *use, const Table *before, const Table *after, Error *e);
} RecipeWatch;
Table *recipe_apply_watched(Job *job, const Recipe *fitted, const Table *t, const Roles *roles, const RecipeWatch *watch, Error *e);
/* One step, for previews: fits on `train` and applies to `shown` (a few rows of it); *state as learned. */
Value *recipe_to_value(const Recipe *r, bool with_state); /* [{"step": "log1p", "columns": [...], "off": true, "state": {...}}] */
Recipe *recipe_from_value(const Value *v, Error *e);
void step_use_describe(const StepUse *use, Text *out);

/* What a step did, for the preview before it is committed. */
typedef struct StepEffectReport {
    size_t cells_touched, rows_before, rows_after, columns_touched, columns_added, columns_removed, made_missing;
} StepEffectReport;
void recipe_compare(const Table *before, const Table *after, StepEffectReport *out);

#endif
