/* constant: the same rate all the way. */
#include "net/schedule.h"

typedef struct Constant {
    ScheduleHead head;
} Constant;

static const Field fields[] = {SCHEDULE_HEAD(Constant), {.name = NULL}};

static double constant_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    (void)params;
    (void)state;
    (void)time;
    return base_rate;
}

extern const Schedule schedule_constant;
const Schedule schedule_constant = {
    .spec =
        {.name = "constant", .doc = "the same rate all the way", .group = "schedule", .params = fields, .params_size = sizeof(Constant)},
    .rate = constant_rate,
};
