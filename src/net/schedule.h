/* A schedule: a Spec that turns the base learning rate into the rate of a step. The parameters of every schedule begin with a
 * ScheduleHead, and SCHEDULE_HEAD is among its rows; the warm-up is done for all of them in schedule.c. */
#ifndef NET_SCHEDULE_H
#define NET_SCHEDULE_H

#include "net/net.h"

typedef struct ScheduleHead {
    double warm_up;
} ScheduleHead;
#define SCHEDULE_HEAD(T) SCHEDULE_WARM_UP(T, true)
/* cosine had it before the others did: it is always written. */
#define SCHEDULE_WARM_UP(T, SPARSE) \
    { \
        .name = "warm_up", .type = FIELD_REAL, .offset = offsetof(T, head.warm_up), .doc = "epochs of linear rise before", \
        .unit = "epochs", .def = "0", .min = 0, .max = 1000, .soft_min = 0, .soft_max = 5, .is_sparse = SPARSE \
    }

/* Behind the warm-up: step from 0, of `total`, and the epochs done (2.5: in the middle of the third). */
typedef struct ScheduleTime {
    double step, total, epoch;
} ScheduleTime;

typedef struct Schedule {
    Spec spec;
    double (*rate)(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time);
    void (*epoch)(const void *params, ScheduleState *state, double valid_loss); /* NULL: nothing to remember */
} Schedule;

/* Share of the way that is done: 0 to 1. */
static inline double schedule_progress(const ScheduleTime *time)
{
    double done = time->total > 0 ? time->step / time->total : time->step > 0;
    return done < 1 ? done : 1;
}
/* Half a cosine from 1, where progress is 0, to 0, where it is 1. */
double schedule_wave(double progress);

#endif
