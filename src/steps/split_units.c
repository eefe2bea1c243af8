/* Units ranked within strata, and dealt exactly. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "steps/split_internal.h"

typedef struct Mark {
    uint64_t id, stratum;
    size_t row;
} Mark;

static int by_unit(const void *a, const void *b)
{
    const Mark *x = a, *y = b;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_rank(const void *a, const void *b)
{
    const UnitEntry *x = a, *y = b;
    if (x->stratum != y->stratum)
        return x->stratum < y->stratum ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static uint64_t stratum_of(const Column *classes, size_t row, Text *room)
{
    if (!classes || !column_is_valid(classes, row))
        return 0;
    text_clear(room);
    column_format_key(classes, row, room);
    return rng_hash(0, text_get(room), room->size);
}

/* The stratum of most of the marks of a unit; of equally many the one whose hash is smaller. */
static uint64_t majority(const Mark *marks, size_t count)
{
    uint64_t best = 0;
    size_t most = 0;
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && marks[end].stratum == marks[i].stratum;)
            end++;
        if (end - i > most) {
            most = end - i;
            best = marks[i].stratum;
        }
    }
    return best;
}

static bool mark_rows(const SplitTask *task, const RowList *scope, Mark *marks, Error *e)
{
    uint64_t *ids = mem_try_alloc(task->columns->rows + 1, sizeof *ids, e);
    size_t alone;
    Text room = {0};
    bool ok = ids && unit_ids(task->unit, task->columns, ids, &alone, e);
    for (size_t i = 0; ok && i < scope->count; i++) {
        size_t row = scope->rows[i];
        marks[i] = (Mark){ids[row], stratum_of(task->classes, row, &room), row};
    }
    text_done(&room);
    mem_free(ids);
    return ok;
}

bool units_make(const SplitTask *task, const RowList *scope, const char *purpose, Units *out, Error *e)
{
    RngKey key = rng_key(task->seed, purpose);
    uint64_t salt = key.key ^ key.stream;
    *out = (Units){0};
    Mark *marks = mem_try_alloc(scope->count + 1, sizeof *marks, e);
    out->items = marks ? mem_try_alloc(scope->count + 1, sizeof *out->items, e) : NULL;
    out->rows = out->items ? mem_try_alloc(scope->count + 1, sizeof *out->rows, e) : NULL;
    bool ok = out->rows && mark_rows(task, scope, marks, e);
    if (ok)
        qsort(marks, scope->count, sizeof *marks, by_unit);
    for (size_t i = 0, end; ok && i < scope->count; i = end) {
        for (end = i; end < scope->count && marks[end].id == marks[i].id; end++)
            out->rows[end] = marks[end].row;
        out->items[out->count++] =
            (UnitEntry){majority(marks + i, end - i), rng_hash(salt, &marks[i].id, sizeof marks[i].id), marks[i].id, i, end - i};
    }
    if (ok)
        qsort(out->items, out->count, sizeof *out->items, by_rank);
    else
        units_done(out);
    mem_free(marks);
    return ok;
}

void units_done(Units *u)
{
    mem_free(u->items);
    mem_free(u->rows);
    *u = (Units){0};
}

static void put_unit(const Units *u, size_t i, uint8_t part, uint8_t *parts)
{
    for (size_t k = 0; k < u->items[i].rows; k++)
        parts[u->rows[u->items[i].first + k]] = part;
}

void units_deal(const Units *u, size_t hands, uint8_t *parts)
{
    for (size_t i = 0; i < u->count; i++)
        put_unit(u, i, (uint8_t)(i % hands), parts);
}

/* A stratum in numbers of units: whole shares, what is left of each, and the parts that get one more. */
typedef struct Quota {
    size_t units, whole[PART_COUNT];
    double left[PART_COUNT];
    bool more[PART_COUNT];
} Quota;

static Quota quota_make(size_t units, const double shares[PART_COUNT])
{
    const double nearly = 1e-9;
    Quota q = {.units = units};
    size_t rest = units;
    for (int p = 0; p < PART_COUNT; p++) {
        double exact = shares[p] * (double)units;
        q.whole[p] = (size_t)floor(exact + nearly);
        q.left[p] = exact - (double)q.whole[p] > nearly ? exact - (double)q.whole[p] : 0;
        rest -= q.whole[p];
    }
    while (rest-- > 0) {
        int best = 0;
        for (int p = 1; p < PART_COUNT; p++)
            if (!q.more[p] && (q.more[best] || q.left[p] > q.left[best]))
                best = p;
        q.more[best] = true;
    }
    return q;
}

/* The stratum that loses least when its unit beyond the whole share moves from one part to another; SIZE_MAX: none can. */
static size_t cheapest_move(const Quota *q, size_t count, int from, int to)
{
    size_t best = SIZE_MAX;
    double least = 2;
    for (size_t i = 0; i < count; i++) {
        double loss = q[i].left[from] - q[i].left[to];
        if (q[i].more[from] && !q[i].more[to] && q[i].left[to] > 0 && loss < least) {
            least = loss;
            best = i;
        }
    }
    return best;
}

static bool move_one(Quota *q, size_t count, int from, int to)
{
    size_t i = cheapest_move(q, count, from, to);
    if (i == SIZE_MAX)
        return false;
    q[i].more[from] = false;
    q[i].more[to] = true;
    return true;
}

/* Directly, or through the third part. */
static bool exchange(Quota *q, size_t count, int from, int to)
{
    int between = PART_COUNT - from - to;
    if (move_one(q, count, from, to))
        return true;
    if (cheapest_move(q, count, between, to) == SIZE_MAX || !move_one(q, count, from, between))
        return false;
    return move_one(q, count, between, to);
}

/* Strata one by one may all favor the same part: units beyond the whole shares move until the parts as wholes are exact too. Shares
 * are a point among the possible sums, so single exchanges lead to sums that differ from them by less than one. */
static void balance(Quota *q, size_t count, const double shares[PART_COUNT])
{
    double beyond[PART_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        for (int p = 0; p < PART_COUNT; p++)
            beyond[p] += (double)q[i].whole[p] + q[i].more[p] - shares[p] * (double)q[i].units;
    for (bool moved = true; moved;) {
        moved = false;
        for (int pair = 0; pair < PART_COUNT * PART_COUNT; pair++) {
            int from = pair / PART_COUNT, to = pair % PART_COUNT;
            if (beyond[from] - beyond[to] <= 1 + 1e-9 || !exchange(q, count, from, to))
                continue;
            beyond[from]--;
            beyond[to]++;
            moved = true;
        }
    }
}

static size_t part_units(const Quota *q, size_t count, int part)
{
    size_t units = 0;
    for (size_t i = 0; i < count; i++)
        units += q[i].whole[part] + q[i].more[part];
    return units;
}

/* Few units: a part that was asked for gets one of a larger part, where that is exact too. */
static void fill_empty(Quota *q, size_t count, const double shares[PART_COUNT])
{
    for (int to = 0; to < PART_COUNT; to++)
        for (int from = 0; shares[to] > 0 && from < PART_COUNT; from++)
            if (from != to && part_units(q, count, to) == 0 && part_units(q, count, from) > 1)
                exchange(q, count, from, to);
}

static size_t stratum_end(const Units *u, size_t i)
{
    size_t end = i;
    while (end < u->count && u->items[end].stratum == u->items[i].stratum)
        end++;
    return end;
}

static size_t put_stratum(const Units *u, size_t i, const Quota *q, uint8_t *parts)
{
    for (int p = 0; p < PART_COUNT; p++)
        for (size_t k = 0; k < q->whole[p] + q->more[p]; k++)
            put_unit(u, i++, (uint8_t)p, parts);
    return i;
}

bool units_part(const Units *u, const double shares[PART_COUNT], uint8_t *parts, Error *e)
{
    Quota *quotas = mem_try_alloc(u->count + 1, sizeof *quotas, e);
    size_t count = 0;
    if (!quotas)
        return false;
    for (size_t i = 0, end; i < u->count; i = end) {
        end = stratum_end(u, i);
        quotas[count++] = quota_make(end - i, shares);
    }
    balance(quotas, count, shares);
    fill_empty(quotas, count, shares);
    for (size_t i = 0, k = 0; k < count; k++)
        i = put_stratum(u, i, &quotas[k], parts);
    mem_free(quotas);
    return true;
}
