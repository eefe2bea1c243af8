/* The fault clock of test builds. LIMBECK_FAULT names one point: `alloc:N`, `io:N:CAUSE`; `N+` means from there on.
 * CAUSE is ENOSPC, EIO, EACCES, EMFILE, EROFS, short or kill. */
#include "base/fault.h"

#ifdef LIMBECK_FAULT
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

typedef struct FaultPlan {
    bool io, onward;
    unsigned long at;
    const char *cause;
} FaultPlan;

static atomic_ulong fault_allocations, fault_calls;

static FaultPlan fault_plan(void)
{
    FaultPlan plan = {.cause = ""};
    const char *text = getenv("LIMBECK_FAULT");
    if (!text)
        return plan;
    plan.io = strncmp(text, "io:", 3) == 0;
    const char *number = strchr(text, ':');
    if (!number)
        return plan;
    const char *rest = number + 1 + strspn(number + 1, "0123456789");
    int64_t at = 0;
    number_parse_int(number + 1, (size_t)(rest - number - 1), &at);
    plan.at = (unsigned long)at;
    plan.onward = *rest == '+';
    rest += plan.onward;
    plan.cause = *rest == ':' ? rest + 1 : "";
    return plan;
}

static bool fault_hits(const FaultPlan *plan, bool io, unsigned long now)
{
    if (plan->at == 0 || plan->io != io)
        return false;
    return now == plan->at || (plan->onward && now > plan->at);
}

static int fault_errno(const char *cause)
{
    static const struct {
        const char *name;
        int code;
    } causes[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EACCES", EACCES}, {"EMFILE", EMFILE}, {"EROFS", EROFS}};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (strcmp(cause, causes[i].name) == 0)
            return causes[i].code;
    return EIO;
}

bool fault_allocation(void)
{
    FaultPlan plan = fault_plan();
    return fault_hits(&plan, false, atomic_fetch_add(&fault_allocations, 1) + 1);
}

FaultAction fault_io(const char *call)
{
    (void)call;
    FaultPlan plan = fault_plan();
    if (!fault_hits(&plan, true, atomic_fetch_add(&fault_calls, 1) + 1))
        return FAULT_NONE;
    if (strcmp(plan.cause, "kill") == 0)
        raise(SIGKILL);
    if (strcmp(plan.cause, "short") == 0)
        return FAULT_SHORT;
    errno = fault_errno(plan.cause);
    return FAULT_FAIL;
}
#endif
