/* Rows that belong together because they agree in some columns: what is grouped, joined, ordered within groups and never parted. */
#ifndef TABLE_GROUP_H
#define TABLE_GROUP_H

#include "table/table.h"

/* Groups are numbered by their first rows, so the numbers depend on nothing but the order of the table. Cells that are missing agree
 * with each other. */
typedef struct Groups {
    size_t rows, count;
    uint32_t *of;    /* group of each row */
    uint32_t *first; /* first row of each group */
    uint32_t *sizes; /* rows of each group */
} Groups;
/* count 0: all rows are one group. -0 and 0 agree; arrays are refused. */
bool groups_make(Job *job, const Table *t, const int *columns, size_t count, Groups *out, Error *e);
void groups_done(Groups *g);
/* These columns of the first row of each group, with its row id. */
Table *groups_keys(const Groups *g, const Table *t, const int *columns, size_t count, Error *e);

/* The rows group after group; within a group by time, rows without a time last, and as in the table where nothing else decides. */
typedef struct RowOrder {
    size_t rows, groups;
    uint32_t *row;  /* at each place */
    size_t *starts; /* groups + 1 places */
} RowOrder;
bool row_order_make(Job *job, const Groups *g, const Column *time, RowOrder *out, Error *e); /* time NULL: none */
void row_order_done(RowOrder *o);

#endif
