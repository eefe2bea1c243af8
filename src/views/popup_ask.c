/* One line of input: a question, an answer, Enter. The command line is one too. */
#include "tui/input.h"
#include "views/frame.h"

typedef struct Ask {
    char *title;
    Input input;
    bool (*answer)(Workbench *w, const char *text, Error *e);
    bool at_bottom; /* the command line */
    char problem[300];
} Ask;

/* A question that is too long for the frame stands inside. */
static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Ask *a = state;
    (void)w;
    int width = body.width > 84 ? 84 : body.width, cells = (int)utf8_width(a->title);
    int inside = cells > width - 8 ? cells / (width - 16) + 1 : 0;
    Rect box = frame_center(body, width, 5 + inside);
    if (a->at_bottom)
        box.y = body.y + body.height - box.height;
    Rect in = frame_popup(pen, box, inside ? "" : a->title, "", "Enter do it  Esc cancel");
    int y = in.y + (inside ? frame_text(pen, (Rect){in.x, in.y, in.width, inside}, ROLE_UI_STRONG, a->title) : 0);
    pen_text(pen, in.x, y, ROLE_UI_KEY, ">");
    input_paint(pen, in.x + 2, y, in.width - 2, &a->input, true, NULL);
    if (*a->problem)
        frame_text(pen, (Rect){in.x, y + 1, in.width, in.y + in.height - y - 1}, ROLE_STATE_ERROR, a->problem);
}

static PopupAnswer finish(Workbench *w, Ask *a)
{
    Error e = {0};
    char *text = mem_strdup(a->input.text);
    bool ok = a->answer(w, text, &e);
    mem_free(text);
    if (ok)
        return POPUP_CLOSE;
    error_format(&e, a->problem, sizeof a->problem);
    return POPUP_STAY;
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    Ask *a = state;
    a->problem[0] = 0;
    if (k.code == KEYS_ESCAPE || (k.code == KEYS_CONTROL && k.glyph == 'c'))
        return POPUP_CLOSE;
    if (k.code == KEYS_ENTER)
        return finish(w, a);
    if (k.code == KEYS_PASTE)
        input_paste(&a->input, w->pasted);
    else
        input_key(&a->input, k);
    return POPUP_STAY;
}

static void done(void *state)
{
    Ask *a = state;
    mem_free(a->title);
    input_done(&a->input);
    mem_free(a);
}

static Ask *ask_push(Workbench *w, const char *title, const char *start, bool (*answer)(Workbench *, const char *, Error *))
{
    Ask *a = MEM_NEW(Ask);
    a->title = mem_strdup(title);
    a->answer = answer;
    input_init(&a->input, start);
    input_select(&a->input);
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
    Ask *a = ask_push(w, "Command: a name and its options", prefix, answer_line);
    a->at_bottom = true;
    a->input.selected = false; /* the beginning of a line, not an old one */
}
