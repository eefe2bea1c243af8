/* Layers that make several numbers of each number of a vector, and let those pass that are true or false: they stand behind the others. */
#ifndef NET_LAYERS_NUMBER_COLUMNS_H
#define NET_LAYERS_NUMBER_COLUMNS_H

#include "net/layer.h"

#define NUMBER_FLAGS_ROW(T) \
    { \
        NUMBERS_FIELD(T, flags), .doc = "places of true and false, which pass; found in the table", .def = "", .min = 0, .max = 1 << 28, \
                                 .is_sparse = true \
    }

/* Which place of the input a number has. */
typedef struct NumberColumn {
    int64_t place;   /* of the input */
    size_t at, flag; /* of the numbers; of the flags before it */
} NumberColumn;
NumberColumn number_column_before_first(void);
bool number_column_next(const NumberList *flags, Shape in, NumberColumn *c);

int64_t number_columns_count(const NumberList *flags, Shape in);
/* *out: width numbers of each, then the flags. */
bool number_columns_shape(const NumberList *flags, int64_t width, Shape in, Shape *out, Error *e);
void number_columns_pass_flags(const NumberList *flags, const LayerPass *p);
void number_columns_flags_back(const NumberList *flags, const LayerPass *p);

#endif
