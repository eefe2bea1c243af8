/* Time. Durations by the monotonic clock; wall time only for display and names. Headless sessions may freeze both. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

double clock_now(void);                          /* monotonic seconds */
double clock_cpu(void);                          /* CPU seconds of this process */
double clock_thread_cpu(void);                   /* of the calling thread */
double clock_wall(void);                         /* seconds since 1970 */
void clock_stamp(double wall, char out[24]);     /* 2026-11-23T10:15:30Z */
double clock_parse(const char *stamp);           /* back to seconds, with a fraction when it has one; 0: not a stamp */
void clock_compact(double wall, char out[20]);   /* 20261123T101530Z */
void clock_local_hm(double wall, char out[8]);   /* 14:07, local */
void clock_local_day(double wall, char out[16]); /* 27 Nov 14:07, local */
void clock_sleep(double seconds);
void clock_freeze(double now, double wall); /* tests and headless pictures */

#endif
