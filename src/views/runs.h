/* What the files of the Runs view share: which rows it shows, which are marked, and what lies below the list. */
#ifndef VIEWS_RUNS_H
#define VIEWS_RUNS_H

#include "tui/list.h"
#include "views/workbench.h"

enum { RUNS_MARKS_MAX = 8 };
typedef enum RunsLeft { RUNS_CURVES, RUNS_SCATTER, RUNS_PARALLEL, RUNS_LEFTS } RunsLeft;
typedef enum RunsRight { RUNS_DIFFERENCES, RUNS_BASELINE, RUNS_LINEAGE, RUNS_COMPARED, RUNS_RIGHTS } RunsRight;

typedef struct RunsState {
    ListState list;
    Value *rows;      /* cards as they are shown, each with its "depth" below a run of the list; owned */
    Value *kept;      /* cards of marked and pinned runs that are not shown; owned */
    uint64_t version; /* of the list that they were made of */
    bool is_made, all, descending;
    char *filter, *sort, *pinned; /* NULL: none */
    char *asked;                  /* the run that a question is about */
    char *x, *y;                  /* figures of the scatter; NULL: as usual */
    TextList open;                /* paths of runs whose pieces are shown */
    char *marked[RUNS_MARKS_MAX]; /* paths */
    int marks;
    RunsLeft left;
    RunsRight right;
} RunsState;

static inline RunsState *runs_state(const Workbench *w)
{
    return VIEW_STATE(RunsState, w, VIEW_RUNS);
}

int runs_mark_of(const RunsState *s, const char *path);       /* its place among the marked ones; -1 */
const Value *runs_here(const Workbench *w);                   /* the card under the cursor; NULL */
const Value *runs_find(const RunsState *s, const char *path); /* a shown one, a marked one or the pinned one; NULL */
void runs_remake(Workbench *w);                               /* rows anew, after what is shown has changed */

/* Below the list. */
void runs_paint_left(const Workbench *w, Pen *pen, Rect pane);
void runs_paint_right(const Workbench *w, Pen *pen, Rect pane);
typedef struct RunsChosen {
    const Value *card;
    const Tail *training; /* NULL: it is being read */
    Role role;
} RunsChosen;
size_t runs_chosen(const Workbench *w, RunsChosen out[RUNS_MARKS_MAX]); /* the marked ones; without marks the one under the cursor */
void runs_paint_scatter(const Workbench *w, Pen *pen, Rect pane);
void runs_paint_parallel(const Workbench *w, Pen *pen, Rect pane);

#endif
