/* Order in time: cuts between distinct times, gaps, rows without a time, columns that are none, and folds that go forward. */
#include "base/rng.h"
#include "steps/split.h"
#include "table/reader.h"
#include "tests/unit/csv_help.h"

enum { ROWS_MOST = 400 };

typedef struct Ask {
    SplitPlan plan;
    Unit unit;
    const Table *table;
    uint8_t parts[ROWS_MOST];
    SplitReport report;
} Ask;

static Ask by_time(const Table *t, const char *column, double gap)
{
    return (Ask){
        .plan = {.by = SPLIT_TIME, .train = 0.6, .valid = 0.2, .test = 0.2, .seed = -1}, .unit = {UNIT_ROW, NULL, column, gap}, .table = t};
}

static bool ask(Ask *a, int folds, int fold, bool watched, Error *e)
{
    split_report_done(&a->report);
    a->plan.column = (char *)(uintptr_t)a->unit.order;
    Table *columns = unit_columns(&a->unit, a->table, NULL, e);
    FoldTask task = {{&a->plan, &a->unit, columns, NULL, 7, NULL, NULL}, folds, fold, watched};
    bool ok = columns && (folds ? split_fold(&task, a->parts, &a->report, e) : split_assign(&task.split, a->parts, &a->report, e));
    table_unref(columns);
    return ok;
}

/* One letter a row: t v s, and . for rows that are in no part. */
static void check_parts(Ask *a, const char *expected)
{
    char found[ROWS_MOST + 1] = "";
    for (size_t i = 0; i < a->table->rows; i++)
        found[i] = a->parts[i] < PART_COUNT ? "tvs"[a->parts[i]] : '.';
    CHECK_TEXT(found, expected);
}

/* As a file would be read, dates and all. */
static Table *read_csv(const char *csv)
{
    Error e = {0};
    Table *t = table_read_bytes(NULL, "csv", (const uint8_t *)csv, strlen(csv), NULL, &e);
    CHECK_OK(t != NULL, e);
    return t;
}

static void cuts(void)
{
    TEST("the past trains and the future tests, whatever the order of the rows; equal times stay together");
    static const struct {
        const char *csv, *parts;
    } cases[] = {
        {"when,x\n10,0\n1,0\n2,0\n9,0\n3,0\n4,0\n8,0\n5,0\n7,0\n6,0\n", "sttsttvtvt"},
        {"when,x\n1,0\n1,0\n1,0\n1,0\n2,0\n2,0\n2,0\n2,0\n3,0\n3,0\n", "ttttvvvvss"},
        {"when,x\n1,0\n1,0\n1,0\n1,0\n1,0\n1,0\n1,0\n1,0\n2,0\n3,0\n", "ttttttttvs"},
        {"when,x\n1,0\n2,0\n3,0\n3,0\n3,0\n3,0\n3,0\n3,0\n3,0\n3,0\n", "tvssssssss"},
        {"when,x\n1.5,0\n-0.5,0\n0.0,0\n-0.0,0\n2.5,0\n", "vtttsXXXXX"},
        {"when,x\n2024-01-05,0\n2024-01-01,0\n2024-01-02,0\n2024-01-03,0\n2024-01-04,0\n", "stttv"},
        {"when,x\n2024-01-01T10:00,0\n2024-01-01T09:00,0\n2024-01-01T08:00,0\n2024-01-01T12:00,0\n2024-01-01T11:00,0\n", "tttsv"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Error e = {0};
        Table *t = read_csv(cases[k].csv);
        Ask a = by_time(t, "when", 0);
        CHECK_OK(ask(&a, 0, 0, false, &e), e);
        char *expected = mem_strndup(cases[k].parts, t->rows);
        check_parts(&a, expected);
        mem_free(expected);
        split_report_done(&a.report);
        table_unref(t);
    }
}

static void gaps(void)
{
    TEST("rows within the gap before a later part are left out and counted, in the unit of the column");
    static const struct {
        const char *csv;
        double gap;
        const char *parts, *unit;
        size_t valid, test;
    } cases[] = {
        {"when\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 1, "ttttt.v.ss", "", 1, 1},
        {"when\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 0.5, "ttttttvvss", "", 0, 0},
        {"when\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", 1.9, "ttttt.v.ss", "", 1, 1},
        {"when\n2024-02-26\n2024-02-27\n2024-02-28\n2024-02-29\n2024-03-02\n", 1, "tt.vs", "days", 1, 0},
        {"when\n2024-02-26\n2024-02-27\n2024-02-28\n2024-03-01\n2024-03-05\n", 2, "tt.vs", "days", 1, 0},
        {"when\n2024-01-01T08:00\n2024-01-01T09:00\n2024-01-01T09:59\n2024-01-01T10:00\n2024-01-01T12:00\n", 60, "tt.vs", "seconds", 1, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Error e = {0};
        Table *t = read_csv(cases[k].csv);
        Ask a = by_time(t, "when", cases[k].gap);
        CHECK_OK(ask(&a, 0, 0, false, &e), e);
        check_parts(&a, cases[k].parts);
        CHECK_TEXT(a.report.gap_unit, cases[k].unit);
        CHECK_INT(a.report.left[LEFT_GAP_VALID], cases[k].valid);
        CHECK_INT(a.report.left[LEFT_GAP_TEST], cases[k].test);
        split_report_done(&a.report);
        table_unref(t);
    }
}

static void left_out(void)
{
    TEST("rows without a time are in no part, and counted; a key may stand on both sides, and is counted");
    Error e = {0};
    Table *t = csv_table("when,k\n1,a\n,a\n2,b\n3,a\n,c\n4,c\n5,b\n");
    Ask a = by_time(t, "when", 0);
    a.unit.kind = UNIT_KEY, a.unit.column = "k";
    CHECK_OK(ask(&a, 0, 0, false, &e), e);
    check_parts(&a, "t.tt.vs");
    CHECK_INT(a.report.left[LEFT_TIME], 2);
    CHECK_INT(a.report.shared, 1);
    CHECK_INT(a.report.distinct, 3);
    TextList notes = {0};
    split_report_notes(&a.report, &notes);
    CHECK_INT(notes.count, 3);
    CHECK_TEXT(notes.items[1], "1 of 3 values of the key k stand on both sides of a cut in time");
    CHECK_TEXT(notes.items[2], "2 rows without a time in when left out");
    text_list_done(&notes);
    split_report_done(&a.report);
    table_unref(t);
}

static void refusals(void)
{
    TEST("what is no order is refused, with what mends it");
    static const struct {
        const char *csv;
        double gap;
        const char *why;
    } cases[] = {
        {"when,y\n2024-01-01,1\n2024-01-02,1\n2024-01-03,1\nx,2\n", 0,
         "\"when\" is text; put cast { columns = { \"when\" }, to = \"date\" } before the split"},
        {"when,y\n2024-01-01T10:00,1\n2024-01-02T11:00,1\n?,2\n", 0, "to = \"time\" } before the split"},
        {"when,y\n1,1\n2,1\n3,1\nmany,2\n", 0, "to = \"real\" } before the split"},
        {"when,y\nmonday,1\ntuesday,2\n", 0, "text such as \"monday\"; cast { columns = { \"when\" }, to = \"time\" }"},
        {"when,y\ntrue,1\nfalse,2\n", 0, "\"when\" is bool; an order is a date, a time or a number"},
        {"when,y\n1,1\n1,2\n2,2\n", 0, "3 parts in time need as many distinct times; there are 2"},
        {"when,y\n,1\n,2\n", 0, "when"},
        {"when,y\n1,1\n2,2\n3,2\n4,2\n", 100, "gap = 100 leaves no row in the train part"},
        {"w,y\n1,1\n", 0, "time: no column \"when\""},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        Error e = {0};
        Table *t = csv_table(cases[k].csv);
        Ask a = by_time(t, "when", cases[k].gap);
        CHECK(!ask(&a, 0, 0, false, &e));
        test_check(strstr(e.message, cases[k].why) != NULL, __FILE__, __LINE__, "\"%s\" lacks \"%s\"", e.message, cases[k].why);
        split_report_done(&a.report);
        table_unref(t);
    }
}

static Table *random_times(uint64_t seed)
{
    Error e = {0};
    Rng rng = rng_begin(rng_key(seed, "times"));
    size_t rows = 60 + (size_t)rng_below(&rng, 300);
    Table *t = table_new(rows);
    Column *when = column_new(COLUMN_DATE, rows, &e);
    for (size_t i = 0; i < rows; i++) {
        when->data.ints[i] = 19000 + (int64_t)rng_below(&rng, 90);
        if (rng_below(&rng, 25) == 0)
            column_set_missing(when, i, &e);
    }
    table_add(t, "when", when, &e);
    return t;
}

/* Latest time of a part, or the earliest. */
static int64_t edge(const Ask *a, int part, bool latest)
{
    const Column *when = a->table->columns[0];
    int64_t found = latest ? INT64_MIN : INT64_MAX;
    for (size_t i = 0; i < a->table->rows; i++)
        if (a->parts[i] == part && (latest ? when->data.ints[i] > found : when->data.ints[i] < found))
            found = when->data.ints[i];
    return found;
}

static void check_order(Ask *a)
{
    CHECK(a->report.rows[PART_TRAIN] && a->report.rows[PART_VALID] && a->report.rows[PART_TEST]);
    CHECK((double)(edge(a, PART_VALID, false) - edge(a, PART_TRAIN, true)) > a->unit.gap);
    CHECK((double)(edge(a, PART_TEST, false) - edge(a, PART_VALID, true)) > a->unit.gap);
}

static void random_orders(void)
{
    TEST("over random tables: parts and folds never overlap in time, keep the gap, and judge each row once");
    for (uint64_t seed = 0; seed < 60; seed++) {
        Error e = {0};
        Table *t = random_times(seed);
        Ask a = by_time(t, "when", (double)(seed % 4));
        uint8_t judged[ROWS_MOST] = {0};
        int folds = 2 + (int)(seed % 4);
        size_t sum = 0;
        CHECK_OK(ask(&a, 0, 0, false, &e), e);
        check_order(&a);
        CHECK_INT(a.report.left[LEFT_TIME], t->columns[0]->missing);
        int64_t last = INT64_MIN;
        for (int f = 0; f < folds; f++) {
            CHECK_OK(ask(&a, folds, f, true, &e), e);
            check_order(&a);
            CHECK(edge(&a, PART_TEST, false) > last);
            last = edge(&a, PART_TEST, true);
            for (size_t i = 0; i < t->rows; i++)
                judged[i] = (uint8_t)(judged[i] + (a.parts[i] == PART_TEST));
            sum += a.report.rows[PART_TEST];
        }
        for (size_t i = 0; i < t->rows; i++)
            CHECK(judged[i] <= 1);
        size_t dated = t->rows - t->columns[0]->missing;
        CHECK_NEAR((double)sum, (double)(dated * (size_t)folds) / (folds + 1), 16);
        split_report_done(&a.report);
        table_unref(t);
    }
}

static void forward_folds(void)
{
    TEST("folds go forward: the first block is never judged, the latest past is watched, what is later is left out");
    Error e = {0};
    Table *t = csv_table("when\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n");
    Ask a = by_time(t, "when", 0);
    CHECK_OK(ask(&a, 3, 0, false, &e), e);
    check_parts(&a, "ttttssss........");
    CHECK_INT(a.report.left[LEFT_LATER], 8);
    CHECK_OK(ask(&a, 3, 2, false, &e), e);
    check_parts(&a, "ttttttttttttssss");
    CHECK_OK(ask(&a, 3, 1, true, &e), e);
    check_parts(&a, "tttttttvssss....");
    a.unit.gap = 1;
    CHECK_OK(ask(&a, 3, 2, true, &e), e);
    check_parts(&a, "ttttttttt.v.ssss");
    a.unit.gap = 4;
    CHECK(!ask(&a, 3, 0, false, &e) && strstr(e.message, "gap = 4 leaves nothing to learn from in the first fold"));
    CHECK(!ask(&a, 16, 0, false, &e) && strstr(e.message, "16 folds in time: 17 parts in time need as many distinct times; there are 16"));
    split_report_done(&a.report);
    table_unref(t);
}

void unit_split_time(void)
{
    cuts();
    gaps();
    left_out();
    refusals();
    random_orders();
    forward_folds();
}
