/* Help for the place one is in, and texts that scroll. Both come from the same rows that keys come from. */
#include <string.h>

#include "views/frame.h"

typedef struct Page {
    char *title;
    Text text;  /* lines; a line "## word" is a heading, "key<TAB>text" a key row */
    int top;
} Page;

static size_t count_lines(const char *s)
{
    size_t n = 0;
    for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
        n++;
    return n;
}

/* Returns the rows used: a key's words go on below themselves. */
static int paint_line(Pen *pen, Rect area, const char *line)
{
    const char *tab = strchr(line, '\t');
    if (text_starts(line, "## ")) {
        pen_text_fit(pen, area.x, area.y, area.width, ROLE_UI_TITLE, line + 3);
        return 1;
    }
    if (!tab) {
        int rows = frame_text(pen, area, ROLE_UI, line);
        return rows ? rows : 1;
    }
    char *key = mem_strndup(line, (size_t)(tab - line)), label[16];
    pen_text_right(pen, area.x, area.y, 9, ROLE_UI_KEY, strlen(key) < 14 ? frame_key(key, label) : key);
    mem_free(key);
    int rows = frame_text(pen, (Rect){area.x + 11, area.y, area.width - 11, area.height}, ROLE_UI, tab + 1);
    return rows ? rows : 1;
}

/* Text fills columns from the top; one column below 90 cells. */
static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Page *p = state;
    (void)w;
    Rect box = body.width < 80 ? body : frame_center(body, 110, body.height - 3);
    Rect in = frame_popup(pen, box, p->title, "", "j k scroll  Esc close");
    Pen inner = pen_on(pen->cells, in);
    int columns = in.width >= 90 ? 2 : 1, width = (in.width - 3 * (columns - 1)) / columns, row = -p->top, column = 0;
    for (const char *s = text_get(&p->text); *s && column < columns;) {
        size_t size = strcspn(s, "\n");
        char *line = mem_strndup(s, size);
        int x = in.x + column * (width + 3);
        row += row < 0 ? 1 : paint_line(&inner, (Rect){x, in.y + row, width, in.height - row}, line);
        if (row >= in.height) {
            column++;
            row = 0;
        }
        mem_free(line);
        s += size;
        s += *s == '\n';
    }
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Page *p = state;
    int last = (int)count_lines(text_get(&p->text)) - 1, page = w->body.height > 6 ? w->body.height - 6 : 1;
    if (k.code == KEYS_DOWN || key_is(k, 'j'))
        p->top++;
    else if (k.code == KEYS_UP || key_is(k, 'k'))
        p->top--;
    else if (k.code == KEYS_PAGE_DOWN)
        p->top += page;
    else if (k.code == KEYS_PAGE_UP)
        p->top -= page;
    else
        return POPUP_CLOSE;
    p->top = p->top > last ? last : p->top;
    p->top = p->top < 0 ? 0 : p->top;
    return POPUP_STAY;
}

static void done(void *state)
{
    Page *p = state;
    mem_free(p->title);
    text_done(&p->text);
    mem_free(p);
}

static void push_page(Workbench *w, char *title, Text text)
{
    Page *p = MEM_NEW(Page);
    p->title = title;
    p->text = text;
    workbench_push(w, &(Popup){.state = p, .paint = paint, .key = key, .done = done});
}

void popup_message(Workbench *w, const char *title, const char *text)
{
    Text copy = {0};
    text_add(&copy, text);
    push_page(w, mem_strdup(title), copy);
}

static void add_commands(const Workbench *w, bool everywhere, Text *out)
{
    for (size_t i = 0; command_at(i); i++) {
        const Command *c = command_at(i);
        if (c->key && (c->views >> w->view & 1) && (c->views == VIEWS_ALL) == everywhere)
            text_addf(out, "%s\t%s\n", c->key, c->spec.doc);
    }
}

void popup_help(Workbench *w)
{
    Text out = {0};
    text_addf(&out, "## %s\n", view_get(w->view)->name);
    add_commands(w, false, &out);
    text_add(&out, "\n## Moving\nh j k l\tor arrows: move\ng G\tfirst, last\nPgUp PgDn\ta page\nTab\tnext pane\n1 .. 9\tviews\n");
    text_add(&out, "\n## Everywhere\n");
    add_commands(w, true, &out);
    text_add(&out, "Sp Sp\tpalette of everything\n\nKeys are the same words as in the command line (:) and the palette.\n");
    push_page(w, text_format("Help: %s", view_get(w->view)->name), out);
}
