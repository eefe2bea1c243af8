/* Findings: what is wrong or worth a look, one sentence each, with the step that repairs them. Errors first, notes last. A repair does
 * what its sentence says and closes its finding. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/moments.h"
#include "base/number.h"
#include "table/profile_internal.h"

enum { FENCE = 3, FAR = 5, MANY_VALUES = 20, SOME_VALUES = 7, CLASS_LEAST = 10, MANY_LEVELS = 200 };
static const double strong_skew = 0.9, constant_share = 0.99, most_outliers = 0.01, leak = 0.98, many_missing = 30;

static const Repair none = {NULL, NULL, false};

void finder_add(Finder *f, char mark, const char *column, char *text, Repair repair)
{
    Profile *p = f->p;
    MEM_GROW(p->findings, p->findings_count, f->room);
    size_t at = p->findings_count++;
    static const char order[] = "x!*";
    while (at > 0 && strchr(order, p->findings[at - 1].mark) > strchr(order, mark)) {
        p->findings[at] = p->findings[at - 1];
        at--;
    }
    p->findings[at] = (Finding){mark, mem_strdup(column), text, mem_strdup(repair.step), repair.params, repair.is_optional};
}

Value *repair_columns(const char *name)
{
    Value *params = value_map(), *list = value_list();
    value_add(list, value_text(name));
    value_set(params, "columns", list);
    return params;
}

static Repair on_column(const char *step, const char *name)
{
    return (Repair){step, repair_columns(name), false};
}

static Repair optional(Repair repair)
{
    repair.is_optional = true;
    return repair;
}

static void find_id(Finder *f, const ColumnProfile *c)
{
    size_t repeats = c->count - c->distinct;
    finder_add(
        f, 'x', c->name,
        mem_strdup(repeats ? "nearly unique in every row: would be learned by heart" : "unique in every row: would be learned by heart"),
        on_column("drop", c->name));
    if (repeats)
        finder_add(f, '!', c->name,
                   text_format("%zu row%s repeat%s a key, such as %s: duplicate keys", repeats, repeats == 1 ? "" : "s",
                               repeats == 1 ? "s" : "", c->top[0].value),
                   optional(on_column("drop_duplicates", c->name)));
}

static void find_missing(Finder *f, const ColumnProfile *c, const Column *column)
{
    char missing[NUMBER_ROOM];
    double share = 100.0 * (double)c->missing / (double)f->t->rows;
    number_format_count((int64_t)c->missing, missing);
    bool blank = column->blanks > 0 && column->blanks == c->missing;
    bool one = c->missing == 1;
    char *text = text_format("%s cell%s %s%s (%.1f %%)", missing, one ? "" : "s",
                             blank ? one ? "holds" : "hold"
                             : one ? "is"
                                   : "are",
                             blank ? " only blanks" : " missing", share);
    if (c->is_target) {
        mem_free(text);
        char rows[NUMBER_ROOM];
        text = text_format("%s of %s rows %s no %s: not used for training", missing, number_format_count((int64_t)f->t->rows, rows),
                           c->missing == 1 ? "has" : "have", c->name);
        finder_add(f, '!', c->name, text, none);
        return;
    }
    Repair repair = on_column("fill_missing", c->name);
    value_set(repair.params, "strategy", value_text(c->is_numeric ? "median" : "mode"));
    repair.is_optional = c->type == COLUMN_TEXT && share > many_missing; /* their being missing may say something; one_hot can take it */
    finder_add(f, '!', c->name, text, repair);
}

/* A value that another finding takes for none is no outlier. */
static double value_at(const Finder *f, const Column *column, size_t row)
{
    double x = column_real(column, row);
    return x == f->sentinels[0] || x == f->sentinels[1] ? NAN : x;
}

typedef struct Outliers {
    size_t count;
    double least, most;
} Outliers;

static Outliers count_outliers(const Finder *f, const Column *column, double low, double high)
{
    Outliers o = {0, (double)INFINITY, -(double)INFINITY};
    for (size_t row = 0; row < column->rows; row++) {
        double x = value_at(f, column, row);
        o.count += x < low || x > high;
        if (!isfinite(x))
            continue;
        o.least = fmin(o.least, x);
        o.most = fmax(o.most, x);
    }
    return o;
}

/* The repair pulls values to the same fence, so they are not as far outside again. */
static bool find_outliers(Finder *f, const ColumnProfile *c, const Column *column)
{
    double span = c->p75 - c->p25;
    char a[NUMBER_ROOM], b[NUMBER_ROOM], p25[NUMBER_ROOM], p75[NUMBER_ROOM];
    if (c->distinct <= SOME_VALUES || moments_is_constant(c->p25, c->p75))
        return false;
    Outliers o = count_outliers(f, column, c->p25 - FAR * span, c->p75 + FAR * span);
    if (o.count == 0 || (double)o.count > most_outliers * (double)c->count)
        return false;
    Repair repair = on_column("clip_outliers", c->name);
    value_set(repair.params, "method", value_text("iqr"));
    value_set(repair.params, "fence", value_real(FENCE));
    finder_add(f, '!', c->name,
               text_format("%zu value%s far outside: from %s to %s, half between %s and %s", o.count, o.count == 1 ? "" : "s",
                           number_format_real(o.least, a), number_format_real(o.most, b), number_format_real(c->p25, p25),
                           number_format_real(c->p75, p75)),
               repair);
    return true;
}

/* log1p is offered where it halves the skew or better; of what is left when values far outside are pulled in. */
static bool find_skew(Finder *f, const ColumnProfile *c, const Column *column, bool pulled, Error *e)
{
    double span = c->p75 - c->p25, low = c->p25 - FENCE * span, high = c->p75 + FENCE * span;
    if (!(c->skew > strong_skew) || c->min < 0 || c->distinct <= MANY_VALUES)
        return true;
    double *values = mem_try_alloc(column->rows + 1, sizeof *values, e);
    if (!values)
        return false;
    for (size_t row = 0; row < column->rows; row++) {
        double x = value_at(f, column, row);
        values[row] = pulled && isfinite(x) ? fmin(high, fmax(low, x)) : x;
    }
    double before = moments_of(values, column->rows).skew;
    for (size_t row = 0; row < column->rows; row++)
        values[row] = log1p(values[row]);
    double after = moments_of(values, column->rows).skew;
    mem_free(values);
    if (before > strong_skew && fabs(after) <= before / 2)
        finder_add(f, '*', c->name, text_format("skew %.2f; log1p makes it %.2f", before, after), on_column("log1p", c->name));
    return true;
}

static void find_constant(Finder *f, const ColumnProfile *c)
{
    if (c->count == 0) {
        finder_add(f, 'x', c->name, mem_strdup("every cell is missing"), on_column("drop", c->name));
        return;
    }
    double share = profile_share(c, c->top[0].count);
    bool flat = c->distinct > 1 && c->is_numeric && moments_is_constant(c->min, c->max);
    if (c->distinct == 1)
        finder_add(f, '!', c->name, text_format("always %s: tells nothing", c->top[0].value), on_column("drop", c->name));
    else if (flat)
        finder_add(f, '!', c->name, text_format("always %s but for rounding: tells nothing", c->top[0].value), on_column("drop", c->name));
    else if (share >= constant_share && c->count >= 200)
        finder_add(f, '*', c->name, text_format("%s in all but %zu rows: nearly constant", c->top[0].value, c->count - c->top[0].count),
                   optional(on_column("drop", c->name)));
}

/* What tells the target nearly alone is often only known when the target is. */
static void find_leak(Finder *f, const ColumnProfile *c)
{
    const ProfileTarget *t = f->target;
    const char *name = f->p->columns[t->column].name;
    bool classes = t->yes >= CLASS_LEAST && t->no >= CLASS_LEAST && c->auc > leak;
    bool numbers = c->count >= 2 * CLASS_LEAST && fabs(c->correlation) > leak;
    if (classes)
        finder_add(f, '!', c->name, text_format("alone tells %s with AUC %.3f: is it known before %s is?", name, c->auc, name),
                   optional(on_column("drop", c->name)));
    else if (numbers)
        finder_add(f, '!', c->name, text_format("correlates with %s by %.3f: is it known before %s is?", name, c->correlation, name),
                   optional(on_column("drop", c->name)));
}

/* What one_hot would turn into very many columns, and what no net can read. */
static void find_unreadable(Finder *f, const ColumnProfile *c)
{
    if (c->type == COLUMN_DATE || c->type == COLUMN_TIME)
        finder_add(f, '*', c->name,
                   text_format("a %s is no number: derive year, month or weekday from it, or drop it", column_type_name(c->type)),
                   on_column("drop", c->name));
    else if (c->type == COLUMN_TEXT && c->distinct > MANY_LEVELS)
        finder_add(f, '*', c->name, text_format("%zu different texts: too many for a column each", c->distinct),
                   on_column("drop", c->name));
}

/* Of the rows that count: those of the training part once there is one. */
static void find_balance(Finder *f, const ProfileTarget *target)
{
    const ColumnProfile *c = &f->p->columns[target->column];
    size_t rows = target->yes + target->no;
    double share = rows ? 100 * (double)target->yes / (double)rows : 0;
    if (c->distinct != 2 || c->top_count != 2) {
        finder_add(f, '*', c->name, text_format("%.1f %% %s, the rest are other values", share, target->positive), none);
        return;
    }
    const char *other = c->top[text_equal(c->top[0].value, target->positive)].value;
    finder_add(f, '*', c->name,
               text_format("%.1f %% %s: always %s scores %.1f %% accuracy", share, target->positive,
                           target->yes > target->no ? target->positive : other, fmax(share, 100 - share)),
               none);
}

static bool find_in_numbers(Finder *f, const ColumnProfile *c, const Column *column, Error *e)
{
    if (c->type != COLUMN_INT && c->type != COLUMN_REAL)
        return true;
    f->sentinels[0] = f->sentinels[1] = NAN;
    if (!find_sentinels(f, c, column, e))
        return false;
    bool pulled = find_outliers(f, c, column);
    return find_skew(f, c, column, pulled, e);
}

static bool find_in_column(Finder *f, const ColumnProfile *c, const Column *column, Error *e)
{
    if (f->t->rows == 0 || column_type_is_wide(c->type))
        return true;
    if (c->is_id) {
        find_id(f, c);
        return true;
    }
    find_constant(f, c);
    if (c->count == 0)
        return true;
    if (c->missing)
        find_missing(f, c, column);
    if (c->type == COLUMN_TEXT && (find_numbers_as_text(f, c, column) || find_disguise(f, c, column)))
        return true;
    if (c->type == COLUMN_TEXT) {
        find_missing_words(f, c, column);
        find_spellings(f, c, column);
    }
    if (c->is_target)
        return true;
    find_unreadable(f, c);
    if (f->target->column != TABLE_NONE)
        find_leak(f, c);
    return find_in_numbers(f, c, column, e);
}

bool profile_find(Profile *p, const Table *t, const ProfileTarget *target, Error *e)
{
    Finder f = {.p = p, .t = t, .target = target};
    if (t->rejects_count)
        finder_add(&f, 'x', NULL,
                   text_format("%zu rows could not be read; the first: line %llu, %s", t->rejects_count,
                               (unsigned long long)t->rejects[0].line, t->rejects[0].reason),
                   none);
    for (size_t i = 0; i < p->columns_count; i++)
        if (!find_in_column(&f, &p->columns[i], t->columns[i], e))
            return false;
    if (target->positive)
        find_balance(&f, target);
    return find_duplicates(&f, e);
}
