/* Where things are on a screen of any size, and the rows around the body. */
#include "tui/layout.h"

#include <stdio.h>

#include "base/text.h"

enum { GAP = 3 };

Layout layout_of(int width, int height)
{
    Layout l = {.is_compact = height < 30, .is_narrow = width < 100, .is_single = width < 80, .is_line = width < 40 || height < 10};
    if (l.is_line) {
        l.status = (Rect){0, 0, width, 1};
        return l;
    }
    int head = l.is_compact ? 1 : 2;
    l.title = (Rect){1, 0, width - 2, 1};
    l.tabs = (Rect){1, head - 1, width - 2, 1};
    l.body = (Rect){1, head, width - 2, height - head - 2};
    l.status = (Rect){0, height - 2, width, 1};
    l.hints = (Rect){1, height - 1, width - 2, 1};
    return l;
}

void layout_split(Rect body, int side, Rect *main, Rect *side_pane)
{
    *main = body;
    *side_pane = (Rect){body.x + body.width, body.y, 0, 0};
    if (body.width < 98 || side <= 0)
        return;
    main->width = body.width - side - GAP;
    *side_pane = (Rect){body.x + main->width + GAP, body.y, side, body.height};
}

void layout_stack(Rect area, const int *weights, size_t count, Rect *out)
{
    int total = 0, rows = area.height - (int)count + 1, y = area.y;
    for (size_t i = 0; i < count; i++)
        total += weights[i];
    int left = rows > 0 ? rows : 0;
    for (size_t i = 0; i < count; i++) {
        int height = i + 1 == count || total <= 0 ? left : rows * weights[i] / total;
        height = height < left ? height : left;
        out[i] = (Rect){area.x, y, area.width, height > 0 ? height : 0};
        y += height + 1;
        left -= height;
    }
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static int width_of(const char *text)
{
    return (int)utf8_width(or_empty(text));
}

/* Returns the column where the job begins. */
static int paint_job(Pen *p, const Layout *l, const LayoutText *t)
{
    int end = l->title.x + l->title.width;
    if (!t->job && !t->job_detail)
        return end;
    bool roomy = !l->is_compact;
    int width = width_of(t->job_mark) + 1 + width_of(t->job_detail) + (roomy ? width_of(t->job) + 1 : 0);
    int x = end - width, at = x;
    at += pen_text_fit(p, at, l->title.y, width, t->job_role, or_empty(t->job_mark)) + 1;
    if (roomy)
        at += pen_text_fit(p, at, l->title.y, width, ROLE_UI, or_empty(t->job)) + 1;
    pen_text_fit(p, at, l->title.y, end - at, ROLE_UI_STRONG, or_empty(t->job_detail));
    return x - 2;
}

static void paint_title(Pen *p, const Layout *l, const LayoutText *t)
{
    int end = paint_job(p, l, t), x = l->title.x, y = l->title.y;
    x += pen_text_fit(p, x, y, end - x, ROLE_UI_STRONG, "limbeck") + 3;
    x += pen_text_fit(p, x, y, end - x, ROLE_UI_STRONG, or_empty(t->document)) + 3;
    pen_text_fit(p, x, y, end - x, ROLE_UI_DIM, or_empty(t->facts));
}

static void paint_tabs(Pen *p, const Layout *l, const LayoutText *t)
{
    int x = l->tabs.x, end = l->tabs.x + l->tabs.width;
    for (size_t i = 0; i < t->tab_count; i++) {
        bool on = i + 1 == t->active;
        char digit[16];
        snprintf(digit, sizeof digit, " %d ", (int)(i + 1));
        x += pen_text_fit(p, x, l->tabs.y, end - x, on ? ROLE_UI_MODE : ROLE_UI_KEY, digit);
        x += pen_text_fit(p, x, l->tabs.y, end - x, on ? ROLE_UI_MODE : ROLE_UI_HINT, t->tabs[i]);
        if (x < end)
            pen_glyph(p, x, l->tabs.y, on ? ROLE_UI_MODE : ROLE_UI_HINT, ' ');
        x += 2;
    }
}

static void paint_compact(Pen *p, const Layout *l, const LayoutText *t)
{
    int end = paint_job(p, l, t), x = l->tabs.x, y = l->tabs.y;
    for (size_t i = 0; i < t->tab_count; i++) {
        bool on = i + 1 == t->active;
        Text label = {0};
        if (on)
            text_addf(&label, " %d %s ", (int)(i + 1), t->tabs[i]);
        else
            text_addf(&label, "%d", (int)(i + 1));
        x += pen_text_fit(p, x, y, end - x, on ? ROLE_UI_MODE : ROLE_UI_KEY, text_get(&label)) + 1;
        text_done(&label);
    }
    pen_text_fit(p, x + 1, y, end - x - 1, ROLE_UI_STRONG, or_empty(t->document));
}

static void paint_status(Pen *p, const Layout *l, const LayoutText *t)
{
    Rect row = l->status;
    pen_fill(p, row, ROLE_UI_STATUS, ' ');
    pen_ground(p, row, GROUND_STATUS);
    int left = width_of(t->status_left), right = width_of(t->status_right), room = row.width - 2;
    bool both = left + right + 3 <= room;
    int width = both || !right ? room : room - right - 3;
    if (width < room / 2) /* what the cursor stands on comes before what else there is to know */
        width = room;
    pen_text_fit(p, row.x + 1, row.y, width, t->status_role, or_empty(t->status_left));
    if (right && (both || width < room))
        pen_text_fit(p, row.x + 1 + room - right, row.y, right, ROLE_UI_STATUS, t->status_right);
}

void layout_paint(Pen *p, const Layout *l, const LayoutText *t)
{
    LayoutText text = *t;
    if (text.status_role != ROLE_STATE_ERROR && text.status_role != ROLE_STATE_WARN)
        text.status_role = ROLE_UI_STATUS;
    if (l->is_line) {
        pen_text_fit(p, 0, 0, l->status.width, ROLE_UI, or_empty(t->line ? t->line : t->status_left));
        return;
    }
    if (l->is_compact) {
        paint_compact(p, l, &text);
    } else {
        paint_title(p, l, &text);
        paint_tabs(p, l, &text);
    }
    paint_status(p, l, &text);
    frame_hints(p, l->hints, text.hints, text.hint_count);
}
