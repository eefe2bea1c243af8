/* step: the rate times factor after every so many epochs. */
#include <math.h>

#include "net/schedule.h"

typedef struct StepSchedule {
    ScheduleHead head;
    int64_t every;
    double factor;
} StepSchedule;

static const Field fields[] = {
    {INT_FIELD(StepSchedule, every), .doc = "epochs between two drops", .unit = "epochs", .def = "10", .min = 1, .max = 1000000,
     .soft_min = 1, .soft_max = 50},
    {REAL_FIELD(StepSchedule, factor), .doc = "the rate is multiplied by it", .def = "0.5", .min = 1e-6, .max = 1, .soft_min = 0.1,
     .soft_max = 0.9},
    SCHEDULE_HEAD(StepSchedule),
    {.name = NULL},
};

static double step_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const StepSchedule *s = params;
    (void)state;
    return base_rate * pow(s->factor, floor(floor(time->epoch) / (double)s->every));
}

extern const Schedule schedule_step;
const Schedule schedule_step = {
    .spec = {.name = "step",
             .doc = "a lower rate after every so many epochs",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(StepSchedule)},
    .rate = step_rate,
};
