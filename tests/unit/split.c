/* Parts and folds by units: exact shares in every class and part, units in one part, stability of random parts. */
#include "steps/split.h"

#include "base/io.h"
#include "base/rng.h"
#include "tests/unit/csv_help.h"

enum { TELCO_ROWS = 7043, TELCO_TARGET = 20, ROWS_MOST = 600 };

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
        column_set_text(key, i, cell, cell_size, NULL);
        cell = csv_cell(line, TELCO_TARGET, &cell_size);
        column_set_text(target, i, cell, 1 + (size_t)(cell[0] == 'Y' ? 2 : 1), NULL);
    }
    CHECK_OK(table_add(t, "id", key, &e) && table_add(t, "churn", target, &e), e);
    mem_free(bytes);
    return t;
}

static const SplitPlan plan = {.by = SPLIT_STRATIFIED, .train = 0.7, .valid = 0.15, .test = 0.15, .seed = -1};

/* What is asked of a split; the answer is in parts and report. */
typedef struct Ask {
    SplitPlan plan;
    Unit unit;
    const Table *table;
    const char *target;
    uint64_t seed;
    uint8_t *parts;
    SplitReport report;
} Ask;

static SplitTask ask_task(Ask *a, Table *columns)
{
    return (SplitTask){&a->plan, &a->unit, columns, a->target ? table_column(a->table, a->target) : NULL, a->seed, NULL, NULL};
}

static bool ask_split(Ask *a, Error *e)
{
    split_report_done(&a->report);
    Table *columns = unit_columns(&a->unit, a->table, NULL, e);
    SplitTask task = ask_task(a, columns);
    bool ok = columns && split_assign(&task, a->parts, &a->report, e);
    table_unref(columns);
    return ok;
}

static bool ask_fold(Ask *a, int folds, int fold, bool watched, Error *e)
{
    split_report_done(&a->report);
    Table *columns = unit_columns(&a->unit, a->table, NULL, e);
    FoldTask task = {ask_task(a, columns), folds, fold, watched};
    bool ok = columns && split_fold(&task, a->parts, &a->report, e);
    table_unref(columns);
    return ok;
}

static void stability(const Table *t)
{
    TEST("random: adding and reordering rows moves no old row; another seed does; shares hold about");
    static uint8_t all[TELCO_ROWS], some[TELCO_ROWS], other[TELCO_ROWS];
    size_t rows[3000], moved = 0, differ = 0, train = 0;
    for (size_t i = 0; i < 3000; i++)
        rows[i] = (i * 7 + 11) % TELCO_ROWS;
    Error e = {0};
    Table *part = table_select(t, rows, 3000, &e);
    for (size_t k = 0; k < 2; k++) {
        Unit unit = k ? (Unit){.kind = UNIT_KEY, .column = "id"} : (Unit){0};
        Ask whole = {plan, unit, t, "churn", 7, all, {0}}, less = {plan, unit, part, "churn", 7, some, {0}},
            again = {plan, unit, t, "churn", 8, other, {0}};
        whole.plan.by = less.plan.by = again.plan.by = SPLIT_RANDOM;
        CHECK_OK(ask_split(&whole, &e) && ask_split(&less, &e) && ask_split(&again, &e), e);
        for (size_t i = 0; i < 3000; i++)
            moved += some[i] != all[rows[i]];
        for (size_t i = 0; i < TELCO_ROWS; i++) {
            differ += all[i] != other[i];
            train += all[i] == PART_TRAIN;
        }
        split_report_done(&whole.report);
        split_report_done(&less.report);
        split_report_done(&again.report);
    }
    CHECK_INT(moved, 0);
    CHECK(differ > TELCO_ROWS / 2);
    CHECK_NEAR((double)train / (2.0 * TELCO_ROWS), 0.7, 0.02);
    table_unref(part);
}

static void telco_parts(const Table *t)
{
    TEST("telco: parts and folds are equal in rows and in classes, to the row");
    static uint8_t parts[TELCO_ROWS];
    static const size_t most[] = {4931, 1057, 1057}, yes_most[] = {1309, 281, 281};
    Ask a = {plan, {0}, t, "churn", 7, parts, {0}};
    Error e = {0};
    size_t yes[PART_COUNT] = {0};
    CHECK_OK(ask_split(&a, &e), e);
    for (size_t i = 0; i < t->rows; i++)
        yes[parts[i]] += column_text(t->columns[1], i, NULL)[0] == 'Y';
    for (int p = 0; p < PART_COUNT; p++) {
        CHECK(a.report.rows[p] == most[p] || a.report.rows[p] + 1 == most[p]);
        CHECK(yes[p] == yes_most[p] || yes[p] + 1 == yes_most[p]);
    }
    for (int f = 0; f < 5; f++) {
        CHECK_OK(ask_fold(&a, 5, f, false, &e), e);
        CHECK(a.report.rows[PART_TEST] == 1408 || a.report.rows[PART_TEST] == 1409);
    }
    split_report_done(&a.report);
}

/* unit u has `size` rows; classes by the weights of a mix; rows of a unit may differ in class. */
static Table *random_table(Rng *rng, size_t rows, size_t units, size_t classes)
{
    Error e = {0};
    Table *t = table_new(rows);
    Column *g = column_new(COLUMN_TEXT, rows, &e), *y = column_new(COLUMN_INT, rows, &e);
    for (size_t i = 0; i < rows; i++) {
        char name[32];
        size_t u = i < units ? i : (size_t)rng_below(rng, units), c = (size_t)(rng_uniform(rng) * rng_uniform(rng) * (double)classes);
        snprintf(name, sizeof name, "unit %zu", u);
        column_set_text(g, i, name, strlen(name), NULL);
        y->data.ints[i] = (int64_t)(rng_below(rng, 4) ? u % classes : c);
    }
    table_add(t, "g", g, &e);
    table_add(t, "y", y, &e);
    return t;
}

/* Class of the most rows of a unit; -1: two classes are equally many. */
static int64_t unit_class(const Table *t, size_t unit, size_t classes)
{
    size_t counts[8] = {0}, best = 0, ties = 0;
    char name[32];
    snprintf(name, sizeof name, "unit %zu", unit);
    for (size_t i = 0; i < t->rows; i++)
        counts[t->columns[1]->data.ints[i]] += text_equal(column_text(t->columns[0], i, NULL), name);
    for (size_t c = 1; c < classes; c++)
        best = counts[c] > counts[best] ? c : best;
    for (size_t c = 0; c < classes; c++)
        ties += counts[c] == counts[best];
    return ties == 1 ? (int64_t)best : -1;
}

static uint8_t part_of_unit(const Ask *a, size_t unit)
{
    char name[32];
    snprintf(name, sizeof name, "unit %zu", unit);
    for (size_t i = 0; i < a->table->rows; i++)
        if (text_equal(column_text(a->table->columns[0], i, NULL), name))
            return a->parts[i];
    return PART_COUNT;
}

/* Every part as a whole, and every class in every part, is within one of its share. */
static void check_rows_exact(const Ask *a, size_t classes)
{
    const double shares[] = {a->plan.train, a->plan.valid, a->plan.test};
    size_t counts[8][PART_COUNT] = {0}, class_rows[8] = {0}, beyond = 0;
    for (size_t i = 0; i < a->table->rows; i++) {
        size_t c = (size_t)a->table->columns[1]->data.ints[i];
        counts[c][a->parts[i]]++;
        class_rows[c]++;
    }
    for (int p = 0; p < PART_COUNT; p++) {
        beyond += fabs((double)a->report.rows[p] - shares[p] * (double)a->table->rows) >= 1;
        for (size_t c = 0; c < classes; c++)
            beyond += fabs((double)counts[c][p] - shares[p] * (double)class_rows[c]) >= 1;
    }
    test_check(beyond == 0, __FILE__, __LINE__, "seed %llu, %zu rows, %zu classes: %zu counts are a row or more from the share",
               (unsigned long long)a->seed, a->table->rows, classes, beyond);
}

static const double share_cases[][3] = {{0.7, 0.15, 0.15}, {0.8, 0.1, 0.1}, {0.6, 0.2, 0.2}, {0.5, 0.25, 0.25},
                                        {0.8, 0.2, 0},     {0.75, 0, 0.25}, {1, 0, 0},       {0.34, 0.33, 0.33}};

static void exact_rows(void)
{
    TEST("stratified rows: exact in every class and part, for 100 seeds, class mixes and shares");
    uint8_t parts[ROWS_MOST];
    Error e = {0};
    for (uint64_t seed = 0; seed < 100; seed++) {
        Rng rng = rng_begin(rng_key(seed, "exact"));
        size_t rows = 3 + (size_t)rng_below(&rng, 200), classes = 1 + (size_t)rng_below(&rng, 7);
        Table *t = random_table(&rng, rows, rows, classes);
        for (size_t k = 0; k < sizeof share_cases / sizeof *share_cases; k++) {
            Ask a = {plan, {0}, t, "y", seed, parts, {0}};
            a.plan.train = share_cases[k][0], a.plan.valid = share_cases[k][1], a.plan.test = share_cases[k][2];
            CHECK_OK(ask_split(&a, &e), e);
            check_rows_exact(&a, classes);
            CHECK_INT(a.report.rows[0] + a.report.rows[1] + a.report.rows[2], rows);
            split_report_done(&a.report);
        }
        table_unref(t);
    }
}

static void check_units_exact(Ask *a, size_t units, size_t classes)
{
    const double shares[] = {a->plan.train, a->plan.valid, a->plan.test};
    double counts[8][PART_COUNT] = {0}, of_class[8] = {0}, ties = 0;
    for (size_t u = 0; u < units; u++) {
        int64_t c = unit_class(a->table, u, classes);
        if (c < 0) {
            ties++;
            continue;
        }
        counts[c][part_of_unit(a, u)]++;
        of_class[c]++;
    }
    for (int p = 0; p < PART_COUNT; p++) {
        CHECK(fabs((double)a->report.units[p] - shares[p] * (double)units) < 1);
        for (size_t c = 0; c < classes; c++)
            CHECK(fabs(counts[c][p] - shares[p] * of_class[c]) < 1 + ties);
    }
}

static void exact_units(void)
{
    TEST("groups and keys: whole in one part, and exact by the class of most of their rows");
    uint8_t parts[ROWS_MOST];
    Error e = {0};
    for (uint64_t seed = 0; seed < 100; seed++) {
        Rng rng = rng_begin(rng_key(seed, "units"));
        size_t units = 8 + (size_t)rng_below(&rng, 40), classes = 1 + (size_t)rng_below(&rng, 4);
        Table *t = random_table(&rng, units * 5, units, classes);
        for (int by = SPLIT_STRATIFIED; by <= SPLIT_GROUP; by++) {
            Ask a = {plan, {by == SPLIT_GROUP ? UNIT_GROUP : UNIT_KEY, "g", NULL, 0, NULL}, t, "y", seed, parts, {0}};
            a.plan.by = by;
            a.plan.column = "g";
            CHECK_OK(ask_split(&a, &e), e);
            CHECK_INT(a.report.shared, 0);
            CHECK_INT(a.report.distinct, units);
            if (by != SPLIT_RANDOM)
                check_units_exact(&a, units, classes);
            split_report_done(&a.report);
        }
        table_unref(t);
    }
}

/* The unit of no row is in two of: held out, watched, training; each unit is held out once. */
static void check_unit_folds(Ask *a, int folds, size_t units)
{
    Error e = {0};
    size_t held = 0, rows = 0, least = SIZE_MAX, most = 0;
    for (int f = 0; f < folds; f++) {
        CHECK_OK(ask_fold(a, folds, f, true, &e), e);
        CHECK_INT(a->report.shared, 0);
        CHECK(a->report.rows[PART_VALID] > 0 && a->report.rows[PART_TRAIN] > 0);
        held += a->report.units[PART_TEST];
        rows += a->report.rows[PART_TEST];
        least = a->report.units[PART_TEST] < least ? a->report.units[PART_TEST] : least;
        most = a->report.units[PART_TEST] > most ? a->report.units[PART_TEST] : most;
    }
    CHECK_INT(held, units);
    CHECK_INT(rows, a->table->rows);
    CHECK(most - least <= 1);
    split_report_done(&a->report);
}

static void unit_folds(void)
{
    TEST("folds: each unit is held out once, whole, and early stopping watches whole units");
    uint8_t parts[ROWS_MOST];
    for (uint64_t seed = 0; seed < 60; seed++) {
        Rng rng = rng_begin(rng_key(seed, "folds"));
        size_t units = 6 + (size_t)rng_below(&rng, 40), classes = 1 + (size_t)rng_below(&rng, 4);
        Table *t = random_table(&rng, units * 4, units, classes);
        Ask a = {plan, {UNIT_GROUP, "g", NULL, 0, NULL}, t, "y", seed, parts, {0}};
        check_unit_folds(&a, 2 + (int)rng_below(&rng, 4), units);
        a.unit = (Unit){0};
        check_unit_folds(&a, 5, t->rows);
        table_unref(t);
    }
}

static void few_units(void)
{
    TEST("few units: each part has one where that is exact; a part that stays empty is said");
    static const struct {
        size_t rows, counts[PART_COUNT];
    } cases[] = {{4, {2, 1, 1}}, {3, {2, 1, 0}}, {5, {3, 1, 1}}, {7, {5, 1, 1}}};
    uint8_t parts[8];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Error e = {0};
        TextList lines = {0};
        Rng rng = rng_begin(rng_key(k, "few"));
        Table *t = random_table(&rng, cases[k].rows, cases[k].rows, 1);
        Ask a = {plan, {0}, t, "y", 1, parts, {0}};
        CHECK_OK(ask_split(&a, &e), e);
        split_report_notes(&a.report, &lines);
        for (int p = 0; p < PART_COUNT; p++)
            CHECK_INT(a.report.rows[p], cases[k].counts[p]);
        CHECK_INT(lines.count, cases[k].counts[PART_TEST] == 0);
        CHECK(!lines.count || text_equal(lines.items[0], "the test part has no rows: 3 rows are too few for its share"));
        text_list_done(&lines);
        split_report_done(&a.report);
        table_unref(t);
    }
}

static void missing_units(void)
{
    TEST("a row without a group is a unit of its own, and counted; a column that is not there is named");
    Table *t = csv_table("g,y\na,1\n,0\n,1\na,0\nb,1\n,0\n");
    uint8_t parts[6];
    Error e = {0};
    Ask a = {plan, {UNIT_GROUP, "g", NULL, 0, NULL}, t, NULL, 3, parts, {0}};
    a.plan.by = SPLIT_GROUP, a.plan.column = "g";
    CHECK_OK(ask_split(&a, &e), e);
    CHECK_INT(a.report.alone, 3);
    CHECK_INT(a.report.distinct, 5);
    CHECK(parts[0] == parts[3]);
    a.unit.column = "gg";
    CHECK(!ask_split(&a, &e) && strstr(e.message, "group: no column \"gg\""));
    a.unit.column = "g", a.plan.train = 0.9;
    CHECK(!ask_split(&a, &e) && strstr(e.message, "split: train + valid + test is 1.2, must be 1"));
    CHECK(!ask_fold(&a, 6, 0, false, &e) && strstr(e.message, "6 folds need as many groups; there are 5"));
    table_unref(t);
}

static void from_source(void)
{
    TEST("a key that a step left out is found by row id; one that was renamed is named");
    Error e = {0};
    Table *t = csv_table("id,x\na,1\nb,2\na,3\nc,4\n");
    size_t rows[] = {3, 2, 0};
    int id = 0;
    Table *less = table_without(t, &id, 1, &e), *some = table_select(less, rows, 3, &e), *renamed = table_rename(t, 0, "ident", &e);
    Unit unit = {.kind = UNIT_KEY, .column = "id"};
    Table *columns = unit_columns(&unit, some, t, &e);
    CHECK_OK(columns != NULL, e);
    CHECK_TEXT(column_text(columns->columns[0], 0, NULL), "c");
    CHECK_TEXT(column_text(columns->columns[0], 1, NULL), "a");
    CHECK(!unit_columns(&unit, renamed, t, &e) && strstr(e.message, "\"id\" is called \"ident\""));
    CHECK(!unit_columns(&unit, some, NULL, &e));
    table_unref(columns);
    table_unref(renamed);
    table_unref(some);
    table_unref(less);
    table_unref(t);
}

static void tables(void)
{
    TEST("parts as tables, rows without a part in none");
    Table *t = csv_table("x\n0\n1\n2\n3\n4\n");
    static const uint8_t parts[] = {0, PART_COUNT + LEFT_TIME, 1, 2, 0};
    Error e = {0};
    Table *out[PART_COUNT];
    CHECK_OK(split_tables(t, parts, out, &e), e);
    CHECK(out[0]->rows == 2 && out[1]->rows == 1 && out[2]->rows == 1 && table_row_id(out[2], 0) == 3);
    for (int k = 0; k < PART_COUNT; k++)
        table_unref(out[k]);
    table_unref(t);
}

void unit_split(void)
{
    exact_rows();
    exact_units();
    unit_folds();
    few_units();
    missing_units();
    from_source();
    tables();
    Table *t = telco();
    if (!t)
        return;
    telco_parts(t);
    stability(t);
    table_unref(t);
}
