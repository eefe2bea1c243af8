/* What people say of a run: its name, tags and notes, and whether it is put away. One small file of the run directory, labels.json,
 * replaced as a whole; the run itself never reads or writes it. */
#ifndef RUN_LABELS_H
#define RUN_LABELS_H

#include "base/value.h"

extern const char labels_file[]; /* "labels.json" */
/* {"name", "tags": [...], "notes", "archived"}, each only where it was given; an empty map: nothing was. NULL: the file is damaged. */
Value *labels_read(const char *path, Error *e);
/* Takes over what `changes` holds of name, tags, notes and archived; an empty text or list takes away. Refuses what is no run. */
bool labels_change(const char *path, const Value *changes, Error *e);
Value *labels_split_tags(const char *text); /* "a, b c" as a list of its words, each once */

#endif
