/* Array cells, for the files of this room. */
#ifndef TABLE_COLUMN_ARRAY_H
#define TABLE_COLUMN_ARRAY_H

#include "table/table.h"

enum { ARRAY_MOST = 1 << 24 };                                  /* numbers in a cell */
void cell_array_format(const Column *c, size_t row, Text *out); /* [[1, 2], [3, 4]]; -0 is 0, what is not finite is null */

#endif
