/* cosine: half a cosine from the base rate down to base * floor (Loshchilov, Hutter 2017), after a linear warm-up. */
#include <math.h>

#include "net/schedule.h"

typedef struct Cosine {
    double warm_up, floor;
} Cosine;

static const Field fields[] = {
    {REAL_FIELD(Cosine, warm_up), .doc = "epochs of linear rise before", .unit = "epochs", .def = "0", .min = 0, .max = 1000, .soft_min = 0,
     .soft_max = 5},
    {REAL_FIELD(Cosine, floor), .doc = "the last rate as a share of the first", .def = "0", .min = 0, .max = 1, .soft_min = 0,
     .soft_max = 0.1},
    {.name = NULL},
};

static double cosine_rate(const void *params, const ScheduleState *state, double base_rate, const SchedulePlace *place)
{
    const Cosine *c = params;
    (void)state;
    double step = (double)place->step, rise = c->warm_up * (double)place->steps_per_epoch;
    if (step < rise)
        return base_rate * (step + 1) / (rise + 1);
    double left = (double)place->total_steps - rise, progress = left > 0 ? (step - rise) / left : 1;
    double wave = 0.5 * (1 + cos(3.14159265358979323846 * fmin(progress, 1)));
    return base_rate * (c->floor + (1 - c->floor) * wave);
}

extern const Schedule schedule_cosine;
const Schedule schedule_cosine = {
    .spec = {.name = "cosine",
             .doc = "half a cosine down, after a linear warm-up",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(Cosine)},
    .rate = cosine_rate,
};
