/* Selectors, sorting, searching. */
#include "table/query.h"

#include "tests/unit/test.h"

static Table *sample(void)
{
    static const char *const names[] = {"id", "x", "y", "plan", "text"};
    static const ColumnType types[] = {COLUMN_INT, COLUMN_INT, COLUMN_REAL, COLUMN_TEXT, COLUMN_BOOL};
    static const char *const plans[] = {"b", "Alpha", "b", "a"};
    Error e = {0};
    Table *t = table_new(4);
    for (size_t i = 0; i < 5; i++) {
        Column *c = column_new(types[i], 4, &e);
        for (size_t k = 0; k < 4; k++) {
            if (types[i] == COLUMN_INT)
                c->data.ints[k] = (int64_t)(i ? 3 - k : k);
            if (types[i] == COLUMN_TEXT)
                column_set_text(c, k, plans[k], strlen(plans[k]), NULL);
        }
        if (types[i] == COLUMN_REAL) {
            c->data.reals[0] = 2, c->data.reals[1] = -1, c->data.reals[3] = -0.5;
            column_set_missing(c, 2, &e);
        }
        CHECK_OK(table_add(t, names[i], c, &e), e);
    }
    return t;
}

static char *selected(const Table *t, const char *words)
{
    TextList list = {0};
    Text out = {0};
    Roles roles = {.target = "plan", .key = "id"};
    Error e = {0};
    int *columns = NULL;
    size_t count = 0;
    for (char *copy = mem_strdup(words), *p = copy, *next; p; p = next) {
        next = strchr(p, ' ');
        if (next)
            *next++ = 0;
        text_list_add(&list, p);
        if (!next)
            mem_free(copy);
    }
    if (!select_columns(t, &list, &roles, &columns, &count, &e))
        text_addf(&out, "error: %s", e.message);
    for (size_t i = 0; i < count; i++)
        text_addf(&out, "%s%s", i ? " " : "", t->names[columns[i]]);
    mem_free(columns);
    text_list_done(&list);
    return text_take(&out);
}

static void selectors(void)
{
    static const char *const cases[][2] = {
        {"all", "x y text"}, {"numeric", "x y"},   {"id plan", "id plan"},    {"y x y", "y x"},
        {"text", "text"},    {"/^[xy]$/ !x", "y"}, {"!x", "y text"},          {"numeric !/y/", "x"},
        {"bool", "text"},    {"plam", "error: "},  {"/(/", "error: pattern"},
    };
    TEST("names, keywords, patterns, exclusions; roles stay out unless named");
    Table *t = sample();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *is = selected(t, cases[i][0]);
        bool same = text_starts(cases[i][1], "error") ? text_starts(is, cases[i][1]) : text_equal(is, cases[i][1]);
        test_check(same, __FILE__, __LINE__, "%s is %s, expected %s", cases[i][0], is, cases[i][1]);
        mem_free(is);
    }
    table_unref(t);
}

static void sorting(void)
{
    static const struct {
        int column;
        bool descending;
        size_t rows[4];
    } cases[] = {
        {1, false, {3, 2, 1, 0}}, {2, false, {1, 3, 0, 2}}, {2, true, {0, 3, 1, 2}}, {3, false, {1, 3, 0, 2}}, {3, true, {0, 2, 3, 1}}};
    TEST("sorting is stable and puts missing cells last");
    Table *t = sample();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t rows[4];
        Error e = {0};
        CHECK_OK(query_sort(t, cases[i].column, cases[i].descending, rows, &e), e);
        test_check(memcmp(rows, cases[i].rows, sizeof rows) == 0, __FILE__, __LINE__, "case %zu: %zu %zu %zu %zu", i, rows[0], rows[1],
                   rows[2], rows[3]);
    }
    table_unref(t);
}

static void searching(void)
{
    TEST("search goes both ways; small letters match capitals");
    Table *t = sample();
    int column = -1;
    CHECK_INT(query_search(t, "alp", (QueryWalk){0}, &column), 1);
    CHECK_INT(column, 3);
    CHECK_INT(query_search(t, "b", (QueryWalk){.from = 1}, &column), 2);
    CHECK_INT(query_search(t, "b", (QueryWalk){.from = 1, .backward = true}, &column), 0);
    CHECK(query_search(t, "B", (QueryWalk){0}, &column) == SIZE_MAX);
    CHECK_INT(query_search(t, "-0.5", (QueryWalk){0}, &column), 3);
    CHECK_INT(column, 2);
    table_unref(t);
}

void unit_query(void)
{
    selectors();
    sorting();
    searching();
}
