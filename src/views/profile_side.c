/* The side pane of Profile: how the column tells the target, what the target holds, or which cells a repair changes. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/frame.h"
#include "views/profile.h"

static double highest_rate(const ColumnProfile *c)
{
    double most = 1e-9;
    for (size_t i = 0; i < c->rates_count; i++)
        if (c->rates[i].rows)
            most = fmax(most, (double)c->rates[i].positives / (double)c->rates[i].rows);
    return most;
}

/* Without a target, and of the target itself: how often each level occurs. */
static int paint_counts(Pen *pen, Rect in, const ColumnProfile *c)
{
    char number[NUMBER_ROOM];
    int y = in.y, label = 15, bar = in.width - label - 7 - 2 - 8;
    pen_text(pen, in.x, y, ROLE_UI_DIM, "level");
    pen_text_right(pen, in.x + label, y, 7, ROLE_UI_DIM, "rows");
    pen_text_right(pen, in.x, y++, in.width, ROLE_UI_DIM, "share");
    for (size_t i = 0; i < c->top_count && y < in.y + in.height; i++, y++) {
        double share = profile_share(c, c->top[i].count);
        pen_text_fit(pen, in.x, y, label - 1, ROLE_UI, c->top[i].value);
        pen_text_right(pen, in.x + label, y, 7, ROLE_DATA_NUMBER, number_format_count((int64_t)c->top[i].count, number));
        if (bar > 3)
            plot_bar(pen, in.x + label + 9, y, bar, share / profile_share(c, c->top[0].count), ROLE_CHART_BAR, false);
        char *percent = text_format("%.1f %%", 100 * share);
        pen_text_right(pen, in.x, y, in.width, ROLE_DATA_NUMBER, percent);
        mem_free(percent);
    }
    if (c->missing && y < in.y + in.height)
        frame_fact(pen, in.x, y++, in.width, "null", number_format_count((int64_t)c->missing, number), ROLE_DATA_NULL);
    return y;
}

static int paint_figures(Pen *pen, Rect in, const ColumnProfile *c)
{
    static const char *const names[PROFILE_FIGURES] = {"min", "p25", "median", "p75", "max"};
    char number[NUMBER_ROOM];
    int y = in.y, decimals = c->type == COLUMN_INT ? 0 : 2;
    for (int i = 0; i < PROFILE_FIGURES && y < in.y + in.height; i++)
        frame_fact(pen, in.x, y++, in.width, names[i], profile_format(c, i, decimals, number), ROLE_DATA_NUMBER);
    if (y + 1 < in.y + in.height) {
        frame_fact(pen, in.x, y++, in.width, "mean", number_format_fixed(c->mean, 2, number), ROLE_DATA_NUMBER);
        frame_fact(pen, in.x, y++, in.width, "sd", number_format_fixed(c->sd, 2, number), ROLE_DATA_NUMBER);
    }
    if (c->missing && y < in.y + in.height)
        frame_fact(pen, in.x, y++, in.width, "null", number_format_count((int64_t)c->missing, number), ROLE_DATA_NULL);
    return y;
}

static int paint_levels(const Workbench *w, Pen *pen, Rect pane, const ColumnProfile *c)
{
    const Document *d = app_document(w->app);
    const char *target = d && d->pipeline && d->pipeline->target ? d->pipeline->target : NULL;
    char number[NUMBER_ROOM];
    bool many = c->is_numeric && c->distinct > PROFILE_TOP;
    char *remark = c->is_target                      ? mem_strdup("the target")
                   : c->is_numeric && c->rates_count ? mem_strdup("by eighth")
                                                     : text_format("%s levels", number_format_count((int64_t)c->distinct, number));
    Rect in = frame_head(pen, pane, false, c->name, remark);
    mem_free(remark);
    if (!c->rates_count && !c->is_id)
        return many ? paint_figures(pen, in, c) : paint_counts(pen, in, c);
    double most = highest_rate(c);
    int y = in.y, label = 15, bar = in.width - label - 7 - 2 - 8;
    if (c->is_id)
        pen_text_fit(pen, in.x, y++, in.width, ROLE_UI, "Unique in every row: nothing to learn from.");
    else if (target && c->rates_count) {
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

bool profile_has_correlation(const Profile *p)
{
    for (size_t i = 0; i < p->columns_count; i++)
        if (isfinite(p->columns[i].correlation))
            return true;
    return false;
}

static double strength_of(const ColumnProfile *c, bool values)
{
    return c->is_target || c->is_id ? (double)NAN : values ? fabs(c->correlation) : c->mutual_information;
}

/* The strongest column that is not among those used; -1: none. */
static int strongest(const Profile *p, bool values, const int *used, int count)
{
    int best = -1;
    for (int i = 0; i < (int)p->columns_count; i++) {
        double x = strength_of(&p->columns[i], values);
        bool taken = !isfinite(x);
        for (int k = 0; k < count; k++)
            taken = taken || used[k] == i;
        if (!taken && (best < 0 || x > strength_of(&p->columns[best], values)))
            best = i;
    }
    return best;
}

static void paint_strength(Pen *pen, Rect pane, const Profile *p)
{
    enum { SHOWN = 12 };
    int used[SHOWN], count = 0, best;
    bool values = profile_has_correlation(p), has_target = false;
    char number[NUMBER_ROOM];
    for (size_t i = 0; i < p->columns_count; i++)
        has_target = has_target || p->columns[i].is_target;
    Rect in = frame_head(pen, pane, false, "Strength", values ? "correlation" : "mutual information, bits");
    double most = 1e-9;
    while (count < SHOWN && count < in.height && (best = strongest(p, values, used, count)) >= 0) {
        const ColumnProfile *c = &p->columns[best];
        double x = strength_of(c, values);
        used[count] = best;
        most = count ? most : fmax(most, x);
        pen_text_fit(pen, in.x, in.y + count, 15, ROLE_UI, c->name);
        plot_bar(pen, in.x + 17, in.y + count, in.width - 17 - 8, x / most, ROLE_CHART_BAR, false);
        pen_text_right(pen, in.x, in.y + count, in.width, ROLE_DATA_NUMBER, number_format_fixed(values ? c->correlation : x, 3, number));
        count++;
    }
    if (!count)
        frame_text(pen, in, ROLE_UI,
                   has_target ? "Measured with enough rows, for two classes or a number." : "Choose a target: T in Data.");
}

static void paint_cell(Pen *pen, Rect row, const RepairCell *cell, bool gone)
{
    char number[NUMBER_ROOM];
    int half = (row.width - 10) / 2;
    pen_text_right(pen, row.x, row.y, 7, ROLE_UI_DIM, number_format_count((int64_t)cell->row + 1, number));
    pen_text_fit(pen, row.x + 8, row.y, half - 1, cell->before ? ROLE_DATA_NUMBER : ROLE_DATA_NULL, cell->before ? cell->before : "null");
    if (gone) {
        pen_text(pen, row.x + 8 + half, row.y, ROLE_DATA_NULL, "row goes");
        return;
    }
    pen_glyph(pen, row.x + 8 + half, row.y, ROLE_UI_DIM, 0x2192);
    pen_text_fit(pen, row.x + 10 + half, row.y, half, cell->after ? ROLE_DATA_EDITED : ROLE_DATA_NULL, cell->after ? cell->after : "null");
}

static void add_effect(const RepairPreview *r, Text *out)
{
    char number[NUMBER_ROOM];
    if (r->columns_gone)
        text_add(out, "the column goes");
    else if (r->rows_gone)
        text_addf(out, "%s row%s go%s", number_format_count((int64_t)r->rows_gone, number), r->rows_gone == 1 ? "" : "s",
                  r->rows_gone == 1 ? "es" : "");
    else
        text_addf(out, "%s cell%s change%s", number_format_count((int64_t)r->cells, number), r->cells == 1 ? "" : "s",
                  r->cells == 1 ? "s" : "");
}

/* What the finding says in full, what its step would do, and the first cells that change. */
static void paint_repair(Pen *pen, Rect pane, const Finding *f, const RepairPreview *r)
{
    Text effect = {0};
    if (r && !*r->problem)
        add_effect(r, &effect);
    Rect in = frame_head(pen, pane, false, f->step ? f->step : "Note", text_get(&effect));
    text_done(&effect);
    in.y += frame_text(pen, in, ROLE_UI, f->text) + 1;
    for (size_t i = 0; r && i < r->notes.count; i++)
        in.y += frame_text(pen, (Rect){in.x, in.y, in.width, pane.y + pane.height - in.y}, ROLE_STATE_WARN, r->notes.items[i]);
    if (r && *r->problem)
        frame_text(pen, (Rect){in.x, in.y, in.width, pane.y + pane.height - in.y}, ROLE_STATE_ERROR, r->problem);
    for (size_t i = 0; r && i < r->shown_count && in.y < pane.y + pane.height; i++)
        paint_cell(pen, (Rect){in.x, in.y++, in.width, 1}, &r->shown[i], r->rows_gone > 0);
}

void profile_paint_side(const Workbench *w, Pen *pen, Rect side, const Profile *p)
{
    const ProfileState *s = VIEW_STATE(ProfileState, w, VIEW_PROFILE);
    const ColumnProfile *c = profile_column_here(w, p);
    if (w->pane == PANE_FINDINGS && s->findings.cursor < p->findings_count) {
        paint_repair(pen, side, &p->findings[s->findings.cursor],
                     s->previewed == s->findings.cursor + 1 && s->previewed_of == app_profile_number(w->app) ? s->preview : NULL);
        return;
    }
    if (!c)
        return;
    int end = paint_levels(w, pen, side, c);
    if (end + 8 < side.y + side.height)
        paint_strength(pen, (Rect){side.x, end + 1, side.width, side.y + side.height - end - 1}, p);
}
