/* Cells and the pen: clipping, cutting, wide glyphs, hostile text, the golden form. */
#include "tests/unit/test.h"
#include "tui/cells.h"

static const char *row_text(const Cells *c, Text *out)
{
    text_clear(out);
    cells_text(c, out);
    return text_get(out);
}

static void unit_clipping(void)
{
    Cells c;
    Text t = {0};
    cells_init(&c, 8, 2);
    Pen p = pen_on(&c, (Rect){2, 0, 5, 2});
    TEST("text stays inside the clip and ends in an ellipsis");
    CHECK_INT(pen_text(&p, 2, 0, ROLE_UI, "abcdefgh"), 5);
    CHECK_TEXT(row_text(&c, &t), "  abcd\xE2\x80\xA6\n\n");
    TEST("what begins left of the clip loses its left part");
    cells_erase(&c);
    pen_text_fit(&p, 0, 0, 6, ROLE_UI, "abcdef");
    CHECK_TEXT(row_text(&c, &t), "  cdef\n\n");
    TEST("right-aligned text");
    cells_erase(&c);
    pen_text_right(&p, 2, 1, 5, ROLE_UI, "42");
    CHECK_TEXT(row_text(&c, &t), "\n     42\n");
    TEST("nothing outside");
    pen_glyph(&p, 7, 0, ROLE_UI, 'x');
    pen_glyph(&p, 2, 5, ROLE_UI, 'x');
    pen_fill(&p, (Rect){-5, -5, 3, 3}, ROLE_UI, 'x');
    CHECK_TEXT(row_text(&c, &t), "\n     42\n");
    CHECK(cells_at(&c, 8, 0) == NULL && cells_at(&c, 0, -1) == NULL);
    text_done(&t);
    cells_done(&c);
}

static void unit_wide(void)
{
    Cells c;
    Text t = {0};
    cells_init(&c, 6, 1);
    Pen p = pen_on(&c, (Rect){0, 0, 6, 1});
    TEST("wide glyphs take two cells and are never left in half");
    CHECK_INT(pen_text(&p, 0, 0, ROLE_UI, "a\xE6\xBC\xA2\xE5\xAD\x97"), 5);
    CHECK_INT(cells_at(&c, 1, 0)->glyph, 0x6F22);
    CHECK_INT(cells_at(&c, 2, 0)->glyph, 0);
    pen_glyph(&p, 2, 0, ROLE_UI, 'x');
    CHECK_TEXT(row_text(&c, &t), "a x\xE5\xAD\x97\n");
    pen_glyph(&p, 3, 0, ROLE_UI, 'y');
    CHECK_TEXT(row_text(&c, &t), "a xy\n");
    TEST("a wide glyph that does not fit becomes an ellipsis");
    cells_erase(&c);
    CHECK_INT(pen_text_fit(&p, 0, 0, 2, ROLE_UI, "\xE6\xBC\xA2\xE5\xAD\x97"), 1);
    CHECK_TEXT(row_text(&c, &t), "\xE2\x80\xA6\n");
    TEST("combining marks stay with their glyph, two at most");
    cells_erase(&c);
    CHECK_INT(pen_text(&p, 0, 0, ROLE_UI, "e\xCC\x81\xCC\x82z"), 2);
    CHECK_TEXT(row_text(&c, &t), "e\xCC\x81\xCC\x82z\n");
    text_done(&t);
    cells_done(&c);
}

static void unit_hostile(void)
{
    Cells c;
    cells_init(&c, 20, 1);
    Pen p = pen_on(&c, (Rect){0, 0, 20, 1});
    TEST("no control character reaches a cell");
    pen_text(&p, 0, 0, ROLE_UI, "a\x1b]52;c;eA==\x07\r\n\xC2\x9B\x7F");
    for (int x = 0; x < 20; x++) {
        uint32_t g = cells_at(&c, x, 0)->glyph;
        CHECK(g >= 0x20 && g != 0x7F && !(g >= 0x80 && g < 0xA0));
    }
    pen_glyph(&p, 0, 0, ROLE_UI, 0x1B);
    CHECK_INT(cells_at(&c, 0, 0)->glyph, 0xFFFD);
    cells_done(&c);
}

static void unit_golden(void)
{
    Cells c, d;
    Text t = {0};
    cells_init(&c, 4, 2);
    Pen p = pen_on(&c, (Rect){0, 0, 4, 2});
    pen_text(&p, 0, 0, ROLE_UI_KEY, "ab");
    pen_ground(&p, (Rect){0, 1, 2, 1}, GROUND_ROW);
    pen_text(&p, 0, 1, ROLE_DATA_OUTLIER, "9");
    TEST("golden form: roles, legend, grounds; a ground survives painting");
    cells_roles(&c, &t);
    CHECK_TEXT(text_get(&t), "kk..\n^...\n---\n. ui\nk ui.key\n^ data.outlier\nground row row 2 columns 1-2\n");
    TEST("equality sees glyph, role and ground");
    cells_init(&d, 4, 2);
    CHECK(!cells_equal(&c, &d));
    cells_done(&d);
    TEST("every role has a name of its own");
    for (int i = 0; i < ROLE_COUNT; i++)
        CHECK_INT(role_find(role_name((Role)i)), i);
    CHECK_INT(role_find("ui.nothing"), -1);
    text_done(&t);
    cells_done(&c);
}

void unit_cells(void);
void unit_cells(void)
{
    unit_clipping();
    unit_wide();
    unit_hostile();
    unit_golden();
}
