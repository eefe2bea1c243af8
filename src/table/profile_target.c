/* How a column alone tells the target: rates per level or eighth, AUC (Mann-Whitney with ties at half), mutual information. Levels of
 * texts are scored by rates that were learned from other rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/moments.h"
#include "base/number.h"
#include "table/profile_internal.h"

enum { FOLDS = 5, LEVEL_LEAST = 5 };

typedef struct Level { /* rows of one level, value or eighth */
    size_t rows, yes;
    double low, high;
    uint32_t code;
} Level;

static bool is_positive(const Column *c, size_t row, const char *positive, Text *scratch)
{
    text_clear(scratch);
    column_format_key(c, row, scratch);
    return strcmp(text_get(scratch), positive) == 0;
}

/* Of two classes the rarer one; the later one when they are even. NULL: there are not two. */
static char *guess_positive(const Column *c)
{
    char *values[2] = {NULL, NULL};
    size_t counts[2] = {0, 0}, found = 0;
    Text scratch = {0};
    for (size_t row = 0; row < c->rows && found <= 2; row++) {
        if (!column_is_valid(c, row))
            continue;
        text_clear(&scratch);
        column_format_key(c, row, &scratch);
        size_t k = 0;
        while (k < found && strcmp(values[k], text_get(&scratch)) != 0)
            k++;
        if (k == found && ++found <= 2)
            values[k] = mem_strdup(text_get(&scratch));
        if (k < 2)
            counts[k]++;
    }
    text_done(&scratch);
    size_t pick = counts[1] <= counts[0];
    mem_free(values[!pick]);
    if (found == 2)
        return values[pick];
    mem_free(values[pick]);
    return NULL;
}

static bool counts(const ProfileTarget *target, size_t row)
{
    return !target->training || target->training[row];
}

bool profile_target_init(ProfileTarget *target, const Table *t, const ProfileUse *use, Error *e)
{
    const char *name = use->target, *positive = use->positive;
    *target = (ProfileTarget){.column = TABLE_NONE, .training = use->training};
    if (!name || !*name)
        return true;
    target->column = table_get(t, name, e);
    if (target->column == TABLE_NONE)
        return false;
    const Column *c = t->columns[target->column];
    target->positive = positive && *positive ? mem_strdup(positive) : guess_positive(c);
    if (!target->positive && (c->type == COLUMN_INT || c->type == COLUMN_REAL))
        target->numbers = c;
    if (!target->positive)
        return true;
    target->classes = mem_try_alloc(t->rows + 1, 1, e);
    if (!target->classes)
        return false;
    Text scratch = {0};
    for (size_t row = 0; row < t->rows; row++) {
        bool valid = column_is_valid(c, row) && counts(target, row), yes = valid && is_positive(c, row, target->positive, &scratch);
        target->classes[row] = yes ? CLASS_YES : valid ? CLASS_NO : CLASS_NONE;
        target->yes += yes;
        target->no += valid && !yes;
    }
    text_done(&scratch);
    if (target->yes == 0 && !target->training)
        return error_set(e, ERROR_FAILED, "column \"%s\" has no value \"%s\"; name one of its values as positive", name, target->positive);
    return true;
}

void profile_target_done(ProfileTarget *target)
{
    mem_free(target->positive);
    mem_free(target->classes);
}

static double information_of(const Level *levels, size_t count)
{
    double rows = 0, yes = 0, bits = 0;
    for (size_t i = 0; i < count; i++) {
        rows += (double)levels[i].rows;
        yes += (double)levels[i].yes;
    }
    for (size_t i = 0; i < count; i++) {
        double all = (double)levels[i].rows, part[2] = {(double)levels[i].yes, all - (double)levels[i].yes}, whole[2] = {yes, rows - yes};
        for (int k = 0; k < 2; k++)
            if (part[k] > 0)
                bits += part[k] / rows * log2(part[k] * rows / (all * whole[k]));
    }
    return rows > 0 ? bits : NAN;
}

static void add_rate(ColumnProfile *p, const Level *l, char *label)
{
    if (p->rates_count == PROFILE_RATES) {
        mem_free(label);
        return;
    }
    p->rates[p->rates_count++] = (ProfileRate){label, l->low, l->high, l->rows, l->yes};
}

static int by_rows(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows < y->rows ? 1 : -1;
    return (x->code > y->code) - (x->code < y->code);
}

/* A level that few rows have says nothing about others: such levels count as one. */
static double information_of_levels(const Level *levels, uint32_t count)
{
    Level *common = mem_alloc(((size_t)count + 1) * sizeof *common), rare = {0};
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (levels[i].rows >= LEVEL_LEAST)
            common[used++] = levels[i];
        else
            rare.rows += levels[i].rows, rare.yes += levels[i].yes;
    }
    if (rare.rows)
        common[used++] = rare;
    double bits = information_of(common, used);
    mem_free(common);
    return bits;
}

typedef struct Scored {
    double value;
    uint8_t yes;
} Scored;

static int by_value(const void *a, const void *b)
{
    double x = ((const Scored *)a)->value, y = ((const Scored *)b)->value;
    return (x > y) - (x < y);
}

typedef struct Pairs { /* of one yes and one no: how many, and how often the yes scored higher */
    double won, all;
} Pairs;

static void add_pairs(Pairs *p, Scored *scored, size_t count)
{
    double yes = 0, no = 0;
    qsort(scored, count, sizeof *scored, by_value);
    for (size_t from = 0, to; from < count; from = to) {
        double y = 0;
        for (to = from; to < count && scored[to].value == scored[from].value; to++)
            y += scored[to].yes;
        double n = (double)(to - from) - y;
        p->won += y * no + y * n / 2;
        yes += y;
        no += n;
    }
    p->all += yes * no;
}

/* By the row's place, mixed: neither the order of a file nor a period in it sets folds apart. */
static int fold_of(size_t row)
{
    uint64_t h = ((uint64_t)row + 1) * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ h >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    return (int)((h ^ h >> 27) % FOLDS);
}

static bool is_related(const Column *c, const ProfileTarget *target, size_t row)
{
    return column_is_valid(c, row) && target->classes[row] != CLASS_NONE;
}

/* Scores the rows of one fold by the rates of the others, drawn to the mean by one row's weight. */
static size_t score_fold(const Column *c, const ProfileTarget *target, int fold, Level *others, Scored *scored)
{
    size_t count = 0, rows = 0, yes = 0;
    memset(others, 0, dictionary_count(c->dictionary) * sizeof *others);
    for (size_t row = 0; row < c->rows; row++) {
        if (!is_related(c, target, row) || fold_of(row) == fold)
            continue;
        others[c->data.codes[row]].rows++;
        others[c->data.codes[row]].yes += target->classes[row] == CLASS_YES;
        rows++;
        yes += target->classes[row] == CLASS_YES;
    }
    double mean = rows ? (double)yes / (double)rows : 0;
    for (size_t row = 0; row < c->rows; row++) {
        if (!is_related(c, target, row) || fold_of(row) != fold)
            continue;
        const Level *l = &others[c->data.codes[row]];
        scored[count++] = (Scored){((double)l->yes + mean) / ((double)l->rows + 1), target->classes[row] == CLASS_YES};
    }
    return count;
}

/* Pairs are compared within a fold only, as scores of two folds were learned from different rows. */
static bool rank_texts(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    Level *others = mem_try_alloc((size_t)dictionary_count(c->dictionary) + 1, sizeof *others, e);
    Scored *scored = mem_try_alloc(c->rows + 1, sizeof *scored, e);
    Pairs pairs = {0, 0};
    for (int fold = 0; others && scored && fold < FOLDS; fold++)
        add_pairs(&pairs, scored, score_fold(c, target, fold, others, scored));
    p->auc = pairs.all > 0 ? pairs.won / pairs.all : NAN;
    bool ok = others && scored;
    mem_free(others);
    mem_free(scored);
    return ok;
}

static bool relate_texts(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    uint32_t count = dictionary_count(c->dictionary);
    Level *levels = mem_try_alloc((size_t)count + 1, sizeof *levels, e);
    if (!levels)
        return false;
    for (uint32_t i = 0; i < count; i++)
        levels[i].code = i;
    for (size_t row = 0; row < c->rows; row++) {
        if (!is_related(c, target, row))
            continue;
        levels[c->data.codes[row]].rows++;
        levels[c->data.codes[row]].yes += target->classes[row] == CLASS_YES;
    }
    p->mutual_information = information_of_levels(levels, count);
    qsort(levels, count, sizeof *levels, by_rows);
    for (size_t i = 0; i < count && i < PROFILE_RATES && levels[i].rows > 0; i++)
        add_rate(p, &levels[i], mem_strdup(dictionary_get(c->dictionary, levels[i].code, NULL)));
    mem_free(levels);
    return rank_texts(p, c, target, e);
}

typedef struct Edge { /* the upper end of an eighth */
    double value;
    uint64_t key; /* of the last value inside, or of the first one behind */
} Edge;

/* A value on an edge belongs to the next eighth; edges do not repeat; few values each get their own. */
static size_t make_edges(const ColumnProfile *p, const Sorted *s, Edge edges[PROFILE_RATES])
{
    size_t used = 0;
    if (p->distinct <= PROFILE_RATES) {
        for (size_t i = 0; i < s->count; i++)
            if (i == 0 || s->keys[i] != s->keys[i - 1])
                edges[used++] = (Edge){sorted_value(s, i), s->keys[i]};
        return used;
    }
    for (int k = 1; k <= PROFILE_RATES; k++) {
        double q = (double)k / PROFILE_RATES, value = sorted_quantile(s, q);
        Edge edge = {value, s->keys[(size_t)ceil(q * (double)(s->count - 1))]};
        if (used == 0 || value > edges[used - 1].value)
            edges[used++] = edge;
    }
    return used;
}

static char *bin_label(const ColumnProfile *p, double low, double high)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    double span = fmax(fabs(p->min), fabs(p->max));
    int decimals = low == floor(low) && high == floor(high) ? 0 : span >= 1000 ? 0 : span >= 10 ? 1 : 3;
    return text_format("%s-%s", number_format_fixed(low, decimals, a), number_format_fixed(high, decimals, b));
}

static void relate_eighths(ColumnProfile *p, const Column *c, const ProfileTarget *target, const Sorted *s)
{
    Level levels[PROFILE_RATES] = {{0}};
    Edge edges[PROFILE_RATES];
    bool few = p->distinct <= PROFILE_RATES;
    size_t used = make_edges(p, s, edges);
    for (size_t row = 0; row < c->rows; row++) {
        size_t at = 0;
        if (!is_related(c, target, row) || !isfinite(column_real(c, row)))
            continue;
        uint64_t key = column_key(c, row);
        while (at + 1 < used && (few ? key > edges[at].key : key >= edges[at].key))
            at++;
        levels[at].rows++;
        levels[at].yes += target->classes[row] == CLASS_YES;
    }
    p->mutual_information = information_of(levels, used);
    for (size_t i = 0; i < used; i++) {
        levels[i].low = i ? edges[i - 1].value : p->min;
        levels[i].high = edges[i].value;
        add_rate(p, &levels[i], few ? profile_value(c->type, edges[i].key) : bin_label(p, levels[i].low, levels[i].high));
    }
}

/* Values are ranked by where they stand in order, so whole numbers of 19 digits do not tie. */
static bool rank_numbers(ColumnProfile *p, const Column *c, const ProfileTarget *target, const Sorted *s, Error *e)
{
    Scored *scored = mem_try_alloc(c->rows + 1, sizeof *scored, e);
    size_t count = 0;
    Pairs pairs = {0, 0};
    if (!scored)
        return false;
    for (size_t row = 0; row < c->rows; row++) {
        if (!is_related(c, target, row) || !isfinite(column_real(c, row)))
            continue;
        uint64_t key = column_key(c, row);
        size_t low = 0, high = s->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (s->keys[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }
        scored[count++] = (Scored){(double)low, target->classes[row] == CLASS_YES};
    }
    add_pairs(&pairs, scored, count);
    p->auc = pairs.all > 0 ? pairs.won / pairs.all : NAN;
    if (p->auc < 0.5)
        p->auc = 1 - p->auc;
    mem_free(scored);
    return true;
}

/* Pearson's correlation with a target that is a number, from deviations of both. */
static bool correlate(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    const Column *y = target->numbers;
    enum { ROWS_LEAST = 3 };
    double *both = mem_try_alloc(c->rows + 1, 2 * sizeof *both, e), *ys = both + c->rows, sum = 0;
    size_t count = 0;
    if (!both)
        return false;
    for (size_t row = 0; row < c->rows; row++) {
        if (!counts(target, row) || !isfinite(column_real(c, row)) || !isfinite(column_real(y, row)))
            continue;
        both[count] = column_real(c, row);
        ys[count++] = column_real(y, row);
    }
    Moments a = moments_of(both, count), b = moments_of(ys, count);
    for (size_t i = 0; i < count; i++)
        sum += (both[i] - a.mean) / a.sd * ((ys[i] - b.mean) / b.sd);
    if (count >= ROWS_LEAST && a.sd > 0 && b.sd > 0)
        p->correlation = sum / (double)count;
    mem_free(both);
    return true;
}

bool profile_relate(ColumnProfile *p, const Column *c, const ProfileTarget *target, const Sorted *sorted, Error *e)
{
    if (p->is_target)
        return true;
    if (target->numbers)
        return !column_is_numeric(c) || correlate(p, c, target, e);
    if (!target->classes)
        return true;
    if (c->type == COLUMN_TEXT)
        return relate_texts(p, c, target, e);
    if (sorted->count == 0)
        return true;
    relate_eighths(p, c, target, sorted);
    return rank_numbers(p, c, target, sorted, e);
}
