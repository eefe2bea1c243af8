/* Where the rows of a pipeline went: read, left out and why, used in each part. Notes, results, events and prints give this one
 * account. */
#ifndef LEARN_ROWS_H
#define LEARN_ROWS_H

#include "steps/recipe.h"
#include "steps/split.h"

typedef struct RowsReport {
    size_t read, unread;     /* rows of the source; rows of its file that could not be read */
    TextList steps;          /* that dropped or added rows; after the split: several may share an entry, "filter, sample" */
    int64_t *changes;        /* rows that each dropped; added: below 0 */
    TextList unready;        /* why steps had too little past for rows: "with too little past for lag" */
    size_t *unready_rows;    /* of each */
    size_t left[LEFT_COUNT]; /* by the split */
    char *target;
    size_t used[PART_COUNT];
} RowsReport;

#define ROWS_BEHIND_SPLIT " behind the split" /* ends the names of steps that changed parts */
RowsReport rows_report_copy(const RowsReport *r);
void rows_report_done(RowsReport *r);
void rows_report_source(RowsReport *r, const Table *source);
void rows_report_change(RowsReport *r, const char *step, size_t before, size_t after); /* nothing where nothing changed */
bool rows_report_watch(void *self, const StepUse *use, const Table *before, const Table *after, Error *e); /* for a RecipeWatch */
void rows_report_unready(RowsReport *r, const Unready *u);
char *rows_report_droppers(const Recipe *r); /* names of the steps that may change the number of rows; NULL: none */

/* {"read", "unread", "left_out": {why: rows}, "added": {step: rows}, "used": {"train", "valid", "test"}} */
Value *rows_report_value(const RowsReport *r);
/* "200 read, 2 could not be read; 12 dropped by filter, 3 without s; used: 129 train, 28 valid, 28 test" */
void rows_report_print(const Value *rows, Text *out);
void rows_report_brief(const Value *rows, Text *out);         /* "185 of 200": used in any part, of all in the file */
void rows_report_notes(const RowsReport *r, TextList *notes); /* a sentence for each reason to leave rows out */

#endif
