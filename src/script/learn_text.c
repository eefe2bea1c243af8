/* Studies and cross-validations in words. */
#include "net/metrics/metric.h"
#include "script/learn_text.h"

#include <math.h>
#include <string.h>

#include "learn/figure.h"
#include "learn/importance.h"

static void add_settings(const Value *settings, Text *out)
{
    for (size_t i = 0; settings && settings->type == VALUE_MAP && i < settings->size; i++) {
        const Value *v = settings->items[i];
        if (v->type == VALUE_TEXT)
            text_addf(out, "  %s %s", settings->keys[i], v->text);
        else if (v->type == VALUE_INT)
            text_addf(out, "  %s %lld", settings->keys[i], (long long)v->integer);
        else if (v->type == VALUE_REAL)
            text_addf(out, "  %s %.4g", settings->keys[i], v->real);
        else if (v->type == VALUE_FLAG)
            text_addf(out, "  %s %s", settings->keys[i], v->flag ? "true" : "false");
    }
}

static void add_trial(const Value *t, bool is_best, Text *out)
{
    const Value *metric = value_get(t, "metric");
    const char *status = value_get_text(t, "status", "done"), *said = value_get_text(t, "error", NULL);
    text_addf(out, "\n%s %3lld  ", is_best ? " *" : "  ", (long long)value_get_int(t, "n", 0));
    if (metric && value_is_number(metric))
        text_addf(out, "%.4f", value_number(metric));
    else
        text_add(out, "     -");
    if (value_get(t, "sd"))
        text_addf(out, " sd %.4f", value_get_real(t, "sd", 0));
    add_settings(value_get(t, "settings"), out);
    if (!text_equal(status, "done"))
        text_addf(out, "  (%s%s%s)", status, said ? ": " : "", said ? said : "");
}

/* Nothing is said of one net that beats all others, or where all are of one size. */
static void add_front(const Value *front, const Value *trials, Text *out)
{
    if (value_items(front) < 2)
        return;
    text_add(out, "\nnothing better with fewer parameters than:");
    for (size_t i = 0; i < front->size; i++)
        for (size_t k = 0; k < value_items(trials); k++)
            if (value_get_int(trials->items[k], "n", 0) == front->items[i]->integer)
                text_addf(out, "%s %lld (%lld)", i ? "," : "", (long long)front->items[i]->integer,
                          (long long)value_get_int(trials->items[k], "params", 0));
}

/* `8 trials, 5 done, 3 failed, best by valid.auc:`, then a line for each. */
char *learn_text_study(const Value *result)
{
    const Value *trials = value_get(result, "trials");
    size_t count = value_items(trials);
    int64_t best = value_get_int(result, "best", -1), failed = value_get_int(result, "failed", 0);
    int64_t exhausted = value_get_int(result, "exhausted", 0);
    Text out = {0};
    text_addf(&out, "%zu trial%s, %lld done, %lld failed, best by %s:", count, count == 1 ? "" : "s",
              (long long)value_get_int(result, "done", 0), (long long)failed, value_get_text(result, "metric", "metric"));
    for (size_t i = 0; i < count; i++)
        add_trial(trials->items[i], value_get_int(trials->items[i], "n", 0) == best, &out);
    add_front(value_get(result, "front"), trials, &out);
    text_add(&out, "\nrows: ");
    rows_report_print(value_get(result, "row_counts"), &out);
    if (exhausted)
        text_addf(&out, "\nspace exhausted: %lld setting%s, %lld trials were asked for; none is trained twice", (long long)exhausted,
                  exhausted == 1 ? "" : "s", (long long)value_get_int(result, "asked", 0));
    return text_take(&out);
}

/* `by group site, 510 rows judged; left out: 90 test part` */
static void add_fold_rows(const Value *result, Text *out)
{
    const Value *left = value_get(result, "left");
    const char *order = value_get_text(result, "order", NULL), *column = value_get_text(result, "column", NULL);
    text_addf(out, "\nby %s%s%s", value_get_text(result, "unit", "row"), column ? " " : "", column ? column : "");
    if (order)
        text_addf(out, ", forward in time by %s", order);
    text_addf(out, ": %lld rows used, %lld judged", (long long)value_get_int(result, "rows", 0),
              (long long)value_get_int(result, "judged", 0));
    for (size_t i = 0; left && i < left->size; i++)
        text_addf(out, "%s%lld %s", i ? ", " : "; left out: ", (long long)value_get_int(left, left->keys[i], 0), left->keys[i]);
}

/* `5-fold AUC 0.8412 ±0.0110 (sd of 5 folds)`, then what all held-out rows give together. */
char *learn_text_folds(const Value *result, int64_t folds)
{
    const Value *pooled = value_get(result, "pooled");
    const char *name = value_get_text(result, "metric", METRIC_LOSS);
    const Metric *m = metric_find(name);
    int64_t undefined = value_get_int(value_get(result, "undefined"), name, 0);
    double mean = value_get_real(value_get(result, "mean"), name, NAN), sd = value_get_real(value_get(result, "sd"), name, NAN);
    char number[METRIC_TITLE_ROOM];
    Text out = {0};
    text_addf(&out, "%lld-fold %s ", (long long)folds, m ? m->title : name);
    figure_add_over(&out, &(Figure){mean, sd, figure_decimals(m), false}, (size_t)(folds - undefined), "folds");
    if (undefined)
        text_addf(&out, ", undefined in %lld fold%s", (long long)undefined, undefined == 1 ? "" : "s");
    if (pooled && value_get(pooled, name))
        text_addf(&out, "\nall held-out rows together %s", metric_format(m, value_get_real(pooled, name, NAN), number));
    if (value_get(result, "importance"))
        importance_print(value_get(result, "importance"), IMPORTANCE_HEAD, m->decimals, &out);
    add_fold_rows(result, &out);
    return text_take(&out);
}

/* With its spread where several seeds stand behind a figure. */
static void add_metric(const Value *figures, const char *prefix, const Metric *m, Text *out)
{
    char *name = text_format("%s%s", prefix, m->spec.name), number[METRIC_TITLE_ROOM];
    double x = value_get_real(figures, name, (double)NAN), sd = value_get_real(value_get(figures, "sd"), name, (double)NAN);
    text_addf(out, "  %s ", m->spec.name);
    if (isfinite(sd))
        figure_add(out, &(Figure){x, sd, figure_decimals(m), false});
    else
        text_add(out, metric_format(m, x, number));
    mem_free(name);
}

static bool has_metric(const Value *figures, const char *prefix, const Metric *m)
{
    char *name = text_format("%s%s", prefix, m->spec.name);
    const Value *v = value_get(figures, name);
    bool has = v && value_is_number(v);
    mem_free(name);
    return has;
}

void learn_text_metrics(const Value *figures, const char *prefix, Text *out)
{
    size_t said = 0;
    for (size_t i = 0; i < metric_count(); i++)
        if (!metric_at(i)->is_minor && has_metric(figures, prefix, metric_at(i))) {
            add_metric(figures, prefix, metric_at(i), out);
            said++;
        }
    if (!said) /* a net that gives its input again, of nothing but normal rows */
        add_metric(figures, prefix, metric_find(METRIC_LOSS), out);
    char number[METRIC_TITLE_ROOM];
    for (size_t i = 0; !*prefix && i < value_entries(figures); i++) /* those that were asked for with settings */
        if (strchr(figures->keys[i], '('))
            text_addf(out, "  %s %s", figures->keys[i],
                      metric_format(metric_find(figures->keys[i]), value_number(figures->items[i]), number));
}

void learn_text_seeds(const Value *figures, const char *prefix, Text *out)
{
    const Value *each = value_get(figures, "seeds");
    for (size_t i = 0; each && i < metric_count(); i++) {
        const Metric *m = metric_at(i);
        char *name = text_format("%s%s", prefix, m->spec.name);
        double low = value_get_real(value_get(figures, "low"), name, (double)NAN);
        double high = value_get_real(value_get(figures, "high"), name, (double)NAN);
        bool leads = (m->leads_two || m->leads_many || m->leads_values) && isfinite(low) && isfinite(high);
        if (leads) {
            text_addf(out, "\n  sd over %zu seeds; %s of new seeds on the same rows ", each->size, name);
            figure_add_interval(out, &(Figure){value_get_real(figures, name, (double)NAN), (double)NAN, figure_decimals(m), false}, low,
                                high);
        }
        mem_free(name);
        if (leads)
            return;
    }
}
