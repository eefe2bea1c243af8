/* A table in cells: frozen heading rows, pinned columns at the left, a cell cursor, scrolling both ways. The source gives text and
 * role of each visible cell; the grid asks for nothing else. */
#ifndef TUI_GRID_H
#define TUI_GRID_H

#include "tui/cells.h"
#include "tui/key.h"

typedef struct GridColumn {
    int width;  /* cells wanted; cut to the pane */
    bool right; /* numbers */
} GridColumn;

typedef struct GridSource {
    const void *self;
    size_t rows, columns;
    int headings; /* frozen rows: 0 the names, then types, shapes ... */
    void (*column)(const void *self, size_t column, GridColumn *out);
    void (*heading)(const void *self, int line, size_t column, Text *text, Role *role); /* text comes empty, role as data.header */
    void (*cell)(const void *self, size_t row, size_t column, Text *text, Role *role);  /* role comes as data.text */
    void (*label)(const void *self, size_t row, Text *text); /* dim, left of the first column; NULL: none */
    int label_width;
    const char *label_heading; /* "row" */
} GridSource;

typedef struct GridState {
    size_t row, column, top, left; /* left: the first column after the pinned ones */
    size_t pinned;                 /* first columns that never scroll */
} GridState;

typedef struct GridView { /* what is visible: for the remark "480 to 507 of 7,043   7 of 21 columns" and for page keys */
    size_t first_row, last_row; /* last is exclusive */
    size_t shown_columns, first_column, last_column; /* of the scrolled part; last is exclusive */
    int page;                   /* data rows */
} GridView;

/* hjkl arrows PgUp PgDn g G Home End: Home and End go to the first and last column. area: as painted. false: not a moving key. */
bool grid_key(GridState *s, Key key, const GridSource *source, Rect area);
void grid_fix(GridState *s, const GridSource *source, Rect area); /* keeps the cursor in range and in sight */
GridView grid_view(const GridState *s, const GridSource *source, Rect area);
void grid_paint(Pen *pen, Rect area, const GridState *s, const GridSource *source, bool focused);

#endif
