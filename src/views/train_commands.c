/* Commands of the Train view: requests to the run, which answers between two steps, and how the chart looks. */
#include <math.h>
#include <string.h>

#include "base/number.h"
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

static bool rate_answer(Workbench *w, const char *text, Error *e)
{
    double rate;
    if (!number_parse_real(text, strlen(text), &rate) || rate <= 0 || rate > 10)
        return error_set(e, ERROR_USAGE, "a rate is a number above 0 and at most 10, for example 0.001");
    return ask(w, "set", "learning_rate", value_real(rate), e);
}

static bool run_rate(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return rate_answer(w, argument, e);
    char now[NUMBER_ROOM] = "0.001";
    Curve c;
    if (train_curve(w, &c)) {
        if (isfinite(c.learning_rate))
            number_format_real(c.learning_rate, now);
        curve_done(&c);
    }
    popup_ask(w, "Learning rate from the next step on", now, rate_answer);
    return true;
}

static bool patience_answer(Workbench *w, const char *text, Error *e)
{
    int64_t n;
    if (!number_parse_int(text, strlen(text), &n) || n < 1)
        return error_set(e, ERROR_USAGE, "patience is a number of epochs, at least 1");
    return ask(w, "set", "patience", value_int(n), e);
}

static bool run_patience(Workbench *w, const char *argument, Error *e)
{
    if (argument)
        return patience_answer(w, argument, e);
    char now[NUMBER_ROOM] = "20";
    Curve c;
    if (train_curve(w, &c)) {
        if (c.patience)
            number_format_real((double)c.patience, now);
        curve_done(&c);
    }
    popup_ask(w, "Patience in epochs", now, patience_answer);
    return true;
}

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

#define TRAIN(id, text, k, place, short_word, fn, may) \
    const Command command_train_##id = {.spec = {.name = "train_" #id, .doc = text, .group = "t train"}, \
                                        .key = k, \
                                        .views = IN(VIEW_TRAIN), \
                                        .hint = place, \
                                        .word = short_word, \
                                        .can_run = may, \
                                        .run = fn}

TRAIN(pause, "pause, and go on", "p", 1, "pause", run_pause, need_run);
TRAIN(stop, "stop and keep the best weights", "s", 2, "stop and keep", run_stop, need_run);
TRAIN(checkpoint, "write a checkpoint now", "c", 3, "checkpoint", run_checkpoint, need_run);
TRAIN(rate, "change the learning rate", "e", 4, "edit rate", run_rate, need_run);
TRAIN(patience, "change the patience of early stopping", "E", 0, NULL, run_patience, need_run);
TRAIN(note, "write a note at this epoch", "n", 8, "note", run_note, need_run);
