/* Help for the place one is in, and texts that scroll. Both come from the same rows that keys come from. */
#include <string.h>

#include "views/frame.h"

typedef struct Page {
    char *title;
    Text text; /* lines; a line "## word" is a heading, "key<TAB>text" a key row, of a record "name<TAB>value", "name<TAB><TAB>" null */
    int top;
    int names; /* of a record: cells of the longest name; 0: help or a message */
} Page;

static size_t count_lines(const char *s)
{
    size_t n = 0;
    for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
        n++;
    return n;
}

static int paint_field(Pen *pen, Rect area, const char *line, int names)
{
    const char *tab = strchr(line, '\t');
    char *name = mem_strndup(line, (size_t)(tab - line));
    int width = names < area.width / 2 ? names : area.width / 2;
    bool is_null = tab[1] == '\t';
    pen_text_fit(pen, area.x, area.y, width, ROLE_DATA_HEADER, name);
    mem_free(name);
    Rect rest = {area.x + width + 2, area.y, area.width - width - 2, area.height};
    int rows = frame_text(pen, rest, is_null ? ROLE_DATA_NULL : ROLE_UI, is_null ? "null" : tab + 1);
    return rows ? rows : 1;
}

/* Returns the rows used: a key's words go on below themselves. */
static int paint_line(const Page *p, Pen *pen, Rect area, const char *line)
{
    const char *tab = strchr(line, '\t');
    if (p->names && tab)
        return paint_field(pen, area, line, p->names);
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

/* A message of one line gets a box of its own size. */
static Rect box_of(const Page *p, Rect body)
{
    if (strchr(text_get(&p->text), '\n'))
        return body.width < 80 ? body : frame_center(body, 110, body.height - 3);
    int width = body.width < 84 ? body.width : 84, rows = (int)utf8_width(text_get(&p->text)) / (width - 16) + 1;
    return frame_center(body, width, rows + 3);
}

/* Text fills columns from the top; one column below 90 cells. */
static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Page *p = state;
    (void)w;
    Rect in = frame_popup(pen, box_of(p, body), p->title, "", "j k scroll  Esc close");
    Pen inner = pen_on(pen->cells, in);
    int columns = in.width >= 90 ? 2 : 1, width = (in.width - 3 * (columns - 1)) / columns, row = -p->top, column = 0;
    for (const char *s = text_get(&p->text); *s && column < columns;) {
        size_t size = strcspn(s, "\n");
        char *line = mem_strndup(s, size);
        int x = in.x + column * (width + 3);
        row += row < 0 ? 1 : paint_line(p, &inner, (Rect){x, in.y + row, width, in.height - row}, line);
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

void popup_record(Workbench *w, const char *title, const TextList *names, const TextList *values)
{
    Text text = {0};
    int widest = 1;
    for (size_t i = 0; i < names->count; i++) {
        int width = (int)utf8_width(names->items[i]);
        widest = width > widest ? width : widest;
        text_addf(&text, "%s\t%s%s\n", names->items[i], *values->items[i] ? "" : "\t", values->items[i]);
    }
    push_page(w, mem_strdup(title), text);
    ((Page *)w->popup->state)->names = widest;
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
    text_add(&out, "\n## Moving\nh j k l\tor arrows: move\ng G\tfirst, last\nPgUp PgDn\ta page\nTab\tnext pane\n1 .. 9\tviews\nEsc\tback: "
                   "the box, the zoom, the view before\n");
    text_add(&out, "\n## Everywhere\n");
    add_commands(w, true, &out);
    text_add(&out, "Sp Sp\tpalette of everything\n\nKeys are the same words as in the command line (:) and the palette.\n");
    push_page(w, text_format("Help: %s", view_get(w->view)->name), out);
}
