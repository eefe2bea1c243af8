/* plateau: a lower rate when the validation loss has not improved for `patience` epochs. */
#include <math.h>

#include "net/schedule.h"

typedef struct Plateau {
    ScheduleHead head;
    double factor;
    int64_t patience, cooldown;
    double min_delta, floor;
    bool relative;
} Plateau;

static const Field fields[] = {
    {REAL_FIELD(Plateau, factor), .doc = "the rate is multiplied by it", .def = "0.5", .min = 1e-6, .max = 1, .soft_min = 0.1,
     .soft_max = 0.9},
    {INT_FIELD(Plateau, patience), .doc = "epochs without progress before a drop", .unit = "epochs", .def = "3", .min = 0, .max = 100000,
     .soft_min = 1, .soft_max = 20},
    {REAL_FIELD(Plateau, min_delta), .doc = "what counts as progress", .def = "1e-4", .min = 0, .max = 1e9},
    {FLAG_FIELD(Plateau, relative), .doc = "min_delta is a share of the best loss", .def = "false", .is_sparse = true},
    {INT_FIELD(Plateau, cooldown), .doc = "epochs after a drop that do not count", .unit = "epochs", .def = "0", .min = 0, .max = 100000,
     .soft_min = 0, .soft_max = 10, .is_sparse = true},
    {REAL_FIELD(Plateau, floor), .doc = "the lowest share of the base rate", .def = "1e-3", .min = 0, .max = 1},
    SCHEDULE_HEAD(Plateau),
    {.name = NULL},
};

/* A zeroed state has not begun: factor 0 stands for 1. */
static double plateau_rate(const void *params, const ScheduleState *state, double base_rate, const ScheduleTime *time)
{
    (void)params;
    (void)time;
    return base_rate * (state && state->factor > 0 ? state->factor : 1);
}

static bool is_better(const Plateau *p, const ScheduleState *state, double valid_loss)
{
    if (!isfinite(state->best))
        return valid_loss < state->best;
    double size = state->best < 0 ? -state->best : state->best;
    return valid_loss < state->best - (p->relative ? p->min_delta * size : p->min_delta);
}

static void plateau_epoch(const void *params, ScheduleState *state, double valid_loss)
{
    const Plateau *p = params;
    bool first = !(state->factor > 0);
    if (first)
        state->factor = 1;
    if (first || is_better(p, state, valid_loss)) {
        state->best = valid_loss;
        state->wait = 0;
    } else {
        state->wait++;
    }
    if (state->cooldown > 0) {
        state->cooldown--;
        state->wait = 0;
    }
    if (state->wait <= p->patience)
        return;
    state->wait = 0;
    state->cooldown = p->cooldown;
    state->factor = state->factor * p->factor > p->floor ? state->factor * p->factor : p->floor;
}

extern const Schedule schedule_plateau;
const Schedule schedule_plateau = {
    .spec = {.name = "plateau",
             .doc = "a lower rate when validation stops to improve",
             .group = "schedule",
             .params = fields,
             .params_size = sizeof(Plateau)},
    .rate = plateau_rate,
    .epoch = plateau_epoch,
};
