/* A schedule: a Spec that turns the base learning rate into the rate of a step. */
#ifndef NET_SCHEDULE_H
#define NET_SCHEDULE_H

#include "net/net.h"

typedef struct Schedule {
    Spec spec;
    double (*rate)(const void *params, const ScheduleState *state, double base_rate, const SchedulePlace *place);
    void (*epoch)(const void *params, ScheduleState *state, double valid_loss); /* NULL: nothing to remember */
} Schedule;

#endif
