/* The terminal is given back whatever ends the program: a crash, a hang-up, no memory. There is one terminal. */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>

bool terminal_remember(int input);            /* its modes, as they were found; false: not a terminal */
void terminal_add_restore(const char *bytes); /* a capability: written when the terminal is given back, without its padding marks */
void terminal_guard(int input, int output);   /* from here on; forgets no bytes that were added */
void terminal_release(void);
void terminal_lend(bool lent); /* while suspended nothing is given back twice */
bool terminal_hung_up(void);

#endif
