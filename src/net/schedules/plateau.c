/* plateau: a lower rate when the validation loss has not improved for `patience` epochs. */
#include "net/schedule.h"

typedef struct Plateau {
    double factor;
    int64_t patience;
    double min_delta, floor;
} Plateau;

static const Field fields[] = {
    {REAL_FIELD(Plateau, factor), .doc = "the rate is multiplied by it", .def = "0.5", .min = 1e-6, .max = 1, .soft_min = 0.1,
     .soft_max = 0.9},
    {INT_FIELD(Plateau, patience), .doc = "epochs without progress before a drop", .unit = "epochs", .def = "3", .min = 0, .max = 100000,
     .soft_min = 1, .soft_max = 20},
    {REAL_FIELD(Plateau, min_delta), .doc = "what counts as progress", .def = "1e-4", .min = 0, .max = 1e9},
    {REAL_FIELD(Plateau, floor), .doc = "the lowest share of the base rate", .def = "1e-3", .min = 0, .max = 1},
    {.name = NULL},
};

/* A zeroed state has not begun: factor 0 stands for 1. */
static double plateau_rate(const void *params, const ScheduleState *state, double base_rate, const SchedulePlace *place)
{
    (void)params;
    (void)place;
    return base_rate * (state && state->factor > 0 ? state->factor : 1);
}

static void plateau_epoch(const void *params, ScheduleState *state, double valid_loss)
{
    const Plateau *p = params;
    bool first = !(state->factor > 0);
    if (first)
        state->factor = 1;
    if (first || valid_loss < state->best - p->min_delta) {
        state->best = valid_loss;
        state->wait = 0;
        return;
    }
    if (++state->wait <= p->patience)
        return;
    state->wait = 0;
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
