/* limbeck plot RUN...: its curves in the terminal, or as a drawing in a file. */
#include <math.h>
#include <string.h>

#include "app/run_card.h"
#include "app/run_report.h"
#include "base/io.h"
#include "cli/cli.h"
#include "net/metrics/metric.h"
#include "tui/plot.h"

typedef struct PlotParams {
    char *metric, *output;
    int64_t width, height;
} PlotParams;

static const Field fields[] = {
    {TEXT_FIELD(PlotParams, metric), .doc = "loss, auc, learning_rate ...: of all parts; valid.auc: of one", .def = METRIC_LOSS},
    {TEXT_FIELD(PlotParams, output), .doc = "write an .svg file; empty: text on standard output", .def = ""},
    {INT_FIELD(PlotParams, width), .doc = "characters", .def = "80", .min = 30, .max = 400, .unit = "characters"},
    {INT_FIELD(PlotParams, height), .doc = "lines", .def = "20", .min = 6, .max = 200, .unit = "lines"},
    {0},
};

static void print_text(const PlotParams *p, const CliOptions *options, const Chart *c)
{
    static const Role roles[] = {ROLE_SERIES_TRAIN, ROLE_SERIES_VALID, ROLE_SERIES_5,       ROLE_SERIES_6,
                                 ROLE_SERIES_7,     ROLE_SERIES_8,     ROLE_SERIES_TEACHER, ROLE_SERIES_STUDENT};
    PlotSeries series[CHART_SERIES_MAX];
    bool ascii = text_equal(options->graph, "ascii");
    double low = (double)INFINITY, high = -(double)INFINITY;
    Text out = {0};
    for (size_t i = 0; i < c->count; i++) {
        const ChartSeries *s = &c->series[i];
        series[i] = (PlotSeries){.x = s->x, .y = s->y, .count = s->count, .role = roles[i], .name = s->name, .decimals = s->decimals};
        low = fmin(low, s->x[0]);
        high = fmax(high, s->x[s->count - 1]);
    }
    Plot plot = {.series = series,
                 .series_count = c->count,
                 .x_min = low,
                 .x_max = high > low ? high : low + 1,
                 .x_axis = true,
                 .x_label = c->x_label,
                 .graph = GRAPH_BRAILLE,
                 .marked = true,
                 .cursor_x = (double)NAN,
                 .y_label_width = 6};
    text_addf(&out, "%s\n", c->title);
    plot_text(&plot, (int)p->width, (int)p->height - 1, ascii, &out);
    io_print(1, text_get(&out));
    text_done(&out);
}

static bool save_drawing(const char *path, const Chart *c, Error *e)
{
    Text out = {0};
    if (!text_ends(path, ".svg"))
        return error_set(e, ERROR_USAGE, "%s: a plot is written to an .svg file", path);
    text_add(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    chart_svg_write(c, &out);
    bool ok = io_save(path, text_get(&out), out.size, e);
    text_done(&out);
    return ok;
}

static bool draw(const CliCall *call, const Tail *const *trainings, const char *const *names, Error *e)
{
    const PlotParams *p = call->params;
    Chart c;
    run_chart(trainings, names, call->words->count, p->metric, &c);
    bool ok = c.count > 0 || error_set(e, ERROR_FAILED, "%s recorded no %s", call->words->items[0], p->metric);
    if (ok && p->output && *p->output)
        ok = save_drawing(p->output, &c, e);
    else if (ok)
        print_text(p, call->options, &c);
    run_chart_done(&c);
    return ok;
}

static int plot_run(const CliCall *call, Error *e)
{
    size_t count = call->words->count;
    if (!count || count > CHART_SERIES_MAX) {
        error_set(e, ERROR_USAGE, "plot: which run? At most %d; limbeck runs lists them", CHART_SERIES_MAX);
        return 2;
    }
    Tail *tails[CHART_SERIES_MAX] = {NULL};
    const Tail *trainings[CHART_SERIES_MAX];
    const char *names[CHART_SERIES_MAX] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        tails[i] = tail_open(call->words->items[i], e);
        ok = tails[i] != NULL;
        if (ok)
            tail_poll(tails[i], true, NULL);
        trainings[i] = ok ? run_card_training(tails[i]) : NULL;
        names[i] = count > 1 ? run_card_title(call->words->items[i]) : NULL;
    }
    ok = ok && draw(call, trainings, names, e);
    for (size_t i = 0; i < count; i++)
        tail_free(tails[i]);
    return ok ? 0 : error_exit_code(e);
}

const Verb verb_plot = {
    .spec = {.name = "plot",
             .doc = "the curves of runs, as text or as SVG",
             .group = "runs",
             .params = fields,
             .params_size = sizeof(PlotParams)},
    .usage = "RUN... [--metric=loss] [-o curves.svg]",
    .run = plot_run,
};
