/* Keys: one event, its name in .keys files and help ("j", "<Enter>", "<C-c>"), and the parser of those files. */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdint.h>

#include "base/text.h"

typedef enum KeyCode {
    KEYS_NONE,
    KEYS_CHAR,
    KEYS_ENTER,
    KEYS_ESCAPE,
    KEYS_TAB,
    KEYS_BACKTAB,
    KEYS_BACKSPACE,
    KEYS_DELETE,
    KEYS_UP,
    KEYS_DOWN,
    KEYS_LEFT,
    KEYS_RIGHT,
    KEYS_HOME,
    KEYS_END,
    KEYS_PAGE_UP,
    KEYS_PAGE_DOWN,
    KEYS_FUNCTION,
    KEYS_CONTROL,
    KEYS_RESIZE,
    KEYS_PASTE,
    KEYS_EOF
} KeyCode;

typedef struct Key {
    KeyCode code;
    uint32_t glyph; /* CHAR: code point; CONTROL: the letter, lower case; FUNCTION: its number */
} Key;

const char *key_label(Key key, char out[16]);
bool key_parse(const char *token, Key *out); /* false: not a key */
bool key_equal(Key a, Key b);
static inline bool key_is(Key k, uint32_t glyph)
{
    return k.code == KEYS_CHAR && k.glyph == glyph;
}

/* A .keys file: one token a line; blank lines and lines that begin with "# " are skipped. */
typedef enum KeysStepKind {
    KEYS_STEP_KEY,
    KEYS_STEP_TEXT,
    KEYS_STEP_COMMAND,
    KEYS_STEP_WAIT,
    KEYS_STEP_SNAP,
    KEYS_STEP_RESIZE,
    KEYS_STEP_PASTE
} KeysStepKind;
typedef struct KeysStep {
    KeysStepKind kind;
    Key key;
    char *text; /* TEXT: "text:..." typed as characters; COMMAND ":save x.lua"; WAIT "idle", "epoch=3"; SNAP name; RESIZE "80x24"; PASTE
                   what is pasted */
    long line;
} KeysStep;
typedef struct KeysScript {
    KeysStep *steps;
    size_t count;
} KeysScript;
bool keys_parse(const char *file, const char *bytes, size_t size, KeysScript *out, Error *e);
void keys_done(KeysScript *s);

#endif
