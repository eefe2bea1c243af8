/* Finding a kind of run below the watched one. */
#include "views/find_run.h"

const Tail *find_run_of_kind(const Tail *run, const char *kind)
{
    if (!run)
        return NULL;
    if (text_equal(run->kind, kind))
        return run;
    for (size_t i = run->children_count; i-- > 0;) {
        const Tail *found = find_run_of_kind(run->children[i], kind);
        if (found)
            return found;
    }
    return NULL;
}
