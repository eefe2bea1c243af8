/* The rate of a step, through the schedule's own function, after a linear rise that every schedule can have; and its curve before a
 * run. */
#include "net/schedule.h"

#include <math.h>

double schedule_wave(double progress)
{
    return 0.5 * (1 + cos(3.14159265358979323846 * progress));
}

SchedulePlace schedule_place(int64_t step, int64_t total_steps, int64_t steps_per_epoch)
{
    return (SchedulePlace){step, total_steps, steps_per_epoch, (double)step / (double)steps_per_epoch};
}

double schedule_rate(const SpecUse *schedule, const ScheduleState *state, double base_rate, const SchedulePlace *place)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (!s)
        return base_rate;
    const ScheduleHead *head = schedule->params;
    double rise = head->warm_up * (double)place->steps_per_epoch, total = place->total_steps < 1 ? 1 : (double)place->total_steps;
    ScheduleTime time = {(double)place->step, total, place->epoch};
    if (head->warm_up > 0)
        time = (ScheduleTime){fmax(0, time.step - rise), total - rise, fmax(0, time.epoch - head->warm_up)};
    double rate = s->rate(schedule->params, state, base_rate, &time);
    return (double)place->step < rise ? rate * ((double)place->step + 1) / (rise + 1) : rate;
}

void schedule_epoch(const SpecUse *schedule, ScheduleState *state, double valid_loss)
{
    const Schedule *s = (const Schedule *)schedule->spec;
    if (s && s->epoch)
        s->epoch(schedule->params, state, valid_loss);
}

int64_t schedule_curve_step(size_t point, size_t points, int64_t last)
{
    return points > 1 ? (int64_t)((double)last * (double)point / (double)(points - 1)) : 0;
}

void schedule_curve(const SpecUse *schedule, double base_rate, const ScheduleSpan *span, double *rates)
{
    int64_t total = span->epochs * span->steps_per_epoch;
    ScheduleState state = {0};
    for (size_t i = 0; i < span->points; i++) {
        SchedulePlace place = schedule_place(schedule_curve_step(i, span->points, total - 1), total, span->steps_per_epoch);
        rates[i] = schedule_rate(schedule, &state, base_rate, &place);
    }
}
