/* The baselines by name, each from training rows to finished outputs of the judged rows. */
#include "learn/baselines.h"

#include <math.h>

#include "learn/figure.h"
#include "learn/parts.h"
#include "num/trees.h"

static const double MARGIN = 0.01;

typedef struct Bench {
    Job *job;
    const BaselinesTask *task;
    const Dataset *train;
    const TargetInfo *target;
    const double *weights; /* of classes, as the nets were trained; NULL: all 1 */
    size_t outputs;
    TextList notes;
} Bench;

static double weight_of(const Bench *b, size_t class)
{
    return b->weights ? b->weights[class] : 1;
}

/* The share of each class in the weight of the training rows; of a number the mean, which is 0 where it is standardized. */
static bool majority(Bench *b, float *outputs, bool *is_there, Error *e)
{
    double *shares = mem_try_alloc(b->outputs + 1, sizeof *shares, e), sum = 0;
    for (size_t i = 0; shares && b->train->labels && i < b->train->rows; i++) {
        size_t class = (size_t)b->train->labels[i];
        shares[class] += weight_of(b, class);
        sum += weight_of(b, class);
    }
    for (size_t i = 0; shares && i < b->task->judged->rows * b->outputs; i++)
        outputs[i] = sum > 0 ? (float)(shares[i % b->outputs] / sum) : 0;
    *is_there = true;
    mem_free(shares);
    return shares != NULL;
}

/* In time: the column that does best as a forecast of the training rows, the last value say. */
static bool last(Bench *b, float *outputs, bool *is_there, Error *e)
{
    const TargetInfo *t = b->target;
    bool in_time = !t->is_classes && t->outputs_count == 1 && t->outputs[0].naive > 0 && b->task->raw;
    const char *name = in_time ? baseline_column(b->task->data) : NULL;
    const Column *c = name ? table_column(b->task->raw, name) : NULL;
    (void)e;
    *is_there = c && column_is_numeric(c) && c->rows == b->task->judged->rows;
    for (size_t i = 0; *is_there && i < c->rows; i++)
        outputs[i] = (float)((column_real(c, i) - t->outputs[0].mean) / t->outputs[0].sd);
    return true;
}

/* {class: weight} */
static Value *weights_value(const Bench *b)
{
    Value *v = value_map();
    for (size_t i = 0; i < b->target->classes.count; i++)
        value_set(v, b->target->classes.items[i], value_real(b->weights[i]));
    return v;
}

static Value *linear_plan(const Bench *b)
{
    Value *plan = value_map(), *adam = value_map(), *stop = value_map();
    value_set(adam, "optimizer", value_text("adam"));
    value_set(adam, "learning_rate", value_real(0.01));
    value_set(stop, "stopping", value_text("early_stop"));
    value_set(stop, "metric", value_text(SERIES_TRAIN_LOSS));
    value_set(stop, "patience", value_int(10));
    value_set(stop, "min_delta", value_real(1e-4));
    value_set(plan, "net", value_list());
    value_set(plan, "epochs", value_int(500));
    value_set(plan, "l2", value_real(1e-4));
    value_set(plan, "optimizer", adam);
    value_set(plan, "early_stop", stop);
    if (b->weights)
        value_set(plan, "class_weights", weights_value(b));
    return plan;
}

/* Logistic or ridge regression: our own net without a hidden layer, until its loss gets no smaller. */
static bool linear(Bench *b, float *outputs, bool *is_there, Error *e)
{
    Value *settings = linear_plan(b), *result = NULL;
    TrainPlan *plan = params_from_value(&train_spec, settings, e);
    Bundle *model = NULL;
    TrainTask task = {.data = b->task->data, .plan = plan, .seed = b->task->seed, .threads = b->task->threads};
    bool ok = plan && train_run(b->job, &task, &model, &result, e) &&
              bundle_infer(model, NULL, b->task->judged->x, b->task->judged->rows, outputs, e);
    *is_there = ok;
    bundle_unref(model);
    value_free(result);
    value_free(settings);
    params_free(&train_spec, plan);
    return ok;
}

static bool trees(Bench *b, float *outputs, bool *is_there, Error *e)
{
    const Dataset *d = b->train, *judged = b->task->judged;
    TreesTask task = {.x = d->x,
                      .rows = d->rows,
                      .width = d->width,
                      .labels = d->labels,
                      .classes = target_classes(b->target),
                      .weights = b->weights,
                      .values = d->values,
                      .numbers = b->target->outputs_count,
                      .judged = judged->x,
                      .judged_rows = judged->rows,
                      .threads = b->task->threads,
                      .seed = b->task->seed};
    *is_there = trees_are_there();
    if (!*is_there)
        text_list_add(&b->notes, "boosted trees were not asked: XGBoost's library (libxgboost) is not installed");
    return !*is_there || trees_run(&task, outputs, e);
}

static const struct {
    const char *name;
    bool (*run)(Bench *b, float *outputs, bool *is_there, Error *e); /* is_there: it has a say on this target */
} baselines[] = {{"majority", majority}, {"last", last}, {"linear", linear}, {"trees", trees}};
enum { BASELINES = sizeof baselines / sizeof *baselines };

static bool check(const BaselinesTask *t, Error *e)
{
    const TargetInfo *target = &t->nets[0]->target;
    const char *why = target->inputs                                           ? "a net that gives its input again"
                      : target->outputs_count != t->data->target.outputs_count ? "quantiles"
                                                                               : NULL;
    if (why)
        return error_set(e, ERROR_USAGE, "baselines: there are none for %s; leave baselines out", why);
    return t->judged->rows || error_set(e, ERROR_USAGE, "baselines: the %s part has no rows to judge on; give split a share for it", t->on);
}

static Contestant contestant(const char *name, size_t count)
{
    return (Contestant){.name = name, .judged = mem_alloc((count + 1) * sizeof(Judged)), .count = count};
}

static float *room(const Bench *b, Judged *j, double threshold, Error *e)
{
    j->threshold = threshold;
    j->figures = value_map();
    j->outputs = mem_try_aligned((b->task->judged->rows + 1) * b->outputs, sizeof *j->outputs, e);
    return j->outputs;
}

static bool add_nets(Bench *b, Contestant *out, Error *e)
{
    const BaselinesTask *t = b->task;
    *out = contestant("net", t->count);
    for (size_t s = 0; s < t->count; s++) {
        if (!room(b, &out->judged[s], t->nets[s]->threshold, e) ||
            !bundle_infer(t->nets[s], NULL, t->judged->x, t->judged->rows, out->judged[s].outputs, e))
            return false;
        out->judged[s].costs = t->nets[s]->target.costs;
    }
    return true;
}

static bool add_baselines(Bench *b, Contestant *out, size_t *count, Error *e)
{
    for (size_t i = 0; i < BASELINES; i++) {
        Contestant *c = &out[*count];
        bool is_there = false;
        *c = contestant(baselines[i].name, 1);
        (*count)++;
        if (!room(b, c->judged, 0.5, e) || !baselines[i].run(b, c->judged->outputs, &is_there, e))
            return error_prefix(e, "baselines: %s: ", baselines[i].name);
        if (!is_there)
            contest_done(&out[--*count], 1);
    }
    return true;
}

/* The baseline that is furthest ahead, of those whose interval says so. */
static void say_loss(Value *contest)
{
    const Value *all = value_get(contest, "differences"), *worst = NULL;
    const Metric *m = metric_find(value_get_text(contest, "metric", ""));
    const char *name = NULL;
    for (size_t i = 0; i < all->size; i++) {
        bool wins = text_equal(value_get_text(all->items[i], "conclusion", ""), "better");
        if (wins && (!worst || metric_is_better(m, value_get_real(all->items[i], "mean", NAN), value_get_real(worst, "mean", NAN)))) {
            worst = all->items[i];
            name = all->keys[i];
        }
    }
    if (!worst)
        return;
    Text text = {0};
    text_addf(&text, "the net loses to %s on %s: %s of %s minus that of the net ", name, value_get_text(contest, "on", ""), m->title, name);
    figure_add_interval(&text, &(Figure){value_get_real(worst, "mean", NAN), NAN, figure_decimals(m), true},
                        value_get_real(worst, "low", NAN), value_get_real(worst, "high", NAN));
    value_set(contest, "loses", value_text(text_get(&text)));
    text_done(&text);
}

Value *baselines_judge(Job *job, const BaselinesTask *t, Error *e)
{
    Bench b = {.job = job,
               .task = t,
               .train = &t->data->data[PART_TRAIN],
               .target = &t->data->target,
               .weights = t->nets[0]->target.class_weights,
               .outputs = target_outputs(&t->data->target)};
    Contestant all[BASELINES + 1] = {{0}};
    size_t count = 1;
    Judging j = {.job = job, .outputs = b.outputs, .truth = *t->judged};
    ContestRules rules = {.on = t->on, .against = "net", .margin = MARGIN};
    bool ok = check(t, e) && add_nets(&b, &all[0], e) && add_baselines(&b, all, &count, e);
    Value *contest = ok ? contest_judge(&j, b.target, all, count, &rules, e) : NULL;
    if (contest) {
        value_set(contest, "notes", value_texts(&b.notes));
        say_loss(contest);
    }
    contest_done(all, BASELINES + 1);
    text_list_done(&b.notes);
    return contest;
}

void baselines_print(const Value *contest, Text *out)
{
    const Value *notes = value_get(contest, "notes");
    const char *loses = value_get_text(contest, "loses", "");
    if (!contest)
        return;
    text_add(out, "\nbaselines on ");
    contest_print(contest, out);
    for (size_t i = 0; i < value_items(notes); i++)
        text_addf(out, "\n  %s", notes->items[i]->text);
    if (*loses)
        text_addf(out, "\n  %s", loses);
}
