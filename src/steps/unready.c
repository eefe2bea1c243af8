/* Marks of rows with too little past, and their account. */
#include "steps/unready.h"

#include <string.h>

enum { BITS = 64 };

void unready_done(Unready *u)
{
    mem_free(u->bits);
    mem_free(u->rows);
    text_list_done(&u->why);
    *u = (Unready){0};
}

bool unready_has(const Unready *u, uint64_t id)
{
    return id / BITS < u->words && (u->bits[id / BITS] >> id % BITS & 1);
}

Table *unready_leave_out(const Unready *u, const Table *t, Error *e)
{
    if (u->no_memory) {
        error_set(e, ERROR_MEMORY, "out of memory for the marks of rows with too little past");
        return NULL;
    }
    if (!u->why.count)
        return table_ref(t);
    size_t *rows = mem_try_alloc(t->rows + 1, sizeof *rows, e), count = 0;
    for (size_t i = 0; rows && i < t->rows; i++)
        if (!unready_has(u, table_row_id(t, i)))
            rows[count++] = i;
    Table *kept = rows ? table_select(t, rows, count, e) : NULL;
    mem_free(rows);
    return kept;
}

static bool grow(Unready *u, uint64_t id)
{
    Error ignored = {0};
    size_t words = (size_t)(id / BITS) + 1;
    if (words <= u->words)
        return true;
    words = words < 2 * u->words ? 2 * u->words : words;
    uint64_t *more = mem_try_realloc(u->bits, words, sizeof *more, &ignored);
    if (!more)
        return u->no_memory = true, false;
    memset(more + u->words, 0, (words - u->words) * sizeof *more);
    u->bits = more;
    u->words = words;
    return true;
}

static void count_row(Unready *u, const char *what)
{
    char *why = text_format("%s for %s", what, u->step);
    size_t at = 0;
    while (at < u->why.count && !text_equal(u->why.items[at], why))
        at++;
    if (at == u->why.count) {
        text_list_add(&u->why, why);
        u->rows = mem_realloc(u->rows, u->why.count * sizeof *u->rows);
        u->rows[at] = 0;
    }
    u->rows[at]++;
    mem_free(why);
}

static void mark(Unready *u, uint64_t id, const char *what)
{
    if (unready_has(u, id) || !grow(u, id))
        return;
    u->bits[id / BITS] |= UINT64_C(1) << id % BITS;
    count_row(u, what);
}

/* The first reason of a row stays. */
PRINTF_LIKE(3, 0) static void give_reason(const StepInput *in, size_t row, const char *format, va_list args)
{
    uint64_t id = table_row_id(in->rows, row);
    Text text = {0};
    if (id >= in->reasons->rows || in->reasons->faults[id])
        return;
    text_add_va(&text, format, args);
    in->reasons->faults[id] = text_take(&text);
}

void tools_unready(const StepInput *in, size_t row, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (in->reasons)
        give_reason(in, row, format, args);
    va_end(args);
    if (in->unready)
        mark(in->unready, table_row_id(in->rows, row), "with too little past");
}

void tools_timeless(const StepInput *in, size_t row, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (in->reasons)
        give_reason(in, row, format, args);
    va_end(args);
    if (in->unready)
        mark(in->unready, table_row_id(in->rows, row), "without a place in time");
}
