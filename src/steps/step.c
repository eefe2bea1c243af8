/* The family of steps: the members of steps.def, in the order in which help lists them. */
#include "steps/step.h"

#define STEP(name) extern const Step step_##name;
#include "steps/steps.def"
#undef STEP

static const Spec *const members[] = {
#define STEP(name) &step_##name.spec,
#include "steps/steps.def"
#undef STEP
};

static const Family family = {
    .name = "step",
    .title = "Steps",
    .doc = "change a table: repair it, expand it, make features of it",
    .members = members,
    .count = sizeof members / sizeof *members,
};

const Family *step_family(void)
{
    return &family;
}

const Step *step_find(const char *name)
{
    for (size_t i = 0; i < family.count; i++)
        if (text_equal(members[i]->name, name))
            return (const Step *)members[i];
    return NULL;
}
