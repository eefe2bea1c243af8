/* Colors: from text, to 256 and to 16. The terminal's palette is never changed; we choose the nearest of what it has. */
#include "tui/theme_color.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static const char *const ansi_names[16] = {"black",      "red",           "green",       "yellow",     "blue",        "magenta",
                                           "cyan",       "white",         "brightblack", "brightred",  "brightgreen", "brightyellow",
                                           "brightblue", "brightmagenta", "brightcyan",  "brightwhite"};

/* xterm's defaults. */
static const uint8_t ansi[16][3] = {{0, 0, 0},     {205, 0, 0},     {0, 205, 0},     {205, 205, 0},  {0, 0, 238}, {205, 0, 205},
                                    {0, 205, 205}, {229, 229, 229}, {127, 127, 127}, {255, 0, 0},    {0, 255, 0}, {255, 255, 0},
                                    {92, 92, 255}, {255, 0, 255},   {0, 255, 255},   {255, 255, 255}};
static const uint8_t cube[6] = {0, 95, 135, 175, 215, 255};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool parse_hex(const char *text, ThemeColor *out)
{
    size_t size = strlen(text);
    int d[6];
    if (size != 3 && size != 6)
        return false;
    for (size_t i = 0; i < size; i++) {
        d[i] = hex_digit(text[i]);
        if (d[i] < 0)
            return false;
    }
    if (size == 3)
        *out = (ThemeColor){.r = (uint8_t)(d[0] * 17), .g = (uint8_t)(d[1] * 17), .b = (uint8_t)(d[2] * 17)};
    else
        *out = (ThemeColor){.r = (uint8_t)(d[0] * 16 + d[1]), .g = (uint8_t)(d[2] * 16 + d[3]), .b = (uint8_t)(d[4] * 16 + d[5])};
    return true;
}

int theme_color_ansi(const char *name)
{
    for (int i = 0; i < 16; i++) {
        if (text_equal(ansi_names[i], name))
            return i;
    }
    return -1;
}

bool theme_color_parse(const Value *v, ThemeColor *out)
{
    if (v->type == VALUE_INT && v->integer >= 0 && v->integer <= 255) {
        *out = (ThemeColor){.is_indexed = true, .index = (uint8_t)v->integer};
        return true;
    }
    if (v->type != VALUE_TEXT)
        return false;
    if (text_equal(v->text, "default")) {
        *out = (ThemeColor){.is_default = true};
        return true;
    }
    if (v->text[0] == '#')
        return parse_hex(v->text + 1, out);
    int index = theme_color_ansi(v->text);
    *out = (ThemeColor){.is_indexed = true, .index = (uint8_t)(index < 0 ? 0 : index)};
    return index >= 0;
}

bool theme_color_rgb(ThemeColor c, uint8_t rgb[3])
{
    if (c.is_default)
        return false;
    if (!c.is_indexed) {
        rgb[0] = c.r;
        rgb[1] = c.g;
        rgb[2] = c.b;
    } else if (c.index < 16) {
        memcpy(rgb, ansi[c.index], 3);
    } else if (c.index < 232) {
        int i = c.index - 16;
        rgb[0] = cube[i / 36];
        rgb[1] = cube[i / 6 % 6];
        rgb[2] = cube[i % 6];
    } else {
        rgb[0] = rgb[1] = rgb[2] = (uint8_t)(8 + 10 * (c.index - 232));
    }
    return true;
}

static int distance(const uint8_t a[3], const uint8_t b[3])
{
    int red = a[0] - b[0], green = a[1] - b[1], blue = a[2] - b[2];
    return 3 * red * red + 6 * green * green + blue * blue; /* the eye sees green best */
}

static uint8_t nearest(ThemeColor c, int first, int last)
{
    uint8_t want[3], have[3];
    if (!theme_color_rgb(c, want))
        return 0;
    int best = first, least = -1;
    for (int i = first; i <= last; i++) {
        theme_color_rgb((ThemeColor){.is_indexed = true, .index = (uint8_t)i}, have);
        int d = distance(want, have);
        if (least < 0 || d < least) {
            least = d;
            best = i;
        }
    }
    return (uint8_t)best;
}

uint8_t theme_color256(ThemeColor c)
{
    return c.is_indexed ? c.index : nearest(c, 16, 255);
}

uint8_t theme_color16(ThemeColor c)
{
    return c.is_indexed && c.index < 16 ? c.index : nearest(c, 0, 15);
}

double theme_color_luminance(const uint8_t rgb[3])
{
    double l[3];
    for (int i = 0; i < 3; i++) {
        double s = rgb[i] / 255.0;
        l[i] = s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
    }
    return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
}
