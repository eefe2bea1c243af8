/* The layout of a screen: title, tabs, body, status, hints; the compact form below 30 rows, one line below 40x10, and how a body is
 * split into main and side pane. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "tui/frame.h"

typedef struct Layout {
    Rect title, tabs, body, status, hints; /* compact: tabs is the title's row; is_line: only status is left */
    bool is_compact; /* below 30 rows */
    bool is_narrow;  /* below 100 columns: no side pane */
    bool is_single;  /* below 80 columns: one pane */
    bool is_line;    /* below 40x10 */
} Layout;

Layout layout_of(int width, int height);
/* Main pane and a side pane of `side` columns, 3 apart. body as layout_of gives it (the empty first and last column taken off); on a
 * screen below 100 columns side_pane->width is 0. */
void layout_split(Rect body, int side, Rect *main, Rect *side_pane);
/* `count` panes one below the other; heights by weight, one blank row between. */
void layout_stack(Rect area, const int *weights, size_t count, Rect *out);

typedef struct LayoutText { /* borrowed; NULL is empty */
    const char *const *tabs; /* names */
    size_t tab_count;
    size_t active;           /* from 1; 0: none */
    const char *document, *facts;
    const char *job_mark, *job, *job_detail; /* "●", "churn-07", "34/60" */
    Role job_role;           /* of the mark */
    const char *status_left, *status_right;
    Role status_role;        /* ROLE_UI_STATUS, or ROLE_STATE_ERROR, ROLE_STATE_WARN */
    const Hint *hints;
    size_t hint_count;
    const char *line;        /* the one line of a tiny terminal */
} LayoutText;
void layout_paint(Pen *p, const Layout *layout, const LayoutText *text); /* everything but the body */

#endif
