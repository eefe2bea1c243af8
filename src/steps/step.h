/* A step changes a table: repairs, expands or engineers it. A Step is a Spec; what fit learned is a row list too and is saved
 * with the recipe. fit sees training rows only; apply cannot read the target. */
#ifndef STEPS_STEP_H
#define STEPS_STEP_H

#include "base/rng.h"
#include "spec/params.h"
#include "spec/registry.h"
#include "table/query.h"
#include "table/table.h"

typedef enum StepEffect { STEP_MAP, STEP_DROPS_ROWS, STEP_ADDS_ROWS, STEP_SAMPLES } StepEffect;

/* What a step looks at beside the row itself, always within the row's own group. A step that looks further than its row has the
 * parameters `by` and `time` (steps/past.h), learns nothing and runs before the split. */
typedef enum StepNeeds {
    NEEDS_ROW,   /* nothing else, or what fit learned */
    NEEDS_PAST,  /* rows up to its own in time */
    NEEDS_GROUP, /* all rows, in no order */
    NEEDS_AHEAD  /* later rows: what it makes is no feature */
} StepNeeds;

typedef struct Unready Unready;     /* steps/unready.h */
typedef struct PastCache PastCache; /* steps/past.h */

/* What steps say of single rows while a model is fed, by row id. */
typedef struct RowReasons {
    const char *step; /* that is running */
    size_t rows;
    char **faults;  /* rows texts, NULL: none. The row gets no prediction */
    char **remarks; /* the same; the prediction stands */
} RowReasons;

/* How far ahead of a row lies what a step makes of later rows. */
typedef struct StepReach {
    int64_t steps; /* 0: it makes nothing of later rows; INT64_MAX: all rows of the group */
    int unit;      /* SeriesUnit (steps/series.h): what steps count */
    bool relative; /* what it makes are differences from the row's own value */
} StepReach;

struct SideTables; /* steps/side.h */
struct SideNeeds;

typedef struct StepInput {
    const struct Step *step; /* that runs */
    const void *params;
    const Table *rows;
    const Roles *roles;
    RngKey key;
    const Table *source; /* while learning: the rows before the first step of the recipe; they may hold columns that a step left out */
    RowReasons *reasons; /* NULL: rows are learned from or judged, and one that the step cannot take is an error */
    const struct SideTables
        *sides; /* tables given beside rows from elsewhere; NULL: the rows belong to the tables that the recipe was fitted with */
    TextList
        *notes; /* tools_note: what the step has to say to whoever designs the recipe; NULL: rows only pass through, as in prediction */
    Unready *unready; /* while designing: tools_unready marks rows with too little past here; NULL: nobody asks */
    PastCache *pasts; /* orders of rows that earlier steps of the recipe have made; NULL: none are kept */
} StepInput;

typedef struct Step {
    Spec spec;
    const Field *learns;
    size_t state_size;
    StepEffect effect;
    StepNeeds needs;
    bool uses_target;    /* fit, and apply_train on training rows, see the target; apply never does */
    bool fits_side_only; /* fit reads a side table and no row, so the step may run before the split */
    bool fits_form_only; /* fit finds how cells are written, and no figure: it may run before the split, over all rows */
    bool compares_rows;  /* rows are dropped for being equal to others, whatever is in them */
    bool mixes_columns;  /* a column it makes is made of several that it names, whatever it is called */
    bool each_epoch;     /* apply_train changes the rows, not their number, anew in each epoch of a training */
    bool only_names;     /* leaves columns out or renames them; apply reads no cell */
    StepEffect (*effect_of)(const void *params); /* where parameters decide on it; NULL: `effect` */
    /* Of a column that it makes of later rows, or of any (made NULL); NULL: nothing is known of it. */
    StepReach (*reach)(const void *params, const char *made);
    /* The column `made` is made of what the parameter `field` selects; NULL: every column of all that the step reads. */
    bool (*is_made_of)(const void *params, const char *made, const char *field);
    /* What an older version learned becomes what is learned now; NULL: it never changed. */
    void (*renew_state)(const void *params, Value *state);
    /* Adds the tables that it reads beside the rows; NULL: none. */
    void (*sides)(const void *params, const void *state, struct SideNeeds *out);
    bool (*fit)(Job *job, const StepInput *in, void *state, Error *e); /* NULL: nothing learned */
    bool (*apply)(Job *job, const StepInput *in, const void *state, Table **out, Error *e);
    bool (*apply_train)(Job *job, const StepInput *in, const void *state, Table **out, Error *e); /* NULL: as apply */
    /* One line for the recipe view: "TotalCharges <- median 1,410.25". NULL: made from the parameters. state may be NULL. */
    void (*describe)(const void *params, const void *state, Text *out);
} Step;

const Family *step_family(void);                  /* the members of steps.def, then those that modules defined, in their order */
bool step_family_add(const Step *step, Error *e); /* one that lives as long as the process; by one thread at a time */
const Step *step_find(const char *name);

#endif
