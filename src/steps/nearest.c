/* The nearest rows, kept in order by insertion: they are few. */
#include "steps/nearest.h"

#include <math.h>

float nearest_limit(const Nearest *n)
{
    return n->count < n->most ? (float)INFINITY : n->far[n->most - 1];
}

void nearest_keep(Nearest *n, float far, uint32_t row)
{
    size_t at = n->count < n->most ? n->count++ : n->most - 1;
    for (; at > 0 && n->far[at - 1] > far; at--) {
        n->far[at] = n->far[at - 1];
        n->rows[at] = n->rows[at - 1];
    }
    n->far[at] = far;
    n->rows[at] = row;
}
