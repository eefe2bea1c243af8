/* Runs side by side: what they were told differently, and how far their models are apart on the same rows, with paired intervals. */
#ifndef APP_RUN_COMPARE_H
#define APP_RUN_COMPARE_H

#include "base/job.h"
#include "base/value.h"
#include "learn/parts.h"

enum { RUN_COMPARE_MOST = 8 };
/* The first run is what the others are compared with: {"on", "runs": [card ...], "differences": {name: [text or null ...]}, "script":
 * changes from the first to the second, "against": [null, {"mean","low","high","metric","conclusion","certificate"} or {"why_not"} ...]}.
 * The rows come from the file that the first run read, or from `data`; NULL: that file. New; NULL with e: a run cannot be read. */
Value *run_compare(Job *job, const TextList *paths, Part part, const char *data, Error *e);
void run_compare_print(const Value *comparison, Text *out); /* a column for each run */
/* "AUC +0.0055, 95 % interval -0.0013 to +0.0123: as good (305 rows)" of run i, or why it is not known. */
void run_compare_print_one(const Value *comparison, size_t i, Text *out);

#endif
