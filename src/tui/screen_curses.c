/* The one file that knows curses. Cells go out as changed cells, one update a frame; keys come in as Key; what is pasted comes as one
 * key with its text. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

#include "base/io.h"
#include "tui/screen.h"
#include "tui/style.h"
#include "tui/terminal.h"

enum { ESCAPE_MS = 25, PAIRS = 1024, REDRAW = 'l', PASTE_BEGIN = KEY_MAX + 1, PASTE_END, PASTE_LIMIT = 1 << 20 };
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

typedef struct Look {
    attr_t attributes;
    int pair;
} Look;

typedef struct CursesScreen {
    Screen screen; /* first: a Screen * is a CursesScreen * */
    SCREEN *curses;
    FILE *input, *output;
    bool owns_input, owns_output, has_default, takes_pastes;
    Text paste;
    Cells shown, folded;
    bool shown_is_valid;
    Look looks[ROLE_COUNT][GROUND_COUNT];
    struct {
        int fg, bg;
    } pairs[PAIRS];
    int pair_count;
} CursesScreen;

/* Bracketed paste: what is pasted comes between two marks, so that it is never taken for keys. */
static void mark_pastes(CursesScreen *c, bool on)
{
    if (!c->takes_pastes)
        return;
    Error ignored = {0};
    io_write_all(fileno(c->output), on ? paste_on : paste_off, sizeof paste_on - 1, "the terminal", &ignored);
}

static void guard_terminal(const CursesScreen *c)
{
    static const char *const capabilities[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++) {
        const char *bytes = tigetstr(capabilities[i]);
        if (bytes && bytes != (char *)-1)
            terminal_add_restore(bytes);
    }
    if (c->takes_pastes)
        terminal_add_restore(paste_off);
    terminal_guard(fileno(c->input), fileno(c->output));
}

static int pair_of(CursesScreen *c, int fg, int bg)
{
    if (!c->has_default) {
        fg = fg < 0 ? COLOR_WHITE : fg;
        bg = bg < 0 ? COLOR_BLACK : bg;
    }
    if (fg < 0 && bg < 0)
        return 0;
    for (int i = 0; i < c->pair_count; i++) {
        if (c->pairs[i].fg == fg && c->pairs[i].bg == bg)
            return i + 1;
    }
    int most = COLOR_PAIRS < PAIRS ? COLOR_PAIRS : PAIRS;
    if (c->pair_count + 1 >= most || init_extended_pair(c->pair_count + 1, fg, bg) != OK)
        return 0;
    c->pairs[c->pair_count].fg = fg;
    c->pairs[c->pair_count].bg = bg;
    return ++c->pair_count;
}

static attr_t curses_attributes(int bits)
{
    return (bits & ATTR_BOLD ? A_BOLD : 0) | (bits & ATTR_DIM ? A_DIM : 0) | (bits & ATTR_ITALIC ? A_ITALIC : 0) |
           (bits & ATTR_UNDERLINE ? A_UNDERLINE : 0) | (bits & ATTR_REVERSE ? A_REVERSE : 0);
}

static Look make_look(CursesScreen *c, const Theme *t, Role role, Ground ground)
{
    ThemeStyle s = style_of(t, role, ground);
    if (c->screen.colors == 0 || t->is_mono)
        return (Look){curses_attributes(s.mono), 0};
    bool bold = false;
    int fg = style_color(&s, false, c->screen.colors, &bold), bg = style_color(&s, true, c->screen.colors, &bold);
    return (Look){curses_attributes(s.attributes) | (bold ? A_BOLD : 0), pair_of(c, fg, bg)};
}

static void set_theme(Screen *s, const Theme *t)
{
    CursesScreen *c = (CursesScreen *)s;
    c->pair_count = 0;
    c->shown_is_valid = false;
    for (int role = 0; role < ROLE_COUNT; role++) {
        for (int ground = 0; ground < GROUND_COUNT; ground++)
            c->looks[role][ground] = make_look(c, t, (Role)role, (Ground)ground);
    }
}

/* Our width and the C library's must agree, or columns drift: what it doesn't know becomes question marks. */
static void put_cell(const CursesScreen *c, int x, int y, const Cell *cell)
{
    if (!cell->glyph)
        return;
    wchar_t text[4] = {(wchar_t)cell->glyph, (wchar_t)cell->marks[0], (wchar_t)cell->marks[1], 0};
    int ours = utf8_code_width(cell->glyph), theirs = wcwidth(text[0]);
    for (int m = 1; m < 3; m++) {
        if (text[m] && wcwidth(text[m]) != 0)
            text[m] = 0;
    }
    Look look = c->looks[cell->role < ROLE_COUNT ? cell->role : ROLE_UI][cell->ground < GROUND_COUNT ? cell->ground : GROUND_NONE];
    int pair = look.pair;
    cchar_t out;
    if (ours != theirs) {
        text[0] = L'?';
        text[1] = 0;
    }
    for (int i = 0; i < (ours == theirs ? 1 : ours); i++) {
        if (setcchar(&out, text, look.attributes, 0, &pair) == OK)
            mvadd_wch(y, x + i, &out);
    }
}

static bool same(const Cell *a, const Cell *b)
{
    return a->glyph == b->glyph && a->marks[0] == b->marks[0] && a->marks[1] == b->marks[1] && a->role == b->role && a->ground == b->ground;
}

static void copy_cells(Cells *to, const Cells *from)
{
    if (to->width != from->width || to->height != from->height)
        cells_resize(to, from->width, from->height);
    memcpy(to->cells, from->cells, (size_t)from->width * (size_t)from->height * sizeof(Cell));
}

static void present(Screen *s, const Cells *cells)
{
    CursesScreen *c = (CursesScreen *)s;
    const Cells *now = cells;
    if (s->is_ascii) {
        copy_cells(&c->folded, cells);
        cells_fold(&c->folded);
        now = &c->folded;
    }
    bool all = !c->shown_is_valid || c->shown.width != now->width || c->shown.height != now->height;
    if (all)
        erase();
    for (int y = 0; y < now->height && y < LINES; y++) {
        for (int x = 0; x < now->width && x < COLS; x++) {
            size_t at = (size_t)y * (size_t)now->width + (size_t)x;
            if (all || !same(&c->shown.cells[at], &now->cells[at]))
                put_cell(c, x, y, &now->cells[at]);
        }
    }
    copy_cells(&c->shown, now);
    c->shown_is_valid = true;
    wnoutrefresh(stdscr);
    doupdate();
}

static Key from_function_key(wint_t code)
{
    static const struct {
        wint_t code;
        KeyCode key;
    } keys[] = {{KEY_UP, KEYS_UP},         {KEY_DOWN, KEYS_DOWN},
                {KEY_LEFT, KEYS_LEFT},     {KEY_RIGHT, KEYS_RIGHT},
                {KEY_HOME, KEYS_HOME},     {KEY_END, KEYS_END},
                {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN},
                {KEY_BTAB, KEYS_BACKTAB},  {KEY_BACKSPACE, KEYS_BACKSPACE},
                {KEY_DC, KEYS_DELETE},     {KEY_ENTER, KEYS_ENTER},
                {KEY_RESIZE, KEYS_RESIZE}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].code == code)
            return (Key){keys[i].key, 0};
    }
    if (code > KEY_F0 && code <= KEY_F(24))
        return (Key){KEYS_FUNCTION, code - KEY_F0};
    return (Key){KEYS_NONE, 0};
}

static Key from_char(wint_t code)
{
    switch (code) {
    case '\r':
    case '\n': return (Key){KEYS_ENTER, 0};
    case '\t': return (Key){KEYS_TAB, 0};
    case 27: return (Key){KEYS_ESCAPE, 0};
    case 8:
    case 127: return (Key){KEYS_BACKSPACE, 0};
    default: break;
    }
    if (code >= 1 && code <= 26)
        return (Key){KEYS_CONTROL, code - 1 + 'a'};
    return code >= 32 && utf8_code_width(code) > 0 ? (Key){KEYS_CHAR, code} : (Key){KEYS_NONE, 0};
}

static bool has_input(const CursesScreen *c, int milliseconds)
{
    struct pollfd wait = {.fd = fileno(c->input), .events = POLLIN};
    return !terminal_hung_up() && poll(&wait, 1, milliseconds) > 0 && wait.revents == POLLIN;
}

/* All up to the closing mark; a terminal that never sends it is not waited for longer than a second. */
static Key take_paste(CursesScreen *c)
{
    bool waited = false;
    text_clear(&c->paste);
    for (;;) {
        wint_t code;
        int kind = get_wch(&code);
        if ((kind == ERR && (waited || !has_input(c, 1000))) || (kind == KEY_CODE_YES && code == PASTE_END))
            break;
        waited = kind == ERR;
        char bytes[4];
        if (kind == OK && c->paste.size < PASTE_LIMIT)
            text_add_bytes(&c->paste, bytes, utf8_encode(code, bytes));
    }
    c->screen.pasted = text_get(&c->paste);
    return (Key){KEYS_PASTE, 0};
}

/* A key that is there already; KEYS_NONE: none. */
static Key take_key(CursesScreen *c)
{
    wint_t code;
    int kind = get_wch(&code);
    if (kind == ERR)
        return (Key){KEYS_NONE, 0};
    if (kind == KEY_CODE_YES && code == PASTE_BEGIN)
        return take_paste(c);
    Key key = kind == KEY_CODE_YES ? from_function_key(code) : from_char(code);
    if (key.code == KEYS_RESIZE) {
        c->screen.width = COLS;
        c->screen.height = LINES;
        c->shown_is_valid = false;
    }
    if (key.code == KEYS_CONTROL && key.glyph == REDRAW)
        redrawwin(stdscr);
    return key;
}

static Key end_of_input(void)
{
    return (Key){KEYS_EOF, 0};
}

static Key read_key(Screen *s, double seconds)
{
    CursesScreen *c = (CursesScreen *)s;
    Key key = take_key(c);
    if (key.code != KEYS_NONE)
        return key;
    if (terminal_hung_up())
        return end_of_input();
    struct pollfd wait = {.fd = fileno(c->input), .events = POLLIN};
    int ready = poll(&wait, 1, seconds > 0 ? (int)(seconds * 1000) : 0);
    if (terminal_hung_up() || (ready > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL))))
        return end_of_input();
    int waiting = 0;
    bool readable = ready > 0 && ioctl(wait.fd, FIONREAD, &waiting) == 0;
    key = take_key(c);
    if (key.code == KEYS_NONE && readable && waiting == 0) /* readable and nothing there: the other end is gone */
        return end_of_input();
    return key;
}

static void suspend(Screen *s)
{
    CursesScreen *c = (CursesScreen *)s;
    mark_pastes(c, false);
    endwin();
    terminal_lend(true);
    kill(0, SIGSTOP);
    terminal_lend(false);
    c->shown_is_valid = false;
    redrawwin(stdscr);
    doupdate();
    mark_pastes(c, true);
}

static void free_screen(CursesScreen *c)
{
    if (c->curses)
        delscreen(c->curses);
    if (c->owns_input && c->input)
        fclose(c->input);
    if (c->owns_output && c->output)
        fclose(c->output);
    if (c->shown.cells)
        cells_done(&c->shown);
    if (c->folded.cells)
        cells_done(&c->folded);
    text_done(&c->paste);
    mem_free(c);
}

static void close_screen(Screen *s)
{
    mark_pastes((CursesScreen *)s, false);
    endwin();
    terminal_release();
    free_screen((CursesScreen *)s);
}

/* Keys and screen: the terminal of stdin and stdout; /dev/tty where one of them is data. */
static bool open_terminal(CursesScreen *c, Error *e)
{
    c->input = stdin;
    c->output = stdout;
    if (isatty(STDIN_FILENO)) {
        io_leave_input_to_keys();
    } else {
        c->input = io_open_terminal(false, NULL);
        c->owns_input = true;
    }
    if (!isatty(STDOUT_FILENO)) {
        c->output = io_open_terminal(true, NULL);
        c->owns_output = true;
    }
    if (c->input && c->output && terminal_remember(fileno(c->input)))
        return true;
    return error_set(e, ERROR_USAGE,
                     "the workbench needs a terminal; without one use `limbeck run SCRIPT` or --headless 120x36 --keys FILE");
}

static bool is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* A bare machine has the C locale and a UTF-8 terminal; another codeset was chosen on purpose and gets ASCII. */
static void choose_glyphs(CursesScreen *c, const char *graph, const char *term)
{
    static const char *const names[] = {"braille", "block", "line", "ascii"};
    static const char *const plain[] = {"linux", "vt", "putty", "cygwin"};
    if (!setlocale(LC_CTYPE, "") || (!is_utf8() && strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") == 0))
        setlocale(LC_CTYPE, "C.UTF-8");
    c->screen.is_ascii = !is_utf8() || strcmp(term, "dumb") == 0;
    c->screen.graph = GRAPH_BRAILLE;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (text_starts(term, plain[i]))
            c->screen.graph = GRAPH_BLOCK;
    }
    for (int i = 0; graph && i < 4; i++) {
        if (strcmp(graph, names[i]) == 0)
            c->screen.graph = (GraphKind)i;
    }
    if (graph && strcmp(graph, "ascii") == 0)
        c->screen.is_ascii = true;
    if (c->screen.is_ascii)
        c->screen.graph = GRAPH_ASCII;
}

/* NULL also for a terminal that can't place its cursor, like "dumb". */
static SCREEN *try_terminal(CursesScreen *c, const char *term)
{
    SCREEN *s = newterm(term, c->output, c->input);
    const char *move = s ? tigetstr("cup") : NULL;
    if (s && (!move || move == (char *)-1)) {
        endwin();
        delscreen(s);
        s = NULL;
    }
    return s;
}

static bool start_curses(CursesScreen *c, const char *term, Error *e)
{
    static const char *const others[] = {"xterm-256color", "xterm", "vt100"};
    bool is_dumb = strcmp(term, "dumb") == 0;
    c->curses = *term && !is_dumb ? try_terminal(c, term) : NULL;
    for (size_t i = is_dumb ? 2 : 0; !c->curses && i < sizeof others / sizeof *others; i++) {
        c->curses = try_terminal(c, others[i]);
        if (c->curses)
            snprintf(c->screen.notice, sizeof c->screen.notice, "%s TERM \"%.60s\": using %s", is_dumb ? "too plain a" : "unknown", term,
                     others[i]);
    }
    return c->curses || error_set(e, ERROR_FAILED, "no terminal description for \"%s\"; is ncurses-base installed?", term);
}

static int wanted_colors(const char *color)
{
    const char *none = getenv("NO_COLOR");
    bool is_auto = !color || !*color || strcmp(color, "auto") == 0;
    if ((is_auto && none && *none) || (color && strcmp(color, "never") == 0))
        return 0;
    if (color && strcmp(color, "16") == 0)
        return 16;
    return color && strcmp(color, "256") == 0 ? 256 : 1 << 24;
}

/* No more than the terminal's description promises. */
static void choose_colors(CursesScreen *c, const char *color)
{
    int wanted = wanted_colors(color);
    if (wanted == 0 || !has_colors() || start_color() != OK)
        return;
    c->has_default = use_default_colors() == OK;
    int have = COLORS >= 1 << 24 && tigetflag("RGB") > 0 ? 1 << 24 : COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8;
    c->screen.colors = wanted < have ? wanted : have;
    if (color && strcmp(color, "truecolor") == 0 && have < 1 << 24 && !c->screen.notice[0])
        snprintf(c->screen.notice, sizeof c->screen.notice, "TERM has no true color: using %d colors", c->screen.colors);
}

Screen *screen_open_curses(const Theme *t, const char *color, const char *graph, Error *e)
{
    CursesScreen *c = MEM_NEW(CursesScreen);
    const char *variable = getenv("TERM"), *term = variable ? variable : "";
    choose_glyphs(c, graph, term);
    if (!open_terminal(c, e) || !start_curses(c, term, e)) {
        free_screen(c);
        return NULL;
    }
    set_escdelay(ESCAPE_MS);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    choose_colors(c, color);
    c->takes_pastes =
        define_key("\033[200~", PASTE_BEGIN) == OK && define_key("\033[201~", PASTE_END) == OK && !text_starts(termname(), "vt");
    mark_pastes(c, true);
    guard_terminal(c);
    c->screen.width = COLS;
    c->screen.height = LINES;
    c->screen.present = present;
    c->screen.read = read_key;
    c->screen.set_theme = set_theme;
    c->screen.suspend = suspend;
    c->screen.close = close_screen;
    set_theme(&c->screen, t);
    return &c->screen;
}
