/* Inside aggregates: what a function is given, and the list of functions. */
#ifndef TABLE_AGGREGATE_RUN_H
#define TABLE_AGGREGATE_RUN_H

#include "table/aggregate.h"

enum { AGGREGATE_ARGUMENTS = 2 };

typedef struct AggregateInput {
    const Groups *groups;
    const Column *x, *y;  /* arguments, a row for each row; NULL: not given */
    double number;        /* of quantile */
    const uint8_t *where; /* by row: it counts; NULL: all do */
    const char *name;     /* of the function, for messages */
} AggregateInput;

typedef struct AggregateFunction {
    const char *name, *use, *doc;
    int least, most; /* arguments */
    bool has_number; /* the last argument is a plain number */
    Column *(*run)(const AggregateInput *in, Error *e);
} AggregateFunction;

/* The row counts, and its argument has a value. */
static inline bool aggregate_counts(const AggregateInput *in, size_t row)
{
    return (!in->where || in->where[row]) && (!in->x || column_is_valid(in->x, row));
}

bool aggregate_needs_numbers(const AggregateInput *in, const Column *argument, Error *e);
Column *aggregate_slope(const AggregateInput *in, Error *e);

const AggregateFunction *aggregate_function(const char *name); /* NULL: none */
const AggregateFunction *aggregate_functions(size_t *count);
const char *aggregate_function_name(const void *unused, size_t i); /* for the nearest match; NULL at the end */

#endif
