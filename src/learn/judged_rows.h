/* The rows that a model is judged on: those of a part of its pipeline, or of a table from elsewhere, that it was not trained on. Who
 * asks for the test part looks at it, and that is counted. */
#ifndef LEARN_JUDGED_ROWS_H
#define LEARN_JUDGED_ROWS_H

#include "learn/seen.h"

typedef struct JudgedRows {
    Table *rows;
    const Table *history; /* borrowed: the rows among all others of the pipeline; NULL: they are all there are */
    size_t given;         /* rows before those it was trained on were left out */
    SeenReport seen;
    Value *certificate; /* of a figure of the test part */
    Value *counts;      /* of the rows of a given table; NULL: a part */
    bool is_given;      /* a table, beside which stand: */
    SideTables sides;
} JudgedRows;

typedef struct JudgedTask {
    const Bundle *const *models;
    size_t count;
    const char *runs, *by; /* where looks at the test part are kept, and whose they are: "eval" */
} JudgedTask;
/* A part of the pipeline that d was made of. The training part is judged whole: who asks for it by name knows what it is. */
bool judged_rows_of_part(const JudgedTask *task, const Pipeline *p, const Prepared *d, Part part, JudgedRows *out, Error *e);
/* out->sides: the tables beside them, as they are in their files; set before. */
bool judged_rows_of_table(Job *job, const JudgedTask *task, const Table *given, JudgedRows *out, Error *e);
void judged_rows_done(JudgedRows *r);                             /* accepts zeros; the sides too */
bool judged_part_of_name(const char *name, Part *part, Error *e); /* "train", "valid", "test" */

#endif
