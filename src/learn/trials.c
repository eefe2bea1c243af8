/* Draws until there are as many different trials as were asked for, or no more to be had. Trial n is a function of (space, seed, n)
 * and of the function that makes nets, so a study replays by itself. */
#include "learn/trials.h"

#include <string.h>

#include "base/json.h"
#include "learn/tune/sampler.h"

typedef struct Making {
    const TrialsTask *task;
    Space *space;
    Trials *out;
    Dictionary *seen; /* settings and plans so far, as text */
    TextList read;    /* by the function that makes nets */
    size_t made;      /* trials that can be trained */
} Making;

static bool has_function(const TrialsTask *task)
{
    return task->c->make_net && task->plan->net_function.reference;
}

/* Two plans of one text train to the same bits. */
static char *plan_text(const TrainPlan *plan)
{
    Value *v = fields_to_value(train_spec.params, plan, true);
    value_remove(v, "name");
    value_remove(v, "on_epoch");
    value_remove(v, "checkpoint_every");
    char *text = json_format(v, JSON_CANONICAL);
    value_free(v);
    return text;
}

static bool is_new(Making *m, char *text)
{
    size_t size = strlen(text);
    bool known = dictionary_find(m->seen, text, size) != UINT32_MAX;
    if (!known)
        dictionary_add(m->seen, text, size);
    mem_free(text);
    return !known;
}

/* *read gets the names that the function asked for. */
static bool fill_plan(Making *m, Trial *t, Error *e)
{
    SpecList layers = {0};
    bool own_net = has_function(m->task);
    bool ok = (!own_net || m->task->c->make_net(m->task->c->self, t->settings, &layers, &m->read, e)) &&
              space_apply(t->plan, t->settings, own_net ? &layers : NULL, m->space, e);
    for (size_t i = 0; i < m->read.count; i++)
        space_mark_read(m->space, m->read.items[i]);
    spec_list_done(&layers);
    return ok;
}

static void trial_done(Trial *t)
{
    value_free(t->settings);
    params_free(&train_spec, t->plan);
}

static bool is_fatal(const Error *e)
{
    return e->code == ERROR_CANCELED || e->code == ERROR_MEMORY;
}

/* Rows of a training that are no rows of a study hold nothing in its plan: in a trial's they hold what is usual. */
static TrainPlan *plan_of_trial(const TunePlan *plan)
{
    static const char *const others[] = {"seeds", "jobs", "baselines"};
    TrainPlan *own = params_copy(&train_spec, &plan->base);
    Error none = {0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const Field *f = fields_find(train_spec.params, others[i]);
        field_set_text(f, own, f->def, "trial", &none);
    }
    return own;
}

/* Takes settings. */
static bool add_trial(Making *m, Value *settings, Error *e)
{
    Trial t = {.settings = settings};
    if (!is_new(m, json_format(settings, JSON_CANONICAL))) {
        m->out->repeated++;
        value_free(settings);
        return true;
    }
    t.plan = plan_of_trial(m->task->plan);
    bool ok = fill_plan(m, &t, &t.failure);
    if (!ok && is_fatal(&t.failure)) {
        *e = t.failure;
        trial_done(&t);
        return false;
    }
    if (ok && !is_new(m, plan_text(t.plan))) {
        m->out->repeated++;
        trial_done(&t);
        return true;
    }
    m->made += ok;
    MEM_GROW(m->out->items, m->out->count, m->out->room);
    m->out->items[m->out->count++] = t;
    return true;
}

/* What nobody asked for is searched only where it is read; the first trial tells. */
static bool leave_out_unread(Making *m, Error *e)
{
    const SpecUse *sampler = &m->task->plan->sampler;
    Trial t = {.settings = sampler_of(sampler)->draw(sampler->params, m->space, m->task->seed, 0)};
    t.plan = params_copy(&train_spec, &m->task->plan->base);
    bool ok = fill_plan(m, &t, &t.failure);
    if (ok)
        space_drop_unread(m->space);
    else if (is_fatal(&t.failure))
        *e = t.failure;
    trial_done(&t);
    return ok || !is_fatal(e);
}

static bool has_usual(const Space *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].is_usual && !s->items[i].is_read)
            return true;
    return false;
}

/* Trials to make, all that there are, and draws after which the rest is not left to chance. */
typedef struct Wanted {
    size_t trials, all, draws;
} Wanted;

static bool plan_draws(const TrialsTask *task, const Space *space, Wanted *w, Error *e)
{
    const Sampler *sampler = sampler_of(&task->plan->sampler);
    size_t asked = (size_t)task->plan->trials;
    w->all = sampler->count ? sampler->count(task->plan->sampler.params, space) : space_size(space);
    if (sampler->count && (w->all == SPACE_ENDLESS || w->all > asked))
        return error_set(e, ERROR_USAGE,
                         "tune: the %s has %zu points and trials = %zu would cut it; give trials = %zu, fewer values, or another sampler",
                         sampler->spec.name, w->all, asked, w->all);
    w->trials = w->all != SPACE_ENDLESS && w->all < asked ? w->all : asked;
    w->draws = sampler->count ? w->all : 20 * w->trials + 1000;
    return true;
}

static bool draw_all(Making *m, const Wanted *w, Error *e)
{
    const SpecUse *sampler = &m->task->plan->sampler;
    bool ok = true;
    for (size_t n = 0; ok && n < w->draws && m->out->count < w->trials; n++)
        ok = add_trial(m, sampler_of(sampler)->draw(sampler->params, m->space, m->task->seed, n), e);
    /* Of few settings the last ones are rarely drawn. */
    for (size_t i = 0; ok && !sampler_of(sampler)->count && w->all == w->trials && i < w->all && m->out->count < w->trials; i++)
        ok = add_trial(m, space_point(m->space, i), e);
    return ok;
}

bool trials_make(const TrialsTask *task, Space *space, Trials *out, Error *e)
{
    Making m = {.task = task, .space = space, .out = out, .seen = dictionary_new()};
    Wanted w = {0};
    *out = (Trials){0};
    bool ok = (!has_usual(space) || leave_out_unread(&m, e)) && plan_draws(task, space, &w, e) && draw_all(&m, &w, e);
    if (ok && m.made)
        ok = space_check_read(space, task->plan, has_function(task), &m.read, e);
    if (ok && out->count < (size_t)task->plan->trials)
        out->exhausted = out->count;
    dictionary_unref(m.seen);
    text_list_done(&m.read);
    if (!ok)
        trials_done(out);
    return ok;
}

void trials_done(Trials *t)
{
    for (size_t i = 0; i < t->count; i++)
        trial_done(&t->items[i]);
    mem_free(t->items);
    *t = (Trials){0};
}
