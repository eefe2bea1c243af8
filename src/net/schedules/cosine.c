/* cosine: half a cosine from the base rate down to base * floor (Loshchilov, Hutter 2017). */
#include "net/schedule.h"

typedef struct Cosine {
    ScheduleHead head;
    double floor;
} Cosine;

static const Field fields[] = {
    SCHEDULE_WARM_UP(Cosine, false),
    {REAL_FIELD(Cosine, floor), .doc = "the last rate as a share of the first", .def = "0", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.1},
    {.name = NULL},
};

static double cosine_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const Cosine *c = params;
    (void)state;
    return base_rate * (c->floor + (1 - c->floor) * schedule_wave(schedule_progress(time)));
}

extern const Schedule schedule_cosine;
const Schedule schedule_cosine = {
    .spec = {.name = "cosine", .doc = "half a cosine down", .group = "schedule", .params = fields, .params_size = sizeof(Cosine)},
    .rate = cosine_rate,
};
