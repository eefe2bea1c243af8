/* calendar: hour, weekday, month and the like of dates and times, as places in their cycles or as whole numbers. */
#include <math.h>
#include <string.h>

#include "steps/tools.h"
#include "table/calendar.h"

typedef struct Calendar {
    TextList columns, parts, holidays;
    bool cyclic;
} Calendar;

static const char *const part_names[] = {"minute",  "hour", "weekday", "day",     "week", "month",
                                         "quarter", "year", "yearday", "weekend", NULL};
enum { PART_MINUTE, PART_HOUR, PART_WEEKDAY, PART_DAY, PART_WEEK, PART_MONTH, PART_QUARTER, PART_YEAR, PART_YEARDAY, PART_WEEKEND };

static const Field params[] = {
    {COLUMNS_FIELD(Calendar, columns), .doc = "dates and times", .positional = true},
    {TEXTS_FIELD(Calendar, parts), .doc = "what of them", .def = "hour, weekday", .choices = part_names, .unique = true},
    {FLAG_FIELD(Calendar, cyclic), .doc = "sine and cosine of the place in the cycle, else a whole number", .def = "true"},
    {TEXTS_FIELD(Calendar, holidays), .doc = "dates such as 2005-12-25: also a column NAME_holiday", .def = "", .unique = true},
    {0},
};

/* A moment, taken apart. */
typedef struct Moment {
    int64_t days, year;
    int month, day, weekday, yearday, month_days, year_days;
    double of_day; /* share of the day that is over */
} Moment;

static Moment moment_of(const Column *c, size_t row)
{
    int64_t x = c->data.ints[row], days = x, rest = 0;
    if (c->type == COLUMN_TIME) {
        days = x / CALENDAR_DAY_MICROSECONDS;
        rest = x % CALENDAR_DAY_MICROSECONDS;
        days -= rest < 0;
        rest += rest < 0 ? CALENDAR_DAY_MICROSECONDS : 0;
    }
    CalendarDate date = calendar_date(days);
    int64_t year = calendar_days(date.year, 1, 1),
            next = date.month == 12 ? calendar_days(date.year + 1, 1, 1) : calendar_days(date.year, date.month + 1, 1);
    return (Moment){.days = days,
                    .year = date.year,
                    .month = date.month,
                    .day = date.day,
                    .weekday = calendar_weekday(days),
                    .yearday = (int)(days - year) + 1,
                    .month_days = (int)(next - calendar_days(date.year, date.month, 1)),
                    .year_days = (int)(calendar_days(date.year + 1, 1, 1) - year),
                    .of_day = (double)rest / (double)CALENDAR_DAY_MICROSECONDS};
}

/* The week of ISO 8601: that of the year which its Thursday is in. */
static int week_of(const Moment *m)
{
    int64_t thursday = m->days - m->weekday + 4;
    return (int)((thursday - calendar_days(calendar_date(thursday).year, 1, 1)) / 7) + 1;
}

static double whole_part(const Moment *m, int part)
{
    switch (part) {
    case PART_MINUTE: return floor(fmod(m->of_day * 1440 + 1e-7, 60));
    case PART_HOUR: return floor(m->of_day * 24 + 1e-9);
    case PART_WEEKDAY: return m->weekday;
    case PART_DAY: return m->day;
    case PART_WEEK: return week_of(m);
    case PART_MONTH: return m->month;
    case PART_QUARTER: return (m->month + 2) / 3;
    case PART_YEAR: return (double)m->year;
    case PART_YEARDAY: return m->yearday;
    default: return m->weekday > 5;
    }
}

/* Share of the cycle that is over, with all that is finer; below 0: it is none. */
static double turn_of(const Moment *m, int part)
{
    double of_month = (m->day - 1 + m->of_day) / m->month_days, of_year = (m->yearday - 1 + m->of_day) / m->year_days;
    switch (part) {
    case PART_MINUTE: return fmod(m->of_day * 24, 1);
    case PART_HOUR: return m->of_day;
    case PART_WEEKDAY: return (m->weekday - 1 + m->of_day) / 7;
    case PART_DAY: return of_month;
    case PART_MONTH: return (m->month - 1 + of_month) / 12;
    case PART_QUARTER: return fmod((m->month - 1 + of_month) / 3, 1);
    case PART_WEEK:
    case PART_YEARDAY: return of_year;
    default: return -1;
    }
}

typedef enum Shape { SHAPE_WHOLE, SHAPE_SINE, SHAPE_COSINE } Shape;

static Column *part_column(const Column *c, int part, Shape shape, Error *e)
{
    static const double turn = 6.283185307179586;
    Column *made = column_new(shape == SHAPE_WHOLE ? COLUMN_INT : COLUMN_REAL, c->rows, e);
    bool ok = made != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        if (!column_is_valid(c, i)) {
            ok = column_set_missing(made, i, e);
            continue;
        }
        Moment m = moment_of(c, i);
        if (shape == SHAPE_WHOLE)
            made->data.ints[i] = (int64_t)whole_part(&m, part);
        else
            made->data.reals[i] = shape == SHAPE_SINE ? sin(turn * turn_of(&m, part)) : cos(turn * turn_of(&m, part));
    }
    if (ok)
        return made;
    column_unref(made);
    return NULL;
}

static bool add_part(const Column *c, const char *column, const char *part_name, bool cyclic, Table **out, Error *e)
{
    static const char *const endings[] = {"", "_sin", "_cos"};
    int part = 0;
    while (part_names[part + 1] && !text_equal(part_names[part], part_name))
        part++;
    bool turns = cyclic && part != PART_YEAR && part != PART_WEEKEND, ok = true;
    for (int shape = turns ? SHAPE_SINE : SHAPE_WHOLE; ok && shape <= (turns ? SHAPE_COSINE : SHAPE_WHOLE); shape++) {
        char *name = text_format("%s_%s%s", column, part_name, endings[shape]);
        ok = tools_add(out, name, part_column(c, part, (Shape)shape, e), e);
        mem_free(name);
    }
    return ok;
}

static bool holiday_days(const TextList *holidays, int64_t *days, Error *e)
{
    for (size_t i = 0; i < holidays->count; i++)
        if (!calendar_parse_date(holidays->items[i], strlen(holidays->items[i]), &days[i]))
            return error_set(e, ERROR_USAGE, "holidays: \"%s\" is no date such as 2005-12-25", holidays->items[i]);
    return true;
}

static bool add_holiday(const Column *c, const char *column, const TextList *holidays, Table **out, Error *e)
{
    int64_t *days = mem_alloc((holidays->count + 1) * sizeof *days);
    Column *made = holiday_days(holidays, days, e) ? column_new(COLUMN_INT, c->rows, e) : NULL;
    bool ok = made != NULL;
    for (size_t i = 0; ok && i < c->rows; i++) {
        bool is_given = column_is_valid(c, i);
        int64_t day = is_given ? moment_of(c, i).days : 0;
        for (size_t k = 0; is_given && k < holidays->count; k++)
            made->data.ints[i] = made->data.ints[i] || day == days[k];
        ok = is_given || column_set_missing(made, i, e);
    }
    mem_free(days);
    if (!ok) {
        column_unref(made);
        return false;
    }
    char *name = text_format("%s_holiday", column);
    ok = tools_add(out, name, made, e);
    mem_free(name);
    return ok;
}

static bool add_all(const StepInput *in, int column, Table **out, Error *e)
{
    const Calendar *p = in->params;
    const Column *c = in->rows->columns[column];
    const char *name = in->rows->names[column];
    bool ok = c->type == COLUMN_DATE || c->type == COLUMN_TIME ||
              error_set(e, ERROR_USAGE, "%s is %s, no date or time; cast { columns = { \"%s\" }, to = \"time\" } reads one", name,
                        column_type_name(c->type), name);
    for (size_t i = 0; ok && i < p->parts.count; i++)
        ok = add_part(c, name, p->parts.items[i], p->cyclic, out, e);
    return ok && (!p->holidays.count || add_holiday(c, name, &p->holidays, out, e));
}

static bool calendar_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Calendar *p = in->params;
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(in, &p->columns, &columns, &count, e);
    *out = table_ref(in->rows);
    for (size_t i = 0; ok && i < count; i++)
        ok = job_go_on(job, e) && add_all(in, columns[i], out, e);
    mem_free(columns);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"t\"], \"parts\": [\"hour\", \"weekday\", \"weekend\", \"week\"], \"cyclic\": false}",
     "t,x\n2005-06-07T07:45,1\n2005-01-01T23:59,2\n,3\n",
     "t,x,t_hour,t_weekday,t_weekend,t_week\n2005-06-07T07:45:00,1,7,2,0,23\n2005-01-01T23:59:00,2,23,6,1,53\n,3,,,,\n"},
    {"{\"columns\": [\"t\"], \"parts\": [\"hour\"], \"holidays\": [\"2005-06-06\"]}", "t,x\n2005-06-06T06:00,1\n2005-06-07T00:00,2\n",
     "t,x,t_hour_sin,t_hour_cos,t_holiday\n2005-06-06T06:00:00,1,1,6.123233995736766e-17,1\n2005-06-07T00:00:00,2,0,1,0\n"},
    {"{\"columns\": [\"x\"]}", "x\n1\n", "error: x is int, no date or time"},
    {"{\"columns\": [\"t\"], \"holidays\": [\"Easter\"]}", "t,x\n2005-06-06T06:00,1\n", "error: holidays: \"Easter\" is no date"},
};

static const char *const notes[] = {
    "Cyclic parts are two columns, so that the last hour stands beside the first; they hold what is finer too: hour goes on with the "
    "minutes, "
    "weekday with the hours. year and weekend stay whole numbers. Weekdays are 1 Monday to 7 Sunday, weeks those of ISO 8601.",
    NULL};

const Step step_calendar = {
    .spec = {.name = "calendar",
             .doc = "hour, weekday, month ... of dates and times, and holidays",
             .group = "series",
             .params = params,
             .params_size = sizeof(Calendar),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .apply = calendar_apply,
};
