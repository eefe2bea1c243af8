/* Linear models with a penalty on the size of their weights, which are exactly 0 where a column does not pay for itself: the lasso for
 * numbers, logistic regression for classes (with more than two, softmax with weights for each). Of columns that say the same only the first
 * has weights. */
#ifndef NUM_L1_H
#define NUM_L1_H

#include "base/job.h"

#include <stddef.h>

/* What is minimized: half the mean square of errors, or the mean log loss, + penalty * sum of |weights|. Intercepts are free. In terms of
 * scikit-learn: Lasso(alpha = penalty), LogisticRegression(penalty = "l1", C = 1 / (rows * penalty)). */
typedef struct L1Task {
    const double *x; /* [column][row]; each column of mean 0 and mean square 1, or all 0 */
    size_t rows, columns;
    const double *values;  /* to be predicted; NULL: classes */
    const int32_t *labels; /* of each row, below classes */
    size_t classes;
    double precise; /* a change of all weights by less is none; 0: 1e-7 */
} L1Task;

typedef struct L1Model L1Model;
L1Model *l1_new(const L1Task *task, Error *e); /* all weights 0; borrows the task; NULL: out of memory */
void l1_free(L1Model *m);                      /* accepts NULL */
double l1_largest(L1Model *m);                 /* the least penalty at which all weights are 0 */
/* From the weights as they are to those of this penalty, above 0. Falling penalties one after the other are quick. */
bool l1_fit(Job *job, L1Model *m, double penalty, Error *e);
size_t l1_outputs(const L1Model *m);                              /* one, or with more than two classes one for each */
double l1_weight(const L1Model *m, size_t output, size_t column); /* of the columns as they are given */
double l1_magnitude(const L1Model *m, size_t column);             /* the largest of its weights; 0: it is not used */

#endif
