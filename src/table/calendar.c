/* Dates by the era arithmetic of Howard Hinnant, "chrono-compatible low-level date algorithms". */
#include "table/calendar.h"

#include <stdio.h>

int64_t calendar_days(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

CalendarDate calendar_date(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    int day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    return (CalendarDate){year + era * 400 + (month <= 2), month, day};
}

int calendar_weekday(int64_t days)
{
    int64_t rest = (days + 3) % 7;
    return (int)(rest < 0 ? rest + 7 : rest) + 1;
}

static bool digits(const char *s, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        value = 10 * value + (s[i] - '0');
    }
    *out = value;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool calendar_parse_date(const char *s, size_t size, int64_t *days)
{
    int year, month, day;
    if (size != 10 || s[4] != '-' || s[7] != '-')
        return false;
    if (!digits(s, 4, &year) || !digits(s + 5, 2, &month) || !digits(s + 8, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *days = calendar_days(year, month, day);
    return true;
}

/* What follows the minutes or seconds: nothing, Z, +hh:mm, +hhmm or +hh. */
static bool parse_offset(const char *s, size_t size, int64_t *minutes)
{
    int hour = 0, minute = 0;
    *minutes = 0;
    if (size == 0)
        return true;
    if (size == 1)
        return s[0] == 'Z';
    if (s[0] != '+' && s[0] != '-')
        return false;
    bool colon = size == 6 && s[3] == ':';
    if (size != 3 && size != 5 && !colon)
        return false;
    if (!digits(s + 1, 2, &hour) || hour > 23)
        return false;
    if (size > 3 && (!digits(s + (colon ? 4 : 3), 2, &minute) || minute > 59))
        return false;
    *minutes = (hour * 60 + minute) * (s[0] == '-' ? -1 : 1);
    return true;
}

/* ".123": at most 6 digits; returns the bytes used, 0 when it is none. */
static size_t parse_fraction(const char *s, size_t size, int64_t *microseconds)
{
    size_t at = 1;
    int64_t value = 0, scale = 100000;
    if (size < 2 || s[0] != '.')
        return 0;
    for (; at < size && at <= 6 && s[at] >= '0' && s[at] <= '9'; at++, scale /= 10)
        value += (s[at] - '0') * scale;
    *microseconds = value;
    return at > 1 ? at : 0;
}

bool calendar_parse_time(const char *s, size_t size, int64_t *out)
{
    int hour, minute, second = 0;
    int64_t days, fraction = 0, offset;
    if (size < 16 || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' || !calendar_parse_date(s, 10, &days))
        return false;
    if (!digits(s + 11, 2, &hour) || hour > 23 || !digits(s + 14, 2, &minute) || minute > 59)
        return false;
    size_t at = 16;
    if (size >= 19 && s[16] == ':') {
        if (!digits(s + 17, 2, &second) || second > 59)
            return false;
        at = 19 + parse_fraction(s + 19, size - 19, &fraction);
    }
    if (!parse_offset(s + at, size - at, &offset))
        return false;
    int64_t minutes = hour * 60 + minute - offset;
    *out = days * CALENDAR_DAY_MICROSECONDS + (minutes * 60 + second) * INT64_C(1000000) + fraction;
    return true;
}

void calendar_format_date(int64_t days, Text *out)
{
    CalendarDate d = calendar_date(days);
    text_addf(out, "%04lld-%02d-%02d", (long long)d.year, d.month, d.day);
}

void calendar_format_time(int64_t microseconds, Text *out)
{
    int64_t days = microseconds / CALENDAR_DAY_MICROSECONDS, rest = microseconds % CALENDAR_DAY_MICROSECONDS;
    if (rest < 0)
        days--, rest += CALENDAR_DAY_MICROSECONDS;
    int64_t seconds = rest / 1000000, fraction = rest % 1000000;
    calendar_format_date(days, out);
    text_addf(out, "T%02lld:%02lld:%02lld", (long long)(seconds / 3600), (long long)(seconds / 60 % 60), (long long)(seconds % 60));
    if (fraction == 0)
        return;
    char digits_text[8];
    int size = snprintf(digits_text, sizeof digits_text, "%06lld", (long long)fraction);
    while (size > 1 && digits_text[size - 1] == '0')
        size--;
    text_addf(out, ".%.*s", size, digits_text);
}
