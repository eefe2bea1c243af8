/* The comparison: teacher, students and students alone on one part, differences with their intervals. The test part is looked at
 * here and nowhere else; how often is counted and told. */
#include <math.h>
#include <string.h>

#include "learn/batch.h"
#include "learn/bundle.h"
#include "learn/certificate.h"
#include "learn/compare.h"
#include "learn/looks.h"
#include "learn/statistics.h"

typedef struct Comparing {
    Judging j;
    const Bundle *teacher;
    Bundle *const *students, *const *alone;
    size_t seeds;
    TargetInfo target;
    Judged of_teacher, *of_students, *of_alone;
    const Metric *leading; /* the metric that decides */
    double margin;
    SeenReport seen; /* rows of the part that a model was trained on: they are not judged */
    Value *certificate;
} Comparing;

static bool judge_all(Comparing *c, Error *e)
{
    if (c->teacher && !judge_model(&c->j, c->teacher, &c->of_teacher, e))
        return error_prefix(e, "teacher: ");
    c->j.teacher = c->of_teacher.outputs;
    if (c->teacher && c->target.is_classes) {
        value_set(c->of_teacher.figures, "agreement", value_real(1));
        value_set(c->of_teacher.figures, "kl", value_real(0));
    }
    for (size_t i = 0; i < c->seeds; i++) {
        if (c->students && !judge_model(&c->j, c->students[i], &c->of_students[i], e))
            return error_prefix(e, "student %zu: ", i + 1);
        if (c->alone && !judge_model(&c->j, c->alone[i], &c->of_alone[i], e))
            return error_prefix(e, "student alone %zu: ", i + 1);
    }
    return true;
}

static double figure(const Judged *j, const char *name)
{
    return value_get_real(j->figures, name, NAN);
}

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

/* Means and deviations over seeds, and the seeds one by one. */
static void add_group(Value *result, const char *name, const Judged *judged, size_t seeds)
{
    double *values = mem_alloc((seeds + 1) * sizeof *values);
    Value *mean = value_map(), *sd = value_map(), *each = value_list();
    const Value *first = judged[0].figures;
    for (size_t k = 0; k < first->size; k++) {
        for (size_t i = 0; i < seeds; i++)
            values[i] = figure(&judged[i], first->keys[k]);
        bool is_same = first->items[k]->type == VALUE_INT;
        value_set(mean, first->keys[k], is_same ? value_copy(first->items[k]) : value_real(mean_of(values, seeds)));
        if (!is_same)
            value_set(sd, first->keys[k], value_real(sample_sd(values, seeds)));
    }
    for (size_t i = 0; i < seeds; i++)
        value_add(each, value_copy(judged[i].figures));
    char *sd_name = text_format("%s_sd", name), *each_name = text_format("%s_seeds", name);
    value_set(result, name, mean);
    value_set(result, sd_name, sd);
    value_set(result, each_name, each);
    mem_free(sd_name);
    mem_free(each_name);
    mem_free(values);
}

static Value *interval_value(const Interval *v)
{
    Value *map = value_map();
    value_set(map, "mean", value_real(v->mean));
    value_set(map, "sd", value_real(v->sd));
    value_set(map, "low", value_real(v->low));
    value_set(map, "high", value_real(v->high));
    return map;
}

static bool is_better(const char *name, double difference)
{
    const Metric *m = metric_find(name);
    const CompareFigure *f = m ? NULL : compare_figure(name);
    return m ? metric_is_better(m, difference, 0) : f && f->is_better_high ? difference > 0 : difference < 0;
}

static double margin_of(const Comparing *c, const Judged *against)
{
    return metric_margin(c->leading, c->margin, figure(against, c->leading->spec.name));
}

static Value *conclude(const Comparing *c, const Interval *v, const Judged *against)
{
    Value *map = interval_value(v);
    double margin = margin_of(c, against);
    value_set(map, "metric", value_text(c->leading->spec.name));
    value_set(map, "margin", value_real(margin));
    value_set(map, "conclusion", value_text(compare_conclusion(c->leading, v->low, v->high, margin)));
    return map;
}

/* One figure of student minus alone, seed by seed. */
static Value *gain_of(const Comparing *c, const Pairing *p, const char *name, Error *e)
{
    double *values = mem_alloc((c->seeds + 1) * sizeof *values);
    const Metric *m = metric_find(name);
    size_t wins = 0;
    Interval v;
    for (size_t i = 0; i < c->seeds; i++) {
        values[i] = figure(&c->of_students[i], name) - figure(&c->of_alone[i], name);
        wins += is_better(name, values[i]);
    }
    Value *one = NULL;
    if (!m || pairing_interval(p, m, &v, e)) {
        if (!m || isnan(v.mean))
            v = (Interval){mean_of(values, c->seeds), sample_sd(values, c->seeds), NAN, NAN};
        one = m == c->leading ? conclude(c, &v, &c->of_alone[0]) : interval_value(&v);
        value_set(one, "wins", value_int((int64_t)wins));
    }
    mem_free(values);
    return one;
}

/* Student minus alone, seed by seed. */
static bool add_gain(Value *result, const Comparing *c, Error *e)
{
    Pairing p = {.j = &c->j, .target = &c->target, .students = c->of_students, .against = c->of_alone, .seeds = c->seeds};
    Value *gain = value_map();
    const Value *first = c->of_students[0].figures;
    value_set(result, "gain", gain);
    for (size_t k = 0; k < first->size; k++) {
        Value *one = first->items[k]->type == VALUE_REAL ? gain_of(c, &p, first->keys[k], e) : NULL;
        if (one)
            value_set(gain, first->keys[k], one);
        else if (first->items[k]->type == VALUE_REAL)
            return false;
    }
    const Value *leading = value_get(gain, c->leading->spec.name);
    double low = value_get_real(leading, "low", NAN), high = value_get_real(leading, "high", NAN);
    value_set(result, "no_gain", value_flag(!(low > 0) && !(high < 0)));
    return true;
}

/* Models of all seeds minus the teacher. */
static bool add_against_teacher(Value *result, const Comparing *c, const char *name, const Judged *models, Error *e)
{
    Pairing p = {.j = &c->j, .target = &c->target, .students = models, .against = &c->of_teacher, .seeds = c->seeds, .is_single = true};
    Interval v;
    if (!pairing_interval(&p, c->leading, &v, e))
        return false;
    value_set(result, name, conclude(c, &v, &c->of_teacher));
    return true;
}

static bool is_right(const Comparing *c, const Judged *j, size_t row)
{
    MetricInput in = {.rows = c->j.truth.rows,
                      .classes = c->j.outputs,
                      .positive = c->target.positive,
                      .threshold = j->threshold,
                      .costs = j->costs,
                      .labels = c->j.truth.labels,
                      .probabilities = j->outputs};
    return metric_decide(&in, row) == c->j.truth.labels[row];
}

/* The first seed's student and the teacher, row by row. */
static void add_differences(Value *result, const Comparing *c)
{
    Pairing p = {.j = &c->j, .target = &c->target, .students = c->of_students, .against = &c->of_teacher, .seeds = 1, .is_single = true};
    size_t counts[2][2] = {{0}};
    Value *v = value_map();
    for (size_t r = 0; r < c->j.truth.rows; r++)
        if (pairing_knows(&p, r))
            counts[is_right(c, &c->of_teacher, r)][is_right(c, &c->of_students[0], r)]++;
    value_set(v, "both_right", value_int((int64_t)counts[1][1]));
    value_set(v, "both_wrong", value_int((int64_t)counts[0][0]));
    value_set(v, "only_student", value_int((int64_t)counts[0][1]));
    value_set(v, "only_teacher", value_int((int64_t)counts[1][0]));
    if (!c->j.units) /* the test takes rows to be independent */
        value_set(v, "mcnemar_p", value_real(mcnemar_p(counts[0][1], counts[1][0])));
    value_set(result, "differences", v);
}

static bool fill_result(Value *r, const Comparing *c, Part part, Error *e)
{
    value_set(r, "on", value_text(part_name(part)));
    value_set(r, "rows", value_int((int64_t)c->j.truth.rows));
    value_set(r, "seeds", value_int((int64_t)c->seeds));
    value_set(r, "metric", value_text(c->leading->spec.name));
    value_set(r, "margin", value_real(c->margin));
    value_set(r, "unit", value_copy(value_get(c->certificate, "column")));
    value_set(r, "certificate", value_copy(c->certificate));
    value_set(r, "test_consulted", value_copy(value_get(c->certificate, "test_consulted")));
    if (c->teacher)
        value_set(r, "teacher", value_copy(c->of_teacher.figures));
    if (c->students && c->seeds)
        add_group(r, "student", c->of_students, c->seeds);
    if (c->alone && c->seeds)
        add_group(r, "alone", c->of_alone, c->seeds);
    if (c->students && c->alone && c->seeds && !add_gain(r, c, e))
        return false;
    if (!c->teacher || !c->seeds)
        return true;
    if (c->students && c->target.is_classes)
        add_differences(r, c);
    return (!c->students || add_against_teacher(r, c, "against_teacher", c->of_students, e)) &&
           (!c->alone || add_against_teacher(r, c, "alone_against_teacher", c->of_alone, e));
}

static void time_models(Comparing *c, Error *e)
{
    const Bundle *bundles[] = {c->teacher, c->students && c->seeds ? c->students[0] : NULL, c->alone && c->seeds ? c->alone[0] : NULL};
    Judged *judged[] = {&c->of_teacher, c->of_students, c->of_alone};
    for (size_t i = 0; i < 3; i++) {
        BundleOutputs o;
        if (!bundles[i] || !bundle_outputs(c->j.job, bundles[i], c->j.rows, NULL, &o, e))
            continue;
        judge_latency(bundles[i], &o.data, judged[i]->figures);
        bundle_outputs_done(&o);
    }
    for (size_t i = 1; i < c->seeds; i++)
        for (size_t k = 1; k < 3; k++)
            for (size_t n = 0; bundles[k] && n < 3; n++) {
                static const char *const names[] = {"p50", "p99", "rows_per_second"};
                value_set(judged[k][i].figures, names[n], value_copy(value_get(judged[k][0].figures, names[n])));
            }
}

static void comparing_done(Comparing *c)
{
    judged_done(&c->of_teacher);
    for (size_t i = 0; i < c->seeds; i++) {
        judged_done(&c->of_students[i]);
        judged_done(&c->of_alone[i]);
    }
    mem_free(c->of_students);
    mem_free(c->of_alone);
    dataset_done(&c->j.truth);
    mem_free(c->j.units);
    target_info_done(&c->target);
    value_free(c->certificate);
}

/* A key in a cut by time too: its rows are alike, wherever they stand. */
static bool find_units(const CompareTask *t, Comparing *c, Error *e)
{
    Unit unit = pipeline_unit(t->pipeline);
    size_t alone;
    if (!unit.column)
        return true;
    Table *columns = unit_columns(&unit, c->j.rows, t->pipeline->source, e);
    c->j.units = columns ? mem_try_alloc(c->j.rows->rows + 1, sizeof *c->j.units, e) : NULL;
    bool ok = c->j.units && unit_ids(&unit, columns, c->j.units, &alone, e);
    table_unref(columns);
    return ok;
}

static const Bundle *any_model(const CompareTask *t)
{
    if (t->teacher || !t->seeds)
        return t->teacher;
    return t->students ? t->students[0] : t->alone ? t->alone[0] : NULL;
}

static Value *compare_part(Comparing *c, Part part, Error *e)
{
    static const TextList none = {0};
    if (!dataset_make(c->j.rows, &none, &c->target, &c->j.truth, e) || !judge_all(c, e))
        return NULL;
    time_models(c, e);
    Value *result = value_map();
    if (!fill_result(result, c, part, e)) {
        value_free(result);
        return NULL;
    }
    char *verdict = compare_verdict(result);
    value_set(result, "verdict", value_text(verdict));
    mem_free(verdict);
    return result;
}

/* Rows of the part that no model was trained on; a look at the test part is counted under all of its rows. */
static Table *judged_rows(const CompareTask *t, const RawParts *raw, Comparing *c, Error *e)
{
    const Table *part = raw->parts[t->part];
    size_t count = 0;
    if (!part->rows) {
        error_set(e, ERROR_USAGE, "the %s part has no rows; give split a share for it", part_name(t->part));
        return NULL;
    }
    const Bundle **models = mem_alloc((2 * t->seeds + 1) * sizeof(Bundle *));
    models[count++] = t->teacher;
    for (size_t i = 0; i < t->seeds; i++) {
        models[count++] = t->students ? t->students[i] : NULL;
        models[count++] = t->alone ? t->alone[i] : NULL;
    }
    char test[HASH_ROOM];
    int64_t looks = 0;
    Table *rows = seen_filter_part(t->pipeline, raw->parts, &(SeenTask){t->part, t->runs, models, count}, &c->seen, e);
    if (rows && t->part == PART_TEST && seen_part_digest(t->pipeline, part, test, e))
        looks = looks_add(&(Look){.runs = t->runs, .test = test, .by = "compare"}, part->rows);
    mem_free(models);
    c->certificate =
        rows ? certificate_make(&(CertificateTask){t->pipeline, &raw->split, raw->parts, &c->seen, looks, &raw->rows}, e) : NULL;
    if (!c->certificate) {
        table_unref(rows);
        return NULL;
    }
    return rows;
}

Value *compare_bundles(Job *job, const CompareTask *task, Error *e)
{
    RawParts raw;
    const Bundle *any = any_model(task);
    if (!any) {
        error_set(e, ERROR_USAGE, "nothing to compare: give a teacher, students or both");
        return NULL;
    }
    if (!pipeline_raw_parts(job, task->pipeline, &raw, e))
        return NULL;
    Comparing c = {.j = {.job = job, .outputs = target_outputs(&any->target)},
                   .teacher = task->teacher,
                   .students = task->students,
                   .alone = task->alone,
                   .seeds = task->seeds,
                   .target = target_info_copy(&any->target),
                   .margin = task->margin};
    c.leading = metric_leading(target_classes(&c.target));
    c.of_students = mem_alloc((c.seeds + 1) * sizeof *c.of_students);
    c.of_alone = mem_alloc((c.seeds + 1) * sizeof *c.of_alone);
    Table *rows = judged_rows(task, &raw, &c, e);
    c.j.rows = rows;
    Value *result = rows && find_units(task, &c, e) ? compare_part(&c, task->part, e) : NULL;
    comparing_done(&c);
    table_unref(rows);
    raw_parts_done(&raw);
    return result;
}
