/* The rate of a step, through the schedule's own function. */
#include "net/schedule.h"

double schedule_rate(const SpecUse *schedule, const ScheduleState *state, double base_rate, int64_t step, int64_t total_steps,
                     int64_t steps_per_epoch)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (!s)
        return base_rate;
    SchedulePlace place = {step, total_steps < 1 ? 1 : total_steps, steps_per_epoch < 1 ? 1 : steps_per_epoch};
    return s->rate(schedule->params, state, base_rate, &place);
}

void schedule_epoch(const SpecUse *schedule, ScheduleState *state, double valid_loss)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (s && s->epoch)
        s->epoch(schedule->params, state, valid_loss);
}
