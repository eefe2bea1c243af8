/* Priced steps. The recipe without a step is a pipeline like any other: it is cross-validated as a call of its own, so a resume goes on
 * behind the last one that ended. Folds go by key or row, so both sides hold the same rows out. */
#include "learn/price.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "learn/call.h"
#include "learn/parts.h"

typedef struct Pricing {
    CallContext quiet; /* what is said of a recipe that lacks a step is of no use to anyone */
    const Pipeline *p;
    CrossPlan rest; /* without a step: the features are not asked again */
    Prepared *whole;
    Value *figures; /* of the folds with all steps */
    const Metric *metric;
    double margin; /* in units of the metric */
    int64_t done;  /* cross-validations */
} Pricing;

/* A fault of the recipe, unlike one of the machine, a plan that was changed, or a user who has had enough. */
static bool is_of_recipe(const Error *e)
{
    return e->code == ERROR_FAILED || e->code == ERROR_USAGE || e->code == ERROR_CHECK || e->code == ERROR_DIVERGED;
}

static const Metric *metric_of(const Value *figures)
{
    return metric_find(value_get_text(figures, "metric", METRIC_LOSS));
}

static double mean_of(const Value *figures, const Metric *m)
{
    return value_get_real(value_get(figures, "mean"), m->spec.name, NAN);
}

typedef struct RowAt {
    uint64_t id;
    size_t row;
} RowAt;

static int by_id(const void *a, const void *b)
{
    const RowAt *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : (x->row > y->row) - (x->row < y->row);
}

static RowAt *rows_by_id(const Table *t, Error *e)
{
    RowAt *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < t->rows; i++)
        rows[i] = (RowAt){table_row_id(t, i), i};
    if (rows)
        qsort(rows, t->rows, sizeof *rows, by_id);
    return rows;
}

static bool is_same_cell(const Column *a, size_t row, const Column *b, size_t other)
{
    Text x = {0}, y = {0};
    column_format_key(a, row, &x);
    column_format_key(b, other, &y);
    bool same = text_equal(text_get(&x), text_get(&y));
    text_done(&x);
    text_done(&y);
    return same;
}

/* Rows that both have, before anything is learned; *differ: those with another target. */
static bool count_common(const Pricing *x, const Prepared *without, size_t *common, size_t *differ, Error *e)
{
    const Table *a = x->whole->structural, *b = without->structural;
    const Column *one = table_column(a, x->p->target), *two = table_column(b, x->p->target);
    RowAt *left = rows_by_id(a, e), *right = rows_by_id(b, e);
    bool ok = left && right;
    *common = *differ = 0;
    for (size_t i = 0, k = 0; ok && one && two && i < a->rows && k < b->rows;) {
        if (left[i].id == right[k].id) {
            ++*common;
            *differ += !is_same_cell(one, left[i].row, two, right[k].row);
        }
        bool first = left[i].id <= right[k].id, second = right[k].id <= left[i].id;
        i += first;
        k += second;
    }
    mem_free(left);
    mem_free(right);
    return ok;
}

/* Folds that lack the figure on either side are not asked. */
Interval folds_gain(const Metric *m, const Value *figures, const Value *against)
{
    const Value *a = value_get(figures, "folds"), *b = value_get(against, "folds");
    size_t folds = value_items(a) < value_items(b) ? value_items(a) : value_items(b), n = 0;
    double *differences = mem_alloc((folds + 1) * sizeof *differences);
    Interval gain;
    for (size_t i = 0; i < folds; i++) {
        double d = value_get_real(a->items[i], m->spec.name, NAN) - value_get_real(b->items[i], m->spec.name, NAN);
        if (isfinite(d))
            differences[n++] = m->is_better_high ? d : -d;
    }
    folds_interval(differences, n, folds_ratio(folds, value_get_text(against, "order", NULL) != NULL), &gain);
    /* Counted figures may agree by luck, which is no proof; the same figures throughout come from the same nets. */
    if (gain.sd <= 0 && !value_equal(a, b))
        gain.low = gain.high = NAN;
    mem_free(differences);
    return gain;
}

static const char *verdict(const Interval *worth, double margin)
{
    if (isnan(worth->low) || isnan(worth->high))
        return "cannot tell";
    if (worth->low >= -margin && worth->high <= margin)
        return "does nothing";
    return worth->low > 0 ? "helps" : worth->high < 0 ? "harms" : "cannot tell";
}

static bool add_worth(const Pricing *x, const Prepared *d, const Value *without, Value *one, Error *e)
{
    size_t common, differ, rows = x->whole->structural->rows, other = d->structural->rows;
    if (!count_common(x, d, &common, &differ, e))
        return false;
    if (common != rows || common != other) {
        value_set(one, "rows", value_int((int64_t)rows));
        value_set(one, "rows_without", value_int((int64_t)other));
    }
    if (differ || metric_of(without) != x->metric) {
        value_set(one, "verdict", value_text("not comparable"));
        value_set(one, "why", value_text("it changes the target, so the figures without it are in another unit"));
        return true;
    }
    Interval worth = folds_gain(x->metric, x->figures, without);
    value_set(one, "verdict", value_text(verdict(&worth, x->margin)));
    value_set(one, "without", value_real(mean_of(without, x->metric)));
    value_set(one, "worth", value_real(worth.mean));
    value_set(one, "low", value_real(worth.low));
    value_set(one, "high", value_real(worth.high));
    return true;
}

/* What stands between the structural steps and the learned ones: the target has to be there and rows have to be split. NULL: both work,
 * or some structural step does not. */
static const char *needer_between(const Pricing *x, const Pipeline *without)
{
    RawParts raw;
    StepOrder order;
    RowsReport rows = {0};
    Error ignored = {0};
    if (pipeline_raw_parts(x->quiet.job, without, &raw, &ignored)) {
        raw_parts_done(&raw);
        return NULL;
    }
    order_make(without, without->recipe->count, &order);
    Table *t = structural_rows(x->quiet.job, without, &order.before, &rows, &ignored);
    const char *needer = !t ? NULL : table_column(t, without->target) ? "the split" : "the target";
    table_unref(t);
    rows_report_done(&rows);
    order_done(&order);
    return needer;
}

/* The first step behind it that cannot do its work; NULL: all can. */
static bool find_step(const Pricing *x, const Pipeline *without, size_t at, char **needer, Error *e)
{
    const Recipe *r = without->recipe;
    for (size_t n = at + 1; !*needer && n <= r->count; n++) {
        Error failed = {0};
        Table *t = pipeline_view(x->quiet.job, without, n, &failed);
        if (!t && !is_of_recipe(&failed)) {
            *e = failed;
            return false;
        }
        if (!t)
            *needer =
                n == at + 1 ? mem_strdup("a step that runs behind it") : text_format("step %zu (%s)", n, r->uses[n - 1].step->spec.name);
        table_unref(t);
    }
    return true;
}

/* needed_by names the step already. */
static const char *cause_of(const Error *failed)
{
    const char *end = strstr(failed->message, "): ");
    return end && !strncmp(failed->message, "step ", 5) ? end + 3 : failed->message;
}

static bool add_need(const Pricing *x, const Pipeline *without, size_t at, const Error *failed, Value *one, Error *e)
{
    char *needer = mem_strdup(needer_between(x, without));
    bool ok = needer || find_step(x, without, at, &needer, e);
    value_set(one, "verdict", value_text("needed"));
    value_set(one, "needed_by", value_text(needer ? needer : "the net"));
    value_set(one, "why", value_text(cause_of(failed)));
    mem_free(needer);
    return ok;
}

static bool price_without(Pricing *x, const Pipeline *without, size_t at, Value *one, Error *e)
{
    Prepared *d = NULL;
    Value *figures = NULL;
    Error failed = {0};
    bool ok = pipeline_prepare(x->quiet.job, without, &d, &failed) && call_cross_validate(&x->quiet, without, &x->rest, &figures, &failed);
    if (ok)
        ok = add_worth(x, d, figures, one, e);
    else if (is_of_recipe(&failed))
        ok = add_need(x, without, at, &failed, one, e);
    else
        *e = failed;
    prepared_free(d);
    value_free(figures);
    return ok;
}

static bool show(const Pricing *x, Value *price, const char *status, Error *e)
{
    value_set(price, "status", value_text(status));
    value_set(price, "done", value_int(x->done));
    return call_show(&x->quiet, PRICE_CARD, price, e);
}

/* The pipeline without some of its steps, of which at is the first. */
static bool price_rest(Pricing *x, Recipe *rest, size_t at, Value *one, Error *e)
{
    Pipeline *without = pipeline_with_recipe(x->p, rest, x->p->split_at);
    bool ok = job_go_on(x->quiet.job, e) && price_without(x, without, at, one, e);
    x->done++;
    pipeline_unref(without);
    recipe_unref(rest);
    return ok;
}

static void set_step(const StepUse *use, Value *one)
{
    Text text = {0};
    step_use_describe(use, &text);
    value_set(one, "step", value_text(use->step->spec.name));
    value_set(one, "text", value_text(text_get(&text)));
    text_done(&text);
}

Value *recipe_asked(const Recipe *r)
{
    Value *list = value_list();
    for (size_t i = 0; i < r->count; i++) {
        if (r->uses[i].off)
            continue;
        Value *one = value_map();
        set_step(&r->uses[i], one);
        value_add(list, one);
    }
    return list;
}

static bool price_step(Pricing *x, size_t at, Value *price, Error *e)
{
    const StepUse *use = &x->p->recipe->uses[at];
    Value *one = value_map();
    value_set(one, "n", value_int((int64_t)at + 1));
    set_step(use, one);
    bool ok = price_rest(x, recipe_switch(x->p->recipe, at, true), at, one, e);
    value_add(value_edit(price, "steps"), one);
    return ok && show(x, price, "running", e);
}

bool price_buys_nothing(const Value *step)
{
    const char *verdict = value_get_text(step, "verdict", "");
    return text_equal(verdict, "does nothing") || text_equal(verdict, "harms");
}

/* Steps that share a signal may each do nothing, and do something together. */
static bool price_together(Pricing *x, Value *price, Error *e)
{
    const Value *steps = value_get(price, "steps");
    Value *numbers = value_list(), *one = value_map();
    Recipe *rest = recipe_ref(x->p->recipe);
    for (size_t i = 0; i < value_items(steps); i++) {
        int64_t n = value_get_int(steps->items[i], "n", 0);
        if (!price_buys_nothing(steps->items[i]))
            continue;
        Recipe *less = recipe_switch(rest, (size_t)n - 1, true);
        recipe_unref(rest);
        rest = less;
        value_add(numbers, value_int(n));
    }
    if (numbers->size < 2) {
        recipe_unref(rest);
        value_free(numbers);
        value_free(one);
        return true;
    }
    size_t first = (size_t)numbers->items[0]->integer - 1;
    value_set(one, "numbers", numbers);
    value_set(price, "of", value_int(value_get_int(price, "of", 0) + 1));
    bool ok = show(x, price, "running", e) && price_rest(x, rest, first, one, e);
    if (ok)
        value_set(price, "together", one);
    else
        value_free(one);
    return ok;
}

static size_t steps_on(const Recipe *r)
{
    size_t on = 0;
    for (size_t i = 0; i < r->count; i++)
        on += !r->uses[i].off;
    return on;
}

static Value *price_begin(const Pricing *x)
{
    Value *v = value_map();
    value_set(v, "folds", value_int(x->rest.folds));
    value_set(v, "steps", value_list());
    value_set(v, "recipe", recipe_asked(x->p->recipe));
    value_set(v, "of", value_int((int64_t)steps_on(x->p->recipe) + 1));
    return v;
}

static void set_whole(const Pricing *x, Value *v)
{
    value_set(v, "metric", value_text(x->metric->spec.name));
    value_set(v, "mean", value_real(mean_of(x->figures, x->metric)));
    value_set(v, "sd", value_real(value_get_real(value_get(x->figures, "sd"), x->metric->spec.name, NAN)));
    value_set(v, "margin", value_real(x->margin));
}

/* The features of the net with all steps, where they were asked for. */
static void add_features(const Pricing *x, Value *v)
{
    const Value *list = value_get(x->figures, "importance");
    if (!list)
        return;
    Value *features = value_copy(list);
    for (size_t i = 0; i < features->size; i++) {
        Value *one = features->items[i];
        Interval worth = {.low = value_get_real(one, "low", NAN), .high = value_get_real(one, "high", NAN)};
        value_set(one, "verdict", value_text(verdict(&worth, x->margin)));
    }
    value_set(v, "features", features);
}

bool price_steps(CallContext *c, const Pipeline *p, const PricePlan *plan, Value **result, Error *e)
{
    Pricing x = {.quiet = *c, .p = p, .rest = plan->cross};
    x.quiet.hooks = NULL;
    x.rest.importance = false;
    *result = NULL;
    if (!pipeline_target_column(p))
        return error_set(e, ERROR_USAGE,
                         "price: target = \"input\" has no metric that decides; name the column that tells normal rows as the target");
    if (!steps_on(p->recipe))
        return error_set(e, ERROR_USAGE, "price: the recipe has no step that is on; add one before it is priced");
    *result = price_begin(&x);
    bool ok = show(&x, *result, "running", e) && call_cross_validate(c, p, &plan->cross, &x.figures, e) &&
              pipeline_prepare(c->job, p, &x.whole, e);
    x.done = 1;
    if (ok) {
        x.metric = metric_of(x.figures);
        x.margin = metric_margin(x.metric, plan->margin, mean_of(x.figures, x.metric));
        set_whole(&x, *result);
        add_features(&x, *result);
        ok = show(&x, *result, "running", e);
    }
    for (size_t i = 0; ok && i < p->recipe->count; i++)
        ok = p->recipe->uses[i].off || price_step(&x, i, *result, e);
    ok = ok && price_together(&x, *result, e) && show(&x, *result, "done", e);
    if (!ok) {
        value_free(*result);
        *result = NULL;
    }
    prepared_free(x.whole);
    value_free(x.figures);
    return ok;
}
