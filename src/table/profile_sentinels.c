/* Sentinels: numbers that stand for "no value", such as -999 or 9999. A number is suspected by its form and by how it stands to the
 * others; how many rows hold it does not matter. */
#include <math.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/sort.h"
#include "table/profile_internal.h"

enum { VALUES_LEAST = 8, OFTEN = 20, TIMES = 10 };

/* The distinct values in order, and how often each occurs. */
typedef struct Ladder {
    double *values;
    size_t *counts, count;
} Ladder;

static bool make_ladder(const Column *c, Ladder *l, Error *e)
{
    *l = (Ladder){mem_try_alloc(c->rows + 1, sizeof *l->values, e), mem_try_alloc(c->rows + 1, sizeof *l->counts, e), 0};
    size_t finite = 0;
    for (size_t row = 0; l->values && row < c->rows; row++) {
        double x = column_real(c, row);
        if (isfinite(x))
            l->values[finite++] = x;
    }
    bool ok = l->values && l->counts && sort_reals(l->values, finite, e);
    for (size_t i = 0; ok && i < finite; i++) {
        if (!l->count || l->values[i] != l->values[l->count - 1])
            l->values[l->count++] = l->values[i];
        l->counts[l->count - 1]++;
    }
    return ok;
}

static bool is_nines(double x)
{
    for (double nines = 99; nines < 1e12; nines = nines * 10 + 9)
        if (x == nines || x == nines * 10 + 9)
            return true;
    return x == 2147483647.0;
}

static double middle_count(const Ladder *l, size_t from)
{
    double rows = 0;
    for (size_t i = from; i < l->count; i++)
        rows += (double)l->counts[i];
    return rows / (double)(l->count - from);
}

/* The lowest value: -999, far below all others or the only negative one; -1 where nothing near it occurs as it does. */
static bool is_low_sentinel(const Ladder *l)
{
    double x = l->values[0], next = l->values[1], range = l->values[l->count - 1] - next;
    if (x == -1)
        return next >= 0 && ((double)l->counts[0] > 2 * (double)l->counts[1] || next >= 1) && (double)l->counts[0] > 2 * middle_count(l, 1);
    if (x == -2147483648.0)
        return true;
    bool form = x == -9 ? l->counts[0] >= 2 : is_nines(-x);
    return form && (next >= 0 || next - x >= range);
}

/* The highest value: 9999, far above all others, or much more frequent than its neighbors. */
static bool is_high_sentinel(const Ladder *l)
{
    size_t last = l->count - 1;
    double x = l->values[last], next = l->values[last - 1], range = next - l->values[0];
    if (!is_nines(x))
        return false;
    return x - next >= range || (l->counts[last] >= OFTEN && l->counts[last] >= TIMES * l->counts[last - 1] && x >= 999);
}

/* Zeros below measurements that keep away from zero: a blood pressure, a weight. */
static bool is_odd_zero(const Ladder *l, const ColumnProfile *c)
{
    enum { DISTINCT_LEAST = 20, QUARTER = 4 };
    return l->values[0] == 0 && l->count > DISTINCT_LEAST && c->p50 > 0 && l->values[1] * QUARTER >= c->p50 && l->counts[0] > 1;
}

static void add_sentinel(Finder *f, const ColumnProfile *c, double x, size_t rows, Repair repair)
{
    char number[NUMBER_ROOM], count[NUMBER_ROOM];
    Value *values = value_list();
    f->sentinels[isfinite(f->sentinels[0])] = x;
    number_format_real(x, number);
    value_add(values, value_text(number));
    repair.step = "make_missing";
    repair.params = repair_columns(c->name);
    value_set(repair.params, "values", values);
    finder_add(f, '!', c->name,
               text_format("%s in %s row%s %s: no value?", number, number_format_count((int64_t)rows, count), rows == 1 ? "" : "s",
                           x == 0 ? "where all others keep away from 0" : "is unlike all others"),
               repair);
}

bool find_sentinels(Finder *f, const ColumnProfile *c, const Column *column, Error *e)
{
    if (c->distinct < VALUES_LEAST)
        return true;
    Ladder l;
    bool ok = make_ladder(column, &l, e), many = ok && l.count >= VALUES_LEAST; /* as reals: whole numbers of 19 digits may agree */
    if (many && is_low_sentinel(&l))
        add_sentinel(f, c, l.values[0], l.counts[0], (Repair){.is_optional = l.values[0] >= -9});
    if (many && is_high_sentinel(&l))
        add_sentinel(f, c, l.values[l.count - 1], l.counts[l.count - 1], (Repair){.is_optional = false});
    if (many && is_odd_zero(&l, c))
        add_sentinel(f, c, 0, l.counts[0], (Repair){.is_optional = true});
    mem_free(l.values);
    mem_free(l.counts);
    return ok;
}
