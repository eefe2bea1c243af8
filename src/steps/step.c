/* The family of steps: the members of steps.def, in the order in which help lists them, and behind them those that came while the
 * program ran. */
#include "steps/step.h"

#include "spec/module.h"

#define STEP(name) extern const Step step_##name;
#include "steps/steps.def"
#undef STEP

enum {
#define STEP(name) PLACE_##name,
#include "steps/steps.def"
#undef STEP
    BUILT_IN
};

static const Spec *members[BUILT_IN + MODULE_MEMBERS] = {
#define STEP(name) &step_##name.spec,
#include "steps/steps.def"
#undef STEP
};

static Family family = {
    .name = "step",
    .title = "Steps",
    .doc = "change a table: repair it, expand it, make features of it",
    .members = members,
    .count = BUILT_IN,
};

const Family *step_family(void)
{
    return &family;
}

bool step_family_add(const Step *step, Error *e)
{
    return family_add(&family, members, sizeof members / sizeof *members, &step->spec, e);
}

const Step *step_find(const char *name)
{
    for (size_t i = 0; i < family.count; i++)
        if (text_equal(members[i]->name, name))
            return (const Step *)members[i];
    return NULL;
}
