/* The nearest rows: numbers in standard deviations, levels as marks that are apart as far as the median column spreads; N. Chawla and
 * others, "SMOTE: Synthetic Minority Over-sampling Technique" (2002), section 6.1. Distances are over what both rows have. */
#include <math.h>
#include <string.h>

#include "base/thread.h"
#include "num/kernels.h"
#include "steps/nearest.h"
#include "steps/sampling.h"

enum { LEVELS_MOST = 64, TASK_ROWS = 32 };

typedef struct Search {
    const NearTask *task;
    size_t width, blocks, k;
    float *cells;          /* [row of the table][width]; NAN: missing */
    float *values, *marks; /* [block][width][NEAR_BLOCK] of the rows to look among */
    Neighbors *out;
    Job *job;
} Search;

static bool is_number(const Column *c)
{
    return c->type == COLUMN_INT || c->type == COLUMN_REAL || c->type == COLUMN_DATE || c->type == COLUMN_TIME;
}

static bool counts(const Sampling *r, const char *name)
{
    const Roles *roles = r->in->roles;
    return !text_equal(name, r->target) && !(roles && roles_have(roles, name));
}

/* Columns of numbers that a column of the table takes. */
static size_t places(const Column *c)
{
    if (column_is_wide(c))
        return 0;
    if (c->type != COLUMN_TEXT)
        return 1;
    size_t levels = dictionary_count(c->dictionary);
    return levels < LEVELS_MOST ? levels : LEVELS_MOST;
}

static bool fill_number(const Column *c, float *to, size_t width, Error *e)
{
    double *known = mem_try_alloc(c->rows + 1, sizeof *known, e);
    for (size_t i = 0; known && i < c->rows; i++)
        known[i] = column_real(c, i);
    if (!known)
        return false;
    Moments m = moments_of(known, c->rows);
    double scale = m.sd > 0 ? m.sd : 1;
    for (size_t i = 0; i < c->rows; i++)
        to[i * width] = isfinite(known[i]) ? (float)((known[i] - m.mean) / scale) : NAN;
    mem_free(known);
    return true;
}

/* Two levels are apart by `far`: a mark of far / sqrt(2) stands in another place. Levels beyond the places share the last. */
static void fill_levels(const Column *c, float *to, size_t width, size_t count, float far)
{
    for (size_t i = 0; i < c->rows; i++) {
        bool valid = column_is_valid(c, i);
        if (c->type == COLUMN_BOOL) {
            to[i * width] = valid ? (c->data.flags[i] ? far : 0) : NAN;
            continue;
        }
        size_t code = valid ? c->data.codes[i] : 0;
        for (size_t k = 0; k < count; k++)
            to[i * width + k] = !valid ? NAN : (code < count ? code : count - 1) == k ? far / (float)M_SQRT2 : 0;
    }
}

/* All cells of the table as numbers. Numbers spread by 1, so the median column does too. */
static bool read_cells(const Sampling *r, Search *s, Error *e)
{
    const Table *t = r->in->rows;
    for (size_t i = 0; i < t->columns_count; i++)
        s->width += counts(r, t->names[i]) ? places(t->columns[i]) : 0;
    size_t room;
    if (!s->width)
        return error_set(e, ERROR_USAGE, "no column says which rows are near each other");
    if (!mem_mul(t->rows + 1, s->width, &room))
        return error_set(e, ERROR_MEMORY, "%zu rows are too many", t->rows);
    s->cells = mem_try_alloc(room, sizeof *s->cells, e);
    for (size_t i = 0, at = 0; s->cells && i < t->columns_count; i++) {
        const Column *c = t->columns[i];
        size_t own = counts(r, t->names[i]) ? places(c) : 0;
        if (own && is_number(c) && !fill_number(c, s->cells + at, s->width, e))
            return false;
        if (own && !is_number(c))
            fill_levels(c, s->cells + at, s->width, own, 1.0F);
        at += own;
    }
    return s->cells != NULL;
}

static bool place_rows(Search *s, Error *e)
{
    s->blocks = (s->task->among_count + NEAR_BLOCK - 1) / NEAR_BLOCK;
    s->values = mem_try_aligned(s->blocks * NEAR_BLOCK * s->width + 1, sizeof *s->values, e);
    s->marks = s->values ? mem_try_aligned(s->blocks * NEAR_BLOCK * s->width + 1, sizeof *s->marks, e) : NULL;
    for (size_t i = 0; s->marks && i < s->task->among_count; i++)
        for (size_t c = 0; c < s->width; c++) {
            float x = s->cells[s->task->among[i] * s->width + c];
            size_t at = ((i / NEAR_BLOCK) * s->width + c) * NEAR_BLOCK + i % NEAR_BLOCK;
            s->values[at] = isnan(x) ? 0 : x;
            s->marks[at] = isnan(x) ? 0.0F : 1.0F;
        }
    return s->marks != NULL;
}

/* Equally near rows count in the order they are looked through. */
static void keep_from_block(const Search *s, Nearest *n, uint32_t self, size_t block, const float *means)
{
    size_t first = block * NEAR_BLOCK, last = first + NEAR_BLOCK;
    for (size_t i = first; i < last && i < s->task->among_count; i++) {
        uint32_t row = s->task->among[i];
        if (means[i - first] < nearest_limit(n) && row != self)
            nearest_keep(n, means[i - first], row);
    }
}

static void search_row(const Search *s, size_t at, float *known_cells, int32_t *known)
{
    float means[NEAR_BLOCK];
    size_t count = 0;
    uint32_t self = s->task->rows[at];
    Nearest n;
    n.count = 0;
    n.most = s->k;
    for (size_t c = 0; c < s->width; c++) {
        float x = s->cells[self * s->width + c];
        known_cells[count] = x;
        known[count] = (int32_t)c;
        count += isnan(x) ? 0u : 1u;
    }
    for (size_t b = 0; count && b < s->blocks; b++) {
        size_t start = b * s->width * NEAR_BLOCK;
        NearView view = {known_cells, known, count, s->values + start, s->marks + start, means};
        if (kernels()->near(&view) < nearest_limit(&n))
            keep_from_block(s, &n, self, b, means);
    }
    for (size_t i = 0; i < s->k; i++)
        s->out->rows[at * s->k + i] = i < n.count ? n.rows[i] : SAMPLING_NO_ROW;
}

static void run_task(void *self, int index)
{
    const Search *s = self;
    float *cells = mem_alloc((s->width + 1) * sizeof *cells);
    int32_t *known = mem_alloc((s->width + 1) * sizeof *known);
    size_t from = (size_t)index * TASK_ROWS, to = from + TASK_ROWS;
    for (size_t i = from; i < to && i < s->task->count && !(s->job && atomic_load(&s->job->cancel)); i++)
        search_row(s, i, cells, known);
    mem_free(cells);
    mem_free(known);
}

static bool run_tasks(Search *s, Error *e)
{
    int tasks = (int)((s->task->count + TASK_ROWS - 1) / TASK_ROWS), threads = s->job && s->job->threads ? s->job->threads : thread_cores();
    Pool *pool = pool_new(tasks > 1 ? threads : 1, e);
    if (!pool)
        return false;
    pool_run(pool, tasks, run_task, s);
    pool_free(pool);
    return job_go_on(s->job, e);
}

bool sampling_near(const Sampling *r, const NearTask *task, Neighbors *out, Error *e)
{
    Search s = {.task = task, .k = task->k, .out = out, .job = r->job};
    *out = (Neighbors){.k = task->k, .rows = mem_try_alloc(task->count * task->k + 1, sizeof *out->rows, e)};
    bool ok = out->rows && read_cells(r, &s, e) && place_rows(&s, e) && run_tasks(&s, e);
    mem_free(s.cells);
    mem_free(s.values);
    mem_free(s.marks);
    if (!ok)
        neighbors_done(out);
    return ok;
}

void neighbors_done(Neighbors *n)
{
    mem_free(n->rows);
    *n = (Neighbors){0};
}
