/* time_since: how long ago an event last was, in the same series. */
#include "steps/series.h"
#include "steps/unit.h"
#include "table/expr.h"

typedef struct TimeSince {
    char *event, *into, *time;
    int unit;
    bool present;
    TextList by;
} TimeSince;

enum { COUNT_TIME, COUNT_ROWS };
static const char *const units[] = {"time", "rows", NULL};

static const Field params[] = {
    {EXPRESSION_FIELD(TimeSince, event), .doc = "what is true of a row where the event is, such as load > 90"},
    {TEXT_FIELD(TimeSince, into), .names_column = true, .doc = "name of the new column"},
    {CHOICE_FIELD(TimeSince, unit), .doc = "what is counted: days of dates, seconds of times; or rows", .def = "time", .choices = units},
    {FLAG_FIELD(TimeSince, present), .doc = "an event of the row itself counts, as 0", .def = "true"},
    PAST_FIELDS(TimeSince),
    {0},
};

typedef struct Waiting {
    const Column *event;
    const TimeSince *params;
    double *out; /* by row; below 0: no event yet */
} Waiting;

static bool is_event(const Waiting *w, size_t row)
{
    return column_is_valid(w->event, row) && w->event->data.flags[row];
}

static void wait_group(void *self, const Past *p, size_t group)
{
    const Waiting *w = self;
    PastGroup g = past_group(p, group);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < g.count; i++) {
        if (w->params->present && is_event(w, g.rows[i]))
            last = i;
        if (last != SIZE_MAX)
            w->out[g.rows[i]] = w->params->unit == COUNT_ROWS ? (double)(i - last) : unit_time_between(p->time, g.rows[last], g.rows[i]);
        if (is_event(w, g.rows[i]))
            last = i;
    }
}

static Column *waited(Job *job, const StepInput *in, const Column *event, Error *e)
{
    const TimeSince *p = in->params;
    Past *past = past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e);
    Column *made = past ? column_new(COLUMN_REAL, event->rows, e) : NULL;
    bool ok = made != NULL;
    for (size_t i = 0; ok && i < event->rows; i++)
        made->data.reals[i] = -1;
    ok = ok && past_visit(job, past, wait_group, &(Waiting){event, p, made->data.reals}, e);
    for (size_t i = 0; ok && i < event->rows; i++)
        if (made->data.reals[i] < 0) {
            made->data.reals[i] = 0;
            ok = column_set_missing(made, i, e);
        }
    past_unref(past);
    if (ok)
        return made;
    column_unref(made);
    return NULL;
}

static bool check_target(const StepInput *in, const Expr *x, Error *e)
{
    const TimeSince *p = in->params;
    TextList names = {0};
    bool ok = true;
    expr_columns(x, &names);
    for (size_t i = 0; ok && p->present && i < names.count; i++)
        ok = series_check_present(in, names.items[i], "present = false looks at earlier rows only", e);
    text_list_done(&names);
    return ok;
}

static bool time_since_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const TimeSince *p = in->params;
    Expr *x = expr_parse(p->event, e);
    Column *event = x && check_target(in, x, e) ? expr_eval(x, in->rows, e) : NULL;
    bool ok = event && (event->type == COLUMN_BOOL ||
                        error_set(e, ERROR_USAGE, "it is %s, not true or false; compare, as in x > 0", column_type_name(event->type)));
    *out = table_ref(in->rows);
    if (!ok)
        error_prefix(e, "event: ");
    ok = ok && tools_add(out, p->into, waited(job, in, event, e), e);
    column_unref(event);
    expr_free(x);
    return ok;
}

static const Example examples[] = {
    {"{\"event\": \"y > 5\", \"into\": \"since\", \"time\": \"t\"}", "t,y\n1,1\n2,9\n4,1\n7,0\n", "t,y,since\n1,1,\n2,9,0\n4,1,2\n7,0,5\n"},
    {"{\"event\": \"y == 1\", \"into\": \"n\", \"unit\": \"rows\", \"present\": false, \"time\": \"t\", \"by\": [\"g\"]}",
     "g,t,y\na,1,1\nb,1,0\na,5,1\na,9,0\nb,2,0\n", "g,t,y,n\na,1,1,\nb,1,0,\na,5,1,1\na,9,0,1\nb,2,0,\n"},
    {"{\"event\": \"y + 1\", \"into\": \"n\", \"time\": \"t\"}", "t,y\n1,1\n", "error: event: it is int, not true or false"},
};

static const char *const notes[] = {"Before the first event of a series there is no number; fill_missing { strategy = \"constant\" } gives "
                                    "one. An event that cannot be told "
                                    "because a cell is missing is none.",
                                    NULL};

const Step step_time_since = {
    .spec = {.name = "time_since",
             .doc = "how long ago an event last was in the same series",
             .group = "series",
             .params = params,
             .params_size = sizeof(TimeSince),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = time_since_apply,
};
