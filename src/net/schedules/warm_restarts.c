/* warm_restarts: half a cosine down, again and again, each `growth` times as long as the one before (Loshchilov, Hutter 2017). */
#include <math.h>

#include "net/schedule.h"

typedef struct WarmRestarts {
    ScheduleHead head;
    int64_t first, growth;
    double floor;
} WarmRestarts;

static const Field fields[] = {
    {INT_FIELD(WarmRestarts, first), .doc = "epochs of the first cosine", .unit = "epochs", .def = "10", .min = 1, .max = 1000000,
     .soft_min = 1, .soft_max = 50},
    {INT_FIELD(WarmRestarts, growth), .doc = "each is so many times as long as the one before", .def = "2", .min = 1, .max = 100,
     .soft_min = 1, .soft_max = 3},
    {REAL_FIELD(WarmRestarts, floor), .doc = "the lowest rate as a share of the first", .def = "0", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.1},
    SCHEDULE_HEAD(WarmRestarts),
    {.name = NULL},
};

static double warm_restarts_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const WarmRestarts *w = params;
    double length = (double)w->first, at = time->epoch;
    (void)state;
    if (w->growth == 1)
        at = fmod(at, length);
    while (at >= length) {
        at -= length;
        length *= (double)w->growth;
    }
    return base_rate * (w->floor + (1 - w->floor) * schedule_wave(at / length));
}

extern const Schedule schedule_warm_restarts;
const Schedule schedule_warm_restarts = {
    .spec = {.name = "warm_restarts",
             .doc = "half a cosine down, again and again",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(WarmRestarts)},
    .rate = warm_restarts_rate,
};
