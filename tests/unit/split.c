/* Parts and folds: shares, stability, strata. */
#include "steps/split.h"

#include "base/io.h"
#include "tests/unit/csv_help.h"

enum { TELCO_ROWS = 7043, TELCO_TARGET = 20 };

/* Key and target of the telco table; its plain file has no quotes. */
static Table *telco(void)
{
    Error e = {0};
    const char *path = test_data("telco-churn/Telco-Customer-Churn.csv");
    char *bytes = NULL;
    size_t size;
    if (!path)
        return test_skip("telco-churn is absent"), NULL;
    CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
    Table *t = table_new(TELCO_ROWS);
    Column *key = column_new(COLUMN_TEXT, TELCO_ROWS, &e), *target = column_new(COLUMN_TEXT, TELCO_ROWS, &e);
    const char *line = strchr(bytes, '\n') + 1;
    for (size_t i = 0; i < TELCO_ROWS; i++, line = strchr(line, '\n') + 1) {
        size_t cell_size;
        const char *cell = csv_cell(line, 0, &cell_size);
        column_set_text(key, i, cell, cell_size);
        cell = csv_cell(line, TELCO_TARGET, &cell_size);
        column_set_text(target, i, cell, 1 + (size_t)(cell[0] == 'Y' ? 2 : 1));
    }
    CHECK_OK(table_add(t, "id", key, &e) && table_add(t, "churn", target, &e), e);
    mem_free(bytes);
    return t;
}

static bool is_yes(const Table *t, size_t row)
{
    return column_text(t->columns[1], row, NULL)[0] == 'Y';
}

static const SplitPlan plan = {.by = SPLIT_STRATIFIED, .train = 0.7, .valid = 0.15, .test = 0.15, .seed = -1};

static void shares(const Table *t)
{
    TEST("shares of parts and of classes within parts");
    Roles roles = {.target = "churn", .key = "id"};
    static const double expected[] = {0.7, 0.15, 0.15};
    uint8_t parts[TELCO_ROWS];
    for (int by = SPLIT_STRATIFIED; by <= SPLIT_RANDOM; by++) {
        SplitPlan p = plan;
        Error e = {0};
        double counts[PART_COUNT] = {0}, yes[PART_COUNT] = {0};
        p.by = by;
        CHECK_OK(split_assign(&p, t, &roles, 7, parts, &e), e);
        for (size_t i = 0; i < t->rows; i++) {
            counts[parts[i]]++;
            yes[parts[i]] += is_yes(t, i);
        }
        for (int k = 0; k < PART_COUNT; k++) {
            CHECK_NEAR(counts[k] / (double)t->rows, expected[k], 0.02);
            CHECK_NEAR(yes[k] / counts[k], 0.2654, 0.05);
        }
    }
}

static void stability(const Table *t)
{
    TEST("adding and reordering rows moves no old row; another seed does");
    Roles by_key = {.target = "churn", .key = "id"}, by_row = {.target = "churn"};
    const Roles *cases[] = {&by_key, &by_row};
    static uint8_t all[TELCO_ROWS], some[TELCO_ROWS], other[TELCO_ROWS];
    size_t rows[3000], moved = 0, differ = 0;
    for (size_t i = 0; i < 3000; i++)
        rows[i] = (i * 7 + 11) % TELCO_ROWS;
    Error e = {0};
    Table *part = table_select(t, rows, 3000, &e);
    for (size_t k = 0; k < 2; k++) {
        CHECK_OK(split_assign(&plan, t, cases[k], 7, all, &e) && split_assign(&plan, part, cases[k], 7, some, &e), e);
        CHECK_OK(split_assign(&plan, t, cases[k], 8, other, &e), e);
        for (size_t i = 0; i < 3000; i++)
            moved += some[i] != all[rows[i]];
        for (size_t i = 0; i < TELCO_ROWS; i++)
            differ += all[i] != other[i];
    }
    CHECK_INT(moved, 0);
    CHECK(differ > TELCO_ROWS / 2);
    table_unref(part);
}

static void folds(const Table *t)
{
    TEST("folds are equal in rows and in classes");
    Roles roles = {.target = "churn"};
    static uint8_t fold[TELCO_ROWS];
    Error e = {0};
    size_t counts[5] = {0}, yes[5] = {0};
    CHECK_OK(split_folds(t, &roles, 5, 7, fold, &e), e);
    for (size_t i = 0; i < t->rows; i++) {
        counts[fold[i]]++;
        yes[fold[i]] += is_yes(t, i);
    }
    for (size_t k = 0; k < 5; k++) {
        CHECK(counts[k] == 1408 || counts[k] == 1409);
        CHECK(yes[k] == 373 || yes[k] == 374);
    }
}

static void groups(void)
{
    TEST("a group stays together, time goes forward, plans are checked");
    Table *t = csv_table("g,day,y\na,3,1\nb,1,0\na,2,1\nc,9,0\nb,8,1\nc,7,0\na,6,1\nd,5,0\nd,4,0\ne,10,1\n");
    SplitPlan p = {.by = SPLIT_GROUP, .train = 0.5, .valid = 0.3, .test = 0.2, .seed = 3, .column = "g"};
    uint8_t parts[10], fold[10];
    Error e = {0};
    CHECK_OK(split_assign(&p, t, NULL, 7, parts, &e), e);
    CHECK(parts[0] == parts[2] && parts[0] == parts[6] && parts[1] == parts[4] && parts[3] == parts[5] && parts[7] == parts[8]);
    p.by = SPLIT_TIME, p.column = "day";
    CHECK_OK(split_assign(&p, t, NULL, 7, parts, &e), e);
    static const uint8_t by_time[] = {0, 0, 0, 2, 1, 1, 1, 0, 0, 2};
    CHECK(memcmp(parts, by_time, sizeof parts) == 0);
    Roles roles = {.target = "y", .group = "g"};
    CHECK_OK(split_folds(t, &roles, 3, 7, fold, &e), e);
    CHECK(fold[0] == fold[2] && fold[0] == fold[6] && fold[1] == fold[4] && fold[3] == fold[5]);
    p.column = "dya";
    CHECK(!split_assign(&p, t, NULL, 7, parts, &e) && strstr(e.message, "split: "));
    p.train = 0.9;
    CHECK(!split_assign(&p, t, NULL, 7, parts, &e) && strstr(e.message, "train + valid + test is 1.4, must be 1"));
    CHECK(!split_folds(t, NULL, 11, 7, fold, &e));
    Table *out[PART_COUNT];
    CHECK_OK(split_tables(t, by_time, out, &e), e);
    CHECK(out[0]->rows == 5 && out[1]->rows == 3 && out[2]->rows == 2 && table_row_id(out[2], 0) == 3);
    for (int k = 0; k < PART_COUNT; k++)
        table_unref(out[k]);
    table_unref(t);
}

void unit_split(void)
{
    groups();
    Table *t = telco();
    if (!t)
        return;
    shares(t);
    stability(t);
    folds(t);
    table_unref(t);
}
