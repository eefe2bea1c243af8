/* Value <-> Lua. Integers stay integers; functions become places in the script with a live reference. */
#ifndef SCRIPT_VALUE_H
#define SCRIPT_VALUE_H

#include "script/state.h"

Value *value_from_lua(lua_State *L, int index, Error *e);       /* NULL on failure */
Value *value_plain_from_lua(lua_State *L, int index, Error *e); /* the same; a function or a table of rows in it is refused */
void value_push(lua_State *L, const Value *v);
/* {"valid.auc": 0.8} as { valid = { auc = 0.8 } }. */
void value_push_nested(lua_State *L, const Value *flat);
Value *function_from_lua(lua_State *L, int index); /* {"script", "line", "reference"} */

#endif
