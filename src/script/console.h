/* The console from inside the room: also the prompt of `limbeck lua`. */
#ifndef SCRIPT_CONSOLE_H
#define SCRIPT_CONSOLE_H

#include "script/state.h"

Console *console_of(ScriptState *s);    /* takes s */
bool console_is_open(const Console *c); /* the last line left a chunk unfinished */
bool console_is_exiting(const Console *c, int *exit_code);

#endif
