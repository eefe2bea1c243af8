/* Commands of the Train view: requests to the run, which answers between two steps, and how the chart looks. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "run/run_dir.h"
#include "views/commands.h"
#include "views/train.h"

static bool ask(Workbench *w, const char *verb, const char *name, Value *value, Error *e)
{
    Value *arguments = value_map();
    if (name)
        value_set(arguments, name, value);
    bool ok = app_control(w->app, verb, arguments, e);
    value_free(arguments);
    return ok;
}

static bool run_pause(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return ask(w, app_run(w->app)->state == RUN_PAUSED ? "resume" : "pause", NULL, NULL, e);
}

static bool run_stop(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return ask(w, "stop", NULL, NULL, e);
}

static bool run_checkpoint(Workbench *w, const char *argument, Error *e)
{
    (void)argument;
    return ask(w, "checkpoint", NULL, NULL, e);
}

/* A setting that a key changes: how it is asked for, and what it is now. */
typedef struct Setting {
    const char *name, *title, *rule;
    double (*now)(const Curve *c);
} Setting;

static double now_rate(const Curve *c)
{
    return c->learning_rate;
}

static double now_patience(const Curve *c)
{
    return c->patience ? (double)c->patience : 20;
}

static double now_batch(const Curve *c)
{
    return curve_setting(c->run, "batch", (double)value_get_int(c->run->start, "batch", 0));
}

static double now_dropout(const Curve *c)
{
    return curve_setting(c->run, "dropout", (double)NAN);
}

static double now_temperature(const Curve *c)
{
    return curve_setting(c->run, "temperature", (double)NAN);
}

static double more_epochs(const Curve *c)
{
    return c->epochs > 10 ? (double)(c->epochs / 2) : 10;
}

static const Setting rate = {"learning_rate", "Learning rate from the next step on",
                             "a rate is a number above 0 and at most 10, for example 0.001", now_rate};
static const Setting patience = {"patience", "Patience in epochs", "patience is a number of epochs, at least 1", now_patience};
static const Setting dropout = {"dropout", "Dropout of all layers that have one, from the next step on",
                                "dropout is a share from 0 to below 1, for example 0.3", now_dropout};
static const Setting temperature = {"temperature", "Temperature of the distillation from the next step on",
                                    "a temperature is a number from 0.1 to 100", now_temperature};
static const Setting batch = {"batch", "Rows in a batch from the next epoch on", "a batch is a number of rows, at least 1", now_batch};
static const Setting epochs = {"epochs", "Train how many epochs more than planned?", "a number of epochs, at least 1", more_epochs};

static const RunSetting *range_of(const char *name)
{
    size_t i = 0;
    while (!text_equal(run_setting(i)->name, name))
        i++;
    return run_setting(i);
}

static bool set_answer(Workbench *w, const Setting *s, const char *text, Error *e)
{
    double value;
    const RunSetting *range = range_of(s->name);
    bool is_more = s == &epochs;
    if (!number_parse_real(text, strlen(text), &value) || value < range->least || value > range->most ||
        (range->is_whole && value != floor(value)))
        return error_set(e, ERROR_USAGE, "%s", s->rule);
    Curve c;
    if (is_more && train_curve(w, &c)) { /* asked for as a sum, so that two askers do not add up */
        value += (double)c.epochs;
        curve_done(&c);
    }
    return ask(w, "set", s->name, range->is_whole ? value_int((int64_t)value) : value_real(value), e);
}

static bool ask_setting(Workbench *w, const Setting *s, bool (*answer)(Workbench *, const char *, Error *))
{
    char now[NUMBER_ROOM] = "";
    Curve c;
    if (train_curve(w, &c)) {
        if (isfinite(s->now(&c)))
            number_format_real(s->now(&c), now);
        curve_done(&c);
    }
    popup_ask(w, s->title, now, answer);
    return true;
}

#define SETTING(name) \
    static bool name##_answer(Workbench *w, const char *text, Error *e) \
    { \
        return set_answer(w, &name, text, e); \
    } \
    static bool run_##name(Workbench *w, const char *argument, Error *e) \
    { \
        return argument ? name##_answer(w, argument, e) : ask_setting(w, &name, name##_answer); \
    }

SETTING(rate)
SETTING(patience)
SETTING(dropout)
SETTING(temperature)
SETTING(batch)
SETTING(epochs)

static bool note_answer(Workbench *w, const char *text, Error *e)
{
    return ask(w, "note", "text", value_text(text), e);
}

static bool run_note(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return note_answer(w, argument, e);
    popup_ask(w, "Note at this epoch", "", note_answer);
    return true;
}

/* It cannot be taken back, so it is asked for in words. */
static bool abort_answer(Workbench *w, const char *text, Error *e)
{
    if (!text_equal(text, "yes"))
        return error_set(e, ERROR_USAGE, "type yes, or Esc; s stops and keeps the best weights");
    return ask(w, "abort", NULL, NULL, e);
}

static bool run_abort(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return abort_answer(w, argument, e);
    popup_ask(w, "Abort the run without keeping a model? yes, or Esc", "", abort_answer);
    return true;
}

TRAIN_COMMAND(pause, "pause, and go on", "p", 1, "pause", run_pause, need_run);
TRAIN_COMMAND(stop, "stop and keep the best weights", "s", 2, "stop and keep", run_stop, need_run);
TRAIN_COMMAND(checkpoint, "write a checkpoint now", "c", 3, "checkpoint", run_checkpoint, need_run);
TRAIN_COMMAND(rate, "change the learning rate", "e", 4, "edit rate", run_rate, need_run);
TRAIN_COMMAND(patience, "change the patience of early stopping", "E", 0, NULL, run_patience, need_run);
TRAIN_COMMAND(note, "write a note at this epoch", "n", 8, "note", run_note, need_run);
TRAIN_COMMAND(dropout, "change the dropout of all layers that have one", "D", 0, NULL, run_dropout, need_run);
TRAIN_COMMAND(temperature, "change the temperature of a distillation", "T", 0, NULL, run_temperature, need_run);
TRAIN_COMMAND(batch, "change the rows in a batch, from the next epoch on", "b", 0, NULL, run_batch, need_run);
TRAIN_COMMAND(epochs, "train more epochs than planned", "a", 0, NULL, run_epochs, need_run);
TRAIN_COMMAND(abort, "abort: no model is kept", "X", 0, NULL, run_abort, need_run);
