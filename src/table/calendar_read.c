/* Dates and times in common orders. The order is given: who does not know it tries all, see the step parse_date. */
#include "table/calendar_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "table/letters.h"

const char *const calendar_orders[] = {"ymd", "dmy", "mdy", "epoch", "epoch_ms", NULL};

typedef struct Cursor {
    const char *at, *end;
} Cursor;

typedef struct Part {
    int64_t value;
    int digits;
    bool is_month; /* it was a name */
} Part;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t take_blanks(Cursor *c)
{
    const char *from = c->at;
    while (c->at < c->end) {
        size_t size = letters_blank(c->at, (size_t)(c->end - c->at));
        if (!size)
            break;
        c->at += size;
    }
    return (size_t)(c->at - from);
}

static bool take_sign(Cursor *c, char sign)
{
    if (c->at == c->end || *c->at != sign)
        return false;
    c->at++;
    return true;
}

static size_t word_size(const Cursor *c)
{
    size_t size = 0;
    while (c->at + size < c->end && is_letter(c->at[size]))
        size++;
    return size;
}

static bool take_word(Cursor *c, const char *word)
{
    size_t size = word_size(c);
    if (size != strlen(word) || strncasecmp(c->at, word, size) != 0)
        return false;
    c->at += size;
    return true;
}

/* The number of a name in a list, from 1: three letters or more of it; 0: none. */
static int take_name(Cursor *c, const char *const *names)
{
    size_t size = word_size(c);
    for (int i = 0; size >= 3 && names[i]; i++)
        if (size <= strlen(names[i]) && strncasecmp(names[i], c->at, size) == 0)
            return c->at += size, i + 1;
    return 0;
}

static bool take_number(Cursor *c, int most, Part *out)
{
    *out = (Part){0};
    while (c->at < c->end && is_digit(*c->at) && out->digits < most)
        out->value = 10 * out->value + (*c->at++ - '0'), out->digits++;
    return out->digits > 0 && !(c->at < c->end && is_digit(*c->at));
}

static bool take_part(Cursor *c, Part *out)
{
    static const char *const months[] = {"january", "february",  "march",   "april",    "may",      "june", "july",
                                         "august",  "september", "october", "november", "december", NULL};
    int month = take_name(c, months);
    if (!month && c->at + 4 < c->end && strncasecmp(c->at, "sept", 4) == 0 && !is_letter(c->at[4]))
        c->at += 4, month = 9;
    *out = (Part){.value = month, .is_month = true};
    return month > 0 || take_number(c, 4, out);
}

/* Between two parts: one of - / . or blanks, or a comma with blanks; 0: none. Ordinals (March 3rd) lose their letters. */
static char take_between(Cursor *c)
{
    char sign = 0;
    (void)(take_word(c, "st") || take_word(c, "nd") || take_word(c, "rd") || take_word(c, "th"));
    size_t blanks = take_blanks(c);
    for (const char *s = "-/.,"; *s && !sign; s++)
        if (take_sign(c, *s))
            sign = *s;
    blanks += take_blanks(c);
    return sign ? sign : blanks ? ' ' : 0;
}

static bool year_of(const Part *p, bool two_digits, int64_t *year)
{
    *year = p->value;
    if (p->digits == 2 && two_digits)
        *year += p->value < 69 ? 2000 : 1900;
    return !p->is_month && (p->digits == 4 || (p->digits == 2 && two_digits));
}

static bool make_date(int64_t year, int64_t month, int64_t day, int64_t *days)
{
    char iso[16];
    if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1 || year > 9999)
        return false;
    int size = snprintf(iso, sizeof iso, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    return calendar_parse_date(iso, (size_t)size, days);
}

/* With a name the month is known, and so is the day: the order asks only whether the year comes first. */
static bool order_parts(CalendarOrder order, const Part *p, int64_t *days)
{
    int64_t year;
    if (order == ORDER_YMD)
        return year_of(&p[0], false, &year) && !p[2].is_month && p[2].digits <= 2 && (p[1].is_month || p[1].digits <= 2) &&
               make_date(year, p[1].value, p[2].value, days);
    int day = p[0].is_month || (order == ORDER_MDY && !p[1].is_month) ? 1 : 0;
    const Part *month = &p[1 - day];
    return year_of(&p[2], true, &year) && !p[day].is_month && p[day].digits <= 2 && (month->is_month || month->digits <= 2) &&
           make_date(year, month->value, p[day].value, days);
}

/* Eight digits; a year far from now would be another order's day and month. */
static bool take_compact(CalendarOrder order, Cursor *c, int64_t *days)
{
    enum { FIRST_YEAR = 1800, LAST_YEAR = 2199, SIZE = 8 };
    int64_t v = 0, year, month, day;
    if (c->end - c->at < SIZE || (c->end - c->at > SIZE && is_digit(c->at[SIZE])))
        return false;
    for (int i = 0; i < SIZE; i++) {
        if (!is_digit(c->at[i]))
            return false;
        v = 10 * v + (c->at[i] - '0');
    }
    c->at += SIZE;
    year = order == ORDER_YMD ? v / 10000 : v % 10000;
    month = order == ORDER_YMD ? v / 100 % 100 : order == ORDER_DMY ? v / 10000 % 100 : v / 1000000;
    day = order == ORDER_YMD ? v % 100 : order == ORDER_DMY ? v / 1000000 : v / 10000 % 100;
    return year >= FIRST_YEAR && year <= LAST_YEAR && make_date(year, month, day, days);
}

static bool take_date(CalendarOrder order, Cursor *c, int64_t *days)
{
    static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", NULL};
    Part parts[3];
    if (take_name(c, weekdays)) {
        take_sign(c, ',');
        take_blanks(c);
    }
    if (take_compact(order, c, days))
        return true;
    char between[2];
    for (int i = 0; i < 3; i++)
        if (!take_part(c, &parts[i]) || (i < 2 && !(between[i] = take_between(c))))
            return false;
    bool named = parts[0].is_month || parts[1].is_month || parts[2].is_month;
    return (named || between[0] == between[1]) && order_parts(order, parts, days);
}

static const int64_t second_size = 1000000;

static bool take_fraction(Cursor *c, int64_t *microseconds)
{
    int64_t scale = second_size;
    const char *from = c->at;
    for (*microseconds = 0; c->at < c->end && is_digit(*c->at); c->at++)
        if (scale > 1)
            *microseconds += (*c->at - '0') * (scale /= 10);
    return c->at > from;
}

/* AM and PM; false: the hour does not go with them. */
static bool take_half(Cursor *c, int64_t *hour)
{
    bool am = take_word(c, "am"), pm = !am && take_word(c, "pm");
    if (!am && !pm)
        return true;
    if (*hour < 1 || *hour > 12)
        return false;
    *hour = *hour % 12 + (pm ? 12 : 0);
    return true;
}

/* Z, UTC, GMT, +02:00, -0530 or +02, in minutes. */
static bool take_offset(Cursor *c, int64_t *minutes)
{
    Part hours, rest = {0};
    *minutes = 0;
    bool named = take_word(c, "z") || take_word(c, "utc") || take_word(c, "gmt");
    int sign = take_sign(c, '+') ? 1 : take_sign(c, '-') ? -1 : 0;
    if (!sign)
        return named || c->at == c->end;
    if (!take_number(c, 4, &hours))
        return false;
    if (hours.digits == 4)
        rest.value = hours.value % 100, hours.value /= 100;
    else if (hours.digits > 2 || (take_sign(c, ':') && !(take_number(c, 2, &rest) && rest.digits == 2)))
        return false;
    *minutes = sign * (60 * hours.value + rest.value);
    return hours.value < 24 && rest.value < 60;
}

static bool take_time(Cursor *c, int64_t *microseconds)
{
    Part hour, minute, second = {0};
    int64_t fraction = 0, offset;
    if (!take_number(c, 2, &hour) || !take_sign(c, ':') || !take_number(c, 2, &minute) || minute.digits != 2)
        return false;
    if (take_sign(c, ':') && (!take_number(c, 2, &second) || second.digits != 2))
        return false;
    if (second.digits && (take_sign(c, '.') || take_sign(c, ',')) && !take_fraction(c, &fraction))
        return false;
    take_blanks(c);
    if (!take_half(c, &hour.value))
        return false;
    take_blanks(c);
    if (hour.value > 23 || minute.value > 59 || second.value > 59 || !take_offset(c, &offset))
        return false;
    *microseconds = ((hour.value * 60 + minute.value - offset) * 60 + second.value) * second_size + fraction;
    return true;
}

static bool read_epoch(CalendarOrder order, const char *bytes, size_t size, CalendarMoment *out)
{
    double x, unit = order == ORDER_EPOCH ? 1e6 : 1e3;
    int64_t whole;
    *out = (CalendarMoment){.has_time = true};
    if (number_parse_int(bytes, size, &whole) && !__builtin_mul_overflow(whole, (int64_t)unit, &out->microseconds))
        return true;
    if (!number_parse_real(bytes, size, &x) || fabs(x * unit) > 9e18)
        return false;
    out->microseconds = (int64_t)round(x * unit);
    return true;
}

bool calendar_read(CalendarOrder order, const char *bytes, size_t size, CalendarMoment *out)
{
    bytes = letters_trim(bytes, &size);
    if (order == ORDER_EPOCH || order == ORDER_EPOCH_MS)
        return read_epoch(order, bytes, size, out);
    Cursor c = {bytes, bytes + size};
    int64_t days, time = 0;
    if (size == 0 || !take_date(order, &c, &days))
        return false;
    bool comma = take_sign(&c, ',');
    bool parted = take_sign(&c, 'T') || take_blanks(&c) > 0;
    out->has_time = c.at < c.end;
    if (out->has_time ? !parted || !take_time(&c, &time) || c.at < c.end : comma)
        return false;
    out->microseconds = days * CALENDAR_DAY_MICROSECONDS + time;
    return true;
}

bool calendar_is_likely_epoch(const CalendarMoment *moment)
{
    static const int64_t first = 100000000, last = 4102444800;
    int64_t seconds = moment->microseconds / second_size;
    return seconds >= first && seconds <= last;
}
