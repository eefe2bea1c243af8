/* Finding a kind of run below the watched one. */
#ifndef VIEWS_FIND_RUN_H
#define VIEWS_FIND_RUN_H

#include "run/tail.h"

const Tail *find_run_of_kind(const Tail *run, const char *kind); /* the newest; NULL when there is none */

#endif
