/* What the steps that make arrays share: the columns they are made of, and putting the array in their place. */
#ifndef STEPS_ARRAYS_H
#define STEPS_ARRAYS_H

#include "steps/tools.h"

typedef struct ArrayMaking {
    const StepInput *in;
    const TextList *columns; /* selectors */
    const char *into;
    bool keep; /* the columns too, not the array alone */
    int *from; /* the columns found, numbers all; mem_free */
    size_t from_count;
} ArrayMaking;
bool arrays_find(ArrayMaking *m, Error *e);
/* One number of a column as arrays hold them: NAN when it is missing or beyond float32. */
float arrays_number(const Column *c, size_t row);
typedef enum ArrayCell { ARRAY_NONE, ARRAY_WHOLE, ARRAY_TORN } ArrayCell; /* torn: a number that it is made of is missing */
/* The table with the array, missing where a cell is not whole, and without what it was made of, but for columns with a role. Torn cells
 * are told: while designing how many, while predicting to their rows. Takes array, also on failure. */
bool arrays_put(const ArrayMaking *m, Column *array, const uint8_t *cells, Table **out, Error *e);

#endif
