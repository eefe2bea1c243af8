/* Arithmetic of expressions. Integers stay integers; what overflows or is not finite becomes missing. */
#include <math.h>

#include "table/expr_nodes.h"

enum { MICROSECONDS = 1000000 };

typedef struct Arithmetic {
    bool (*ints)(int64_t a, int64_t b, int64_t *out); /* false: no value; NULL: always real */
    double (*reals)(double a, double b);
} Arithmetic;

static bool is_whole(const Vec *v)
{
    return !v->untyped && (v->column->type == COLUMN_INT || v->column->type == COLUMN_BOOL);
}

static bool whole_loop(const Call *call, bool (*ints)(int64_t, int64_t, int64_t *), Column *to, Error *e)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    for (size_t i = 0; i < call->rows; i++) {
        bool known = vec_valid(a, i) && vec_valid(b, i) && ints(vec_int(a, i), vec_int(b, i), &to->data.ints[i]);
        if (!known && !column_set_missing(to, i, e))
            return false;
    }
    return true;
}

static bool real_loop(const Call *call, double (*reals)(double, double), Column *to, Error *e)
{
    for (size_t i = 0; i < call->rows; i++)
        if (!vec_put_real(to, i, reals(vec_real(&call->args[0], i), vec_real(&call->args[1], i)), e))
            return false;
    return true;
}

static bool run_arithmetic(const Call *call, const Arithmetic *how, Vec *out, Error *e)
{
    for (size_t i = 0; i < 2; i++)
        if (!vec_need_numeric(call, i, e))
            return false;
    bool whole = how->ints && is_whole(&call->args[0]) && is_whole(&call->args[1]);
    if (!vec_new(call, whole ? COLUMN_INT : COLUMN_REAL, out, e))
        return false;
    if (whole ? whole_loop(call, how->ints, out->column, e) : real_loop(call, how->reals, out->column, e))
        return true;
    column_unref(out->column);
    return false;
}

static bool add_ints(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}
static bool subtract_ints(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_sub_overflow(a, b, out);
}
static bool multiply_ints(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}
static double add_reals(double a, double b)
{
    return a + b;
}
static double subtract_reals(double a, double b)
{
    return a - b;
}
static double multiply_reals(double a, double b)
{
    return a * b;
}
static double divide_reals(double a, double b)
{
    return a / b;
}
static double modulo_reals(double a, double b)
{
    return a - b * floor(a / b);
}

static bool modulo_ints(int64_t a, int64_t b, int64_t *out)
{
    if (b == 0)
        return false;
    int64_t rest = b == -1 ? 0 : a % b;
    *out = rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
    return true;
}

static bool is_moment(const Vec *v)
{
    return !v->untyped && (v->column->type == COLUMN_DATE || v->column->type == COLUMN_TIME);
}

/* date +- days, time +- seconds. */
static bool shift_moment(const Call *call, int sign, Vec *out, Error *e)
{
    bool first = is_moment(&call->args[0]);
    const Vec *moment = &call->args[first ? 0 : 1], *by = &call->args[first ? 1 : 0];
    if (!vec_is_numeric(by) || (!first && sign < 0))
        return expr_error(e, call->place, "%s does not work for %s and %s", call->function->use, vec_type_name(&call->args[0]),
                          vec_type_name(&call->args[1]));
    ColumnType type = moment->column->type;
    if (!vec_new(call, type, out, e))
        return false;
    double unit = type == COLUMN_TIME ? MICROSECONDS : 1;
    for (size_t i = 0; i < call->rows; i++) {
        double shift = round(vec_real(by, i) * unit * sign);
        bool known = vec_valid(moment, i) && fabs(shift) < 9e18 &&
                     !__builtin_add_overflow(vec_int(moment, i), (int64_t)shift, &out->column->data.ints[i]);
        if (!known && !column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

static bool moments_apart(const Call *call, Vec *out, Error *e)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (a->column->type != b->column->type)
        return expr_error(e, call->place, "a - b mixes %s and %s; date(x) makes a date of a time", vec_type_name(a), vec_type_name(b));
    bool days = a->column->type == COLUMN_DATE;
    if (!vec_new(call, days ? COLUMN_INT : COLUMN_REAL, out, e))
        return false;
    if (days && whole_loop(call, subtract_ints, out->column, e))
        return true;
    bool ok = !days && real_loop(call, subtract_reals, out->column, e);
    for (size_t i = 0; ok && i < call->rows; i++)
        out->column->data.reals[i] /= MICROSECONDS;
    if (!ok)
        column_unref(out->column);
    return ok;
}

bool expr_run_add(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {add_ints, add_reals};
    if (is_moment(&call->args[0]) || is_moment(&call->args[1]))
        return shift_moment(call, 1, out, e);
    if (vec_is(&call->args[0], COLUMN_TEXT) && vec_is(&call->args[1], COLUMN_TEXT) && !(call->args[0].untyped && call->args[1].untyped))
        return expr_error(e, call->place, "+ adds numbers; concat(a, b) joins texts");
    return run_arithmetic(call, &how, out, e);
}

bool expr_run_subtract(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {subtract_ints, subtract_reals};
    bool first = is_moment(&call->args[0]), second = is_moment(&call->args[1]);
    if (first && second)
        return moments_apart(call, out, e);
    return first || second ? shift_moment(call, -1, out, e) : run_arithmetic(call, &how, out, e);
}

bool expr_run_multiply(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {multiply_ints, multiply_reals};
    return run_arithmetic(call, &how, out, e);
}

bool expr_run_divide(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {NULL, divide_reals};
    return run_arithmetic(call, &how, out, e);
}

bool expr_run_modulo(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {modulo_ints, modulo_reals};
    return run_arithmetic(call, &how, out, e);
}

bool expr_run_power(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {NULL, pow};
    return run_arithmetic(call, &how, out, e);
}

static bool run_reals(const Call *call, double (*f)(double), Vec *out, Error *e)
{
    if (!vec_need_numeric(call, 0, e) || !vec_new(call, COLUMN_REAL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++)
        if (!vec_put_real(out->column, i, f(vec_real(&call->args[0], i)), e))
            return column_unref(out->column), false;
    return true;
}

bool expr_run_log(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, log, out, e);
}
bool expr_run_log1p(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, log1p, out, e);
}
bool expr_run_exp(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, exp, out, e);
}
bool expr_run_sqrt(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, sqrt, out, e);
}
bool expr_run_sin(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, sin, out, e);
}
bool expr_run_cos(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, cos, out, e);
}
bool expr_run_tan(const Call *call, Vec *out, Error *e)
{
    return run_reals(call, tan, out, e);
}

bool expr_run_atan2(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {NULL, atan2};
    return run_arithmetic(call, &how, out, e);
}

bool expr_run_pi(const Call *call, Vec *out, Error *e)
{
    if (!vec_new(call, COLUMN_REAL, out, e))
        return false;
    out->column->data.reals[0] = acos(-1);
    return true;
}

/* Whole numbers of whole numbers. */
static bool run_whole(const Call *call, bool (*f)(int64_t, int64_t *), Vec *out, Error *e)
{
    if (!vec_new(call, COLUMN_INT, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        bool known = vec_valid(&call->args[0], i) && f(vec_int(&call->args[0], i), &out->column->data.ints[i]);
        if (!known && !column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

static bool negate_int(int64_t x, int64_t *out)
{
    return !__builtin_sub_overflow((int64_t)0, x, out);
}
static bool abs_int(int64_t x, int64_t *out)
{
    return x < 0 ? negate_int(x, out) : (*out = x, true);
}
static bool same_int(int64_t x, int64_t *out)
{
    return *out = x, true;
}
static double negate_real(double x)
{
    return -x;
}

bool expr_run_negate(const Call *call, Vec *out, Error *e)
{
    return is_whole(&call->args[0]) ? run_whole(call, negate_int, out, e) : run_reals(call, negate_real, out, e);
}

bool expr_run_abs(const Call *call, Vec *out, Error *e)
{
    return is_whole(&call->args[0]) ? run_whole(call, abs_int, out, e) : run_reals(call, fabs, out, e);
}

static bool run_to_int(const Call *call, double (*f)(double), Vec *out, Error *e)
{
    if (is_whole(&call->args[0]))
        return run_whole(call, same_int, out, e);
    if (!vec_need_numeric(call, 0, e) || !vec_new(call, COLUMN_INT, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        double x = f(vec_real(&call->args[0], i));
        if (fabs(x) < 9.2e18)
            out->column->data.ints[i] = (int64_t)x;
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_floor(const Call *call, Vec *out, Error *e)
{
    return run_to_int(call, floor, out, e);
}
bool expr_run_ceil(const Call *call, Vec *out, Error *e)
{
    return run_to_int(call, ceil, out, e);
}

static double round_digits(double x, double digits)
{
    double scale = pow(10, digits);
    return round(x * scale) / scale;
}

bool expr_run_round(const Call *call, Vec *out, Error *e)
{
    static const Arithmetic how = {NULL, round_digits};
    return call->count == 1 ? run_to_int(call, round, out, e) : run_arithmetic(call, &how, out, e);
}
