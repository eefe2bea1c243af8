/* Prediction from inside the room: the answer to each input row while it is being made. */
#ifndef LEARN_PREDICT_H
#define LEARN_PREDICT_H

#include "learn/batch.h"
#include "learn/bundle.h"

typedef enum PredictLabel { LABEL_UNSEEN, LABEL_KNOWN, LABEL_NONE } PredictLabel; /* unseen: dropped before its target was looked at */

typedef struct Predicting {
    const Bundle *b;
    Job *job;
    const Table *input; /* as given, with what could not be read */
    SideTables sides;   /* borrowed: the tables given beside them */
    Table *before;      /* the rows behind the structural steps, with row ids of the input's places */
    size_t rows;
    RowReasons said;            /* by the schema and the steps, per input row */
    char **lost;                /* per input row: where a value was lost on the way; NULL: nowhere */
    TextList made, makers;      /* columns that steps made, and which steps */
    bool *newest;               /* per input row: it is asked for; NULL: all are */
    Table *places;              /* with newest: the columns that tell its series and its time, by input row; NULL: not known yet */
    bool *has;                  /* per input row: there is a prediction */
    uint8_t *labels;            /* per input row: PredictLabel; NULL: not asked */
    size_t unlabelled, strange; /* rows without a target; with a class that the model does not know */
    float *outputs;             /* rows * outputs, by input row */
} Predicting;

/* Everything up to the outputs. predict_done in any case. */
bool predict_run(Job *job, const Bundle *b, const PredictTask *task, Predicting *p, Error *e);
void predict_done(Predicting *p);
/* Keeps an eye on the steps of a recipe: who drops a row, who loses a value. self: Predicting. */
bool predict_watch(void *self, const StepUse *use, const Table *before, const Table *after, Error *e);
/* Finds the newest row of each series in t, by the last step that looks at other rows, else (use NULL) by the roles of the model. Nothing
 * where all rows are asked for. */
bool predict_newest(Job *job, Predicting *p, const StepUse *use, const Table *t, Error *e);
typedef struct PredictRow { /* of the table behind all steps, with its features */
    const FeaturePlan *plan;
    size_t row;
    const float *x;
} PredictRow;
/* Why a row has no prediction; NULL: it may have one. For the caller. */
char *predict_why_not(const Predicting *p, const Table *t, const PredictRow *at);
/* prediction, p_<class>, reason: a row for each input row, and for each row of the file that could not be read, in place. */
Table *predict_table(const Predicting *p, Error *e);

#endif
