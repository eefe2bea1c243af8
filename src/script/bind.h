/* The one binder between Lua calls and declared things: arguments by the rows of a Spec, constructors for every member of every
 * family, search spaces. */
#ifndef SCRIPT_BIND_H
#define SCRIPT_BIND_H

#include "script/state.h"

/* The options table at `index` (or a single positional value, or nothing) as a map for params_from_value. Values in positions go
 * to the rows marked positional, or to the first row. NULL on failure. */
Value *bind_options(lua_State *L, int index, const char *what, const Field *fields, Error *e);
void *bind_params(lua_State *L, int index, const Spec *spec, Error *e); /* checked parameters; NULL on failure */

/* Pushes options[name] and replaces the options table at `index` by a copy without it: for values that are objects. */
void bind_take(lua_State *L, int index, const char *name);

bool bind_layers(lua_State *L, int index, SpecList *layers, Error *e); /* what a net function returned */

bool bind_constructor(lua_State *L, const char *name); /* of a member that a module has defined meanwhile; false: none, nothing is pushed */
void bind_constructors(lua_State *L);                  /* into the table on top: lb.dense, lb.adam, lb.mlp, lb.int ... */

#endif
