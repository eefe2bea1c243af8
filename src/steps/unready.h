/* Rows for which there is too little past: while a recipe is designed they are marked here and left out behind the structural steps,
 * so that later steps still see them as history. While predicting, the same becomes the row's reason. */
#ifndef STEPS_UNREADY_H
#define STEPS_UNREADY_H

#include "steps/step.h"

struct Unready {
    const char *step; /* that is running */
    uint64_t *bits;   /* by row id */
    size_t words;
    TextList why;   /* "with too little past for lag" */
    size_t *rows;   /* of each: rows that it was the first to hold for */
    bool no_memory; /* a mark was lost: whoever reads the marks fails */
};
void unready_done(Unready *u);
bool unready_has(const Unready *u, uint64_t id);
Table *unready_leave_out(const Unready *u, const Table *t, Error *e); /* t without the marked rows */

/* For steps: a row whose past is too short ("lag 24 of y: 3 earlier rows, 24 needed"). The step leaves its cells missing. */
void tools_unready(const StepInput *in, size_t row, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same for a row that stands nowhere in time. */
void tools_timeless(const StepInput *in, size_t row, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
