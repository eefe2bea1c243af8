/* window: the last rows of a series, its own among them, as an array of places and channels. */
#include <math.h>

#include "steps/arrays.h"
#include "steps/series.h"

typedef struct Window {
    TextList columns, by;
    int64_t length, stride;
    char *into, *time;
    bool keep;
} Window;

static const Field params[] = {
    {COLUMNS_FIELD(Window, columns), .doc = "columns to look back at; each is a channel", .def = "numeric", .positional = true},
    {INT_FIELD(Window, length), .doc = "places of the window, the last is the row itself", .min = 1, .max = 65536, .soft_min = 8,
     .soft_max = 128, .scale = SCALE_LOG},
    {INT_FIELD(Window, stride), .doc = "rows from place to place", .def = "1", .min = 1, .max = 65536, .soft_min = 1, .soft_max = 8,
     .scale = SCALE_LOG},
    {TEXT_FIELD(Window, into), .doc = "name of the array", .def = "window"},
    {FLAG_FIELD(Window, keep), .doc = "keep the columns beside the array", .def = "false"},
    PAST_FIELDS(Window),
    {0},
};

typedef struct Filling {
    const ArrayMaking *m;
    const Window *p;
    Column *to;
    uint8_t *cells; /* by row: ArrayCell; none: it has too little past */
} Filling;

static void fill_group(void *self, const Past *past, size_t group)
{
    const Filling *f = self;
    PastGroup g = past_group(past, group);
    size_t stride = (size_t)f->p->stride, reach = ((size_t)f->p->length - 1) * stride, channels = f->m->from_count;
    for (size_t i = reach; i < g.count; i++) {
        float *x = f->to->data.array + g.rows[i] * f->to->width;
        bool is_whole = true;
        for (size_t k = 0; k < f->to->width; k++) {
            x[k] = arrays_number(f->m->in->rows->columns[f->m->from[k % channels]], g.rows[i - reach + k / channels * stride]);
            is_whole = is_whole && !isnan(x[k]);
        }
        f->cells[g.rows[i]] = is_whole ? ARRAY_WHOLE : ARRAY_TORN;
    }
}

static bool fill(Job *job, const ArrayMaking *m, const Past *past, Table **out, Error *e)
{
    const Window *p = m->in->params;
    size_t rows = m->in->rows->rows;
    Filling f = {.m = m, .p = p, .cells = mem_try_alloc(rows + 1, 1, e)};
    if (f.cells)
        f.to = column_new_array(rows, &(CellShape){2, {(size_t)p->length, m->from_count}}, e);
    bool ok = f.to && past_visit(job, past, fill_group, &f, e);
    if (ok) {
        char *what = text_format("window of %lld rows", (long long)((p->length - 1) * p->stride + 1));
        past_mark_short(m->in, past, (size_t)((p->length - 1) * p->stride), what);
        mem_free(what);
        ok = arrays_put(m, f.to, f.cells, out, e);
    } else {
        column_unref(f.to);
    }
    mem_free(f.cells);
    return ok;
}

static bool check_present(const ArrayMaking *m, Error *e)
{
    for (size_t i = 0; i < m->from_count; i++)
        if (!series_check_present(m->in, m->in->rows->names[m->from[i]], "make the window of its lag, or the target by lead", e))
            return false;
    return true;
}

static bool window_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)state;
    const Window *p = in->params;
    ArrayMaking m = {.in = in, .columns = &p->columns, .into = p->into, .keep = p->keep};
    bool ok = arrays_find(&m, e) && check_present(&m, e);
    Past *past = ok ? past_get(job, in, &(PastAsk){.by = &p->by, .time = p->time}, e) : NULL;
    ok = past && fill(job, &m, past, out, e);
    past_unref(past);
    mem_free(m.from);
    return ok;
}

static void window_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Window *p = params_used;
    text_addf(out, "%s <- %lld rows of ", p->into, (long long)p->length);
    tools_list(&p->columns, out);
    if (p->stride > 1)
        text_addf(out, "  every %lld", (long long)p->stride);
}

static const Example examples[] = {
    {"{\"columns\": [\"y\"], \"length\": 2, \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n",
     "t,window\n1,\n2,\"[[10], [20]]\"\n3,\"[[20], [40]]\"\n"},
    {"{\"columns\": [\"y\", \"z\"], \"length\": 2, \"into\": \"w\", \"time\": \"t\", \"by\": [\"g\"]}",
     "g,t,y,z\na,2,20,0\nb,1,5,0\na,1,10,1\n", "g,t,w\na,2,\"[[10, 1], [20, 0]]\"\nb,1,\na,1,\n"},
    {"{\"columns\": [\"y\"], \"length\": 2, \"stride\": 2, \"keep\": true, \"time\": \"t\"}", "t,y\n1,10\n2,20\n3,40\n",
     "t,y,window\n1,10,\n2,20,\n3,40,\"[[10], [40]]\"\n"},
    {"{\"columns\": [\"y\"], \"length\": 2}", "t,y\n1,10\n", "error: name time ="},
    {"{\"columns\": [\"y\"], \"length\": 0, \"time\": \"t\"}", "t,y\n1,10\n", "error: allowed is 1 to"},
};

static const char *const notes[] = {
    "The array is length x channels, the oldest row first and the row itself last: what conv1d reads. Rows are ordered by time within "
    "their "
    "series, whatever their order in the file. A row with too few rows before it is not learned from and gets no prediction.",
    "The columns go, for the window holds them; keep = true leaves them there. Put steps that still need them, such as lead, before it. "
    "Where "
    "a number is missing, so is the window. Arrays hold float32.",
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
    .apply = window_apply,
    .describe = window_describe,
};
