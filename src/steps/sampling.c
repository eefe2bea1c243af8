/* Classes of the training rows, and tables with new rows. */
#include "steps/sampling.h"

#include <math.h>
#include <string.h>

enum { CLASSES_MOST = 1000 };

static bool check_target(const Sampling *r, int at, Error *e)
{
    const Column *c = r->in->rows->columns[at];
    bool is_value = c->type == COLUMN_REAL || (r->in->roles && r->in->roles->target_type == TARGET_VALUES);
    if (is_value || column_is_wide(c))
        return error_set(e, ERROR_USAGE,
                         "the target \"%s\" is a number to predict; this balances classes, jitter and mixup add rows of any kind",
                         r->target);
    return !c->missing ||
           error_set(e, ERROR_USAGE, "%zu rows have no \"%s\"; leave them out first: filter { where = \"not is_missing(%s)\" }", c->missing,
                     r->target, r->target);
}

static bool find_classes(Sampling *r, Error *e)
{
    int at = table_get(r->in->rows, r->target, e);
    if (at == TABLE_NONE || !check_target(r, at, e) || !groups_make(r->job, r->in->rows, &at, 1, &r->classes, e) ||
        !row_order_make(r->job, &r->classes, NULL, &r->order, e))
        return false;
    if (r->classes.count > CLASSES_MOST)
        return error_set(e, ERROR_USAGE, "the target \"%s\" has %zu different values, which are no classes to balance", r->target,
                         r->classes.count);
    r->smallest = r->classes.count ? SIZE_MAX : 0;
    for (size_t i = 0; i < r->classes.count; i++) {
        r->largest = r->classes.sizes[i] > r->largest ? r->classes.sizes[i] : r->largest;
        r->smallest = r->classes.sizes[i] < r->smallest ? r->classes.sizes[i] : r->smallest;
    }
    return true;
}

bool sampling_begin(Job *job, const StepInput *in, const char *target, Sampling *r, Error *e)
{
    *r = (Sampling){.job = job, .in = in};
    r->target = target && *target ? target : in->roles ? in->roles->target : NULL;
    if (!r->target)
        return error_set(e, ERROR_USAGE, "it needs the classes: give the pipeline a target, or name one with target = \"...\"");
    return find_classes(r, e);
}

void sampling_done(Sampling *r)
{
    groups_done(&r->classes);
    row_order_done(&r->order);
}

size_t sampling_lacks(const Sampling *r, size_t class, double ratio)
{
    size_t wanted = (size_t)floor(ratio * (double)r->largest + 0.5), has = r->classes.sizes[class];
    return wanted > has ? wanted - has : 0;
}

const uint32_t *sampling_rows(const Sampling *r, size_t class, size_t *count)
{
    *count = r->classes.sizes[class];
    return r->order.row + r->order.starts[class];
}

static bool is_between(const Column *c)
{
    return c->type == COLUMN_INT || c->type == COLUMN_REAL || c->type == COLUMN_DATE || c->type == COLUMN_TIME;
}

static void put_number(Column *c, size_t to, const NewRow *n)
{
    if (!column_is_valid(c, n->base) || !column_is_valid(c, n->other))
        return;
    double a = column_real(c, n->base), x = a + n->part * (column_real(c, n->other) - a);
    if (c->type == COLUMN_REAL)
        c->data.reals[to] = isfinite(x) ? x : a;
    else
        c->data.ints[to] = c->data.ints[n->base] + (int64_t)llround(n->part * (double)(c->data.ints[n->other] - c->data.ints[n->base]));
}

/* Of levels that are equally frequent, and of missing ones, that of the nearest. */
static uint32_t frequent_row(const Column *c, const NewRow *n)
{
    uint32_t best = n->base;
    size_t most = 0;
    for (size_t i = 0; i < n->near_count && n->near[i] != SAMPLING_NO_ROW; i++) {
        size_t votes = 0;
        for (size_t k = 0; k < n->near_count && n->near[k] != SAMPLING_NO_ROW; k++)
            votes +=
                column_is_valid(c, n->near[k]) && column_is_valid(c, n->near[i]) && column_key(c, n->near[k]) == column_key(c, n->near[i]);
        if (votes > most) {
            most = votes;
            best = n->near[i];
        }
    }
    return best;
}

static void put_level(Column *c, size_t to, const NewRow *n)
{
    uint32_t from = frequent_row(c, n);
    if (!column_is_valid(c, from))
        return;
    column_set_valid(c, to);
    if (c->type == COLUMN_TEXT || c->type == COLUMN_SOUND)
        c->data.codes[to] = c->data.codes[from];
    else
        c->data.flags[to] = c->data.flags[from];
}

static void put_array(Column *c, size_t to, const NewRow *n)
{
    const float *a = c->data.array + n->base * c->width, *b = c->data.array + n->other * c->width;
    if (!column_is_valid(c, n->base) || !column_is_valid(c, n->other))
        return;
    for (size_t i = 0; i < c->width; i++)
        c->data.array[to * c->width + i] = a[i] + (float)n->part * (b[i] - a[i]);
}

static void put_rows(Column *c, size_t first, const NewRow *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_between(c))
            put_number(c, first + i, &rows[i]);
        else if (c->type == COLUMN_ARRAY)
            put_array(c, first + i, &rows[i]);
        else if (rows[i].near)
            put_level(c, first + i, &rows[i]);
    }
}

/* The target of a class is that of its base; a number to predict lies between both like the rest. */
static bool is_copied(const Sampling *r, const char *name)
{
    const Roles *roles = r->in->roles;
    bool is_target = text_equal(name, r->target) || (roles && text_equal(name, roles->target));
    bool has_role = roles && (text_equal(name, roles->key) || text_equal(name, roles->group) || text_equal(name, roles->time) ||
                              text_equal(name, roles->weight));
    return has_role || (is_target && r->target);
}

bool sampling_add(const Sampling *r, const NewRow *rows, size_t count, Table **out, Error *e)
{
    const Table *t = r->in->rows;
    size_t total, *from = mem_add(t->rows, count, &total) ? mem_try_alloc(total + 1, sizeof *from, e) : NULL;
    for (size_t i = 0; from && i < total; i++)
        from[i] = i < t->rows ? i : rows[i - t->rows].base;
    *out = from ? table_select(t, from, total, e) : NULL;
    mem_free(from);
    for (size_t i = 0; *out && i < t->columns_count; i++) {
        if (is_copied(r, t->names[i]))
            continue;
        put_rows((*out)->columns[i], t->rows, rows, count);
        if (!job_go_on(r->job, e))
            return false;
    }
    return *out != NULL;
}

bool sampling_copies(const Sampling *r, int64_t copies, Table **out, Error *e)
{
    size_t rows = r->in->rows->rows, total, made = 0;
    if (!mem_mul(rows, (size_t)copies, &total))
        return error_set(e, ERROR_MEMORY, "%lld copies of %zu rows are too many", (long long)copies, rows);
    NewRow *add = mem_try_alloc(total + 1, sizeof *add, e);
    for (size_t k = 0; add && k < (size_t)copies; k++)
        for (size_t i = 0; i < rows; i++)
            add[made++] = (NewRow){.base = (uint32_t)i, .other = (uint32_t)i};
    bool ok = add && sampling_add(r, add, made, out, e);
    mem_free(add);
    return ok;
}

bool sampling_apply(Job *job, const StepInput *in, const void *state, Table **out, Error *e)
{
    (void)job, (void)state, (void)e;
    *out = table_ref(in->rows);
    return true;
}
