/* What a comparison is made of, between its files. */
#ifndef LEARN_COMPARE_H
#define LEARN_COMPARE_H

#include "learn/learn.h"

/* One model on the part: finished outputs by row of the part, and its figures. */
typedef struct Judged {
    float *outputs;      /* rows * outputs; NAN for rows its steps drop */
    Value *figures;
} Judged;

typedef struct Judging {
    Job *job;
    const Table *rows;   /* the raw part */
    size_t outputs;
    const float *teacher; /* its outputs; NULL: none */
    Dataset truth;       /* labels or values of rows */
} Judging;

bool judge_model(const Judging *j, const Bundle *b, Judged *out, Error *e);
void judged_done(Judged *j);
void judge_latency(const Bundle *b, const Dataset *rows, Value *figures); /* p50, p99 in seconds, rows_per_second */

#endif
