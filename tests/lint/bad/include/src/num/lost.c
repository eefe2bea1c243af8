/* A sample for the linter. */
#include "kernels.h"
