/* Readable numbers: what surrounds the digits is taken off, the digits go to the strict reader, so values are correctly rounded. */
#include "table/number_read.h"

#include <string.h>

#include "base/number.h"
#include "table/letters.h"

const char *const number_ways[] = {"point", "comma", NULL};

typedef struct Cursor {
    const char *at, *end;
} Cursor;

/* The plain number while it is put together. */
typedef struct Plain {
    char digits[64];
    size_t count;
    bool negative, is_exponent;
    int shift; /* powers of ten of a suffix */
} Plain;

static void take_blanks(Cursor *c)
{
    size_t size;
    while (c->at < c->end && (size = letters_blank(c->at, (size_t)(c->end - c->at))) > 0)
        c->at += size;
}

static bool take(Cursor *c, const char *sign)
{
    size_t size = strlen(sign);
    if ((size_t)(c->end - c->at) < size || memcmp(c->at, sign, size) != 0)
        return false;
    c->at += size;
    return true;
}

static bool is_digit(const Cursor *c, size_t at)
{
    return c->at + at < c->end && c->at[at] >= '0' && c->at[at] <= '9';
}

/* -, the minus sign of typesetting, or +. */
static bool take_sign(Cursor *c, bool *negative)
{
    if (take(c, "-") || take(c, "\xe2\x88\x92"))
        return *negative = true;
    return take(c, "+");
}

static void take_currency(Cursor *c, NumberForm *out)
{
    static const char *const signs[][2] = {
        {"US$", "USD"}, {"$", "USD"},   {"€", "EUR"},   {"£", "GBP"},   {"¥", "JPY"},   {"₹", "INR"},   {"₽", "RUB"}, {"₩", "KRW"},
        {"USD", "USD"}, {"EUR", "EUR"}, {"GBP", "GBP"}, {"JPY", "JPY"}, {"INR", "INR"}, {"RUB", "RUB"}, {"KRW", "KRW"}, {"CHF", "CHF"},
        {"CNY", "CNY"}, {"CAD", "CAD"}, {"AUD", "AUD"}, {"SEK", "SEK"}, {"NOK", "NOK"}, {"DKK", "DKK"}, {"PLN", "PLN"}, {"BRL", "BRL"},
    };
    for (size_t i = 0; !out->currency[0] && i < sizeof signs / sizeof *signs; i++)
        if (take(c, signs[i][0]))
            memcpy(out->currency, signs[i][1], sizeof out->currency);
    take_blanks(c);
}

static bool add_digit(Plain *p, char c)
{
    enum { EXPONENT_ROOM = 16 };
    if (p->count >= sizeof p->digits - EXPONENT_ROOM)
        return false;
    p->digits[p->count++] = c;
    return true;
}

static size_t take_digits(Cursor *c, Plain *p)
{
    size_t count = 0;
    for (; is_digit(c, 0) && add_digit(p, *c->at); c->at++)
        count++;
    return is_digit(c, 0) ? 0 : count;
}

/* What parts two groups here: its size, 0 for nothing. */
static size_t group_sign(const Cursor *c, NumberWay way)
{
    static const char *const others[] = {"'", "’"};
    size_t size = c->at < c->end ? letters_blank(c->at, (size_t)(c->end - c->at)) : 0;
    if (size || c->at >= c->end)
        return size;
    if (*c->at == (way == NUMBER_POINT ? ',' : '.'))
        return 1;
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(others[i]);
        if ((size_t)(c->end - c->at) >= length && memcmp(c->at, others[i], length) == 0)
            return length;
    }
    return 0;
}

/* 1,234,567: one to three digits that do not begin with 0, then threes behind one and the same sign. */
static bool take_whole(Cursor *c, NumberWay way, Plain *p)
{
    const char *start = c->at;
    size_t first = take_digits(c, p), sign = group_sign(c, way), groups = 0;
    const char *mark = c->at;
    while (first && sign && group_sign(c, way) == sign && memcmp(c->at, mark, sign) == 0) {
        bool three = is_digit(c, sign) && is_digit(c, sign + 1) && is_digit(c, sign + 2) && !is_digit(c, sign + 3);
        if (!three)
            break;
        c->at += sign;
        if (take_digits(c, p) == 0)
            return false;
        groups++;
    }
    return !groups || (first <= 3 && *start != '0');
}

static bool take_exponent(Cursor *c, Plain *p)
{
    bool negative = false, any = false;
    if (!(c->at < c->end && (*c->at == 'e' || *c->at == 'E')))
        return true;
    c->at++;
    take_sign(c, &negative);
    p->is_exponent = true;
    for (size_t count = 0; is_digit(c, 0); c->at++, count++) {
        if (count > 3)
            return false;
        p->shift = 10 * p->shift + (*c->at - '0');
        any = true;
    }
    p->shift = negative ? -p->shift : p->shift;
    return any;
}

static bool take_number(Cursor *c, NumberWay way, Plain *p)
{
    if (!take_whole(c, way, p))
        return false;
    size_t whole = p->count;
    if (take(c, way == NUMBER_POINT ? "." : ",")) {
        add_digit(p, '.');
        if (is_digit(c, 0) && !take_digits(c, p))
            return false;
        if (p->count == whole + 1)
            p->count--;
    }
    return p->count > 0 && p->digits[p->count - 1] != '.' && take_exponent(c, p);
}

static void take_suffix(Cursor *c, Plain *p)
{
    static const struct {
        char sign;
        int shift;
    } suffixes[] = {{'k', 3}, {'K', 3}, {'M', 6}, {'B', 9}};
    for (size_t i = 0; !p->is_exponent && c->at < c->end && i < sizeof suffixes / sizeof *suffixes; i++)
        if (*c->at == suffixes[i].sign) {
            p->shift = suffixes[i].shift;
            c->at++;
            return;
        }
}

static bool finish(const Plain *p, int shift, double *out)
{
    char *text =
        text_format("%s%s%.*se%d", p->negative ? "-" : "", p->digits[0] == '.' ? "0" : "", (int)p->count, p->digits, p->shift + shift);
    bool ok = number_parse_real(text, strlen(text), out);
    mem_free(text);
    return ok;
}

bool number_read(NumberWay way, const char *bytes, size_t size, NumberForm *out)
{
    Plain p = {0};
    bytes = letters_trim(bytes, &size);
    Cursor c = {bytes, bytes + size};
    *out = (NumberForm){0};
    bool brackets = size > 2 && bytes[0] == '(' && bytes[size - 1] == ')';
    if (brackets)
        c.at++, c.end--;
    bool sign = take_sign(&c, &p.negative);
    take_blanks(&c);
    take_currency(&c, out);
    sign = sign || take_sign(&c, &p.negative);
    if (!take_number(&c, way, &p))
        return false;
    take_suffix(&c, &p);
    take_blanks(&c);
    out->percent = take(&c, "%");
    take_blanks(&c);
    take_currency(&c, out);
    if (!sign && c.end - c.at == 1)
        sign = take(&c, "-") && (p.negative = true);
    if (c.at != c.end || (brackets && sign))
        return false;
    p.negative = p.negative || brackets;
    return finish(&p, 0, &out->value) && finish(&p, -2, &out->share);
}
