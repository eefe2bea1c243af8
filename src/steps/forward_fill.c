/* forward_fill: a missing cell takes the last value that its series had before. */
#include "steps/series.h"

typedef struct ForwardFill {
    TextList columns, by;
    int64_t limit;
    char *time;
} ForwardFill;

static const Field params[] = {
    {COLUMNS_FIELD(ForwardFill, columns), .doc = "columns to fill", .positional = true},
    {INT_FIELD(ForwardFill, limit), .doc = "rows that a value holds for; 0: without end", .def = "0", .max = 1e9},
    PAST_FIELDS(ForwardFill),
    {0},
};

typedef struct Filling {
    const Column *from;
    size_t limit;
    size_t *rows; /* where the value of each row comes from */
} Filling;

static void fill_group(void *self, const Past *p, size_t group)
{
    const Filling *f = self;
    PastGroup g = past_group(p, group);
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < g.count; i++) {
        if (column_is_valid(f->from, g.rows[i]))
            last = i;
        bool holds = last != SIZE_MAX && (!f->limit || i - last <= f->limit);
        f->rows[g.rows[i]] = holds ? g.rows[last] : SIZE_MAX;
    }
}

static bool fill_column(Job *job, const StepInput *in, const Past *past, int column, Table **out, Error *e)
{
    const ForwardFill *p = in->params;
    const Column *c = in->rows->columns[column];
    if (!c->missing)
        return true;
    size_t *rows = mem_try_alloc(c->rows + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < c->rows; i++)
        rows[i] = i;
    bool ok = rows && past_visit(job, past, fill_group, &(Filling){c, (size_t)p->limit, rows}, e);
    ok = ok && tools_put(out, in->rows->names[column], series_pick(c, rows, e), e);
    mem_free(rows);
    return ok;
}

static bool forward_fill_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const ForwardFill *p = in->params;
    int *columns = NULL;
    size_t count = 0;
    bool ok = tools_select(in, &p->columns, &columns, &count, e);
    Past *past = ok && count ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    *out = table_ref(in->rows);
    ok = ok && (past || !count);
    for (size_t i = 0; ok && i < count; i++)
        ok = series_check_present(in, in->rows->names[columns[i]], "fill a copy, or its lags", e) &&
             fill_column(job, in, past, columns[i], out, e);
    past_unref(past);
    mem_free(columns);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n3,\n1,5\n2,\n4,6\n", "t,y\n3,5\n1,5\n2,5\n4,6\n"},
    {"{\"columns\": [\"y\"], \"limit\": 1, \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,1,on\nb,1,\na,2,\na,3,\n",
     "g,t,y\na,1,on\nb,1,\na,2,on\na,3,\n"},
    {"{\"columns\": [\"z\"], \"time\": \"t\"}", "t,y\n1,5\n", "error: no column \"z\""},
};

static const char *const notes[] = {
    "Of any type, and from the past alone: what stands before the first value of a series stays missing. interpolate draws a line between "
    "neighbors instead and so looks ahead.",
    NULL};

const Step step_forward_fill = {
    .spec = {.name = "forward_fill",
             .doc = "fill a missing cell with the last value of its series",
             .group = "series",
             .params = params,
             .params_size = sizeof(ForwardFill),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = forward_fill_apply,
};
