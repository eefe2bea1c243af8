/* Which rows of two tables have equal keys, one column or several, whatever their types: whole numbers and dates by value, texts by the
 * codes of their dictionaries, and only columns of unlike types by their texts. */
#ifndef TABLE_HASH_JOIN_H
#define TABLE_HASH_JOIN_H

#include "table/table.h"

typedef struct HashJoin {
    const Table *left, *right;
    const int *left_columns, *right_columns; /* pairs */
    size_t count;                            /* of pairs; 0: all rows have the same key */
} HashJoin;

/* leaders (right->rows items): for each row of the right table the first with its keys, itself where it is the first; match (left->rows
 * items): for each row of the left one the first of the right one with its keys. COLUMN_NO_ROW: a key is missing, or none is equal. */
bool hash_join(Job *job, const HashJoin *keys, size_t *leaders, size_t *match, Error *e);
bool hash_join_by_text(const Column *a, const Column *b); /* the types are so unlike that only equal texts are equal keys */

#endif
