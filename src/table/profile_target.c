/* How a column alone tells the target: rates per level or eighth, AUC (Mann-Whitney with ties at half), mutual information. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"
#include "table/profile_internal.h"

typedef struct Level { /* rows of one level, value or eighth */
    size_t rows, yes;
    double low, high;
    uint32_t code;
} Level;

static bool is_positive(const Column *c, size_t row, const char *positive, Text *scratch)
{
    text_clear(scratch);
    column_format(c, row, scratch);
    return strcmp(text_get(scratch), positive) == 0;
}

/* Of two classes the rarer one; the later one when they are even. NULL: there are not two. */
static char *guess_positive(const Column *c)
{
    char *values[2] = {NULL, NULL};
    size_t counts[2] = {0, 0}, found = 0;
    Text scratch = {0};
    for (size_t row = 0; row < c->rows && found <= 2; row++) {
        if (!column_is_valid(c, row)) continue;
        text_clear(&scratch);
        column_format(c, row, &scratch);
        size_t k = 0;
        while (k < found && strcmp(values[k], text_get(&scratch)) != 0) k++;
        if (k == found && ++found <= 2) values[k] = mem_strdup(text_get(&scratch));
        if (k < 2) counts[k]++;
    }
    text_done(&scratch);
    size_t pick = counts[1] <= counts[0];
    mem_free(values[!pick]);
    if (found == 2) return values[pick];
    mem_free(values[pick]);
    return NULL;
}

bool profile_target_init(ProfileTarget *target, const Table *t, const char *name, const char *positive, Error *e)
{
    *target = (ProfileTarget){.column = TABLE_NONE};
    if (!name || !*name) return true;
    target->column = table_get(t, name, e);
    if (target->column == TABLE_NONE) return false;
    const Column *c = t->columns[target->column];
    target->positive = positive && *positive ? mem_strdup(positive) : guess_positive(c);
    if (!target->positive) return true;
    target->classes = mem_try_alloc(t->rows + 1, 1, e);
    if (!target->classes) return false;
    Text scratch = {0};
    for (size_t row = 0; row < t->rows; row++) {
        bool valid = column_is_valid(c, row), yes = valid && is_positive(c, row, target->positive, &scratch);
        target->classes[row] = yes ? CLASS_YES : valid ? CLASS_NO : CLASS_NONE;
        target->yes += yes;
        target->no += valid && !yes;
    }
    text_done(&scratch);
    if (target->yes == 0)
        return error_set(e, ERROR_FAILED, "column \"%s\" has no value \"%s\"; name one of its values as positive", name, target->positive);
    return true;
}

void profile_target_done(ProfileTarget *target)
{
    mem_free(target->positive);
    mem_free(target->classes);
}

/* Levels in ascending order of score. */
static double auc_of(const Level *levels, size_t count)
{
    double yes = 0, no = 0, won = 0;
    for (size_t i = 0; i < count; i++) {
        double y = (double)levels[i].yes, n = (double)(levels[i].rows - levels[i].yes);
        won += y * no + y * n / 2;
        yes += y;
        no += n;
    }
    return yes > 0 && no > 0 ? won / (yes * no) : NAN;
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
            if (part[k] > 0) bits += part[k] / rows * log2(part[k] * rows / (all * whole[k]));
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

static int by_rate(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    double left = (double)x->yes * (double)y->rows, right = (double)y->yes * (double)x->rows;
    if (left != right) return left < right ? -1 : 1;
    return (x->code > y->code) - (x->code < y->code);
}

static int by_rows(const void *a, const void *b)
{
    const Level *x = a, *y = b;
    if (x->rows != y->rows) return x->rows < y->rows ? 1 : -1;
    return (x->code > y->code) - (x->code < y->code);
}

static bool relate_texts(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    uint32_t count = dictionary_count(c->dictionary);
    Level *levels = mem_try_alloc(count + 1, sizeof *levels, e);
    if (!levels) return false;
    for (uint32_t i = 0; i < count; i++) levels[i].code = i;
    for (size_t row = 0; row < c->rows; row++) {
        if (!column_is_valid(c, row) || target->classes[row] == CLASS_NONE) continue;
        levels[c->data.codes[row]].rows++;
        levels[c->data.codes[row]].yes += target->classes[row] == CLASS_YES;
    }
    p->mutual_information = information_of(levels, count);
    qsort(levels, count, sizeof *levels, by_rows);
    size_t used = 0;
    while (used < count && levels[used].rows > 0) used++;
    for (size_t i = 0; i < used && i < PROFILE_RATES; i++)
        add_rate(p, &levels[i], mem_strdup(dictionary_get(c->dictionary, levels[i].code, NULL)));
    qsort(levels, used, sizeof *levels, by_rate);
    p->auc = auc_of(levels, used);
    mem_free(levels);
    return true;
}

/* Upper edges of eighths (a value on an edge belongs to the next), without repetitions; few values each get their own. */
static size_t make_edges(const ColumnProfile *p, const double *sorted, size_t count, double edges[PROFILE_RATES])
{
    size_t used = 0;
    if (p->distinct <= PROFILE_RATES) {
        for (size_t i = 0; i < count; i++)
            if (i == 0 || sorted[i] != sorted[i - 1]) edges[used++] = sorted[i];
        return used;
    }
    for (int k = 1; k <= PROFILE_RATES; k++) {
        double edge = profile_quantile(sorted, count, (double)k / PROFILE_RATES);
        if (used == 0 || edge > edges[used - 1]) edges[used++] = edge;
    }
    return used;
}

static char *bin_label(const ColumnProfile *p, double low, double high)
{
    char a[NUMBER_ROOM], b[NUMBER_ROOM];
    if (p->distinct <= PROFILE_RATES) return mem_strdup(number_format_real(high, a));
    double span = fmax(fabs(p->min), fabs(p->max));
    int decimals = low == floor(low) && high == floor(high) ? 0 : span >= 1000 ? 0 : span >= 10 ? 1 : 3;
    return text_format("%s-%s", number_format_fixed(low, decimals, a), number_format_fixed(high, decimals, b));
}

static void relate_eighths(ColumnProfile *p, const Column *c, const ProfileTarget *target, const double *sorted, size_t count)
{
    Level levels[PROFILE_RATES] = {{0}};
    double edges[PROFILE_RATES];
    bool few = p->distinct <= PROFILE_RATES;
    size_t used = make_edges(p, sorted, count, edges);
    for (size_t row = 0; row < c->rows; row++) {
        double x = column_real(c, row);
        size_t at = 0;
        if (!isfinite(x) || target->classes[row] == CLASS_NONE) continue;
        while (at + 1 < used && (few ? x > edges[at] : x >= edges[at])) at++;
        levels[at].rows++;
        levels[at].yes += target->classes[row] == CLASS_YES;
    }
    p->mutual_information = information_of(levels, used);
    for (size_t i = 0; i < used; i++) {
        levels[i].low = i ? edges[i - 1] : p->min;
        levels[i].high = edges[i];
        add_rate(p, &levels[i], bin_label(p, levels[i].low, levels[i].high));
    }
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

static bool rank_numbers(ColumnProfile *p, const Column *c, const ProfileTarget *target, Error *e)
{
    Scored *scored = mem_try_alloc(c->rows + 1, sizeof *scored, e);
    size_t count = 0;
    double won = 0, yes = 0, no = 0;
    if (!scored) return false;
    for (size_t row = 0; row < c->rows; row++) {
        double x = column_real(c, row);
        if (isfinite(x) && target->classes[row] != CLASS_NONE) scored[count++] = (Scored){x, target->classes[row] == CLASS_YES};
    }
    qsort(scored, count, sizeof *scored, by_value);
    for (size_t from = 0, to; from < count; from = to) {
        double y = 0;
        for (to = from; to < count && scored[to].value == scored[from].value; to++) y += scored[to].yes;
        double n = (double)(to - from) - y;
        won += y * no + y * n / 2;
        yes += y;
        no += n;
    }
    p->auc = yes > 0 && no > 0 ? won / (yes * no) : NAN;
    if (p->auc < 0.5) p->auc = 1 - p->auc;
    mem_free(scored);
    return true;
}

bool profile_relate(ColumnProfile *p, const Column *c, const ProfileTarget *target, const double *sorted, size_t count, Error *e)
{
    if (!target->classes || p->is_target) return true;
    if (c->type == COLUMN_TEXT) return relate_texts(p, c, target, e);
    if (count == 0) return true;
    relate_eighths(p, c, target, sorted, count);
    return rank_numbers(p, c, target, e);
}
