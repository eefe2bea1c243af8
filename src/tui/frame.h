/* Head lines, popups with their veil, and the hints row: the furniture every view shares. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "tui/cells.h"

typedef struct Hint {
    const char *key, *word; /* "p", "pause" */
} Hint;

/* Title, rule to the right edge (heavy when focused), remark at its end (may be NULL). One row. */
void frame_head(Pen *p, Rect row, const char *title, const char *remark, bool focused);
/* A pane: its head line in the first row; returns the content below it. */
Rect frame_pane(Pen *p, Rect area, const char *title, const char *remark, bool focused);
void frame_veil(Pen *p, Rect area); /* everything beneath a popup becomes dim */
/* The box with title, remark (may be NULL) and keys on the bottom line; returns the content inside (one blank column each side). Does not veil. */
Rect frame_popup(Pen *p, Rect box, const char *title, const char *remark, const Hint *keys, size_t count);
/* Centered over the body, top at row 6 where there is room; below 80 columns the whole body. */
Rect frame_popup_place(Rect body, int width, int height);
/* Most useful first; what does not fit is dropped before the last, which always stays. */
void frame_hints(Pen *p, Rect row, const Hint *hints, size_t count);

#endif
