/* Head lines, popups, veil, hints. */
#include "tui/frame.h"

static int cells_of(const char *text)
{
    return text ? (int)utf8_width(text) : 0;
}

void frame_head(Pen *p, Rect row, const char *title, const char *remark, bool focused)
{
    pen_rule(p, row.x, row.y, row.width, focused, focused ? ROLE_UI_BORDER_FOCUS : ROLE_UI_BORDER);
    Role role = focused ? ROLE_UI_TITLE_FOCUS : ROLE_UI_TITLE;
    int used = pen_text_fit(p, row.x, row.y, row.width, role, title);
    if (used < row.width)
        pen_glyph(p, row.x + used, row.y, role, ' ');
    int room = row.width - used - 3, width = cells_of(remark);
    if (!width || room < 2)
        return;
    width = width < room ? width : room;
    int x = row.x + row.width - width;
    pen_glyph(p, x - 1, row.y, ROLE_UI_DIM, ' ');
    pen_text_fit(p, x, row.y, width, ROLE_UI_DIM, remark);
}

Rect frame_pane(Pen *p, Rect area, const char *title, const char *remark, bool focused)
{
    if (area.height <= 0)
        return area;
    frame_head(p, (Rect){area.x, area.y, area.width, 1}, title, remark, focused);
    return rect_inset(area, 0, 1, 0, 0);
}

/* Lines, blocks and braille step back further than text. */
static bool is_drawing(uint32_t glyph)
{
    return (glyph >= 0x2500 && glyph <= 0x259F) || (glyph >= 0x2800 && glyph <= 0x28FF);
}

void frame_veil(Pen *p, Rect area)
{
    for (int y = area.y; y < area.y + area.height; y++) {
        for (int x = area.x; x < area.x + area.width; x++) {
            Cell *cell = cells_at(p->cells, x, y);
            if (!cell)
                continue;
            cell->role = is_drawing(cell->glyph) ? ROLE_UI_BORDER : ROLE_UI_DIM;
            cell->ground = GROUND_NONE;
        }
    }
}

static void box_lines(Pen *p, Rect b)
{
    int right = b.x + b.width - 1, bottom = b.y + b.height - 1;
    pen_rule(p, b.x, b.y, b.width, false, ROLE_UI_BORDER_FOCUS);
    pen_rule(p, b.x, bottom, b.width, false, ROLE_UI_BORDER_FOCUS);
    pen_fill(p, (Rect){b.x, b.y, 1, b.height}, ROLE_UI_BORDER_FOCUS, 0x2502);
    pen_fill(p, (Rect){right, b.y, 1, b.height}, ROLE_UI_BORDER_FOCUS, 0x2502);
    pen_glyph(p, b.x, b.y, ROLE_UI_BORDER_FOCUS, 0x256D);
    pen_glyph(p, right, b.y, ROLE_UI_BORDER_FOCUS, 0x256E);
    pen_glyph(p, b.x, bottom, ROLE_UI_BORDER_FOCUS, 0x2570);
    pen_glyph(p, right, bottom, ROLE_UI_BORDER_FOCUS, 0x256F);
}

static void box_title(Pen *p, Rect b, const char *title, const char *remark)
{
    int room = b.width - 6;
    int used = pen_text_fit(p, b.x + 3, b.y, room, ROLE_UI_TITLE_FOCUS, title);
    if (used) {
        pen_glyph(p, b.x + 2, b.y, ROLE_UI_TITLE_FOCUS, ' ');
        pen_glyph(p, b.x + 3 + used, b.y, ROLE_UI_TITLE_FOCUS, ' ');
    }
    int width = cells_of(remark);
    if (!width || width + used + 4 > room)
        return;
    int x = b.x + b.width - 3 - width;
    pen_glyph(p, x - 1, b.y, ROLE_UI_DIM, ' ');
    pen_text_fit(p, x, b.y, width, ROLE_UI_DIM, remark);
    pen_glyph(p, x + width, b.y, ROLE_UI_DIM, ' ');
}

static void box_keys(Pen *p, Rect b, const Hint *keys, size_t count)
{
    int x = b.x + 3, y = b.y + b.height - 1, end = b.x + b.width - 2;
    for (size_t i = 0; i < count; i++) {
        int width = cells_of(keys[i].key) + 1 + cells_of(keys[i].word);
        if (x + width + 1 > end)
            return;
        pen_glyph(p, x - 1, y, ROLE_UI_POPUP, ' ');
        x += pen_text_fit(p, x, y, width, ROLE_UI_KEY, keys[i].key);
        pen_glyph(p, x++, y, ROLE_UI_HINT, ' ');
        x += pen_text_fit(p, x, y, width, ROLE_UI_HINT, keys[i].word);
        pen_glyph(p, x, y, ROLE_UI_HINT, ' ');
        x += 2;
    }
}

Rect frame_popup(Pen *p, Rect box, const char *title, const char *remark, const Hint *keys, size_t count)
{
    if (box.width < 6 || box.height < 3)
        return (Rect){box.x, box.y, 0, 0};
    pen_fill(p, box, ROLE_UI_POPUP, ' ');
    pen_ground(p, box, GROUND_NONE);
    box_lines(p, box);
    box_title(p, box, title, remark);
    box_keys(p, box, keys, count);
    return rect_inset(box, 2, 1, 2, 1);
}

Rect frame_popup_place(Rect body, int width, int height)
{
    if (body.width < 80 && width > body.width * 3 / 4)
        width = body.width;
    width = width < body.width ? width : body.width;
    height = height < body.height ? height : body.height;
    int y = 6 > body.y ? 6 : body.y;
    if (y + height > body.y + body.height)
        y = body.y + body.height - height;
    return (Rect){body.x + (body.width - width) / 2, y, width, height};
}

static int hints_width(const Hint *hints, size_t count)
{
    int width = 0;
    for (size_t i = 0; i < count; i++)
        width += cells_of(hints[i].key) + cells_of(hints[i].word) + 4;
    return width - 3;
}

void frame_hints(Pen *p, Rect row, const Hint *hints, size_t count)
{
    if (!count)
        return;
    size_t first = count - 1;
    while (first > 0 && hints_width(hints, first) + 3 + hints_width(&hints[count - 1], 1) > row.width)
        first--;
    int x = row.x;
    for (size_t i = 0; i <= first; i++) {
        const Hint *h = i == first ? &hints[count - 1] : &hints[i];
        x += pen_text_fit(p, x, row.y, row.x + row.width - x, ROLE_UI_KEY, h->key) + 1;
        x += pen_text_fit(p, x, row.y, row.x + row.width - x, ROLE_UI_HINT, h->word) + 3;
    }
}
