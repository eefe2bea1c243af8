/* Dates and times: what is accepted prints as a text that is read as the same day and the same microsecond. */
#include "table/calendar_read.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t days, again, moment;
    Text out = {0};
    if (calendar_parse_date((const char *)data, size, &days)) {
        calendar_format_date(days, &out);
        int weekday = calendar_weekday(days);
        if (!calendar_parse_date(text_get(&out), out.size, &again) || again != days || weekday < 1 || weekday > 7)
            abort();
    }
    text_clear(&out);
    if (calendar_parse_time((const char *)data, size, &moment)) {
        calendar_format_time(moment, &out);
        if (!calendar_parse_time(text_get(&out), out.size, &again) || again != moment)
            abort();
    }
    for (int order = 0; order < ORDER_COUNT; order++) {
        CalendarMoment read;
        if (!calendar_read((CalendarOrder)order, (const char *)data, size, &read) || read.has_time)
            continue;
        text_clear(&out);
        calendar_format_date(read.microseconds / CALENDAR_DAY_MICROSECONDS, &out);
        if (!calendar_parse_date(text_get(&out), out.size, &again) || again * CALENDAR_DAY_MICROSECONDS != read.microseconds)
            abort();
    }
    text_done(&out);
    return 0;
}
