/* The palette: a line to type into and the entries that match it, best first. */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include "tui/input.h"
#include "tui/list.h"

typedef struct PaletteEntry { /* borrowed texts */
    const char *name, *doc, *key, *kind; /* key and kind may be NULL */
    const char *why_not;                 /* cannot act now: painted dim with the reason; NULL: fine */
} PaletteEntry;

typedef struct Palette {
    const PaletteEntry *entries; /* borrowed: the caller keeps them while the palette lives */
    size_t count;
    size_t *order; /* indices of the entries that match */
    size_t matches;
    Input input;
    ListState list;
    int rows; /* visible entries, set by palette_key's caller or left at 10 */
} Palette;

typedef enum PaletteAnswer { PALETTE_STAY, PALETTE_RUN, PALETTE_FILL, PALETTE_CLOSE } PaletteAnswer;

void palette_init(Palette *p, const PaletteEntry *entries, size_t count, const char *start);
void palette_done(Palette *p);
PaletteAnswer palette_key(Palette *p, Key key); /* Enter RUN, Tab FILL, Esc CLOSE, Up Down ^N ^P move, the rest types */
const PaletteEntry *palette_selected(const Palette *p); /* NULL: none matches */
void palette_paint(Pen *pen, Rect area, const Palette *p);
/* 0: no match; else the higher the better. Letters in order, better at word starts and together; case folds for ASCII. */
int palette_score(const char *query, const char *name, const char *doc);

#endif
