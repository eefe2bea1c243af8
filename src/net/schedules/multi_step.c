/* multi_step: the rate times factor at each of some epochs. */
#include <math.h>

#include "net/schedule.h"

typedef struct MultiStep {
    ScheduleHead head;
    NumberList epochs;
    double factor;
} MultiStep;

static const Field fields[] = {
    {NUMBERS_FIELD(MultiStep, epochs), .doc = "epochs done before each drop", .unit = "epochs", .def = "10, 20, 30", .min = 1,
     .max = 1000000},
    {REAL_FIELD(MultiStep, factor), .doc = "the rate is multiplied by it", .def = "0.5", .min = 1e-6, .max = 1, .soft_min = 0.1,
     .soft_max = 0.9},
    SCHEDULE_HEAD(MultiStep),
    {.name = NULL},
};

static double multi_step_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const MultiStep *m = params;
    double drops = 0;
    (void)state;
    for (size_t i = 0; i < m->epochs.count; i++)
        drops += time->epoch >= m->epochs.items[i];
    return base_rate * pow(m->factor, drops);
}

extern const Schedule schedule_multi_step;
const Schedule schedule_multi_step = {
    .spec = {.name = "multi_step",
             .doc = "a lower rate from each of some epochs on",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(MultiStep)},
    .rate = multi_step_rate,
};
