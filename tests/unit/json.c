/* Values and JSON. */
#include "base/json.h"
#include "base/io.h"
#include "base/utf8.h"
#include "tests/unit/test.h"

static void check_values(void)
{
    TEST("maps keep their order, replace and remove");
    Value *map = value_map();
    value_set(map, "b", value_int(1));
    value_set(map, "a", value_real(2.5));
    value_set(map, "b", value_text("x"));
    CHECK_INT(map->size, 2);
    CHECK_TEXT(map->keys[0], "b");
    CHECK_TEXT(value_get_text(map, "b", "?"), "x");
    CHECK_NEAR(value_get_real(map, "a", 0), 2.5, 0);
    CHECK(value_get_int(map, "a", 7) == 7 && value_get_flag(map, "none", true) && !value_get(map, "c") && !value_get(NULL, "c"));
    CHECK(value_remove(map, "b") && !value_remove(map, "b") && map->size == 1);
    CHECK_TEXT(map->keys[0], "a");
    value_free(map);

    TEST("equality: maps in any order, types apart, text with NUL");
    Value *a = value_map(), *b = value_map();
    value_set(a, "x", value_int(2));
    value_set(a, "y", value_bytes("p\0q", 3));
    value_set(b, "y", value_bytes("p\0q", 3));
    value_set(b, "x", value_int(2));
    CHECK(value_equal(a, b));
    Value *copy = value_copy(a);
    CHECK(value_equal(a, copy));
    value_set(b, "x", value_real(2));
    CHECK(!value_equal(a, b));
    value_set(copy, "y", value_bytes("p\0r", 3));
    CHECK(!value_equal(a, copy) && !value_equal(a, NULL) && value_equal(NULL, NULL));
    value_free(a);
    value_free(b);
    value_free(copy);
}

static void check_round_trip(void)
{
    TEST("what is read is written the same");
    const char *const texts[] = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9007199254740992",
        "-9007199254740992",
        "1.5",
        "3.0",
        "-0.0",
        "1e+20",
        "\"\"",
        "[]",
        "{}",
        "[1,[2,[3]]]",
        "{\"b\":1,\"a\":[true,null]}",
        "\"a\\\"b\\\\c\\n\\u0001\\u001b\\u007f\\u009b\"",
        "\"\xC3\xA9\xF0\x9F\x98\x80\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        Error e = {0};
        Value *v = json_parse(texts[i], strlen(texts[i]), &e);
        CHECK_OK(v != NULL, e);
        char *text = v ? json_format(v, JSON_COMPACT) : NULL;
        CHECK_TEXT(text, texts[i]);
        mem_free(text);
        value_free(v);
    }
}

static void check_forms(void)
{
    TEST("canonical and pretty forms; escapes are read");
    const char *text = " { \"b\" : [ 1 , 2 ] ,\n\"a\":{\"z\":[{}], \"y\":\"\\ud83d\\ude00\\/\"} }\n";
    Error e = {0};
    Value *v = json_parse(text, strlen(text), &e);
    CHECK_OK(v != NULL, e);
    char *canonical = json_format(v, JSON_CANONICAL), *pretty = json_format(v, JSON_PRETTY);
    CHECK_TEXT(canonical, "{\"a\":{\"y\":\"\xF0\x9F\x98\x80/\",\"z\":[{}]},\"b\":[1,2]}");
    CHECK_TEXT(pretty, "{\n  \"b\": [1, 2],\n  \"a\": {\n    \"z\": [\n      {}\n    ],\n    \"y\": \"\xF0\x9F\x98\x80/\"\n  }\n}");
    mem_free(canonical);
    mem_free(pretty);
    value_free(v);
    Text t = {0};
    json_write_text("a\xFF"
                    "b",
                    3, &t);
    CHECK_TEXT(text_get(&t), "\"a\xEF\xBF\xBD"
                             "b\"");
    text_done(&t);
    Value *special = value_list();
    value_add(special, value_real((double)NAN));
    value_add(special, value_real(-(double)INFINITY));
    char *written = json_format(special, JSON_COMPACT);
    CHECK_TEXT(written, "[\"nan\",\"-inf\"]");
    mem_free(written);
    value_free(special);
}

static void check_numbers(void)
{
    TEST("integers stay exact; what is larger is a real");
    Error e = {0};
    Value *v = json_parse("[9007199254740993,9223372036854775808,1e2,-0]", 45, &e);
    CHECK_OK(v != NULL, e);
    CHECK(v && v->items[0]->type == VALUE_INT && v->items[0]->integer == 9007199254740993);
    CHECK(v && v->items[1]->type == VALUE_REAL && v->items[1]->real == 9223372036854775808.0);
    CHECK(v && v->items[2]->type == VALUE_REAL && v->items[2]->real == 100);
    CHECK(v && v->items[3]->type == VALUE_REAL && signbit(v->items[3]->real));
    value_free(v);
}

static void check_refusals(void)
{
    struct {
        const char *text;
        long line, column;
    } const rows[] = {
        {"", 1, 1},
        {"  ", 1, 3},
        {"nul", 1, 1},
        {"[1,]", 1, 4},
        {"[1 2]", 1, 4},
        {"[", 1, 2},
        {"{\"a\" 1}", 1, 6},
        {"{a:1}", 1, 2},
        {"{\"a\":1,}", 1, 8},
        {"01", 1, 1},
        {"-", 1, 1},
        {"1.", 1, 1},
        {".5", 1, 1},
        {"+1", 1, 1},
        {"1e", 1, 1},
        {"1e999", 1, 1},
        {"\"a", 1, 1},
        {"\"a\nb\"", 1, 3},
        {"\"\\x\"", 1, 3},
        {"\"\\u12g4\"", 1, 6},
        {"\"\\ud800\"", 1, 4},
        {"\"\\udc00\"", 1, 4},
        {"\"\xFF\"", 1, 2},
        {"[1]\n x", 2, 2},
        {"{\"a\":1,\n\"a\":2}", 1, 1},
        {"{\"\\u0000\":1}", 1, 5},
        {"[\"a\\u0000b\"]", 1, 6},
        {"NaN", 1, 1},
        {"'a'", 1, 1},
        {"\xEF\xBB\xBF"
         "1",
         1, 1},
        {"[1]]", 1, 4},
        {"// x\n1", 1, 1},
        {"\"\\ud800\\u0041\"", 1, 4},
        {"tru", 1, 1},
    };
    TEST("what is not JSON is refused with its place");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        Error e = {0};
        Value *v = json_parse(rows[i].text, strlen(rows[i].text), &e);
        test_check(!v && e.line == rows[i].line && e.column == rows[i].column, __FILE__, __LINE__, "'%s': %ld:%ld %s", rows[i].text, e.line,
                   e.column, e.message);
        value_free(v);
    }
    TEST("depth is limited, size is not");
    char deep[4001];
    Error e = {0};
    memset(deep, '[', 2000);
    memset(deep + 2000, ']', 2000);
    CHECK(!json_parse(deep, 4000, &e));
    CHECK_TEXT(e.message, "JSON: nested deeper than 200 levels");
    Value *v = json_parse(deep + 1800, 400, &e);
    CHECK(v != NULL);
    value_free(v);
    CHECK(!json_parse("[1\0]", 4, &e));
}

static void check_large_integers(void)
{
    static const int64_t numbers[] = {INT64_MIN, -(INT64_C(1) << 53) - 1, -(INT64_C(1) << 53), 0, INT64_C(1) << 53, (INT64_C(1) << 53) + 1,
                                      INT64_MAX};
    TEST("integers beyond 2^53 travel as text and come back whole; other digits in text stay text");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        Error e = {0};
        Value *map = value_map();
        value_set(map, "n", value_int(numbers[i]));
        char *text = json_format(map, JSON_COMPACT);
        Value *back = json_parse(text, strlen(text), &e);
        CHECK_OK(back != NULL, e);
        CHECK((strchr(text + 4, '"') != NULL) == (numbers[i] > VALUE_EXACT_MOST || numbers[i] < -VALUE_EXACT_MOST));
        CHECK(value_get_int(back, "n", 1) == numbers[i]);
        value_free(back);
        mem_free(text);
        value_free(map);
    }
    Value *plain = value_map();
    value_set(plain, "n", value_text("12"));
    CHECK_INT(value_get_int(plain, "n", 1), 1);
    value_set(plain, "n", value_bytes("a\0b", 3));
    Error e = {0};
    CHECK(!json_can_hold(plain, &e) && strstr(e.message, "NUL"));
    value_free(plain);
}

/* What JSONTestSuite has: y_ must be read, n_ must not, i_ may; none may crash. Ours refuses a key twice and NUL besides. */
static void check_suite(void)
{
    TEST("the JSONTestSuite");
    const char *directory = test_data("json-edge/test_parsing");
    TextList names = {0};
    Error e = {0};
    if (!directory || !io_list(directory, &names, &e)) {
        test_skip("json-edge");
        return;
    }
    for (size_t i = 0; i < names.count; i++) {
        char *path = io_join(directory, names.items[i]), *bytes = NULL;
        size_t size = 0;
        CHECK_OK(io_read_file(path, 0, &bytes, &size, &e), e);
        Error refused = {0};
        Value *v = json_parse(bytes, size, &refused);
        bool narrower = strstr(refused.message, "same key twice") || strstr(refused.message, "u0000");
        if (names.items[i][0] != 'i')
            test_check((v != NULL) == (names.items[i][0] == 'y' && !narrower), __FILE__, __LINE__, "%s: %s", names.items[i],
                       refused.message);
        value_free(v);
        mem_free(bytes);
        mem_free(path);
    }
    CHECK(names.count > 300);
    text_list_done(&names);
}

static void check_shown(void)
{
    TEST("the form for people holds no code point that a terminal obeys or hides, and says the same");
    Error e = {0};
    for (uint32_t code = 1; code <= 0x10FFFF; code += code < 0x3000 || (code >= 0xE0000 && code < 0xE0200) ? 1 : 37) {
        char bytes[5] = {0};
        if (code >= 0xD800 && code < 0xE000)
            continue;
        bytes[utf8_encode(code, bytes)] = 0;
        Value *v = value_map();
        value_set(v, bytes, value_text(bytes));
        char *text = json_format(v, JSON_PRETTY);
        Text inert = {0};
        utf8_sanitize_lines(&inert, text, strlen(text));
        Value *back = json_parse(text, strlen(text), &e);
        test_check(text_equal(text_get(&inert), text) && back && value_equal(back, v), __FILE__, __LINE__, "U+%04X: %s", (unsigned)code,
                   text);
        value_free(back);
        value_free(v);
        mem_free(text);
        text_done(&inert);
    }
}

void unit_json(void)
{
    check_shown();
    check_large_integers();
    check_suite();
    check_values();
    check_round_trip();
    check_forms();
    check_numbers();
    check_refusals();
}
