/* Rows that are made for training: how many, where they lie, and that the nearest are the nearest. */
#include <math.h>

#include "base/rng.h"
#include "steps/recipe.h"
#include "steps/sampling.h"

#include "tests/unit/test.h"

enum { ROWS = 300, RARE = 40 };

/* x and w are numbers, t has three levels, y is "a" in the first RARE rows; some cells of w are missing. */
static Table *sample(void)
{
    static const char *const levels[] = {"u", "v", "w"};
    Error e = {0};
    Rng random = rng_begin(rng_key(5, "sample"));
    Table *t = table_new(ROWS);
    Column *x = column_new(COLUMN_REAL, ROWS, &e), *w = column_new(COLUMN_INT, ROWS, &e), *l = column_new(COLUMN_TEXT, ROWS, &e),
           *y = column_new(COLUMN_TEXT, ROWS, &e);
    for (size_t i = 0; i < ROWS; i++) {
        x->data.reals[i] = rng_normal(&random);
        w->data.ints[i] = (int64_t)(10 * rng_normal(&random));
        column_set_text(l, i, levels[rng_below(&random, 3)], 1, &e);
        column_set_text(y, i, i < RARE ? "a" : "b", 1, &e);
        if (i % 17 == 0)
            column_set_missing(w, i, &e);
    }
    table_add(t, "x", x, &e), table_add(t, "w", w, &e), table_add(t, "t", l, &e), table_add(t, "y", y, &e);
    return t;
}

static double apart(const Table *table, size_t a, size_t b, const double sds[2])
{
    const Column *x = table->columns[0], *w = table->columns[1], *t = table->columns[2];
    bool both = column_is_valid(w, a) && column_is_valid(w, b);
    double dx = (x->data.reals[a] - x->data.reals[b]) / sds[0], dw = both ? (column_real(w, a) - column_real(w, b)) / sds[1] : 0,
           levels = column_key(t, a) != column_key(t, b);
    return (dx * dx + dw * dw + levels) / (4 + both);
}

static void neighbors(void)
{
    TEST("the nearest rows are those of a plain search, missing cells and levels too");
    Error e = {0};
    Table *t = sample();
    StepInput in = {.rows = t};
    Sampling r;
    CHECK_OK(sampling_begin(NULL, &in, "y", &r, &e), e);
    size_t count, wrong = 0;
    const uint32_t *rare = sampling_rows(&r, 0, &count);
    Neighbors near;
    NearTask task = {rare, r.order.row, count, ROWS, 5};
    CHECK_INT(count, RARE);
    CHECK_OK(sampling_near(&r, &task, &near, &e), e);
    double *values = mem_alloc(ROWS * sizeof *values), sds[2];
    for (int c = 0; c < 2; c++) {
        for (size_t i = 0; i < ROWS; i++)
            values[i] = column_real(t->columns[c], i);
        sds[c] = moments_of(values, ROWS).sd;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 5; k++) {
            uint32_t row = near.rows[i * 5 + k];
            double far = apart(t, rare[i], row, sds);
            size_t nearer = 0;
            for (size_t j = 0; j < ROWS; j++)
                nearer += j != rare[i] && apart(t, rare[i], j, sds) < far - 1e-6;
            wrong += nearer > k || row == rare[i];
        }
    CHECK_INT(wrong, 0);
    mem_free(values);
    neighbors_done(&near);
    sampling_done(&r);
    table_unref(t);
}

static Table *made(const char *name, const char *key, const char *value, const Table *t, uint64_t seed)
{
    Error e = {0};
    Table *out = NULL;
    Roles roles = {.target = "y"};
    Value *args = value_map();
    if (key)
        value_set(args, key, value_text(value));
    const Step *step = step_find(name);
    void *params = params_from_value(&step->spec, args, &e);
    Recipe *empty = recipe_new(), *one = recipe_insert(empty, 0, step, params), *fitted = recipe_fit(NULL, one, t, &roles, seed, &out, &e);
    CHECK_OK(fitted != NULL, e);
    params_free(&step->spec, params);
    recipe_unref(empty);
    recipe_unref(one);
    recipe_unref(fitted);
    value_free(args);
    return out;
}

/* A row lies between two of the rare class: some pair and part explain all of its numbers. */
static bool is_between(const Table *t, const Table *out, size_t row)
{
    const Column *x = t->columns[0], *w = t->columns[1];
    double nx = out->columns[0]->data.reals[row];
    for (size_t a = 0; a < RARE; a++)
        for (size_t b = 0; b < RARE; b++) {
            double span = x->data.reals[b] - x->data.reals[a], part = span != 0 ? (nx - x->data.reals[a]) / span : 0;
            bool fits = part >= -1e-9 && part <= 1 + 1e-9 && fabs(x->data.reals[a] + part * span - nx) < 1e-12;
            if (!fits || table_row_id(out, row) != a)
                continue;
            if (!column_is_valid(w, a) && !column_is_valid(out->columns[1], row))
                return true;
            double wa = column_real(w, a), wb = column_is_valid(w, b) ? column_real(w, b) : wa;
            if (fabs(column_real(out->columns[1], row) - (wa + part * (wb - wa))) <= 0.5 + 1e-9)
                return true;
        }
    return false;
}

static void smote(const char *kind)
{
    TEST(kind);
    Table *t = sample(), *out = made("smote", "kind", kind, t, 3), *again = made("smote", "kind", kind, t, 3),
          *other = made("smote", "kind", kind, t, 4);
    size_t rare = 0, outside = 0;
    for (size_t i = 0; i < out->rows; i++)
        rare += *column_text(out->columns[3], i, NULL) == 'a';
    for (size_t i = ROWS; i < out->rows; i++)
        outside += !is_between(t, out, i);
    CHECK_INT(out->rows, 2 * (ROWS - RARE));
    CHECK_INT(rare, ROWS - RARE);
    CHECK_INT(outside, 0);
    CHECK(table_equal(out, again));
    CHECK(!table_equal(out, other));
    table_unref(t), table_unref(out), table_unref(again), table_unref(other);
}

static void balance(void)
{
    TEST("oversample makes classes equal, undersample leaves out, mixup stays within a class");
    Table *t = sample(), *more = made("oversample", NULL, NULL, t, 1), *less = made("undersample", NULL, NULL, t, 1),
          *mixed = made("mixup", NULL, NULL, t, 1);
    size_t wrong = 0;
    CHECK_INT(more->rows, 2 * (ROWS - RARE));
    CHECK_INT(less->rows, 2 * RARE);
    CHECK_INT(mixed->rows, ROWS + ROWS / 2);
    for (size_t i = ROWS; i < mixed->rows; i++)
        wrong += *column_text(mixed->columns[3], i, NULL) != (table_row_id(mixed, i) < RARE ? 'a' : 'b');
    CHECK_INT(wrong, 0);
    table_unref(t), table_unref(more), table_unref(less), table_unref(mixed);
}

void unit_sampling(void)
{
    neighbors();
    smote("regular");
    smote("borderline");
    smote("adasyn");
    balance();
}
