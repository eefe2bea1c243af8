/* The Pareto front of things that have a score and a cost: those that no other one matches for less. */
#ifndef LEARN_FRONT_H
#define LEARN_FRONT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct FrontPoint {
    double score, cost; /* NAN in one of them: it is no point, and on no front */
} FrontPoint;

/* Of equal points the first is on the front. */
bool front_has(const FrontPoint *points, size_t count, size_t at, bool is_high);

#endif
