/* Simple models beside a net, on the same rows: what a net must be better than. */
#ifndef LEARN_BASELINES_H
#define LEARN_BASELINES_H

#include "learn/bundle.h"
#include "learn/contest.h"

typedef struct BaselinesTask {
    const Prepared *data; /* whose training part they learn from */
    Bundle *const *nets;  /* of one seed or several */
    size_t count;
    const Dataset *judged; /* as the nets are fed */
    const Table *raw;      /* of the judged rows, in their order, before the split's steps; NULL: not known */
    const char *on;        /* "valid" */
    uint64_t seed;
    int threads;
} BaselinesTask;
/* A contest (learn/contest.h) of "net" and its baselines, differences against the net, with "notes": what is missing and why, and "loses":
 * a sentence, where a baseline is better. */
#define BASELINES_CARD "baselines.json" /* in the script run: that of its newest training */
Value *baselines_judge(Job *job, const BaselinesTask *task, Error *e);
void baselines_print(const Value *contest, Text *out);

#endif
