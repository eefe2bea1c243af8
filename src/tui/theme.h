/* Themes: JSON files that give each role its colors and attributes, for true color, 256, 16 and no colors. Only data. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "base/value.h"
#include "tui/role.h"

typedef enum ThemeAttribute { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_ITALIC = 4, ATTR_UNDERLINE = 8, ATTR_REVERSE = 16 } ThemeAttribute;

typedef struct ThemeColor {
    bool is_default; /* the terminal's own */
    bool is_indexed; /* 0-255 as given */
    uint8_t index;
    uint8_t r, g, b;
} ThemeColor;

typedef struct ThemeStyle {
    ThemeColor fg, bg;
    int attributes, mono; /* ThemeAttribute bits; mono: used without colors */
    int color16;          /* 0-15; -1: nearest */
} ThemeStyle;

typedef struct Theme {
    char *name, *title;
    bool is_mono;
    ThemeColor background; /* what "default" stands on, as far as the file says; else is_default */
    ThemeStyle styles[ROLE_COUNT];
} Theme;

Theme *theme_load(const char *name_or_path, TextList *warnings, Error *e); /* warnings may be NULL */
void theme_free(Theme *t);
bool theme_list(TextList *names, Error *e);
bool theme_check(const Theme *t, Text *report); /* contrast and distance of series; false: something fails */
uint8_t theme_color256(ThemeColor c);
uint8_t theme_color16(ThemeColor c);
/* For pictures: the color as red, green, blue; indexed ones by the usual xterm table. false: the terminal's own. */
bool theme_color_rgb(ThemeColor c, uint8_t rgb[3]);

#endif
