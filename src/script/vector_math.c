/* What vectors compute: arithmetic with numbers and with vectors as long, comparisons that give 1 and 0, functions of each cell, figures
 * of all cells that are there. */
#include <math.h>
#include <stdlib.h>

#include "base/moments.h"
#include "base/sort.h"
#include "script/vector.h"

typedef enum Operation { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_LT, OP_LE, OP_GT, OP_GE, OP_EQ, OP_NE } Operation;

/* One side of an operation; a number stays where it is. */
typedef struct Operand {
    const double *cells;
    size_t stride;
} Operand;

static Operand operand_at(lua_State *L, int index, double *number, size_t *count)
{
    if (lua_type(L, index) == LUA_TNUMBER) {
        *number = lua_tonumber(L, index);
        return (Operand){number, 0};
    }
    const Vector *v = vector_take(L, index);
    if (*count != SIZE_MAX && *count != v->count)
        luaL_error(L, "vectors of %I and %I numbers do not go together", (LUAI_UACINT)*count, (LUAI_UACINT)v->count);
    *count = v->count;
    return (Operand){v->cells, 1};
}

static double compared(double x, double y, bool holds)
{
    return isnan(x) || isnan(y) ? (double)NAN : holds;
}

#define EACH(expression) \
    for (size_t i = 0; i < count; i++) { \
        double x = a.cells[i * a.stride], y = b.cells[i * b.stride]; \
        out[i] = expression; \
    } \
    break

static void operate(Operation op, Operand a, Operand b, size_t count, double *out)
{
    switch (op) {
    case OP_ADD: EACH(x + y);
    case OP_SUB: EACH(x - y);
    case OP_MUL: EACH(x * y);
    case OP_DIV: EACH(x / y);
    case OP_POW: EACH(pow(x, y));
    case OP_LT: EACH(compared(x, y, x < y));
    case OP_LE: EACH(compared(x, y, x <= y));
    case OP_GT: EACH(compared(x, y, x > y));
    case OP_GE: EACH(compared(x, y, x >= y));
    case OP_EQ: EACH(compared(x, y, x == y));
    case OP_NE: EACH(compared(x, y, x != y));
    }
}

/* upvalue: the operation */
static int vector_operate(lua_State *L)
{
    Operation op = (Operation)lua_tointeger(L, lua_upvalueindex(1));
    size_t count = SIZE_MAX;
    double x, y;
    lua_settop(L, 2);
    Operand a = operand_at(L, 1, &x, &count), b = operand_at(L, 2, &y, &count);
    operate(op, a, b, count, vector_push(L, count)->cells);
    return 1;
}

static int compare(lua_State *L, Operation op)
{
    size_t count = SIZE_MAX;
    double x, y;
    Operand a = operand_at(L, 1, &x, &count), b = operand_at(L, 2, &y, &count);
    operate(op, a, b, count, vector_push(L, count)->cells);
    return 1;
}

static int vector_lt(lua_State *L)
{
    return compare(L, OP_LT);
}

static int vector_le(lua_State *L)
{
    return compare(L, OP_LE);
}

static int vector_gt(lua_State *L)
{
    return compare(L, OP_GT);
}

static int vector_ge(lua_State *L)
{
    return compare(L, OP_GE);
}

static int vector_eq(lua_State *L)
{
    return compare(L, OP_EQ);
}

static int vector_ne(lua_State *L)
{
    return compare(L, OP_NE);
}

static int map_cells(lua_State *L, double (*function)(double))
{
    const Vector *v = vector_check(L, 1);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = function(v->cells[i]);
    return 1;
}

static int vector_unm(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = -v->cells[i];
    return 1;
}

static double sign_of(double x)
{
    return isnan(x) ? x : (x > 0) - (x < 0);
}

#define CELL_FUNCTION(name, function) \
    static int vector_##name(lua_State *L) \
    { \
        return map_cells(L, function); \
    }
CELL_FUNCTION(log, log)
CELL_FUNCTION(log1p, log1p)
CELL_FUNCTION(exp, exp)
CELL_FUNCTION(sqrt, sqrt)
CELL_FUNCTION(abs, fabs)
CELL_FUNCTION(floor, floor)
CELL_FUNCTION(ceil, ceil)
CELL_FUNCTION(round, round)
CELL_FUNCTION(tanh, tanh)
CELL_FUNCTION(sign, sign_of)

/* v:clip(low, high), v:fill(x): what is missing becomes x. */
static int vector_clip(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    double low = luaL_checknumber(L, 2), high = luaL_checknumber(L, 3);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = v->cells[i] < low ? low : v->cells[i] > high ? high : v->cells[i];
    return 1;
}

static int vector_fill(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    double x = luaL_checknumber(L, 2);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = isnan(v->cells[i]) ? x : v->cells[i];
    return 1;
}

/* c:where(a, b): a where c is not 0, b where it is, missing where it is missing. */
static int vector_where(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    size_t count = v->count;
    double x, y;
    lua_settop(L, 3);
    Operand a = operand_at(L, 2, &x, &count), b = operand_at(L, 3, &y, &count);
    Vector *out = vector_push(L, count);
    for (size_t i = 0; i < count; i++)
        out->cells[i] = isnan(v->cells[i]) ? (double)NAN : v->cells[i] != 0 ? a.cells[i * a.stride] : b.cells[i * b.stride];
    return 1;
}

static int vector_map(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++) {
        out->cells[i] = (double)NAN;
        if (isnan(v->cells[i]))
            continue;
        lua_pushvalue(L, 2);
        lua_pushnumber(L, v->cells[i]);
        lua_call(L, 1, 1);
        if (!lua_isnil(L, -1))
            out->cells[i] = luaL_checknumber(L, -1);
        lua_pop(L, 1);
    }
    return 1;
}

/* Cells of `by` rows earlier; negative: later. */
static int vector_shift(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    lua_Integer by = luaL_checkinteger(L, 2);
    Vector *out = vector_push(L, v->count);
    for (size_t i = 0; i < v->count; i++) {
        bool is_there = by >= 0 ? (lua_Unsigned)by <= i : (lua_Unsigned)-by < v->count - i;
        out->cells[i] = is_there ? v->cells[(lua_Integer)i - by] : (double)NAN;
    }
    out->whole = v->whole;
    return 1;
}

/* Sums up to each cell; a missing one adds nothing. */
static int vector_cumsum(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    Vector *out = vector_push(L, v->count);
    double sum = 0;
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = sum += isnan(v->cells[i]) ? 0 : v->cells[i];
    return 1;
}

/* The numbers that are there. */
static double *present(lua_State *L, const Vector *v, size_t *count)
{
    double *out = lua_newuserdatauv(L, (v->count + 1) * sizeof *out, 0);
    *count = 0;
    for (size_t i = 0; i < v->count; i++)
        if (!isnan(v->cells[i]))
            out[(*count)++] = v->cells[i];
    return out;
}

static int push_figure(lua_State *L, size_t count, double x)
{
    if (count)
        lua_pushnumber(L, x);
    else
        lua_pushnil(L);
    return 1;
}

static int vector_count(lua_State *L)
{
    size_t count;
    present(L, vector_check(L, 1), &count);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static int vector_sum(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    double sum = 0;
    for (size_t i = 0; i < v->count; i++)
        sum += isnan(v->cells[i]) ? 0 : v->cells[i];
    lua_pushnumber(L, sum);
    return 1;
}

static int vector_mean(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    size_t count = 0;
    double sum = 0;
    for (size_t i = 0; i < v->count; i++) {
        bool is_there = !isnan(v->cells[i]);
        count += is_there;
        sum += is_there ? v->cells[i] : 0;
    }
    return push_figure(L, count, sum / (double)count);
}

static int vector_sd(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    Moments m = moments_of(v->cells, v->count);
    return push_figure(L, m.count > 1, m.sd_sample);
}

static int extreme(lua_State *L, double sign)
{
    const Vector *v = vector_check(L, 1);
    size_t count = 0;
    double best = 0;
    for (size_t i = 0; i < v->count; i++)
        if (!isnan(v->cells[i]) && (count++ == 0 || sign * v->cells[i] > sign * best))
            best = v->cells[i];
    return push_figure(L, count, best);
}

static int vector_min(lua_State *L)
{
    return extreme(L, -1);
}

static int vector_max(lua_State *L)
{
    return extreme(L, 1);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between neighbors on the line, as in the expressions of steps. */
static int push_quantile(lua_State *L, double share)
{
    size_t count;
    double *sorted = present(L, vector_check(L, 1), &count);
    if (!count)
        return push_figure(L, 0, 0);
    qsort(sorted, count, sizeof *sorted, by_size);
    double at = share * (double)(count - 1);
    size_t low = (size_t)at, high = low + 1 < count ? low + 1 : low;
    return push_figure(L, count, sorted[low] + (at - (double)low) * (sorted[high] - sorted[low]));
}

static int vector_quantile(lua_State *L)
{
    double share = luaL_checknumber(L, 2);
    luaL_argcheck(L, share >= 0 && share <= 1, 2, "a share is 0 to 1");
    return push_quantile(L, share);
}

static int vector_median(lua_State *L)
{
    return push_quantile(L, 0.5);
}

typedef struct Placed {
    double key;
    size_t place;
} Placed;

static int by_key(const void *a, const void *b)
{
    const Placed *x = a, *y = b;
    bool no_x = isnan(x->key), no_y = isnan(y->key);
    int way = no_x || no_y ? no_x - no_y : (x->key > y->key) - (x->key < y->key);
    return way ? way : (x->place > y->place) - (x->place < y->place);
}

/* v:order(): the places of the cells from the smallest to the largest, equal ones as they stand, missing ones last. */
static int vector_order(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    Placed *items = lua_newuserdatauv(L, (v->count + 1) * sizeof *items, 0);
    for (size_t i = 0; i < v->count; i++)
        items[i] = (Placed){v->cells[i], i};
    qsort(items, v->count, sizeof *items, by_key);
    Vector *out = vector_push(L, v->count);
    out->whole = true;
    for (size_t i = 0; i < v->count; i++)
        out->cells[i] = (double)items[i].place + 1;
    return 1;
}

/* v:pick(places): its cells at these places. */
static int vector_pick(lua_State *L)
{
    const Vector *v = vector_check(L, 1);
    lua_settop(L, 2);
    const Vector *places = vector_take(L, 2);
    Vector *out = vector_push(L, places->count);
    out->whole = v->whole;
    for (size_t i = 0; i < places->count; i++) {
        double place = places->cells[i];
        if (!(place >= 1 && place <= (double)v->count))
            return luaL_error(L, "a vector of %I numbers has no place %f", (LUAI_UACINT)v->count, place);
        out->cells[i] = v->cells[(size_t)place - 1];
    }
    return 1;
}

const ScriptMethod vector_methods[] = {
    {"lt", vector_lt, "a", NULL},        {"le", vector_le, "a", NULL},
    {"gt", vector_gt, "a", NULL},        {"ge", vector_ge, "a", NULL},
    {"eq", vector_eq, "a", NULL},        {"ne", vector_ne, "a", NULL},
    {"log", vector_log, "", NULL},       {"log1p", vector_log1p, "", NULL},
    {"exp", vector_exp, "", NULL},       {"sqrt", vector_sqrt, "", NULL},
    {"abs", vector_abs, "", NULL},       {"floor", vector_floor, "", NULL},
    {"ceil", vector_ceil, "", NULL},     {"round", vector_round, "", NULL},
    {"tanh", vector_tanh, "", NULL},     {"sign", vector_sign, "", NULL},
    {"clip", vector_clip, "nn", NULL},   {"fill", vector_fill, "n", NULL},
    {"where", vector_where, "aa", NULL}, {"map", vector_map, "a", NULL},
    {"shift", vector_shift, "i", NULL},  {"cumsum", vector_cumsum, "", NULL},
    {"count", vector_count, "", NULL},   {"sum", vector_sum, "", NULL},
    {"mean", vector_mean, "", NULL},     {"sd", vector_sd, "", NULL},
    {"min", vector_min, "", NULL},       {"max", vector_max, "", NULL},
    {"median", vector_median, "", NULL}, {"quantile", vector_quantile, "n", NULL},
    {"order", vector_order, "", NULL},   {"pick", vector_pick, "a", NULL},
    {"list", vector_list, "", NULL},     {0},
};

void vector_open_arithmetic(lua_State *L)
{
    static const char *const events[] = {"__add", "__sub", "__mul", "__div", "__pow"};
    luaL_getmetatable(L, "limbeck.vector");
    for (int i = OP_ADD; i <= OP_POW; i++) {
        lua_pushinteger(L, i);
        lua_pushcclosure(L, vector_operate, 1);
        lua_setfield(L, -2, events[i]);
    }
    lua_pushcfunction(L, vector_unm);
    lua_setfield(L, -2, "__unm");
    lua_pop(L, 1);
}
