/* The terminal: the one file that knows curses. Cells go out as changed cells, one update a frame; keys come in as Key. Whatever ends the
 * program (a crash, a hang-up, no memory) gives the terminal back first. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include <curses.h>
#include <term.h>

#include "base/io.h"
#include "tui/screen.h"
#include "tui/style.h"

enum { ESCAPE_MS = 25, RESTORE_ROOM = 256, PAIRS = 1024, REDRAW = 'l' };

typedef struct Look {
    attr_t attributes;
    int pair;
} Look;

typedef struct CursesScreen {
    Screen screen; /* first: a Screen * is a CursesScreen * */
    SCREEN *curses;
    FILE *input, *output;
    bool owns_input, owns_output, has_default;
    Cells shown, folded;
    bool shown_is_valid;
    Look looks[ROLE_COUNT][GROUND_COUNT];
    struct {
        int fg, bg;
    } pairs[PAIRS];
    int pair_count;
} CursesScreen;

/* What a signal handler needs; there is one terminal. */
static struct {
    volatile sig_atomic_t is_open, hung_up;
    int input, output;
    struct termios saved;
    char restore[RESTORE_ROOM];
    size_t size;
} terminal;

static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
enum { CRASHES = sizeof crashes / sizeof *crashes };

static void give_back(void)
{
    if (!terminal.is_open)
        return;
    terminal.is_open = 0;
    ssize_t n = write(terminal.output, terminal.restore, terminal.size);
    (void)n;
    tcsetattr(terminal.input, TCSANOW, &terminal.saved);
}

static void on_crash(int number)
{
    give_back();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_hang_up(int number)
{
    (void)number;
    terminal.hung_up = 1;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = {0};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

/* A capability without its padding marks, for the one write of a handler. */
static void add_restore(const char *capability)
{
    const char *s = tigetstr(capability);
    if (!s || s == (char *)-1)
        return;
    while (*s && terminal.size < RESTORE_ROOM) {
        if (s[0] == '$' && s[1] == '<' && strchr(s, '>'))
            s = strchr(s, '>') + 1;
        else
            terminal.restore[terminal.size++] = *s++;
    }
}

static void arm_handlers(const CursesScreen *c)
{
    static const char *const capabilities[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};
    terminal.input = fileno(c->input);
    terminal.output = fileno(c->output);
    terminal.size = 0;
    terminal.hung_up = 0;
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        add_restore(capabilities[i]);
    terminal.is_open = 1;
    for (int i = 0; i < CRASHES; i++)
        handle(crashes[i], on_crash);
    handle(SIGHUP, on_hang_up);
    mem_set_abort_hook(give_back);
}

static void disarm_handlers(void)
{
    terminal.is_open = 0;
    mem_set_abort_hook(NULL);
    for (int i = 0; i < CRASHES; i++)
        signal(crashes[i], SIG_DFL);
    signal(SIGHUP, SIG_DFL);
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
    } keys[] = {{KEY_UP, KEYS_UP}, {KEY_DOWN, KEYS_DOWN}, {KEY_LEFT, KEYS_LEFT}, {KEY_RIGHT, KEYS_RIGHT}, {KEY_HOME, KEYS_HOME},
                {KEY_END, KEYS_END}, {KEY_PPAGE, KEYS_PAGE_UP}, {KEY_NPAGE, KEYS_PAGE_DOWN}, {KEY_BTAB, KEYS_BACKTAB},
                {KEY_BACKSPACE, KEYS_BACKSPACE}, {KEY_DC, KEYS_DELETE}, {KEY_ENTER, KEYS_ENTER}, {KEY_RESIZE, KEYS_RESIZE}};
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
    case '\r': case '\n': return (Key){KEYS_ENTER, 0};
    case '\t': return (Key){KEYS_TAB, 0};
    case 27: return (Key){KEYS_ESCAPE, 0};
    case 8: case 127: return (Key){KEYS_BACKSPACE, 0};
    default: break;
    }
    if (code >= 1 && code <= 26)
        return (Key){KEYS_CONTROL, code - 1 + 'a'};
    return code >= 32 && utf8_code_width(code) > 0 ? (Key){KEYS_CHAR, code} : (Key){KEYS_NONE, 0};
}

/* A key that is there already; KEYS_NONE: none. */
static Key take_key(CursesScreen *c)
{
    wint_t code;
    int kind = get_wch(&code);
    if (kind == ERR)
        return (Key){KEYS_NONE, 0};
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
    if (terminal.hung_up)
        return end_of_input();
    struct pollfd wait = {.fd = fileno(c->input), .events = POLLIN};
    int ready = poll(&wait, 1, seconds > 0 ? (int)(seconds * 1000) : 0);
    if (terminal.hung_up || (ready > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL))))
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
    endwin();
    terminal.is_open = 0;
    kill(0, SIGSTOP);
    terminal.is_open = 1;
    c->shown_is_valid = false;
    redrawwin(stdscr);
    doupdate();
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
    mem_free(c);
}

static void close_screen(Screen *s)
{
    endwin();
    disarm_handlers();
    free_screen((CursesScreen *)s);
}

/* Keys and screen: the terminal of stdin and stdout; /dev/tty where one of them is data. */
static bool open_terminal(CursesScreen *c, Error *e)
{
    c->input = stdin;
    c->output = stdout;
    if (!isatty(STDIN_FILENO)) {
        c->input = io_open_terminal(false, NULL);
        c->owns_input = true;
    }
    if (!isatty(STDOUT_FILENO)) {
        c->output = io_open_terminal(true, NULL);
        c->owns_output = true;
    }
    if (c->input && c->output && tcgetattr(fileno(c->input), &terminal.saved) == 0)
        return true;
    return error_set(e, ERROR_USAGE, "the workbench needs a terminal; without one use `limbeck run SCRIPT` or --headless 120x36 --keys FILE");
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
            snprintf(c->screen.notice, sizeof c->screen.notice, "%s TERM \"%.60s\": using %s", is_dumb ? "too plain a" : "unknown", term, others[i]);
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
    arm_handlers(c);
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
