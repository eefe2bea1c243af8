/* What a column is worth by itself, as select measures it: by how it varies, or by what it says of the target. */
#ifndef STEPS_SELECT_SCORES_H
#define STEPS_SELECT_SCORES_H

#include "steps/step_target.h"

typedef enum ScoreBy {
    SCORE_VARIANCE,
    SCORE_CORRELATION,
    SCORE_INFORMATION,
    SCORE_CHI2,
    SCORE_F,
    SCORE_L1,
    SCORE_STABILITY,
    SCORE_MRMR
} ScoreBy;
extern const char *const score_names[]; /* in this order; ends with NULL */

typedef struct ColumnScore {
    double score; /* larger is better; 0 where nothing can be said */
    double p;     /* how likely as much is by chance; NAN: the measure has none */
    size_t place; /* of a measure that chooses one after the other: from 1; 0: not chosen, or it does not */
} ColumnScore;

/* why: what the measure cannot take, static text ("is text"); NULL when it can. */
const char *score_refuses(int by, const Column *c);
/* A measure of columns by themselves, but the correlation; information in nats beyond chance, numbers in ten parts. target NULL: the
 * variance. False: out of memory. */
bool score_column(int by, Column *c, const StepTarget *target, ColumnScore *out, Error *e);
bool score_is_joint(int by); /* it measures columns together: steps/select_joint.h */
/* Cells as codes from 0; below 0: left out. Numbers are in ten parts. */
typedef struct ScoreCodes {
    int32_t *codes;
    size_t count, rows;
} ScoreCodes;
bool score_codes(Column *c, ScoreCodes *out, Error *e);
bool score_codes_of_target(const StepTarget *target, ScoreCodes *out, Error *e);
void score_codes_done(ScoreCodes *x);
/* Nats that one tells of the other beyond chance. */
bool score_information(const ScoreCodes *a, const ScoreCodes *b, double *out, Error *e);
/* Pearson's, of rows that have both; 0 where one does not vary. */
double score_correlation(const Column *a, const Column *b);

#endif
