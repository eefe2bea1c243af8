/* Profile: every column in one line, sorted by what it tells about the target; findings with the step that repairs them. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/data.h"
#include "views/frame.h"
#include "views/profile.h"

static ProfileState *state_of(const Workbench *w)
{
    return VIEW_STATE(ProfileState, w, VIEW_PROFILE);
}

static double sort_key(const ColumnProfile *c)
{
    if (c->is_target)
        return 3;
    if (c->is_id)
        return -2;
    if (isfinite(c->correlation))
        return fabs(c->correlation);
    return isfinite(c->auc) ? c->auc : fabs(c->correlation) <= 1 ? fabs(c->correlation) : -1;
}

static bool before(const ProfileState *s, const Profile *p, int a, int b)
{
    const ColumnProfile *x = &p->columns[a], *y = &p->columns[b];
    switch (s->sort) {
    case PROFILE_BY_AUC: return sort_key(x) > sort_key(y);
    case PROFILE_BY_NAME: return strcmp(x->name, y->name) < 0;
    case PROFILE_BY_MISSING: return x->missing > y->missing;
    case PROFILE_BY_TABLE: return a < b;
    }
    return false;
}

static void sort_columns(Workbench *w, const Profile *p)
{
    ProfileState *s = state_of(w);
    mem_free(s->order);
    s->of = app_profile_number(w->app);
    s->order = mem_alloc((p->columns_count + 1) * sizeof *s->order);
    for (int i = 0; i < (int)p->columns_count; i++) {
        int k = i;
        while (k > 0 && before(s, p, i, s->order[k - 1])) {
            s->order[k] = s->order[k - 1];
            k--;
        }
        s->order[k] = i;
    }
}

static const char *type_word(const ColumnProfile *c)
{
    return c->is_id ? "id" : column_type_name(c->type);
}

/* A number that is too long for its cells is told by three digits and its size; a fine one by as many digits as it needs. */
static const char *fitting(double x, int decimals, int width, char out[NUMBER_ROOM])
{
    if (x != 0 && fabs(x) < pow(10, -decimals) / 2)
        return number_format_rate(x, out);
    if ((int)strlen(number_format_fixed(x, decimals, out)) > width)
        return number_format_large(x, out);
    return out;
}

/* min, median, max for numbers; the most frequent level and its share for texts. */
static void paint_middle(Pen *pen, int x, int y, const ColumnProfile *c)
{
    char number[NUMBER_ROOM];
    if (c->is_id) {
        pen_text_right(pen, x, y, 24, ROLE_UI_DIM, "all unique");
        return;
    }
    if (c->is_numeric) {
        int decimals = c->type == COLUMN_INT ? 0 : 1;
        pen_text_right(pen, x, y, 7, ROLE_DATA_NUMBER, fitting(c->min, decimals, 7, number));
        pen_text_right(pen, x + 8, y, 7, ROLE_DATA_NUMBER, fitting(c->p50, decimals, 7, number));
        pen_text_right(pen, x + 16, y, 8, ROLE_DATA_NUMBER, fitting(c->max, decimals, 8, number));
        return;
    }
    if (!c->top_count)
        return;
    pen_text_fit(pen, x, y, 18, ROLE_UI_DIM, c->top[0].value);
    char *share = text_format("%d %%", (int)(100 * profile_share(c, c->top[0].count) + 0.5));
    pen_text_right(pen, x + 18, y, 6, ROLE_DATA_NUMBER, share);
    mem_free(share);
}

/* How the width of the list is shared out: the name first, then further figures, then a finer shape. */
typedef struct ColumnsLayout {
    int name, extras, bars;
    bool wide;
} ColumnsLayout;
enum { WIDE_FIXED = 54, NARROW_FIXED = 26, BARS = 7, BARS_MOST = 24 }; /* cells beside name, further figures and shape */

static double mean_of(const ColumnProfile *c)
{
    return c->mean;
}
static double sd_of(const ColumnProfile *c)
{
    return c->sd;
}
static double p25_of(const ColumnProfile *c)
{
    return c->p25;
}
static double p75_of(const ColumnProfile *c)
{
    return c->p75;
}
static double skew_of(const ColumnProfile *c)
{
    return c->skew;
}

static const struct {
    const char *title;
    int width;
    double (*get)(const ColumnProfile *c);
} extras[] = {{"mean", 10, mean_of}, {"sd", 10, sd_of}, {"p25", 10, p25_of}, {"p75", 10, p75_of}, {"skew", 8, skew_of}};
enum { EXTRAS = sizeof extras / sizeof *extras };

static ColumnsLayout columns_layout(const Profile *p, int width)
{
    ColumnsLayout l = {.wide = width >= 74, .bars = BARS};
    int longest = 12;
    for (size_t i = 0; i < p->columns_count; i++)
        if ((int)utf8_width(p->columns[i].name) > longest)
            longest = (int)utf8_width(p->columns[i].name);
    l.name = width - (l.wide ? WIDE_FIXED + BARS : NARROW_FIXED);
    while (l.wide && l.extras < EXTRAS && l.name - extras[l.extras].width >= (longest < 32 ? longest : 32))
        l.name -= extras[l.extras++].width;
    int finer = l.wide ? l.name - longest : 0;
    finer = finer < 0 ? 0 : finer > BARS_MOST - BARS ? BARS_MOST - BARS : finer;
    l.bars += finer;
    l.name -= finer;
    return l;
}

static void paint_extras(Pen *pen, int x, int y, const ColumnsLayout *l, const ColumnProfile *c)
{
    char number[NUMBER_ROOM];
    for (int i = 0; i < l->extras; i++) {
        double value = c && c->is_numeric && !c->is_id ? extras[i].get(c) : (double)NAN;
        if (!c)
            pen_text_right(pen, x, y, extras[i].width, ROLE_UI_DIM, extras[i].title);
        else if (isfinite(value))
            pen_text_right(pen, x, y, extras[i].width, ROLE_DATA_NUMBER, fitting(value, 2, extras[i].width - 1, number));
        x += extras[i].width;
    }
}

static void paint_shape(Pen *pen, int x, int y, const ColumnProfile *c, size_t room)
{
    size_t counts[BARS_MOST] = {0};
    size_t bars = c->bins_count > room || c->is_numeric ? room : c->bins_count;
    if (c->is_id || !c->bins_count)
        return;
    bars = bars > c->bins_count ? c->bins_count : bars;
    for (size_t i = 0; i < c->bins_count; i++) {
        size_t slot = c->is_numeric ? i * bars / c->bins_count : i;
        if (slot < bars)
            counts[slot] += c->bins[i];
    }
    plot_spark(pen, x, y, ROLE_CHART_BAR, counts, bars);
}

/* What the column alone tells of the target: AUC of classes, correlation with a number. */
static double worth_of(const ColumnProfile *c)
{
    return isfinite(c->correlation) ? c->correlation : c->auc;
}

/* No column has it without a target, or with one of many classes. */
static bool has_worth(const Profile *p)
{
    for (size_t i = 0; i < p->columns_count; i++)
        if (isfinite(worth_of(&p->columns[i])))
            return true;
    return false;
}

static void paint_row(Pen *pen, Rect row, const ColumnProfile *c, const ColumnsLayout *l)
{
    char number[NUMBER_ROOM];
    pen_text_fit(pen, row.x, row.y, l->name, c->is_target ? ROLE_UI_STRONG : ROLE_UI, c->name);
    int x = row.x + l->name + 1;
    pen_text_right(pen, x, row.y, 4, ROLE_UI_DIM, type_word(c));
    pen_text_right(pen, x + 4, row.y, 6, c->missing ? ROLE_DATA_NULL : ROLE_UI_DIM,
                   c->missing ? number_format_count((int64_t)c->missing, number) : "\u00b7");
    if (l->wide) {
        pen_text_right(pen, x + 11, row.y, 8, ROLE_DATA_NUMBER,
                       column_type_is_wide(c->type) ? "\u00b7" : number_format_count((int64_t)c->distinct, number));
        paint_middle(pen, x + 20, row.y, c);
        paint_extras(pen, x + 44, row.y, l, c);
        paint_shape(pen, row.x + row.width - 7 - l->bars - 1, row.y, c, (size_t)l->bars);
    }
    if (c->is_target)
        pen_text_right(pen, row.x, row.y, row.width, ROLE_UI_STRONG, "target");
    else
        pen_text_right(pen, row.x, row.y, row.width, ROLE_DATA_NUMBER,
                       isfinite(worth_of(c)) && !c->is_id ? number_format_fixed(worth_of(c), 3, number) : "\u00b7");
}

static void paint_headings(Pen *pen, Rect in, const ColumnsLayout *l, const char *worth)
{
    int x = in.x + l->name + 1;
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "column");
    pen_text_right(pen, x, in.y, 4, ROLE_UI_DIM, "type");
    pen_text_right(pen, x + 5, in.y, 5, ROLE_UI_DIM, "null");
    if (l->wide) {
        pen_text_right(pen, x + 11, in.y, 8, ROLE_UI_DIM, "distinct");
        pen_text_right(pen, x + 20, in.y, 7, ROLE_UI_DIM, "min");
        pen_text_right(pen, x + 28, in.y, 7, ROLE_UI_DIM, "median");
        pen_text_right(pen, x + 36, in.y, 8, ROLE_UI_DIM, "max");
        paint_extras(pen, x + 44, in.y, l, NULL);
        pen_text(pen, in.x + in.width - 7 - l->bars - 1, in.y, ROLE_UI_DIM, "shape");
    }
    pen_text_right(pen, in.x, in.y, in.width, ROLE_UI_DIM, worth);
}

static void paint_columns(const Workbench *w, Pen *pen, Rect pane, const Profile *p)
{
    static const char *const by[] = {"sorted by AUC of the column alone", "sorted by name", "sorted by nulls", "as in the table"};
    const ProfileState *s = state_of(w);
    bool values = profile_has_correlation(p), none = s->sort == PROFILE_BY_AUC && !has_worth(p);
    const char *order = none                                  ? by[PROFILE_BY_TABLE]
                        : s->sort == PROFILE_BY_AUC && values ? "sorted by correlation with the target"
                                                              : by[s->sort];
    bool of_training = p->of_training && s->sort == PROFILE_BY_AUC && !none;
    char *remark = text_format("%zu   %s%s", p->columns_count, order, of_training ? ", training rows" : "");
    Rect in = frame_head(pen, pane, w->pane == PANE_COLUMNS, "Columns", remark);
    mem_free(remark);
    ColumnsLayout l = columns_layout(p, in.width);
    paint_headings(pen, in, &l, values ? "corr" : "AUC");
    for (int i = 0; i + 1 < in.height && (int)s->columns.top + i < (int)p->columns_count; i++) {
        Rect row = {in.x, in.y + 1 + i, in.width, 1};
        paint_row(pen, row, &p->columns[s->order[(int)s->columns.top + i]], &l);
        if (w->pane == PANE_COLUMNS && (int)s->columns.top + i == (int)s->columns.cursor)
            pen_ground(pen, row, GROUND_ROW);
    }
}

static void paint_finding(Pen *pen, Rect row, const Finding *f, bool on)
{
    uint32_t glyph = f->mark == 'x' ? 0x2717 : f->mark == '!' ? 0x25b2 : 0x25cf;
    Role role = f->mark == 'x' ? ROLE_STATE_ERROR : f->mark == '!' ? ROLE_STATE_WARN : ROLE_STATE_INFO;
    int step = f->step ? (int)utf8_width(f->step) : 0, name = row.width > 60 ? 17 : 12;
    pen_glyph(pen, row.x, row.y, role, glyph);
    pen_text_fit(pen, row.x + 2, row.y, name, ROLE_UI, f->column ? f->column : "table");
    pen_text_fit(pen, row.x + 3 + name, row.y, row.width - name - 6 - step, ROLE_UI, f->text);
    if (f->step)
        pen_text(pen, row.x + row.width - step, row.y, on ? ROLE_UI_KEY : ROLE_UI_DIM, f->step);
    if (on)
        pen_glyph(pen, row.x + row.width - step - 2, row.y, ROLE_UI_KEY, 0x2713);
}

static void paint_findings(const Workbench *w, Pen *pen, Rect pane, const Profile *p)
{
    const ProfileState *s = state_of(w);
    size_t on = 0;
    for (size_t i = 0; i < p->findings_count; i++)
        on += app_finding_is_on(w->app, i);
    char *remark = text_format("%zu   a add the step   A the %zu marked \u2713", p->findings_count, on);
    Rect in = frame_head(pen, pane, w->pane == PANE_FINDINGS, "Findings", remark);
    mem_free(remark);
    if (!p->findings_count)
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "Nothing odd was found.");
    for (int i = 0; i < in.height && (int)s->findings.top + i < (int)p->findings_count; i++) {
        Rect row = {in.x, in.y + i, in.width, 1};
        paint_finding(pen, row, &p->findings[(int)s->findings.top + i], app_finding_is_on(w->app, s->findings.top + (size_t)i));
        if (w->pane == PANE_FINDINGS && (int)s->findings.top + i == (int)s->findings.cursor)
            pen_ground(pen, row, GROUND_ROW);
    }
}

const ColumnProfile *profile_column_here(const Workbench *w, const Profile *p)
{
    const ProfileState *s = state_of(w);
    if (w->pane == PANE_FINDINGS && s->findings.cursor < p->findings_count && p->findings[s->findings.cursor].column)
        for (size_t i = 0; i < p->columns_count; i++)
            if (text_equal(p->columns[i].name, p->findings[s->findings.cursor].column))
                return &p->columns[i];
    return s->columns.cursor < p->columns_count && s->order ? &p->columns[s->order[s->columns.cursor]] : NULL;
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    const Profile *p = app_profile(w->app);
    const ProfileState *s = state_of(w);
    Rect main_pane, side;
    if (!p || !s->order || s->of != app_profile_number(w->app)) {
        static const char *const words[] = {"o open a table", NULL};
        Rect in = frame_head(pen, body, true, "Columns", "");
        if (app_table(w->app))
            pen_text(pen, in.x, in.y, ROLE_STATE_STALE, "being profiled");
        else
            frame_empty(pen, in, "No table open.", words);
        return;
    }
    frame_columns(w, body, 39, &main_pane, &side);
    int findings = (int)p->findings_count + 1, room = body.height - 8;
    findings = findings < 3 ? 3 : findings > 9 ? 9 : findings;
    findings = findings > room ? room : findings;
    int columns = main_pane.height - findings - 1;
    columns = columns > (int)p->columns_count + 2 ? (int)p->columns_count + 2 : columns;
    paint_columns(w, pen, (Rect){main_pane.x, main_pane.y, main_pane.width, columns}, p);
    paint_findings(w, pen, (Rect){main_pane.x, main_pane.y + columns + 1, main_pane.width, main_pane.height - columns - 1}, p);
    if (side.width)
        profile_paint_side(w, pen, side, p);
}

static int rows_shown(const Workbench *w)
{
    const Profile *p = app_profile(w->app);
    int findings = p ? (int)p->findings_count + 1 : 3;
    findings = findings < 3 ? 3 : findings > 9 ? 9 : findings;
    int rows = w->body.height - findings - 3;
    return rows > 1 ? rows : 1;
}

/* The finding under the cursor is tried out once; only while the findings are looked at. */
static void follow_finding(Workbench *w)
{
    ProfileState *s = state_of(w);
    bool looked_at = w->pane == PANE_FINDINGS && w->view == VIEW_PROFILE;
    size_t wanted = looked_at ? s->findings.cursor + 1 : 0;
    if (s->previewed == wanted && s->previewed_of == app_profile_number(w->app))
        return;
    app_repair_preview_free(s->preview);
    s->preview = wanted ? app_repair_preview(w->app, s->findings.cursor) : NULL;
    s->previewed = wanted;
    s->previewed_of = app_profile_number(w->app);
}

static bool key(Workbench *w, Key k)
{
    ProfileState *s = state_of(w);
    const Profile *p = app_profile(w->app);
    if (!p)
        return false;
    if (w->pane == PANE_FINDINGS) {
        bool moved = list_key(&s->findings, k, p->findings_count, FINDINGS_SHOWN);
        follow_finding(w);
        return moved;
    }
    return list_key(&s->columns, k, p->columns_count, rows_shown(w));
}

static void follow(Workbench *w)
{
    ProfileState *s = state_of(w);
    const Profile *p = app_profile(w->app);
    if (!p)
        return;
    if (s->of != app_profile_number(w->app) || !s->order)
        sort_columns(w, p);
    list_fix(&s->columns, p->columns_count, rows_shown(w));
    list_fix(&s->findings, p->findings_count, FINDINGS_SHOWN);
    follow_finding(w);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const Profile *p = app_profile(w->app);
    char number[NUMBER_ROOM];
    const ColumnProfile *c = p ? profile_column_here(w, p) : NULL;
    if (!p) {
        frame_say_none(w, left);
        return;
    }
    if (c && c->is_target)
        text_addf(left, "%s   the target: what the net shall predict", c->name);
    else if (c && isfinite(c->correlation) && !c->is_id)
        text_addf(left, "%s   its correlation with the target is %s", c->name, number_format_fixed(c->correlation, 3, number));
    else if (c && isfinite(c->auc) && !c->is_id)
        text_addf(left, "%s   alone it reaches AUC %s", c->name, number_format_fixed(c->auc, 3, number));
    else if (c)
        text_add(left, c->name);
    if (!app_is_headless(w->app))
        text_addf(right, "profiled in %.2f s", p->seconds);
}

static void done(Workbench *w)
{
    mem_free(state_of(w)->order);
    app_repair_preview_free(state_of(w)->preview);
}

const View view_profile = {.name = "Profile",
                           .state_size = sizeof(ProfileState),
                           .paint = paint,
                           .key = key,
                           .status = status,
                           .refresh = follow,
                           .done = done,
                           .panes = PANES};

static bool need_finding(const Workbench *w, Text *why)
{
    const Profile *p = app_profile(w->app);
    const ProfileState *s = state_of(w);
    if (!need_table(w, why))
        return false;
    if (!p || s->findings.cursor >= p->findings_count)
        text_add(why, "no finding here");
    else if (!p->findings[s->findings.cursor].step)
        text_add(why, "this finding is only a note; no step repairs it");
    else
        return true;
    return false;
}

static bool run_add(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_repair_finding(w->app, state_of(w)->findings.cursor, e);
}

static bool run_switch(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    app_switch_finding(w->app, state_of(w)->findings.cursor);
    return true;
}

static bool run_sort(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    ProfileState *s = state_of(w);
    s->sort = (ProfileSort)((s->sort + 1) % 4);
    if (app_profile(w->app))
        sort_columns(w, app_profile(w->app));
    return true;
}

/* To the column, and to the first row that the finding is about. */
static bool run_rows(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    const ProfileState *s = state_of(w);
    const Profile *p = app_profile(w->app);
    const Table *t = app_table(w->app);
    const ColumnProfile *c = p ? profile_column_here(w, p) : NULL;
    int column = c ? table_find(t, c->name) : TABLE_NONE;
    bool cells = w->pane == PANE_FINDINGS && s->preview && s->preview->shown_count;
    size_t row = 0;
    while (cells && row + 1 < t->rows && table_row_id(t, row) != s->preview->shown[0].row)
        row++;
    workbench_show(w, VIEW_DATA);
    if (column != TABLE_NONE)
        data_move_to(w, row, column);
    return true;
}

#define PROFILE(id, text, k, place, short_word, fn, may) \
    const Command command_profile_##id = {.spec = {.name = "profile_" #id, .doc = text, .group = "p profile"}, \
                                          .key = k, \
                                          .views = IN(VIEW_PROFILE), \
                                          .hint = place, \
                                          .word = short_word, \
                                          .can_run = may, \
                                          .run = fn}

PROFILE(rows, "the rows behind it", "<Enter>", 1, "rows", run_rows, need_table);
PROFILE(sort, "sort by AUC, name, nulls, place", "s", 2, "sort", run_sort, NULL);
PROFILE(add, "add the step that repairs this finding", "a", 3, "add finding's step", run_add, need_finding);
PROFILE(switch, "take this finding with A, or leave it", "x", 4, "on/off", run_switch, need_finding);
