/* Looks at a test part: each evaluation, comparison or picture that shows a figure of it is a line in runs/looks/DIGEST.jsonl, under
 * the digest of its rows, so that scripts, sessions and the workbench count together. A test part that was looked at often to choose
 * between models is no test any more. One thread at a time. */
#ifndef LEARN_LOOKS_H
#define LEARN_LOOKS_H

#include "base/value.h"

typedef struct Look {
    const char *runs;  /* directory of runs; NULL: counted in this process only */
    const char *test;  /* digest of the rows */
    const char *by;    /* eval, compare ... */
    const char *model; /* hash of what was judged; NULL: several */
} Look;
/* A part without rows shows nothing, and all such parts are the same: rows 0 is no look. */
int64_t looks_add(const Look *look,
                  size_t rows); /* looks so far, with this one; a file that can't be written still counts in this process */
/* From now on this process is the run of that directory, which keeps what it was answered; the same run answers the same after a kill,
 * and looks no second time. NULL: it is none. */
void looks_record(const char *directory);
int64_t looks_count(const char *runs, const char *test);

#endif
