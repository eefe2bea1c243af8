/* What steps on series share: names of what they make, shifted columns, numbers of the rows up to each row. */
#ifndef STEPS_SERIES_H
#define STEPS_SERIES_H

#include "steps/past.h"
#include "steps/tools.h"

typedef enum SeriesUnit { SERIES_ROWS, SERIES_SECONDS, SERIES_MINUTES, SERIES_HOURS, SERIES_DAYS, SERIES_WEEKS } SeriesUnit;
typedef enum SeriesStamp { STAMP_BEGIN, STAMP_END } SeriesStamp; /* where a row stands that was made of a stretch of time */
extern const char *const series_units[];                         /* rows seconds minutes hours days weeks */
/* How much a unit is in the column of time: microseconds of a time, days of a date. The error says which units it has. */
bool series_unit_size(int unit, const Past *p, int64_t *size, Error *e);

/* A grid in time: the same units, but the first is plain numbers of the order. distance: in units of the column. */
extern const char *const series_grids[];
bool series_grid(int64_t every, int unit, const Past *p, int64_t *distance, Error *e);

/* y_lag24, y_lag2hours; new. */
char *series_name(const char *column, const char *word, double number, int unit);

typedef struct SeriesShift {
    const TextList *columns;
    const NumberList *steps;
    int unit; /* SeriesUnit */
    int64_t period;
    bool is_ahead;
    const char *word; /* of the names of what is made */
    const char *into; /* the name of what is made; NULL: made of the column's */
} SeriesShift;
/* For each column and step a column of the values that stand so far back or ahead, of the same type. */
bool series_shift(Job *job, const StepInput *in, const PastAsk *ask, const SeriesShift *shift, Table **out, Error *e);

/* A column that is the target is not known of the row itself when it is predicted: refused, with what to do instead. */
bool series_check_present(const StepInput *in, const char *column, const char *instead, Error *e);
/* The selected columns, numbers all. */
bool series_numbers(const StepInput *in, const TextList *selectors, TextList *names, Error *e);
Column *series_pick(const Column *c, const size_t *rows, Error *e); /* the cells of those rows; SIZE_MAX: missing */
bool series_check_steps(const NumberList *steps, Error *e);         /* whole numbers, one at least */
/* For each row the row of its series that stands `steps` earlier (later: is_ahead); SIZE_MAX: none. rows: in->rows->rows items. */
bool series_rows(Job *job, const Past *p, const SeriesShift *shift, int64_t steps, size_t *rows, Error *e);
/* Rows that have too little past for steps of the shift. */
void series_mark_short(const StepInput *in, const Past *p, const SeriesShift *shift, int64_t steps, const char *what);

#endif
