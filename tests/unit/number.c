/* Numbers as text: exact reading against the C library, shortest printing, forms for people. */
#include "base/number.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static bool parses_int(const char *text, int64_t expected)
{
    int64_t n = 0;
    return number_parse_int(text, strlen(text), &n) && n == expected;
}

static bool refuses(const char *text)
{
    double x;
    return !number_parse_real(text, strlen(text), &x);
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* The process runs in the "C" locale, where strtod is the correctly rounding reference. */
static bool parses_like_strtod(const char *text)
{
    double x = -1;
    return number_parse_real(text, strlen(text), &x) && same_bits(x, strtod(text, NULL));
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void check_integers(void)
{
    TEST("integers: the whole span, exact to the ends of int64");
    CHECK(parses_int("0", 0) && parses_int("-0", 0) && parses_int("+7", 7) && parses_int("007", 7));
    CHECK(parses_int("9223372036854775807", INT64_MAX) && parses_int("-9223372036854775808", INT64_MIN));
    const char *bad[] = {"",   "-",   "+",  "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.0", " 1",
                         "1 ", "1e3", "0x1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int64_t n;
        test_check(!number_parse_int(bad[i], strlen(bad[i]), &n), __FILE__, __LINE__, "accepted '%s'", bad[i]);
    }
    int64_t n = 0;
    CHECK(number_parse_int("12345", 3, &n) && n == 123);
}

static void check_hard_reals(void)
{
    TEST("reals: known hard cases are rounded like strtod");
    const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "1",
        "+1.5",
        "-2.25",
        ".5",
        "5.",
        "1e22",
        "1e23",
        "1e-22",
        "0.1",
        "0.3",
        "123456789012345678",
        "9007199254740993",
        "9007199254740992.5",
        "9007199254740993.0000000000000000001",
        "9007199254740991e3",
        "0.1000000000000000055511151231257827",
        "1e308",
        "1.7976931348623157e308",
        "2.2250738585072014e-308",
        "2.2250738585072011e-308",
        "4.9e-324",
        "5e-324",
        "2e-324",
        "1e-400",
        "1e-99999999999",
        "18446744073709551615",
        "18446744073709551616",
        "0.000000000000000000000000000001",
        "100000000000000000000000000",
        "3.14159265358979323846",
        "1e19",
        "1e20",
        "123e-19",
        "9999999999999999999e19",
        "1.0000000000000000000000000000000000000000000000000000000000001",
        "7e-10",
        "1E5",
        "0e5",
        "8.41e21",
        "2.0919495182368195e19",
        "1090544144181609348671888949248",
        "10000000000000000000000000000000000000000000000000000e-50",
        "4503599627370496.5",
        "4503599627370497.5",
        "0.500000000000000166533453693773481063544750213623046875",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        test_check(parses_like_strtod(texts[i]), __FILE__, __LINE__, "'%s' is rounded wrongly or refused", texts[i]);
    }
    const char *const bad[] = {"",   "-",   ".",   "e5",       "1e",   "1e+",   "1.2.3", "1,5",   " 1",
                               "1 ", "nan", "inf", "Infinity", "0x10", "1e400", "--1",   "1_000", "1e5x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        test_check(refuses(bad[i]), __FILE__, __LINE__, "accepted '%s'", bad[i]);
    }
    char many[2000];
    memset(many, '1', sizeof many - 1);
    many[1] = '.';
    many[sizeof many - 1] = 0;
    CHECK(parses_like_strtod(many));
}

static void check_random_reals(void)
{
    TEST("reals: random digits and exponents are rounded like strtod");
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 60000; i++) {
        char text[64];
        int digits = 1 + (int)(next(&state) % 20), exponent = (int)(next(&state) % 60) - 35;
        uint64_t n = next(&state);
        snprintf(text, sizeof text, "%.*llue%d", digits, (unsigned long long)n >> (next(&state) % 60), exponent);
        test_check(parses_like_strtod(text), __FILE__, __LINE__, "'%s' is rounded wrongly", text);
        snprintf(text, sizeof text, "%llu.%0*llu", (unsigned long long)(n % 100000), digits, (unsigned long long)(next(&state) % 1000000));
        test_check(parses_like_strtod(text), __FILE__, __LINE__, "'%s' is rounded wrongly", text);
    }
}

static void check_round_trip(void)
{
    TEST("reals: printed shortest, read back to the same bits");
    struct {
        double x;
        const char *text;
    } const rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {3, "3"},
        {-17, "-17"},
        {0.1, "0.1"},
        {1e-5, "1e-05"},
        {1e15, "1e+15"},
        {123456789012345, "123456789012345"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992"},
        {(double)NAN, "nan"},
        {(double)INFINITY, "inf"},
        {-(double)INFINITY, "-inf"},
    };
    char text[NUMBER_ROOM];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        CHECK_TEXT(number_format_real(rows[i].x, text), rows[i].text);
    }
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next(&state);
        double x, back = 0;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x)) {
            number_format_real(x, text);
            test_check(number_parse_real(text, strlen(text), &back) && same_bits(x, back), __FILE__, __LINE__, "%a came back from %s", x,
                       text);
        }
    }
}

static void check_forms(void)
{
    char t[NUMBER_ROOM];
    TEST("forms for people");
    CHECK_TEXT(number_format_count(7043, t), "7,043");
    CHECK_TEXT(number_format_count(0, t), "0");
    CHECK_TEXT(number_format_count(999, t), "999");
    CHECK_TEXT(number_format_count(INT64_MIN, t), "-9,223,372,036,854,775,808");
    CHECK_TEXT(number_format_large(14321, t), "14.3 k");
    CHECK_TEXT(number_format_large(31e6, t), "31 M");
    CHECK_TEXT(number_format_large(999999, t), "1 M");
    CHECK_TEXT(number_format_large(100, t), "100");
    CHECK_TEXT(number_format_large(0, t), "0");
    CHECK_TEXT(number_format_large(-1500, t), "-1.5 k");
    CHECK_TEXT(number_format_size(512, t), "512 B");
    CHECK_TEXT(number_format_size(57856, t), "56.5 kB");
    CHECK_TEXT(number_format_size(1048575, t), "1 MB");
    CHECK_TEXT(number_format_time(23.9, t), "0:23");
    CHECK_TEXT(number_format_time(171, t), "2:51");
    CHECK_TEXT(number_format_time(3850, t), "1:04:10");
    CHECK_TEXT(number_format_time((double)NAN, t), "-:--");
    CHECK_TEXT(number_format_rate(4.3e-4, t), "4.3e-4");
    CHECK_TEXT(number_format_rate(1e-3, t), "1e-3");
    CHECK_TEXT(number_format_rate(0.1, t), "0.1");
    CHECK_TEXT(number_format_fixed(0.8412, 2, t), "0.84");
    CHECK_TEXT(number_format_fixed(-0.001, 2, t), "0.00");
    CHECK_TEXT(number_format_fixed(1e300, 2, t), "1.00e+300");
}

void unit_number(void)
{
    check_integers();
    check_hard_reals();
    check_random_reals();
    check_round_trip();
    check_forms();
}
