/* A line of text being typed: caret, insert, delete, word and line kill. */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "tui/cells.h"
#include "tui/key.h"

typedef struct Input {
    char *text;    /* owned; never NULL after input_init */
    size_t caret;  /* byte offset, at a code point */
    bool selected; /* all of it: what is typed replaces it, moving the caret keeps it */
} Input;

void input_init(Input *in, const char *start); /* caret at the end; start may be NULL */
void input_done(Input *in);
void input_set(Input *in, const char *text);
void input_select(Input *in);                  /* an old value that may go; nothing when there is none */
void input_paste(Input *in, const char *text); /* in one line: ends of lines and tabs become blanks, other control characters go */
/* Characters, Left Right Home End Backspace Delete, ^A ^E ^U ^K ^W ^B ^F ^D. false: not an editing key. */
bool input_key(Input *in, Key key);
/* ghost: dim text shown while empty; NULL: none. The caret is a cell of GROUND_CELL, only when focused. Scrolls to the caret. */
void input_paint(Pen *p, int x, int y, int width, const Input *in, bool focused, const char *ghost);

#endif
