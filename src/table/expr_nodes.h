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
    size_t pattern; /* this argument, from 1, is a regular expression in quotes, checked when it is read; 0: none */
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

/* A function of the texts of the first argument, computed once for each distinct one; false: no value. */
typedef bool VecTextMap(void *how, const char *bytes, size_t size, Text *out);
bool vec_map_texts(const Call *call, VecTextMap *map, void *how, Vec *out, Error *e);
typedef struct Span {
    const char *bytes;
    size_t size;
} Span;
Span vec_span(const Vec *v, size_t i);                                            /* of a TEXT that is valid */
bool vec_constant_text(const Call *call, size_t arg, const char **out, Error *e); /* one text for all rows */
/* Fills a new column of `type` row by row; put: false leaves the row missing. */
typedef bool VecPut(const Call *call, size_t row, Column *to);
bool vec_each_row(const Call *call, ColumnType type, VecPut *put, Vec *out, Error *e);

/* Members of the function table, by file. */
#define EXPR_RUN(name) bool name(const Call *call, Vec *out, Error *e)
#define EXPR(name, use, doc, least, most, pattern) EXPR_RUN(expr_run_##name);
#include "table/expr_functions.def"
#undef EXPR
EXPR_RUN(expr_run_add);
EXPR_RUN(expr_run_subtract);
EXPR_RUN(expr_run_multiply);
EXPR_RUN(expr_run_divide);
EXPR_RUN(expr_run_modulo);
EXPR_RUN(expr_run_power);
EXPR_RUN(expr_run_negate);
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

#endif
