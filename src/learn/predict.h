/* Prediction from inside the room: the answer to each input row while it is being made. */
#ifndef LEARN_PREDICT_H
#define LEARN_PREDICT_H

#include "learn/bundle.h"

typedef struct Predicting {
    const Bundle *b;
    const Table *input;  /* as given, with what could not be read */
    size_t rows;
    RowReasons said;     /* by the schema and the steps, per input row */
    char **lost;         /* per input row: where a value was lost on the way; NULL: nowhere */
    TextList made, makers; /* columns that steps made, and which steps */
    bool *has;           /* per input row: there is a prediction */
    float *outputs;      /* rows * outputs, by input row */
} Predicting;

/* Keeps an eye on the steps of a recipe: who drops a row, who loses a value. self: Predicting. */
bool predict_watch(void *self, const StepUse *use, const Table *before, const Table *after, Error *e);
/* Why a row of the features, x, has no prediction; NULL: it may have one. For the caller. */
char *predict_why_not(const Predicting *p, const Table *t, size_t row, const float *x);
/* prediction, p_<class>, reason: a row for each input row, and for each row of the file that could not be read, in place. */
Table *predict_table(const Predicting *p, Error *e);

#endif
