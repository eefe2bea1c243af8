/* Script: the document as the Lua that replays it, and where each change came from. */
#include <string.h>

#include "base/io.h"
#include "base/number.h"
#include "tui/list.h"
#include "views/commands.h"
#include "views/frame.h"

typedef struct ScriptState {
    char *text;
    TextList lines;
    Document *of; /* held, so that no other document can lie at its address */
    bool foreign; /* the text is a script that is only shown, not a document's */
    ListState list;
} ScriptState;

static ScriptState *state_of(const Workbench *w)
{
    return VIEW_STATE(ScriptState, w, VIEW_SCRIPT);
}

static bool is_word_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_lua_word(const char *s, size_t size)
{
    static const char *const words[] = {"local", "return", "function", "end", "if", "then", "else", "require",
                                        "true",  "false",  "nil",      "and", "or", "not",  "print"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == size && memcmp(words[i], s, size) == 0)
            return true;
    return false;
}

/* The size of the next piece of a line and its role. */
static size_t next_piece(const char *s, Role *role)
{
    *role = ROLE_UI;
    if (text_starts(s, "--") || text_starts(s, "#!")) {
        *role = ROLE_UI_DIM;
        return strlen(s);
    }
    if (*s == '"') {
        size_t n = 1;
        while (s[n] && s[n] != '"')
            n += s[n] == '\\' && s[n + 1] ? 2 : 1;
        *role = ROLE_STATE_OK;
        return n + (s[n] == '"');
    }
    size_t n = 0;
    while (is_word_char(s[n]))
        n++;
    if (!n)
        return 1;
    *role = *s >= '0' && *s <= '9' ? ROLE_STATE_WARN : is_lua_word(s, n) ? ROLE_UI_KEY : ROLE_UI;
    return n;
}

/* A line that is longer than the pane goes on below, indented; returns the rows used. */
static int paint_line(Pen *pen, Rect area, const char *line)
{
    int x = area.x, row = 0, end = area.x + area.width;
    while (*line && row < area.height) {
        Role role;
        size_t size = next_piece(line, &role);
        char *piece = mem_strndup(line, size);
        int width = (int)utf8_width(piece);
        if (x + width + (line[size] == ',') > end && x > area.x + 8) {
            x = area.x + 4;
            row++;
        }
        if (row < area.height)
            x += pen_text_fit(pen, x, area.y + row, end - x, role, piece);
        mem_free(piece);
        line += size;
    }
    return row + 1;
}

static void paint_listing(const Workbench *w, Pen *pen, Rect pane)
{
    const ScriptState *s = state_of(w);
    const History *h = app_history(w->app);
    char *remark = text_format("%zu lines   %s", s->lines.count, s->foreign ? "not run" : h && h->saved == h->now ? "saved" : "not saved");
    Rect in = frame_head(pen, pane, true, "Script", remark);
    mem_free(remark);
    int y = in.y, end = in.y + in.height;
    for (int i = (int)s->list.top; y < end && i < (int)s->lines.count; i++) {
        pen_format(pen, in.x, y, ROLE_UI_DIM, "%3d", i + 1);
        int rows = paint_line(pen, (Rect){in.x + 5, y, in.width - 5, end - y}, s->lines.items[i]);
        if (i == (int)s->list.cursor)
            pen_ground(pen, (Rect){in.x, y, in.width, rows > end - y ? end - y : rows}, GROUND_ROW);
        y += rows;
    }
}

static void paint_origin(const Workbench *w, Pen *pen, Rect pane)
{
    const History *h = app_history(w->app);
    char number[NUMBER_ROOM];
    if (!h)
        return;
    Rect in = frame_head(pen, pane, false, "Where it came from", number_format_count((int64_t)h->count, number));
    size_t first = h->count > (size_t)in.height - 3 && in.height > 3 ? h->count - ((size_t)in.height - 3) : 0;
    int y = in.y;
    for (size_t i = first; i < h->count && y < in.y + in.height; i++, y++) {
        const Document *d = h->items[i];
        Role role = i == h->now ? ROLE_UI_STRONG : i > h->now ? ROLE_UI_DIM : ROLE_UI;
        pen_text_fit(pen, in.x, y, 14, ROLE_UI_DIM, d->place ? d->place : i ? "" : "open");
        pen_text_fit(pen, in.x + 15, y, in.width - 15, role,
                     d->change          ? d->change
                     : app_file(w->app) ? io_base_name(app_file(w->app))
                                        : "");
    }
    if (y + 1 < in.y + in.height)
        pen_text_fit(pen, in.x, y + 1, in.width, ROLE_UI_DIM, "undo takes its line away");
}

static void paint_waiting(Pen *pen, Rect pane)
{
    static const char *const lines[] = {
        "Nothing of it has run.", "", "b builds the session it describes:", "that runs it, without training,",
        "processes or writing.",  "", "limbeck run FILE runs it as it is."};
    Rect in = frame_head(pen, pane, false, "A script written by hand", "");
    for (int i = 0; i < (int)(sizeof lines / sizeof *lines) && i < in.height; i++)
        pen_text_fit(pen, in.x, in.y + i, in.width, ROLE_UI, lines[i]);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    Rect pane, side;
    if (!state_of(w)->lines.count) {
        static const char *const words[] = {"o open a table", NULL};
        frame_empty(pen, frame_head(pen, body, true, "Script", ""), "No table open.", words);
        return;
    }
    frame_columns(w, body, 36, &pane, &side);
    paint_listing(w, pen, pane);
    if (side.width && state_of(w)->foreign)
        paint_waiting(pen, side);
    else if (side.width)
        paint_origin(w, pen, side);
}

static void follow(Workbench *w)
{
    ScriptState *s = state_of(w);
    const char *foreign = app_foreign(w->app);
    const Document *document = app_document(w->app);
    bool same = s->text && s->foreign == (foreign != NULL) && (foreign ? text_equal(s->text, foreign) : s->of == document);
    if (same || (!document && !foreign))
        return;
    mem_free(s->text);
    text_list_done(&s->lines);
    s->text = foreign ? mem_strdup(foreign) : app_script(w->app);
    s->foreign = foreign != NULL;
    document_unref(s->of);
    s->of = document && !foreign ? document_ref(document) : NULL;
    for (const char *p = s->text; *p;) {
        size_t size = strcspn(p, "\n");
        char *line = mem_strndup(p, size);
        text_list_add(&s->lines, line);
        mem_free(line);
        p += size + (p[size] == '\n');
    }
    list_fix(&s->list, s->lines.count, w->body.height - 1);
}

static bool key(Workbench *w, Key k)
{
    ScriptState *s = state_of(w);
    return s->lines.count && list_key(&s->list, k, s->lines.count, w->body.height - 1);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const ScriptState *s = state_of(w);
    const History *h = app_history(w->app);
    if (s->lines.count)
        text_addf(left, "line %zu", s->list.cursor + 1);
    else
        frame_say_none(w, left);
    if (s->foreign)
        text_add(right, "not run; b builds its session");
    else if (h)
        text_add(right, h->saved == h->now ? "saved" : "w saves; limbeck run replays it to the same bits");
}

static void done(Workbench *w)
{
    mem_free(state_of(w)->text);
    document_unref(state_of(w)->of);
    text_list_done(&state_of(w)->lines);
}

const View view_script = {.name = "Script",
                          .state_size = sizeof(ScriptState),
                          .paint = paint,
                          .key = key,
                          .status = status,
                          .refresh = follow,
                          .done = done,
                          .panes = 1};

static bool run_write(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return save_session(w, argument, e);
    popup_ask(w, "Save the script as", app_save_name(w->app), save_session);
    return true;
}

const Command command_script_write = {.spec = {.name = "script_write", .doc = "save the script", .group = "s script"},
                                      .key = "w",
                                      .views = IN(VIEW_SCRIPT) | IN(VIEW_RECIPE),
                                      .hint = 7,
                                      .word = "write Lua",
                                      .can_run = need_table,
                                      .run = run_write};

static bool has_foreign(const Workbench *w, Text *why)
{
    if (app_foreign(w->app))
        return true;
    text_add(why, "no script written by hand is open; o opens one");
    return false;
}

static bool run_build(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_build_foreign(w->app, e);
}

const Command command_script_build = {
    .spec = {.name = "script_build", .doc = "run a script written by hand for the session it describes", .group = "s script"},
    .key = "b",
    .views = IN(VIEW_SCRIPT),
    .can_run = has_foreign,
    .run = run_build};
