/* Groups and orders against plain loops, and aggregates against values by numpy 1.24. */
#include "base/rng.h"
#include "table/aggregate.h"
#include "table/query.h"

#include "tests/unit/test.h"

enum { ROWS = 1500 };

static void fill(Column *c, uint64_t seed, int64_t spread)
{
    Error e = {0};
    Rng random = rng_begin(rng_key(seed, "cells"));
    for (size_t i = 0; i < c->rows; i++) {
        int64_t x = (int64_t)rng_below(&random, (uint64_t)spread) - spread / 2;
        char text[32];
        snprintf(text, sizeof text, "t%lld", (long long)x);
        if (c->type == COLUMN_REAL)
            c->data.reals[i] = (double)x / 4 * (x ? 1 : -1);
        else if (c->type == COLUMN_TEXT)
            column_set_text(c, i, text, strlen(text), &e);
        else if (c->type == COLUMN_BOOL)
            c->data.flags[i] = x & 1;
        else
            c->data.ints[i] = x * (spread > 1000 ? INT64_C(1) << 50 : 1);
        if (rng_below(&random, 10) == 0)
            column_set_missing(c, i, &e);
    }
}

static Table *sample(void)
{
    static const struct {
        const char *name;
        ColumnType type;
        int64_t spread;
    } columns[] = {{"few", COLUMN_INT, 7},    {"far", COLUMN_INT, 5000}, {"real", COLUMN_REAL, 90},
                   {"text", COLUMN_TEXT, 40}, {"flag", COLUMN_BOOL, 2},  {"day", COLUMN_DATE, 300}};
    Error e = {0};
    Table *t = table_new(ROWS);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        Column *c = column_new(columns[i].type, ROWS, &e);
        fill(c, i + 1, columns[i].spread);
        CHECK_OK(table_add(t, columns[i].name, c, &e), e);
    }
    return t;
}

static bool same_cells(const Table *t, const int *columns, size_t count, size_t a, size_t b)
{
    for (size_t i = 0; i < count; i++) {
        const Column *c = t->columns[columns[i]];
        bool valid = column_is_valid(c, a);
        if (valid != column_is_valid(c, b) || (valid && column_key(c, a) != column_key(c, b)))
            return false;
    }
    return true;
}

/* Rows are in one group exactly when their cells agree, and groups are numbered by their first rows. */
static void check_groups(const Table *t, const int *columns, size_t count)
{
    Error e = {0};
    Groups g;
    size_t next = 0, rows = 0, wrong = 0;
    CHECK_OK(groups_make(NULL, t, columns, count, &g, &e), e);
    for (size_t i = 0; i < t->rows; i++) {
        size_t group = g.of[i];
        wrong += group > next || (group == next) != (g.first[group] == i);
        next += group == next;
        wrong += !same_cells(t, columns, count, i, g.first[group]);
        for (size_t k = 0; group == next - 1 && g.first[group] == i && k + 1 < next; k++)
            wrong += same_cells(t, columns, count, i, g.first[k]);
    }
    for (size_t i = 0; i < g.count; i++)
        rows += g.sizes[i];
    CHECK(wrong == 0);
    CHECK(next == g.count);
    CHECK(rows == t->rows);
    groups_done(&g);
}

static void groups(void)
{
    static const struct {
        int columns[3];
        size_t count;
    } cases[] = {{{0}, 0}, {{0}, 1}, {{1}, 1}, {{2}, 1}, {{3}, 1}, {{4}, 1}, {{5}, 1}, {{0, 4}, 2}, {{2, 3}, 2}, {{1, 0, 3}, 3}};
    Table *t = sample();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST("rows that agree are one group, numbered by first rows");
        check_groups(t, cases[i].columns, cases[i].count);
    }
    table_unref(t);
}

static void orders(void)
{
    TEST("rows stand group after group, by time, those without a time last");
    Table *t = sample();
    Error e = {0};
    Groups g;
    RowOrder o;
    int by[] = {0};
    const Column *time = t->columns[5];
    size_t wrong = 0;
    bool *seen = mem_alloc(t->rows);
    CHECK_OK(groups_make(NULL, t, by, 1, &g, &e), e);
    CHECK_OK(row_order_make(NULL, &g, time, &o, &e), e);
    for (size_t k = 0; k < o.groups; k++)
        for (size_t i = o.starts[k]; i < o.starts[k + 1]; i++) {
            size_t row = o.row[i], before = i > o.starts[k] ? o.row[i - 1] : row;
            wrong += g.of[row] != k || seen[row];
            seen[row] = true;
            if (before == row)
                continue;
            bool has = column_is_valid(time, row), had = column_is_valid(time, before);
            bool same = has == had && (!has || column_key(time, row) == column_key(time, before));
            wrong += same ? before > row : (has && (!had || column_key(time, row) < column_key(time, before)));
        }
    CHECK(wrong == 0);
    CHECK(o.starts[o.groups] == t->rows);
    mem_free(seen);
    row_order_done(&o);
    groups_done(&g);
    table_unref(t);
}

static void ascending(void)
{
    TEST("a table in the order of time needs no sorting, and one row out of order is seen");
    Error e = {0};
    Table *t = sample();
    Groups g;
    int by[] = {0};
    Column *time = column_new(COLUMN_INT, t->rows, &e);
    for (size_t i = 0; i < t->rows; i++)
        time->data.ints[i] = (int64_t)i / 2;
    CHECK_OK(groups_make(NULL, t, by, 1, &g, &e), e);
    for (int moved = 0; moved < 2; moved++) {
        RowOrder with, without;
        size_t differ = 0;
        time->data.ints[t->rows - 1] = moved ? -1 : (int64_t)t->rows;
        CHECK_OK(row_order_make(NULL, &g, time, &with, &e), e);
        CHECK_OK(row_order_make(NULL, &g, NULL, &without, &e), e);
        for (size_t i = 0; i < t->rows; i++)
            differ += with.row[i] != without.row[i];
        CHECK((differ > 0) == (moved != 0));
        row_order_done(&with);
        row_order_done(&without);
    }
    groups_done(&g);
    column_unref(time);
    table_unref(t);
}

static char *aggregated(const Table *t, const char *text)
{
    Error e = {0};
    Groups g;
    int by[] = {0};
    Text out = {0};
    Aggregate *a = aggregate_parse(text, &e);
    CHECK_OK(groups_make(NULL, t, by, 1, &g, &e), e);
    Column *c = a ? aggregate_run(NULL, a, t, &g, &e) : NULL;
    for (size_t i = 0; c && i < c->rows; i++) {
        text_add(&out, i ? " " : "");
        column_format(c, i, &out);
        text_add(&out, column_is_valid(c, i) ? "" : "-");
    }
    if (!c)
        text_addf(&out, "error: %s", e.message);
    column_unref(c);
    aggregate_free(a);
    groups_done(&g);
    return text_take(&out);
}

static Table *small(void)
{
    static const int64_t keys[] = {1, 2, 1, 1, 3, 2, 1}, days[] = {10, 11, 12, 13, 14, 15, 16};
    static const double x[] = {2, 5, 4, 0, 7, 1, 9};
    Error e = {0};
    Table *t = table_new(7);
    Column *k = column_new(COLUMN_INT, 7, &e), *r = column_new(COLUMN_REAL, 7, &e), *d = column_new(COLUMN_DATE, 7, &e),
           *n = column_new(COLUMN_INT, 7, &e), *w = column_new(COLUMN_TEXT, 7, &e);
    for (size_t i = 0; i < 7; i++) {
        k->data.ints[i] = keys[i];
        d->data.ints[i] = days[i];
        r->data.reals[i] = x[i];
        n->data.ints[i] = (int64_t)x[i];
        column_set_text(w, i, i % 2 ? "b, (\"" : "a", i % 2 ? 5 : 1, &e);
    }
    column_set_missing(r, 3, &e);
    column_set_missing(r, 4, &e);
    table_add(t, "k", k, &e), table_add(t, "x", r, &e), table_add(t, "d", d, &e), table_add(t, "n", n, &e), table_add(t, "w", w, &e);
    return t;
}

static void aggregates(void)
{
    static const char *const cases[][2] = {
        {"count()", "4 2 1"},
        {"count(x)", "3 2 0"},
        {"count() where x > 3", "2 1 0"},
        {"sum(x)", "15 6 0"},
        {"sum(n)", "15 6 7"},
        {"mean(x)", "5 3 -"},
        {"mean(n > 3)", "0.5 0.5 1"},
        {"sd(x)", "3.605551275463989 2.8284271247461903 -"}, /* numpy std(ddof=1) */
        {"median(x)", "4 3 -"},
        {"quantile(x, 0.9)", "8 4.6 -"}, /* numpy quantile */
        {"min(x)", "2 1 -"},
        {"max(d)", "1970-01-17 1970-01-16 1970-01-15"},
        {"first(x)", "2 5 -"},
        {"last(x)", "9 1 -"},
        {"mode(w)", "a b, (\" a"},
        {"mode(w) where w == \"b, (\\\"\"", "b, (\" b, (\" -"},
        {"distinct(w)", "2 1 1"},
        {"share(n >= 4)", "0.5 0.5 1"},
        {"slope(n, d)", "1.1066666666666667 -1 -"}, /* numpy polyfit */
        {" sum( if(n > 1, n, 0) )  where  d > date(\"1970-01-12\") ", "13 0 7"},
        {"sum(w)", "error: sum needs numbers, but its argument is text; cast it, or use count, distinct, mode, first or last"},
        {"max(w)", "error: max needs numbers or dates, but its argument is text"},
        {"share(x)", "error: share needs a condition, but its argument is real; write share(x > 2)"},
        {"men(x)", "error: \"men\" is no aggregate; did you mean mean?"},
        {"mean()", "error: an argument is missing; write it as mean(x)"},
        {"mean(x, n)", "error: there are too many arguments; write it as mean(x)"},
        {"quantile(x, 2)", "error: quantile: \"2\" is no number from 0 to 1; write it as quantile(x, 0.9)"},
        {"sum(x) / count()", "error: \"/ count()\" stands behind the aggregate; write FUNCTION(...) where CONDITION, and compute with the "
                             "result in a derive"},
        {"sum(x) where n", "error: where: the condition is int, expected true or false"},
        {"x", "error: \"x\" is no aggregate; write one as mean(x), count() or sum(x) where y > 2"},
    };
    Table *t = small();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        TEST(cases[i][0]);
        char *got = aggregated(t, cases[i][0]);
        CHECK_TEXT(got, cases[i][1]);
        mem_free(got);
    }
    table_unref(t);
}

void unit_group(void)
{
    groups();
    orders();
    ascending();
    aggregates();
}
