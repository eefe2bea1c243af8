/* The windows of rolling. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "steps/rolling.h"
#include "steps/tools.h"

const char *const rolling_functions[] = {"mean", "sd", "min", "max", "sum", "median", "quantile", NULL};

RollingFunction rolling_function(const char *name)
{
    int i = 0;
    while (rolling_functions[i + 1] && !text_equal(rolling_functions[i], name))
        i++;
    return (RollingFunction)i;
}

/* What is known of some neighboring values: how many, and their sum, least or greatest, or mean and sum of squares about it. */
typedef struct Known {
    double count, first, second;
} Known;

static inline Known known_none(RollingFunction f)
{
    return (Known){0, f == ROLLING_MIN ? (double)INFINITY : f == ROLLING_MAX ? -(double)INFINITY : 0, 0};
}

static inline Known known_one(RollingFunction f, double x)
{
    return isnan(x) ? known_none(f) : (Known){1, x, 0};
}

static inline Known join_moments(Known a, Known b)
{
    double count = a.count + b.count, distance = b.first - a.first, share = count > 0 ? b.count / count : 0;
    return (Known){count, a.count > 0 ? a.first + distance * share : b.first, a.second + b.second + distance * distance * a.count * share};
}

static inline Known join(RollingFunction f, Known a, Known b)
{
    if (f == ROLLING_SD)
        return join_moments(a, b);
    double count = a.count + b.count;
    if (f == ROLLING_MIN)
        return (Known){count, a.first < b.first ? a.first : b.first, 0};
    if (f == ROLLING_MAX)
        return (Known){count, a.first > b.first ? a.first : b.first, 0};
    return (Known){count, a.first + b.first, 0};
}

static inline double result(RollingFunction f, size_t least, Known k)
{
    if (k.count < (double)least || k.count < 1)
        return (double)NAN;
    if (f == ROLLING_SD)
        return k.count > 1 ? sqrt(k.second / (k.count - 1)) : (double)NAN;
    return f == ROLLING_MEAN ? k.first / k.count : k.first;
}

typedef struct Series {
    const double *x;
    double *out;
    size_t count;
} Series;

/* A block of the window's length at a time. room: what is known from each place of the block before to its end. Always inlined, so that
 * each function has loops of its own. */
static inline __attribute__((always_inline)) void run_blocks(RollingFunction f, const RollingWindow *w, const Series *s, Known *ends)
{
    const double *x = s->x;
    for (size_t from = 0; from < s->count; from += w->length) {
        size_t size = s->count - from < w->length ? s->count - from : w->length;
        Known begun = known_none(f);
        for (size_t i = 0; i < size; i++) {
            begun = join(f, begun, known_one(f, x[from + i]));
            bool is_whole = from == 0 || i + 1 == w->length;
            s->out[from + i] = result(f, w->least, is_whole ? begun : join(f, ends[i + 1], begun));
        }
        if (size < w->length)
            break;
        Known ended = known_none(f);
        for (size_t i = size; i > 0; i--)
            ends[i - 1] = ended = join(f, known_one(f, x[from + i - 1]), ended);
    }
}

static size_t place_of(const double *sorted, size_t count, double x)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The values of the window stay sorted. */
static void run_sorted(const RollingWindow *w, const double *x, double *out, size_t count, double *sorted)
{
    double p = w->function == ROLLING_MEDIAN ? 0.5 : w->p;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        double gone = i >= w->length ? x[i - w->length] : (double)NAN;
        if (!isnan(gone)) {
            size_t at = place_of(sorted, n, gone);
            memmove(sorted + at, sorted + at + 1, (--n - at) * sizeof *sorted);
        }
        if (!isnan(x[i])) {
            size_t at = place_of(sorted, n, x[i]);
            memmove(sorted + at + 1, sorted + at, (n++ - at) * sizeof *sorted);
            sorted[at] = x[i];
        }
        out[i] = n && n >= w->least ? tools_quantile(sorted, n, p) : (double)NAN;
    }
}

void rolling_run(const RollingWindow *w, const double *x, double *out, size_t count, double *room)
{
    Known *ends = (Known *)(void *)room;
    Series s = {x, out, count};
    switch (w->function) {
    case ROLLING_MEAN: run_blocks(ROLLING_MEAN, w, &s, ends); break;
    case ROLLING_SD: run_blocks(ROLLING_SD, w, &s, ends); break;
    case ROLLING_MIN: run_blocks(ROLLING_MIN, w, &s, ends); break;
    case ROLLING_MAX: run_blocks(ROLLING_MAX, w, &s, ends); break;
    case ROLLING_SUM: run_blocks(ROLLING_SUM, w, &s, ends); break;
    default: run_sorted(w, x, out, count, room);
    }
}
