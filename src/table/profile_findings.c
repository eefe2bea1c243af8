/* Findings: what is wrong or worth a look, one sentence each, with the step that repairs it. Errors first, notes last. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/profile_internal.h"

enum { SPELLING_LEVELS = 500, FENCE = 3, MANY_VALUES = 20, SOME_VALUES = 7 };
static const double strong_skew = 0.9, constant_share = 0.99, most_outliers = 0.01;

typedef struct Finder {
    Profile *p;
    const Table *t;
    size_t room;
} Finder;

/* The step that would help, and its parameters. */
typedef struct Repair {
    const char *step;
    Value *params;
} Repair;

static const Repair none = {NULL, NULL};

/* Takes text and the parameters of the repair. */
static void add(Finder *f, char mark, const char *column, char *text, Repair repair)
{
    Profile *p = f->p;
    MEM_GROW(p->findings, p->findings_count, f->room);
    size_t at = p->findings_count++;
    static const char order[] = "x!*";
    while (at > 0 && strchr(order, p->findings[at - 1].mark) > strchr(order, mark)) {
        p->findings[at] = p->findings[at - 1];
        at--;
    }
    p->findings[at] = (Finding){mark, mem_strdup(column), text, mem_strdup(repair.step), repair.params};
}

static Value *on_column(const char *name)
{
    Value *params = value_map(), *list = value_list();
    value_add(list, value_text(name));
    value_set(params, "columns", list);
    return params;
}

static void find_id(Finder *f, const ColumnProfile *c)
{
    bool all = c->distinct == c->count;
    add(f, 'x', c->name, mem_strdup(all ? "unique in every row: would be learned by heart" : "nearly unique in every row: would be learned by heart"),
        (Repair){"drop", on_column(c->name)});
}

static void find_missing(Finder *f, const ColumnProfile *c, const Column *column)
{
    char missing[NUMBER_ROOM];
    double share = 100.0 * (double)c->missing / (double)f->t->rows;
    number_format_count((int64_t)c->missing, missing);
    bool blank = column->blanks > 0 && column->blanks == c->missing;
    char *text = text_format(blank ? "%s cells hold only blanks (%.1f %%)" : "%s cells are missing (%.1f %%)", missing, share);
    if (c->is_target) {
        mem_free(text);
        char rows[NUMBER_ROOM];
        text = text_format("%s of %s rows %s no %s: not used for training", missing, number_format_count((int64_t)f->t->rows, rows),
                           c->missing == 1 ? "has" : "have", c->name);
        add(f, '!', c->name, text, none);
        return;
    }
    Value *params = on_column(c->name);
    value_set(params, "strategy", value_text(c->is_numeric ? "median" : "mode"));
    add(f, '!', c->name, text, (Repair){"fill_missing", params});
}

/* Letters and digits in lower case: "Month-to-month" and "month to month" become one. */
static void fold(const char *s, Text *out)
{
    text_clear(out);
    for (; *s; s++)
        if (isalnum((unsigned char)*s) || (unsigned char)*s >= 0x80) text_add_char(out, (char)tolower((unsigned char)*s));
}

typedef struct Spelling {
    uint32_t *best;  /* per folded form: the most frequent level */
    size_t *counts;  /* per level */
    uint32_t *forms; /* per level: its folded form */
} Spelling;

static void fold_levels(const Dictionary *levels, Dictionary *folded, Spelling *s)
{
    Text form = {0};
    uint32_t count = dictionary_count(levels);
    for (uint32_t i = 0; i < count; i++) s->best[i] = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (s->counts[i] == 0) continue;
        fold(dictionary_get(levels, i, NULL), &form);
        uint32_t k = s->forms[i] = dictionary_add(folded, text_get(&form), form.size);
        if (s->best[k] == UINT32_MAX || s->counts[i] > s->counts[s->best[k]]) s->best[k] = i;
    }
    text_done(&form);
}

static void report_spellings(Finder *f, const char *name, const Dictionary *levels, const Spelling *s)
{
    size_t odd = 0, rows = 0;
    uint32_t first = UINT32_MAX;
    for (uint32_t i = 0; i < dictionary_count(levels); i++) {
        if (s->counts[i] == 0 || s->best[s->forms[i]] == i) continue;
        if (first == UINT32_MAX) first = i;
        odd++;
        rows += s->counts[i];
    }
    if (odd == 0) return;
    Text text = {0};
    text_addf(&text, "\"%s\"", dictionary_get(levels, first, NULL));
    if (odd > 1) text_addf(&text, " and %zu more", odd - 1);
    text_addf(&text, odd > 1 ? " are other spellings, like of \"%s\" (%zu rows)" : " is another spelling of \"%s\" (%zu rows)",
              dictionary_get(levels, s->best[s->forms[first]], NULL), rows);
    add(f, '!', name, text_take(&text), (Repair){"normalize_text", on_column(name)});
}

static void find_spellings(Finder *f, const ColumnProfile *c, const Column *column)
{
    uint32_t count = dictionary_count(column->dictionary);
    if (c->distinct > SPELLING_LEVELS || c->distinct < 2) return;
    Spelling s = {mem_alloc(count * sizeof *s.best), mem_alloc(count * sizeof *s.counts), mem_alloc(count * sizeof *s.forms)};
    Dictionary *folded = dictionary_new();
    for (size_t row = 0; row < column->rows; row++)
        if (column_is_valid(column, row)) s.counts[column->data.codes[row]]++;
    fold_levels(column->dictionary, folded, &s);
    report_spellings(f, c->name, column->dictionary, &s);
    dictionary_unref(folded);
    mem_free(s.best);
    mem_free(s.counts);
    mem_free(s.forms);
}

static void find_outliers(Finder *f, const ColumnProfile *c, const Column *column)
{
    double span = c->p75 - c->p25, low = c->p25 - FENCE * span, high = c->p75 + FENCE * span;
    size_t count = 0;
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (c->distinct <= SOME_VALUES || !(span > 0)) return;
    for (size_t row = 0; row < column->rows; row++) {
        double x = column_real(column, row);
        count += x < low || x > high;
    }
    if (count == 0 || (double)count > most_outliers * (double)c->count) return;
    add(f, '!', c->name,
        text_format("%zu values far outside: from %s to %s, most between %s and %s", count, number_format_real(c->min, a),
                    number_format_real(c->max, b), number_format_real(c->p25, (char[NUMBER_ROOM]){0}),
                    number_format_real(c->p75, (char[NUMBER_ROOM]){0})),
        (Repair){"clip_outliers", on_column(c->name)});
}

static bool find_skew(Finder *f, const ColumnProfile *c, const Column *column, Error *e)
{
    size_t count = 0;
    if (!(c->skew > strong_skew) || c->min < 0 || c->distinct <= MANY_VALUES) return true;
    double *logs = mem_try_alloc(column->rows + 1, sizeof *logs, e);
    if (!logs) return false;
    for (size_t row = 0; row < column->rows; row++) {
        double x = column_real(column, row);
        if (isfinite(x)) logs[count++] = log1p(x);
    }
    double after = profile_skew(logs, count);
    mem_free(logs);
    if (fabs(after) < c->skew) add(f, '*', c->name, text_format("skew %.2f; log1p makes it %.2f", c->skew, after), (Repair){"log1p", on_column(c->name)});
    return true;
}

static void find_constant(Finder *f, const ColumnProfile *c)
{
    if (c->count == 0) {
        add(f, 'x', c->name, mem_strdup("every cell is missing"), (Repair){"drop", on_column(c->name)});
        return;
    }
    double share = (double)c->top[0].count / (double)c->count;
    if (c->distinct == 1) add(f, '!', c->name, text_format("always %s: tells nothing", c->top[0].value), (Repair){"drop", on_column(c->name)});
    else if (share >= constant_share && c->count >= 200)
        add(f, '!', c->name, text_format("%s in %.1f %% of rows: nearly constant", c->top[0].value, 100 * share), (Repair){"drop", on_column(c->name)});
}

static uint64_t hash_cell(const Column *c, size_t row, Text *scratch)
{
    text_clear(scratch);
    column_format(c, row, scratch);
    uint64_t h = column_is_valid(c, row) ? UINT64_C(0x9E3779B97F4A7C15) : 1;
    for (size_t i = 0; i < scratch->size; i++) h = (h ^ (unsigned char)scratch->bytes[i]) * UINT64_C(0x100000001B3);
    return h;
}

/* One number per level of a text, so that long texts are read once. */
static uint64_t cell_key(const Column *c, size_t row, Text *scratch)
{
    if (!column_is_valid(c, row)) return 1;
    switch (c->type) {
    case COLUMN_BOOL: return 2u + c->data.flags[row];
    case COLUMN_TEXT: return 2 + (uint64_t)c->data.codes[row];
    case COLUMN_ARRAY: return hash_cell(c, row, scratch);
    default: return (uint64_t)c->data.ints[row];
    }
}

typedef struct RowHash {
    uint64_t hash;
    size_t row;
} RowHash;

static int by_hash(const void *a, const void *b)
{
    const RowHash *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static bool rows_equal(const Table *t, size_t a, size_t b, Text *scratch)
{
    for (size_t i = 0; i < t->columns_count; i++) {
        const Column *c = t->columns[i];
        if (column_is_valid(c, a) != column_is_valid(c, b) || cell_key(c, a, scratch) != cell_key(c, b, scratch)) return false;
    }
    return true;
}

/* Rows equal to an earlier one in every cell. */
static bool find_duplicates(Finder *f, Error *e)
{
    const Table *t = f->t;
    size_t repeated = 0;
    char count[NUMBER_ROOM];
    Text scratch = {0};
    RowHash *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e);
    if (!rows) return false;
    for (size_t row = 0; row < t->rows; row++) {
        uint64_t h = 0;
        for (size_t i = 0; i < t->columns_count; i++) {
            h = (h ^ cell_key(t->columns[i], row, &scratch)) * UINT64_C(0x9E3779B97F4A7C15);
            h ^= h >> 29;
        }
        rows[row] = (RowHash){h, row};
    }
    qsort(rows, t->rows, sizeof *rows, by_hash);
    for (size_t i = 1; i < t->rows; i++)
        repeated += rows[i].hash == rows[i - 1].hash && rows_equal(t, rows[i].row, rows[i - 1].row, &scratch);
    if (repeated && t->columns_count > 1)
        add(f, '!', NULL, text_format("%s rows repeat an earlier row", number_format_count((int64_t)repeated, count)), (Repair){"drop_duplicates", value_map()});
    mem_free(rows);
    text_done(&scratch);
    return true;
}

/* What the larger class is called. */
static const char *larger_class(const ColumnProfile *c, const ProfileTarget *target)
{
    if (target->yes > target->no) return target->positive;
    if (c->distinct != 2 || c->top_count != 2) return "the rest";
    return c->top[text_equal(c->top[0].value, target->positive)].value;
}

static void find_balance(Finder *f, const ProfileTarget *target)
{
    const ColumnProfile *c = &f->p->columns[target->column];
    double share = 100.0 * (double)target->yes / (double)(target->yes + target->no);
    add(f, '*', c->name, text_format("%.1f %% %s: always %s scores %.1f %% accuracy", share, target->positive, larger_class(c, target),
                                     fmax(share, 100 - share)), none);
}

static bool find_in_column(Finder *f, const ColumnProfile *c, const Column *column, Error *e)
{
    if (f->t->rows == 0 || c->type == COLUMN_ARRAY) return true;
    if (c->is_id) {
        find_id(f, c);
        return true;
    }
    find_constant(f, c);
    if (c->count == 0) return true;
    if (c->missing) find_missing(f, c, column);
    if (c->type == COLUMN_TEXT) find_spellings(f, c, column);
    if (c->is_target || (c->type != COLUMN_INT && c->type != COLUMN_REAL)) return true;
    find_outliers(f, c, column);
    return find_skew(f, c, column, e);
}

bool profile_find(Profile *p, const Table *t, const ProfileTarget *target, Error *e)
{
    Finder f = {.p = p, .t = t};
    if (t->rejects_count)
        add(&f, 'x', NULL, text_format("%zu rows could not be read; the first: line %llu, %s", t->rejects_count,
                                       (unsigned long long)t->rejects[0].line, t->rejects[0].reason), none);
    for (size_t i = 0; i < p->columns_count; i++)
        if (!find_in_column(&f, &p->columns[i], t->columns[i], e)) return false;
    if (target->positive) find_balance(&f, target);
    return find_duplicates(&f, e);
}
