/* Panes, facts, empty states, popup boxes: the parts that views are built of. */
#include <stdio.h>
#include <string.h>

#include "views/frame.h"

Rect frame_head(Pen *pen, Rect pane, bool focused, const char *title, const char *remark)
{
    int remark_width = remark && *remark ? (int)utf8_width(remark) : 0, x = pane.x;
    x += pen_text_fit(pen, x, pane.y, pane.width, focused ? ROLE_UI_TITLE_FOCUS : ROLE_UI_TITLE, title) + 1;
    int rule = pane.x + pane.width - x - (remark_width ? remark_width + 1 : 0);
    if (rule < 3 && remark_width) {
        remark_width = 0;
        rule = pane.x + pane.width - x;
    }
    if (rule > 0)
        pen_rule(pen, x, pane.y, rule, focused, focused ? ROLE_UI_BORDER_FOCUS : ROLE_UI_BORDER);
    if (remark_width)
        pen_text(pen, pane.x + pane.width - remark_width, pane.y, ROLE_UI_DIM, remark);
    return (Rect){pane.x, pane.y + 1, pane.width, pane.height > 0 ? pane.height - 1 : 0};
}

void frame_columns(const Workbench *w, Rect body, int side_width, Rect *main_pane, Rect *side)
{
    *main_pane = body;
    *side = (Rect){body.x + body.width, body.y, 0, body.height};
    if (w->zoomed || workbench_is_narrow(w))
        return;
    main_pane->width = body.width - side_width - 3;
    *side = (Rect){body.x + body.width - side_width, body.y, side_width, body.height};
}

void frame_say_none(const Workbench *w, Text *left)
{
    text_add(left, app_table(w->app) ? "the table is being read and profiled" : "no table open");
}

void frame_empty(Pen *pen, Rect area, const char *sentence, const char *const *words)
{
    int x = area.x + pen_text_fit(pen, area.x, area.y, area.width, ROLE_UI, sentence) + 3;
    for (size_t i = 0; words && words[i]; i++) {
        size_t key = strcspn(words[i], " ");
        char *name = mem_strndup(words[i], key);
        if (x + (int)utf8_width(words[i]) <= area.x + area.width) {
            x += pen_text(pen, x, area.y, ROLE_UI_KEY, name);
            x += pen_text(pen, x, area.y, ROLE_UI_HINT, words[i] + key) + 3;
        }
        mem_free(name);
    }
}

const char *frame_key(const char *key, char out[16])
{
    static const char *const arrows[][2] = {{"<Left>", "\u2190"}, {"<Right>", "\u2192"}, {"<Up>", "\u2191"}, {"<Down>", "\u2193"}};
    size_t size = strlen(key);
    for (size_t i = 0; i < 4; i++)
        if (text_equal(key, arrows[i][0]))
            return arrows[i][1];
    if (size == 5 && text_starts(key, "<C-"))
        snprintf(out, 16, "^%c", key[3] >= 'a' && key[3] <= 'z' ? key[3] - 'a' + 'A' : key[3]);
    else if (size > 2 && key[0] == '<')
        snprintf(out, 16, "%.*s", (int)(size - 2), key + 1);
    else
        snprintf(out, 16, "%s", key);
    return out;
}

void frame_fact(Pen *pen, int x, int y, int width, const char *name, const char *value, Role role)
{
    int value_width = (int)utf8_width(value);
    pen_text_fit(pen, x, y, width - value_width - 1, ROLE_UI_DIM, name);
    pen_text_right(pen, x, y, width, role, value);
}

/* Bytes of the next line: as many words as fit, at least one glyph. */
static size_t line_bytes(const char *text, int width)
{
    size_t fits = utf8_fit(text, (size_t)width), newline = strcspn(text, "\n");
    if (newline <= fits)
        return newline;
    if (!text[fits])
        return fits;
    size_t cut = fits;
    while (cut > 0 && text[cut] != ' ')
        cut--;
    return cut > 0 ? cut : fits > 0 ? fits : 1;
}

int frame_text(Pen *pen, Rect area, Role role, const char *text)
{
    int row = 0;
    while (*text && row < area.height && area.width > 0) {
        size_t size = line_bytes(text, area.width);
        bool is_last = row + 1 == area.height; /* what does not fit ends in an ellipsis */
        char *line = mem_strndup(text, is_last ? strcspn(text, "\n") : size);
        pen_text_fit(pen, area.x, area.y + row++, area.width, role, line);
        mem_free(line);
        text += size;
        text += *text == ' ' || *text == '\n';
    }
    return row;
}

bool frame_failure(Pen *pen, Rect area, const Tail *run)
{
    if (!run || !run->end || (run->state != RUN_FAILED && run->state != RUN_LOST))
        return false;
    frame_text(pen, area, ROLE_STATE_ERROR, value_get_text(run->end, "message", run_state_name(run->state)));
    return true;
}

uint32_t frame_state_glyph(RunState s, Role *role)
{
    static const struct {
        uint32_t glyph;
        Role role;
    } table[] = {
        [RUN_UNKNOWN] = {0x25cb, ROLE_STATE_STALE},   [RUN_QUEUED] = {0x25cb, ROLE_STATE_QUEUED},
        [RUN_RUNNING] = {0x25cf, ROLE_STATE_RUNNING}, [RUN_PAUSED] = {0x25cb, ROLE_STATE_PAUSED},
        [RUN_FULL] = {0x25cb, ROLE_STATE_ERROR},      [RUN_DONE] = {0x2713, ROLE_STATE_OK},
        [RUN_STOPPED] = {0x2713, ROLE_STATE_OK},      [RUN_DIVERGED] = {0x2717, ROLE_STATE_ERROR},
        [RUN_FAILED] = {0x2717, ROLE_STATE_ERROR},    [RUN_LOST] = {0x25cb, ROLE_STATE_STALE},
    };
    *role = table[s].role;
    return table[s].glyph;
}

void frame_veil(Cells *cells, Rect body)
{
    for (int y = body.y; y < body.y + body.height; y++)
        for (int x = 0; x < cells->width; x++) {
            Cell *c = cells_at(cells, x, y);
            bool is_mark = c->glyph >= 0x2500 && c->glyph < 0x2900;
            c->role = (uint8_t)(is_mark ? ROLE_UI_BORDER : ROLE_UI_DIM);
            c->ground = GROUND_NONE;
        }
}

Rect frame_center(Rect body, int width, int height)
{
    if (width > body.width)
        width = body.width;
    if (height > body.height)
        height = body.height;
    int top = body.y + 3;
    if (top + height > body.y + body.height)
        top = body.y + body.height - height;
    return (Rect){body.x + (body.width - width) / 2, top, width, height};
}

static void paint_edge(Pen *pen, Rect r, int y, const uint32_t corners[2])
{
    pen_glyph(pen, r.x, y, ROLE_UI_BORDER_FOCUS, corners[0]);
    for (int x = r.x + 1; x < r.x + r.width - 1; x++)
        pen_glyph(pen, x, y, ROLE_UI_BORDER_FOCUS, 0x2500);
    pen_glyph(pen, r.x + r.width - 1, y, ROLE_UI_BORDER_FOCUS, corners[1]);
}

/* keys: "Enter apply  Esc cancel": the first word of each part is a key. */
static void paint_popup_keys(Pen *pen, Rect r, const char *keys)
{
    int x = r.x + 3, y = r.y + r.height - 1, end = r.x + r.width - 2;
    pen_glyph(pen, r.x + 2, y, ROLE_UI, ' ');
    while (*keys) {
        size_t key = strcspn(keys, " "), part = key;
        while (keys[part] && !(keys[part] == ' ' && keys[part + 1] == ' '))
            part++;
        char *name = mem_strndup(keys, key), *word = mem_strndup(keys + key, part - key);
        if (x + (int)(utf8_width(name) + utf8_width(word)) + 1 <= end) {
            x += pen_text(pen, x, y, ROLE_UI_KEY, name);
            x += pen_text(pen, x, y, ROLE_UI_HINT, word);
            x += pen_text(pen, x, y, ROLE_UI, "  ");
        }
        mem_free(name);
        mem_free(word);
        keys += part;
        keys += strspn(keys, " ");
    }
}

Rect frame_popup(Pen *pen, Rect r, const char *title, const char *remark, const char *keys)
{
    pen_fill(pen, r, ROLE_UI_POPUP, ' ');
    paint_edge(pen, r, r.y, (const uint32_t[2]){0x256d, 0x256e});
    paint_edge(pen, r, r.y + r.height - 1, (const uint32_t[2]){0x2570, 0x256f});
    for (int y = r.y + 1; y < r.y + r.height - 1; y++) {
        pen_glyph(pen, r.x, y, ROLE_UI_BORDER_FOCUS, 0x2502);
        pen_glyph(pen, r.x + r.width - 1, y, ROLE_UI_BORDER_FOCUS, 0x2502);
    }
    char *head = text_format(" %s ", title);
    pen_text_fit(pen, r.x + 2, r.y, r.width - 4, ROLE_UI_TITLE_FOCUS, head);
    mem_free(head);
    if (remark && *remark && (int)(utf8_width(remark) + utf8_width(title)) + 10 < r.width) {
        char *tail = text_format(" %s ", remark);
        pen_text(pen, r.x + r.width - 2 - (int)utf8_width(tail), r.y, ROLE_UI_DIM, tail);
        mem_free(tail);
    }
    if (keys)
        paint_popup_keys(pen, r, keys);
    return (Rect){r.x + 3, r.y + 1, r.width - 6, r.height - 2};
}
