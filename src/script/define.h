/* lb.define: steps that modules declare. In the state of a script it hands the text of the module to steps/defined.h, which has it run
 * by the host here, alone in a state of its own: for each call one, so that nothing is remembered but what fit returns. */
#ifndef SCRIPT_DEFINE_H
#define SCRIPT_DEFINE_H

#include "script/state.h"

void define_push(lua_State *L);                                                        /* the table lb.define */
void define_keep_text(lua_State *L, const char *chunk, const char *text, size_t size); /* of a module that is loaded from `chunk` */
/* The tables that were given to lb.define.step in a state that is alone: the list of all, or the one of this name (nil: none). */
void define_push_all(lua_State *L);
void define_push_named(lua_State *L, const char *name);

#endif
