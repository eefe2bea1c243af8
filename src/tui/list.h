/* A scrolling list with one cursor: moving, staying in range, painting by a callback for each visible row. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include "tui/cells.h"
#include "tui/key.h"

typedef struct ListState {
    size_t cursor, top;
} ListState;

/* j k arrows PgUp PgDn Home End g G, within `count` items and `rows` visible ones. false: not a moving key. */
bool list_key(ListState *s, Key key, size_t count, int rows);
void list_fix(ListState *s, size_t count, int rows);         /* keeps the cursor in range and in sight */
size_t list_top(const ListState *s, size_t count, int rows); /* the first item to paint; never changes the state */

typedef void ListPaintRow(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor);
/* One row an item. The cursor's row gets GROUND_ROW over the whole width when focused. */
void list_paint(Pen *pen, Rect area, const ListState *s, size_t count, bool focused, ListPaintRow *paint, const void *self);

#endif
