/* Dates and times as people write them, in the order that is given. Expected moments are those of Python's datetime. */
#include <string.h>

#include "table/calendar_read.h"
#include "tests/unit/test.h"

typedef struct Case {
    const char *order, *text, *gives; /* a date, a time, or "none" */
} Case;

static char *read(const Case *c)
{
    int order = 0;
    CalendarMoment moment;
    Text out = {0};
    while (!text_equal(calendar_orders[order], c->order))
        order++;
    if (!calendar_read((CalendarOrder)order, c->text, strlen(c->text), &moment))
        return mem_strdup("none");
    if (moment.has_time)
        calendar_format_time(moment.microseconds, &out);
    else
        calendar_format_date(moment.microseconds / CALENDAR_DAY_MICROSECONDS, &out);
    return text_take(&out);
}

static void read_all(void)
{
    static const Case cases[] = {
        {"ymd", "2024-02-29", "2024-02-29"},
        {"ymd", " 2024/2/9 ", "2024-02-09"},
        {"ymd", "20240229", "2024-02-29"},
        {"ymd", "2023-02-29", "none"},
        {"ymd", "24-02-29", "none"},
        {"ymd", "2024-02/29", "none"},
        {"ymd", "2024 Feb 29", "2024-02-29"},
        {"ymd", "2024-02-29T13:45:30.25Z", "2024-02-29T13:45:30.25"},
        {"ymd", "2024-02-29 00:30+01:00", "2024-02-28T23:30:00"},
        {"ymd", "2024-02-29 23:30 -0530", "2024-03-01T05:00:00"},
        {"ymd", "2024-02-29 13:45 PM", "none"},
        {"ymd", "2024-02-29 24:00", "none"},
        {"ymd", "2024-02-29 12", "none"},
        {"ymd", "2024-02-29x", "none"},
        {"dmy", "31.12.2024", "2024-12-31"},
        {"dmy", "1/2/24", "2024-02-01"},
        {"dmy", "1/2/69", "1969-02-01"},
        {"dmy", "1/2/68", "2068-02-01"},
        {"dmy", "31 December 2024, 2:05 pm", "2024-12-31T14:05:00"},
        {"dmy", "Tue, 31 Dec 2024 08:00:00 GMT", "2024-12-31T08:00:00"},
        {"dmy", "Dec 31, 2024", "2024-12-31"},
        {"dmy", "12/31/2024", "none"},
        {"dmy", "31122024", "2024-12-31"},
        {"dmy", "20121011", "none"},
        {"mdy", "12/31/2024 12:00 AM", "2024-12-31T00:00:00"},
        {"mdy", "12/31/2024 12:00 PM", "2024-12-31T12:00:00"},
        {"mdy", "March 3rd, 2024", "2024-03-03"},
        {"mdy", "3 Sept 2024", "2024-09-03"},
        {"mdy", "31/12/2024", "none"},
        {"mdy", "Mai 3 2024", "none"},
        {"epoch", "1709214330", "2024-02-29T13:45:30"},
        {"epoch", "-1", "1969-12-31T23:59:59"},
        {"epoch", "1709214330.25", "2024-02-29T13:45:30.25"},
        {"epoch", "9e99", "none"},
        {"epoch_ms", "1709214330250", "2024-02-29T13:45:30.25"},
        {"epoch", "", "none"},
        {"dmy", "", "none"},
        {"dmy", "1/2", "none"},
    };
    TEST("dates and times in the order that is given, zones taken out");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *is = read(&cases[i]);
        test_check(text_equal(is, cases[i].gives), __FILE__, __LINE__, "%s %s is %s, expected %s", cases[i].order, cases[i].text, is,
                   cases[i].gives);
        mem_free(is);
    }
}

void unit_calendar(void)
{
    read_all();
}
