/* The scores of scikit-learn's feature_selection: f_classif, f_regression, chi2; mutual information of levels and of parts. */
#include "steps/select_scores.h"

#include <math.h>

#include "num/tails.h"
#include "steps/levels.h"

const char *const score_names[] = {"variance", "correlation", "mutual_information", "chi2", "f", "l1", "stability", "mrmr", NULL};

typedef bool Score(Column *c, const StepTarget *target, ColumnScore *out, Error *e);

static bool variance(Column *c, const StepTarget *target, ColumnScore *out, Error *e)
{
    (void)target;
    size_t count;
    double *sorted = tools_sorted(c, &count, e);
    if (!sorted)
        return false;
    double sd = count && !moments_is_constant(sorted[0], sorted[count - 1]) ? moments_of(sorted, count).sd : 0;
    mem_free(sorted);
    *out = (ColumnScore){sd * sd, (double)NAN, 0};
    return true;
}

/* Of rows that have both. NAN: there are none. */
static double mean_beside(const Column *a, const Column *b)
{
    double sum = 0, rows = 0;
    for (size_t i = 0; i < a->rows; i++)
        if (isfinite(column_real(a, i)) && isfinite(column_real(b, i))) {
            sum += column_real(a, i);
            rows++;
        }
    return sum / rows;
}

static double correlation(const Column *a, const Column *b, double *rows)
{
    double mean_a = mean_beside(a, b), mean_b = mean_beside(b, a), aa = 0, bb = 0, ab = 0;
    *rows = 0;
    for (size_t i = 0; i < a->rows; i++) {
        double x = column_real(a, i) - mean_a, y = column_real(b, i) - mean_b;
        if (!isfinite(x) || !isfinite(y))
            continue;
        aa += x * x;
        bb += y * y;
        ab += x * y;
        ++*rows;
    }
    double r = ab / sqrt(aa) / sqrt(bb);
    return isfinite(r) ? fmin(1, fmax(-1, r)) : 0;
}

double score_correlation(const Column *a, const Column *b)
{
    double rows;
    return correlation(a, b, &rows);
}

static ColumnScore f_of(double f, double df_between, double df_within)
{
    bool known = !isnan(f) && df_within > 0 && df_between > 0;
    return (ColumnScore){known ? f : 0, known ? f_tail(f, df_between, df_within) : 1, 0};
}

static void f_of_values(const Column *c, const Column *target, ColumnScore *out)
{
    double rows, r = correlation(c, target, &rows);
    *out = f_of(r * r / (1 - r * r) * (rows - 2), 1, rows - 2);
}

/* Analysis of variance. Numbers are taken from their mean, so that squares do not drown what is between the classes. */
static void f_of_classes(const Column *c, const StepTarget *target, ColumnScore *out)
{
    size_t classes = target->classes.count;
    double *sums = mem_alloc(classes * sizeof *sums), *rows = mem_alloc(classes * sizeof *rows), total = 0, count = 0, squares = 0;
    for (size_t i = 0; i < c->rows; i++)
        if (isfinite(column_real(c, i)) && target->labels[i] >= 0) {
            total += column_real(c, i);
            count++;
        }
    for (size_t i = 0; i < c->rows; i++) {
        double x = column_real(c, i) - total / count;
        if (!isfinite(x) || target->labels[i] < 0)
            continue;
        sums[target->labels[i]] += x;
        rows[target->labels[i]]++;
        squares += x * x;
    }
    double between = 0, found = 0;
    for (size_t k = 0; k < classes; k++)
        if (rows[k] > 0) {
            between += sums[k] * sums[k] / rows[k];
            found++;
        }
    double within = fmax(0, squares - between);
    *out = f_of(squares > 0 ? between / (found - 1) / (within / (count - found)) : (double)NAN, found - 1, count - found);
    mem_free(sums);
    mem_free(rows);
}

static bool f_test(Column *c, const StepTarget *target, ColumnScore *out, Error *e)
{
    (void)e;
    if (target->labels)
        f_of_classes(c, target, out);
    else
        f_of_values(c, target->column, out);
    return true;
}

/* Amounts: how they are shared among the classes, against how rows are. */
static void chi2_of_amounts(const Column *c, const StepTarget *target, ColumnScore *out)
{
    size_t classes = target->classes.count;
    double *amounts = mem_alloc(classes * sizeof *amounts), *rows = mem_alloc(classes * sizeof *rows), amount = 0, count = 0, chi2 = 0;
    for (size_t i = 0; i < c->rows; i++) {
        double x = column_real(c, i);
        if (!isfinite(x) || target->labels[i] < 0)
            continue;
        amounts[target->labels[i]] += x;
        rows[target->labels[i]]++;
        amount += x;
        count++;
    }
    double found = 0;
    for (size_t k = 0; k < classes; k++)
        if (rows[k] > 0 && amount > 0) {
            double expected = amount * rows[k] / count;
            chi2 += (amounts[k] - expected) * (amounts[k] - expected) / expected;
            found++;
        }
    *out = (ColumnScore){chi2, found > 1 ? chi2_tail(chi2, found - 1) : 1, 0};
    mem_free(amounts);
    mem_free(rows);
}

/* Rows by two codes; a code below 0 leaves the row out. */
typedef struct Crossing {
    double *cells, *a, *b, rows;
    size_t as, bs;
} Crossing;

static void crossing_done(Crossing *x)
{
    mem_free(x->cells);
    mem_free(x->a);
    mem_free(x->b);
}

static bool crossing_make(Crossing *x, const int32_t *a, const int32_t *b, size_t rows, Error *e)
{
    size_t cells;
    x->cells = mem_mul(x->as + 1, x->bs + 1, &cells) ? mem_try_alloc(cells, sizeof *x->cells, e) : NULL;
    x->a = mem_alloc((x->as + 1) * sizeof *x->a);
    x->b = mem_alloc((x->bs + 1) * sizeof *x->b);
    for (size_t i = 0; x->cells && i < rows; i++) {
        if (a[i] < 0 || b[i] < 0)
            continue;
        x->cells[(size_t)a[i] * x->bs + (size_t)b[i]]++;
        x->a[a[i]]++;
        x->b[b[i]]++;
        x->rows++;
    }
    return x->cells != NULL;
}

static double information_of(const Crossing *x)
{
    double sum = 0;
    for (size_t i = 0; i < x->as; i++)
        for (size_t k = 0; k < x->bs; k++) {
            double n = x->cells[i * x->bs + k];
            sum += n > 0 ? n / x->rows * log(n * x->rows / x->a[i] / x->b[k]) : 0;
        }
    return fmax(0, sum);
}

/* log(n!) for n up to most; NULL without memory. */
static double *log_factorials(size_t most, Error *e)
{
    double *logs = mem_try_alloc(most + 1, sizeof *logs, e);
    for (size_t n = 1; logs && n <= most; n++)
        logs[n] = logs[n - 1] + log((double)n);
    return logs;
}

/* What a pair of codes would tell by chance, over the hypergeometric distribution of the rows that have both. */
static double expected_of_pair(const double *logs, size_t a, size_t b, size_t rows)
{
    double fixed = logs[a] + logs[b] + logs[rows - a] + logs[rows - b] - logs[rows], sum = 0;
    for (size_t n = a + b > rows ? a + b - rows : 1; n <= a && n <= b; n++) {
        double told = (double)n / (double)rows * log((double)n * (double)rows / (double)a / (double)b);
        sum += n ? told * exp(fixed - logs[n] - logs[a - n] - logs[b - n] - logs[rows - a - b + n]) : 0;
    }
    return sum;
}

/* N. X. Vinh et al.: Information theoretic measures for clusterings comparison, JMLR 11, 2010: what the same counts would tell if rows
 * were shuffled. Levels of one row each tell everything about these rows, and nothing beyond it. */
static bool expected_information(const Crossing *x, double *out, Error *e)
{
    double *logs = log_factorials((size_t)x->rows, e);
    bool ok = logs != NULL;
    *out = 0;
    for (size_t i = 0; ok && i < x->as; i++)
        for (size_t k = 0; k < x->bs; k++)
            if (x->a[i] > 0 && x->b[k] > 0)
                *out += expected_of_pair(logs, (size_t)x->a[i], (size_t)x->b[k], (size_t)x->rows);
    mem_free(logs);
    return ok;
}

static ColumnScore chi2_of_levels(const Crossing *x)
{
    double chi2 = 0, as = 0, bs = 0;
    for (size_t i = 0; i < x->as; i++)
        as += x->a[i] > 0;
    for (size_t k = 0; k < x->bs; k++)
        bs += x->b[k] > 0;
    for (size_t i = 0; i < x->as; i++)
        for (size_t k = 0; k < x->bs; k++) {
            double due = x->a[i] * x->b[k] / x->rows, is = x->cells[i * x->bs + k];
            chi2 += due > 0 ? (is - due) * (is - due) / due : 0;
        }
    return (ColumnScore){chi2, as > 1 && bs > 1 ? chi2_tail(chi2, (as - 1) * (bs - 1)) : 1, 0};
}

/* Levels by their codes; numbers by which of ten parts they are in, or by value when there are no more. A missing cell is a code of its
 * own. Free with mem_free. */
static int32_t *text_codes(Column *c, size_t *count, Error *e)
{
    Column *text = levels_text(c, e);
    int32_t *codes = text ? mem_try_alloc(text->rows + 1, sizeof *codes, e) : NULL;
    *count = codes ? (size_t)dictionary_count(text->dictionary) + 1 : 0;
    for (size_t i = 0; codes && i < text->rows; i++)
        codes[i] = (int32_t)(column_is_valid(text, i) ? text->data.codes[i] : *count - 1);
    column_unref(text);
    return codes;
}

enum { PARTS = 10 };

/* The lower ends of parts behind the first. */
static size_t find_cuts(const double *sorted, size_t count, double cuts[PARTS])
{
    size_t distinct = 0, found = 0;
    for (size_t i = 0; i < count && distinct <= PARTS; i++)
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            if (distinct > 0 && distinct < PARTS)
                cuts[distinct - 1] = sorted[i];
            distinct++;
        }
    if (distinct <= PARTS)
        return distinct ? distinct - 1 : 0;
    for (int k = 1; k < PARTS; k++) {
        double cut = tools_quantile(sorted, count, (double)k / PARTS);
        if (cut > (found ? cuts[found - 1] : sorted[0]))
            cuts[found++] = cut;
    }
    return found;
}

static int32_t *number_codes(const Column *c, size_t *count, Error *e)
{
    size_t values;
    double cuts[PARTS], *sorted = tools_sorted(c, &values, e);
    int32_t *codes = sorted ? mem_try_alloc(c->rows + 1, sizeof *codes, e) : NULL;
    size_t found = codes ? find_cuts(sorted, values, cuts) : 0;
    *count = found + 2;
    for (size_t i = 0; codes && i < c->rows; i++) {
        double x = column_real(c, i);
        size_t part = 0;
        while (part < found && cuts[part] <= x)
            part++;
        codes[i] = (int32_t)(isfinite(x) ? part : found + 1);
    }
    mem_free(sorted);
    return codes;
}

bool score_codes(Column *c, ScoreCodes *out, Error *e)
{
    out->rows = c->rows;
    out->codes = c->type == COLUMN_INT || c->type == COLUMN_REAL ? number_codes(c, &out->count, e) : text_codes(c, &out->count, e);
    return out->codes != NULL;
}

bool score_codes_of_target(const StepTarget *target, ScoreCodes *out, Error *e)
{
    out->rows = target->column->rows;
    if (!target->labels) {
        out->codes = number_codes(target->column, &out->count, e);
        for (size_t i = 0; out->codes && i < out->rows; i++)
            if (!isfinite(column_real(target->column, i)))
                out->codes[i] = -1;
        return out->codes != NULL;
    }
    out->count = target->classes.count;
    out->codes = mem_try_alloc(out->rows + 1, sizeof *out->codes, e);
    for (size_t i = 0; out->codes && i < out->rows; i++)
        out->codes[i] = target->labels[i];
    return out->codes != NULL;
}

void score_codes_done(ScoreCodes *x)
{
    mem_free(x->codes);
    *x = (ScoreCodes){0};
}

static bool cross(const ScoreCodes *a, const ScoreCodes *b, Crossing *x, Error *e)
{
    *x = (Crossing){.as = a->count, .bs = b->count};
    return crossing_make(x, a->codes, b->codes, a->rows, e);
}

static bool cross_with_target(Column *c, const StepTarget *target, Crossing *x, Error *e)
{
    ScoreCodes a = {0}, b = {0};
    *x = (Crossing){0};
    bool ok = score_codes(c, &a, e) && score_codes_of_target(target, &b, e) && cross(&a, &b, x, e);
    score_codes_done(&a);
    score_codes_done(&b);
    return ok;
}

static bool information_beyond_chance(const Crossing *x, double *out, Error *e)
{
    double chance = 0;
    bool ok = x->rows == 0 || expected_information(x, &chance, e);
    *out = ok && x->rows > 0 ? fmax(0, information_of(x) - chance) : 0;
    return ok;
}

bool score_information(const ScoreCodes *a, const ScoreCodes *b, double *out, Error *e)
{
    Crossing x;
    bool ok = cross(a, b, &x, e) && information_beyond_chance(&x, out, e);
    crossing_done(&x);
    return ok;
}

static bool mutual_information(Column *c, const StepTarget *target, ColumnScore *out, Error *e)
{
    Crossing x;
    *out = (ColumnScore){0, (double)NAN, 0};
    bool ok = cross_with_target(c, target, &x, e) && information_beyond_chance(&x, &out->score, e);
    crossing_done(&x);
    return ok;
}

static bool chi2_test(Column *c, const StepTarget *target, ColumnScore *out, Error *e)
{
    if (column_is_numeric(c)) {
        chi2_of_amounts(c, target, out);
        return true;
    }
    Crossing x;
    bool ok = cross_with_target(c, target, &x, e);
    *out = ok && x.rows > 0 ? chi2_of_levels(&x) : (ColumnScore){0, 1, 0};
    crossing_done(&x);
    return ok;
}

static bool any_negative(const Column *c)
{
    for (size_t i = 0; column_is_numeric(c) && i < c->rows; i++)
        if (column_real(c, i) < 0)
            return true;
    return false;
}

const char *score_refuses(int by, const Column *c)
{
    if (column_is_wide(c))
        return "holds arrays";
    if (by != SCORE_INFORMATION && by != SCORE_MRMR && by != SCORE_CHI2 && !column_is_numeric(c))
        return "is no number";
    return by == SCORE_CHI2 && any_negative(c) ? "goes below 0" : NULL;
}

bool score_is_joint(int by)
{
    return by >= SCORE_L1;
}

bool score_column(int by, Column *c, const StepTarget *target, ColumnScore *out, Error *e)
{
    static Score *const scores[] = {
        [SCORE_VARIANCE] = variance, [SCORE_INFORMATION] = mutual_information, [SCORE_CHI2] = chi2_test, [SCORE_F] = f_test};
    return scores[by](c, target, out, e);
}
