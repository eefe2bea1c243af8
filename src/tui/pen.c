/* The pen: writes text and glyphs into cells, inside its clip only. Everything that comes as text is sanitized here, so no view can
 * forget it; a wide glyph is never left in half. */
#include "tui/cells.h"

#include <string.h>

enum { ELLIPSIS = 0x2026, LIGHT = 0x2500, HEAVY = 0x2501 };

Pen pen_on(Cells *c, Rect clip)
{
    Rect r = clip;
    if (r.x < 0) {
        r.width += r.x;
        r.x = 0;
    }
    if (r.y < 0) {
        r.height += r.y;
        r.y = 0;
    }
    r.width = r.x + r.width > c->width ? c->width - r.x : r.width;
    r.height = r.y + r.height > c->height ? c->height - r.y : r.height;
    return (Pen){.cells = c, .clip = r};
}

Rect rect_inset(Rect r, int left, int top, int right, int bottom)
{
    Rect in = {r.x + left, r.y + top, r.width - left - right, r.height - top - bottom};
    in.width = in.width > 0 ? in.width : 0;
    in.height = in.height > 0 ? in.height : 0;
    return in;
}

static bool is_inside(const Pen *p, int x, int y)
{
    return x >= p->clip.x && y >= p->clip.y && x < p->clip.x + p->clip.width && y < p->clip.y + p->clip.height;
}

/* A wide glyph that loses one half becomes two blanks. */
static void break_wide(Cells *c, int x, int y)
{
    Cell *here = cells_at(c, x, y), *left = cells_at(c, x - 1, y), *right = cells_at(c, x + 1, y);
    if (here->glyph == 0 && left)
        left->glyph = ' ';
    if (here->glyph != 0 && right && right->glyph == 0)
        right->glyph = ' ';
}

static void put_one(Pen *p, int x, int y, Role role, uint32_t glyph)
{
    Cell *cell = cells_at(p->cells, x, y);
    if (!cell || !is_inside(p, x, y))
        return;
    break_wide(p->cells, x, y);
    *cell = (Cell){.glyph = glyph, .role = (uint8_t)role, .ground = cell->ground};
}

static void put(Pen *p, int x, int y, Role role, uint32_t glyph)
{
    if (utf8_code_width(glyph) < 2) {
        put_one(p, x, y, role, glyph);
        return;
    }
    bool whole = is_inside(p, x, y) && is_inside(p, x + 1, y);
    put_one(p, x, y, role, whole ? glyph : ' ');
    put_one(p, x + 1, y, role, ' ');
    if (whole)
        cells_at(p->cells, x + 1, y)->glyph = 0;
}

static void add_mark(Pen *p, int x, int y, uint32_t mark)
{
    Cell *cell = is_inside(p, x, y) ? cells_at(p->cells, x, y) : NULL;
    if (!cell)
        return;
    if (cell->glyph == 0 && x > 0)
        cell--;
    if (!cell->marks[0])
        cell->marks[0] = mark;
    else if (!cell->marks[1])
        cell->marks[1] = mark;
}

static bool is_plain(const char *text)
{
    for (; *text; text++) {
        if (*text < 0x20 || *text > 0x7E)
            return false;
    }
    return true;
}

/* Draws at most `room` cells of clean text; the rest becomes an ellipsis. */
static int draw(Pen *p, int x, int y, int room, Role role, const char *clean)
{
    size_t size = strlen(clean);
    bool cut = utf8_width(clean) > (size_t)room;
    if (cut)
        size = utf8_fit(clean, (size_t)room - 1);
    int at = x;
    for (size_t i = 0; i < size;) {
        uint32_t code;
        i += utf8_decode(clean + i, size - i, &code);
        int width = utf8_code_width(code);
        if (width == 0 && at > x)
            add_mark(p, at - 1, y, code);
        else if (width > 0)
            put(p, at, y, role, code);
        at += width;
    }
    if (cut)
        put(p, at++, y, role, ELLIPSIS);
    return at - x;
}

int pen_text_fit(Pen *p, int x, int y, int width, Role role, const char *text)
{
    if (width <= 0 || !text)
        return 0;
    if (is_plain(text))
        return draw(p, x, y, width, role, text);
    Text clean = {0};
    utf8_sanitize(&clean, text, strlen(text));
    int used = draw(p, x, y, width, role, text_get(&clean));
    text_done(&clean);
    return used;
}

int pen_text(Pen *p, int x, int y, Role role, const char *text)
{
    return pen_text_fit(p, x, y, p->clip.x + p->clip.width - x, role, text);
}

int pen_text_right(Pen *p, int x, int y, int width, Role role, const char *text)
{
    if (width <= 0 || !text)
        return 0;
    Text clean = {0};
    utf8_sanitize(&clean, text, strlen(text));
    size_t cells = utf8_width(text_get(&clean));
    int shift = cells < (size_t)width ? width - (int)cells : 0;
    int used = draw(p, x + shift, y, width - shift, role, text_get(&clean));
    text_done(&clean);
    return used;
}

int pen_format(Pen *p, int x, int y, Role role, const char *format, ...)
{
    Text t = {0};
    va_list args;
    va_start(args, format);
    text_add_va(&t, format, args);
    va_end(args);
    int used = pen_text(p, x, y, role, text_get(&t));
    text_done(&t);
    return used;
}

void pen_glyph(Pen *p, int x, int y, Role role, uint32_t glyph)
{
    bool printable = glyph >= 0x20 && utf8_code_width(glyph) > 0;
    put(p, x, y, role, printable ? glyph : 0xFFFD);
}

void pen_fill(Pen *p, Rect r, Role role, uint32_t glyph)
{
    for (int y = r.y; y < r.y + r.height; y++) {
        for (int x = r.x; x < r.x + r.width; x++)
            pen_glyph(p, x, y, role, glyph);
    }
}

void pen_ground(Pen *p, Rect r, Ground ground)
{
    for (int y = r.y; y < r.y + r.height; y++) {
        for (int x = r.x; x < r.x + r.width; x++) {
            if (is_inside(p, x, y))
                cells_at(p->cells, x, y)->ground = (uint8_t)ground;
        }
    }
}

void pen_rule(Pen *p, int x, int y, int width, bool heavy, Role role)
{
    pen_fill(p, (Rect){x, y, width, 1}, role, heavy ? HEAVY : LIGHT);
}
