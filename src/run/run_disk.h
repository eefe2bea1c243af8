/* What runs take of the disk, and giving it back: checkpoints that nothing needs any more, and whole runs. Models, best checkpoints and
 * whatever a resume would begin with stay. */
#ifndef RUN_RUN_DISK_H
#define RUN_RUN_DISK_H

#include <stdint.h>

#include "base/error.h"

typedef struct RunDisk {
    uint64_t bytes, checkpoints; /* of all files below the run; of checkpoints */
    uint64_t prunable;           /* of checkpoints that run_prune would remove */
} RunDisk;

/* false: it is not a run. Links are neither followed nor counted. */
bool run_disk(const char *path, RunDisk *out, Error *e);
/* Removes numbered checkpoints of pieces that are done, and all but the newest of pieces that could be resumed. Refused while one of them
 * has a writer. *freed: bytes. */
bool run_prune(const char *path, uint64_t *freed, Error *e);
bool run_delete(const char *path, Error *e); /* all of it; refused while it, or a piece of it, has a writer */

#endif
