/* Expressions: values, types, missing cells, and a place in every error. */
#include "table/expr.h"

#include "steps/step.h"
#include "table/expr_nodes.h"
#include "tests/unit/test.h"

/* tenure int 1 . 7, pay real 2.5 0.0 ., name text Ann . "bo b", day date 2024-02-29 2023-12-31 ., vip bool 1 0 . */
static Table *sample(void)
{
    Error e = {0};
    Table *t = table_new(3);
    Column *tenure = column_new(COLUMN_INT, 3, &e), *pay = column_new(COLUMN_REAL, 3, &e), *name = column_new(COLUMN_TEXT, 3, &e);
    Column *day = column_new(COLUMN_DATE, 3, &e), *vip = column_new(COLUMN_BOOL, 3, &e);
    tenure->data.ints[0] = 1, tenure->data.ints[2] = 7;
    column_set_missing(tenure, 1, &e);
    pay->data.reals[0] = 2.5;
    column_set_missing(pay, 2, &e);
    column_set_text(name, 0, "Ann", 3, NULL);
    column_set_missing(name, 1, &e);
    column_set_text(name, 2, " bo b", 5, NULL);
    day->data.ints[0] = 19782, day->data.ints[1] = 19722;
    column_set_missing(day, 2, &e);
    vip->data.flags[0] = 1;
    column_set_missing(vip, 2, &e);
    CHECK_OK(table_add(t, "tenure", tenure, &e) && table_add(t, "pay", pay, &e) && table_add(t, "name", name, &e) &&
                 table_add(t, "day", day, &e) && table_add(t, "is vip", vip, &e),
             e);
    return t;
}

static char *evaluate(const Table *t, const char *text)
{
    Error e = {0};
    Text out = {0};
    Expr *x = expr_parse(text, &e);
    Column *c = x ? expr_eval(x, t, &e) : NULL;
    if (c)
        text_addf(&out, "%s:", column_type_name(c->type));
    for (size_t i = 0; c && i < c->rows; i++) {
        text_add(&out, i ? "|" : "");
        if (column_is_valid(c, i))
            column_format(c, i, &out);
        else
            text_add_char(&out, '.');
    }
    if (!c)
        text_addf(&out, "error: %s", e.message);
    column_unref(c);
    expr_free(x);
    return text_take(&out);
}

typedef struct Case {
    const char *text, *gives;
} Case;

static void check_cases(const Case *cases, size_t count)
{
    Table *t = sample();
    for (size_t i = 0; i < count; i++) {
        char *is = evaluate(t, cases[i].text);
        bool same = text_starts(cases[i].gives, "error") ? strstr(is, cases[i].gives + 7) != NULL : text_equal(is, cases[i].gives);
        test_check(same, __FILE__, __LINE__, "%s\n  is       %s\n  expected %s", cases[i].text, is, cases[i].gives);
        mem_free(is);
    }
    table_unref(t);
}

static void values(void)
{
    static const Case cases[] = {
        {"1 + 2 * 3", "int:7|7|7"},
        {"(1 + 2) * 3 - -1", "int:10|10|10"},
        {"2 ^ 3 ^ 2", "real:512|512|512"},
        {"-2 ^ 2", "real:-4|-4|-4"},
        {"7 / 2", "real:3.5|3.5|3.5"},
        {"-7 % 3", "int:2|2|2"},
        {"7 % 0", "int:.|.|."},
        {"tenure * 2", "int:2|.|14"},
        {"tenure / pay", "real:0.4|.|."},
        {"pay + tenure", "real:3.5|.|."},
        {"1 / pay", "real:0.4|.|."},
        {"log(pay)", "real:0.9162907318741551|.|."},
        {"9223372036854775807 + tenure", "int:.|.|."},
        {"floor(pay)", "int:2|0|."},
        {"round(2.345, 2)", "real:2.35|2.35|2.35"},
        {"round(-2.5)", "int:-3|-3|-3"},
        {"abs(-3)", "int:3|3|3"},
        {"max(tenure, 5)", "int:5|.|7"},
        {"min(tenure, pay, 0.5)", "real:0.5|.|."},
        {"clip(tenure, 2, 6)", "int:2|.|6"},
        {"coalesce(tenure, 0)", "int:1|0|7"},
        {"coalesce(tenure, pay, 0)", "real:1|0|7"},
        {"if(is_missing(tenure), null, 1)", "int:1|.|1"},
        {"if(`is vip`, 'y', \"n\")", "text:y|n|."},
        {"tenure > 3", "bool:false|.|true"},
        {"tenure = 1 or `is vip`", "bool:true|.|."},
        {"`is vip` and tenure > 3", "bool:false|false|."},
        {"not `is vip`", "bool:false|true|."},
        {"name == 'Ann'", "bool:true|.|false"},
        {"name < 'B'", "bool:true|.|true"},
        {"'Ann' = name", "bool:true|.|false"},
        {"tenure in {1, 2}", "bool:true|.|false"},
        {"name in {'x', 'Ann'}", "bool:true|.|false"},
        {"not tenure in {1}", "bool:false|.|true"},
        {"length(trim(name))", "int:3|.|4"},
        {"upper(name)", "text:ANN|.| BO B"},
        {"contains(name, 'o')", "bool:false|.|true"},
        {"concat(name, '-', tenure)", "text:Ann-1|.| bo b-7"},
        {"'it''s' == 'it\\'s'", "bool:true|true|true"},
        {"year(day) * 100 + month(day)", "int:202402|202312|."},
        {"day(day) + weekday(day) / 10", "real:29.4|31.7|."},
        {"day - date('2024-01-01')", "int:59|-1|."},
        {"day + 1", "date:2024-03-01|2024-01-01|."},
        {"day >= date('2024-01-01')", "bool:true|false|."},
        {"1e-3 + .5", "real:0.501|0.501|0.501"},
    };
    TEST("values, types and missing cells");
    check_cases(cases, sizeof cases / sizeof *cases);
}

static void refusals(void)
{
    static const Case cases[] = {
        {"", "error: column 1: the expression is empty"},
        {"pay / max(tenur, 1)", "error: column 11: unknown column \"tenur\"; did you mean \"tenure\"?"},
        {"1 +", "error: column 4: a value is missing at the end"},
        {"(1 + 2", "error: column 1: this \"(\" is not closed"},
        {"sqr(2)", "error: column 1: no function \"sqr\"; did you mean \"sqrt\"?"},
        {"abs(1, 2)", "error: column 1: abs takes 1 argument, not 2: abs(x)"},
        {"name > 3", "error: column 6: text and int cannot be compared"},
        {"day > '2024-01-01'", "error: column 5: date and text cannot be compared; date('2020-01-31') makes a date"},
        {"tenure == null", "error: is_missing(x) finds"},
        {"name + 'x'", "error: column 6: + adds numbers; concat"},
        {"log(name)", "error: column 1: log(x) needs numbers, found text"},
        {"tenure and true", "error: needs bool, found int"},
        {"1 < 2 < 3", "error: column 7: comparisons do not chain"},
        {"'abc", "error: column 1: this text has no closing '"},
        {"1 2", "error: column 3: expected an operator"},
        {"if(true, 1, 'x')", "error: column 1: if(condition, a, b) mixes int and text"},
        {"tenure in 3", "error: column 11: expected \"{\""},
        {"3 # 4", "error: column 3: expected an operator"},
        {"$x", "error: column 1: expected a number, a text or a column, found \"$\""},
        {"12abc", "error: a number runs into a name"},
        {"date('hello')", "error: needs yyyy-mm-dd"},
    };
    TEST("errors name the place and the remedy");
    check_cases(cases, sizeof cases / sizeof *cases);
}

static void depth(void)
{
    TEST("nesting has a limit, and long chains too");
    Text deep = {0}, chain = {0};
    Error e = {0};
    for (int i = 0; i < 100000; i++) {
        text_add_char(&deep, '(');
        text_add(&chain, "1+");
    }
    text_add_char(&chain, '1');
    CHECK(!expr_parse(text_get(&deep), &e) && strstr(e.message, "nested deeper"));
    CHECK(!expr_parse(text_get(&chain), &e) && strstr(e.message, "too long a chain"));
    text_done(&deep);
    text_done(&chain);
}

static void filters(void)
{
    TEST("a filter keeps rows where the condition is true, not where it is unknown");
    Table *t = sample();
    size_t *rows = NULL, count = 0;
    Error e = {0};
    CHECK_OK(expr_filter("tenure > 0", t, &rows, &count, &e), e);
    CHECK_INT(count, 2);
    CHECK(count == 2 && rows[0] == 0 && rows[1] == 2);
    mem_free(rows);
    CHECK(!expr_filter("tenure", t, &rows, &count, &e) && strstr(e.message, "gives int, not true or false"));
    table_unref(t);
}

static void listed(void)
{
    TEST("help of derive names every function");
    const char *const *notes = step_find("derive")->spec.notes;
    for (size_t i = 0; expr_function_name(NULL, i); i++)
        test_check(strstr(notes[1], expr_function_name(NULL, i)) != NULL, __FILE__, __LINE__, "%s", expr_function_name(NULL, i));
}

void unit_expr(void)
{
    listed();
    values();
    refusals();
    depth();
    filters();
}
