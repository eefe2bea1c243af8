/* Arrays in Data: a spark for each channel in the cell, and the row under the cursor as a chart. */
#include <math.h>

#include "base/mem.h"
#include "tui/plot.h"
#include "views/data.h"
#include "views/frame.h"

enum { SPARK_CELLS = 21, SPARK_LEAST = 5, SPARK_STEPS = 1000, CHANNELS_MOST = 4, CHART_HEIGHT = 10, LABEL_WIDTH = 7 };

typedef struct Channel { /* of one cell */
    const float *first;
    size_t places, step;
} Channel;

static Channel channel_of(const Column *c, size_t row, size_t channel)
{
    size_t channels = column_channels(c);
    return (Channel){c->data.array + row * c->width + channel, c->width / channels, channels};
}

static double mean_between(const Channel *ch, size_t from, size_t to)
{
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += (double)ch->first[i * ch->step];
    return sum / (double)(to - from);
}

/* From its least to its greatest value; several places are one bar where there are more of them than bars. */
static void add_spark(const Channel *ch, size_t room, Text *out)
{
    size_t bars = ch->places < room ? ch->places : room, counts[SPARK_CELLS];
    double means[SPARK_CELLS], low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < bars; i++) {
        means[i] = mean_between(ch, i * ch->places / bars, (i + 1) * ch->places / bars);
        low = fmin(low, means[i]);
        high = fmax(high, means[i]);
    }
    for (size_t i = 0; i < bars; i++)
        counts[i] = high > low ? (size_t)((means[i] - low) / (high - low) * SPARK_STEPS) : 0;
    plot_spark_text(out, counts, bars);
}

void data_array_spark(const Column *c, size_t row, Text *out)
{
    size_t shown = data_array_channels(c);
    size_t room = (SPARK_CELLS + 1) / shown - 1;
    for (size_t k = 0; k < shown; k++) {
        Channel ch = channel_of(c, row, k);
        text_add(out, k ? " " : "");
        add_spark(&ch, room < SPARK_LEAST ? SPARK_LEAST : room, out);
    }
}

void data_plot_array(const Workbench *w, Pen *pen, Rect area, const DataArray *cell)
{
    static const Role roles[CHANNELS_MOST] = {ROLE_SERIES_TRAIN, ROLE_SERIES_VALID, ROLE_SERIES_TEACHER, ROLE_SERIES_STUDENT};
    size_t places = cell->c->width / column_channels(cell->c);
    double *x = mem_alloc((cell->count + 1) * places * sizeof *x), *y = x + places;
    PlotSeries series[CHANNELS_MOST];
    PlotReport report = {0};
    for (size_t i = 0; i < places; i++)
        x[i] = (double)i + 1;
    for (size_t k = 0; k < cell->count; k++) {
        Channel ch = channel_of(cell->c, cell->row, cell->first + k);
        for (size_t i = 0; i < places; i++)
            y[k * places + i] = (double)ch.first[i * ch.step];
        series[k] = (PlotSeries){.x = x, .y = y + k * places, .count = places, .role = roles[cell->first + k]};
    }
    Plot plot = {.series = series,
                 .series_count = cell->count,
                 .x_min = 1,
                 .x_max = places > 1 ? (double)places : 2,
                 .x_axis = cell->x_axis,
                 .x_label = "place",
                 .graph = w->graph,
                 .marked = workbench_is_colorless(w),
                 .cursor_x = (double)NAN,
                 .y_label_width = LABEL_WIDTH};
    plot_paint(pen, area, &plot, &report);
    mem_free(x);
}

size_t data_array_channels(const Column *c)
{
    size_t channels = column_channels(c);
    return channels < CHANNELS_MOST ? channels : CHANNELS_MOST;
}

char *data_array_remark(const Column *c)
{
    size_t channels = column_channels(c);
    return channels > CHANNELS_MOST ? text_format("%d of %zu channels", CHANNELS_MOST, channels) : mem_strdup("");
}

void data_paint_array(const Workbench *w, Pen *pen, Rect area, const Column *c, size_t row)
{
    if (area.height < CHART_HEIGHT)
        return;
    char *remark = data_array_remark(c);
    Rect in = frame_head(pen, (Rect){area.x, area.y, area.width, CHART_HEIGHT}, false, "This row", remark);
    mem_free(remark);
    if (column_is_valid(c, row))
        data_plot_array(w, pen, in, &(DataArray){c, row, 0, data_array_channels(c), true});
    else
        pen_text_fit(pen, in.x, in.y, in.width, ROLE_DATA_NULL, "null: nothing is there");
}
