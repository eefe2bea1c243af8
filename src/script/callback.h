/* Functions of a script that C calls while it learns, and what they remember between two calls. */
#ifndef SCRIPT_CALLBACK_H
#define SCRIPT_CALLBACK_H

#include "script/bind.h"

int callback_new(lua_State *L);           /* lb.callback */
void callback_know_globals(lua_State *L); /* those of now are the standard ones; once, before the script runs */
/* Names of the variables in which the function may keep something between two calls; the caller owns the text. NULL: none. */
char *callback_memory(lua_State *L, int64_t reference);
Value *callback_state(lua_State *L, int64_t reference, Error *e); /* a copy; NULL: it holds what no checkpoint can keep */
void callback_set_state(lua_State *L, int64_t reference, const Value *state);

#endif
