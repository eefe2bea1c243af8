/* Curves as SVG. */
#include "app/chart_svg.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

enum { LEFT = 56, RIGHT = 132, TOP = 28, BOTTOM = 34, LABEL_STEP = 15, TICKS = 5 };

static const struct {
    const char *color, *dash;
} strokes[CHART_SERIES_MAX] = {{"#c2570c", "none"},    {"#1d62c4", "none"}, {"#15803d", "7 3"}, {"#9333ea", "2 3"},
                               {"#b91c1c", "9 3 2 3"}, {"#0e7490", "5 2"},  {"#6b7280", "1 2"}, {"#a16207", "12 4"}};

void chart_escape(Text *out, const char *text)
{
    Text clean = {0};
    utf8_sanitize(&clean, text, strlen(text));
    for (const char *at = text_get(&clean); *at; at++)
        switch (*at) {
        case '&': text_add(out, "&amp;"); break;
        case '<': text_add(out, "&lt;"); break;
        case '>': text_add(out, "&gt;"); break;
        case '"': text_add(out, "&quot;"); break;
        default: text_add_char(out, *at);
        }
    text_done(&clean);
}

typedef struct Frame {
    double x_low, x_high, y_low, y_high, x_step, y_step;
    int width, height;
} Frame;

/* 1, 2 or 5 times a power of ten, so that about TICKS fit. */
static double nice_step(double span)
{
    double raw = span / TICKS, base = pow(10, floor(log10(raw))), share = raw / base;
    return base * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static void widen(double v, double *low, double *high)
{
    if (isfinite(v)) {
        *low = fmin(*low, v);
        *high = fmax(*high, v);
    }
}

static void fix_range(double *low, double *high)
{
    if (!(*high >= *low)) {
        *low = 0;
        *high = 1;
    } else if (*high - *low <= fabs(*high) * 1e-12) {
        double half = *high == 0 ? 0.5 : fabs(*high) / 2;
        *low -= half;
        *high += half;
    }
}

static Frame frame_of(const Chart *c)
{
    Frame f = {(double)INFINITY, -(double)INFINITY, (double)INFINITY, -(double)INFINITY, 1, 1, c->width, c->height};
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->series[i].count; k++) {
            widen(c->series[i].x[k], &f.x_low, &f.x_high);
            widen(c->series[i].y[k], &f.y_low, &f.y_high);
        }
    fix_range(&f.x_low, &f.x_high);
    fix_range(&f.y_low, &f.y_high);
    f.x_step = nice_step(f.x_high - f.x_low);
    f.y_step = nice_step(f.y_high - f.y_low);
    f.y_low = floor(f.y_low / f.y_step + 1e-9) * f.y_step;
    f.y_high = ceil(f.y_high / f.y_step - 1e-9) * f.y_step;
    return f;
}

static double x_at(const Frame *f, double x)
{
    return LEFT + (x - f->x_low) / (f->x_high - f->x_low) * (f->width - LEFT - RIGHT);
}

static double y_at(const Frame *f, double y)
{
    return TOP + (f->y_high - y) / (f->y_high - f->y_low) * (f->height - TOP - BOTTOM);
}

static int decimals_of(double step)
{
    double digits = -floor(log10(step) + 1e-9);
    return digits > 0 ? (int)fmin(digits, 8) : 0;
}

static void add_axes(const Frame *f, const Chart *c, Text *out)
{
    char number[NUMBER_ROOM];
    for (double y = f->y_low; y <= f->y_high + f->y_step / 2; y += f->y_step)
        text_addf(out,
                  "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"currentColor\" stroke-opacity=\"0.15\"/>"
                  "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                  LEFT, y_at(f, y), f->width - RIGHT, y_at(f, y), LEFT - 6, y_at(f, y) + 4,
                  number_format_fixed(y, decimals_of(f->y_step), number));
    for (double x = ceil(f->x_low / f->x_step - 1e-9) * f->x_step; x <= f->x_high + f->x_step * 1e-9; x += f->x_step)
        text_addf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x_at(f, x), f->height - BOTTOM + 16,
                  number_format_fixed(x, decimals_of(f->x_step), number));
    text_addf(out, "<text x=\"%d\" y=\"%d\">", f->width - RIGHT + 20, f->height - BOTTOM + 16);
    chart_escape(out, c->x_label);
    text_add(out, "</text>\n");
}

static void add_line(const Frame *f, const ChartSeries *s, Text *out)
{
    bool drawing = false;
    text_addf(out, "<path fill=\"none\" stroke-width=\"1.6\" stroke=\"%s\" stroke-dasharray=\"%s\" d=\"", strokes[s->stroke].color,
              strokes[s->stroke].dash);
    for (size_t i = 0; i < s->count; i++) {
        bool there = isfinite(s->x[i]) && isfinite(s->y[i]);
        if (there)
            text_addf(out, "%c%.1f %.1f", drawing ? 'L' : 'M', x_at(f, s->x[i]), y_at(f, s->y[i]));
        drawing = there;
    }
    text_add(out, drawing || s->count ? "\"/>\n" : "M0 0\"/>\n");
}

/* Names at the line ends, moved apart where they would meet: from the highest end down. */
static void add_names(const Frame *f, const Chart *c, Text *out)
{
    double ends[CHART_SERIES_MAX], last = 0;
    bool told[CHART_SERIES_MAX] = {false};
    for (size_t i = 0; i < c->count; i++) {
        ends[i] = f->height - BOTTOM;
        for (size_t k = 0; k < c->series[i].count; k++)
            if (isfinite(c->series[i].y[k]))
                ends[i] = y_at(f, c->series[i].y[k]);
    }
    for (size_t n = 0; n < c->count; n++) {
        size_t next = c->count;
        for (size_t i = 0; i < c->count; i++)
            if (!told[i] && (next == c->count || ends[i] < ends[next]))
                next = i;
        const ChartSeries *s = &c->series[next];
        double y = n && ends[next] < last + LABEL_STEP ? last + LABEL_STEP : ends[next],
               value = s->count ? s->y[s->count - 1] : (double)NAN;
        char number[NUMBER_ROOM];
        told[next] = true;
        last = y;
        text_addf(out, "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">", f->width - RIGHT + 6, y + 4, strokes[s->stroke].color);
        chart_escape(out, s->name);
        text_addf(out, " %s</text>\n", isfinite(value) ? number_format_fixed(value, s->decimals, number) : "nan");
    }
}

void chart_svg_write(const Chart *c, Text *out)
{
    Frame f = frame_of(c);
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
              "font-family=\"sans-serif\" font-size=\"12\" fill=\"currentColor\">\n<title>",
              f.width, f.height, f.width, f.height);
    chart_escape(out, c->title);
    text_addf(out, "</title>\n<text x=\"%d\" y=\"16\" font-weight=\"bold\">", LEFT);
    chart_escape(out, c->title);
    text_add(out, "</text>\n");
    add_axes(&f, c, out);
    for (size_t i = 0; i < c->count; i++)
        add_line(&f, &c->series[i], out);
    add_names(&f, c, out);
    text_add(out, "</svg>\n");
}
