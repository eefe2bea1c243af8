/* The nearest so far of what is looked at in order: what came first stays before what is as near. */
#ifndef STEPS_NEAREST_H
#define STEPS_NEAREST_H

#include <stdint.h>

#include "steps/tools.h"

enum { NEAREST_MOST = 100 };

typedef struct Nearest {
    float far[NEAREST_MOST];
    uint32_t rows[NEAREST_MOST]; /* the nearest first */
    size_t count, most;
} Nearest;

float nearest_limit(const Nearest *n); /* what is as far or farther is not kept */
void nearest_keep(Nearest *n, float far, uint32_t row);

#endif
