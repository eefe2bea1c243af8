/* Cells as SVG: a rectangle per ground, a path per run of shapes, a text per run of words; a run has one role and one ground. */
#include "tui/screen_svg.h"

#include <string.h>

#include "tui/style.h"

typedef struct Run {
    const Cell *cells;
    int count, x, y; /* pixels */
    uint8_t fg[3], bg[3];
    int attributes;
} Run;

static void color_or(ThemeColor c, const uint8_t fallback[3], uint8_t out[3])
{
    if (!theme_color_rgb(c, out))
        memcpy(out, fallback, 3);
}

/* A theme that leaves colors to the terminal is shown on a dark one. */
static void ground_of(const Theme *t, uint8_t out[3])
{
    static const uint8_t dark[3] = {0x14, 0x16, 0x1b};
    color_or(t->background, dark, out);
}

static void set_look(const Theme *t, Run *run)
{
    static const uint8_t light[3] = {0xc5, 0xcc, 0xd6};
    uint8_t ground[3];
    ThemeStyle s = style_of(t, run->cells->role < ROLE_COUNT ? (Role)run->cells->role : ROLE_UI, (Ground)run->cells->ground);
    ground_of(t, ground);
    color_or(t->is_mono ? (ThemeColor){.is_default = true} : s.fg, light, run->fg);
    color_or(t->is_mono ? (ThemeColor){.is_default = true} : s.bg, ground, run->bg);
    run->attributes = t->is_mono ? s.mono : s.attributes;
    if (run->attributes & ATTR_REVERSE) {
        uint8_t kept[3];
        memcpy(kept, run->fg, 3);
        memcpy(run->fg, run->bg, 3);
        memcpy(run->bg, kept, 3);
    }
}

static void add_color(Text *out, const uint8_t rgb[3])
{
    text_addf(out, " fill=\"#%02x%02x%02x\"", rgb[0], rgb[1], rgb[2]);
}

static void add_code(Text *out, uint32_t code)
{
    char bytes[4];
    if (code == '&')
        text_add(out, "&amp;");
    else if (code == '<')
        text_add(out, "&lt;");
    else if (code == '>')
        text_add(out, "&gt;");
    else
        text_add_bytes(out, bytes, utf8_encode(code, bytes));
}

static void add_look(Text *out, const Run *run)
{
    add_color(out, run->fg);
    if (run->attributes & ATTR_BOLD)
        text_add(out, " font-weight=\"bold\"");
    if (run->attributes & ATTR_ITALIC)
        text_add(out, " font-style=\"italic\"");
    if (run->attributes & ATTR_UNDERLINE)
        text_add(out, " text-decoration=\"underline\"");
    if (run->attributes & ATTR_DIM)
        text_add(out, " opacity=\"0.6\"");
}

static bool is_word_cell(const Cell *cell)
{
    Text ignored = {0};
    bool drawn = screen_svg_shape(cell->glyph, 0, 0, &ignored);
    text_done(&ignored);
    return !drawn;
}

/* Blanks at both ends say nothing; textLength holds the columns where the font is wider or narrower than ours. */
static void add_words(Text *out, const Run *run, int first, int end)
{
    while (first < end && run->cells[first].glyph == ' ' && !run->cells[first].marks[0])
        first++;
    while (end > first && run->cells[end - 1].glyph == ' ' && !run->cells[end - 1].marks[0])
        end--;
    if (first == end)
        return;
    text_addf(out, "<text x=\"%d\" y=\"%d\" textLength=\"%d\"", run->x + first * SVG_CELL_WIDTH, run->y + SVG_CELL_HEIGHT - 4,
              (end - first) * SVG_CELL_WIDTH);
    add_look(out, run);
    text_add_char(out, '>');
    for (int i = first; i < end; i++) {
        const Cell *cell = &run->cells[i];
        if (cell->glyph)
            add_code(out, cell->glyph);
        for (int m = 0; m < 2 && cell->marks[m]; m++)
            add_code(out, cell->marks[m]);
    }
    text_add(out, "</text>\n");
}

static void add_run(Text *out, const Run *run, const uint8_t ground[3])
{
    Text path = {0};
    int first = 0;
    if (memcmp(run->bg, ground, 3) != 0) {
        text_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", run->x, run->y, run->count * SVG_CELL_WIDTH, SVG_CELL_HEIGHT);
        add_color(out, run->bg);
        text_add(out, "/>\n");
    }
    for (int i = 0; i < run->count; i++) {
        if (is_word_cell(&run->cells[i]))
            continue;
        screen_svg_shape(run->cells[i].glyph, run->x + i * SVG_CELL_WIDTH, run->y, &path);
        add_words(out, run, first, i);
        first = i + 1;
    }
    add_words(out, run, first, run->count);
    if (path.size) {
        text_add(out, "<path");
        add_look(out, run);
        text_addf(out, " d=\"%s\"/>\n", text_get(&path));
    }
    text_done(&path);
}

static void add_row(Text *out, const Cells *c, int row, const Theme *t)
{
    const Cell *cells = &c->cells[(size_t)row * (size_t)c->width];
    uint8_t ground[3];
    ground_of(t, ground);
    for (int first = 0, end; first < c->width; first = end) {
        for (end = first + 1; end < c->width; end++)
            if (cells[end].glyph && (cells[end].role != cells[first].role || cells[end].ground != cells[first].ground))
                break;
        Run run = {.cells = &cells[first],
                   .count = end - first,
                   .x = SVG_MARGIN + first * SVG_CELL_WIDTH,
                   .y = SVG_MARGIN + row * SVG_CELL_HEIGHT};
        set_look(t, &run);
        add_run(out, &run, ground);
    }
}

void screen_svg_write(const Cells *c, const Theme *t, Text *out)
{
    int width = c->width * SVG_CELL_WIDTH + 2 * SVG_MARGIN, height = c->height * SVG_CELL_HEIGHT + 2 * SVG_MARGIN;
    uint8_t ground[3];
    ground_of(t, ground);
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" xml:space=\"preserve\" "
              "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13.3\">\n",
              width, height, width, height);
    text_addf(out, "<rect width=\"%d\" height=\"%d\" rx=\"6\"", width, height);
    add_color(out, ground);
    text_add(out, "/>\n");
    for (int y = 0; y < c->height; y++)
        add_row(out, c, y, t);
    text_add(out, "</svg>\n");
}
