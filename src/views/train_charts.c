/* The charts of Train: losses, figures of validation, rate or load. All share one x axis and one crosshair. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "views/frame.h"
#include "views/train.h"

typedef struct Chart {
    const char *title;
    PlotSeries series[TRAIN_SERIES + TRAIN_OVERLAYS + 1];
    double *owned[TRAIN_SERIES + TRAIN_OVERLAYS + 1]; /* x of each, where it is made */
    const char *names[TRAIN_SERIES + TRAIN_OVERLAYS + 1];
    char titles[TRAIN_SERIES][METRIC_TITLE_ROOM];
    const TailSeries *points[TRAIN_SERIES + TRAIN_OVERLAYS + 1];
    size_t count;
    bool x_axis;
    int pane;
    char *remark;
} Chart;

/* What every chart of this paint has in common. */
typedef struct Look {
    const Workbench *w;
    const TrainState *s;
    const Curve *c;
    double x_min, x_max, cross; /* cross NAN: none */
    int name_room;              /* the same in all charts, so that the crosshair is one line */
    PlotMark *marks;
    size_t marks_count;
    char best[32];
} Look;

static void chart_add(const Look *l, Chart *c, const TailSeries *s, PlotSeries how)
{
    size_t most = sizeof c->series / sizeof *c->series;
    if (!s || !s->count || c->count >= most)
        return;
    how.x = s->x;
    if (l->s->axis != CURVE_BY_EPOCH) {
        c->owned[c->count] = mem_alloc(s->count * sizeof(double));
        curve_axis_values(s, l->s->axis, c->owned[c->count]);
        how.x = c->owned[c->count];
    }
    how.y = s->y;
    how.count = s->count;
    c->points[c->count] = s;
    c->series[c->count++] = how;
}

static void chart_done(Chart *c)
{
    for (size_t i = 0; i < c->count; i++)
        mem_free(c->owned[i]);
    mem_free(c->remark);
}

static bool is_of_train(const char *name)
{
    return text_starts(name, "train.");
}

/* The first figure of each part has the color of its part. */
static Role role_of(const char *name, size_t *trains, size_t *valids, size_t *others)
{
    static const Role more[] = {ROLE_UI, ROLE_SERIES_BASELINE, ROLE_SERIES_SCRATCH, ROLE_SERIES_STUDENT, ROLE_SERIES_TEACHER};
    if (is_of_train(name) && (*trains)++ == 0)
        return ROLE_SERIES_TRAIN;
    bool is_valid = text_starts(name, "valid.");
    if (is_valid && (*valids)++ < 2)
        return *valids == 1 ? ROLE_SERIES_VALID : ROLE_SERIES_VALID_FAINT;
    return more[(*others)++ % (sizeof more / sizeof *more)];
}

/* "train" and "valid" of the losses; of validation the figure alone; a rate needs no name. */
static const char *line_title(int pane, const char *name, size_t count, char room[METRIC_TITLE_ROOM])
{
    if (pane == TRAIN_LOSS && (text_equal(name, SERIES_TRAIN_LOSS) || text_equal(name, SERIES_VALID_LOSS))) {
        snprintf(room, METRIC_TITLE_ROOM, "%.5s", name);
        return room;
    }
    const Metric *m = metric_of_series(name);
    if (!m) {
        snprintf(room, METRIC_TITLE_ROOM, "%s", count > 1 || pane != TRAIN_RATE ? name : "");
        return *room ? room : NULL;
    }
    if (pane == TRAIN_VALID && text_starts(name, "valid."))
        return m->title;
    return metric_series_title(name, room);
}

static void add_steps(const Look *l, Chart *c)
{
    const TailSeries *steps = curve_series(l->c, "batch." SERIES_TRAIN_LOSS);
    bool drawn = l->w->graph != GRAPH_ASCII && !workbench_is_colorless(l->w) && !l->s->dots_off;
    if (drawn)
        chart_add(l, c, steps, (PlotSeries){.role = ROLE_SERIES_TRAIN_FAINT, .dots = true, .decimals = 3});
}

static void add_lines(const Look *l, Chart *c, const TextList *names)
{
    static const char letters[] = "&=^~@$"; /* those of runs are others */
    size_t trains = 0, valids = 0, others = 0;
    Role roles[TRAIN_SERIES];
    size_t most = names->count < TRAIN_SERIES ? names->count : TRAIN_SERIES;
    for (size_t i = 0; i < most; i++)
        roles[i] = role_of(names->items[i], &trains, &valids, &others);
    for (size_t k = 0; k < most; k++) {
        size_t i = c->pane == TRAIN_VALID ? most - 1 - k : k; /* the first one is painted last: on top */
        const TailSeries *s = curve_series(l->c, names->items[i]);
        const char *title = line_title(c->pane, names->items[i], most, c->titles[i]);
        c->names[c->count] = title || !s ? title : s->name; /* the list of names goes, the series stays */
        bool has_letter = roles[i] == ROLE_SERIES_TRAIN || roles[i] == ROLE_SERIES_VALID;
        chart_add(l, c, s,
                  (PlotSeries){.role = roles[i],
                               .name = title,
                               .decimals = c->pane == TRAIN_RATE ? 4 : 3,
                               .marker = has_letter ? 0 : letters[i % (sizeof letters - 1)]});
    }
}

/* Of another run one line a chart: the figure by which this one is judged there. */
static void add_overlays(const Look *l, Chart *c, const TextList *names)
{
    static const char *const losses[] = {SERIES_VALID_LOSS, SERIES_TRAIN_LOSS};
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++) {
        const char *title;
        const Tail *run = train_overlay(l->w, i, &title);
        const TailSeries *s = NULL;
        for (size_t k = 0; run && c->pane == TRAIN_LOSS && !s && k < 2; k++)
            s = tail_series(run, losses[k]);
        for (size_t k = 0; run && !s && k < names->count; k++)
            s = tail_series(run, names->items[k]);
        c->names[c->count] = title;
        chart_add(l, c, s, (PlotSeries){.role = (Role)(ROLE_SERIES_5 + (int)i), .name = title, .decimals = 3});
    }
}

static void add_remark(Text *out, const char *words)
{
    if (out->size && *words)
        text_add(out, "   ");
    text_add(out, words);
}

static void loss_remark(const Look *l, bool has_dots, Text *out)
{
    const char *loss = value_get_text(l->c->run->start, "loss", "");
    if (l->w->cells.width >= 80)
        add_remark(out, text_equal(loss, "cross_entropy") ? "cross-entropy" : loss);
    add_remark(out, l->w->graph == GRAPH_ASCII ? "* train   o valid" : has_dots ? "dots: steps   line: epoch mean" : "line: epoch mean");
}

static void names_remark(const TextList *names, Text *out)
{
    for (size_t i = 0; i < names->count && i < TRAIN_SERIES; i++) {
        const Metric *m = metric_of_series(names->items[i]);
        text_addf(out, "%s%s", !i ? "" : i + 1 == names->count ? " and " : ", ", m ? m->title : names->items[i]);
    }
}

static void make_chart(const Look *l, int pane, Chart *c)
{
    static const char *const titles[TRAIN_PANES] = {"Loss", "Validation", "Learning rate"};
    *c = (Chart){.pane = pane, .title = titles[pane]};
    TextList names = {0};
    Text remark = {0};
    train_shown(l->w, l->c, pane, &names);
    if (pane == TRAIN_LOSS)
        add_steps(l, c);
    bool has_dots = c->count > 0;
    add_lines(l, c, &names);
    add_overlays(l, c, &names);
    if (l->s->shown[pane].count) {
        c->title = pane == TRAIN_RATE ? "Figures" : c->title;
        names_remark(&names, &remark);
    } else if (pane == TRAIN_LOSS) {
        loss_remark(l, has_dots, &remark);
    } else if (pane == TRAIN_VALID) {
        names_remark(&names, &remark);
    } else {
        text_add(&remark, value_get_text(l->c->run->start, "schedule", "constant"));
    }
    c->remark = text_take(&remark);
    text_list_done(&names);
}

/* Under the crosshair: the figure of each line there, instead of what the chart is made of. */
static void cross_remark(const Look *l, const Chart *c, Text *out)
{
    char room[METRIC_TITLE_ROOM];
    text_addf(out, "at %.4g", l->s->cross);
    for (size_t i = 0; i < c->count; i++) {
        size_t at;
        if (c->series[i].dots || !train_cross_index(l->w, c->points[i], &at))
            continue;
        text_addf(out, "   %s %s", c->names[i], train_figure_text(c->points[i]->name, c->points[i]->y[at], room));
    }
}

static void add_told(const Look *l, const Chart *c, const PlotReport *r, Text *out)
{
    char room[40];
    if (c->pane != TRAIN_RATE && l->w->smooth > 0) {
        snprintf(room, sizeof room, "smoothed %.1f", l->w->smooth);
        add_remark(out, room);
    }
    if (r->above) {
        snprintf(room, sizeof room, "\u25b2 %zu above", r->above);
        add_remark(out, room);
    }
    if (r->below) {
        snprintf(room, sizeof room, "\u25bc %zu below", r->below);
        add_remark(out, room);
    }
    if (r->has_nan) {
        snprintf(room, sizeof room, "diverged at %.4g", r->nan_at);
        add_remark(out, room);
    }
}

static void head_of_chart(const Look *l, Pen *pen, Rect pane, const Chart *c, const PlotReport *r)
{
    Text made_of = {0}, told = {0};
    if (isfinite(l->cross))
        cross_remark(l, c, &made_of);
    else
        text_add(&made_of, c->remark);
    if (l->s->log_y[c->pane])
        add_remark(&told, "log");
    add_told(l, c, r, &told);
    int room = pane.width - (int)utf8_width(c->title) - 4 - (told.size ? (int)utf8_width(text_get(&told)) + 3 : 0);
    if (made_of.size && (int)utf8_width(text_get(&made_of)) > room) /* what is said of the points counts more */
        text_clear(&made_of);
    add_remark(&made_of, text_get(&told));
    frame_head(pen, pane, l->w->pane == c->pane, c->title, text_get(&made_of));
    text_done(&made_of);
    text_done(&told);
}

static const char *axis_label(const Look *l)
{
    static const char *const logs[CURVE_AXES] = {"epoch, log", "step, log", "s, log"};
    static const char *const names[CURVE_AXES] = {"epoch", "step", "s"};
    return (l->s->log_x ? logs : names)[l->s->axis];
}

static void paint_chart(const Look *l, Pen *pen, Rect pane, Chart *c)
{
    PlotReport report = {0};
    PlotMark *marks = mem_alloc((l->marks_count + 1) * sizeof *marks);
    for (size_t i = 0; i < l->marks_count; i++) {
        marks[i] = l->marks[i];
        if (c->pane != TRAIN_LOSS)
            marks[i].label = NULL;
    }
    Plot plot = {.series = c->series,
                 .series_count = c->count,
                 .marks = marks,
                 .marks_count = l->marks_count,
                 .x_min = l->x_min,
                 .x_max = l->x_max,
                 .log_x = l->s->log_x,
                 .log_y = l->s->log_y[c->pane],
                 .x_axis = c->x_axis,
                 .x_label = axis_label(l),
                 .graph = l->w->graph,
                 .marked = workbench_is_colorless(l->w),
                 .cursor_x = l->cross,
                 .is_part = l->s->to > 0,
                 .name_room = l->name_room,
                 .smooth = c->pane == TRAIN_RATE ? 0 : l->w->smooth,
                 .y_label_width = 6};
    if (c->count)
        plot_paint(pen, (Rect){pane.x, pane.y + 1, pane.width, pane.height - 1}, &plot, &report);
    else
        pen_text_fit(pen, pane.x, pane.y + 1, pane.width, ROLE_UI, "No such figure was recorded yet.   m chooses");
    head_of_chart(l, pen, pane, c, &report);
    mem_free(marks);
}

/* The part of the axis that is seen. */
static void find_range(Look *l)
{
    const TailSeries *first = curve_series(l->c, SERIES_TRAIN_LOSS), *steps = curve_series(l->c, "batch." SERIES_TRAIN_LOSS);
    double end = curve_axis_end(l->c, l->s->axis), begin = 1;
    for (size_t i = 0; i < TRAIN_OVERLAYS; i++) {
        const char *name;
        const Tail *run = train_overlay(l->w, i, &name);
        Curve other;
        if (!run)
            continue;
        curve_init(&other, run);
        end = fmax(end, curve_axis_end(&other, l->s->axis));
        curve_done(&other);
    }
    if (l->s->axis == CURVE_BY_SECONDS) {
        first = steps && steps->count ? steps : first;
        begin = l->s->log_x ? first && first->count && first->seconds[0] > 0 ? first->seconds[0] : end / 1000 : 0;
    }
    end = end > begin ? end : begin + 1;
    double from = l->s->to > 0 ? l->s->from : 0, to = l->s->to > 0 ? l->s->to : 1;
    l->x_min = l->s->log_x ? begin * pow(end / begin, from) : begin + (end - begin) * from;
    l->x_max = l->s->log_x ? begin * pow(end / begin, to) : begin + (end - begin) * to;
}

uint32_t train_mark_glyph(CurveMarkKind kind, Role *role)
{
    static const struct {
        uint32_t glyph;
        Role role;
    } looks[] = {
        [CURVE_BEST] = {0, ROLE_CHART_MARK},     [CURVE_CHANGE] = {0x25BE, ROLE_DATA_EDITED}, [CURVE_RESUME] = {0x25B8, ROLE_STATE_RUNNING},
        [CURVE_NOTE] = {0x25C6, ROLE_UI_STRONG}, [CURVE_ALARM] = {0x25B2, ROLE_STATE_WARN},   [CURVE_OTHER] = {0, ROLE_UI_DIM}};
    *role = looks[kind].role;
    return looks[kind].glyph;
}

/* Alarms of the start are about the data: they have no place on the axis. */
static void find_marks(Look *l)
{
    l->marks = mem_alloc((l->c->marks_count + 1) * sizeof *l->marks);
    for (size_t i = 0; i < l->c->marks_count; i++) {
        const CurveMark *m = &l->c->marks[i];
        Role role;
        uint32_t glyph = train_mark_glyph(m->kind, &role);
        bool is_best = m->kind == CURVE_BEST;
        if (!is_best && (!glyph || m->step == 0))
            continue;
        if (is_best)
            snprintf(l->best, sizeof l->best, "best %lld", (long long)l->c->best_epoch);
        l->marks[l->marks_count++] = (PlotMark){
            .x = curve_mark_at(m, l->s->axis), .label = is_best ? l->best : NULL, .role = role, .is_event = !is_best, .glyph = glyph};
    }
}

static void look_init(Look *l, const Workbench *w, const Curve *c)
{
    *l = (Look){.w = w, .s = train_state(w), .c = c, .cross = (double)NAN};
    find_range(l);
    find_marks(l);
    const TailSeries *s = curve_series(c, SERIES_TRAIN_LOSS);
    size_t at;
    if (!s || !train_cross_index(w, s, &at))
        return;
    CurveMark place = {.epoch = s->x[at], .step = s->steps[at], .seconds = s->seconds[at]};
    l->cross = curve_mark_at(&place, l->s->axis);
}

/* Rows for loss, validation and rate: as in the grammar, 13 / 10 / 5 at full height. */
static void share_rows(int height, int rows[TRAIN_PANES])
{
    rows[TRAIN_RATE] = height >= 30 ? 7 : 0;
    int rest = height - rows[TRAIN_RATE];
    rows[TRAIN_LOSS] = rest * 14 / 25;
    rows[TRAIN_VALID] = rest - rows[TRAIN_LOSS];
}

/* Where all panes find no room, the one in focus takes that of the lowest. */
static int shown_pane(const Look *l, const int rows[TRAIN_PANES], int i)
{
    return i == TRAIN_VALID && !rows[TRAIN_RATE] && l->w->pane == TRAIN_RATE ? TRAIN_RATE : i;
}

static void widen_names(Look *l, const Chart *c, int width)
{
    Plot plot = {.series = (PlotSeries *)c->series, .series_count = c->count, .marked = workbench_is_colorless(l->w)};
    int room = plot_name_room(&plot, width);
    l->name_room = room > l->name_room ? room : l->name_room;
}

static void paint_stack(Look *l, Pen *pen, Rect area)
{
    int rows[TRAIN_PANES], y = area.y;
    Chart *charts = mem_alloc(TRAIN_PANES * sizeof *charts);
    share_rows(area.height, rows);
    for (int i = 0; i < TRAIN_PANES; i++) {
        make_chart(l, shown_pane(l, rows, i), &charts[i]);
        if (rows[i])
            widen_names(l, &charts[i], area.width);
    }
    charts[rows[TRAIN_RATE] ? TRAIN_RATE : TRAIN_VALID].x_axis = true;
    for (int i = 0; i < TRAIN_PANES; i++) {
        if (rows[i])
            paint_chart(l, pen, (Rect){area.x, y, area.width, rows[i]}, &charts[i]);
        chart_done(&charts[i]);
        y += rows[i];
    }
    mem_free(charts);
}

void train_paint_charts(const Workbench *w, const Curve *c, Pen *pen, Rect area)
{
    Look l;
    look_init(&l, w, c);
    if (w->zoomed || area.width < 70 || area.height < 14) {
        Chart chart;
        make_chart(&l, w->pane, &chart);
        chart.x_axis = true;
        paint_chart(&l, pen, area, &chart);
        chart_done(&chart);
    } else {
        paint_stack(&l, pen, area);
    }
    mem_free(l.marks);
}
