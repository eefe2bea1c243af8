/* Evaluation: every node becomes a vector over all rows, or one value when it reads no column. Also what functions share:
 * argument types, common types, cells. The parser limits the depth of the tree. */
#include "table/expr_eval.h"

#include <math.h>

static const char *column_name_at(const void *self, size_t i)
{
    const Table *t = self;
    return i < t->columns_count ? t->names[i] : NULL;
}

static bool eval_column(const Node *n, const Table *t, Vec *out, Error *e)
{
    int at = table_find(t, n->name);
    if (at == TABLE_NONE) {
        const char *near = text_nearest(n->name, column_name_at, t);
        if (near)
            return expr_error(e, n->place, "unknown column \"%s\"; did you mean \"%s\"?", n->name, near);
        return expr_error(e, n->place, "unknown column \"%s\"; texts stand in quotes", n->name);
    }
    if (column_is_wide(t->columns[at]))
        return expr_error(e, n->place, "\"%s\" is an array; expressions take one value a row", n->name);
    *out = (Vec){.column = column_ref(t->columns[at])};
    return true;
}

static bool eval_call(const Node *n, const Table *t, Vec *out, Error *e)
{
    Vec *args = mem_alloc((n->count + 1) * sizeof *args);
    Call call = {.function = n->function, .args = args, .count = n->count, .rows = 1, .place = n->place};
    bool ok = true;
    for (size_t i = 0; ok && i < n->count; i++) {
        ok = expr_eval_node(n->items[i], t, &args[i], e);
        if (ok && !args[i].scalar)
            call.rows = t->rows;
    }
    bool scalar = true;
    for (size_t i = 0; ok && i < n->count; i++)
        scalar = scalar && args[i].scalar;
    ok = ok && n->function->run(&call, out, e);
    if (ok)
        out->scalar = scalar;
    for (size_t i = 0; i < n->count; i++)
        column_unref(args[i].column);
    mem_free(args);
    return ok;
}

bool expr_eval_node(const Node *n, const Table *t, Vec *out, Error *e)
{
    *out = (Vec){0};
    switch (n->kind) {
    case NODE_LITERAL:
        *out = n->literal;
        column_ref(out->column);
        return true;
    case NODE_COLUMN: return eval_column(n, t, out, e);
    case NODE_CALL: return eval_call(n, t, out, e);
    }
    return false;
}

bool vec_is(const Vec *v, ColumnType type)
{
    return v->untyped || v->column->type == type;
}

bool vec_is_numeric(const Vec *v)
{
    return v->untyped || v->column->type == COLUMN_BOOL || v->column->type == COLUMN_INT || v->column->type == COLUMN_REAL;
}

const char *vec_type_name(const Vec *v)
{
    return v->untyped ? "null" : column_type_name(v->column->type);
}

bool vec_new(const Call *call, ColumnType type, Vec *out, Error *e)
{
    out->column = column_new(type, call->rows, e);
    return out->column != NULL;
}

bool vec_need(const Call *call, size_t arg, ColumnType type, Error *e)
{
    if (vec_is(&call->args[arg], type))
        return true;
    return expr_error(e, call->place, "%s needs %s, found %s", call->function->use, column_type_name(type),
                      vec_type_name(&call->args[arg]));
}

bool vec_need_numeric(const Call *call, size_t arg, Error *e)
{
    if (vec_is_numeric(&call->args[arg]))
        return true;
    return expr_error(e, call->place, "%s needs numbers, found %s", call->function->use, vec_type_name(&call->args[arg]));
}

bool vec_common_type(const Call *call, size_t first, ColumnType *type, Error *e)
{
    bool known = false;
    *type = COLUMN_REAL;
    for (size_t i = first; i < call->count; i++) {
        const Vec *v = &call->args[i];
        if (v->untyped)
            continue;
        ColumnType own = v->column->type;
        bool both_numeric = own <= COLUMN_REAL && *type <= COLUMN_REAL;
        if (known && own != *type && !both_numeric)
            return expr_error(e, call->place, "%s mixes %s and %s", call->function->use, column_type_name(*type), column_type_name(own));
        if (!known || own > *type)
            *type = own;
        known = true;
    }
    return true;
}

bool vec_put_real(Column *to, size_t row, double x, Error *e)
{
    if (!isfinite(x))
        return column_set_missing(to, row, e);
    to->data.reals[row] = x;
    return true;
}

bool vec_put(Column *to, size_t row, const Vec *from, size_t from_row, Error *e)
{
    if (!vec_valid(from, from_row))
        return column_set_missing(to, row, e);
    size_t size, at = vec_row(from, from_row);
    switch (to->type) {
    case COLUMN_BOOL: to->data.flags[row] = from->column->data.flags[at]; return true;
    case COLUMN_INT:
    case COLUMN_DATE:
    case COLUMN_TIME: to->data.ints[row] = vec_int(from, from_row); return true;
    case COLUMN_REAL: to->data.reals[row] = column_real(from->column, at); return true;
    case COLUMN_TEXT: {
        const char *text = column_text(from->column, at, &size);
        return column_set_text(to, row, text, size, e);
    }
    case COLUMN_ARRAY:
    case COLUMN_SOUND: break;
    }
    return false;
}

bool vec_each_row(const Call *call, ColumnType type, VecPut *put, Vec *out, Error *e)
{
    if (!vec_new(call, type, out, e))
        return false;
    for (size_t i = 0; i < call->rows; i++) {
        bool known = true;
        for (size_t a = 0; known && a < call->count; a++)
            known = vec_valid(&call->args[a], i);
        if (!(known && put(call, i, out->column)) && !column_set_missing(out->column, i, e))
            return column_unref(out->column), false;
    }
    return true;
}

bool vec_constant_text(const Call *call, size_t arg, const char **out, Error *e)
{
    const Vec *v = &call->args[arg];
    if (v->untyped || !v->scalar || v->column->type != COLUMN_TEXT || !vec_valid(v, 0))
        return expr_error(e, call->place, "%s: argument %zu must be one text in quotes", call->function->use, arg + 1);
    *out = column_text(v->column, 0, NULL);
    return true;
}
