/* Exact figures of each column: counts, moments, quantiles, most frequent values, histogram. */
#include "table/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/moments.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/thread.h"
#include "table/spelling.h"
#include "table/profile_internal.h"

double sorted_value(const Sorted *s, size_t i)
{
    return s->type == COLUMN_REAL   ? sort_real_of_key(s->keys[i])
           : s->type == COLUMN_BOOL ? (double)s->keys[i]
                                    : (double)sort_int_of_key(s->keys[i]);
}

double sorted_quantile(const Sorted *s, double q)
{
    if (s->count == 0)
        return NAN;
    double at = q * (double)(s->count - 1);
    size_t low = (size_t)at;
    if (low + 1 >= s->count)
        return sorted_value(s, s->count - 1);
    return sorted_value(s, low) + (at - (double)low) * (sorted_value(s, low + 1) - sorted_value(s, low));
}

/* Whole numbers are subtracted as such: what lies between two of them is small. */
static int64_t whole_quantile(const Sorted *s, double q)
{
    double at = q * (double)(s->count - 1);
    size_t low = (size_t)at, high = low + 1 < s->count ? low + 1 : low;
    double part = (at - (double)low) * (double)(s->keys[high] - s->keys[low]);
    return sort_int_of_key(s->keys[low] + (uint64_t)(part + 0.5));
}

/* Whole numbers are taken from the least of them before they become doubles. */
static bool take_moments(ColumnProfile *p, const Sorted *s, Error *e)
{
    double *values = mem_try_alloc(s->count + 1, sizeof *values, e);
    if (!values)
        return false;
    bool whole = s->type != COLUMN_REAL;
    for (size_t i = 0; i < s->count; i++)
        values[i] = whole ? (double)(s->keys[i] - s->keys[0]) : sorted_value(s, i);
    Moments m = moments_of(values, s->count);
    p->mean = whole && s->count ? (double)((long double)sorted_value(s, 0) + (long double)m.mean) : m.mean;
    p->sd = m.sd_sample;
    p->skew = m.skew;
    mem_free(values);
    return true;
}

static bool set_figures(ColumnProfile *p, const Sorted *s, Error *e)
{
    static const double at[PROFILE_FIGURES] = {0, 0.25, 0.5, 0.75, 1};
    double *figures[PROFILE_FIGURES] = {&p->min, &p->p25, &p->p50, &p->p75, &p->max};
    for (int i = 0; i < PROFILE_FIGURES; i++) {
        *figures[i] = sorted_quantile(s, at[i]);
        p->wholes[i] = s->type == COLUMN_INT && s->count ? whole_quantile(s, at[i]) : 0;
    }
    return take_moments(p, s, e);
}

double profile_share(const ColumnProfile *c, size_t count)
{
    return c->count ? (double)count / (double)c->count : 0;
}

const char *profile_format(const ColumnProfile *c, int figure, int decimals, char out[40])
{
    const double figures[PROFILE_FIGURES] = {c->min, c->p25, c->p50, c->p75, c->max};
    if (c->type != COLUMN_INT || isnan(figures[figure]) || fabs(figures[figure]) < 9e15)
        return number_format_fixed(figures[figure], decimals, out);
    snprintf(out, NUMBER_ROOM, "%lld", (long long)c->wholes[figure]);
    return out;
}

static void set_bins(ColumnProfile *p, const Sorted *s)
{
    if (s->count == 0)
        return;
    double width = (p->max - p->min) / PROFILE_BINS;
    p->bins_count = PROFILE_BINS;
    for (size_t i = 0; i < s->count; i++) {
        double at = width > 0 ? (sorted_value(s, i) - p->min) / width : 0;
        size_t bin = at < PROFILE_BINS ? (size_t)at : PROFILE_BINS - 1;
        p->bins[bin]++;
    }
}

/* Keeps the most frequent, earlier ones first among equals; keys stand for values until they are named. */
static void add_top(ColumnProfile *p, uint64_t keys[PROFILE_TOP], uint64_t key, size_t count)
{
    size_t at = p->top_count;
    while (at > 0 && p->top[at - 1].count < count)
        at--;
    if (at == PROFILE_TOP)
        return;
    size_t last = p->top_count < PROFILE_TOP ? p->top_count++ : PROFILE_TOP - 1;
    for (size_t i = last; i > at; i--) {
        p->top[i] = p->top[i - 1];
        keys[i] = keys[i - 1];
    }
    p->top[at].count = count;
    keys[at] = key;
}

char *profile_value(ColumnType type, uint64_t key)
{
    Text out = {0};
    Column *c = column_new(type, 1, NULL);
    if (!c)
        return mem_strdup("");
    if (type == COLUMN_REAL)
        c->data.reals[0] = sort_real_of_key(key);
    else if (type == COLUMN_BOOL)
        c->data.flags[0] = key != 0;
    else
        c->data.ints[0] = sort_int_of_key(key);
    column_format(c, 0, &out);
    column_unref(c);
    return text_take(&out);
}

static void count_runs(ColumnProfile *p, const Sorted *s)
{
    uint64_t keys[PROFILE_TOP];
    for (size_t from = 0, to; from < s->count; from = to) {
        for (to = from + 1; to < s->count && s->keys[to] == s->keys[from];)
            to++;
        p->distinct++;
        add_top(p, keys, s->keys[from], to - from);
    }
    for (size_t i = 0; i < p->top_count; i++)
        p->top[i].value = profile_value(p->type, keys[i]);
}

static bool sort_column(const Column *c, Sorted *s, Error *e)
{
    *s = (Sorted){c->type, mem_try_alloc(c->rows + 1, sizeof *s->keys, e), 0};
    for (size_t row = 0; s->keys && row < c->rows; row++)
        if (column_is_valid(c, row) && isfinite(column_real(c, row)))
            s->keys[s->count++] = column_key(c, row);
    if (s->keys && sort_keys(s->keys, s->count, e))
        return true;
    mem_free(s->keys);
    return false;
}

static bool profile_numbers(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    Sorted s;
    if (!sort_column(c, &s, e))
        return false;
    bool ok = set_figures(p, &s, e);
    set_bins(p, &s);
    count_runs(p, &s);
    if (!p->is_numeric && s.count > 0) {
        p->min_text = profile_value(c->type, s.keys[0]);
        p->max_text = profile_value(c->type, s.keys[s.count - 1]);
    }
    ok = ok && profile_relate(p, c, target, &s, e);
    mem_free(s.keys);
    return ok;
}

/* What a level is when its cells were read as numbers. */
static void count_words(ColumnProfile *p, const char *text, size_t size, size_t rows)
{
    bool whole;
    if (spelling_is_number(text, size, &whole))
        p->numbers += rows;
    else if (spelling_is_missing(text, size))
        p->spelled_missing += rows;
}

static bool profile_texts(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    uint64_t keys[PROFILE_TOP];
    uint32_t levels = dictionary_count(c->dictionary);
    size_t *counts = mem_try_alloc(levels + 1, sizeof *counts, e);
    const char *low = NULL, *high = NULL;
    if (!counts)
        return false;
    for (size_t row = 0; row < c->rows; row++)
        if (column_is_valid(c, row))
            counts[c->data.codes[row]]++;
    for (uint32_t code = 0; code < levels; code++) {
        if (counts[code] == 0)
            continue;
        size_t size;
        const char *text = dictionary_get(c->dictionary, code, &size);
        p->distinct++;
        count_words(p, text, size, counts[code]);
        add_top(p, keys, code, counts[code]);
        if (!low || strcmp(text, low) < 0)
            low = text;
        if (!high || strcmp(text, high) > 0)
            high = text;
    }
    for (size_t i = 0; i < p->top_count; i++) {
        p->top[i].value = mem_strdup(dictionary_get(c->dictionary, (uint32_t)keys[i], NULL));
        p->bins[p->bins_count++] = p->top[i].count;
    }
    p->min_text = mem_strdup(low);
    p->max_text = mem_strdup(high);
    mem_free(counts);
    return profile_relate(p, c, target, NULL, e);
}

static bool is_called_id(const char *name)
{
    size_t size = strlen(name);
    return size >= 2 && strcasecmp(name + size - 2, "id") == 0;
}

/* A name for a row, not a measurement: texts without blanks, or whole numbers that are called so or count up. Numbers that a few odd
 * cells made a text are numbers. */
static bool looks_like_id(const ColumnProfile *p, const Column *c)
{
    bool unique = p->count >= 10 && (double)p->distinct >= 0.95 * (double)p->count;
    if (!unique)
        return false;
    if (c->type == COLUMN_INT)
        return is_called_id(p->name) || (p->distinct == p->count && p->max - p->min == (double)(p->count - 1));
    if (p->disguise != DISGUISE_NONE || 2 * (p->numbers + p->spelled_missing) > p->count)
        return is_called_id(p->name);
    for (size_t row = 0; c->type == COLUMN_TEXT && row < c->rows && row < 100; row++) {
        const char *text = column_text(c, row, NULL);
        if (text && strchr(text, ' '))
            return false;
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
    p->auc = p->mutual_information = p->correlation = p->min = p->max = p->mean = p->sd = p->p25 = p->p50 = p->p75 = p->skew = NAN;
    bool ok = column_is_wide(c) || (c->type == COLUMN_TEXT ? profile_texts : profile_numbers)(p, c, target, e);
    if (ok)
        profile_disguise(p, c);
    p->is_id = ok && !p->is_target && looks_like_id(p, c);
    if (p->is_id)
        p->auc = p->mutual_information = p->correlation = NAN;
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
    if (!pool)
        return false;
    r->errors = mem_alloc((count + 1) * sizeof *r->errors);
    r->done = mem_alloc((count + 1) * sizeof *r->done);
    pool_run(pool, (int)count, run_column, r);
    pool_free(pool);
    size_t bad = 0;
    while (bad < count && r->done[bad])
        bad++;
    if (bad < count && e)
        *e = r->errors[bad];
    mem_free(r->errors);
    mem_free(r->done);
    return bad == count;
}

Profile *profile_table(Job *job, const Table *t, const char *target, const char *positive, Error *e)
{
    return profile_table_for(job, t, &(ProfileUse){target, positive, NULL}, e);
}

Profile *profile_table_for(Job *job, const Table *t, const ProfileUse *use, Error *e)
{
    double start = clock_now();
    ProfileTarget target;
    Profile *p = MEM_NEW(Profile);
    p->rows = t->rows;
    p->rejects = t->rejects_count;
    p->of_training = use->training && use->target;
    p->columns = mem_alloc((t->columns_count + 1) * sizeof *p->columns);
    bool ok = profile_target_init(&target, t, use, e);
    ProfileRun run = {.job = job, .t = t, .target = &target, .p = p};
    p->columns_count = ok ? t->columns_count : 0;
    ok = ok && profile_columns(&run, e);
    ok = ok && profile_find(p, t, &target, e);
    profile_target_done(&target);
    p->seconds = clock_now() - start;
    if (ok)
        return p;
    profile_free(p);
    return NULL;
}

void profile_free(Profile *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->columns_count; i++) {
        ColumnProfile *c = &p->columns[i];
        for (size_t k = 0; k < c->top_count; k++)
            mem_free(c->top[k].value);
        for (size_t k = 0; k < c->rates_count; k++)
            mem_free(c->rates[k].label);
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
