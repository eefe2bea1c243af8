/* Rows in order of time within their groups, and work on them group by group. */
#include "steps/past.h"

#include <math.h>

#include "base/thread.h"
#include "steps/tools.h"
#include "steps/unit.h"
#include "steps/unready.h"

enum { WORTH_ROWS = 50000, PIECES = 8 }; /* rows worth a thread; pieces of work for each thread */

void past_unref(Past *p)
{
    if (!p || __atomic_sub_fetch(&p->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    row_order_done(&p->order);
    for (size_t i = 0; i < p->by_count; i++)
        column_unref(p->by[i]);
    column_unref(p->time);
    mem_free(p->by);
    mem_free(p->ends);
    mem_free(p);
}

void past_cache_done(PastCache *c)
{
    for (size_t i = 0; i < PAST_CACHE_ROOM; i++)
        past_unref(c->items[i]);
    *c = (PastCache){0};
}

static Past *past_ref(Past *p)
{
    __atomic_add_fetch(&p->references, 1, __ATOMIC_RELAXED);
    return p;
}

/* What an order is made of: the columns by their places in the table. */
typedef struct Frame {
    const StepInput *in;
    const PastAsk *ask;
    const char *time_name;
    int *by, time;
    size_t by_count;
    bool is_by_key; /* not named: the key of the roles */
} Frame;

static bool find_time(Frame *f, Error *e)
{
    const Roles *roles = f->in->roles;
    f->time_name = f->ask->time && *f->ask->time ? f->ask->time : roles && roles->time ? roles->time : NULL;
    f->time = TABLE_NONE;
    if (!f->time_name && f->ask->any_order)
        return true;
    if (!f->time_name)
        return error_set(e, ERROR_USAGE,
                         "it looks at other rows and does not know their order; name time = \"a column\", or split { by = \"time\", "
                         "column = ... }");
    f->time = table_get(f->in->rows, f->time_name, e);
    return f->time != TABLE_NONE && unit_check_order(f->time_name, f->in->rows->columns[f->time], e);
}

static bool find_groups(Frame *f, Error *e)
{
    const Roles *roles = f->in->roles;
    const char *name = roles && roles->group ? roles->group : roles ? roles->key : NULL;
    if (f->ask->by && f->ask->by->count)
        return select_columns(f->in->rows, f->ask->by, roles, &f->by, &f->by_count, e);
    f->is_by_key = name && !roles->group;
    f->by = mem_alloc(sizeof *f->by);
    f->by_count = name != NULL;
    if (name)
        f->by[0] = table_get(f->in->rows, name, e);
    return !name || f->by[0] != TABLE_NONE || error_prefix(e, "%s: ", roles->group ? "group" : "key");
}

static Past *find_kept(const Frame *f)
{
    const PastCache *c = f->in->pasts;
    for (size_t i = 0; c && f->time != TABLE_NONE && i < PAST_CACHE_ROOM; i++) {
        Past *p = c->items[i];
        bool same = p && p->time == f->in->rows->columns[f->time] && p->by_count == f->by_count;
        for (size_t k = 0; same && k < f->by_count; k++)
            same = p->by[k] == f->in->rows->columns[f->by[k]];
        if (same)
            return past_ref(p);
    }
    return NULL;
}

static void keep(const Frame *f, Past *p)
{
    PastCache *c = f->in->pasts;
    if (!c || f->time == TABLE_NONE)
        return;
    past_unref(c->items[c->next % PAST_CACHE_ROOM]);
    c->items[c->next++ % PAST_CACHE_ROOM] = past_ref(p);
}

static bool has_group(const Past *p, size_t row)
{
    bool has = true;
    for (size_t i = 0; i < p->by_count; i++)
        has = has && column_is_valid(p->by[i], row);
    return has;
}

static void find_ends(Past *p)
{
    const RowOrder *o = &p->order;
    for (size_t g = 0; g < o->groups; g++) {
        size_t end = o->starts[g + 1];
        bool is_group = end > o->starts[g] && has_group(p, o->row[o->starts[g]]);
        while (end > o->starts[g] && (!is_group || !unit_has_time(p->time, o->row[end - 1])))
            end--;
        p->ends[g] = end;
    }
}

static void mark_placeless(const Frame *f, const Past *p)
{
    for (size_t g = 0; !f->ask->is_quiet && g < p->order.groups; g++)
        for (size_t i = p->ends[g]; i < p->order.starts[g + 1]; i++) {
            size_t row = p->order.row[i];
            if (!unit_has_time(p->time, row))
                tools_timeless(f->in, row, "%s is missing: the row has no place in time", f->time_name);
            else if (!has_group(p, row))
                tools_timeless(f->in, row, "the row is in no group, so it has no past");
        }
}

/* "sensor 3 at 2005-06-07T07:00:00" */
static char *place_text(const Frame *f, size_t row)
{
    Text text = {0};
    const Table *t = f->in->rows;
    for (size_t i = 0; i < f->by_count; i++) {
        text_addf(&text, "%s%s ", i ? ", " : "", t->names[f->by[i]]);
        column_format(t->columns[f->by[i]], row, &text);
    }
    text_addf(&text, "%s%s ", f->by_count ? " at " : "", f->time_name);
    column_format(t->columns[f->time], row, &text);
    return text_take(&text);
}

/* Which of two rows at one time is the earlier one nobody knows. */
static bool refuse_equal(const Frame *f, Past *p, size_t group, size_t place, Error *e)
{
    char *where = place_text(f, p->order.row[place]);
    bool goes_on = f->in->reasons || f->ask->is_quiet;
    if (!goes_on)
        error_set(e, ERROR_USAGE,
                  "two rows stand at one time (%s), so their order is not known; group_by to one row per time first, or "
                  "name by = { ... } if they are of several series",
                  where);
    for (size_t i = place; goes_on && !f->ask->is_quiet && i < p->ends[group]; i++)
        tools_timeless(f->in, p->order.row[i], "two rows stand at one time (%s), so the order of the rows from there on is not known",
                       where);
    if (goes_on)
        p->ends[group] = place;
    mem_free(where);
    return goes_on;
}

static bool check_times(const Frame *f, Past *p, Error *e)
{
    for (size_t g = 0; g < p->order.groups; g++)
        for (size_t i = p->order.starts[g] + 1; i < p->ends[g]; i++)
            if (unit_time_between(p->time, p->order.row[i - 1], p->order.row[i]) == 0 && !refuse_equal(f, p, g, i - 1, e))
                return false;
    return true;
}

/* A key of its own for each row leaves no row a past. */
static bool check_alone(const Frame *f, const Past *p, Error *e)
{
    bool is_alone = f->is_by_key && f->in->notes && p->order.rows > 1 && p->order.groups == p->order.rows;
    return !is_alone ||
           error_set(e, ERROR_USAGE, "each row has a key %s of its own, so no row has a past; name by = { ... }, or leave the key out",
                     f->in->rows->names[f->by[0]]);
}

/* A number that is no finite one is no time; the order of the others must not depend on where it would sort. */
static Column *clean_time(const Column *c, Error *e)
{
    bool is_clean = true;
    for (size_t i = 0; is_clean && c->type == COLUMN_REAL && i < c->rows; i++)
        is_clean = !column_is_valid(c, i) || isfinite(c->data.reals[i]);
    Column *copy = is_clean ? NULL : column_copy(c, e);
    for (size_t i = 0; copy && i < c->rows; i++)
        if (!isfinite(copy->data.reals[i]) && !column_set_missing(copy, i, e)) {
            column_unref(copy);
            return NULL;
        }
    return is_clean ? column_ref((Column *)(uintptr_t)c) : copy;
}

static bool order_rows(Job *job, const Frame *f, Past *p, Error *e)
{
    Groups groups;
    Column *clean = clean_time(p->time, e);
    bool grouped = clean && groups_make(job, f->in->rows, f->by, f->by_count, &groups, e);
    bool ok = grouped && row_order_make(job, &groups, clean, &p->order, e);
    if (grouped)
        groups_done(&groups);
    column_unref(clean);
    p->ends = ok ? mem_try_alloc(p->order.groups + 1, sizeof *p->ends, e) : NULL;
    return p->ends != NULL;
}

/* Where no time is known the place in the table stands for it. */
static Column *place_column(size_t rows, Error *e)
{
    Column *c = column_new(COLUMN_INT, rows, e);
    for (size_t i = 0; c && i < rows; i++)
        c->data.ints[i] = (int64_t)i;
    return c;
}

static Past *past_make(Job *job, const Frame *f, Error *e)
{
    Past *p = MEM_NEW(Past);
    p->references = 1;
    p->time = f->time == TABLE_NONE ? place_column(f->in->rows->rows, e) : column_ref(f->in->rows->columns[f->time]);
    p->by = mem_alloc((f->by_count + 1) * sizeof(Column *));
    for (; p->by_count < f->by_count; p->by_count++)
        p->by[p->by_count] = column_ref(f->in->rows->columns[f->by[p->by_count]]);
    bool ok = p->time && order_rows(job, f, p, e);
    if (ok) {
        find_ends(p);
        mark_placeless(f, p);
        ok = check_alone(f, p, e) && check_times(f, p, e);
    }
    if (ok)
        return p;
    past_unref(p);
    return NULL;
}

Past *past_get(Job *job, const StepInput *in, const PastAsk *ask, Error *e)
{
    Frame f = {.in = in, .ask = ask};
    Past *p = NULL;
    if (find_time(&f, e) && find_groups(&f, e)) {
        p = find_kept(&f);
        if (!p && (p = past_make(job, &f, e)) != NULL && !ask->is_quiet)
            keep(&f, p);
    }
    mem_free(f.by);
    return p;
}

typedef struct Visiting {
    const Past *p;
    PastVisit *visit;
    void *self;
    size_t *cuts; /* pieces + 1 groups */
} Visiting;

static void visit_piece(void *self, int piece)
{
    const Visiting *v = self;
    for (size_t g = v->cuts[piece]; g < v->cuts[piece + 1]; g++)
        v->visit(v->self, v->p, g);
}

bool past_visit(Job *job, const Past *p, PastVisit *visit, void *self, Error *e)
{
    int threads = p->order.rows < WORTH_ROWS || !job ? 1 : job->threads > 0 ? job->threads : thread_cores(), pieces = threads * PIECES;
    Pool *pool = pool_new(threads, e);
    if (!pool)
        return false;
    Visiting v = {p, visit, self, mem_alloc(((size_t)pieces + 1) * sizeof *v.cuts)};
    size_t group = 0;
    for (int i = 0; i <= pieces; i++) {
        while (group < p->order.groups && p->order.starts[group] < p->order.rows / (size_t)pieces * (size_t)i)
            group++;
        v.cuts[i] = i < pieces ? group : p->order.groups;
    }
    pool_run(pool, pieces, visit_piece, &v);
    pool_free(pool);
    mem_free(v.cuts);
    return job_go_on(job, e);
}

typedef struct Mapping {
    const PastMap *map;
    const Column *from;
    double *out; /* by row */
    bool failed; /* atomic */
} Mapping;

static void gather(const Column *c, const PastGroup *g, double *x)
{
    if (c->type == COLUMN_REAL)
        for (size_t i = 0; i < g->count; i++)
            x[i] = c->data.reals[g->rows[i]];
    else if (c->type == COLUMN_INT)
        for (size_t i = 0; i < g->count; i++)
            x[i] = (double)c->data.ints[g->rows[i]];
    else
        for (size_t i = 0; i < g->count; i++)
            x[i] = column_real(c, g->rows[i]);
    for (size_t i = 0; (c->missing || c->type == COLUMN_REAL) && i < g->count; i++)
        x[i] = column_is_valid(c, g->rows[i]) && isfinite(x[i]) ? x[i] : (double)NAN;
}

static void map_group(void *self, const Past *p, size_t group)
{
    Mapping *m = self;
    PastGroup g = past_group(p, group);
    Error ignored = {0};
    double *x = mem_try_alloc(g.count * (m->map->rooms + 2) + 1, sizeof *x, &ignored), *out = x ? x + g.count : NULL;
    if (!x) {
        __atomic_store_n(&m->failed, true, __ATOMIC_RELAXED);
        return;
    }
    gather(m->from, &g, x);
    m->map->work(m->map->how, x, out, g.count, out + g.count);
    for (size_t i = 0; i < g.count; i++)
        m->out[g.rows[i]] = out[i];
    mem_free(x);
}

/* What is no finite number is missing. */
static bool mark_missing(const Past *p, Column *c, Error *e)
{
    bool ok = true;
    for (size_t g = 0; g < p->order.groups; g++)
        for (size_t i = p->ends[g]; i < p->order.starts[g + 1]; i++)
            c->data.reals[p->order.row[i]] = (double)NAN;
    for (size_t i = 0; ok && i < c->rows; i++)
        if (!isfinite(c->data.reals[i])) {
            c->data.reals[i] = 0;
            ok = column_set_missing(c, i, e);
        }
    return ok;
}

Column *past_map(Job *job, const Past *p, const Column *c, const PastMap *map, Error *e)
{
    Column *made = column_new(COLUMN_REAL, c->rows, e);
    Mapping m = {.map = map, .from = c, .out = made ? made->data.reals : NULL};
    bool ok = made && past_visit(job, p, map_group, &m, e);
    if (ok && m.failed)
        ok = error_set(e, ERROR_MEMORY, "out of memory for the rows of one group");
    if (ok && mark_missing(p, made, e))
        return made;
    column_unref(made);
    return NULL;
}

void past_mark_short(const StepInput *in, const Past *p, size_t least, const char *what)
{
    for (size_t g = 0; (in->reasons || in->unready) && g < p->order.groups; g++) {
        PastGroup rows = past_group(p, g);
        for (size_t i = 0; i < rows.count && i < least; i++)
            tools_unready(in, rows.rows[i], "%s: %zu earlier row%s, %zu needed", what, i, i == 1 ? "" : "s", least);
    }
}
