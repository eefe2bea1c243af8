/* Glyphs for terminals that draw only ASCII. The one place: screens and plain text translate whole frames before they show them. */
#include "tui/cells.h"

static const struct Fold {
    uint32_t from;
    char to;
} folds[] = {
    /* sorted by code */
    {0xB1, '~'},   {0xB7, '.'},   {0xD7, 'x'},   {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'},
    {0x201D, '"'}, {0x2026, '~'}, {0x2190, '<'}, {0x2191, '^'}, {0x2192, '>'}, {0x2193, 'v'},  {0x2212, '-'},  {0x2264, '<'},
    {0x2265, '>'}, {0x2500, '-'}, {0x2501, '='}, {0x2502, '|'}, {0x2503, '|'}, {0x2508, '-'},  {0x250A, ':'},  {0x2578, '='},
    {0x257A, '='}, {0x2580, '*'}, {0x2581, '.'}, {0x2582, '.'}, {0x2583, ':'}, {0x2584, ':'},  {0x2585, '='},  {0x2586, '='},
    {0x2587, '#'}, {0x2588, '#'}, {0x2589, '#'}, {0x258A, '#'}, {0x258B, '#'}, {0x258C, '#'},  {0x258D, ':'},  {0x258E, ':'},
    {0x258F, '.'}, {0x2591, '.'}, {0x2592, ':'}, {0x2593, '#'}, {0x25B2, '!'}, {0x25B6, '>'},  {0x25B8, '>'},  {0x25BC, 'v'},
    {0x25BE, 'v'}, {0x25C0, '<'}, {0x25C2, '<'}, {0x25C6, '#'}, {0x25CB, 'o'}, {0x25CF, '*'},  {0x2713, '+'},  {0x2717, 'x'},
};

static uint32_t find_fold(uint32_t glyph)
{
    size_t low = 0, high = sizeof folds / sizeof *folds;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (folds[middle].from < glyph)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof folds / sizeof *folds && folds[low].from == glyph;
    return found ? (uint32_t)folds[low].to : 0;
}

uint32_t cells_fold_glyph(uint32_t glyph)
{
    if (glyph < 0x7F)
        return glyph;
    uint32_t to = find_fold(glyph);
    if (to)
        return to;
    if (glyph >= 0x250C && glyph <= 0x2573) /* corners, crossings, rounded ends */
        return '+';
    return glyph > 0x2800 && glyph <= 0x28FF ? '*' : '?';
}

void cells_fold(Cells *c)
{
    for (size_t i = 0, n = (size_t)c->width * (size_t)c->height; i < n; i++) {
        Cell *cell = &c->cells[i];
        cell->glyph = cell->glyph ? cells_fold_glyph(cell->glyph) : '?';
        cell->marks[0] = cell->marks[1] = 0;
    }
}
