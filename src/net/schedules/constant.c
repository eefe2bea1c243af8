/* constant: the same rate all the way. */
#include "net/schedule.h"

static double constant_rate(const void *params, const ScheduleState *state, double base_rate, const SchedulePlace *place)
{
    (void)params;
    (void)state;
    (void)place;
    return base_rate;
}

extern const Schedule schedule_constant;
const Schedule schedule_constant = {
    .spec = {.name = "constant", .doc = "the same rate all the way", .group = "schedule"},
    .rate = constant_rate,
};
