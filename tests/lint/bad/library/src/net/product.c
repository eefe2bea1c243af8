/* A sample for the linter. */
#include <cblas.h>
