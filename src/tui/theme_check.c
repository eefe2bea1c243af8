/* What a theme must hold: text that can be read on its ground (WCAG contrast), and series that stay apart, also for eyes without red or
 * green (Vienot, Brettel, Mollon 1999, deuteranopia; distance in CIE Lab). Colors that are the terminal's own can't be judged. */
#include <math.h>
#include <string.h>

#include "tui/theme.h"
#include "tui/theme_color.h"

/* Least distance in Lab between two series. 10 is about four just noticeable differences of small marks. */
static const double apart = 10.0;

static double contrast(const uint8_t a[3], const uint8_t b[3])
{
    double x = theme_color_luminance(a), y = theme_color_luminance(b);
    return ((x > y ? x : y) + 0.05) / ((x > y ? y : x) + 0.05);
}

/* Lines may be faint, secondary text must be readable, the rest as WCAG AA asks. */
static double wanted(Role role)
{
    switch ((int)role) {
    case ROLE_UI_BORDER:
    case ROLE_UI_SCROLL:
    case ROLE_CHART_AXIS:
    case ROLE_CHART_GRID:
    case ROLE_SERIES_TRAIN_FAINT:
    case ROLE_SERIES_VALID_FAINT: return 1.3;
    case ROLE_UI_DIM:
    case ROLE_UI_HINT:
    case ROLE_UI_INPUT_GHOST:
    case ROLE_STATE_QUEUED:
    case ROLE_STATE_STALE:
    case ROLE_DATA_KEY:
    case ROLE_CHART_LABEL:
    case ROLE_CHART_BAR:
    case ROLE_SERIES_BASELINE:
    case ROLE_SERIES_SCRATCH: return 3.0;
    default: return role >= ROLE_SERIES_TRAIN && role <= ROLE_SERIES_8 ? 3.0 : 4.5;
    }
}

static bool check_contrast(const Theme *t, Text *report, int *judged)
{
    bool ok = true;
    for (int i = 0; i < ROLE_COUNT; i++) {
        const ThemeStyle *s = &t->styles[i];
        uint8_t fg[3], bg[3];
        if (s->fg.is_indexed || s->bg.is_indexed || !theme_color_rgb(s->fg, fg) ||
            !theme_color_rgb(s->bg.is_default ? t->background : s->bg, bg))
            continue;
        (*judged)++;
        double have = contrast(fg, bg), least = wanted((Role)i);
        if (have < least) {
            text_addf(report, "%s: contrast %.2f, needs %.1f\n", role_name((Role)i), have, least);
            ok = false;
        }
    }
    return ok;
}

static double linear(uint8_t v)
{
    double s = v / 255.0;
    return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

/* Linear red, green, blue as seen by a deuteranope. */
static void without_green(double c[3])
{
    double r = c[0], g = c[1];
    c[0] = 0.29275 * r + 0.70725 * g;
    c[1] = c[0];
    c[2] = -0.02234 * r + 0.02234 * g + c[2];
}

static double lab_curve(double t)
{
    return t > 216.0 / 24389.0 ? cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
}

static void to_lab(const double c[3], double lab[3])
{
    double x = lab_curve((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
    double y = lab_curve(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
    double z = lab_curve((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

static double distance(const uint8_t a[3], const uint8_t b[3], bool deuteranope)
{
    double lab[2][3];
    for (int k = 0; k < 2; k++) {
        const uint8_t *rgb = k ? b : a;
        double c[3] = {linear(rgb[0]), linear(rgb[1]), linear(rgb[2])};
        if (deuteranope)
            without_green(c);
        to_lab(c, lab[k]);
    }
    double sum = 0;
    for (int i = 0; i < 3; i++)
        sum += (lab[0][i] - lab[1][i]) * (lab[0][i] - lab[1][i]);
    return sqrt(sum);
}

static bool check_pair(const Theme *t, Role a, Role b, Text *report)
{
    uint8_t x[3], y[3];
    ThemeColor first = t->styles[a].fg, second = t->styles[b].fg;
    if (first.is_indexed || second.is_indexed || !theme_color_rgb(first, x) || !theme_color_rgb(second, y))
        return true;
    bool ok = true;
    for (int eyes = 0; eyes < 2; eyes++) {
        double d = distance(x, y, eyes == 1);
        if (d < apart) {
            text_addf(report, "%s and %s: distance %.1f%s, needs %.0f\n", role_name(a), role_name(b), d, eyes ? " for a deuteranope" : "",
                      apart);
            ok = false;
        }
    }
    return ok;
}

bool theme_check(const Theme *t, Text *report)
{
    int judged = 0;
    bool ok = check_contrast(t, report, &judged);
    for (int a = ROLE_SERIES_TRAIN; a <= ROLE_SERIES_SCRATCH; a++) {
        for (int b = a + 1; b <= ROLE_SERIES_SCRATCH; b++)
            ok = check_pair(t, (Role)a, (Role)b, report) && ok;
    }
    if (!judged)
        text_add(report, "nothing to judge: all colors are the terminal's own\n");
    return ok;
}
