/* one_cycle: half a cosine up to the base rate and a longer one down to almost nothing (Smith, Topin 2018), as in PyTorch's OneCycleLR
 * with two phases. */
#include <math.h>

#include "net/schedule.h"

typedef struct OneCycle {
    ScheduleHead head;
    double rise, start, finish;
} OneCycle;

static const Field fields[] = {
    {REAL_FIELD(OneCycle, rise), .doc = "share of the steps on the way up", .def = "0.3", .min = 0, .max = 1, .soft_min = 0.1,
     .soft_max = 0.5},
    {REAL_FIELD(OneCycle, start), .doc = "the first rate as a share of the base rate", .def = "0.04", .min = 0, .max = 1, .soft_min = 0.01,
     .soft_max = 0.2},
    {REAL_FIELD(OneCycle, finish), .doc = "the last rate as a share of the base rate", .def = "4e-6", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.01},
    SCHEDULE_HEAD(OneCycle),
    {.name = NULL},
};

static double between(double from, double to, double progress)
{
    return to + (from - to) * schedule_wave(fmin(progress, 1));
}

static double one_cycle_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const OneCycle *o = params;
    double top = o->rise * time->total - 1, last = time->total - 1;
    (void)state;
    if (time->step < top)
        return base_rate * between(o->start, 1, time->step / top);
    top = fmax(top, 0);
    return base_rate * between(1, o->finish, last > top ? (time->step - top) / (last - top) : 0);
}

extern const Schedule schedule_one_cycle;
const Schedule schedule_one_cycle = {
    .spec = {.name = "one_cycle",
             .doc = "up to the base rate, and down to almost nothing",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(OneCycle)},
    .rate = one_cycle_rate,
};
