/* What a cell looks like in a theme: its role, and the ground under it, as one style. For screens and pictures. */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include "tui/cells.h"
#include "tui/theme.h"

enum { GROUND_COUNT = GROUND_MENU + 1 };

/* The ground gives the background and its attributes; the role keeps its color, save under the cell cursor. */
ThemeStyle style_of(const Theme *t, Role role, Ground ground);
/* Colors as a terminal of `colors` colors takes them: -1 the terminal's own, else 0-255, or 0xRRGGBB for 16777216. *bold: the bright half
 * of 8 colors. */
int style_color(const ThemeStyle *s, bool background, int colors, bool *bold);

#endif
