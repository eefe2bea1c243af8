/* Regular expressions: where Python's re finds what (3.11; the spans below are its own, in bytes), refusals with their place, and texts
 * that make a searching machine go back and forth. */
#include <string.h>

#include "table/pattern.h"
#include "tests/unit/test.h"

typedef struct Case {
    const char *pattern, *text, *gives;
} Case;

/* "0-3 1-2 .": the match and its groups; "none". */
static char *find(const char *pattern, const char *text)
{
    Error e = {0};
    Text out = {0};
    PatternSpan spans[1 + PATTERN_GROUPS_MOST];
    Pattern *p = pattern_new(pattern, false, &e);
    bool found = p && pattern_find(p, text, strlen(text), 0, spans);
    for (size_t i = 0; found && i <= pattern_groups(p); i++) {
        text_add(&out, i ? " " : "");
        if (spans[i].from == SIZE_MAX)
            text_add(&out, ".");
        else
            text_addf(&out, "%zu-%zu", spans[i].from, spans[i].to);
    }
    if (p && !found)
        text_add(&out, "none");
    if (p)
        CHECK(pattern_find(p, text, strlen(text), 0, NULL) == found);
    else
        text_addf(&out, "%s", e.message);
    pattern_free(p);
    return text_take(&out);
}

static void found(void)
{
    static const Case cases[] = {
        {"a*b", "caab", "1-4"},
        {"(a|ab)(c|bcd)(d*)", "abcd", "0-4 0-1 1-4 4-4"},
        {"a+?", "aaa", "0-1"},
        {"^(\\w+)@(\\w+)\\.com$", "ann@mail.com", "0-12 0-3 4-8"},
        {"[^0-9]+", "12ab34", "2-4"},
        {"x{2,3}", "xxxx", "0-3"},
        {"a{2,", "a{2,", "0-4"},
        {"x{,2}y", "xxxy", "1-4"},
        {"(?:ab)+", "xababy", "1-5"},
        {"\\bcat\\b", "a cat sat", "2-5"},
        {"\\Bat", "cat", "1-3"},
        {"colou?r", "the color", "4-9"},
        {"^$", "", "0-0"},
        {"[]a]+", "]a]b", "0-3"},
        {"[a\\]]+", "]a", "0-2"},
        {"a{,2}", "a{,2}", "0-1"},
        {"a.c", "aäc", "0-4"},
        {"^.{3}$", "äöü", "0-6"},
        {"(?i)STRASSE", "strasse", "0-7"},
        {"(a)|(b)", "b", "0-1 . 0-1"},
        {"(\\d{4})-(\\d\\d)", "on 2024-02-29", "3-10 3-7 8-10"},
        {"[a-c]+$", "abcdabc", "4-7"},
        {"", "abc", "0-0"},
        {"b*", "abb", "0-0"},
        {"(a+)(b+)?", "aac", "0-2 0-2 ."},
        {"[+-]?\\d+(?:\\.\\d+)?", "t -3.5 C", "2-6"},
        {"\\$", "5$", "1-2"},
        {"\\s+", "a \t b", "1-4"},
        {"[^\\s]+", " ab ", "1-3"},
        {"x|", "ax", "0-0"},
        {"(a|b)*c", "ababc", "0-5 3-4"},
        {"\\S\\D\\W", "a1b-", "1-4"},
        {"a{2}", "aaa", "0-2"},
        {"a{2,}?", "aaaa", "0-2"},
    };
    TEST("patterns find what Python's re finds");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *is = find(cases[i].pattern, cases[i].text);
        test_check(text_equal(is, cases[i].gives), __FILE__, __LINE__, "%s in \"%s\" is at %s, expected %s", cases[i].pattern,
                   cases[i].text, is, cases[i].gives);
        mem_free(is);
    }
}

static void classes(void)
{
    static const Case cases[] = {
        {"[[:alpha:]_]+", "1ab_2", "1-4"}, {"[^[:space:]]+$", "a bc", "2-4"}, {"[[:punct:]]", "a~b", "1-2"}, {"a.b", "a\nb", "0-3"},
        {"[\\W\\d]+", "ab3-c", "2-4"},     {"\xff", "a\xff", "1-2"},
    };
    TEST("named classes hold ASCII only, a dot takes every character");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *is = find(cases[i].pattern, cases[i].text);
        test_check(text_equal(is, cases[i].gives), __FILE__, __LINE__, "%s: %s", cases[i].pattern, is);
        mem_free(is);
    }
}

static void replaced(void)
{
    static const struct {
        const char *pattern, *text, *with, *gives;
    } cases[] = {
        {"a*", "baac", "-", "-b--c-"},
        {"(\\w+) (\\w+)", "one two three four", "\\2 \\1", "two one four three"},
        {"\\d+", "a1b22", "#", "a#b#"},
        {"x", "abc", "-", "abc"},
        {"", "ab", "-", "-a-b-"},
        {"ä", "ääb", "ae", "aeaeb"},
        {"(a)|(b)", "ab", "[\\1\\2]", "[a][b]"},
        {"\\.", "a.b.c", "\\\\", "a\\b\\c"},
    };
    Error e = {0};
    TEST("every match is replaced as re.sub does");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Text out = {0};
        Pattern *p = pattern_new(cases[i].pattern, false, &e);
        CHECK_OK(p && pattern_check_with(p, cases[i].with, &e), e);
        pattern_replace(p, cases[i].text, strlen(cases[i].text), cases[i].with, &out);
        test_check(text_equal(text_get(&out), cases[i].gives), __FILE__, __LINE__, "%s: %s", cases[i].pattern, text_get(&out));
        text_done(&out);
        pattern_free(p);
    }
}

static void refused(void)
{
    static const Case cases[] = {
        {"a(b", "", "character 2: this ( is not closed"},
        {"a)b", "", "character 2: this ) closes nothing"},
        {"[ab", "", "character 1: this [ is not closed"},
        {"*a", "", "character 1: there is nothing to repeat"},
        {"a**", "", "character 3: two repetitions"},
        {"[z-a]", "", "character 2: this range runs backward"},
        {"(a)\\1", "", "character 4: a pattern cannot refer back"},
        {"(?=a)", "", "character 1: only (...), (?:...)"},
        {"a{3,2}", "", "the second count is below"},
        {"a{1001}", "", "more than 1000 repetitions"},
        {"a\\", "", "character 2: a backslash at the end"},
        {"\\q", "", "this letter means nothing"},
        {"[[:vowel:]]", "", "no such class"},
        {"((a{100}){100}){100}", "", "more than 5000 steps"},
        {"(?:(?:(?:){1000}){1000}){1000}", "", "more than 5000 steps"},
    };
    TEST("what cannot be read is refused with its place, and so is what would take too much memory");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *is = find(cases[i].pattern, "x");
        test_check(strstr(is, cases[i].gives) != NULL, __FILE__, __LINE__, "%s: %s", cases[i].pattern, is);
        mem_free(is);
    }
    char longer[PATTERN_SIZE_MOST + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    Error e = {0};
    CHECK(!pattern_new(longer, false, &e) && strstr(e.message, "too long"));
    memset(longer, '(', sizeof longer - 1);
    longer[200] = '\0';
    e = (Error){0};
    CHECK(!pattern_new(longer, false, &e));
}

/* A machine that goes back would take 2^20000 steps for the first and 20,000^3 for the others: the test would never end. */
static void linear(void)
{
    enum { SIZE = 20000 };
    static const char *const patterns[] = {"(a*)*b", "(a|aa)+$c", "(.*)(.*)(.*)(.*)x", "(?:a?){30}a{30}b"};
    TEST("no text makes a pattern slow");
    char *text = mem_alloc(SIZE + 1);
    memset(text, 'a', SIZE);
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        Error e = {0};
        PatternSpan spans[1 + PATTERN_GROUPS_MOST];
        Pattern *p = pattern_new(patterns[i], false, &e);
        CHECK_OK(p != NULL, e);
        CHECK(!pattern_find(p, text, SIZE, 0, spans));
        pattern_free(p);
    }
    mem_free(text);
}

void unit_pattern(void)
{
    found();
    classes();
    replaced();
    refused();
    linear();
}
