/* Every point against every other one: studies have hundreds of trials, not millions. */
#include "learn/front.h"

#include <math.h>

static bool is_point(const FrontPoint *p)
{
    return isfinite(p->score) && isfinite(p->cost);
}

bool front_has(const FrontPoint *points, size_t count, size_t at, bool is_high)
{
    const FrontPoint *p = &points[at];
    if (!is_point(p))
        return false;
    for (size_t i = 0; i < count; i++) {
        const FrontPoint *other = &points[i];
        double gain = is_high ? other->score - p->score : p->score - other->score, less = p->cost - other->cost;
        if (i != at && is_point(other) && gain >= 0 && less >= 0 && (gain > 0 || less > 0 || i < at))
            return false;
    }
    return true;
}
