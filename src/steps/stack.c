/* stack: columns side by side become one array. */
#include <math.h>
#include <string.h>

#include "steps/arrays.h"

typedef struct Stack {
    TextList columns;
    int64_t channels;
    char *into;
    bool keep;
} Stack;

static const Field params[] = {
    {COLUMNS_FIELD(Stack, columns), .doc = "columns in order of their places, channel after channel", .positional = true},
    {INT_FIELD(Stack, channels), .doc = "so many equal groups of the columns are channels", .def = "1", .min = 1, .max = 65536,
     .soft_min = 1, .soft_max = 16},
    {TEXT_FIELD(Stack, into), .doc = "name of the array", .def = "stack"},
    {FLAG_FIELD(Stack, keep), .doc = "keep the columns beside the array", .def = "false"},
    {0},
};

/* Each is called as the column that it comes from. */
static void name_numbers(const ArrayMaking *m, Column *to, size_t places, size_t channels)
{
    to->dictionary = dictionary_new();
    for (size_t i = 0; i < m->from_count; i++) {
        const char *name = m->in->rows->names[m->from[i % channels * places + i / channels]];
        dictionary_add(to->dictionary, name, strlen(name));
    }
}

static bool put(const ArrayMaking *m, size_t channels, Table **out, Error *e)
{
    const Table *t = m->in->rows;
    size_t places = m->from_count / channels;
    uint8_t *cells = mem_try_alloc(t->rows + 1, 1, e);
    Column *to = cells ? column_new_array(t->rows, &(CellShape){2, {places, channels}}, e) : NULL;
    for (size_t row = 0; to && row < t->rows; row++)
        cells[row] = ARRAY_WHOLE;
    for (size_t k = 0; to && k < m->from_count; k++)
        for (size_t row = 0; row < t->rows; row++) {
            float x = arrays_number(t->columns[m->from[k]], row);
            to->data.array[row * to->width + k % places * channels + k / places] = x;
            if (isnan(x))
                cells[row] = ARRAY_TORN;
        }
    if (to)
        name_numbers(m, to, places, channels);
    *out = to ? table_ref(t) : NULL;
    bool ok = to && arrays_put(m, to, cells, out, e);
    mem_free(cells);
    return ok;
}

static bool stack_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job;
    (void)state;
    const Stack *p = in->params;
    ArrayMaking m = {.in = in, .columns = &p->columns, .into = p->into};
    bool ok = arrays_find(&m, e);
    if (ok && m.from_count % (size_t)p->channels)
        ok = error_set(e, ERROR_USAGE, "%zu columns are not %lld groups of one size; each channel needs as many places", m.from_count,
                       (long long)p->channels);
    ok = ok && put(&m, (size_t)p->channels, out, e) && (p->keep || arrays_drop_sources(&m, out, e));
    mem_free(m.from);
    return ok;
}

static void stack_describe(const void *params_used, const void *state, Text *out)
{
    (void)state;
    const Stack *p = params_used;
    text_addf(out, "%s <- ", p->into);
    tools_list(&p->columns, out);
    if (p->channels > 1)
        text_addf(out, "  %lld channels", (long long)p->channels);
}

static const Example examples[] = {
    {"{\"columns\": [\"jan\", \"feb\", \"mar\"], \"into\": \"use\"}", "id,jan,feb,mar\n1,5,6,7\n2,8,,9\n",
     "id,use\n1,\"[[5], [6], [7]]\"\n2,\n"},
    {"{\"columns\": [\"x1\", \"x2\", \"y1\", \"y2\"], \"channels\": 2}", "x1,x2,y1,y2\n1,2,30,40\n", "stack\n\"[[1, 30], [2, 40]]\"\n"},
    {"{\"columns\": [\"x\"], \"keep\": true}", "x\n0.5\n", "x,stack\n0.5,[[0.5]]\n"},
    {"{\"columns\": [\"x\", \"y\"], \"channels\": 3}", "x,y\n1,2\n", "error: 2 columns are not 3 groups of one size"},
    {"{\"columns\": [\"t\"]}", "t\na\n", "error: t is text, not a number"},
};

static const char *const notes[] = {
    "The array has as many places as there are columns for a channel: places x channels, which is what conv1d reads. Where a number is "
    "missing, so is the array. Arrays hold float32.",
    NULL};

const Step step_stack = {
    .spec = {.name = "stack",
             .doc = "put columns side by side into one array",
             .group = "series",
             .params = params,
             .params_size = sizeof(Stack),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .effect = STEP_MAP,
    .mixes_columns = true,
    .apply = stack_apply,
    .describe = stack_describe,
};
