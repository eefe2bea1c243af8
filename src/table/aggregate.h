/* Aggregates: one value for each group of rows: "sum(ceil(minutes)) where hour(time) >= 22". The arguments and the condition are
 * expressions; missing values are passed over. */
#ifndef TABLE_AGGREGATE_H
#define TABLE_AGGREGATE_H

#include "table/group.h"

typedef struct Aggregate Aggregate;
Aggregate *aggregate_parse(const char *text, Error *e);      /* syntax and names of functions */
void aggregate_free(Aggregate *a);                           /* accepts NULL */
void aggregate_columns(const Aggregate *a, TextList *names); /* that it reads; each once */
/* A row for each group. Groups without a value: missing; a count or sum: 0. The same bits for any number of threads. */
Column *aggregate_run(Job *job, const Aggregate *a, const Table *t, const Groups *g, Error *e);
void aggregate_help(Text *out); /* every function, one a line */

#endif
