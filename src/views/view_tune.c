/* Tune: the trials of the study, best first; the best so far, and each setting against the score. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "tui/list.h"
#include "views/commands.h"
#include "views/find_run.h"
#include "views/frame.h"
#include "views/train.h"
#include "views/tune.h"

static bool comes_before(const Study *s, size_t a, size_t b, bool by_number)
{
    const Value *x = s->trials->items[a], *y = s->trials->items[b];
    double left = trial_score(x), right = trial_score(y);
    if (by_number)
        return value_get_int(x, "n", 0) < value_get_int(y, "n", 0);
    if (trial_is_running(x) != trial_is_running(y))
        return trial_is_running(x);
    if (isfinite(left) != isfinite(right))
        return isfinite(left);
    if (isfinite(left) && left != right)
        return s->high ? left > right : left < right;
    return value_get_int(x, "n", 0) < value_get_int(y, "n", 0);
}

static void count_trial(Study *s, const Value *trial)
{
    double score = trial_score(trial);
    s->running += trial_is_running(trial);
    s->done += text_equal(trial_status(trial), "done") || text_equal(trial_status(trial), "stopped");
    s->failed += text_equal(trial_status(trial), "failed") || text_equal(trial_status(trial), "diverged");
    if (isfinite(score) && !trial_is_running(trial) && (!isfinite(s->best) || (s->high ? score > s->best : score < s->best))) {
        s->best = score;
        s->best_n = value_get_int(trial, "n", 0);
    }
}

enum { SD_WIDTH = 8 };

static bool study_find(const Workbench *w, Study *s)
{
    *s = (Study){.best = (double)NAN};
    s->run = find_run_of_kind(app_run(w->app), "tune");
    if (!s->run)
        return false;
    s->trials = s->run->trials;
    s->metric = value_get_text(s->run->start, "metric", SERIES_VALID_LOSS);
    s->high = metric_of_series(s->metric) && metric_of_series(s->metric)->is_better_high;
    s->planned = value_get_int(s->run->start, "trials", 0);
    s->count = s->trials ? s->trials->size : 0;
    s->order = mem_alloc((s->count + 1) * sizeof *s->order);
    for (size_t i = 0; i < s->count; i++) {
        size_t k = i;
        count_trial(s, s->trials->items[i]);
        while (k > 0 && comes_before(s, i, s->order[k - 1], VIEW_STATE(TuneState, w, VIEW_TUNE)->by_number)) {
            s->order[k] = s->order[k - 1];
            k--;
        }
        s->order[k] = i;
    }
    const Value *settings = s->count ? value_get(s->trials->items[0], "settings") : NULL;
    bool is_sweep = false;
    for (size_t i = 0; i < value_entries(settings) && s->settings_count < SETTINGS_MAX; i++) {
        s->settings[s->settings_count++] = settings->keys[i];
        is_sweep = is_sweep || text_starts(settings->keys[i], "net.");
    }
    s->has_sd = value_get_int(s->run->start, "seeds", 1) > 1;
    s->chart = (StudyChart)((is_sweep + VIEW_STATE(TuneState, w, VIEW_TUNE)->turned) % CHART_COUNT);
    s->front = study_front(s);
    return true;
}

static void study_done(Study *s)
{
    mem_free(s->order);
    mem_free(s->front);
}

static void setting_text(const Value *trial, const char *name, Text *out)
{
    char number[NUMBER_ROOM];
    const Value *v = value_get(value_get(trial, "settings"), name);
    if (!v)
        text_add(out, "\u00b7");
    else if (v->type == VALUE_REAL && text_equal(name, "learning_rate"))
        text_add(out, number_format_rate(v->real, number));
    else if (v->type == VALUE_REAL)
        text_add(out, number_format_fixed(v->real, fabs(v->real) < 0.01 && v->real != 0 ? 4 : 2, number));
    else if (v->type == VALUE_INT)
        text_addf(out, "%lld", (long long)v->integer);
    else if (v->type == VALUE_TEXT)
        text_add(out, v->text);
}

/* Where the epochs of a trial stand. The spread over seeds is left out where it would take the place of what a net costs. */
static int epochs_at(const Study *s, int width)
{
    return 16 + (s->has_sd && 16 + SD_WIDTH + 6 + 9 * (int)s->settings_count + 8 <= width ? SD_WIDTH : 0);
}

static void paint_trial(const void *self, Pen *pen, Rect row, size_t index, bool is_cursor)
{
    const Study *s = self;
    const Value *trial = s->trials->items[s->order[index]];
    int64_t n = value_get_int(trial, "n", 0), epoch = value_get_int(trial, "epoch", 0);
    bool bad = text_equal(trial_status(trial), "failed") || text_equal(trial_status(trial), "diverged");
    double score = trial_score(trial);
    char number[METRIC_TITLE_ROOM];
    (void)is_cursor;
    if (trial_is_running(trial))
        pen_glyph(pen, row.x, row.y, ROLE_STATE_RUNNING, 0x25cf);
    else if (bad)
        pen_glyph(pen, row.x, row.y, ROLE_STATE_ERROR, 0x2717);
    else if (s->front[s->order[index]])
        pen_glyph(pen, row.x, row.y, ROLE_SERIES_VALID, 0x25c6);
    pen_format(pen, row.x + 2, row.y, ROLE_UI_DIM, "%3lld", (long long)n);
    bool best = n == s->best_n && isfinite(s->best) && !trial_is_running(trial);
    pen_text_right(pen, row.x + 6, row.y, 8,
                   best  ? ROLE_UI_STRONG
                   : bad ? ROLE_STATE_ERROR
                         : ROLE_DATA_NUMBER,
                   isfinite(score) ? metric_format(metric_of_series(s->metric), score, number)
                   : bad           ? "nan"
                                   : "\u00b7");
    int x = row.x + epochs_at(s, row.width);
    if (x > row.x + 16) {
        double sd = value_get_real(trial, "sd", (double)NAN);
        pen_text_right(pen, row.x + 16, row.y, SD_WIDTH - 1, ROLE_DATA_NUMBER,
                       isfinite(sd) ? number_format_fixed(sd, 4, number) : "\u00b7");
    }
    pen_format(pen, x, row.y, ROLE_DATA_NUMBER, "%5lld", (long long)epoch);
    for (size_t k = 0; k < s->settings_count; k++) {
        Text value = {0};
        setting_text(trial, s->settings[k], &value);
        pen_text_right(pen, x + 6 + (int)k * 9, row.y, 8, ROLE_DATA_NUMBER, text_get(&value));
        text_done(&value);
    }
    x += 6 + (int)s->settings_count * 9;
    for (StudyChart cost = CHART_PARAMS; cost < CHART_COUNT && x + 8 <= row.x + row.width; cost++, x += 9) {
        double value = trial_cost(trial, cost);
        pen_text_right(pen, x, row.y, 8, ROLE_DATA_NUMBER, isfinite(value) ? number_format_count((int64_t)value, number) : "\u00b7");
    }
}

static void paint_titles(Pen *pen, Rect in, const Study *s)
{
    const Metric *metric = metric_of_series(s->metric);
    pen_text_right(pen, in.x + 2, in.y, 3, ROLE_UI_DIM, "no");
    pen_text_right(pen, in.x + 6, in.y, 8, ROLE_UI_DIM, metric ? metric->title : s->metric);
    int x = in.x + epochs_at(s, in.width);
    if (x > in.x + 16)
        pen_text_right(pen, in.x + 16, in.y, SD_WIDTH - 1, ROLE_UI_DIM, "sd");
    pen_text_right(pen, x, in.y, 5, ROLE_UI_DIM, "epoch");
    for (size_t k = 0; k < s->settings_count; k++)
        pen_text_right(pen, x + 6 + (int)k * 9, in.y, 8, ROLE_UI_DIM, study_setting_title(s->settings[k]));
    x += 6 + (int)s->settings_count * 9;
    for (StudyChart cost = CHART_PARAMS; cost < CHART_COUNT && x + 8 <= in.x + in.width; cost++, x += 9)
        pen_text_right(pen, x, in.y, 8, ROLE_UI_DIM, cost == CHART_MACS ? "MACs" : study_cost_name(cost));
}

static void paint_trials(const Workbench *w, Pen *pen, Rect pane, const Study *s)
{
    Text remark = {0};
    if (s->running)
        text_addf(&remark, "%zu running   ", s->running);
    text_addf(&remark, "%zu done", s->done);
    if (s->failed)
        text_addf(&remark, "   %zu failed", s->failed);
    Rect in = frame_head(pen, pane, true, "Trials", text_get(&remark));
    text_done(&remark);
    paint_titles(pen, in, s);
    list_paint(pen, (Rect){in.x, in.y + 1, in.width, in.height - 1}, &VIEW_STATE(TuneState, w, VIEW_TUNE)->list, s->count, true,
               paint_trial, s);
    if (!s->count)
        pen_text_fit(pen, in.x, in.y + 1, in.width, ROLE_UI, "The first trials are being prepared.");
}

static const Value *trial_at_cursor(const Workbench *w, const Study *s)
{
    size_t at = VIEW_STATE(TuneState, w, VIEW_TUNE)->list.cursor;
    return at < s->count ? s->trials->items[s->order[at]] : NULL;
}

static void paint_none(const Workbench *w, Pen *pen, Rect body)
{
    const Document *d = app_document(w->app);
    const Spec *sampler = d ? d->tune.sampler.spec : NULL;
    char *search = d ? text_format("u search %lld %s trials", (long long)d->tune.trials, sampler ? sampler->name : "random")
                     : mem_strdup("o open a table");
    const char *words[] = {search, d ? "p plan" : NULL, NULL};
    Rect in = frame_head(pen, body, true, "Trials", "");
    frame_empty(pen, in, "No study yet.", words);
    frame_failure(pen, (Rect){in.x, in.y + 2, in.width, in.height - 2}, app_run(w->app));
    mem_free(search);
}

static void paint(const Workbench *w, Pen *pen, Rect body)
{
    Study s;
    Rect pane, side;
    if (!study_find(w, &s)) {
        paint_none(w, pen, body);
        return;
    }
    const Value *at = trial_at_cursor(w, &s);
    frame_columns(w, body, body.width > 160 ? 80 : 48, &pane, &side);
    int lower = !side.width && body.height > 20 ? 9 : 0;
    paint_trials(w, pen, (Rect){pane.x, pane.y, pane.width, pane.height - lower}, &s);
    if (lower)
        tune_paint_chart(w, pen, (Rect){pane.x, pane.y + pane.height - lower + 1, pane.width, lower - 1}, &s, at);
    if (side.width) {
        enum { CHART = 13, CHART_MOST = 24, SETTINGS = 20 };
        int chart = side.height - SETTINGS > CHART ? side.height - SETTINGS : side.height / 2 > CHART ? CHART : side.height / 2;
        chart = chart > CHART_MOST ? CHART_MOST : chart;
        tune_paint_chart(w, pen, (Rect){side.x, side.y, side.width, chart}, &s, at);
        tune_paint_settings(pen, (Rect){side.x, side.y + chart + 1, side.width, side.height - chart - 1}, &s);
    }
    study_done(&s);
}

static bool key(Workbench *w, Key k)
{
    const Tail *study = find_run_of_kind(app_run(w->app), "tune");
    return study && study->trials && list_key(&VIEW_STATE(TuneState, w, VIEW_TUNE)->list, k, study->trials->size, w->body.height - 2);
}

static void status(const Workbench *w, Text *left, Text *right)
{
    Study s;
    char number[METRIC_TITLE_ROOM];
    if (!study_find(w, &s)) {
        text_add(left, "no study yet");
        return;
    }
    const Value *trial = trial_at_cursor(w, &s);
    const char *failed = value_get_text(trial, "error", NULL);
    if (failed)
        text_addf(left, "trial %lld: %s", (long long)value_get_int(trial, "n", 0), failed);
    else if (isfinite(s.best))
        text_addf(left, "best %s   trial %lld", metric_format(metric_of_series(s.metric), s.best, number), (long long)s.best_n);
    else
        text_add(left, "no trial has ended yet");
    if (s.planned)
        text_addf(right, "%zu of %lld trials%s", s.done + s.failed, (long long)s.planned,
                  value_get_int(s.run->start, "exhausted", 0) ? ", all that the space has" : "");
    study_done(&s);
}

const View view_tune = {.name = "Tune", .state_size = sizeof(TuneState), .paint = paint, .key = key, .status = status, .panes = 1};

static bool run_search(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return start_run(w, APP_TUNE, e);
}

static bool run_order(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    TuneState *s = VIEW_STATE(TuneState, w, VIEW_TUNE);
    s->by_number = !s->by_number;
    return true;
}

static bool run_chart(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    VIEW_STATE(TuneState, w, VIEW_TUNE)->turned++;
    return true;
}

static bool apply_plan(Workbench *w, void *self, const Value *params, Error *e)
{
    (void)self;
    TunePlan *plan = params_from_value(&tune_spec, params, e);
    if (!plan)
        return false;
    Document *next = document_edit(app_document(w->app), "tuning plan", "Tune p");
    fields_done(tune_spec.params, &next->tune);
    next->tune = *plan;
    next->has_tune = true;
    mem_free(plan);
    return app_edit(w->app, next, e);
}

static bool run_plan(Workbench *w, const char *argument, Error *e)
{
    (void)argument, (void)e;
    Value *params = fields_to_value(tune_spec.params, &app_document(w->app)->tune, false);
    popup_form(w, &(FormUse){.spec = &tune_spec, .params = params, .remark = "tuning plan", .lua_prefix = "p:tune", .apply = apply_plan});
    value_free(params);
    return true;
}

static bool need_study(const Workbench *w, Text *why)
{
    if (find_run_of_kind(app_run(w->app), "tune"))
        return true;
    text_add(why, "no study yet; u starts one");
    return false;
}

static bool run_stop(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return app_control(w->app, "stop", NULL, e);
}

/* The settings of the trial under the cursor become the net and the plan. */
static bool run_make(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    Study s;
    study_find(w, &s);
    const Value *trial = trial_at_cursor(w, &s), *plan = trial ? value_get(trial, "plan") : NULL;
    study_done(&s);
    if (!plan)
        return error_set(e, ERROR_FAILED, trial ? "this trial did not record its plan" : "no trial here");
    TrainPlan *next_plan = params_from_value(&train_spec, plan, e);
    if (!next_plan)
        return false;
    Document *next = document_edit(app_document(w->app), "net and plan of a trial", "Tune m");
    fields_done(train_spec.params, &next->train);
    next->train = *next_plan;
    mem_free(next_plan);
    return app_edit(w->app, next, e);
}

#define TUNE(id, text, k, place, short_word, fn, may) \
    const Command command_tune_##id = {.spec = {.name = "tune_" #id, .doc = text, .group = "u tune"}, \
                                       .key = k, \
                                       .views = IN(VIEW_TUNE), \
                                       .hint = place, \
                                       .word = short_word, \
                                       .can_run = may, \
                                       .run = fn}

TUNE(search, "search: the worker runs the trials, two at once", "u", 1, "search", run_search, need_table);
TUNE(plan, "space, trials, method", "p", 2, "plan", run_plan, need_table);
TUNE(order, "by score or by number", "i", 3, "order", run_order, need_study);
TUNE(chart, "the best so far, or the score against params or MACs", "c", 6, "chart", run_chart, need_study);
TUNE(stop, "stop the study; what is done stays", "s", 4, "stop", run_stop, need_study);
TUNE(make, "make this trial the net and the plan", "m", 5, "make it the net", run_make, need_study);
