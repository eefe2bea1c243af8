/* The one room that opens, reads, writes, syncs, renames and locks files. Everything reports through Error with the path and
 * the cause. Regular files only where we read; 0600 files and 0700 directories where we write. The fault clock sits here. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/text.h"

typedef struct IoInfo {
    bool exists, is_directory, is_regular, is_link; /* is_link: the name itself is one; the rest tells of what is behind it */
    uint64_t size, inode, device;
    double modified; /* seconds since 1970 */
} IoInfo;

/* Below this directory no link is followed any more, by any function of this room: it may come from anywhere. The name itself may be
 * a link. For the rest of the process, in any thread. */
void io_close_directory(const char *path);
bool io_is_closed(const char *path);             /* it lies below one */
bool io_check_owner(const char *path, Error *e); /* ours or root's, or not there: nobody else decides what happens in it */
bool io_stat(const char *path, IoInfo *out);     /* false: does not exist or cannot be read; out is zero then */
/* Whole file into memory, one NUL after the end. "-" is standard input. limit 0: none. Refuses directories and devices. */
bool io_read_file(const char *path, uint64_t limit, char **bytes, size_t *size, Error *e);
void io_leave_input_to_keys(void); /* from now on standard input is no file: "-" is refused instead of waiting for one who types */
/* At most `size` bytes from `offset`; *got < size only at the end. */
bool io_read_part(const char *path, uint64_t offset, void *bytes, size_t size, size_t *got, Error *e);
bool io_hash_file(const char *path, char hex[65], uint64_t *size, Error *e);                      /* SHA-256 of a regular file */
bool io_hash_beginning(const char *path, uint64_t limit, char hex[65], uint64_t *size, Error *e); /* of its first `limit` bytes at most */
bool io_read_stream(int fd, uint64_t limit, char **bytes, size_t *size, Error *e);

uint64_t io_next_data(const char *path, uint64_t offset); /* from there on, what is no hole of a sparse file; its end when there is none */
int io_open_read(const char *path, Error *e);             /* -1 on failure */
FILE *io_open_terminal(bool for_output, Error *e);        /* /dev/tty as a stream, where stdin or stdout is data; NULL: there is none */
int io_open_append(const char *path, Error *e);           /* O_APPEND, created 0600 */
int io_open_write(const char *path, Error *e);            /* created or truncated, 0600 */
bool io_write_all(int fd, const void *bytes, size_t size, const char *path, Error *e); /* handles EINTR and short writes */
/* One write(2), and the rest of it where the disk took a part. *written: how much is there, when it fails. */
bool io_append(int fd, const void *bytes, size_t size, const char *path, size_t *written, Error *e);
/* A full disk (ENOSPC, EDQUOT, or EFBIG under a limit that can be raised) fails no write for which somebody waits: wait(path) true tries
 * again; over() when that went through. The files of a run are waited for, those a user named are not. */
typedef struct IoRoom {
    bool (*wait)(const char *path);
    void (*over)(void);
} IoRoom;
void io_set_room(const IoRoom *room);
/* fdatasync. Where it finds the disk full, the file is written anew from what is known of it: *fd is then the new one, for appending. */
bool io_sync(int *fd, const char *path, Error *e);
bool io_close(int fd, const char *path, Error *e); /* checked */
/* temp in the same directory -> write -> fsync -> close -> rename -> fsync(dir). The old file survives any failure. */
bool io_replace(const char *path, const void *bytes, size_t size, Error *e); /* a file of ours: 0600 */
/* The same without waiting for the disk: it survives the end of the program at once, that of the machine when the kernel wrote it. */
bool io_replace_quickly(const char *path, const void *bytes, size_t size, Error *e);
/* A file that the user named: the mode it has, or what umask leaves of 0666; through a link to the file behind it. */
bool io_save(const char *path, const void *bytes, size_t size, Error *e);
bool io_is_same_file(const char *a, const char *b);   /* by device and inode; "-" is standard input */
bool io_is_writable(const char *directory, Error *e); /* files can be made in it, or it can be made */
bool io_make_directory(const char *path, Error *e);   /* with parents, 0700; fine when it exists */
bool io_create_directory(const char *path, Error *e); /* must not exist yet: ERROR_IO with errno EEXIST otherwise */
bool io_rename(const char *from, const char *to, Error *e);
bool io_remove(const char *path, Error *e);                /* fine when absent */
bool io_remove_tree(const char *path, Error *e);           /* fine when absent; never follows links */
bool io_list(const char *path, TextList *names, Error *e); /* sorted, without . and .. */
bool io_copy_file(const char *from, const char *to, Error *e);
int io_lock(const char *path, bool wait, Error *e); /* an exclusive lock (flock) held until io_close; -1: held by another (ERROR_FAILED) */
bool io_is_locked(const char *path);                /* somebody holds it */
/* A mark on a lock that is held: it needs no room on a disk, is seen by all, and goes with its holder. */
void io_mark_lock(int lock, bool on);
bool io_is_marked(const char *path);

char *io_join(const char *directory, const char *name); /* the caller owns it; an absolute name wins */
const char *io_base_name(const char *path);
char *io_directory(const char *path); /* "." when there is none */
char *io_absolute(const char *path);
/* Where writing to the path would write: its real path, or the real one of its folder and the name; NULL: a link to nothing. */
char *io_resolve(const char *path);
char *io_real_path(const char *path);                /* without links and dots, one name for one file; io_absolute of what does not exist */
bool io_enter_directory(const char *path, Error *e); /* of the whole process */
char *io_self_path(void);                            /* of the running program */
/* Finds data shipped with limbeck: "lua/pipelines", "themes/dark.json": beside the build, then in PREFIX/share/limbeck. NULL: none. */
char *io_find_shared(const char *name);
char *io_find_data(const char *file); /* sample_data/... lies beside the program too; any other file is as named. The caller owns it */
bool io_is_terminal(int fd);
bool io_is_data(int fd); /* a file, a pipe or a socket: something may come or go through it */
/* To stdout or stderr; false on EPIPE and other failures. Text is made inert wherever it goes; data are as they are in files and pipes,
 * and inert on a terminal. */
bool io_print(int fd, const char *text);
/* One line, whatever is in the text: a line break in the name of a file is shown and begins nothing. The end of the line is added. */
bool io_print_line(int fd, const char *text);
/* One line that replaces the one shown before it, on the terminal that stderr is; where it is none, nothing. "": takes it away. Whoever
 * prints something else takes it away first. */
void io_show_line(const char *text);
/* "limbeck: " and the message as one line on stderr; the levels of a script that it came through follow, each indented. */
void io_print_error(const Error *e);
bool io_print_bytes(int fd, const char *bytes, size_t size);
bool io_print_closed(void);     /* whoever read stdout has left: nothing more need be said */
bool io_print_failed(Error *e); /* something did not reach stdout, other than by a reader that left */

#endif
