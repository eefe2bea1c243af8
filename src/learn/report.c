/* Putting a card together: rows, outputs, metrics with their intervals, and what the other files add. */
#include "learn/report.h"

#include <math.h>
#include <string.h>

#include "learn/compare.h"
#include "learn/horizon.h"
#include "learn/importance.h"
#include "learn/report_part.h"
#include "learn/threshold.h"
#include "steps/unit.h"

enum { FORMAT = 1 };

MetricInput report_input(const Report *r, double threshold)
{
    const TargetInfo *t = &r->model->target;
    return (MetricInput){.rows = r->out.data.rows,
                         .classes = target_classes(t),
                         .positive = t->positive,
                         .threshold = threshold,
                         .costs = t->costs,
                         .labels = r->out.data.labels,
                         .probabilities = r->out.outputs,
                         .class_weights = t->class_weights};
}

const double *report_costs(const Report *r)
{
    return r->model->target.costs;
}

static bool find_places(Report *r, Error *e)
{
    const Table *rows = r->judged.rows;
    size_t k = 0;
    r->at = mem_try_alloc(r->out.data.rows + 1, sizeof *r->at, e);
    for (size_t i = 0; r->at && i < rows->rows; i++)
        while (k < r->out.data.rows && r->out.data.row_ids[k] == table_row_id(rows, i))
            r->at[k++] = i;
    return r->at && (k == r->out.data.rows || error_set(e, ERROR_FAILED, "the steps behind the split have changed the order of the rows"));
}

static Value *model_value(const Bundle *b, double threshold)
{
    Value *v = value_map();
    char hash[HASH_ROOM];
    char *net = net_summary(model_layers(b->model), model_input(b->model), model_outputs(b->model));
    bundle_hash(b, hash);
    value_set(v, "hash", value_text(hash));
    value_set(v, "net", value_text(net));
    value_set(v, "params", value_int(model_params(b->model)));
    value_set(v, "bytes", value_int(model_bytes(b->model)));
    if (b->target.is_classes)
        value_set(v, "threshold", value_real(threshold));
    if (value_get(b->facts, "threshold") && threshold == b->threshold) /* another one was only asked for */
        value_set(v, "decision", value_copy(value_get(b->facts, "threshold")));
    if (b->target.costs)
        value_set(v, "costs", costs_to_value(&b->target, b->target.costs));
    mem_free(net);
    return v;
}

static void add_head(Report *r, const ReportTask *task)
{
    const TargetInfo *t = &r->model->target;
    Value *card = r->card;
    value_set(card, "format", value_int(FORMAT));
    value_set(card, "model", model_value(r->model, r->threshold));
    value_set(card, "target", value_text(t->name));
    if (t->is_classes)
        value_set(card, "classes", value_texts(&t->classes));
    if (target_positive(t) >= 0)
        value_set(card, "positive", value_text(t->classes.items[t->positive]));
    value_set(card, "on", value_text(task->on));
    value_set(card, "rows", value_int((int64_t)r->out.data.rows));
    value_set(card, "given", value_int((int64_t)r->judged.given));
    value_set(card, "seen_rows", value_int((int64_t)(r->judged.seen.rows + r->judged.seen.units)));
    if (r->judged.counts)
        value_set(card, "row_counts", value_copy(r->judged.counts));
    if (r->judged.certificate)
        value_set(card, "certificate", value_copy(r->judged.certificate));
}

/* Ids of the units of the judged rows; NULL with no error: the row is the unit. */
static bool find_units(const Report *r, const Pipeline *p, uint64_t **out, Error *e)
{
    Unit unit = p ? pipeline_unit(p) : (Unit){0};
    size_t alone;
    *out = NULL;
    if (!unit.column)
        return true;
    const Table *rows = r->judged.rows;
    Table *columns = unit_columns(&unit, rows, p->source, e);
    uint64_t *all = columns ? mem_try_alloc(rows->rows + 1, sizeof *all, e) : NULL;
    bool ok = all && unit_ids(&unit, columns, all, &alone, e);
    for (size_t i = 0; ok && i < r->out.data.rows; i++)
        all[i] = all[r->at[i]];
    table_unref(columns);
    if (ok)
        *out = all;
    else
        mem_free(all);
    return ok;
}

static bool add_interval(Value *map, const Metric *m, const MetricInput *in, const uint64_t *units, Error *e)
{
    SpecUse use = metric_usual(m);
    double *shares = mem_try_alloc(in->rows + 1, sizeof *shares, e);
    size_t independent = shares ? metric_by_row(&use, in, shares) : 0;
    PairedFigures figures = {.rows = in->rows, .seeds = 1, .shares = shares, .independent = independent, .widest = m->high - m->low};
    Interval v = {NAN, NAN, NAN, NAN};
    bool ok = shares && (independent < 2 || !units || figures_by_unit(units, &figures, e)) &&
              (independent < 2 || paired_interval(&figures, &v, e));
    if (ok && isfinite(v.low)) {
        Value *ends = value_list();
        value_add(ends, value_real(fmax(v.low, m->low)));
        value_add(ends, value_real(fmin(v.high, m->high)));
        value_set(map, m->spec.name, ends);
    }
    mem_free((double *)(uintptr_t)figures.shares);
    return ok;
}

/* The loss of a net that gives its input again is of another kind than that of the classes it tells. */
static bool has_interval(const Report *r, const Metric *m, size_t classes)
{
    bool is_other = r->model->target.inputs && text_equal(m->spec.name, METRIC_LOSS);
    return m->by_row && !is_other && metric_fits(m, classes) && value_get(value_get(r->card, "metrics"), m->spec.name);
}

/* Of one number, or of classes; several numbers each have a unit of their own. */
static bool add_intervals(Report *r, const Pipeline *p, Error *e)
{
    const TargetInfo *t = &r->model->target;
    double *values = NULL, *predicted = NULL;
    uint64_t *units = NULL;
    MetricInput in = report_input(r, r->threshold);
    if (!t->is_classes && t->outputs_count != 1)
        return true;
    if (!t->is_classes) {
        values = target_actual(t, 0, r->out.data.values, in.rows);
        predicted = target_predicted(t, 0, r->out.outputs, in.rows);
        in = (MetricInput){.rows = in.rows,
                           .positive = -1,
                           .values = values,
                           .predicted = predicted,
                           .scale = t->outputs[0].sd,
                           .naive = t->outputs[0].naive};
    }
    Value *map = value_map();
    bool ok = find_units(r, p, &units, e);
    for (size_t i = 0; ok && i < metric_count(); i++)
        if (has_interval(r, metric_at(i), in.classes))
            ok = add_interval(map, metric_at(i), &in, units, e);
    value_set(r->card, "intervals", map);
    mem_free(units);
    mem_free(values);
    mem_free(predicted);
    return ok;
}

static bool add_metrics(Job *job, Report *r, const Pipeline *p, Error *e)
{
    const Bundle *b = r->model;
    Value *metrics = metrics_of(&b->target, &r->out.data, r->out.outputs, r->threshold, e);
    if (!metrics)
        return false;
    value_set(r->card, "metrics", metrics);
    Roles roles = bundle_roles(b);
    HorizonTask task = {&b->target, &r->out.data, r->out.outputs, r->judged.history ? r->judged.history : r->judged.rows,
                        b->before,  &roles};
    return horizon_add(job, &task, value_edit(r->card, "metrics"), e) && add_intervals(r, p, e);
}

static bool add_importance(Job *job, Report *r, uint64_t seed, Error *e)
{
    Roles roles = bundle_roles(r->model);
    RecipeWatch watch = {.sides = r->judged.is_given ? &r->judged.sides : NULL};
    Table *after = recipe_apply_watched(job, r->model->fitted, r->judged.rows, &roles, &watch, e);
    Value *list = after ? importance_ranked(job, r->model, after, seed, e) : NULL;
    if (list)
        value_set(r->card, "importance", list);
    table_unref(after);
    return list != NULL;
}

static bool fill(Job *job, Report *r, const ReportTask *task, Error *e)
{
    const Bundle *b = r->model;
    if (!bundle_outputs(job, b, r->judged.rows, r->judged.is_given ? &r->judged.sides : NULL, &r->out, e) || !find_places(r, e))
        return false;
    if (!r->out.data.rows)
        return error_set(e, ERROR_FAILED, "%s has no rows to judge; give split a share for it, or rows that the model was not trained on",
                         task->on);
    r->card = value_map();
    mem_free(r->out.data.x); /* the rows as the net took them: the largest part, and done with */
    r->out.data.x = NULL;
    add_head(r, task);
    return add_metrics(job, r, task->pipeline, e) && report_add_worst(r, e) &&
           (b->target.is_classes ? report_add_classes(r, e) && report_add_curves(r, e) : report_add_values(r, e)) &&
           report_add_slices(r, task->slices, e) && (!task->importance || add_importance(job, r, task->seed, e)) && job_go_on(job, e);
}

Report *report_make(Job *job, const ReportTask *task, Error *e)
{
    Report *r = MEM_NEW(Report);
    r->model = bundle_ref(task->model);
    r->judged = *task->judged;
    *task->judged = (JudgedRows){0};
    r->threshold = task->threshold > 0 ? task->threshold : task->model->threshold;
    bool ok = fill(job, r, task, e);
    r->judged.history = NULL; /* borrowed only until now */
    if (ok)
        return r;
    report_free(r);
    return NULL;
}

Value *report_proof(const Report *r)
{
    const Value *certificate = value_get(r->card, "certificate");
    if (!certificate)
        return NULL;
    Value *proof = value_map();
    value_set(proof, "threshold", value_real(r->threshold));
    value_set(proof, "metrics", value_copy(value_get(r->card, "metrics")));
    value_set(proof, "certificate", value_copy(certificate));
    return proof;
}

/* Figures that were found at another threshold are not those of this model. */
static void add_proof(const Value *proof, Bundle *b)
{
    value_remove(b->facts, "certificate");
    value_remove(b->facts, part_name(PART_TEST));
    if (proof)
        value_set(b->facts, "certificate", value_copy(value_get(proof, "certificate")));
    if (proof && value_get_real(proof, "threshold", NAN) == b->threshold)
        value_set(b->facts, part_name(PART_TEST), value_copy(value_get(proof, "metrics")));
}

Bundle *report_model(const Report *r, const Value *proof, double threshold, const double *costs)
{
    const Bundle *b = r->model;
    size_t classes = b->target.classes.count;
    Decision d = {.threshold = b->threshold};
    if (!costs)
        costs = b->target.costs;
    if (costs)
        d.costs = mem_copy(costs, classes * classes * sizeof *costs);
    const Value *chosen = value_get(b->facts, "threshold");
    if (threshold > 0 && threshold != b->threshold) {
        d.threshold = threshold;
        d.facts = value_map();
        value_set(d.facts, "by", value_text("hand"));
    } else if (chosen) {
        d.facts = value_copy(chosen);
    }
    Bundle *leaves = bundle_with_decision(b, &d);
    add_proof(proof, leaves);
    return leaves;
}

void report_free(Report *r)
{
    if (!r)
        return;
    report_slices_done(r);
    value_free(r->card);
    bundle_outputs_done(&r->out);
    judged_rows_done(&r->judged);
    bundle_unref(r->model);
    mem_free(r->at);
    mem_free(r->losses);
    mem_free(r);
}
