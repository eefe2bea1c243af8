/* A screen shows cells and gives keys. screen_curses.c is the only file that knows curses; screen_text.c replays .keys and writes
 * snapshots, without a terminal, a pty or a sleep. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "tui/cells.h"
#include "tui/key.h"
#include "tui/theme.h"

typedef enum GraphKind { GRAPH_BRAILLE, GRAPH_BLOCK, GRAPH_LINE, GRAPH_ASCII } GraphKind;

typedef struct Screen Screen;
struct Screen {
    int width, height;
    GraphKind graph;    /* what the terminal can draw; changed by a key */
    bool is_ascii;      /* only ASCII glyphs reach the terminal */
    int colors;         /* 0 (mono), 8, 16, 256, 16777216 */
    bool is_over;       /* of a replay: KEYS_EOF means that its keys are used up, not that the terminal is gone */
    const char *pasted; /* what came with the last KEYS_PASTE; until the next read */
    char notice[160];   /* said at start: "unknown TERM foo: using xterm-256color" */
    void (*present)(Screen *s, const Cells *c);
    Key (*read)(Screen *s, double seconds); /* KEYS_NONE after the time; KEYS_RESIZE; KEYS_EOF: the terminal is gone */
    void (*set_theme)(Screen *s, const Theme *t);
    void (*suspend)(Screen *s); /* gives the terminal back, stops, takes it again */
    void (*close)(Screen *s);   /* gives the terminal back; frees */
};

/* tty: path or NULL for stdin/stdout (keys from /dev/tty when stdin is data). color: "auto" "never" "16" "256" "truecolor". */
Screen *screen_open_curses(const Theme *t, const char *color, const char *graph, Error *e);

/* A replay without a terminal. `wait` steps poll holds(self, condition) with KEYS_NONE answers until it is true (at most 60 s, then the
 * replay fails with the line); `:command` steps call command(self, line); snaps write DIR/NAME.txt (cells_text, "---", cells_roles), or a
 * picture when NAME ends in .svg (in the theme given by set_theme, which must outlive the screen or be set anew); after the last step read
 * answers KEYS_EOF. Copies keys. */
typedef struct ScreenReplay {
    int width, height;
    const KeysScript *keys;
    const char *snap_directory; /* NULL: snaps are refused */
    bool (*holds)(void *self, const char *condition);
    void (*command)(void *self, const char *line);
    void *self;
} ScreenReplay;
Screen *screen_open_text(const ScreenReplay *replay, Error *e);
bool screen_text_failed(const Screen *s, Error *e); /* after the last key: a wait that never held, a snap that could not be written */

#endif
