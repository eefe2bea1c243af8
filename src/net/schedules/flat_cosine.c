/* flat_cosine: the base rate, and then half a cosine down. */
#include "net/schedule.h"

typedef struct FlatCosine {
    ScheduleHead head;
    double flat, floor;
} FlatCosine;

static const Field fields[] = {
    {REAL_FIELD(FlatCosine, flat), .doc = "share of the steps at the base rate", .def = "0.5", .min = 0, .max = 1, .soft_min = 0.3,
     .soft_max = 0.8},
    {REAL_FIELD(FlatCosine, floor), .doc = "the last rate as a share of the first", .def = "0", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.1},
    SCHEDULE_HEAD(FlatCosine),
    {.name = NULL},
};

static double flat_cosine_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const FlatCosine *f = params;
    double progress = schedule_progress(time);
    (void)state;
    if (progress <= f->flat)
        return base_rate;
    return base_rate * (f->floor + (1 - f->floor) * schedule_wave((progress - f->flat) / (1 - f->flat)));
}

extern const Schedule schedule_flat_cosine;
const Schedule schedule_flat_cosine = {
    .spec = {.name = "flat_cosine",
             .doc = "the base rate, then half a cosine down",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(FlatCosine)},
    .rate = flat_cosine_rate,
};
