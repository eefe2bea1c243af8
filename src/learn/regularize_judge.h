/* Between the files of the bench of regularization. */
#ifndef LEARN_REGULARIZE_JUDGE_H
#define LEARN_REGULARIZE_JUDGE_H

#include "learn/call.h"
#include "learn/noise.h"
#include "learn/regularize.h"

typedef struct Bench {
    CallContext *c;
    const Pipeline *p;
    const RegularizePlan *plan;
    Call call;
    Prepared *data;
    Noise noise;
    const Metric *metric;
    TrainPlan *plans[VARIANTS]; /* of those that are tried; NULL: not */
    Variant tried[VARIANTS];
    size_t count;
    Value *figures[VARIANTS]; /* of tried ones: a list, a map for each seed that is done */
    TextList left;
} Bench;

char *bench_directory(const Bench *b, size_t piece); /* piece: seed by seed, in each of them all variants */
bool bench_measure(Bench *b, size_t piece, Error *e);
Value *bench_card(const Bench *b); /* so far */
bool bench_judge(const Bench *b, Value *card, Error *e);

#endif
