/* resample: the rows of each hour, day or other stretch of a series become one. */
#include <math.h>

#include "steps/recipe.h"
#include "steps/series.h"

typedef struct Resample {
    int64_t every;
    int unit, stamp;
    Value *make;
    TextList by;
    char *time;
} Resample;

static const char *const stamps[] = {"begin", "end", NULL};

static void reads_columns(const Value *make, TextList *names);

static const Field params[] = {
    {INT_FIELD(Resample, every), .doc = "length of a stretch", .def = "1", .min = 1, .max = 1e9, .positional = true},
    {CHOICE_FIELD(Resample, unit), .doc = "what it counts; plain: the numbers of the order", .def = "plain", .choices = series_grids},
    {VALUE_FIELD(Resample, make), .doc = "columns, as in group_by: {total = \"sum(x)\", top = \"max(x)\"}", .reads = reads_columns},
    {CHOICE_FIELD(Resample, stamp), .doc = "the time of a stretch: where it begins, or ends and all of it is known", .def = "begin",
     .choices = stamps},
    PAST_FIELDS(Resample),
    {0},
};

static const Field *group_field(const char *name)
{
    return fields_find(step_find("group_by")->spec.params, name);
}

static void reads_columns(const Value *make, TextList *names)
{
    group_field("make")->reads(make, names);
}

/* Rows in order of series and time, each with the stamp of its stretch for a time. */
typedef struct Stretches {
    const StepInput *in;
    const Past *past;
    int64_t distance, origin;
    size_t *rows, count;
    uint64_t *last; /* of each stretch: id of its last row */
    size_t stretches;
} Stretches;

static int64_t begin_of(const Stretches *s, int64_t time)
{
    int64_t from = time - s->origin, rest = from % s->distance;
    return time - (rest < 0 ? rest + s->distance : rest);
}

static int64_t whole_time(const Stretches *s, size_t row)
{
    const Column *c = s->past->time;
    return c->type == COLUMN_REAL ? (int64_t)fmax(-9e18, fmin(floor(c->data.reals[row]), 9e18)) : c->data.ints[row];
}

static bool order_rows(Stretches *s, Error *e)
{
    size_t rows = s->in->rows->rows;
    s->rows = mem_try_alloc(rows + 1, sizeof *s->rows, e);
    s->last = s->rows ? mem_try_alloc(rows + 1, sizeof *s->last, e) : NULL;
    for (size_t group = 0; s->last && group < s->past->order.groups; group++) {
        PastGroup g = past_group(s->past, group);
        for (size_t i = 0; i < g.count; i++) {
            bool begins = i == 0 || begin_of(s, whole_time(s, g.rows[i])) != begin_of(s, whole_time(s, g.rows[i - 1]));
            s->stretches += begins;
            s->last[s->stretches - 1] = table_row_id(s->in->rows, g.rows[i]);
            s->rows[s->count++] = g.rows[i];
        }
    }
    return s->last != NULL;
}

static Column *stamp_column(const Stretches *s, Error *e)
{
    const Resample *p = s->in->params;
    Column *c = column_select(s->past->time, s->rows, s->count, e);
    for (size_t i = 0; c && i < s->count; i++) {
        int64_t stamp = begin_of(s, whole_time(s, s->rows[i]));
        if (p->stamp == STAMP_END && __builtin_add_overflow(stamp, s->distance, &stamp))
            stamp = INT64_MAX;
        if (c->type == COLUMN_REAL)
            c->data.reals[i] = (double)stamp;
        else
            c->data.ints[i] = stamp;
    }
    return c;
}

static const char *name_of(const Table *t, const Column *c)
{
    size_t i = 0;
    while (t->columns[i] != c)
        i++;
    return t->names[i];
}

/* group_by does the rest: by the columns of the series and the time of the stretch. */
static void *group_params(const Stretches *s, Error *e)
{
    Value *args = value_map(), *by = value_list();
    for (size_t i = 0; i < s->past->by_count; i++)
        value_add(by, value_text(name_of(s->in->rows, s->past->by[i])));
    value_add(by, value_text(name_of(s->in->rows, s->past->time)));
    value_set(args, "by", by);
    value_set(args, "make", value_copy(((const Resample *)s->in->params)->make));
    void *made = params_from_value(&step_find("group_by")->spec, args, e);
    value_free(args);
    return made;
}

static bool group_rows(Job *job, const Stretches *s, Table **out, Error *e)
{
    const Step *group_by = step_find("group_by");
    Table *ordered = table_select(s->in->rows, s->rows, s->count, e);
    if (ordered)
        tools_put(&ordered, name_of(s->in->rows, s->past->time), stamp_column(s, e), e);
    StepInput in = *s->in;
    void *made = ordered ? group_params(s, e) : NULL;
    in.params = made;
    in.rows = ordered;
    bool ok = made && group_by->apply(job, &in, NULL, out, e);
    for (size_t i = 0; ok && i < s->stretches; i++) {
        tools_merge_said(s->in, (*out)->row_ids[i], s->last[i]);
        (*out)->row_ids[i] = s->last[i];
    }
    params_free(&group_by->spec, made);
    table_unref(ordered);
    return ok;
}

static bool resample_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Resample *p = in->params;
    Past *past = past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e);
    Stretches s = {.in = in, .past = past};
    bool ok = past && series_grid(p->every, p->unit, past, &s.distance, e);
    if (ok && p->unit == SERIES_WEEKS)
        s.origin = s.distance / p->every / 7 * 4; /* 1970-01-05 was a Monday */
    ok = ok && order_rows(&s, e) && group_rows(job, &s, out, e);
    past_unref(past);
    mem_free(s.rows);
    mem_free(s.last);
    return ok;
}

static const Example examples[] = {
    {"{\"every\": 10, \"make\": {\"y\": \"sum(y)\", \"end\": \"last(y)\"}, \"time\": \"t\"}", "t,y\n12,1\n3,2\n19,4\n5,8\n",
     "t,end,y\n0,8,10\n10,4,5\n"},
    {"{\"every\": 2, \"make\": {\"n\": \"count()\"}, \"time\": \"t\", \"by\": [\"g\"]}", "g,t,y\na,3,1\nb,0,2\na,2,4\na,5,8\nb,1,1\n",
     "g,t,n\na,2,2\na,4,1\nb,0,2\n"},
    {"{\"every\": 10, \"make\": {\"y\": \"sum(y)\"}, \"time\": \"t\", \"stamp\": \"end\"}", "t,y\n12,1\n3,2\n19,4\n5,8\n",
     "t,y\n10,10\n20,5\n"},
    {"{\"make\": {\"x\": \"total(y)\"}, \"time\": \"t\"}", "t,y\n1,2\n", "error: x: \"total\" is no aggregate"},
};

static const char *const notes[] = {
    "The time of a stretch is its beginning, or its end (stamp); weeks begin on Monday. Columns that are neither made nor tell series "
    "apart "
    "are left out. The row that stands for a stretch is its last one: while predicting, the others are told to be dropped by resample.",
    "A table that is joined by time needs stamp = \"end\": at its beginning nothing of a stretch is known yet.",
    "The last stretch of rows to predict may not be over: what is made of it is what is known of it so far.", NULL};

const Step step_resample = {
    .spec = {.name = "resample",
             .doc = "the rows of each hour, day ... of a series become one",
             .group = "series",
             .params = params,
             .params_size = sizeof(Resample),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_DROPS_ROWS,
    .needs = NEEDS_PAST,
    .apply = resample_apply,
};
