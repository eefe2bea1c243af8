/* The Report view's state and its panes: the card of a model, as learn/report.h has it. Nothing is computed here. */
#ifndef VIEWS_REPORT_H
#define VIEWS_REPORT_H

#include "app/app_report.h"
#include "tui/list.h"
#include "views/workbench.h"

typedef struct ReportState {
    const Report *of; /* that the cursors and figures belong to */
    double threshold; /* where the slider stands; the model's own at first */
    bool moved;       /* by hand */
    Value *at;        /* what it makes of the rows, as report_at gives it; NULL: numbers, or no report */
    size_t truth, said;
    ListState bins, slices, items, worst, residuals, weights; /* cursors of the lists */
    bool in_items;                                            /* of the slices: the cursor is among the values of one column */
    int pane_left;                                            /* from 1: where the cursor was when the rows were asked for; 0: nowhere */
} ReportState;

/* One pane. A card has those that fit it; Tab goes round them. */
typedef struct ReportPane {
    const char *title;
    bool (*fits)(const Report *r);
    void (*paint)(const Workbench *w, Pen *pen, Rect pane, bool focused);
    bool (*key)(Workbench *w, Key key);                /* moving about in it; NULL: nothing moves */
    bool (*pick)(const Workbench *w, ReportPick *out); /* the rows behind its cursor; NULL: none stand behind it */
    bool is_behind;                                    /* on the second page */
} ReportPane;

enum { REPORT_PANES_MOST = 16 };
const ReportPane *report_pane(const Workbench *w, int index); /* of those that fit; NULL behind the last */
const ReportPane *report_focused(const Workbench *w);         /* NULL without a report */
int report_panes(const Workbench *w);
bool report_is_numbers(const Report *r);
bool report_is_two(const Report *r);
void report_set_threshold(Workbench *w, double threshold, bool moved);

extern const ReportPane report_pane_threshold, report_pane_confusion, report_pane_figures, report_pane_classes, report_pane_roc,
    report_pane_pr, report_pane_calibration, report_pane_gain, report_pane_residuals, report_pane_predicted, report_pane_outputs,
    report_pane_worst, report_pane_slices, report_pane_importance, report_pane_origin;

/* What the threshold makes of the rows: precision, recall, F1, accuracy, called, cost; three lines. */
void report_paint_decided(const Workbench *w, Pen *pen, Rect area);
/* Numbers of a list of the card, for the caller; *count: how many. */
double *report_numbers(const Value *list, size_t *count);
void report_number(Pen *pen, int x, int y, int width, Role role, double number, int decimals); /* right-aligned; "·" where there is none */

#endif
