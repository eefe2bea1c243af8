/* What the files of the tail share. */
#ifndef RUN_TAIL_PRIVATE_H
#define RUN_TAIL_PRIVATE_H

#include "run/tail.h"

void tail_fold(Tail *t, Value *event); /* takes the event into the picture; takes it */
void tail_forget(Tail *t);             /* everything read so far */
bool tail_find_children(Tail *t, int depth);

#endif
