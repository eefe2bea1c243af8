/* Dictionary: all texts one after the other in one block, found by an open hash table of codes. Built by one owner, then shared
 * and read by many. */
#include <string.h>

#include "base/mem.h"
#include "table/table.h"

enum { FIRST_SLOTS = 16 };

typedef struct Slot {
    uint32_t tag;  /* upper bits of the hash */
    uint32_t code; /* plus 1; 0: free */
} Slot;

struct Dictionary {
    int references;
    uint32_t count;
    size_t items_room, bytes_room, slots_count; /* slots_count: a power of two, at most half full */
    size_t *starts;                             /* count + 1 items: each text ends with a NUL before the next start */
    char *bytes;
    Slot *slots;
};

Dictionary *dictionary_new(void)
{
    Dictionary *d = MEM_NEW(Dictionary);
    d->references = 1;
    d->slots_count = FIRST_SLOTS;
    d->slots = mem_alloc(FIRST_SLOTS * sizeof *d->slots);
    d->starts = mem_alloc(FIRST_SLOTS * sizeof *d->starts);
    d->items_room = FIRST_SLOTS;
    return d;
}

Dictionary *dictionary_ref(Dictionary *d)
{
    __atomic_add_fetch(&d->references, 1, __ATOMIC_RELAXED);
    return d;
}

void dictionary_unref(Dictionary *d)
{
    if (!d || __atomic_sub_fetch(&d->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    mem_free(d->starts);
    mem_free(d->bytes);
    mem_free(d->slots);
    mem_free(d);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    a = (a ^ b) * UINT64_C(0x9E3779B97F4A7C15);
    return a ^ a >> 32;
}

static uint64_t hash_bytes(const char *bytes, size_t size)
{
    uint64_t h = size * UINT64_C(0xD6E8FEB86659FD93), part = 0;
    for (; size >= 8; bytes += 8, size -= 8) {
        memcpy(&part, bytes, 8);
        h = mix(h, part);
    }
    part = 0;
    if (size)
        memcpy(&part, bytes, size);
    h = mix(h, part);
    return h * UINT64_C(0xD6E8FEB86659FD93);
}

static bool slot_matches(const Dictionary *d, Slot s, const char *bytes, size_t size)
{
    size_t start = d->starts[s.code - 1];
    return d->starts[s.code] - start - 1 == size && (size == 0 || memcmp(d->bytes + start, bytes, size) == 0);
}

/* The slot that holds the text, or the free one where it belongs. */
static Slot *find_slot(const Dictionary *d, uint64_t hash, const char *bytes, size_t size)
{
    size_t mask = d->slots_count - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = (size_t)hash >> 7 & mask;; at = (at + 1) & mask) {
        Slot *s = &d->slots[at];
        if (s->code == 0 || (s->tag == tag && slot_matches(d, *s, bytes, size)))
            return s;
    }
}

static bool grow_slots(Dictionary *d, Error *e)
{
    size_t count = 2 * d->slots_count, mask = count - 1;
    Slot *slots = mem_try_alloc(count, sizeof *slots, e);
    if (!slots)
        return false;
    for (uint32_t code = 0; code < d->count; code++) {
        size_t start = d->starts[code];
        uint64_t hash = hash_bytes(d->bytes + start, d->starts[code + 1] - start - 1);
        size_t at = (size_t)hash >> 7 & mask;
        while (slots[at].code)
            at = (at + 1) & mask;
        slots[at] = (Slot){(uint32_t)(hash >> 32), code + 1};
    }
    mem_free(d->slots);
    d->slots = slots;
    d->slots_count = count;
    return true;
}

static bool reserve(Dictionary *d, size_t size, Error *e)
{
    size_t used = d->starts[d->count];
    if (d->count + 2u > d->items_room) {
        size_t *starts = mem_try_realloc(d->starts, 2 * d->items_room, sizeof *starts, e);
        if (!starts)
            return false;
        d->starts = starts;
        d->items_room *= 2;
    }
    if (used + size + 1 > d->bytes_room) {
        size_t room = 2 * (used + size + 1) + 64;
        char *bytes = mem_try_realloc(d->bytes, room, 1, e);
        if (!bytes)
            return false;
        d->bytes = bytes;
        d->bytes_room = room;
    }
    return true;
}

uint32_t dictionary_try_add(Dictionary *d, const char *bytes, size_t size, Error *e)
{
    uint64_t hash = hash_bytes(bytes, size);
    Slot *slot = find_slot(d, hash, bytes, size);
    if (slot->code)
        return slot->code - 1;
    if (d->count >= UINT32_MAX - 2) {
        error_set(e, ERROR_MEMORY, "more than %u distinct texts in a column", d->count);
        return UINT32_MAX;
    }
    if (!reserve(d, size, e))
        return UINT32_MAX;
    if (2 * ((size_t)d->count + 1) > d->slots_count) {
        if (!grow_slots(d, e))
            return UINT32_MAX;
        slot = find_slot(d, hash, bytes, size);
    }
    size_t start = d->starts[d->count];
    if (size)
        memcpy(d->bytes + start, bytes, size);
    d->bytes[start + size] = 0;
    *slot = (Slot){(uint32_t)(hash >> 32), ++d->count};
    d->starts[d->count] = start + size + 1;
    return d->count - 1;
}

uint32_t dictionary_add(Dictionary *d, const char *bytes, size_t size)
{
    uint32_t code = dictionary_try_add(d, bytes, size, NULL);
    if (code == UINT32_MAX)
        mem_give_up();
    return code;
}

uint32_t dictionary_find(const Dictionary *d, const char *bytes, size_t size)
{
    const Slot *slot = find_slot(d, hash_bytes(bytes, size), bytes, size);
    return slot->code ? slot->code - 1 : UINT32_MAX;
}

enum { AHEAD = 32 };

/* What the search for a text will read is fetched beforehand, for several texts at once: slots, places and texts lie far apart. */
static void fetch(const Dictionary *to, const uint64_t *hashes, size_t count)
{
    size_t mask = to->slots_count - 1;
    for (size_t k = 0; k < count; k++)
        __builtin_prefetch(&to->slots[(size_t)hashes[k] >> 7 & mask]);
    for (size_t k = 0; k < count; k++)
        __builtin_prefetch(&to->starts[to->slots[(size_t)hashes[k] >> 7 & mask].code]);
    for (size_t k = 0; k < count; k++) {
        uint32_t code = to->slots[(size_t)hashes[k] >> 7 & mask].code;
        if (code)
            __builtin_prefetch(to->bytes + to->starts[code - 1]);
    }
}

void dictionary_translate(const Dictionary *from, const Dictionary *to, uint32_t first, uint32_t last, uint32_t *codes)
{
    uint64_t hashes[AHEAD];
    for (uint32_t at = first; at < last; at += AHEAD) {
        size_t count = last - at < AHEAD ? last - at : AHEAD;
        for (size_t k = 0; k < count; k++)
            hashes[k] = hash_bytes(from->bytes + from->starts[at + k], from->starts[at + k + 1] - from->starts[at + k] - 1);
        fetch(to, hashes, count);
        for (size_t k = 0; k < count; k++) {
            const char *bytes = from->bytes + from->starts[at + k];
            uint32_t code = find_slot(to, hashes[k], bytes, from->starts[at + k + 1] - from->starts[at + k] - 1)->code;
            codes[at + k] = code ? code - 1 : UINT32_MAX;
        }
    }
}

uint32_t dictionary_count(const Dictionary *d)
{
    return d->count;
}

const char *dictionary_get(const Dictionary *d, uint32_t code, size_t *size)
{
    size_t start = d->starts[code];
    if (size)
        *size = d->starts[code + 1] - start - 1;
    return d->bytes + start;
}
