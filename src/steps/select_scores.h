/* What a column is worth by itself, as select measures it: by how it varies, or by what it says of the target. */
#ifndef STEPS_SELECT_SCORES_H
#define STEPS_SELECT_SCORES_H

#include "steps/step_target.h"

typedef enum ScoreBy { SCORE_VARIANCE, SCORE_CORRELATION, SCORE_INFORMATION, SCORE_CHI2, SCORE_F } ScoreBy;
extern const char *const score_names[]; /* in this order; ends with NULL */

typedef struct ColumnScore {
    double score; /* larger is better; 0 where nothing can be said */
    double p;     /* how likely as much is by chance; NAN: the measure has none */
} ColumnScore;

/* why: what the measure cannot take, static text ("is text"); NULL when it can. */
const char *score_refuses(int by, const Column *c);
/* Any but the correlation; information in nats beyond chance, numbers in ten parts. target NULL: the variance. False: out of memory. */
bool score_column(int by, Column *c, const StepTarget *target, ColumnScore *out, Error *e);
/* Pearson's, of rows that have both; 0 where one does not vary. */
double score_correlation(const Column *a, const Column *b);

#endif
