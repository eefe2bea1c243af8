/* A full disk: who can wait for room says so once, and the writes of this room ask. */
#include "base/io_private.h"

#include <errno.h>
#include <sys/resource.h>

static const IoRoom *io_room;
static bool io_has_waited;

void io_set_room(const IoRoom *room)
{
    io_room = room;
}

/* A limit on the size of files ends like a full disk only when it can be raised while the program runs. */
static bool io_limit_can_rise(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < limit.rlim_max;
}

bool io_room_comes(const char *path)
{
    int failure = errno;
    bool full = failure == ENOSPC || failure == EDQUOT || (failure == EFBIG && io_limit_can_rise());
    bool comes = full && io_room && io_room->wait(path);
    io_has_waited = io_has_waited || comes;
    errno = failure;
    return comes;
}

void io_room_found(void)
{
    if (!io_has_waited)
        return;
    io_has_waited = false;
    io_room->over();
}
