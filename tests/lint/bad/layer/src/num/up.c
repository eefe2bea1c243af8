/* A sample for the linter. */
#include "table/ok_table.h"
