/* Cells: the screen as data. A cell is {glyph, role, ground}: the role says what the text means, the ground whether a cursor lies under
 * it. Views paint into cells and know nothing of terminals; all outside text passes the sanitizer here. */
#ifndef TUI_CELLS_H
#define TUI_CELLS_H

#include <stdint.h>

#include "base/utf8.h"
#include "tui/role.h"

typedef enum Ground { GROUND_NONE, GROUND_ROW, GROUND_CELL, GROUND_INPUT, GROUND_STATUS, GROUND_MENU } Ground;

typedef struct Cell {
    uint32_t glyph;    /* 0: right half of a wide glyph */
    uint32_t marks[2]; /* combining marks */
    uint8_t role, ground;
} Cell;

typedef struct Cells {
    int width, height;
    Cell *cells; /* row by row */
} Cells;

typedef struct Rect {
    int x, y, width, height;
} Rect;

void cells_init(Cells *c, int width, int height);
void cells_resize(Cells *c, int width, int height);
void cells_erase(Cells *c); /* blanks in ROLE_UI */
void cells_done(Cells *c);
Cell *cells_at(Cells *c, int x, int y); /* NULL outside */
bool cells_equal(const Cells *a, const Cells *b);
/* Golden form: the glyph rows, trailing blanks kept off; then "---", the role rows (one letter a cell) and the legend. */
void cells_text(const Cells *c, Text *out);
void cells_roles(const Cells *c, Text *out);
/* The whole frame in ASCII, and one glyph ('?' where nothing is near). */
void cells_fold(Cells *c);
uint32_t cells_fold_glyph(uint32_t glyph);

/* The pen: clipped to a rectangle; text is sanitized; what does not fit ends in an ellipsis when asked. All return cells used. */
typedef struct Pen {
    Cells *cells;
    Rect clip;
} Pen;
Pen pen_on(Cells *c, Rect clip);
Rect rect_inset(Rect r, int left, int top, int right, int bottom);
int pen_text(Pen *p, int x, int y, Role role, const char *text);                  /* cut at the clip with an ellipsis */
int pen_text_fit(Pen *p, int x, int y, int width, Role role, const char *text);   /* padded with nothing; cut with an ellipsis */
int pen_text_right(Pen *p, int x, int y, int width, Role role, const char *text); /* right-aligned in width */
int pen_format(Pen *p, int x, int y, Role role, const char *format, ...) PRINTF_LIKE(5, 6);
void pen_glyph(Pen *p, int x, int y, Role role, uint32_t glyph);
void pen_fill(Pen *p, Rect r, Role role, uint32_t glyph);
void pen_ground(Pen *p, Rect r, Ground ground);
void pen_rule(Pen *p, int x, int y, int width, bool heavy, Role role);

#endif
