/* exponential: the rate times factor after each epoch. */
#include <math.h>

#include "net/schedule.h"

typedef struct Exponential {
    ScheduleHead head;
    double factor;
} Exponential;

static const Field fields[] = {
    {REAL_FIELD(Exponential, factor), .doc = "the rate is multiplied by it each epoch", .def = "0.95", .min = 1e-6, .max = 1,
     .soft_min = 0.8, .soft_max = 0.999},
    SCHEDULE_HEAD(Exponential),
    {.name = NULL},
};

static double exponential_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const Exponential *x = params;
    (void)state;
    return base_rate * pow(x->factor, floor(time->epoch));
}

extern const Schedule schedule_exponential;
const Schedule schedule_exponential = {
    .spec = {.name = "exponential",
             .doc = "a lower rate after every epoch",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(Exponential)},
    .rate = exponential_rate,
};
