/* Dates and times as people and programs write them: 31/12/2024, Dec 31, 2024 2:30 PM, 20241231, seconds since 1970. */
#ifndef TABLE_CALENDAR_READ_H
#define TABLE_CALENDAR_READ_H

#include "table/calendar.h"

typedef enum CalendarOrder { ORDER_YMD, ORDER_DMY, ORDER_MDY, ORDER_EPOCH, ORDER_EPOCH_MS, ORDER_COUNT } CalendarOrder;
extern const char *const calendar_orders[]; /* their names; ends with NULL */

typedef struct CalendarMoment {
    int64_t microseconds; /* since 1970-01-01T00:00Z; a zone or offset is taken out, without one the time is taken as UTC */
    bool has_time;        /* false: a date alone */
} CalendarMoment;

/* The whole span, blanks around it ignored. Parts stand between - / . or blanks, or without anything as in 20241231; a month may be a
 * name, a year of two digits at the end is of 1969 to 2068. Epochs are plain numbers, with a fraction or without. */
bool calendar_read(CalendarOrder order, const char *bytes, size_t size, CalendarMoment *out);
/* Whether a number may well be an epoch: within 1973 and 2100. */
bool calendar_is_likely_epoch(const CalendarMoment *moment);

#endif
