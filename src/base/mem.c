/* All allocation. A small block that cannot be had ends the program with one line; blocks sized by data report an error. */
#include "base/mem.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"

enum { ALIGNMENT = 64 };

static atomic_uint_least64_t calls;
static void (*abort_hook)(void);

static bool must_fail(void)
{
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    return fault_allocation();
}

void mem_give_terminal_back(void)
{
    if (abort_hook)
        abort_hook();
}

_Noreturn void mem_give_up(void)
{
    static const char message[] = "limbeck: out of memory; use less data or a machine with more memory\n";
    mem_give_terminal_back();
    if (write(STDERR_FILENO, message, sizeof message - 1) < 0) {
        _exit(1);
    }
    _exit(1);
}

bool mem_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool mem_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

void *mem_alloc(size_t size)
{
    void *block = must_fail() ? NULL : calloc(1, size ? size : 1);
    if (!block) {
        mem_give_up();
    }
    return block;
}

void *mem_realloc(void *block, size_t size)
{
    void *bigger = must_fail() ? NULL : realloc(block, size ? size : 1);
    if (!bigger) {
        mem_give_up();
    }
    return bigger;
}

void *mem_copy(const void *block, size_t size)
{
    void *copy = mem_alloc(size);
    if (size > 0) {
        memcpy(copy, block, size);
    }
    return copy;
}

char *mem_strndup(const char *text, size_t size)
{
    char *copy = mem_alloc(size + 1);
    if (size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}

char *mem_strdup(const char *text)
{
    return text ? mem_strndup(text, strlen(text)) : NULL;
}

void mem_free(void *block)
{
    free(block);
}

static void *report(void *block, size_t count, size_t size, Error *e)
{
    if (!block && !e) {
        mem_give_up();
    }
    if (!block) {
        error_set(e, ERROR_MEMORY, "out of memory: %zu x %zu bytes could not be allocated", count, size);
    }
    return block;
}

void *mem_try_alloc(size_t count, size_t size, Error *e)
{
    size_t bytes;
    bool fits = mem_mul(count, size, &bytes);
    void *block = must_fail() || !fits ? NULL : calloc(1, bytes ? bytes : 1);
    return report(block, count, size, e);
}

void *mem_try_realloc(void *block, size_t count, size_t size, Error *e)
{
    size_t bytes;
    bool fits = mem_mul(count, size, &bytes);
    void *bigger = must_fail() || !fits ? NULL : realloc(block, bytes ? bytes : 1);
    return report(bigger, count, size, e);
}

void *mem_try_aligned(size_t count, size_t size, Error *e)
{
    size_t bytes, padded = 0;
    bool fits = mem_mul(count, size, &bytes) && mem_add(bytes, ALIGNMENT, &padded);
    padded -= padded % ALIGNMENT;
    void *block = must_fail() || !fits ? NULL : aligned_alloc(ALIGNMENT, padded);
    if (block) {
        memset(block, 0, padded);
    }
    return report(block, count, size, e);
}

uint64_t mem_calls(void)
{
    return atomic_load_explicit(&calls, memory_order_relaxed);
}

void mem_set_abort_hook(void (*hook)(void))
{
    abort_hook = hook;
}

void *mem_lua_alloc(void *unused, void *block, size_t old_size, size_t new_size)
{
    (void)unused;
    (void)old_size;
    if (new_size == 0) {
        free(block);
        return NULL;
    }
    return must_fail() ? NULL : realloc(block, new_size);
}
