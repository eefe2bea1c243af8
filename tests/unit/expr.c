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

/* Of Python: re, math, datetime.isocalendar and slices. */
static void more_functions(void)
{
    static const Case cases[] = {
        {"substring(name, 2)", "text:nn|.|bo b"},
        {"substring(name, -2)", "text:nn|.| b"},
        {"substring('äöü', 2, 1)", "text:ö|ö|ö"},
        {"substring('abc', 5)", "text:||"},
        {"substring('abc', -9, 2)", "text:ab|ab|ab"},
        {"substring('abc', 0)", "text:.|.|."},
        {"replace(name, 'b', '')", "text:Ann|.| o "},
        {"replace('aaa', 'aa', 'b')", "text:ba|ba|ba"},
        {"replace('abc', '', 'x')", "text:abc|abc|abc"},
        {"split_part('a, b,c', ',', 2)", "text: b| b| b"},
        {"split_part('a,b,c', ',', -1)", "text:c|c|c"},
        {"split_part('a,b', ',', 3)", "text:.|.|."},
        {"split_part('a', '', 1)", "text:a|a|a"},
        {"number(' 2.50 ') + number(tenure)", "real:3.5|.|9.5"},
        {"number('x')", "real:.|.|."},
        {"concat(text(tenure), '!')", "text:1!|.|7!"},
        {"matches(name, '^A')", "bool:true|.|false"},
        {"matches(name, '\\s\\w+\\s')", "bool:false|.|true"},
        {"matches('Ann', '(?i)ANN$')", "bool:true|true|true"},
        {"extract(name, '(\\w)\\w+')", "text:A|.|b"},
        {"extract(name, '(\\w)\\w+', 0)", "text:Ann|.|bo"},
        {"extract('k=v', '(\\w)=(\\w)', 2)", "text:v|v|v"},
        {"extract(name, 'z')", "text:.|.|."},
        {"replace_matches(name, '[aeiou]', '<\\0>')", "text:Ann|.| b<o> b"},
        {"round(sin(pi() / 6), 12)", "real:0.5|0.5|0.5"},
        {"round(2 + cos(pi()) + tan(pi() / 4), 12)", "real:2|2|2"},
        {"atan2(1, -1) / pi()", "real:0.75|0.75|0.75"},
        {"week(day) * 1000 + day_of_year(day)", "int:9060|52365|."},
        {"week(date('2021-01-03'))", "int:53|53|53"},
        {"week(date('2018-12-31'))", "int:1|1|1"},
        {"quarter(day)", "int:1|4|."},
        {"days_between(date('2024-01-01'), day)", "int:59|-1|."},
        {"days_between(date('2024-01-01'), parse_time('2024-01-02 12:00', 'ymd'))", "real:1.5|1.5|1.5"},
        {"add_days(day, -1.6)", "date:2024-02-27|2023-12-29|."},
        {"add_days(parse_time('2024-01-02 12:00', 'ymd'), 0.5)", "time:2024-01-03T00:00:00|2024-01-03T00:00:00|2024-01-03T00:00:00"},
        {"date_floor(day, 'quarter')", "date:2024-01-01|2023-10-01|."},
        {"date_floor(day, 'week')", "date:2024-02-26|2023-12-25|."},
        {"date_floor(parse_time('1969-12-31 23:59:59.5', 'ymd'), 'hour')",
         "time:1969-12-31T23:00:00|1969-12-31T23:00:00|1969-12-31T23:00:00"},
        {"minute(parse_time('1969-12-31 23:58:59', 'ymd')) * 100 + second(parse_time('1969-12-31 23:58:59', 'ymd'))", "int:5859|5859|5859"},
        {"parse_date('31/12/2024', 'dmy')", "date:2024-12-31|2024-12-31|2024-12-31"},
        {"parse_date('31/12/2024', 'mdy')", "date:.|.|."},
        {"parse_time(1709209845, 'epoch')", "time:2024-02-29T12:30:45|2024-02-29T12:30:45|2024-02-29T12:30:45"},
    };
    TEST("texts, patterns, angles and dates");
    check_cases(cases, sizeof cases / sizeof *cases);
}

static void refusals(void)
{
    static const Case cases[] = {
        {"", "error: character 1: the expression is empty"},
        {"pay / max(tenur, 1)", "error: character 11: unknown column \"tenur\"; did you mean \"tenure\"?"},
        {"1 +", "error: character 4: a value is missing at the end"},
        {"(1 + 2", "error: character 1: this \"(\" is not closed"},
        {"sqr(2)", "error: character 1: no function \"sqr\"; did you mean \"sqrt\"?"},
        {"abs(1, 2)", "error: character 1: abs takes 1 argument, not 2: abs(x)"},
        {"name > 3", "error: character 6: text and int cannot be compared"},
        {"day > '2024-01-01'", "error: character 5: date and text cannot be compared; date('2020-01-31') makes a date"},
        {"tenure == null", "error: is_missing(x) finds"},
        {"name + 'x'", "error: character 6: + adds numbers; concat"},
        {"log(name)", "error: character 1: log(x) needs numbers, found text"},
        {"tenure and true", "error: needs bool, found int"},
        {"1 < 2 < 3", "error: character 7: comparisons do not chain"},
        {"'abc", "error: character 1: this text has no closing '"},
        {"1 2", "error: character 3: expected an operator"},
        {"if(true, 1, 'x')", "error: character 1: if(condition, a, b) mixes int and text"},
        {"tenure in 3", "error: character 11: expected \"{\""},
        {"3 # 4", "error: character 3: expected an operator"},
        {"concat('\u00e9\u20ac', ) + 1", "error: character 14: expected a number, a text or a column, found \")\""},
        {"'\u00e9' == name and \u20ac", "error: character 17: unknown column \"\u20ac\"; texts stand in quotes"},
        {"$x", "error: character 1: expected a number, a text or a column, found \"$\""},
        {"12abc", "error: a number runs into a name"},
        {"date('hello')", "error: needs yyyy-mm-dd"},
        {"pay > 1 and matches(name, '(a')", "error: character 27: pattern \"(a\": character 1: this ( is not closed"},
        {"matches(name, name)", "error: character 15: matches(text, 'pattern') needs its pattern in quotes"},
        {"extract(name, '(a)', 2)", "error: the group is a number from 0, the whole match, to 1"},
        {"replace_matches(name, '(a)', '\\2')", "error: \"with\" names group \\2, but the pattern has 1"},
        {"pi(1)", "error: character 1: pi takes 0 arguments, not 1"},
        {"substring(name)", "error: substring takes 2 to 3 arguments, not 1"},
        {"substring(name, 1.5)", "error: needs a whole number as argument 2, found real"},
        {"date_floor(day, 'hour')", "error: a date has no hour"},
        {"date_floor(day, 'fortnight')", "error: \"fortnight\" is no unit"},
        {"parse_date(name, 'dym')", "error: \"dym\" is no order"},
        {"week(name)", "error: week(date) needs a date or a time, found text"},
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
    TEST("help of derive names every function, and help explains it");
    const char *const *notes = step_find("derive")->spec.notes;
    Text all = {0}, one = {0};
    expr_help(&all);
    for (size_t i = 0; expr_function_name(NULL, i); i++) {
        const char *name = expr_function_name(NULL, i);
        bool known = strstr(notes[1], name) && strstr(text_get(&all), name) && expr_help_one(name, &one);
        test_check(known, __FILE__, __LINE__, "%s", name);
    }
    CHECK(!expr_help_one("sqr", &one));
    text_done(&all);
    text_done(&one);
}

void unit_expr(void)
{
    listed();
    values();
    more_functions();
    refusals();
    depth();
    filters();
}
