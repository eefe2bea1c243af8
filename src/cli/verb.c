/* The family of verbs. */
#include "cli/cli.h"

#define VERB(name) extern const Verb verb_##name;
#include "cli/verbs.def"
#undef VERB

const Family *verb_family(void)
{
    static const Spec *const members[] = {
#define VERB(name) &verb_##name.spec,
#include "cli/verbs.def"
#undef VERB
    };
    static const Family family = {"verb", "Verbs", "what limbeck does from the command line", members, sizeof members / sizeof *members};
    return &family;
}
