/* What several steps share: resolving columns when fitting, finding them again when applying, order statistics. */
#ifndef STEPS_TOOLS_H
#define STEPS_TOOLS_H

#include "base/moments.h"
#include "steps/step.h"

/* Names of the selected columns, for the state. `numeric`: a text column among them is refused. */
bool tools_resolve(const StepInput *in, const TextList *selectors, bool numeric, TextList *names, Error *e);
/* The same for a step that takes numbers and arrays of them: the name of an array once for each of its channels, which are learned of one
 * by one. */
bool tools_resolve_channels(const StepInput *in, const TextList *selectors, TextList *names, Error *e);
/* All numbers in these rows that the i-th of such names stands for. A reference for the caller. */
Column *tools_channel(const StepInput *in, const TextList *names, size_t i, Error *e);
/* The selected columns of a step that learns nothing. A target that was named may be absent when predicting. free with mem_free. */
bool tools_select(const StepInput *in, const TextList *selectors, int **columns, size_t *count, Error *e);
/* A column that was there when the step was fitted; TABLE_NONE with an error. */
int tools_find(const Table *t, const char *name, Error *e);
Column *tools_numeric(const Table *t, const char *name, Error *e); /* borrowed; NULL: absent or not numeric any more */
Column *tools_numbers(const Table *t, const char *name, Error *e); /* the same, or an array */
/* A step that learns nothing, column by column. change: false fails; *out stays NULL when the column stays as it is. */
typedef bool ToolsChange(const StepInput *in, int column, Column **out, Error *e);
bool tools_each(Job *job, const StepInput *in, const TextList *selectors, ToolsChange *change, Table **out, Error *e);
/* Replaces *t by a table with this column; takes column. false: *t is released and NULL. */
bool tools_put(Table **t, const char *name, Column *column, Error *e);
/* The same for a column that the step makes: one of this name is not overwritten. */
bool tools_add(Table **t, const char *name, Column *column, Error *e);
double *tools_sorted(const Column *c, size_t *count, Error *e);      /* finite values in order; free with mem_free */
double tools_quantile(const double *sorted, size_t count, double p); /* linear between neighbors; NAN when empty */
/* Mean and spread of the finite values; the spread is 0 when all are the same but for rounding. any: there is one, else both are 0. */
bool tools_spread(const Column *c, Moments *out, bool *any, Error *e);
/* The same, and a column that cannot be scaled is said. */
bool tools_moments(const StepInput *in, const char *name, const Column *c, Moments *out, Error *e);
bool tools_range(const Column *c, double *low, double *high);          /* false: no finite value; both 0 */
void tools_note_flat(const StepInput *in, const char *name, bool any); /* a column without a value, or with one only */
void tools_add_number(NumberList *list, double x);
/* A cell that the step cannot take: an error ("x: row 2: -3 is ...; advice") while learning; while predicting it becomes the reason of
 * its row, and true says: go on and leave the cell missing. */
typedef struct ToolsFault {
    const char *column, *what, *advice;
    size_t row; /* of in->rows */
} ToolsFault;
bool tools_fault(const StepInput *in, const ToolsFault *fault, Error *e);
bool tools_fault_row(const StepInput *in, size_t row, const char *what, Error *e); /* the same of a whole row */
void tools_remark(const StepInput *in, size_t row, const char *what);              /* while predicting: something to know about the row */
/* What was said of a row is said of the one that it becomes part of; by row ids. */
void tools_merge_said(const StepInput *in, uint64_t row, uint64_t into);
struct Groups;                                                        /* table/group.h */
void tools_merge_groups(const StepInput *in, const struct Groups *g); /* of all rows: each into the first one of its group */
/* Cells that a step which reads texts anew cannot read. */
extern const char *const tools_errors[]; /* few missing fail: what becomes of them; ends with NULL */
typedef struct ToolsLost {
    const StepInput *in;
    const char *column, *what; /* "number" */
    int errors;                /* of tools_errors */
    size_t held;               /* cells that are not missing */
    size_t lost, first;
    char *text; /* of the first */
} ToolsLost;
bool tools_lose(ToolsLost *x, size_t row, const char *text, size_t size, Error *e); /* true: go on and leave the cell missing */
bool tools_lost_judge(const ToolsLost *x, Error *e);                                /* after all rows */
void tools_lost_done(ToolsLost *x);
/* Adds NAME_missing, which marks the missing cells of a column. */
bool tools_add_indicator(Table **t, const char *name, const Column *c, Error *e);
bool tools_is_target(const StepInput *in, const char *name);
/* A REAL column of f(x, a, b) for every cell, or for every number of arrays; missing stays missing, and a cell in which something is not
 * finite becomes so. */
Column *tools_map(const Column *c, double (*f)(double x, double a, double b), double a, double b, Error *e);
/* Each cell that a formula cannot take is a fault: "x: row 2: -3 RULE; ADVICE". */
typedef struct ToolsDomain {
    bool (*takes)(double x);
    const char *rule, *advice;
} ToolsDomain;
/* The same for each column of a fitted step by what was learned of it, or of each channel of an array: f of the entry of that name. */
typedef struct ToolsBend {
    const TextList *columns;
    double (*f)(const void *self, size_t entry, double x);
    const void *self;
    const ToolsDomain *domain; /* NULL: f takes every number */
} ToolsBend;
bool tools_bend(Job *job, const StepInput *in, const ToolsBend *b, Table **out, Error *e);
/* With two numbers that were learned. */
typedef struct ToolsScale {
    const TextList *columns;
    const NumberList *a, *b; /* b NULL: 0 */
    double (*f)(double x, double a, double b);
} ToolsScale;
bool tools_scale(Job *job, const StepInput *in, const ToolsScale *s, Table **out, Error *e);
bool tools_check_domain(const StepInput *in, const char *name, const ToolsDomain *domain, Error *e);
/* Text as BOOL (true yes y 1 t / false no n 0 f), INT, DATE or TIME. */
bool tools_parse_whole(ColumnType type, const char *bytes, size_t size, int64_t *out);
/* A cell of a column of the same type, or a number into REAL. */
bool tools_copy_cell(Column *to, size_t at, const Column *from, size_t row, Error *e);
/* Text into a cell of `to`, which came from a column of type `from`; false: it does not fit. */
bool tools_put_text(Column *to, ColumnType from, size_t row, const char *text, size_t size);
typedef void ToolsTextMap(const void *how, const char *bytes, size_t size, Text *out); /* empty result: missing, if blank_missing */
Column *tools_map_text(const Column *c, ToolsTextMap *change, const void *how, bool blank_missing, Error *e);
/* Says something about the rows the recipe is designed on: "plan: no row has an unknown level". Nothing when nobody listens. */
void tools_note(const StepInput *in, const char *format, ...) PRINTF_LIKE(2, 3);
void tools_list(const TextList *names, Text *out); /* "a, b, c and 4 more" */

#endif
