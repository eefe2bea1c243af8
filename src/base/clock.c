/* Time: the only reader of the system's clocks. A frozen clock serves tests and headless pictures. */
#include "base/clock.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

static struct {
    bool on;
    double now, wall;
} frozen;

static double clock_read(clockid_t id)
{
    struct timespec t;
    if (clock_gettime(id, &t) != 0)
        return 0;
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double clock_now(void)
{
    return frozen.on ? frozen.now : clock_read(CLOCK_MONOTONIC);
}

double clock_cpu(void)
{
    return clock_read(CLOCK_PROCESS_CPUTIME_ID);
}

double clock_thread_cpu(void)
{
    return clock_read(CLOCK_THREAD_CPUTIME_ID);
}

double clock_wall(void)
{
    return frozen.on ? frozen.wall : clock_read(CLOCK_REALTIME);
}

static struct tm clock_parts(double wall, bool local)
{
    time_t seconds = (time_t)wall;
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    if (local)
        localtime_r(&seconds, &parts);
    else
        gmtime_r(&seconds, &parts);
    if (parts.tm_year < 0 || parts.tm_year > 9999 - 1900)
        parts.tm_year = 0;
    return parts;
}

void clock_stamp(double wall, char out[24])
{
    struct tm parts = clock_parts(wall, false);
    if (strftime(out, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        out[0] = '\0';
}

void clock_compact(double wall, char out[20])
{
    struct tm parts = clock_parts(wall, false);
    if (strftime(out, 20, "%Y%m%dT%H%M%SZ", &parts) == 0)
        out[0] = '\0';
}

void clock_local_hm(double wall, char out[8])
{
    struct tm parts = clock_parts(wall, true);
    if (strftime(out, 8, "%H:%M", &parts) == 0)
        out[0] = '\0';
}

void clock_local_day(double wall, char out[16])
{
    struct tm parts = clock_parts(wall, true);
    if (strftime(out, 16, "%e %b %H:%M", &parts) == 0)
        out[0] = '\0';
}

double clock_parse(const char *stamp)
{
    struct tm parts;
    memset(&parts, 0, sizeof parts);
    const char *rest = strptime(stamp, "%Y-%m-%dT%H:%M:%S", &parts);
    if (!rest)
        return 0;
    double fraction = 0, unit = 0.1;
    for (rest += *rest == '.'; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
        fraction += unit * (*rest - '0');
    return (double)timegm(&parts) + fraction;
}

void clock_sleep(double seconds)
{
    if (!(seconds > 0))
        return;
    struct timespec t = {.tv_sec = (time_t)seconds};
    t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
    nanosleep(&t, NULL); /* a signal ends it early, so that loops see its flag at once */
}

void clock_freeze(double now, double wall)
{
    frozen.on = true;
    frozen.now = now;
    frozen.wall = wall;
}
