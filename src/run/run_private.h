/* What the files of the run room share. */
#ifndef RUN_RUN_PRIVATE_H
#define RUN_RUN_PRIVATE_H

#include "run/run_dir.h"

RunDir *run_first_open(void);                             /* the directories that this process writes, newest first, linked by next */
bool run_check_owner(const char *path, Error *e);         /* it and the directory around it are ours or root's */
bool run_is_ours(const RunDir *run);                      /* opened by this process, not before a fork */
Value *run_read_card(const char *path, Error *e);         /* run.json, checked; new */
bool run_path_holds(const char *above, const char *path); /* path is above or lies below it */

#endif
