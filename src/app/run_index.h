/* The runs of a directory as cards, newest first, read again only where something can have changed: a run that is over has its card kept,
 * with the size of its log and of its labels and model beside it, in one plain file of the directory, index.json. It needs no lock: whoever
 * finds it missing, old or damaged reads the runs themselves, and it is replaced as a whole. */
#ifndef APP_RUN_INDEX_H
#define APP_RUN_INDEX_H

#include "base/value.h"

typedef struct RunIndex RunIndex;
RunIndex *run_index_open(const char *directory, bool keeps); /* reads nothing yet; keeps: index.json is written */
void run_index_close(RunIndex *x);                           /* accepts NULL */
/* Looks again. The cards as a new list, numbered in the order in which the runs began; none: the directory is empty or not there. */
Value *run_index_cards(RunIndex *x, Error *e);
size_t run_index_fresh(const RunIndex *x); /* how many runs the last look had to read */

#endif
