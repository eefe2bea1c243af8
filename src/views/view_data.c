/* Data: the rows of the table with a cell cursor; each column's type and shape above its values. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/data.h"
#include "views/frame.h"

enum { SPARK_MAX = 13, CELL_MAX = 24, GAP = 2, NOTE_HEIGHT = 10 };

const ColumnProfile *data_profile(const Workbench *w, int column)
{
    const Profile *p = app_profile(w->app);
    const Table *t = app_table(w->app);
    if (!p || !t || column < 0 || column >= (int)t->columns_count)
        return NULL;
    for (size_t i = 0; i < p->columns_count; i++)
        if (text_equal(p->columns[i].name, t->names[column]))
            return &p->columns[i];
    return NULL;
}

static size_t rows_without_target(const Workbench *w)
{
    const Document *d = app_document(w->app);
    const Table *t = app_table(w->app);
    const Column *c = t && d && d->pipeline && d->pipeline->target ? table_column(t, d->pipeline->target) : NULL;
    return c ? c->missing : 0;
}

/* A line above the rows says which of them are shown, or which are not used; small screens have the status line for the latter. */
static int note_rows(const Workbench *w)
{
    return VIEW_STATE(DataState, w, VIEW_DATA)->only || (w->body.height > NOTE_HEIGHT && rows_without_target(w) > 0);
}

int data_visible_rows(const Workbench *w)
{
    int rows = w->body.height - DATA_HEAD_ROWS - note_rows(w);
    return rows > 1 ? rows : 1;
}

void data_format_cell(const Column *c, size_t row, Text *out)
{
    char number[NUMBER_ROOM];
    if (!column_is_valid(c, row))
        text_add(out, "null");
    else if (c->type == COLUMN_ARRAY)
        data_array_spark(c, row, out);
    else if (c->type == COLUMN_REAL && c->decimals >= 0 && isfinite(c->data.reals[row]))
        text_add(out, number_format_fixed(c->data.reals[row], c->decimals, number));
    else
        column_format(c, row, out);
}

void data_type_line(const ColumnProfile *p, const Column *c, Text *out)
{
    char number[NUMBER_ROOM];
    text_add(out, p && p->is_id ? "id" : column_type_name(c->type));
    if (c->type == COLUMN_ARRAY) {
        text_add_char(out, ' ');
        cell_shape_format(&c->shape, out);
    }
    if (c->missing)
        text_addf(out, " %s null", number_format_count((int64_t)c->missing, number));
    else if (p && c->type == COLUMN_TEXT && !p->is_id && p->distinct <= 99)
        text_addf(out, " %zu", p->distinct);
}

/* The widest of heading, type line, spark and the visible cells. */
static int column_width(const Workbench *w, const DataState *s, int column)
{
    const Table *t = app_table(w->app);
    const Column *c = t->columns[column];
    const ColumnProfile *p = data_profile(w, column);
    Text line = {0};
    size_t width = utf8_width(t->names[column]);
    data_type_line(p, c, &line);
    if (utf8_width(text_get(&line)) > width)
        width = utf8_width(text_get(&line));
    for (int i = 0; i < data_visible_rows(w) && s->top + (size_t)i < data_rows(w); i++) {
        text_clear(&line);
        data_format_cell(c, data_row(s, s->top + (size_t)i), &line);
        if (utf8_width(text_get(&line)) > width)
            width = utf8_width(text_get(&line));
    }
    text_done(&line);
    return width > CELL_MAX ? CELL_MAX : (int)width;
}

static Role cell_role(const Column *c, size_t row, const ColumnProfile *p)
{
    if (!column_is_valid(c, row))
        return ROLE_DATA_NULL;
    if (c->type == COLUMN_REAL && !isfinite(c->data.reals[row]))
        return ROLE_DATA_BAD;
    if (p && p->is_numeric && p->sd > 0 && fabs(column_real(c, row) - p->mean) > 4 * p->sd)
        return ROLE_DATA_OUTLIER;
    switch (c->type) {
    case COLUMN_BOOL: return ROLE_DATA_BOOL;
    case COLUMN_INT:
    case COLUMN_REAL:
    case COLUMN_ARRAY:
    case COLUMN_SOUND: return ROLE_DATA_NUMBER;
    case COLUMN_TEXT: return p && p->is_id ? ROLE_DATA_KEY : ROLE_DATA_TEXT;
    case COLUMN_DATE:
    case COLUMN_TIME: return ROLE_DATA_DATE;
    }
    return ROLE_DATA_TEXT;
}

static void paint_spark(Pen *pen, int x, int y, int width, const ColumnProfile *p)
{
    size_t counts[SPARK_MAX] = {0};
    int bars = width < SPARK_MAX ? width : SPARK_MAX;
    if (!p || p->is_id || !p->bins_count || bars < 1)
        return;
    if (!p->is_numeric && (int)p->bins_count < bars)
        bars = (int)p->bins_count;
    for (size_t i = 0; i < p->bins_count; i++) {
        size_t slot = p->is_numeric ? i * (size_t)bars / p->bins_count : i;
        if (slot < (size_t)bars)
            counts[slot] += p->bins[i];
    }
    plot_spark(pen, x, y, ROLE_CHART_BAR, counts, (size_t)bars);
}

typedef struct ColumnPaint {
    int column, x, width;
    bool is_cursor;
} ColumnPaint;

static void paint_cells(const Workbench *w, Pen *pen, Rect area, const ColumnPaint *cp)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    const Column *c = t->columns[cp->column];
    const ColumnProfile *p = data_profile(w, cp->column);
    bool right = column_is_numeric(c) && c->type != COLUMN_BOOL;
    Text line = {0};
    for (int i = 0; i + 3 < area.height && s->top + (size_t)i < data_rows(w); i++) {
        size_t row = data_row(s, s->top + (size_t)i);
        text_clear(&line);
        data_format_cell(c, row, &line);
        Role role = cell_role(c, row, p);
        int y = area.y + 3 + i;
        if (right)
            pen_text_right(pen, cp->x, y, cp->width, role, text_get(&line));
        else
            pen_text_fit(pen, cp->x, y, cp->width, role, text_get(&line));
        if (cp->is_cursor && s->top + (size_t)i == s->row)
            pen_ground(pen, (Rect){cp->x, y, cp->width, 1}, GROUND_CELL);
    }
    text_done(&line);
}

static void paint_column(const Workbench *w, Pen *pen, Rect area, const ColumnPaint *cp)
{
    const Table *t = app_table(w->app);
    const Column *c = t->columns[cp->column];
    const ColumnProfile *p = data_profile(w, cp->column);
    bool right = column_is_numeric(c) && c->type != COLUMN_BOOL;
    Text line = {0};
    data_type_line(p, c, &line);
    if (right) {
        pen_text_right(pen, cp->x, area.y, cp->width, ROLE_DATA_HEADER, t->names[cp->column]);
        pen_text_right(pen, cp->x, area.y + 1, cp->width, ROLE_UI_DIM, text_get(&line));
    } else {
        pen_text_fit(pen, cp->x, area.y, cp->width, ROLE_DATA_HEADER, t->names[cp->column]);
        pen_text_fit(pen, cp->x, area.y + 1, cp->width, ROLE_UI_DIM, text_get(&line));
    }
    if (cp->is_cursor)
        pen_ground(pen, (Rect){cp->x, area.y, cp->width, 1}, GROUND_CELL);
    paint_spark(pen, cp->x, area.y + 2, cp->width, p);
    paint_cells(w, pen, area, cp);
    text_done(&line);
}

static int row_label_width(size_t rows)
{
    char number[NUMBER_ROOM];
    int width = (int)strlen(number_format_count((int64_t)rows, number));
    return width < 4 ? 4 : width;
}

/* The first unpinned column such that the cursor's column is visible. */
static int first_column(const Workbench *w, const DataState *s, int room)
{
    int left = s->left > s->column ? s->column : s->left;
    if (s->pinned >= 0)
        room -= column_width(w, s, s->pinned) + GAP;
    for (; left < s->column; left++) {
        int used = 0;
        for (int c = left; c <= s->column; c++)
            used += c == s->pinned ? 0 : column_width(w, s, c) + GAP;
        if (used - GAP <= room)
            break;
    }
    return left;
}

static int paint_columns(const Workbench *w, Pen *pen, Rect area, int label)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    int x = area.x + label + GAP, end = area.x + area.width, shown = 0;
    if (s->pinned >= 0) {
        ColumnPaint cp = {s->pinned, x, column_width(w, s, s->pinned), s->pinned == s->column};
        paint_column(w, pen, area, &cp);
        x += cp.width + GAP;
        shown++;
    }
    for (int c = first_column(w, s, end - area.x - label - GAP); c < (int)t->columns_count && x < end - 3; c++) {
        ColumnPaint cp = {c, x, column_width(w, s, c), c == s->column};
        if (c == s->pinned)
            continue;
        if (x + cp.width > end && c != s->column)
            break;
        paint_column(w, pen, area, &cp);
        x += cp.width + GAP;
        shown++;
    }
    return shown;
}

static void paint_labels(const Workbench *w, Pen *pen, Rect area, int label)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    char number[NUMBER_ROOM];
    pen_text_right(pen, area.x, area.y, label, ROLE_UI_DIM, "row");
    for (int i = 0; i + 3 < area.height && s->top + (size_t)i < data_rows(w); i++) {
        uint64_t id = table_row_id(t, data_row(s, s->top + (size_t)i)) + 1;
        pen_text_right(pen, area.x, area.y + 3 + i, label, ROLE_DATA_KEY, number_format_count((int64_t)id, number));
        if (s->top + (size_t)i == s->row)
            pen_ground(pen, (Rect){area.x, area.y + 3 + i, area.width, 1}, GROUND_ROW);
    }
}

static void head_remark(const Workbench *w, const DataState *s, int shown, Text *out)
{
    const Table *t = app_table(w->app);
    char a[NUMBER_ROOM], b[NUMBER_ROOM], c[NUMBER_ROOM];
    size_t last = s->top + (size_t)data_visible_rows(w);
    size_t rows = data_rows(w);
    last = last > rows ? rows : last;
    text_addf(out, "%s to %s of %s", number_format_count((int64_t)s->top + (rows > 0), a), number_format_count((int64_t)last, b),
              number_format_count((int64_t)rows, c));
    if (shown < (int)t->columns_count)
        text_addf(out, "   %d of %zu columns", shown, t->columns_count);
    if (s->order && s->sorted_by >= 0)
        text_addf(out, "   by %s %s", t->names[s->sorted_by], s->descending ? "down" : "up");
    const char *doing;
    double share;
    if (app_progress(w->app, &doing, &share))
        text_addf(out, share >= 0 ? "   %s %d %%" : "   %s", doing, (int)(share * 100));
}

static void paint_only(const Workbench *w, Pen *pen, Rect line)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    char a[NUMBER_ROOM], b[NUMBER_ROOM], gone[NUMBER_ROOM];
    const char *keys = "Esc all rows";
    size_t rows = data_rows(w);
    int room = line.width - (int)strlen(keys) - 3;
    char *dropped = rows < s->only_count
                        ? text_format("   %s more dropped by steps", number_format_count((int64_t)(s->only_count - rows), gone))
                        : mem_strdup("");
    char *text = text_format("only %s of %s rows%s: %s", number_format_count((int64_t)rows, a),
                             number_format_count((int64_t)app_table(w->app)->rows, b), dropped, s->only_why);
    pen_glyph(pen, line.x, line.y, ROLE_STATE_WARN, 0x25cf);
    pen_text_fit(pen, line.x + 2, line.y, room - 2, ROLE_UI_STRONG, text);
    pen_text(pen, line.x + line.width - (int)strlen(keys), line.y, ROLE_UI_KEY, keys);
    mem_free(text);
    mem_free(dropped);
}

static void paint_note(const Workbench *w, Pen *pen, Rect line)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    if (s->only) {
        paint_only(w, pen, line);
        return;
    }
    const char *target = app_document(w->app)->pipeline->target;
    size_t missing = rows_without_target(w), rows = app_table(w->app)->rows;
    char *text = text_format("%s of %s rows %s no %s: not used for training", number_format_count((int64_t)missing, a),
                             number_format_count((int64_t)rows, b), missing == 1 ? "has" : "have", target);
    pen_glyph(pen, line.x, line.y, ROLE_STATE_INFO, 0x25cf);
    pen_text_fit(pen, line.x + 2, line.y, line.width - 2, ROLE_UI, text);
    mem_free(text);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    Rect grid, side;
    if (!t) {
        static const char *const words[] = {"o open a table", "? help", NULL};
        frame_empty(pen, frame_head(pen, body, true, "Rows", ""), "No table open.", words);
        return;
    }
    frame_columns(w, body, 32, &grid, &side);
    if (s->side_off)
        grid = body, side.width = 0;
    int label = row_label_width(t->rows);
    int note = note_rows(w);
    Rect area = {grid.x, grid.y + 1 + note, grid.width, grid.height - 1 - note};
    Pen inner = pen_on(pen->cells, grid);
    if (note)
        paint_note(w, &inner, (Rect){grid.x, grid.y + 1, grid.width, 1});
    paint_labels(w, &inner, area, label);
    int shown = paint_columns(w, &inner, area, label);
    if (!t->rows || !data_rows(w)) {
        static const char *const undo[] = {"U undo", NULL}, *const other[] = {"F5 read it again", "o open a table", NULL};
        const Document *d = app_document(w->app);
        bool has_steps = d && d->pipeline->recipe->count;
        frame_empty(&inner, (Rect){area.x, area.y + 3, area.width, 1},
                    has_steps && t->rows ? "The steps have dropped these rows."
                    : has_steps          ? "No rows left after the steps."
                                         : "The file has columns but no rows.",
                    has_steps ? undo : other);
    }
    Text remark = {0};
    head_remark(w, s, shown, &remark);
    frame_head(&inner, grid, w->pane == 0, "Rows", text_get(&remark));
    text_done(&remark);
    if (side.width)
        data_paint_side(w, pen, side);
}

void data_move_to(Workbench *w, size_t row, int column)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    size_t visible = (size_t)data_visible_rows(w);
    if (!t)
        return;
    size_t rows = data_rows(w);
    s->row = rows && row >= rows ? rows - 1 : rows ? row : 0;
    s->column = column < 0 ? 0 : column >= (int)t->columns_count ? (int)t->columns_count - 1 : column;
    if (s->row < s->top)
        s->top = s->row;
    if (s->row >= s->top + visible)
        s->top = s->row - visible + 1;
    Rect grid, side;
    frame_columns(w, w->body, s->side_off ? -3 : 32, &grid, &side);
    s->left = first_column(w, s, grid.width - row_label_width(t->rows) - GAP);
}

static bool key(Workbench *w, Key k)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    size_t page = (size_t)data_visible_rows(w);
    if (!t)
        return false;
    if (k.code == KEYS_ESCAPE && !w->zoomed)
        data_show_all(w); /* and the view is left, to where the rows were asked for */
    if (k.code == KEYS_DOWN || key_is(k, 'j'))
        data_move_to(w, s->row + 1, s->column);
    else if (k.code == KEYS_UP || key_is(k, 'k'))
        data_move_to(w, s->row ? s->row - 1 : 0, s->column);
    else if (k.code == KEYS_RIGHT || key_is(k, 'l'))
        data_move_to(w, s->row, s->column + 1);
    else if (k.code == KEYS_LEFT || key_is(k, 'h'))
        data_move_to(w, s->row, s->column - 1);
    else if (k.code == KEYS_PAGE_DOWN)
        data_move_to(w, s->row + page, s->column);
    else if (k.code == KEYS_PAGE_UP)
        data_move_to(w, s->row > page ? s->row - page : 0, s->column);
    else if (key_is(k, 'g') || k.code == KEYS_HOME)
        data_move_to(w, 0, s->column);
    else if (key_is(k, 'G') || k.code == KEYS_END)
        data_move_to(w, data_rows(w), s->column);
    else
        return false;
    return true;
}

static void follow(Workbench *w)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    if (s->of != t) {
        Error ignored = {0};
        data_arrange(w, -1, false, &ignored);
        table_unref(s->of);
        s->of = t ? table_ref(t) : NULL;
        s->pinned = -1;
        const ColumnProfile *first = data_profile(w, 0);
        if (first && first->is_id)
            s->pinned = 0;
    }
    if (t)
        data_move_to(w, s->row, s->column);
}

static bool is_target(const Workbench *w, int column)
{
    const Document *d = app_document(w->app);
    return d && d->pipeline && text_equal(d->pipeline->target, app_table(w->app)->names[column]);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    char number[NUMBER_ROOM], total[NUMBER_ROOM];
    if (!t || !data_rows(w) || s->column >= (int)t->columns_count) {
        text_add(left, t ? "no rows" : "no table open");
        return;
    }
    const Column *c = t->columns[s->column];
    size_t row = data_row(s, s->row);
    text_addf(left, "row %s  %s   ", number_format_count((int64_t)table_row_id(t, row) + 1, number), t->names[s->column]);
    if (!column_is_valid(c, row))
        text_add(left, "null: nothing is there");
    else
        data_format_cell(c, row, left);
    if (c->missing)
        text_addf(right, "%s of %s null%s   } next", number_format_count((int64_t)c->missing, number),
                  number_format_count((int64_t)t->rows, total), is_target(w, s->column) ? ": not used for training" : "");
    else if (app_table_is_head(w->app))
        text_add(right, "first rows; the rest is being read   ^C stops");
    else if (app_table_is_stale(w->app))
        text_add(right, "recomputing");
}

static void done(Workbench *w)
{
    DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    table_unref(s->of);
    mem_free(s->order);
    mem_free(s->only);
    mem_free(s->only_why);
}

const View view_data = {.name = "Data",
                        .state_size = sizeof(DataState),
                        .paint = paint,
                        .key = key,
                        .status = status,
                        .refresh = follow,
                        .done = done,
                        .panes = 1};
