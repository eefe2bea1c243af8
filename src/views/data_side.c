/* The side pane of Data: the column under the cursor in figures, its distribution, and the target rate along it. */
#include <math.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/data.h"
#include "views/frame.h"

typedef struct SideColumn { /* where the next fact goes */
    Pen *pen;
    Rect area;
    int y;
} SideColumn;

static void fact(SideColumn *at, const char *name, const char *value)
{
    if (at->y < at->area.y + at->area.height)
        frame_fact(at->pen, at->area.x, at->y++, at->area.width, name, value, ROLE_DATA_NUMBER);
}

static void fact_real(SideColumn *at, const char *name, double x, int decimals)
{
    char number[NUMBER_ROOM];
    fact(at, name, isfinite(x) ? number_format_fixed(x, decimals, number) : "\u00b7");
}

static void fact_figure(SideColumn *at, const char *name, const ColumnProfile *p, int figure, int decimals)
{
    char number[NUMBER_ROOM];
    fact(at, name, isfinite(p->min) ? profile_format(p, figure, decimals, number) : "\u00b7");
}

static void fact_share(SideColumn *at, const char *name, size_t n, size_t rows)
{
    char number[NUMBER_ROOM];
    char *value = text_format("%s %8.1f %%", number_format_count((int64_t)n, number), rows ? 100.0 * (double)n / (double)rows : 0.0);
    fact(at, name, value);
    mem_free(value);
}

static void paint_facts(SideColumn *at, const ColumnProfile *p, const Column *c)
{
    int decimals = c->type == COLUMN_REAL ? 2 : c->type == COLUMN_INT ? 1 : 0, whole = c->type == COLUMN_INT ? 0 : 2;
    fact(at, "type", p->is_id ? "id" : column_type_name(c->type));
    if (c->missing)
        fact_share(at, "null", c->missing, c->rows);
    if (c->type == COLUMN_ARRAY) {
        Text shape = {0};
        cell_shape_format(&c->shape, &shape);
        fact(at, "shape", text_get(&shape));
        text_done(&shape);
        return;
    }
    if (c->type == COLUMN_SOUND)
        return;
    fact_share(at, "distinct", p->distinct, c->rows);
    if (!p->is_numeric)
        return;
    fact_figure(at, "min", p, PROFILE_MIN, whole);
    fact_figure(at, "p25", p, PROFILE_P25, decimals);
    fact_figure(at, "median", p, PROFILE_P50, decimals);
    fact_real(at, "mean", p->mean, 2);
    fact_figure(at, "p75", p, PROFILE_P75, decimals);
    fact_figure(at, "max", p, PROFILE_MAX, whole);
    fact_real(at, "sd", p->sd, 2);
    fact_real(at, "skew", p->skew, 2);
}

static void paint_histogram(SideColumn *at, const ColumnProfile *p)
{
    char low[NUMBER_ROOM], high[NUMBER_ROOM];
    if (at->y + 9 > at->area.y + at->area.height)
        return;
    frame_head(at->pen, (Rect){at->area.x, ++at->y, at->area.width, 1}, false, "Distribution", "rows");
    plot_histogram(at->pen, (Rect){at->area.x, at->y + 1, at->area.width, 5}, p->bins, p->bins_count, ROLE_CHART_BAR);
    at->y += 6;
    pen_rule(at->pen, at->area.x, at->y++, at->area.width, false, ROLE_CHART_AXIS);
    pen_text(at->pen, at->area.x, at->y, ROLE_CHART_LABEL, number_format_large(p->min, low));
    pen_text_right(at->pen, at->area.x, at->y++, at->area.width, ROLE_CHART_LABEL, number_format_large(p->max, high));
}

static void paint_levels(SideColumn *at, const ColumnProfile *p)
{
    if (!p->top_count || p->is_id)
        return;
    frame_head(at->pen, (Rect){at->area.x, ++at->y, at->area.width, 1}, false, "Levels", "rows");
    at->y++;
    for (size_t i = 0; i < p->top_count && at->y < at->area.y + at->area.height; i++) {
        char number[NUMBER_ROOM];
        double share = profile_share(p, p->top[i].count);
        pen_text_fit(at->pen, at->area.x, at->y, at->area.width - 16, ROLE_UI, p->top[i].value);
        pen_text_right(at->pen, at->area.x, at->y, at->area.width - 7, ROLE_DATA_NUMBER,
                       number_format_count((int64_t)p->top[i].count, number));
        char *percent = text_format("%.1f %%", 100 * share);
        pen_text_right(at->pen, at->area.x, at->y++, at->area.width, ROLE_UI_DIM, percent);
        mem_free(percent);
    }
}

static double largest_rate(const ColumnProfile *p)
{
    double most = 0;
    for (size_t i = 0; i < p->rates_count; i++)
        if (p->rates[i].rows && (double)p->rates[i].positives / (double)p->rates[i].rows > most)
            most = (double)p->rates[i].positives / (double)p->rates[i].rows;
    return most > 0 ? most : 1;
}

static void paint_rates(SideColumn *at, const ColumnProfile *p, const char *target, bool of_training)
{
    if (!p->rates_count || at->y + 3 > at->area.y + at->area.height)
        return;
    char *title = text_format("%s rate", target);
    double most = largest_rate(p);
    int label = p->is_numeric ? 10 : at->area.width / 2 - 4;
    frame_head(at->pen, (Rect){at->area.x, ++at->y, at->area.width, 1}, false, title,
               of_training     ? "training rows"
               : p->is_numeric ? "by eighth"
                               : "by level");
    mem_free(title);
    at->y++;
    for (size_t i = 0; i < p->rates_count && at->y < at->area.y + at->area.height; i++, at->y++) {
        const ProfileRate *r = &p->rates[i];
        double rate = r->rows ? (double)r->positives / (double)r->rows : 0;
        if (p->is_numeric)
            pen_text_right(at->pen, at->area.x, at->y, label - 2, ROLE_UI_DIM, r->label);
        else
            pen_text_fit(at->pen, at->area.x, at->y, label - 1, ROLE_UI, r->label);
        plot_bar(at->pen, at->area.x + label, at->y, at->area.width - label - 8, rate / most, ROLE_CHART_BAR, false);
        char *percent = text_format("%.1f %%", 100 * rate);
        pen_text_right(at->pen, at->area.x, at->y, at->area.width, ROLE_DATA_NUMBER, percent);
        mem_free(percent);
    }
}

void data_paint_side(const Workbench *w, Pen *pen, Rect side)
{
    const DataState *s = VIEW_STATE(DataState, w, VIEW_DATA);
    const Table *t = app_table(w->app);
    const ColumnProfile *p = data_profile(w, s->column);
    if (s->column >= (int)t->columns_count)
        return;
    char *remark = text_format("column %d", s->column + 1);
    Rect in = frame_head(pen, side, false, t->names[s->column], remark);
    mem_free(remark);
    if (!p) {
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_STATE_STALE, "being profiled");
        return;
    }
    Pen inner = pen_on(pen->cells, side);
    SideColumn at = {&inner, in, in.y};
    const Document *d = app_document(w->app);
    paint_facts(&at, p, t->columns[s->column]);
    const Column *c = t->columns[s->column];
    if (c->type == COLUMN_ARRAY && t->rows)
        data_paint_array(w, &inner, (Rect){in.x, at.y + 1, in.width, in.y + in.height - at.y - 1}, c, data_row(s, s->row));
    else if (c->type == COLUMN_SOUND && t->rows)
        data_paint_sound(w, &inner, (Rect){in.x, at.y + 1, in.width, in.y + in.height - at.y - 1},
                         &(DataSound){t, s->column, data_row(s, s->row)});
    else if (p->is_numeric && p->bins_count)
        paint_histogram(&at, p);
    else
        paint_levels(&at, p);
    if (d && d->pipeline && d->pipeline->target && !p->is_target && !p->is_id)
        paint_rates(&at, p, d->pipeline->target, app_profile(w->app)->of_training);
}
