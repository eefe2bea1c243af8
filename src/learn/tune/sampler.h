/* Samplers: which settings a study tries. Trial n is a function of (space, seed, n), so a study resumes and replays by itself. */
#ifndef LEARN_TUNE_SAMPLER_H
#define LEARN_TUNE_SAMPLER_H

#include "learn/space.h"

typedef struct Sampler {
    Spec spec;
    /* How many of the trials asked for there are; NULL: all of them. */
    size_t (*count)(const void *params, const Space *space, size_t asked);
    Value *(*draw)(const void *params, const Space *space, uint64_t seed, size_t trial); /* {"width": 32, ...} */
} Sampler;

const Sampler *sampler_of(const SpecUse *use); /* never NULL: random when none is named */

#endif
