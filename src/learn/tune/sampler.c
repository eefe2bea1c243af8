/* The family of samplers. */
#include "learn/tune/sampler.h"

#define SAMPLER(name) extern const Sampler sampler_##name;
#include "learn/tune/samplers.def"
#undef SAMPLER

const Family *sampler_family(void)
{
    static const Spec *const members[] = {
#define SAMPLER(name) &sampler_##name.spec,
#include "learn/tune/samplers.def"
#undef SAMPLER
    };
    static const Family family = {"sampler", "Samplers", "which settings a study tries", members, sizeof members / sizeof *members};
    return &family;
}

const Sampler *sampler_of(const SpecUse *use)
{
    return use->spec ? (const Sampler *)(const void *)use->spec : &sampler_random;
}
