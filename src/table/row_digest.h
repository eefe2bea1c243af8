/* A 64-bit digest of each row's contents: the same for the same values whatever the order of columns, the types they were read as
 * (1 and 1.0, -0 and 0), row ids or dictionary codes. Missing cells add nothing. */
#ifndef TABLE_ROW_DIGEST_H
#define TABLE_ROW_DIGEST_H

#include "table/table.h"

/* digests: t->rows items. columns NULL: all; a name that is absent is an error. */
bool row_digests(const Table *t, const TextList *columns, uint64_t *digests, Error *e);
/* Makes equal rows different: the second of its kind, the third ... in the order of the table. */
bool row_digests_number(uint64_t *digests, size_t rows, Error *e);
/* Digest of one cell with its column's name. */
uint64_t row_digest_cell(const char *name, const Column *c, size_t row);
/* Sets: sorted, each once; the new count. */
size_t row_digests_sort(uint64_t *digests, size_t count);
bool row_digests_has(const uint64_t *sorted, size_t count, uint64_t wanted);

#endif
