/* Equal keys of two lists: for each key of one where it stands first in the other. Keys that lie close together are looked up in an
 * array, others in hash tables, one for each thread. The answer does not depend on the number of threads. */
#ifndef TABLE_KEY_MATCH_H
#define TABLE_KEY_MATCH_H

#include "base/job.h"
#include "base/thread.h"

#define KEY_NONE UINT32_MAX

typedef struct KeyList {
    size_t rows; /* below KEY_NONE */
    uint64_t *keys;
    uint8_t *absent; /* not 0: the row has no key; NULL: all have one */
} KeyList;

/* Work on parts of many rows, on all threads. */
typedef struct KeyWork {
    Job *job;
    Pool *pool; /* NULL: in this thread */
} KeyWork;
void key_work_begin(KeyWork *w, Job *job, size_t rows,
                    Error *e); /* threads only where they are worth it; a failure to start them is none */
void key_work_end(KeyWork *w);
typedef void KeyBlock(void *self, size_t from, size_t to);
void key_work_run(const KeyWork *w, size_t rows, KeyBlock *block, void *self);

/* leaders (in->rows items): the first row of `in` with the key of each of its rows; match (of->rows items): the first row of `in` with the
 * key of each row of `of`; KEY_NONE: no key, or there is none. */
bool key_match(const KeyWork *w, const KeyList *in, const KeyList *of, uint32_t *leaders, uint32_t *match, Error *e);
/* Smallest and largest key; false: no row has one. */
bool key_list_range(const KeyList *list, uint64_t *low, uint64_t *high);
static inline bool key_list_has(const KeyList *list, size_t row)
{
    return !list->absent || !list->absent[row];
}
void key_list_done(KeyList *list);

#endif
