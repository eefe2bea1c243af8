/* The family of steps: the members of steps.def, in the order in which help lists them, and behind them those that came while the
 * program ran. */
#include "steps/step.h"

#define STEP(name) extern const Step step_##name;
#include "steps/steps.def"
#undef STEP

enum {
#define STEP(name) PLACE_##name,
#include "steps/steps.def"
#undef STEP
    BUILT_IN,
    DEFINED_MOST = 256
};

/* Nobody moves them: other threads read on while one is added. */
static const Spec *members[BUILT_IN + DEFINED_MOST] = {
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
    if (family.count == sizeof members / sizeof *members)
        return error_set(e, ERROR_FAILED, "modules have defined %d steps, and that is the most", DEFINED_MOST);
    members[family.count] = &step->spec;
    __atomic_add_fetch(&family.count, 1, __ATOMIC_RELEASE);
    return true;
}

const Step *step_find(const char *name)
{
    for (size_t i = 0; i < family.count; i++)
        if (text_equal(members[i]->name, name))
            return (const Step *)members[i];
    return NULL;
}
