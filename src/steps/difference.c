/* difference: what changed since an earlier row of the same series. */
#include "steps/series.h"
#include "steps/unit.h"

typedef struct Difference {
    TextList columns, by;
    NumberList steps;
    char *time;
} Difference;

static const Field params[] = {
    {COLUMNS_FIELD(Difference, columns), .doc = "numbers, or dates and times, which differ by days and seconds", .positional = true},
    {NUMBERS_FIELD(Difference, steps), .doc = "to the row that stands so many rows earlier, for each a column", .def = "1", .min = 1,
     .max = 1e9},
    PAST_FIELDS(Difference),
    {0},
};

typedef struct Differing {
    const SeriesShift *shift;
    const StepInput *in;
    const Past *past;
    int column;
} Differing;

static Column *differ(const Column *c, const size_t *rows, Error *e)
{
    Column *made = column_new(COLUMN_REAL, c->rows, e);
    bool ok = made != NULL, is_time = c->type == COLUMN_DATE || c->type == COLUMN_TIME;
    for (size_t i = 0; ok && i < c->rows; i++) {
        bool both = rows[i] != SIZE_MAX && column_is_valid(c, i) && column_is_valid(c, rows[i]);
        if (!both)
            ok = column_set_missing(made, i, e);
        else
            made->data.reals[i] = is_time ? unit_time_between(c, rows[i], i) : column_real(c, i) - column_real(c, rows[i]);
    }
    if (ok)
        return made;
    column_unref(made);
    return NULL;
}

static bool check_column(const Table *t, int column, Error *e)
{
    const Column *c = t->columns[column];
    if (column_is_numeric(c) || c->type == COLUMN_DATE || c->type == COLUMN_TIME)
        return true;
    return error_set(e, ERROR_USAGE, "%s is %s; numbers, dates and times have differences", t->names[column], column_type_name(c->type));
}

static bool add_difference(const Differing *d, const size_t *rows, int64_t steps, Table **out, Error *e)
{
    const Table *t = d->in->rows;
    char *name = series_name(t->names[d->column], d->shift->word, (double)steps, SERIES_ROWS);
    char *what = text_format("difference %lld of %s", (long long)steps, t->names[d->column]);
    bool ok = check_column(t, d->column, e) && series_check_present(d->in, t->names[d->column], "take the difference of its lags", e);
    if (ok) {
        past_mark_short(d->in, d->past, (size_t)steps, what);
        ok = tools_add(out, name, differ(t->columns[d->column], rows, e), e);
    }
    mem_free(name);
    mem_free(what);
    return ok;
}

static bool difference_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Difference *p = in->params;
    SeriesShift shift = {.columns = &p->columns, .steps = &p->steps, .period = 1, .word = "diff"};
    int *columns = NULL;
    size_t count = 0, *rows = mem_try_alloc(in->rows->rows + 1, sizeof *rows, e);
    bool ok = rows && tools_select(in, &p->columns, &columns, &count, e);
    Past *past = ok && count ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    ok = ok && (past || !count) && series_check_steps(&p->steps, e);
    *out = table_ref(in->rows);
    for (size_t s = 0; ok && past && s < p->steps.count; s++) {
        int64_t steps = (int64_t)p->steps.items[s];
        ok = series_rows(job, past, &shift, steps, rows, e);
        for (size_t i = 0; ok && i < count; i++)
            ok = add_difference(&(Differing){&shift, in, past, columns[i]}, rows, steps, out, e);
    }
    past_unref(past);
    mem_free(columns);
    mem_free(rows);
    return ok;
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"time\": \"t\"}", "t,y\n2,20\n1,15\n3,18\n", "t,y,y_diff1\n2,20,5\n1,15,\n3,18,-2\n"},
    {"{\"columns\": [\"y\"], \"steps\": [2], \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,1,1\nb,1,5\na,2,\na,3,4.5\n",
     "g,t,y,y_diff2\na,1,1,\nb,1,5,\na,2,,\na,3,4.5,3.5\n"},
    {"{\"columns\": [\"x\"], \"time\": \"t\"}", "t,x\n1,a\n2,b\n", "error: x is text; numbers, dates and times have differences"},
};

static const char *const notes[] = {
    "y_diff1 = y - y of the row before; of a date the days, of a time the seconds since then. A row with too few rows before it is not "
    "learned from and gets no prediction.",
    NULL};

const Step step_difference = {
    .spec = {.name = "difference",
             .doc = "change since earlier rows of the same series",
             .group = "series",
             .params = params,
             .params_size = sizeof(Difference),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .apply = difference_apply,
};
