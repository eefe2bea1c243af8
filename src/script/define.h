/* lb.define: what modules declare. In the state of a script it hands the text of the module to spec/module.h, which has it run by the
 * host here (host.h), alone in a state of its own. */
#ifndef SCRIPT_DEFINE_H
#define SCRIPT_DEFINE_H

#include "script/state.h"

void define_push(lua_State *L);                                                        /* the table lb.define */
void define_keep_text(lua_State *L, const char *chunk, const char *text, size_t size); /* of a module that is loaded from `chunk` */
/* What was declared in a state that is alone: the list of all, each { table given, family = ... }, or the table of this name (nil: none).
 */
void define_push_all(lua_State *L);
void define_push_named(lua_State *L, const char *family, const char *name);

#endif
