/* window: the last rows of a series, its own among them, as an array of places and channels; and the next ones, as the target. */
#include <math.h>
#include <string.h>

#include "steps/arrays.h"
#include "steps/series.h"

typedef struct Window {
    TextList columns, targets, by;
    int64_t length, stride, horizon;
    char *into, *targets_into, *time;
    bool relative, keep;
} Window;

static const Field params[] = {
    {COLUMNS_FIELD(Window, columns), .doc = "columns to look back at; each is a channel", .def = "numeric", .positional = true},
    {INT_FIELD(Window, length), .doc = "places of the window, the last is the row itself", .min = 1, .max = 65536, .soft_min = 8,
     .soft_max = 128, .scale = SCALE_LOG},
    {INT_FIELD(Window, stride), .doc = "rows from place to place", .def = "1", .min = 1, .max = 65536, .soft_min = 1, .soft_max = 8,
     .scale = SCALE_LOG},
    {TEXT_FIELD(Window, into), .doc = "name of the array", .def = "window"},
    {INT_FIELD(Window, horizon), .doc = "rows to look ahead, each next one; 0: it looks back only", .def = "0", .min = 0, .max = 4096,
     .soft_min = 0, .soft_max = 48},
    {COLUMNS_FIELD(Window, targets), .doc = "columns to look ahead at; none: those to look back at", .def = ""},
    {TEXT_FIELD(Window, targets_into), .names_column = true, .doc = "name of the array of later rows, which is to be the target",
     .def = "targets"},
    {FLAG_FIELD(Window, relative), .doc = "numbers are differences from that of the row itself", .def = "false"},
    {FLAG_FIELD(Window, keep), .doc = "keep the columns beside the arrays", .def = "false"},
    PAST_FIELDS(Window),
    {0},
};

/* One array being made: `first` rows from the row itself its first place stands, `stride` rows from place to place. */
typedef struct Filling {
    const ArrayMaking *m;
    int64_t first, stride;
    size_t places;
    bool relative;
    Column *to;
    uint8_t *cells; /* by row: ArrayCell; none: the rows that it asks for are not there */
} Filling;

/* The numbers of a row of places; own: of the row itself, from which differences count. */
static ArrayCell fill_cell(const Filling *f, const uint32_t *rows, uint32_t own, float *x)
{
    ArrayCell cell = ARRAY_WHOLE;
    for (size_t k = 0; k < f->to->width; k++) {
        const Column *c = f->m->in->rows->columns[f->m->from[k % f->m->from_count]];
        x[k] = arrays_number(c, rows[(int64_t)(k / f->m->from_count) * f->stride]);
        if (f->relative)
            x[k] = (float)(column_real(c, rows[(int64_t)(k / f->m->from_count) * f->stride]) - column_real(c, own));
        if (!isfinite(x[k]))
            cell = ARRAY_TORN;
    }
    return cell;
}

static void fill_group(void *self, const Past *past, size_t group)
{
    const Filling *f = self;
    PastGroup g = past_group(past, group);
    for (size_t i = 0; i < g.count; i++) {
        int64_t first = (int64_t)i + f->first, last = first + (int64_t)(f->places - 1) * f->stride;
        if (first >= 0 && last < (int64_t)g.count)
            f->cells[g.rows[i]] = (uint8_t)fill_cell(f, g.rows + first, g.rows[i], f->to->data.array + g.rows[i] * f->to->width);
    }
}

static bool fill(Job *job, Filling *f, const Past *past, Table **t, Error *e)
{
    size_t rows = f->m->in->rows->rows;
    f->cells = mem_try_alloc(rows + 1, 1, e);
    f->to = f->cells ? column_new_array(rows, &(CellShape){2, {f->places, f->m->from_count}}, e) : NULL;
    bool ok = f->to && past_visit(job, past, fill_group, f, e);
    if (!ok)
        column_unref(f->to);
    else
        ok = arrays_put(f->m, f->to, f->cells, t, e);
    mem_free(f->cells);
    return ok;
}

static bool fill_back(Job *job, const ArrayMaking *m, const Past *past, Table **t, Error *e)
{
    const Window *p = m->in->params;
    int64_t reach = (p->length - 1) * p->stride;
    Filling f = {.m = m, .first = -reach, .stride = p->stride, .places = (size_t)p->length, .relative = p->relative};
    if (!fill(job, &f, past, t, e))
        return false;
    char *what = text_format("window of %lld rows", (long long)reach + 1);
    past_mark_short(m->in, past, (size_t)reach, what);
    mem_free(what);
    return true;
}

/* calls_1 is that of the next row. */
static void name_ahead(const ArrayMaking *m, size_t horizon, Column *to)
{
    to->dictionary = dictionary_new();
    for (size_t k = 0; k < horizon * m->from_count; k++) {
        char *name = text_format("%s_%zu", m->in->rows->names[m->from[k % m->from_count]], k / m->from_count + 1);
        dictionary_add(to->dictionary, name, strlen(name));
        mem_free(name);
    }
}

static bool fill_ahead(Job *job, const ArrayMaking *m, const Past *past, Table **t, Error *e)
{
    const Window *p = m->in->params;
    Filling f = {.m = m, .first = 1, .stride = 1, .places = (size_t)p->horizon, .relative = p->relative};
    if (!fill(job, &f, past, t, e))
        return false;
    name_ahead(m, f.places, table_column(*t, m->into));
    return true;
}

static bool check_present(const ArrayMaking *m, Error *e)
{
    for (size_t i = 0; i < m->from_count; i++)
        if (!series_check_present(m->in, m->in->rows->names[m->from[i]],
                                  "make the window of its lag, or the target by lead or by horizon = of the window", e))
            return false;
    return true;
}

static bool make_arrays(Job *job, const ArrayMaking *back, const ArrayMaking *ahead, Table **out, Error *e)
{
    const Window *p = back->in->params;
    Past *past = past_get(job, back->in, &(PastAsk){.by = &p->by, .time = p->time}, e);
    *out = past ? table_ref(back->in->rows) : NULL;
    bool ok = past && fill_back(job, back, past, out, e) && (!p->horizon || fill_ahead(job, ahead, past, out, e)) &&
              (p->keep || (arrays_drop_sources(back, out, e) && arrays_drop_sources(ahead, out, e)));
    past_unref(past);
    if (ok)
        return true;
    table_unref(*out);
    *out = NULL;
    return false;
}

static bool window_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Window *p = in->params;
    ArrayMaking back = {.in = in, .columns = &p->columns, .into = p->into};
    ArrayMaking ahead = {.in = in, .columns = p->targets.count ? &p->targets : &p->columns, .into = p->targets_into, .is_ahead = true};
    bool ok = arrays_find(&back, e) && check_present(&back, e) && (!p->horizon || arrays_find(&ahead, e)) &&
              make_arrays(job, &back, &ahead, out, e);
    mem_free(back.from);
    mem_free(ahead.from);
    return ok;
}

static bool makes_targets(const Window *p, const char *made)
{
    return p->horizon > 0 && (!made || text_equal(made, p->targets_into));
}

static StepReach window_reach(const void *params_used, const char *made)
{
    const Window *p = params_used;
    return makes_targets(p, made) ? (StepReach){.steps = p->horizon, .unit = SERIES_ROWS, .relative = p->relative} : (StepReach){0};
}

static bool window_is_made_of(const void *params_used, const char *made, const char *field)
{
    const Window *p = params_used;
    return text_equal(field, makes_targets(p, made) && p->targets.count ? "targets" : "columns");
}

static void window_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Window *p = params_used;
    text_addf(out, "%s <- %lld rows of ", p->into, (long long)p->length);
    tools_list(&p->columns, out);
    if (p->stride > 1)
        text_addf(out, "  every %lld", (long long)p->stride);
    if (p->horizon)
        text_addf(out, "  %s <- %lld rows ahead", p->targets_into, (long long)p->horizon);
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"length\": 2, \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n",
     "t,window\n1,\n2,\"[[10], [20]]\"\n3,\"[[20], [40]]\"\n"},
    {"{\"columns\": [\"y\", \"z\"], \"length\": 2, \"into\": \"w\", \"time\": \"t\", \"by\": [\"g\"]}",
     "g,t,y,z\na,2,20,0\nb,1,5,0\na,1,10,1\n", "g,t,w\na,2,\"[[10, 1], [20, 0]]\"\nb,1,\na,1,\n"},
    {"{\"columns\": [\"y\"], \"length\": 2, \"stride\": 2, \"keep\": true, \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n",
     "t,y,window\n1,10,\n2,20,\n3,40,\"[[10], [40]]\"\n"},
    {"{\"columns\": [\"y\"], \"length\": 2, \"horizon\": 2, \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n4,80\n",
     "t,window,targets\n1,,\"[[20], [40]]\"\n2,\"[[10], [20]]\",\"[[40], [80]]\"\n3,\"[[20], [40]]\",\n4,\"[[40], [80]]\",\n"},
    {"{\"columns\": [\"x\"], \"length\": 2, \"horizon\": 1, \"targets\": [\"y\"], \"targets_into\": \"next\", \"relative\": true, "
     "\"time\": \"t\"}",
     "t,x,y\n1,5,10\n2,7,20\n3,4,50\n", "t,window,next\n1,,[[10]]\n2,\"[[-2], [0]]\",[[30]]\n3,\"[[3], [0]]\",\n"},
    {"{\"columns\": [\"y\"], \"length\": 2}", "t,y\n1,10\n", "error: name time ="},
    {"{\"columns\": [\"y\"], \"length\": 0, \"time\": \"t\"}", "t,y\n1,10\n", "error: allowed is 1 to"},
};

static const char *const notes[] = {
    "The array is length x channels, the oldest row first and the row itself last: what conv1d reads. Rows are ordered by time within "
    "their series, whatever their order in the file. A row with too few rows before it is not learned from and gets no prediction.",
    "horizon = 24 makes a second array, of the 24 rows behind the row: the target, of a forecast of all of them by one net (lb.pipeline { "
    "target = \"targets\" }), and nothing else; the model tells a number for each, calls_1 to calls_24. Parts that are cut in time leave "
    "out the rows whose targets reach into the next part. relative = true forecasts changes from the row itself, which takes a level "
    "that drifts out of both arrays (Zeng et al. 2023, NLinear).",
    "The columns go, for the arrays hold them; keep = true leaves them there. Put steps that still need them, such as lead, before it. "
    "Where a number is missing, so is the array. Arrays hold float32.",
    NULL};

const Step step_window = {
    .spec = {.name = "window",
             .doc = "the last rows of a series as an array for conv1d",
             .group = "series",
             .params = params,
             .params_size = sizeof(Window),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .needs = NEEDS_PAST,
    .mixes_columns = true,
    .reach = window_reach,
    .is_made_of = window_is_made_of,
    .apply = window_apply,
    .describe = window_describe,
};
