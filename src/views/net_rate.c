/* Learning rates before a run: a sweep and what it suggests, and the curve of the schedule. */
#include <math.h>

#include "base/number.h"
#include "learn/find_rate.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/frame.h"

enum { SCHEDULE_POINTS = 200 };

typedef struct Curve {
    char *title, *remark, *words;
    const char *x_label, *keys;
    double *x, *y;
    size_t count;
    double x_min, x_max;
    double mark;                          /* NAN: none */
    bool (*accept)(Workbench *, Error *); /* on Enter; NULL: it closes */
} Curve;

static void paint(const Workbench *w, const void *state, Pen *pen, Rect body)
{
    const Curve *c = state;
    PlotReport report = {0};
    Rect box = body.width < 80 || body.height < 20 ? body : frame_center(body, body.width < 100 ? body.width : 100, 20);
    Rect in = frame_popup(pen, box, c->title, c->remark, c->keys);
    Pen inner = pen_on(pen->cells, in);
    int words = frame_text(&inner, in, ROLE_UI, c->words) + 1;
    PlotSeries series = {.x = c->x, .y = c->y, .count = c->count, .role = ROLE_SERIES_TRAIN, .decimals = 4};
    PlotMark mark = {.x = c->mark, .label = "suggested", .role = ROLE_CHART_MARK};
    Plot plot = {.series = &series,
                 .series_count = 1,
                 .marks = &mark,
                 .marks_count = isfinite(c->mark) ? 1 : 0,
                 .x_min = c->x_min,
                 .x_max = c->x_max,
                 .x_axis = true,
                 .x_label = c->x_label,
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 8};
    if (in.height > words + 3)
        plot_paint(&inner, (Rect){in.x, in.y + words, in.width, in.height - words}, &plot, &report);
}

static PopupAnswer key(Workbench *w, void *state, Key k)
{
    const Curve *c = state;
    Error e = {0};
    if (k.code == KEYS_ENTER && c->accept && !c->accept(w, &e))
        app_say_error(w->app, &e);
    return POPUP_CLOSE;
}

static void done(void *state)
{
    Curve *c = state;
    mem_free(c->title);
    mem_free(c->remark);
    mem_free(c->words);
    mem_free(c->x);
    mem_free(c->y);
    mem_free(c);
}

static Curve *curve_new(size_t count)
{
    Curve *c = MEM_NEW(Curve);
    *c = (Curve){.count = count, .mark = (double)NAN, .keys = "Esc close"};
    c->x = mem_alloc((count + 1) * sizeof(double));
    c->y = mem_alloc((count + 1) * sizeof(double));
    return c;
}

static void push(Workbench *w, Curve *c)
{
    workbench_push(w, &(Popup){.state = c, .paint = paint, .key = key, .done = done});
}

static bool take_rate(Workbench *w, Error *e)
{
    return app_take_rate(w->app, e);
}

static void show_found(Workbench *w, const Value *found)
{
    const Value *rates = value_get(found, "rates"), *smoothed = value_get(found, "smoothed");
    Curve *c = curve_new(value_items(rates));
    for (size_t i = 0; i < c->count; i++) {
        c->x[i] = log10(value_number(rates->items[i]));
        c->y[i] = value_number(smoothed->items[i]);
    }
    c->title = mem_strdup("Learning rates");
    c->remark = mem_strdup("smoothed loss of a sweep");
    c->words = find_rate_text(found);
    c->x_label = "log10 rate";
    c->x_min = floor(c->x[0]);
    c->x_max = ceil(c->x[c->count - 1]) + 0.0; /* not -0 */
    c->keys = "Enter take it  Esc close";
    c->mark = log10(value_get_real(found, "suggested", 1));
    c->accept = take_rate;
    push(w, c);
}

static bool run_find(Workbench *w, const char *argument, Error *e)
{
    const Value *found = app_found_rate(w->app);
    (void)argument;
    if (!found)
        return app_find_rate(w->app, e);
    show_found(w, found);
    return true;
}

static int64_t steps_per_epoch(const Workbench *w, const TrainPlan *plan)
{
    const AppReady *ready = app_ready(w->app);
    int64_t rows = ready ? (int64_t)ready->rows[PART_TRAIN] : 0;
    return rows > plan->batch ? (rows + plan->batch - 1) / plan->batch : 1;
}

static bool run_schedule(Workbench *w, const char *argument, Error *e)
{
    const TrainPlan *plan = &app_document(w->app)->train;
    ScheduleSpan span = {plan->epochs, steps_per_epoch(w, plan), SCHEDULE_POINTS};
    Curve *c = curve_new(SCHEDULE_POINTS);
    (void)argument, (void)e;
    int64_t last = span.epochs * span.steps_per_epoch - 1;
    schedule_curve(&plan->schedule, optimizer_rate(&plan->optimizer), &span, c->y);
    for (size_t i = 0; i < c->count; i++)
        c->x[i] = (double)schedule_curve_step(i, c->count, last) / (double)span.steps_per_epoch;
    c->title = mem_strdup("Schedule");
    c->remark = mem_strdup(plan->schedule.spec ? plan->schedule.spec->name : "constant");
    c->words = mem_strdup(plan->schedule.spec ? plan->schedule.spec->doc : "the same rate all the way");
    c->x_label = "epoch";
    c->x_max = (double)span.epochs;
    push(w, c);
    return true;
}

#define NET(id, text, k, fn) \
    const Command command_net_##id = { \
        .spec = {.name = "net_" #id, .doc = text, .group = "n net"}, .key = k, .views = IN(VIEW_NET), .can_run = need_table, .run = fn}

NET(find_rate, "try learning rates, then see what is suggested", "L", run_find);
NET(schedule, "the learning rate over the epochs, before a run", "S", run_schedule);
