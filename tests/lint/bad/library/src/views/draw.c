/* A sample for the linter. */
#include <curses.h>
