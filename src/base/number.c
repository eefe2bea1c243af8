/* Numbers as text. Reading is exact: up to 19 digits with a small exponent in 128-bit integers, all else by the C library in
 * the "C" locale. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 Wide;

enum { DIGITS = 19, LARGEST_POWER = 19 };

static const uint64_t powers[LARGEST_POWER + 1] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* A decimal as read: digits * 10^exponent. */
typedef struct Decimal {
    uint64_t digits;
    int exponent;
    bool negative, exact; /* exact: no digit was lost */
} Decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool number_parse_int(const char *bytes, size_t size, int64_t *out)
{
    size_t i = size > 0 && (bytes[0] == '-' || bytes[0] == '+');
    bool negative = i && bytes[0] == '-';
    uint64_t n = 0;
    if (i == size) {
        return false;
    }
    for (; i < size; i++) {
        if (!is_digit(bytes[i]) || __builtin_mul_overflow(n, 10u, &n) || __builtin_add_overflow(n, (uint64_t)(bytes[i] - '0'), &n)) {
            return false;
        }
    }
    if (n > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

/* Reads digits from *at on; those behind the point lower the exponent. Returns how many there were. */
static size_t read_digits(const char *bytes, size_t size, size_t *at, bool fraction, Decimal *d)
{
    size_t i = *at;
    for (; i < size && is_digit(bytes[i]); i++) {
        if (d->digits < powers[DIGITS - 1]) {
            d->digits = d->digits * 10 + (uint64_t)(bytes[i] - '0');
            d->exponent -= fraction;
        } else {
            d->exact = d->exact && bytes[i] == '0';
            d->exponent += !fraction;
        }
    }
    size_t count = i - *at;
    *at = i;
    return count;
}

static bool read_exponent(const char *bytes, size_t size, Decimal *d)
{
    size_t i = size > 0 && (bytes[0] == '-' || bytes[0] == '+');
    int n = 0;
    if (i == size) {
        return false;
    }
    for (size_t k = i; k < size; k++) {
        if (!is_digit(bytes[k])) {
            return false;
        }
        n = n < 100000 ? 10 * n + (bytes[k] - '0') : n;
    }
    d->exponent += bytes[0] == '-' ? -n : n;
    return true;
}

static bool read_decimal(const char *bytes, size_t size, Decimal *d)
{
    size_t i = size > 0 && (bytes[0] == '-' || bytes[0] == '+');
    *d = (Decimal){.negative = i && bytes[0] == '-', .exact = true};
    size_t count = read_digits(bytes, size, &i, false, d);
    if (i < size && bytes[i] == '.') {
        i++;
        count += read_digits(bytes, size, &i, true, d);
    }
    if (count == 0) {
        return false;
    }
    if (i == size) {
        return true;
    }
    return (bytes[i] == 'e' || bytes[i] == 'E') && read_exponent(bytes + i + 1, size - i - 1, d);
}

static int bit_count(Wide n)
{
    uint64_t high = (uint64_t)(n >> 64);
    return high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll((uint64_t)n);
}

/* n * 2^exponent, rounded to the nearest double (ties to even); more: a remainder below n's last bit. n >= 2^53. */
static double round_wide(Wide n, bool more, int exponent)
{
    int cut = bit_count(n) - 53;
    uint64_t kept = (uint64_t)(n >> cut);
    if (cut > 0) {
        Wide rest = n & (((Wide)1 << cut) - 1), half = (Wide)1 << (cut - 1);
        kept += rest > half || (rest == half && (more || (kept & 1)));
    }
    uint64_t bits = (uint64_t)(1023 + exponent + cut) << 52;
    double scale;
    memcpy(&scale, &bits, sizeof scale);
    return (double)kept * scale;
}

/* digits * 10^exponent for exponents from -19 to 19: one exact product or quotient, rounded once. */
static double convert_wide(uint64_t digits, int exponent)
{
    int shift = __builtin_clzll(digits);
    uint64_t normal = digits << shift;
    if (exponent >= 0) {
        return round_wide((Wide)normal * powers[exponent], false, -shift);
    }
    Wide dividend = (Wide)normal << 64;
    Wide quotient = dividend / powers[-exponent];
    return round_wide(quotient, quotient * powers[-exponent] != dividend, -64 - shift);
}

static double convert_by_library(const char *bytes, size_t size)
{
    char small[128];
    char *text = size < sizeof small ? small : mem_alloc(size + 1);
    memcpy(text, bytes, size);
    text[size] = 0;
    /* The whole "C" locale is a constant of the library: nothing is allocated. */
    double x = strtod_l(text, NULL, newlocale(LC_ALL_MASK, "C", (locale_t)0));
    if (text != small) {
        mem_free(text);
    }
    return x;
}

bool number_parse_real(const char *bytes, size_t size, double *out)
{
    Decimal d;
    if (!read_decimal(bytes, size, &d)) {
        return false;
    }
    double x;
    if (d.digits == 0 && d.exact) {
        x = 0;
    } else if (d.exact && d.digits < (uint64_t)1 << 53 && d.exponent >= -19 && d.exponent <= 0) {
        /* Both are exact doubles up to 10^22, so the quotient is rounded once. */
        static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                      1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
        x = (double)d.digits / tens[-d.exponent];
    } else if (d.exact && d.exponent >= -LARGEST_POWER && d.exponent <= LARGEST_POWER) {
        x = convert_wide(d.digits, d.exponent);
    } else {
        x = fabs(convert_by_library(bytes, size));
    }
    if (isinf(x)) {
        return false;
    }
    *out = d.negative ? -x : x;
    return true;
}

static const char *put(char out[NUMBER_ROOM], const char *text)
{
    snprintf(out, NUMBER_ROOM, "%s", text);
    return out;
}

static const char *put_special(double x, char out[NUMBER_ROOM])
{
    return put(out, isnan(x) ? "nan" : x > 0 ? "inf" : "-inf");
}

const char *number_format_real(double x, char out[NUMBER_ROOM])
{
    if (!isfinite(x)) {
        return put_special(x, out);
    }
    if (x == rint(x) && fabs(x) < 1e15) {
        snprintf(out, NUMBER_ROOM, "%.0f", x);
        return out;
    }
    /* 15 digits always survive, except near zero where doubles have fewer. */
    for (int digits = fabs(x) < 2.3e-308 ? 1 : 15; digits <= 17; digits++) {
        double back;
        snprintf(out, NUMBER_ROOM, "%.*g", digits, x);
        if (number_parse_real(out, strlen(out), &back) && back == x) {
            break;
        }
    }
    return out;
}

const char *number_format_fixed(double x, int decimals, char out[NUMBER_ROOM])
{
    if (!isfinite(x)) {
        return put_special(x, out);
    }
    decimals = decimals < 0 ? 0 : decimals > 17 ? 17 : decimals;
    if (fabs(x) >= 1e18) {
        snprintf(out, NUMBER_ROOM, "%.*e", decimals, x);
        return out;
    }
    snprintf(out, NUMBER_ROOM, "%.*f", decimals, x);
    if (out[0] == '-' && strspn(out + 1, "0.") == strlen(out + 1)) {
        memmove(out, out + 1, strlen(out));
    }
    return out;
}

const char *number_format_count(int64_t n, char out[NUMBER_ROOM])
{
    char digits[NUMBER_ROOM];
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)size), at = 0;
    if (n < 0) {
        out[at++] = '-';
    }
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = digits[i];
    }
    out[at] = 0;
    return out;
}

/* Three digits without trailing zeros and a unit; a value that rounds up to `base` takes the next unit. */
static const char *put_unit(double x, double base, const char *const units[], char out[NUMBER_ROOM])
{
    int unit = 0;
    double size = fabs(x);
    while (units[unit + 1] && size >= (unit ? base - 0.5 : base)) {
        size /= base;
        unit++;
    }
    if (size >= 1e15) {
        snprintf(out, NUMBER_ROOM, "%.2e%s", x < 0 ? -size : size, units[unit]);
        return out;
    }
    int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    char digits[NUMBER_ROOM];
    number_format_fixed(x < 0 ? -size : size, decimals, digits);
    if (decimals) {
        size_t n = strlen(digits);
        n -= digits[n - 1] == '0';
        n -= digits[n - 1] == '0' && decimals == 2;
        n -= digits[n - 1] == '.';
        digits[n] = 0;
    }
    snprintf(out, NUMBER_ROOM, "%.20s%s", digits, units[unit]);
    return out;
}

const char *number_format_large(double n, char out[NUMBER_ROOM])
{
    static const char *const units[] = {"", " k", " M", " G", " T", " P", NULL};
    return isfinite(n) ? put_unit(n, 1000, units, out) : put_special(n, out);
}

const char *number_format_size(double bytes, char out[NUMBER_ROOM])
{
    static const char *const units[] = {" B", " kB", " MB", " GB", " TB", " PB", NULL};
    return isfinite(bytes) ? put_unit(bytes, 1024, units, out) : put_special(bytes, out);
}

const char *number_format_time(double seconds, char out[NUMBER_ROOM])
{
    if (!(seconds >= 0 && seconds < 1e12)) {
        return put(out, "-:--");
    }
    int64_t s = (int64_t)seconds, hours = s / 3600;
    int minutes = (int)(s / 60 % 60), rest = (int)(s % 60);
    if (hours > 0) {
        snprintf(out, NUMBER_ROOM, "%lld:%02d:%02d", (long long)hours, minutes, rest);
    } else {
        snprintf(out, NUMBER_ROOM, "%d:%02d", minutes, rest);
    }
    return out;
}

const char *number_format_rate(double x, char out[NUMBER_ROOM])
{
    if (!isfinite(x)) {
        return put_special(x, out);
    }
    double size = fabs(x);
    if (size == 0 || (size >= 0.0995 && size < 99.5)) {
        snprintf(out, NUMBER_ROOM, "%.2g", x);
        return out;
    }
    char text[NUMBER_ROOM];
    snprintf(text, sizeof text, "%.1e", x);
    char *e = strchr(text, 'e');
    int64_t exponent = 0;
    number_parse_int(e + 1, strlen(e + 1), &exponent);
    *e = 0;
    if (text_ends(text, ".0")) {
        text[strlen(text) - 2] = 0;
    }
    snprintf(out, NUMBER_ROOM, "%.20se%lld", text, (long long)exponent);
    return out;
}
