/* Distances of one row to a block of others, part of each kernel file: see NearView. Part of a kernel file: no guard. */
#include <math.h>

static TARGET float kernel_near(const NearView *n)
{
    float lanes[WIDTH], least = (float)INFINITY;
    vf nearest = vf_all(least), far = nearest;
    for (size_t j = 0; j < NEAR_BLOCK; j += WIDTH) {
        vf sum = {0}, count = {0};
        for (size_t k = 0; k < n->columns_count; k++) {
            const size_t at = (size_t)n->columns[k] * NEAR_BLOCK + j;
            vf mark = vf_load(n->marks + at), apart = (vf_all(n->row[k]) - vf_load(n->values + at)) * mark;
            sum += apart * apart;
            count += mark;
        }
        vi both = count > 0;
        vf mean = vf_where(both, sum / count), out = (vf)((vi)mean | (vi)vf_where(~both, far));
        vf_store(n->means + j, out);
        vi nearer = out < nearest;
        nearest = (vf)((vi)vf_where(nearer, out) | (vi)vf_where(~nearer, nearest));
    }
    vf_store(lanes, nearest);
    for (int i = 0; i < WIDTH; i++)
        least = lanes[i] < least ? lanes[i] : least;
    return least;
}
