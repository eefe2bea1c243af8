/* lead: values of later rows of the same series: what a forecast is to find. */
#include "steps/series.h"

typedef struct Lead {
    TextList columns, by;
    NumberList steps;
    int unit;
    char *into, *time;
} Lead;

static const Field params[] = {
    {COLUMNS_FIELD(Lead, columns), .doc = "columns to look ahead at", .positional = true},
    {NUMBERS_FIELD(Lead, steps), .doc = "how far ahead: the horizon", .def = "1", .min = 1, .max = 1e9},
    {CHOICE_FIELD(Lead, unit), .doc = "what steps count: rows, or time to the row that stands there", .def = "rows",
     .choices = series_units},
    {TEXT_FIELD(Lead, into), .names_column = true, .doc = "name of the new column; none: y_lead1", .def = ""},
    PAST_FIELDS(Lead),
    {0},
};

static bool lead_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Lead *p = in->params;
    SeriesShift shift = {.columns = &p->columns,
                         .steps = &p->steps,
                         .unit = p->unit,
                         .period = 1,
                         .is_ahead = true,
                         .word = "lead",
                         .into = p->into && *p->into ? p->into : NULL};
    return series_shift(job, in, &(PastAsk){.by = &p->by, .time = p->time, .is_quiet = true}, &shift, out, e);
}

static StepReach lead_reach(const void *params_used, const char *made)
{
    const Lead *p = params_used;
    StepReach reach = {.unit = p->unit};
    (void)made;
    for (size_t i = 0; i < p->steps.count; i++)
        if ((int64_t)p->steps.items[i] > reach.steps)
            reach.steps = (int64_t)p->steps.items[i];
    return reach;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n", "t,y,y_lead1\n1,10,20\n2,20,40\n3,40,\n"},
    {"{\"columns\": [\"y\"], \"steps\": [2], \"into\": \"goal\", \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,3,3\na,2,2\nb,1,9\na,1,1\n",
     "g,t,y,goal\na,3,3,\na,2,2,\nb,1,9,\na,1,1,3\n"},
    {"{\"columns\": [\"y\"], \"steps\": [1, 2], \"into\": \"goal\", \"time\": \"t\"}", "t,y\n1,10\n", "error: \"into\" names one column"},
};

static const char *const notes[] = {
    "What it makes may be the target and nothing else: a feature made of it, by whatever steps, is refused. Rows at the end of a series "
    "have "
    "no target and are not learned from; while predicting nothing is asked of later rows.",
    "lead { columns = { \"y\" }, steps = { 24 } } makes y_lead24, the target of a forecast 24 rows ahead; y itself is then a feature.",
    NULL};

const Step step_lead = {
    .spec = {.name = "lead",
             .doc = "values of later rows of the same series: the target of a forecast",
             .group = "series",
             .params = params,
             .params_size = sizeof(Lead),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_AHEAD,
    .reach = lead_reach,
    .apply = lead_apply,
};
