/* The fault clock: counts allocations and I/O calls in test builds (-DLIMBECK_FAULT) and makes call N fail, write short or kill
 * the process. LIMBECK_FAULT=alloc:120, io:17:ENOSPC, io:17:short, io:17:kill. Compiled to nothing in release. */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

typedef enum FaultAction { FAULT_NONE, FAULT_FAIL, FAULT_SHORT } FaultAction;

#ifdef LIMBECK_FAULT
bool fault_allocation(void);            /* true: this allocation must fail */
FaultAction fault_io(const char *call); /* sets errno for FAULT_FAIL; may kill */
#else
static inline bool fault_allocation(void)
{
    return false;
}
static inline FaultAction fault_io(const char *call)
{
    (void)call;
    return FAULT_NONE;
}
#endif

#endif
