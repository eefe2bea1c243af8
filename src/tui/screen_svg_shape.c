/* Glyphs that are drawn: braille dots, frames, bars. All become filled rectangles on whole pixels. */
#include "tui/screen_svg.h"

typedef struct Frame { /* arms of a frame glyph: 0 none, 1 light, 2 heavy */
    uint16_t glyph;
    uint8_t left, right, up, down;
} Frame;

static const Frame frames[] = {
    {0x2500, 1, 1, 0, 0}, {0x2501, 2, 2, 0, 0}, {0x2502, 0, 0, 1, 1}, {0x2503, 0, 0, 2, 2}, {0x250C, 0, 1, 0, 1},
    {0x2510, 1, 0, 0, 1}, {0x2514, 0, 1, 1, 0}, {0x2518, 1, 0, 1, 0}, {0x251C, 0, 1, 1, 1}, {0x2524, 1, 0, 1, 1},
    {0x252C, 1, 1, 0, 1}, {0x2534, 1, 1, 1, 0}, {0x253C, 1, 1, 1, 1}, {0x256D, 0, 1, 0, 1}, {0x256E, 1, 0, 0, 1},
    {0x256F, 1, 0, 1, 0}, {0x2570, 0, 1, 1, 0}, {0x2578, 2, 0, 0, 0}, {0x257A, 0, 2, 0, 0},
};

static void add_box(Text *path, Rect r)
{
    text_addf(path, "M%d %dh%dv%dh-%dz", r.x, r.y, r.width, r.height, r.width);
}

static void add_arms(Text *path, const Frame *f, int x, int y)
{
    enum { W = SVG_CELL_WIDTH, H = SVG_CELL_HEIGHT };
    if (f->left)
        add_box(path, (Rect){x, y + H / 2, W / 2 + 1, f->left});
    if (f->right)
        add_box(path, (Rect){x + W / 2, y + H / 2, W / 2, f->right});
    if (f->up)
        add_box(path, (Rect){x + W / 2, y, f->up, H / 2 + 1});
    if (f->down)
        add_box(path, (Rect){x + W / 2, y + H / 2, f->down, H / 2});
}

static bool add_frame(uint32_t glyph, int x, int y, Text *path)
{
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        if (frames[i].glyph == glyph) {
            add_arms(path, &frames[i], x, y);
            return true;
        }
    return false;
}

/* Dots 1-3 and 7 stand left, 4-6 and 8 right: the bits of the code point in this order. */
static void add_braille(uint32_t bits, int x, int y, Text *path)
{
    static const struct {
        int column, row;
    } dots[8] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {0, 3}, {1, 3}};
    for (int i = 0; i < 8; i++)
        if (bits >> i & 1)
            add_box(path, (Rect){x + 1 + 4 * dots[i].column, y + 1 + 4 * dots[i].row, 2, 2});
}

bool screen_svg_shape(uint32_t glyph, int x, int y, Text *path)
{
    enum { W = SVG_CELL_WIDTH, H = SVG_CELL_HEIGHT };
    if (glyph >= 0x2800 && glyph <= 0x28FF) {
        add_braille(glyph - 0x2800, x, y, path);
    } else if (glyph >= 0x2581 && glyph <= 0x2588) {
        int height = (int)(glyph - 0x2580) * H / 8;
        add_box(path, (Rect){x, y + H - height, W, height});
    } else if (glyph >= 0x2589 && glyph <= 0x258F) {
        add_box(path, (Rect){x, y, (int)(0x2590 - glyph), H});
    } else if (glyph == 0x2580) {
        add_box(path, (Rect){x, y, W, H / 2});
    } else {
        return add_frame(glyph, x, y, path);
    }
    return true;
}
