/* What the files of the I/O room share. */
#ifndef BASE_IO_PRIVATE_H
#define BASE_IO_PRIVATE_H

#include <sys/stat.h>

#include "base/io.h"

/* A directory that is open, and a name in it. Outside closed directories: the path as it was given. */
typedef struct IoPlace {
    int directory;
    const char *name;
    char last[256];
    bool is_closed;
} IoPlace;
bool io_enter(const char *path, IoPlace *out); /* false with errno: ELOOP for a link on the way */
void io_leave(const IoPlace *place);           /* keeps errno */
int io_open_at(const char *path, int flags, mode_t mode);
bool io_stat_at(const char *path, struct stat *out); /* below a closed directory: of a link, not of what it leads to */
bool io_rename_at(const char *from, const char *to);
bool io_unlink_at(const char *path, int flags);
bool io_make_at(const char *path);                            /* a directory */
bool io_refuse(Error *e, const char *what, const char *path); /* by errno: "cannot open runs/x/lock: ..." */

bool io_faulty(const char *call);       /* true: the fault clock says that this call fails; errno is set */
bool io_sync_directory(const char *of); /* fsync of the directory that holds `of`; false with errno */
bool io_room_comes(const char *path);   /* errno says that there is none, and it was waited for: try again */
void io_room_found(void);               /* a write went through */

#endif
