/* Pictures of the screen: size, escapes, shapes, grounds. */
#include "base/job.h"
#include "tests/unit/test.h"
#include "tui/screen_svg.h"

static int count(const char *text, const char *part)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, part)); p += strlen(part))
        n++;
    return n;
}

/* Every `<` opens an element that ends itself or is closed by its own name at once or at the end: the few forms we write. */
static bool is_well_formed(const char *svg)
{
    bool head = strncmp(svg, "<svg ", 5) == 0 && strcmp(svg + strlen(svg) - 7, "</svg>\n") == 0;
    return head && count(svg, "<text ") == count(svg, "</text>") && count(svg, "<rect ") + count(svg, "<path ") == count(svg, "/>") &&
           count(svg, "<") == 2 + 2 * count(svg, "<text ") + count(svg, "/>") && count(svg, "\"") % 2 == 0;
}

static void unit_words(const Theme *theme)
{
    Cells c;
    Text out = {0};
    cells_init(&c, 20, 3);
    Pen p = pen_on(&c, (Rect){0, 0, 20, 3});
    pen_text(&p, 2, 1, ROLE_STATE_ERROR, "a<b & c>'d");
    screen_svg_write(&c, theme, &out);
    TEST("the size is that of the cells and a margin");
    CHECK(strstr(text_get(&out), " width=\"176\" height=\"64\" viewBox=\"0 0 176 64\"") != NULL);
    TEST("words are escaped and stand in their column");
    CHECK(strstr(text_get(&out), ">a&lt;b &amp; c&gt;'d</text>") != NULL);
    CHECK(strstr(text_get(&out), "<text x=\"24\" y=\"36\" textLength=\"80\" fill=\"#ef6f6c\"") != NULL);
    TEST("well-formed, and blanks are not written");
    CHECK(is_well_formed(text_get(&out)));
    CHECK_INT(count(text_get(&out), "<text "), 1);
    text_done(&out);
    cells_done(&c);
}

static void unit_shapes(const Theme *theme)
{
    Cells c;
    Text out = {0};
    cells_init(&c, 6, 2);
    Pen p = pen_on(&c, (Rect){0, 0, 6, 2});
    pen_text(&p, 0, 0, ROLE_SERIES_TRAIN, "\xE2\xA0\x81x\xE2\x96\x84");
    pen_ground(&p, (Rect){0, 1, 6, 1}, GROUND_ROW);
    screen_svg_write(&c, theme, &out);
    TEST("braille and bars become one path, words beside them stay text");
    CHECK(strstr(text_get(&out), "d=\"M9 9h2v2h-2zM24 16h8v8h-8z\"/>") != NULL);
    CHECK(strstr(text_get(&out), "<text x=\"16\" y=\"20\" textLength=\"8\"") != NULL);
    TEST("a ground is a rectangle in its color");
    CHECK(strstr(text_get(&out), "<rect x=\"8\" y=\"24\" width=\"48\" height=\"16\" fill=\"#2b323f\"/>") != NULL);
    CHECK(is_well_formed(text_get(&out)));
    TEST("frames meet in the middle of the cell; letters are not shapes");
    text_clear(&out);
    CHECK(screen_svg_shape(0x250C, 0, 0, &out));
    CHECK_TEXT(text_get(&out), "M4 8h4v1h-4zM4 8h1v8h-1z");
    CHECK(!screen_svg_shape('A', 0, 0, &out));
    text_done(&out);
    cells_done(&c);
}

void unit_svg(void)
{
    Error e = {0};
    Theme *theme = theme_load("themes/dark.json", NULL, &e);
    TEST("the dark theme loads");
    CHECK_OK(theme != NULL, e);
    if (!theme)
        return;
    unit_words(theme);
    unit_shapes(theme);
    theme_free(theme);
}
