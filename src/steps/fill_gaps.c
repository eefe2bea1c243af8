/* fill_gaps: a row for each time that a series leaves out. */
#include <math.h>

#include "steps/series.h"
#include "steps/unready.h"

typedef struct FillGaps {
    int64_t every;
    int unit;
    TextList forward, by;
    char *mark, *time;
} FillGaps;

static const Field params[] = {
    {INT_FIELD(FillGaps, every), .doc = "distance in time from row to row", .def = "1", .min = 1, .max = 1e9, .positional = true},
    {CHOICE_FIELD(FillGaps, unit), .doc = "what it counts; plain: the numbers of the order", .def = "plain", .choices = series_grids},
    {COLUMNS_FIELD(FillGaps, forward), .doc = "columns that go on as they were; others are missing", .def = ""},
    {TEXT_FIELD(FillGaps, mark), .names_column = true, .doc = "also a column of this name: 1 where a row was put in", .def = ""},
    PAST_FIELDS(FillGaps),
    {0},
};

/* The rows behind the step: those before it, then those that are put in. */
typedef struct Grid {
    const StepInput *in;
    const Past *past;
    int64_t distance;
    size_t *from;   /* row of the table before */
    int64_t *times; /* of those put in */
    size_t count, room;
} Grid;

static int64_t time_at(const Column *time, size_t row)
{
    return time->type == COLUMN_REAL ? (int64_t)time->data.reals[row] : time->data.ints[row];
}

/* A time between two whole numbers is on no grid of them. */
static bool is_whole(const Column *time, size_t row)
{
    double x = time->type == COLUMN_REAL ? time->data.reals[row] : 0;
    return x == floor(x) && fabs(x) < 9e15;
}

static bool grid_room(Grid *g, size_t more, Error *e)
{
    enum { MOST_ADDED = 100, SMALL = 1000000 };
    size_t rows = g->in->rows->rows, most = SMALL + MOST_ADDED * rows;
    if (more > most || g->count + more > most)
        return error_set(e, ERROR_USAGE, "it would put in more than %zu rows; is \"every\" as meant?", most - rows);
    if (g->count + more <= g->room)
        return true;
    size_t room = 2 * (g->count + more);
    size_t *from = mem_try_realloc(g->from, room, sizeof *from, e);
    g->from = from ? from : g->from;
    int64_t *times = from ? mem_try_realloc(g->times, room, sizeof *times, e) : NULL;
    g->times = times ? times : g->times;
    g->room = times ? room : g->room;
    return times != NULL;
}

/* While predicting it is the row's reason; the rows behind it are counted from it. */
static bool off_grid(const Grid *g, size_t row, Error *e)
{
    Text text = {0};
    column_format(g->past->time, row, &text);
    bool goes_on = g->in->reasons;
    if (goes_on)
        tools_timeless(g->in, row, "%s is no multiple of the distance behind the row before it", text_get(&text));
    else
        error_set(e, ERROR_USAGE, "%s is no multiple of the distance behind the row before it; give a smaller \"every\"", text_get(&text));
    text_done(&text);
    return goes_on;
}

static bool bridge(Grid *g, size_t row, size_t next, Error *e)
{
    if (!is_whole(g->past->time, row) || !is_whole(g->past->time, next))
        return off_grid(g, next, e);
    int64_t a = time_at(g->past->time, row), b = time_at(g->past->time, next), between;
    bool is_far = __builtin_sub_overflow(b, a, &between);
    if (!is_far && between % g->distance)
        return off_grid(g, next, e);
    size_t gap = is_far ? SIZE_MAX : (size_t)(between / g->distance) - 1;
    if (!grid_room(g, gap, e))
        return false;
    for (size_t k = 1; k <= gap; k++) {
        g->from[g->count] = row;
        g->times[g->count++] = a + (int64_t)k * g->distance;
    }
    return true;
}

static bool make_grid(Grid *g, Error *e)
{
    size_t rows = g->in->rows->rows;
    bool ok = grid_room(g, rows, e);
    for (; ok && g->count < rows; g->count++)
        g->from[g->count] = g->count;
    for (size_t group = 0; ok && group < g->past->order.groups; group++) {
        PastGroup p = past_group(g->past, group);
        for (size_t i = 1; ok && i < p.count; i++)
            ok = bridge(g, p.rows[i - 1], p.rows[i], e);
    }
    return ok;
}

static bool goes_on(const Grid *g, const Table *t, const TextList *forward, size_t column)
{
    bool is = text_list_has(forward, t->names[column]);
    for (size_t i = 0; i < g->past->by_count; i++)
        is = is || t->columns[column] == g->past->by[i];
    return is;
}

static Column *grid_column(const Grid *g, const TextList *forward, size_t column, Error *e)
{
    const Table *t = g->in->rows;
    const Column *c = t->columns[column];
    bool is_time = c == g->past->time, stays = goes_on(g, t, forward, column);
    Column *made = column_select(c, g->from, g->count, e);
    for (size_t i = t->rows; made && i < g->count; i++) {
        if (is_time && c->type == COLUMN_REAL)
            made->data.reals[i] = (double)g->times[i];
        else if (is_time)
            made->data.ints[i] = g->times[i];
        else if (!stays && !column_set_missing(made, i, e)) {
            column_unref(made);
            return NULL;
        }
    }
    return made;
}

/* Rows that stand in no file have ids of their own, behind all others. */
static bool set_ids(const Grid *g, Table *t, Error *e)
{
    uint64_t next = 0;
    t->row_ids = mem_try_alloc(g->count + 1, sizeof *t->row_ids, e);
    for (size_t i = 0; t->row_ids && i < g->in->rows->rows; i++) {
        t->row_ids[i] = table_row_id(g->in->rows, i);
        next = t->row_ids[i] >= next ? t->row_ids[i] + 1 : next;
    }
    for (size_t i = g->in->rows->rows; t->row_ids && i < g->count; i++)
        t->row_ids[i] = next++;
    return t->row_ids != NULL;
}

static Column *mark_column(const Grid *g, Error *e)
{
    Column *c = column_new(COLUMN_INT, g->count, e);
    for (size_t i = g->in->rows->rows; c && i < g->count; i++)
        c->data.ints[i] = 1;
    return c;
}

static bool grid_table(const Grid *g, const TextList *forward, Table **out, Error *e)
{
    const FillGaps *p = g->in->params;
    Table *t = table_new(g->count);
    bool ok = set_ids(g, t, e);
    for (size_t i = 0; ok && i < g->in->rows->columns_count; i++) {
        Column *c = grid_column(g, forward, i, e);
        ok = c && table_add(t, g->in->rows->names[i], c, e);
    }
    if (ok && p->mark && *p->mark)
        ok = tools_add(&t, p->mark, mark_column(g, e), e);
    if (!ok)
        table_unref(t);
    *out = ok ? t : NULL;
    return ok;
}

static bool take_forward(const StepInput *in, TextList *names, Error *e)
{
    const FillGaps *p = in->params;
    int *columns = NULL;
    size_t count = 0;
    bool ok = !p->forward.count || tools_select(in, &p->forward, &columns, &count, e);
    for (size_t i = 0; ok && i < count; i++) {
        text_list_add(names, in->rows->names[columns[i]]);
        ok = series_check_present(in, in->rows->names[columns[i]], "leave it out of \"forward\"", e);
    }
    mem_free(columns);
    return ok;
}

static bool fill_gaps_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const FillGaps *p = in->params;
    TextList forward = {0};
    Grid g = {.in = in};
    Past *past = take_forward(in, &forward, e) ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    g.past = past;
    bool ok = past && series_grid(p->every, p->unit, past, &g.distance, e) && make_grid(&g, e) && grid_table(&g, &forward, out, e);
    past_unref(past);
    text_list_done(&forward);
    mem_free(g.from);
    mem_free(g.times);
    return ok;
}

static const Example examples[] = {
    {"{\"time\": \"t\"}", "t,y\n1,10\n4,40\n", "t,y\n1,10\n4,40\n2,\n3,\n"},
    {"{\"every\": 2, \"forward\": [\"y\"], \"mark\": \"added\", \"time\": \"t\", \"by\": [\"g\"]}",
     "g,t,x,y\na,1,1,10\nb,1,2,5\na,5,3,30\n", "g,t,x,y,added\na,1,1,10,0\nb,1,2,5,0\na,5,3,30,0\na,3,,10,1\n"},
    {"{\"every\": 2, \"time\": \"t\"}", "t,y\n1,10\n4,40\n", "error: 4 is no multiple of the distance behind the row before it"},
    {"{\"unit\": \"hours\", \"time\": \"t\"}", "t,y\n1,10\n4,40\n", "error: the order is int, which counts no time"},
};

static const char *const notes[] = {
    "From the first to the last time of each series there is a row for each multiple of every. Rows that are put in stand at the end of "
    "the "
    "table; lag, rolling and the like order rows by time. Without a target they teach nothing, but they are the past of other rows.",
    "A line through the gaps is interpolate, behind this step; it looks ahead, so it makes no features.", NULL};

const Step step_fill_gaps = {
    .spec = {.name = "fill_gaps",
             .doc = "a row for each time that a series leaves out",
             .group = "series",
             .params = params,
             .params_size = sizeof(FillGaps),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_ADDS_ROWS,
    .needs = NEEDS_PAST,
    .apply = fill_gaps_apply,
};
