/* Comparisons, truth of three values, choice between values. */
#include <string.h>

#include "table/expr_nodes.h"

static int compare_texts(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_cells(const Vec *a, size_t i, const Vec *b, size_t j)
{
    ColumnType x = a->column->type, y = b->column->type;
    if (x == COLUMN_TEXT) {
        size_t a_size, b_size;
        const char *left = column_text(a->column, vec_row(a, i), &a_size), *right = column_text(b->column, vec_row(b, j), &b_size);
        return compare_texts(left, a_size, right, b_size);
    }
    if (x != COLUMN_REAL && y != COLUMN_REAL) {
        int64_t left = vec_int(a, i), right = vec_int(b, j);
        return (left > right) - (left < right);
    }
    double left = vec_real(a, i), right = vec_real(b, j);
    return (left > right) - (left < right);
}

static bool is_comparable(const Vec *a, const Vec *b)
{
    return a->column->type == b->column->type || (vec_is_numeric(a) && vec_is_numeric(b));
}

static bool check_comparable(const Call *call, const Vec *a, const Vec *b, Error *e)
{
    if (a->untyped || b->untyped)
        return expr_error(e, call->place, "nothing equals null; is_missing(x) finds missing values");
    if (is_comparable(a, b))
        return true;
    bool dates = (a->column->type == COLUMN_DATE || b->column->type == COLUMN_DATE);
    return expr_error(e, call->place, "%s and %s cannot be compared%s", vec_type_name(a), vec_type_name(b),
                      dates ? "; date('2020-01-31') makes a date" : "");
}

/* With one text on one side every distinct text is compared once. */
static bool compare_by_code(const Call *call, bool (*holds)(int), Vec *out)
{
    const Vec *many = &call->args[0], *one = &call->args[1];
    size_t size;
    const char *text = column_text(one->column, 0, &size);
    uint32_t count = dictionary_count(many->column->dictionary);
    bool *answers = mem_alloc((size_t)count + 1);
    for (uint32_t code = 0; code < count; code++) {
        size_t own;
        const char *level = dictionary_get(many->column->dictionary, code, &own);
        answers[code] = holds(compare_texts(level, own, text, size));
    }
    for (size_t i = 0; i < call->rows; i++)
        if (column_is_valid(many->column, i))
            out->column->data.flags[i] = answers[many->column->data.codes[i]];
    mem_free(answers);
    return true;
}

static bool mark_missing(const Call *call, Vec *out, Error *e)
{
    for (size_t i = 0; i < call->rows; i++)
        for (size_t a = 0; a < call->count; a++)
            if (!vec_valid(&call->args[a], i)) {
                if (!column_set_missing(out->column, i, e))
                    return column_unref(out->column), false;
                break;
            }
    return true;
}

static bool run_compare(const Call *call, bool (*holds)(int), Vec *out, Error *e)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (!check_comparable(call, a, b, e) || !vec_new(call, COLUMN_BOOL, out, e))
        return false;
    if (a->column->type == COLUMN_TEXT && !a->scalar && b->scalar && vec_valid(b, 0)) {
        compare_by_code(call, holds, out);
        return mark_missing(call, out, e);
    }
    for (size_t i = 0; i < call->rows; i++)
        if (vec_valid(a, i) && vec_valid(b, i))
            out->column->data.flags[i] = holds(compare_cells(a, i, b, i));
    return mark_missing(call, out, e);
}

static bool is_equal(int order)
{
    return order == 0;
}
static bool is_different(int order)
{
    return order != 0;
}
static bool is_less(int order)
{
    return order < 0;
}
static bool is_at_most(int order)
{
    return order <= 0;
}
static bool is_more(int order)
{
    return order > 0;
}
static bool is_at_least(int order)
{
    return order >= 0;
}

bool expr_run_equal(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_equal, out, e);
}
bool expr_run_differ(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_different, out, e);
}
bool expr_run_less(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_less, out, e);
}
bool expr_run_at_most(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_at_most, out, e);
}
bool expr_run_more(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_more, out, e);
}
bool expr_run_at_least(const Call *call, Vec *out, Error *e)
{
    return run_compare(call, is_at_least, out, e);
}

/* 1 true, 0 false, -1 unknown. */
static int truth(const Vec *v, size_t i)
{
    return vec_valid(v, i) ? v->column->data.flags[vec_row(v, i)] != 0 : -1;
}

static bool run_logic(const Call *call, int decides, Vec *out, Error *e)
{
    const Vec *a = &call->args[0], *b = &call->args[1];
    if (!vec_need(call, 0, COLUMN_BOOL, e) || !vec_need(call, 1, COLUMN_BOOL, e) || !vec_new(call, COLUMN_BOOL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        int left = truth(a, i), right = truth(b, i);
        if (left == decides || right == decides)
            out->column->data.flags[i] = (uint8_t)decides;
        else if (left >= 0 && right >= 0)
            out->column->data.flags[i] = (uint8_t)!decides;
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_and(const Call *call, Vec *out, Error *e)
{
    return run_logic(call, 0, out, e);
}
bool expr_run_or(const Call *call, Vec *out, Error *e)
{
    return run_logic(call, 1, out, e);
}

bool expr_run_not(const Call *call, Vec *out, Error *e)
{
    if (!vec_need(call, 0, COLUMN_BOOL, e) || !vec_new(call, COLUMN_BOOL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++)
        out->column->data.flags[i] = truth(&call->args[0], i) == 0;
    return mark_missing(call, out, e);
}

static bool is_in(const Call *call, size_t i)
{
    for (size_t k = 1; k < call->count; k++)
        if (vec_valid(&call->args[k], i) && compare_cells(&call->args[0], i, &call->args[k], i) == 0)
            return true;
    return false;
}

bool expr_run_in(const Call *call, Vec *out, Error *e)
{
    for (size_t k = 1; k < call->count; k++)
        if (!check_comparable(call, &call->args[0], &call->args[k], e))
            return false;
    if (!vec_new(call, COLUMN_BOOL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        if (vec_valid(&call->args[0], i))
            out->column->data.flags[i] = is_in(call, i);
        else if (!column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_if(const Call *call, Vec *out, Error *e)
{
    ColumnType type;
    if (!vec_need(call, 0, COLUMN_BOOL, e) || !vec_common_type(call, 1, &type, e) || !vec_new(call, type, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        int is = truth(&call->args[0], i);
        bool ok = is < 0 ? column_set_missing(out->column, i, e) : vec_put(out->column, i, &call->args[is ? 1 : 2], i, e);
        if (!ok)
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_coalesce(const Call *call, Vec *out, Error *e)
{
    ColumnType type;
    if (!vec_common_type(call, 0, &type, e) || !vec_new(call, type, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        size_t k = 0;
        while (k + 1 < call->count && !vec_valid(&call->args[k], i))
            k++;
        if (!vec_put(out->column, i, &call->args[k], i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_is_missing(const Call *call, Vec *out, Error *e)
{
    if (!vec_new(call, COLUMN_BOOL, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++)
        out->column->data.flags[i] = !vec_valid(&call->args[0], i);
    return true;
}

/* The argument whose value is the extreme of row i; SIZE_MAX when one is missing. */
static size_t extreme(const Call *call, int sign, size_t i)
{
    size_t best = 0;
    for (size_t k = 0; k < call->count; k++) {
        if (!vec_valid(&call->args[k], i))
            return SIZE_MAX;
        if (sign * compare_cells(&call->args[k], i, &call->args[best], i) > 0)
            best = k;
    }
    return best;
}

static bool run_extreme(const Call *call, int sign, Vec *out, Error *e)
{
    ColumnType type;
    if (!vec_common_type(call, 0, &type, e) || !vec_new(call, type, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        size_t k = extreme(call, sign, i);
        bool ok = k == SIZE_MAX ? column_set_missing(out->column, i, e) : vec_put(out->column, i, &call->args[k], i, e);
        if (!ok)
            return column_unref(out->column), false;
    }
    return true;
}

bool expr_run_max(const Call *call, Vec *out, Error *e)
{
    return run_extreme(call, 1, out, e);
}
bool expr_run_min(const Call *call, Vec *out, Error *e)
{
    return run_extreme(call, -1, out, e);
}

static size_t clip_choice(const Call *call, size_t i)
{
    for (size_t k = 0; k < 3; k++)
        if (!vec_valid(&call->args[k], i))
            return SIZE_MAX;
    if (compare_cells(&call->args[0], i, &call->args[1], i) < 0)
        return 1;
    return compare_cells(&call->args[0], i, &call->args[2], i) > 0 ? 2 : 0;
}

bool expr_run_clip(const Call *call, Vec *out, Error *e)
{
    ColumnType type;
    if (!vec_common_type(call, 0, &type, e) || !vec_new(call, type, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        size_t k = clip_choice(call, i);
        bool ok = k == SIZE_MAX ? column_set_missing(out->column, i, e) : vec_put(out->column, i, &call->args[k], i, e);
        if (!ok)
            return column_unref(out->column), false;
    }
    return true;
}
