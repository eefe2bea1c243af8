/* Layers of a training: how weights, gradients and activations are spread, and which units are dead; of the newest look, or of that under
 * the crosshair. */
#include <math.h>

#include "views/frame.h"
#include "views/train.h"

enum { NAME = 14, UNITS = 11, FIGURE = 9, BINS_MOST = 32, DEAD_WARNS = 2 };

/* The newest look at or before the crosshair; NULL: none yet. */
static const Value *find_look(const Workbench *w, const Curve *c)
{
    const Value *found = NULL, *looks = c->run->layers;
    const TrainState *s = train_state(w);
    for (size_t i = 0; i < looks->size; i++)
        if (!s->is_crossed || (double)value_get_int(looks->items[i], "epoch", 0) <= s->cross || !found)
            found = looks->items[i];
    return found;
}

/* The spark of a histogram, and its standard deviation; returns the columns used. */
static int paint_histogram(Pen *pen, int x, int y, const Value *h, Role role, bool has_figure)
{
    const Value *bins = value_get(h, "bins");
    size_t counts[BINS_MOST] = {0}, count = 0;
    char figure[METRIC_TITLE_ROOM];
    for (size_t i = 0; bins && bins->type == VALUE_LIST && i < bins->size && count < BINS_MOST; i++)
        counts[count++] = value_is_number(bins->items[i]) && value_number(bins->items[i]) > 0 ? (size_t)value_number(bins->items[i]) : 0;
    plot_spark(pen, x, y, role, counts, count);
    if (value_get(h, "not_finite"))
        pen_text(pen, x + (int)count + 1, y, ROLE_DATA_BAD, "nan");
    else if (has_figure)
        pen_text_right(pen, x + (int)count, y, FIGURE, ROLE_DATA_NUMBER,
                       train_figure_text("sd", value_get_real(h, "sd", (double)NAN), figure));
    return (int)count + FIGURE + 2;
}

static void paint_units(Pen *pen, int x, int y, const Value *layer)
{
    int64_t units = value_get_int(layer, "units", 0), dead = value_get_int(layer, "dead", 0);
    char *text = dead ? text_format("%lld of %lld", (long long)dead, (long long)units) : text_format("%lld", (long long)units);
    pen_text_right(pen, x, y, UNITS, dead * DEAD_WARNS > units ? ROLE_STATE_WARN : dead ? ROLE_UI : ROLE_DATA_NUMBER, text);
    mem_free(text);
}

static void paint_layer(Pen *pen, Rect row, const Value *layer, int columns)
{
    static const char *const parts[] = {"weights", "gradients", "activations"};
    static const Role roles[] = {ROLE_CHART_BAR, ROLE_SERIES_TRAIN, ROLE_SERIES_VALID};
    int x = row.x;
    char *name = text_format("%s %s", value_get_text(layer, "name", ""), value_get_text(layer, "layer", ""));
    pen_text_fit(pen, x, row.y, NAME, ROLE_UI, name);
    mem_free(name);
    x += NAME + 1;
    paint_units(pen, x, row.y, layer);
    x += UNITS + 2;
    for (int i = 0; i < columns; i++)
        x += paint_histogram(pen, x, row.y, value_get(layer, parts[i]), roles[i], true);
}

static void paint_titles(Pen *pen, Rect row, int columns)
{
    static const char *const parts[] = {"weights", "gradients", "activations"};
    int x = row.x, step = 16 + FIGURE + 2;
    pen_text_fit(pen, x, row.y, NAME, ROLE_UI_DIM, "layer");
    pen_text_right(pen, x + NAME + 1, row.y, UNITS, ROLE_UI_DIM, "dead, units");
    x += NAME + 1 + UNITS + 2;
    for (int i = 0; i < columns; i++) {
        pen_text_fit(pen, x + i * step, row.y, 16, ROLE_UI_DIM, parts[i]);
        pen_text_right(pen, x + i * step + 16, row.y, FIGURE, ROLE_UI_DIM, "sd");
    }
}

void train_paint_layers(const Workbench *w, const Curve *c, Pen *pen, Rect area)
{
    enum { ONE = 16 + FIGURE + 2, BEFORE = NAME + 1 + UNITS + 2, PARTS = 3 };
    const Value *look = find_look(w, c), *layers = value_get(look, "layers");
    if (!look || !layers || layers->type != VALUE_LIST) {
        Rect in = frame_head(pen, area, true, "Layers", "");
        frame_text(
            pen, in, ROLE_UI,
            "No look into the layers yet: one is taken every few epochs, as histograms in the plan says; 0 takes none.   i shows the "
            "curves");
        return;
    }
    int columns = (area.width - BEFORE + 2) / ONE;
    columns = columns < 1 ? 1 : columns > PARTS ? PARTS : columns;
    char *remark =
        text_format("epoch %lld   from least to greatest   one look every few epochs", (long long)value_get_int(look, "epoch", 0));
    Rect in = frame_head(pen, area, true, "Layers", remark);
    mem_free(remark);
    paint_titles(pen, (Rect){in.x, in.y, in.width, 1}, columns);
    int room = in.height - 1;
    for (size_t i = 0; i < layers->size && (int)i < room; i++)
        paint_layer(pen, (Rect){in.x, in.y + 1 + (int)i, in.width, 1}, layers->items[i], columns);
    if ((int)layers->size > room && room > 0)
        pen_format(pen, in.x, in.y + in.height - 1, ROLE_UI_DIM, "%d more   z enlarges", (int)layers->size - room + 1);
}
