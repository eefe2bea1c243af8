/* The Data view's state, shared by its grid, its side pane and its commands. */
#ifndef VIEWS_DATA_H
#define VIEWS_DATA_H

#include "table/sound.h"
#include "views/workbench.h"

typedef struct DataState {
    size_t row, top;  /* cursor and first shown row, in shown order */
    int column, left; /* cursor and first unpinned shown column */
    int pinned;       /* column kept at the left; -1: none */
    size_t *order;    /* rows as they are shown; NULL: all, as in the table */
    size_t count;     /* of them in order */
    Table *of;        /* table that order belongs to; held, so that no other can lie at its address */
    int sorted_by;    /* -1: none */
    bool descending;
    bool side_off;     /* i */
    uint64_t *only;    /* ids: only these rows are shown; NULL: all are */
    size_t only_count; /* asked for; those that the steps have dropped are not among the shown */
    char *only_why;    /* "Churn Yes, called No at 0.36" */
} DataState;

enum { DATA_HEAD_ROWS = 4 }; /* pane head, names, types, sparks */

const ColumnProfile *data_profile(const Workbench *w, int column); /* NULL while computing */
size_t data_row(const DataState *s, size_t shown);                 /* table row of a shown row */
size_t data_rows(const Workbench *w);                              /* how many are shown; 0 without a table */
/* Only the rows of these ids are shown (copied) until they are let go, also after edits; the Data view comes to the front. */
bool data_show_only(Workbench *w, const uint64_t *ids, size_t count, const char *why, Error *e);
bool data_show_all(Workbench *w); /* lets them go; false: all were shown */
/* The order that is shown, of the rows that are shown. column -1: as in the table. */
bool data_arrange(Workbench *w, int column, bool descending, Error *e);
void data_paint_side(const Workbench *w, Pen *pen, Rect side);
/* A cell as the grid shows it: decimals of its column, "null" when missing. */
void data_format_cell(const Column *c, size_t row, Text *out);
void data_array_spark(const Column *c, size_t row, Text *out); /* an array cell that has a value */
typedef struct DataArray {                                     /* a cell that has a value, and which of its channels are shown */
    const Column *c;
    size_t row, first, count;
    bool x_axis;
} DataArray;
void data_plot_array(const Workbench *w, Pen *pen, Rect area, const DataArray *cell); /* a curve for each channel, on one axis */
size_t data_array_channels(const Column *c);                                          /* that are shown at most */
char *data_array_remark(const Column *c); /* which of them are not, for the caller; "": all are */
void data_paint_array(const Workbench *w, Pen *pen, Rect area, const Column *c, size_t row);
typedef struct DataSound { /* a cell of a table */
    const Table *table;
    int column;
    size_t row;
} DataSound;
/* Its wave and its log-mel picture, and where the recipe changes sounds in each epoch the picture of what the first one hears. */
void data_paint_sound(const Workbench *w, Pen *pen, Rect area, const DataSound *cell);
void data_type_line(const ColumnProfile *p, const Column *c, Text *out); /* "real 11 null" */
int data_visible_rows(const Workbench *w);
void data_move_to(Workbench *w, size_t row, int column);

#endif
