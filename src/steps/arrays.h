/* What the steps that make arrays share: the columns they are made of, and putting the array in their place. */
#ifndef STEPS_ARRAYS_H
#define STEPS_ARRAYS_H

#include "steps/tools.h"

typedef struct ArrayMaking {
    const StepInput *in;
    const TextList *columns; /* selectors */
    const char *into;
    bool is_ahead; /* of later rows, which nobody knows while predicting */
    int *from;     /* the columns found, numbers all; mem_free */
    size_t from_count;
} ArrayMaking;
bool arrays_find(ArrayMaking *m, Error *e);
/* One number of a column as arrays hold them: NAN when it is missing or beyond float32. */
float arrays_number(const Column *c, size_t row);
typedef enum ArrayCell { ARRAY_NONE, ARRAY_WHOLE, ARRAY_TORN } ArrayCell; /* torn: a number that it is made of is missing */
/* Adds the array to *t, missing where a cell is not whole. Torn cells are told: while designing how many, while predicting to their rows.
 * Takes array; on failure *t is released and NULL. */
bool arrays_put(const ArrayMaking *m, Column *array, const uint8_t *cells, Table **t, Error *e);
/* Takes what it was made of out of *t, but for columns with a role and those that are gone; on failure *t is released and NULL. */
bool arrays_drop_sources(const ArrayMaking *m, Table **t, Error *e);

#endif
