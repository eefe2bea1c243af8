/* Where runs come from and what came of them. */
#ifndef APP_RUN_LINEAGE_H
#define APP_RUN_LINEAGE_H

#include "base/job.h"
#include "base/value.h"

/* The cards that have to do with a file, each with "uses", what: a table by its content as the run read it, or by its path alone when it
 * has changed since; a model file by its content, also of a copy; a script by its text. A new list; NULL: the file cannot be read. */
Value *run_cards_uses(Job *job, const Value *cards, const char *named, Error *e);
/* A run from its data to its model, as lines of words and text: [{"name": "data", "text": ...}], in the order in which one makes the
 * other. Of a card; new. */
Value *run_lineage(const Value *card);

#endif
