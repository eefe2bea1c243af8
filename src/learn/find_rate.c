/* The learning rate is raised from step to step (Smith 2017) while the loss is watched; what is suggested lies in the longest fall of the
 * smoothed loss. And a schedule's curve. */
#include "learn/find_rate.h"

#include <math.h>

#include "base/number.h"
#include "learn/call.h"
#include "learn/loop.h"

typedef struct Sweep {
    double *rates, *losses, *smoothed; /* of `steps` each */
    size_t count, lowest;
    const char *why;
} Sweep;

static void note(Sweep *s, const FindRatePlan *plan, double rate, double loss)
{
    size_t i = s->count++;
    double past = i ? s->smoothed[i - 1] * (1 - pow(plan->smoothing, (double)i)) : 0;
    s->rates[i] = rate;
    s->losses[i] = loss;
    s->smoothed[i] = (plan->smoothing * past + (1 - plan->smoothing) * loss) / (1 - pow(plan->smoothing, (double)i + 1));
    if (s->smoothed[i] < s->smoothed[s->lowest])
        s->lowest = i;
}

static bool sweep(Loop *l, const FindRatePlan *plan, Sweep *s, Error *e)
{
    s->why = "all rates were tried";
    for (int64_t i = 0; i < plan->steps; i++) {
        double share = plan->steps > 1 ? (double)i / (double)(plan->steps - 1) : 0;
        double rate = plan->from * pow(plan->to / plan->from, share);
        int64_t position = i % l->batches.steps;
        if (position == 0)
            loop_order(l, 1 + i / l->batches.steps);
        if (!job_go_on(l->job, e) || !loop_gather(l, position, e))
            return false;
        double loss = trainer_step(l->trainer, &l->batch, rate, 1, NULL);
        if (!isfinite(loss)) {
            s->why = "the loss was no longer finite";
            return true;
        }
        note(s, plan, rate, loss);
        if (s->smoothed[s->count - 1] > plan->limit * s->smoothed[s->lowest]) {
            s->why = "the loss rose above its limit";
            return true;
        }
        job_progress(l->job, (uint64_t)(i + 1), (uint64_t)plan->steps);
    }
    return true;
}

/* The step at half of the longest fall, not counted in steps that rise between: the "valley" of fastai. O(n^2) for n of some hundreds. */
static size_t valley(const Sweep *s, size_t *length)
{
    size_t end = 0;
    for (size_t i = 0; i < s->count; i++) {
        length[i] = 1;
        for (size_t j = 0; j < i; j++)
            if (s->smoothed[i] < s->smoothed[j] && length[i] < length[j] + 1)
                length[i] = length[j] + 1;
        if (length[i] > length[end])
            end = i;
    }
    size_t fall = length[end] < end ? length[end] : end;
    return end - fall + fall / 3 + fall / 6;
}

static Value *numbers(const double *x, size_t count)
{
    Value *v = value_list();
    for (size_t i = 0; i < count; i++)
        value_add(v, value_real(x[i]));
    return v;
}

/* Two digits: more would say what is not known. */
static double rounded(double rate)
{
    double power = floor(log10(rate)) - 1, scale = pow(10, fabs(power));
    return power < 0 ? round(rate * scale) / scale : round(rate / scale) * scale;
}

static Value *result_of(const Sweep *s, size_t suggested)
{
    Value *v = value_map();
    value_set(v, "suggested", value_real(rounded(s->rates[suggested])));
    value_set(v, "lowest", value_real(rounded(s->rates[s->lowest])));
    value_set(v, "why", value_text(s->why));
    value_set(v, "rates", numbers(s->rates, s->count));
    value_set(v, "losses", numbers(s->losses, s->count));
    value_set(v, "smoothed", numbers(s->smoothed, s->count));
    return v;
}

static bool search(Loop *l, const FindRatePlan *plan, Value **result, Error *e)
{
    size_t steps = (size_t)plan->steps;
    Sweep s = {.rates = mem_try_alloc(3 * steps, sizeof(double), e)};
    size_t *length = s.rates ? mem_try_alloc(steps, sizeof *length, e) : NULL;
    bool ok = length != NULL;
    if (ok) {
        s.losses = s.rates + steps;
        s.smoothed = s.losses + steps;
        ok = sweep(l, plan, &s, e);
    }
    if (ok && s.count < 3)
        ok = error_set(e, ERROR_DIVERGED, "find_rate: the loss is not finite at a rate of %g; begin with a lower one: from", plan->from);
    if (ok)
        *result = result_of(&s, valley(&s, length));
    mem_free(s.rates);
    mem_free(length);
    return ok;
}

bool find_rate(CallContext *c, const Pipeline *p, const FindRatePlan *plan, Value **result, Error *e)
{
    Prepared *d = NULL;
    Loop l = {0};
    if (!(plan->to > plan->from))
        return error_set(e, ERROR_USAGE, "find_rate: to = %g is not above from = %g", plan->to, plan->from);
    if (!call_prepare(c, p, &d, e))
        return false;
    TrainTask task = {.data = d, .plan = &plan->base, .seed = call_seed(p, &plan->base), .threads = call_threads(c)};
    bool ok = loop_init(&l, c->job, &task, e) && search(&l, plan, result, e);
    loop_done(&l);
    prepared_free(d);
    return ok;
}

char *find_rate_text(const Value *result)
{
    char suggested[NUMBER_ROOM], lowest[NUMBER_ROOM];
    number_format_rate(value_get_real(result, "suggested", 0), suggested);
    number_format_rate(value_get_real(result, "lowest", 0), lowest);
    return text_format("learning_rate = %s suggested; the loss was lowest at %s; %zu steps, %s", suggested, lowest,
                       value_items(value_get(result, "rates")), value_get_text(result, "why", ""));
}

static const Field preview_fields[] = {
    {SPEC_FIELD(PreviewPlan, schedule), .doc = "how the learning rate changes", .family = "schedule", .def = "constant"},
    {REAL_FIELD(PreviewPlan, learning_rate), .doc = "the base rate", .def = "0.001", .min = 0, .max = 10, .soft_min = 1e-5,
     .soft_max = 1e-1, .scale = SCALE_LOG},
    {INT_FIELD(PreviewPlan, epochs), .doc = "passes over the training rows", .def = "40", .min = 1, .max = 100000, .soft_min = 5,
     .soft_max = 200, .scale = SCALE_LOG},
    {INT_FIELD(PreviewPlan, steps_per_epoch), .doc = "batches in a pass", .def = "10", .min = 1, .max = 1e9},
    {INT_FIELD(PreviewPlan, points), .doc = "of the curve, from the first step to the last", .def = "100", .min = 1, .max = 100000},
    {0},
};

const Spec preview_schedule_spec = {
    .name = "preview_schedule",
    .doc = "the rates of a schedule before a run",
    .group = "learning",
    .params = preview_fields,
    .params_size = sizeof(PreviewPlan),
};

Value *preview_schedule(const PreviewPlan *plan)
{
    size_t points = (size_t)plan->points;
    int64_t last = plan->epochs * plan->steps_per_epoch - 1;
    double *rates = mem_alloc(points * sizeof *rates);
    schedule_curve(&plan->schedule, plan->learning_rate, &(ScheduleSpan){plan->epochs, plan->steps_per_epoch, points}, rates);
    Value *v = value_map(), *epochs = value_list();
    for (size_t i = 0; i < points; i++)
        value_add(epochs, value_real((double)schedule_curve_step(i, points, last) / (double)plan->steps_per_epoch));
    value_set(v, "epochs", epochs);
    value_set(v, "rates", numbers(rates, points));
    mem_free(rates);
    return v;
}
