/* Joins by keys of every pair of types against the plain definition: two loops over the texts of the cells. */
#include "table/hash_join.h"

#include "base/rng.h"
#include "tests/unit/test.h"

enum { ROWS = 90, MANY = 70000 };

static const ColumnType types[] = {COLUMN_BOOL, COLUMN_INT, COLUMN_REAL, COLUMN_TEXT, COLUMN_DATE, COLUMN_TIME};
enum { TYPES = sizeof types / sizeof *types };

static uint64_t draw(RngKey key, uint64_t counter, uint64_t below)
{
    uint32_t words[4];
    rng_block(key, counter, words);
    return ((uint64_t)words[0] << 32 | words[1]) % below;
}

/* Few values, so that rows find each other; `far` spreads them over 64 bits. */
static bool set_cell(Column *c, size_t row, int64_t x, bool far)
{
    Error e = {0};
    char text[32];
    int64_t whole = far ? (int64_t)((uint64_t)x * UINT64_C(0x9E3779B97F4A7C15)) : x - 3;
    switch (c->type) {
    case COLUMN_BOOL: c->data.flags[row] = x & 1; return true;
    case COLUMN_REAL: c->data.reals[row] = x == 4 ? -0.0 : (double)(x - 4) / (far ? 2 : 1); return true;
    case COLUMN_TEXT: return column_set_text(c, row, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)x - 3), &e);
    default: c->data.ints[row] = c->type == COLUMN_TIME ? whole / 1000000 * 1000000 : c->type == COLUMN_DATE ? x * 400 : whole; return true;
    }
}

static Table *random_table(size_t rows, uint64_t seed, const ColumnType *of, size_t count)
{
    Error e = {0};
    Table *t = table_new(rows);
    for (size_t k = 0; k < count; k++) {
        Column *c = column_new(of[k], rows, &e);
        RngKey key = rng_child(rng_key(seed, "cells"), k);
        bool far = draw(key, UINT64_MAX, 2);
        for (size_t i = 0; i < rows; i++) {
            bool ok = draw(key, 2 * i, 9) ? set_cell(c, i, (int64_t)draw(key, 2 * i + 1, 11), far) : column_set_missing(c, i, &e);
            CHECK(ok);
        }
        char name[2] = {(char)('a' + k), 0};
        CHECK_OK(table_add(t, name, c, &e), e);
    }
    return t;
}

/* Numbers are equal by value; everything else as the text that a file would hold. */
static bool cells_equal(const Column *a, size_t i, const Column *b, size_t k)
{
    if (!column_is_valid(a, i) || !column_is_valid(b, k))
        return false;
    bool numbers = (a->type == COLUMN_INT || a->type == COLUMN_REAL) && (b->type == COLUMN_INT || b->type == COLUMN_REAL);
    if (numbers && (a->type == COLUMN_REAL || b->type == COLUMN_REAL))
        return column_real(a, i) == column_real(b, k);
    Text x = {0}, y = {0};
    column_format_key(a, i, &x);
    column_format_key(b, k, &y);
    bool same = text_equal(text_get(&x), text_get(&y));
    text_done(&x);
    text_done(&y);
    return same;
}

static size_t first_equal(const HashJoin *j, const Table *t, const int *columns, size_t row)
{
    for (size_t i = 0; i < j->right->rows; i++) {
        bool same = true;
        for (size_t k = 0; same && k < j->count; k++)
            same = cells_equal(t->columns[columns[k]], row, j->right->columns[j->right_columns[k]], i);
        if (same)
            return i;
    }
    return COLUMN_NO_ROW;
}

static void check_join(const ColumnType *left, const ColumnType *right, size_t count, uint64_t seed)
{
    Error e = {0};
    int columns[] = {0, 1, 2};
    Table *l = random_table(ROWS, seed, left, count), *r = random_table(ROWS / 2, seed + 1, right, count);
    HashJoin j = {l, r, columns, columns, count};
    size_t leaders[ROWS], match[ROWS], wrong = 0;
    CHECK_OK(hash_join(NULL, &j, leaders, match, &e), e);
    for (size_t i = 0; i < l->rows; i++)
        wrong += match[i] != first_equal(&j, l, columns, i);
    bool whole = left[0] == right[0]; /* among whole numbers a fraction has no key */
    for (size_t i = 0; whole && count == 1 && i < r->rows; i++)
        wrong += leaders[i] != first_equal(&j, r, columns, i);
    test_check(!wrong, __FILE__, __LINE__, "%zu keys, %s and %s, seed %llu: %zu rows differ", count, column_type_name(left[0]),
               column_type_name(right[0]), (unsigned long long)seed, wrong);
    table_unref(l);
    table_unref(r);
}

static void check_types(void)
{
    TEST("every pair of types, one key: the plain definition");
    for (size_t a = 0; a < TYPES; a++)
        for (size_t b = 0; b < TYPES; b++)
            for (uint64_t seed = 1; seed < 4; seed++)
                check_join(&types[a], &types[b], 1, 100 * a + 10 * b + seed);
    TEST("two and three keys");
    for (uint64_t seed = 1; seed < 25; seed++) {
        ColumnType left[3], right[3];
        for (size_t k = 0; k < 3; k++) {
            left[k] = types[draw(rng_key(seed, "left"), k, TYPES)];
            right[k] = seed % 3 ? left[k] : types[draw(rng_key(seed, "right"), k, TYPES)];
        }
        check_join(left, right, 2 + seed % 2, 7000 + seed);
    }
}

static void check_edges(void)
{
    TEST("no rows, no keys, no valid cell");
    Error e = {0};
    int columns[] = {0};
    ColumnType type = COLUMN_INT;
    Table *some = random_table(5, 1, &type, 1), *none = table_head(some, 0, &e), *gone = NULL;
    Column *c = column_new(COLUMN_INT, 5, &e);
    for (size_t i = 0; i < 5; i++)
        column_set_missing(c, i, &e);
    gone = table_with(some, "a", c, &e);
    const Table *pairs[][2] = {{some, none}, {none, some}, {none, none}, {some, gone}, {gone, some}};
    for (size_t i = 0; i < 5; i++) {
        size_t leaders[5], match[5];
        HashJoin j = {pairs[i][0], pairs[i][1], columns, columns, 1};
        CHECK_OK(hash_join(NULL, &j, leaders, match, &e), e);
        for (size_t k = 0; k < pairs[i][0]->rows; k++)
            CHECK(match[k] == COLUMN_NO_ROW);
        j.count = 0;
        CHECK_OK(hash_join(NULL, &j, leaders, match, &e), e);
        for (size_t k = 0; k < pairs[i][0]->rows; k++)
            CHECK(match[k] == (pairs[i][1]->rows ? 0 : COLUMN_NO_ROW));
    }
    table_unref(some);
    table_unref(none);
    table_unref(gone);
}

/* Keys that lie far apart, each twice in both tables. */
static Table *far_table(uint64_t seed, ColumnType type)
{
    Error e = {0};
    Table *t = table_new(MANY);
    Column *c = column_new(type, MANY, &e);
    char text[32];
    for (size_t i = 0; i < MANY; i++) {
        uint64_t x = draw(rng_key(seed, "far"), i, MANY / 2) * UINT64_C(0x9E3779B97F4A7C15);
        if (type == COLUMN_TEXT)
            column_set_text(c, i, text, (size_t)snprintf(text, sizeof text, "k%llu", (unsigned long long)x), &e);
        else
            c->data.ints[i] = (int64_t)x;
    }
    CHECK_OK(table_add(t, "k", c, &e), e);
    return t;
}

static void check_threads(void)
{
    TEST("the same for any number of threads, and the row found has the key");
    Error e = {0};
    int columns[] = {0};
    for (int text = 0; text < 2; text++) {
        Table *l = far_table(1, text ? COLUMN_TEXT : COLUMN_INT), *r = far_table(2, text ? COLUMN_TEXT : COLUMN_INT);
        HashJoin j = {l, r, columns, columns, 1};
        size_t *rows[2][2], wrong = 0, found = 0;
        for (int k = 0; k < 2; k++) {
            Job job = {.threads = k ? 5 : 1};
            rows[k][0] = mem_alloc(MANY * sizeof(size_t));
            rows[k][1] = mem_alloc(MANY * sizeof(size_t));
            CHECK_OK(hash_join(&job, &j, rows[k][0], rows[k][1], &e), e);
        }
        for (size_t i = 0; i < MANY; i++) {
            size_t at = rows[0][1][i];
            wrong += rows[0][0][i] != rows[1][0][i] || at != rows[1][1][i];
            found += at != COLUMN_NO_ROW;
            wrong += at != COLUMN_NO_ROW && !cells_equal(l->columns[0], i, r->columns[0], at);
            wrong += !cells_equal(r->columns[0], i, r->columns[0], rows[0][0][i]) || rows[0][0][rows[0][0][i]] != rows[0][0][i];
        }
        CHECK_INT(wrong, 0);
        CHECK(found > MANY / 2 && found < MANY);
        for (int k = 0; k < 4; k++)
            mem_free(rows[k / 2][k % 2]);
        table_unref(l);
        table_unref(r);
    }
}

void unit_hash_join(void)
{
    check_types();
    check_edges();
    check_threads();
}
