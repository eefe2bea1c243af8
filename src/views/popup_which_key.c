/* Space: the next key, in a box over the lowest rows. Keys of this view first, then those of everywhere. */
#include <string.h>

#include "views/frame.h"

typedef struct Which {
    const Command *rows[64];
    size_t count;
} Which;

static void collect(const Workbench *w, Which *x, bool everywhere)
{
    for (size_t i = 0; command_at(i) && x->count < 64; i++) {
        const Command *c = command_at(i);
        if (c->key && strlen(c->key) == 1 && (c->views >> w->view & 1) && (c->views == VIEWS_ALL) == everywhere)
            x->rows[x->count++] = c;
    }
}

/* The hint's word, or the name without its view: "recipe_down" is down. */
static const char *short_word(const Command *c)
{
    const char *bar = strchr(c->spec.name, '_');
    if (c->word)
        return c->word;
    return bar && c->views != VIEWS_ALL ? bar + 1 : c->spec.name;
}

static int rows_of(const Which *x, int columns)
{
    return ((int)x->count + columns) / columns; /* one more than the commands: Space itself */
}

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Which *x = state;
    enum { CELL = 16 }; /* a key and a word, cut at worst */
    int columns = body.width >= 110 ? 4 : body.width >= 70 ? 2 : 1, rows = rows_of(x, columns), most = body.height - 2;
    while (rows > most && (body.width - 6) / (columns + 1) >= CELL)
        rows = rows_of(x, ++columns);
    size_t shown = x->count;
    if (rows > most) {
        rows = most;
        shown = rows > 0 ? (size_t)(rows * columns - 1) : 0;
    }
    int cell = (body.width - 6) / columns, height = rows + 2 > body.height ? body.height : rows + 2;
    char *remark = shown < x->count ? text_format("%zu more by name", x->count - shown) : mem_strdup("waiting for the next key");
    Rect in = frame_popup(pen, (Rect){body.x, body.y + body.height - height, body.width, height}, "Space", remark, NULL);
    mem_free(remark);
    pen_text(pen, in.x, in.y, ROLE_UI_KEY, "Space");
    pen_text_fit(pen, in.x + 6, in.y, cell - 8, ROLE_UI, "everything, by name");
    for (size_t i = 0; i < shown && rows > 0; i++) {
        int at = (int)i + 1, px = in.x + at / rows * cell, py = in.y + at % rows;
        Text why = {0};
        bool can = command_can_run(w, x->rows[i], &why);
        pen_text_right(pen, px, py, 5, can ? ROLE_UI_KEY : ROLE_UI_DIM, x->rows[i]->key);
        const char *word = short_word(x->rows[i]);
        char *line = can ? mem_strdup(word) : text_format("%s: %s", word, text_get(&why));
        for (char *p = line; *p && can; p++)
            *p = *p == '_' ? ' ' : *p;
        pen_text_fit(pen, px + 6, py, cell - 8, can ? ROLE_UI : ROLE_UI_DIM, line);
        mem_free(line);
        text_done(&why);
    }
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    const Which *x = state;
    char name[16];
    if (key_is(k, ' ')) {
        popup_palette(w);
        return POPUP_CLOSE;
    }
    key_label(k, name);
    for (size_t i = 0; i < x->count; i++)
        if (text_equal(x->rows[i]->key, name)) {
            const Command *c = x->rows[i];
            workbench_pop(w);
            command_run(w, c, NULL);
            return POPUP_STAY;
        }
    return POPUP_CLOSE;
}

void popup_which_key(Workbench *w)
{
    Which *x = MEM_NEW(Which);
    collect(w, x, false);
    collect(w, x, true);
    workbench_push(w, &(Popup){.state = x, .paint = paint, .key = key, .done = mem_free});
}
