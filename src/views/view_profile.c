/* Profile: every column in one line, sorted by what it tells about the target; findings with the step that repairs them. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/frame.h"

typedef enum ProfileSort { PROFILE_BY_AUC, PROFILE_BY_NAME, PROFILE_BY_MISSING, PROFILE_BY_TABLE } ProfileSort;
enum { PANE_COLUMNS, PANE_FINDINGS, PANES, FINDINGS_SHOWN = 8 };

typedef struct ProfileState {
    ListState columns, findings;
    ProfileSort sort;
    int *order;
    uint64_t of;           /* app_profile_number that order belongs to */
} ProfileState;

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
    return isfinite(c->auc) ? fmax(c->auc, 1 - c->auc) : -1;
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
        pen_text_right(pen, x, y, 7, ROLE_DATA_NUMBER, number_format_fixed(c->min, decimals, number));
        pen_text_right(pen, x + 8, y, 7, ROLE_DATA_NUMBER, number_format_fixed(c->p50, decimals, number));
        pen_text_right(pen, x + 16, y, 8, ROLE_DATA_NUMBER, number_format_fixed(c->max, decimals, number));
        return;
    }
    if (!c->top_count)
        return;
    pen_text_fit(pen, x, y, 18, ROLE_UI_DIM, c->top[0].value);
    char *share = text_format("%d %%", c->count ? (int)(100.0 * (double)c->top[0].count / (double)c->count + 0.5) : 0);
    pen_text_right(pen, x + 18, y, 6, ROLE_DATA_NUMBER, share);
    mem_free(share);
}

static void paint_shape(Pen *pen, int x, int y, const ColumnProfile *c)
{
    size_t counts[7] = {0};
    size_t bars = c->is_numeric || c->bins_count > 7 ? 7 : c->bins_count;
    if (c->is_id || !c->bins_count)
        return;
    for (size_t i = 0; i < c->bins_count; i++) {
        size_t slot = c->is_numeric ? i * 7 / c->bins_count : i;
        if (slot < bars)
            counts[slot] += c->bins[i];
    }
    plot_spark(pen, x, y, ROLE_CHART_BAR, counts, bars);
}

static void paint_row(Pen *pen, Rect row, const ColumnProfile *c, bool wide)
{
    char number[NUMBER_ROOM];
    int name = row.width - (wide ? 61 : 26);
    pen_text_fit(pen, row.x, row.y, name, c->is_target ? ROLE_UI_STRONG : ROLE_UI, c->name);
    int x = row.x + name + 1;
    pen_text_right(pen, x, row.y, 4, ROLE_UI_DIM, type_word(c));
    pen_text_right(pen, x + 5, row.y, 5, c->missing ? ROLE_DATA_NULL : ROLE_UI_DIM,
                   c->missing ? number_format_count((int64_t)c->missing, number) : "\u00b7");
    if (wide) {
        pen_text_right(pen, x + 12, row.y, 7, ROLE_DATA_NUMBER, number_format_count((int64_t)c->distinct, number));
        paint_middle(pen, x + 20, row.y, c);
        paint_shape(pen, x + 45, row.y, c);
    }
    if (c->is_target)
        pen_text_right(pen, row.x, row.y, row.width, ROLE_UI_STRONG, "target");
    else
        pen_text_right(pen, row.x, row.y, row.width, ROLE_DATA_NUMBER, isfinite(c->auc) && !c->is_id ? number_format_fixed(c->auc, 3, number) : "\u00b7");
}

static void paint_columns(const Workbench *w, Pen *pen, Rect pane, const Profile *p)
{
    static const char *const by[] = {"sorted by AUC of the column alone", "sorted by name", "sorted by nulls", "as in the table"};
    const ProfileState *s = state_of(w);
    char *remark = text_format("%zu   %s", p->columns_count, by[s->sort]);
    Rect in = frame_head(pen, pane, w->pane == PANE_COLUMNS, "Columns", remark);
    mem_free(remark);
    bool wide = in.width >= 74;
    int x = in.x + in.width - (wide ? 61 : 26) + 1;
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "column");
    pen_text_right(pen, x, in.y, 4, ROLE_UI_DIM, "type");
    pen_text_right(pen, x + 5, in.y, 5, ROLE_UI_DIM, "null");
    if (wide) {
        pen_text_right(pen, x + 11, in.y, 8, ROLE_UI_DIM, "distinct");
        pen_text_right(pen, x + 20, in.y, 7, ROLE_UI_DIM, "min");
        pen_text_right(pen, x + 28, in.y, 7, ROLE_UI_DIM, "median");
        pen_text_right(pen, x + 36, in.y, 8, ROLE_UI_DIM, "max");
        pen_text(pen, x + 45, in.y, ROLE_UI_DIM, "shape");
    }
    pen_text_right(pen, in.x, in.y, in.width, ROLE_UI_DIM, "AUC");
    for (int i = 0; i + 1 < in.height && (int)s->columns.top + i < (int)p->columns_count; i++) {
        Rect row = {in.x, in.y + 1 + i, in.width, 1};
        paint_row(pen, row, &p->columns[s->order[(int)s->columns.top + i]], wide);
        if (w->pane == PANE_COLUMNS && (int)s->columns.top + i == (int)s->columns.cursor)
            pen_ground(pen, row, GROUND_ROW);
    }
}

static void paint_finding(Pen *pen, Rect row, const Finding *f)
{
    uint32_t glyph = f->mark == 'x' ? 0x2717 : f->mark == '!' ? 0x25b2 : 0x25cf;
    Role role = f->mark == 'x' ? ROLE_STATE_ERROR : f->mark == '!' ? ROLE_STATE_WARN : ROLE_STATE_INFO;
    int step = f->step ? (int)utf8_width(f->step) : 0, name = row.width > 60 ? 17 : 12;
    pen_glyph(pen, row.x, row.y, role, glyph);
    pen_text_fit(pen, row.x + 2, row.y, name, ROLE_UI, f->column ? f->column : "table");
    pen_text_fit(pen, row.x + 3 + name, row.y, row.width - name - 5 - step, ROLE_UI, f->text);
    if (f->step)
        pen_text(pen, row.x + row.width - step, row.y, ROLE_UI_KEY, f->step);
}

static void paint_findings(const Workbench *w, Pen *pen, Rect pane, const Profile *p)
{
    const ProfileState *s = state_of(w);
    char *remark = text_format("%zu   a add the step   A all", p->findings_count);
    Rect in = frame_head(pen, pane, w->pane == PANE_FINDINGS, "Findings", remark);
    mem_free(remark);
    if (!p->findings_count)
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "Nothing odd was found.");
    for (int i = 0; i < in.height && (int)s->findings.top + i < (int)p->findings_count; i++) {
        Rect row = {in.x, in.y + i, in.width, 1};
        paint_finding(pen, row, &p->findings[(int)s->findings.top + i]);
        if (w->pane == PANE_FINDINGS && (int)s->findings.top + i == (int)s->findings.cursor)
            pen_ground(pen, row, GROUND_ROW);
    }
}

static const ColumnProfile *column_here(const Workbench *w, const Profile *p)
{
    const ProfileState *s = state_of(w);
    if (w->pane == PANE_FINDINGS && s->findings.cursor < p->findings_count && p->findings[s->findings.cursor].column)
        for (size_t i = 0; i < p->columns_count; i++)
            if (text_equal(p->columns[i].name, p->findings[s->findings.cursor].column))
                return &p->columns[i];
    return s->columns.cursor < p->columns_count && s->order ? &p->columns[s->order[s->columns.cursor]] : NULL;
}

static double highest_rate(const ColumnProfile *c)
{
    double most = 1e-9;
    for (size_t i = 0; i < c->rates_count; i++)
        if (c->rates[i].rows)
            most = fmax(most, (double)c->rates[i].positives / (double)c->rates[i].rows);
    return most;
}

static int paint_levels(const Workbench *w, Pen *pen, Rect pane, const ColumnProfile *c)
{
    const Document *d = app_document(w->app);
    const char *target = d && d->pipeline && d->pipeline->target ? d->pipeline->target : NULL;
    char number[NUMBER_ROOM];
    char *remark = c->is_numeric ? mem_strdup("by eighth") : text_format("%s levels", number_format_count((int64_t)c->distinct, number));
    Rect in = frame_head(pen, pane, false, c->name, remark);
    mem_free(remark);
    double most = highest_rate(c);
    int y = in.y, label = 15, bar = in.width - label - 7 - 2 - 8;
    if (c->is_id)
        pen_text_fit(pen, in.x, y++, in.width, ROLE_UI, "Unique in every row: nothing to learn from.");
    else if (target) {
        pen_text(pen, in.x, y, ROLE_UI_DIM, c->is_numeric ? "from" : "level");
        pen_text_right(pen, in.x + label, y, 7, ROLE_UI_DIM, "rows");
        char *rate = text_format("%s rate", target);
        pen_text_right(pen, in.x, y++, in.width, ROLE_UI_DIM, rate);
        mem_free(rate);
    }
    for (size_t i = 0; !c->is_id && i < c->rates_count && y < in.y + in.height; i++, y++) {
        double rate = c->rates[i].rows ? (double)c->rates[i].positives / (double)c->rates[i].rows : 0;
        pen_text_fit(pen, in.x, y, label - 1, ROLE_UI, c->rates[i].label);
        pen_text_right(pen, in.x + label, y, 7, ROLE_DATA_NUMBER, number_format_count((int64_t)c->rates[i].rows, number));
        if (bar > 3)
            plot_bar(pen, in.x + label + 9, y, bar, rate / most, ROLE_CHART_BAR, false);
        char *percent = text_format("%.1f %%", 100 * rate);
        pen_text_right(pen, in.x, y, in.width, ROLE_DATA_NUMBER, percent);
        mem_free(percent);
    }
    return y;
}

static void paint_strength(Pen *pen, Rect pane, const Profile *p)
{
    int used[6], count = 0;
    char number[NUMBER_ROOM];
    Rect in = frame_head(pen, pane, false, "Strength", "mutual information, bits");
    double most = 1e-9;
    while (count < 6 && count < in.height) {
        int best = -1;
        for (int i = 0; i < (int)p->columns_count; i++) {
            bool taken = p->columns[i].is_target || p->columns[i].is_id || !isfinite(p->columns[i].mutual_information);
            for (int k = 0; k < count; k++)
                taken = taken || used[k] == i;
            if (!taken && (best < 0 || p->columns[i].mutual_information > p->columns[best].mutual_information))
                best = i;
        }
        if (best < 0)
            break;
        used[count] = best;
        const ColumnProfile *c = &p->columns[best];
        most = count ? most : fmax(most, c->mutual_information);
        pen_text_fit(pen, in.x, in.y + count, 15, ROLE_UI, c->name);
        plot_bar(pen, in.x + 17, in.y + count, in.width - 17 - 8, c->mutual_information / most, ROLE_CHART_BAR, false);
        pen_text_right(pen, in.x, in.y + count, in.width, ROLE_DATA_NUMBER, number_format_fixed(c->mutual_information, 3, number));
        count++;
    }
    if (!count)
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_UI, "Choose a target: T in Data.");
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
    const ColumnProfile *c = column_here(w, p);
    if (!side.width || !c)
        return;
    int end = paint_levels(w, pen, side, c);
    if (end + 8 < side.y + side.height)
        paint_strength(pen, (Rect){side.x, end + 1, side.width, side.y + side.height - end - 1}, p);
}

static int rows_shown(const Workbench *w)
{
    const Profile *p = app_profile(w->app);
    int findings = p ? (int)p->findings_count + 1 : 3;
    findings = findings < 3 ? 3 : findings > 9 ? 9 : findings;
    int rows = w->body.height - findings - 3;
    return rows > 1 ? rows : 1;
}

static bool key(Workbench *w, Key k)
{
    ProfileState *s = state_of(w);
    const Profile *p = app_profile(w->app);
    if (!p)
        return false;
    if (w->pane == PANE_FINDINGS)
        return list_key(&s->findings, k, p->findings_count, FINDINGS_SHOWN);
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
}

static void status(const Workbench *w, Text *left, Text *right)
{
    const Profile *p = app_profile(w->app);
    char number[NUMBER_ROOM];
    if (!p)
        return;
    const ColumnProfile *c = column_here(w, p);
    if (c && c->is_target)
        text_addf(left, "%s   the target: what the net shall predict", c->name);
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
}

const View view_profile = {.name = "Profile", .state_size = sizeof(ProfileState), .paint = paint, .key = key, .status = status,
                           .refresh = follow, .done = done, .panes = PANES};

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
    const Finding *f = &app_profile(w->app)->findings[state_of(w)->findings.cursor];
    return app_add_step(w->app, SIZE_MAX, f->step, f->params, "Profile a", e);
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

static bool run_rows(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    workbench_show(w, VIEW_DATA);
    return true;
}

#define PROFILE(id, text, k, place, short_word, fn, may)                                                                   \
    const Command command_profile_##id = {.spec = {.name = "profile_" #id, .doc = text, .group = "p profile"}, .key = k,   \
                                          .views = IN(VIEW_PROFILE), .hint = place, .word = short_word, .can_run = may, .run = fn}

PROFILE(rows, "the rows behind it", "<Enter>", 1, "rows", run_rows, need_table);
PROFILE(sort, "sort by AUC, name, nulls, place", "s", 2, "sort", run_sort, NULL);
PROFILE(add, "add the step that repairs this finding", "a", 3, "add finding's step", run_add, need_finding);
