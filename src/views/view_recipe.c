/* Recipe: the steps in the order they run, what the one under the cursor does to real rows, and how the column looks before and
 * after. The split stands where it runs: nothing below it has seen a test row. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/data.h"
#include "views/frame.h"
#include "views/recipe.h"

typedef struct RecipeState {
    ListState list;     /* rows: steps, with the split as a row of its own */
    ListState points;   /* of the curve of features */
    AppPreview preview; /* of the step under the cursor */
    bool has_preview;
    char problem[400];
    size_t previewed; /* step */
    bool had_curve;   /* so that the cursor goes to its answer once */
    Document *of;     /* held, so that no other document can lie at its address */
} RecipeState;

static RecipeState *state_of(const Workbench *w)
{
    return VIEW_STATE(RecipeState, w, VIEW_RECIPE);
}

static const Pipeline *pipeline_of(const Workbench *w)
{
    const Document *d = app_document(w->app);
    return d ? d->pipeline : NULL;
}

static size_t split_row(const Pipeline *p)
{
    return p->split_at == SIZE_MAX || p->split_at > p->recipe->count ? p->recipe->count : p->split_at;
}

static size_t row_count(const Pipeline *p)
{
    return p->recipe->count + 1;
}

/* The step of a row; SIZE_MAX for the split. */
static size_t step_of_row(const Pipeline *p, size_t row)
{
    size_t split = split_row(p);
    return row == split ? SIZE_MAX : row > split ? row - 1 : row;
}

ListState *recipe_points(const Workbench *w)
{
    return &state_of(w)->points;
}

size_t recipe_cursor_step(const Workbench *w)
{
    const Pipeline *p = pipeline_of(w);
    size_t at = p ? step_of_row(p, state_of(w)->list.cursor) : SIZE_MAX;
    return p && at < p->recipe->count ? at : SIZE_MAX;
}

void recipe_follow(Workbench *w, int by)
{
    const Pipeline *p = pipeline_of(w);
    ListState *list = &state_of(w)->list;
    size_t split = split_row(p), to = list->cursor + (size_t)by;
    list->cursor = to == split ? to + (size_t)by : to;
}

static void split_text(const Pipeline *p, Text *out)
{
    static const char *const by[] = {"stratified", "random", "by group", "in time order"};
    text_addf(out, "%s", by[p->split.by]);
    if (p->split.by == SPLIT_STRATIFIED && p->target)
        text_addf(out, " on %s", p->target);
    Unit unit = pipeline_unit(p);
    if (p->split.by == SPLIT_GROUP || unit.order)
        text_addf(out, " %s%s", unit.order ? "of " : "", unit.order ? unit.order : unit.column ? unit.column : "?");
    if (unit.order && unit.gap > 0)
        text_addf(out, ", gap %g", unit.gap);
    text_addf(out, "  %.2f / %.2f / %.2f  seed %llu", p->split.train, p->split.valid, p->split.test,
              (unsigned long long)(p->split.seed >= 0 ? (uint64_t)p->split.seed : p->seed));
}

static const char *split_note(const Pipeline *p)
{
    Unit unit = pipeline_unit(p);
    if (unit.order)
        return "past trains, future tests";
    return unit.kind == UNIT_ROW ? "by hash of the row" : unit.kind == UNIT_KEY ? "a key is never parted" : "a group is never parted";
}

static void paint_step(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Workbench *w = self;
    const Pipeline *p = pipeline_of(w);
    size_t at = step_of_row(p, index);
    Text what = {0};
    (void)is_cursor;
    if (at != SIZE_MAX) /* the number by which errors and answers call it */
        pen_format(pen, row.x, row.y, ROLE_UI_DIM, "%2zu", at + 1);
    const char *name = "split";
    Role role = ROLE_UI_STRONG, text_role = ROLE_UI;
    const char *note = split_note(p);
    if (at == SIZE_MAX) {
        split_text(p, &what);
    } else {
        const StepUse *use = &p->recipe->uses[at];
        name = use->step->spec.name;
        step_use_describe(use, &what);
        bool learns = use->step->learns && use->step->learns->name;
        note = use->off                    ? "off"
               : !learns                   ? "learns nothing"
               : use->step->fits_side_only ? "reads another table"
                                           : "learned from training rows";
        if (use->off)
            role = text_role = ROLE_UI_DIM;
    }
    int price = recipe_price_width(w, row.width), note_width = price ? price + 2 : row.width >= 90 ? 28 : 0;
    pen_text_fit(pen, row.x + 4, row.y, 15, role, name);
    pen_text_fit(pen, row.x + 20, row.y, row.width - 20 - note_width, text_role, text_get(&what));
    if (price && at != SIZE_MAX)
        recipe_paint_price(w, pen, (Rect){row.x + row.width - price, row.y, price, 1}, at);
    else if (note_width > price + 2)
        pen_text_right(pen, row.x, row.y, row.width, ROLE_UI_DIM, note);
    text_done(&what);
}

static void paint_steps(const Workbench *w, Pen *pen, Rect pane)
{
    const Pipeline *p = pipeline_of(w);
    char *remark = text_format("%zu   in the order they run", p->recipe->count);
    bool focused = w->pane == RECIPE_STEPS;
    Rect in = frame_head(pen, pane, focused, "Steps", remark);
    mem_free(remark);
    int price = recipe_price_width(w, in.width);
    pen_text(pen, in.x + 4, in.y, ROLE_UI_DIM, "step");
    pen_text(pen, in.x + 20, in.y, ROLE_UI_DIM, "what it does");
    Rect rows = {in.x, in.y + 1, in.width, in.height - 1 - recipe_price_rows(w, in.width)};
    list_paint(pen, rows, &state_of(w)->list, row_count(p), focused, paint_step, w);
    if (price) {
        recipe_paint_price_head(w, pen, (Rect){in.x + in.width - price, in.y, price, 1});
        recipe_paint_price_line(w, pen, (Rect){in.x, rows.y + rows.height, in.width, recipe_price_rows(w, in.width)});
    }
    if (!p->recipe->count && in.height > 3) {
        static const char *const words[] = {"A add the repairs and encoding", "a add a step", NULL};
        frame_empty(pen, (Rect){in.x, in.y + 3, in.width, 1}, "No steps yet.", words);
    }
}

/* The column whose cells the step touches first: shared by name, changed in value; else a new one. */
static int touched_column(const AppPreview *p)
{
    for (size_t i = 0; i < p->after->columns_count; i++) {
        const Column *before = table_column(p->before, p->after->names[i]);
        if (before && before != p->after->columns[i] && p->before->rows == p->after->rows && !column_equal(before, p->after->columns[i]))
            return (int)i;
    }
    for (size_t i = 0; i < p->after->columns_count; i++)
        if (table_find(p->before, p->after->names[i]) == TABLE_NONE)
            return (int)i;
    return TABLE_NONE;
}

static bool same_cell(const Column *a, const Column *b, size_t row)
{
    Text x = {0}, y = {0};
    column_format(a, row, &x);
    column_format(b, row, &y);
    bool same = column_is_valid(a, row) == column_is_valid(b, row) && text_equal(text_get(&x), text_get(&y));
    text_done(&x);
    text_done(&y);
    return same;
}

static void add_cell(const Column *c, size_t row, Text *out)
{
    enum { LONG = 12, KEPT = 6 }; /* digits that say nothing are cut, and it shows */
    char number[NUMBER_ROOM];
    if (c->type == COLUMN_ARRAY)
        data_format_cell(c, row, out);
    else if (column_is_valid(c, row))
        column_format(c, row, out);
    else
        text_add(out, "null");
    double x = c->type == COLUMN_REAL && column_is_valid(c, row) ? c->data.reals[row] : (double)NAN;
    if (!isfinite(x) || out->size <= LONG || fabs(x) < 1e-3 || fabs(x) > 1e6)
        return;
    text_clear(out);
    text_addf(out, "%s\u2026", number_format_fixed(x, KEPT, number));
}

/* A new column often begins with rows of too little past: their empty cells show nothing, unless all are empty. */
static bool is_news(const Column *before, const Column *after, size_t row)
{
    if (before)
        return !same_cell(before, after, row);
    return column_is_valid(after, row) || after->missing == after->rows;
}

static void paint_change(Pen *pen, Rect row, const Column *before, const Column *after, size_t at, uint64_t id)
{
    Text left = {0}, right = {0};
    char number[NUMBER_ROOM];
    if (before)
        add_cell(before, at, &left);
    add_cell(after, at, &right);
    int half = (row.width - 12) / 2;
    pen_text(pen, row.x, row.y, ROLE_UI_DIM, number_format_count((int64_t)id + 1, number));
    pen_text_right(pen, row.x + 8, row.y, half - 2, text_equal(text_get(&left), "null") ? ROLE_DATA_NULL : ROLE_DATA_NUMBER,
                   text_get(&left));
    pen_glyph(pen, row.x + 8 + half, row.y, ROLE_UI_DIM, 0x2192);
    pen_text_right(pen, row.x + 10 + half, row.y, half - 2, before ? ROLE_DATA_EDITED : ROLE_DATA_ADDED, text_get(&right));
    text_done(&left);
    text_done(&right);
}

static void paint_preview(const Workbench *w, Pen *pen, Rect pane)
{
    const RecipeState *s = state_of(w);
    const AppPreview *p = &s->preview;
    int column = s->has_preview ? touched_column(p) : TABLE_NONE;
    char count[NUMBER_ROOM];
    char *remark =
        s->has_preview ? text_format("%s cells touched", number_format_count((int64_t)p->effect.cells_touched, count)) : mem_strdup("");
    Rect in = frame_head(pen, pane, false, column >= 0 ? p->after->names[column] : "Preview", remark);
    mem_free(remark);
    if (*s->problem) {
        frame_text(pen, in, ROLE_STATE_ERROR, s->problem);
        return;
    }
    for (size_t i = 0; s->has_preview && i < p->notes.count && in.height > 1; i++) {
        int used = frame_text(pen, in, ROLE_STATE_WARN, p->notes.items[i]);
        in.y += used;
        in.height -= used;
    }
    if (column < 0) {
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI,
                     s->has_preview ? "No cell changes in value." : "The split gives each row its part.");
        return;
    }
    const Column *after = p->after->columns[column], *before = table_column(p->before, p->after->names[column]);
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "row");
    pen_text_right(pen, in.x + 8, in.y, (in.width - 12) / 2 - 2, ROLE_UI_DIM, "before");
    pen_text_right(pen, in.x + 10 + (in.width - 12) / 2, in.y, (in.width - 12) / 2 - 2, ROLE_UI_DIM, "after");
    int y = in.y + 1;
    for (size_t r = 0; r < p->after->rows && y < in.y + in.height; r++)
        if (is_news(before, after, r))
            paint_change(pen, (Rect){in.x, y++, in.width, 1}, before, after, r, table_row_id(p->after, r));
}

static void bins_of(const Column *c, size_t bins[32], double *low, double *high)
{
    *low = (double)INFINITY, *high = -(double)INFINITY;
    for (size_t r = 0; r < c->rows; r++) {
        double x = column_real(c, r);
        if (isfinite(x))
            *low = fmin(*low, x), *high = fmax(*high, x);
    }
    for (size_t r = 0; r<c->rows && * high> * low; r++) {
        double x = column_real(c, r);
        if (isfinite(x))
            bins[(size_t)fmin(31, (x - *low) / (*high - *low) * 32)]++;
    }
}

static void paint_shape(Pen *pen, Rect area, const Column *c)
{
    size_t bins[32] = {0};
    double low, high;
    char number[NUMBER_ROOM];
    bins_of(c, bins, &low, &high);
    if (!(high > low) || area.height < 4)
        return;
    plot_histogram(pen, (Rect){area.x, area.y, area.width, area.height - 2}, bins, 32, ROLE_CHART_BAR);
    pen_rule(pen, area.x, area.y + area.height - 2, area.width, false, ROLE_CHART_AXIS);
    pen_text(pen, area.x, area.y + area.height - 1, ROLE_CHART_LABEL, number_format_large(low, number));
    pen_text_right(pen, area.x, area.y + area.height - 1, area.width, ROLE_CHART_LABEL, number_format_large(high, number));
}

static void paint_shapes(const Workbench *w, Pen *pen, Rect pane)
{
    const RecipeState *s = state_of(w);
    const AppPreview *p = &s->preview;
    int column = s->has_preview ? touched_column(p) : TABLE_NONE;
    Rect in = frame_head(pen, pane, false, "Shape", "before and after");
    if (column < 0)
        return;
    const Column *after = p->after->columns[column], *before = table_column(p->before, p->after->names[column]);
    int half = (in.width - 4) / 2;
    if (before && (column_is_numeric(before)))
        paint_shape(pen, (Rect){in.x, in.y, half, in.height}, before);
    pen_glyph(pen, in.x + half + 1, in.y + in.height / 2, ROLE_UI_DIM, 0x2192);
    if (column_is_numeric(after))
        paint_shape(pen, (Rect){in.x + half + 4, in.y, half, in.height}, after);
}

static void paint_columns(const Workbench *w, Pen *pen, Rect pane)
{
    const RecipeState *s = state_of(w);
    char number[NUMBER_ROOM];
    Rect in = frame_head(pen, pane, false, "Columns after this step",
                         s->has_preview ? number_format_count((int64_t)s->preview.after->columns_count, number) : "");
    if (!s->has_preview)
        return;
    const StepEffectReport *e = &s->preview.effect;
    const struct {
        const char *name;
        size_t n;
    } facts[] = {{"touched", e->columns_touched}, {"added", e->columns_added},   {"removed", e->columns_removed},
                 {"rows before", e->rows_before}, {"rows after", e->rows_after}, {"cells made null", e->made_missing}};
    for (int i = 0; i < 6 && i < in.height; i++)
        frame_fact(pen, in.x, in.y + i, in.width, facts[i].name, number_format_count((int64_t)facts[i].n, number), ROLE_DATA_NUMBER);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const Pipeline *p = pipeline_of(w);
    if (!p) {
        static const char *const words[] = {"o open a table", NULL};
        frame_empty(pen, frame_head(pen, body, true, "Steps", ""), app_table(w->app) ? "The file is still being read." : "No table open.",
                    words);
        return;
    }
    if (w->pane == RECIPE_FEATURES && (w->zoomed || workbench_is_narrow(w))) {
        recipe_paint_features(w, pen, body);
        return;
    }
    int steps = (int)row_count(p) + 2 + recipe_price_rows(w, body.width), half = body.height * 3 / 5;
    steps = w->zoomed ? body.height : steps > half ? half : steps;
    steps = steps < 6 && body.height > 8 ? 6 : steps;
    paint_steps(w, pen, (Rect){body.x, body.y, body.width, steps});
    int y = body.y + steps + 1, rest = body.y + body.height - y;
    if (rest < 4)
        return;
    if (w->pane == RECIPE_FEATURES) {
        recipe_paint_features(w, pen, (Rect){body.x, y, body.width, rest});
        return;
    }
    if (workbench_is_narrow(w)) {
        paint_preview(w, pen, (Rect){body.x, y, body.width, rest});
        return;
    }
    int left = 56;
    paint_preview(w, pen, (Rect){body.x, y, left, rest});
    int shape = rest >= 16 ? rest - 8 : rest;
    paint_shapes(w, pen, (Rect){body.x + left + 3, y, body.width - left - 3, shape > 9 ? 9 : shape});
    if (rest >= 18)
        paint_columns(w, pen, (Rect){body.x + left + 3, y + 11, body.width - left - 3, 8});
}

static void make_preview(Workbench *w)
{
    RecipeState *s = state_of(w);
    const Pipeline *p = pipeline_of(w);
    size_t at = recipe_cursor_step(w);
    if (s->has_preview)
        app_preview_done(&s->preview);
    s->has_preview = false;
    s->problem[0] = 0;
    document_unref(s->of);
    s->of = document_ref(app_document(w->app));
    s->previewed = at;
    if (!p || at == SIZE_MAX || at >= p->recipe->count || p->recipe->uses[at].off)
        return;
    Error e = {0};
    s->has_preview = app_preview(w->app, at, p->recipe->uses[at].step, p->recipe->uses[at].params, &s->preview, &e);
    if (!s->has_preview)
        error_format(&e, s->problem, sizeof s->problem);
}

/* When the answer is there the cursor stands on it. */
static void follow_curve(Workbench *w)
{
    RecipeState *s = state_of(w);
    const Value *answer = app_answer(w->app, APP_SELECT), *curve = value_get(answer, "curve");
    bool has = app_answer_state(w->app, APP_SELECT) == RUN_DONE;
    for (size_t i = 0; has && !s->had_curve && i < value_items(curve); i++)
        if (value_get_int(curve->items[i], "keep", 0) == value_get_int(answer, "keep", -1))
            s->points.cursor = i;
    s->had_curve = has;
    list_fix(&s->points, value_items(curve), w->body.height / 2);
}

static void follow(Workbench *w)
{
    RecipeState *s = state_of(w);
    const Pipeline *p = pipeline_of(w);
    if (!p)
        return;
    list_fix(&s->list, row_count(p), w->body.height / 2);
    follow_curve(w);
    if (s->of != app_document(w->app) || s->previewed != recipe_cursor_step(w))
        make_preview(w);
}

static bool key(Workbench *w, Key k)
{
    const Pipeline *p = pipeline_of(w);
    bool on_curve = p && w->pane == RECIPE_FEATURES;
    size_t points = value_items(value_get(app_answer(w->app, APP_SELECT), "curve"));
    if (!p || !list_key(on_curve ? &state_of(w)->points : &state_of(w)->list, k, on_curve ? points : row_count(p), w->body.height / 2))
        return false;
    follow(w);
    return true;
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const Pipeline *p = pipeline_of(w);
    size_t at = recipe_cursor_step(w);
    if (!p) {
        frame_say_none(w, left);
        return;
    }
    if (w->pane == RECIPE_FEATURES) {
        recipe_say_features(w, left);
        text_addf(right, "%zu of %zu changes", app_history(w->app)->now, app_history(w->app)->count - 1);
        return;
    }
    if (at == SIZE_MAX || at >= p->recipe->count)
        text_add(left, "split   nothing after it is fitted on valid or test rows");
    else
        text_addf(left, "step %zu  %s   %s", at + 1, p->recipe->uses[at].step->spec.name, p->recipe->uses[at].step->spec.doc);
    const RecipeState *s = state_of(w);
    if (s->has_preview && s->preview.sampled < s->preview.rows)
        text_addf(right, "preview on %zu rows", s->preview.sampled);
    else
        text_addf(right, "%zu of %zu changes", app_history(w->app)->now, app_history(w->app)->count - 1);
}

static void done(Workbench *w)
{
    if (state_of(w)->has_preview)
        app_preview_done(&state_of(w)->preview);
    document_unref(state_of(w)->of);
}

const View view_recipe = {.name = "Recipe",
                          .state_size = sizeof(RecipeState),
                          .paint = paint,
                          .key = key,
                          .status = status,
                          .refresh = follow,
                          .done = done,
                          .panes = RECIPE_PANES};
