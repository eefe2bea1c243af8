/* What each event means for the picture of a run. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "run/run_dir.h"
#include "run/tail_private.h"

typedef struct TailPoint {
    double x, y, seconds;
    int64_t step, generation;
} TailPoint;

static TailSeries *tail_need_series(Tail *t, const char *name)
{
    for (size_t i = 0; i < t->series_count; i++)
        if (text_equal(t->series[i].name, name))
            return &t->series[i];
    t->series = mem_realloc(t->series, (t->series_count + 1) * sizeof *t->series);
    TailSeries *s = &t->series[t->series_count++];
    *s = (TailSeries){.name = mem_strdup(name)};
    return s;
}

static void tail_add_point(TailSeries *s, const TailPoint *point)
{
    if (s->count == s->room) {
        s->room = s->room ? 2 * s->room : 64;
        s->x = mem_realloc(s->x, s->room * sizeof *s->x);
        s->y = mem_realloc(s->y, s->room * sizeof *s->y);
        s->seconds = mem_realloc(s->seconds, s->room * sizeof *s->seconds);
        s->steps = mem_realloc(s->steps, s->room * sizeof *s->steps);
        s->generations = mem_realloc(s->generations, s->room * sizeof *s->generations);
    }
    s->x[s->count] = point->x;
    s->y[s->count] = point->y;
    s->seconds[s->count] = point->seconds;
    s->steps[s->count] = point->step;
    s->generations[s->count++] = point->generation;
}

/* JSON has no NaN: a diverged loss comes as text. */
static bool tail_number(const Value *v, double *out)
{
    *out = NAN;
    if (v && value_is_number(v)) {
        *out = value_number(v);
        return true;
    }
    if (!v || v->type != VALUE_TEXT)
        return false;
    if (text_equal(v->text, "inf") || text_equal(v->text, "-inf"))
        *out = v->text[0] == '-' ? -INFINITY : INFINITY;
    return text_equal(v->text, "nan") || !isnan(*out);
}

/* Runs of older versions tell only how long each epoch took. */
static void tail_take_place(Tail *t, const Value *event)
{
    t->trained = value_get_real(event, "elapsed", t->trained + value_get_real(event, "seconds", 0));
    t->place = value_get_real(event, "epoch", 0);
    t->step = value_get_int(event, "step", 0);
}

static void tail_add_metrics(Tail *t, const Value *event, const char *prefix)
{
    static const char *const also[][2] = {{"lr", "learning_rate"}, {"grad_norm", "gradient_norm"},
                                          {"rate", "rate"},        {"seconds", "seconds"},
                                          {"cpu", "cpu"},          {"memory", "memory"}};
    const Value *metrics = value_get(event, "m");
    tail_take_place(t, event);
    TailPoint p = {.x = t->place, .seconds = t->trained, .step = t->step, .generation = value_get_int(event, "g", 0)};
    for (size_t i = 0; metrics && metrics->type == VALUE_MAP && i < metrics->size; i++) {
        if (!tail_number(metrics->items[i], &p.y))
            continue;
        char *name = text_format("%s%s", prefix, metrics->keys[i]);
        tail_add_point(tail_need_series(t, name), &p);
        mem_free(name);
    }
    for (size_t i = 0; i < sizeof also / sizeof *also; i++) {
        if (!tail_number(value_get(event, also[i][0]), &p.y))
            continue;
        char *name = text_format("%s%s", prefix, also[i][1]);
        tail_add_point(tail_need_series(t, name), &p);
        mem_free(name);
    }
}

static double tail_last_epoch(const Tail *t)
{
    return value_get_real(t->last_epoch, "epoch", 0);
}

static void tail_set_last_epoch(Tail *t)
{
    t->last_epoch = t->epochs->size > 0 ? t->epochs->items[t->epochs->size - 1] : NULL;
}

/* "learning_rate 0.001, patience 20" of a change, else what was written. */
static char *tail_note_text(const Value *event)
{
    Text out = {0};
    bool is_set = text_equal(value_get_text(event, "verb", ""), "set");
    for (size_t i = 0; is_set && run_setting(i); i++) {
        double value;
        if (tail_number(value_get(event, run_setting(i)->name), &value))
            text_addf(&out, "%s%s %.6g", out.size ? ", " : "", run_setting(i)->name, value);
    }
    if (!out.size)
        text_add(&out, value_get_text(event, "text", value_get_text(event, "message", value_get_text(event, "name", ""))));
    if (value_get(event, "refused"))
        text_addf(&out, "%s%s", out.size ? ": " : "", value_get_text(event, "refused", ""));
    return text_take(&out);
}

static void tail_add_note(Tail *t, const Value *event)
{
    t->notes = mem_realloc(t->notes, (t->notes_count + 1) * sizeof *t->notes);
    TailNote *n = &t->notes[t->notes_count++];
    n->epoch = value_get_real(event, "epoch", tail_last_epoch(t));
    n->step = value_get_int(event, "step", 0);
    n->generation = value_get_int(event, "g", 0);
    n->event = mem_strdup(value_get_text(event, "e", ""));
    n->verb = mem_strdup(value_get_text(event, "verb", ""));
    n->text = tail_note_text(event);
    n->by = mem_strdup(value_get_text(event, "by", ""));
    n->fields = value_copy(event);
}

static void tail_note_done(TailNote *n)
{
    mem_free(n->event);
    mem_free(n->verb);
    mem_free(n->text);
    mem_free(n->by);
    value_free(n->fields);
}

bool tail_note_is_set(const TailNote *n, const char *name, double *value)
{
    bool is_taken = text_equal(n->event, "control") && text_equal(n->verb, "set") && !value_get(n->fields, "refused");
    return is_taken && tail_number(value_get(n->fields, name), value);
}

char *tail_note_line(const TailNote *n)
{
    bool is_refused = value_get(n->fields, "refused") != NULL;
    const char *what = is_refused ? "refused" : *n->verb ? run_verb_taken(n->verb) : text_equal(n->event, "resume") ? "resumed" : n->event;
    return *n->text ? text_format("%s: %s", what, n->text) : mem_strdup(what);
}

static void tail_drop_points(TailSeries *s, int64_t generation, int64_t step)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (s->generations[i] < generation && s->steps[i] > step)
            continue;
        s->x[kept] = s->x[i];
        s->y[kept] = s->y[i];
        s->seconds[kept] = s->seconds[i];
        s->steps[kept] = s->steps[i];
        s->generations[kept++] = s->generations[i];
    }
    s->count = kept;
}

/* Control events outlive their generation; so do the marks of earlier resumes. */
static bool tail_note_stays(const TailNote *n, int64_t generation, int64_t step)
{
    return n->generation >= generation || n->step <= step || text_equal(n->event, "control") || text_equal(n->event, "resume");
}

static void tail_drop_notes(Tail *t, int64_t generation, int64_t step)
{
    size_t kept = 0;
    for (size_t i = 0; i < t->notes_count; i++) {
        if (tail_note_stays(&t->notes[i], generation, step)) {
            t->notes[kept++] = t->notes[i];
            continue;
        }
        tail_note_done(&t->notes[i]);
    }
    t->notes_count = kept;
}

static void tail_drop_events(Value **list, int64_t generation, int64_t step)
{
    Value *kept = value_list();
    for (size_t i = 0; i < (*list)->size; i++) {
        const Value *event = (*list)->items[i];
        if (value_get_int(event, "g", 0) >= generation || value_get_int(event, "step", 0) <= step)
            value_add(kept, value_copy(event));
    }
    value_free(*list);
    *list = kept;
}

static void tail_resume(Tail *t, const Value *event)
{
    int64_t generation = value_get_int(event, "g", 0), step = value_get_int(event, "step", 0);
    t->generation = generation;
    t->step = step;
    for (size_t i = 0; i < t->series_count; i++)
        tail_drop_points(&t->series[i], generation, step);
    tail_drop_notes(t, generation, step);
    tail_drop_events(&t->epochs, generation, step);
    tail_drop_events(&t->layers, generation, step);
    tail_set_last_epoch(t);
    value_free(t->end);
    t->end = NULL;
    t->paused = false;
    if (t->last_bad) /* the line that the killed writer could not finish */
        t->damaged--;
}

static void tail_add_trial(Tail *t, const Value *event)
{
    if (!t->trials)
        t->trials = value_list();
    int64_t n = value_get_int(event, "n", -1);
    for (size_t i = 0; i < t->trials->size; i++)
        if (value_get_int(t->trials->items[i], "n", -1) == n) {
            value_free(t->trials->items[i]);
            t->trials->items[i] = value_copy(event);
            return;
        }
    value_add(t->trials, value_copy(event));
}

static void tail_take_time(Tail *t, const Value *event)
{
    double wall = clock_parse(value_get_text(event, "t", ""));
    if (wall <= 0)
        return;
    if (t->started <= 0)
        t->started = wall;
    t->updated = wall;
}

static void tail_take_control(Tail *t, const Value *event)
{
    const char *verb = value_get_text(event, "verb", "");
    bool is_refused = value_get(event, "refused") != NULL;
    if (text_equal(verb, "pause") && !is_refused)
        t->paused = true;
    else if (text_equal(verb, "resume") || text_equal(verb, "stop") || text_equal(verb, "abort"))
        t->paused = false;
    tail_add_note(t, event);
}

static void tail_take_epoch(Tail *t, const Value *event)
{
    tail_add_metrics(t, event, "");
    value_add(t->epochs, value_copy(event));
    tail_set_last_epoch(t);
}

static void tail_replace(Value **place, const Value *event)
{
    value_free(*place);
    *place = value_copy(event);
}

void tail_fold(Tail *t, Value *event)
{
    const char *name = value_get_text(event, "e", "");
    tail_take_time(t, event);
    if (text_equal(name, "start"))
        tail_replace(&t->start, event);
    else if (text_equal(name, "epoch"))
        tail_take_epoch(t, event);
    else if (text_equal(name, "batch"))
        tail_add_metrics(t, event, "batch.");
    else if (text_equal(name, "layers"))
        value_add(t->layers, value_copy(event));
    else if (text_equal(name, "trial"))
        tail_add_trial(t, event);
    else if (text_equal(name, "end"))
        tail_replace(&t->end, event);
    else if (text_equal(name, "control"))
        tail_take_control(t, event);
    else {
        if (text_equal(name, "resume"))
            tail_resume(t, event);
        tail_add_note(t, event);
    }
    value_free(event);
}

static void tail_free_series(Tail *t)
{
    for (size_t i = 0; i < t->series_count; i++) {
        mem_free(t->series[i].name);
        mem_free(t->series[i].x);
        mem_free(t->series[i].y);
        mem_free(t->series[i].seconds);
        mem_free(t->series[i].steps);
        mem_free(t->series[i].generations);
    }
    mem_free(t->series);
    t->series = NULL;
    t->series_count = 0;
}

void tail_forget(Tail *t)
{
    Value **values[] = {&t->start, &t->end, &t->epochs, &t->layers, &t->trials};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        value_free(*values[i]);
        *values[i] = NULL;
    }
    t->epochs = value_list();
    t->layers = value_list();
    t->last_epoch = NULL;
    tail_free_series(t);
    for (size_t i = 0; i < t->notes_count; i++)
        tail_note_done(&t->notes[i]);
    mem_free(t->notes);
    run_lines_done(&t->lines);
    t->notes = NULL;
    t->notes_count = t->damaged = 0;
    t->offset = 0;
    t->generation = 0;
    t->started = t->updated = t->place = t->trained = 0;
    t->step = 0;
    t->paused = t->last_bad = false;
}
