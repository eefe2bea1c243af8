/* lag: values of earlier rows of the same series. */
#include <string.h>

#include "steps/series.h"

typedef struct Lag {
    TextList columns, by;
    NumberList steps;
    int unit;
    int64_t period;
    char *time;
} Lag;

static const Field params[] = {
    {COLUMNS_FIELD(Lag, columns), .doc = "columns to look back at", .positional = true},
    {NUMBERS_FIELD(Lag, steps), .doc = "how far back, for each a column", .def = "1", .min = 1, .max = 1e9},
    {CHOICE_FIELD(Lag, unit), .doc = "what steps count: rows, or time to the row that stands there", .def = "rows",
     .choices = series_units},
    {INT_FIELD(Lag, period), .doc = "steps are multiples of this: a season", .def = "1", .min = 1, .max = 1e9},
    PAST_FIELDS(Lag),
    {0},
};

static bool lag_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Lag *p = in->params;
    SeriesShift shift = {.columns = &p->columns, .steps = &p->steps, .unit = p->unit, .period = p->period, .word = "lag"};
    return series_shift(job, in, &(PastAsk){.by = &p->by, .time = p->time}, &shift, out, e);
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n", "t,y,y_lag1\n1,10,\n2,20,10\n3,40,20\n"},
    {"{\"columns\": [\"y\"], \"steps\": [1, 2], \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,2,20\nb,1,5\na,1,10\na,3,40\nb,2,6\n",
     "g,t,y,y_lag1,y_lag2\na,2,20,10,\nb,1,5,,\na,1,10,,\na,3,40,20,10\nb,2,6,5,\n"},
    {"{\"columns\": [\"y\"]}", "t,y\n1,10\n", "error: name time ="},
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,10\n1,20\n", "error: two rows stand at one time (t 1)"},
};

static const char *const notes[] = {
    "Rows are ordered by time within their series, whatever their order in the file. A row with too few rows before it is not learned "
    "from and gets no prediction; it still is the past of later rows.",
    "unit = \"hours\" looks for the row that stands exactly so many hours earlier, so gaps in a series do no harm: where there is none the "
    "cell is missing. period = 24 with steps { 1, 7 } looks 24 and 168 back.",
    NULL};

const Step step_lag = {
    .spec = {.name = "lag",
             .doc = "values of earlier rows of the same series",
             .group = "series",
             .params = params,
             .params_size = sizeof(Lag),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = lag_apply,
};
