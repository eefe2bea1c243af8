/* A picture of the screen as SVG, in the colors of a theme: what a snapshot named NAME.svg holds. Frames, bars and braille dots are
 * drawn as shapes, so that they meet whatever font shows the text. */
#ifndef TUI_SCREEN_SVG_H
#define TUI_SCREEN_SVG_H

#include "tui/cells.h"
#include "tui/theme.h"

enum { SVG_CELL_WIDTH = 8, SVG_CELL_HEIGHT = 16, SVG_MARGIN = 8 }; /* pixels */

void screen_svg_write(const Cells *c, const Theme *t, Text *out);
/* Appends path data for a glyph that is drawn in the cell at x, y (pixels); false: it is text. */
bool screen_svg_shape(uint32_t glyph, int x, int y, Text *path);

#endif
