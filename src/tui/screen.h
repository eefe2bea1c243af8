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
    GraphKind graph;       /* what the terminal can draw; changed by a key */
    bool is_ascii;         /* only ASCII glyphs reach the terminal */
    int colors;            /* 0 (mono), 8, 16, 256, 16777216 */
    char notice[160];      /* said at start: "unknown TERM foo: using xterm-256color" */
    void (*present)(Screen *s, const Cells *c);
    Key (*read)(Screen *s, double seconds); /* KEYS_NONE after the time; KEYS_RESIZE; KEYS_EOF: the terminal is gone */
    void (*set_theme)(Screen *s, const Theme *t);
    void (*suspend)(Screen *s); /* gives the terminal back, stops, takes it again */
    void (*close)(Screen *s);   /* gives the terminal back; frees */
};

/* tty: path or NULL for stdin/stdout (keys from /dev/tty when stdin is data). color: "auto" "never" "16" "256" "truecolor". */
Screen *screen_open_curses(const Theme *t, const char *color, const char *graph, Error *e);

/* The replay: `wait` asks the workbench whether a condition holds ("idle", "epoch=3"). */
Screen *screen_open_text(int width, int height, const KeysScript *keys, const char *snap_directory, Error *e);

#endif
