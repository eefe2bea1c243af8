/* The four families of this room, from their lists. */
#include "net/layer.h"
#include "net/loss.h"
#include "net/optimizer.h"
#include "net/schedule.h"
#include "spec/module.h"

#define LAYER(name) extern const Layer layer_##name;
#include "net/layers.def"
#undef LAYER
#define LOSS(name) extern const Loss loss_##name;
#include "net/losses.def"
#undef LOSS
#define OPTIMIZER(name) extern const Optimizer optimizer_##name;
#include "net/optimizers.def"
#undef OPTIMIZER
#define SCHEDULE(name) extern const Schedule schedule_##name;
#include "net/schedules.def"
#undef SCHEDULE

static const Spec *const layers[] = {
#define LAYER(name) &layer_##name.spec,
#include "net/layers.def"
#undef LAYER
};
enum {
#define LOSS(name) PLACE_##name,
#include "net/losses.def"
#undef LOSS
    LOSSES
};
static const Spec *losses[LOSSES + MODULE_MEMBERS] = {
#define LOSS(name) &loss_##name.spec,
#include "net/losses.def"
#undef LOSS
};
static const Spec *const optimizers[] = {
#define OPTIMIZER(name) &optimizer_##name.spec,
#include "net/optimizers.def"
#undef OPTIMIZER
};
static const Spec *const schedules[] = {
#define SCHEDULE(name) &schedule_##name.spec,
#include "net/schedules.def"
#undef SCHEDULE
};

#define FAMILY(name_, title_, doc_, list) \
    { \
        .name = name_, .title = title_, .doc = doc_, .members = list, .count = sizeof(list) / sizeof *(list) \
    }

const Family *layer_family(void)
{
    static const Family family = FAMILY("layer", "Layers", "What a net is made of, from input to head", layers);
    return &family;
}

static Family loss_members = {.name = "loss", .title = "Losses", .doc = "What training makes small", .members = losses, .count = LOSSES};

const Family *loss_family(void)
{
    return &loss_members;
}

bool loss_family_add(const Loss *loss, Error *e)
{
    return family_add(&loss_members, losses, sizeof losses / sizeof *losses, &loss->spec, e);
}

const Family *optimizer_family(void)
{
    static const Family family = FAMILY("optimizer", "Optimizers", "How a gradient becomes a step", optimizers);
    return &family;
}

const Family *schedule_family(void)
{
    static const Family family = FAMILY("schedule", "Schedules", "How the learning rate changes over time", schedules);
    return &family;
}
