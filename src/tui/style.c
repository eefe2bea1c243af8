/* Role and ground become colors and attributes. */
#include "tui/style.h"

static Role ground_role(Ground ground)
{
    static const Role roles[GROUND_COUNT] = {ROLE_UI,       ROLE_UI_CURSOR_ROW, ROLE_UI_CURSOR_CELL,
                                             ROLE_UI_INPUT, ROLE_UI_STATUS,     ROLE_UI_MENU_SELECTED};
    return roles[(size_t)ground < GROUND_COUNT ? ground : GROUND_NONE];
}

ThemeStyle style_of(const Theme *t, Role role, Ground ground)
{
    ThemeStyle s = t->styles[role];
    if (s.bg.is_default) /* a theme with a ground of its own paints it under everything */
        s.bg = t->styles[ROLE_UI].bg;
    if (ground == GROUND_NONE)
        return s;
    const ThemeStyle *under = &t->styles[ground_role(ground)];
    s.bg = under->bg;
    s.attributes |= under->attributes;
    s.mono |= under->mono;
    if (ground == GROUND_CELL || role == ROLE_UI) {
        s.fg = under->fg;
        s.color16 = under->color16;
    }
    return s;
}

int style_color(const ThemeStyle *s, bool background, int colors, bool *bold)
{
    ThemeColor c = background ? s->bg : s->fg;
    if (c.is_default)
        return -1;
    if (colors > 256 && !c.is_indexed) {
        int rgb = c.r << 16 | c.g << 8 | c.b;
        return rgb < 8 ? 8 : rgb; /* 0 to 7 mean the first ANSI colors there */
    }
    if (colors >= 256)
        return theme_color256(c);
    int index = !background && s->color16 >= 0 ? s->color16 : theme_color16(c);
    if (colors >= 16 || index < 8)
        return index;
    *bold = *bold || !background;
    return index - 8;
}
