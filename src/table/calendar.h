/* Days and microseconds since 1970-01-01 in the proleptic Gregorian calendar, and their ISO 8601 text. */
#ifndef TABLE_CALENDAR_H
#define TABLE_CALENDAR_H

#include <stdint.h>

#include "base/text.h"

typedef struct CalendarDate {
    int64_t year;
    int month, day; /* from 1 */
} CalendarDate;

#define CALENDAR_DAY_MICROSECONDS INT64_C(86400000000)

int64_t calendar_days(int64_t year, int month, int day);
CalendarDate calendar_date(int64_t days);
int calendar_weekday(int64_t days);                                      /* 1 Monday .. 7 Sunday */
bool calendar_parse_date(const char *bytes, size_t size, int64_t *days); /* 2024-02-29, whole span */
/* 2024-02-29T13:45[:30[.123456]][Z|+hh:mm], also with a blank for the T. An offset is taken out: the result is UTC. */
bool calendar_parse_time(const char *bytes, size_t size, int64_t *microseconds);
void calendar_format_date(int64_t days, Text *out);
void calendar_format_time(int64_t microseconds, Text *out); /* 2024-02-29T13:45:30, a fraction only when there is one */

#endif
