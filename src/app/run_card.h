/* The card of a run: plain figures, read from its directory alone, as one flat map. The list of runs, `limbeck runs`, exports, reports and
 * lb.runs read the same card. What a card can hold is declared once, in run_figures; figures of the validation part stand beside them
 * under the name of their series, "valid.auc", and "models" maps each model file below the run to the hash of its content. */
#ifndef APP_RUN_CARD_H
#define APP_RUN_CARD_H

#include "run/tail.h"
#include "table/table.h"

typedef struct RunFigure {
    const char *name; /* in JSON, in filters, as the name of a column */
    ColumnType type;
    const char *doc;
} RunFigure;
extern const RunFigure run_figures[];
extern const size_t run_figures_count;

Value *run_card_make(const Tail *run);            /* of a run that was polled with all below it; new */
Value *run_card_read(const char *path, Error *e); /* opens it; NULL: not a run */
const Tail *run_card_training(const Tail *run);   /* the training that speaks for it: what goes on, else the last; of a study its best */
const char *run_card_title(const char *path);     /* its directory without the time it began: "churn-3086"; points into path */
double run_card_best(const Tail *t, const char *series, int64_t *epoch); /* by the direction of its metric; NAN: none. epoch may be NULL */
/* "train  epoch 12/40  valid AUC 0.8432  best 0.8465 at 9  0:23 left": for one row of a terminal; new. NULL: no epoch yet. */
char *run_progress_line(const Tail *training);
/* Cards of what lies directly below: calls of a script, trials, folds and seeds; a list, in their order. NULL: not a run. */
Value *run_cards_below(const char *path, Error *e);

/* A list of cards as a table: a row each, a column for each figure that any of them has. */
Table *run_cards_table(const Value *cards, Error *e);
/* The cards for which the expression is true, in the same order; and by one figure, those without it last. New lists. */
Value *run_cards_filter(const Value *cards, const char *expression, Error *e);
Value *run_cards_sort(const Value *cards, const char *figure, bool descending, Error *e);

#endif
