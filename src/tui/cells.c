/* The grid of cells and its golden form: rows of glyphs, rows of role letters, and the runs of ground. */
#include "tui/cells.h"

#include <string.h>

/* One letter a role, the same as in the mock-ups. */
static const char letters[ROLE_COUNT] = {
    [ROLE_UI] = '.',
    [ROLE_UI_DIM] = 'd',
    [ROLE_UI_STRONG] = 'S',
    [ROLE_UI_BORDER] = 'b',
    [ROLE_UI_BORDER_FOCUS] = 'B',
    [ROLE_UI_TITLE] = 't',
    [ROLE_UI_TITLE_FOCUS] = 'T',
    [ROLE_UI_STATUS] = 's',
    [ROLE_UI_MODE] = 'm',
    [ROLE_UI_KEY] = 'k',
    [ROLE_UI_HINT] = 'h',
    [ROLE_UI_INPUT] = 'i',
    [ROLE_UI_INPUT_GHOST] = 'g',
    [ROLE_UI_MENU] = 'e',
    [ROLE_UI_MENU_SELECTED] = 'E',
    [ROLE_UI_POPUP] = 'p',
    [ROLE_UI_MATCH] = 'M',
    [ROLE_UI_CURSOR_ROW] = 'R',
    [ROLE_UI_CURSOR_CELL] = 'C',
    [ROLE_UI_SCROLL] = 'l',
    [ROLE_STATE_OK] = 'o',
    [ROLE_STATE_INFO] = 'f',
    [ROLE_STATE_WARN] = 'w',
    [ROLE_STATE_ERROR] = 'x',
    [ROLE_STATE_RUNNING] = 'r',
    [ROLE_STATE_PAUSED] = 'a',
    [ROLE_STATE_QUEUED] = 'q',
    [ROLE_STATE_STALE] = 'z',
    [ROLE_DATA_HEADER] = 'H',
    [ROLE_DATA_KEY] = 'K',
    [ROLE_DATA_NUMBER] = 'n',
    [ROLE_DATA_TEXT] = 'c',
    [ROLE_DATA_DATE] = 'D',
    [ROLE_DATA_BOOL] = 'y',
    [ROLE_DATA_NULL] = '0',
    [ROLE_DATA_BAD] = '!',
    [ROLE_DATA_OUTLIER] = '^',
    [ROLE_DATA_EDITED] = 'N',
    [ROLE_DATA_ADDED] = 'P',
    [ROLE_DATA_REMOVED] = 'X',
    [ROLE_DATA_MARKED] = 'G',
    [ROLE_CHART_AXIS] = '-',
    [ROLE_CHART_GRID] = ',',
    [ROLE_CHART_LABEL] = ':',
    [ROLE_CHART_LEGEND] = 'L',
    [ROLE_CHART_CURSOR] = '|',
    [ROLE_CHART_MARK] = '*',
    [ROLE_CHART_BAR] = '#',
    [ROLE_SERIES_TRAIN] = '1',
    [ROLE_SERIES_VALID] = 'v',
    [ROLE_SERIES_TEACHER] = '3',
    [ROLE_SERIES_STUDENT] = '4',
    [ROLE_SERIES_SCRATCH] = '5',
    [ROLE_SERIES_BASELINE] = '6',
    [ROLE_SERIES_5] = 'J',
    [ROLE_SERIES_6] = 'Q',
    [ROLE_SERIES_7] = 'O',
    [ROLE_SERIES_8] = 'A',
    [ROLE_SERIES_TRAIN_FAINT] = '7',
    [ROLE_SERIES_VALID_FAINT] = '8',
    [ROLE_RAMP_1] = 'U',
    [ROLE_RAMP_2] = 'V',
    [ROLE_RAMP_3] = 'W',
    [ROLE_RAMP_4] = 'Y',
    [ROLE_RAMP_5] = 'Z',
};

static const char *const ground_names[] = {"none", "row", "cell", "input", "status", "menu"};

void cells_init(Cells *c, int width, int height)
{
    c->width = width > 0 ? width : 1;
    c->height = height > 0 ? height : 1;
    c->cells = mem_alloc((size_t)c->width * (size_t)c->height * sizeof(Cell));
    cells_erase(c);
}

void cells_done(Cells *c)
{
    mem_free(c->cells);
    *c = (Cells){0};
}

void cells_resize(Cells *c, int width, int height)
{
    cells_done(c);
    cells_init(c, width, height);
}

void cells_erase(Cells *c)
{
    for (size_t i = 0, n = (size_t)c->width * (size_t)c->height; i < n; i++)
        c->cells[i] = (Cell){.glyph = ' ', .role = ROLE_UI};
}

Cell *cells_at(Cells *c, int x, int y)
{
    return x >= 0 && y >= 0 && x < c->width && y < c->height ? &c->cells[(size_t)y * (size_t)c->width + (size_t)x] : NULL;
}

static bool cell_equal(const Cell *a, const Cell *b)
{
    return a->glyph == b->glyph && a->marks[0] == b->marks[0] && a->marks[1] == b->marks[1] && a->role == b->role && a->ground == b->ground;
}

bool cells_equal(const Cells *a, const Cells *b)
{
    if (a->width != b->width || a->height != b->height)
        return false;
    for (size_t i = 0, n = (size_t)a->width * (size_t)a->height; i < n; i++) {
        if (!cell_equal(&a->cells[i], &b->cells[i]))
            return false;
    }
    return true;
}

static void add_code(Text *out, uint32_t code)
{
    char bytes[4];
    text_add_bytes(out, bytes, utf8_encode(code, bytes));
}

static void add_cell(Text *out, const Cell *cell)
{
    if (!cell->glyph)
        return;
    add_code(out, cell->glyph);
    for (int m = 0; m < 2 && cell->marks[m]; m++)
        add_code(out, cell->marks[m]);
}

static bool is_blank(const Cell *cell)
{
    return cell->glyph == ' ' && !cell->marks[0];
}

void cells_text(const Cells *c, Text *out)
{
    for (int y = 0; y < c->height; y++) {
        const Cell *row = &c->cells[(size_t)y * (size_t)c->width];
        int width = c->width;
        while (width > 0 && is_blank(&row[width - 1]))
            width--;
        for (int x = 0; x < width; x++)
            add_cell(out, &row[x]);
        text_add_char(out, '\n');
    }
}

static void add_grounds(const Cells *c, Text *out)
{
    for (int y = 0; y < c->height; y++) {
        const Cell *row = &c->cells[(size_t)y * (size_t)c->width];
        for (int x = 0; x < c->width;) {
            int from = x;
            while (x < c->width && row[x].ground == row[from].ground)
                x++;
            if (row[from].ground)
                text_addf(out, "ground %s row %d columns %d-%d\n", ground_names[row[from].ground], y + 1, from + 1, x);
        }
    }
}

void cells_roles(const Cells *c, Text *out)
{
    bool used[ROLE_COUNT] = {false};
    for (int y = 0; y < c->height; y++) {
        for (int x = 0; x < c->width; x++) {
            uint8_t role = c->cells[(size_t)y * (size_t)c->width + (size_t)x].role;
            used[role] = true;
            text_add_char(out, letters[role]);
        }
        text_add_char(out, '\n');
    }
    text_add(out, "---\n");
    for (int r = 0; r < ROLE_COUNT; r++) {
        if (used[r])
            text_addf(out, "%c %s\n", letters[r], role_name((Role)r));
    }
    add_grounds(c, out);
}
