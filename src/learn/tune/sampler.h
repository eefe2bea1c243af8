/* Samplers: which settings a study tries. Draw n is a function of (space, seed, n) alone: the same at any time, in any order and for
 * any number of jobs, so a study resumes and replays by itself. None looks at results. One that does may use those of draws up to
 * n - lag only, with lag >= the largest number of jobs, and has to say so in its notes; otherwise draws would depend on who is first. */
#ifndef LEARN_TUNE_SAMPLER_H
#define LEARN_TUNE_SAMPLER_H

#include "learn/space.h"

typedef struct Sampler {
    Spec spec;
    /* How many draws there are; a study must ask for all of them. SPACE_ENDLESS: too many to count. NULL: as many as one likes. */
    size_t (*count)(const void *params, const Space *space);
    Value *(*draw)(const void *params, const Space *space, uint64_t seed, size_t trial); /* {"width": 32, ...} */
} Sampler;

const Sampler *sampler_of(const SpecUse *use); /* never NULL: random when none is named */

#endif
