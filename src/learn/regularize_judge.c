/* What the nets of a bench say of rows with noise: figures of each as it ends, and at the end the differences to the net without. */
#include "learn/regularize_judge.h"

#include <math.h>

#include "learn/batch.h"
#include "learn/contest.h"
#include "learn/figure.h"
#include "learn/price.h"
#include "learn/seeds.h"

static Bundle *load_model(const Bench *b, size_t piece, Error *e)
{
    char *directory = bench_directory(b, piece);
    Bundle *model = call_load_model(directory, e);
    mem_free(directory);
    return model;
}

static size_t level_count(const Bench *b)
{
    return b->plan->noise.count + 1;
}

/* Level 0 is no noise. */
static double level_of(const Bench *b, size_t i)
{
    return i ? b->plan->noise.items[i - 1] : 0;
}

static char *level_name(double level)
{
    return text_format("noise %g", level);
}

static bool add_level(const Bench *b, double level, const Bundle *model, Value *figures, Error *e)
{
    TargetInfo plain = model->target; /* a loss of its own would make models of other losses worse by definition */
    Dataset truth = {0};
    float *outputs = noise_outputs(&b->noise, level, model, e);
    bool ok = outputs && noise_truth(&b->noise, level, target_numbers(&plain), &truth, e);
    plain.class_weights = NULL;
    Value *all = ok ? metrics_of(&plain, &truth, outputs, model->threshold, e) : NULL;
    char *name = level_name(level);
    if (all)
        value_set(figures, name, value_real(value_get_real(all, b->metric->spec.name, NAN)));
    mem_free(name);
    mem_free(outputs);
    dataset_done(&truth);
    value_free(all);
    return all != NULL;
}

static void add_training(const Bench *b, const Value *result, const Bundle *model, Value *figures)
{
    char *train = text_format("train.%s", b->metric->spec.name), *valid = text_format("valid.%s", b->metric->spec.name);
    double x = value_get_real(result, train, NAN), y = value_get_real(result, valid, NAN);
    int64_t weights = 0, zeros = model_zeros(model->model, &weights);
    value_set(figures, "train", value_real(x));
    value_set(figures, "valid", value_real(y));
    value_set(figures, "gap", value_real(b->metric->is_better_high ? x - y : y - x));
    value_set(figures, "norm", value_real(model_norm(model->model)));
    value_set(figures, "zeros", value_real((double)zeros));
    value_set(figures, "weights", value_real((double)weights));
    value_set(figures, "epochs", value_real((double)value_get_int(result, "epochs", 0)));
    mem_free(train);
    mem_free(valid);
}

bool bench_measure(Bench *b, size_t piece, Error *e)
{
    char *directory = bench_directory(b, piece);
    Value *result = call_need_json(directory, "result.json", e), *figures = value_map();
    Bundle *model = result ? load_model(b, piece, e) : NULL;
    bool ok = model != NULL;
    value_set(figures, "seed", value_int((int64_t)(call_seed(b->p, &b->plan->base) + piece / b->count)));
    if (ok)
        add_training(b, result, model, figures);
    for (size_t i = 0; ok && i < level_count(b); i++)
        ok = add_level(b, level_of(b, i), model, figures, e);
    if (ok)
        value_add(b->figures[piece % b->count], figures);
    else
        value_free(figures);
    bundle_unref(model);
    value_free(result);
    mem_free(directory);
    return ok;
}

/* Out of the figures that lie flat, into the curve. */
static void move_level(Value *one, double level, Value *curve)
{
    static const char *const spreads[] = {"sd", "low", "high"};
    char *name = level_name(level);
    Value *point = value_map();
    value_set(point, "noise", value_real(level));
    value_set(point, "mean", value_real(value_get_real(one, name, NAN)));
    value_remove(one, name);
    for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
        value_set(point, spreads[i], value_real(value_get_real(value_get(one, spreads[i]), name, NAN)));
        if (value_get(one, spreads[i]))
            value_remove(value_edit(one, spreads[i]), name);
    }
    value_add(curve, point);
    mem_free(name);
}

/* As train takes it, but for the seeds. */
static Value *plan_card(const TrainPlan *plan)
{
    static const char *const others[] = {"seeds", "jobs", "baselines", "name", "on_epoch"};
    Value *v = fields_to_value(train_spec.params, plan, false);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        value_remove(v, others[i]);
    return v;
}

static Value *variant_card(const Bench *b, size_t at)
{
    Value *one = value_map(), *curve = value_list();
    char *settings = variant_text(b->tried[at], b->plan);
    value_set(one, "variant", value_text(variant_names[b->tried[at]]));
    value_set(one, "settings", value_text(settings));
    value_set(one, "plan", plan_card(b->plans[b->tried[at]]));
    if (value_items(b->figures[at])) {
        seeds_add(one, b->figures[at]);
        for (size_t i = 0; i < level_count(b); i++)
            move_level(one, level_of(b, i), curve);
    }
    value_set(one, "curve", curve);
    mem_free(settings);
    return one;
}

static const char *const strength_rows[] = {"l1_strength", "l2_strength", "elastic_l1", "elastic_l2", "dropout_rate"};

static Value *strengths_of(const RegularizePlan *plan)
{
    Value *v = value_map();
    for (size_t i = 0; i < sizeof strength_rows / sizeof *strength_rows; i++)
        value_set(v, strength_rows[i], field_get(fields_find(regularize_spec.params, strength_rows[i]), plan));
    return v;
}

/* On a scale of sizes: half and double are as far. */
static double judged_noise(const RegularizePlan *plan)
{
    double nearest = 0;
    for (size_t i = 0; i < plan->noise.count; i++)
        if (i == 0 || fabs(log(plan->noise.items[i])) < fabs(log(nearest)))
            nearest = plan->noise.items[i];
    return nearest;
}

Value *bench_card(const Bench *b)
{
    Value *v = value_map(), *variants = value_list(), *noise = value_list();
    size_t done = 0;
    for (size_t i = 0; i < b->count; i++) {
        value_add(variants, variant_card(b, i));
        done += value_items(b->figures[i]);
    }
    for (size_t i = 0; i < b->plan->noise.count; i++)
        value_add(noise, value_real(b->plan->noise.items[i]));
    value_set(v, "status", value_text("running"));
    value_set(v, "metric", value_text(b->metric->spec.name));
    value_set(v, "on", value_text(part_name(PART_VALID)));
    value_set(v, "rows", value_int((int64_t)b->noise.rows->rows));
    value_set(v, "draws", value_int(b->plan->draws));
    value_set(v, "margin", value_real(b->plan->margin));
    value_set(v, "noise", noise);
    value_set(v, "judged_noise", value_real(judged_noise(b->plan)));
    value_set(v, "strengths", strengths_of(b->plan));
    value_set(v, "net", spec_list_to_value(&b->plans[VARIANT_NONE]->net, "layer", false));
    value_set(v, "recipe", recipe_asked(b->p->recipe));
    value_set(v, "done", value_int((int64_t)done));
    value_set(v, "of", value_int((int64_t)b->count * b->plan->seeds));
    value_set(v, "seeds", value_int(b->plan->seeds));
    value_set(v, "variants", variants);
    value_set(v, "left", value_texts(&b->left));
    return v;
}

const Value *regularize_point(const Value *variant, double noise)
{
    const Value *curve = value_get(variant, "curve");
    for (size_t i = 0; i < value_items(curve); i++)
        if (value_get_real(curve->items[i], "noise", NAN) == noise)
            return curve->items[i];
    return NULL;
}

/* All draws of a row are of its unit; without one the row is. */
static bool find_units(const Bench *b, Judging *j, Error *e)
{
    const Dataset *d = b->noise.rows;
    const Table *raw = b->data->raw[PART_VALID];
    Unit unit = pipeline_unit(b->p);
    size_t alone, at = 0;
    Table *columns = unit.column ? unit_columns(&unit, raw, b->p->source, e) : NULL;
    uint64_t *ids = columns ? mem_try_alloc(raw->rows + 1, sizeof *ids, e) : NULL;
    bool ok = !unit.column || (ids && unit_ids(&unit, columns, ids, &alone, e));
    j->units = ok ? mem_try_alloc(j->truth.rows + 1, sizeof *j->units, e) : NULL;
    for (size_t r = 0; j->units && r < d->rows; r++) {
        while (ids && at + 1 < raw->rows && table_row_id(raw, at) != d->row_ids[r])
            at++;
        j->units[r] = ids ? ids[at] : r;
    }
    for (size_t i = d->rows; j->units && i < j->truth.rows; i++)
        j->units[i] = j->units[i - d->rows];
    table_unref(columns);
    mem_free(ids);
    return j->units != NULL;
}

static bool enter(const Bench *b, size_t at, double level, Contestant *out, Error *e)
{
    size_t seeds = (size_t)b->plan->seeds;
    *out = (Contestant){.name = variant_names[b->tried[at]], .judged = mem_alloc((seeds + 1) * sizeof(Judged)), .count = seeds};
    for (size_t s = 0; s < seeds; s++) {
        Bundle *model = load_model(b, s * b->count + at, e);
        if (model)
            out->judged[s] =
                (Judged){.outputs = noise_outputs(&b->noise, level, model, e), .threshold = model->threshold, .figures = value_map()};
        bundle_unref(model);
        if (!out->judged[s].outputs)
            return false;
    }
    return true;
}

static Value *contest_at(const Bench *b, double level, Error *e)
{
    Contestant all[VARIANTS] = {{0}};
    Bundle *first = load_model(b, 0, e);
    if (!first)
        return NULL;
    Judging j = {.job = b->c->job, .outputs = target_outputs(&first->target)};
    ContestRules rules = {part_name(PART_VALID), variant_names[VARIANT_NONE], b->plan->margin};
    bool ok = noise_truth(&b->noise, level, target_numbers(&first->target), &j.truth, e) && find_units(b, &j, e);
    for (size_t i = 0; ok && i < b->count; i++)
        ok = job_go_on(b->c->job, e) && enter(b, i, level, &all[i], e);
    Value *contest = ok ? contest_judge(&j, &first->target, all, b->count, &rules, e) : NULL;
    contest_done(all, b->count);
    dataset_done(&j.truth);
    mem_free(j.units);
    bundle_unref(first);
    return contest;
}

/* A gain is positive where the variant is better. */
static Value *gain_of(const Metric *m, const Value *difference)
{
    Value *gain = value_map();
    double mean = value_get_real(difference, "mean", NAN), low = value_get_real(difference, "low", NAN),
           high = value_get_real(difference, "high", NAN);
    value_set(gain, "worth", value_real(m->is_better_high ? mean : -mean));
    value_set(gain, "low", value_real(m->is_better_high ? low : -high));
    value_set(gain, "high", value_real(m->is_better_high ? high : -low));
    value_set(gain, "conclusion", value_text(value_get_text(difference, "conclusion", "unknown")));
    return gain;
}

static bool add_gains(const Bench *b, double level, Value *card, Error *e)
{
    Value *contest = contest_at(b, level, e), *variants = value_edit(card, "variants");
    const Value *differences = value_get(contest, "differences");
    for (size_t i = 0; contest && i < b->count; i++) {
        const Value *difference = value_get(differences, variant_names[b->tried[i]]);
        Value *point = (Value *)(uintptr_t)regularize_point(variants->items[i], level);
        if (difference)
            value_set(point, "gain", gain_of(b->metric, difference));
    }
    value_free(contest);
    return contest != NULL;
}

static Value *better_at(const Value *card, double level)
{
    const Value *variants = value_get(card, "variants");
    Value *names = value_list();
    for (size_t i = 0; i < value_items(variants); i++)
        if (value_get_real(value_get(regularize_point(variants->items[i], level), "gain"), "low", NAN) > 0)
            value_add(names, value_text(value_get_text(variants->items[i], "variant", "")));
    return names;
}

static void say_better(const Bench *b, const Value *card, const Value *names, double level, Text *out)
{
    const Value *variants = value_get(card, "variants");
    size_t count = value_items(names), said = 0;
    if (!count)
        text_add(out, "no variant is shown to be better than none");
    for (size_t i = 0; i < value_items(variants); i++) {
        const Value *gain = value_get(regularize_point(variants->items[i], level), "gain");
        if (!(value_get_real(gain, "low", NAN) > 0))
            continue;
        text_addf(out, "%s%s (", said == 0 ? "" : said + 1 == count ? " and " : ", ", value_get_text(variants->items[i], "variant", ""));
        figure_add_gain(out, value_get_real(gain, "worth", NAN), value_get_real(gain, "low", NAN), value_get_real(gain, "high", NAN),
                        figure_decimals(b->metric));
        text_add(out, ")");
        said++;
    }
    if (count)
        text_addf(out, " %s better than none", count == 1 ? "is" : "are");
}

static void add_verdict(const Bench *b, Value *card)
{
    Text out = {0};
    double noise = judged_noise(b->plan);
    Value *better = value_map();
    value_set(better, "clean", better_at(card, 0));
    value_set(better, "noisy", b->plan->noise.count ? better_at(card, noise) : value_list());
    text_add(&out, "on clean rows ");
    say_better(b, card, value_get(better, "clean"), 0, &out);
    if (b->plan->noise.count) {
        text_addf(&out, "; with noise of %g sd ", noise);
        say_better(b, card, value_get(better, "noisy"), noise, &out);
    }
    value_set(card, "better", better);
    value_set(card, "verdict", value_text(text_get(&out)));
    text_done(&out);
}

bool bench_judge(const Bench *b, Value *card, Error *e)
{
    for (size_t i = 0; i < level_count(b); i++)
        if (!add_gains(b, level_of(b, i), card, e))
            return false;
    add_verdict(b, card);
    value_set(card, "status", value_text("done"));
    return true;
}
