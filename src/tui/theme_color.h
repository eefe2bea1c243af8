/* Colors of theme files. Private to the themes of tui/. */
#ifndef TUI_THEME_COLOR_H
#define TUI_THEME_COLOR_H

#include "tui/theme.h"

bool theme_color_parse(const Value *v, ThemeColor *out); /* "#rgb", "#rrggbb", "default", an ANSI name, 0-255 */
int theme_color_ansi(const char *name);                  /* 0-15; -1: none */
double theme_color_luminance(const uint8_t rgb[3]);      /* WCAG 2: 0 to 1 */

#endif
