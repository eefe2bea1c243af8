/* The health of a training, looked at after each epoch: alarms by the rules of alarms.h, and every few epochs a look into the layers. */
#include <math.h>

#include "learn/alarms.h"
#include "learn/loop.h"
#include "run/run_log.h"

enum { LAYERS_MOST = 64 };

/* What the rules read: a number for each epoch, as it was recorded. */
static void health_set(Loop *l, int64_t epoch, double train, double valid, double norm)
{
    LoopHealth *h = &l->health;
    while (h->count < (size_t)epoch) {
        MEM_GROW(h->train, h->count, h->train_room);
        MEM_GROW(h->valid, h->count, h->valid_room);
        MEM_GROW(h->norms, h->count, h->norms_room);
        h->train[h->count] = h->valid[h->count] = h->norms[h->count] = (double)NAN;
        h->count++;
    }
    h->train[epoch - 1] = train;
    h->valid[epoch - 1] = valid;
    h->norms[epoch - 1] = norm;
}

static void read_line(Loop *l, const Value *line)
{
    const char *event = value_get_text(line, "e", "");
    int64_t epoch = value_get_int(line, "epoch", 0);
    const Value *m = value_get(line, "m");
    if (value_get_int(line, "step", 0) > l->s.step || epoch < 1 || epoch > l->epochs)
        return;
    if (text_equal(event, "epoch"))
        health_set(l, epoch, value_get_real(m, SERIES_TRAIN_LOSS, (double)NAN), value_get_real(m, SERIES_VALID_LOSS, (double)NAN),
                   value_get_real(line, "grad_norm", (double)NAN));
    AlarmKind kind = text_equal(event, "alarm") ? alarm_find(value_get_text(line, "kind", "")) : ALARM_KINDS;
    if (kind < ALARM_KINDS)
        l->health.told |= 1U << kind;
}

/* The lives before have written it down. */
void loop_read_health(Loop *l)
{
    RunLog log;
    Error ignored = {0};
    char *file = run_file(l->task->run, "events.jsonl");
    if (run_log_read(file, &log, &ignored))
        for (size_t i = 0; i < log.lines->size; i++)
            read_line(l, log.lines->items[i]);
    run_log_done(&log);
    mem_free(file);
}

void loop_health_done(Loop *l)
{
    mem_free(l->health.train);
    mem_free(l->health.valid);
    mem_free(l->health.norms);
}

/* Takes the text. */
static bool tell(Loop *l, AlarmKind kind, char *text, Error *e)
{
    if (!text || l->health.told >> kind & 1) {
        mem_free(text);
        return true;
    }
    l->health.told |= 1U << kind;
    Value *v = value_map();
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_int(l->s.epoch));
    value_set(v, "kind", value_text(alarm_name(kind)));
    value_set(v, "act", value_text(alarm_act(kind)));
    value_set(v, "text", value_text(text));
    mem_free(text);
    return run_event(l->task->run, "alarm", v, true, e);
}

static Value *histogram_value(const SurveyHistogram *h)
{
    Value *v = value_map(), *bins = value_list();
    const struct {
        const char *name;
        double value;
    } figures[] = {{"min", h->least}, {"max", h->greatest}, {"mean", h->mean}, {"sd", h->sd}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        value_set(v, figures[i].name, loop_brief(figures[i].value));
    for (size_t i = 0; i < SURVEY_BINS; i++)
        value_add(bins, value_int((int64_t)h->bins[i]));
    value_set(v, "bins", bins);
    if (h->not_finite)
        value_set(v, "not_finite", value_int((int64_t)h->not_finite));
    return v;
}

static Value *layer_value(const SurveyLayer *s)
{
    Value *v = value_map();
    value_set(v, "name", value_text(s->name));
    value_set(v, "layer", value_text(s->kind));
    value_set(v, "units", value_int((int64_t)s->units));
    value_set(v, "dead", value_int((int64_t)s->dead));
    value_set(v, "weights", histogram_value(&s->weights));
    value_set(v, "gradients", histogram_value(&s->gradients));
    value_set(v, "activations", histogram_value(&s->activations));
    return v;
}

static bool look_into_layers(Loop *l, Error *e)
{
    const Dataset *rows = l->valid->rows ? l->valid : l->train;
    SurveyLayer *layers = mem_alloc(LAYERS_MOST * sizeof *layers);
    size_t count = trainer_survey(l->trainer, rows->x, rows->rows, layers, LAYERS_MOST), shown = count < LAYERS_MOST ? count : LAYERS_MOST;
    Value *v = value_map(), *list = value_list();
    for (size_t i = 0; i < shown; i++)
        value_add(list, layer_value(&layers[i]));
    value_set(v, "step", value_int(l->s.step));
    value_set(v, "epoch", value_int(l->s.epoch));
    value_set(v, "layers", list);
    bool ok = run_event(l->task->run, "layers", v, false, e) && tell(l, ALARM_DEAD, alarm_dead(layers, shown), e) &&
              tell(l, ALARM_VANISHING, alarm_faint(layers, shown), e);
    mem_free(layers);
    return ok;
}

/* What is said of the validation rows, as outputs hold it now. */
static char *find_never(const Loop *l)
{
    const TargetInfo *target = &l->target;
    size_t classes = target_classes(target);
    bool is_asked = target->is_classes && !target->inputs && l->valid->rows && l->s.epoch >= ALARM_NEVER_FROM;
    if (!is_asked || !classes)
        return NULL;
    size_t *is = mem_alloc(2 * classes * sizeof *is), *said = is + classes;
    for (size_t i = 0; i < l->valid->rows; i++) {
        const float *p = l->outputs + i * classes;
        size_t best = 0;
        for (size_t k = 1; k < classes; k++)
            best = p[k] > p[best] ? k : best;
        is[l->valid->labels[i]]++;
        said[best]++;
    }
    char *text = alarm_never((const char *const *)target->classes.items, is, said, classes);
    mem_free(is);
    return text;
}

bool loop_look(Loop *l, const Value *m, Error *e)
{
    if (!l->task->run)
        return true;
    health_set(l, l->s.epoch, value_get_real(m, SERIES_TRAIN_LOSS, (double)NAN), value_get_real(m, SERIES_VALID_LOSS, (double)NAN),
               trainer_gradient_norm(l->trainer));
    const LoopHealth *h = &l->health;
    const AlarmHistory history = {h->train, h->valid, h->norms, h->count};
    bool is_due = l->plan->histograms && l->s.epoch % l->plan->histograms == 0;
    return tell(l, ALARM_EXPLODING, alarm_exploding(&history), e) && tell(l, ALARM_VANISHING, alarm_vanishing(&history), e) &&
           tell(l, ALARM_GAP, alarm_gap(&history), e) && tell(l, ALARM_PLATEAU, alarm_plateau(&history), e) &&
           tell(l, ALARM_LEAK, alarm_leak(&history), e) && tell(l, ALARM_NEVER, find_never(l), e) && (!is_due || look_into_layers(l, e));
}
