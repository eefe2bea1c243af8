/* Help for the place one is in, and texts that scroll. Both come from the same rows that keys come from. */
#include <string.h>

#include "views/data.h"
#include "views/frame.h"

typedef struct Page {
    char *title;
    Text text; /* lines; a line "## word" is a heading, "key<TAB>text" a key row, of a record "name<TAB>value", "name<TAB><TAB>" null */
    int top;
    int names;    /* of a record: cells of the longest name; 0: help or a message */
    Table *table; /* of a record: arrays are drawn from it; held; NULL: no record */
    size_t row;
} Page;

enum {
    CURVE_ROWS = 9,
    CURVE_LEAST = 6,
    CHANNEL_ROWS = 5,
    AXIS_ROWS = 2,
    ARRAY_MARK = 1
}; /* the mark begins the value of an array, a spark follows */

static size_t count_lines(const char *s)
{
    size_t n = 0;
    for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
        n++;
    return n;
}

static void paint_names(const Page *p, Pen *pen, Rect area, const Column *c)
{
    Text shape = {0};
    char *remark = data_array_remark(c);
    cell_shape_format(&c->shape, &shape);
    pen_text_fit(pen, area.x, area.y + 1, p->names, ROLE_UI_DIM, text_get(&shape));
    pen_text_fit(pen, area.x, area.y + 2, p->names, ROLE_UI_DIM, remark);
    text_done(&shape);
    mem_free(remark);
}

/* Curves, with what they are below the name: each channel on an axis of its own where there is room, for their units may differ. */
static int paint_array(const Page *p, const Workbench *w, Pen *pen, Rect area, const char *name)
{
    const Column *c = table_column(p->table, name);
    size_t channels = data_array_channels(c);
    int rows = (int)channels * CHANNEL_ROWS + AXIS_ROWS, width = p->names < area.width / 2 ? p->names : area.width / 2, used = 0;
    bool is_apart = channels > 1 && area.height >= rows;
    Rect at = {area.x + width + 2, area.y, area.width - width - 2, area.height < CURVE_ROWS ? area.height : CURVE_ROWS};
    paint_names(p, pen, area, c);
    for (size_t k = 0; k < (is_apart ? channels : 1); k++) {
        DataArray cell = {c, p->row, k, is_apart ? 1 : channels, !is_apart || k + 1 == channels};
        at.height = is_apart ? CHANNEL_ROWS + (cell.x_axis ? AXIS_ROWS : 0) : at.height;
        data_plot_array(w, pen, at, &cell);
        at.y += at.height;
        used += at.height;
    }
    return used + 1;
}

static int paint_field(const Page *p, const Workbench *w, Pen *pen, Rect area, const char *line)
{
    const char *tab = strchr(line, '\t');
    char *name = mem_strndup(line, (size_t)(tab - line));
    int width = p->names < area.width / 2 ? p->names : area.width / 2, used = 0;
    bool is_null = tab[1] == '\t', is_array = tab[1] == ARRAY_MARK;
    pen_text_fit(pen, area.x, area.y, width, ROLE_DATA_HEADER, name);
    if (is_array && area.height >= CURVE_LEAST)
        used = paint_array(p, w, pen, area, name);
    mem_free(name);
    if (used)
        return used;
    tab += is_array;
    Rect rest = {area.x + width + 2, area.y, area.width - width - 2, area.height};
    int rows = frame_text(pen, rest, is_null ? ROLE_DATA_NULL : ROLE_UI, is_null ? "null" : tab + 1);
    return rows ? rows : 1;
}

/* Returns the rows used: a key's words go on below themselves. */
static int paint_line(const Page *p, const Workbench *w, Pen *pen, Rect area, const char *line)
{
    const char *tab = strchr(line, '\t');
    if (p->names && tab)
        return paint_field(p, w, pen, area, line);
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
    Rect in = frame_popup(pen, box_of(p, body), p->title, "", "j k scroll  Esc close");
    Pen inner = pen_on(pen->cells, in);
    int columns = in.width >= 90 ? 2 : 1, width = (in.width - 3 * (columns - 1)) / columns, row = -p->top, column = 0;
    for (const char *s = text_get(&p->text); *s && column < columns;) {
        size_t size = strcspn(s, "\n");
        char *line = mem_strndup(s, size);
        int x = in.x + column * (width + 3);
        row += row < 0 ? 1 : paint_line(p, w, &inner, (Rect){x, in.y + row, width, in.height - row}, line);
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
    table_unref(p->table);
    mem_free(p);
}

static void push_page(Workbench *w, char *title, Text text)
{
    Page *p = MEM_NEW(Page);
    p->title = title;
    p->text = text;
    workbench_push(w, &(Popup){.state = p, .paint = paint, .key = key, .done = done});
}

static void add_value(const Table *t, size_t column, size_t row, Text *out)
{
    const Column *c = t->columns[column];
    Text cell = {0};
    if (column_is_valid(c, row))
        data_format_cell(c, row, &cell);
    text_addf(out, "%s\t", t->names[column]);
    if (!cell.size)
        text_add_char(out, '\t');
    else if (c->type == COLUMN_ARRAY)
        text_add_char(out, ARRAY_MARK);
    text_addf(out, "%s\n", text_get(&cell));
    text_done(&cell);
}

void popup_record(Workbench *w, const Table *t, size_t row)
{
    Text text = {0};
    int widest = 1;
    for (size_t c = 0; t->rows && c < t->columns_count; c++) {
        int width = (int)utf8_width(t->names[c]);
        widest = width > widest ? width : widest;
        add_value(t, c, row, &text);
    }
    push_page(w, text_format("row %llu", (unsigned long long)(t->rows ? table_row_id(t, row) + 1 : 0)), text);
    Page *p = w->popup->state;
    p->names = widest;
    p->table = table_ref(t);
    p->row = row;
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
