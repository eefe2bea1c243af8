/* The inside of expressions, shared by the expr_*.c files: nodes, vectors and the function table. */
#ifndef TABLE_EXPR_NODES_H
#define TABLE_EXPR_NODES_H

#include "table/expr.h"

/* A value for every row, or one value for all rows. */
typedef struct Vec {
    Column *column; /* one row when scalar */
    bool scalar;
    bool untyped; /* the literal null: takes the type of its neighbors */
} Vec;

typedef struct Call Call;
typedef struct ExprFunction {
    const char *name, *use, *doc; /* use: "clip(x, low, high)" */
    size_t least, most;           /* arguments; most 0: any number */
    bool (*run)(const Call *call, Vec *out, Error *e);
} ExprFunction;

struct Call {
    const ExprFunction *function;
    const Vec *args;
    size_t count, rows; /* rows of the result: 1 when all arguments are scalar */
    size_t place;
};

typedef enum NodeKind { NODE_LITERAL, NODE_COLUMN, NODE_CALL } NodeKind;

typedef struct Node Node;
struct Node {
    NodeKind kind;
    size_t place; /* 1-based column in the text */
    int depth;
    Vec literal;
    char *name; /* of a column */
    const ExprFunction *function;
    Node **items;
    size_t count, room;
};

enum { EXPR_DEPTH = 100 }; /* of nested parentheses and of the tree */

Node *expr_parse_nodes(const char *text, Error *e);
void expr_free_nodes(Node *n); /* accepts NULL */
bool expr_error(Error *e, size_t place, const char *format, ...) PRINTF_LIKE(3, 4);
const ExprFunction *expr_function(const char *name);          /* written with parentheses */
const ExprFunction *expr_operator(const char *name);          /* "+", "and", "in" ... */
const char *expr_function_name(const void *unused, size_t i); /* for the nearest match, and for help; NULL at the end */

/* Vectors. */
static inline size_t vec_row(const Vec *v, size_t i)
{
    return v->scalar ? 0 : i;
}
static inline bool vec_valid(const Vec *v, size_t i)
{
    return column_is_valid(v->column, vec_row(v, i));
}
static inline int64_t vec_int(const Vec *v, size_t i)
{
    size_t row = vec_row(v, i);
    return v->column->type == COLUMN_BOOL ? v->column->data.flags[row] : v->column->data.ints[row];
}
static inline double vec_real(const Vec *v, size_t i)
{
    return column_real(v->column, vec_row(v, i));
}
bool vec_is(const Vec *v, ColumnType type); /* or untyped */
bool vec_is_numeric(const Vec *v);
const char *vec_type_name(const Vec *v);
bool vec_new(const Call *call, ColumnType type, Vec *out, Error *e);
bool vec_need_numeric(const Call *call, size_t arg, Error *e);
bool vec_need(const Call *call, size_t arg, ColumnType type, Error *e);
bool vec_common_type(const Call *call, size_t first, ColumnType *type, Error *e); /* of arguments first .. */
bool vec_put(Column *to, size_t row, const Vec *from, size_t from_row, Error *e); /* converts numbers to the type of `to` */
bool vec_put_real(Column *to, size_t row, double x, Error *e);                    /* what is not finite becomes missing */

/* Members of the function table, by file. */
#define EXPR_RUN(name) bool name(const Call *call, Vec *out, Error *e)
EXPR_RUN(expr_run_add);
EXPR_RUN(expr_run_subtract);
EXPR_RUN(expr_run_multiply);
EXPR_RUN(expr_run_divide);
EXPR_RUN(expr_run_modulo);
EXPR_RUN(expr_run_power);
EXPR_RUN(expr_run_negate);
EXPR_RUN(expr_run_log);
EXPR_RUN(expr_run_log1p);
EXPR_RUN(expr_run_exp);
EXPR_RUN(expr_run_sqrt);
EXPR_RUN(expr_run_abs);
EXPR_RUN(expr_run_floor);
EXPR_RUN(expr_run_ceil);
EXPR_RUN(expr_run_round);
EXPR_RUN(expr_run_clip);
EXPR_RUN(expr_run_min);
EXPR_RUN(expr_run_max);
EXPR_RUN(expr_run_equal);
EXPR_RUN(expr_run_differ);
EXPR_RUN(expr_run_less);
EXPR_RUN(expr_run_at_most);
EXPR_RUN(expr_run_more);
EXPR_RUN(expr_run_at_least);
EXPR_RUN(expr_run_and);
EXPR_RUN(expr_run_or);
EXPR_RUN(expr_run_not);
EXPR_RUN(expr_run_in);
EXPR_RUN(expr_run_if);
EXPR_RUN(expr_run_coalesce);
EXPR_RUN(expr_run_is_missing);
EXPR_RUN(expr_run_lower);
EXPR_RUN(expr_run_upper);
EXPR_RUN(expr_run_trim);
EXPR_RUN(expr_run_length);
EXPR_RUN(expr_run_contains);
EXPR_RUN(expr_run_starts_with);
EXPR_RUN(expr_run_ends_with);
EXPR_RUN(expr_run_concat);
EXPR_RUN(expr_run_year);
EXPR_RUN(expr_run_month);
EXPR_RUN(expr_run_day);
EXPR_RUN(expr_run_weekday);
EXPR_RUN(expr_run_hour);
EXPR_RUN(expr_run_date);

#endif
