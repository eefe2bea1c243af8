/* What columns are worth beside each other: which of them a linear model with an L1 penalty uses, and which tell of the target what those
 * chosen before do not. */
#ifndef STEPS_SELECT_JOINT_H
#define STEPS_SELECT_JOINT_H

#include "steps/select_scores.h"

typedef struct JointTask {
    int by; /* SCORE_L1, SCORE_STABILITY or SCORE_MRMR */
    const StepInput *in;
    const TextList *names; /* of the columns */
    const StepTarget *target;
    size_t keep;    /* so many are wanted; 0: what the measure finds */
    double penalty; /* as in num/l1.h; numbers to be predicted have spread 1 */
} JointTask;

enum { STABILITY_HALVES = 50 };

/* One score for each name. l1: the largest weight at the penalty, or with keep the penalty at which a weight appears on the way down;
 * stability: the share of random halves of the rows in which l1 gives a weight (N. Meinshausen and P. Buehlmann 2010); mrmr: information
 * on the target beyond chance, less what is shared on average with those chosen before (H. Peng, F. Long, C. Ding 2005). */
bool score_jointly(Job *job, const JointTask *task, ColumnScore *scores, Error *e);

#endif
