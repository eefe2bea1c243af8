/* What a training needs before its first step: model, trainer, buffers, class weights, the watched metric. All memory of the step
 * loop is made here. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/thread.h"
#include "learn/loop.h"
#include "learn/reconstruction.h"
#include "learn/threshold.h"

const Metric *train_check_metric(const char *name, size_t classes, size_t valid_rows, Error *e)
{
    bool is_valid = text_starts(name, "valid."), is_train = text_starts(name, "train.");
    const Metric *m = is_valid || is_train ? metric_of_series(name) : NULL;
    if (!m || !metric_fits(m, classes) || (is_train && !m->is_running)) {
        Text known = {0};
        metric_series_list(classes, true, &known);
        error_set(e, ERROR_USAGE, "early_stop: no metric \"%s\" here; there are %s", name, text_get(&known));
        text_done(&known);
        return NULL;
    }
    SpecUse use = {0};
    if (!metric_use_of_name(&use, name + 6, e)) {
        error_prefix(e, "early_stop: ");
        return NULL;
    }
    spec_use_done(&use);
    if (is_valid && !valid_rows) {
        error_set(e, ERROR_USAGE, "early_stop watches %s, but the validation part has no rows; give split a valid share", name);
        return NULL;
    }
    return m;
}

void figures_asked(const char *series, TextList *names)
{
    const char *name = series && strchr(series, '(') ? strchr(series, '.') : NULL;
    if (name && !text_list_has(names, name + 1))
        text_list_add(names, name + 1);
}

bool train_check_teachable(const char *target, size_t classes, Error *e)
{
    return classes || error_set(e, ERROR_USAGE, "distill needs a target with classes; %s is a number", target);
}

static bool check_metric(Loop *l, const char *name, Error *e)
{
    const Metric *m = train_check_metric(name, target_classes(&l->data->target), l->valid->rows, e);
    if (!m)
        return false;
    l->watched = name;
    l->watched_high = m->is_better_high;
    return true;
}

/* A metric that the validation part cannot have would end the training after `patience` epochs of nothing. */
static bool avoid_undefined(Loop *l, Error *e)
{
    if (!text_starts(l->watched, "valid.") || metric_is_defined(l->watched + 6, &l->data->target, l->valid))
        return true;
    char *note = text_format("%s is undefined in the validation part: valid.loss is watched instead", l->watched);
    text_list_add(&l->notes, note);
    mem_free(note);
    return check_metric(l, SERIES_VALID_LOSS, e);
}

/* The loss that is named somewhere; NULL: the usual one. */
static const SpecUse *loss_given(const Loop *l)
{
    return l->distill_loss.spec ? &l->distill_loss : l->input_loss.spec ? &l->input_loss : l->plan->loss.spec ? &l->plan->loss : NULL;
}

static bool choose_metric(Loop *l, Error *e)
{
    const EarlyStop *stop = l->plan->early_stop.spec ? l->plan->early_stop.params : NULL;
    const char *usual = l->valid->rows ? SERIES_VALID_LOSS : SERIES_TRAIN_LOSS;
    if (stop)
        l->s.patience = stop->patience;
    if (!loss_given(l) || !((const Loss *)loss_given(l)->spec)->takes_input) /* else nothing is asked of the classes that it learns from */
        notes_of_parts(&l->data->target, l->train, l->valid, &l->notes);
    if (!check_metric(l, stop && stop->metric && *stop->metric ? stop->metric : usual, e) || !avoid_undefined(l, e))
        return false;
    if (stop && stop->mode)
        l->watched_high = stop->mode == 2;
    return true;
}

/* Before anything is trained; costs too. */
static bool check_threshold(Loop *l, Error *e)
{
    if (!l->plan->threshold)
        return true;
    ThresholdPlan *plan = threshold_plan_from_value(l->plan->threshold, e);
    ThresholdRows rows = {.target = &l->target, .data = l->valid, .on = "valid"};
    double *costs = plan && threshold_check(plan, &rows, e) ? costs_from_value(&l->target, plan->costs, e) : NULL;
    bool ok = costs != NULL;
    mem_free(costs);
    params_free(&threshold_spec, plan);
    return ok;
}

static bool make_target(Loop *l, Error *e)
{
    const SpecUse *loss = loss_given(l);
    const NumberList *q = loss && ((const Loss *)loss->spec)->quantiles ? ((const Loss *)loss->spec)->quantiles(loss->params) : NULL;
    l->target = target_info_copy(&l->data->target);
    figures_asked(l->watched, &l->also);
    figures_asked(l->task->figure, &l->also);
    l->target.also = &l->also;
    if (q && q->count && !l->target.is_classes)
        target_info_quantiles(&l->target, q);
    if (l->plan->hold_range)
        target_info_hold(&l->target, l->train);
    if (!reconstruction_begin(&l->target, loss, l->train, e) || !check_threshold(l, e))
        return false;
    if (l->plan->class_weights)
        return target_info_weigh(&l->target, l->plan->class_weights, e);
    return l->plan->class_weight == 0 || !l->target.is_classes || target_info_balance(&l->target, l->train, e);
}

static bool make_distill_loss(Loop *l, Error *e)
{
    if (!l->task->teacher && !l->task->teacher_logits) {
        const SpecUse *loss = &l->plan->loss;
        if (loss->spec && text_equal(loss->spec->name, "distillation"))
            return error_set(e, ERROR_USAGE, "the distillation loss needs a teacher; use distill");
        return true;
    }
    if (!train_check_teachable(l->data->target.name, target_classes(&l->data->target), e))
        return false;
    Value *v = value_map();
    value_set(v, "loss", value_text("distillation"));
    value_set(v, "temperature", value_real(l->task->temperature));
    value_set(v, "alpha", value_real(l->task->alpha));
    bool ok = spec_use_from_value(&l->distill_loss, "loss", v, "distill", e);
    value_free(v);
    return ok;
}

/* A target that is the input has one loss that can learn it. */
static bool make_input_loss(Loop *l, Error *e)
{
    if (!l->data->target.is_input || l->plan->loss.spec)
        return true;
    Value *v = value_text("reconstruction");
    bool ok = spec_use_from_value(&l->input_loss, "loss", v, "train", e);
    value_free(v);
    return ok;
}

static bool make_trainer(Loop *l, Error *e)
{
    const TrainPlan *p = l->plan;
    l->model = model_new(&p->net, &l->train->input, (int64_t)target_net_outputs(&l->target), l->task->seed, e);
    if (!l->model && l->data->flat)
        error_prefix(e, "%s: ", l->data->flat);
    if (!l->model || !model_fit(l->model, l->train->x, l->train->rows, e) || !loop_begin_with(l, e) || !loop_cut_batches(l, e))
        return false;
    TrainerPlan plan = {.optimizer = p->optimizer,
                        .loss = loss_given(l) ? *loss_given(l) : (SpecUse){0},
                        .batch = l->most_rows,
                        .threads = l->task->threads > 0 ? l->task->threads : thread_cores(),
                        .l1 = p->l1,
                        .l2 = p->l2,
                        .decay = p->decay,
                        .unit_norm = p->unit_norm,
                        .max_norm = p->max_norm,
                        .clip = p->clip,
                        .accumulate = p->accumulate,
                        .average = p->average,
                        .per_layer = &p->per_layer,
                        .seed = l->task->seed,
                        .classes = l->target.is_classes && !l->target.inputs,
                        .positive = target_positive(&l->target)};
    l->trainer = trainer_new(l->model, &plan, e);
    if (!l->trainer)
        return false;
    for (size_t i = 0; i < trainer_blob_count(l->trainer); i++) {
        const char *name;
        void *bytes;
        size_t size;
        trainer_blob(l->trainer, i, &name, &bytes, &size);
        if (text_equal(name, "weights")) {
            l->weights = bytes;
            l->weights_size = size;
        }
    }
    l->s.base_rate = p->optimizer.spec ? optimizer_rate(&p->optimizer) : 1e-3;
    return true;
}

static bool make_buffers(Loop *l, Error *e)
{
    size_t batch = (size_t)l->most_rows;
    size_t outputs = target_outputs(&l->target), most = l->train->rows > l->valid->rows ? l->train->rows : l->valid->rows;
    l->x = mem_try_aligned(batch * l->train->width, sizeof(float), e);
    l->changed = l->data->each_epoch ? mem_try_aligned(l->train->rows * l->train->width, sizeof(float), e) : NULL;
    l->ids = mem_try_aligned(batch, sizeof *l->ids, e);
    l->order = mem_try_alloc(l->train->rows, sizeof *l->order, e);
    l->labels = mem_try_aligned(batch, sizeof *l->labels, e);
    l->values = mem_try_aligned(batch * outputs, sizeof *l->values, e);
    l->row_weights = mem_try_aligned(batch, sizeof *l->row_weights, e);
    l->teacher = mem_try_aligned(batch * outputs, sizeof(float), e);
    l->outputs = mem_try_aligned(most * outputs, sizeof(float), e);
    l->errors = l->target.inputs ? mem_try_alloc(most + 1, sizeof *l->errors, e) : NULL;
    l->block = l->target.inputs ? mem_try_aligned(LOOP_BLOCK * l->target.inputs, sizeof(float), e) : NULL;
    l->best_weights = mem_try_aligned(l->weights_size, 1, e);
    l->batch = (Batch){.x = l->x,
                       .row_ids = l->ids,
                       .labels = l->train->labels && !l->target.inputs ? l->labels : NULL,
                       .values = l->target.inputs   ? l->x
                                 : l->train->values ? l->values
                                                    : NULL,
                       .weights = l->target.class_weights ? l->row_weights : NULL,
                       .teacher = l->distill_loss.spec ? l->teacher : NULL};
    if ((l->data->each_epoch && !l->changed) || (l->target.inputs && (!l->errors || !l->block)))
        return false;
    return l->x && l->ids && l->order && l->labels && l->values && l->row_weights && l->teacher && l->outputs && l->best_weights;
}

/* The usual batch is more than a small table has: that is no slip of the user's. */
static void note_batch(Loop *l)
{
    enum { USUAL = 256 };
    if (l->plan->batch <= USUAL || l->plan->batch <= (int64_t)l->train->rows)
        return;
    char *note = text_format("batch = %lld is more than the %zu training rows: every epoch is one step over all of them",
                             (long long)l->plan->batch, l->train->rows);
    text_list_add(&l->notes, note);
    mem_free(note);
}

bool loop_init(Loop *l, Job *job, const TrainTask *task, Error *e)
{
    *l = (Loop){.job = job,
                .task = task,
                .plan = task->plan,
                .data = task->data,
                .train = &task->data->data[PART_TRAIN],
                .valid = &task->data->data[PART_VALID]};
    if (!l->train->rows)
        return error_set(e, ERROR_FAILED, "the steps behind the split have dropped all %zu rows of the training part; loosen them",
                         task->data->raw[PART_TRAIN]->rows);
    l->s.epoch = 1;
    l->epochs = l->plan->epochs;
    l->s.schedule = (ScheduleState){.factor = 1, .best = INFINITY};
    l->started = l->epoch_started = clock_now();
    l->epoch_cpu = clock_cpu();
    l->last_checkpoint = -INFINITY;
    note_batch(l);
    bool ok = make_distill_loss(l, e) && make_input_loss(l, e) && choose_metric(l, e) && make_target(l, e) && make_trainer(l, e) &&
              make_buffers(l, e) && loop_teacher_init(l, e);
    if (!ok && e->code == ERROR_MEMORY && l->model)
        error_prefix(e, "training a net of %lld weights in batches of %lld rows: ", (long long)model_params(l->model),
                     (long long)l->most_rows);
    return ok;
}

void loop_done(Loop *l)
{
    if (l->task && l->task->run && l->task->run->check_self == l)
        l->task->run->check = NULL;
    trainer_free(l->trainer);
    model_free(l->model);
    bundle_unref(l->begun_with);
    spec_use_done(&l->distill_loss);
    spec_use_done(&l->input_loss);
    mem_free(l->bad);
    mem_free(l->errors);
    mem_free(l->block);
    model_scratch_free(l->teacher_scratch);
    mem_free(l->teacher_input.owned);
    mem_free(l->best_weights);
    mem_free(l->order);
    mem_free(l->changed);
    mem_free(l->x);
    mem_free(l->values);
    mem_free(l->row_weights);
    mem_free(l->teacher);
    mem_free(l->teacher_x);
    mem_free(l->valid_teacher);
    mem_free(l->train_teacher);
    mem_free(l->labels);
    mem_free(l->ids);
    target_info_done(&l->target);
    text_list_done(&l->notes);
    text_list_done(&l->also);
    mem_free(l->outputs);
    loop_health_done(l);
    mem_free(l->rebatched);
    value_free(l->history);
}
