/* Exact figures of each column: counts, moments, quantiles, most frequent values, histogram. */
#include "table/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/thread.h"
#include "table/profile_internal.h"

double profile_quantile(const double *sorted, size_t count, double q)
{
    if (count == 0) return NAN;
    double at = q * (double)(count - 1);
    size_t low = (size_t)at;
    if (low + 1 >= count) return sorted[count - 1];
    return sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]);
}

double profile_skew(const double *values, size_t count)
{
    double mean = 0, second = 0, third = 0, n = (double)count;
    for (size_t i = 0; i < count; i++) mean += values[i];
    mean /= n;
    for (size_t i = 0; i < count; i++) {
        double d = values[i] - mean;
        second += d * d;
        third += d * d * d;
    }
    return second > 0 ? (third / n) / pow(second / n, 1.5) : NAN;
}

static void set_moments(ColumnProfile *p, const double *sorted, size_t count)
{
    p->mean = p->sd = p->skew = p->min = p->max = NAN;
    p->p25 = profile_quantile(sorted, count, 0.25);
    p->p50 = profile_quantile(sorted, count, 0.5);
    p->p75 = profile_quantile(sorted, count, 0.75);
    if (count == 0) return;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++) sum += sorted[i];
    p->mean = sum / (double)count;
    for (size_t i = 0; i < count; i++) squares += (sorted[i] - p->mean) * (sorted[i] - p->mean);
    if (count > 1) p->sd = sqrt(squares / (double)(count - 1));
    p->skew = profile_skew(sorted, count);
    p->min = sorted[0];
    p->max = sorted[count - 1];
}

static void set_bins(ColumnProfile *p, const double *sorted, size_t count)
{
    if (count == 0) return;
    double width = (p->max - p->min) / PROFILE_BINS;
    p->bins_count = PROFILE_BINS;
    for (size_t i = 0; i < count; i++) {
        double at = width > 0 ? (sorted[i] - p->min) / width : 0;
        size_t bin = at < PROFILE_BINS ? (size_t)at : PROFILE_BINS - 1;
        p->bins[bin]++;
    }
}

/* Keeps the most frequent, earlier ones first among equals; keys stand for values until they are named. */
static void add_top(ColumnProfile *p, double keys[PROFILE_TOP], double key, size_t count)
{
    size_t at = p->top_count;
    while (at > 0 && p->top[at - 1].count < count) at--;
    if (at == PROFILE_TOP) return;
    size_t last = p->top_count < PROFILE_TOP ? p->top_count++ : PROFILE_TOP - 1;
    for (size_t i = last; i > at; i--) {
        p->top[i] = p->top[i - 1];
        keys[i] = keys[i - 1];
    }
    p->top[at].count = count;
    keys[at] = key;
}

static char *format_value(ColumnType type, double value)
{
    Text out = {0};
    Column *c = column_new(type, 1, NULL);
    if (!c) return mem_strdup("");
    if (type == COLUMN_REAL) c->data.reals[0] = value;
    else if (type == COLUMN_BOOL) c->data.flags[0] = value != 0;
    else c->data.ints[0] = (int64_t)value;
    column_format(c, 0, &out);
    column_unref(c);
    return text_take(&out);
}

static void count_runs(ColumnProfile *p, const double *sorted, size_t count)
{
    double keys[PROFILE_TOP];
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && sorted[to] == sorted[from];) to++;
        p->distinct++;
        add_top(p, keys, sorted[from], to - from);
    }
    for (size_t i = 0; i < p->top_count; i++) p->top[i].value = format_value(p->type, keys[i]);
}

static double *sorted_values(const Column *c, size_t *count, Error *e)
{
    double *values = mem_try_alloc(c->rows + 1, sizeof *values, e);
    *count = 0;
    for (size_t row = 0; values && row < c->rows; row++) {
        double x = column_real(c, row);
        if (isfinite(x)) values[(*count)++] = x;
    }
    if (!values || sort_reals(values, *count, e)) return values;
    mem_free(values);
    return NULL;
}

static bool profile_numbers(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    size_t count;
    double *sorted = sorted_values(c, &count, e);
    if (!sorted) return false;
    set_moments(p, sorted, count);
    set_bins(p, sorted, count);
    count_runs(p, sorted, count);
    if (!p->is_numeric && count > 0) {
        p->min_text = format_value(c->type, p->min);
        p->max_text = format_value(c->type, p->max);
    }
    bool ok = profile_relate(p, c, target, sorted, count, e);
    mem_free(sorted);
    return ok;
}

static bool profile_texts(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    double keys[PROFILE_TOP];
    uint32_t levels = dictionary_count(c->dictionary);
    size_t *counts = mem_try_alloc(levels + 1, sizeof *counts, e);
    const char *low = NULL, *high = NULL;
    if (!counts) return false;
    for (size_t row = 0; row < c->rows; row++)
        if (column_is_valid(c, row)) counts[c->data.codes[row]]++;
    for (uint32_t code = 0; code < levels; code++) {
        if (counts[code] == 0) continue;
        const char *text = dictionary_get(c->dictionary, code, NULL);
        p->distinct++;
        add_top(p, keys, code, counts[code]);
        if (!low || strcmp(text, low) < 0) low = text;
        if (!high || strcmp(text, high) > 0) high = text;
    }
    for (size_t i = 0; i < p->top_count; i++) {
        p->top[i].value = mem_strdup(dictionary_get(c->dictionary, (uint32_t)keys[i], NULL));
        p->bins[p->bins_count++] = p->top[i].count;
    }
    p->min_text = mem_strdup(low);
    p->max_text = mem_strdup(high);
    mem_free(counts);
    return profile_relate(p, c, target, NULL, 0, e);
}

/* A name for a row, not a measurement: texts without blanks, or whole numbers that are called so or count up. */
static bool looks_like_id(const ColumnProfile *p, const Column *c)
{
    bool unique = p->count >= 10 && (double)p->distinct >= 0.95 * (double)p->count;
    if (!unique) return false;
    if (c->type == COLUMN_INT) {
        size_t size = strlen(p->name);
        bool called = size >= 2 && strcasecmp(p->name + size - 2, "id") == 0;
        return called || (p->distinct == p->count && p->max - p->min == (double)(p->count - 1));
    }
    for (size_t row = 0; c->type == COLUMN_TEXT && row < c->rows && row < 100; row++) {
        const char *text = column_text(c, row, NULL);
        if (text && strchr(text, ' ')) return false;
    }
    return c->type == COLUMN_TEXT;
}

static bool profile_column(ColumnProfile *p, const Table *t, size_t i, const ProfileTarget *target, Error *e)
{
    const Column *c = t->columns[i];
    p->name = mem_strdup(t->names[i]);
    p->type = c->type;
    p->missing = c->missing;
    p->count = c->rows - c->missing;
    p->is_numeric = column_is_numeric(c);
    p->is_target = (int)i == target->column;
    p->auc = p->mutual_information = p->min = p->max = p->mean = p->sd = p->p25 = p->p50 = p->p75 = p->skew = NAN;
    bool ok = c->type == COLUMN_ARRAY || (c->type == COLUMN_TEXT ? profile_texts : profile_numbers)(p, c, target, e);
    p->is_id = ok && !p->is_target && looks_like_id(p, c);
    if (p->is_id) p->auc = p->mutual_information = NAN;
    return ok;
}

typedef struct ProfileRun {
    Job *job;
    const Table *t;
    const ProfileTarget *target;
    Profile *p;
    Error *errors; /* per column */
    bool *done;    /* per column */
    atomic_size_t finished;
} ProfileRun;

static void run_column(void *self, int index)
{
    ProfileRun *r = self;
    size_t i = (size_t)index;
    r->done[i] = job_go_on(r->job, &r->errors[i]) && profile_column(&r->p->columns[i], r->t, i, r->target, &r->errors[i]);
    job_progress(r->job, atomic_fetch_add(&r->finished, 1) + 1, r->t->columns_count);
}

/* Columns do not depend on each other, so any number of threads finds the same. Small tables are not worth a thread. */
static bool profile_columns(ProfileRun *r, Error *e)
{
    enum { WORTH_CELLS = 200000 };
    size_t count = r->t->columns_count;
    bool is_small = r->t->rows * count < WORTH_CELLS;
    Pool *pool = pool_new(is_small || !r->job ? 1 : r->job->threads > 0 ? r->job->threads : thread_cores(), e);
    if (!pool) return false;
    r->errors = mem_alloc((count + 1) * sizeof *r->errors);
    r->done = mem_alloc((count + 1) * sizeof *r->done);
    pool_run(pool, (int)count, run_column, r);
    pool_free(pool);
    size_t bad = 0;
    while (bad < count && r->done[bad]) bad++;
    if (bad < count && e) *e = r->errors[bad];
    mem_free(r->errors);
    mem_free(r->done);
    return bad == count;
}

Profile *profile_table(Job *job, const Table *t, const char *target_name, const char *positive, Error *e)
{
    double start = clock_now();
    ProfileTarget target;
    Profile *p = MEM_NEW(Profile);
    p->rows = t->rows;
    p->rejects = t->rejects_count;
    p->columns = mem_alloc((t->columns_count + 1) * sizeof *p->columns);
    bool ok = profile_target_init(&target, t, target_name, positive, e);
    ProfileRun run = {.job = job, .t = t, .target = &target, .p = p};
    p->columns_count = ok ? t->columns_count : 0;
    ok = ok && profile_columns(&run, e);
    ok = ok && profile_find(p, t, &target, e);
    profile_target_done(&target);
    p->seconds = clock_now() - start;
    if (ok) return p;
    profile_free(p);
    return NULL;
}

void profile_free(Profile *p)
{
    if (!p) return;
    for (size_t i = 0; i < p->columns_count; i++) {
        ColumnProfile *c = &p->columns[i];
        for (size_t k = 0; k < c->top_count; k++) mem_free(c->top[k].value);
        for (size_t k = 0; k < c->rates_count; k++) mem_free(c->rates[k].label);
        mem_free(c->name);
        mem_free(c->min_text);
        mem_free(c->max_text);
    }
    for (size_t i = 0; i < p->findings_count; i++) {
        mem_free(p->findings[i].column);
        mem_free(p->findings[i].text);
        mem_free(p->findings[i].step);
        value_free(p->findings[i].params);
    }
    mem_free(p->columns);
    mem_free(p->findings);
    mem_free(p);
}
