/* The fault clock of test builds. LIMBECK_FAULT names one point: `alloc:N`, `io:N:CAUSE`; `N+` means from there on.
 * CAUSE is ENOSPC, EIO, EACCES, EMFILE, EROFS, short, kill (the process that comes there) or kill_all (and the first one with it).
 * LIMBECK_FAULT=count says on stderr how many calls there were. A process and its forked children share one clock: a point is met once,
 * whichever of them comes there. */
#include "base/fault.h"

#ifdef LIMBECK_FAULT
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#include "base/number.h"

typedef struct FaultPlan {
    bool io, onward;
    unsigned long at;
    const char *cause;
} FaultPlan;

typedef struct FaultClock {
    atomic_ulong allocations, calls;
    pid_t first;
} FaultClock;

static FaultClock *fault_clock;

__attribute__((constructor)) static void fault_begin(void)
{
    int memory = shmget(IPC_PRIVATE, sizeof *fault_clock, IPC_CREAT | 0600); /* zeroed, and goes with the last process */
    fault_clock = shmat(memory, NULL, 0);
    shmctl(memory, IPC_RMID, NULL);
    fault_clock->first = getpid();
}

__attribute__((destructor)) static void fault_end(void)
{
    const char *text = getenv("LIMBECK_FAULT");
    if (text && strcmp(text, "count") == 0 && getpid() == fault_clock->first)
        dprintf(STDERR_FILENO, "io calls %lu allocations %lu\n", atomic_load(&fault_clock->calls), atomic_load(&fault_clock->allocations));
}

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
    return fault_hits(&plan, false, atomic_fetch_add(&fault_clock->allocations, 1) + 1);
}

/* A full disk is met only where something is written. */
static bool fault_can_be(const FaultPlan *plan, const char *call)
{
    static const char *const writes[] = {"open", "write", "fsync", "fdatasync", "close", "rename", "mkdir"};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
        if (strcmp(call, writes[i]) == 0)
            return true;
    return strcmp(plan->cause, "ENOSPC") != 0;
}

FaultAction fault_io(const char *call)
{
    FaultPlan plan = fault_plan();
    if (!fault_hits(&plan, true, atomic_fetch_add(&fault_clock->calls, 1) + 1) || !fault_can_be(&plan, call))
        return FAULT_NONE;
    if (strcmp(plan.cause, "kill_all") == 0)
        kill(fault_clock->first, SIGKILL);
    if (strncmp(plan.cause, "kill", 4) == 0)
        raise(SIGKILL);
    if (strcmp(plan.cause, "short") == 0)
        return FAULT_SHORT;
    errno = fault_errno(plan.cause);
    return FAULT_FAIL;
}
#endif
