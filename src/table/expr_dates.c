/* Functions of dates and times. */
#include <math.h>

#include "table/calendar_read.h"
#include "table/expr_nodes.h"
#include "table/letters.h"

/* c: NULL: microseconds. */
static int64_t days_of(const Column *c, int64_t moment)
{
    if (c && c->type == COLUMN_DATE)
        return moment;
    int64_t days = moment / CALENDAR_DAY_MICROSECONDS;
    return moment % CALENDAR_DAY_MICROSECONDS < 0 ? days - 1 : days;
}

static bool is_moment(const Vec *v)
{
    return v->untyped || v->column->type == COLUMN_DATE || v->column->type == COLUMN_TIME;
}

static bool need_moment(const Call *call, size_t arg, Error *e)
{
    return is_moment(&call->args[arg]) || expr_error(e, call->place, "%s needs a date or a time, found %s; date(x) makes a date of text",
                                                     call->function->use, vec_type_name(&call->args[arg]));
}

static bool run_part(const Call *call, int64_t (*part)(int64_t days), Vec *out, Error *e)
{
    const Vec *v = &call->args[0];
    if (!need_moment(call, 0, e))
        return false;
    if (!vec_new(call, COLUMN_INT, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        if (vec_valid(v, i))
            out->column->data.ints[i] = part(days_of(v->column, vec_int(v, i)));
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

static int64_t year_of(int64_t days)
{
    return calendar_date(days).year;
}
static int64_t month_of(int64_t days)
{
    return calendar_date(days).month;
}
static int64_t day_of(int64_t days)
{
    return calendar_date(days).day;
}
static int64_t weekday_of(int64_t days)
{
    return calendar_weekday(days);
}

bool expr_run_year(const Call *call, Vec *out, Error *e)
{
    return run_part(call, year_of, out, e);
}
bool expr_run_month(const Call *call, Vec *out, Error *e)
{
    return run_part(call, month_of, out, e);
}
bool expr_run_day(const Call *call, Vec *out, Error *e)
{
    return run_part(call, day_of, out, e);
}
bool expr_run_weekday(const Call *call, Vec *out, Error *e)
{
    return run_part(call, weekday_of, out, e);
}

static int64_t day_of_year_of(int64_t days)
{
    return days - calendar_days(calendar_date(days).year, 1, 1) + 1;
}
static int64_t quarter_of(int64_t days)
{
    return (calendar_date(days).month + 2) / 3;
}

/* ISO 8601: a week belongs to the year of its Thursday. */
static int64_t week_of(int64_t days)
{
    enum { THURSDAY = 4, DAYS = 7 };
    int64_t thursday = days - calendar_weekday(days) + THURSDAY;
    return (day_of_year_of(thursday) - 1) / DAYS + 1;
}

bool expr_run_day_of_year(const Call *call, Vec *out, Error *e)
{
    return run_part(call, day_of_year_of, out, e);
}
bool expr_run_quarter(const Call *call, Vec *out, Error *e)
{
    return run_part(call, quarter_of, out, e);
}
bool expr_run_week(const Call *call, Vec *out, Error *e)
{
    return run_part(call, week_of, out, e);
}

static const int64_t second_size = 1000000;

static int64_t second_of_day(const Call *call, size_t row)
{
    int64_t moment = vec_int(&call->args[0], row);
    return (moment - days_of(call->args[0].column, moment) * CALENDAR_DAY_MICROSECONDS) / second_size;
}

static bool put_hour(const Call *call, size_t row, Column *to)
{
    return to->data.ints[row] = second_of_day(call, row) / 3600, true;
}
static bool put_minute(const Call *call, size_t row, Column *to)
{
    return to->data.ints[row] = second_of_day(call, row) / 60 % 60, true;
}
static bool put_second(const Call *call, size_t row, Column *to)
{
    return to->data.ints[row] = second_of_day(call, row) % 60, true;
}

bool expr_run_hour(const Call *call, Vec *out, Error *e)
{
    return vec_need(call, 0, COLUMN_TIME, e) && vec_each_row(call, COLUMN_INT, put_hour, out, e);
}
bool expr_run_minute(const Call *call, Vec *out, Error *e)
{
    return vec_need(call, 0, COLUMN_TIME, e) && vec_each_row(call, COLUMN_INT, put_minute, out, e);
}
bool expr_run_second(const Call *call, Vec *out, Error *e)
{
    return vec_need(call, 0, COLUMN_TIME, e) && vec_each_row(call, COLUMN_INT, put_second, out, e);
}

static bool is_time(const Vec *v)
{
    return !v->untyped && v->column->type == COLUMN_TIME;
}

static double days_real(const Vec *v, size_t row)
{
    return (double)vec_int(v, row) / (is_time(v) ? (double)CALENDAR_DAY_MICROSECONDS : 1);
}

static bool put_days_between(const Call *call, size_t row, Column *to)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (to->type == COLUMN_INT)
        return !__builtin_sub_overflow(vec_int(b, row), vec_int(a, row), &to->data.ints[row]);
    if (is_time(a) && is_time(b)) { /* exact to the microsecond */
        int64_t apart;
        bool ok = !__builtin_sub_overflow(vec_int(b, row), vec_int(a, row), &apart);
        return to->data.reals[row] = (double)apart / (double)CALENDAR_DAY_MICROSECONDS, ok;
    }
    to->data.reals[row] = days_real(b, row) - days_real(a, row);
    return true;
}

bool expr_run_days_between(const Call *call, Vec *out, Error *e)
{
    bool time = is_time(&call->args[0]) || is_time(&call->args[1]);
    return need_moment(call, 0, e) && need_moment(call, 1, e) &&
           vec_each_row(call, time ? COLUMN_REAL : COLUMN_INT, put_days_between, out, e);
}

/* A date stays one, so part of a day is rounded. */
static bool put_later(const Call *call, size_t row, Column *to)
{
    double unit = to->type == COLUMN_TIME ? (double)CALENDAR_DAY_MICROSECONDS : 1, by = round(vec_real(&call->args[1], row) * unit);
    return fabs(by) < 9e18 && !__builtin_add_overflow(vec_int(&call->args[0], row), (int64_t)by, &to->data.ints[row]);
}

bool expr_run_add_days(const Call *call, Vec *out, Error *e)
{
    return need_moment(call, 0, e) && vec_need_numeric(call, 1, e) &&
           vec_each_row(call, is_time(&call->args[0]) ? COLUMN_TIME : COLUMN_DATE, put_later, out, e);
}

static const char *const floor_units[] = {"year", "quarter", "month", "week", "day", "hour", "minute", NULL};
enum { FLOOR_YEAR, FLOOR_QUARTER, FLOOR_MONTH, FLOOR_WEEK, FLOOR_DAY, FLOOR_HOUR, FLOOR_MINUTE };

static int find_text(const char *const *list, const char *text)
{
    for (int i = 0; list[i]; i++)
        if (text_equal(list[i], text))
            return i;
    return -1;
}

static int64_t floor_day(int64_t days, int unit)
{
    CalendarDate d = calendar_date(days);
    switch (unit) {
    case FLOOR_YEAR: return calendar_days(d.year, 1, 1);
    case FLOOR_QUARTER: return calendar_days(d.year, (d.month - 1) / 3 * 3 + 1, 1);
    case FLOOR_MONTH: return calendar_days(d.year, d.month, 1);
    case FLOOR_WEEK: return days - calendar_weekday(days) + 1;
    default: return days;
    }
}

static bool put_floor(const Call *call, size_t row, Column *to)
{
    int unit = find_text(floor_units, column_text(call->args[1].column, 0, NULL));
    int64_t moment = vec_int(&call->args[0], row), days = floor_day(days_of(to, moment), unit);
    if (to->type == COLUMN_DATE)
        return to->data.ints[row] = days, true;
    int64_t step = (unit == FLOOR_HOUR ? 3600 : 60) * second_size, begin;
    if (__builtin_mul_overflow(days, CALENDAR_DAY_MICROSECONDS, &begin))
        return false;
    to->data.ints[row] = begin + (unit > FLOOR_DAY ? (moment - begin) / step * step : 0);
    return true;
}

bool expr_run_date_floor(const Call *call, Vec *out, Error *e)
{
    const char *name;
    if (!need_moment(call, 0, e) || !vec_constant_text(call, 1, &name, e))
        return false;
    int unit = find_text(floor_units, name);
    if (unit < 0)
        return expr_error(e, call->place, "\"%s\" is no unit; year, quarter, month, week, day, hour and minute are", name);
    if (unit > FLOOR_DAY && !is_time(&call->args[0]))
        return expr_error(e, call->place, "a date has no %s; only a time does", name);
    return vec_each_row(call, is_time(&call->args[0]) ? COLUMN_TIME : COLUMN_DATE, put_floor, out, e);
}

static bool put_parsed(const Call *call, size_t row, Column *to)
{
    CalendarOrder order = (CalendarOrder)find_text(calendar_orders, column_text(call->args[1].column, 0, NULL));
    CalendarMoment moment;
    Text text = {0};
    column_format(call->args[0].column, vec_row(&call->args[0], row), &text);
    bool ok = calendar_read(order, text_get(&text), text.size, &moment);
    text_done(&text);
    if (ok)
        to->data.ints[row] = to->type == COLUMN_TIME ? moment.microseconds : days_of(NULL, moment.microseconds);
    return ok;
}

static bool run_parse(const Call *call, ColumnType type, Vec *out, Error *e)
{
    const char *name;
    if (!vec_constant_text(call, 1, &name, e))
        return false;
    if (!vec_is(&call->args[0], COLUMN_TEXT) && !vec_need_numeric(call, 0, e))
        return false;
    if (find_text(calendar_orders, name) < 0)
        return expr_error(e, call->place, "\"%s\" is no order; ymd, dmy, mdy, epoch and epoch_ms are", name);
    return vec_each_row(call, type, put_parsed, out, e);
}

bool expr_run_parse_date(const Call *call, Vec *out, Error *e)
{
    return run_parse(call, COLUMN_DATE, out, e);
}
bool expr_run_parse_time(const Call *call, Vec *out, Error *e)
{
    return run_parse(call, COLUMN_TIME, out, e);
}

static bool date_at(const Vec *v, size_t i, int64_t *days)
{
    if (!vec_valid(v, i))
        return false;
    if (v->column->type != COLUMN_TEXT)
        return *days = days_of(v->column, vec_int(v, i)), true;
    size_t size;
    const char *text = column_text(v->column, vec_row(v, i), &size);
    text = letters_trim(text, &size);
    return calendar_parse_date(text, size, days);
}

bool expr_run_date(const Call *call, Vec *out, Error *e)
{
    const Vec *v = &call->args[0];
    int64_t days;
    if (!is_moment(v) && !vec_is(v, COLUMN_TEXT))
        return expr_error(e, call->place, "date(x) needs a text, a date or a time, found %s", vec_type_name(v));
    if (v->scalar && vec_valid(v, 0) && !date_at(v, 0, &days))
        return expr_error(e, call->place, "date(x) needs yyyy-mm-dd, found \"%s\"", column_text(v->column, 0, NULL));
    if (!vec_new(call, COLUMN_DATE, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++)
        if (!date_at(v, i, &out->column->data.ints[i]) && !column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    return true;
}
