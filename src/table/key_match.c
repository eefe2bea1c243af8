/* A hash table is split by the upper bits of the hash: each thread goes over all keys and fills its own part, so that the first row of a
 * key is the first whatever the threads do. Slots are fetched some keys ahead: the tables are larger than the caches. */
#include "table/key_match.h"

#include "base/mem.h"

enum { BLOCK_ROWS = 1 << 16, THREADED_ROWS = 1 << 17, AHEAD = 16, PARTS_MOST = 64 };

typedef struct Slot {
    uint64_t key;
    uint32_t row; /* plus 1; 0: free */
} Slot;

typedef struct Part {
    Slot *slots;
    uint64_t mask;
} Part;

typedef struct Match {
    const KeyList *in, *of;
    uint32_t *leaders, *match;
    uint64_t low, high; /* of `in` */
    uint32_t *first;    /* by key - low: row plus 1; NULL: hashed */
    int parts, shift;   /* of the hash, to its part */
    Part part[PARTS_MOST];
    Error failed[PARTS_MOST];
} Match;

typedef struct Ahead { /* rows whose slots are being fetched */
    uint64_t hashes[AHEAD];
    uint32_t rows[AHEAD];
    size_t count;
} Ahead;

typedef struct Blocks {
    size_t rows;
    KeyBlock *block;
    void *self;
} Blocks;

static void run_block(void *self, int index)
{
    const Blocks *b = self;
    size_t from = (size_t)index * BLOCK_ROWS, to = from + BLOCK_ROWS;
    b->block(b->self, from, to < b->rows ? to : b->rows);
}

void key_work_begin(KeyWork *w, Job *job, size_t rows, Error *e)
{
    int threads = rows < THREADED_ROWS ? 1 : job && job->threads > 0 ? job->threads : thread_cores();
    *w = (KeyWork){.job = job, .pool = threads > 1 ? pool_new(threads, e) : NULL};
    if (threads > 1 && !w->pool && e)
        *e = (Error){0};
}

void key_work_end(KeyWork *w)
{
    if (w->pool)
        pool_free(w->pool);
    w->pool = NULL;
}

void key_work_run(const KeyWork *w, size_t rows, KeyBlock *block, void *self)
{
    Blocks b = {rows, block, self};
    int count = (int)((rows + BLOCK_ROWS - 1) / BLOCK_ROWS);
    if (w->pool)
        pool_run(w->pool, count, run_block, &b);
    for (int i = 0; !w->pool && i < count; i++)
        run_block(&b, i);
}

void key_list_done(KeyList *list)
{
    mem_free(list->keys);
    mem_free(list->absent);
    *list = (KeyList){0};
}

bool key_list_range(const KeyList *list, uint64_t *low, uint64_t *high)
{
    bool any = false;
    *low = UINT64_MAX;
    *high = 0;
    for (size_t i = 0; i < list->rows; i++) {
        if (!key_list_has(list, i))
            continue;
        uint64_t key = list->keys[i];
        *low = key < *low ? key : *low;
        *high = key > *high ? key : *high;
        any = true;
    }
    return any;
}

/* The end of MurmurHash3 (Appleby): each bit of the key changes half of the bits. */
static inline uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
    x = (x ^ x >> 33) * UINT64_C(0xC4CEB9FE1A85EC53);
    return x ^ x >> 33;
}

static inline int part_of(const Match *m, uint64_t hash)
{
    return m->parts > 1 ? (int)(hash >> m->shift) : 0;
}

static inline Slot *find_slot(const Part *p, uint64_t hash, uint64_t key)
{
    for (uint64_t at = hash & p->mask;; at = (at + 1) & p->mask)
        if (!p->slots[at].row || p->slots[at].key == key)
            return &p->slots[at];
}

static void put_ahead(Match *m, const Part *p, Ahead *a)
{
    for (size_t k = 0; k < a->count; k++) {
        uint32_t row = a->rows[k];
        Slot *s = find_slot(p, a->hashes[k], m->in->keys[row]);
        if (!s->row)
            *s = (Slot){m->in->keys[row], row + 1};
        m->leaders[row] = s->row - 1;
    }
    a->count = 0;
}

static bool make_part(Match *m, int index, Error *e)
{
    Part *p = &m->part[index];
    uint64_t rows = 0, slots = 64;
    for (size_t i = 0; i < m->in->rows; i++)
        rows += key_list_has(m->in, i) && part_of(m, mix(m->in->keys[i])) == index;
    while (slots < 2 * rows)
        slots *= 2;
    p->slots = mem_try_alloc(slots, sizeof *p->slots, e);
    p->mask = slots - 1;
    return p->slots != NULL;
}

static void fill_part(void *self, int index)
{
    Match *m = self;
    Ahead a = {.count = 0};
    if (!make_part(m, index, &m->failed[index]))
        return;
    const Part *p = &m->part[index];
    for (size_t i = 0; i < m->in->rows; i++) {
        uint64_t hash = mix(m->in->keys[i]);
        if (!key_list_has(m->in, i) || part_of(m, hash) != index)
            continue;
        __builtin_prefetch(&p->slots[hash & p->mask], 1);
        a.hashes[a.count] = hash;
        a.rows[a.count++] = (uint32_t)i;
        if (a.count == AHEAD)
            put_ahead(m, p, &a);
    }
    put_ahead(m, p, &a);
}

static void look_ahead(Match *m, Ahead *a)
{
    for (size_t k = 0; k < a->count; k++)
        m->match[a->rows[k]] = find_slot(&m->part[part_of(m, a->hashes[k])], a->hashes[k], m->of->keys[a->rows[k]])->row - 1;
    a->count = 0;
}

static void look_hashed(void *self, size_t from, size_t to)
{
    Match *m = self;
    Ahead a = {.count = 0};
    for (size_t i = from; i < to; i++) {
        m->match[i] = KEY_NONE;
        if (!key_list_has(m->of, i))
            continue;
        uint64_t hash = mix(m->of->keys[i]);
        const Part *p = &m->part[part_of(m, hash)];
        __builtin_prefetch(&p->slots[hash & p->mask]);
        a.hashes[a.count] = hash;
        a.rows[a.count++] = (uint32_t)i;
        if (a.count == AHEAD)
            look_ahead(m, &a);
    }
    look_ahead(m, &a);
}

static void look_direct(void *self, size_t from, size_t to)
{
    Match *m = self;
    for (size_t i = from; i < to; i++) {
        uint64_t key = m->of->keys[i];
        m->match[i] = key_list_has(m->of, i) && key >= m->low && key <= m->high ? m->first[key - m->low] - 1 : KEY_NONE;
    }
}

static void fill_direct(Match *m)
{
    for (size_t i = 0; i < m->in->rows; i++) {
        if (!key_list_has(m->in, i))
            continue;
        uint32_t *first = &m->first[m->in->keys[i] - m->low];
        if (!*first)
            *first = (uint32_t)i + 1;
        m->leaders[i] = *first - 1;
    }
}

static bool match_hashed(const KeyWork *w, Match *m, Error *e)
{
    for (m->parts = 1, m->shift = 64; w->pool && 2 * m->parts <= pool_threads(w->pool) && 2 * m->parts <= PARTS_MOST; m->shift--)
        m->parts *= 2;
    if (w->pool)
        pool_run(w->pool, m->parts, fill_part, m);
    else
        fill_part(m, 0);
    bool ok = true;
    for (int i = 0; i < m->parts; i++)
        if (!m->part[i].slots) {
            ok = false;
            if (e)
                *e = m->failed[i];
        }
    if (ok)
        key_work_run(w, m->of->rows, look_hashed, m);
    for (int i = 0; i < m->parts; i++)
        mem_free(m->part[i].slots);
    return ok;
}

static bool match_direct(const KeyWork *w, Match *m, Error *e)
{
    m->first = mem_try_alloc((size_t)(m->high - m->low) + 1, sizeof *m->first, e);
    if (!m->first)
        return false;
    fill_direct(m);
    key_work_run(w, m->of->rows, look_direct, m);
    mem_free(m->first);
    return true;
}

bool key_match(const KeyWork *w, const KeyList *in, const KeyList *of, uint32_t *leaders, uint32_t *match, Error *e)
{
    enum { CLOSE = 4, CLOSE_MOST = 1 << 12 };
    Match m = {.in = in, .of = of, .leaders = leaders, .match = match};
    for (size_t i = 0; i < in->rows; i++)
        leaders[i] = KEY_NONE;
    if (!key_list_range(in, &m.low, &m.high)) {
        for (size_t i = 0; i < of->rows; i++)
            match[i] = KEY_NONE;
        return true;
    }
    bool is_close = m.high - m.low < CLOSE_MOST + CLOSE * (uint64_t)in->rows;
    return job_go_on(w->job, e) && (is_close ? match_direct(w, &m, e) : match_hashed(w, &m, e));
}
