/* Cells are hashed by value, column by column, and added up: addition does not care about the order of columns. */
#include "table/row_digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { SAFE_BITS = 53 }; /* integers below 2^53 are hashed as the real of the same value */

/* The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t scramble(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static uint64_t real_bits(double x)
{
    uint64_t bits;
    x = isnan(x) ? (double)NAN : x + 0.0; /* one NaN; -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static uint64_t whole_bits(int64_t n)
{
    const int64_t most = (int64_t)1 << SAFE_BITS;
    return n >= -most && n <= most ? real_bits((double)n) : (uint64_t)n;
}

static uint64_t text_bits(const char *bytes, size_t size)
{
    return rng_hash(0, bytes, size);
}

static uint64_t array_bits(const Column *c, size_t row)
{
    uint64_t bits = c->width;
    for (size_t i = 0; i < c->width; i++)
        bits = scramble(bits ^ real_bits((double)c->data.array[row * c->width + i]));
    return bits;
}

static uint64_t cell_bits(const Column *c, size_t row, const uint64_t *texts)
{
    switch (c->type) {
    case COLUMN_BOOL: return whole_bits(c->data.flags[row]);
    case COLUMN_REAL: return real_bits(c->data.reals[row]);
    case COLUMN_TEXT:
    case COLUMN_SOUND: return texts[c->data.codes[row]];
    case COLUMN_ARRAY: return array_bits(c, row);
    default: return whole_bits(c->data.ints[row]);
    }
}

/* One hash per distinct text instead of one per cell. */
static uint64_t *hash_texts(const Column *c, Error *e)
{
    uint32_t count = dictionary_count(c->dictionary);
    uint64_t *texts = mem_try_alloc((size_t)count + 1, sizeof *texts, e);
    for (uint32_t i = 0; texts && i < count; i++) {
        size_t size;
        const char *bytes = dictionary_get(c->dictionary, i, &size);
        texts[i] = text_bits(bytes, size);
    }
    return texts;
}

static bool has_codes(const Column *c)
{
    return c->type == COLUMN_TEXT || c->type == COLUMN_SOUND;
}

static bool add_column(const char *name, const Column *c, uint64_t *digests, Error *e)
{
    uint64_t salt = text_bits(name, strlen(name)), *texts = has_codes(c) ? hash_texts(c, e) : NULL;
    if (has_codes(c) && !texts)
        return false;
    for (size_t i = 0; i < c->rows; i++)
        if (column_is_valid(c, i))
            digests[i] += scramble(salt ^ scramble(cell_bits(c, i, texts)));
    mem_free(texts);
    return true;
}

uint64_t row_digest_cell(const char *name, const Column *c, size_t row)
{
    uint64_t salt = text_bits(name, strlen(name)), bits;
    if (!column_is_valid(c, row))
        return 0;
    if (has_codes(c)) {
        size_t size;
        const char *bytes = column_bytes(c, row, &size);
        bits = text_bits(bytes, size);
    } else {
        bits = cell_bits(c, row, NULL);
    }
    return scramble(salt ^ scramble(bits));
}

bool row_digests(const Table *t, const TextList *columns, uint64_t *digests, Error *e)
{
    size_t count = columns ? columns->count : t->columns_count;
    memset(digests, 0, t->rows * sizeof *digests);
    for (size_t i = 0; i < count; i++) {
        int at = columns ? table_get(t, columns->items[i], e) : (int)i;
        if (at == TABLE_NONE || !add_column(t->names[at], t->columns[at], digests, e))
            return false;
    }
    for (size_t i = 0; i < t->rows; i++)
        digests[i] = scramble(digests[i]);
    return true;
}

typedef struct Slot { /* of an open table: a digest and how often it came */
    uint64_t digest, count;
} Slot;

bool row_digests_number(uint64_t *digests, size_t rows, Error *e)
{
    size_t room = 16;
    while (room < 2 * rows)
        room *= 2;
    Slot *slots = mem_try_alloc(room, sizeof *slots, e);
    for (size_t i = 0; slots && i < rows; i++) {
        size_t at = (size_t)digests[i] & (room - 1);
        while (slots[at].count && slots[at].digest != digests[i])
            at = (at + 1) & (room - 1);
        slots[at].digest = digests[i];
        if (slots[at].count++)
            digests[i] = scramble(digests[i] + slots[at].count);
    }
    mem_free(slots);
    return slots != NULL;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t row_digests_sort(uint64_t *digests, size_t count)
{
    size_t kept = 0;
    qsort(digests, count, sizeof *digests, by_number);
    for (size_t i = 0; i < count; i++)
        if (!kept || digests[kept - 1] != digests[i])
            digests[kept++] = digests[i];
    return kept;
}

bool row_digests_has(const uint64_t *sorted, size_t count, uint64_t wanted)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && sorted[low] == wanted;
}
