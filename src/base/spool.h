/* Standard input that can be read again: what a process takes from it is written to a file first. */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include "base/error.h"

/* From here on standard input passes through `file`: whatever has been read is in it. While it is not at its end the file is called
 * FILE.part. A terminal, /dev/null and a closed one are left as they are. A thread of its own does it until the process ends. */
bool spool_begin(const char *file, Error *e);
/* Standard input is `file`, or FILE.part when that is all there is (*whole: false). Neither: it is left as it is. */
bool spool_replay(const char *file, bool *whole, Error *e);

#endif
