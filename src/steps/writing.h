/* How the cells of a column are written, found from all of them: 1,234 with a comma for thousands or for decimals, 03/04 with the day
 * or the month first. Shared by parse_number and parse_date. */
#ifndef STEPS_WRITING_H
#define STEPS_WRITING_H

#include "steps/tools.h"

typedef struct WritingKind {
    const char *what;                                                     /* "number": for messages */
    const char *parameter;                                                /* that says the way */
    const char *const *names;                                             /* of the ways; ends with NULL */
    bool (*read)(int way, const char *bytes, size_t size, double *value); /* while the way is looked for */
    void (*show)(double value, Text *out);
} WritingKind;

enum { WRITING_NONE = -1 };

/* The way that reads most cells. Ways that read as many must read the same; else it is an error that names a cell and its readings.
 * WRITING_NONE: an error, also when no cell can be read. Words for no value do not count. */
int writing_find(const StepInput *in, const Column *c, const char *name, const WritingKind *kind, Error *e);
/* The text of a cell between blanks; NULL: it is missing, blank or a word for no value. */
const char *writing_cell(const Column *c, size_t row, Text *room, size_t *size);

#endif
