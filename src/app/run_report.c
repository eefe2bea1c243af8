/* Gathering a report, and its plain forms. */
#include "app/run_report.h"

#include <math.h>
#include <string.h>

#include "app/run_card.h"
#include "app/run_lineage.h"
#include "app/run_settings.h"
#include "base/io.h"
#include "base/json.h"
#include "base/number.h"
#include "learn/call.h"
#include "net/metrics/metric.h"

bool run_report_open(RunReport *r, const char *path, Error *e)
{
    *r = (RunReport){.tail = tail_open(path, e)};
    if (!r->tail)
        return false;
    tail_poll(r->tail, true, NULL);
    r->training = run_card_training(r->tail);
    r->card = run_card_make(r->tail);
    r->settings = run_settings(r->card);
    r->lineage = run_lineage(r->card);
    r->result = call_read_json(r->training->path, "result.json");
    r->comparison = call_read_json(path, "compare.json");
    return true;
}

void run_report_done(RunReport *r)
{
    value_free(r->card);
    value_free(r->settings);
    value_free(r->lineage);
    value_free(r->result);
    value_free(r->comparison);
    tail_free(r->tail);
}

static bool is_of_metric(const char *series, const char *metric)
{
    const char *dot = strchr(series, '.');
    return !text_starts(series, "batch.") && (text_equal(dot ? dot + 1 : series, metric) || text_equal(series, metric));
}

void run_chart(const Tail *const *trainings, const char *const *names, size_t count, const char *metric, Chart *out)
{
    const Metric *m = metric_find(metric);
    *out = (Chart){.title = metric, .x_label = "epoch", .width = 760, .height = 300};
    if (!m)
        m = metric_of_series(metric);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < trainings[i]->series_count && out->count < CHART_SERIES_MAX; k++) {
            const TailSeries *s = &trainings[i]->series[k];
            if (!s->count || !is_of_metric(s->name, metric))
                continue;
            char *name = names[i] ? text_format("%s %s", names[i], s->name) : mem_strdup(s->name);
            out->series[out->count] = (ChartSeries){.x = s->x,
                                                    .y = s->y,
                                                    .count = s->count,
                                                    .name = name,
                                                    .decimals = m ? m->decimals : 4,
                                                    .stroke = names[i]                         ? (int)out->count
                                                              : text_starts(s->name, "train.") ? 0
                                                              : text_starts(s->name, "valid.") ? 1
                                                                                               : 2};
            out->count++;
        }
}

void run_chart_done(Chart *c)
{
    for (size_t i = 0; i < c->count; i++)
        mem_free((char *)(uintptr_t)c->series[i].name);
    c->count = 0;
}

Value *run_report_json(const RunReport *r)
{
    Value *v = value_map(), *pieces = value_list();
    value_set(v, "card", value_copy(r->card));
    value_set(v, "settings", value_copy(r->settings));
    value_set(v, "lineage", value_copy(r->lineage));
    value_set(v, "result", r->result ? value_copy(r->result) : value_null());
    value_set(v, "comparison", r->comparison ? value_copy(r->comparison) : value_null());
    value_set(v, "epochs", value_copy(r->training->epochs));
    for (size_t i = 0; i < r->tail->children_count; i++)
        value_add(pieces, run_card_make(r->tail->children[i]));
    value_set(v, "pieces", pieces);
    return v;
}

/* Names of series of all epochs: a metric may begin later. */
static TextList metric_names(const Value *epochs)
{
    TextList names = {0};
    for (size_t i = 0; i < epochs->size; i++) {
        const Value *m = value_get(epochs->items[i], "m");
        for (size_t k = 0; k < value_entries(m); k++)
            if (!text_list_has(&names, m->keys[k]))
                text_list_add(&names, m->keys[k]);
    }
    return names;
}

static void add_number(Text *out, const Value *v)
{
    char number[NUMBER_ROOM];
    text_add_char(out, ',');
    if (v && value_is_number(v))
        text_add(out, number_format_real(value_number(v), number));
    else if (v && v->type == VALUE_TEXT && (text_equal(v->text, "nan") || text_ends(v->text, "inf")))
        text_add(out, v->text);
}

/* Names of metrics with settings hold commas: "f_beta(beta=2,x=1)". */
static void add_name(Text *out, const char *name)
{
    if (!strpbrk(name, ",\"\r\n")) {
        text_add(out, name);
        return;
    }
    text_add_char(out, '"');
    for (const char *at = name; *at; at++) {
        if (*at == '"')
            text_add_char(out, '"');
        text_add_char(out, *at);
    }
    text_add_char(out, '"');
}

void run_report_csv(const RunReport *r, Text *out)
{
    const Value *epochs = r->training->epochs;
    TextList names = metric_names(epochs);
    text_add(out, "epoch,step,seconds,learning_rate");
    for (size_t i = 0; i < names.count; i++) {
        text_add_char(out, ',');
        add_name(out, names.items[i]);
    }
    text_add_char(out, '\n');
    for (size_t i = 0; i < epochs->size; i++) {
        const Value *event = epochs->items[i], *m = value_get(event, "m");
        text_addf(out, "%lld,%lld", (long long)value_get_int(event, "epoch", 0), (long long)value_get_int(event, "step", 0));
        add_number(out, value_get(event, "seconds"));
        add_number(out, value_get(event, "lr"));
        for (size_t k = 0; k < names.count; k++)
            add_number(out, value_get(m, names.items[k]));
        text_add_char(out, '\n');
    }
    text_list_done(&names);
}
