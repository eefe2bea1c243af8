/* The family of metrics and what its members share. */
#include "net/metrics/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "spec/module.h"

#define METRIC(name) extern const Metric name##_metric;
#include "net/metrics/metrics.def"
#undef METRIC

enum {
#define METRIC(name) PLACE_##name,
#include "net/metrics/metrics.def"
#undef METRIC
    BUILT_IN
};

static const Spec *members[BUILT_IN + MODULE_MEMBERS] = {
#define METRIC(name) &name##_metric.spec,
#include "net/metrics/metrics.def"
#undef METRIC
};

static Family family = {"metric", "Metrics", "how well a net does on a part", members, BUILT_IN};

const Family *metric_family(void)
{
    return &family;
}

bool metric_family_add(const Metric *m, Error *e)
{
    return family_add(&family, members, sizeof members / sizeof *members, &m->spec, e);
}

size_t metric_count(void)
{
    return family.count;
}

const Metric *metric_at(size_t i)
{
    return (const Metric *)members[i];
}

const Metric *metric_find(const char *name)
{
    size_t size = name ? strcspn(name, "(") : 0;
    for (size_t i = 0; i < family.count && name; i++)
        if (strlen(members[i]->name) == size && memcmp(members[i]->name, name, size) == 0)
            return metric_at(i);
    return NULL;
}

bool metric_fits(const Metric *m, size_t classes)
{
    return classes ? m->for_classes && (classes == 2 ? !m->only_many : !m->only_two) : m->for_values;
}

const Metric *metric_leading(size_t classes)
{
    for (size_t i = 0; i < family.count; i++)
        if (classes == 0 ? metric_at(i)->leads_values : classes == 2 ? metric_at(i)->leads_two : metric_at(i)->leads_many)
            return metric_at(i);
    return metric_at(0);
}

static const char *setting_at(const void *self, size_t i)
{
    const Field *rows = self;
    return rows[i].name;
}

/* "beta=0.5" */
static bool set_one(const Metric *m, void *params, const char *text, size_t size, Error *e)
{
    const char *equals = memchr(text, '=', size);
    if (!equals)
        return false;
    char *name = mem_strndup(text, (size_t)(equals - text)), *value = mem_strndup(equals + 1, size - (size_t)(equals - text) - 1);
    const Field *f = fields_find(m->spec.params, name);
    const char *near = f ? NULL : text_nearest(name, setting_at, m->spec.params);
    bool ok = f ? field_set_text(f, params, value, m->spec.name, e)
                : error_set(e, ERROR_USAGE, "%s: no setting \"%s\"%s%s%s", m->spec.name, name,
                            near ? "; did you mean \"" : "; `limbeck help` lists them", near ? near : "", near ? "\"?" : "");
    mem_free(name);
    mem_free(value);
    return ok;
}

static bool set_all(const Metric *m, void *params, const char *text, Error *e)
{
    size_t size = strlen(text);
    if (size < 2 || text[size - 1] != ')')
        return false;
    for (const char *at = text + 1, *end = text + size - 1; at < end;) {
        at += strspn(at, " ");
        size_t own = strcspn(at, ",)");
        if (!set_one(m, params, at, own, e))
            return false;
        at += own + (at + own < end);
    }
    return true;
}

bool metric_use_of_name(SpecUse *use, const char *name, Error *e)
{
    const Metric *m = metric_find(name);
    const char *settings = name ? strchr(name, '(') : NULL;
    *use = (SpecUse){0};
    if (!m) {
        registry_add(&family);
        return registry_get("metric", name ? name : "", e) != NULL;
    }
    if (settings && (!m->spec.params || !m->spec.params->name))
        return error_set(e, ERROR_USAGE, "%s: it has no settings", m->spec.name);
    *use = (SpecUse){&m->spec, settings ? params_new(&m->spec) : NULL};
    if (!settings || set_all(m, use->params, settings, e))
        return true;
    if (!e->code)
        error_set(e, ERROR_USAGE, "%s: write settings as %s(name=value, ...)", name, m->spec.name);
    spec_use_done(use);
    return false;
}

SpecUse metric_usual(const Metric *m)
{
    return (SpecUse){.spec = &m->spec};
}

/* Settings that were not given are made for the one call, and freed by metric_asked_done. */
static MetricInput metric_asked(const SpecUse *use, const MetricInput *in, Error *why)
{
    MetricInput asked = *in;
    asked.spec = use->spec;
    asked.params = use->params ? use->params : params_new(use->spec);
    asked.error = why;
    return asked;
}

static void metric_asked_done(const SpecUse *use, const MetricInput *asked)
{
    if (asked->params != use->params)
        params_free(use->spec, (void *)(uintptr_t)asked->params);
}

bool metric_compute(const SpecUse *use, const MetricInput *in, double *figure, Error *e)
{
    Error why = {0};
    MetricInput asked = metric_asked(use, in, &why);
    *figure = ((const Metric *)use->spec)->compute(&asked);
    metric_asked_done(use, &asked);
    if (!why.code)
        return true;
    *e = why;
    return error_prefix(e, "metric %s: ", use->spec->name);
}

size_t metric_by_row(const SpecUse *use, const MetricInput *in, double *shares)
{
    const Metric *m = (const Metric *)use->spec;
    Error none = {0};
    MetricInput asked = metric_asked(use, in, &none);
    size_t independent = m->by_row ? m->by_row(&asked, shares) : 0;
    metric_asked_done(use, &asked);
    return independent;
}

bool metric_is_better(const Metric *m, double x, double than)
{
    return m->is_better_high ? x > than : x < than;
}

double metric_margin(const Metric *m, double margin, double figure)
{
    return isfinite(m->high) ? margin : margin * fabs(figure);
}

bool metric_is_bounded(const Metric *m)
{
    return isfinite(m->low) && isfinite(m->high);
}

/* The name of the figure behind that of the part; settings may hold dots. */
static const char *name_in_series(const char *series)
{
    size_t size = series ? strcspn(series, "(") : 0;
    while (size > 0 && series[size - 1] != '.')
        size--;
    return series ? series + size : "";
}

const Metric *metric_of_series(const char *series)
{
    return metric_find(name_in_series(series));
}

const char *metric_series_title(const char *series, char out[METRIC_TITLE_ROOM])
{
    const Metric *m = metric_of_series(series);
    const char *name = name_in_series(series), *settings = strchr(name, '(');
    int part = m && name > series ? (int)(name - series) - 1 : 0;
    if (m)
        snprintf(out, METRIC_TITLE_ROOM, "%.*s%s%s%s%s", part < 32 ? part : 32, series, part ? " " : "", m->title, settings ? " " : "",
                 settings ? settings : "");
    else
        snprintf(out, METRIC_TITLE_ROOM, "%s", series ? series : "");
    return out;
}

void metric_series_list(size_t classes, bool running, Text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < family.count; i++)
        if (metric_fits(metric_at(i), classes))
            text_addf(out, "%svalid.%s", count++ ? ", " : "", metric_at(i)->spec.name);
    for (size_t i = 0; running && i < family.count; i++)
        if (metric_fits(metric_at(i), classes) && metric_at(i)->is_running)
            text_addf(out, ", train.%s", metric_at(i)->spec.name);
}

const char *metric_format(const Metric *m, double x, char out[METRIC_TITLE_ROOM])
{
    snprintf(out, METRIC_TITLE_ROOM, "undefined");
    return isfinite(x) ? number_format_fixed(x, m ? m->decimals : 4, out) : out;
}

static int cheapest(const MetricInput *in, const float *p)
{
    int best = 0;
    double least = INFINITY;
    for (size_t d = 0; d < in->classes; d++) {
        double cost = 0;
        for (size_t c = 0; c < in->classes; c++)
            cost += (double)p[c] * in->costs[c * in->classes + d];
        if (cost < least) {
            least = cost;
            best = (int)d;
        }
    }
    return best;
}

int metric_decide(const MetricInput *in, size_t row)
{
    if (in->decided)
        return in->decided[row];
    const float *p = in->probabilities + row * in->classes;
    if (in->positive >= 0 && in->classes == 2)
        return (double)p[in->positive] >= in->threshold ? in->positive : 1 - in->positive;
    if (in->costs)
        return cheapest(in, p);
    int best = 0;
    for (size_t c = 1; c < in->classes; c++)
        if (p[c] > p[best])
            best = (int)c;
    return best;
}
