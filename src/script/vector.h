/* Vectors: the numbers of a column in one block, with arithmetic. What functions of modules are given for columns of numbers; wherever
 * cells are taken, they stand for an array of numbers. A missing cell is nil; arithmetic on one gives a missing one. */
#ifndef SCRIPT_VECTOR_H
#define SCRIPT_VECTOR_H

#include "script/objects.h"

typedef struct Vector {
    size_t count;
    bool whole; /* whole numbers, read as integers */
    double cells[];
} Vector; /* owned by Lua; NAN: missing */

Vector *vector_push(lua_State *L, size_t count); /* cells are the caller's to fill */
void vector_push_reals(lua_State *L, const double *cells, size_t count);
/* Rows of a column: a vector where it holds numbers that a double holds, else an array of its cells. */
void vector_push_cells(lua_State *L, const Column *c, size_t from, size_t rows);
Vector *vector_test(lua_State *L, int index); /* NULL: something else */
int vector_new_lua(lua_State *L);             /* lb.vector */
void vector_open(lua_State *L);

/* Between the two files of this module. */
Vector *vector_check(lua_State *L, int index);      /* raises */
const Vector *vector_take(lua_State *L, int index); /* a vector, or the array at index made one, in its place; raises */
int vector_list(lua_State *L);
extern const ScriptMethod vector_methods[];
void vector_open_arithmetic(lua_State *L); /* + - * / ^ and unary -, into the metatable */

#endif
