/* Several seeds as one: the mean of each figure with its band, a line for each training, what they say together, and the simple models
 * beside them. */
#include <math.h>

#include "learn/figure.h"
#include "learn/seeds_card.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/find_run.h"
#include "views/frame.h"
#include "views/recipe.h"
#include "views/train_seeds.h"

enum { SIDE = 44, BETWEEN = 3, FIGURE = 8, GAIN = 18, LEAST_PLOT = 6 };

/* What is shown of the watched run. */
typedef struct Group {
    const Workbench *w;
    Value *card;            /* own; NULL: one training */
    const Value *baselines; /* NULL: none */
} Group;

/* Of the newest call: a training behind it is what the user wants to see. */
static const Tail *seeds_of(const Workbench *w)
{
    const Tail *run = app_run(w->app), *seeds = find_run_of_kind(run, SEEDS_KIND), *main = run ? tail_main(run) : NULL;
    for (size_t i = 0; seeds && i < seeds->children_count; i++)
        if (seeds->children[i] == main)
            return seeds;
    return seeds == main ? seeds : NULL;
}

bool train_is_group(const Workbench *w)
{
    const Tail *run = app_run(w->app);
    bool is_turned = run && w->turned == run;
    return seeds_of(w) ? !is_turned : app_baselines(w->app) && is_turned;
}

static void group_init(Group *g, const Workbench *w)
{
    const Tail *seeds = seeds_of(w);
    *g = (Group){.w = w, .card = seeds ? seeds_card(seeds) : NULL, .baselines = app_baselines(w->app)};
}

static double *numbers_of(const Value *list)
{
    double *numbers = mem_alloc((value_items(list) + 1) * sizeof *numbers);
    for (size_t i = 0; i < value_items(list); i++)
        numbers[i] = value_number(list->items[i]);
    return numbers;
}

/* The mean, and one sd on both sides. */
static void paint_band(const Group *g, Pen *pen, Rect pane, const char *name)
{
    static const char *const keys[] = {"low", "high", "mean"};
    const Value *line = value_get(value_get(g->card, "lines"), name);
    size_t count = value_items(value_get(line, "epoch"));
    double *x = numbers_of(value_get(line, "epoch")), *y[3];
    PlotSeries series[3];
    PlotReport report = {0};
    char title[METRIC_TITLE_ROOM];
    for (size_t i = 0; i < 3; i++) {
        bool is_mean = i == 2;
        y[i] = numbers_of(value_get(line, keys[i]));
        series[i] = (PlotSeries){.x = x,
                                 .y = y[i],
                                 .count = count,
                                 .role = is_mean ? ROLE_SERIES_VALID : ROLE_SERIES_VALID_FAINT,
                                 .name = is_mean ? "mean" : NULL,
                                 .decimals = 3};
    }
    Plot plot = {.series = series,
                 .series_count = 3,
                 .x_min = 1,
                 .x_max = count > 1 ? x[count - 1] : 2,
                 .x_axis = true,
                 .x_label = "epoch",
                 .graph = g->w->graph,
                 .marked = workbench_is_colorless(g->w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    Rect in = frame_head(pen, pane, false, metric_series_title(name, title), "mean of the seeds, one sd on both sides");
    if (count)
        plot_paint(pen, in, &plot, &report);
    for (size_t i = 0; i < 3; i++)
        mem_free(y[i]);
    mem_free(x);
}

static int rows_left(Rect area, int y)
{
    return area.y + area.height - y;
}

static const char *told(const Metric *m, double x, char room[METRIC_TITLE_ROOM])
{
    return isfinite(x) ? metric_format(m, x, room) : "\u00b7";
}

static int paint_each(const Group *g, Pen *pen, Rect area)
{
    const Value *each = value_get(g->card, "each");
    const Metric *m = metric_of_series(value_get_text(g->card, "watched", ""));
    char *remark = text_format("%zu of %lld begun", value_items(each), (long long)value_get_int(g->card, "planned", 0));
    Rect in = frame_head(pen, area, true, "Seeds", remark);
    int y = in.y;
    char room[METRIC_TITLE_ROOM];
    mem_free(remark);
    for (size_t i = 0; i < value_items(each) && y < in.y + in.height; i++, y++) {
        const Value *one = each->items[i];
        pen_format(pen, in.x, y, ROLE_UI_DIM, "%2lld", (long long)value_get_int(one, "n", 0));
        pen_text_fit(pen, in.x + 4, y, 10, ROLE_UI, value_get_text(one, "state", ""));
        pen_format(pen, in.x + 15, y, ROLE_UI_DIM, "epoch %4lld", (long long)value_get_int(one, "epoch", 0));
        pen_text_right(pen, in.x + 26, y, FIGURE, ROLE_DATA_NUMBER, told(m, value_get_real(one, "best", (double)NAN), room));
        pen_format(pen, in.x + 27 + FIGURE, y, ROLE_UI_DIM, "at %lld", (long long)value_get_int(one, "best_epoch", 0));
    }
    return y - area.y;
}

static void paint_figure(const Group *g, Pen *pen, Rect row, const char *name)
{
    static const char *const spreads[] = {"sd", "low", "high"};
    const Metric *m = metric_of_series(name);
    char room[METRIC_TITLE_ROOM];
    int x = row.x + row.width - 4 * FIGURE;
    pen_text_fit(pen, row.x, row.y, row.width - 4 * FIGURE, ROLE_UI, m->title);
    pen_text_right(pen, x, row.y, FIGURE, ROLE_UI_STRONG, told(m, value_get_real(g->card, name, (double)NAN), room));
    for (int i = 0; i < 3; i++)
        pen_text_right(pen, x + (i + 1) * FIGURE, row.y, FIGURE, ROLE_DATA_NUMBER,
                       told(m, value_get_real(value_get(g->card, spreads[i]), name, (double)NAN), room));
}

static int paint_part(const Group *g, Pen *pen, Rect area, const char *part)
{
    const Value *lines = value_get(g->card, "lines");
    int y = area.y;
    for (size_t i = 0; i < value_entries(lines); i++) {
        const Metric *m = metric_of_series(lines->keys[i]);
        if (m && !m->is_minor && text_starts(lines->keys[i], part) && y < area.y + area.height)
            paint_figure(g, pen, (Rect){area.x, y++, area.width, 1}, lines->keys[i]);
    }
    return y - area.y;
}

/* The figures of the weights that are kept. */
static void paint_figures(const Group *g, Pen *pen, Rect area)
{
    static const char *const heads[] = {"mean", "sd", "low", "high"};
    Rect in = frame_head(pen, area, false, "Together", "95 % interval of the mean");
    int y = in.y + 1;
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "valid");
    for (int i = 0; i < 4; i++)
        pen_text_right(pen, in.x + in.width - (4 - i) * FIGURE, in.y, FIGURE, ROLE_UI_DIM, heads[i]);
    y += paint_part(g, pen, (Rect){in.x, y, in.width, rows_left(in, y)}, "valid.");
    if (rows_left(in, y) < 2)
        return;
    pen_text(pen, in.x, y, ROLE_UI_DIM, "train");
    paint_part(g, pen, (Rect){in.x, y + 1, in.width, rows_left(in, y + 1)}, "train.");
}

/* How much better the net is than each: the contest measures the other way round. */
static void paint_baseline(const Value *contest, Pen *pen, Rect row, const char *name, const Metric *m)
{
    const Value *d = value_get(value_get(contest, "differences"), name);
    double sign = m && m->is_better_high ? -1 : 1, low = value_get_real(d, "low", (double)NAN),
           high = value_get_real(d, "high", (double)NAN);
    char room[METRIC_TITLE_ROOM];
    pen_text_fit(pen, row.x, row.y, row.width - FIGURE - GAIN, ROLE_UI, name);
    pen_text_right(pen, row.x + row.width - FIGURE - GAIN, row.y, FIGURE, ROLE_DATA_NUMBER,
                   told(m, value_get_real(value_get(value_get(contest, "models"), name), m ? m->spec.name : "", (double)NAN), room));
    if (!d)
        return;
    Value *gain = value_map();
    Text text = {0};
    value_set(gain, "worth", value_real(sign * value_get_real(d, "mean", (double)NAN)));
    value_set(gain, "low", value_real(sign * (sign < 0 ? high : low)));
    value_set(gain, "high", value_real(sign * (sign < 0 ? low : high)));
    worth_add(gain, figure_decimals(m), &text);
    pen_text_right(pen, row.x + row.width - GAIN, row.y, GAIN, worth_role(gain), text_get(&text));
    text_done(&text);
    value_free(gain);
}

static int paint_baselines(const Group *g, Pen *pen, Rect area)
{
    const Value *models = value_get(g->baselines, "models");
    const Metric *m = metric_find(value_get_text(g->baselines, "metric", ""));
    const char *loses = value_get_text(g->baselines, "loses", NULL);
    Rect in = frame_head(pen, area, !g->card, "Baselines", value_get_text(g->baselines, "on", ""));
    int y = in.y + 1;
    pen_text_right(pen, in.x + in.width - FIGURE - GAIN, in.y, FIGURE, ROLE_UI_DIM, m ? m->title : "");
    pen_text_right(pen, in.x + in.width - GAIN, in.y, GAIN, ROLE_UI_DIM, "net better, 95 %");
    for (size_t i = 0; i < value_entries(models) && y < in.y + in.height; i++)
        paint_baseline(g->baselines, pen, (Rect){in.x, y++, in.width, 1}, models->keys[i], m);
    if (loses && rows_left(in, y) > 0)
        y += frame_text(pen, (Rect){in.x, y, in.width, rows_left(in, y)}, ROLE_STATE_WARN, loses);
    const Value *notes = value_get(g->baselines, "notes");
    for (size_t i = 0; i < value_items(notes) && rows_left(in, y) > 0; i++)
        y += frame_text(pen, (Rect){in.x, y, in.width, rows_left(in, y)}, ROLE_UI_DIM, notes->items[i]->text);
    return y - area.y;
}

static void paint_tables(const Group *g, Pen *pen, Rect area)
{
    int y = area.y;
    if (g->card)
        y += paint_each(g, pen, (Rect){area.x, y, area.width, rows_left(area, y)}) + 1;
    if (g->baselines && rows_left(area, y) > 3)
        y += paint_baselines(g, pen, (Rect){area.x, y, area.width, rows_left(area, y)}) + 1;
    if (g->card && rows_left(area, y) > 3)
        paint_figures(g, pen, (Rect){area.x, y, area.width, rows_left(area, y)});
}

static void paint_bands(const Group *g, Pen *pen, Rect area)
{
    const char *watched = value_get_text(g->card, "watched", "");
    bool both = area.height >= 2 * LEAST_PLOT + 1 && !text_equal(watched, SERIES_VALID_LOSS);
    int upper = both ? area.height * 3 / 5 : area.height;
    paint_band(g, pen, (Rect){area.x, area.y, area.width, upper}, watched);
    if (both)
        paint_band(g, pen, (Rect){area.x, area.y + upper, area.width, area.height - upper}, SERIES_VALID_LOSS);
}

/* A training without other seeds has its own curves; here stands what is beside it. */
static void paint_alone(const Group *g, Pen *pen, Rect body)
{
    enum { WIDE = 76 };
    Rect area = {body.x, body.y, body.width < WIDE ? body.width : WIDE, body.height};
    int y = area.y + paint_baselines(g, pen, area) + 1;
    if (rows_left(area, y) > 0)
        frame_text(pen, (Rect){area.x, y, area.width, rows_left(area, y)}, ROLE_UI_DIM, value_get_text(g->baselines, "verdict", ""));
}

/* One pane over all: the tables, or with Tab the curves. */
static void paint_narrow(const Group *g, Pen *pen, Rect body)
{
    const Value *each = value_get(g->card, "each");
    int seeds = (int)value_items(each) + 1, figures = seeds + 1 + 6;
    if (g->w->pane) {
        paint_bands(g, pen, body);
    } else if (body.height >= figures + LEAST_PLOT + (g->baselines ? 8 : 0)) {
        paint_tables(g, pen, (Rect){body.x, body.y, body.width, body.height - LEAST_PLOT - 1});
        paint_band(g, pen, (Rect){body.x, body.y + body.height - LEAST_PLOT, body.width, LEAST_PLOT},
                   value_get_text(g->card, "watched", ""));
    } else {
        paint_tables(g, pen, body);
    }
}

void train_paint_group(const Workbench *w, Pen *pen, Rect body)
{
    Group g;
    group_init(&g, w);
    if (!g.card) {
        paint_alone(&g, pen, body);
    } else if (workbench_is_narrow(w)) {
        paint_narrow(&g, pen, body);
    } else {
        paint_bands(&g, pen, (Rect){body.x, body.y, body.width - SIDE - BETWEEN, body.height});
        paint_tables(&g, pen, (Rect){body.x + body.width - SIDE, body.y, SIDE, body.height});
    }
    value_free(g.card);
}

void train_say_group(const Workbench *w, Text *left)
{
    Group g;
    group_init(&g, w);
    const char *watched = value_get_text(g.card, "watched", NULL);
    const Metric *m = watched ? metric_of_series(watched) : NULL;
    char title[METRIC_TITLE_ROOM];
    if (m) {
        text_addf(left, "%s ", metric_series_title(watched, title));
        figure_add_over(left,
                        &(Figure){value_get_real(g.card, watched, (double)NAN),
                                  value_get_real(value_get(g.card, "sd"), watched, (double)NAN), m->decimals, false},
                        value_items(value_get(g.card, "each")), "seeds");
        text_add(left, "   # shows one of them");
    } else {
        text_add(left, "simple models beside the net   # shows its curves");
    }
    value_free(g.card);
}

static bool need_group(const Workbench *w, Text *why)
{
    if (!need_any_run(w, why))
        return false;
    if (seeds_of(w) || app_baselines(w->app))
        return true;
    text_add(why, "one training without simple models beside it; p in Net sets seeds and baselines");
    return false;
}

static bool run_group(Workbench *w, const char *argument, Error *e)
{
    const Tail **turned = &w->turned, *run = app_run(w->app);
    (void)argument, (void)e;
    *turned = *turned == run ? NULL : run;
    w->pane = 0;
    return true;
}

extern const Command command_train_group;
const Command command_train_group = {
    .spec = {.name = "train_group", .doc = "all seeds together and the simple models, or one training", .group = "t train"},
    .key = "#",
    .views = IN(VIEW_TRAIN),
    .can_run = need_group,
    .run = run_group};
