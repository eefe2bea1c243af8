/* knn_impute: a missing number becomes the mean of the nearest training rows that have it. The method of O. Troyanskaya and others,
 * "Missing value estimation methods for DNA microarrays" (2001), with the distance over the columns that both rows have. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "num/kernels.h"
#include "steps/nearest.h"
#include "steps/packed.h"
#include "steps/tools.h"

enum { SCALE_STANDARD, SCALE_NONE, TASK_ROWS = 64, CELLS_MOST = 1000000 };

typedef struct Knn {
    TextList columns;
    int64_t k, donors;
    int scale;
    bool indicator;
} Knn;

typedef struct Donors {
    TextList columns;
    NumberList means, sds; /* of the training rows */
    TextList cells;        /* packed: for each column the numbers of all donors */
} Donors;

static const char *const scale_choices[] = {"standard", "none", NULL};

static const Field params[] = {
    {COLUMNS_FIELD(Knn, columns), .doc = "columns to fill, which also say what is near", .def = "numeric", .positional = true},
    {INT_FIELD(Knn, k), .doc = "neighbors whose mean is taken", .def = "5", .min = 1, .max = NEAREST_MOST, .soft_min = 1, .soft_max = 20},
    {CHOICE_FIELD(Knn, scale), .doc = "distances in standard deviations, or in the units of the columns", .def = "standard",
     .choices = scale_choices},
    {INT_FIELD(Knn, donors), .doc = "training rows to look among, evenly taken; they travel in the model", .def = "5000", .min = 1,
     .max = 200000, .soft_min = 500, .soft_max = 50000},
    {FLAG_FIELD(Knn, indicator), .doc = "add column NAME_missing that marks the filled cells", .def = "false"},
    {0},
};

static const Field learns[] = {
    {COLUMNS_FIELD(Donors, columns), .doc = "columns that hold a number", .unique = true},
    {NUMBERS_FIELD(Donors, means), .doc = "mean of each", .min = -DBL_MAX, .max = DBL_MAX, .length_of = "columns"},
    {NUMBERS_FIELD(Donors, sds), .doc = "standard deviation of each", .max = DBL_MAX, .length_of = "columns"},
    {TEXTS_FIELD(Donors, cells), .doc = "numbers of the donors, - where one is missing, for each", .length_of = "columns"},
    {0},
};

static bool learn_columns(Job *job, const StepInput *in, Donors *s, Error *e)
{
    TextList names = {0};
    bool ok = tools_resolve(in, &((const Knn *)in->params)->columns, true, &names, e);
    for (size_t i = 0; ok && i < names.count; i++) {
        const Column *c = table_column(in->rows, names.items[i]);
        Moments m;
        bool any = false;
        ok = job_go_on(job, e) && tools_spread(c, &m, &any, e);
        if (!any) {
            tools_note_flat(in, names.items[i], false);
            continue;
        }
        text_list_add(&s->columns, names.items[i]);
        tools_add_number(&s->means, m.mean);
        tools_add_number(&s->sds, m.sd > 0 ? m.sd : 1);
    }
    text_list_done(&names);
    return ok;
}

/* Rows at even distances, as many as may travel in a model. */
static void take_donors(const StepInput *in, Donors *s)
{
    size_t rows = in->rows->rows, width = s->columns.count, most = (size_t)((const Knn *)in->params)->donors;
    if (width && most > 1 + CELLS_MOST / width)
        most = 1 + CELLS_MOST / width;
    size_t count = rows < most ? rows : most;
    for (size_t k = 0; k < width; k++) {
        const Column *c = table_column(in->rows, s->columns.items[k]);
        Text cells = {0};
        for (size_t i = 0; i < count; i++) {
            double x = column_real(c, (size_t)((double)i * (double)rows / (double)count));
            packed_add(&cells, isfinite(x) ? x : (double)NAN);
        }
        text_list_add(&s->cells, text_get(&cells));
        text_done(&cells);
    }
    if (count < rows && width)
        tools_note(in, "%zu of %zu training rows, evenly taken, are the donors, of at most %lld and a million cells", count, rows,
                   (long long)((const Knn *)in->params)->donors);
}

static bool knn_impute_fit(Job *job, const StepInput *in, void *state, Error *e)
{
    if (!learn_columns(job, in, state, e))
        return false;
    take_donors(in, state);
    return true;
}

/* What the search works on: donors in blocks, column by column within a block. */
typedef struct Search {
    const Donors *s;
    size_t width, donors, blocks, k;
    double *cells;         /* [column][donor], NAN where missing */
    float *values, *marks; /* [block][column][NEAR_BLOCK] */
    double *scales;
    const Column **from;
    Column **to;
    size_t *rows, rows_count; /* that miss something */
    Job *job;
} Search;

static size_t place_of(const Search *x, size_t donor, size_t column)
{
    return ((donor / NEAR_BLOCK) * x->width + column) * NEAR_BLOCK + donor % NEAR_BLOCK;
}

static float scaled(const Search *x, size_t column, double value)
{
    return (float)((value - x->s->means.items[column]) / x->scales[column]);
}

static bool read_donors(Search *x, Error *e)
{
    const TextList *cells = &x->s->cells;
    x->donors = packed_count(cells->items[0]);
    x->blocks = (x->donors + NEAR_BLOCK - 1) / NEAR_BLOCK;
    x->cells = mem_try_alloc(x->donors * x->width + 1, sizeof *x->cells, e);
    for (size_t c = 0; x->cells && c < x->width; c++)
        if (!packed_read(cells->items[c], x->cells + c * x->donors, x->donors, true))
            return error_set(e, ERROR_FAILED, "the donors of the model are damaged: %s", x->s->columns.items[c]);
    return x->cells != NULL;
}

static bool place_donors(Search *x, Error *e)
{
    size_t room = x->blocks * NEAR_BLOCK * x->width + 1;
    x->values = mem_try_alloc(room, sizeof *x->values, e);
    x->marks = x->values ? mem_try_alloc(room, sizeof *x->marks, e) : NULL;
    for (size_t c = 0; x->marks && c < x->width; c++)
        for (size_t i = 0; i < x->donors; i++) {
            double value = x->cells[c * x->donors + i];
            if (isnan(value))
                continue;
            x->values[place_of(x, i, c)] = scaled(x, c, value);
            x->marks[place_of(x, i, c)] = 1;
        }
    return x->marks != NULL;
}

/* The nearest donors of one row for one of its columns. */
typedef struct Missing {
    Nearest near;
    size_t column;
} Missing;

/* Equally near donors count in the order of the training rows. */
static void keep_from_block(const Search *x, Missing *m, size_t block, const float *means)
{
    const float *marks = x->marks + (block * x->width + m->column) * NEAR_BLOCK;
    for (size_t j = 0; j < NEAR_BLOCK; j++)
        if (means[j] < nearest_limit(&m->near) && marks[j] > 0)
            nearest_keep(&m->near, means[j], (uint32_t)(block * NEAR_BLOCK + j));
}

/* Without any donor that shares a column with the row: the mean of the column. */
static double mean_of(const Search *x, const Missing *m)
{
    const Nearest *n = &m->near;
    double sum = 0;
    for (size_t i = 0; i < n->count; i++)
        sum += x->cells[m->column * x->donors + n->rows[i]];
    return n->count ? sum / (double)n->count : x->s->means.items[m->column];
}

/* Room of one task. */
typedef struct Room {
    float *row;
    int32_t *columns;
    Missing *missing;
} Room;

static void fill_row(const Search *x, size_t row, Room *room)
{
    float means[NEAR_BLOCK];
    size_t known = 0, missing = 0;
    for (size_t c = 0; c < x->width; c++) {
        double value = column_real(x->from[c], row);
        if (isfinite(value)) {
            room->row[known] = scaled(x, c, value);
            room->columns[known++] = (int32_t)c;
        } else {
            room->missing[missing].near.count = 0;
            room->missing[missing].near.most = x->k;
            room->missing[missing++].column = c;
        }
    }
    for (size_t b = 0; known && b < x->blocks; b++) {
        size_t start = b * x->width * NEAR_BLOCK;
        NearView view = {room->row, room->columns, known, x->values + start, x->marks + start, means};
        float least = kernels()->near(&view);
        for (size_t m = 0; m < missing; m++) {
            if (least < nearest_limit(&room->missing[m].near))
                keep_from_block(x, &room->missing[m], b, means);
        }
    }
    for (size_t m = 0; m < missing; m++)
        x->to[room->missing[m].column]->data.reals[row] = mean_of(x, &room->missing[m]);
}

static void run_task(void *self, int index)
{
    const Search *x = self;
    Room room = {mem_alloc((x->width + 1) * sizeof *room.row), mem_alloc((x->width + 1) * sizeof *room.columns),
                 mem_alloc((x->width + 1) * sizeof *room.missing)};
    size_t from = (size_t)index * TASK_ROWS, to = from + TASK_ROWS;
    for (size_t i = from; i < to && i < x->rows_count && !(x->job && atomic_load(&x->job->cancel)); i++)
        fill_row(x, x->rows[i], &room);
    mem_free(room.row);
    mem_free(room.columns);
    mem_free(room.missing);
}

static bool run_tasks(Job *job, Search *x, Error *e)
{
    int tasks = (int)((x->rows_count + TASK_ROWS - 1) / TASK_ROWS), threads = job && job->threads ? job->threads : thread_cores();
    Pool *pool = pool_new(tasks > 1 ? threads : 1, e);
    if (!pool)
        return false;
    pool_run(pool, tasks, run_task, x);
    pool_free(pool);
    return job_go_on(job, e);
}

static double same(double x, double a, double b)
{
    (void)a, (void)b;
    return x;
}

static bool open_columns(const StepInput *in, Search *x, Error *e)
{
    for (size_t c = 0; c < x->width; c++) {
        x->from[c] = tools_numeric(in->rows, x->s->columns.items[c], e);
        x->to[c] = x->from[c] ? tools_map(x->from[c], same, 0, 0, e) : NULL;
        if (!x->to[c])
            return false;
        x->to[c]->decimals = x->from[c]->decimals;
    }
    x->rows = mem_try_alloc(in->rows->rows + 1, sizeof *x->rows, e);
    for (size_t row = 0; x->rows && row < in->rows->rows; row++) {
        bool misses = false;
        for (size_t c = 0; !misses && c < x->width; c++)
            misses = !column_is_valid(x->to[c], row);
        if (misses)
            x->rows[x->rows_count++] = row;
    }
    return x->rows != NULL;
}

static bool put_columns(const StepInput *in, Search *x, Table **out, Error *e)
{
    bool indicator = ((const Knn *)in->params)->indicator, ok = true;
    *out = table_ref(in->rows);
    for (size_t c = 0; ok && c < x->width; c++) {
        const char *name = x->s->columns.items[c];
        for (size_t i = 0; i < x->rows_count; i++)
            column_set_valid(x->to[c], x->rows[i]);
        Column *filled = x->to[c];
        x->to[c] = NULL;
        ok = tools_put(out, name, filled, e) && (!indicator || tools_add_indicator(out, name, x->from[c], e));
    }
    return ok;
}

static bool knn_impute_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    const Donors *s = state;
    const Knn *p = in->params;
    Search x = {.s = s, .width = s->columns.count, .k = (size_t)p->k, .job = job};
    if (x.width == 0)
        return *out = table_ref(in->rows), true;
    x.scales = mem_alloc(x.width * sizeof *x.scales);
    x.from = mem_alloc(x.width * sizeof *x.from);
    x.to = mem_alloc(x.width * sizeof *x.to);
    for (size_t c = 0; c < x.width; c++)
        x.scales[c] = p->scale == SCALE_STANDARD && s->sds.items[c] > 0 ? s->sds.items[c] : 1;
    bool ok = open_columns(in, &x, e) && (!x.rows_count || (read_donors(&x, e) && place_donors(&x, e) && run_tasks(job, &x, e))) &&
              put_columns(in, &x, out, e);
    for (size_t c = 0; c < x.width; c++)
        column_unref(x.to[c]);
    mem_free(x.cells);
    mem_free(x.values);
    mem_free(x.marks);
    mem_free(x.scales);
    mem_free(x.from);
    mem_free(x.to);
    mem_free(x.rows);
    return ok;
}

static void knn_impute_describe(const void *params_used, const void *state, Text *out)
{
    const Knn *p = params_used;
    const Donors *s = state;
    tools_list(s ? &s->columns : &p->columns, out);
    text_addf(out, " <- mean of %lld nearest", (long long)p->k);
}

static const Example examples[] = {
    {"{\"k\": 2, \"scale\": \"none\"}", "a,b,c\n1,2,\n3,4,3\n,6,5\n8,8,7\n", "a,b,c\n1,2,4\n3,4,3\n5.5,6,5\n8,8,7\n"},
    {"{\"columns\": [\"a\", \"b\"], \"k\": 1, \"indicator\": true}", "a,b\n0,0\n,2\n4,3\n",
     "a,b,a_missing,b_missing\n0,0,false,false\n4,2,true,false\n4,3,false,false\n"},
    {"{\"columns\": [\"t\"]}", "x,t\n1,a\n", "error: t is text, not a number"},
};

static const char *const notes[] = {
    "The distance of two rows is taken over the columns that both have. With scale = \"none\" values are those of scikit-learn's "
    "KNNImputer "
    "with uniform weights; of equally near rows the earlier ones count. A row that shares no column with any donor gets the mean.",
    "The columns become real numbers. The donors are stored in the model: 5,000 rows of 20 columns take about 2 MB.", NULL};

const Step step_knn_impute = {
    .spec = {.name = "knn_impute",
             .doc = "fill missing numbers with the mean of similar training rows",
             .group = "repair",
             .params = params,
             .params_size = sizeof(Knn),
             .examples = examples,
             .examples_count = sizeof examples / sizeof *examples,
             .notes = notes},
    .learns = learns,
    .state_size = sizeof(Donors),
    .effect = STEP_MAP,
    .mixes_columns = true,
    .fit = knn_impute_fit,
    .apply = knn_impute_apply,
    .describe = knn_impute_describe,
};
