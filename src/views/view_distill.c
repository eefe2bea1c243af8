/* Distill: the verdict first, then teacher, student and the student alone side by side, seed by seed, and their curves. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/plot.h"
#include "views/commands.h"
#include "views/find_run.h"
#include "views/frame.h"
#include "views/train.h"

enum { SEEDS_MAX = 64 };
enum { PANE_VERDICT, PANE_FIGURES, PANE_EVIDENCE, PANE_SEEDS, PANES };

typedef struct SeedPair {
    const Tail *student, *alone;
} SeedPair;

typedef struct Seeds {
    const Tail *run;
    SeedPair pairs[SEEDS_MAX];
    size_t count;
    const char *metric;
} Seeds;

/* The pair of a seed, by the directory that its two runs share: seeds/07/student and seeds/07/alone. */
static SeedPair *pair_of(Seeds *s, const Tail *run)
{
    for (size_t i = 0; i < s->count; i++) {
        const Tail *known = s->pairs[i].student ? s->pairs[i].student : s->pairs[i].alone;
        size_t size = (size_t)(strrchr(known->path, '/') - known->path);
        if (strlen(run->path) > size && memcmp(known->path, run->path, size + 1) == 0)
            return &s->pairs[i];
    }
    return s->count < SEEDS_MAX ? &s->pairs[s->count++] : NULL;
}

static bool seeds_find(const Workbench *w, Seeds *s)
{
    *s = (Seeds){0};
    s->run = find_run_of_kind(app_run(w->app), "distill");
    for (size_t i = 0; s->run && i < s->run->children_count; i++) {
        const Tail *run = s->run->children[i];
        bool student = text_ends(run->path, "/student"), alone = text_ends(run->path, "/alone");
        SeedPair *pair = student || alone ? pair_of(s, run) : NULL;
        if (pair && student)
            pair->student = run;
        else if (pair)
            pair->alone = run;
    }
    s->metric =
        s->count && s->pairs[0].student ? value_get_text(s->pairs[0].student->start, "metric", SERIES_VALID_LOSS) : SERIES_VALID_LOSS;
    return s->run != NULL;
}

/* A student's loss is a mixture with its teacher; the part of it that its control has too is the one to compare. */
static const char *comparable(const Tail *t, const char *metric)
{
    return text_equal(metric, SERIES_VALID_LOSS) && tail_series(t, SERIES_VALID_HARD) ? SERIES_VALID_HARD : metric;
}

static double best_of(const Tail *t, const char *metric)
{
    if (!t)
        return (double)NAN;
    const Metric *m = metric_of_series(metric);
    return curve_best(tail_series(t, comparable(t, metric)), m && m->is_better_high, NULL);
}

static const char *fixed(double x, char out[NUMBER_ROOM])
{
    return isfinite(x) ? number_format_fixed(x, 4, out) : "\u00b7";
}

static void paint_seed(Pen *pen, Rect row, size_t n, const SeedPair *pair, const char *metric)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    double student = best_of(pair->student, metric), alone = best_of(pair->alone, metric), gain = student - alone;
    pen_format(pen, row.x, row.y, ROLE_UI_DIM, "%4zu", n + 1);
    pen_text_right(pen, row.x + 5, row.y, 10, ROLE_SERIES_STUDENT, fixed(student, a));
    pen_text_right(pen, row.x + 15, row.y, 10, ROLE_SERIES_SCRATCH, fixed(alone, b));
    if (isfinite(gain)) {
        char *text = text_format("%s%.4f", gain < 0 ? "\u2212" : "+", fabs(gain));
        pen_text_right(pen, row.x + 25, row.y, 10, ROLE_UI_DIM, text);
        mem_free(text);
    }
}

static void paint_seeds(const Workbench *w, Pen *pen, Rect pane, const Seeds *s)
{
    char title[METRIC_TITLE_ROOM];
    Text remark = {0};
    int shown = pane.height - 2;
    if ((int)s->count > shown)
        text_addf(&remark, "%d of %zu   ", shown > 0 ? shown : 0, s->count);
    text_addf(&remark, "best %s", metric_series_title(s->metric, title));
    Rect in = frame_head(pen, pane, w->pane == PANE_SEEDS, "Seeds", text_get(&remark));
    text_done(&remark);
    pen_text(pen, in.x, in.y, ROLE_UI_DIM, "seed");
    pen_text_right(pen, in.x + 5, in.y, 10, ROLE_UI_DIM, "student");
    pen_text_right(pen, in.x + 15, in.y, 10, ROLE_UI_DIM, "alone");
    pen_text_right(pen, in.x + 25, in.y, 10, ROLE_UI_DIM, "gain");
    for (size_t i = 0; i < s->count && (int)i < shown; i++)
        paint_seed(pen, (Rect){in.x, in.y + 1 + (int)i, in.width, 1}, i, &s->pairs[i], s->metric);
    if (!s->count)
        pen_text_fit(pen, in.x, in.y + 1, in.width, ROLE_UI, "The first seed is being prepared.");
}

static void add_curve(PlotSeries *series, size_t *n, const Tail *t, Role role, const char *name)
{
    const TailSeries *s = t ? tail_series(t, comparable(t, SERIES_VALID_LOSS)) : NULL;
    if (s && s->count)
        series[(*n)++] = (PlotSeries){.x = s->x, .y = s->y, .count = s->count, .role = role, .name = name, .decimals = 3};
}

static void paint_curves(const Workbench *w, Pen *pen, Rect pane, const Seeds *s)
{
    PlotSeries series[2];
    PlotReport report = {0};
    size_t n = 0;
    if (s->count) {
        add_curve(series, &n, s->pairs[0].alone, ROLE_SERIES_SCRATCH, "alone");
        add_curve(series, &n, s->pairs[0].student, ROLE_SERIES_STUDENT, "student");
    }
    double end = s->count && s->pairs[0].student ? (double)value_get_int(s->pairs[0].student->start, "epochs", 2) : 2;
    Plot plot = {.series = series,
                 .series_count = n,
                 .x_min = 1,
                 .x_max = end > 1 ? end : 2,
                 .x_axis = true,
                 .x_label = "epoch",
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    if (n)
        plot_paint(pen, (Rect){pane.x, pane.y + 1, pane.width, pane.height - 1}, &plot, &report);
    frame_head(pen, pane, false, "Loss", "valid, first seed");
}

/* A figure of the test part stands beside how often that part has been looked at. */
static void add_looks(const Value *comparison, Text *out)
{
    long long looks = (long long)value_get_int(value_get(comparison, "certificate"), "test_consulted", 0);
    if (looks && text_equal(value_get_text(comparison, "on", ""), "test"))
        text_addf(out, "test part consulted %lld time%s", looks, looks == 1 ? "" : "s");
}

static void paint_figures(const Workbench *w, Pen *pen, Rect pane)
{
    Text text = {0}, remark = {0};
    const Value *comparison = app_comparison(w->app);
    long long seeds = (long long)value_get_int(comparison, "seeds", 0);
    text_addf(&remark, "on %s", value_get_text(comparison, "on", "test"));
    if (seeds > 1)
        text_addf(&remark, "   means, \u00b1 is the sd over %lld seeds", seeds);
    Rect in = frame_head(pen, pane, w->pane == PANE_FIGURES, "Compare", text_get(&remark));
    compare_print_figures(comparison, (size_t)in.width, &text);
    int y = in.y;
    for (const char *p = text_get(&text); *p && y < in.y + in.height;) {
        size_t size = strcspn(p, "\n");
        char *line = mem_strndup(p, size);
        pen_text_fit(pen, in.x, y, in.width, y == in.y ? ROLE_UI_DIM : ROLE_UI, line);
        mem_free(line);
        p += size + (p[size] == '\n');
        y++;
    }
    text_done(&text);
    text_done(&remark);
}

/* Intervals, rows where they differ and the certificate: a line each, broken where the pane ends. */
static void paint_evidence(const Workbench *w, Pen *pen, Rect pane)
{
    Text text = {0};
    Rect in = frame_head(pen, pane, w->pane == PANE_EVIDENCE, "Evidence", "intervals, differing rows, certificate");
    compare_print_evidence(app_comparison(w->app), &text);
    char *words = text_take(&text), *p = words;
    int y = in.y, end = in.y + in.height;
    while (*p && y < end) {
        char *next = p;
        while (*next && !(*next == '\n' && next[1] != ' ')) {
            if (*next == '\n') /* a line that goes on */
                memmove(next, next + 2, strlen(next + 2) + 1);
            next++;
        }
        bool more = *next != '\0';
        *next = '\0';
        y += frame_text(pen, (Rect){in.x, y, in.width, end - y}, ROLE_UI, p);
        p = next + more;
    }
    mem_free(words);
}

/* Returns the rows that were used. */
static int paint_verdict(const Workbench *w, Pen *pen, Rect pane, const char *remark)
{
    Rect in = frame_head(pen, pane, w->pane == PANE_VERDICT, "Verdict", remark);
    const Value *comparison = app_comparison(w->app);
    if (!comparison) {
        const Tail *run = app_run(w->app);
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_STATE_RUNNING,
                     run && run->end ? "The run ended without a comparison; its log says why."
                                     : "Students and their controls are in training.");
        return 2;
    }
    char *verdict = compare_verdict(comparison);
    int used = frame_text(pen, in, ROLE_UI_STRONG, verdict);
    mem_free(verdict);
    return used + 1;
}

/* Seeds, and below them the curves of the first pair when there is room. */
static void paint_training(const Workbench *w, Pen *pen, Rect pane, const Seeds *s)
{
    enum { CURVE = 8 };
    int seeds = (int)s->count + (s->count ? 2 : 3), room = pane.height - CURVE - 1;
    if (room < 4 || w->cells.width < 80) {
        paint_seeds(w, pen, pane, s);
        return;
    }
    seeds = seeds > room ? room : seeds;
    paint_seeds(w, pen, (Rect){pane.x, pane.y, pane.width, seeds}, s);
    int curve = pane.height - seeds - 1;
    paint_curves(w, pen, (Rect){pane.x, pane.y + seeds + 1, pane.width, curve > 18 ? 18 : curve}, s);
}

/* One pane over the whole body: small screens go round them with Tab. */
static void paint_alone(const Workbench *w, Pen *pen, Rect body, const Seeds *s)
{
    Text remark = {0};
    int used;
    add_looks(app_comparison(w->app), &remark);
    text_addf(&remark, "%s%d of %d   Tab", remark.size ? "   " : "", w->pane + 1, PANES);
    if (w->pane == PANE_FIGURES)
        paint_figures(w, pen, body);
    else if (w->pane == PANE_EVIDENCE)
        paint_evidence(w, pen, body);
    else if (w->pane == PANE_SEEDS)
        paint_training(w, pen, body, s);
    else {
        used = paint_verdict(w, pen, body, text_get(&remark)) + 1;
        if (body.height - used > 3)
            paint_figures(w, pen, (Rect){body.x, body.y + used, body.width, body.height - used});
    }
    text_done(&remark);
}

static void paint_all(const Workbench *w, Pen *pen, Rect body, const Seeds *s)
{
    enum { FIGURES_WIDE = 78, FIGURES_HIGH = 16 };
    Text looks = {0};
    add_looks(app_comparison(w->app), &looks);
    int y = body.y + paint_verdict(w, pen, body, text_get(&looks)) + 1, end = body.y + body.height,
        high = FIGURES_HIGH + (end - y > 40 ? (end - y - 40) / 2 : 0);
    paint_figures(w, pen, (Rect){body.x, y, FIGURES_WIDE, high});
    paint_training(w, pen, (Rect){body.x + FIGURES_WIDE + 3, y, body.width - FIGURES_WIDE - 3, high}, s);
    paint_evidence(w, pen, (Rect){body.x, y + high + 1, body.width, end - y - high - 1});
    text_done(&looks);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    enum { WIDE = 112, HIGH = 30 }; /* of a body that has room for all panes at once */
    Seeds s;
    if (!seeds_find(w, &s)) {
        static const char *const words[] = {"D teach a small net", "p plan", NULL};
        Rect in = frame_head(pen, body, true, "Verdict", "");
        frame_empty(pen, in, "Nothing distilled yet.", words);
        frame_failure(pen, (Rect){in.x, in.y + 2, in.width, in.height - 2}, app_run(w->app));
    } else if (!app_comparison(w->app)) {
        int used = paint_verdict(w, pen, body, "");
        frame_failure(pen, (Rect){body.x, body.y + used + 1, body.width, 3}, app_run(w->app));
        used += app_run(w->app)->end && app_run(w->app)->state != RUN_DONE ? 4 : 1;
        paint_training(w, pen, (Rect){body.x, body.y + used, body.width, body.height - used}, &s);
    } else if (w->zoomed || body.width < WIDE || body.height < HIGH) {
        paint_alone(w, pen, body, &s);
    } else {
        paint_all(w, pen, body, &s);
    }
}

static void status(const Workbench *w, Text *left, Text *right)
{
    Seeds s;
    if (!seeds_find(w, &s)) {
        text_add(left, "nothing distilled yet");
        return;
    }
    text_addf(left, "%zu seeds, each with the same net trained alone as its control", s.count);
    text_add(right, s.run->end ? "paired by seed" : "running");
}

const View view_distill = {.name = "Distill", .state_size = 0, .paint = paint, .status = status, .panes = PANES};

static bool run_start(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return start_run(w, APP_DISTILL, e);
}

static bool apply_plan(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    DistillPlan *plan = params_from_value(&distill_spec, params, e);
    if (!plan)
        return false;
    Document *next = document_edit(app_document(w->app), "distillation plan", "Distill p");
    fields_done(distill_spec.params, &next->distill);
    next->distill = *plan;
    next->has_distill = true;
    mem_free(plan);
    return app_edit(w->app, next, e);
}

static bool run_plan(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    Value *params = fields_to_value(distill_spec.params, &app_document(w->app)->distill, false);
    popup_form(
        w,
        &(FormUse){.spec = &distill_spec, .params = params, .remark = "distillation plan", .lua_prefix = "p:distill", .apply = apply_plan});
    value_free(params);
    return true;
}

#define DISTILL(id, text, k, place, short_word, fn) \
    const Command command_distill_##id = {.spec = {.name = "distill_" #id, .doc = text, .group = "i distill"}, \
                                          .key = k, \
                                          .views = IN(VIEW_DISTILL), \
                                          .hint = place, \
                                          .word = short_word, \
                                          .can_run = need_table, \
                                          .run = fn}

DISTILL(start, "teach the small net; its control trains without being asked", "D", 1, "distill", run_start);
DISTILL(plan, "student, temperature, alpha, seeds", "p", 2, "plan", run_plan);
