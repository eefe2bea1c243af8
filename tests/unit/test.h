/* The unit test header. A file tests/unit/NAME.c defines `void unit_NAME(void)`; the list is made by the Makefile. Cases begin with
 * TEST("what is promised"); checks count, name their line and go on. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void test_begin(const char *name);
void test_check(bool ok, const char *file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));
void test_skip(const char *reason);      /* loudly: counted and printed */
const char *test_directory(void);        /* an empty directory of this case's own */
const char *test_data(const char *name); /* a path below the real data sets, or NULL when absent (then test_skip) */

#define TEST(name) test_begin(name)
#define CHECK(condition) test_check((condition), __FILE__, __LINE__, "%s", #condition)
#define CHECK_TEXT(actual, expected) \
    do { \
        const char *a_ = (actual), *e_ = (expected); \
        test_check(a_ &&e_ &&strcmp(a_, e_) == 0, __FILE__, __LINE__, "%s\n  is       %s\n  expected %s", #actual, a_ ? a_ : "NULL", e_); \
    } while (0)
#define CHECK_INT(actual, expected) \
    do { \
        long long a_ = (long long)(actual), e_ = (long long)(expected); \
        test_check(a_ == e_, __FILE__, __LINE__, "%s is %lld, expected %lld", #actual, a_, e_); \
    } while (0)
#define CHECK_NEAR(actual, expected, tolerance) \
    do { \
        double a_ = (actual), e_ = (expected); \
        test_check(fabs(a_ - e_) <= (tolerance), __FILE__, __LINE__, "%s is %.10g, expected %.10g", #actual, a_, e_); \
    } while (0)
#define CHECK_OK(call, error) test_check((call), __FILE__, __LINE__, "%s: %s", #call, (error).message)

#endif
