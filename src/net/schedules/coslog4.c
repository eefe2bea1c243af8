/* coslog4: whole cosines from nothing to the base rate and back, each longer than the one before: 0.5 (1 - cos(2 pi log2(1 + (2^n - 1) t)))
 * with n = 4 (Holzmueller, Grinsztajn, Steinwart 2024). */
#include <math.h>

#include "net/schedule.h"

typedef struct CosLog {
    ScheduleHead head;
    int64_t cycles;
} CosLog;

static const Field fields[] = {
    {INT_FIELD(CosLog, cycles), .doc = "how often the rate rises and falls", .def = "4", .min = 1, .max = 30, .soft_min = 1, .soft_max = 6},
    SCHEDULE_HEAD(CosLog),
    {.name = NULL},
};

static double coslog4_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    const CosLog *c = params;
    (void)state;
    return base_rate * (1 - schedule_wave(2 * log2(1 + (exp2((double)c->cycles) - 1) * schedule_progress(time))));
}

extern const Schedule schedule_coslog4;
const Schedule schedule_coslog4 = {
    .spec = {.name = "coslog4",
             .doc = "cosines up and down, each longer than the last",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(CosLog)},
    .rate = coslog4_rate,
};
