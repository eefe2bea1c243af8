/* The rate of a step, through the schedule's own function. */
#include "net/schedule.h"

double schedule_rate(const SpecUse *schedule, const ScheduleState *state, double base_rate, const SchedulePlace *place)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (!s)
        return base_rate;
    SchedulePlace safe = {place->step, place->total_steps < 1 ? 1 : place->total_steps,
                          place->steps_per_epoch < 1 ? 1 : place->steps_per_epoch};
    return s->rate(schedule->params, state, base_rate, &safe);
}

void schedule_epoch(const SpecUse *schedule, ScheduleState *state, double valid_loss)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (s && s->epoch)
        s->epoch(schedule->params, state, valid_loss);
}
