/* Columns, dictionaries, tables and the calendar. */
#include "table/table.h"

#include "base/mem.h"
#include "table/calendar.h"
#include "tests/unit/test.h"

static Column *ints(size_t rows, const int64_t *values)
{
    Column *c = column_new(COLUMN_INT, rows, NULL);
    memcpy(c->data.ints, values, rows * sizeof *values);
    return c;
}

static Column *texts(size_t rows, const char *const *values)
{
    Column *c = column_new(COLUMN_TEXT, rows, NULL);
    for (size_t i = 0; i < rows; i++) {
        if (values[i])
            column_set_text(c, i, values[i], strlen(values[i]), NULL);
        else
            column_set_missing(c, i, NULL);
    }
    return c;
}

static Table *sample(void)
{
    Table *t = table_new(4);
    table_add(t, "age", ints(4, (int64_t[]){31, 47, INT64_MIN, INT64_MAX}), NULL);
    table_add(t, "city", texts(4, (const char *[]){"Graz", NULL, "Linz", "Graz"}), NULL);
    return t;
}

static void dictionaries(void)
{
    TEST("dictionary: codes in order of first appearance, also with NUL and empty text");
    Dictionary *d = dictionary_new();
    CHECK_INT(dictionary_add(d, "b", 1), 0);
    CHECK_INT(dictionary_add(d, "", 0), 1);
    CHECK_INT(dictionary_add(d, "b\0c", 3), 2);
    CHECK_INT(dictionary_add(d, "b", 1), 0);
    CHECK_INT(dictionary_find(d, "b\0d", 3), UINT32_MAX);
    char key[32];
    for (int i = 0; i < 20000; i++)
        dictionary_add(d, key, (size_t)snprintf(key, sizeof key, "customer-%d", i));
    CHECK_INT(dictionary_count(d), 20003);
    size_t size;
    CHECK_TEXT(dictionary_get(d, 3 + 12345, &size), "customer-12345");
    CHECK_INT(size, 14);
    CHECK_INT(dictionary_find(d, "customer-19999", 14), 20002);
    dictionary_unref(d);
}

static void cells(void)
{
    TEST("column: missing cells are counted once and can become valid again");
    Column *c = ints(100, (int64_t[100]){1});
    column_set_missing(c, 70, NULL);
    column_set_missing(c, 70, NULL);
    CHECK_INT(c->missing, 1);
    CHECK(!column_is_valid(c, 70) && column_is_valid(c, 69) && column_is_valid(c, 71));
    CHECK(isnan(column_real(c, 70)));
    Column *copy = column_copy(c, NULL);
    column_set_valid(copy, 70);
    CHECK_INT(copy->missing, 0);
    CHECK(copy->valid == NULL && !column_equal(c, copy));
    column_unref(copy);
    column_unref(c);

    TEST("column: a copy may add texts to a dictionary of its own");
    Column *a = texts(2, (const char *[]){"x", "y"});
    Column *b = column_copy(a, NULL);
    CHECK(b->dictionary == a->dictionary);
    CHECK(column_own_dictionary(b, NULL));
    column_set_text(b, 1, "z", 1, NULL);
    CHECK_TEXT(column_text(a, 1, NULL), "y");
    CHECK_TEXT(column_text(b, 1, NULL), "z");
    CHECK_INT(dictionary_count(a->dictionary), 2);
    column_unref(a);
    column_unref(b);
}

static void formats(void)
{
    TEST("column: cells as the text of a CSV");
    static const struct {
        ColumnType type;
        int64_t number;
        double real;
        const char *text;
    } cases[] = {
        {COLUMN_INT, INT64_MIN, 0, "-9223372036854775808"},
        {COLUMN_REAL, 0, 0.1, "0.1"},
        {COLUMN_BOOL, 1, 0, "true"},
        {COLUMN_DATE, 0, 0, "1970-01-01"},
        {COLUMN_DATE, 19782, 0, "2024-02-29"},
        {COLUMN_DATE, -1, 0, "1969-12-31"},
        {COLUMN_TIME, -1, 0, "1969-12-31T23:59:59.999999"},
        {COLUMN_TIME, 1500000, 0, "1970-01-01T00:00:01.5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Column *c = column_new(cases[i].type, 1, NULL);
        if (c->type == COLUMN_REAL)
            c->data.reals[0] = cases[i].real;
        else if (c->type == COLUMN_BOOL)
            c->data.flags[0] = 1;
        else
            c->data.ints[0] = cases[i].number;
        Text out = {0};
        column_format(c, 0, &out);
        CHECK_TEXT(text_get(&out), cases[i].text);
        text_done(&out);
        column_unref(c);
    }
}

static void calendar(void)
{
    TEST("calendar: every day of 800 years comes back, weekdays run on");
    bool same = true;
    for (int64_t day = -146097; day <= 146097; day++) {
        CalendarDate d = calendar_date(day);
        same &= calendar_days(d.year, d.month, d.day) == day;
    }
    CHECK(same);
    CHECK_INT(calendar_weekday(0), 4);
    CHECK_INT(calendar_weekday(-4), 7);

    TEST("calendar: ISO dates and times, and what is none");
    static const struct {
        const char *text;
        int64_t value;
        bool ok;
    } times[] = {
        {"1970-01-01T00:00", 0, true},
        {"1970-01-01 00:00:01.25", 1250000, true},
        {"1970-01-01T02:00:00+02:00", 0, true},
        {"1970-01-01T00:00:00Z", 0, true},
        {"2024-02-29T23:59:59-0130", INT64_C(1709256599000000), true},
        {"2023-02-29T00:00:00", 0, false},
        {"1970-01-01T24:00", 0, false},
        {"1970-01-01T00:00:00.", 0, false},
        {"1970-01-01T00:00:00.1234567", 0, false},
        {"1970-01-01T00:00:0", 0, false},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t value = 0;
        CHECK_INT(calendar_parse_time(times[i].text, strlen(times[i].text), &value), times[i].ok);
        if (times[i].ok)
            CHECK_INT(value, times[i].value);
    }
    int64_t day;
    CHECK(!calendar_parse_date("2024-13-01", 10, &day));
    CHECK(!calendar_parse_date("2024-1-01", 9, &day));
    CHECK(calendar_parse_date("2000-02-29", 10, &day) && day == 11016);
}

static void edits(void)
{
    Error e = {0};
    TEST("table: a name twice, a wrong length and an unknown name are refused");
    Table *t = sample();
    CHECK(!table_add(t, "age", ints(4, (int64_t[4]){0}), &e));
    CHECK(strstr(e.message, "already"));
    CHECK(!table_with(t, "b", ints(3, (int64_t[3]){0}), &e));
    CHECK(strstr(e.message, "3 rows"));
    CHECK_INT(table_get(t, "citty", &e), TABLE_NONE);
    CHECK(strstr(e.message, "did you mean \"city\""));

    TEST("table: edits share what they did not touch and leave the old table alone");
    char before[HASH_ROOM], after[HASH_ROOM];
    table_hash(t, before);
    Table *with = table_with(t, "age", ints(4, (int64_t[]){1, 2, 3, 4}), &e);
    CHECK(with->columns[1] == t->columns[1] && with->columns[0] != t->columns[0]);
    Table *renamed = table_rename(with, 0, "years", &e);
    CHECK_TEXT(renamed->names[0], "years");
    CHECK(!table_rename(with, 0, "city", &e));
    Table *dropped = table_without(t, (int[]){0}, 1, &e);
    CHECK_INT(dropped->columns_count, 1);
    CHECK_TEXT(dropped->names[0], "city");
    Table *picked = table_pick(t, (int[]){1, 0}, 2, &e);
    CHECK_TEXT(picked->names[1], "age");
    table_hash(t, after);
    CHECK_TEXT(after, before);
    table_unref(with);
    table_unref(renamed);
    table_unref(dropped);
    table_unref(picked);
    table_unref(t);
}

static void selections(void)
{
    TEST("table: row ids follow rows through selections");
    Table *t = sample();
    Table *a = table_select(t, (size_t[]){3, 1, 1}, 3, NULL);
    Table *b = table_select(a, (size_t[]){2, 0}, 2, NULL);
    CHECK_INT(table_row_id(b, 0), 1);
    CHECK_INT(table_row_id(b, 1), 3);
    CHECK(!column_is_valid(b->columns[1], 0));
    CHECK_TEXT(column_text(b->columns[1], 1, NULL), "Graz");
    Table *none = table_select(t, NULL, 0, NULL);
    CHECK_INT(none->rows, 0);
    Table *head = table_head(t, 2, NULL);
    CHECK_INT(head->rows, 2);
    table_unref(head);
    table_unref(none);
    table_unref(b);
    table_unref(a);
    table_unref(t);
}

static void hashes(void)
{
    TEST("table: the hash is of values, not of dictionary codes nor row ids");
    char one[HASH_ROOM], two[HASH_ROOM];
    Table *t = sample();
    Table *back = table_select(t, (size_t[]){2, 3, 1, 0}, 4, NULL);
    Table *again = table_select(back, (size_t[]){3, 2, 0, 1}, 4, NULL);
    Table *fresh = table_new(4);
    table_add(fresh, "age", column_ref(t->columns[0]), NULL);
    table_add(fresh, "city", texts(4, (const char *[]){"Graz", NULL, "Linz", "Graz"}), NULL);
    table_hash(again, one);
    table_hash(fresh, two);
    CHECK_TEXT(one, two);
    CHECK(table_equal(again, fresh));
    table_hash(back, one);
    CHECK(strcmp(one, two) != 0);
    CHECK(!table_equal(back, fresh));
    table_unref(t);
    table_unref(back);
    table_unref(again);
    table_unref(fresh);
}

void unit_table(void)
{
    dictionaries();
    cells();
    formats();
    calendar();
    edits();
    selections();
    hashes();
}
