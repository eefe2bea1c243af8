/* One line of input: a question, an answer, Enter. The command line is one too. */
#include <string.h>

#include "views/frame.h"

typedef struct Ask {
    char *title;
    Text text;
    bool (*answer)(Workbench *w, const char *text, Error *e);
    bool at_bottom; /* the command line */
    char problem[300];
} Ask;

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Ask *a = state;
    (void)w;
    int width = body.width > 84 ? 84 : body.width;
    Rect box = frame_center(body, width, 5);
    if (a->at_bottom)
        box.y = body.y + body.height - 5;
    Rect in = frame_popup(pen, box, a->title, "", "Enter do it  Esc cancel");
    int room = in.width - 3, used = (int)utf8_width(text_get(&a->text));
    const char *shown = text_get(&a->text);
    /* The end of a long line stays visible. */
    while (used >= room && *shown) {
        uint32_t code;
        shown += utf8_decode(shown, strlen(shown), &code);
        used = (int)utf8_width(shown);
    }
    pen_text(pen, in.x, in.y, ROLE_UI_KEY, ">");
    pen_fill(pen, (Rect){in.x + 2, in.y, room, 1}, ROLE_UI_INPUT, ' ');
    int x = in.x + 2 + pen_text_fit(pen, in.x + 2, in.y, room, ROLE_UI_INPUT, shown);
    pen_glyph(pen, x, in.y, ROLE_UI_CURSOR_CELL, ' ');
    if (*a->problem)
        pen_text_fit(pen, in.x, in.y + 1, in.width, ROLE_STATE_ERROR, a->problem);
}

static PopupAnswer finish(Workbench *w, Ask *a)
{
    Error e = {0};
    char *text = mem_strdup(text_get(&a->text));
    bool ok = a->answer(w, text, &e);
    mem_free(text);
    if (ok)
        return POPUP_CLOSE;
    error_format(&e, a->problem, sizeof a->problem);
    return POPUP_STAY;
}

static void drop_last(Text *t)
{
    while (t->size > 0 && ((unsigned char)t->bytes[t->size - 1] & 0xC0) == 0x80)
        t->bytes[--t->size] = 0;
    if (t->size > 0)
        t->bytes[--t->size] = 0;
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Ask *a = state;
    a->problem[0] = 0;
    if (k.code == KEYS_ESCAPE || (k.code == KEYS_CONTROL && k.glyph == 'c'))
        return POPUP_CLOSE;
    if (k.code == KEYS_ENTER)
        return finish(w, a);
    if (k.code == KEYS_BACKSPACE)
        drop_last(&a->text);
    else if (k.code == KEYS_CONTROL && k.glyph == 'u')
        text_clear(&a->text);
    else if (k.code == KEYS_CHAR) {
        char bytes[4];
        text_add_bytes(&a->text, bytes, utf8_encode(k.glyph, bytes));
    }
    return POPUP_STAY;
}

static void done(void *state)
{
    Ask *a = state;
    mem_free(a->title);
    text_done(&a->text);
    mem_free(a);
}

static Ask *ask_push(Workbench *w, const char *title, const char *start, bool (*answer)(Workbench *, const char *, Error *))
{
    Ask *a = MEM_NEW(Ask);
    a->title = mem_strdup(title);
    a->answer = answer;
    text_add(&a->text, start);
    workbench_push(w, &(Popup){.state = a, .paint = paint, .key = key, .done = done});
    return a;
}

void popup_ask(Workbench *w, const char *title, const char *start, bool (*answer)(Workbench *w, const char *text, Error *e))
{
    ask_push(w, title, start, answer);
}

static bool answer_line(Workbench *w, const char *text, Error *e)
{
    (void)e;
    command_line_run(w, text);
    return true;
}

void popup_command_line(Workbench *w, const char *prefix)
{
    ask_push(w, "Command: a name and its options", prefix, answer_line)->at_bottom = true;
}
