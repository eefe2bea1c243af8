/* The fixed rows of the screen and the parts that every view is built of. */
#ifndef VIEWS_FRAME_H
#define VIEWS_FRAME_H

#include "views/workbench.h"

/* Title, tabs, status, hints; returns the body between them. */
Rect frame_paint(const Workbench *w, Pen *pen);
Rect frame_body(int width, int height); /* where the body will be */

/* The head line of a pane: title, rule to the right edge, remark at its end. Returns the rectangle below it. */
Rect frame_head(Pen *pen, Rect pane, bool focused, const char *title, const char *remark);
/* Main and side pane, 3 columns apart; side is 0 wide when the screen is narrow or zoomed. share: of the main pane, 0.55 to 0.75. */
void frame_columns(const Workbench *w, Rect body, int side_width, Rect *main_pane, Rect *side);
/* "No runs yet.   t train": what is missing and the keys that help; keys in their role. words: "t train", "o open run", NULL. */
void frame_empty(Pen *pen, Rect area, const char *sentence, const char *const *words);
void frame_say_none(const Workbench *w, Text *left); /* the status of a view whose table is not there (yet) */
/* A key as people read it: "<Enter>" is Enter, "<C-s>" is ^S. */
const char *frame_key(const char *key, char out[16]);
/* One name-value row: name dim at the left, value right-aligned in `width`. */
void frame_fact(Pen *pen, int x, int y, int width, const char *name, const char *value, Role role);
/* Wrapped text; returns the rows used. */
int frame_text(Pen *pen, Rect area, Role role, const char *text);
/* Why a run that has failed did: the message it ended with; false: it has not failed. */
bool frame_failure(Pen *pen, Rect area, const Tail *run);
/* The glyph and role of a run's state: running, done, failed, paused, lost. */
uint32_t frame_state_glyph(RunState s, Role *role);
/* A boxed popup: frame, title, remark, keys on the bottom line; returns the inside. The veil over the rest is painted first. */
Rect frame_popup(Pen *pen, Rect where, const char *title, const char *remark, const char *keys);
void frame_veil(Cells *cells, Rect body);
Rect frame_center(Rect body, int width, int height); /* centered, top at row 6 where there is room */

#endif
