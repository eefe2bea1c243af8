/* Charts against golden text: axes, names, marks, spikes, gaps, all four kinds of glyphs. */
#include "tests/unit/test.h"
#include "tui/plot.h"

enum { STEPS = 200, EPOCHS = 34 };

typedef struct Curves {
    double step_x[STEPS], step_y[STEPS], x[EPOCHS], train[EPOCHS], valid[EPOCHS];
    PlotSeries series[3];
    PlotMark mark;
} Curves;

/* Rational functions only: the same bits everywhere. */
static Plot curves(Curves *c, GraphKind graph)
{
    for (int i = 0; i < STEPS; i++) {
        c->step_x[i] = EPOCHS * (i + 1.0) / STEPS;
        c->step_y[i] = 0.40 + 0.9 / (1 + c->step_x[i] * c->step_x[i]) + ((i * 37) % 11 - 5) * 0.01;
    }
    for (int i = 0; i < EPOCHS; i++) {
        c->x[i] = i + 1;
        c->train[i] = 0.40 + 0.4 / (1 + i * i * 0.5) - 0.0005 * i;
        c->valid[i] = 0.43 + 0.3 / (1 + i * i * 0.5);
    }
    c->series[0] = (PlotSeries){c->step_x, c->step_y, STEPS, ROLE_SERIES_TRAIN_FAINT, NULL, true, 3, 0, 0};
    c->series[1] = (PlotSeries){c->x, c->train, EPOCHS, ROLE_SERIES_TRAIN, "train", false, 3, 0, 0};
    c->series[2] = (PlotSeries){c->x, c->valid, EPOCHS, ROLE_SERIES_VALID, "valid", false, 3, 0, 0};
    c->mark = (PlotMark){18, "best 18", ROLE_CHART_MARK, false, 0};
    return (Plot){.series = c->series,
                  .series_count = 3,
                  .marks = &c->mark,
                  .marks_count = 1,
                  .x_min = 0,
                  .x_max = 60,
                  .x_axis = true,
                  .x_label = "epoch",
                  .graph = graph,
                  .cursor_x = NAN};
}

static void unit_kinds(void)
{
    static const char *const golden[4] = {
        "  0.52┤· ⠘⡇· · · · · ·┊·best 18· · · · · · · · · · · · · ·\n"
        "      │   ⡇           ┊\n"
        "      │   ⣿           ┊\n"
        "  0.48┤· ⠂⢸⡀ · · · · ·┊· · · · · · · · · · · · · · · · · ·\n"
        "      │   ⢸⣇⢀⠂⢀       ┊\n"
        "      │  ⠈⠈⡟⢦⡀⠄⢀⠁⠐ ⠐ ⠂⠐ ⠄⠠ ⠄⠠ ⠠ ⠄⠠ ⠄\n"
        "  0.44┤· ·⠁⢧ ⠙⠦⠤⣄⣀⣀⠁⡈·⠂⠐ ⠂⠐· ·⠂⠐ ⠂⠐· · · · · · · · · · · ·\n"
        "      │    ⠈⢧  ⠂⠠ ⠈⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠓ valid 0.431\n"
        "      │    ⢀⠈⢳⣀       ┊            ⠈\n"
        "  0.40┤· ·⠐⠁ ⡀⠈⠙⠲⠤⣄⣀⣀·┊· · · · · · · · · · · · · · · · · ·\n"
        "      │             ⠈⠉⠉⠙⠒⠒⠒⠲⠤⠤⠤⠤⣄⣀⣀⣀ train 0.384\n"
        "      │     ⠌ ⡈ ⠂⠠ ⠄⢀⠁⡈ ⠁⢀ ⡀⢀ ⡈⢀⠁⠈\n"
        "  0.36┤      ⠐ ⡈ ⠂⠐ ⠄ ┊⠠ ⠄⠠ ⡀⢀   ⡀⢀⠁\n"
        "      └─┴──────┴────────┴───────┴───────┴────────┴───────┴\n"
        "        1      10       20      30      40       50     60 epoch\n",
        "  0.52┤· ·█· · · · · ·┊·best 18· · · · · · · · · · · · · ·\n"
        "      │   █           ┊\n"
        "      │   █           ┊\n"
        "  0.48┤· ▀█▄ · · · · ·┊· · · · · · · · · · · · · · · · · ·\n"
        "      │   ██ ▀ ▄      ┊\n"
        "      │   ▀██▄▄ ▀ ▀▀ ▀▄ ▄▄ ▄ ▄▄ ▄▄ ▄\n"
        "  0.44┤· · █▄▀▀█▄▄▄▄▀·┊▀ · ·▀· ▀ ·▀· · · · · · · · · · · ·\n"
        "      │     █▄     ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀ valid 0.431\n"
        "      │      ▀█▄      ┊\n"
        "  0.40┤· ·▀▀ · ▀▀█▄▄▄▄┊· · · · · · · · · · · · · · · · · ·\n"
        "      │              ▀▀▀▀▀▀▀▀█▄▄▄▄▄▄ train 0.384\n"
        "      │     ▀ ▄    ▄  ┊       ▄\n"
        "  0.36┤      ▀ ▄▄▀    ▄  ▄  ▄    ▄\n"
        "      └─┴──────┴────────┴───────┴───────┴────────┴───────┴\n"
        "        1      10       20      30      40       50     60 epoch\n",
        "  0.52┤· ·│· · · · · ·┊·best 18· · · · · · · · · · · · · ·\n"
        "      │   │           ┊\n"
        "      │   │           ┊\n"
        "  0.48┤· ·└┐ · · · · ·┊· · · · · · · · · · · · · · · · · ·\n"
        "      │   └└┐         ┊\n"
        "      │    │└┐        ┊\n"
        "  0.44┤· · └┐└──────┐·┊· · · · · · · · · · · · · · · · · ·\n"
        "      │     └┐      └─────────────── valid 0.431\n"
        "      │      └─┐      ┊\n"
        "  0.40┤· · · · └────────┐· · · · · · · · · · · · · · · · ·\n"
        "      │               ┊ └─────────── train 0.384\n"
        "      │               ┊\n"
        "  0.36┤               ┊\n"
        "      └─┴──────┴────────┴───────┴───────┴────────┴───────┴\n"
        "        1      10       20      30      40       50     60 epoch\n",
        "  0.52+. . . . . . . .:.best 18. . . . . . . . . . . . . .\n"
        "      |               :\n"
        "      |               :\n"
        "  0.48+. .o. . . . . .:. . . . . . . . . . . . . . . . . .\n"
        "      |   *o          :\n"
        "      |     o         :\n"
        "  0.44+. . * ooooooo .:. . . . . . . . . . . . . . . . . .\n"
        "      |     *       oooooooooooooooo valid 0.431\n"
        "      |      ***      :\n"
        "  0.40+. . . . ********* . . . . . . . . . . . . . . . . .\n"
        "      |               : ************ train 0.384\n"
        "      |               :\n"
        "  0.36+               :\n"
        "      +-+------+--------+-------+-------+--------+-------+\n"
        "        1      10       20      30      40       50     60 epoch\n",
    };
    Curves c;
    for (int kind = GRAPH_BRAILLE; kind <= GRAPH_ASCII; kind++) {
        Text t = {0};
        Plot p = curves(&c, (GraphKind)kind);
        TEST("a chart in each kind of glyphs");
        plot_text(&p, 72, 15, kind == GRAPH_ASCII, &t);
        CHECK_TEXT(text_get(&t), golden[kind]);
        text_done(&t);
    }
}

static void unit_spike(void)
{
    double x[1000], y[1000];
    for (int i = 0; i < 1000; i++) {
        x[i] = i;
        y[i] = i == 500 ? 1.0 : 0.5 + 0.0001 * (i % 7);
    }
    PlotSeries s = {x, y, 1000, ROLE_SERIES_TRAIN, "", false, 2, 0, 0};
    Plot p = {.series = &s, .series_count = 1, .x_max = 999, .cursor_x = NAN, .y_min = 0.4, .y_max = 1.0};
    Cells c;
    cells_init(&c, 40, 9);
    Pen pen = pen_on(&c, (Rect){0, 0, 40, 9});
    PlotReport r;
    TEST("one high point among a thousand survives in its column");
    plot_paint(&pen, (Rect){0, 0, 40, 9}, &p, &r);
    bool found = false;
    for (int i = 7; i < 40; i++)
        found = found || cells_at(&c, i, 2)->glyph > 0x2800; /* the row of 1.0: ticks 0.4, 0.6 ... 1.2 */
    CHECK(found && r.above == 0);
    TEST("points outside the frame are counted");
    y[3] = 7;
    y[4] = -7;
    y[5] = INFINITY;
    plot_paint(&pen, (Rect){0, 0, 40, 9}, &p, &r);
    CHECK_INT(r.above, 2);
    CHECK_INT(r.below, 1);
    cells_done(&c);
}

static void unit_robust(void)
{
    double x[20], y[20];
    for (int i = 0; i < 20; i++) {
        x[i] = i + 1;
        y[i] = i == 0 ? 900 : 0.5 - 0.01 * i;
    }
    PlotSeries s = {x, y, 20, ROLE_SERIES_TRAIN, "train", false, 3, 0, 0};
    Plot p = {.series = &s, .series_count = 1, .x_min = 1, .x_max = 20, .cursor_x = NAN};
    Cells c;
    cells_init(&c, 60, 9);
    Pen pen = pen_on(&c, (Rect){0, 0, 60, 9});
    PlotReport r;
    TEST("the scale follows what still moves; a first spike is above the frame and counted");
    plot_paint(&pen, (Rect){0, 0, 60, 9}, &p, &r);
    CHECK_INT(r.above, 1);
    Text t = {0};
    cells_text(&c, &t);
    CHECK(strncmp(text_get(&t), "  0.5", 5) == 0 || strncmp(text_get(&t), "  0.6", 5) == 0);
    TEST("no number is a gap with a cross at the foot");
    y[10] = NAN;
    cells_erase(&c);
    plot_paint(&pen, (Rect){0, 0, 60, 9}, &p, &r);
    CHECK(r.has_nan && r.nan_at == 11);
    int crosses = 0;
    for (int i = 0; i < 60; i++)
        crosses += cells_at(&c, i, 8)->glyph == 0x2717 && cells_at(&c, i, 8)->role == ROLE_STATE_ERROR;
    CHECK_INT(crosses, 1);
    text_done(&t);
    cells_done(&c);
}

static void unit_any_size(void)
{
    Curves c;
    TEST("any size, any data: no chart is drawn outside its area");
    for (int w = 1; w < 60; w += 3) {
        for (int h = 1; h < 14; h++) {
            Cells cells;
            cells_init(&cells, w + 2, h + 2);
            Pen pen = pen_on(&cells, (Rect){0, 0, w + 2, h + 2});
            Plot p = curves(&c, (GraphKind)(h % 4));
            p.log_y = w % 2;
            p.smooth = 0.6;
            p.cursor_x = 5;
            c.train[3] = -1;
            c.valid[0] = 1e300;
            plot_paint(&pen, (Rect){1, 1, w, h}, &p, NULL);
            bool clean = true;
            for (int x = 0; x < w + 2; x++)
                clean = clean && cells_at(&cells, x, 0)->glyph == ' ' && cells_at(&cells, x, h + 1)->glyph == ' ';
            for (int y = 0; y < h + 2; y++)
                clean = clean && cells_at(&cells, 0, y)->glyph == ' ' && cells_at(&cells, w + 1, y)->glyph == ' ';
            CHECK(clean);
            cells_done(&cells);
        }
    }
    PlotSeries none = {NULL, NULL, 0, ROLE_SERIES_TRAIN, "train", false, 3, 0, 0};
    Plot empty = {.series = &none, .series_count = 1, .x_max = 10, .cursor_x = NAN, .x_axis = true};
    Text t = {0};
    plot_text(&empty, 50, 10, true, &t);
    CHECK(t.size > 0);
    text_done(&t);
}

static const char *row(Cells *c, Text *t)
{
    text_clear(t);
    cells_text(c, t);
    return text_get(t);
}

static void unit_small(void)
{
    static const size_t counts[] = {0, 1, 50, 100};
    Cells c;
    Text t = {0};
    cells_init(&c, 8, 1);
    Pen p = pen_on(&c, (Rect){0, 0, 8, 1});
    TEST("sparks never reach the full block");
    plot_spark(&p, 0, 0, ROLE_CHART_BAR, counts, 4);
    CHECK_TEXT(row(&c, &t), "▁▁▄▇\n");
    TEST("bars in half cells, progress in whole ones, shares outside clamped");
    cells_erase(&c);
    plot_bar(&p, 0, 0, 4, 0.6, ROLE_CHART_BAR, false);
    CHECK_TEXT(row(&c, &t), "━━╸\n");
    plot_progress(&p, 0, 0, 8, 0.5, ROLE_STATE_RUNNING, ROLE_UI_BORDER);
    CHECK_TEXT(row(&c, &t), "━━━━────\n");
    cells_erase(&c);
    plot_bar(&p, 0, 0, 4, NAN, ROLE_CHART_BAR, true);
    plot_bar(&p, 4, 0, 4, 9, ROLE_CHART_BAR, true);
    CHECK_TEXT(row(&c, &t), "    ====\n");
    TEST("a histogram stands on its bottom row");
    cells_erase(&c);
    plot_histogram(&p, (Rect){0, 0, 4, 1}, counts, 4, ROLE_CHART_BAR);
    CHECK_TEXT(row(&c, &t), "  ▅█\n");
    text_done(&t);
    cells_done(&c);
}

static void unit_smoothing(void)
{
    double x[3] = {1, 2, 3}, y[3] = {1, 1, 4};
    PlotSeries s = {x, y, 3, ROLE_SERIES_TRAIN, "train", false, 3, 0, 0};
    Plot p = {.series = &s, .series_count = 1, .x_min = 1, .x_max = 3, .cursor_x = NAN, .smooth = 0.6};
    Text t = {0};
    TEST("the name says the raw last value, whatever the smoothing");
    plot_text(&p, 60, 7, false, &t);
    CHECK(strstr(text_get(&t), "train 4.000"));
    text_done(&t);
}

static void unit_signs(void)
{
    double x[] = {0, 5, 10, 11}, y[] = {0, 1, NAN, 0.5};
    PlotSeries s = {.x = x, .y = y, .count = 4, .role = ROLE_SERIES_VALID, .dots = true, .sign = 0x25c6};
    Plot p = {.series = &s, .series_count = 1, .x_max = 10, .cursor_x = NAN, .y_max = 1};
    TEST("points with a sign of their own are drawn by it, those outside or without a value are not");
    for (int kind = 0; kind < 2; kind++) {
        size_t signs = 0;
        Text t = {0};
        plot_text(&p, 50, 9, kind == 1, &t);
        for (const char *at = text_get(&t); (at = strstr(at, kind ? "*" : "\u25c6")) != NULL; at++)
            signs++;
        CHECK_INT(signs, 2);
        text_done(&t);
    }
}

void unit_plot(void);
void unit_plot(void)
{
    unit_kinds();
    unit_spike();
    unit_robust();
    unit_any_size();
    unit_small();
    unit_smoothing();
    unit_signs();
}
