/* A sample for the linter. */
#include <lua.h>
