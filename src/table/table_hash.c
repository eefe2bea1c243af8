/* The data hash: SHA-256 over the schema, then each column's cells in row order. It does not depend on dictionary codes, on what
 * lies under missing cells, nor on row ids. */
#include <math.h>
#include <string.h>

#include "table/table.h"

enum { BUFFER = 4096 };

typedef struct Feed { /* gathers small pieces: one call of the hash per cell would cost more than the hash */
    Sha256 hash;
    size_t fill;
    unsigned char buffer[BUFFER];
} Feed;

static void feed_flush(Feed *f)
{
    sha256_add(&f->hash, f->buffer, f->fill);
    f->fill = 0;
}

static void feed(Feed *f, const void *bytes, size_t size)
{
    if (f->fill + size > BUFFER)
        feed_flush(f);
    if (size > BUFFER) {
        sha256_add(&f->hash, bytes, size);
        return;
    }
    if (size)
        memcpy(f->buffer + f->fill, bytes, size);
    f->fill += size;
}

static void feed_number(Feed *f, uint64_t n)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(n >> (8 * i));
    feed(f, bytes, sizeof bytes);
}

static void feed_text(Feed *f, const char *bytes, size_t size)
{
    feed_number(f, size);
    feed(f, bytes, size);
}

static void feed_real(Feed *f, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    feed_number(f, isnan(x) ? UINT64_C(0x7FF8000000000000) : bits);
}

static void feed_cell(Feed *f, const Column *c, size_t row)
{
    size_t size;
    const char *text;
    switch (c->type) {
    case COLUMN_BOOL: feed(f, &c->data.flags[row], 1); break;
    case COLUMN_REAL: feed_real(f, c->data.reals[row]); break;
    case COLUMN_TEXT:
    case COLUMN_SOUND:
        text = column_bytes(c, row, &size);
        feed_text(f, text, size);
        break;
    case COLUMN_ARRAY:
        for (size_t i = 0; i < c->width; i++)
            feed_real(f, (double)c->data.array[row * c->width + i]);
        break;
    default: feed_number(f, (uint64_t)c->data.ints[row]);
    }
}

/* Numbers without a missing cell, many in one piece. */
static void feed_numbers(Feed *f, const Column *c)
{
    feed_flush(f);
    for (size_t from = 0; from < c->rows; from += BUFFER / 8) {
        size_t count = c->rows - from < BUFFER / 8 ? c->rows - from : BUFFER / 8;
        for (size_t i = 0; i < count; i++) {
            uint64_t n = (uint64_t)c->data.ints[from + i];
            if (c->type == COLUMN_REAL && isnan(c->data.reals[from + i]))
                n = UINT64_C(0x7FF8000000000000);
            for (int b = 0; b < 8; b++)
                f->buffer[8 * i + (size_t)b] = (unsigned char)(n >> (8 * b));
        }
        f->fill = 8 * count;
        feed_flush(f);
    }
}

static void feed_column(Feed *f, const Column *c)
{
    if (!c->missing && (c->type == COLUMN_INT || c->type == COLUMN_REAL || c->type == COLUMN_DATE || c->type == COLUMN_TIME)) {
        feed_numbers(f, c);
        return;
    }
    for (size_t row = 0; row < c->rows; row++) {
        unsigned char valid = column_is_valid(c, row);
        if (c->missing)
            feed(f, &valid, 1);
        if (valid)
            feed_cell(f, c, row);
    }
}

static void compute(const Table *t, char hex[HASH_ROOM])
{
    Feed f;
    f.fill = 0;
    sha256_begin(&f.hash);
    feed_number(&f, t->rows);
    feed_number(&f, t->columns_count);
    for (size_t i = 0; i < t->columns_count; i++) {
        const Column *c = t->columns[i];
        const char *type = column_type_name(c->type);
        feed_text(&f, t->names[i], strlen(t->names[i]));
        feed_text(&f, type, strlen(type));
        feed_number(&f, c->width);
        for (int k = 0; c->shape.rank > 1 && k < c->shape.rank; k++)
            feed_number(&f, c->shape.dims[k]);
        feed_number(&f, c->missing);
    }
    for (size_t i = 0; i < t->columns_count; i++)
        feed_column(&f, t->columns[i]);
    feed_flush(&f);
    sha256_end(&f.hash, hex);
}

/* Computed at most once for a table, or a few times when threads ask at the same moment: each finds the same, and one is kept. */
void table_hash(const Table *t, char hex[HASH_ROOM])
{
    Table *own = (Table *)(uintptr_t)t;
    char *known = __atomic_load_n(&own->hash, __ATOMIC_ACQUIRE);
    if (!known) {
        char *none = NULL, *made = mem_alloc(HASH_ROOM);
        compute(t, made);
        if (__atomic_compare_exchange_n(&own->hash, &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            known = made;
        } else {
            mem_free(made);
            known = none;
        }
    }
    memcpy(hex, known, HASH_ROOM);
}
