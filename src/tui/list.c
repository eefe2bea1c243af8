/* Moving about in a list, and painting the part in sight. */
#include "tui/list.h"

static size_t page_of(int rows)
{
    return rows > 1 ? (size_t)rows : 1;
}

static size_t forward(size_t at, size_t by, size_t count)
{
    return count == 0 ? 0 : by < count - 1 - (at < count ? at : count - 1) ? at + by : count - 1;
}

static size_t back(size_t at, size_t by)
{
    return at > by ? at - by : 0;
}

static bool move_by_letter(ListState *s, Key key, size_t count)
{
    if (key_is(key, 'j'))
        s->cursor = forward(s->cursor, 1, count);
    else if (key_is(key, 'k'))
        s->cursor = back(s->cursor, 1);
    else if (key_is(key, 'g'))
        s->cursor = 0;
    else if (key_is(key, 'G'))
        s->cursor = forward(0, count, count);
    else
        return false;
    return true;
}

bool list_key(ListState *s, Key key, size_t count, int rows)
{
    bool used = true;
    switch (key.code) {
    case KEYS_DOWN: s->cursor = forward(s->cursor, 1, count); break;
    case KEYS_UP: s->cursor = back(s->cursor, 1); break;
    case KEYS_PAGE_DOWN: s->cursor = forward(s->cursor, page_of(rows), count); break;
    case KEYS_PAGE_UP: s->cursor = back(s->cursor, page_of(rows)); break;
    case KEYS_HOME: s->cursor = 0; break;
    case KEYS_END: s->cursor = forward(0, count, count); break;
    default: used = move_by_letter(s, key, count);
    }
    if (used)
        list_fix(s, count, rows);
    return used;
}

size_t list_top(const ListState *s, size_t count, int rows)
{
    size_t page = page_of(rows), cursor = s->cursor < count ? s->cursor : count ? count - 1 : 0, top = s->top;
    if (top > cursor)
        top = cursor;
    if (cursor >= top + page)
        top = cursor - page + 1;
    size_t most = count > page ? count - page : 0;
    return top < most ? top : most;
}

void list_fix(ListState *s, size_t count, int rows)
{
    if (s->cursor >= count)
        s->cursor = count ? count - 1 : 0;
    s->top = list_top(s, count, rows);
}

void list_paint(Pen *pen, Rect area, const ListState *s, size_t count, bool focused, ListPaintRow *paint, const void *self)
{
    size_t top = list_top(s, count, area.height);
    for (int row = 0; row < area.height && top + (size_t)row < count; row++) {
        Rect r = {area.x, area.y + row, area.width, 1};
        size_t index = top + (size_t)row;
        bool is_cursor = focused && index == (s->cursor < count ? s->cursor : count - 1);
        Pen clipped = pen_on(pen->cells, r);
        paint(self, &clipped, r, index, is_cursor);
        if (is_cursor)
            pen_ground(&clipped, r, GROUND_ROW);
    }
}
