/* A recipe: an ordered list of steps with parameters, and, once fitted, what each learned. Shared, never changed after it is
 * built: edits make new recipes that share the rest. */
#ifndef STEPS_RECIPE_H
#define STEPS_RECIPE_H

#include "steps/past.h"

typedef struct StepUse {
    const Step *step;
    void *params;
    void *state;   /* NULL: not fitted, or it learns nothing */
    bool off;      /* switched off in the recipe view */
    size_t number; /* in the recipe that the user knows, from 1, where this is a part of one; 0: as it stands */
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
void recipe_add(Recipe *to, const Recipe *from, size_t at); /* to: still nobody else's */

StepEffect step_use_effect(const StepUse *use);
bool step_is_structural(const Step *step); /* learns nothing of rows and needs no random numbers: may run before the split */
bool step_has_context(const Step *step);   /* it looks at other rows than its own */
bool step_use_names(const StepUse *use, const char *column);   /* a parameter names it: a column, an expression's, not an exclusion */
bool step_use_selects(const StepUse *use, const char *column); /* by name in a list of columns */
/* The columns that tell its groups apart and order their rows: those it names, else those of the roles. Nothing where it has no
 * context. Added to names. */
void step_use_context(const StepUse *use, const Roles *roles, TextList *names);
PastAsk step_use_ask(const StepUse *use);                         /* its parameters by and time; use NULL: none are named */
const void *step_use_param(const StepUse *use, const char *name); /* NULL: it has no such parameter */
/* `before` may change or make a column that `use`, which has context, reads. Columns with roles are meant only by name. */
bool step_use_waits_for(const StepUse *use, const StepUse *before, const Roles *roles);
/* Steps that run after the split must not name the target: refused, by step. */
bool recipe_check_target(const Recipe *after, const char *target, Error *e);
/* Fits each step on the training rows as transformed so far. *train_out (may be NULL): the training rows after all steps. */
Recipe *recipe_fit(Job *job, const Recipe *r, const Table *train, const Roles *roles, uint64_t seed, Table **train_out, Error *e);
/* Steps first .. last-1 of a fitted recipe over training rows, with what recipe_fit gave them to draw from; those that change rows anew
 * in each epoch draw by the epoch, from 1, or leave the rows as they are: RECIPE_NO_EPOCH. */
enum { RECIPE_NO_EPOCH = -1 };
typedef struct RecipeStretch {
    const Recipe *fitted;
    size_t first, last;
    uint64_t seed;
    int64_t epoch;
} RecipeStretch;
Table *recipe_apply_train(Job *job, const RecipeStretch *s, const Table *t, const Roles *roles, Error *e);
size_t recipe_each_epoch(const Recipe *r);      /* the first step that does so; its count: none */
void recipe_number(Recipe *part, size_t first); /* its steps are those from `first` on, from 0, of the recipe that the user knows */
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
    Unready *unready; /* gets the rows with too little past, which stay in the table */
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
