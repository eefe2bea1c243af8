/* Sounds in Data: the row under the cursor as a wave and as a log-mel picture, and beside it as a training would hear it. */
#include <math.h>

#include "audio/front_end.h"
#include "base/mem.h"
#include "tui/plot.h"
#include "views/data.h"
#include "views/frame.h"

enum { WAVE_HEIGHT = 6, PICTURE_LEAST = 4, PICTURE_MOST = 14, LABEL_WIDTH = 7, SHADES = 5 };

static void paint_wave(const Workbench *w, Pen *pen, Rect area, const Sound *s)
{
    double *x = mem_alloc((s->frames + 1) * 2 * sizeof *x), *y = x + s->frames;
    PlotReport report = {0};
    for (size_t i = 0; i < s->frames; i++) {
        x[i] = (double)i / s->rate;
        y[i] = sound_sample(s, i * s->channels) / 32768.0;
    }
    PlotSeries series = {.x = x, .y = y, .count = s->frames, .role = ROLE_SERIES_TRAIN};
    Plot plot = {.series = &series,
                 .series_count = 1,
                 .x_max = sound_seconds(s),
                 .x_axis = true,
                 .x_label = "s",
                 .graph = w->graph,
                 .cursor_x = (double)NAN,
                 .y_label_width = LABEL_WIDTH};
    if (s->frames > 1)
        plot_paint(pen, area, &plot, &report);
    mem_free(x);
}

/* From the least to the greatest number in five shades; low bands at the bottom. picture: frames * bands. */
static void paint_shades(const Workbench *w, Pen *pen, Rect area, const float *picture, size_t frames)
{
    static const Role roles[SHADES] = {ROLE_RAMP_1, ROLE_RAMP_2, ROLE_RAMP_3, ROLE_RAMP_4, ROLE_RAMP_5};
    static const uint32_t blocks[SHADES] = {' ', 0x2591, 0x2592, 0x2593, 0x2588}, plain[SHADES] = {' ', '.', ':', '*', '#'};
    size_t bands = (size_t)area.height;
    float low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < frames * bands; i++) {
        low = fminf(low, picture[i]);
        high = fmaxf(high, picture[i]);
    }
    for (int column = 0; column < area.width && frames; column++)
        for (size_t b = 0; b < bands; b++) {
            float x = picture[(size_t)column * frames / (size_t)area.width * bands + b];
            int shade = high > low ? (int)fminf((x - low) / (high - low) * SHADES, SHADES - 1) : 0;
            uint32_t glyph = w->graph == GRAPH_ASCII ? plain[shade] : blocks[shade];
            bool by_glyph = workbench_is_colorless(w); /* the ramp is one of grounds */
            pen_glyph(pen, area.x + column, area.y + area.height - 1 - (int)b, by_glyph ? ROLE_UI : roles[shade], by_glyph ? glyph : ' ');
        }
}

static void paint_picture(const Workbench *w, Pen *pen, Rect area, const Sound *s)
{
    Error e = {0};
    FrontPlan plan = {.rate = s->rate, .frame = 32, .hop = 8, .bands = area.height, .low = 20, .floor = 1e-6};
    FrontEnd *f = front_end_new(&plan, &e);
    FrontStream *stream = f ? front_stream_new(f, &e) : NULL;
    size_t frames = f ? front_end_frames(f, s->frames) : 0;
    float *x = mem_alloc((s->frames + 1) * sizeof *x), *picture = mem_alloc((frames * (size_t)area.height + 1) * sizeof *picture);
    for (size_t i = 0; i < s->frames; i++)
        x[i] = (float)sound_sample(s, i * s->channels) / 32768.0f;
    if (stream && frames)
        paint_shades(w, pen, area, picture, front_stream_push(stream, x, s->frames, picture));
    else
        pen_text_fit(pen, area.x, area.y, area.width, ROLE_UI_DIM, stream ? "shorter than a frame of 32 ms" : e.message);
    front_stream_free(stream);
    front_end_free(f);
    mem_free(x);
    mem_free(picture);
}

static Table *source_row(const Table *source, uint64_t id)
{
    Error ignored = {0};
    size_t row = 0;
    while (row < source->rows && table_row_id(source, row) != id)
        row++;
    return row < source->rows ? table_select(source, &row, 1, &ignored) : NULL;
}

/* What the steps of the recipe that are on sounds make of a row of the source in an epoch; NULL: none of them draws anything. */
static Table *as_trained(const Workbench *w, uint64_t id, int64_t epoch)
{
    const Document *d = app_document(w->app);
    Error ignored = {0};
    Recipe *sounds = recipe_new();
    for (size_t i = 0; d && d->pipeline && i < d->pipeline->recipe->count; i++) {
        const StepUse *use = &d->pipeline->recipe->uses[i];
        const Field *columns = fields_find(use->step->spec.params, "columns");
        if (!use->off && !use->step->fit && columns && columns->def && text_equal(columns->def, "sound"))
            recipe_add(sounds, d->pipeline->recipe, i);
    }
    bool draws = recipe_each_epoch(sounds) < sounds->count;
    Table *one = draws && d->pipeline->source ? source_row(d->pipeline->source, id) : NULL, *out = NULL;
    if (one)
        out = recipe_apply_train(NULL, &(RecipeStretch){sounds, 0, sounds->count, d->pipeline->seed, epoch}, one, &(Roles){0}, &ignored);
    table_unref(one);
    recipe_unref(sounds);
    return out;
}

static int paint_trained(const Workbench *w, Pen *pen, Rect area, const DataSound *cell)
{
    Table *t = as_trained(w, table_row_id(cell->table, cell->row), 1);
    const Column *c = t ? table_column(t, cell->table->names[cell->column]) : NULL;
    Sound s;
    int height = area.height - 1 < PICTURE_MOST ? area.height - 1 : PICTURE_MOST;
    if (c && sound_get(c, 0, &s) && height >= PICTURE_LEAST) {
        char *remark = text_format("%.2f s", sound_seconds(&s));
        Rect in = frame_head(pen, (Rect){area.x, area.y, area.width, height + 1}, false, "As heard in epoch 1", remark);
        mem_free(remark);
        paint_picture(w, pen, in, &s);
    }
    table_unref(t);
    return height + 1;
}

void data_paint_sound(const Workbench *w, Pen *pen, Rect area, const DataSound *cell)
{
    Sound s;
    SoundFacts facts;
    if (area.height < WAVE_HEIGHT + 1)
        return;
    if (!sound_get(cell->table->columns[cell->column], cell->row, &s)) {
        pen_text_fit(pen, area.x, area.y, area.width, ROLE_DATA_NULL, "null: nothing is there");
        return;
    }
    sound_facts(&s, &facts);
    char *remark = facts.clipped > 0 ? text_format("%.2f s, %.2f %% clipped", sound_seconds(&s), 100 * facts.clipped)
                                     : text_format("%.2f s", sound_seconds(&s));
    Rect wave = frame_head(pen, (Rect){area.x, area.y, area.width, WAVE_HEIGHT + 1}, false, "This sound", remark);
    mem_free(remark);
    paint_wave(w, pen, wave, &s);
    area.y += WAVE_HEIGHT + 2;
    area.height -= WAVE_HEIGHT + 2;
    int height = (area.height - 3) / 2;
    height = height > PICTURE_MOST ? PICTURE_MOST : height;
    if (height < PICTURE_LEAST)
        height = area.height - 1 < PICTURE_MOST ? area.height - 1 : PICTURE_MOST;
    if (height < PICTURE_LEAST)
        return;
    char *rate = text_format("to %u Hz", s.rate / 2);
    paint_picture(w, pen, frame_head(pen, (Rect){area.x, area.y, area.width, height + 1}, false, "Log-mel", rate), &s);
    mem_free(rate);
    paint_trained(w, pen, (Rect){area.x, area.y + height + 2, area.width, area.height - height - 2}, cell);
}
