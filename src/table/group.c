/* Groups: each key column becomes numbers, small ranges of numbers index a list and others are hashed; a further column is put to the
 * groups so far. Keys are taken a block at a time, so that they stay in the nearest cache. */
#include "table/group.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"

enum { BLOCK = 1024, SMALL_RANGE = 1 << 16, MOST_DIRECT = 1 << 26 };
static const uint32_t NO_GROUP = UINT32_MAX;

/* Where keys come from: a column, or groups of two kinds put together. */
typedef struct Source {
    const Column *column; /* NULL: groups a and b */
    uint64_t low, range;  /* of a column: least key, greatest minus least */
    const Groups *a, *b;
} Source;

typedef struct Block {
    size_t from, count;
    uint64_t keys[BLOCK];
} Block;

static void column_keys(const Column *c, Block *b)
{
    uint64_t *to = b->keys;
    size_t n = b->count;
    switch (c->type) {
    case COLUMN_BOOL:
        for (size_t i = 0; i < n; i++)
            to[i] = c->data.flags[b->from + i] != 0;
        break;
    case COLUMN_TEXT:
        for (size_t i = 0; i < n; i++)
            to[i] = c->data.codes[b->from + i];
        break;
    case COLUMN_REAL:
        for (size_t i = 0; i < n; i++)
            to[i] = sort_key_of_real(c->data.reals[b->from + i]);
        break;
    default:
        for (size_t i = 0; i < n; i++)
            to[i] = sort_key_of_int(c->data.ints[b->from + i]);
    }
}

static void take_keys(const Source *s, Block *b)
{
    if (s->column) {
        column_keys(s->column, b);
        for (size_t i = 0; i < b->count; i++)
            b->keys[i] -= s->low;
        return;
    }
    for (size_t i = 0; i < b->count; i++)
        b->keys[i] = (uint64_t)s->a->of[b->from + i] * s->b->count + s->b->of[b->from + i];
}

static bool next_block(Block *b, size_t rows)
{
    b->from += b->count;
    b->count = rows - b->from < BLOCK ? rows - b->from : BLOCK;
    return b->count > 0;
}

/* Keys of missing cells do not count. */
static void find_range(Source *s, size_t rows)
{
    uint64_t low = UINT64_MAX, high = 0;
    Block b = {0};
    if (s->column->type == COLUMN_TEXT) {
        s->range = dictionary_count(s->column->dictionary);
        return;
    }
    while (next_block(&b, rows)) {
        column_keys(s->column, &b);
        for (size_t i = 0; i < b.count; i++) {
            if (!column_is_valid(s->column, b.from + i))
                continue;
            low = b.keys[i] < low ? b.keys[i] : low;
            high = b.keys[i] > high ? b.keys[i] : high;
        }
    }
    s->low = low <= high ? low : 0;
    s->range = low <= high ? high - low : 0;
}

typedef struct Slots {
    uint64_t *keys; /* NULL: a key is its own place */
    uint32_t *groups;
    size_t count, used; /* hashed: a power of two, at most half full */
} Slots;

static void slots_done(Slots *s)
{
    mem_free(s->keys);
    mem_free(s->groups);
}

static bool slots_make(Slots *s, size_t count, bool is_hashed, Error *e)
{
    *s = (Slots){.count = count};
    s->groups = mem_try_alloc(count, sizeof *s->groups, e);
    s->keys = s->groups && is_hashed ? mem_try_alloc(count, sizeof *s->keys, e) : NULL;
    if (!s->groups || (is_hashed && !s->keys)) {
        slots_done(s);
        return false;
    }
    memset(s->groups, 0xFF, count * sizeof *s->groups);
    return true;
}

static size_t slot_of(const Slots *s, uint64_t key)
{
    uint64_t h = (key ^ key >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h ^ h >> 29) & (s->count - 1);
    while (s->groups[at] != NO_GROUP && s->keys[at] != key)
        at = (at + 1) & (s->count - 1);
    return at;
}

static bool slots_grow(Slots *s, Error *e)
{
    Slots more;
    if (!slots_make(&more, 2 * s->count, true, e))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        if (s->groups[i] == NO_GROUP)
            continue;
        size_t at = slot_of(&more, s->keys[i]);
        more.keys[at] = s->keys[i];
        more.groups[at] = s->groups[i];
    }
    more.used = s->used;
    slots_done(s);
    *s = more;
    return true;
}

typedef struct Making {
    Groups *g;
    size_t room;
    uint32_t missing; /* group of the missing cells */
} Making;

static bool new_group(Making *m, size_t row, uint32_t *group, Error *e)
{
    Groups *g = m->g;
    if (g->count == m->room) {
        size_t room = m->room ? 2 * m->room : 1024;
        uint32_t *more = mem_try_realloc(g->first, room, sizeof *more, e);
        if (!more)
            return false;
        g->first = more;
        m->room = room;
    }
    g->first[g->count] = (uint32_t)row;
    *group = (uint32_t)g->count++;
    return true;
}

static bool assign_direct(Making *m, const Slots *s, const Block *b, const Column *gaps, Error *e)
{
    uint32_t *of = m->g->of + b->from;
    for (size_t i = 0; i < b->count; i++) {
        bool is_missing = gaps && !column_is_valid(gaps, b->from + i);
        uint32_t *group = is_missing ? &m->missing : &s->groups[b->keys[i]];
        if (*group == NO_GROUP && !new_group(m, b->from + i, group, e))
            return false;
        of[i] = *group;
    }
    return true;
}

static bool assign_hashed(Making *m, Slots *s, const Block *b, const Column *gaps, Error *e)
{
    uint32_t *of = m->g->of + b->from;
    for (size_t i = 0; i < b->count; i++) {
        bool is_missing = gaps && !column_is_valid(gaps, b->from + i);
        if (!is_missing && 2 * s->used >= s->count && !slots_grow(s, e))
            return false;
        size_t at = is_missing ? 0 : slot_of(s, b->keys[i]);
        uint32_t *group = is_missing ? &m->missing : &s->groups[at];
        if (*group == NO_GROUP) {
            if (!new_group(m, b->from + i, group, e))
                return false;
            s->keys[at] = is_missing ? s->keys[at] : b->keys[i];
            s->used += !is_missing;
        }
        of[i] = *group;
    }
    return true;
}

static bool make_of(Job *job, const Source *s, size_t rows, Groups *out, Error *e)
{
    bool is_direct = s->range < MOST_DIRECT && (s->range < SMALL_RANGE || s->range < 4 * (uint64_t)rows);
    const Column *gaps = s->column && s->column->missing ? s->column : NULL;
    *out = (Groups){.rows = rows};
    Making m = {.g = out, .missing = NO_GROUP};
    Slots slots = {0};
    Block b = {0};
    out->of = mem_try_alloc(rows + 1, sizeof *out->of, e);
    bool ok = out->of && slots_make(&slots, is_direct ? (size_t)s->range + 1 : SMALL_RANGE, !is_direct, e);
    while (ok && next_block(&b, rows)) {
        take_keys(s, &b);
        ok = is_direct ? assign_direct(&m, &slots, &b, gaps, e) : assign_hashed(&m, &slots, &b, gaps, e);
        ok = ok && ((b.from / BLOCK) % 256 || job_go_on(job, e));
    }
    slots_done(&slots);
    if (!ok)
        groups_done(out);
    return ok;
}

static bool group_column(Job *job, const Table *t, int column, Groups *out, Error *e)
{
    Source s = {.column = t->columns[column]};
    if (column_is_wide(s.column))
        return error_set(e, ERROR_USAGE, "%s holds arrays; rows are grouped by single values", t->names[column]);
    find_range(&s, t->rows);
    return make_of(job, &s, t->rows, out, e);
}

static bool group_further(Job *job, const Table *t, int column, Groups *so_far, Error *e)
{
    Groups b, both;
    if (!group_column(job, t, column, &b, e))
        return false;
    Source s = {.a = so_far, .b = &b, .range = (uint64_t)so_far->count * b.count};
    bool ok = make_of(job, &s, t->rows, &both, e);
    groups_done(&b);
    if (!ok)
        return false;
    groups_done(so_far);
    *so_far = both;
    return true;
}

static bool make_single(size_t rows, Groups *out, Error *e)
{
    *out = (Groups){.rows = rows, .count = rows > 0};
    out->of = mem_try_alloc(rows + 1, sizeof *out->of, e);
    out->first = mem_try_alloc(1, sizeof *out->first, e);
    return out->of && out->first;
}

static bool count_rows(Groups *g, Error *e)
{
    g->sizes = mem_try_alloc(g->count + 1, sizeof *g->sizes, e);
    for (size_t i = 0; g->sizes && i < g->rows; i++)
        g->sizes[g->of[i]]++;
    return g->sizes != NULL;
}

bool groups_make(Job *job, const Table *t, const int *columns, size_t count, Groups *out, Error *e)
{
    *out = (Groups){0};
    if (t->rows >= NO_GROUP)
        return error_set(e, ERROR_FAILED, "%zu rows are more than can be grouped (4,294,967,294)", t->rows);
    bool ok = count ? group_column(job, t, columns[0], out, e) : make_single(t->rows, out, e);
    for (size_t i = 1; ok && i < count; i++)
        ok = group_further(job, t, columns[i], out, e);
    ok = ok && count_rows(out, e);
    if (!ok)
        groups_done(out);
    return ok;
}

Table *groups_keys(const Groups *g, const Table *t, const int *columns, size_t count, Error *e)
{
    size_t *rows = mem_try_alloc(g->count + 1, sizeof *rows, e);
    for (size_t i = 0; rows && i < g->count; i++)
        rows[i] = g->first[i];
    Table *keys = rows ? table_pick(t, columns, count, e) : NULL, *out = keys ? table_select(keys, rows, g->count, e) : NULL;
    table_unref(keys);
    mem_free(rows);
    return out;
}

void groups_done(Groups *g)
{
    mem_free(g->of);
    mem_free(g->first);
    mem_free(g->sizes);
    *g = (Groups){0};
}

/* Rows without a time come last, in their order. */
static uint64_t time_key(const Column *time, uint32_t row)
{
    return column_is_valid(time, row) ? column_key(time, row) : UINT64_MAX;
}

typedef struct Timed {
    uint64_t key;
    uint32_t row;
} Timed;

static bool is_before(const Timed *a, const Timed *b)
{
    return a->key < b->key || (a->key == b->key && a->row < b->row);
}

static int compare_timed(const void *a, const void *b)
{
    return is_before(a, b) ? -1 : is_before(b, a);
}

static void sort_rows(const Column *time, uint32_t *rows, size_t count, Timed *room)
{
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        room[i] = (Timed){time_key(time, rows[i]), rows[i]};
        sorted = sorted && (i == 0 || is_before(&room[i - 1], &room[i]));
    }
    if (sorted)
        return;
    qsort(room, count, sizeof *room, compare_timed);
    for (size_t i = 0; i < count; i++)
        rows[i] = room[i].row;
}

static bool sort_groups(Job *job, const Column *time, RowOrder *o, size_t largest, Error *e)
{
    Timed *room = mem_try_alloc(largest + 1, sizeof *room, e);
    bool ok = room != NULL;
    for (size_t g = 0; ok && g < o->groups; g++) {
        sort_rows(time, o->row + o->starts[g], o->starts[g + 1] - o->starts[g], room);
        ok = g % 1024 || job_go_on(job, e);
    }
    mem_free(room);
    return ok;
}

/* A log is mostly written in the order of time: then each group is in order too. */
static bool is_in_order(const Column *time)
{
    uint64_t before = 0;
    if (time->missing)
        return false;
    for (size_t i = 0; i < time->rows; i++) {
        uint64_t key = column_key(time, i);
        if (key < before)
            return false;
        before = key;
    }
    return true;
}

bool row_order_make(Job *job, const Groups *g, const Column *time, RowOrder *out, Error *e)
{
    *out = (RowOrder){.rows = g->rows, .groups = g->count};
    out->row = mem_try_alloc(g->rows + 1, sizeof *out->row, e);
    out->starts = mem_try_alloc(g->count + 2, sizeof *out->starts, e);
    bool ok = out->row && out->starts;
    size_t largest = 0;
    for (size_t i = 0; ok && i < g->count; i++) {
        out->starts[i + 2] = out->starts[i + 1] + g->sizes[i];
        largest = g->sizes[i] > largest ? g->sizes[i] : largest;
    }
    for (size_t i = 0; ok && i < g->rows; i++)
        out->row[out->starts[g->of[i] + 1]++] = (uint32_t)i;
    ok = ok && (!time || is_in_order(time) || sort_groups(job, time, out, largest, e));
    if (!ok)
        row_order_done(out);
    return ok;
}

void row_order_done(RowOrder *o)
{
    mem_free(o->row);
    mem_free(o->starts);
    *o = (RowOrder){0};
}
