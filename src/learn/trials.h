/* The trials of a study: drawn from its space, no two the same. A trial whose net cannot be made is a trial too, a failed one. */
#ifndef LEARN_TRIALS_H
#define LEARN_TRIALS_H

#include "learn/space.h"

typedef struct Trial {
    Value *settings;
    TrainPlan *plan;
    Error failure; /* no net, or settings that no plan takes; ERROR_NONE: it can be trained */
} Trial;

typedef struct Trials {
    Trial *items;
    size_t count, room;
    size_t repeated;  /* draws that were the same as one before */
    size_t exhausted; /* how many settings there are, when fewer than asked for; 0: enough */
} Trials;

typedef struct TrialsTask {
    CallContext *c;
    const TunePlan *plan;
    uint64_t seed;
} TrialsTask;

/* Names in the space that nothing reads are refused, and so is a grid of more points than trials. */
bool trials_make(const TrialsTask *task, Space *space, Trials *out, Error *e);
void trials_done(Trials *t);

#endif
