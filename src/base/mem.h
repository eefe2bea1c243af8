/* The only callers of malloc. Small allocations abort after restoring the terminal (hook); whatever is sized by data goes
 * through the try functions and returns an error. Tensors come 64-byte aligned. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdint.h>

#include "base/error.h"

void *mem_alloc(size_t size);                     /* zeroed; never NULL */
void *mem_realloc(void *block, size_t size);      /* never NULL; new bytes undefined */
char *mem_strdup(const char *text);               /* NULL stays NULL */
char *mem_strndup(const char *text, size_t size); /* always terminated; may hold NUL bytes */
void *mem_copy(const void *block, size_t size);
void mem_free(void *block); /* accepts NULL */

void *mem_try_alloc(size_t count, size_t size, Error *e);                  /* zeroed; NULL: overflow or out of memory */
void *mem_try_realloc(void *block, size_t count, size_t size, Error *e);   /* the old block survives a failure */
void *mem_try_aligned(size_t count, size_t size, Error *e);                /* 64-byte aligned, zeroed; free with mem_free */

bool mem_mul(size_t a, size_t b, size_t *out); /* false: overflow */
bool mem_add(size_t a, size_t b, size_t *out);

uint64_t mem_calls(void); /* allocations since the program began: tests prove that a loop makes none */
void mem_set_abort_hook(void (*hook)(void)); /* called before an out-of-memory abort: gives the terminal back */
void *mem_lua_alloc(void *unused, void *block, size_t old_size, size_t new_size); /* lua_Alloc */

#define MEM_NEW(T) ((T *)mem_alloc(sizeof(T)))
#define MEM_ARRAY(T, n) ((T *)mem_try_alloc((n), sizeof(T), NULL))
/* Grows an array that doubles: `MEM_GROW(items, count, room)` makes room for one more. Small arrays only. */
#define MEM_GROW(items, count, room)                                                                                       \
    do {                                                                                                                   \
        if ((count) == (room)) {                                                                                           \
            (room) = (room) ? 2 * (room) : 8;                                                                              \
            (items) = mem_realloc((items), (room) * sizeof *(items));                                                      \
        }                                                                                                                  \
    } while (0)

#endif
