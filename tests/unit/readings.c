/* Numbers as people write them, and numbers packed into a text. */
#include <string.h>

#include "base/number.h"
#include "steps/packed.h"
#include "table/number_read.h"
#include "tests/unit/test.h"

typedef struct Case {
    const char *text, *point, *comma; /* how it is read with each decimal sign; "" for not at all */
} Case;

static char *read(NumberWay way, const char *text)
{
    NumberForm form;
    char number[NUMBER_ROOM];
    Text out = {0};
    if (!number_read(way, text, strlen(text), &form))
        return mem_strdup("");
    text_addf(&out, "%s%s%s%s", number_format_real(form.value, number), form.percent ? "%" : "", form.currency[0] ? " " : "",
              form.currency);
    return text_take(&out);
}

static void numbers(void)
{
    static const Case cases[] = {
        {"1,234.50", "1234.5", ""},
        {"1.234,50", "", "1234.5"},
        {"1,234", "1234", "1.234"},
        {"1.234", "1.234", "1234"},
        {"3,50", "", "3.5"},
        {"1,234,567", "1234567", ""},
        {"1 234 567", "1234567", "1234567"},
        {"1\xc2\xa0"
         "234,5",
         "", "1234.5"},
        {"1'234.5", "1234.5", ""},
        {"1\xe2\x80\x99"
         "234",
         "1234", "1234"},
        {"1,234 567", "", ""},
        {"12,34", "", "12.34"},
        {"0,123", "", "0.123"},
        {"1234,567", "", "1234.567"},
        {" $12 ", "12 USD", "12 USD"},
        {"-$12", "-12 USD", "-12 USD"},
        {"$-12", "-12 USD", "-12 USD"},
        {"12 \xe2\x82\xac", "12 EUR", "12 EUR"},
        {"EUR 3.5", "3.5 EUR", ""},
        {"(12)", "-12", "-12"},
        {"($1,200.50)", "-1200.5 USD", ""},
        {"(-12)", "", ""},
        {"12-", "-12", "-12"},
        {"\xe2\x88\x92"
         "7",
         "-7", "-7"},
        {"+7", "7", "7"},
        {"12 %", "12%", "12%"},
        {"7.5%", "7.5%", ""},
        {"12k", "12000", "12000"},
        {"1.5M", "1500000", ""},
        {"2B", "2000000000", "2000000000"},
        {"12kk", "", ""},
        {"1.5e3", "1500", ""},
        {"1e3k", "", ""},
        {".5", "0.5", ""},
        {"5.", "5", ""},
        {".", "", ""},
        {"", "", ""},
        {"-", "", ""},
        {"$", "", ""},
        {"1.2.3", "", ""},
        {"10.1.11.1", "", ""},
        {"12 kg", "", ""},
        {"1e", "", ""},
        {"99999999999999999999999999999999999999999999999999999999999999", "", ""},
    };
    TEST("readable numbers, with each decimal sign");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *point = read(NUMBER_POINT, cases[i].text), *comma = read(NUMBER_COMMA, cases[i].text);
        test_check(text_equal(point, cases[i].point) && text_equal(comma, cases[i].comma), __FILE__, __LINE__,
                   "%s is '%s' and '%s', expected '%s' and '%s'", cases[i].text, point, comma, cases[i].point, cases[i].comma);
        mem_free(point);
        mem_free(comma);
    }
}

static void packed(void)
{
    static const double given[] = {0.1, -3, 1e300, 5e-324};
    TEST("packed numbers keep their bits; what is no number is refused");
    Text text = {0};
    double back[5];
    for (size_t i = 0; i < 4; i++)
        packed_add(&text, given[i]);
    packed_add(&text, (double)NAN);
    CHECK_INT(packed_count(text_get(&text)), 5);
    CHECK(packed_read(text_get(&text), back, 5, true) && memcmp(back, given, sizeof given) == 0 && isnan(back[4]));
    CHECK(!packed_read(text_get(&text), back, 5, false) && !packed_read(text_get(&text), back, 4, true));
    CHECK(!packed_read("1 x", back, 2, true) && !packed_read("1 2", back, 3, true) && !packed_read("", back, 1, true));
    CHECK_INT(packed_count(""), 0);
    text_done(&text);
}

void unit_readings(void)
{
    numbers();
    packed();
}
