/* Functions of dates and times. */
#include "table/calendar.h"
#include "table/expr_nodes.h"
#include "table/letters.h"

static int64_t days_of(const Column *c, int64_t moment)
{
    if (c->type == COLUMN_DATE)
        return moment;
    int64_t days = moment / CALENDAR_DAY_MICROSECONDS;
    return moment % CALENDAR_DAY_MICROSECONDS < 0 ? days - 1 : days;
}

static bool is_moment(const Vec *v)
{
    return v->untyped || v->column->type == COLUMN_DATE || v->column->type == COLUMN_TIME;
}

static bool run_part(const Call *call, int64_t (*part)(int64_t days), Vec *out, Error *e)
{
    const Vec *v = &call->args[0];
    if (!is_moment(v))
        return expr_error(e, call->place, "%s needs a date or a time, found %s; date(x) makes a date of text", call->function->use,
                          vec_type_name(v));
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

bool expr_run_hour(const Call *call, Vec *out, Error *e)
{
    const int64_t hour = CALENDAR_DAY_MICROSECONDS / 24;
    const Vec *v = &call->args[0];
    if (!vec_need(call, 0, COLUMN_TIME, e) || !vec_new(call, COLUMN_INT, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        if (vec_valid(v, i))
            out->column->data.ints[i] = (vec_int(v, i) - days_of(v->column, vec_int(v, i)) * CALENDAR_DAY_MICROSECONDS) / hour;
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
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
