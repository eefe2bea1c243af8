/* The Pareto front of small clouds of points, by hand. */
#include <math.h>

#include "learn/front.h"
#include "tests/unit/test.h"

static const struct {
    FrontPoint points[6];
    size_t count;
    bool is_high;
    unsigned wanted; /* a bit for each point */
} clouds[] = {
    {{{0.8, 10}, {0.9, 20}, {0.85, 30}, {0.7, 5}}, 4, true, 1 | 2 | 8},
    {{{0.8, 10}, {0.9, 20}, {0.85, 30}, {0.7, 5}}, 4, false, 8},
    {{{0.8, 10}, {0.8, 10}, {0.8, 12}, {0.7, 10}}, 4, true, 1},
    {{{NAN, 1}, {0.5, NAN}, {0.4, 10}, {INFINITY, 1}}, 4, true, 4},
    {{{0.5, 1}}, 1, true, 1},
};

void unit_front(void);
void unit_front(void)
{
    TEST("on the front is what nothing matches for less; of equals the first");
    for (size_t i = 0; i < sizeof clouds / sizeof *clouds; i++) {
        unsigned found = 0;
        for (size_t k = 0; k < clouds[i].count; k++)
            found |= (unsigned)front_has(clouds[i].points, clouds[i].count, k, clouds[i].is_high) << k;
        CHECK_INT(found, clouds[i].wanted);
    }
}
