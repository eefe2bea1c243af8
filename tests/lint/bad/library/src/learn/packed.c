/* A sample for the linter. */
#include <zlib.h>
